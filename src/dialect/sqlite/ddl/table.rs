//! [`TableText`]: what the text of `create table` says.

use super::columns::read_column;
use super::constraints::read_constraint;
use super::reader::Reader;
use crate::schema::{Check, ForeignKey, Index};

/// What the text of `create table` says.
#[derive(Debug, Default)]
pub struct TableText {
    /// The columns, in order.
    pub columns: Vec<ColumnText>,
    /// The primary key.
    pub primary: Option<Index>,
    /// The unique constraints. An unnamed one has no name here either.
    pub uniques: Vec<Index>,
    /// The conditions, without those of `columns`.
    pub checks: Vec<Check>,
    /// The foreign keys, in order. Columns that are not named there are the primary key.
    pub foreign_keys: Vec<ForeignKey>,
    /// `strict`.
    pub strict: bool,
    /// `without rowid`.
    pub without_rowid: bool,
    /// What [`crate::schema::Table`] cannot say: a column or another part, and why.
    pub unsaid: Vec<(String, String)>,
}

/// What the text says about a column, its keys apart.
#[derive(Debug, Default)]
pub struct ColumnText {
    /// Its name.
    pub name: String,
    /// How its text is compared.
    pub collation: Option<String>,
    /// The expression that it is computed by.
    pub generated: Option<String>,
    /// `autoincrement`.
    pub auto_increment: bool,
    /// The conditions that stand in its definition.
    pub checks: Vec<Check>,
}

/// Reads the text of `create table`; none where it is not understood, such as that of a virtual table.
#[must_use]
pub fn read_table(sql: &str) -> Option<TableText> {
    let mut reader = Reader::new(sql);
    if !(reader.take(&["create", "table"]) || reader.take(&["create", "temp", "table"])) {
        return None;
    }
    reader.take(&["if", "not", "exists"]);
    reader.name()?;
    if reader.take_sign(".") {
        reader.name()?;
    }
    if !reader.take_sign("(") {
        return None;
    }
    let mut table = TableText::default();
    while !reader.take_sign(")") {
        // A comma between constraints may be missing.
        let is_constraint = reader.is_one_of(&["constraint", "primary", "unique", "check", "foreign"]);
        if is_constraint && !table.columns.is_empty() {
            read_constraint(&mut reader, &mut table)?;
        } else {
            read_column(&mut reader, &mut table)?;
        }
        if !reader.take_sign(",") && reader.peek().is_none() {
            return None;
        }
    }
    loop {
        if reader.take(&["without", "rowid"]) {
            table.without_rowid = true;
        } else if reader.take(&["strict"]) {
            table.strict = true;
        } else if !reader.take_sign(",") {
            break;
        }
    }
    reader.peek().is_none().then_some(table)
}
