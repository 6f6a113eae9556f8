//! [`Engine::run_now`]: the road of a statement that needs no waiting, in the call that asks for it.

use std::rc::Rc;
use std::time::{Duration, Instant};

use super::engine::{Engine, Text};
use super::execute::ends_connection;
use super::transaction::status;
use crate::driver::pool::Lease;
use crate::driver::{Chunk, DriverStatement, Limits, Outcome, Shape, TransactionStatus};
use crate::error::Result;
use crate::value::Bindings;

/// A statement that nothing but the end of its pool can stop.
pub struct Immediate<'a> {
    /// What to run.
    pub text: &'a Text,
    /// Its values.
    pub bindings: &'a Bindings,
    /// The session to run it in; 0: any connection.
    pub session: u32,
    /// Go to the write server even to read.
    pub use_write: bool,
}

/// Takes the columns and all rows of a statement.
pub type Rows<'a> = dyn FnMut(&Rc<Shape>, &Chunk) + 'a;

impl Engine {
    /// Runs a statement if it needs no waiting: it is prepared, its connection is free, and it is over in a moment. `None`:
    /// [`Engine::run`] is to be called, nothing was done. Answers what it did and how long it took.
    ///
    /// # Errors
    /// As [`Engine::run`].
    pub fn run_now(&self, run: &Immediate<'_>, rows: &mut Rows<'_>) -> Option<Result<(Outcome, Duration)>> {
        if !self.config().driver.is_in_process() || self.statement_limit().is_some() {
            return None;
        }
        // What is wrong with it is said there.
        let prepared = self.prepare(run.text, run.bindings.len()).ok()?;
        if !prepared.rest.is_empty() || prepared.changes_session {
            return None;
        }
        let began = Instant::now();
        let ran = if run.session == 0 {
            let mut lease = self.pool_for(prepared.only_reads && !run.use_write).ok()?.take_now(began)?;
            let ran =
                self::run(&mut lease, &prepared.statement, run.bindings, Limits::default(), began, rows);
            lease.release();
            ran
        } else {
            let session = self.session(run.session).ok()?;
            let mut held = session.lease.try_lock().ok()?;
            let lease = held.as_mut()?;
            if status(lease) == TransactionStatus::Failed {
                return None;
            }
            let ran = self::run(lease, &prepared.statement, run.bindings, Limits::default(), began, rows);
            if lease.connection().is_none() {
                held.take();
            }
            ran
        };
        let outcome = ran?.map_err(|error| error.with_sql(&prepared.statement.sql));
        Some(outcome.map(|outcome| (outcome, began.elapsed())))
    }
}

/// Runs a statement that needs no waiting. `None`: it may, and nothing was done. A connection that cannot be trusted
/// afterwards is given up.
pub(super) fn run(
    lease: &mut Lease,
    statement: &DriverStatement,
    bindings: &Bindings,
    limits: Limits,
    began: Instant,
    rows: &mut Rows<'_>,
) -> Option<Result<Outcome>> {
    let connection = lease.connection()?;
    connection.limit_next(limits);
    let ran = connection.execute_now(statement, bindings, began, rows)?;
    if ran.as_ref().is_err_and(ends_connection) {
        lease.give_up();
    }
    Some(ran)
}
