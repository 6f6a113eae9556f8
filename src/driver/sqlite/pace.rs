//! [`Pace`]: whether a write is expected to take long.
//!
//! Outside of a transaction every write may be tried for a moment. Inside of one it may not: SQLite
//! rolls the whole transaction back with a statement that is stopped. So there the thread is picked
//! by what the statement took the last time, and the first time by what SQLite plans to do.

use std::time::Duration;

use super::handle::Database;
use super::statement::{Cell, Step};

/// How a write runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pace {
    /// It has not run yet.
    #[default]
    Unknown,
    /// In a moment.
    Quick,
    /// Longer than the thread may be held.
    Slow,
}

/// Longest time of a quick write.
const QUICK: Duration = Duration::from_millis(5);

impl Pace {
    /// By the time that was spent in SQLite.
    pub fn of(spent: Duration) -> Self {
        if spent > QUICK { Self::Slow } else { Self::Quick }
    }

    /// By SQLite's plan: slow when a table is read from one end to the other, or a range of it.
    pub fn planned(sql: &str, database: &mut Database) -> Self {
        let Ok((Some(mut statement), _)) = database.prepare(&format!("explain query plan {sql}"), false)
        else {
            return Self::Quick; // it cannot run either
        };
        let mut pace = Self::Quick;
        // To its end: a plan of a write that is left before takes an open savepoint or transaction back with it.
        while matches!(statement.step(), Step::Row) {
            if let Cell::Text(detail) = statement.cell(DETAIL)
                && is_slow(&String::from_utf8_lossy(detail))
            {
                pace = Self::Slow;
            }
        }
        pace
    }
}

/// The column of `EXPLAIN QUERY PLAN` that says something.
const DETAIL: usize = 3;

fn is_slow(detail: &str) -> bool {
    let is_scan = detail.starts_with("SCAN ") && !detail.ends_with("CONSTANT ROW");
    // `max()` of a column without an index: it looks for one row, and reads all of them.
    let is_search_of_all = detail.starts_with("SEARCH ") && !detail.contains(" USING ");
    is_scan || is_search_of_all || detail.contains(">?") || detail.contains("<?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_that_reads_a_table_or_a_range_is_slow() {
        let Ok(mut database) = Database::open(c":memory:") else { unreachable!("memory can be opened") };
        for sql in [
            "create table t (id integer primary key, a unique, b)",
            "create table alone (id integer primary key, a unique, b)",
            "create table child (t references t (a), n)",
        ] {
            let Ok((Some(mut statement), _)) = database.prepare(sql, false) else { unreachable!("{sql}") };
            assert!(matches!(statement.step(), Step::Done));
        }
        for (sql, pace) in [
            ("update t set b = 1 where id = ?", Pace::Quick),
            ("update t set b = 1 where a in (?, ?)", Pace::Quick),
            ("delete from child where t = 1 and n > 2", Pace::Slow),
            ("delete from alone where a = ? and b > 2", Pace::Quick),
            ("update t set b = ? where id = 1 or a = 2", Pace::Quick),
            ("update t set b = 1 where b = ?", Pace::Slow),
            ("delete from t where id = ?", Pace::Slow), // its key is looked for in `child`
            ("delete from alone where id > ?", Pace::Slow),
            ("delete from alone where a between ? and ?", Pace::Slow),
            ("update t set b = (select max(n) from child) where id = 1", Pace::Slow),
            (
                "update t set b = (with recursive c(n) as (select 1 union all select n + 1 from c where n < 9)
                 select max(n) from c) where id = 1",
                Pace::Slow,
            ),
            ("update nowhere set b = 1 where c = 2", Pace::Quick),
        ] {
            assert_eq!(Pace::planned(sql, &mut database), pace, "{sql}");
        }
    }

    #[test]
    fn a_plan_leaves_the_transaction_open() {
        let Ok(mut database) = Database::open(c":memory:") else { unreachable!("memory can be opened") };
        let run = |database: &mut Database, sql: &str| {
            let Ok((Some(mut statement), _)) = database.prepare(sql, false) else { unreachable!("{sql}") };
            matches!(statement.step(), Step::Done)
        };
        for sql in [
            "create table a (id integer primary key, n)",
            "create table b (id integer primary key, n)",
            "begin",
            "savepoint s",
        ] {
            assert!(run(&mut database, sql), "{sql}");
        }
        let sql = "update a set n = (select b.n from b where b.id = a.id) where exists (select 1 from b where b.id = a.id)";
        assert_eq!(Pace::planned(sql, &mut database), Pace::Slow);
        assert!(run(&mut database, "release s"), "the savepoint is gone");
        assert!(!database.is_autocommit());
    }
}
