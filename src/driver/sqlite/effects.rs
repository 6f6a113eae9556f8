//! [`Effects`]: what a statement changed, read off its connection before and after it.

use super::handle::Database;
use super::traits::StatementTraits;
use crate::driver::Outcome;

/// No row has this key: it marks that a statement inserted none.
const NO_KEY: i64 = i64::MIN;

/// The connection as it was before a statement.
#[derive(Debug, Clone, Copy)]
pub struct Effects {
    is_write: bool,
    was_open: bool,
    changes: i64,
    last_key: i64,
    marks_key: bool,
}

impl Effects {
    /// To be called before the statement.
    pub fn before(database: &Database, is_write: bool, traits: StatementTraits) -> Self {
        let marks_key = is_write && !traits.asks_for_last_key;
        let before = Self {
            is_write,
            was_open: !database.is_autocommit(),
            changes: database.total_changes(),
            last_key: database.last_insert_rowid(),
            marks_key,
        };
        if marks_key {
            database.set_last_insert_rowid(NO_KEY);
        }
        before
    }

    /// To be called after it, also when it failed. `sent`: its rows.
    pub fn after(self, database: &Database, sent: u64) -> Outcome {
        let new_key = database.last_insert_rowid();
        if self.marks_key && new_key == NO_KEY {
            database.set_last_insert_rowid(self.last_key);
        }
        if !self.is_write {
            return Outcome { affected_rows: sent, last_insert_id: 0 };
        }
        if database.total_changes() == self.changes {
            return Outcome::default();
        }
        let last_insert_id = if new_key == NO_KEY { 0 } else { u64::try_from(new_key).unwrap_or(0) };
        Outcome { affected_rows: database.changes(), last_insert_id }
    }

    /// To be called instead, when it was undone.
    pub fn undone(self, database: &Database) {
        if self.marks_key {
            database.set_last_insert_rowid(self.last_key);
        }
    }

    /// Whether the transaction is what it was: open, or none.
    pub fn has_left_transaction(self, database: &Database) -> bool {
        self.was_open != database.is_autocommit()
    }

    /// Whether SQLite has rolled the transaction back that was open.
    pub fn has_lost_transaction(self, database: &Database) -> bool {
        self.was_open && database.is_autocommit()
    }
}
