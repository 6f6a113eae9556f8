//! [`MySqlDriver`]: opens connections to one endpoint.

use std::rc::Rc;

use futures_util::future::LocalBoxFuture;
use sqlx::mysql::{MySqlConnectOptions, MySqlRow};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Row as _};

use super::connection::{MySqlConnection, ServerFacts};
use super::schema_knowledge::SchemaKnowledge;
use super::side_connection::SessionAddress;
use super::socket::WatchedSocket;
use super::{failure, session};
use crate::config::{ConnectionConfig, Endpoint};
use crate::driver::{Connection, Driver};
use crate::error::{Error, ErrorCode, Result};

/// Opens connections to one endpoint of a configuration.
pub struct MySqlDriver {
    config: Rc<ConnectionConfig>,
    endpoint: Rc<Endpoint>,
    options: Rc<MySqlConnectOptions>,
    knowledge: Rc<SchemaKnowledge>,
}

impl MySqlDriver {
    /// A driver for `endpoint`. What its connections learn of the tables they share.
    #[must_use]
    pub fn new(config: Rc<ConnectionConfig>, endpoint: Endpoint) -> Self {
        let options = Rc::new(session::options(&config, &endpoint));
        Self { config, endpoint: Rc::new(endpoint), options, knowledge: Rc::default() }
    }

    /// Opens a connection: the log-in, then one round trip that sets the session up.
    ///
    /// # Errors
    /// As [`Driver::connect`].
    #[must_use]
    pub fn open(&self) -> LocalBoxFuture<'static, Result<MySqlConnection>> {
        let (config, endpoint) = (Rc::clone(&self.config), Rc::clone(&self.endpoint));
        let (options, knowledge) = (Rc::clone(&self.options), Rc::clone(&self.knowledge));
        Box::pin(async move {
            let setup = session::setup(&config)?;
            let failed = |error| failure::of_connect(&error, &endpoint);
            let (mut inner, socket) =
                WatchedSocket::of(options.connect(), &endpoint).await.map_err(failed)?;
            let rows = sqlx::raw_sql(AssertSqlSafe(setup)).fetch_all(&mut inner).await.map_err(failed)?;
            let (id, facts) = read_facts(&rows).map_err(failed)?;
            let address = SessionAddress { options, endpoint: Rc::clone(&endpoint), id };
            Ok(MySqlConnection::new((inner, socket), config, address, facts, knowledge))
        })
    }
}

/// The answers to [`session::setup`].
fn read_facts(rows: &[MySqlRow]) -> sqlx::Result<(u64, ServerFacts)> {
    let first = rows.first().ok_or(sqlx::Error::RowNotFound)?;
    let version: String = first.try_get_unchecked(1)?;
    let max_packet: u64 = first.try_get_unchecked(2)?;
    let variable = rows.get(1).map(|row| row.try_get_unchecked::<String, _>(1)).transpose()?;
    let facts = ServerFacts {
        is_mariadb: version.contains("MariaDB"),
        max_packet: usize::try_from(max_packet).unwrap_or(usize::MAX),
        lock_timeout_ends_transaction: variable.is_some_and(|value| value == "ON"),
    };
    Ok((first.try_get_unchecked(0)?, facts))
}

impl Driver for MySqlDriver {
    fn connect(&self) -> LocalBoxFuture<'static, Result<Box<dyn Connection>>> {
        let opening = self.open();
        Box::pin(async move {
            let connection = opening.await.map_err(as_connection_error)?;
            Ok(Box::new(connection) as Box<dyn Connection>)
        })
    }
}

/// Whatever keeps a connection from being opened is a connection's error to programs, except a
/// configuration that can never work.
fn as_connection_error(error: Error) -> Error {
    let code = if error.code == ErrorCode::Config { error.code } else { ErrorCode::Connection };
    Error { code, ..error }
}
