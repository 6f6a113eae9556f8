//! What a statement does to the transaction and to the schema, read from its first words.
//!
//! sqlx keeps the server's status flags to itself, so the driver follows the statements instead.
//! What a stored procedure does inside, and `set autocommit = 0`, it cannot see.

use super::lexer::Token;
use crate::driver::TransactionStatus;

/// What follows from statements that the server ran.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Effect {
    /// The transaction's state afterwards, where they change it.
    pub status: Option<TransactionStatus>,
    /// Whether tables may look different afterwards.
    pub changes_schema: bool,
}

/// What each statement of a text does.
#[must_use]
pub fn effects_of(tokens: &[Token<'_>]) -> Vec<Effect> {
    tokens
        .split(|token| *token == Token::Semicolon)
        .filter(|statement| !statement.is_empty())
        .map(effect_of)
        .collect()
}

/// <https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html>,
/// <https://mariadb.com/kb/en/sql-statements-that-cause-an-implicit-commit/>
fn effect_of(statement: &[Token<'_>]) -> Effect {
    let is = |at: usize, words: &[&str]| statement.get(at).is_some_and(|token| token.is_word(words));
    let has = |word: &str| statement.iter().any(|token| token.is_word(&[word]));
    let opens = Effect { status: Some(TransactionStatus::Open), changes_schema: false };
    let ends = Effect { status: Some(TransactionStatus::Idle), changes_schema: false };
    let nothing = Effect::default();

    if is(0, &["begin"]) {
        return if statement.len() == 1 || is(1, &["work"]) { opens } else { nothing };
    }
    if is(0, &["start"]) {
        return if is(1, &["transaction"]) { opens } else { nothing };
    }
    if is(0, &["commit", "rollback"]) {
        return match () {
            () if has("to") => nothing,
            () if has("chain") && !has("no") => opens,
            () => ends,
        };
    }
    if is(0, &["xa"]) {
        return match () {
            () if is(1, &["start", "begin"]) => opens,
            () if is(1, &["commit", "rollback"]) => ends,
            () => nothing,
        };
    }
    if is(0, &["create", "drop"]) && (is(1, &["temporary"]) || is(3, &["temporary"])) {
        // Only this session sees it.
        return nothing;
    }
    if is(0, &["create", "drop", "alter", "rename", "truncate"]) {
        return Effect { changes_schema: true, ..ends };
    }
    let commits =
        is(0, &["grant", "revoke", "lock", "install", "uninstall", "flush", "repair", "optimize", "reset"])
            || is(0, &["analyze", "check"]) && is(1, &["table", "tables", "local", "no_write_to_binlog"])
            || is(0, &["cache", "load"]) && is(1, &["index"]);
    if commits { ends } else { nothing }
}

#[cfg(test)]
mod tests {
    use super::super::lexer::tokens;
    use super::*;

    fn status(sql: &str) -> Option<TransactionStatus> {
        effect_of(&tokens(sql)).status
    }

    fn changes(sql: &str) -> Vec<bool> {
        effects_of(&tokens(sql)).iter().map(|effect| effect.changes_schema).collect()
    }

    #[test]
    fn statements_that_open_a_transaction() {
        for sql in
            ["begin", "BEGIN WORK", "/* x */ start transaction read only", "commit and chain", "xa start 'x'"]
        {
            assert_eq!(status(sql), Some(TransactionStatus::Open), "{sql}");
        }
    }

    #[test]
    fn statements_that_end_one_also_where_the_server_commits_by_itself() {
        for sql in [
            "commit",
            "rollback",
            "commit and no chain release",
            "create table t (a int)",
            "alter table t add b int",
            "truncate t",
            "lock tables t write",
            "analyze table t",
        ] {
            assert_eq!(status(sql), Some(TransactionStatus::Idle), "{sql}");
        }
    }

    #[test]
    fn statements_that_leave_it_alone() {
        for sql in [
            "select 1",
            "insert into begin values (1)",
            "rollback to savepoint a",
            "rollback work to a",
            "savepoint a",
            "begin not atomic select 1",
            "create temporary table t (a int)",
            "create or replace temporary table t (a int)",
            "analyze select 1",
            "load data infile 'x' into table t",
        ] {
            assert_eq!(status(sql), None, "{sql}");
        }
    }

    #[test]
    fn each_statement_of_a_text_says_whether_it_changes_tables() {
        assert_eq!(
            changes("insert into t values (1); drop table t; ; update t set a = 1;"),
            [false, true, false]
        );
        assert_eq!(changes("create temporary table t (a int)"), [false]);
    }
}
