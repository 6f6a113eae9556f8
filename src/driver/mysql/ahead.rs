//! Writing statements before those in front of them were answered.
//!
//! MariaDB reads one command after the other from its socket and answers each by itself
//! (<https://mariadb.com/kb/en/mariadb-protocol-differences-with-mysql/>); what MySQL does is not
//! written down.

use std::rc::Rc;
use std::time::Duration;

use futures_util::future::LocalBoxFuture;

use super::connection::MySqlConnection;
use super::known_statement::KnownStatement;
use crate::driver::ahead::has_room;
use crate::driver::{Pipeline, Shareable, TransactionStatus};
use crate::error::Result;
use crate::value::Bindings;

impl MySqlConnection {
    /// The statement, if it may be written ahead: the server has it prepared, and it was quick.
    fn prepared_quick(&mut self, sql: &str, bindings: &Bindings) -> Option<(Rc<KnownStatement>, Duration)> {
        let is_ready = self.is_settled()
            && self.status == TransactionStatus::Idle
            && has_room(self.session.wire.outgoing_bytes(), bindings);
        let known = self.known.find(sql).filter(|_| is_ready)?;
        known.id()?;
        let expected = known.quickness.together(self.ahead.expected)?;
        Some((known, expected))
    }
}

impl Pipeline for MySqlConnection {
    fn write_ahead(&mut self, Shareable { statement, bindings }: &Shareable) -> bool {
        let Some((known, expected)) = self.prepared_quick(&statement.sql, bindings) else { return false };
        // What is wrong with the values is told by the usual way.
        let is_written = self.write_run(&known, statement, bindings).is_ok();
        if is_written {
            self.ahead.push(known, expected);
        }
        is_written
    }

    fn expected(&self) -> Duration {
        self.ahead.expected
    }

    fn skip(&mut self) -> LocalBoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let Some(known) = self.ahead.pop() else { return Ok(()) };
            self.enter()?;
            let skipped = self.skip_answer(&known).await;
            self.leave(&skipped);
            skipped
        })
    }

    /// The server prepares a statement anew by itself when its tables have changed.
    fn must_run_again(&self) -> bool {
        false
    }

    fn was_ended_in_order(&self) -> bool {
        self.ahead.was_ended_in_order
    }
}
