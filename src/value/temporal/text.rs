//! Dates, times and offsets as text.

use std::fmt::Write as _;

use super::{WallClock, days_in_month};

/// What is left to read.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    /// Takes one byte when it is one of these.
    fn take_any(&mut self, bytes: &[u8]) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        bytes.contains(&first).then(|| {
            self.0 = rest;
            first
        })
    }

    /// Takes from `least` to `most` digits; how many, and the number that they say.
    fn digits(&mut self, least: usize, most: usize) -> Option<(usize, u32)> {
        let count = self.0.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
        if count < least {
            return None;
        }
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        Some((count, digits.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0'))))
    }

    /// Takes two digits that say a number from `least` to `most`.
    fn pair(&mut self, least: u8, most: u8) -> Option<u8> {
        let (_, number) = self.digits(2, 2)?;
        u8::try_from(number).ok().filter(|number| (least..=most).contains(number))
    }

    /// Takes `Z`, or `±HH`, `±HHMM`, `±HH:MM`, `±HH:MM:SS`; seconds east of UTC.
    fn offset(&mut self) -> Option<i32> {
        if self.take_any(b"Zz").is_some() {
            return Some(0);
        }
        let sign = if self.take_any(b"+-")? == b'-' { -1 } else { 1 };
        let hours = self.pair(0, 23)?;
        let (mut minutes, mut seconds) = (0, 0);
        if self.take_any(b":").is_some() {
            minutes = self.pair(0, 59)?;
            if self.take_any(b":").is_some() {
                seconds = self.pair(0, 59)?;
            }
        } else if !self.0.is_empty() {
            minutes = self.pair(0, 59)?;
        }
        Some(sign * (i32::from(hours) * 3_600 + i32::from(minutes) * 60 + i32::from(seconds)))
    }
}

/// Reads `±HH:MM`, `±HHMM` or `±HH` that fills the whole text, as seconds east of UTC.
pub fn parse_offset(text: &str) -> Option<i32> {
    let mut reader = Reader(text.as_bytes());
    let seconds = reader.offset()?;
    reader.0.is_empty().then_some(seconds)
}

impl WallClock {
    /// Reads `YYYY-MM-DD[ T]HH:MM[:SS[.ffffff]]` and `YYYY-MM-DD`, with what follows the clock
    /// (`Z`, `+02`, `+02:00`) as seconds east of UTC.
    ///
    /// A year has four to six digits and may carry a sign, as in ISO 8601 (`-0043` is 44 BC).
    /// Digits of a second beyond the sixth are dropped. `None` for anything else, also for a day
    /// that no calendar has.
    #[must_use]
    pub fn parse(text: &str) -> Option<(Self, Option<i32>)> {
        let mut reader = Reader(text.as_bytes());
        let is_negative = reader.take_any(b"+-") == Some(b'-');
        let (_, year) = reader.digits(4, 6)?;
        let year = i32::try_from(year).ok()?;
        let year = if is_negative { -year } else { year };
        reader.take_any(b"-")?;
        let month = reader.pair(1, 12)?;
        reader.take_any(b"-")?;
        let day = reader.pair(1, days_in_month(year, month))?;
        let mut clock = Self { year, month, day, ..Self::default() };
        if reader.0.is_empty() {
            return Some((clock, None));
        }
        reader.take_any(b" Tt")?;
        clock.hour = reader.pair(0, 23)?;
        reader.take_any(b":")?;
        clock.minute = reader.pair(0, 59)?;
        if reader.take_any(b":").is_some() {
            clock.second = reader.pair(0, 59)?;
            if reader.take_any(b".,").is_some() {
                let (count, digits) = reader.digits(1, 6)?;
                clock.microsecond = digits * 10_u32.pow(6 - u32::try_from(count).ok()?);
                while reader.take_any(b"0123456789").is_some() {}
            }
        }
        if reader.0.is_empty() {
            return Some((clock, None));
        }
        reader.take_any(b" ");
        let offset = reader.offset()?;
        reader.0.is_empty().then_some((clock, Some(offset)))
    }

    /// `YYYY-MM-DD HH:MM:SS`, with `.ffffff` only when there are microseconds (three digits when
    /// they suffice). Years before 1 carry a minus and count astronomically.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = self.date_text();
        // Writing to a String cannot fail.
        let _ = write!(text, " {:02}:{:02}:{:02}", self.hour, self.minute, self.second);
        let _ = match self.microsecond {
            0 => Ok(()),
            whole if whole % 1_000 == 0 => write!(text, ".{:03}", whole / 1_000),
            all => write!(text, ".{all:06}"),
        };
        text
    }

    /// `YYYY-MM-DD`.
    #[must_use]
    pub fn date_text(&self) -> String {
        let sign = if self.year < 0 { "-" } else { "" };
        format!("{sign}{:04}-{:02}-{:02}", self.year.unsigned_abs(), self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock(year: i32, month: u8, day: u8, hour: u8, minute: u8, second: u8, microsecond: u32) -> WallClock {
        WallClock { year, month, day, hour, minute, second, microsecond }
    }

    #[test]
    fn text_becomes_the_clock_that_it_names() {
        let noon = clock(2024, 2, 29, 12, 30, 45, 0);
        for (text, expected) in [
            ("2024-02-29 12:30:45", (noon, None)),
            ("2024-02-29T12:30:45Z", (noon, Some(0))),
            ("2024-02-29T12:30:45+02", (noon, Some(7_200))),
            ("2024-02-29 12:30:45-03:30", (noon, Some(-12_600))),
            ("2024-02-29 12:30:45 +0530", (noon, Some(19_800))),
            ("1890-01-01 00:00:00+00:53:28", (clock(1890, 1, 1, 0, 0, 0, 0), Some(3_208))),
            ("2024-02-29 12:30", (clock(2024, 2, 29, 12, 30, 0, 0), None)),
            ("2024-02-29", (clock(2024, 2, 29, 0, 0, 0, 0), None)),
            ("2024-01-01 00:00:00.5", (clock(2024, 1, 1, 0, 0, 0, 500_000), None)),
            ("2024-01-01 00:00:00.000001", (clock(2024, 1, 1, 0, 0, 0, 1), None)),
            ("2024-01-01 00:00:00.123456789", (clock(2024, 1, 1, 0, 0, 0, 123_456), None)),
            ("0001-01-01 00:00:00", (clock(1, 1, 1, 0, 0, 0, 0), None)),
            ("294276-12-31 23:59:59.999999", (clock(294_276, 12, 31, 23, 59, 59, 999_999), None)),
            ("-000043-03-15", (clock(-43, 3, 15, 0, 0, 0, 0), None)),
            ("+012345-01-02T03:04:05.678Z", (clock(12_345, 1, 2, 3, 4, 5, 678_000), Some(0))),
        ] {
            assert_eq!(WallClock::parse(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn text_that_names_no_time_is_not_read() {
        for text in [
            "",
            "now",
            "2023-02-29",
            "2024-13-01",
            "2024-00-10",
            "0000-00-00 00:00:00",
            "2024-01-01 24:00:00",
            "2024-01-01 10:60:00",
            "2024-01-01 10",
            "2024-01-01 10:00:00.",
            "2024-01-01 10:00:00 Europe/Berlin",
            "2024-01-01 10:00:00+2",
            "2024-01-01x10:00:00",
            "24-01-01",
            "20240101",
            " 2024-01-01",
            "2024-01-01 ",
            "2024-01-01 10:00:00é",
        ] {
            assert_eq!(WallClock::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_clock_becomes_text_with_no_more_digits_than_it_needs() {
        for (clock, text) in [
            (clock(2024, 2, 29, 1, 2, 3, 0), "2024-02-29 01:02:03"),
            (clock(2024, 2, 29, 1, 2, 3, 120_000), "2024-02-29 01:02:03.120"),
            (clock(2024, 2, 29, 1, 2, 3, 120_001), "2024-02-29 01:02:03.120001"),
            (clock(7, 1, 1, 0, 0, 0, 0), "0007-01-01 00:00:00"),
            (clock(0, 1, 1, 0, 0, 0, 0), "0000-01-01 00:00:00"),
            (clock(-43, 3, 15, 0, 0, 0, 0), "-0043-03-15 00:00:00"),
            (clock(294_276, 12, 31, 0, 0, 0, 0), "294276-12-31 00:00:00"),
        ] {
            assert_eq!(clock.to_text(), text);
            assert_eq!(WallClock::parse(text), Some((clock, None)), "{text}");
        }
    }
}
