//! [`WorkerDatabase`]: the database that one worker of a test runner has for itself, beside the
//! project's own. Names and codes only.

use serde::{Deserialize, Serialize};

use crate::config::DriverName;
use crate::dialect::ansi::check::check_name;
use crate::error::{Error, Result};

/// What stands between a database's name and a worker's.
const MARK: &str = "_test_";

/// Which database, for whom.
#[derive(Debug, Clone, Deserialize)]
pub struct WorkerRequest {
    /// The database that a connection names: the project's, or a worker's.
    pub database: String,
    /// What the runner calls the worker.
    pub worker: String,
}

/// A worker's database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WorkerDatabase {
    /// `shop_test_1` for `shop`; a database in memory is a worker's own anyway.
    pub name: String,
    /// The project's database, where the one that was asked about is this worker's already.
    pub base: Option<String>,
    /// Databases of the server to create others from, in order. Empty: opening a database creates it.
    pub servers: &'static [&'static str],
    /// Native codes of a connection to a database that is not there.
    pub missing: &'static [&'static str],
    /// Native codes of a connection or a database that this user may not use.
    pub denied: &'static [&'static str],
    /// Native codes of a creation that another one was faster than.
    pub exists: &'static [&'static str],
    /// Native codes of a creation that may be tried again.
    pub busy: &'static [&'static str],
}

/// The database of a worker.
///
/// # Errors
/// `InvalidArgument` for a worker or a database without a name, and for a name that would be too long: servers cut it,
/// and what is left may be another database's.
pub fn worker_database(driver: DriverName, request: &WorkerRequest) -> Result<WorkerDatabase> {
    let WorkerRequest { database, worker } = request;
    if worker.is_empty() || !worker.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return Err(Error::invalid(format!(
            "a worker's name is made of letters, digits and _, and {worker:?} is not"
        )));
    }
    if database.is_empty() {
        return Err(Error::invalid(
            "a database for each worker needs a connection that names its `database`",
        ));
    }
    let (servers, missing, denied, exists, busy): (&[_], &[_], &[_], &[_], &[_]) = match driver {
        DriverName::Postgres => (
            &["postgres", "template1"],
            &["3D000"],
            &["42501", "28000", "28P01"],
            // Two that create it at once meet in the index of names.
            &["42P04", "23505"],
            &["55006"],
        ),
        DriverName::MySql | DriverName::MariaDb => {
            (&["information_schema"], &["1049"], &["1044", "1045"], &["1007"], &[])
        }
        DriverName::SqlServer => (&["master"], &["4060"], &["916", "18456"], &["1801"], &["1807"]),
        DriverName::Sqlite => (&[], &[], &[], &[], &[]),
    };
    let suffix = format!("{MARK}{worker}");
    let (name, base) = if driver == DriverName::Sqlite {
        let (stem, extension) = file_parts(database);
        let base = stem.strip_suffix(&suffix).map(|base| format!("{base}{extension}"));
        let is_in_memory = database == ":memory:" || database.contains("mode=memory");
        (if is_in_memory { database.clone() } else { format!("{stem}{suffix}{extension}") }, base)
    } else {
        let name = format!("{database}{suffix}");
        let base = database.strip_suffix(&suffix).map(str::to_owned);
        if base.is_none() {
            check_name(driver, "a database for each worker", &name)?;
        }
        (name, base)
    };
    Ok(WorkerDatabase { name, base, servers, missing, denied, exists, busy })
}

/// The path of a file without its extension, and the extension with its dot.
fn file_parts(path: &str) -> (&str, &str) {
    let file = path.rfind(['/', '\\']).map_or(0, |slash| slash + 1);
    match path[file..].rfind('.') {
        Some(dot) if dot > 0 => path.split_at(file + dot),
        _ => (path, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(driver: DriverName, database: &str, worker: &str) -> Result<WorkerDatabase> {
        worker_database(driver, &WorkerRequest { database: database.into(), worker: worker.into() })
    }

    fn names(driver: DriverName, database: &str) -> (String, Option<String>) {
        let of = of(driver, database, "2").expect(database);
        (of.name, of.base)
    }

    #[test]
    fn a_worker_has_a_name_of_its_own_and_finds_the_projects_database() {
        assert_eq!(names(DriverName::Postgres, "shop"), ("shop_test_2".into(), None));
        assert_eq!(names(DriverName::MariaDb, "shop_test_2").1.as_deref(), Some("shop"));
        assert_eq!(names(DriverName::MariaDb, "shop_test_3").1, None);
        assert_eq!(names(DriverName::Sqlite, "data.d/shop.sqlite").0, "data.d/shop_test_2.sqlite");
        assert_eq!(names(DriverName::Sqlite, "data.d/shop").0, "data.d/shop_test_2");
        assert_eq!(names(DriverName::Sqlite, "./.shop").0, "./.shop_test_2");
        assert_eq!(names(DriverName::Sqlite, "a/shop_test_2.db").1.as_deref(), Some("a/shop.db"));
        assert_eq!(names(DriverName::Sqlite, ":memory:"), (":memory:".into(), None));
    }

    #[test]
    fn a_name_that_a_server_would_cut_is_refused() {
        let long = "x".repeat(57);
        assert!(of(DriverName::Postgres, &long, "2").is_err());
        assert!(of(DriverName::Postgres, &long[1..], "2").is_ok());
        assert!(of(DriverName::Sqlite, &long, "2").is_ok());
    }

    #[test]
    fn a_worker_without_a_plain_name_is_refused() {
        for worker in ["", "1; drop", "ü", "a-b"] {
            assert!(of(DriverName::Postgres, "shop", worker).is_err(), "{worker}");
        }
        assert!(of(DriverName::Postgres, "", "1").is_err());
    }
}
