//! JSON of commands and of their answers.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// What a command has to say. What of it is not asked for is passed over, so that its parts can be read one by one.
pub(super) fn read<'json, Request: Deserialize<'json>>(json: &'json str) -> Result<Request> {
    serde_json::from_str(json)
        .map_err(|reason| Error::internal(format!("a migrate command cannot be read: {reason}")))
}

/// An answer.
pub(super) fn text(answer: &impl Serialize) -> Result<String> {
    serde_json::to_string(answer)
        .map_err(|reason| Error::internal(format!("an answer cannot be written: {reason}")))
}
