//! How data is read from JSON, and written as it.
//!
//! What serde derives for `#[serde(tag)]`, `#[serde(untagged)]` and `#[serde(flatten)]` copies a node to memory before it
//! reads it, what is inside of others once more for each level, and is compiled once more for what reads from such copies.
//! Here every node is read where it stands in the text, by code that there is once.

mod tagged;
mod untagged;
mod written;

pub(crate) use tagged::{Named, Tagged, tagged};
pub(crate) use untagged::untagged;
pub(crate) use written::{Written, written};
