//! [`WallClock`]: a reading of calendar and clock.

use super::{Zone, civil_from_days, days_from_civil};

/// A reading of calendar and clock, without zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WallClock {
    /// Year, astronomical: 0 is 1 BC.
    pub year: i32,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
    /// 0 to 999 999.
    pub microsecond: u32,
}

const DAY: i64 = 86_400;

impl WallClock {
    /// The instant at which a clock in `zone` shows this, in milliseconds since 1970 UTC. In a
    /// gap of daylight saving time the later reading, in an overlap the earlier one.
    ///
    /// Whole milliseconds, rounded down: a JavaScript `Date` holds no more, and would itself round
    /// towards 1970.
    #[must_use]
    #[allow(clippy::cast_precision_loss)] // exact up to 2^53, that is the year 287396
    pub fn to_instant(&self, zone: &Zone) -> f64 {
        let seconds = self.seconds() - i64::from(zone.offset_of(self));
        (seconds * 1_000 + i64::from(self.microsecond / 1_000)) as f64
    }

    /// The instant of a clock that runs `offset` seconds east of UTC, as [`WallClock::to_instant`].
    #[must_use]
    pub fn to_instant_at(&self, offset: i32) -> f64 {
        self.to_instant(&Zone::Offset(offset))
    }

    /// What a clock in `zone` shows at an instant; milliseconds, rounded down. NaN counts as 1970.
    #[must_use]
    #[allow(clippy::cast_possible_truncation)] // saturates at 292 million years
    pub fn from_instant(milliseconds: f64, zone: &Zone) -> Self {
        let milliseconds = milliseconds.floor() as i64;
        let seconds = milliseconds.div_euclid(1_000);
        let mut clock = Self::from_seconds(seconds + i64::from(zone.offset_at(seconds)));
        clock.microsecond = u32::try_from(milliseconds.rem_euclid(1_000)).unwrap_or(0) * 1_000;
        clock
    }

    /// Seconds from 1970-01-01 00:00 on the same clock.
    fn seconds(&self) -> i64 {
        days_from_civil(self.year, self.month, self.day) * DAY
            + i64::from(self.hour) * 3_600
            + i64::from(self.minute) * 60
            + i64::from(self.second)
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // each part is below its limit
    fn from_seconds(seconds: i64) -> Self {
        let (year, month, day) = civil_from_days(seconds.div_euclid(DAY));
        let second = seconds.rem_euclid(DAY);
        Self {
            year,
            month,
            day,
            hour: (second / 3_600) as u8,
            minute: (second / 60 % 60) as u8,
            second: (second % 60) as u8,
            microsecond: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Result;

    fn clock(text: &str) -> WallClock {
        WallClock::parse(text).map(|(clock, _)| clock).unwrap_or_default()
    }

    fn utc(text: &str) -> f64 {
        clock(text).to_instant(&Zone::Utc)
    }

    #[test]
    fn instants_in_utc_are_those_that_javascript_gives() {
        // From `Date.parse` of the same text with a Z in Node 20.
        for (text, milliseconds) in [
            ("1970-01-01 00:00:00", 0.0),
            ("0001-01-01 00:00:00", -62_135_596_800_000.0),
            ("9999-12-31 23:59:59.999", 253_402_300_799_999.0),
            ("2024-02-29 12:00:00", 1_709_208_000_000.0),
            ("2000-02-29 23:59:59.001", 951_868_799_001.0),
            ("1969-12-31 23:59:59.999", -1.0),
            ("-000001-01-01 00:00:00", -62_198_755_200_000.0),
        ] {
            assert_eq!(utc(text).to_bits(), f64::to_bits(milliseconds), "{text}");
            assert_eq!(WallClock::from_instant(milliseconds, &Zone::Utc), clock(text), "{text}");
        }
    }

    #[test]
    fn parts_of_a_millisecond_are_rounded_down_before_and_after_1970() {
        assert_eq!(utc("1970-01-01 00:00:00.000999").to_bits(), 0_f64.to_bits());
        assert_eq!(utc("1969-12-31 23:59:59.999001").to_bits(), (-1_f64).to_bits());
        assert_eq!(WallClock::from_instant(-0.5, &Zone::Utc), clock("1969-12-31 23:59:59.999"));
        assert_eq!(WallClock::from_instant(-1_000.25, &Zone::Utc), clock("1969-12-31 23:59:58.999"));
        assert_eq!(WallClock::from_instant(0.9, &Zone::Utc), clock("1970-01-01 00:00:00"));
    }

    #[test]
    fn a_fixed_offset_moves_the_clock_across_the_day() {
        let zone = Zone::Offset(19_800);
        assert_eq!(
            clock("2024-03-01 04:00:00").to_instant(&zone).to_bits(),
            utc("2024-02-29 22:30:00").to_bits()
        );
        assert_eq!(WallClock::from_instant(utc("2024-02-29 22:30:00"), &zone), clock("2024-03-01 04:00:00"));
    }

    #[test]
    fn daylight_saving_gaps_give_the_later_and_overlaps_the_earlier_reading() -> Result<()> {
        for (zone, wall, expected) in [
            ("Europe/Berlin", "2024-03-31 01:59:59", "2024-03-31 00:59:59"),
            ("Europe/Berlin", "2024-03-31 02:30:00", "2024-03-31 01:30:00"), // shown as 03:30
            ("Europe/Berlin", "2024-03-31 03:00:00", "2024-03-31 01:00:00"),
            ("Europe/Berlin", "2024-10-27 02:30:00", "2024-10-27 00:30:00"), // the first 02:30
            ("Europe/Berlin", "2024-10-27 03:00:00", "2024-10-27 02:00:00"),
            ("America/New_York", "2024-03-10 02:30:00", "2024-03-10 07:30:00"),
            ("America/New_York", "2024-11-03 01:30:00", "2024-11-03 05:30:00"),
            ("America/New_York", "2024-11-03 02:00:00", "2024-11-03 07:00:00"),
        ] {
            let instant = clock(wall).to_instant(&Zone::parse(zone)?);
            assert_eq!(instant.to_bits(), utc(expected).to_bits(), "{zone} {wall}");
        }
        let berlin = Zone::parse("Europe/Berlin")?;
        assert_eq!(
            WallClock::from_instant(utc("2024-10-27 00:30:00"), &berlin),
            clock("2024-10-27 02:30:00")
        );
        assert_eq!(
            WallClock::from_instant(utc("2024-10-27 01:30:00"), &berlin),
            clock("2024-10-27 02:30:00")
        );
        assert_eq!(
            WallClock::from_instant(utc("2024-03-31 01:00:00"), &berlin),
            clock("2024-03-31 03:00:00")
        );
        Ok(())
    }

    #[test]
    fn years_that_no_zone_database_knows_follow_its_rules() -> Result<()> {
        let berlin = Zone::parse("Europe/Berlin")?;
        for (wall, expected) in [
            ("9999-12-31 23:59:59", "9999-12-31 22:59:59"),
            ("294276-01-15 12:00:00", "294276-01-15 11:00:00"),
            ("294276-07-15 12:00:00", "294276-07-15 10:00:00"),
            ("-004712-11-24 12:00:00", "-004712-11-24 11:06:32"), // Berlin's mean time, 53 min 28 s
            ("0001-01-01 00:00:00", "0000-12-31 23:06:32"),
            ("-099999-01-01 00:00:00", "-100000-12-31 23:06:32"),
        ] {
            let instant = clock(wall).to_instant(&berlin);
            assert_eq!(instant.to_bits(), utc(expected).to_bits(), "{wall}");
            assert_eq!(WallClock::from_instant(instant, &berlin), clock(wall), "{wall}");
        }
        Ok(())
    }

    #[test]
    fn every_instant_comes_back_from_its_clock() -> Result<()> {
        let zones = ["UTC", "+05:45", "-09:30", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"];
        let mut state = 0x9E37_79B9_7F4A_7C15_u64; // a linear congruential generator: the same instants each run
        for zone in zones {
            let zone = Zone::parse(zone)?;
            for _ in 0..20_000 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                // Years -4713 to 294276.
                let span = 9_435_000_000_000_000_u64;
                let instant = f64::from(u32::try_from(state >> 32).unwrap_or(0)) / f64::from(u32::MAX);
                #[allow(clippy::cast_precision_loss)]
                let instant = (instant * span as f64).floor() - 210_000_000_000_000.0;
                let shown = WallClock::from_instant(instant, &zone);
                let back = shown.to_instant(&zone);
                // The second of two equal readings comes back as the first: an hour at most.
                let is_second_reading =
                    WallClock::from_instant(back, &zone) == shown && (back - instant).abs() <= 3_600_000.0;
                assert!(
                    back.to_bits() == instant.to_bits() || is_second_reading,
                    "{instant} in {zone:?} came back as {back}"
                );
                assert_eq!(WallClock::parse(&shown.to_text()), Some((shown, None)));
            }
        }
        Ok(())
    }
}
