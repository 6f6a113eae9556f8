//! [`MySqlDriver`]: opens connections to one endpoint.

use std::rc::Rc;

use futures_util::future::LocalBoxFuture;

use super::connection::MySqlConnection;
use super::failure::Failure;
use super::packet_reader::malformed;
use super::server::Server;
use super::setup::{read_facts, setup};
use crate::config::{ConnectionConfig, Endpoint};
use crate::driver::{Connection, Driver};
use crate::error::{Error, ErrorCode, Result};

/// Opens connections to one endpoint of a configuration.
pub struct MySqlDriver {
    server: Rc<Server>,
}

impl MySqlDriver {
    /// A driver for `endpoint`. Opens nothing yet.
    #[must_use]
    pub fn new(config: Rc<ConnectionConfig>, endpoint: Endpoint) -> Self {
        Self { server: Rc::new(Server::new(config, endpoint)) }
    }

    /// Opens a connection: the log-in, then one round trip that sets the session up.
    ///
    /// # Errors
    /// As [`Driver::connect`].
    #[must_use]
    pub fn open(&self) -> LocalBoxFuture<'static, Result<MySqlConnection>> {
        let server = Rc::clone(&self.server);
        Box::pin(async move {
            let setup = setup(&server.config)?;
            let mut session = server.log_in().await?;
            let told = session.ask(&setup).await.map_err(|failure| server.explain(&failure))?;
            let facts = read_facts(&told);
            let (id, facts) = facts.ok_or_else(|| server.explain(&Failure::Stream(malformed())))?;
            Ok(MySqlConnection::new(session, server, id, facts))
        })
    }
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
