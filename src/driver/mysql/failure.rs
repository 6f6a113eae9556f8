//! [`Failure`]: why the server did not do what it was asked for, and what the caller is told of it.

use std::io;

use super::answer::ServerError;
use crate::config::Endpoint;
use crate::error::{Error, ErrorCode};

/// Why something failed.
#[derive(Debug)]
pub enum Failure {
    /// The server said so.
    Server(ServerError),
    /// The stream ended, or nobody knows what its next bytes mean.
    Stream(io::Error),
    /// The connection could not be encrypted.
    Encryption(io::Error),
    /// The password would have to be sent where others can read it.
    NeedsEncryption,
    /// The log-in cannot go on.
    Refused(String),
}

/// What the server answered, or why it did not.
pub type Answered<T> = std::result::Result<T, Failure>;

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Stream(error)
    }
}

impl Failure {
    /// The server's error number, where the server is who said no.
    #[must_use]
    pub fn number(&self) -> Option<u16> {
        match self {
            Self::Server(error) => Some(error.number),
            _ => None,
        }
    }

    /// What the caller of a statement is told. Whatever is not the server's answer means that the
    /// connection is lost.
    #[must_use]
    pub fn of_statement(&self) -> Error {
        match self {
            Self::Server(error) => error.classify(),
            Self::Stream(error) | Self::Encryption(error) => lost(error),
            Self::NeedsEncryption => lost("it is not encrypted"),
            Self::Refused(reason) => lost(reason),
        }
    }

    /// What is told of a failure to open a connection, saying what was tried.
    #[must_use]
    pub fn of_connect(&self, endpoint: &Endpoint) -> Error {
        let place = match &endpoint.socket {
            Some(path) => path.display().to_string(),
            None => format!("{}:{}", endpoint.host, endpoint.port),
        };
        let (message, driver_code) = match self {
            Self::Server(server) => {
                let told = server.classify();
                let message =
                    format!("{place} refused the connection: {}{}", told.message, advice(server.number));
                return Error { code: ErrorCode::Connection, message, detail: told.detail };
            }
            Self::Stream(error) => {
                (format!("could not connect to {place}: {}", reason(error)), io_code(error))
            }
            Self::Encryption(error) => {
                (format!("could not encrypt the connection to {place}: {error}"), None)
            }
            Self::NeedsEncryption => {
                let advice = "set ssl (or sslmode) for this connection";
                (format!("{place} asks for the password, which is only sent encrypted: {advice}"), None)
            }
            Self::Refused(reason) => (format!("could not log in to {place}: {reason}"), None),
        };
        let mut error = Error::new(ErrorCode::Connection, message);
        error.detail.driver_code = driver_code.map(ToOwned::to_owned);
        error
    }
}

/// What to do about a refusal.
fn advice(number: u16) -> &'static str {
    match number {
        1044 | 1045 | 1698 => "; check username and password",
        1049 => "; create the database or change its name in the configuration",
        1040 | 1203 | 1226 => "; lower pool.max or raise the server's limit",
        1298 => {
            "; fill the server's zones with mysql_tzinfo_to_sql, or set timezone to an offset such as '+01:00'"
        }
        _ => "",
    }
}

/// The connection ended while a statement ran.
#[must_use]
pub fn lost(why: impl std::fmt::Display) -> Error {
    let mut error = Error::new(
        ErrorCode::LostConnection,
        format!("the connection to the server ended while a statement ran ({why})"),
    );
    error.detail.driver_code = Some("PROTOCOL_CONNECTION_LOST".to_owned());
    error
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            "nothing answers there (connection refused); is the server running?".into()
        }
        io::ErrorKind::NotFound => "there is no such socket".into(),
        _ => error.to_string(),
    }
}

/// Node's names, as mysql2 passes them on.
fn io_code(error: &io::Error) -> Option<&'static str> {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Some("ECONNREFUSED"),
        io::ErrorKind::ConnectionReset => Some("ECONNRESET"),
        io::ErrorKind::TimedOut => Some("ETIMEDOUT"),
        io::ErrorKind::HostUnreachable => Some("EHOSTUNREACH"),
        io::ErrorKind::NetworkUnreachable => Some("ENETUNREACH"),
        io::ErrorKind::NotFound => Some("ENOENT"),
        // The look-up of a host name has no kind of its own.
        _ if error.raw_os_error().is_none() && error.to_string().contains("lookup address") => {
            Some("ENOTFOUND")
        }
        _ => None,
    }
}
