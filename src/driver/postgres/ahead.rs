//! Statements that a session was sent before those in front of them were answered.

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use futures_util::future::LocalBoxFuture;

use super::execute::write_run;
use super::framed::Flight;
use super::parameter::Parameters;
use super::session::Session;
use super::statement_cache::Prepared;
use crate::driver::{Pipeline, Shareable, TransactionStatus};
use crate::error::Result;

/// A statement that took longer holds up those behind it, so it gets a connection of its own.
const QUICK: Duration = Duration::from_millis(5);

/// Most bytes of statements that are sent together: what the server cannot take in, it would have to
/// answer before we listen.
const MOST_BYTES: usize = 16 * 1024;

/// What was written ahead on one session.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    /// Those whose answers are still to be read, in order.
    pub(super) statements: VecDeque<Rc<Prepared>>,
    /// The statement that failed last did not run; see [`Pipeline::must_run_again`].
    pub(super) must_run_again: bool,
    /// See [`Pipeline::was_ended_in_order`].
    pub(super) was_ended_in_order: bool,
}

impl Prepared {
    /// Remembers how long the statement took, its rows included.
    pub(super) fn note_time(&self, took: Duration) {
        self.is_quick.set(took < QUICK);
    }
}

impl Session {
    /// The statement, if it may be written ahead: the server has it prepared, and it was quick.
    fn prepared_quick(&mut self, sql: &str) -> Option<Rc<Prepared>> {
        let is_ready = self.is_settled
            && self.status == TransactionStatus::Idle
            && self.known_definitions == self.server.definitions.get()
            && self.wire.outgoing_bytes() < MOST_BYTES;
        self.statements.find(sql).filter(|prepared| is_ready && prepared.is_quick.get())
    }
}

impl Pipeline for Session {
    fn write_ahead(&mut self, Shareable { statement, bindings }: &Shareable) -> bool {
        let Some(prepared) = self.prepared_quick(&statement.sql) else { return false };
        // What is wrong with the values is told by the usual way.
        let Ok(parameters) = Parameters::check(statement, bindings) else { return false };
        let zone = &self.cells.zone;
        let written = parameters.check_count(prepared.parameters.len()).and_then(|()| {
            self.wire.write(|out| write_run(&Flight::default(), &prepared, parameters, zone, out))
        });
        if written.is_ok() {
            self.ahead.statements.push_back(prepared);
        }
        written.is_ok()
    }

    fn skip(&mut self) -> LocalBoxFuture<'_, Result<()>> {
        Box::pin(async move {
            if self.ahead.statements.pop_front().is_some() {
                self.is_settled = false;
                self.drain().await?;
            }
            Ok(())
        })
    }

    fn must_run_again(&self) -> bool {
        self.ahead.must_run_again
    }

    fn was_ended_in_order(&self) -> bool {
        self.ahead.was_ended_in_order
    }
}
