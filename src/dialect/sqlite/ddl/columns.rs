//! Reads a column of `create table`.

use super::constraints::{conflict, defer, references};
use super::reader::Reader;
use super::table::{ColumnText, TableText};
use crate::schema::expression::Token;
use crate::schema::{Check, ForeignKey, Index, IndexKind};

/// The words that end the type of a column.
const CONSTRAINTS: [&str; 12] = [
    "constraint",
    "primary",
    "not",
    "null",
    "unique",
    "check",
    "default",
    "collate",
    "references",
    "generated",
    "as",
    "deferrable",
];

/// Reads a column and what is said about it. None where it is not understood.
pub fn read_column(reader: &mut Reader<'_>, table: &mut TableText) -> Option<()> {
    let mut column = ColumnText { name: reader.name()?, ..ColumnText::default() };
    skip_type(reader)?;
    let mut constraint: Option<String> = None;
    while reader.is_one_of(&CONSTRAINTS) {
        if reader.take(&["constraint"]) {
            constraint = Some(reader.name()?);
            continue;
        }
        let name = constraint.take();
        let keeps_name = reader.is_one_of(&["primary", "unique", "check", "references"]);
        if let Some(name) = name.as_ref().filter(|_| !keeps_name) {
            unsaid(table, &column, &format!("the name {name} of what is said about it"));
        }
        read_one(reader, &mut column, name, table)?;
    }
    table.columns.push(column);
    Some(())
}

/// The type is known from the pragma.
fn skip_type(reader: &mut Reader<'_>) -> Option<()> {
    while !reader.is_one_of(&CONSTRAINTS) {
        match reader.peek()? {
            Token::Sign("(") => drop(reader.group()?),
            Token::Sign(_) => break,
            _ => drop(reader.next()),
        }
    }
    Some(())
}

fn read_one(
    reader: &mut Reader<'_>,
    column: &mut ColumnText,
    name: Option<String>,
    table: &mut TableText,
) -> Option<()> {
    let key = |kind| Index { name: name.clone(), ..Index::new(kind, vec![column.name.clone()]) };
    if reader.take(&["primary", "key"]) {
        if reader.take(&["desc"]) {
            unsaid(table, column, "its primary key in descending order");
        }
        reader.take(&["asc"]);
        note_conflict(reader, "primary key", column, table);
        table.primary = Some(key(IndexKind::Primary));
        column.auto_increment = reader.take(&["autoincrement"]);
    } else if reader.take(&["not", "null"]) || reader.take(&["null"]) {
        note_conflict(reader, "`not null`", column, table);
    } else if reader.take(&["unique"]) {
        note_conflict(reader, "unique constraint", column, table);
        table.uniques.push(key(IndexKind::Unique));
    } else if reader.take(&["check"]) {
        column.checks.push(Check { name, expression: reader.group()?, not_valid: false });
        note_conflict(reader, "check", column, table);
    } else if reader.take(&["default"]) {
        skip_default(reader)?;
    } else if reader.take(&["collate"]) {
        column.collation = Some(reader.name()?);
    } else if reader.is_word("references") {
        let key = ForeignKey { columns: vec![column.name.clone()], name, ..ForeignKey::default() };
        references(reader, key, table)?;
    } else if reader.take(&["generated", "always", "as"]) || reader.take(&["as"]) {
        column.generated = Some(reader.group()?);
        let _ = reader.take(&["stored"]) || reader.take(&["virtual"]); // known from the pragma
    } else {
        // `deferrable` may stand apart from its `references`.
        let last = table.foreign_keys.last_mut();
        let mut nothing = ForeignKey::default();
        if !defer(reader, last.unwrap_or(&mut nothing)) {
            return None;
        }
    }
    Some(())
}

/// The value is known from the pragma.
fn skip_default(reader: &mut Reader<'_>) -> Option<()> {
    if reader.is_sign("(") {
        return reader.group().map(drop);
    }
    let _ = reader.take_sign("-") || reader.take_sign("+");
    let value = reader.next()?;
    match (value, reader.peek()) {
        // A number with a sign in its exponent: 1e-5.
        (Token::Number(number), Some(Token::Sign("-" | "+"))) if number.ends_with(['e', 'E']) => {
            reader.next();
            reader.next()?;
        }
        // A blob, x'00', or a number that begins with its point, .5.
        (Token::Word("x" | "X"), Some(Token::Text(_))) | (Token::Sign("."), Some(Token::Number(_))) => {
            reader.next();
        }
        _ => {}
    }
    Some(())
}

fn note_conflict(reader: &mut Reader<'_>, what: &str, column: &ColumnText, table: &mut TableText) {
    if let Some(way) = conflict(reader) {
        unsaid(table, column, &format!("`on conflict {way}` of its {what}"));
    }
}

fn unsaid(table: &mut TableText, column: &ColumnText, what: &str) {
    table.unsaid.push((column.name.clone(), what.to_owned()));
}
