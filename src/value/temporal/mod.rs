//! Dates and times: milliseconds since 1970, civil dates, ISO text, zones.

mod civil;
mod text;
mod wall_clock;
mod zone;

pub use civil::{civil_from_days, days_from_civil, days_in_month};
pub use wall_clock::WallClock;
pub use zone::Zone;
