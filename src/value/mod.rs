//! Scalars: no I/O, no SQL.

pub mod bindings;
pub mod temporal;

pub use bindings::{Bindings, BindingsBuilder, ValueRef};
