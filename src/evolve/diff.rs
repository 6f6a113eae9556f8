//! [`diff`]: the changes that make one structure another.

use crate::config::DriverName;
use crate::dialect::schema::PlanOptions;
use crate::error::Result;
use crate::schema::{Change, Database};

/// The changes that make `current` what `wanted` says, in an order in which they can be applied.
///
/// # Errors
/// As [`super::normalize()`].
pub fn diff(
    _current: &Database,
    _wanted: &Database,
    _driver: DriverName,
    _options: &PlanOptions,
) -> Result<Vec<Change>> {
    Ok(Vec::new())
}
