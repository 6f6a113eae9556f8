//! What has to be known before a statement is run; the server is asked once.

use std::io;
use std::rc::Rc;
use std::time::Duration;

use sqlx::{Connection as _, Executor as _};

use super::connection::MySqlConnection;
use super::failure;
use super::known_statement::{KnownStatement, Road};
use super::layout::{Layout, may_be_json};
use crate::dialect::mysql::errors::CANNOT_BE_PREPARED;
use crate::driver::{DriverStatement, TransactionStatus};
use crate::error::Result;

/// Texts that a connection remembers; beyond it starts anew. Twice sqlx's cache of prepared
/// statements, so that nothing prepared is forgotten first in steady use.
const KNOWN_STATEMENTS: usize = 512;

/// Placeholders of statements prepared for hardly more than one use, until all are closed. The
/// server keeps about half a kilobyte for each, so this is about 16 MB.
const RARE_PLACEHOLDERS: usize = 32 * 1024;

/// After this long without a statement the connection's socket is looked at, which costs no round trip.
const LOOK_AFTER: Duration = Duration::from_millis(10);

/// Where the socket is not known, the server is asked instead: a round trip, so only after a longer pause.
const ASK_AFTER: Duration = Duration::from_secs(1);

impl MySqlConnection {
    /// Sees to it that a connection that was idle for a while lives, before anything is sent on it.
    pub(super) async fn look_after_pause(&mut self) -> Result<()> {
        let pause = if self.socket.is_some() { LOOK_AFTER } else { ASK_AFTER };
        if self.status != TransactionStatus::Idle || self.last_used.elapsed() <= pause {
            return Ok(());
        }
        let looked = match &self.socket {
            Some(socket) if socket.is_dead() => Err(io::Error::from(io::ErrorKind::ConnectionReset).into()),
            Some(_) => Ok(()),
            None => self.inner.ping().await,
        };
        looked.map_err(|error| self.fail_before(&error))
    }

    /// MariaDB's JSON columns are looked up; MySQL tells them itself.
    pub(super) fn asks_for_json(&self) -> bool {
        self.facts.is_mariadb && !self.config.json_as_text
    }

    /// What is known of a statement; the server is asked the first time.
    pub(super) async fn know(&mut self, statement: &DriverStatement) -> Result<Rc<KnownStatement>> {
        if let Some(known) = self.known.get(&statement.sql) {
            return Ok(Rc::clone(known));
        }
        let mut known = KnownStatement::read(&statement.sql, statement.is_cached, statement.placeholders);
        if known.road == Road::Kept {
            known = match self.inner.prepare(known.sql.clone()).await {
                Ok(prepared) => known.prepared(&prepared),
                // The server has parsed the text by then, and as one statement: a second one would
                // have been a syntax error. So there is only one to send as text.
                Err(error)
                    if failure::number(&error) == Some(CANNOT_BE_PREPARED) && statement.placeholders == 0 =>
                {
                    known.into_text()
                }
                Err(error) => return Err(self.fail_before(&error)),
            };
        }
        let known = Rc::new(known);
        if statement.is_cached {
            if self.known.len() >= KNOWN_STATEMENTS {
                self.known.clear();
            }
            self.known.insert(Rc::clone(&statement.sql), Rc::clone(&known));
        } else if known.road == Road::Kept {
            self.bound_rare_statements(statement.placeholders).await?;
        }
        Ok(known)
    }

    /// sqlx can close single statements only when its cache is full: rare ones with thousands of
    /// placeholders would weigh on the server, so all are closed when they become too many.
    async fn bound_rare_statements(&mut self, placeholders: usize) -> Result<()> {
        self.rare_placeholders += placeholders;
        if self.rare_placeholders > RARE_PLACEHOLDERS {
            self.rare_placeholders = placeholders;
            self.close_statements().await?;
        }
        Ok(())
    }

    /// Columns of known statements may be other ones once this program changed the schema.
    pub(super) async fn forget_after_ddl(&mut self) -> Result<()> {
        let generation = self.knowledge.generation();
        if self.generation != generation {
            self.generation = generation;
            self.known.clear();
            self.close_statements().await?;
        }
        Ok(())
    }

    async fn close_statements(&mut self) -> Result<()> {
        self.inner.clear_cached_statements().await.map_err(|error| self.fail_before(&error))
    }

    /// How the rows of a statement are read, as far as it is known before they come.
    pub(super) async fn layout(&mut self, known: &KnownStatement) -> Result<Option<Rc<Layout>>> {
        if known.columns.is_empty() {
            return Ok(None);
        }
        if let Some(layout) = &*known.layout.borrow() {
            return Ok(Some(Rc::clone(layout)));
        }
        let asks = self.asks_for_json();
        if asks && known.columns.iter().any(may_be_json) {
            let learned = Rc::clone(&self.knowledge).learn(&known.columns, &mut self.inner).await;
            learned.map_err(|error| self.fail_before(&error))?;
        }
        let layout = Rc::new(Layout::new(&known.columns, &self.config, |column| {
            asks && self.knowledge.is_json(column)
        }));
        known.layout.replace(Some(Rc::clone(&layout)));
        Ok(Some(layout))
    }
}
