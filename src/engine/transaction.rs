//! Begin, commit, roll back, savepoints: what [`Engine`] does with sessions.

use std::rc::Rc;
use std::time::{Duration, Instant};

use super::control::Control;
use super::engine::Engine;
use super::execute::{self, Work, lost};
use super::immediate;
use super::row_set::RowSet;
use super::session::{BeginOptions, Session};
use crate::dialect::transaction::{self, Savepoint};
use crate::driver::pool::Lease;
use crate::driver::{DriverStatement, RowSink, TransactionStatus};
use crate::error::{Error, ErrorCode, Result};
use crate::value::Bindings;

/// What a program needs to know about its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opened {
    /// The id to run statements with.
    pub session: u32,
    /// The server's own number for the connection.
    pub backend: u64,
}

impl Engine {
    /// Begins a transaction on the pinned connection of `options`, or pins one for it. On a connection that was just used, one
    /// without options begins with its first statement (docs/decisions/0021).
    ///
    /// # Errors
    /// As [`crate::driver::pool::Pool::acquire`], and what the server says.
    pub async fn begin(&self, options: BeginOptions) -> Result<Opened> {
        let statements = transaction::begin(self.config().driver, options.isolation, options.read_only)?;
        if options.session != 0 {
            return self.begin_in(options.session, &statements).await;
        }
        let pool = self.write_pool(options.read_only)?;
        let lease = pool.acquire().await?;
        if self.may_owe_begin(options, &lease) {
            return Ok(self.open_session(lease, Session::owing_begin));
        }
        match self.begin_on(lease, &statements).await {
            // It had died while idle; nothing was done on it.
            Err(error) if error.code.ends_connection() && !pool.is_closed() => {
                pool.close_idle();
                self.begin_on(pool.acquire().await?, &statements).await
            }
            begun => begun,
        }
    }

    async fn begin_on(&self, mut lease: Lease, statements: &[String]) -> Result<Opened> {
        all(&mut lease, statements, Some(self.begin_limit())).await?;
        Ok(self.open_session(lease, Session::new))
    }

    /// Part of getting a connection: a silent one is not waited for any longer than for a free one.
    pub(super) fn begin_limit(&self) -> Duration {
        let limit = Duration::from_millis(self.config().pool.acquire_timeout_ms);
        self.statement_limit().map_or(limit, |own| own.min(limit))
    }

    async fn begin_in(&self, id: u32, statements: &[String]) -> Result<Opened> {
        let session = self.session(id)?;
        let mut held = session.lease.lock().await;
        let lease = held.as_mut().ok_or_else(lost)?;
        all(lease, statements, self.statement_limit()).await?;
        let backend = lease.connection().map_or(0, |connection| connection.session_id());
        Ok(Opened { session: id, backend })
    }

    /// Pins a connection without a transaction.
    ///
    /// # Errors
    /// As [`crate::driver::pool::Pool::acquire`].
    pub async fn pin(&self) -> Result<Opened> {
        let lease = self.write_pool(false)?.acquire().await?;
        Ok(self.open_session(lease, Session::new))
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

    /// Commits, after what was submitted before. The session is over, whatever happens, unless it
    /// was pinned before the transaction began (`keeps_session`).
    ///
    /// # Errors
    /// `TransactionRolledBack` when the server had already given the transaction up,
    /// `CommitUnknown` when the connection was lost while COMMIT was on its way, and what the
    /// server says (a deferred constraint).
    pub async fn commit(&self, id: u32, keeps_session: bool) -> Result<()> {
        let session = self.ending(id, keeps_session)?;
        let mut held = session.lease.lock().await;
        let lease = held.as_mut().ok_or_else(|| rolled_back("its connection was lost"))?;
        let committed = self.commit_on(lease).await;
        leave(&mut held, keeps_session);
        committed
    }

    pub(super) async fn commit_on(&self, lease: &mut Lease) -> Result<()> {
        match status(lease) {
            TransactionStatus::Failed => {
                let _ = simple(lease, transaction::ROLLBACK, Some(ROLLBACK_LIMIT)).await;
                Err(rolled_back("a statement in it failed and the error was not passed on"))
            }
            TransactionStatus::Idle => Ok(()),
            TransactionStatus::Open => {
                let committed = simple(lease, transaction::COMMIT, self.statement_limit()).await;
                match committed {
                    Ok(()) => Ok(()),
                    Err(error) => Err(after_failed_commit(lease, error).await),
                }
            }
        }
    }

    /// Rolls back, after what was submitted before. The session is over, whatever happens, unless
    /// it was pinned before the transaction began (`keeps_session`).
    ///
    /// # Errors
    /// What the server says; the connection is then closed, which rolls back as well.
    pub async fn rollback(&self, id: u32, keeps_session: bool) -> Result<()> {
        let session = self.ending(id, keeps_session)?;
        let mut held = session.lease.lock().await;
        let Some(lease) = held.as_mut() else { return Ok(()) };
        let rolled_back = if status(lease) == TransactionStatus::Idle {
            Ok(())
        } else {
            simple(lease, transaction::ROLLBACK, Some(ROLLBACK_LIMIT)).await
        };
        if rolled_back.is_err() {
            lease.give_up();
        }
        leave(&mut held, keeps_session);
        rolled_back
    }

    fn ending(&self, id: u32, keeps_session: bool) -> Result<Rc<Session>> {
        if keeps_session { self.session(id) } else { self.take_session(id) }
    }

    /// Sets, releases or rolls back to a savepoint.
    ///
    /// # Errors
    /// `TransactionClosed` for a session that is over, and what the server says.
    pub async fn savepoint(&self, session: u32, step: Savepoint, name: &str) -> Result<()> {
        let sql = transaction::savepoint(step, name)?;
        let session = self.session(session)?;
        let mut held = session.lease.lock().await;
        self.begin_owed(&session, &mut held).await?;
        let lease = held.as_mut().ok_or_else(lost)?;
        simple(lease, &sql, self.statement_limit()).await
    }

    fn open_session(&self, mut lease: Lease, session: fn(Lease) -> Session) -> Opened {
        let backend = lease.connection().map_or(0, |connection| connection.session_id());
        Opened { session: self.add_session(Rc::new(session(lease))), backend }
    }
}

/// Gives the connection back, unless the session stays; a connection that is gone is forgotten.
fn leave(held: &mut Option<Lease>, keeps_session: bool) {
    let is_gone = held.as_mut().is_some_and(|lease| lease.connection().is_none());
    if (!keeps_session || is_gone)
        && let Some(lease) = held.take()
    {
        lease.release();
    }
}

async fn after_failed_commit(lease: &mut Lease, error: Error) -> Error {
    use ErrorCode::{Aborted, Connection, LostConnection, QueryTimeout};
    if matches!(error.code, LostConnection | Connection | QueryTimeout | Aborted) {
        return commit_unknown(error);
    }
    // SQLite keeps the transaction open when COMMIT finds the file busy.
    if status(lease) != TransactionStatus::Idle {
        let _ = simple(lease, transaction::ROLLBACK, Some(ROLLBACK_LIMIT)).await;
    }
    error
}

/// Nobody saw what became of a commit.
pub(super) fn commit_unknown(error: Error) -> Error {
    let mut unknown = Error::new(
        ErrorCode::CommitUnknown,
        "the connection was lost while COMMIT was on its way: the transaction may or may not be committed. Look \
         for its effects before you try again",
    );
    unknown.detail = error.detail;
    unknown
}

/// A server that does not answer a ROLLBACK loses its connection, which rolls back as well.
const ROLLBACK_LIMIT: Duration = Duration::from_secs(5);

async fn all(lease: &mut Lease, statements: &[String], limit: Option<Duration>) -> Result<()> {
    for sql in statements {
        simple(lease, sql, limit).await?;
    }
    Ok(())
}

/// Runs a statement without values and rows.
pub(super) async fn simple(lease: &mut Lease, sql: &str, limit: Option<Duration>) -> Result<()> {
    let statement = DriverStatement::plain(sql);
    let control = Control::with_limit(limit);
    let bindings = Bindings::none();
    let now = Instant::now();
    if let Some(ran) = immediate::run(lease, &statement, &bindings, control.limits(), now, &mut |_, _| {}) {
        return ran.map(|_| ()).map_err(|error| execute::as_timeout(error, &control));
    }
    let mut rows = RowSet::default();
    let mut sink = RowSink::new(&mut rows);
    Box::pin(execute::run(lease, Work::Statement(&statement, &bindings), &mut sink, &control)).await?;
    Ok(())
}

pub(super) fn status(lease: &mut Lease) -> TransactionStatus {
    lease.connection().map_or(TransactionStatus::Failed, |connection| connection.transaction_status())
}

pub(super) fn rolled_back(why: &str) -> Error {
    Error::new(
        ErrorCode::TransactionRolledBack,
        format!("the transaction was rolled back instead of committed: {why}. Nothing of it remains"),
    )
}
