//! [`Statement`]: what one statement does to which tables, as far as the rules ask.

use super::alter::{Action, actions};
use super::column::{Column, Constraint, columns};
use super::cursor::{Cursor, Name};
use super::token::{Kind, Token};
use crate::config::DriverName;

/// What one statement does.
#[derive(Debug)]
pub(super) enum Statement<'a> {
    CreateTable {
        table: Name,
        columns: Vec<Column<'a>>,
        constraints: Vec<Constraint<'a>>,
    },
    AlterTable {
        table: Name,
        actions: Vec<Action<'a>>,
        is_unchecked: bool,
    },
    DropTables(Vec<Name>),
    RenameTables(Vec<(Name, Name)>),
    Truncate {
        tables: Vec<Name>,
        cascades: bool,
    },
    CreateIndex(Index),
    DropIndexes {
        names: Vec<Name>,
        table: Option<Name>,
        is_online: bool,
    },
    AddEnumValue {
        kind: Name,
        value: String,
    },
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

/// An index that a statement makes.
#[derive(Debug)]
pub(super) struct Index {
    pub(super) name: Option<String>,
    pub(super) table: Name,
    pub(super) columns: Vec<String>,
    pub(super) is_online: bool,
    /// Behind which byte of the statement the word goes that makes it online.
    pub(super) after: usize,
}

impl<'a> Statement<'a> {
    pub(super) fn read(sql: &'a str, tokens: &[Token<'a>], driver: DriverName) -> Self {
        let mut cursor = Cursor::new(sql, tokens);
        if cursor.take(&["create"]) {
            created(cursor, driver)
        } else if cursor.take(&["alter"]) {
            altered(cursor, driver)
        } else if cursor.take(&["drop"]) {
            dropped(cursor)
        } else {
            other(cursor, driver)
        }
        .unwrap_or(Self::Other)
    }
}

fn created<'a>(mut cursor: Cursor<'_, 'a>, driver: DriverName) -> Option<Statement<'a>> {
    while cursor.take_any(&["temp", "temporary", "unlogged", "global", "local", "or", "replace"]) {}
    if cursor.take(&["table"]) {
        cursor.take(&["if", "not", "exists"]);
        let table = cursor.name()?;
        let (mut columns, mut constraints) = (Vec::new(), Vec::new());
        for part in cursor.group().map_or_else(Vec::new, |group| group.list()) {
            match Constraint::read(part) {
                Some(constraint) => constraints.push(constraint),
                None => columns.extend(Column::read(part)),
            }
        }
        return Some(Statement::CreateTable { table, columns, constraints });
    }
    while cursor.take_any(&["unique", "fulltext", "spatial", "clustered", "nonclustered"]) {}
    let after = cursor.peek()?.end();
    if !cursor.take(&["index"]) {
        return None;
    }
    let mut is_online = cursor.take(&["concurrently"]);
    cursor.take(&["if", "not", "exists"]);
    let name = if cursor.sees(&["on"]) { None } else { cursor.name().map(|name| name.name) };
    if !cursor.go_past("on") {
        return None;
    }
    cursor.take(&["only"]);
    let table = cursor.name()?;
    if cursor.take(&["using"]) {
        cursor.skip(1);
    }
    let columns = columns(&mut cursor);
    is_online |= driver == DriverName::SqlServer && says_online(cursor);
    Some(Statement::CreateIndex(Index { name, table, columns, is_online, after }))
}

/// `with (online = on)`
fn says_online(cursor: Cursor<'_, '_>) -> bool {
    cursor.tokens().windows(3).any(|three| three[0].is("online") && three[2].is("on"))
}

fn altered<'a>(mut cursor: Cursor<'_, 'a>, driver: DriverName) -> Option<Statement<'a>> {
    if cursor.take(&["type"]) {
        let kind = cursor.name()?;
        if !cursor.take(&["add", "value"]) {
            return None;
        }
        cursor.take(&["if", "not", "exists"]);
        let value = cursor.peek().filter(|token| token.kind == Kind::Literal)?;
        return Some(Statement::AddEnumValue {
            kind,
            value: value.text.trim_matches('\'').replace("''", "'"),
        });
    }
    while cursor.take_any(&["online", "ignore"]) {}
    if !cursor.take(&["table"]) {
        return None;
    }
    cursor.take(&["if", "exists"]);
    cursor.take(&["only"]);
    let table = cursor.name()?;
    cursor.take_sign("*");
    let is_unchecked = cursor.take(&["with", "nocheck"]);
    cursor.take(&["with", "check"]);
    Some(Statement::AlterTable { table, actions: actions(cursor, driver), is_unchecked })
}

fn dropped<'a>(mut cursor: Cursor<'_, 'a>) -> Option<Statement<'a>> {
    cursor.take(&["temporary"]);
    if cursor.take(&["table"]) {
        cursor.take(&["if", "exists"]);
        return Some(Statement::DropTables(cursor.names()));
    }
    if !cursor.take(&["index"]) {
        return None;
    }
    let is_online = cursor.take(&["concurrently"]);
    cursor.take(&["if", "exists"]);
    let names = cursor.names();
    let table = if cursor.take(&["on"]) { cursor.name() } else { None };
    Some(Statement::DropIndexes { names, table, is_online })
}

fn other<'a>(mut cursor: Cursor<'_, 'a>, driver: DriverName) -> Option<Statement<'a>> {
    if cursor.take(&["rename", "table"]) {
        let pairs = cursor.list().into_iter().filter_map(|mut pair| {
            let from = pair.name()?;
            pair.take(&["to"]).then(|| pair.name())?.map(|to| (from, to))
        });
        return Some(Statement::RenameTables(pairs.collect()));
    }
    if cursor.take(&["truncate"]) {
        cursor.take(&["table"]);
        cursor.take(&["only"]);
        return Some(Statement::Truncate { tables: cursor.names(), cascades: cursor.mentions("cascade") });
    }
    if cursor.take(&["update"]) {
        let is_top = taken_top(&mut cursor);
        cursor.take_any(&["only", "ignore", "low_priority"]);
        let table = cursor.name()?;
        return Some(changed("update", table, cursor, is_top));
    }
    if cursor.take(&["delete"]) {
        let is_top = taken_top(&mut cursor);
        while cursor.take_any(&["ignore", "low_priority", "quick", "from", "only"]) {}
        let table = cursor.name()?;
        return Some(changed("delete", table, cursor, is_top));
    }
    if cursor.take_any(&["insert", "replace"]) {
        while cursor.take_any(&["ignore", "low_priority", "delayed", "into", "or", "replace"]) {}
        let into = cursor.name()?;
        cursor.group();
        if !cursor.sees_any(&["select", "with"]) && !cursor.peek()?.is_sign("(") {
            return None;
        }
        let from = cursor.go_past("from").then(|| cursor.name()).flatten();
        return Some(Statement::Copy { into, from });
    }
    if driver == DriverName::SqlServer {
        cursor.take_any(&["exec", "execute"]);
        if cursor.take(&["sp_rename"]) {
            return renamed(&cursor);
        }
    }
    is_unlimited(cursor, driver).then_some(Statement::Unlimited)
}

/// `top (100)`, which limits as a range does.
fn taken_top(cursor: &mut Cursor<'_, '_>) -> bool {
    cursor.take(&["top"]) && cursor.group().is_some()
}

fn changed<'a>(verb: &'static str, table: Name, mut cursor: Cursor<'_, 'a>, is_top: bool) -> Statement<'a> {
    let is_limited = is_top || cursor.mentions("limit");
    let has_where = cursor.go_past("where");
    let is_ranged = is_limited || has_where && names_keys(cursor);
    Statement::Change { table, verb, is_ranged, is_everything: !has_where && !is_limited }
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
            || token.is_sign("<") && !is_unequal(after, ">")
            || token.is_sign(">") && !is_unequal(before, "<") && !is_unequal(before, "-")
            || token.is_sign("=") && before.is_some_and(is_key)
    })
}

/// `sp_rename N'table.column', [to], N'COLUMN'`
fn renamed<'a>(cursor: &Cursor<'_, 'a>) -> Option<Statement<'a>> {
    let parts = cursor.list();
    let text = |at: usize| {
        let token = parts.get(at)?.tokens().last()?;
        Some(token.text.trim_matches(|sign| matches!(sign, '\'' | '[' | ']' | '"')).to_owned())
    };
    let names: Vec<String> =
        text(0)?.split('.').map(|part| part.trim_matches(['[', ']', '"']).to_owned()).collect();
    let bare = |name: &String| Name { namespace: None, name: name.clone() };
    match text(2) {
        None => Some(Statement::RenameTables(vec![(bare(names.last()?), bare(&text(1)?))])),
        Some(kind) if kind.eq_ignore_ascii_case("column") => {
            let [.., table, column] = names.as_slice() else { return None };
            let action = Action::RenameColumn { from: column.clone(), to: text(1)? };
            Some(Statement::AlterTable { table: bare(table), actions: vec![action], is_unchecked: false })
        }
        Some(_) => None,
    }
}

/// `set lock_timeout = 0` (PostgreSQL), `set lock_timeout -1` (SQL Server).
fn is_unlimited(mut cursor: Cursor<'_, '_>, driver: DriverName) -> bool {
    if cursor.take(&["select", "set_config"]) || cursor.take(&["select", "pg_catalog", "set_config"]) {
        let Some(group) = cursor.group() else { return false };
        let texts: Vec<&str> = group.list().iter().map(|part| part.text().trim_matches('\'')).collect();
        return texts.first() == Some(&"lock_timeout") && texts.get(1).is_some_and(|value| is_zero(value));
    }
    if !cursor.take(&["set"]) {
        return false;
    }
    cursor.take_any(&["local", "session"]);
    if !cursor.take(&["lock_timeout"]) {
        return false;
    }
    cursor.take_sign("=");
    cursor.take(&["to"]);
    match driver {
        DriverName::Postgres => is_zero(cursor.text().trim_matches('\'')),
        DriverName::SqlServer => cursor.text().replace(' ', "") == "-1",
        _ => false,
    }
}

fn is_zero(value: &str) -> bool {
    let digits = value.trim().trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    !digits.is_empty() && digits.bytes().all(|digit| digit == b'0')
}
