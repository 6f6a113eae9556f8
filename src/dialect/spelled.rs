//! [`spelled_type`]: the column type that a text means on a kind of database.

use super::{mysql, postgres, sqlserver};
use crate::config::DriverName;
use crate::schema::{Column, ColumnType};

/// A column without a name whose type is spelled so. SQLite takes any words: they stay as they are.
#[must_use]
pub fn spelled_type(driver: DriverName, spelled: &str) -> Column {
    let mut column = Column::new("", ColumnType::Raw { sql: spelled.to_owned() });
    match driver {
        DriverName::Postgres => postgres::read_type::read_type(spelled, &mut column),
        DriverName::MySql | DriverName::MariaDb => mysql::read_type::read_type(spelled, &mut column),
        DriverName::SqlServer => sqlserver::read_type::read_type(spelled, &mut column),
        DriverName::Sqlite => {}
    }
    column
}
