//! What SQL Server keeps of a table.
//!
//! Not compared, because the server does not keep it as it is said: notes (they would be extended
//! properties, which no statement of ours makes), whether a computed column may be `NULL` (the server
//! finds that out), and whether a check or key trusts the rows that were there before it.

use super::defaults;
use super::index_expression::parts;
use super::one_spelling::one_spelling;
use crate::dialect::schema::PlanOptions;
use crate::schema::{Column, ColumnType, ForeignKey, Generated, Index, ReferentialAction, Table};

/// See `SchemaDialect::say_storage`: the catalogue names the collation of every text, and the one of the
/// database says nothing.
pub fn say_storage(table: &mut Table, options: &PlanOptions) {
    let Some(own) = &options.storage.collation else { return };
    for column in &mut table.columns {
        column.collation = column.collation.take().filter(|collation| !collation.eq_ignore_ascii_case(own));
    }
}

/// See `SchemaDialect::normalize`.
pub fn normalize(table: &mut Table) {
    table.comment = None;
    let options = &mut table.options;
    (options.engine, options.charset, options.collation) = (None, None, None);
    (options.partition_by, options.strict, options.without_rowid) = (None, false, false);
    for column in &mut table.columns {
        normalize_column(column);
    }
    for index in &mut table.indexes {
        normalize_index(index);
    }
    for key in &mut table.foreign_keys {
        normalize_key(key);
    }
    for check in &mut table.checks {
        check.expression = one_spelling(&check.expression);
        check.not_valid = false;
    }
}

fn normalize_column(column: &mut Column) {
    (column.comment, column.charset, column.identity) = (None, None, None);
    (column.unsigned, column.invisible, column.current_on_update) = (false, false, false);
    column.collation = column.collation.take().map(|name| name.to_lowercase());
    if let Some(Generated { expression, .. }) = &mut column.generated {
        *expression = one_spelling(expression);
        // Its type is that of the expression, and so is the rest.
        column.column_type = ColumnType::Computed;
        (column.default, column.collation, column.nullable) = (None, None, Some(true));
        column.auto_increment = false;
    }
    match &mut column.column_type {
        // Nothing is ordered by the place in the list.
        ColumnType::Enum { values } => {
            values.sort();
            values.dedup();
        }
        ColumnType::Raw { sql } => {
            let plain: String = sql.chars().filter(|sign| !matches!(sign, '"' | '[' | ']')).collect();
            *sql = plain.split_whitespace().collect::<Vec<_>>().join(" ").replace(", ", ",").to_lowercase();
        }
        _ => {}
    }
    column.auto_increment &= column.column_type.is_integer();
    column.default = column.default.take().and_then(|default| defaults::normal(default, column));
}

fn normalize_index(index: &mut Index) {
    (index.algorithm, index.language, index.operator_class) = (None, None, None);
    (index.nulls_not_distinct, index.deferrable, index.initially_immediate) = (None, None, None);
    index.without_constraint = false;
    if let Some(columns) = index.expression.as_deref().and_then(parts) {
        (index.columns, index.expression) = (columns, None);
    }
    index.include.sort(); // they are carried along, not ordered by
    index.predicate = index.predicate.as_deref().map(one_spelling);
}

fn normalize_key(key: &mut ForeignKey) {
    let said = |action: Option<ReferentialAction>| {
        action.filter(|action| !matches!(action, ReferentialAction::NoAction | ReferentialAction::Restrict))
    };
    (key.on_delete, key.on_update) = (said(key.on_delete), said(key.on_update));
    (key.deferrable, key.initially_immediate, key.not_valid) = (None, None, false);
}
