//! Values as the parameters of a prepared statement.
//!
//! The server does not tell what it expects, so a value goes by its JavaScript type: integers as
//! `BIGINT`, fractions as `DOUBLE`, text, numerals beyond 64 bits and JSON as text, bytes as bytes,
//! dates as text in the connection's zone. Numbers and booleans that are compared with a column go
//! as text: [`super::comparisons`] says why and which.

use bytes::{BufMut as _, BytesMut};

use super::column::column_type;
use crate::driver::DriverStatement;
use crate::error::{Error, Result};
use crate::value::temporal::{WallClock, Zone};
use crate::value::{Bindings, ValueRef};

const UNSIGNED: u8 = 0x80;
const TEXT: [u8; 2] = [column_type::VAR_STRING, 0];

/// Writes what `COM_STMT_EXECUTE` says of a statement's parameters: which are null, their types and
/// values. <https://mariadb.com/kb/en/com_stmt_execute/>
///
/// # Errors
/// `InvalidArgument` naming the position, counted from 1 in the bindings, for a number that is not
/// finite or a date outside of the years 0 to 9999, and for too few or too many values; what was
/// written is worth nothing then.
pub fn write_parameters(
    statement: &DriverStatement,
    bindings: &Bindings,
    compared: &[bool],
    zone: &Zone,
    out: &mut BytesMut,
) -> Result<()> {
    check_count(statement, bindings)?;
    let count = statement.placeholders;
    if count == 0 {
        return Ok(());
    }
    let nulls = out.len();
    out.put_bytes(0, count.div_ceil(8));
    out.put_u8(1);
    let types = out.len();
    out.put_bytes(0, count * 2);
    for index in 0..count {
        let place = statement.binding_of(index);
        let is_compared = compared.get(index).copied().unwrap_or(false);
        let [written, flags] = write_value(bindings.get(place), is_compared, zone, out)
            .map_err(|why| Error::invalid(format!("binding {}: {why}", place + 1)))?;
        out[types + index * 2..types + index * 2 + 2].copy_from_slice(&[written, flags]);
        if written == column_type::NULL {
            out[nulls + index / 8] |= 1 << (index % 8);
        }
    }
    Ok(())
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

/// How a value that is compared with nothing is sent: its type, and the type's flags. `None`: null.
#[must_use]
pub fn parameter_type(value: ValueRef<'_>) -> Option<[u8; 2]> {
    Some(match value {
        ValueRef::Null => return None,
        ValueRef::Bool(_) | ValueRef::Integer(_) => [column_type::LONG_LONG, 0],
        ValueRef::Unsigned(_) => [column_type::LONG_LONG, UNSIGNED],
        ValueRef::Float(_) => [column_type::DOUBLE, 0],
        ValueRef::Bytes(_) => [column_type::BLOB, 0],
        ValueRef::Numeral(_)
        | ValueRef::Text(_)
        | ValueRef::Json(_)
        | ValueRef::Array(_)
        | ValueRef::Instant(_) => TEXT,
    })
}

/// Writes a value; nothing for null. Gives its type, and the type's flags.
///
/// # Errors
/// Why no column can hold it.
pub fn write_value(
    value: ValueRef<'_>,
    is_compared: bool,
    zone: &Zone,
    out: &mut BytesMut,
) -> std::result::Result<[u8; 2], &'static str> {
    match value {
        ValueRef::Bool(value) if is_compared => return Ok(text(if value { "1" } else { "0" }, out)),
        ValueRef::Integer(value) if is_compared => return Ok(text(&value.to_string(), out)),
        ValueRef::Unsigned(value) if is_compared => return Ok(text(&value.to_string(), out)),
        ValueRef::Float(value) if !value.is_finite() => {
            return Err("a number that is not finite, which no column of this database can hold");
        }
        ValueRef::Float(value) if is_compared => return Ok(text(&digits(value), out)),
        ValueRef::Null => {}
        ValueRef::Bool(value) => out.put_i64_le(value.into()),
        ValueRef::Integer(value) => out.put_i64_le(value),
        ValueRef::Unsigned(value) => out.put_u64_le(value),
        ValueRef::Float(value) => out.put_f64_le(value),
        ValueRef::Numeral(value) | ValueRef::Text(value) | ValueRef::Json(value) | ValueRef::Array(value) => {
            prefixed(value.as_bytes(), out);
        }
        ValueRef::Bytes(value) => prefixed(value, out),
        ValueRef::Instant(milliseconds) => {
            let clock = WallClock::from_instant(milliseconds, zone);
            if !milliseconds.is_finite() || !(0..=9999).contains(&clock.year) {
                return Err("the date is outside of the years 0 to 9999, which this database can hold");
            }
            prefixed(clock.to_text().as_bytes(), out);
        }
    }
    Ok(parameter_type(value).unwrap_or([column_type::NULL, 0]))
}

fn text(value: &str, out: &mut BytesMut) -> [u8; 2] {
    prefixed(value.as_bytes(), out);
    TEXT
}

/// Bytes after their length.
#[allow(clippy::cast_possible_truncation)] // the number is cut to as many bytes as it needs
fn prefixed(value: &[u8], out: &mut BytesMut) {
    let length = value.len() as u64;
    match length {
        0..0xFB => out.put_u8(length as u8),
        0xFB..=0xFFFF => {
            out.put_u8(0xFC);
            out.put_u16_le(length as u16);
        }
        0x1_0000..=0xFF_FFFF => {
            out.put_u8(0xFD);
            out.put_uint_le(length, 3);
        }
        _ => {
            out.put_u8(0xFE);
            out.put_u64_le(length);
        }
    }
    out.extend_from_slice(value);
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
