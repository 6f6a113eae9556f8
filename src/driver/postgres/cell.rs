//! Cells of rows, from the wire into a [`ChunkWriter`].

use std::fmt::Write as _;

use super::types::{PgType, Scalar};
use super::{array_binary, array_text};
use crate::driver::ChunkWriter;
use crate::error::{Error, Result};
use crate::value::temporal::{WallClock, Zone};

/// From 1970-01-01, which JavaScript counts from, to 2000-01-01, which PostgreSQL counts from.
const EPOCH_SHIFT_MS: i64 = 946_684_800_000;

/// What reading cells takes besides their bytes.
#[derive(Debug)]
pub(super) struct CellReader {
    /// The zone of timestamps without zone.
    pub(super) zone: Zone,
    /// Where the JSON text of an array is put together; kept, so that a row allocates nothing.
    json: Vec<u8>,
}

impl CellReader {
    /// A reader for this zone.
    pub(super) fn new(zone: Zone) -> Self {
        Self { zone, json: Vec::new() }
    }

    /// Writes one row: the body of a `DataRow` message. True when the chunk is full.
    ///
    /// # Errors
    /// `Internal` for bytes that are not a row of these columns.
    pub(super) fn write_row(
        &mut self,
        body: &[u8],
        columns: &[PgType],
        writer: &mut ChunkWriter,
    ) -> Result<bool> {
        let mut input = Input(body);
        if usize::from(u16::from_be_bytes(input.take()?)) != columns.len() {
            return Err(malformed());
        }
        for column in columns {
            match input.value()? {
                None => writer.null(),
                Some(cell) => self.write_cell(cell, *column, writer)?,
            }
        }
        Ok(writer.end_row())
    }

    fn write_cell(&mut self, cell: &[u8], column: PgType, writer: &mut ChunkWriter) -> Result<()> {
        let scalar = match column {
            PgType::Scalar(scalar) => scalar,
            PgType::Array { element, delimiter } => {
                self.json.clear();
                if column.result_format() == 0 {
                    array_text::write_json(cell, delimiter, element, &mut self.json)?;
                } else {
                    array_binary::write_json(cell, element, &self.zone, &mut self.json)?;
                }
                writer.json(&self.json);
                return Ok(());
            }
        };
        match scalar {
            Scalar::Bool => writer.boolean(exact::<1>(cell)? != [0]),
            Scalar::Int2 => writer.int32(i16::from_be_bytes(exact(cell)?).into()),
            Scalar::Int4 => writer.int32(i32::from_be_bytes(exact(cell)?)),
            Scalar::Int8 => writer.int64(i64::from_be_bytes(exact(cell)?)),
            Scalar::Oid => writer.int64(u32::from_be_bytes(exact(cell)?).into()),
            Scalar::Float4 => writer.float(widen(f32::from_be_bytes(exact(cell)?))),
            Scalar::Float8 => writer.float(f64::from_be_bytes(exact(cell)?)),
            Scalar::Bytea => writer.bytes(cell),
            Scalar::TimestampTz => writer.float(instant(exact(cell)?, &Zone::Utc)),
            Scalar::Timestamp => writer.float(instant(exact(cell)?, &self.zone)),
            Scalar::Json => writer.json(cell),
            Scalar::Date | Scalar::Time | Scalar::Text => writer.text_bytes(cell),
        }
        Ok(())
    }
}

/// The double that has the shortest digits of a `real`: 1.1 stays 1.1.
#[allow(clippy::cast_possible_truncation)] // the value is whole and below 2^24
pub(super) fn widen(value: f32) -> f64 {
    if !value.is_finite() || (value.fract() == 0.0 && value.abs() < 16_777_216.0) {
        return f64::from(value);
    }
    let mut digits = Digits { bytes: [0; 24], length: 0 };
    let written = write!(digits, "{value:e}");
    let text = std::str::from_utf8(&digits.bytes[..digits.length]).unwrap_or_default();
    match (written, text.parse()) {
        (Ok(()), Ok(widened)) => widened,
        _ => f64::from(value),
    }
}

/// A few characters on the stack. The longest `f32` in this form is `-1.17549435e-38`.
struct Digits {
    bytes: [u8; 24],
    length: usize,
}

impl std::fmt::Write for Digits {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let end = self.length + text.len();
        let place = self.bytes.get_mut(self.length..end).ok_or(std::fmt::Error)?;
        place.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

/// Microseconds since 2000 on a clock in `zone`, as milliseconds since 1970 UTC, rounded down.
#[allow(clippy::cast_precision_loss)] // PostgreSQL's years end at 294276: below 2^53 milliseconds
pub(super) fn instant(microseconds: [u8; 8], zone: &Zone) -> f64 {
    let milliseconds = match i64::from_be_bytes(microseconds) {
        i64::MAX => return f64::INFINITY,
        i64::MIN => return f64::NEG_INFINITY,
        finite => (finite.div_euclid(1000) + EPOCH_SHIFT_MS) as f64,
    };
    match zone {
        Zone::Utc => milliseconds,
        Zone::Offset(seconds) => milliseconds - f64::from(*seconds) * 1000.0,
        Zone::Named(_) => WallClock::from_instant(milliseconds, &Zone::Utc).to_instant(zone),
    }
}

/// Bytes that are read from the front.
pub(super) struct Input<'a>(pub(super) &'a [u8]);

impl<'a> Input<'a> {
    pub(super) fn take<const LENGTH: usize>(&mut self) -> Result<[u8; LENGTH]> {
        let (taken, rest) = self.0.split_first_chunk().ok_or_else(malformed)?;
        self.0 = rest;
        Ok(*taken)
    }

    /// A length and as many bytes; -1 is null.
    pub(super) fn value(&mut self) -> Result<Option<&'a [u8]>> {
        let length = i32::from_be_bytes(self.take()?);
        let Ok(length) = usize::try_from(length) else { return Ok(None) };
        let (value, rest) = self.0.split_at_checked(length).ok_or_else(malformed)?;
        self.0 = rest;
        Ok(Some(value))
    }
}

pub(super) fn exact<const LENGTH: usize>(cell: &[u8]) -> Result<[u8; LENGTH]> {
    cell.try_into().map_err(|_| malformed())
}

pub(super) fn malformed() -> Error {
    Error::internal("PostgreSQL sent a row that cannot be read")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::driver::{ColumnKind, Shape};

    #[test]
    #[allow(clippy::float_cmp)] // the exact double is the point
    fn a_real_keeps_its_shortest_digits() {
        for (single, double) in
            [(1.1_f32, 1.1), (-0.1, -0.1), (3.4e38, 3.4e38), (16_777_216.0, 16_777_216.0), (7.0, 7.0)]
        {
            assert_eq!(widen(single), double);
        }
        assert_eq!(widen(f32::MIN_POSITIVE), 1.175_494_4e-38);
        assert!(widen(f32::NAN).is_nan());
        assert_eq!(widen(f32::INFINITY), f64::INFINITY);
    }

    #[test]
    #[allow(clippy::float_cmp)]
    fn microseconds_are_cut_off_towards_the_past() {
        let at = |microseconds: i64| instant(microseconds.to_be_bytes(), &Zone::Utc);
        assert_eq!(at(1_999), 946_684_800_001.0);
        assert_eq!(at(-1), 946_684_799_999.0);
        assert_eq!(at(i64::MAX), f64::INFINITY);
        assert_eq!(at(i64::MIN), f64::NEG_INFINITY);
        assert_eq!(instant([0; 8], &Zone::Offset(3600)), 946_681_200_000.0);
    }

    #[test]
    fn rows_of_any_bytes_are_refused_without_a_panic() {
        let columns = [
            PgType::Scalar(Scalar::Int4),
            PgType::Array { element: Scalar::Int4, delimiter: b',' },
            PgType::Array { element: Scalar::Text, delimiter: b',' },
        ];
        let shape = Shape { columns: vec![("a".into(), ColumnKind::Number); 3] };
        // A small generator is enough: the point is that lengths are checked everywhere.
        let mut state = 0x2545_F491_4F6C_DD1D_u64;
        for _ in 0..20_000 {
            let mut body = vec![0, 3];
            for _ in 0..(state % 40) {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                body.push(if state.is_multiple_of(3) { 0 } else { state.to_le_bytes()[2] & 0x0F });
            }
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut writer = ChunkWriter::new(&shape);
            let _ = CellReader::new(Zone::Utc).write_row(&body, &columns, &mut writer);
        }
        let mut writer = ChunkWriter::new(&shape);
        let mut reader = CellReader::new(Zone::Utc);
        assert!(reader.write_row(&[0, 3, 0, 0, 0, 4, 1, 2, 3], &columns, &mut writer).is_err());
        assert!(reader.write_row(&[0, 2], &columns, &mut writer).is_err());
    }
}
