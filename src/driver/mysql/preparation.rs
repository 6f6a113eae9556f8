//! What has to be known before a statement is run; the server is asked once.

use std::io;
use std::rc::Rc;
use std::time::Duration;

use super::connection::MySqlConnection;
use super::failure::Answered;
use super::known_statement::{KnownStatement, Road};
use super::layout::Layout;
use crate::dialect::mysql::errors::CANNOT_BE_PREPARED;
use crate::driver::{DriverStatement, TransactionStatus};
use crate::error::Result;

/// After this long without a statement the connection's stream is looked at, which costs no round trip.
const LOOK_AFTER: Duration = Duration::from_millis(10);

impl MySqlConnection {
    /// Sees to it that a connection that was idle for a while lives, before anything is sent on it.
    pub(super) fn look_after_pause(&mut self) -> Result<()> {
        if self.status != TransactionStatus::Idle || self.last_used.elapsed() <= LOOK_AFTER {
            return Ok(());
        }
        if self.has_been_ended() {
            let ended = io::Error::from(io::ErrorKind::ConnectionReset);
            return Err(self.fail_before(&ended.into()));
        }
        Ok(())
    }

    /// What is known of a statement; the server is asked the first time.
    pub(super) async fn know(&mut self, statement: &DriverStatement) -> Result<Rc<KnownStatement>> {
        if let Some(known) = self.known.find(&statement.sql) {
            return Ok(known);
        }
        self.check_size(1 + statement.sql.len())?;
        let mut known = KnownStatement::read(&statement.sql, statement.placeholders);
        if known.road.is_none() {
            known = self.prepare(known, statement).await?;
        }
        let known = Rc::new(known);
        if statement.is_cached
            && let Some(dropped) = self.known.keep(&statement.sql, Rc::clone(&known))
        {
            self.give_up(&dropped);
        }
        Ok(known)
    }

    async fn prepare(
        &mut self,
        mut known: KnownStatement,
        statement: &DriverStatement,
    ) -> Result<KnownStatement> {
        match self.session.prepare(&statement.sql).await {
            Ok(prepared) => {
                known.road = Some(Road::Prepared(prepared.id));
                known.parameters = Some(prepared.parameters);
                if prepared.columns > 0 {
                    let layout = self.read_layout(prepared.columns);
                    known.layout = Some(layout.map_err(|failure| self.fail_before(&failure))?).into();
                }
                Ok(known)
            }
            // The server has parsed the text by then, and as one statement: a second one would have
            // been a syntax error. So there is only one to send as text.
            Err(failure) if failure.number() == Some(CANNOT_BE_PREPARED) && statement.placeholders == 0 => {
                Ok(KnownStatement { road: Some(Road::Text), parameters: Some(0), ..known })
            }
            Err(failure) => Err(self.fail_before(&failure)),
        }
    }

    /// Has the server forget a statement, with the next that is sent.
    pub(super) fn give_up(&mut self, known: &KnownStatement) {
        if let Some(id) = known.id() {
            self.session.write_close(id);
        }
    }

    /// How the rows of the columns that were announced last are read.
    pub(super) fn read_layout(&self, columns: usize) -> Answered<Rc<Layout>> {
        let is_extended = self.session.has_extended_metadata();
        let layout = Layout::read(&self.session.definitions, columns, is_extended, &self.config)?;
        Ok(Rc::new(layout))
    }
}
