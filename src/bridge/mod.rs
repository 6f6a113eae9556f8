//! The only functions that JavaScript can call. Converts, delegates, replies.
//!
//! JavaScript starts requests ([`NativeEnvironment::run`], [`NativeEnvironment::command`]) and
//! takes messages ([`NativeEnvironment::next`]): rows, the end of a request, a fault, an answer.
//! Where the executor runs on the JavaScript thread both happen without a hop; otherwise requests
//! and messages cross as plain data. `docs/boundary.md` has the layout of both.

mod arena;
mod backend;
mod command;
mod environment;
mod host;
mod outbox;
mod receiver;
mod streams;
mod wake;

pub use environment::NativeEnvironment;
