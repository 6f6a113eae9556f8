//! Closes connections that were idle for too long.

use std::time::{Duration, Instant};

use super::Pool;
use crate::runtime::{sleep, spawn};

/// Sees to it that idle connections are looked after. One task a pool, none while nothing is idle.
pub(super) fn start(pool: &Pool) {
    if pool.0.is_reaping.replace(true) {
        return;
    }
    let pool = pool.clone();
    spawn(async move {
        while let Some(wait) = reap(&pool) {
            sleep(wait).await;
        }
        pool.0.is_reaping.set(false);
    });
}

/// Closes what is due. Answers how long until something else can be, `None` when nothing can.
fn reap(pool: &Pool) -> Option<Duration> {
    let inner = &pool.0;
    let limit = match inner.config.idle_timeout_ms {
        0 => None,
        milliseconds => Some(Duration::from_millis(milliseconds)),
    };
    let now = Instant::now();
    loop {
        let mut idle = inner.idle.borrow_mut();
        // The one used longest ago stands first; lifetimes are looked at for all.
        let expired = idle.iter().position(|idle| idle.parts.expires.is_some_and(|expires| now >= expires));
        let spare = inner.size.get() > inner.config.min;
        let unused =
            limit.filter(|_| spare).and_then(|limit| idle.iter().position(|idle| now - idle.since >= limit));
        let Some(due) = expired.or(unused) else { break };
        let due = idle.remove(due);
        drop(idle);
        pool.part(due.parts);
        // `part` frees the place later; until then `size` counts it, so one at a time is enough.
        if expired.is_none() {
            break;
        }
    }
    let idle = inner.idle.borrow();
    let spare = inner.size.get() > inner.config.min;
    let next_unused = limit.filter(|_| spare).and_then(|limit| idle.first().map(|idle| idle.since + limit));
    let next_expired = idle.iter().filter_map(|idle| idle.parts.expires).min();
    let next = [next_unused, next_expired].into_iter().flatten().min()?;
    // At least a moment: a connection that is being closed still counts.
    Some(next.saturating_duration_since(now).max(Duration::from_millis(50)))
}
