//! What SQLite keeps of a table.

use super::ddl::read_parts;
use super::ddl::reader::without_comments;
use super::types::current;
use crate::schema::index::default_name;
use crate::schema::{
    Column, ColumnType, DefaultValue, ForeignKey, Index, IndexKind, ReferentialAction, Table, TableOptions,
};

/// See `SchemaDialect::normalize`.
pub fn normalize(table: &mut Table) {
    table.comment = None;
    let TableOptions { temporary, strict, without_rowid, .. } = table.options;
    table.options = TableOptions { temporary, strict, without_rowid, ..TableOptions::default() };
    let key = table.primary_key().map(Index::column_names).unwrap_or_default();
    for column in &mut table.columns {
        normalize_column(column);
        // The server numbers rows by it, or refuses rows without it: it never holds `NULL`.
        let numbers = key.len() == 1 && column.column_type == ColumnType::Integer;
        if key.contains(&column.name) && (numbers || without_rowid) {
            column.nullable = Some(false);
        }
    }
    for index in &mut table.indexes {
        normalize_index(index, &table.name, &table.columns);
    }
    for key in &mut table.foreign_keys {
        normalize_foreign_key(key, &table.name);
    }
    for check in &mut table.checks {
        check.not_valid = false;
    }
}

fn normalize_column(column: &mut Column) {
    let kept = Column::new(column.name.clone(), column.column_type.clone());
    *column = Column {
        nullable: column.nullable,
        auto_increment: column.numbers_rows(),
        collation: spelled_collation(column.collation.take()),
        default: column.default.take().filter(|_| column.generated.is_none()),
        generated: column.generated.take(),
        ..kept
    };
    if column.default == Some(DefaultValue::Current) && column.column_type == ColumnType::Integer {
        // A year, which is an integer here.
        column.default = current(&ColumnType::Year).map(|sql| DefaultValue::Raw { sql: sql.to_owned() });
    }
    let Some(DefaultValue::Raw { sql }) = &column.default else { return };
    let sql = bare(sql);
    if sql == "null" {
        column.default = None;
    } else if current(&column.column_type).is_some_and(|now| bare(now) == sql) {
        column.default = Some(DefaultValue::Current);
    }
}

/// An expression without spaces and the parentheses around the whole, in lower case.
fn bare(sql: &str) -> String {
    let text: String = without_comments(sql).to_lowercase().split_whitespace().collect();
    match read_parts(&text).as_slice() {
        [part] => part.expression.clone().or_else(|| part.column.clone()).unwrap_or_default(),
        _ => text,
    }
}

/// Collations are named without regard to case; `binary` is what a column has anyway.
fn spelled_collation(collation: Option<String>) -> Option<String> {
    collation.map(|name| name.to_lowercase()).filter(|name| name != "binary")
}

fn normalize_index(index: &mut Index, table: &str, columns: &[Column]) {
    let mut parts = std::mem::take(&mut index.columns);
    if let Some(expression) = index.expression.take() {
        parts = read_parts(&expression);
    }
    for part in &mut parts {
        let column = columns.iter().find(|column| Some(&column.name) == part.column.as_ref());
        let collation = part.collation.take().map(|name| name.to_lowercase());
        let own = column.map(|column| column.collation.clone().unwrap_or_else(|| "binary".to_owned()));
        part.collation = collation.filter(|name| own.as_ref() != Some(name));
    }
    let kept = Index::new(index.kind, Vec::new());
    *index = Index { columns: parts, predicate: index.predicate.take(), name: index.name.take(), ..kept };
    match index.kind {
        IndexKind::Primary => index.name = None,
        IndexKind::Unique if index.name.is_none() => {
            index.name = Some(default_name(table, &index.column_names(), index.kind.suffix()));
        }
        _ => {}
    }
}

/// A name of a foreign key means nothing to SQLite: keys are the same when they do the same.
fn normalize_foreign_key(key: &mut ForeignKey, table: &str) {
    for action in [&mut key.on_delete, &mut key.on_update] {
        *action = action.filter(|action| *action != ReferentialAction::NoAction);
    }
    let waits = key.deferrable == Some(true) && key.initially_immediate == Some(false);
    key.deferrable = waits.then_some(true);
    key.initially_immediate = waits.then_some(false);
    key.not_valid = false;
    key.name = Some(default_name(table, &key.columns, "foreign"));
}
