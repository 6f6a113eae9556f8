//! [`Endpoint`]: where a server is.

use std::path::PathBuf;

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
