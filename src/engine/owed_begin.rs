//! A transaction that begins on the server with its first statement: both are one exchange where the driver can.

use std::time::Duration;

use super::edge::sends_together;
use super::engine::{Engine, Run, timed};
use super::execute::lost;
use super::prepared::Prepared;
use super::session::{BeginOptions, Session};
use super::transaction::{simple, status};
use crate::dialect::transaction;
use crate::driver::pool::{Lease, Pool};
use crate::driver::{Frame, Outcome, RowSink, TransactionStatus};
use crate::error::{Error, Result};

/// A connection that was used this short a time ago is taken to be alive. Of any other a begin of its own finds out, for
/// which nobody waits longer than for a free connection.
const TAKEN_TO_BE_ALIVE: Duration = Duration::from_secs(1);

impl Engine {
    /// Whether a transaction on this connection may begin with its first statement.
    pub(super) fn may_owe_begin(&self, options: BeginOptions, lease: &Lease) -> bool {
        options.is_plain() && !self.config().driver.is_in_process() && lease.rested() < TAKEN_TO_BE_ALIVE
    }

    /// Begins the transaction of a session, if that is still to be done.
    ///
    /// # Errors
    /// What the server says. The transaction is still to be begun then.
    pub(super) async fn begin_owed(&self, session: &Session, held: &mut Option<Lease>) -> Result<()> {
        if !session.owes_begin.get() {
            return Ok(());
        }
        let lease = held.as_mut().ok_or_else(lost)?;
        let pool = lease.pool();
        match self.begin_now(lease).await {
            Err(error) if self.may_begin_again(&error, &pool) => self.begin_on_another(held, &pool).await?,
            begun => begun?,
        }
        session.owes_begin.set(false);
        Ok(())
    }

    /// Runs the first statement of a transaction with its begin. `None`: they cannot go together, and nothing was done.
    pub(super) async fn run_first(
        &self,
        session: &Session,
        held: &mut Option<Lease>,
        run: &Run<'_>,
        prepared: &Prepared,
        sink: &mut RowSink<'_>,
    ) -> Option<Result<(Outcome, Duration)>> {
        let driver = self.config().driver;
        let lease = held.as_mut()?;
        let frame = Frame { begin: transaction::plain_begin(driver).ok(), ..Frame::default() };
        // If the begin is lost on its way, the statement runs again: one that a program wrote may have done more than the
        // transaction undoes.
        if prepared.has_raw || !sends_together(lease, run, prepared, frame) {
            return None;
        }
        let pool = lease.pool();
        let ran = timed(lease, run, prepared, sink, driver).await;
        // Until it has begun the next statement is the first one: none runs outside of its transaction.
        session.owes_begin.set(ran.is_err() && status(lease) == TransactionStatus::Idle);
        match ran {
            Err(error) if self.may_begin_again(&error, &pool) && !run.control.is_aborted() => {
                Some(self.run_first_again(held, &pool, run, prepared, sink).await)
            }
            ran => Some(ran),
        }
    }

    async fn run_first_again(
        &self,
        held: &mut Option<Lease>,
        pool: &Pool,
        run: &Run<'_>,
        prepared: &Prepared,
        sink: &mut RowSink<'_>,
    ) -> Result<(Outcome, Duration)> {
        run.control.unless_stopped(self.begin_on_another(held, pool)).await??;
        timed(held.as_mut().ok_or_else(lost)?, run, prepared, sink, self.config().driver).await
    }

    async fn begin_now(&self, lease: &mut Lease) -> Result<()> {
        let begin = transaction::plain_begin(self.config().driver)?;
        simple(lease, begin, Some(self.begin_limit())).await.map_err(|error| error.with_sql(begin))
    }

    /// Whether a connection was lost before the server had answered a begin, so that nothing of its transaction can remain.
    /// `pool`: its own. One that was closed is not opened again for it.
    fn may_begin_again(&self, error: &Error, pool: &Pool) -> bool {
        let is_of_begin = transaction::plain_begin(self.config().driver).ok() == error.detail.sql.as_deref();
        error.code.ends_connection() && is_of_begin && !pool.is_closed()
    }

    async fn begin_on_another(&self, held: &mut Option<Lease>, pool: &Pool) -> Result<()> {
        held.take();
        pool.close_idle();
        let mut lease = pool.acquire().await?;
        self.begin_now(&mut lease).await?;
        *held = Some(lease);
        Ok(())
    }
}
