//! A table, as the pragmas and its text describe it together.

use super::catalogue::Object;
use super::ddl::reader::{name_of, without_comments};
use super::ddl::{ColumnText, TableText, read_index, read_table};
use super::types::{read_type, values_of};
use crate::dialect::ansi::inspect::Row;
use crate::error::Result;
use crate::schema::expression::{Token, tokens};
use crate::schema::{
    Check, Column, ColumnType, Database, DefaultValue, Generated, Index, IndexKind, LeftOut, Table,
    TableOptions,
};

/// What a table of the catalogue is here.
#[derive(Debug)]
pub enum Described {
    /// A table, and what cannot be said of it.
    Table(Box<Table>, Vec<LeftOut>),
    /// Nothing that can be said, and why.
    Not(String),
}

/// A table, from its columns, the columns of its foreign keys, and its text.
///
/// # Errors
/// `Internal` for rows of other statements.
pub fn describe(object: &Object, columns: &[Row<'_>], keys: &[Row<'_>]) -> Result<Described> {
    let sql = object.sql.clone().unwrap_or_default();
    let not = |reason: &str| Ok(Described::Not(reason.to_owned()));
    if sql.to_lowercase().starts_with("create virtual") {
        return not("it is a virtual table");
    }
    let Some(mut text) = read_table(&sql) else { return not("its text is not understood") };
    if !agree(&text, columns, keys)? {
        return not("its text is not understood");
    }
    let mut table = Table::new(object.full_table());
    let options =
        TableOptions { strict: text.strict, without_rowid: text.without_rowid, ..TableOptions::default() };
    table.options = options;
    let mut checks = Vec::new();
    for (row, said) in columns.iter().zip(std::mem::take(&mut text.columns)) {
        table.columns.push(column(*row, said, &mut checks)?);
    }
    table.indexes.extend(text.primary);
    // What tells a constraint from an index: see `legality::is_constraint`.
    table.indexes.extend(text.uniques.into_iter().map(|index| Index { deferrable: Some(false), ..index }));
    for key in &mut text.foreign_keys {
        key.on = object.place(&key.on);
    }
    table.foreign_keys = text.foreign_keys;
    table.checks = checks.into_iter().chain(text.checks).collect();
    spell_columns(&mut table);
    let left_out = text.unsaid.into_iter().map(|(part, reason)| {
        let dot = if part.is_empty() { "" } else { "." };
        LeftOut { name: format!("{}{dot}{part}", table.name), reason }
    });
    let left_out = left_out.collect();
    Ok(Described::Table(Box::new(table), left_out))
}

/// Whether the text was read as SQLite reads it.
fn agree(text: &TableText, columns: &[Row<'_>], keys: &[Row<'_>]) -> Result<bool> {
    let names = columns.iter().map(|row| row.text("name")).collect::<Result<Vec<_>>>()?;
    let said: Vec<_> = text.columns.iter().map(|column| Some(column.name.clone())).collect();
    let of_keys = keys.iter().map(|row| row.text("column")).collect::<Result<Vec<_>>>()?;
    let said_of_keys = text.foreign_keys.iter().flat_map(|key| &key.columns);
    let same_keys = of_keys.len() == said_of_keys.clone().count()
        && of_keys.iter().flatten().zip(said_of_keys).all(|(one, other)| one.eq_ignore_ascii_case(other));
    Ok(names == said && same_keys)
}

fn column(row: Row<'_>, said: ColumnText, checks: &mut Vec<Check>) -> Result<Column> {
    let spelled = row.text("type")?.unwrap_or_default();
    let mut column = Column::new(said.name, ColumnType::Text);
    read_type(&spelled, &mut column);
    column.nullable = Some(!row.is_true("required")?);
    column.auto_increment = said.auto_increment;
    column.collation = said.collation;
    column.generated = said.generated.map(|expression| Generated {
        expression,
        is_path: false,
        stored: row.text("hidden").ok().flatten().as_deref() == Some("3"),
    });
    column.default = row.text("default")?.map(|sql| DefaultValue::Raw { sql: default_of(&sql) });
    for check in said.checks {
        let values = check.name.is_none().then(|| values_of(&check.expression, &column.name)).flatten();
        match (values, &column.column_type) {
            (Some(values), ColumnType::String { .. }) => column.column_type = ColumnType::Enum { values },
            _ => checks.push(check),
        }
    }
    Ok(column)
}

/// A default as an expression. SQLite takes a word or a name in its place for text.
fn default_of(sql: &str) -> String {
    let sql = without_comments(sql);
    let known = ["true", "false", "null", "current_timestamp", "current_date", "current_time"];
    match tokens(&sql).as_slice() {
        [Token::Word(word)] if known.iter().any(|known| word.eq_ignore_ascii_case(known)) => {
            format!("({sql})")
        }
        [token @ (Token::Word(_) | Token::Name(_))] => {
            format!("('{}')", name_of(*token).unwrap_or_default().replace('\'', "''"))
        }
        _ => format!("({sql})"),
    }
}

/// Names columns in keys as the columns themselves are spelled.
fn spell_columns(table: &mut Table) {
    let names: Vec<_> = table.columns.iter().map(|column| column.name.clone()).collect();
    let spell = |name: &mut String| {
        if let Some(own) = names.iter().find(|own| own.eq_ignore_ascii_case(name)) {
            own.clone_into(name);
        }
    };
    let parts = table.indexes.iter_mut().flat_map(|index| &mut index.columns);
    parts.filter_map(|part| part.column.as_mut()).for_each(spell);
    table.foreign_keys.iter_mut().flat_map(|key| &mut key.columns).for_each(spell);
}

/// Adds an index to its table.
pub fn add_index(database: &mut Database, object: &Object) {
    let name = object.full_table();
    let read = object.sql.as_deref().and_then(read_index);
    let Some(table) = database.table_mut(&name) else { return }; // it is left out with its table
    match read {
        Some(text) => {
            let kind = if text.unique { IndexKind::Unique } else { IndexKind::Index };
            table.indexes.push(Index {
                columns: text.parts,
                predicate: text.predicate,
                name: Some(object.name.clone()),
                ..Index::new(kind, Vec::new())
            });
            spell_columns(table);
        }
        None => database.left_out.push(LeftOut {
            name: format!("{name}.{}", object.name),
            reason: "the text of this index is not understood".to_owned(),
        }),
    }
}

/// Says which columns are meant by a foreign key that names none: the other table's primary key.
pub fn resolve_references(database: &mut Database) {
    let keys: Vec<_> = database
        .tables
        .iter()
        .map(|table| (table.name.clone(), table.primary_key().map(Index::column_names).unwrap_or_default()))
        .collect();
    for key in database.tables.iter_mut().flat_map(|table| &mut table.foreign_keys) {
        let found = keys.iter().find(|(name, _)| name.eq_ignore_ascii_case(&key.on));
        if let (true, Some((_, columns))) = (key.references.is_empty(), found) {
            key.references.clone_from(columns);
        }
    }
}
