//! [`Statement`]: what one statement does to which tables, as far as its text tells.

use super::action::{Action, actions};
use super::column::Column;
use super::constraint::{Constraint, columns, using};
use super::cursor::Cursor;
use super::name::Name;
use super::token::Kind;
use crate::config::DriverName;

/// What one statement does.
#[derive(Debug)]
pub enum Statement<'a> {
    CreateTable(NewTable<'a>),
    AlterTable {
        table: Name,
        /// Nothing happens where it is not there.
        if_exists: bool,
        actions: Vec<Action<'a>>,
        /// The rows that are there are not looked at (`with nocheck`).
        is_unchecked: bool,
    },
    DropTables {
        tables: Vec<Name>,
        if_exists: bool,
    },
    RenameTables(Vec<(Name, Name)>),
    Truncate {
        tables: Vec<Name>,
        cascades: bool,
    },
    CreateIndex(NewIndex<'a>),
    DropIndexes {
        names: Vec<Name>,
        table: Option<Name>,
        is_online: bool,
    },
    CreateView(Name),
    DropViews(Vec<Name>),
    /// A schema or database, with everything in it.
    DropNamespaces(Vec<Name>),
    AddEnumValue {
        kind: Name,
        value: String,
    },
    /// It changes a schema, but no table, view or index.
    Aside,
    Other,
}

/// A table that a statement makes.
#[derive(Debug)]
pub struct NewTable<'a> {
    pub name: Name,
    pub is_temporary: bool,
    /// One that is there goes (`or replace`).
    pub replaces: bool,
    /// One that is there stays (`if not exists`).
    pub unless_exists: bool,
    pub columns: Vec<Column<'a>>,
    pub constraints: Vec<Constraint<'a>>,
}

/// An index that a statement makes.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools)] // each is a word that stands there or not
pub struct NewIndex<'a> {
    pub name: Option<Name>,
    pub table: Name,
    /// None for an expression.
    pub columns: Vec<Option<String>>,
    pub is_unique: bool,
    pub is_online: bool,
    pub unless_exists: bool,
    /// Behind which byte of the statement the word goes that makes it online.
    pub after: usize,
    /// Everything behind the table, as it is written.
    pub rest: &'a str,
}

/// What is made, altered and dropped without a change of a table.
const ASIDE: [&str; 8] =
    ["sequence", "type", "domain", "trigger", "role", "extension", "function", "procedure"];

impl<'a> Statement<'a> {
    /// Reads the statement that `cursor` begins; what comes behind it is left out.
    pub fn read(cursor: Cursor<'_, 'a>) -> Self {
        let cursor = &mut cursor.statement();
        if cursor.take("create") {
            created(cursor)
        } else if cursor.take("alter") {
            altered(cursor)
        } else if cursor.take("drop") {
            dropped(cursor)
        } else if cursor.take("rename table") {
            Some(Self::RenameTables(cursor.list().filter_map(renamed_to).collect()))
        } else if cursor.take("truncate") {
            cursor.take("table");
            Some(Self::Truncate { tables: cursor.tables(), cascades: cursor.mentions("cascade") })
        } else {
            other(cursor)
        }
        .unwrap_or(Self::Other)
    }
}

fn created<'a>(cursor: &mut Cursor<'_, 'a>) -> Option<Statement<'a>> {
    let replaces = cursor.take("or replace");
    let mut is_temporary = false;
    while cursor.sees_any(&["temp", "temporary", "unlogged", "global", "local"]) {
        is_temporary |= cursor.sees_any(&["temp", "temporary"]);
        cursor.skip(1);
    }
    if cursor.take("table") {
        let unless_exists = cursor.take("if not exists");
        let name = cursor.name()?;
        let (mut columns, mut constraints) = (Vec::new(), Vec::new());
        for part in cursor.group().into_iter().flat_map(Cursor::list) {
            match Constraint::read(part) {
                Some(constraint) => constraints.push(constraint),
                None if part.sees_any(&["constraint", "like", "period for"]) => {}
                None => columns.extend(Column::read(part)),
            }
        }
        let table = NewTable { name, is_temporary, replaces, unless_exists, columns, constraints };
        return Some(Statement::CreateTable(table));
    }
    if cursor.take("view") || cursor.take("materialized view") {
        cursor.take("if not exists");
        return cursor.name().map(Statement::CreateView);
    }
    if cursor.sees_any(&ASIDE[..6]) {
        return Some(Statement::Aside);
    }
    new_index(cursor).map(Statement::CreateIndex)
}

fn new_index<'a>(cursor: &mut Cursor<'_, 'a>) -> Option<NewIndex<'a>> {
    let is_unique = cursor.take("unique");
    while cursor.take_any(&["fulltext", "spatial", "clustered", "nonclustered"]) {}
    let after = cursor.peek()?.end();
    if !cursor.take("index") {
        return None;
    }
    let mut is_online = cursor.take("concurrently");
    let unless_exists = cursor.take("if not exists");
    let name = if cursor.sees("on") { None } else { cursor.name() };
    if !cursor.go_past("on") {
        return None;
    }
    cursor.take("only");
    let table = cursor.name()?;
    let rest = cursor.text();
    using(cursor);
    let columns = columns(cursor);
    is_online |= cursor.is_sqlserver()
        && cursor.tokens().windows(3).any(|three| three[0].is("online") && three[2].is("on"));
    Some(NewIndex { name, table, columns, is_unique, is_online, unless_exists, after, rest })
}

fn altered<'a>(cursor: &mut Cursor<'_, 'a>) -> Option<Statement<'a>> {
    if cursor.take("type") {
        let kind = cursor.name()?;
        if !cursor.take("add value") {
            return None;
        }
        cursor.take("if not exists");
        let value = cursor.peek().filter(|token| token.kind == Kind::Literal)?;
        return Some(Statement::AddEnumValue {
            kind,
            value: value.text.trim_matches('\'').replace("''", "'"),
        });
    }
    while cursor.take_any(&["online", "ignore", "foreign"]) {}
    if !cursor.take("table") {
        return None;
    }
    let if_exists = cursor.take("if exists");
    cursor.take("only");
    let table = cursor.name()?;
    cursor.take_sign('*');
    let is_unchecked = cursor.take("with nocheck");
    cursor.take("with check");
    Some(Statement::AlterTable { table, if_exists, actions: actions(*cursor), is_unchecked })
}

fn dropped<'a>(cursor: &mut Cursor<'_, 'a>) -> Option<Statement<'a>> {
    cursor.take_any(&["temporary", "foreign"]);
    if cursor.take_any(&["table", "tables"]) {
        let if_exists = cursor.take("if exists");
        return Some(Statement::DropTables { tables: cursor.tables(), if_exists });
    }
    if cursor.take("view") || cursor.take("materialized view") {
        cursor.take("if exists");
        return Some(Statement::DropViews(cursor.tables()));
    }
    if cursor.take_any(&["schema", "database"]) {
        cursor.take("if exists");
        return Some(Statement::DropNamespaces(cursor.tables()));
    }
    if cursor.take("index") {
        let is_online = cursor.take("concurrently");
        cursor.take("if exists");
        let names = cursor.tables();
        let table = if cursor.take("on") { cursor.name() } else { None };
        return Some(Statement::DropIndexes { names, table, is_online });
    }
    cursor.sees_any(&ASIDE).then_some(Statement::Aside)
}

fn renamed_to(mut pair: Cursor<'_, '_>) -> Option<(Name, Name)> {
    let from = pair.name()?;
    pair.take("to").then(|| pair.name())?.map(|to| (from, to))
}

fn other<'a>(cursor: &mut Cursor<'_, 'a>) -> Option<Statement<'a>> {
    if cursor.driver == DriverName::SqlServer {
        cursor.take_any(&["exec", "execute"]);
        if cursor.take("sp_rename") {
            return renamed(*cursor);
        }
    }
    let aside = ["comment", "grant", "revoke", "reindex", "analyze", "vacuum", "optimize"];
    cursor.sees_any(&aside).then_some(Statement::Aside)
}

/// `sp_rename N'table.column', [to], N'COLUMN'`
fn renamed<'a>(cursor: Cursor<'_, 'a>) -> Option<Statement<'a>> {
    let parts: Vec<_> = cursor.list().collect();
    let text = |at: usize| {
        let token = parts.get(at)?.tokens().last()?;
        Some(token.text.trim_matches(|sign| matches!(sign, '\'' | '[' | ']' | '"')).to_owned())
    };
    let names: Vec<String> =
        text(0)?.split('.').map(|part| part.trim_matches(['[', ']', '"']).to_owned()).collect();
    let bare = |name: &String| Name::new(None, name.clone());
    match text(2) {
        None => Some(Statement::RenameTables(vec![(bare(names.last()?), bare(&text(1)?))])),
        Some(kind) if kind.eq_ignore_ascii_case("column") => {
            let [.., table, column] = names.as_slice() else { return None };
            let actions = vec![Action::RenameColumn { from: bare(column), to: bare(&text(1)?) }];
            Some(Statement::AlterTable { table: bare(table), if_exists: false, actions, is_unchecked: false })
        }
        Some(_) => None,
    }
}
