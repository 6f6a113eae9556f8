//! [`Limits`]: how long a migration's statements may wait and run.

use serde::Deserialize;

/// How long statements of a migration may take, in milliseconds.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Limits {
    /// Longest wait for a lock; the whole migration is then rolled back and tried again. 0: no limit.
    pub lock: u64,
    /// Longest time of a statement. 0: no limit.
    pub statement: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { lock: 10_000, statement: 0 }
    }
}
