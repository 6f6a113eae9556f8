//! [`StatementCache`]: the statements that one session keeps prepared.

use std::cell::Cell;
use std::collections::HashMap;
use std::io;
use std::rc::Rc;

use bytes::BytesMut;
use postgres_protocol::message::frontend;

use super::types::PgType;
use crate::driver::Shape;

/// Most statements kept prepared in a session. Each costs the server 10 to 50 KiB.
const CAPACITY: usize = 256;

/// A statement that the server has parsed.
#[derive(Debug)]
pub(super) struct Prepared {
    /// The server's name for it; empty for the one that the next statement replaces.
    pub(super) name: String,
    /// The types of its parameters.
    pub(super) parameters: Vec<PgType>,
    /// The types of its columns, as they are read.
    pub(super) columns: Vec<PgType>,
    /// Its columns for readers. `None`: it has no result.
    pub(super) shape: Option<Rc<Shape>>,
    /// Whether it was answered at once when it ran last.
    pub(super) is_quick: Cell<bool>,
}

/// Prepared statements by their text; the one not used for longest goes first.
#[derive(Debug, Default)]
pub(super) struct StatementCache {
    entries: HashMap<Rc<str>, Entry>,
    /// Counts uses.
    clock: u64,
    /// Counts names, none of which comes twice in a session.
    names: u64,
    /// Names that the server shall forget with the next message.
    closing: Vec<String>,
}

#[derive(Debug)]
struct Entry {
    prepared: Rc<Prepared>,
    used_at: u64,
}

impl StatementCache {
    /// The statement with this text, if it is prepared.
    pub(super) fn find(&mut self, sql: &str) -> Option<Rc<Prepared>> {
        self.clock += 1;
        let entry = self.entries.get_mut(sql)?;
        entry.used_at = self.clock;
        Some(Rc::clone(&entry.prepared))
    }

    /// A name that no statement had.
    pub(super) fn next_name(&mut self) -> String {
        self.names += 1;
        format!("g{}", self.names)
    }

    /// Keeps a statement, and gives up the one not used for longest when there are too many.
    pub(super) fn keep(&mut self, sql: &Rc<str>, prepared: Rc<Prepared>) {
        if self.entries.len() >= CAPACITY {
            let oldest = self.entries.iter().min_by_key(|(_, entry)| entry.used_at);
            if let Some(oldest) = oldest.map(|(sql, _)| Rc::clone(sql)) {
                self.forget(&oldest);
            }
        }
        self.clock += 1;
        self.entries.insert(Rc::clone(sql), Entry { prepared, used_at: self.clock });
    }

    /// Gives up the statement with this text.
    pub(super) fn forget(&mut self, sql: &str) {
        if let Some(entry) = self.entries.remove(sql) {
            self.close(entry.prepared.name.clone());
        }
    }

    /// Gives up all statements.
    pub(super) fn forget_all(&mut self) {
        let names = self.entries.drain().map(|(_, entry)| entry.prepared.name.clone());
        self.closing.extend(names);
    }

    /// Has the server forget a statement that was never kept.
    pub(super) fn close(&mut self, name: String) {
        self.closing.push(name);
    }

    /// Forgets all: the server has.
    pub(super) fn clear(&mut self) {
        self.entries.clear();
        self.closing.clear();
    }

    /// Writes the messages that close what was given up.
    pub(super) fn write_closes(&mut self, out: &mut BytesMut) -> io::Result<()> {
        self.closing.drain(..).try_for_each(|name| frontend::close(b'S', &name, out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(cache: &mut StatementCache, sql: &str) {
        let name = cache.next_name();
        let prepared = Prepared {
            name,
            parameters: Vec::new(),
            columns: Vec::new(),
            shape: None,
            is_quick: Cell::default(),
        };
        cache.keep(&sql.into(), Rc::new(prepared));
    }

    #[test]
    fn the_statement_not_used_for_longest_is_closed() {
        let mut cache = StatementCache::default();
        for number in 0..CAPACITY {
            add(&mut cache, &format!("select {number}"));
        }
        assert!(cache.find("select 0").is_some(), "used again");
        add(&mut cache, "one too many");
        assert!(cache.find("select 0").is_some());
        assert!(cache.find("select 1").is_none());
        assert_eq!(cache.closing, ["g2"]);
        assert_eq!(cache.entries.len(), CAPACITY);
    }
}
