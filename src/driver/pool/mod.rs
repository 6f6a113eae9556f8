//! The pool: a fair queue in front of a few connections, the same for every database.

mod lease;
mod pool;
mod queue;
mod reaper;
mod sharing;

pub use lease::Lease;
pub use pool::{Pool, PoolStats};
