//! [`ConnectionConfig`]: one named connection, after validation.

use super::{DriverName, Endpoint, PoolConfig, SqliteConfig, SslConfig};
use crate::value::temporal::Zone;

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
    /// MySQL: upserts name the new row instead of asking `values()`. Needs MySQL 8.0.19. Default false.
    pub use_upsert_alias: bool,
    /// MySQL: storage engine of new tables.
    pub engine: Option<String>,
    /// Character set of new tables (MySQL) and of new databases (MySQL, PostgreSQL). `None`: the
    /// database's own, or the server's.
    pub table_charset: Option<String>,
    /// Whether names that are made for indexes begin with the prefix. Default true.
    pub prefix_indexes: bool,
    /// SQLite: `json` columns are declared so, not as `text`. Default false.
    pub use_native_json: bool,
    /// SQLite: `jsonb` columns are declared so, not as `text`. Default false.
    pub use_native_jsonb: bool,
    /// Columns of new tables may be null unless they say otherwise (as 2.1.24 did). Default false.
    pub nullable_by_default: bool,
}
