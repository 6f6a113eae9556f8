//! [`normalize`]: a table as the catalogue describes it, whether it was described by a blueprint or
//! read from a server. Two tables are the same when their normal forms are equal.

use super::constant::{constant, shortest};
use super::expression::canonical;
use crate::config::DriverName;
use crate::dialect::ansi::table::Scope;
use crate::dialect::schema::{PlanOptions, dialect, settle};
use crate::error::Result;
use crate::schema::{
    Change, Column, ColumnType, Database, DefaultValue, Generated, Index, IndexKind, Scalar, Table,
};

/// The table with everything said in it: names with the prefix, each index and key with its name,
/// the indexes of columns among those of the table. It can be created from what it says.
///
/// # Errors
/// `InvalidArgument` for a table that cannot be: two indexes of one name.
pub fn settled(table: &Table, driver: DriverName, prefix: &str, options: &PlanOptions) -> Result<Table> {
    let changes = settle(&[Change::CreateTable { table: table.clone() }], driver, prefix, options);
    let mut database = Database { driver: driver.as_str().to_owned(), ..Database::default() };
    for change in &changes {
        database.apply(change)?;
    }
    Ok(database.tables.remove(0))
}

/// The normal form of a settled table.
///
/// # Errors
/// `Unsupported` for a type that the database lacks.
pub fn normalize(table: &Table, driver: DriverName, options: &PlanOptions) -> Result<Table> {
    let (dialect, scope) = (dialect(driver), Scope { driver, prefix: "", options });
    let mut table = table.clone();
    let key = table.primary_key().map(Index::column_names).unwrap_or_default();
    let name = table.name.clone();
    for column in &mut table.columns {
        column.nullable =
            Some(scope.is_nullable(column) && !(key.contains(&column.name) && driver != DriverName::Sqlite));
        if column.column_type != ColumnType::Computed {
            let spelled = dialect.sql_type(&name, column, &scope)?;
            dialect.read_type(&spelled, column);
        }
        if let Some(generated) = &column.generated {
            let expression = scope.computed_by(generated)?;
            column.generated = Some(Generated { expression, is_path: false, stored: generated.stored });
        }
        column.default = column.default.take().map(|default| known(default, column));
        (column.position, column.using, column.lock, column.instant) = (None, None, None, false);
        column.starting_value = None; // where a counter stands is not part of the structure
        column.comment = column.comment.take().filter(|comment| !comment.is_empty());
    }
    for index in &mut table.indexes {
        (index.lock, index.online) = (None, false);
        if index.kind == IndexKind::Primary {
            index.name = None; // a table has one, whatever it is called
        }
        index.algorithm = index.algorithm.take().map(|name| name.to_lowercase());
    }
    for key in &mut table.foreign_keys {
        key.lock = None;
    }
    dialect.say_storage(&mut table, options);
    dialect.normalize(&mut table);
    for sql in expressions(&mut table) {
        *sql = canonical(sql);
    }
    table.indexes.sort_by(|one, other| (one.kind, &one.name).cmp(&(other.kind, &other.name)));
    table.foreign_keys.sort_by(|one, other| (&one.columns, &one.name).cmp(&(&other.columns, &other.name)));
    table.checks.sort_by(|one, other| (&one.name, &one.expression).cmp(&(&other.name, &other.expression)));
    Ok(table)
}

/// A default in one spelling, where it is a constant or the current time.
fn known(default: DefaultValue, column: &Column) -> DefaultValue {
    let text = match &default {
        DefaultValue::Current => return default,
        DefaultValue::Raw { sql } => match constant(sql) {
            Some(text) => text,
            None if is_current(sql, column) => return DefaultValue::Current,
            None => return default,
        },
        DefaultValue::Value { value } => match value {
            Scalar::Bool(value) => u8::from(*value).to_string(),
            Scalar::Number(value) => value.to_string(),
            Scalar::Text(value) => value.clone(),
        },
    };
    let is_number = column.column_type.is_integer()
        || matches!(
            column.column_type,
            ColumnType::Decimal { .. } | ColumnType::Float { .. } | ColumnType::Double
        );
    let text = if is_number { shortest(&text) } else { text };
    DefaultValue::Value { value: Scalar::Text(text) }
}

/// Whether an expression is the current time, as one of the databases writes it.
fn is_current(sql: &str, column: &Column) -> bool {
    let plain = canonical(sql);
    let name = plain.split('(').next().unwrap_or_default();
    let holds_time = matches!(
        column.column_type,
        ColumnType::DateTime { .. }
            | ColumnType::DateTimeTz { .. }
            | ColumnType::Timestamp { .. }
            | ColumnType::TimestampTz { .. }
    );
    holds_time && matches!(name, "current_timestamp" | "now")
        || column.column_type == ColumnType::Date && matches!(name, "current_date" | "curdate")
}

/// Every SQL expression of a table.
fn expressions(table: &mut Table) -> impl Iterator<Item = &mut String> {
    let columns = table.columns.iter_mut().flat_map(|column| {
        let default = match &mut column.default {
            Some(DefaultValue::Raw { sql }) => Some(sql),
            _ => None,
        };
        default.into_iter().chain(column.generated.as_mut().map(|generated| &mut generated.expression))
    });
    let indexes = table.indexes.iter_mut().flat_map(|index| {
        let parts = index.columns.iter_mut().filter_map(|part| part.expression.as_mut());
        parts.chain(&mut index.expression).chain(&mut index.predicate)
    });
    let checks = table.checks.iter_mut().map(|check| &mut check.expression);
    columns.chain(indexes).chain(checks)
}
