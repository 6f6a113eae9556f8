//! MySQL and MariaDB, over their wire protocol.
//!
//! ```text
//! driver ── server (log-in: handshake, authentication) ── setup ──► connection
//!   execution: preparation ─► parameters ─► session: the answer's packets ─► delivery ─► layout, cells
//!              └ known_statement ─► comparisons, effects ◄ lexer
//!   session ── wire ── network            side_connection: kill query, is the session still there
//! ```
//! Why not sqlx: docs/decisions/0017.
//!
//! - **Death.** A connection that is found dead before a statement was run fails with `Connection`, so
//!   that the statement may be given to another; afterwards it is `LostConnection`.
//!   `SessionAddress::watch` asks about a silent statement over a second connection.
//! - **`CLIENT_MULTI_STATEMENTS` is on.** Text goes unprepared only where the server itself has just
//!   parsed it as one statement (error 1295), where it is nothing but words (`begin`), or as a script.
//! - **`LOAD DATA LOCAL`** is refused by the server: the log-in does not announce that it could, and
//!   there is no code that reads a file.
//!
//! Types, where MySQL's are special: `TINYINT(1)` is a number; `BIT` is bytes; zero dates are null
//! (`dates: 'string'` shows them); `TIME` and `DATE` are text; `JSON` is parsed on MariaDB, too.

mod ahead;
mod answer;
mod authentication;
mod bulk;
mod capabilities;
mod cells;
mod clock;
mod column;
mod comparisons;
mod connection;
mod delivery;
mod driver;
mod effects;
mod execution;
mod failure;
mod handshake;
mod known_statement;
mod layout;
mod lexer;
mod packet_reader;
mod parameters;
mod preparation;
mod server;
mod session;
mod setup;
mod side_connection;
mod wire;

pub use connection::MySqlConnection;
pub use driver::MySqlDriver;
