//! What client and server agree on at log-in.
//!
//! <https://mariadb.com/kb/en/connection/#capabilities>,
//! <https://dev.mysql.com/doc/dev/mysql-server/latest/group__group__cs__capabilities__flags.html>

/// A set of them: MySQL's in the low half, MariaDB's own in the high one.
pub type Capabilities = u64;

/// The server is MySQL. MariaDB leaves it out, and then has capabilities of its own.
pub const CLIENT_MYSQL: Capabilities = 1;
/// Rows that an update found count as affected, not only those that it changed.
const FOUND_ROWS: Capabilities = 1 << 1;
/// The log-in names a database.
pub const CONNECT_WITH_DB: Capabilities = 1 << 3;
const PROTOCOL_41: Capabilities = 1 << 9;
/// TLS.
pub const SSL: Capabilities = 1 << 11;
const TRANSACTIONS: Capabilities = 1 << 13;
/// Passwords are proved by a challenge of 20 bytes.
pub const SECURE_CONNECTION: Capabilities = 1 << 15;
/// A text may hold several statements.
const MULTI_STATEMENTS: Capabilities = 1 << 16;
const MULTI_RESULTS: Capabilities = 1 << 17;
const PS_MULTI_RESULTS: Capabilities = 1 << 18;
/// Ways to log in have names.
pub const PLUGIN_AUTH: Capabilities = 1 << 19;
/// Rows end with an OK packet; without it with an EOF packet, and columns as well.
pub const DEPRECATE_EOF: Capabilities = 1 << 24;
/// MariaDB runs a prepared statement for many rows of values in one command.
pub const BULK_OPERATIONS: Capabilities = 1 << 34;
/// MariaDB says what a column is beyond its type, for one that it is JSON.
pub const EXTENDED_METADATA: Capabilities = 1 << 35;
/// MariaDB leaves the columns of a prepared statement out when they are the same as the last time.
pub const CACHE_METADATA: Capabilities = 1 << 36;

/// Those without which nothing works.
pub const NEEDED: Capabilities = PROTOCOL_41 | SECURE_CONNECTION | PLUGIN_AUTH;

/// Those that are asked for. `LOCAL_FILES` is not among them: no server gets to read a file.
pub const WANTED: Capabilities = NEEDED
    | FOUND_ROWS
    | TRANSACTIONS
    | MULTI_STATEMENTS
    | MULTI_RESULTS
    | PS_MULTI_RESULTS
    | DEPRECATE_EOF
    | BULK_OPERATIONS
    | EXTENDED_METADATA
    | CACHE_METADATA;
