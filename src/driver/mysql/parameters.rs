//! Values as the parameters of a prepared statement.
//!
//! The server does not tell what it expects, so a value goes by its JavaScript type: integers as
//! `BIGINT`, fractions as `DOUBLE`, text, numerals beyond 64 bits and JSON as text, bytes as bytes,
//! dates as text in the connection's zone. Numbers and booleans that are compared with a column go
//! as text: [`super::comparisons`] says why and which.

use sqlx::Arguments as _;
use sqlx::mysql::MySqlArguments;

use crate::driver::DriverStatement;
use crate::error::{Error, Result};
use crate::value::temporal::{WallClock, Zone};
use crate::value::{Bindings, ValueRef};

/// The parameters of a statement, and about how many bytes they take on the wire.
///
/// # Errors
/// `InvalidArgument` naming the position, counted from 1 in the bindings, for a number that is not
/// finite or a date outside of the years 0 to 9999, and for too few or too many values; nothing has
/// been sent then.
pub fn parameters(
    statement: &DriverStatement,
    bindings: &Bindings,
    compared: &[bool],
    zone: &Zone,
) -> Result<(MySqlArguments, usize)> {
    check_count(statement, bindings)?;
    let mut target = Parameters { arguments: MySqlArguments::default(), bytes: 0 };
    target.arguments.reserve(statement.placeholders, statement.placeholders * 9);
    for index in 0..statement.placeholders {
        let place = statement.binding_of(index);
        let is_compared = compared.get(index).copied().unwrap_or(false);
        target
            .push(bindings.get(place), is_compared, zone)
            .map_err(|why| Error::invalid(format!("binding {}: {why}", place + 1)))?;
    }
    Ok((target.arguments, target.bytes))
}

fn check_count(statement: &DriverStatement, bindings: &Bindings) -> Result<()> {
    let fits = match &statement.order {
        None => statement.placeholders == bindings.len(),
        Some(order) => {
            order.len() == statement.placeholders
                && order.iter().all(|place| (*place as usize) < bindings.len())
        }
    };
    if fits {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "the statement has {} placeholders, but {} values were given",
        statement.placeholders,
        bindings.len()
    )))
}

struct Parameters {
    arguments: MySqlArguments,
    bytes: usize,
}

impl Parameters {
    fn push(
        &mut self,
        value: ValueRef<'_>,
        is_compared: bool,
        zone: &Zone,
    ) -> std::result::Result<(), String> {
        match value {
            ValueRef::Null => self.add(None::<&str>),
            ValueRef::Bool(value) if is_compared => self.text(if value { "1" } else { "0" }),
            ValueRef::Bool(value) => self.add(i64::from(value)),
            ValueRef::Integer(value) if is_compared => self.text(&value.to_string()),
            ValueRef::Integer(value) => self.add(value),
            ValueRef::Unsigned(value) if is_compared => self.text(&value.to_string()),
            ValueRef::Unsigned(value) => self.add(value),
            ValueRef::Float(value) if !value.is_finite() => {
                Err(format!("{value} is a number that no column of this database can hold"))
            }
            ValueRef::Float(value) if is_compared => self.text(&digits(value)),
            ValueRef::Float(value) => self.add(value),
            ValueRef::Numeral(text) | ValueRef::Text(text) | ValueRef::Json(text) | ValueRef::Array(text) => {
                self.text(text)
            }
            ValueRef::Bytes(bytes) => {
                self.bytes += bytes.len();
                self.add(bytes)
            }
            ValueRef::Instant(milliseconds) => {
                let clock = WallClock::from_instant(milliseconds, zone);
                if !milliseconds.is_finite() || !(0..=9999).contains(&clock.year) {
                    return Err(
                        "the date is outside of the years 0 to 9999, which this database can hold".into()
                    );
                }
                self.text(&clock.to_text())
            }
        }
    }

    fn text(&mut self, text: &str) -> std::result::Result<(), String> {
        self.bytes += text.len();
        self.add(text)
    }

    fn add<'t, T>(&mut self, value: T) -> std::result::Result<(), String>
    where
        T: sqlx::Encode<'t, sqlx::MySql> + sqlx::Type<sqlx::MySql>,
    {
        // Two bytes of type, up to nine of length or number.
        self.bytes += 11;
        self.arguments.add(value).map_err(|why| why.to_string())
    }
}

/// A number as text: plain digits where JavaScript writes them so, else with an exponent.
fn digits(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) { format!("{value:e}") } else { value.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_with_digits_that_the_server_reads_back_exactly() {
        for (value, text) in
            [(0.1, "0.1"), (1e21, "1e21"), (1e20, "100000000000000000000"), (-5e-324, "-5e-324")]
        {
            assert_eq!(digits(value), text);
        }
    }
}
