//! [`PoolConfig`]: limits of the pool.

/// Limits of the pool. Times in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolConfig {
    /// Connections kept open even when idle. Default 0.
    pub min: usize,
    /// Most connections open at once. Default 10: what PostgreSQL serves well per process with its
    /// default `max_connections` of 100 and ten processes.
    pub max: usize,
    /// Longest wait for a free connection, opening one included. Default 30 000: shorter than the
    /// 60 s after which nginx gives up on an upstream (`proxy_read_timeout`).
    pub acquire_timeout_ms: u64,
    /// After this long unused a connection above `min` is closed. Default 30 000. 0: never.
    pub idle_timeout_ms: u64,
    /// Longest time to open one connection. Default 3 000.
    pub create_timeout_ms: u64,
    /// Age after which a connection is replaced when it comes back, ± 10 % so that they do not all
    /// go at once. Default 1 800 000. 0: never.
    pub max_lifetime_ms: u64,
}

impl Default for PoolConfig {
    fn default() -> Self {
        Self {
            min: 0,
            max: 10,
            acquire_timeout_ms: 30_000,
            idle_timeout_ms: 30_000,
            create_timeout_ms: 3_000,
            max_lifetime_ms: 1_800_000,
        }
    }
}
