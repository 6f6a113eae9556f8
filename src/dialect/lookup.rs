//! [`lookup`]: the dialect of a database.

use super::contract::Dialect;
use super::mysql::MySql;
use super::postgres::Postgres;
use super::sqlite::Sqlite;
use super::sqlserver::SqlServer;
use crate::config::{ConnectionConfig, DriverName};

/// The dialect of a kind of database.
#[must_use]
pub fn lookup(driver: DriverName) -> &'static dyn Dialect {
    match driver {
        DriverName::Postgres => &Postgres,
        DriverName::MySql => &MySql { is_mariadb: false, names_new_row: false },
        DriverName::MariaDb => &MySql { is_mariadb: true, names_new_row: false },
        DriverName::Sqlite => &Sqlite,
        DriverName::SqlServer => &SqlServer,
    }
}

/// The dialect of a connection: that of its kind of database, with its options.
#[must_use]
pub fn dialect_of(config: &ConnectionConfig) -> &'static dyn Dialect {
    if config.driver == DriverName::MySql && config.use_upsert_alias {
        return &MySql { is_mariadb: false, names_new_row: true };
    }
    lookup(config.driver)
}
