//! Values to a statement's parameters, each by what it is in JavaScript.

use super::failure::Failure;
use super::statement::Statement;
use crate::driver::DriverStatement;
use crate::error::{Error, ErrorCode, Result};
use crate::value::temporal::{WallClock, Zone};
use crate::value::{Bindings, ValueRef};

/// Binds all values of a statement.
///
/// A bigint beyond 64 bits is bound as its digits: exact in a text column, and turned into a
/// double by a column of integers, which has nothing larger.
///
/// # Errors
/// `InvalidArgument` when the numbers of placeholders and values differ, and for a value that
/// SQLite cannot hold: NaN, which it would store as null, and what is over its limit of length.
pub fn bind_all(
    statement: &mut Statement,
    text: &DriverStatement,
    bindings: &Bindings,
    zone: &Zone,
) -> Result<()> {
    let given = text.order.as_ref().map_or(bindings.len(), |order| order.len());
    let expected = statement.parameter_count();
    if expected != text.placeholders || expected != given {
        let placeholders = if expected == 1 { "placeholder" } else { "placeholders" };
        return Err(Error::invalid(format!(
            "the statement has {expected} {placeholders}, {given} values were given"
        )));
    }
    for index in 0..expected {
        let source = text.binding_of(index);
        if source >= bindings.len() {
            let position = source + 1;
            return Err(Error::invalid(format!(
                "the statement takes value {position}, {} were given",
                bindings.len()
            )));
        }
        bind(statement, index, bindings.get(source), zone).map_err(|problem| match problem {
            Problem::NotANumber => Error::invalid(format!("binding {}: SQLite cannot store NaN", source + 1)),
            Problem::Refused(failure) => {
                let message = format!("binding {}: {}", source + 1, failure.message);
                Error { code: ErrorCode::InvalidArgument, message, ..failure.into_run_error(&text.sql) }
            }
        })?;
    }
    Ok(())
}

enum Problem {
    NotANumber,
    Refused(Failure),
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self::Refused(failure)
    }
}

fn bind(
    statement: &mut Statement,
    index: usize,
    value: ValueRef<'_>,
    zone: &Zone,
) -> std::result::Result<(), Problem> {
    match value {
        ValueRef::Null => statement.bind_null(index)?,
        ValueRef::Bool(value) => statement.bind_integer(index, i64::from(value))?,
        ValueRef::Integer(value) => statement.bind_integer(index, value)?,
        ValueRef::Unsigned(value) => match i64::try_from(value) {
            Ok(value) => statement.bind_integer(index, value)?,
            Err(_) => statement.bind_text(index, &value.to_string())?,
        },
        ValueRef::Float(value) | ValueRef::Instant(value) if value.is_nan() => {
            return Err(Problem::NotANumber);
        }
        ValueRef::Float(value) => statement.bind_real(index, value)?,
        ValueRef::Numeral(text) | ValueRef::Text(text) | ValueRef::Json(text) | ValueRef::Array(text) => {
            statement.bind_text(index, text)?;
        }
        ValueRef::Bytes(bytes) => statement.bind_blob(index, bytes)?,
        ValueRef::Instant(value) => {
            statement.bind_text(index, &WallClock::from_instant(value, zone).to_text())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::driver::sqlite::handle::Database;
    use crate::value::BindingsBuilder;

    #[test]
    fn a_text_over_sqlites_limit_is_refused_by_its_position() -> Result<()> {
        let Ok(mut database) = Database::open(c":memory:") else { unreachable!("memory can be opened") };
        let Ok((Some(mut statement), _)) = database.prepare("select ?, ?", false) else {
            unreachable!("it is SQL")
        };
        database.limit_length(100);
        let text = DriverStatement {
            sql: "select ?, ?".into(),
            order: None,
            placeholders: 2,
            is_cached: false,
            rows: None,
        };
        let long = "secret".repeat(20);
        let values = BindingsBuilder::new().push(ValueRef::Null).push(ValueRef::Text(&long)).build()?;
        let Err(error) = bind_all(&mut statement, &text, &values, &Zone::Utc) else {
            unreachable!("it was bound")
        };
        assert_eq!(error.code, ErrorCode::InvalidArgument);
        assert_eq!(error.message, "binding 2: string or blob too big");
        assert_eq!(error.detail.driver_code.as_deref(), Some("SQLITE_TOOBIG"));
        Ok(())
    }
}
