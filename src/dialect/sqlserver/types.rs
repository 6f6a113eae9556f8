//! SQL Server's names of the column types.

use crate::dialect::ansi::table::Scope;
use crate::error::Result;
use crate::schema::{Column, ColumnType};

/// The type of a column; empty for a computed one, which has none of its own.
///
/// # Errors
/// `Unsupported` for a type that SQL Server lacks.
pub fn sql_type(table: &str, column: &Column, scope: &Scope<'_>) -> Result<String> {
    let lacks = |what: &str| Err(scope.refuse(what, table, Some(&column.name)));
    Ok(match &column.column_type {
        ColumnType::TinyInteger => "tinyint".to_owned(),
        ColumnType::SmallInteger => "smallint".to_owned(),
        ColumnType::MediumInteger | ColumnType::Integer | ColumnType::Year => "int".to_owned(),
        ColumnType::BigInteger => "bigint".to_owned(),
        ColumnType::Float { precision } => sized("float", *precision),
        ColumnType::Double => "double precision".to_owned(),
        ColumnType::Decimal { precision, scale } => format!("decimal({precision}, {scale})"),
        ColumnType::Boolean => "bit".to_owned(),
        ColumnType::Char { length } => sized("nchar", *length),
        // Without a length it would hold one character.
        ColumnType::String { length } => sized("nvarchar", Some(length.unwrap_or(255))),
        ColumnType::TinyText => "nvarchar(255)".to_owned(),
        ColumnType::Text
        | ColumnType::MediumText
        | ColumnType::LongText
        | ColumnType::Json
        | ColumnType::Jsonb => "nvarchar(max)".to_owned(),
        ColumnType::Enum { values } => {
            format!("nvarchar(255) {}", is_one_of(&column.name, values, scope))
        }
        ColumnType::Set { .. } => return lacks("set type"),
        ColumnType::Date => "date".to_owned(),
        ColumnType::DateTime { precision } | ColumnType::Timestamp { precision } => {
            match fraction(*precision) {
                // `datetime` rounds to 1/300 of a second and takes no digits.
                Some(digits) => format!("datetime2({digits})"),
                None => "datetime".to_owned(),
            }
        }
        ColumnType::DateTimeTz { precision } | ColumnType::TimestampTz { precision } => {
            sized("datetimeoffset", fraction(*precision))
        }
        ColumnType::Time { precision } | ColumnType::TimeTz { precision } => {
            sized("time", fraction(*precision))
        }
        ColumnType::Binary { length: Some(length), fixed: true } => format!("binary({length})"),
        ColumnType::Binary { length: Some(length), fixed: false } => format!("varbinary({length})"),
        ColumnType::Binary { length: None, .. } => "varbinary(max)".to_owned(),
        ColumnType::Uuid => "uniqueidentifier".to_owned(),
        ColumnType::Ulid => "nchar(26)".to_owned(),
        ColumnType::IpAddress => "nvarchar(45)".to_owned(),
        ColumnType::MacAddress => "nvarchar(17)".to_owned(),
        ColumnType::Geometry { .. } => "geometry".to_owned(),
        ColumnType::Geography { .. } => "geography".to_owned(),
        ColumnType::Vector { .. } => return lacks("vector type"),
        ColumnType::TsVector => return lacks("tsvector type"),
        ColumnType::Computed => String::new(),
        ColumnType::Raw { sql } => sql.clone(),
    })
}

/// The expression for now, for the types that hold a date or time.
#[must_use]
pub fn current(column_type: &ColumnType) -> Option<&'static str> {
    match column_type {
        ColumnType::Date => Some("CAST(GETDATE() AS DATE)"),
        ColumnType::Year => Some("CAST(YEAR(GETDATE()) AS INTEGER)"),
        ColumnType::DateTime { .. }
        | ColumnType::DateTimeTz { .. }
        | ColumnType::Timestamp { .. }
        | ColumnType::TimestampTz { .. } => Some("CURRENT_TIMESTAMP"),
        _ => None,
    }
}

/// The check that makes a text an enumeration.
#[must_use]
pub fn is_one_of(column: &str, values: &[String], scope: &Scope<'_>) -> String {
    let values: Vec<_> = values.iter().map(|value| national(value)).collect();
    format!("check ({} in ({}))", scope.quote(column), values.join(", "))
}

/// A literal of any characters.
#[must_use]
pub fn national(text: &str) -> String {
    format!("N'{}'", text.replace('\'', "''"))
}

fn sized(name: &str, size: Option<u32>) -> String {
    size.map_or_else(|| name.to_owned(), |size| format!("{name}({size})"))
}

fn fraction(digits: Option<u32>) -> Option<u32> {
    digits.filter(|digits| *digits > 0)
}
