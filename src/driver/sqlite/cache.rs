//! [`StatementCache`]: the prepared statements of one connection.

use std::collections::HashMap;
use std::rc::Rc;

use super::run::Run;
use super::traits::StatementTraits;
use crate::driver::Shape;

/// Statements kept at most. Each holds its program, a few KiB.
const CAPACITY: usize = 128;

/// A prepared statement with what is known about it.
#[derive(Debug)]
pub struct Prepared {
    /// The statement.
    pub run: Run,
    /// Its columns, shared with every reader of its rows.
    pub shape: Rc<Shape>,
    /// What its words say.
    pub traits: StatementTraits,
    /// Whether it cannot change a database file.
    pub is_read_only: bool,
}

/// Keeps the statements that were used last. A running statement is not in it.
#[derive(Debug, Default)]
pub struct StatementCache {
    statements: HashMap<Rc<str>, (Prepared, u64)>,
    uses: u64,
}

impl StatementCache {
    /// Takes a statement out, to run it.
    pub fn take(&mut self, sql: &str) -> Option<Prepared> {
        self.statements.remove(sql).map(|(prepared, _)| prepared)
    }

    /// Puts a statement (back) in; the one unused for longest makes room.
    pub fn put(&mut self, sql: Rc<str>, prepared: Prepared) {
        self.uses += 1;
        if self.statements.len() >= CAPACITY {
            let oldest = self.statements.iter().min_by_key(|(_, (_, used))| *used).map(|(sql, _)| Rc::clone(sql));
            if let Some(oldest) = oldest {
                self.statements.remove(&oldest);
            }
        }
        self.statements.insert(sql, (prepared, self.uses));
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.statements.len()
    }
}
