//! SQLite's names of the column types.
//!
//! A name only chooses the column's affinity ("Datatypes in SQLite" §3.1); lengths and precisions
//! would have no effect, so none are written.

use crate::dialect::ansi::table::Scope;
use crate::error::Result;
use crate::schema::{Column, ColumnType};

/// The type of a column.
///
/// # Errors
/// `Unsupported` for a type that SQLite lacks.
pub fn sql_type(table: &str, column: &Column, scope: &Scope<'_>) -> Result<String> {
    let name = match &column.column_type {
        ColumnType::TinyInteger
        | ColumnType::SmallInteger
        | ColumnType::MediumInteger
        | ColumnType::Integer
        | ColumnType::BigInteger
        | ColumnType::Year => "integer",
        ColumnType::Float { .. } => "float",
        ColumnType::Double => "double",
        ColumnType::Decimal { .. } => "numeric",
        ColumnType::Boolean => "tinyint(1)",
        ColumnType::Char { .. }
        | ColumnType::String { .. }
        | ColumnType::Uuid
        | ColumnType::Ulid
        | ColumnType::IpAddress
        | ColumnType::MacAddress => "varchar",
        ColumnType::Enum { values } => {
            let (column, values) = (scope.quote(&column.name), scope.literal_list(values));
            return Ok(format!("varchar check ({column} in ({values}))"));
        }
        ColumnType::Json if scope.options.use_native_json => "json",
        ColumnType::Jsonb if scope.options.use_native_jsonb => "jsonb",
        ColumnType::TinyText
        | ColumnType::Text
        | ColumnType::MediumText
        | ColumnType::LongText
        | ColumnType::Json
        | ColumnType::Jsonb => "text",
        ColumnType::Date => "date",
        ColumnType::DateTime { .. }
        | ColumnType::DateTimeTz { .. }
        | ColumnType::Timestamp { .. }
        | ColumnType::TimestampTz { .. } => "datetime",
        ColumnType::Time { .. } | ColumnType::TimeTz { .. } => "time",
        ColumnType::Binary { .. } => "blob",
        ColumnType::Geometry { .. } | ColumnType::Geography { .. } => "geometry",
        ColumnType::Set { .. } => return Err(scope.refuse("set type", table, Some(&column.name))),
        ColumnType::Vector { .. } => return Err(scope.refuse("vector type", table, Some(&column.name))),
        ColumnType::TsVector => return Err(scope.refuse("tsvector type", table, Some(&column.name))),
        ColumnType::Computed => return Err(scope.refuse_computed(table, column)),
        ColumnType::Raw { sql } => sql,
    };
    Ok(name.to_owned())
}

/// The expression for now, for the types that hold a date or time.
#[must_use]
pub fn current(column_type: &ColumnType) -> Option<&'static str> {
    match column_type {
        ColumnType::Date => Some("CURRENT_DATE"),
        ColumnType::Year => Some("(CAST(strftime('%Y', 'now') AS INTEGER))"),
        ColumnType::DateTime { .. }
        | ColumnType::DateTimeTz { .. }
        | ColumnType::Timestamp { .. }
        | ColumnType::TimestampTz { .. } => Some("CURRENT_TIMESTAMP"),
        _ => None,
    }
}

/// The type that the catalogue spells so.
pub fn read_type(spelled: &str, column: &mut Column) {
    column.column_type = ColumnType::Raw { sql: spelled.to_owned() };
}
