//! [`Zone`]: how far a clock is from UTC.

use jiff::Timestamp;
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::civil::DAYS_IN_ERA;
use super::{WallClock, text};
use crate::error::{Error, ErrorCode, Result};

/// The zone in which timestamps without zone are read and written.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Zone {
    /// UTC.
    #[default]
    Utc,
    /// A fixed distance from UTC, in seconds east.
    Offset(i32),
    /// A zone of the IANA database, or the process's own.
    Named(TimeZone),
}

/// Years within ± this are looked up as they are. Those beyond it are moved into it by whole eras
/// of 400 years, in which the calendar repeats: jiff knows the years -9999 to 9999 only.
const KNOWN_YEARS: i32 = 9_000;

/// Seconds in 400 years.
const ERA_SECONDS: i64 = DAYS_IN_ERA * 86_400;

impl Zone {
    /// Reads `UTC`, `Z`, `local`, `+05:30` or an IANA name, in any case.
    ///
    /// # Errors
    /// `Config` for a zone nobody knows.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        let is_any = |names: &[&str]| names.iter().any(|name| text.eq_ignore_ascii_case(name));
        if is_any(&["UTC", "Z", "GMT", "Etc/UTC"]) {
            return Ok(Self::Utc);
        }
        if is_any(&["local"]) {
            let zone = TimeZone::system();
            return Ok(if zone.is_unknown() { Self::Utc } else { Self::Named(zone) });
        }
        if let Some(seconds) = text::parse_offset(text) {
            return Ok(if seconds == 0 { Self::Utc } else { Self::Offset(seconds) });
        }
        TimeZone::get(text).map(Self::Named).map_err(|_| {
            Error::new(
                ErrorCode::Config,
                format!(
                    "timezone: {text:?} is not known; give UTC, local, an offset such as +02:00 or a name such as Europe/Berlin"
                ),
            )
        })
    }

    /// Seconds east of UTC at an instant, given in seconds since 1970 UTC.
    #[must_use]
    pub fn offset_at(&self, seconds: i64) -> i32 {
        match self {
            Self::Utc => 0,
            Self::Offset(offset) => *offset,
            Self::Named(zone) => {
                let limit = i64::from(KNOWN_YEARS - 1970) * 365 * 86_400;
                Timestamp::from_second(into_range(seconds, limit, ERA_SECONDS))
                    .map_or(0, |instant| zone.to_offset(instant).seconds())
            }
        }
    }

    /// Seconds east of UTC while a clock shows `clock`. In a gap and in an overlap the offset from
    /// before the change: the later reading of a gap, the earlier one of an overlap.
    #[must_use]
    pub(super) fn offset_of(&self, clock: &WallClock) -> i32 {
        match self {
            Self::Utc => 0,
            Self::Offset(offset) => *offset,
            Self::Named(zone) => {
                civil_of(clock).map_or(0, |civil| match zone.to_ambiguous_timestamp(civil).offset() {
                    AmbiguousOffset::Unambiguous { offset } => offset.seconds(),
                    AmbiguousOffset::Gap { before, .. } | AmbiguousOffset::Fold { before, .. } => {
                        before.seconds()
                    }
                })
            }
        }
    }
}

/// The clock as jiff writes it, its year moved into what jiff knows; without fractions, which no
/// zone's rules look at.
fn civil_of(clock: &WallClock) -> Option<jiff::civil::DateTime> {
    let year = into_range(i64::from(clock.year), i64::from(KNOWN_YEARS), 400);
    let part = |number: u8| i8::try_from(number).ok();
    jiff::civil::DateTime::new(
        i16::try_from(year).ok()?,
        part(clock.month)?,
        part(clock.day)?,
        part(clock.hour)?,
        part(clock.minute)?,
        part(clock.second)?,
        0,
    )
    .ok()
}

/// `number` moved by whole multiples of `step` until it is within ± `limit`.
fn into_range(number: i64, limit: i64, step: i64) -> i64 {
    if number > limit {
        number - (number - limit).div_euclid(step) * step - step
    } else if number < -limit {
        number + (-limit - number).div_euclid(step) * step + step
    } else {
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_spelling_of_a_zone_is_read() -> Result<()> {
        for text in ["UTC", "utc", "Z", "z", "Etc/UTC", "+00:00", "-0000"] {
            assert_eq!(Zone::parse(text)?, Zone::Utc, "{text}");
        }
        for (text, seconds) in
            [("+05:30", 19_800), ("-0330", -12_600), ("+02", 7_200), ("-12:00", -43_200), ("+14:00", 50_400)]
        {
            assert_eq!(Zone::parse(text)?, Zone::Offset(seconds), "{text}");
        }
        for text in ["Europe/Berlin", "europe/berlin", "America/New_York"] {
            assert!(matches!(Zone::parse(text)?, Zone::Named(_)), "{text}");
        }
        assert!(Zone::parse("local").is_ok());
        Ok(())
    }

    #[test]
    fn an_unknown_zone_is_named_with_examples() {
        for text in ["Mars/Olympus", "", "+25:00", "+02:60", "02:00", "+2", "++02"] {
            let Err(error) = Zone::parse(text) else {
                unreachable!("{text:?} was taken for a zone");
            };
            assert_eq!(error.code, ErrorCode::Config);
            assert!(error.message.contains(&format!("{text:?}")), "{}", error.message);
            assert!(error.message.contains("Europe/Berlin"), "{}", error.message);
        }
    }

    #[test]
    fn moving_into_range_keeps_the_distance_a_multiple_of_the_step() {
        for number in [9_001, 9_400, 9_401, 294_276, -9_001, -9_400, -294_276, 0, 9_000] {
            let moved = into_range(number, 9_000, 400);
            assert!(moved.abs() <= 9_000, "{number} -> {moved}");
            assert_eq!((number - moved) % 400, 0, "{number} -> {moved}");
        }
    }
}
