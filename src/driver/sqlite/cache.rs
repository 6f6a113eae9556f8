//! [`StatementCache`]: the prepared statements of one connection.

use std::collections::HashMap;
use std::rc::Rc;

use foldhash::quality::RandomState;

use super::pace::Pace;
use super::run::Run;
use super::traits::StatementTraits;
use crate::driver::Shape;

/// Statements kept at most. Each holds its program, a few KiB.
const CAPACITY: usize = 128;

/// A prepared statement with what is known about it.
#[derive(Debug)]
pub struct Prepared {
    /// The statement. It is handed around with each execution, and large.
    pub run: Box<Run>,
    /// Its columns, shared with every reader of its rows.
    pub shape: Rc<Shape>,
    /// What its words say.
    pub traits: StatementTraits,
    /// How it ran the last time, when it changes rows.
    pub pace: Pace,
    /// Its rows were few the last time, and there at once.
    pub is_short: bool,
    /// Whether it cannot change a database file.
    pub is_read_only: bool,
}

/// Keeps the statements that were used last. A running statement is not in it.
#[derive(Debug, Default)]
pub struct StatementCache {
    statements: HashMap<Rc<str>, (Prepared, u64), RandomState>,
    uses: u64,
}

impl StatementCache {
    /// A statement that runs where it is.
    pub fn find(&mut self, sql: &str) -> Option<&mut Prepared> {
        let (prepared, used) = self.statements.get_mut(sql)?;
        self.uses += 1;
        *used = self.uses;
        Some(prepared)
    }

    /// Takes a statement out, to run it.
    pub fn take(&mut self, sql: &str) -> Option<Prepared> {
        self.statements.remove(sql).map(|(prepared, _)| prepared)
    }

    /// Puts a statement (back) in; the one unused for longest makes room.
    pub fn put(&mut self, sql: Rc<str>, prepared: Prepared) {
        self.uses += 1;
        if self.statements.len() >= CAPACITY {
            let oldest =
                self.statements.iter().min_by_key(|(_, (_, used))| *used).map(|(sql, _)| Rc::clone(sql));
            if let Some(oldest) = oldest {
                self.statements.remove(&oldest);
            }
        }
        self.statements.insert(sql, (prepared, self.uses));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::driver::sqlite::columns::ReadOptions;
    use crate::driver::sqlite::handle::Database;
    use crate::value::temporal::Zone;

    #[test]
    fn statements_are_kept_up_to_128_and_the_one_unused_for_longest_goes_first() {
        let Ok(mut database) = Database::open(c":memory:") else { unreachable!("memory can be opened") };
        let options =
            Arc::new(ReadOptions { timezone: Zone::Utc, dates_as_text: false, json_as_text: false });
        let mut prepare = |sql: &str| {
            let Ok((Some(statement), _)) = database.prepare(sql, true) else { unreachable!("{sql} is SQL") };
            let run = Box::new(Run::new(statement, &options));
            let shape = Rc::new(run.plan.shape.clone());
            Prepared {
                run,
                shape,
                traits: StatementTraits::default(),
                pace: Pace::Unknown,
                is_short: true,
                is_read_only: true,
            }
        };
        let mut cache = StatementCache::default();
        let often = "select 'often'";
        cache.put(often.into(), prepare(often));
        for number in 0..300 {
            let sql = format!("select {number}");
            cache.put(sql.as_str().into(), prepare(&sql));
            let Some(prepared) = cache.take(often) else { unreachable!("it was used last") };
            cache.put(often.into(), prepared);
        }
        assert_eq!(cache.statements.len(), CAPACITY);
        for number in 0..300 {
            assert_eq!(
                cache.take(&format!("select {number}")).is_some(),
                number > 300 - CAPACITY,
                "{number}"
            );
        }
    }
}
