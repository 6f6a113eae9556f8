//! [`Session`]: one connection for as long as a transaction, or a program, holds it.

use std::cell::Cell;

use tokio::sync::Mutex;

use crate::dialect::transaction::Isolation;
use crate::driver::pool::Lease;

/// How a transaction begins.
#[derive(Debug, Clone, Copy, Default)]
pub struct BeginOptions {
    /// The isolation level; `None`: the server's default.
    pub isolation: Option<Isolation>,
    /// Whether writes are refused.
    pub read_only: bool,
    /// The pinned session to begin in; 0: a connection of the transaction's own.
    pub session: u32,
}

impl BeginOptions {
    /// Whether the server is told nothing but that a transaction begins.
    pub(super) fn is_plain(self) -> bool {
        self.isolation.is_none() && !self.read_only
    }
}

/// A pinned connection. Statements take turns in the order they were submitted (tokio's mutex is
/// fair), so one that was not awaited is still finished before the commit that was submitted later.
pub(super) struct Session {
    /// Absent once the connection is lost.
    pub(super) lease: Mutex<Option<Lease>>,
    /// The transaction is still to be begun on the server, with its first statement.
    pub(super) owes_begin: Cell<bool>,
}

impl Session {
    pub(super) fn new(lease: Lease) -> Self {
        Self { lease: Mutex::new(Some(lease)), owes_begin: Cell::new(false) }
    }

    pub(super) fn owing_begin(lease: Lease) -> Self {
        Self { owes_begin: Cell::new(true), ..Self::new(lease) }
    }
}
