//! [`TableLock`]: what others may do with a table while it is altered.

use serde::{Deserialize, Serialize};

/// What others may do with a table while it is altered (MySQL only). The server refuses an alteration
/// that needs a stronger lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TableLock {
    /// Read and write.
    None,
    /// Read.
    Shared,
    /// Nothing.
    Exclusive,
    /// As much as the server can allow.
    Default,
}

impl TableLock {
    /// The word for it.
    #[must_use]
    pub fn as_sql(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Shared => "shared",
            Self::Exclusive => "exclusive",
            Self::Default => "default",
        }
    }
}
