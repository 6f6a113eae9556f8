//! [`Statements`]: the statements that one session keeps prepared, by the names that the server has.

use std::io;
use std::rc::Rc;

use bytes::BytesMut;
use postgres_protocol::message::frontend;

use super::types::{Oid, PgType};
use crate::driver::Shape;
use crate::driver::ahead::Quickness;
use crate::driver::statement_cache::StatementCache;

/// A statement that the server has parsed.
#[derive(Debug)]
pub(super) struct Prepared {
    /// The server's name for it; empty for the one that the next statement replaces.
    pub(super) name: String,
    /// The types of its parameters.
    pub(super) parameters: Vec<PgType>,
    /// The types of arrays of its parameters; `None` where one has no built-in array.
    pub(super) array_types: Option<Vec<Oid>>,
    /// The types of its columns, as they are read.
    pub(super) columns: Vec<PgType>,
    /// Its columns for readers. `None`: it has no result.
    pub(super) shape: Option<Rc<Shape>>,
    /// Whether it was answered at once when it ran last.
    pub(super) quickness: Quickness,
}

/// Prepared statements by their text.
#[derive(Debug, Default)]
pub(super) struct Statements {
    kept: StatementCache<Prepared>,
    /// Counts names, none of which comes twice in a session.
    names: u64,
    /// Names that the server shall forget with the next message.
    closing: Vec<String>,
}

impl Statements {
    /// The statement with this text, if it is prepared.
    pub(super) fn find(&mut self, sql: &str) -> Option<Rc<Prepared>> {
        self.kept.find(sql)
    }

    /// A name that no statement had.
    pub(super) fn next_name(&mut self) -> String {
        self.names += 1;
        format!("g{}", self.names)
    }

    /// Keeps a statement, and gives up the one not used for longest when there are too many.
    pub(super) fn keep(&mut self, sql: &Rc<str>, prepared: Rc<Prepared>) {
        let dropped = self.kept.keep(sql, prepared);
        self.closing.extend(dropped.map(|dropped| dropped.name.clone()));
    }

    /// Gives up the statement with this text.
    pub(super) fn forget(&mut self, sql: &str) {
        let dropped = self.kept.forget(sql);
        self.closing.extend(dropped.map(|dropped| dropped.name.clone()));
    }

    /// Gives up all statements.
    pub(super) fn forget_all(&mut self) {
        self.closing.extend(self.kept.drain().map(|dropped| dropped.name.clone()));
    }

    /// Has the server forget a statement that was never kept.
    pub(super) fn close(&mut self, name: String) {
        self.closing.push(name);
    }

    /// Forgets all: the server has.
    pub(super) fn clear(&mut self) {
        self.kept.clear();
        self.closing.clear();
    }

    /// Writes the messages that close what was given up.
    pub(super) fn write_closes(&mut self, out: &mut BytesMut) -> io::Result<()> {
        self.closing.drain(..).try_for_each(|name| frontend::close(b'S', &name, out))
    }
}
