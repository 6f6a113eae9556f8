//! The engine of guruorm.
//!
//! ```text
//! value ◄── ast, schema ◄── dialect ◄─┬─ evolve ◄─┐
//!   ▲          ▲              ▲       └─ driver ◄─┴─ engine ◄── bridge
//!   │          │              └── migrate ◄─┼───────────────────┘
//!   └──────────┴── error, json, config; runtime ──┘
//! ```
//! An arrow points to what may be imported; `tests/architecture.rs` checks it.

// What everybody may use.
pub mod config;
pub mod error;
mod json;

// 0. Scalars: no I/O, no SQL.
pub mod value;

// 1. Queries and schemas as data.
pub mod ast;
pub mod schema;

// 2. Data to SQL, catalogue rows to data, native codes to error codes. Pure.
pub mod dialect;

// 3. From one structure to another. Pure.
pub mod evolve;

// 3. Talking to servers, on an executor of one thread.
pub mod driver;
pub mod runtime;

// 4. The one road to a database.
pub mod engine;

// 5. Workflows.
pub mod migrate;

// 6. The only functions that JavaScript can call.
pub mod bridge;
