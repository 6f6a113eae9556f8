//! [`Patience`]: waiting for another connection's lock without blocking the thread.

use std::time::{Duration, Instant};

/// Pauses between attempts, in milliseconds; the last one repeats. SQLite's own are alike
/// (`sqliteDefaultBusyCallback`); its writers hold the lock for a few milliseconds.
const PAUSES: [u64; 7] = [1, 2, 5, 10, 15, 20, 25];

/// How long a statement still waits.
#[derive(Debug)]
pub struct Patience {
    limit: Duration,
    /// Set by the first wait: most statements have none.
    end: Option<Instant>,
    attempts: usize,
}

impl Patience {
    /// Waits for at most `milliseconds`, all attempts together.
    pub fn new(milliseconds: u64) -> Self {
        Self { limit: Duration::from_millis(milliseconds), end: None, attempts: 0 }
    }

    /// Waits before the next attempt. False when the time is up.
    pub async fn wait(&mut self) -> bool {
        let now = Instant::now();
        let left = self.end.get_or_insert(now + self.limit).saturating_duration_since(now);
        if left.is_zero() {
            return false;
        }
        let pause = PAUSES.get(self.attempts).or(PAUSES.last()).copied().unwrap_or(25);
        self.attempts += 1;
        crate::runtime::sleep(Duration::from_millis(pause).min(left)).await;
        true
    }
}
