//! [`RowStatement`]: what one statement does to the rows of which table, as far as the rules ask.

use super::super::sql::{Cursor, Kind, Name, Token};
use crate::config::DriverName;

/// What one statement does to rows.
#[derive(Debug)]
pub(super) enum RowStatement {
    /// `update` or `delete`.
    Change {
        table: Name,
        verb: &'static str,
        is_ranged: bool,
        is_everything: bool,
    },
    /// `insert … select`.
    Copy {
        into: Name,
        from: Option<Name>,
    },
    /// The limit of waiting for locks goes.
    Unlimited,
    Other,
}

impl RowStatement {
    pub(super) fn read(cursor: Cursor<'_, '_>) -> Self {
        read(cursor).unwrap_or(Self::Other)
    }
}

fn read(mut cursor: Cursor<'_, '_>) -> Option<RowStatement> {
    if cursor.take("update") {
        let is_top = taken_top(&mut cursor);
        cursor.take_any(&["only", "ignore", "low_priority"]);
        let table = cursor.name()?;
        return Some(changed("update", table, cursor, is_top));
    }
    if cursor.take("delete") {
        let is_top = taken_top(&mut cursor);
        while cursor.take_any(&["ignore", "low_priority", "quick", "from", "only"]) {}
        let table = cursor.name()?;
        return Some(changed("delete", table, cursor, is_top));
    }
    if cursor.take_any(&["insert", "replace"]) {
        while cursor.take_any(&["ignore", "low_priority", "delayed", "into", "or", "replace"]) {}
        let into = cursor.name()?;
        cursor.group();
        if !cursor.sees_any(&["select", "with"]) && !cursor.sees_sign('(') {
            return None;
        }
        let from = cursor.go_past("from").then(|| cursor.name()).flatten();
        return Some(RowStatement::Copy { into, from });
    }
    is_unlimited(cursor).then_some(RowStatement::Unlimited)
}

/// `top (100)`, which limits as a range does.
fn taken_top(cursor: &mut Cursor<'_, '_>) -> bool {
    cursor.take("top") && cursor.group().is_some()
}

fn changed(verb: &'static str, table: Name, mut cursor: Cursor<'_, '_>, is_top: bool) -> RowStatement {
    let is_limited = is_top || cursor.mentions("limit");
    let has_where = cursor.go_past("where");
    let is_ranged = is_limited || has_where && names_keys(cursor);
    RowStatement::Change { table, verb, is_ranged, is_everything: !has_where && !is_limited }
}

/// Whether a condition takes some keys out of many: a comparison by size, a list, or one `id`.
fn names_keys(cursor: Cursor<'_, '_>) -> bool {
    let tokens = cursor.tokens();
    let is_key = |token: &Token<'_>| {
        let name = token.text.trim_matches(['"', '`', '[', ']']).to_ascii_lowercase();
        matches!(token.kind, Kind::Word | Kind::Name)
            && (name == "id" || name.ends_with("_id") || name == "ctid")
    };
    (0..tokens.len()).any(|at| {
        let token = &tokens[at];
        let before = at.checked_sub(1).map(|at| &tokens[at]);
        let after = tokens.get(at + 1);
        let is_unequal = |token: Option<&Token<'_>>, sign| token.is_some_and(|token| token.is_sign(sign));
        token.is("between")
            || token.is("in") && !before.is_some_and(|before| before.is("not"))
            || token.is_sign('<') && !is_unequal(after, '>')
            || token.is_sign('>') && !is_unequal(before, '<') && !is_unequal(before, '-')
            || token.is_sign('=') && before.is_some_and(is_key)
    })
}

/// `set lock_timeout = 0` (PostgreSQL), `set lock_timeout -1` (SQL Server).
fn is_unlimited(mut cursor: Cursor<'_, '_>) -> bool {
    if cursor.take("select set_config") || cursor.take("select pg_catalog set_config") {
        let Some(group) = cursor.group() else { return false };
        let texts: Vec<&str> = group.list().map(|part| part.text().trim_matches('\'')).collect();
        return texts.first() == Some(&"lock_timeout") && texts.get(1).is_some_and(|value| is_zero(value));
    }
    if !cursor.take("set") {
        return false;
    }
    cursor.take_any(&["local", "session"]);
    if !cursor.take("lock_timeout") {
        return false;
    }
    cursor.take_sign('=');
    cursor.take("to");
    match cursor.driver {
        DriverName::Postgres => is_zero(cursor.text().trim_matches('\'')),
        DriverName::SqlServer => cursor.text().replace(' ', "") == "-1",
        _ => false,
    }
}

fn is_zero(value: &str) -> bool {
    let digits = value.trim().trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    !digits.is_empty() && digits.bytes().all(|digit| digit == b'0')
}
