//! SQLite's names of the column types.
//!
//! A name only chooses the column's affinity ("Datatypes in SQLite" §3.1); lengths and precisions
//! would have no effect, so none are written.

use super::ddl::reader::{Reader, name_of, split_list};
use crate::dialect::ansi::table::Scope;
use crate::error::Result;
use crate::schema::expression::{Token, tokens};
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

/// The type that the catalogue spells so; an enum is spelled with its check.
pub fn read_type(spelled: &str, column: &mut Column) {
    column.column_type = match spelled.to_lowercase().as_str() {
        "integer" => ColumnType::Integer,
        "float" => ColumnType::Float { precision: None },
        "double" => ColumnType::Double,
        "numeric" => ColumnType::Decimal { precision: 8, scale: 2 }, // as decimal() without arguments
        "tinyint(1)" => ColumnType::Boolean,
        "varchar" => ColumnType::String { length: None },
        "text" => ColumnType::Text,
        "date" => ColumnType::Date,
        "datetime" => ColumnType::DateTime { precision: None },
        "time" => ColumnType::Time { precision: None },
        "blob" => ColumnType::Binary { length: None, fixed: false },
        "geometry" => ColumnType::Geometry { subtype: None, srid: None },
        other => read_enum(spelled, &column.name)
            .map_or_else(|| ColumnType::Raw { sql: other.to_owned() }, |values| ColumnType::Enum { values }),
    };
}

/// The values of `varchar check ("column" in ('a', 'b'))`.
fn read_enum(spelled: &str, column: &str) -> Option<Vec<String>> {
    let mut reader = Reader::new(spelled);
    if !reader.take(&["varchar", "check"]) {
        return None;
    }
    let check = reader.group()?;
    reader.peek().is_none().then(|| values_of(&check, column))?
}

/// The texts that a check allows a column to hold, where it says nothing else.
#[must_use]
pub fn values_of(check: &str, column: &str) -> Option<Vec<String>> {
    let mut reader = Reader::new(check);
    let is_it = matches!(reader.peek(), Some(Token::Word(_) | Token::Name(_)))
        && reader.name().is_some_and(|name| name.eq_ignore_ascii_case(column));
    if !is_it || !reader.take(&["in"]) {
        return None;
    }
    let list = reader.group()?;
    if reader.peek().is_some() {
        return None;
    }
    let text = |piece: &String| match tokens(piece).as_slice() {
        [text @ Token::Text(_)] => name_of(*text),
        _ => None,
    };
    split_list(&list).iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_of_an_enum_are_those_of_its_check() {
        let values = |check: &str| values_of(check, "kind");
        assert_eq!(values("\"kind\" in ('a', 'it''s, so')"), Some(vec!["a".into(), "it's, so".into()]));
        assert_eq!(values("KIND IN('a')"), Some(vec!["a".into()]));
        for other in
            ["other in ('a')", "kind in (1)", "kind in ('a') or 1", "kind not in ('a')", "'kind' in ('a')"]
        {
            assert_eq!(values(other), None, "{other}");
        }
    }

    #[test]
    fn a_type_that_no_logical_type_means_is_kept_in_lower_case() {
        let mut column = Column::new("a", ColumnType::Text);
        read_type("VARCHAR(10)", &mut column);
        assert_eq!(column.column_type, ColumnType::Raw { sql: "varchar(10)".to_owned() });
    }
}
