//! Changes of columns, which depend on what the column was.

use super::catalogue::{Counting, default_check_name, note_check_name, noted_check_name};
use super::schema::generated_as;
use super::types::{current, is_listed, sql_type};
use crate::dialect::ansi::table::Scope;
use crate::error::Result;
use crate::schema::expression::{Token, tokens};
use crate::schema::{Change, Column, ColumnType, Database, Generated, Identity, Table, TableName};

/// The first version that gives a computed column another expression in place.
const SETS_EXPRESSIONS: u32 = 17;

/// One `alter table` with everything that a definition says, so that the table is rewritten once, and
/// what has to be done before and after it. `now` is the database as it is, where it is known.
///
/// # Errors
/// `Unsupported` for a column that would become computed, or otherwise computed.
pub(super) fn change_column(
    table: &str,
    column: &Column,
    now: Option<&Database>,
    scope: &Scope<'_>,
) -> Result<Vec<String>> {
    let old = now.and_then(|database| Some((database, find(database, table)?.column(&column.name)?)));
    let (on, name) = (scope.table(table), scope.quote(&column.name));
    let was = old.map(|(_, old)| old);
    let mut statements = Vec::new();
    let mut parts = Vec::new();
    let mut become_type = format!("type {}", sql_type(table, column, false, scope)?);
    if let Some(collation) = &column.collation {
        become_type = format!("{become_type} collate {}", scope.quote(collation));
    }
    if let Some(using) = &column.using {
        become_type = format!("{become_type} using {using}");
    }
    parts.push(become_type);
    parts.push(if scope.is_nullable(column) { "drop not null" } else { "set not null" }.to_owned());
    match (was.and_then(|old| old.generated.as_ref()), &column.generated) {
        (Some(old), Some(new)) => {
            parts.extend(compute_otherwise(table, column, (old, new), now, scope)?);
        }
        (None, Some(_)) => {
            return Err(scope.refuse("change of a column to a generated one", table, Some(&column.name)));
        }
        (Some(Generated { stored: false, .. }), None) => {
            let what = "change of a virtual column to one that is stored";
            return Err(scope.refuse(what, table, Some(&column.name)));
        }
        (Some(_), None) => {
            statements.push(format!("alter table {on} alter column {name} drop expression"));
            parts.extend(number(table, column, was, scope)?);
        }
        (None, None) => parts.extend(number(table, column, was, scope)?),
    }
    let mut parts: Vec<_> = parts.into_iter().map(|part| format!("alter column {name} {part}")).collect();
    let (drop, add) = conditions(table, column, old, scope);
    parts.splice(0..0, drop);
    parts.extend(add);
    // The server would convert the old default along, which it may not know how to.
    if column.using.is_some() && was.is_some_and(|old| old.default.is_some()) {
        statements.push(format!("alter table {on} alter column {name} drop default"));
    }
    statements.push(format!("alter table {on} {}", parts.join(", ")));
    if let Some(old) = was {
        statements.extend(count(table, column, old, scope));
    }
    Ok(statements)
}

/// The table of a change, which may name the current namespace.
fn find<'d>(database: &'d Database, table: &str) -> Option<&'d Table> {
    let (schema, name) = table.rsplit_once('.').map_or((None, table), |(schema, name)| (Some(schema), name));
    let entry = TableName { schema: schema.map(str::to_owned), name: name.to_owned() };
    database.table(&database.name_of(&entry))
}

/// What becomes of the expression of a computed column.
fn compute_otherwise(
    table: &str,
    column: &Column,
    (old, new): (&Generated, &Generated),
    now: Option<&Database>,
    scope: &Scope<'_>,
) -> Result<Option<String>> {
    let expression = scope.computed_by(new)?;
    if old.stored == new.stored && is_same(&old.expression, &expression) {
        return Ok(None);
    }
    let version = now.and_then(|database| database.server_version.split(['.', ' ']).next()?.parse().ok());
    if old.stored != new.stored || version.is_none_or(|version: u32| version < SETS_EXPRESSIONS) {
        let what = "change of what a generated column is computed from";
        return Err(scope.refuse(what, table, Some(&column.name)));
    }
    Ok(Some(format!("set expression as ({expression})")))
}

fn is_same(one: &str, other: &str) -> bool {
    let plain = |sql: &str| {
        let signs = tokens(sql)
            .into_iter()
            .filter(|token| !matches!(token, Token::Space(_) | Token::Sign("(" | ")")));
        signs
            .map(|token| match token {
                Token::Text(text) => text.to_owned(),
                _ => token.name().unwrap_or_else(|| token.text().to_owned()).to_lowercase(),
            })
            .collect::<Vec<_>>()
    };
    plain(one) == plain(other)
}

/// The default, and whether the server numbers the rows.
fn number(table: &str, column: &Column, was: Option<&Column>, scope: &Scope<'_>) -> Result<Vec<String>> {
    let mut parts = Vec::new();
    if !column.auto_increment || column.identity.is_some() && was.is_some_and(is_serial) {
        let default = scope.default_value(table, column, current(&column.column_type))?;
        parts.push(
            default.map_or_else(|| "drop default".to_owned(), |default| format!("set default {default}")),
        );
    }
    let keeps = was.is_some_and(|was| counted(was).is_some_and(|identity| counted(column) == Some(identity)));
    if keeps {
        return Ok(parts);
    }
    if !column.auto_increment || column.identity.is_some() || was.is_some_and(|was| was.identity.is_some()) {
        parts.push("drop identity if exists".to_owned());
    }
    if let Some(identity) = &column.identity {
        parts.push(format!("add {}", generated_as(identity)));
    }
    Ok(parts)
}

/// What an identity column is and how it counts, in one spelling.
fn counted(column: &Column) -> Option<(bool, Option<String>)> {
    let Identity { always, options } = column.identity.as_ref()?;
    let text = options.as_ref().map(|options| match Counting::parse(options) {
        Some(counting) => counting.without_defaults(&column.column_type).options(),
        None => Some(options.to_lowercase()),
    });
    Some((*always, text.flatten()))
}

fn is_serial(column: &Column) -> bool {
    column.auto_increment && column.identity.is_none()
}

/// A column that was not numbered, or otherwise, gets a sequence that goes on behind the numbers that
/// are there.
fn count(table: &str, column: &Column, was: &Column, scope: &Scope<'_>) -> Vec<String> {
    let (namespace, bare_name) = scope.split(table);
    let sequence = scope.qualify(namespace, &format!("{bare_name}_{}_seq", column.name));
    let (on, name) = (scope.table(table), scope.quote(&column.name));
    let literal = scope.literal(&sequence);
    let go_on =
        |sequence: &str| format!("select setval({sequence}, coalesce(max({name}), 0) + 1, false) from {on}");
    if is_serial(column) && !is_serial(was) {
        let counts = match column.column_type {
            ColumnType::TinyInteger | ColumnType::SmallInteger => "smallint",
            ColumnType::BigInteger => "bigint",
            _ => "integer",
        };
        return vec![
            format!("create sequence {sequence} as {counts} owned by {on}.{name}"),
            go_on(&literal),
            format!("alter table {on} alter column {name} set default nextval({literal})"),
        ];
    }
    let mut statements = Vec::new();
    if is_serial(was) && !is_serial(column) {
        statements.push(format!("drop sequence if exists {sequence}"));
    }
    if let Some(identity) = &column.identity
        && counted(column) != counted(was)
        && !starts(identity)
    {
        let (on, name) = (scope.literal(&on), scope.literal(&column.name));
        statements.push(go_on(&format!("pg_get_serial_sequence({on}, {name})")));
    }
    statements
}

/// Whether it is said where an identity column begins to count.
fn starts(identity: &Identity) -> bool {
    identity
        .options
        .as_ref()
        .is_some_and(|options| tokens(options).iter().any(|token| token.text().eq_ignore_ascii_case("start")))
}

/// The condition of an enum that goes, and the one that comes.
fn conditions(
    table: &str,
    column: &Column,
    old: Option<(&Database, &Column)>,
    scope: &Scope<'_>,
) -> (Option<String>, Option<String>) {
    let old_values = old.and_then(|(_, old)| values(old));
    let made = default_check_name(&scope.split(table).1, &column.name);
    if old.is_some() && old_values == values(column) {
        return (None, None);
    }
    let drop = match (old, old_values) {
        (Some((database, _)), Some(_)) => {
            let name = check_name(database, table, &column.name);
            Some(format!("drop constraint {}", scope.quote(&name)))
        }
        // What it was is not known.
        (None, _) if values(column).is_some() => {
            Some(format!("drop constraint if exists {}", scope.quote(&made)))
        }
        _ => None,
    };
    let add = values(column).map(|values| {
        let condition = is_listed(&column.name, values, scope);
        format!("add constraint {} check ({condition})", scope.quote(&made))
    });
    (drop, add)
}

fn values(column: &Column) -> Option<&[String]> {
    match &column.column_type {
        ColumnType::Enum { values } => Some(values),
        _ => None,
    }
}

/// What the check of an enum column is called.
fn check_name(database: &Database, table: &str, column: &str) -> String {
    let found = find(database, table).map_or(table, |table| table.name.as_str());
    let bare_name = found.rsplit_once('.').map_or(found, |(_, name)| name);
    noted_check_name(database, found, column)
        .map_or_else(|| default_check_name(bare_name, column), str::to_owned)
}

/// Alters what is known of the database as `change` alters the database. Only some of its tables are
/// known.
pub(super) fn follow(database: &mut Database, change: &Change) {
    let renamed: Vec<(String, String, String)> = match change {
        Change::RenameColumn { table, column, to } => {
            vec![(table.clone(), to.clone(), check_name(database, table, column))]
        }
        Change::ChangeColumn { table, column } => {
            let bare_name = table.rsplit_once('.').map_or(table.as_str(), |(_, name)| name);
            let is_kept = find(database, table)
                .and_then(|table| table.column(&column.name))
                .is_some_and(|old| values(old) == values(column));
            let made = default_check_name(bare_name, &column.name);
            if is_kept { Vec::new() } else { vec![(table.clone(), column.name.clone(), made)] }
        }
        Change::RenameTable { table, to } => {
            let columns = find(database, table).map(|table| table.columns.as_slice()).unwrap_or_default();
            columns
                .iter()
                .filter(|column| values(column).is_some())
                .map(|column| (to.clone(), column.name.clone(), check_name(database, table, &column.name)))
                .collect()
        }
        _ => Vec::new(),
    };
    // What fails here fails on the server, which says it better.
    if database.apply(change).is_ok() {
        for (table, column, name) in renamed {
            note_check_name(database, &table, &column, name);
        }
    }
}
