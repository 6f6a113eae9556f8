//! One named connection, after validation ([`ConnectionConfig`]), and how it is read ([`parse`]).
//!
//! Every default stands with its field, with its unit and reason.

mod connection;
mod driver_name;
mod endpoint;
mod endpoints;
mod keys;
mod nearest;
mod options;
mod parse;
mod pool;
mod sqlite;
mod ssl;
#[cfg(test)]
mod tests;
mod tls;
mod url;

pub use connection::{BigIntMode, ConnectionConfig};
pub use driver_name::DriverName;
pub use endpoint::Endpoint;
pub(crate) use nearest::nearest;
pub use parse::parse;
pub use pool::PoolConfig;
pub use sqlite::SqliteConfig;
pub use tls::{SslConfig, SslMode};
