//! The one round trip that sets a session up, and what the server tells in it.
//!
//! The session's `time_zone` is the connection's `timezone`. Then `now()`, `TIMESTAMP` and `DATETIME`
//! columns and bound dates all show the same clock: a `DATETIME` that the server filled by
//! `default current_timestamp` reads back as the instant it was written at, and so does a `TIMESTAMP`
//! that was given as a `Date`. `UTC`, the default, and offsets have no gaps; in a zone with daylight
//! saving time the hour that comes twice reads as its first.

use std::fmt::Write as _;

use crate::config::{ConnectionConfig, Endpoint};
use crate::error::{Error, ErrorCode, Result};
use crate::value::temporal::Zone;

/// What strict mode adds to the server's own: errors instead of truncation, no impossible dates.
const STRICT_MODES: &str =
    "STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION";

/// The text that sets a session up and asks what it is: three statements, one round trip.
///
/// # Errors
/// `Config` for a character set that is not UTF-8, or a collation or zone that cannot be named.
pub fn setup(config: &ConnectionConfig) -> Result<String> {
    let mut sql = format!("set names {}", charset(&config.charset)?);
    if let Some(collation) = &config.collation {
        let _ = write!(sql, " collate {}", name("collation", collation)?);
    }
    let _ = write!(sql, ", time_zone = '{}'", zone(&config.timezone)?);
    // From the server's own mode: the session's may be one of before a reset.
    if config.strict {
        let _ = write!(sql, ", sql_mode = concat(@@global.sql_mode, ',{STRICT_MODES}')");
    } else {
        sql.push_str(", sql_mode = 'NO_ENGINE_SUBSTITUTION'");
    }
    sql.push_str(
        "; select connection_id(), @@max_allowed_packet; \
         show variables like 'innodb_rollback_on_timeout'",
    );
    Ok(sql)
}

/// The text that brings a session back to the database of its log-in.
///
/// # Errors
/// `Config` without one: the server cannot leave a database.
pub fn enter_database(endpoint: &Endpoint) -> Result<String> {
    if endpoint.database.is_empty() {
        return Err(Error::new(ErrorCode::Config, "a session without database cannot be reset"));
    }
    Ok(format!("use `{}`", endpoint.database.replace('`', "``")))
}

/// What the server told.
#[derive(Debug, Clone, Copy)]
pub struct ServerFacts {
    /// Largest packet that the server takes, in bytes.
    pub max_packet: usize,
    /// Whether a lock that was waited for too long undoes the transaction, not only the statement.
    pub lock_timeout_ends_transaction: bool,
}

/// Reads the answers to [`setup`]: the session's number, and what the server is.
#[must_use]
pub fn read_facts(rows: &[Vec<Option<String>>]) -> Option<(u64, ServerFacts)> {
    let [Some(id), Some(max_packet)] = &rows.first()?[..] else { return None };
    let variable = rows.get(1).and_then(|row| row.get(1)?.as_deref());
    let facts = ServerFacts {
        max_packet: max_packet.parse().ok()?,
        lock_timeout_ends_transaction: variable == Some("ON"),
    };
    Some((id.parse().ok()?, facts))
}

/// Text travels as UTF-8 both ways; which character set a column has is not the connection's matter.
fn charset(given: &str) -> Result<&str> {
    if ["utf8mb4", "utf8mb3", "utf8"].iter().any(|known| given.eq_ignore_ascii_case(known)) {
        return Ok(given);
    }
    Err(Error::new(
        ErrorCode::Config,
        format!(
            "charset '{given}' cannot be a connection's: text is sent as UTF-8. Leave charset out (utf8mb4); \
             tables and columns may still have any character set"
        ),
    ))
}

fn name<'a>(what: &str, given: &'a str) -> Result<&'a str> {
    let is_plain =
        !given.is_empty() && given.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_plain.then_some(given).ok_or_else(|| {
        Error::new(ErrorCode::Config, format!("{what} '{given}' is no name: letters, digits and _ only"))
    })
}

/// The zone as `set time_zone` takes it. A name needs the server's time zone tables, an offset nothing.
fn zone(zone: &Zone) -> Result<String> {
    match zone {
        Zone::Utc => Ok(offset(0)),
        Zone::Offset(seconds) => Ok(offset(*seconds)),
        Zone::Named(zone) => {
            let name = zone.iana_name().unwrap_or_default();
            if ["UTC", "Etc/UTC", "Etc/GMT", "GMT"].contains(&name) {
                return Ok(offset(0));
            }
            if let Ok(fixed) = zone.to_fixed_offset() {
                return Ok(offset(fixed.seconds()));
            }
            let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/_+-".contains(&byte);
            if name.is_empty() || !name.bytes().all(is_plain) {
                let hint = "the process's time zone has no name that the server could know; set timezone to a \
                            name such as 'Europe/Berlin' or to an offset such as '+01:00'";
                return Err(Error::new(ErrorCode::Config, hint));
            }
            Ok(name.to_owned())
        }
    }
}

fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.unsigned_abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_written_as_the_server_reads_them() -> Result<()> {
        assert_eq!(zone(&Zone::Offset(19_800))?, "+05:30");
        assert_eq!(zone(&Zone::Offset(-12_600))?, "-03:30");
        assert_eq!(zone(&Zone::Utc)?, "+00:00");
        assert_eq!(zone(&Zone::Named(jiff::tz::TimeZone::UTC))?, "+00:00");
        Ok(())
    }

    #[test]
    fn a_character_set_that_is_not_utf8_and_a_collation_that_is_no_name_are_refused() {
        assert_eq!(charset("latin1").map_err(|error| error.code).err(), Some(ErrorCode::Config));
        assert!(name("collation", "utf8mb4_bin").is_ok());
        assert!(name("collation", "x' or 1").is_err());
    }
}
