//! The shape of the journal tables: how they are created, and how tables of others are completed.

use super::adoption::Shape;
use super::journal::{Journal, JournalKind};
use super::quote::quoted;
use crate::config::DriverName;

impl Journal {
    /// Columns that tables of others lack, as they can be added to rows that exist: no constraint,
    /// no default that `SQLite` would refuse in `add column`.
    pub(super) fn optional_columns(&self, shape: &Shape) -> Vec<(&'static str, &'static str)> {
        let timestamp = match self.driver {
            DriverName::Postgres => "timestamp",
            DriverName::SqlServer => "datetime2",
            DriverName::MySql | DriverName::MariaDb | DriverName::Sqlite => "datetime",
        };
        let checksum = if self.driver == DriverName::SqlServer { "nvarchar(64)" } else { "varchar(64)" };
        let id = match self.driver {
            DriverName::Postgres => Some("serial"),
            DriverName::MySql | DriverName::MariaDb => Some("int not null auto_increment unique"),
            DriverName::SqlServer => Some("int identity"),
            DriverName::Sqlite => None,
        };
        let mut columns: Vec<_> = id.map(|numbers| ("id", numbers)).into_iter().collect();
        columns.push(("batch", "integer not null default 1"));
        if shape.executed_at == "executed_at" {
            columns.push(("executed_at", timestamp));
        }
        if self.kind == JournalKind::Migrations {
            columns.push(("checksum", checksum));
        }
        columns
    }

    /// Adds one of [`Journal::optional_columns`].
    pub(super) fn add_column(&self, name: &str, sql_type: &str) -> String {
        let column = if self.driver == DriverName::SqlServer { "add" } else { "add column" };
        format!("alter table {} {column} {} {sql_type}", self.quoted_table(), self.quoted(name))
    }

    /// Creates the table in its full shape.
    pub(super) fn create(&self) -> String {
        let (id, name, executed_at, checksum, options) = match self.driver {
            DriverName::Postgres => {
                ("serial primary key", "varchar(255)", "timestamp default now()", "varchar(64)", "")
            }
            // Names are compared exactly: utf8mb4_bin.
            DriverName::MySql | DriverName::MariaDb => (
                "int auto_increment primary key",
                "varchar(255) character set utf8mb4 collate utf8mb4_bin",
                "datetime default current_timestamp",
                "varchar(64)",
                " engine = InnoDB",
            ),
            DriverName::Sqlite => (
                "integer primary key autoincrement",
                "varchar(255)",
                "datetime default current_timestamp",
                "varchar(64)",
                "",
            ),
            DriverName::SqlServer => (
                "int identity primary key",
                "nvarchar(255)",
                "datetime2 default sysutcdatetime()",
                "nvarchar(64)",
                "",
            ),
        };
        let mut columns = vec![
            format!("{} {id}", self.quoted("id")),
            format!("{} {name} not null unique", self.quoted(Shape::ours(self.kind).name)),
            format!("{} integer not null", self.quoted("batch")),
            format!("{} {executed_at}", self.quoted("executed_at")),
        ];
        if self.kind == JournalKind::Migrations {
            columns.push(format!("{} {checksum}", self.quoted("checksum")));
        }
        format!("create table {} ({}){options}", self.quoted_table(), columns.join(", "))
    }

    pub(super) fn quoted_table(&self) -> String {
        self.table.split('.').map(|part| self.quoted(part)).collect::<Vec<_>>().join(".")
    }

    pub(super) fn quoted(&self, identifier: &str) -> String {
        quoted(self.driver, identifier)
    }
}
