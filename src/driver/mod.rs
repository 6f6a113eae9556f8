//! Drivers: one physical connection to each kind of database, behind two small traits.
//!
//! The protocols of PostgreSQL, and of MySQL and MariaDB, are spoken here, over the same `network`;
//! SQLite's functions are called in process. Why no library does it: docs/decisions/0004 and 0017.
//! Drivers never write SQL beyond what sets up a session.

mod ahead;
pub mod cells;
pub mod mysql;
mod network;
mod open;
mod pipeline;
pub mod pool;
pub mod postgres;
pub mod rows;
pub mod sqlite;
mod statement_cache;

use std::rc::Rc;
use std::time::{Duration, Instant};

use futures_util::future::LocalBoxFuture;

use crate::dialect::InsertedRows;
use crate::error::Result;
use crate::value::Bindings;

pub use open::open_pools;
pub use pipeline::{Pipeline, Shareable};
pub use rows::{Chunk, ChunkReceiver, ChunkWriter, ColumnKind, RowSink, Shape};

/// A statement as a server takes it: its own placeholders, one value each.
#[derive(Debug, Clone, PartialEq)]
pub struct DriverStatement {
    /// SQL with the server's own placeholders: `$1…` on PostgreSQL, `?` elsewhere.
    pub sql: Rc<str>,
    /// For each placeholder in order, which of the bindings it takes. `None`: the n-th takes the n-th.
    pub order: Option<Rc<[u32]>>,
    /// How many placeholders there are.
    pub placeholders: usize,
    /// False for a text that will hardly come again, so that it takes no place in the cache of
    /// prepared statements.
    pub is_cached: bool,
    /// The rows of an insert, for drivers that can send them in another way. The text has them, too.
    pub rows: Option<Rc<InsertedRows>>,
}

impl DriverStatement {
    /// A text that has no values, and will come again.
    #[must_use]
    pub fn plain(sql: impl Into<Rc<str>>) -> Self {
        Self { sql: sql.into(), order: None, placeholders: 0, is_cached: true, rows: None }
    }

    /// Which binding the placeholder at `index` takes.
    #[must_use]
    pub fn binding_of(&self, index: usize) -> usize {
        self.order.as_ref().map_or(index, |order| order[index] as usize)
    }
}

/// What a statement did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Rows that an insert, update or delete touched; rows sent for a select.
    pub affected_rows: u64,
    /// The first key that the database made for an insert (MySQL, SQLite); 0 when none.
    pub last_insert_id: u64,
}

/// Where a connection stands between statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransactionStatus {
    /// No transaction is open.
    Idle,
    /// A transaction is open.
    Open,
    /// A transaction is open and can only be rolled back.
    Failed,
}

/// What is around the first statement of a transaction, or the last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Frame {
    /// Begins the transaction, before the statement.
    pub begin: Option<&'static str>,
    /// Ends it, after the statement.
    pub commit: Option<&'static str>,
}

/// Stops what a connection is doing, from outside of it.
pub type CancelFuture = LocalBoxFuture<'static, Result<()>>;

/// What may end a statement before its time.
#[derive(Debug, Clone, Copy, Default)]
pub struct Limits {
    /// What is left of its time limit. `None`: it has none.
    pub time_left: Option<Duration>,
    /// Its caller has a signal that may tell it to stop.
    pub may_be_aborted: bool,
}

/// One physical connection.
///
/// A future of [`Connection::execute`] must be awaited to its end: to stop it, call
/// [`Connection::cancel`] beforehand to get the canceller and await both. Dropping the future is
/// allowed only together with the connection.
pub trait Connection {
    /// Runs one statement and writes its rows. Prepared where the server can, and cached.
    ///
    /// # Errors
    /// What the server said, classified; `LostConnection` when the connection ended;
    /// `InvalidArgument` for a value that cannot be bound, before anything is sent.
    fn execute<'a>(
        &'a mut self,
        statement: &'a DriverStatement,
        bindings: &'a Bindings,
        rows: &'a mut RowSink<'_>,
    ) -> LocalBoxFuture<'a, Result<Outcome>>;

    /// Runs a statement that neither waits nor takes long, and shows all of its rows, before this returns. `None`: this one
    /// may do either, here or now. Nothing of it is done then, and [`Connection::execute`] is to be called.
    ///
    /// # Errors
    /// As [`Connection::execute`].
    fn execute_now(
        &mut self,
        _statement: &DriverStatement,
        _bindings: &Bindings,
        _began: Instant,
        _rows: &mut dyn FnMut(&Rc<Shape>, &Chunk),
    ) -> Option<Result<Outcome>> {
        None
    }

    /// Runs text as the server takes it without preparing: several statements, no values, no rows.
    ///
    /// # Errors
    /// As [`Connection::execute`].
    fn execute_script<'a>(&'a mut self, sql: &'a str) -> LocalBoxFuture<'a, Result<Outcome>>;

    /// Statements that are sent before those in front of them have been answered, for drivers that can.
    fn pipeline(&mut self) -> Option<&mut dyn Pipeline> {
        None
    }

    /// Has `frame` sent together with the statement that comes next, `sql`: what fails keeps back what is behind it. Only
    /// one that reads (`is_read`), and so leaves nothing behind, may run in spite of a begin that failed; its rows are nobody's
    /// then. False: it cannot be, and the caller sends them one after the other.
    fn frame_next(&mut self, _sql: &str, _is_read: bool, _frame: Frame) -> bool {
        false
    }

    /// Says what may end the statement that comes next, and those after it. Only for drivers whose
    /// statements can hold the thread that would stop them: a server's cannot.
    fn limit_next(&mut self, _limits: Limits) {}

    /// A future that asks the server to stop the statement that is running now or next.
    fn canceller(&self) -> Box<dyn Fn() -> CancelFuture>;

    /// Where the transaction stands, as the server last said.
    fn transaction_status(&self) -> TransactionStatus;

    /// Whether the connection is known to be dead, without asking the server (a closed socket).
    fn is_dead(&mut self) -> bool;

    /// Whether what the last statement showed forbids to use the connection again. Unlike
    /// [`Connection::is_dead`] it looks at nothing, for a connection that has just answered.
    fn is_unfit(&self) -> bool;

    /// Brings session state back to what a fresh connection has.
    ///
    /// # Errors
    /// Any error: the connection is then closed instead of reused.
    fn reset(&mut self) -> LocalBoxFuture<'_, Result<()>>;

    /// The server's own number for this session, for messages and tests; 0 when it has none.
    fn session_id(&self) -> u64;

    /// Says goodbye and closes. The caller bounds the wait.
    fn close(self: Box<Self>) -> LocalBoxFuture<'static, ()>;
}

/// Opens connections.
pub trait Driver {
    /// Opens one. The caller bounds the wait; dropping the future gives the socket up.
    ///
    /// # Errors
    /// `Connection` with what was tried and why it failed, never with the password.
    fn connect(&self) -> LocalBoxFuture<'static, Result<Box<dyn Connection>>>;
}
