//! [`Ahead`]: statements that a session was sent before those in front of them were answered.

use std::cell::Cell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use crate::value::Bindings;

/// A statement that took longer holds up those behind it, so it gets a connection of its own.
const QUICK: Duration = Duration::from_millis(5);

/// Statements that take longer together are not sent in one piece, as the first of them may have to wait for the last.
const TOGETHER: Duration = Duration::from_millis(10);

/// Most bytes of statements that are sent together: what the server cannot take in, it would have to
/// answer before we listen.
const MOST_BYTES: usize = 16 * 1024;

/// Whether a statement with these values may be sent together with so many bytes that were written.
pub fn has_room(written: usize, bindings: &Bindings) -> bool {
    written + bindings.bytes() < MOST_BYTES
}

/// What was written ahead on one session.
#[derive(Debug)]
pub struct Ahead<T> {
    /// Those whose answers are still to be read, in order.
    pub statements: VecDeque<Rc<T>>,
    /// See [`super::Pipeline::was_ended_in_order`].
    pub was_ended_in_order: bool,
}

impl<T> Default for Ahead<T> {
    fn default() -> Self {
        Self { statements: VecDeque::new(), was_ended_in_order: false }
    }
}

/// How long a statement took when it ran last.
#[derive(Debug, Default)]
pub struct Quickness(Cell<Option<Duration>>);

impl Quickness {
    /// Remembers how long the statement took, its rows included.
    pub fn note(&self, took: Duration) {
        self.0.set(Some(took));
    }

    /// Whether it was answered at once.
    pub fn is_quick(&self) -> bool {
        self.0.get().is_some_and(|took| took < QUICK)
    }

    /// How long it and others that take `before` are expected to take. `None`: too long to wait for all of them.
    pub fn together(&self, before: Duration) -> Option<Duration> {
        let together = before + self.0.get().filter(|_| self.is_quick())?;
        (together < TOGETHER).then_some(together)
    }
}
