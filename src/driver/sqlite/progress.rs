//! [`Progress`]: when a running statement has to end.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What SQLite asks about between instructions. Two times are counted: the *limit*, after which the
/// statement fails, and the *budget*, after which it goes on elsewhere.
#[derive(Debug)]
pub struct Progress {
    opened: Instant,
    is_stopped: AtomicBool,
    limit: Deadline,
    budget: Deadline,
    has_overrun: AtomicBool,
}

impl Progress {
    pub(super) fn new() -> Self {
        Self {
            opened: Instant::now(),
            is_stopped: AtomicBool::new(false),
            limit: Deadline::default(),
            budget: Deadline::default(),
            has_overrun: AtomicBool::new(false),
        }
    }

    /// Forgets earlier stops: a statement begins that may take so long, all its attempts together.
    pub fn start(&self, limit: Option<Duration>) {
        self.is_stopped.store(false, Ordering::SeqCst);
        self.limit.set(limit.map(|time| self.opened.elapsed().saturating_add(time)));
        self.allow(None);
    }

    /// Stops whatever runs, until [`Progress::start`].
    pub(super) fn stop(&self) {
        self.is_stopped.store(true, Ordering::SeqCst);
    }

    /// Whether somebody asked to stop, or the limit is over.
    pub fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::SeqCst)
    }

    /// From now on the statement has this budget.
    pub fn allow(&self, budget: Option<Duration>) {
        self.has_overrun.store(false, Ordering::SeqCst);
        self.budget.set(budget.map(|time| self.opened.elapsed().saturating_add(time)));
    }

    /// The same, counted from a moment that is known.
    pub fn allow_from(&self, began: Instant, budget: Duration) {
        let so_far = began.saturating_duration_since(self.opened);
        self.budget.set(Some(so_far.saturating_add(budget)));
    }

    /// Whether the budget ended the statement, and nothing else.
    pub fn has_overrun(&self) -> bool {
        self.has_overrun.load(Ordering::SeqCst) && !self.is_stopped()
    }

    /// Whether the statement has to end now.
    pub(super) fn must_end(&self) -> bool {
        if self.is_stopped() {
            return true;
        }
        if !self.limit.is_set() && !self.budget.is_set() {
            return false;
        }
        let now = self.opened.elapsed();
        if self.limit.is_over(now) {
            self.stop();
            return true;
        }
        let is_over = self.budget.is_over(now);
        if is_over {
            self.has_overrun.store(true, Ordering::SeqCst);
        }
        is_over
    }
}

/// A moment in nanoseconds since the connection was opened; 0 for none.
#[derive(Debug, Default)]
struct Deadline(AtomicU64);

impl Deadline {
    fn set(&self, moment: Option<Duration>) {
        self.0.store(moment.map_or(0, |moment| nanoseconds(moment).max(1)), Ordering::SeqCst);
    }

    fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst) != 0
    }

    fn is_over(&self, now: Duration) -> bool {
        let moment = self.0.load(Ordering::SeqCst);
        moment != 0 && nanoseconds(now) > moment
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_stops_for_good_and_a_budget_until_the_next() {
        let progress = Progress::new();
        let pause = || std::thread::sleep(Duration::from_millis(2));
        progress.start(None);
        pause();
        assert!(!progress.must_end());
        progress.allow(Some(Duration::from_millis(1)));
        pause();
        assert!(progress.must_end() && progress.has_overrun() && !progress.is_stopped());
        progress.allow(None);
        assert!(!progress.must_end() && !progress.has_overrun());
        progress.start(Some(Duration::from_millis(1)));
        progress.allow(Some(Duration::from_millis(1)));
        pause();
        assert!(progress.must_end() && progress.is_stopped());
        assert!(!progress.has_overrun(), "it must not begin again elsewhere");
        progress.start(None);
        assert!(!progress.must_end());
    }
}
