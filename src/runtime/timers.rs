//! Timers of one executor: [`sleep`] and [`timeout`].
//!
//! Not tokio's: its timers only fire when its driver turns, and under the inline host the driver
//! turns only when a socket is ready.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use super::executor::{Executor, current};

/// Wakers by deadline. The number tells apart timers of the same instant.
#[derive(Default)]
pub(super) struct Timers {
    pending: BTreeMap<(Instant, u64), Waker>,
    count: u64,
}

impl Timers {
    /// Wakes every timer that is due.
    pub(super) fn fire(&mut self, now: Instant) {
        while let Some(entry) = self.pending.first_entry() {
            if entry.key().0 > now {
                break;
            }
            entry.remove().wake();
        }
    }

    pub(super) fn next_deadline(&self) -> Option<Instant> {
        self.pending.first_key_value().map(|(key, _)| key.0)
    }
}

/// Waits for a duration. Must be polled by an [`Executor`].
#[must_use]
pub fn sleep(duration: Duration) -> Sleep {
    let now = Instant::now();
    // Far enough to be "never" and near enough not to overflow.
    let deadline = now.checked_add(duration).unwrap_or(now + Duration::from_hours(365 * 24));
    Sleep { deadline, registered: None }
}

/// See [`sleep`].
pub struct Sleep {
    deadline: Instant,
    registered: Option<(Rc<Executor>, u64)>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if Instant::now() >= self.deadline {
            return Poll::Ready(());
        }
        let deadline = self.deadline;
        if self.registered.is_none() {
            let Some(executor) = current() else { return Poll::Ready(()) };
            let number = {
                let mut timers = executor.timers.borrow_mut();
                timers.count += 1;
                timers.count
            };
            self.registered = Some((executor, number));
        }
        if let Some((executor, number)) = &self.registered {
            executor.timers.borrow_mut().pending.insert((deadline, *number), context.waker().clone());
        }
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some((executor, number)) = &self.registered {
            executor.timers.borrow_mut().pending.remove(&(self.deadline, *number));
        }
    }
}

/// The time was up before the future was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elapsed;

/// Waits for a future, at most for a duration. The future is dropped when the time is up.
///
/// # Errors
/// [`Elapsed`] when the time was up.
pub async fn timeout<F: Future>(duration: Duration, future: F) -> Result<F::Output, Elapsed> {
    let mut future = pin!(future);
    let mut limit = pin!(sleep(duration));
    std::future::poll_fn(|context| {
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Ok(output));
        }
        limit.as_mut().poll(context).map(|()| Err(Elapsed))
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::error::Result;

    fn run(executor: &Rc<Executor>, until: Duration) {
        let end = Instant::now() + until;
        while Instant::now() < end {
            executor.turn();
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn a_sleep_ends_when_its_time_has_come_and_not_before() -> Result<()> {
        let executor = Executor::new(false)?;
        let done = Rc::new(Cell::new(false));
        let flag = Rc::clone(&done);
        executor.spawn(async move {
            sleep(Duration::from_millis(20)).await;
            flag.set(true);
        });
        run(&executor, Duration::from_millis(5));
        assert!(!done.get());
        assert!(executor.next_deadline().is_some());
        run(&executor, Duration::from_millis(30));
        assert!(done.get());
        assert!(executor.next_deadline().is_none());
        Ok(())
    }

    #[test]
    fn a_timeout_leaves_no_timer_behind_when_the_future_wins() -> Result<()> {
        let executor = Executor::new(false)?;
        executor.spawn(async {
            assert_eq!(timeout(Duration::from_mins(1), async { 7 }).await, Ok(7));
        });
        executor.turn();
        assert!(executor.next_deadline().is_none());
        Ok(())
    }

    #[test]
    fn a_timeout_ends_a_future_that_never_does() -> Result<()> {
        let executor = Executor::new(false)?;
        let outcome = Rc::new(Cell::new(None));
        let result = Rc::clone(&outcome);
        executor.spawn(async move {
            result.set(Some(timeout(Duration::from_millis(5), std::future::pending::<()>()).await));
        });
        run(&executor, Duration::from_millis(20));
        assert_eq!(outcome.get(), Some(Err(Elapsed)));
        Ok(())
    }
}
