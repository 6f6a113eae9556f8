//! Dates and times of the binary protocol. Each starts with its length: 0 for all zeros, then as many
//! bytes as are needed. <https://mariadb.com/kb/en/resultset-row/#date-binary-encoding>

use crate::value::temporal::WallClock;

/// `DATE`, `DATETIME`, `TIMESTAMP`: year of two bytes, month, day, hour, minute, second, microseconds
/// of four. Length 0, 4, 7 or 11.
#[must_use]
pub fn read_clock(bytes: &[u8]) -> WallClock {
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    WallClock {
        year: i32::from(u16::from_le_bytes([byte(1), byte(2)])),
        month: byte(3),
        day: byte(4),
        hour: byte(5),
        minute: byte(6),
        second: byte(7),
        microsecond: word(bytes, 8),
    }
}

/// `TIME`: sign, days of four bytes, hour, minute, second, microseconds of four. Length 0, 8 or 12.
#[must_use]
pub fn time_text(bytes: &[u8]) -> String {
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let sign = if byte(1) == 0 { "" } else { "-" };
    let hours = u64::from(word(bytes, 2)) * 24 + u64::from(byte(6));
    format!("{sign}{hours:02}:{:02}:{:02}{}", byte(7), byte(8), fraction(word(bytes, 9)))
}

/// `YYYY-MM-DD`.
#[must_use]
pub fn date_text(clock: &WallClock) -> String {
    format!("{:04}-{:02}-{:02}", clock.year, clock.month, clock.day)
}

/// `YYYY-MM-DD HH:MM:SS[.ffffff]`, zero dates included, which [`WallClock::to_text`] does not know.
#[must_use]
pub fn clock_text(clock: &WallClock) -> String {
    let WallClock { hour, minute, second, microsecond, .. } = clock;
    format!("{} {hour:02}:{minute:02}:{second:02}{}", date_text(clock), fraction(*microsecond))
}

/// Nothing, three digits where they suffice, or six: the protocol does not tell the column's own.
fn fraction(microsecond: u32) -> String {
    match microsecond {
        0 => String::new(),
        whole if whole % 1_000 == 0 => format!(".{:03}", whole / 1_000),
        other => format!(".{other:06}"),
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_longer_than_a_day_and_negative_ones_are_hours() {
        assert_eq!(time_text(&[0]), "00:00:00");
        assert_eq!(time_text(&[8, 0, 255, 255, 255, 255, 255, 0, 0]), "103079215335:00:00");
        assert_eq!(time_text(&[8, 1, 34, 0, 0, 0, 22, 59, 59]), "-838:59:59");
        assert_eq!(time_text(&[12, 0, 0, 0, 0, 0, 1, 2, 3, 0x40, 0xE2, 1, 0]), "01:02:03.123456");
    }

    #[test]
    fn clocks_show_as_many_digits_as_they_need() {
        assert_eq!(clock_text(&read_clock(&[0])), "0000-00-00 00:00:00");
        assert_eq!(clock_text(&read_clock(&[4, 0xE8, 7, 2, 29])), "2024-02-29 00:00:00");
        let clock = read_clock(&[11, 0xE8, 7, 2, 29, 23, 59, 58, 0x20, 0xA1, 7, 0]);
        assert_eq!(clock_text(&clock), "2024-02-29 23:59:58.500");
    }
}
