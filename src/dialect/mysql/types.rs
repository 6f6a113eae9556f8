//! MySQL's and MariaDB's names of the column types.

use crate::config::DriverName;
use crate::dialect::ansi::table::Scope;
use crate::error::Result;
use crate::schema::{Column, ColumnType};

/// The shapes that have a type of their own; any other is a `geometry`.
pub const SHAPES: [&str; 7] =
    ["point", "linestring", "polygon", "geometrycollection", "multipoint", "multilinestring", "multipolygon"];

/// The type of a column.
///
/// # Errors
/// `Unsupported` for a type that MySQL lacks.
pub fn sql_type(table: &str, column: &Column, scope: &Scope<'_>) -> Result<String> {
    Ok(match &column.column_type {
        ColumnType::TinyInteger => "tinyint".to_owned(),
        ColumnType::SmallInteger => "smallint".to_owned(),
        ColumnType::MediumInteger => "mediumint".to_owned(),
        ColumnType::Integer => "int".to_owned(),
        ColumnType::BigInteger => "bigint".to_owned(),
        ColumnType::Float { precision } => sized("float", *precision),
        ColumnType::Double => "double".to_owned(),
        ColumnType::Decimal { precision, scale } => format!("decimal({precision}, {scale})"),
        ColumnType::Boolean => "tinyint(1)".to_owned(),
        ColumnType::Char { length } => sized("char", *length),
        // MySQL has no varchar without length.
        ColumnType::String { length } => sized("varchar", Some(length.unwrap_or(255))),
        ColumnType::TinyText => "tinytext".to_owned(),
        ColumnType::Text => "text".to_owned(),
        ColumnType::MediumText => "mediumtext".to_owned(),
        ColumnType::LongText => "longtext".to_owned(),
        ColumnType::Enum { values } => format!("enum({})", scope.literal_list(values)),
        ColumnType::Set { values } => format!("set({})", scope.literal_list(values)),
        ColumnType::Json | ColumnType::Jsonb => "json".to_owned(),
        ColumnType::Date => "date".to_owned(),
        ColumnType::DateTime { precision } | ColumnType::DateTimeTz { precision } => {
            fraction("datetime", *precision)
        }
        ColumnType::Time { precision } | ColumnType::TimeTz { precision } => fraction("time", *precision),
        ColumnType::Timestamp { precision } | ColumnType::TimestampTz { precision } => {
            fraction("timestamp", *precision)
        }
        ColumnType::Year => "year".to_owned(),
        ColumnType::Binary { length: Some(length), fixed: true } => format!("binary({length})"),
        ColumnType::Binary { length: Some(length), fixed: false } => format!("varbinary({length})"),
        ColumnType::Binary { length: None, .. } => "blob".to_owned(),
        // MariaDB has the type since 10.7.
        ColumnType::Uuid if scope.driver == DriverName::MariaDb => "uuid".to_owned(),
        ColumnType::Uuid => "char(36)".to_owned(),
        ColumnType::Ulid => "char(26)".to_owned(),
        ColumnType::IpAddress => "varchar(45)".to_owned(),
        ColumnType::MacAddress => "varchar(17)".to_owned(),
        ColumnType::Geometry { subtype, srid } | ColumnType::Geography { subtype, srid } => {
            shape(subtype.as_deref(), *srid, scope)
        }
        ColumnType::Vector { dimensions } => sized("vector", *dimensions),
        ColumnType::TsVector => return Err(scope.refuse("tsvector type", table, Some(&column.name))),
        ColumnType::Computed => return Err(scope.refuse_computed(table, column)),
        ColumnType::Raw { sql } => sql.clone(),
    })
}

/// The expression for now, for the types that hold a date or time.
#[must_use]
pub fn current(column_type: &ColumnType) -> Option<String> {
    match column_type {
        ColumnType::Date => Some("(CURDATE())".to_owned()),
        ColumnType::Year => Some("(YEAR(CURDATE()))".to_owned()),
        ColumnType::DateTime { precision }
        | ColumnType::DateTimeTz { precision }
        | ColumnType::Timestamp { precision }
        | ColumnType::TimestampTz { precision } => Some(fraction("CURRENT_TIMESTAMP", *precision)),
        _ => None,
    }
}

fn sized(name: &str, size: Option<u32>) -> String {
    size.map_or_else(|| name.to_owned(), |size| format!("{name}({size})"))
}

/// No digits is what the server takes when none are named.
fn fraction(name: &str, digits: Option<u32>) -> String {
    sized(name, digits.filter(|digits| *digits > 0))
}

fn shape(subtype: Option<&str>, srid: Option<u32>, scope: &Scope<'_>) -> String {
    let wanted = subtype.map(str::to_ascii_lowercase);
    let name = SHAPES.into_iter().find(|shape| wanted.as_deref() == Some(shape)).unwrap_or("geometry");
    match srid {
        Some(srid) if srid > 0 && scope.driver == DriverName::MariaDb => {
            format!("{name} ref_system_id={srid}")
        }
        Some(srid) if srid > 0 => format!("{name} srid {srid}"),
        _ => name.to_owned(),
    }
}
