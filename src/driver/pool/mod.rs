//! The pool: a fair queue in front of a few connections, the same for every database.

mod lease;
mod pool;
mod reaper;

pub use lease::Lease;
pub use pool::{Pool, PoolStats};
