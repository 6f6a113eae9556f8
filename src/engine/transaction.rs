//! Begin, commit, roll back, savepoints: what [`Engine`] does with sessions.

use std::rc::Rc;
use std::time::Duration;

use super::control::Control;
use super::engine::Engine;
use super::execute::{self, Work, lost};
use super::row_set::RowSet;
use super::session::{BeginOptions, Session};
use crate::dialect::transaction::{self, Savepoint};
use crate::driver::pool::Lease;
use crate::driver::{DriverStatement, RowSink, TransactionStatus};
use crate::error::{Error, ErrorCode, Result};
use crate::value::Bindings;

/// What a program needs to know about its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Opened {
    /// The id to run statements with.
    pub session: u32,
    /// The server's own number for the connection.
    pub backend: u64,
}

impl Engine {
    /// Pins a connection and begins a transaction on it.
    ///
    /// # Errors
    /// As [`crate::driver::pool::Pool::acquire`], and what the server says.
    pub async fn begin(&self, options: BeginOptions) -> Result<Opened> {
        let statements = transaction::begin(self.config().driver, options.isolation, options.read_only)?;
        let pool = self.write_pool(options.read_only)?;
        let mut lease = pool.acquire().await?;
        match all(&mut lease, &statements).await {
            // Its connection had died while idle. Nothing is lost with a transaction that only began.
            Err(error) if matches!(error.code, ErrorCode::Connection | ErrorCode::LostConnection) => {
                lease = pool.acquire().await?;
                all(&mut lease, &statements).await?;
            }
            begun => begun?,
        }
        Ok(self.open_session(lease))
    }

    /// Pins a connection without a transaction.
    ///
    /// # Errors
    /// As [`crate::driver::pool::Pool::acquire`].
    pub async fn pin(&self) -> Result<Opened> {
        let lease = self.write_pool(false)?.acquire().await?;
        Ok(self.open_session(lease))
    }

    /// Gives a pinned connection back, after what was submitted on it.
    ///
    /// # Errors
    /// `TransactionClosed` for a session that is over.
    pub async fn unpin(&self, session: u32) -> Result<()> {
        let session = self.take_session(session)?;
        if let Some(mut lease) = session.lease.lock().await.take() {
            // The program may have left anything behind: locks, settings, temporary tables.
            lease.mark_for_reset();
            lease.release();
        }
        Ok(())
    }

    /// Commits, after what was submitted before. The session is over, whatever happens.
    ///
    /// # Errors
    /// `TransactionRolledBack` when the server had already given the transaction up,
    /// `CommitUnknown` when the connection was lost while COMMIT was on its way, and what the
    /// server says (a deferred constraint).
    pub async fn commit(&self, session: u32) -> Result<()> {
        let session = self.take_session(session)?;
        let mut lease = session.lease.lock().await.take().ok_or_else(|| rolled_back("its connection was lost"))?;
        match status(&mut lease) {
            TransactionStatus::Failed => {
                let _ = simple(&mut lease, transaction::ROLLBACK, None).await;
                lease.release();
                Err(rolled_back("a statement in it failed and the error was not passed on"))
            }
            TransactionStatus::Idle => {
                lease.release();
                Ok(())
            }
            TransactionStatus::Open => {
                let committed = simple(&mut lease, transaction::COMMIT, self.statement_limit()).await;
                match committed {
                    Ok(()) => {
                        lease.release();
                        Ok(())
                    }
                    Err(error) => Err(self.after_failed_commit(lease, error).await),
                }
            }
        }
    }

    async fn after_failed_commit(&self, mut lease: Lease, error: Error) -> Error {
        use ErrorCode::{Aborted, CommitUnknown, Connection, LostConnection, QueryTimeout};
        if matches!(error.code, LostConnection | Connection | QueryTimeout | Aborted) {
            let mut unknown = Error::new(
                CommitUnknown,
                "the connection was lost while COMMIT was on its way: the transaction may or may not be committed. Look \
                 for its effects before you try again",
            );
            unknown.detail = error.detail;
            return unknown;
        }
        // SQLite keeps the transaction open when COMMIT finds the file busy.
        if status(&mut lease) != TransactionStatus::Idle {
            let _ = simple(&mut lease, transaction::ROLLBACK, None).await;
        }
        lease.release();
        error
    }

    /// Rolls back, after what was submitted before. The session is over, whatever happens.
    ///
    /// # Errors
    /// What the server says; the connection is then closed, which rolls back as well.
    pub async fn rollback(&self, session: u32) -> Result<()> {
        let session = self.take_session(session)?;
        let Some(mut lease) = session.lease.lock().await.take() else { return Ok(()) };
        if status(&mut lease) != TransactionStatus::Idle {
            simple(&mut lease, transaction::ROLLBACK, Some(ROLLBACK_LIMIT)).await?;
        }
        lease.release();
        Ok(())
    }

    /// Sets, releases or rolls back to a savepoint.
    ///
    /// # Errors
    /// `TransactionClosed` for a session that is over, and what the server says.
    pub async fn savepoint(&self, session: u32, step: Savepoint, name: &str) -> Result<()> {
        let sql = transaction::savepoint(step, name)?;
        let session = self.session(session)?;
        let mut held = session.lease.lock().await;
        let lease = held.as_mut().ok_or_else(lost)?;
        simple(lease, &sql, self.statement_limit()).await
    }

    fn open_session(&self, mut lease: Lease) -> Opened {
        let backend = lease.connection().map_or(0, |connection| connection.session_id());
        Opened { session: self.add_session(Rc::new(Session::new(lease))), backend }
    }
}

/// A server that does not answer a ROLLBACK loses its connection, which rolls back as well.
const ROLLBACK_LIMIT: Duration = Duration::from_secs(5);

async fn all(lease: &mut Lease, statements: &[String]) -> Result<()> {
    for sql in statements {
        simple(lease, sql, None).await?;
    }
    Ok(())
}

/// Runs a statement without values and rows.
pub(super) async fn simple(lease: &mut Lease, sql: &str, limit: Option<Duration>) -> Result<()> {
    let statement = DriverStatement { sql: Rc::from(sql), order: None, placeholders: 0, is_cached: true };
    let mut rows = RowSet::default();
    let mut sink = RowSink::new(&mut rows);
    let control = Control::with_limit(limit);
    let bindings = Bindings::none();
    execute::run(lease, Work::Statement(&statement, &bindings), &mut sink, &control).await?;
    Ok(())
}

fn status(lease: &mut Lease) -> TransactionStatus {
    lease.connection().map_or(TransactionStatus::Failed, |connection| connection.transaction_status())
}

fn rolled_back(why: &str) -> Error {
    Error::new(
        ErrorCode::TransactionRolledBack,
        format!("the transaction was rolled back instead of committed: {why}. Nothing of it remains"),
    )
}
