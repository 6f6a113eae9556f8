//! Dates and times: milliseconds since 1970, civil dates, ISO text, zones.

use crate::error::Result;

/// The zone in which timestamps without zone are read and written.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Zone {
    /// UTC.
    #[default]
    Utc,
    /// A fixed distance from UTC, in seconds east.
    Offset(i32),
    /// A zone of the IANA database, or the process's own.
    Named(jiff::tz::TimeZone),
}

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

impl Zone {
    /// Reads `UTC`, `Z`, `local`, `+05:30` or an IANA name, in any case.
    ///
    /// # Errors
    /// `Config` for a zone nobody knows.
    pub fn parse(_text: &str) -> Result<Self> {
        Ok(Self::Utc)
    }
}

impl WallClock {
    /// The instant at which a clock in `zone` shows this, in milliseconds since 1970 UTC. In a
    /// gap of daylight saving time the later reading, in an overlap the earlier one.
    #[must_use]
    pub fn to_instant(&self, _zone: &Zone) -> f64 {
        0.0
    }

    /// What a clock in `zone` shows at an instant; milliseconds, rounded down.
    #[must_use]
    pub fn from_instant(_milliseconds: f64, _zone: &Zone) -> Self {
        Self::default()
    }

    /// Reads `YYYY-MM-DD[ T]HH:MM[:SS[.ffffff]]` and `YYYY-MM-DD`, with what follows the clock
    /// (`Z`, `+02`, `+02:00`) as seconds east of UTC.
    #[must_use]
    pub fn parse(_text: &str) -> Option<(Self, Option<i32>)> {
        None
    }

    /// `YYYY-MM-DD HH:MM:SS`, with `.ffffff` only when there are microseconds (three digits when
    /// they suffice).
    #[must_use]
    pub fn to_text(&self) -> String {
        String::new()
    }
}
