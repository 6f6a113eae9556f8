//! PostgreSQL's names of the column types.

use crate::dialect::ansi::table::Scope;
use crate::error::Result;
use crate::schema::{Column, ColumnType};

/// The type of a column. A new column that the server numbers is a `serial`, and a new enum brings its
/// condition along.
///
/// # Errors
/// `Unsupported` for a type that PostgreSQL lacks.
pub fn sql_type(table: &str, column: &Column, is_new: bool, scope: &Scope<'_>) -> Result<String> {
    let serial = |serial: &str, plain: &str| {
        let is_serial = column.auto_increment && column.identity.is_none() && is_new;
        if is_serial { serial } else { plain }.to_owned()
    };
    Ok(match &column.column_type {
        ColumnType::TinyInteger | ColumnType::SmallInteger => serial("smallserial", "smallint"),
        ColumnType::MediumInteger | ColumnType::Integer => serial("serial", "integer"),
        ColumnType::BigInteger => serial("bigserial", "bigint"),
        ColumnType::Float { precision } => sized("float", *precision),
        ColumnType::Double => "double precision".to_owned(),
        ColumnType::Decimal { precision, scale } => format!("decimal({precision}, {scale})"),
        ColumnType::Boolean => "boolean".to_owned(),
        ColumnType::Char { length } => sized("char", *length),
        ColumnType::String { length } => sized("varchar", *length),
        ColumnType::Text | ColumnType::MediumText | ColumnType::LongText => "text".to_owned(),
        ColumnType::Enum { values } if is_new => {
            format!("varchar(255) check ({})", is_listed(&column.name, values, scope))
        }
        ColumnType::TinyText | ColumnType::Enum { .. } => "varchar(255)".to_owned(),
        ColumnType::Set { .. } => return Err(scope.refuse("set type", table, Some(&column.name))),
        ColumnType::Json => "json".to_owned(),
        ColumnType::Jsonb => "jsonb".to_owned(),
        ColumnType::Date => "date".to_owned(),
        ColumnType::DateTime { precision } | ColumnType::Timestamp { precision } => {
            sized("timestamp", *precision) + " without time zone"
        }
        ColumnType::DateTimeTz { precision } | ColumnType::TimestampTz { precision } => {
            sized("timestamp", *precision) + " with time zone"
        }
        ColumnType::Time { precision } => sized("time", *precision) + " without time zone",
        ColumnType::TimeTz { precision } => sized("time", *precision) + " with time zone",
        ColumnType::Year => "integer".to_owned(),
        ColumnType::Binary { .. } => "bytea".to_owned(),
        ColumnType::Uuid => "uuid".to_owned(),
        ColumnType::Ulid => "char(26)".to_owned(),
        ColumnType::IpAddress => "inet".to_owned(),
        ColumnType::MacAddress => "macaddr".to_owned(),
        ColumnType::Geometry { subtype, srid } => shape("geometry", subtype.as_deref(), *srid, scope)?,
        ColumnType::Geography { subtype, srid } => shape("geography", subtype.as_deref(), *srid, scope)?,
        ColumnType::Vector { dimensions } => sized("vector", *dimensions),
        ColumnType::TsVector => "tsvector".to_owned(),
        ColumnType::Computed => return Err(scope.refuse_computed(table, column)),
        ColumnType::Raw { sql } => sql.clone(),
    })
}

/// The condition that an enum column holds one of its values.
#[must_use]
pub fn is_listed(column: &str, values: &[String], scope: &Scope<'_>) -> String {
    format!("{} in ({})", scope.quote(column), scope.literal_list(values))
}

/// The expression for now, for the types that hold a date or time.
#[must_use]
pub fn current(column_type: &ColumnType) -> Option<&'static str> {
    match column_type {
        ColumnType::Date => Some("CURRENT_DATE"),
        ColumnType::Year => Some("EXTRACT(YEAR FROM CURRENT_DATE)"),
        ColumnType::DateTime { .. }
        | ColumnType::DateTimeTz { .. }
        | ColumnType::Timestamp { .. }
        | ColumnType::TimestampTz { .. } => Some("CURRENT_TIMESTAMP"),
        _ => None,
    }
}

fn sized(name: &str, size: Option<u32>) -> String {
    size.map_or_else(|| name.to_owned(), |size| format!("{name}({size})"))
}

fn shape(name: &str, subtype: Option<&str>, srid: Option<u32>, scope: &Scope<'_>) -> Result<String> {
    let Some(subtype) = subtype else { return Ok(name.to_owned()) };
    let subtype = scope.word("kind of shape", subtype)?.to_ascii_lowercase();
    Ok(match srid {
        Some(srid) if srid > 0 => format!("{name}({subtype},{srid})"),
        _ => format!("{name}({subtype})"),
    })
}
