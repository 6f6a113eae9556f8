//! [`Pipeline`]: statements that are sent before those in front of them have been answered.

use std::rc::Rc;
use std::time::Duration;

use futures_util::future::LocalBoxFuture;

use super::DriverStatement;
use crate::error::Result;
use crate::value::Bindings;

/// A statement that may wait for its answer on a connection that others use before it: it only
/// reads, so that it may be sent again if it was not run.
#[derive(Debug, Clone)]
pub struct Shareable {
    /// What to run.
    pub statement: DriverStatement,
    /// Its values.
    pub bindings: Rc<Bindings>,
}

/// A connection that answers several statements in the order in which they were sent. Each of them
/// succeeds or fails by itself.
///
/// Whoever has the connection writes statements for those who will have it next, in their order;
/// [`super::Connection::execute`] then sends what was written and reads the answer of the first.
pub trait Pipeline {
    /// Writes a statement behind those that were written before. False: it has to be run in the
    /// usual way, and nothing was written.
    fn write_ahead(&mut self, work: &Shareable) -> bool;

    /// How long the statements that were written take together, as far as is known.
    fn expected(&self) -> Duration;

    /// Writes what ends the statements that were written.
    fn end_ahead(&mut self) {}

    /// Reads the answer of the first statement that was written ahead, for nobody: its caller has
    /// given up.
    ///
    /// # Errors
    /// As [`super::Connection::execute`], but for what the server said of the statement.
    fn skip(&mut self) -> LocalBoxFuture<'_, Result<()>>;

    /// Whether the statement that failed last did not run and would if it were not written ahead.
    fn must_run_again(&self) -> bool;

    /// Whether the server, before it ended the connection, said so: then it has run none of the
    /// statements whose answers were still to come.
    fn was_ended_in_order(&self) -> bool;
}
