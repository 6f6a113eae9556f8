//! [`quoted`]: a name as a database wants it written.

use crate::config::DriverName;

pub(super) fn quoted(driver: DriverName, name: &str) -> String {
    match driver {
        DriverName::MySql | DriverName::MariaDb => format!("`{}`", name.replace('`', "``")),
        DriverName::SqlServer => format!("[{}]", name.replace(']', "]]")),
        DriverName::Postgres | DriverName::Sqlite => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}

/// Text as a literal. Backslashes are doubled on MySQL only, where they escape.
pub(super) fn literal(driver: DriverName, text: &str) -> String {
    let text = text.replace('\'', "''");
    match driver {
        DriverName::MySql | DriverName::MariaDb => format!("'{}'", text.replace('\\', "\\\\")),
        DriverName::SqlServer => format!("N'{text}'"),
        DriverName::Postgres | DriverName::Sqlite => format!("'{text}'"),
    }
}
