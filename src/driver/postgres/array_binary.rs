//! Arrays of numbers, booleans, bytes and instants as the server writes them in binary, to JSON text.

use super::cell::{Input, exact, instant, malformed, widen};
use super::types::Scalar;
use crate::error::Result;
use crate::value::temporal::Zone;

/// An array in binary: number of dimensions, flags, element type, then length and first index of
/// each dimension, then the elements. Source: `array_send` in PostgreSQL's `arrayfuncs.c`.
pub(super) fn write_json(array: &[u8], element: Scalar, zone: &Zone, out: &mut Vec<u8>) -> Result<()> {
    let mut input = Input(array);
    let count = u32::from_be_bytes(input.take()?) as usize;
    input.take::<8>()?;
    if count == 0 {
        out.extend_from_slice(b"[]");
        return Ok(());
    }
    let mut dimensions = [0_u32; 6];
    let dimensions = dimensions.get_mut(..count).ok_or_else(malformed)?;
    for length in &mut *dimensions {
        *length = u32::from_be_bytes(input.take()?);
        input.take::<4>()?;
    }
    write_dimension(&mut input, dimensions, element, zone, out)
}

fn write_dimension(
    input: &mut Input<'_>,
    dimensions: &[u32],
    element: Scalar,
    zone: &Zone,
    out: &mut Vec<u8>,
) -> Result<()> {
    let Some((length, inner)) = dimensions.split_first() else {
        return match input.value()? {
            None => {
                out.extend_from_slice(b"null");
                Ok(())
            }
            Some(value) => write_element(value, element, zone, out),
        };
    };
    for index in 0..*length {
        out.push(if index == 0 { b'[' } else { b',' });
        write_dimension(input, inner, element, zone, out)?;
    }
    out.push(b']');
    Ok(())
}

/// An element as JSON, as its `ColumnKind` wants it.
fn write_element(value: &[u8], element: Scalar, zone: &Zone, out: &mut Vec<u8>) -> Result<()> {
    match element {
        Scalar::Bool => out.extend_from_slice(if exact::<1>(value)? == [0] { b"false" } else { b"true" }),
        Scalar::Int2 => append(out, i16::from_be_bytes(exact(value)?)),
        Scalar::Int4 => append(out, i32::from_be_bytes(exact(value)?)),
        Scalar::Oid => append(out, u32::from_be_bytes(exact(value)?)),
        Scalar::Int8 => append(out, format_args!("\"{}\"", i64::from_be_bytes(exact(value)?))),
        Scalar::Float4 => append_float(out, widen(f32::from_be_bytes(exact(value)?))),
        Scalar::Float8 => append_float(out, f64::from_be_bytes(exact(value)?)),
        Scalar::Bytea => {
            out.push(b'"');
            for byte in value {
                append(out, format_args!("{byte:02x}"));
            }
            out.push(b'"');
        }
        Scalar::TimestampTz => append_float(out, instant(exact(value)?, &Zone::Utc)),
        Scalar::Timestamp => append_float(out, instant(exact(value)?, zone)),
        Scalar::Date | Scalar::Time | Scalar::Json | Scalar::Text => return Err(malformed()),
    }
    Ok(())
}

fn append(out: &mut Vec<u8>, value: impl std::fmt::Display) {
    // Writing to a Vec cannot fail.
    let _ = std::io::Write::write_fmt(out, format_args!("{value}"));
}

fn append_float(out: &mut Vec<u8>, value: f64) {
    if value.is_nan() {
        append(out, "\"NaN\"");
    } else if value.is_infinite() {
        append(out, if value > 0.0 { "\"Infinity\"" } else { "\"-Infinity\"" });
    } else if value.abs() < 1e21 {
        append(out, value);
    } else {
        append(out, format_args!("{value:e}"));
    }
}
