//! Writing statements before those in front of them were answered.

use std::rc::Rc;
use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use postgres_protocol::message::backend::Message;
use postgres_protocol::message::frontend;

use super::execute::{RowTarget, Until, is_stale, write_statement};
use super::framed::Flight;
use super::parameter::Parameters;
use super::session::Session;
use super::shared_cycle::QUERY_CANCELED;
use super::statements::Prepared;
use crate::driver::ahead::has_room;
use crate::driver::{DriverStatement, Outcome, Pipeline, RowSink, Shareable, TransactionStatus};
use crate::error::{Error, ErrorCode, Result};
use crate::value::Bindings;

impl Session {
    /// The statement, if it may be written ahead: the server has it prepared, and it was quick.
    fn prepared_quick(&mut self, sql: &str, bindings: &Bindings) -> Option<(Rc<Prepared>, Duration)> {
        let is_ready = self.is_settled
            && self.status == TransactionStatus::Idle
            && self.known_definitions == self.server.definitions.get()
            && has_room(self.wire.outgoing_bytes(), bindings);
        let prepared = self.statements.find(sql).filter(|_| is_ready)?;
        let expected = prepared.quickness.together(self.ahead.expected)?;
        Some((prepared, expected))
    }

    /// Answers a statement that was written before its turn.
    pub(super) async fn read_ahead(
        &mut self,
        prepared: &Prepared,
        statement: &DriverStatement,
        rows: &mut RowSink<'_>,
    ) -> Result<Outcome> {
        if self.cycle.is_broken_off {
            self.cycle.is_broken_off = !self.ahead.is_empty();
            self.must_run_again = true;
            return Err(not_run());
        }
        self.enter_cycle().await?;
        let until = if self.ahead.is_empty() { Until::Ready } else { Until::Completed };
        let was_stopped = self.cycle.was_stopped;
        let answer = self.read_answer(Some(RowTarget::new(prepared, rows)), until).await?;
        self.leave_answer();
        if let Some(refusal) = &answer.refusal {
            // Others are on their way behind it, so it cannot be parsed anew here and now.
            let is_stale = !answer.is_bound && is_stale(refusal);
            if is_stale {
                self.statements.forget(&statement.sql);
            }
            let is_stopped = was_stopped && refusal.detail.native_code.as_deref() == Some(QUERY_CANCELED);
            self.must_run_again = is_stale || is_stopped;
        }
        answer.finish(&statement.sql)
    }

    async fn enter_cycle(&mut self) -> Result<()> {
        if !self.cycle.is_between_answers {
            self.check_settled()?;
            self.send().await?;
            self.note_sent_cycle();
        }
        self.cycle.is_between_answers = false;
        self.wait_in_cycle().await
    }

    async fn skip_ahead(&mut self) -> Result<()> {
        if self.ahead.pop().is_none() {
            return Ok(());
        }
        let is_last = self.ahead.is_empty();
        if self.cycle.is_broken_off {
            self.cycle.is_broken_off = !is_last;
            return Ok(());
        }
        self.enter_cycle().await?;
        loop {
            match self.answer().await? {
                Message::CommandComplete(_) if !is_last => break,
                Message::ReadyForQuery(_) => break,
                _ => {}
            }
        }
        self.leave_answer();
        Ok(())
    }
}

impl Pipeline for Session {
    fn write_ahead(&mut self, Shareable { statement, bindings }: &Shareable) -> bool {
        let Some((prepared, expected)) = self.prepared_quick(&statement.sql, bindings) else { return false };
        // What is wrong with the values is told by the usual way.
        let Ok(parameters) = Parameters::check(statement, bindings) else { return false };
        let zone = &self.cells.zone;
        let written = parameters.check_count(prepared.parameters.len()).and_then(|()| {
            self.wire.write(|out| write_statement(&Flight::default(), &prepared, parameters, zone, out))
        });
        if written.is_ok() {
            self.cycle.statements.push(Rc::clone(&prepared));
            self.ahead.push(prepared, expected);
        }
        written.is_ok()
    }

    fn expected(&self) -> Duration {
        self.ahead.expected
    }

    /// The server runs them as one transaction that only reads, and leaves it at the first that fails.
    fn end_ahead(&mut self) {
        self.write_plain(frontend::sync);
    }

    fn skip(&mut self) -> LocalBoxFuture<'_, Result<()>> {
        Box::pin(self.skip_ahead())
    }

    fn must_run_again(&self) -> bool {
        self.must_run_again
    }

    fn was_ended_in_order(&self) -> bool {
        self.ahead.was_ended_in_order
    }
}

fn not_run() -> Error {
    Error::new(
        ErrorCode::Aborted,
        "one of the statements that were sent together failed before this one was run",
    )
}
