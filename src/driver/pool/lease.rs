//! [`Lease`]: a connection while somebody uses it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::Pool;
use super::pool::Idle;
use super::sharing::Batch;
use crate::driver::{CancelFuture, Connection};
use crate::runtime::Signal;

/// A connection with what the pool knows about it.
pub(super) struct Parts {
    pub(super) connection: Box<dyn Connection>,
    /// Asks the server to stop what this connection is doing.
    pub(super) canceller: Rc<dyn Fn() -> CancelFuture>,
    /// Raised when the pool closes hard.
    pub(super) kill: Rc<Signal>,
    /// When it is to be replaced.
    pub(super) expires: Option<Instant>,
    /// Who gets it next, because their statements are on their way on it already.
    pub(super) batch: Batch,
}

impl Parts {
    /// Whether the connection has lived long enough.
    pub(super) fn is_too_old(&self, now: Instant) -> bool {
        self.expires.is_some_and(|expires| now >= expires)
    }
}

/// A lent connection. [`Lease::release`] gives it back; dropping it instead closes the socket, for
/// a connection whose state nobody knows.
pub struct Lease {
    pool: Pool,
    parts: Option<Parts>,
    holder: usize,
    must_reset: bool,
    rested: Duration,
}

impl Lease {
    pub(super) fn new(pool: Pool, parts: Parts, since: Instant) -> Self {
        let holder = pool.0.holders.add(Rc::clone(&parts.kill), since);
        Self { pool, parts: Some(parts), holder, must_reset: false, rested: Duration::ZERO }
    }

    /// The same for a connection that nobody used for a time.
    pub(super) fn of_idle(pool: Pool, Idle { parts, since }: Idle, now: Instant) -> Self {
        let mut lease = Self::new(pool, parts, now);
        lease.rested = now - since;
        lease
    }

    /// How long nobody had used the connection before.
    #[must_use]
    pub fn rested(&self) -> Duration {
        self.rested
    }

    /// The connection. `None` after it was given up.
    pub fn connection(&mut self) -> Option<&mut dyn Connection> {
        self.parts.as_mut().map(|parts| &mut *parts.connection as &mut dyn Connection)
    }

    /// Asks the server to stop what this connection is doing.
    #[must_use]
    pub fn canceller(&self) -> Option<Rc<dyn Fn() -> CancelFuture>> {
        self.parts.as_ref().map(|parts| Rc::clone(&parts.canceller))
    }

    /// A statement changed the session: it is reset before anybody else gets it.
    pub fn mark_for_reset(&mut self) {
        self.must_reset = true;
    }

    /// Raised when the pool closes hard and this connection must be dropped.
    #[must_use]
    pub fn killed(&self) -> Option<Rc<Signal>> {
        self.parts.as_ref().map(|parts| Rc::clone(&parts.kill))
    }

    /// Whether the statement that failed last did not run and would on a connection of its own.
    pub fn must_run_again(&mut self) -> bool {
        let pipeline = self.parts.as_mut().and_then(|parts| parts.connection.pipeline());
        pipeline.is_some_and(|pipeline| pipeline.must_run_again())
    }

    /// The pool that it belongs to.
    #[must_use]
    pub fn pool(&self) -> Pool {
        self.pool.clone()
    }

    /// Closes the socket: nobody knows any more where the connection stands.
    pub fn give_up(&mut self) {
        if let Some(parts) = self.parts.take() {
            self.pool.0.holders.remove(self.holder);
            self.pool.abandon(parts);
        }
    }

    /// Gives the connection back.
    pub fn release(mut self) {
        if let Some(parts) = self.parts.take() {
            self.pool.0.holders.remove(self.holder);
            self.pool.give_back(parts, self.must_reset);
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.give_up();
    }
}

struct Holder {
    number: usize,
    since: Instant,
    kill: Rc<Signal>,
}

/// Who holds what since when.
#[derive(Default)]
pub(super) struct Holders {
    lent: RefCell<Vec<Holder>>,
    next: Cell<usize>,
    changed: Notify,
}

impl Holders {
    fn add(&self, kill: Rc<Signal>, since: Instant) -> usize {
        let number = self.next.get();
        self.next.set(number.wrapping_add(1));
        self.lent.borrow_mut().push(Holder { number, since, kill });
        number
    }

    fn remove(&self, number: usize) {
        self.lent.borrow_mut().retain(|holder| holder.number != number);
        self.changed.notify_waiters();
    }

    pub(super) fn count(&self) -> usize {
        self.lent.borrow().len()
    }

    pub(super) fn oldest(&self) -> Option<Duration> {
        self.lent.borrow().iter().map(|holder| holder.since.elapsed()).max()
    }

    pub(super) fn kill_all(&self) {
        let kills: Vec<_> = self.lent.borrow().iter().map(|holder| Rc::clone(&holder.kill)).collect();
        for kill in kills {
            kill.raise();
        }
    }

    pub(super) async fn all_returned(&self) {
        loop {
            let changed = self.changed.notified();
            if self.count() == 0 {
                return;
            }
            changed.await;
        }
    }
}
