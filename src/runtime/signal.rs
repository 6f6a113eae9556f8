//! [`Signal`]: a flag that one future waits for.

use std::cell::{Cell, RefCell};
use std::task::{Context, Poll, Waker};

/// Raised once, seen by whoever polls it. Costs nothing while nobody waits.
#[derive(Debug, Default)]
pub struct Signal {
    is_raised: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl Signal {
    /// Raises the flag and wakes the waiter.
    pub fn raise(&self) {
        self.is_raised.set(true);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// Whether the flag is up.
    #[must_use]
    pub fn is_raised(&self) -> bool {
        self.is_raised.get()
    }

    /// Ready once the flag is up.
    pub fn poll(&self, context: &mut Context<'_>) -> Poll<()> {
        if self.is_raised.get() {
            return Poll::Ready(());
        }
        let mut waker = self.waker.borrow_mut();
        if !waker.as_ref().is_some_and(|waker| waker.will_wake(context.waker())) {
            *waker = Some(context.waker().clone());
        }
        Poll::Pending
    }
}
