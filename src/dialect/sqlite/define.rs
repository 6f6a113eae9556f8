//! `create table` and its columns.

use super::types::{current, sql_type};
use crate::dialect::ansi::index::references;
use crate::dialect::ansi::table::{Scope, create_table};
use crate::error::Result;
use crate::schema::{Check, Column, ForeignKey, Index, Table};

/// The keys that are part of `create table`.
#[derive(Debug, Clone, Copy)]
pub struct Keys<'k> {
    /// The primary key.
    pub primary: Option<&'k Index>,
    /// The foreign keys.
    pub foreign: &'k [ForeignKey],
    /// The unique constraints.
    pub uniques: &'k [&'k Index],
}

/// `create table …`.
///
/// # Errors
/// As [`define`].
pub fn create(table: &Table, keys: &Keys<'_>, checks: &[Check], scope: &Scope<'_>) -> Result<String> {
    let numbering = table.columns.iter().find(|column| column.numbers_rows());
    let mut parts = Vec::new();
    for key in keys.foreign {
        parts.push(foreign_key(key, scope));
    }
    for (index, what) in keys
        .primary
        .iter()
        .filter(|_| numbering.is_none())
        .map(|index| (*index, "primary key"))
        .chain(keys.uniques.iter().map(|index| (*index, "unique")))
    {
        let columns = scope.index_parts(&table.name, index)?;
        parts.push(format!("{}{what} ({columns})", named(index.name.as_deref(), scope)));
    }
    let primary_name = keys.primary.and_then(|index| index.name.as_deref());
    let mut sql = create_table(table, &parts, checks, scope, |column| {
        define(&table.name, column, primary_name, scope)
    })?;
    let options = [("strict", table.options.strict), ("without rowid", table.options.without_rowid)];
    let options: Vec<_> = options.iter().filter(|(_, is_said)| *is_said).map(|(option, _)| *option).collect();
    if !options.is_empty() {
        sql = format!("{sql} {}", options.join(", "));
    }
    Ok(sql)
}

fn foreign_key(key: &ForeignKey, scope: &Scope<'_>) -> String {
    let mut there = references(key, "", scope);
    if key.references.is_empty() {
        there = there.replacen("()", "", 1); // the primary key, whatever it is
    }
    if key.deferrable == Some(true) && key.initially_immediate == Some(false) {
        there.push_str(" deferrable initially deferred");
    }
    let name = named(key.name.as_deref(), scope);
    format!("{name}foreign key({}) {there}", scope.quote_list(&key.columns))
}

fn named(name: Option<&str>, scope: &Scope<'_>) -> String {
    name.map_or_else(String::new, |name| format!("constraint {} ", scope.quote(name)))
}

/// A column of `create table` and `add column`. One that numbers the rows carries the primary key,
/// and its name.
///
/// # Errors
/// As [`sql_type`], and `InvalidArgument` for a default that means nothing.
pub fn define(table: &str, column: &Column, primary_name: Option<&str>, scope: &Scope<'_>) -> Result<String> {
    let sql_type = sql_type(table, column, scope)?;
    let mut sql = scope.quote(&column.name);
    if !sql_type.is_empty() {
        sql = format!("{sql} {sql_type}"); // a column need not have a type
    }
    if column.numbers_rows() {
        sql = format!("{sql} {}primary key autoincrement", named(primary_name, scope));
    }
    if !scope.is_nullable(column) {
        sql.push_str(" not null");
    }
    let default = scope.default_value(table, column, current(&column.column_type))?;
    if let Some(default) = default.filter(|_| column.generated.is_none()) {
        sql = format!("{sql} default {default}");
    }
    if let Some(collation) = &column.collation {
        sql = format!("{sql} collate {}", scope.literal(collation));
    }
    if let Some(generated) = &column.generated {
        let stored = if generated.stored { " stored" } else { "" };
        sql = format!("{sql} as ({}){stored}", scope.computed_by(generated)?);
    }
    Ok(sql)
}
