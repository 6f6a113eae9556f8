//! The first statement of a transaction with its begin, the last with its commit: one request, and one exchange with
//! the server where the driver can.

use std::time::Duration;

use super::engine::{Engine, Run, timed};
use super::prepared::Prepared;
use super::transaction::{commit_unknown, simple, status};
use crate::dialect::transaction;
use crate::driver::pool::Lease;
use crate::driver::{Frame, Outcome, RowSink, TransactionStatus};
use crate::error::{Error, Result};

/// Where in its transaction a statement stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Edge {
    /// Between others, or in none.
    #[default]
    None,
    /// The transaction begins before it. Where that fails it does not run.
    First,
    /// The transaction is committed after it. Where the statement fails the transaction stays open.
    Last,
}

impl Engine {
    /// Runs a statement at an edge of its transaction. An error of the begin or the commit names that as its SQL.
    pub(super) async fn run_at_edge(
        &self,
        lease: &mut Lease,
        run: &Run<'_>,
        prepared: &Prepared,
        sink: &mut RowSink<'_>,
    ) -> Result<(Outcome, Duration)> {
        match run.edge {
            Edge::None => timed(lease, run, prepared, sink, self.config().driver).await,
            Edge::First => self.run_with_begin(lease, run, prepared, sink).await,
            Edge::Last => self.run_with_commit(lease, run, prepared, sink).await,
        }
    }

    async fn run_with_begin(
        &self,
        lease: &mut Lease,
        run: &Run<'_>,
        prepared: &Prepared,
        sink: &mut RowSink<'_>,
    ) -> Result<(Outcome, Duration)> {
        let begin = transaction::plain_begin(self.config().driver)?;
        let frame = Frame { begin: Some(begin), ..Frame::default() };
        if !sends_together(lease, run, prepared, frame) {
            let answered = simple(lease, begin, self.statement_limit()).await;
            answered.map_err(|error| error.with_sql(begin))?;
        }
        timed(lease, run, prepared, sink, self.config().driver).await
    }

    async fn run_with_commit(
        &self,
        lease: &mut Lease,
        run: &Run<'_>,
        prepared: &Prepared,
        sink: &mut RowSink<'_>,
    ) -> Result<(Outcome, Duration)> {
        let named = |error: Error| error.with_sql(transaction::COMMIT);
        let frame = Frame { commit: Some(transaction::COMMIT), ..Frame::default() };
        if status(lease) == TransactionStatus::Open && sends_together(lease, run, prepared, frame) {
            let ran = timed(lease, run, prepared, sink, self.config().driver).await;
            // Refused in good order: the server keeps the failed transaction, or has ended it at the commit.
            let is_gone = lease.connection().is_none();
            return ran.map_err(|error| if is_gone { named(commit_unknown(error)) } else { error });
        }
        let ran = timed(lease, run, prepared, sink, self.config().driver).await?;
        self.commit_on(lease).await.map_err(named)?;
        Ok(ran)
    }
}

/// Has a statement sent together with what is around it, if it may be. Nothing may come between this and the statement: the
/// connection would keep the frame for another one.
pub(super) fn sends_together(lease: &mut Lease, run: &Run<'_>, prepared: &Prepared, frame: Frame) -> bool {
    let (sql, is_read) = (&prepared.statement.sql, prepared.is_plain_read());
    prepared.rest.is_empty()
        && !run.control.is_aborted()
        && lease.connection().is_some_and(|connection| connection.frame_next(sql, is_read, frame))
}
