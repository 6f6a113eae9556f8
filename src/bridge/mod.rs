//! The only functions that JavaScript can call. Converts, delegates, replies.
//!
//! JavaScript starts requests (`run` of [`NativeEnvironment::calls`], [`NativeEnvironment::command`])
//! and takes messages (`next`): rows, the end of a request, a fault, an answer.
//! Where the executor runs on the JavaScript thread both happen without a hop; otherwise requests
//! and messages cross as plain data. `docs/boundary.md` has the layout of both.

mod arena;
mod backend;
mod calls;
mod command;
mod doorkeeper;
mod environment;
mod host;
mod outbox;
mod receiver;
mod streams;
mod transaction_call;
mod wake;

pub use environment::NativeEnvironment;
