//! [`ConnectionConfig`]: one named connection, after validation.
//!
//! Every default is here, with its unit and reason. `parse.rs` reads what the user wrote.

mod endpoints;
mod keys;
mod options;
mod parse;
mod ssl;
#[cfg(test)]
mod tests;
mod url;

use std::path::PathBuf;

pub use parse::parse;

use crate::value::temporal::Zone;

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

/// How integers of 64 bits reach JavaScript.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum BigIntMode {
    /// A number when it is exact, else a string.
    #[default]
    Auto,
    /// Always a string.
    String,
    /// Always a bigint.
    BigInt,
    /// Always a number; one beyond ±2^53 throws.
    Number,
}

/// libpq's `sslmode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SslMode {
    /// Never encrypted. The default without `ssl` or `sslmode`: what a server on this machine has.
    #[default]
    Disable,
    /// Encrypted where the server can; the certificate is not verified.
    Prefer,
    /// Encrypted; the certificate is not verified.
    Require,
    /// Encrypted; the certificate's chain is verified.
    VerifyCa,
    /// Encrypted; chain and host name are verified. What `ssl: true` means.
    VerifyFull,
}

/// TLS of one connection.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct SslConfig {
    /// How much is asked for.
    pub mode: SslMode,
    /// PEM of the certificate authorities to trust; the operating system's when none.
    pub ca: Option<Vec<u8>>,
    /// PEM of the client's certificate.
    pub cert: Option<Vec<u8>>,
    /// PEM of the client's key.
    pub key: Option<Vec<u8>>,
}

impl std::fmt::Debug for SslConfig {
    /// Without the key.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let has_ca = self.ca.is_some();
        let has_key = self.key.is_some();
        write!(formatter, "SslConfig({:?}, ca: {has_ca}, client certificate: {has_key})", self.mode)
    }
}

/// Limits of the pool. Times in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolConfig {
    /// Connections kept open even when idle. Default 0.
    pub min: usize,
    /// Most connections open at once. Default 10: what PostgreSQL serves well per process with its
    /// default `max_connections` of 100 and ten processes.
    pub max: usize,
    /// Longest wait for a free connection, opening one included. Default 30 000: shorter than the
    /// 60 s after which nginx gives up on an upstream (`proxy_read_timeout`).
    pub acquire_timeout_ms: u64,
    /// After this long unused a connection above `min` is closed. Default 30 000. 0: never.
    pub idle_timeout_ms: u64,
    /// Longest time to open one connection. Default 3 000.
    pub create_timeout_ms: u64,
    /// Age after which a connection is replaced when it comes back, ± 10 % so that they do not all
    /// go at once. Default 1 800 000. 0: never.
    pub max_lifetime_ms: u64,
}

impl Default for PoolConfig {
    fn default() -> Self {
        Self {
            min: 0,
            max: 10,
            acquire_timeout_ms: 30_000,
            idle_timeout_ms: 30_000,
            create_timeout_ms: 3_000,
            max_lifetime_ms: 1_800_000,
        }
    }
}

/// What SQLite connections are opened with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqliteConfig {
    /// `PRAGMA foreign_keys`. Default on.
    pub foreign_keys: bool,
    /// Longest wait for another process's lock, in milliseconds. Default 5 000.
    pub busy_timeout_ms: u64,
    /// `PRAGMA journal_mode`. Default `wal`.
    pub journal_mode: String,
    /// `PRAGMA synchronous`. Default `normal`: safe under WAL.
    pub synchronous: String,
}

impl Default for SqliteConfig {
    fn default() -> Self {
        Self {
            foreign_keys: true,
            busy_timeout_ms: 5_000,
            journal_mode: "wal".into(),
            synchronous: "normal".into(),
        }
    }
}

/// Where a server is.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Endpoint {
    /// Host name or address. Default `127.0.0.1`.
    pub host: String,
    /// Port. Default 5432, 3306 or 1433.
    pub port: u16,
    /// Path of a socket, instead of host and port.
    pub socket: Option<PathBuf>,
    /// Who logs in.
    pub username: String,
    /// The password, if there is one.
    pub password: Option<String>,
    /// The database; the path of the file, or `:memory:`, on SQLite.
    pub database: String,
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}@{}:{}/{}", self.username, self.host, self.port, self.database)
    }
}

/// One named connection.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::struct_excessive_bools)] // each is an option that users write as true or false
pub struct ConnectionConfig {
    /// Its name.
    pub name: String,
    /// The kind of database.
    pub driver: DriverName,
    /// The servers that writes go to, in the order they are tried. At least one.
    pub write: Vec<Endpoint>,
    /// The servers that reads go to. Empty: reads go where writes go.
    pub read: Vec<Endpoint>,
    /// Whether reads follow a write to its server for the rest of the request. Default false.
    pub sticky: bool,
    /// TLS.
    pub ssl: SslConfig,
    /// The pool.
    pub pool: PoolConfig,
    /// SQLite only.
    pub sqlite: SqliteConfig,
    /// PostgreSQL: `search_path`. Empty: the server's own.
    pub search_path: Vec<String>,
    /// MySQL: character set. Default `utf8mb4`.
    pub charset: String,
    /// MySQL: collation. `None`: the character set's own.
    pub collation: Option<String>,
    /// The zone that timestamps without zone are read and written in. Default UTC.
    pub timezone: Zone,
    /// Put before every table name.
    pub prefix: String,
    /// How integers of 64 bits are read.
    pub bigint: BigIntMode,
    /// `dates: 'string'`: dates and times as the database writes them, microseconds included.
    pub dates_as_text: bool,
    /// `json: 'string'`: JSON as the database writes it.
    pub json_as_text: bool,
    /// Longest time a statement may run, in milliseconds. `None`: no limit.
    pub statement_timeout_ms: Option<u64>,
    /// What the server shows for this program. Default `guruorm`.
    pub application_name: String,
    /// PostgreSQL behind PgBouncer in transaction mode: no statement is kept prepared.
    pub pgbouncer: bool,
    /// MySQL: strict mode. Default true.
    pub strict: bool,
    /// MySQL: storage engine of new tables.
    pub engine: Option<String>,
    /// Columns of new tables may be null unless they say otherwise (as 2.1.24 did). Default false.
    pub nullable_by_default: bool,
}
