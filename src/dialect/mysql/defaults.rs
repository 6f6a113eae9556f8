//! Defaults, as MySQL and MariaDB print them.

use super::expression::{from_mysql, normal_form, one_spelling, text_of};
use super::types::current;
use crate::schema::expression::bare;
use crate::schema::{Column, ColumnType, DefaultValue, Scalar};

/// The default that MariaDB prints: SQL, and `NULL` for none.
#[must_use]
pub fn from_mariadb(printed: &str, column: &Column) -> Option<DefaultValue> {
    if printed.eq_ignore_ascii_case("null") {
        return None;
    }
    if let Some(text) = text_of(printed) {
        return Some(constant(text));
    }
    let is_number =
        printed.strip_prefix('-').unwrap_or(printed).starts_with(|first: char| first.is_ascii_digit());
    if is_number && printed.parse::<f64>().is_ok() {
        return Some(constant(printed.to_owned()));
    }
    Some(expression(&one_spelling(printed), column))
}

/// The default that MySQL 8 prints: the value itself, or an expression when `extra` says so (MySQL 8.4
/// §28.3.8). Bytes are printed as `0x…`.
#[must_use]
pub fn from_mysql_8(printed: &str, extra: &str, column: &Column) -> DefaultValue {
    let is_now = printed.to_lowercase().starts_with("current_timestamp")
        && matches!(column.column_type, ColumnType::DateTime { .. } | ColumnType::Timestamp { .. });
    if is_now || extra.contains("default_generated") {
        return expression(&from_mysql(printed), column);
    }
    match &column.column_type {
        ColumnType::Binary { .. } => constant(bytes(printed).unwrap_or_else(|| printed.to_owned())),
        ColumnType::Raw { sql } if sql.starts_with("bit") => DefaultValue::Raw { sql: printed.to_owned() },
        _ => constant(printed.to_owned()),
    }
}

/// An expression as a default: the current time where it is that, else in the parentheses that both
/// servers take and MySQL wants.
#[must_use]
pub fn expression(sql: &str, column: &Column) -> DefaultValue {
    let inner = bare(sql);
    if is_current(inner, column) {
        return DefaultValue::Current;
    }
    let start = inner.to_lowercase().replace(' ', "");
    let is_literal = |first: &str| start.starts_with(first);
    let sql = if ["b'", "x'", "0x", "0b"].into_iter().any(is_literal) {
        inner.to_owned()
    } else {
        format!("({inner})")
    };
    DefaultValue::Raw { sql }
}

/// Whether an expression is what `useCurrent()` writes for the column.
fn is_current(sql: &str, column: &Column) -> bool {
    let Some(wanted) = current(&column.column_type) else { return false };
    let plain = |sql: &str| normal_form(sql).to_lowercase().replace("()", "").replace(' ', "");
    plain(sql) == plain(&wanted)
}

/// The text of bytes that MySQL prints as `0x6162`.
fn bytes(printed: &str) -> Option<String> {
    let digits = printed.strip_prefix("0x")?;
    let pair = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    String::from_utf8((0..digits.len()).step_by(2).map(pair).collect::<Option<_>>()?).ok()
}

fn constant(text: String) -> DefaultValue {
    DefaultValue::Value { value: Scalar::Text(text) }
}

/// A default in its normal form: as the server fills constants up.
#[must_use]
pub fn normal(default: DefaultValue, column: &Column) -> Option<DefaultValue> {
    match default {
        DefaultValue::Raw { sql } if bare(&sql).eq_ignore_ascii_case("null") => None,
        DefaultValue::Raw { sql } => Some(match text_of(bare(&sql)) {
            Some(text) => constant(filled(text, column)),
            None => expression(&normal_form(&sql), column),
        }),
        DefaultValue::Value { value: Scalar::Text(text) } => Some(constant(filled(text, column))),
        DefaultValue::Current | DefaultValue::Value { .. } => Some(default),
    }
}

/// A constant as the server keeps it: a day has a time, a fraction no zeros at its end, bytes no end
/// of zeros.
fn filled(text: String, column: &Column) -> String {
    match column.column_type {
        ColumnType::DateTime { .. } | ColumnType::Timestamp { .. } if text.len() == "2000-01-01".len() => {
            format!("{text} 00:00:00")
        }
        ColumnType::DateTime { .. } | ColumnType::Timestamp { .. } | ColumnType::Time { .. }
            if text.contains('.') =>
        {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        ColumnType::Binary { fixed: true, .. } => text.trim_end_matches('\0').to_owned(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(column_type: ColumnType) -> Column {
        Column::new("c", column_type)
    }

    fn text(text: &str) -> DefaultValue {
        constant(text.to_owned())
    }

    fn raw(sql: &str) -> DefaultValue {
        DefaultValue::Raw { sql: sql.to_owned() }
    }

    #[test]
    fn mariadb_prints_sql_and_null_for_nothing() {
        let string = column(ColumnType::String { length: Some(9) });
        assert_eq!(from_mariadb("NULL", &string), None);
        assert_eq!(from_mariadb("'NULL'", &string), Some(text("NULL")));
        assert_eq!(from_mariadb(r"'it''s \\'", &string), Some(text(r"it's \")));
        assert_eq!(from_mariadb("-1.50", &column(ColumnType::Double)), Some(text("-1.50")));
        assert_eq!(from_mariadb(r"concat('a','it\'s')", &string), Some(raw("(concat('a','it''s'))")));
        assert_eq!(from_mariadb("b'101'", &string), Some(raw("b'101'")));
        let moment = column(ColumnType::Timestamp { precision: Some(3) });
        assert_eq!(from_mariadb("current_timestamp(3)", &moment), Some(DefaultValue::Current));
        assert_eq!(from_mariadb("current_timestamp()", &moment), Some(raw("(current_timestamp())")));
        assert_eq!(from_mariadb("year(curdate())", &column(ColumnType::Year)), Some(DefaultValue::Current));
        assert_eq!(from_mariadb("curdate()", &column(ColumnType::Date)), Some(DefaultValue::Current));
    }

    /// As MySQL 8.4 §28.3.8 and its `EXTRA` column describe it.
    #[test]
    fn mysql_prints_the_value_and_marks_expressions() {
        let string = column(ColumnType::String { length: Some(9) });
        assert_eq!(from_mysql_8("NULL", "", &string), text("NULL"));
        assert_eq!(from_mysql_8("it's", "", &string), text("it's"));
        assert_eq!(from_mysql_8("uuid()", "default_generated", &string), raw("(uuid())"));
        let printed = r"concat(_utf8mb4\'a\',_utf8mb4\'b\')";
        assert_eq!(from_mysql_8(printed, "default_generated", &string), raw("(concat('a','b'))"));
        let moment = column(ColumnType::DateTime { precision: None });
        assert_eq!(from_mysql_8("CURRENT_TIMESTAMP", "default_generated", &moment), DefaultValue::Current);
        assert_eq!(from_mysql_8("CURRENT_TIMESTAMP", "", &moment), DefaultValue::Current);
        let binary = column(ColumnType::Binary { length: Some(4), fixed: false });
        assert_eq!(from_mysql_8("0x4142", "", &binary), text("AB"));
    }

    #[test]
    fn constants_are_compared_as_the_server_fills_them_up() {
        let moment = column(ColumnType::DateTime { precision: Some(3) });
        let day = normal(text("2020-01-01"), &moment);
        assert_eq!(day, Some(text("2020-01-01 00:00:00")));
        assert_eq!(normal(text("2020-01-01 00:00:00.000"), &moment), day);
        assert_eq!(normal(raw("(null)"), &moment), None);
        let raw_once = normal(raw("uuid()"), &moment);
        assert_eq!(raw_once.clone().and_then(|default| normal(default, &moment)), raw_once);
    }
}
