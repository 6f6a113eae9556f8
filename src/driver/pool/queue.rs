//! [`Queue`]: who waits for a connection, first come first served.

use std::cell::RefCell;
use std::collections::VecDeque;

use tokio::sync::oneshot;

use super::lease::Parts;
use crate::driver::Shareable;
use crate::error::{Error, Result};

/// A caller in the queue.
pub(super) struct Waiter {
    sender: oneshot::Sender<Result<Parts>>,
    /// What the caller will run, if that may be sent before the connection is the caller's.
    pub(super) work: Option<Shareable>,
}

impl Waiter {
    /// A caller and where what it waits for arrives.
    pub(super) fn new(work: Option<Shareable>) -> (Self, oneshot::Receiver<Result<Parts>>) {
        let (sender, receiver) = oneshot::channel();
        (Self { sender, work }, receiver)
    }

    /// Whether the caller waits no more.
    pub(super) fn has_given_up(&self) -> bool {
        self.sender.is_closed()
    }

    /// Gives the connection to a caller who has not given up: on this thread nobody can between the
    /// question and the gift.
    pub(super) fn give(self, parts: Parts) {
        let _ = self.sender.send(Ok(parts));
    }

    /// Tells the caller why there is no connection.
    pub(super) fn fail(self, error: Error) {
        let _ = self.sender.send(Err(error));
    }
}

/// The callers. Those who have given up leave their place to be cleared here.
#[derive(Default)]
pub(super) struct Queue(RefCell<VecDeque<Waiter>>);

impl Queue {
    pub(super) fn push(&self, waiter: Waiter) {
        self.0.borrow_mut().push_back(waiter);
    }

    /// Puts callers before all others, in their order.
    pub(super) fn put_back(&self, waiters: VecDeque<Waiter>) {
        let mut queue = self.0.borrow_mut();
        for waiter in waiters.into_iter().rev() {
            queue.push_front(waiter);
        }
    }

    /// The first who still waits.
    pub(super) fn pop(&self) -> Option<Waiter> {
        let mut queue = self.0.borrow_mut();
        while let Some(waiter) = queue.pop_front() {
            if !waiter.has_given_up() {
                return Some(waiter);
            }
        }
        None
    }

    /// The first who still waits, if `wants` it.
    pub(super) fn pop_if(&self, wants: impl FnOnce(&Waiter) -> bool) -> Option<Waiter> {
        let first = self.pop()?;
        if wants(&first) {
            return Some(first);
        }
        self.0.borrow_mut().push_front(first);
        None
    }

    /// Whether nobody waits.
    pub(super) fn is_empty(&self) -> bool {
        let mut queue = self.0.borrow_mut();
        while queue.front().is_some_and(Waiter::has_given_up) {
            queue.pop_front();
        }
        queue.is_empty()
    }

    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.0.borrow().iter().filter(|waiter| !waiter.has_given_up()).count()
    }

    /// Sends everybody away.
    pub(super) fn clear(&self) {
        self.0.borrow_mut().clear();
    }
}
