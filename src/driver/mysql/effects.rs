//! What a statement does to the transaction, read from its first words.
//!
//! The server says after each statement that it ran whether a transaction is open; what it says of one
//! that failed does not include that.

use super::lexer::Token;

/// What a statement does to the transaction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Effect {
    /// It runs in it.
    #[default]
    None,
    /// It opens or ends one: that is all it does.
    Controls,
    /// The server commits before it runs it, also when it then fails.
    Commits,
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

    let controls = is(0, &["begin"]) && (statement.len() == 1 || is(1, &["work"]))
        || is(0, &["start"]) && is(1, &["transaction"])
        || is(0, &["commit", "rollback"]) && !has("to")
        || is(0, &["xa"]) && is(1, &["start", "begin", "commit", "rollback"]);
    if controls {
        return Effect::Controls;
    }
    if is(0, &["create", "drop"]) && (is(1, &["temporary"]) || is(3, &["temporary"])) {
        return Effect::None;
    }
    let commits = is(0, &["create", "drop", "alter", "rename", "truncate"])
        || is(
            0,
            &["grant", "revoke", "lock", "install", "uninstall", "flush", "repair", "optimize", "reset"],
        )
        || is(0, &["analyze", "check"]) && is(1, &["table", "tables", "local", "no_write_to_binlog"])
        || is(0, &["cache", "load"]) && is(1, &["index"]);
    if commits { Effect::Commits } else { Effect::None }
}

#[cfg(test)]
mod tests {
    use super::super::lexer::tokens;
    use super::*;

    #[test]
    fn statements_that_open_or_end_a_transaction() {
        for sql in [
            "begin",
            "BEGIN WORK",
            "/* x */ start transaction read only",
            "commit and chain",
            "xa start 'x'",
            "commit",
            "rollback",
            "commit and no chain release",
        ] {
            assert_eq!(effects_of(&tokens(sql)), [Effect::Controls], "{sql}");
        }
    }

    #[test]
    fn statements_before_which_the_server_commits_by_itself() {
        for sql in [
            "create table t (a int)",
            "alter table t add b int",
            "truncate t",
            "lock tables t write",
            "analyze table t",
        ] {
            assert_eq!(effects_of(&tokens(sql)), [Effect::Commits], "{sql}");
        }
    }

    #[test]
    fn statements_that_leave_the_transaction_alone() {
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
            assert_eq!(effects_of(&tokens(sql)), [Effect::None], "{sql}");
        }
    }

    #[test]
    fn each_statement_of_a_text_has_its_effect() {
        assert_eq!(
            effects_of(&tokens("insert into t values (1); drop table t; ; commit;")),
            [Effect::None, Effect::Commits, Effect::Controls]
        );
    }
}
