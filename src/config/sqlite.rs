//! [`SqliteConfig`]: what SQLite connections are opened with.

/// What SQLite connections are opened with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqliteConfig {
    /// `PRAGMA foreign_keys`. Default on.
    pub foreign_keys: bool,
    /// Longest wait for another process's lock, in milliseconds. Default 5 000.
    pub busy_timeout_ms: u64,
    /// `PRAGMA journal_mode`. Default `wal`.
    pub journal_mode: String,
    /// `PRAGMA synchronous`. Default `normal`: safe under WAL.
    pub synchronous: String,
}

impl Default for SqliteConfig {
    fn default() -> Self {
        Self {
            foreign_keys: true,
            busy_timeout_ms: 5_000,
            journal_mode: "wal".into(),
            synchronous: "normal".into(),
        }
    }
}
