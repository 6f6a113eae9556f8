//! Reads what the user wrote into a [`ConnectionConfig`].

use super::ConnectionConfig;
use crate::error::{Error, Result};

/// Reads and checks the options of one connection, given as JSON.
///
/// # Errors
/// `Config` for an unknown driver or key (naming the nearest known one), a wrong type, a URL that
/// cannot be read, or `min > max`.
pub fn parse(_name: &str, _options: &str) -> Result<ConnectionConfig> {
    Err(Error::internal("not written yet"))
}
