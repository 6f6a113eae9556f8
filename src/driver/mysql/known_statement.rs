//! [`KnownStatement`]: what one SQL text means on this server, worked out once.

use std::cell::RefCell;
use std::rc::Rc;

use sqlx::mysql::{MySqlColumn, MySqlStatement};
use sqlx::{AssertSqlSafe, Either, SqlSafeStr as _, SqlStr, Statement as _};

use super::comparisons::compared_placeholders;
use super::effects::{Effect, effects_of};
use super::layout::Layout;
use super::lexer::{Token, tokens};

/// How a statement reaches the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Road {
    /// Prepared, and kept prepared in sqlx's cache.
    Kept,
    /// Prepared, run once and closed: large inserts that will hardly come again.
    Once,
    /// As text: the server does not prepare it, and it has no values.
    Text,
}

/// One SQL text.
#[derive(Debug)]
pub struct KnownStatement {
    /// The text as sqlx shares it.
    pub sql: SqlStr,
    /// How it is sent.
    pub road: Road,
    /// How many placeholders the server found; `None` before it was asked.
    pub parameters: Option<usize>,
    /// Columns that the server announced when it prepared the statement.
    pub columns: Vec<MySqlColumn>,
    /// For each placeholder, whether it is compared with a column.
    pub compared: Vec<bool>,
    /// What it does to transaction and schema.
    pub effect: Effect,
    /// How its rows are read, once that was worked out.
    pub layout: RefCell<Option<Rc<Layout>>>,
}

impl KnownStatement {
    /// Reads the text. The road is settled as far as the text alone tells.
    #[must_use]
    pub fn read(sql: &str, is_cached: bool, placeholders: usize) -> Self {
        let tokens = tokens(sql);
        let compared = compared_placeholders(&tokens);
        let road = match () {
            () if placeholders == 0 && is_transaction_control(sql, &tokens) => Road::Text,
            () if !is_cached && is_write_without_rows(&tokens) => Road::Once,
            () => Road::Kept,
        };
        Self {
            sql: AssertSqlSafe(sql.to_owned()).into_sql_str().clone(),
            road,
            parameters: None,
            columns: Vec::new(),
            // Another count than the engine's means that the two read the text differently.
            compared: if compared.len() == placeholders { compared } else { Vec::new() },
            effect: effects_of(&tokens).first().copied().unwrap_or_default(),
            layout: RefCell::new(None),
        }
    }

    /// The same with what the server said when it prepared the statement.
    #[must_use]
    pub fn prepared(self, statement: &MySqlStatement) -> Self {
        let parameters = match statement.parameters() {
            Some(Either::Right(count)) => count,
            Some(Either::Left(types)) => types.len(),
            None => 0,
        };
        Self { parameters: Some(parameters), columns: statement.columns().to_vec(), ..self }
    }

    /// The same for a statement that the server does not prepare.
    #[must_use]
    pub fn into_text(self) -> Self {
        Self { road: Road::Text, parameters: Some(0), ..self }
    }
}

/// `begin`, `commit`, `savepoint guruorm_1` and the like: nothing but words and names, so that there
/// can be no second statement. MySQL does not prepare most of them.
fn is_transaction_control(sql: &str, tokens: &[Token<'_>]) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'`' | b' ' | b',');
    let starts = tokens.first().is_some_and(|first| {
        first.is_word(&["begin", "start", "commit", "rollback", "savepoint", "release"])
    });
    starts && sql.bytes().all(is_plain)
}

/// A write whose answer is a number, never rows (not MariaDB's `insert … returning`).
fn is_write_without_rows(tokens: &[Token<'_>]) -> bool {
    let writes =
        tokens.first().is_some_and(|first| first.is_word(&["insert", "replace", "update", "delete"]));
    writes && !tokens.iter().any(|token| token.is_word(&["returning"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn road(sql: &str, is_cached: bool) -> Road {
        KnownStatement::read(sql, is_cached, 0).road
    }

    #[test]
    fn transaction_control_goes_as_text_only_when_it_is_alone() {
        assert_eq!(road("start transaction read only", true), Road::Text);
        assert_eq!(road("savepoint `guruorm_1`", true), Road::Text);
        assert_eq!(road("commit; drop table t", true), Road::Kept);
        assert_eq!(road("begin /*! ; drop table t */", true), Road::Kept);
    }

    #[test]
    fn only_writes_without_rows_are_prepared_for_once() {
        assert_eq!(road("insert into t values (1)", false), Road::Once);
        assert_eq!(road("insert into t values (1) returning id", false), Road::Kept);
        assert_eq!(road("select 1", false), Road::Kept);
        assert_eq!(road("insert into t values (1)", true), Road::Kept);
    }
}
