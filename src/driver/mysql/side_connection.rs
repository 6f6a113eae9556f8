//! Questions about a connection that is busy, asked over a connection of their own.

use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;

use futures_util::future::{Either, select};

use super::failure;
use super::server::Server;
use crate::error::Result;
use crate::runtime::timeout;

/// Where a session is, and its number.
#[derive(Clone)]
pub struct SessionAddress {
    /// Its server.
    pub server: Rc<Server>,
    /// The server's number of the session.
    pub id: u64,
}

/// A statement that is silent for so long is asked about. With the limits below a server that is
/// gone is noticed within 21 s.
const SILENCE: Duration = Duration::from_secs(10);

/// Longest time for one question.
const QUESTION_LIMIT: Duration = Duration::from_secs(5);

/// Pause before the second question. One alone may be lost to a server that is only very busy.
const SECOND_QUESTION_AFTER: Duration = Duration::from_secs(1);

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

    /// Waits for a statement of the session as long as the server has it.
    ///
    /// The operating system notices only a machine that is gone, not one behind which nobody is left.
    ///
    /// # Errors
    /// `LostConnection` when the server is gone, or has no such session; what the statement says.
    pub async fn watch<T>(self, statement: impl Future<Output = Result<T>>) -> Result<T> {
        let mut statement = pin!(statement);
        let mut pause = SILENCE;
        loop {
            if let Ok(ended) = timeout(pause, statement.as_mut()).await {
                return ended;
            }
            let is_there = match select(statement.as_mut(), pin!(self.is_there())).await {
                Either::Left((ended, _)) => return ended,
                Either::Right((is_there, _)) => is_there,
            };
            pause = match is_there {
                Some(true) => SILENCE,
                None if pause == SILENCE => SECOND_QUESTION_AFTER,
                Some(false) | None => return Err(failure::lost("the server was silent, and is gone")),
            };
        }
    }

    /// Whether the server still has the session. `None`: it did not answer.
    async fn is_there(&self) -> Option<bool> {
        match timeout(QUESTION_LIMIT, self.clone().has_session()).await {
            Ok(Ok(is_there)) => Some(is_there),
            // It refuses us (too many connections, for one): it is there.
            Ok(Err(error)) if error.detail.native_code.is_some() => Some(true),
            Ok(Err(_)) | Err(_) => None,
        }
    }

    /// Runs one text and counts its rows.
    async fn ask(&self, sql: String) -> Result<usize> {
        let mut session = self.server.log_in().await?;
        let asked = session.ask(&sql).await;
        // The answer counts; whether the goodbye arrives does not.
        session.close().await;
        asked.map(|rows| rows.len()).map_err(|failure| failure.of_statement())
    }
}
