//! [`DriverName`]: the kinds of database.

/// The kinds of database. MariaDB is a flavour of MySQL where SQL differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DriverName {
    /// `postgres`, `pgsql`, `postgresql`, `pg`.
    Postgres,
    /// `mysql`.
    MySql,
    /// `mariadb`.
    MariaDb,
    /// `sqlite`, `sqlite3`.
    Sqlite,
    /// `sqlserver`, `mssql`, `sqlsrv`.
    SqlServer,
}

impl DriverName {
    /// Every database.
    pub const ALL: [Self; 5] = [Self::Postgres, Self::MySql, Self::MariaDb, Self::Sqlite, Self::SqlServer];

    /// Whether the database runs in this process, so that its answers need no waiting.
    #[must_use]
    pub fn is_in_process(self) -> bool {
        self == Self::Sqlite
    }

    /// The driver that goes by this name, in any case.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name.to_lowercase().as_str() {
            "postgres" | "pgsql" | "postgresql" | "pg" => Self::Postgres,
            "mysql" => Self::MySql,
            "mariadb" => Self::MariaDb,
            "sqlite" | "sqlite3" => Self::Sqlite,
            "sqlserver" | "mssql" | "sqlsrv" => Self::SqlServer,
            _ => return None,
        })
    }

    /// MariaDB speaks MySQL's protocol; the others are families of their own.
    #[must_use]
    pub fn family(self) -> Self {
        if self == Self::MariaDb { Self::MySql } else { self }
    }

    /// The port that its servers listen on; 0 on SQLite, which has none.
    #[must_use]
    pub fn default_port(self) -> u16 {
        match self {
            Self::Postgres => 5432,
            Self::MySql | Self::MariaDb => 3306,
            Self::SqlServer => 1433,
            Self::Sqlite => 0,
        }
    }

    /// The administrator that a fresh server has; who logs in unless `username` is given.
    #[must_use]
    pub fn default_username(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::MySql | Self::MariaDb => "root",
            Self::SqlServer => "sa",
            Self::Sqlite => "",
        }
    }

    /// What `getDriverName()` answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Postgres => "pgsql",
            Self::MySql => "mysql",
            Self::MariaDb => "mariadb",
            Self::Sqlite => "sqlite",
            Self::SqlServer => "sqlserver",
        }
    }

    /// The name people know, for messages.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::MySql => "MySQL",
            Self::MariaDb => "MariaDB",
            Self::Sqlite => "SQLite",
            Self::SqlServer => "SQL Server",
        }
    }
}
