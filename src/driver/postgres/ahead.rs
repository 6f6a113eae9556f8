//! Writing statements before those in front of them were answered.

use std::rc::Rc;

use futures_util::future::LocalBoxFuture;

use super::execute::write_run;
use super::framed::Flight;
use super::parameter::Parameters;
use super::session::Session;
use super::statements::Prepared;
use crate::driver::ahead::has_room;
use crate::driver::{Pipeline, Shareable, TransactionStatus};
use crate::error::Result;
use crate::value::Bindings;

impl Session {
    /// The statement, if it may be written ahead: the server has it prepared, and it was quick.
    fn prepared_quick(&mut self, sql: &str, bindings: &Bindings) -> Option<Rc<Prepared>> {
        let is_ready = self.is_settled
            && self.status == TransactionStatus::Idle
            && self.known_definitions == self.server.definitions.get()
            && has_room(self.wire.outgoing_bytes(), bindings);
        self.statements.find(sql).filter(|prepared| is_ready && prepared.quickness.is_quick())
    }
}

impl Pipeline for Session {
    fn write_ahead(&mut self, Shareable { statement, bindings }: &Shareable) -> bool {
        let Some(prepared) = self.prepared_quick(&statement.sql, bindings) else { return false };
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
        self.must_run_again
    }

    fn was_ended_in_order(&self) -> bool {
        self.ahead.was_ended_in_order
    }
}
