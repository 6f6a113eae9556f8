//! Defaults as SQL Server's catalogue prints them, and in their normal form.

use super::expression::{constant, quoted};
use super::one_spelling::one_spelling;
use crate::schema::expression::{Token, bare, significant};
use crate::schema::{Column, ColumnType, DefaultValue, Scalar};

/// The default that the definition of a constraint means: `((0))`, `(N'x')`, `(getdate())`. `NULL` is
/// what a column without a default gives as well.
#[must_use]
pub fn from_catalogue(definition: &str, column: &Column) -> Option<DefaultValue> {
    let sql = quoted(definition);
    let inner = bare(&sql);
    if inner.eq_ignore_ascii_case("null") {
        return None;
    }
    match constant(inner) {
        // Where the type is not ours, the server's own spelling is the one that surely fits.
        Some((_, true)) if matches!(column.column_type, ColumnType::Raw { .. }) => {}
        Some((text, _)) => return Some(DefaultValue::Value { value: Scalar::Text(text) }),
        None if is_now(inner, column) => return Some(DefaultValue::Current),
        None => {}
    }
    let sql = if is_single(inner) { inner.to_owned() } else { format!("({inner})") };
    Some(DefaultValue::Raw { sql })
}

/// A default in its normal form; the column has its canonical type.
#[must_use]
pub fn normal(default: DefaultValue, column: &Column) -> Option<DefaultValue> {
    match default {
        // A year is an integer to the server, of which now is no constant.
        DefaultValue::Current if column.column_type.is_integer() => {
            Some(DefaultValue::Raw { sql: one_spelling("cast(year(getdate()) as int)") })
        }
        DefaultValue::Raw { sql } => match constant(&sql) {
            Some((text, _)) => Some(DefaultValue::Value { value: Scalar::Text(text) }),
            None if bare(&sql).eq_ignore_ascii_case("null") => None,
            None if is_now(&sql, column) => Some(DefaultValue::Current),
            None => Some(DefaultValue::Raw { sql: one_spelling(&sql) }),
        },
        _ => Some(default),
    }
}

/// Whether an expression is what `useCurrent()` says of such a column.
fn is_now(sql: &str, column: &Column) -> bool {
    let plain: String = one_spelling(sql).split_whitespace().collect();
    match column.column_type {
        ColumnType::Date => matches!(plain.as_str(), "cast(getdate()asdate)" | "cast(getdate()as\"date\")"),
        ColumnType::DateTime { .. } | ColumnType::DateTimeTz { .. } => plain == "getdate()",
        _ => false,
    }
}

/// Whether an expression is one name, number or call, which needs no parentheses.
fn is_single(sql: &str) -> bool {
    let all = significant(sql);
    match all.as_slice() {
        [_] => true,
        [Token::Word(_), Token::Sign("("), inside @ .., Token::Sign(")")] => {
            let mut depth = 0_i32;
            inside.iter().all(|token| {
                match token {
                    Token::Sign("(") => depth += 1,
                    Token::Sign(")") => depth -= 1,
                    _ => {}
                }
                depth >= 0
            })
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(definition: &str, column_type: ColumnType) -> Option<DefaultValue> {
        from_catalogue(definition, &Column::new("c", column_type))
    }

    fn text(text: &str) -> DefaultValue {
        DefaultValue::Value { value: Scalar::Text(text.to_owned()) }
    }

    fn raw(sql: &str) -> DefaultValue {
        DefaultValue::Raw { sql: sql.to_owned() }
    }

    #[test]
    fn constants_have_lost_their_parentheses() {
        assert_eq!(read("((0))", ColumnType::Integer), Some(text("0")));
        assert_eq!(read("('-5')", ColumnType::Integer), Some(text("-5")));
        assert_eq!(read("(N'it''s (x)')", ColumnType::Text), Some(text("it's (x)")));
        assert_eq!(read("(NULL)", ColumnType::Text), None);
        assert_eq!(read("((0))", ColumnType::Raw { sql: "money".to_owned() }), Some(raw("0")));
    }

    #[test]
    fn expressions_can_be_sent_again() {
        assert_eq!(read("(newid())", ColumnType::Uuid), Some(raw("newid()")));
        assert_eq!(read("((1)+(1))", ColumnType::Integer), Some(raw("((1)+(1))")));
        assert_eq!(read("(upper('a')+lower('B'))", ColumnType::Text), Some(raw("(upper('a')+lower('B'))")));
        assert_eq!(
            read("(NEXT VALUE FOR [dbo].[counter])", ColumnType::Integer),
            Some(raw("(NEXT VALUE FOR \"dbo\".\"counter\")"))
        );
    }

    #[test]
    fn the_current_time_is_known_by_the_type_of_its_column() {
        let moment = ColumnType::DateTime { precision: None };
        assert_eq!(read("(getdate())", moment.clone()), Some(DefaultValue::Current));
        assert_eq!(read("(CONVERT([date],getdate()))", ColumnType::Date), Some(DefaultValue::Current));
        assert_eq!(read("(sysdatetime())", moment), Some(raw("sysdatetime()")));
        assert_eq!(
            read("(getdate())", ColumnType::Raw { sql: "smalldatetime".to_owned() }),
            Some(raw("getdate()"))
        );
    }

    #[test]
    fn the_current_year_is_one_spelling_of_an_expression() {
        let year = Column::new("c", ColumnType::Integer);
        let described = normal(DefaultValue::Current, &year);
        let read = from_catalogue("(CONVERT([int],datepart(year,getdate())))", &year);
        assert_eq!(read.and_then(|default| normal(default, &year)), described);
        assert_eq!(described.clone().and_then(|default| normal(default, &year)), described);
    }
}
