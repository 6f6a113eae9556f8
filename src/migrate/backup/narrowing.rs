//! [`narrows`]: whether a new type may lose something of what the old one holds.

use crate::config::DriverName;
use crate::dialect::spelled::spelled_type;
use crate::schema::{Column, ColumnType as T};

/// Whether values of the type that is spelled `before` may not all fit the type that is spelled `after`. A
/// change that is not known to lose nothing may lose something.
pub(super) fn narrows(driver: DriverName, before: &str, after: &str) -> bool {
    if driver == DriverName::Sqlite {
        return narrows_affinity(before, after);
    }
    let (old, new) = (spelled_type(driver, before), spelled_type(driver, &after.to_lowercase()));
    let is_same = old.column_type == new.column_type && old.unsigned == new.unsigned;
    !is_same && !widens(driver, &old, &new)
}

fn widens(driver: DriverName, old: &Column, new: &Column) -> bool {
    if old.unsigned != new.unsigned {
        return false;
    }
    let is_mysql = matches!(driver, DriverName::MySql | DriverName::MariaDb);
    match (&old.column_type, &new.column_type) {
        (a, b) if a.is_integer() && b.is_integer() => digits(b) >= digits(a),
        (a, T::Decimal { precision, scale }) if a.is_integer() => {
            precision.saturating_sub(*scale) >= digits(a)
        }
        (a, T::Double) if a.is_integer() => digits(a) <= 10,
        (a, T::String { length: Some(length) }) if a.is_integer() => *length > digits(a),
        (a, T::Text | T::MediumText | T::LongText) if a.is_integer() => true,
        (T::Decimal { precision, scale }, T::Decimal { precision: wide, scale: fine }) => {
            fine >= scale && wide.saturating_sub(*fine) >= precision.saturating_sub(*scale)
        }
        (T::Char { length } | T::String { length }, T::String { length: new }) => {
            new.is_none_or(|new| length.is_some_and(|old| old <= new))
        }
        (T::Float { .. }, T::Double)
        | (T::Char { .. } | T::String { .. }, T::Text | T::MediumText | T::LongText) => true,
        (a, b) if text_size(a).is_some() && text_size(b).is_some() => {
            !is_mysql || text_size(b) >= text_size(a)
        }
        (T::Enum { values }, T::Enum { values: more }) => values.iter().all(|value| more.contains(value)),
        (T::Date, T::DateTime { .. }) | (T::Uuid, T::Text) => true,
        (T::Date, T::Timestamp { .. }) => !is_mysql,
        (T::DateTime { precision } | T::Timestamp { precision }, T::DateTime { precision: fine })
        | (T::Timestamp { precision }, T::Timestamp { precision: fine })
        | (T::TimestampTz { precision }, T::TimestampTz { precision: fine })
        | (T::DateTimeTz { precision }, T::DateTimeTz { precision: fine })
        | (T::Time { precision }, T::Time { precision: fine }) => {
            // Without a number MySQL keeps whole seconds, the others all they can.
            let fraction = |digits: &Option<u32>| digits.unwrap_or(if is_mysql { 0 } else { 7 });
            fraction(fine) >= fraction(precision)
        }
        _ => false,
    }
}

/// Decimal digits that an integer may have.
fn digits(column_type: &T) -> u32 {
    match column_type {
        T::TinyInteger => 3,
        T::SmallInteger => 5,
        T::MediumInteger => 8,
        T::Integer => 10,
        _ => 20,
    }
}

/// How texts of MySQL grow.
fn text_size(column_type: &T) -> Option<u8> {
    match column_type {
        T::TinyText => Some(1),
        T::Text => Some(2),
        T::MediumText => Some(3),
        T::LongText => Some(4),
        _ => None,
    }
}

/// A column of SQLite converts what it is given only where its affinity says so ("Datatypes in SQLite" §3.1).
fn narrows_affinity(before: &str, after: &str) -> bool {
    let (old, new) = (Affinity::of(before), Affinity::of(after));
    old != new && new != Affinity::Blob && !(old == Affinity::Integer && new == Affinity::Numeric)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Affinity {
    Integer,
    Text,
    Blob,
    Real,
    Numeric,
}

impl Affinity {
    fn of(spelled: &str) -> Self {
        let spelled = spelled.to_ascii_lowercase();
        let has = |word: &str| spelled.contains(word);
        if has("int") {
            Self::Integer
        } else if has("char") || has("clob") || has("text") {
            Self::Text
        } else if has("blob") || spelled.trim().is_empty() {
            Self::Blob
        } else if has("real") || has("floa") || has("doub") {
            Self::Real
        } else {
            Self::Numeric
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wider_types_lose_nothing() {
        for (driver, before, after) in [
            (DriverName::Postgres, "integer", "bigint"),
            (DriverName::Postgres, "character varying(20)", "VARCHAR(40)"),
            (DriverName::Postgres, "character varying(20)", "text"),
            (DriverName::Postgres, "character varying(20)", "varchar"),
            (DriverName::Postgres, "numeric(8,2)", "numeric(10, 3)"),
            (DriverName::Postgres, "integer", "numeric(12,2)"),
            (DriverName::Postgres, "date", "timestamp"),
            (DriverName::Postgres, "inet[]", "inet[]"),
            (DriverName::MariaDb, "int(11)", "int"),
            (DriverName::MariaDb, "tinytext", "text"),
            (DriverName::MariaDb, "enum('a','b')", "enum('b','c','a')"),
            (DriverName::SqlServer, "nvarchar(20)", "nvarchar(30)"),
            (DriverName::Sqlite, "varchar(20)", "text"),
            (DriverName::Sqlite, "integer", "numeric"),
        ] {
            assert!(!narrows(driver, before, after), "{before} -> {after} on {driver:?}");
        }
    }

    #[test]
    fn what_may_be_cut_or_converted_narrows() {
        for (driver, before, after) in [
            (DriverName::Postgres, "bigint", "integer"),
            (DriverName::Postgres, "character varying(20)", "varchar(19)"),
            (DriverName::Postgres, "text", "varchar(255)"),
            (DriverName::Postgres, "character varying(20)", "integer"),
            (DriverName::Postgres, "numeric(8,2)", "numeric(8,3)"),
            (DriverName::Postgres, "timestamp(6) without time zone", "date"),
            (DriverName::Postgres, "jsonb", "text"),
            (DriverName::MariaDb, "int(10) unsigned", "int"),
            (DriverName::MariaDb, "mediumtext", "text"),
            (DriverName::MariaDb, "enum('a','b')", "enum('a')"),
            (DriverName::SqlServer, "nvarchar(20)", "nvarchar(10)"),
            (DriverName::Sqlite, "text", "integer"),
        ] {
            assert!(narrows(driver, before, after), "{before} -> {after} on {driver:?}");
        }
    }
}
