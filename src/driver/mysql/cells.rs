//! [`Cell`]: reads the cells of one column and writes them on.
//!
//! Prepared statements send the binary protocol's bytes, statements that cannot be prepared send
//! text. <https://mariadb.com/kb/en/resultset-row/>

use serde::de::IgnoredAny;

use super::clock;
use crate::driver::ChunkWriter;
use crate::value::temporal::{WallClock, Zone};

/// How the cells of a column are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// Integers with sign, of 1 to 8 bytes.
    Signed,
    /// Integers without sign, of 1 to 8 bytes.
    Unsigned,
    /// 32 bits of floating point, shown with the fewest digits: 1.1 stays 1.1.
    Float,
    /// 64 bits of floating point.
    Double,
    /// Text, and what travels as text: decimals, `ENUM`, `SET`.
    Text,
    /// Bytes.
    Bytes,
    /// JSON that the server has checked.
    Json,
    /// JSON that MariaDB has checked. It accepts `"\x"`, which JavaScript does not.
    CheckedJson,
    /// `YYYY-MM-DD`. `zero`: whether `0000-00-00` is shown, or null.
    Date {
        /// Whether `0000-00-00` is shown.
        zero: bool,
    },
    /// `[-]HH:MM:SS[.ffffff]`.
    Time,
    /// An instant; null where there is no such date.
    Instant,
    /// `YYYY-MM-DD HH:MM:SS[.ffffff]`.
    ClockText,
}

impl Cell {
    /// Writes a cell of the binary protocol.
    pub fn write_binary(self, bytes: &[u8], zone: &Zone, writer: &mut ChunkWriter) {
        match self {
            Self::Signed => writer.int64(signed(bytes)),
            Self::Unsigned => writer.uint64(unsigned(bytes)),
            Self::Float => float(bytes.first_chunk().map_or(0.0, |bytes| f32::from_le_bytes(*bytes)), writer),
            Self::Double => writer.float(bytes.first_chunk().map_or(0.0, |bytes| f64::from_le_bytes(*bytes))),
            Self::Date { .. } | Self::Instant | Self::ClockText => {
                self.clock(clock::read_clock(bytes), zone, writer);
            }
            Self::Time => writer.text(&clock::time_text(bytes)),
            Self::Text | Self::Bytes | Self::Json | Self::CheckedJson => self.write_area(bytes, writer),
        }
    }

    /// Writes a cell of the text protocol.
    pub fn write_text(self, bytes: &[u8], zone: &Zone, writer: &mut ChunkWriter) {
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        match self {
            Self::Signed => writer.int64(text.parse().unwrap_or_default()),
            Self::Unsigned => writer.uint64(text.parse().unwrap_or_default()),
            // `FLOAT` too: its text has the digits already.
            Self::Float | Self::Double => writer.float(text.parse().unwrap_or(f64::NAN)),
            Self::Instant | Self::Date { zero: false } if is_zero_date(text) => writer.null(),
            Self::Instant => match WallClock::parse(text) {
                Some((clock, _)) => writer.float(clock.to_instant(zone)),
                None => writer.null(),
            },
            Self::Date { .. } | Self::ClockText | Self::Time => writer.text(text),
            Self::Text | Self::Bytes | Self::Json | Self::CheckedJson => self.write_area(bytes, writer),
        }
    }

    /// What both protocols send alike.
    fn write_area(self, bytes: &[u8], writer: &mut ChunkWriter) {
        match self {
            Self::Bytes => writer.bytes(bytes),
            Self::Json => writer.json(bytes),
            Self::CheckedJson if serde_json::from_slice::<IgnoredAny>(bytes).is_ok() => writer.json(bytes),
            Self::CheckedJson => writer.text_in_json_column(&String::from_utf8_lossy(bytes)),
            _ => writer.text_bytes(bytes),
        }
    }

    fn clock(self, clock: WallClock, zone: &Zone, writer: &mut ChunkWriter) {
        let is_date = clock.month != 0 && clock.day != 0;
        match self {
            Self::Instant if is_date => writer.float(clock.to_instant(zone)),
            Self::Instant => writer.null(),
            Self::Date { zero: false } if clock == WallClock::default() => writer.null(),
            Self::Date { .. } => writer.text(&clock::date_text(&clock)),
            _ => writer.text(&clock::clock_text(&clock)),
        }
    }
}

fn is_zero_date(text: &str) -> bool {
    text.starts_with("0000-00-00")
}

fn unsigned(bytes: &[u8]) -> u64 {
    let mut word = [0; 8];
    word[..bytes.len().min(8)].copy_from_slice(&bytes[..bytes.len().min(8)]);
    u64::from_le_bytes(word)
}

fn signed(bytes: &[u8]) -> i64 {
    let unused = 64 - 8 * u32::try_from(bytes.len().clamp(1, 8)).unwrap_or(8);
    (unsigned(bytes) << unused).cast_signed() >> unused
}

/// A `FLOAT` with the fewest digits that mean it, as the server shows it.
fn float(value: f32, writer: &mut ChunkWriter) {
    // Below 2^24 an integer has no other digits.
    if value.fract() == 0.0 && value.abs() < 16_777_216.0 {
        writer.float(f64::from(value));
    } else {
        writer.float(value.to_string().parse().unwrap_or_else(|_| f64::from(value)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_of_every_width_keep_their_sign() {
        assert_eq!(signed(&[0xFF]), -1);
        assert_eq!(signed(&(-300_i16).to_le_bytes()), -300);
        assert_eq!(signed(&i64::MIN.to_le_bytes()), i64::MIN);
        assert_eq!(unsigned(&[0xFF]), 255);
        assert_eq!(unsigned(&u64::MAX.to_le_bytes()), u64::MAX);
    }
}
