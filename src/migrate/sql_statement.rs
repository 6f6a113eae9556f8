//! [`SqlStatement`]: one statement of a text, and what it does to the transaction around it.

use serde::Serialize;

use crate::config::DriverName;
use crate::dialect::scanner::{Piece, Scanner};
use crate::dialect::statement_kind::{Keywords, StatementKind};

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SqlStatement {
    /// Its text, without what ends it.
    pub sql: String,
    /// The line in which it begins, from 1.
    pub line: usize,
    /// What it does, by its keywords.
    pub kind: StatementKind,
    /// Its name, when the database refuses it inside of a transaction: `CREATE INDEX CONCURRENTLY`.
    pub outside: Option<&'static str>,
    /// Its first words, for messages: `COMMIT`.
    pub verb: String,
}

/// Words that are enough to know a statement.
const WORDS: usize = 12;

pub(super) fn statement(sql: &str, line: usize, driver: DriverName) -> SqlStatement {
    let mut keywords = Keywords::default();
    Scanner::new(sql, driver).for_each(|piece| keywords.see(piece));
    let words = words_of(sql, driver);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    SqlStatement {
        sql: sql.to_owned(),
        line,
        kind: keywords.kind(),
        outside: outside(&words, driver),
        verb: verb(&words),
    }
}

/// The first words of a statement, in lower case, without quoted ones.
pub(super) fn words_of(sql: &str, driver: DriverName) -> Vec<String> {
    let mut words = Vec::new();
    for piece in Scanner::new(sql, driver) {
        if let Piece::Code(code) = piece
            && words.len() < WORDS
        {
            let found = code.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
            words.extend(found.filter(|word| !word.is_empty()).map(str::to_ascii_lowercase));
        }
    }
    words
}

/// `START TRANSACTION`, else the first word.
fn verb(words: &[&str]) -> String {
    let count = if matches!(words, ["start" | "begin", "transaction", ..]) { 2 } else { 1 };
    words.iter().take(count).copied().collect::<Vec<_>>().join(" ").to_ascii_uppercase()
}

/// Statements that cannot run in a transaction (PostgreSQL 17, "cannot run inside a transaction block" in
/// each reference page; SQLite `lang_vacuum`; SQL Server "Transactions", not allowed in explicit ones).
fn outside(words: &[&str], driver: DriverName) -> Option<&'static str> {
    match (driver, words) {
        (DriverName::Postgres, ["create", rest @ ..])
            if rest.starts_with(&["index", "concurrently"])
                || rest.starts_with(&["unique", "index", "concurrently"]) =>
        {
            Some("CREATE INDEX CONCURRENTLY")
        }
        (DriverName::Postgres, ["drop", "index", "concurrently", ..]) => Some("DROP INDEX CONCURRENTLY"),
        (DriverName::Postgres, ["reindex", rest @ ..]) if rest.contains(&"concurrently") => {
            Some("REINDEX CONCURRENTLY")
        }
        (DriverName::Postgres, ["reindex", "database", ..]) => Some("REINDEX DATABASE"),
        (DriverName::Postgres, ["reindex", "system", ..]) => Some("REINDEX SYSTEM"),
        (DriverName::Postgres | DriverName::Sqlite, ["vacuum", ..]) => Some("VACUUM"),
        (DriverName::Postgres | DriverName::SqlServer, ["create", "database", ..]) => Some("CREATE DATABASE"),
        (DriverName::Postgres | DriverName::SqlServer, ["drop", "database", ..]) => Some("DROP DATABASE"),
        (DriverName::SqlServer, ["alter", "database", ..]) => Some("ALTER DATABASE"),
        (DriverName::Postgres, ["create", "tablespace", ..]) => Some("CREATE TABLESPACE"),
        (DriverName::Postgres, ["drop", "tablespace", ..]) => Some("DROP TABLESPACE"),
        (DriverName::Postgres, ["alter", "system", ..]) => Some("ALTER SYSTEM"),
        (DriverName::Postgres, ["alter", "table", rest @ ..])
            if rest.contains(&"detach") && rest.contains(&"concurrently") =>
        {
            Some("ALTER TABLE … DETACH PARTITION CONCURRENTLY")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outside_of(sql: &str, driver: DriverName) -> Option<&'static str> {
        statement(sql, 1, driver).outside
    }

    #[test]
    fn what_runs_outside_of_transactions_is_named() {
        for (sql, name) in [
            (
                "create /* new */ unique\nINDEX concurrently if not exists i on t (a)",
                "CREATE INDEX CONCURRENTLY",
            ),
            ("drop index concurrently i", "DROP INDEX CONCURRENTLY"),
            ("reindex (verbose) table concurrently t", "REINDEX CONCURRENTLY"),
            ("vacuum (full) t", "VACUUM"),
            ("create database d", "CREATE DATABASE"),
        ] {
            assert_eq!(outside_of(sql, DriverName::Postgres), Some(name), "{sql}");
        }
        assert_eq!(outside_of("vacuum", DriverName::Sqlite), Some("VACUUM"));
    }

    #[test]
    fn everything_else_runs_inside() {
        for sql in [
            "create index concurrently_built on t (a)",
            "create index i on t (a)",
            "insert into t values ('vacuum')",
            "alter table t add column concurrently int",
            "refresh materialized view concurrently m",
        ] {
            assert_eq!(outside_of(sql, DriverName::Postgres), None, "{sql}");
        }
        assert_eq!(outside_of("create database d", DriverName::MySql), None);
    }

    #[test]
    fn kinds_and_verbs() {
        let it = statement("/* a */ start transaction read only", 7, DriverName::MySql);
        assert_eq!(
            (it.kind, it.verb.as_str(), it.line),
            (StatementKind::TransactionControl, "START TRANSACTION", 7)
        );
        assert_eq!(statement("create table t (a int)", 1, DriverName::Sqlite).kind, StatementKind::Ddl);
    }
}
