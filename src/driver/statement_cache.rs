//! [`StatementCache`]: what a session knows of the statements that it keeps prepared.

use std::collections::HashMap;
use std::rc::Rc;

/// Most statements kept in a session. Each costs PostgreSQL 10 to 50 KiB; MySQL allows 16 382 in all
/// by default (`max_prepared_stmt_count`), which this shares between 64 sessions.
pub const CAPACITY: usize = 256;

/// Statements by their text; the one not used for longest goes first.
#[derive(Debug)]
pub struct StatementCache<T> {
    entries: HashMap<Rc<str>, Entry<T>>,
    /// Counts uses.
    clock: u64,
}

#[derive(Debug)]
struct Entry<T> {
    statement: Rc<T>,
    used_at: u64,
}

impl<T> Default for StatementCache<T> {
    fn default() -> Self {
        Self { entries: HashMap::new(), clock: 0 }
    }
}

impl<T> StatementCache<T> {
    /// The statement with this text.
    pub fn find(&mut self, sql: &str) -> Option<Rc<T>> {
        self.clock += 1;
        let entry = self.entries.get_mut(sql)?;
        entry.used_at = self.clock;
        Some(Rc::clone(&entry.statement))
    }

    /// Keeps a statement, and gives back the one not used for longest when there are too many.
    pub fn keep(&mut self, sql: &Rc<str>, statement: Rc<T>) -> Option<Rc<T>> {
        let mut dropped = None;
        if self.entries.len() >= CAPACITY {
            let oldest = self.entries.iter().min_by_key(|(_, entry)| entry.used_at);
            let oldest = oldest.map(|(sql, _)| Rc::clone(sql));
            dropped = oldest.and_then(|oldest| self.forget(&oldest));
        }
        self.clock += 1;
        self.entries.insert(Rc::clone(sql), Entry { statement, used_at: self.clock });
        dropped
    }

    /// Gives up the statement with this text.
    pub fn forget(&mut self, sql: &str) -> Option<Rc<T>> {
        self.entries.remove(sql).map(|entry| entry.statement)
    }

    /// Gives up all statements.
    pub fn drain(&mut self) -> impl Iterator<Item = Rc<T>> {
        self.entries.drain().map(|(_, entry)| entry.statement)
    }

    /// Forgets all: the server has.
    pub fn clear(&mut self) {
        self.entries.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statement_not_used_for_longest_is_given_back() {
        let mut cache = StatementCache::default();
        for number in 0..CAPACITY {
            assert_eq!(cache.keep(&format!("select {number}").into(), Rc::new(number)), None);
        }
        assert!(cache.find("select 0").is_some(), "used again");
        assert_eq!(cache.keep(&"one too many".into(), Rc::new(CAPACITY)).as_deref(), Some(&1));
        assert!(cache.find("select 0").is_some());
        assert!(cache.find("select 1").is_none());
        assert_eq!(cache.entries.len(), CAPACITY);
    }
}
