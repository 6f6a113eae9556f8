//! [`StatementTraits`]: what the text of a statement tells before it runs.

/// What a statement's own words say about it.
#[allow(clippy::struct_excessive_bools)] // independent answers
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StatementTraits {
    /// It reads or writes a whole table or file, and cannot be tried for a moment first. Some of
    /// these are quick after all, which costs them the start of a thread, about 50 µs.
    pub is_long: bool,
    /// It inserts, updates or deletes rows.
    pub changes_rows: bool,
    /// It finds the rows that it changes by itself: an update or a delete.
    pub searches: bool,
    /// It changes settings of the session.
    pub changes_session: bool,
    /// It has SQLite keep no journal.
    pub turns_journal_off: bool,
    /// `ROLLBACK`, not to a savepoint.
    pub is_rollback: bool,
    /// It asks for the key of an earlier insert.
    pub asks_for_last_key: bool,
}

impl StatementTraits {
    /// Reads the words. A keyword that stands in a literal is taken for one; it only picks the
    /// thread.
    pub fn of(sql: &str, is_read_only: bool) -> Self {
        let first: Vec<String> = Words(sql).take(4).map(str::to_ascii_lowercase).collect();
        let word = |index: usize| first.get(index).map_or("", String::as_str);
        let is_pragma = word(0) == "pragma";
        let has = |wanted: &str| Words(sql).any(|word| word.eq_ignore_ascii_case(wanted));
        Self {
            is_long: match word(0) {
                "vacuum" | "reindex" | "analyze" | "alter" | "drop" => true,
                "create" => matches!((word(1), word(2)), ("index", _) | ("unique", "index")) || has("select"),
                "insert" | "replace" => has("select"),
                "update" | "delete" => !has("where"),
                "with" => !is_read_only,
                // `pragma integrity_check`, and with a schema, `pragma main.integrity_check`.
                "pragma" => first.iter().any(|word| LONG_PRAGMAS.contains(&word.as_str())),
                _ => false,
            },
            changes_rows: !is_read_only
                && matches!(word(0), "insert" | "replace" | "update" | "delete" | "with"),
            searches: matches!(word(0), "update" | "delete"),
            changes_session: is_pragma,
            turns_journal_off: is_pragma
                && ["journal_mode", "off"].iter().all(|wanted| first.iter().any(|word| word == wanted)),
            is_rollback: word(0) == "rollback" && !first.iter().any(|word| word == "to"),
            asks_for_last_key: contains_ignoring_case(sql, "last_insert_rowid"),
        }
    }
}

/// Pragmas that read a whole file.
const LONG_PRAGMAS: [&str; 6] = [
    "integrity_check",
    "quick_check",
    "foreign_key_check",
    "wal_checkpoint",
    "optimize",
    "incremental_vacuum",
];

/// Whether nothing but blanks, comments and semicolons is left.
pub fn is_blank(sql: &str) -> bool {
    let mut rest = skip_blanks(sql);
    while let Some(after) = rest.strip_prefix(';') {
        rest = skip_blanks(after);
    }
    rest.is_empty()
}

/// What follows blanks and comments. A comment that does not end reaches to the end, as in SQLite.
fn skip_blanks(sql: &str) -> &str {
    let mut rest = sql;
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\n', '\r', '\x0C', '\u{FEFF}']);
        if let Some(comment) = rest.strip_prefix("--") {
            rest = comment.find('\n').map_or("", |end| &comment[end..]);
        } else if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.find("*/").map_or("", |end| &comment[end + 2..]);
        } else {
            return rest;
        }
    }
}

/// The words of SQL: letters, digits and underscores. Comments and single other characters are skipped.
struct Words<'a>(&'a str);

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        loop {
            let rest = skip_blanks(self.0);
            let end =
                rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len());
            if end > 0 {
                let (word, after) = rest.split_at(end);
                self.0 = after;
                return Some(word);
            }
            let skipped = rest.chars().next()?;
            self.0 = &rest[skipped.len_utf8()..];
        }
    }
}

fn contains_ignoring_case(text: &str, lower: &str) -> bool {
    text.as_bytes().windows(lower.len()).any(|window| window.eq_ignore_ascii_case(lower.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_that_take_long_are_told_by_their_first_words() {
        for sql in [
            "vacuum",
            "  VACUUM into 'x'",
            "/* why */ reindex",
            "-- why\nanalyze users",
            "alter table users add column x",
            "create index i on t (c)",
            "create unique index i on t (c)",
            "pragma integrity_check",
            "pragma main.integrity_check(3)",
            "PRAGMA wal_checkpoint(TRUNCATE)",
            "drop table t",
            "create table t as select 1",
            "insert into t (a) select a from u",
            "replace into t Select 1",
            "with c as (select 1) insert into t select * from c",
            "update t set a = 1",
            "DELETE FROM t",
        ] {
            assert!(StatementTraits::of(sql, false).is_long, "{sql}");
        }
        for sql in [
            "select 1",
            "create table vacuum (x)",
            "pragma table_info(users)",
            "insert into vacuum values (1)",
            "update t set a = 1 where id = 1",
            "delete from t -- all\n where id = 1",
            "with c as (select 1) select * from c",
            "",
        ] {
            assert!(!StatementTraits::of(sql, true).is_long, "{sql}");
        }
    }

    #[test]
    fn changes_of_rows_are_told_from_other_writes() {
        for (sql, changes_rows, searches) in [
            ("insert into t values (1)", true, false),
            ("-- why\nREPLACE into t values (1)", true, false),
            ("Update t set a = 1 where id = 1", true, true),
            ("delete from t where id = 1", true, true),
            ("with c as (select 1) delete from t where id in c", true, false),
            ("create table t (update_count)", false, false),
            ("begin immediate", false, false),
            ("pragma user_version = 1", false, false),
        ] {
            let traits = StatementTraits::of(sql, false);
            assert_eq!((traits.changes_rows, traits.searches), (changes_rows, searches), "{sql}");
        }
        assert!(!StatementTraits::of("with c as (select 1) select * from c", true).changes_rows);
    }

    #[test]
    fn a_pragma_that_turns_the_journal_off_is_known() {
        for sql in
            ["pragma journal_mode = off", "PRAGMA main.Journal_Mode('OFF')", "pragma journal_mode=off;"]
        {
            assert!(StatementTraits::of(sql, false).turns_journal_off, "{sql}");
        }
        for sql in ["pragma journal_mode", "pragma journal_mode = wal", "pragma foreign_keys = off"] {
            assert!(!StatementTraits::of(sql, false).turns_journal_off, "{sql}");
        }
    }

    #[test]
    fn a_rollback_to_a_savepoint_is_not_the_end() {
        for (sql, is_rollback) in [
            ("rollback", true),
            ("ROLLBACK TRANSACTION;", true),
            ("rollback to savepoint a", false),
            ("rollback transaction to a", false),
            ("commit", false),
        ] {
            assert_eq!(StatementTraits::of(sql, true).is_rollback, is_rollback, "{sql}");
        }
    }

    #[test]
    fn blanks_comments_and_semicolons_are_no_statement() {
        for sql in ["", " \n\t", ";", " ; ;; ", "-- end", "-- a\n ; /* b */", "/* open", "/* a;b */;"] {
            assert!(is_blank(sql), "{sql:?}");
        }
        for sql in ["x", "; select 1", "-- a\nselect 1", "/* a */ x", "\0"] {
            assert!(!is_blank(sql), "{sql:?}");
        }
    }
}
