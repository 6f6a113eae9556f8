//! Values on their way to the database: one flat block of records, read without copying.
//!
//! JavaScript writes the same records (`js/native/bindings.ts`). Each starts on 8 bytes:
//!
//! ```text
//! u32 tag | u32 length | payload, padded to 8 bytes
//! ```

use crate::error::{Error, Result};

/// Tags of the records. The numbers are the contract with `js/native/bindings.ts`.
mod tag {
    pub const NULL: u32 = 0;
    pub const FALSE: u32 = 1;
    pub const TRUE: u32 = 2;
    pub const INTEGER: u32 = 3;
    pub const UNSIGNED: u32 = 4;
    pub const FLOAT: u32 = 5;
    pub const TEXT: u32 = 6;
    pub const BYTES: u32 = 7;
    pub const INSTANT: u32 = 8;
    pub const JSON: u32 = 9;
    pub const ARRAY: u32 = 10;
    pub const NUMERAL: u32 = 11;
}

/// One bound value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ValueRef<'a> {
    /// SQL `NULL`.
    Null,
    /// A truth value.
    Bool(bool),
    /// An integer: every JavaScript number without fraction up to 2^53, every bigint that fits.
    Integer(i64),
    /// A bigint from 2^63 to 2^64 - 1.
    Unsigned(u64),
    /// A number with a fraction, or beyond 2^53, or not finite.
    Float(f64),
    /// A bigint beyond 64 bits, in decimal digits.
    Numeral(&'a str),
    /// Text. Well-formed: JavaScript refuses lone surrogates.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
    /// A JavaScript `Date`: milliseconds since 1970 UTC.
    Instant(f64),
    /// A plain object, as JSON text.
    Json(&'a str),
    /// A JavaScript array, as JSON text. An array column takes it as an array, any other as JSON.
    /// Inside, bytes are `{"$bytes":"<hex>"}` and instants ISO text.
    Array(&'a str),
}

impl ValueRef<'_> {
    /// What the value is, for messages.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Integer(_) | Self::Float(_) => "a number",
            Self::Unsigned(_) | Self::Numeral(_) => "a bigint",
            Self::Text(_) => "a string",
            Self::Bytes(_) => "bytes",
            Self::Instant(_) => "a Date",
            Self::Json(_) => "an object",
            Self::Array(_) => "an array",
        }
    }
}

/// The values of one statement.
#[derive(Debug, Clone, Default)]
pub struct Bindings {
    /// The records. `u64` keeps them on 8 bytes.
    words: Box<[u64]>,
    /// Where each record starts, in words.
    starts: Vec<u32>,
}

impl Bindings {
    /// No values.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Checks the records and remembers where each starts.
    ///
    /// # Errors
    /// `Internal` for a block that does not hold exactly `count` whole records.
    pub fn parse(words: Box<[u64]>, count: usize) -> Result<Self> {
        let mut starts = Vec::with_capacity(count);
        let mut at = 0_usize;
        for _ in 0..count {
            let Some(head) = words.get(at) else {
                return Err(Error::internal("bindings: the block ends inside a record"));
            };
            let (record_tag, length) = split(*head);
            let next = at + 1 + length.div_ceil(8);
            if next > words.len() || record_tag > tag::NUMERAL {
                return Err(Error::internal("bindings: a record is not well-formed"));
            }
            starts.push(u32::try_from(at).map_err(|_| Error::internal("bindings: over 32 GiB"))?);
            at = next;
        }
        let bindings = Self { words, starts };
        for index in 0..count {
            let (record_tag, payload) = bindings.record(index);
            let is_text = matches!(record_tag, tag::TEXT | tag::JSON | tag::ARRAY | tag::NUMERAL);
            if is_text && std::str::from_utf8(payload).is_err() {
                return Err(Error::invalid(format!("binding {}: the text is not UTF-8", index + 1)));
            }
        }
        Ok(bindings)
    }

    /// How much room they take here, which is about what they take on the wire.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.words)
    }

    /// How many values there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The value at `index`, counted from 0; `Null` beyond the end.
    #[must_use]
    pub fn get(&self, index: usize) -> ValueRef<'_> {
        if index >= self.starts.len() {
            return ValueRef::Null;
        }
        let (record_tag, payload) = self.record(index);
        let word = || payload.first_chunk::<8>().map_or(0, |bytes| u64::from_le_bytes(*bytes));
        let text = || std::str::from_utf8(payload).unwrap_or_default();
        match record_tag {
            tag::FALSE => ValueRef::Bool(false),
            tag::TRUE => ValueRef::Bool(true),
            tag::INTEGER => ValueRef::Integer(word().cast_signed()),
            tag::UNSIGNED => ValueRef::Unsigned(word()),
            tag::FLOAT => ValueRef::Float(f64::from_bits(word())),
            tag::TEXT => ValueRef::Text(text()),
            tag::BYTES => ValueRef::Bytes(payload),
            tag::INSTANT => ValueRef::Instant(f64::from_bits(word())),
            tag::JSON => ValueRef::Json(text()),
            tag::ARRAY => ValueRef::Array(text()),
            tag::NUMERAL => ValueRef::Numeral(text()),
            _ => ValueRef::Null,
        }
    }

    /// The values in order.
    pub fn iter(&self) -> impl Iterator<Item = ValueRef<'_>> {
        (0..self.len()).map(|index| self.get(index))
    }

    fn record(&self, index: usize) -> (u32, &[u8]) {
        let start = self.starts[index] as usize;
        let (record_tag, length) = split(self.words[start]);
        let payload = &self.words[start + 1..start + 1 + length.div_ceil(8)];
        (record_tag, &bytes_of(payload)[..length])
    }
}

/// Values given by the engine itself.
#[derive(Debug, Default)]
pub struct BindingsBuilder {
    words: Vec<u64>,
    count: usize,
}

impl BindingsBuilder {
    /// No values yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one value.
    #[must_use]
    pub fn push(mut self, value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Null => self.record(tag::NULL, &[]),
            ValueRef::Bool(false) => self.record(tag::FALSE, &[]),
            ValueRef::Bool(true) => self.record(tag::TRUE, &[]),
            ValueRef::Integer(value) => self.record(tag::INTEGER, &value.to_le_bytes()),
            ValueRef::Unsigned(value) => self.record(tag::UNSIGNED, &value.to_le_bytes()),
            ValueRef::Float(value) => self.record(tag::FLOAT, &value.to_le_bytes()),
            ValueRef::Numeral(value) => self.record(tag::NUMERAL, value.as_bytes()),
            ValueRef::Text(value) => self.record(tag::TEXT, value.as_bytes()),
            ValueRef::Bytes(value) => self.record(tag::BYTES, value),
            ValueRef::Instant(value) => self.record(tag::INSTANT, &value.to_le_bytes()),
            ValueRef::Json(value) => self.record(tag::JSON, value.as_bytes()),
            ValueRef::Array(value) => self.record(tag::ARRAY, value.as_bytes()),
        }
        self
    }

    /// The values, ready to be bound.
    ///
    /// # Errors
    /// As [`Bindings::parse`].
    pub fn build(self) -> Result<Bindings> {
        Bindings::parse(self.words.into_boxed_slice(), self.count)
    }

    fn record(&mut self, record_tag: u32, payload: &[u8]) {
        self.words.push(u64::from(record_tag) | (payload.len() as u64) << 32);
        for chunk in payload.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.words.push(u64::from_le_bytes(word));
        }
        self.count += 1;
    }
}

fn split(head: u64) -> (u32, usize) {
    ((head & 0xFFFF_FFFF) as u32, (head >> 32) as usize)
}

/// The words as bytes. Records are written and read on the same machine, so byte order agrees.
#[allow(unsafe_code)] // reads initialised u64 as u8, whose alignment is smaller
fn bytes_of(words: &[u64]) -> &[u8] {
    unsafe { std::slice::from_raw_parts(words.as_ptr().cast(), words.len() * 8) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_comes_back_as_it_was_pushed() -> Result<()> {
        let values = [
            ValueRef::Null,
            ValueRef::Bool(true),
            ValueRef::Bool(false),
            ValueRef::Integer(i64::MIN),
            ValueRef::Unsigned(u64::MAX),
            ValueRef::Float(-0.5),
            ValueRef::Numeral("123456789012345678901234567890"),
            ValueRef::Text("naïve 🦀"),
            ValueRef::Text(""),
            ValueRef::Bytes(&[0, 1, 255]),
            ValueRef::Instant(-62_135_596_800_000.0),
            ValueRef::Json("{}"),
            ValueRef::Array("[1]"),
        ];
        let built = values.iter().fold(BindingsBuilder::new(), |all, value| all.push(*value)).build()?;
        assert_eq!(built.iter().collect::<Vec<_>>(), values);
        Ok(())
    }

    #[test]
    fn a_block_that_ends_inside_a_record_is_refused() {
        let claims_nine_bytes = u64::from(tag::TEXT) | 9 << 32;
        let parsed = Bindings::parse(vec![claims_nine_bytes, 0].into_boxed_slice(), 1);
        assert!(parsed.is_err());
    }

    #[test]
    fn text_that_is_not_utf8_is_refused() {
        let head = u64::from(tag::TEXT) | 1 << 32;
        assert!(Bindings::parse(vec![head, 0xFF].into_boxed_slice(), 1).is_err());
    }
}
