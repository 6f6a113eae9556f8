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
    statements: VecDeque<Rc<T>>,
    /// How long those that were written take together, as far as is known.
    pub expected: Duration,
    /// See [`super::Pipeline::was_ended_in_order`].
    pub was_ended_in_order: bool,
}

impl<T> Default for Ahead<T> {
    fn default() -> Self {
        Self { statements: VecDeque::new(), expected: Duration::ZERO, was_ended_in_order: false }
    }
}

impl<T> Ahead<T> {
    /// Whether no answer is to be read.
    pub fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }

    /// Remembers a statement that was written, and how long it and those before it take.
    pub fn push(&mut self, statement: Rc<T>, expected: Duration) {
        self.statements.push_back(statement);
        self.expected = expected;
    }

    /// The statement whose answer comes next.
    pub fn pop(&mut self) -> Option<Rc<T>> {
        let first = self.statements.pop_front();
        if self.statements.is_empty() {
            self.expected = Duration::ZERO;
        }
        first
    }
}

/// How long a statement takes.
#[derive(Debug, Default)]
pub struct Quickness {
    last: Cell<Option<Duration>>,
    /// What the server alone needs: an answer that this thread is late to read is not the statement's fault. It grows
    /// little by little, so that what happened once is forgotten.
    least: Cell<Duration>,
}

impl Quickness {
    /// Remembers how long the statement took, its rows included.
    pub fn note(&self, took: Duration) {
        let is_first = self.last.replace(Some(took)).is_none();
        let grown = self.least.get() + self.least.get() / 8;
        self.least.set(if is_first { took } else { took.min(grown) });
    }

    /// Whether it was answered at once when it ran last.
    pub fn is_quick(&self) -> bool {
        self.last.get().is_some_and(|took| took < QUICK)
    }

    /// How long it and others that take `before` are expected to take. `None`: too long to wait for all of them.
    pub fn together(&self, before: Duration) -> Option<Duration> {
        let together = before + self.least.get();
        (self.is_quick() && together < TOGETHER).then_some(together)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn milliseconds(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn a_statement_that_never_ran_or_was_slow_the_last_time_is_not_quick() {
        let quickness = Quickness::default();
        assert!(!quickness.is_quick() && quickness.together(Duration::ZERO).is_none());
        quickness.note(milliseconds(1));
        assert!(quickness.is_quick());
        quickness.note(milliseconds(6));
        assert!(!quickness.is_quick() && quickness.together(Duration::ZERO).is_none());
    }

    #[test]
    fn what_is_expected_is_the_least_and_grows_again() {
        let quickness = Quickness::default();
        for took in [4, 1, 4] {
            quickness.note(milliseconds(took));
        }
        let expected = quickness.together(milliseconds(2)).unwrap();
        assert!(expected > milliseconds(3) && expected < Duration::from_micros(3_200));
        for _ in 0..20 {
            quickness.note(milliseconds(4));
        }
        assert_eq!(quickness.together(Duration::ZERO), Some(milliseconds(4)));
        assert_eq!(quickness.together(milliseconds(6)), None);
    }
}
