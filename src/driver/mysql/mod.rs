//! MySQL and MariaDB, through sqlx's connection (`docs/decisions/0004`).
//!
//! ```text
//! MySqlDriver ── session (options, set-up) ──► MySqlConnection
//!   execution: preparation ─► parameters ─► the statement's answers ─► delivery ─► layout, cells
//!              └ known_statement ─► comparisons, effects ◄ lexer
//!   side_connection: kill query, is the session still there
//! ```
//!
//! What sqlx 0.9.0 keeps to itself, and what follows:
//! - **The socket.** On Linux it is found all the same (`socket`), which gives keepalive and a look at
//!   it. Elsewhere the first statement after a pause of a second asks with a ping. `SessionAddress::watch`
//!   asks about a silent statement over a second connection. A connection that is found dead before a
//!   statement was run fails with `Connection`, so that the statement may be given to another;
//!   afterwards it is `LostConnection`.
//! - **The status flags.** The transaction's state is read from the statements (`effects`).
//! - **A prepared statement with a wrong number of values** leaves sqlx waiting for an answer to
//!   nothing, so numbers are compared before it is run.
//! - **`CLIENT_MULTI_STATEMENTS` is on.** Text goes unprepared only where the server itself has just
//!   parsed it as one statement (error 1295), where it is nothing but words (`begin`), or as a script.
//! - **`LOAD DATA LOCAL`** is refused by the server: sqlx does not announce that it could, and has no
//!   code that reads a file.
//!
//! Types, where MySQL's are special: `TINYINT(1)` is a number; `BIT` is bytes; zero dates are null
//! (`dates: 'string'` shows them); `TIME` and `DATE` are text; `JSON` is parsed on MariaDB, too.

mod cells;
mod clock;
mod comparisons;
mod connection;
mod delivery;
mod driver;
mod effects;
mod execution;
mod failure;
mod known_statement;
mod layout;
mod lexer;
mod parameters;
mod preparation;
mod schema_knowledge;
mod session;
mod side_connection;
mod socket;

pub use connection::MySqlConnection;
pub use driver::MySqlDriver;
