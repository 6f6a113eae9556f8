//! [`Meta`]: the table `guruorm_meta`, which keeps what is known about a database itself, such as that
//! it is in production. SQL text only.

use serde::Serialize;

use super::quote::quoted;
use crate::config::DriverName;

/// The table's name.
pub const TABLE: &str = "guruorm_meta";

/// The statements of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Meta {
    /// The table's name.
    pub table: &'static str,
    /// Creates the table, if it is missing.
    pub create: String,
    /// All rows with `key`, `value` and `updated_at`.
    pub read: String,
    /// Inserts a row. Bindings: key, value, time.
    pub write: String,
    /// Deletes a row. Binding: its key.
    pub forget: String,
}

/// The statements of `guruorm_meta` on a kind of database.
#[must_use]
pub fn meta(driver: DriverName) -> Meta {
    let quote = |name: &str| quoted(driver, name);
    let (table, key, value, time) = (quote(TABLE), quote("key"), quote("value"), quote("updated_at"));
    let (key_type, value_type, time_type, options) = match driver {
        DriverName::Postgres => ("varchar(190)", "text", "timestamp default now()", ""),
        DriverName::MySql | DriverName::MariaDb => (
            "varchar(190) character set utf8mb4 collate utf8mb4_bin",
            "longtext",
            "datetime default current_timestamp",
            " engine = InnoDB",
        ),
        DriverName::Sqlite => ("varchar(190)", "text", "datetime default current_timestamp", ""),
        DriverName::SqlServer => ("nvarchar(190)", "nvarchar(max)", "datetime2 default sysutcdatetime()", ""),
    };
    let columns =
        format!("({key} {key_type} not null primary key, {value} {value_type}, {time} {time_type})");
    let create = if driver == DriverName::SqlServer {
        format!("if object_id('{TABLE}') is null create table {table} {columns}")
    } else {
        format!("create table if not exists {table} {columns}{options}")
    };
    Meta {
        table: TABLE,
        create,
        read: format!("select {key} as {key}, {value} as {value}, {time} as {time} from {table}"),
        write: format!("insert into {table} ({key}, {value}, {time}) values (?, ?, ?)"),
        forget: format!("delete from {table} where {key} = ?"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_as_each_database_wants_it() {
        let read = |driver| meta(driver).read;
        let with = |open: char, close: char| {
            let name = |name: &str| format!("{open}{name}{close}");
            let columns: Vec<_> = ["key", "value", "updated_at"].iter().map(|column| name(column)).collect();
            let listed: Vec<_> = columns.iter().map(|column| format!("{column} as {column}")).collect();
            format!("select {} from {}", listed.join(", "), name("guruorm_meta"))
        };
        assert_eq!(read(DriverName::Postgres), with('"', '"'));
        assert_eq!(read(DriverName::MariaDb), with('`', '`'));
        assert_eq!(read(DriverName::SqlServer), with('[', ']'));
    }
}
