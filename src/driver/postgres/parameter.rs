//! Bound values as the server takes them.
//!
//! Values go as text, for the server to parse by the type that it described: `'10'` fits an integer
//! column, `5` a text column, ISO text a timestamp. Only bytes for `bytea` go as they are.

use std::fmt::Write as _;

use bytes::{BufMut, BytesMut};

use super::array_literal::{ArrayTarget, array_literal};
use super::types::{PgType, Scalar};
use crate::dialect::InsertedRows;
use crate::driver::DriverStatement;
use crate::error::{Error, Result};
use crate::value::temporal::{WallClock, Zone};
use crate::value::{Bindings, ValueRef};

/// Most parameters of one statement: the protocol counts them in 16 bits.
const MAX_PARAMETERS: usize = 65_535;

/// The values of a statement in the order of its placeholders.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parameters<'a> {
    statement: &'a DriverStatement,
    bindings: &'a Bindings,
    /// The values are the cells of these rows, and each column of them is one parameter: an array.
    rows: Option<&'a InsertedRows>,
}

impl<'a> Parameters<'a> {
    /// Checks what can be checked before anything is sent.
    ///
    /// # Errors
    /// `InvalidArgument` for text with a NUL character, which PostgreSQL cannot store, for an
    /// invalid date, and for too many values.
    pub(super) fn check(statement: &'a DriverStatement, bindings: &'a Bindings) -> Result<Self> {
        if statement.sql.contains('\0') {
            return Err(Error::invalid("the statement holds a NUL character, which PostgreSQL cannot read"));
        }
        let parameters = Self { statement, bindings, rows: None };
        if parameters.len() > MAX_PARAMETERS {
            return Err(Error::invalid(format!(
                "the statement has {} values; PostgreSQL takes at most {MAX_PARAMETERS} at once: split it, or bind one array",
                parameters.len()
            )));
        }
        for index in 0..parameters.len() {
            match parameters.get(index) {
                ValueRef::Text(text) | ValueRef::Json(text) | ValueRef::Array(text)
                    if text.contains('\0') =>
                {
                    return Err(holds_nul(parameters.position(index)));
                }
                ValueRef::Instant(milliseconds) if milliseconds.is_nan() => {
                    let position = parameters.position(index);
                    return Err(Error::invalid(format!("binding {position}: the Date is invalid")));
                }
                _ => {}
            }
        }
        Ok(parameters)
    }

    /// The same values, as one array for each column of the rows that they are.
    pub(super) fn by_columns(self, rows: &'a InsertedRows) -> Self {
        Self { rows: Some(rows), ..self }
    }

    /// Checks that there is one value for each parameter that the server found.
    ///
    /// # Errors
    /// `InvalidArgument` naming both numbers.
    pub(super) fn check_count(self, described: usize) -> Result<()> {
        let is_complete = (0..self.statement.placeholders)
            .all(|index| self.statement.binding_of(index) < self.bindings.len());
        if self.len() == described && is_complete {
            return Ok(());
        }
        let given = if is_complete { self.len() } else { self.bindings.len() };
        Err(Error::invalid(format!(
            "the statement has {described} parameters, but {given} values were given"
        )))
    }

    /// How many values there are.
    pub(super) fn len(self) -> usize {
        if let Some(rows) = self.rows {
            return rows.width;
        }
        self.statement.order.as_ref().map_or(self.bindings.len(), |order| order.len())
    }

    /// Whether the value of a placeholder goes in binary.
    pub(super) fn is_binary(self, index: usize, declared: PgType) -> bool {
        self.rows.is_none() && is_binary(self.get(index), declared)
    }

    /// The value of a placeholder, counted from 0.
    fn get(self, index: usize) -> ValueRef<'a> {
        self.bindings.get(self.statement.binding_of(index))
    }

    /// Which binding that is, counted from 1, for messages.
    fn position(self, index: usize) -> usize {
        self.statement.binding_of(index) + 1
    }

    /// Appends the value of a placeholder. False for null, of which nothing is written.
    ///
    /// # Errors
    /// `InvalidArgument` for an array holding a NUL character, and for NaN or infinity where the
    /// server expects an integer.
    pub(super) fn write(
        self,
        index: usize,
        declared: PgType,
        zone: &Zone,
        out: &mut BytesMut,
    ) -> Result<bool> {
        match self.rows {
            Some(rows) => self.write_column(rows, index, declared, zone, out),
            None => self.write_value(self.statement.binding_of(index), declared, zone, out),
        }
    }

    /// Appends a column of the rows as the literal of an array.
    fn write_column(
        self,
        rows: &InsertedRows,
        column: usize,
        declared: PgType,
        zone: &Zone,
        out: &mut BytesMut,
    ) -> Result<bool> {
        let PgType::Array { element, .. } = declared else {
            return Err(Error::internal("a column of rows is bound to a parameter that is no array"));
        };
        // Bytes as well: an array is all text, or all binary.
        let element = if element == Scalar::Bytea { Scalar::Text } else { element };
        let mut text = BytesMut::new();
        for row in 0..rows.count {
            out.put_u8(if row == 0 { b'{' } else { b',' });
            text.clear();
            if self.write_value(rows.binding(row, column), PgType::Scalar(element), zone, &mut text)? {
                put_quoted(&text, out);
            } else {
                out.put_slice(b"null");
            }
        }
        out.put_u8(b'}');
        Ok(true)
    }

    fn write_value(self, binding: usize, declared: PgType, zone: &Zone, out: &mut BytesMut) -> Result<bool> {
        let start = out.len();
        let value = self.bindings.get(binding);
        if let (ValueRef::Float(number), true) = (value, declared.is_integer())
            && !number.is_finite()
        {
            return Err(Error::invalid(format!("binding {}: {number} is no integer", binding + 1)));
        }
        let is_value = write(value, declared, zone, out)?;
        let is_array = matches!(value, ValueRef::Array(_));
        if is_array && out[start..].contains(&0) {
            return Err(holds_nul(binding + 1));
        }
        Ok(is_value)
    }
}

/// Appends the text of an element of an array.
fn put_quoted(text: &[u8], out: &mut BytesMut) {
    out.put_u8(b'"');
    for part in text.split_inclusive(|byte| matches!(byte, b'"' | b'\\')) {
        match part.split_last() {
            Some((special @ (b'"' | b'\\'), before)) => {
                out.put_slice(before);
                out.put_slice(&[b'\\', *special]);
            }
            _ => out.put_slice(part),
        }
    }
    out.put_u8(b'"');
}

fn holds_nul(position: usize) -> Error {
    Error::invalid(format!(
        "binding {position}: the text holds a NUL character, which PostgreSQL cannot store; bind bytes to a bytea column"
    ))
}

/// Whether the value goes in binary.
fn is_binary(value: ValueRef<'_>, declared: PgType) -> bool {
    matches!(value, ValueRef::Bytes(_)) && declared == PgType::Scalar(Scalar::Bytea)
}

fn write(value: ValueRef<'_>, declared: PgType, zone: &Zone, out: &mut BytesMut) -> Result<bool> {
    let format = match value {
        ValueRef::Null => return Ok(false),
        ValueRef::Bool(value) => write!(out, "{value}"),
        ValueRef::Integer(value) => write!(out, "{value}"),
        ValueRef::Unsigned(value) => write!(out, "{value}"),
        ValueRef::Float(value) => out.write_str(&float_text(value)),
        ValueRef::Numeral(text) | ValueRef::Text(text) | ValueRef::Json(text) => out.write_str(text),
        ValueRef::Bytes(bytes) if is_binary(value, declared) => {
            out.put_slice(bytes);
            Ok(())
        }
        ValueRef::Bytes(bytes) => {
            out.put_slice(b"\\x");
            bytes.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
        }
        ValueRef::Instant(milliseconds) => out.write_str(&instant_text(milliseconds, declared, zone)),
        ValueRef::Array(json) => match declared {
            PgType::Array { element, delimiter } => {
                out.write_str(&array_literal(json, ArrayTarget { element, delimiter, zone })?)
            }
            PgType::Scalar(_) => out.write_str(json),
        },
    };
    format.map_err(|_| Error::internal("a bound value is too large"))?;
    Ok(true)
}

/// A number as JavaScript writes it: digits, with an exponent only from 10^21 and below 10^-6.
fn float_text(value: f64) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.into();
    }
    let size = value.abs();
    if value.is_nan() || size == 0.0 || (1e-6..1e21).contains(&size) {
        return value.to_string();
    }
    let text = format!("{value:e}");
    if size >= 1e21 { text.replace('e', "e+") } else { text }
}

/// A `Date` for a parameter of this type.
fn instant_text(milliseconds: f64, declared: PgType, zone: &Zone) -> String {
    if milliseconds.is_infinite() {
        return if milliseconds > 0.0 { "infinity" } else { "-infinity" }.into();
    }
    match declared {
        PgType::Scalar(Scalar::Timestamp | Scalar::Date | Scalar::Time) => {
            wall_clock_text(&WallClock::from_instant(milliseconds, zone))
        }
        // As `JSON.stringify` writes a Date.
        PgType::Scalar(Scalar::Json) => {
            let clock = WallClock::from_instant(milliseconds, &Zone::Utc);
            let WallClock { year, month, day, hour, minute, second, microsecond } = clock;
            let year = match year {
                0..=9999 => format!("{year:04}"),
                _ => format!("{year:+07}"),
            };
            format!(
                "\"{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z\"",
                microsecond / 1000
            )
        }
        _ => {
            let text = wall_clock_text(&WallClock::from_instant(milliseconds, &Zone::Utc));
            match text.strip_suffix(" BC") {
                Some(clock) => format!("{clock}+00 BC"),
                None => format!("{text}+00"),
            }
        }
    }
}

/// `YYYY-MM-DD HH:MM:SS[.mmm][ BC]`, as the server reads it in every `DateStyle`.
pub(super) fn wall_clock_text(clock: &WallClock) -> String {
    let WallClock { year, month, day, hour, minute, second, microsecond } = *clock;
    // Year 0 is 1 BC.
    let (shown_year, era) = if year > 0 { (year, "") } else { (1 - year, " BC") };
    let fraction = match microsecond {
        0 => String::new(),
        _ if microsecond % 1000 == 0 => format!(".{:03}", microsecond / 1000),
        _ => format!(".{microsecond:06}"),
    };
    format!("{shown_year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}{fraction}{era}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_javascript_writes_them() {
        for (value, expected) in [
            (0.1, "0.1"),
            (-2.5, "-2.5"),
            (9_007_199_254_740_992.0, "9007199254740992"),
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1.5e300, "1.5e+300"),
            (0.000_001, "0.000001"),
            (1.5e-7, "1.5e-7"),
            (-0.0, "-0"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(float_text(value), expected);
        }
    }

    #[test]
    fn years_before_one_are_years_bc() {
        let clock = |year, microsecond| WallClock {
            year,
            month: 2,
            day: 3,
            hour: 4,
            minute: 5,
            second: 6,
            microsecond,
        };
        assert_eq!(wall_clock_text(&clock(2024, 0)), "2024-02-03 04:05:06");
        assert_eq!(wall_clock_text(&clock(12_024, 7000)), "12024-02-03 04:05:06.007");
        assert_eq!(wall_clock_text(&clock(0, 0)), "0001-02-03 04:05:06 BC");
        assert_eq!(wall_clock_text(&clock(-43, 123_456)), "0044-02-03 04:05:06.123456 BC");
    }
}
