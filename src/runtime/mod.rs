//! One small executor per JavaScript environment, and the two hosts that turn it.
//!
//! The **inline** host runs it on the JavaScript thread: libuv watches the descriptor behind
//! tokio's sockets and calls us when one is ready, so a query costs no hop to another thread. The
//! **thread** host runs the same executor on a thread of its own, where libuv or that descriptor
//! cannot be had (Windows, macOS for now, other hosts than Node). Measured in docs/decisions/0010.

mod executor;
mod inline;
mod signal;
mod thread;
mod timers;
mod uv;

pub use executor::{Executor, spawn, yield_if_over_budget};
pub use inline::InlineHost;
pub use signal::Signal;
pub use thread::ThreadHost;
pub use timers::{Elapsed, sleep, timeout};
