//! Questions about a connection that is busy, asked over a connection of their own.

use std::rc::Rc;

use sqlx::mysql::MySqlConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};

use super::failure;
use crate::config::Endpoint;
use crate::error::Result;

/// Where a session is, and its number.
#[derive(Debug, Clone)]
pub struct SessionAddress {
    /// How to reach its server.
    pub options: Rc<MySqlConnectOptions>,
    /// The same, for messages.
    pub endpoint: Rc<Endpoint>,
    /// The server's number of the session.
    pub id: u64,
}

/// There is no such session (any more).
const NO_SUCH_SESSION: u16 = 1094;

impl SessionAddress {
    /// Asks the server to stop the statement that the session runs. One that is gone needs nothing.
    ///
    /// # Errors
    /// `Connection` when the server cannot be reached, else what it said.
    pub async fn stop_statement(self) -> Result<()> {
        let asked = self.ask(format!("kill query {}", self.id)).await;
        match asked {
            Err(error) if error.detail.native_code.as_deref() == Some(&NO_SUCH_SESSION.to_string()) => Ok(()),
            other => other.map(|_| ()),
        }
    }

    /// Whether the server still has the session.
    ///
    /// # Errors
    /// As [`SessionAddress::stop_statement`].
    pub async fn has_session(self) -> Result<bool> {
        let question = format!("select id from information_schema.processlist where id = {}", self.id);
        Ok(self.ask(question).await? > 0)
    }

    /// Runs one text and counts its rows.
    async fn ask(&self, sql: String) -> Result<usize> {
        let mut connection =
            self.options.connect().await.map_err(|error| failure::of_connect(&error, &self.endpoint))?;
        let asked = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(&mut connection).await;
        // The answer counts; whether the goodbye arrives does not.
        let _ = connection.close().await;
        asked.map(|rows| rows.len()).map_err(|error| failure::of_statement(&error))
    }
}
