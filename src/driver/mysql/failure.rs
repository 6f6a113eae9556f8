//! sqlx's errors to ours.

use std::io;

use sqlx::mysql::MySqlDatabaseError;

use crate::config::Endpoint;
use crate::dialect::mysql::errors::classify;
use crate::error::{Error, ErrorCode};

/// The server's error number, where the server is who said no.
#[must_use]
pub fn number(error: &sqlx::Error) -> Option<u16> {
    server_error(error).map(MySqlDatabaseError::number)
}

fn server_error(error: &sqlx::Error) -> Option<&MySqlDatabaseError> {
    match error {
        sqlx::Error::Database(error) => error.try_downcast_ref::<MySqlDatabaseError>(),
        _ => None,
    }
}

/// A failure of a statement. Whatever is not the server's answer means that the connection is lost:
/// nobody knows any more what the next bytes on it mean.
#[must_use]
pub fn of_statement(error: &sqlx::Error) -> Error {
    if let Some(error) = server_error(error) {
        return classify(error.number(), error.code(), error.message());
    }
    lost(match error {
        sqlx::Error::Io(error) => error.to_string(),
        other => other.to_string(),
    })
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

/// sqlx noticed only after it had prepared a statement that it has another number of placeholders.
#[must_use]
pub fn placeholder_mismatch(error: &sqlx::Error) -> Option<Error> {
    let sqlx::Error::Protocol(message) = error else { return None };
    message.starts_with("prepared statement expected").then(|| {
        Error::invalid(format!(
            "{}; write ?? for a ? that is no placeholder",
            message.replace("parameters", "placeholders")
        ))
    })
}

/// A failure to open a connection, saying what was tried.
#[must_use]
pub fn of_connect(error: &sqlx::Error, endpoint: &Endpoint) -> Error {
    let place = match &endpoint.socket {
        Some(path) => path.display().to_string(),
        None => format!("{}:{}", endpoint.host, endpoint.port),
    };
    if let Some(server) = server_error(error) {
        let told = classify(server.number(), server.code(), server.message());
        let advice = match server.number() {
            1044 | 1045 | 1698 => "; check username and password",
            1049 => "; create the database or change its name in the configuration",
            1040 | 1203 | 1226 => "; lower pool.max or raise the server's limit",
            1298 => {
                "; fill the server's zones with mysql_tzinfo_to_sql, or set timezone to an offset such as '+01:00'"
            }
            _ => "",
        };
        let message = format!("{place} refused the connection: {}{advice}", told.message);
        return Error { code: ErrorCode::Connection, message, detail: told.detail };
    }
    let (message, driver_code) = match error {
        sqlx::Error::Io(error) => {
            (format!("could not connect to {place}: {}", reason(error)), io_code(error))
        }
        sqlx::Error::Tls(error) => (format!("could not encrypt the connection to {place}: {error}"), None),
        // Without TLS sqlx would need RSA for this log-in, which is left out for RUSTSEC-2023-0071.
        sqlx::Error::Configuration(error) if error.to_string().contains("RSA") => (
            format!(
                "{place} asks for the password, which is only sent encrypted: set ssl (or sslmode) for this connection"
            ),
            None,
        ),
        other => (format!("could not log in to {place}: {other}"), None),
    };
    let mut error = Error::new(ErrorCode::Connection, message);
    error.detail.driver_code = driver_code.map(ToOwned::to_owned);
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
