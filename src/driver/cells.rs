//! Reads a [`Chunk`] back in Rust: for the statements that the engine itself sends.

use super::{Chunk, Shape};

/// One value that came from a database.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Null.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number; instants are milliseconds.
    Number(f64),
    /// Text, and integers beyond 2^53 as digits.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// JSON and arrays.
    Json(serde_json::Value),
}

impl Cell {
    /// The text, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is one, or digits.
    #[must_use]
    #[allow(clippy::cast_possible_truncation)] // a double beyond 64 bits is clamped, which no counter reaches
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number as i64),
            Self::Text(digits) => digits.parse().ok(),
            Self::Bool(value) => Some(i64::from(*value)),
            _ => None,
        }
    }

    /// The value as JSON; bytes as UTF-8 text, which is what catalogues mean by them.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Bool(value) => (*value).into(),
            #[allow(clippy::cast_possible_truncation)] // checked to be whole and within 53 bits
            Self::Number(number) if number.fract() == 0.0 && number.abs() < 9e15 => (*number as i64).into(),
            Self::Number(number) => (*number).into(),
            Self::Text(text) => text.as_str().into(),
            Self::Bytes(bytes) => String::from_utf8_lossy(bytes).into(),
            Self::Json(value) => value.clone(),
        }
    }
}

/// The cells of every row of a chunk.
#[must_use]
pub fn read_cells(shape: &Shape, chunk: &Chunk) -> Vec<Vec<Cell>> {
    let width = shape.columns.len();
    if width == 0 {
        return Vec::new();
    }
    let json = json_columns(shape, chunk);
    let (mut latin1, mut wide, mut bytes) = (0, 0, 0);
    let mut rows = Vec::with_capacity(chunk.rows);
    for (number, slots) in chunk.slots.chunks_exact(width).enumerate() {
        let mut row = Vec::with_capacity(width);
        for (column, slot) in slots.iter().enumerate() {
            let low = (slot & 0xFFFF_FFFF) as usize;
            #[allow(clippy::cast_possible_truncation)] // the two halves of the slot
            let cell = match ((slot >> 32) as u32).cast_signed() {
                -1 => Cell::Text(
                    area(&chunk.latin1, &mut latin1, low).iter().map(|byte| char::from(*byte)).collect(),
                ),
                -2 => Cell::Number(f64::from((low as u32).cast_signed())),
                -3 => Cell::Null,
                -4 => Cell::Text(String::from_utf16_lossy(area(&chunk.wide, &mut wide, low))),
                -5 => Cell::Bytes(area(&chunk.bytes, &mut bytes, low).to_vec()),
                -6 => Cell::Json(
                    json[column].as_ref().and_then(|cells| cells.get(number)).cloned().unwrap_or_default(),
                ),
                -7 => Cell::Bool(low == 1),
                _ => Cell::Number(f64::from_bits(*slot)),
            };
            row.push(cell);
        }
        rows.push(row);
    }
    rows
}

/// The piece of an area up to `end`, from where the one before it ended.
fn area<'a, T>(area: &'a [T], start: &mut usize, end: usize) -> &'a [T] {
    let piece = area.get(*start..end).unwrap_or_default();
    *start = end;
    piece
}

fn json_columns(shape: &Shape, chunk: &Chunk) -> Vec<Option<Vec<serde_json::Value>>> {
    let mut texts = chunk.json.iter();
    shape
        .columns
        .iter()
        .map(|(_, kind)| {
            let text = if kind.is_json_like() { texts.next() } else { None };
            text.and_then(|text| serde_json::from_slice(text).ok())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::driver::{ChunkWriter, ColumnKind};

    #[test]
    fn what_was_written_is_read_back() {
        let columns = [
            ("id", ColumnKind::BigInteger),
            ("name", ColumnKind::Text),
            ("meta", ColumnKind::Json),
            ("photo", ColumnKind::Bytes),
            ("active", ColumnKind::Boolean),
        ];
        let shape = Shape { columns: columns.map(|(name, kind)| (name.into(), kind)).into() };
        let mut writer = ChunkWriter::new(&shape);
        writer.int64(i64::MAX);
        writer.text("naïve");
        writer.json(br#"{"a":1}"#);
        writer.bytes(&[1, 2]);
        writer.boolean(true);
        writer.end_row();
        writer.int64(-5);
        writer.text("日本 🦀");
        writer.null();
        writer.bytes(&[]);
        writer.null();
        writer.end_row();
        let rows = read_cells(&shape, &writer.take());
        assert_eq!(
            rows,
            [
                vec![
                    Cell::Text(i64::MAX.to_string()),
                    Cell::Text("naïve".into()),
                    Cell::Json(serde_json::json!({"a": 1})),
                    Cell::Bytes(vec![1, 2]),
                    Cell::Bool(true),
                ],
                vec![
                    Cell::Number(-5.0),
                    Cell::Text("日本 🦀".into()),
                    Cell::Null,
                    Cell::Bytes(vec![]),
                    Cell::Null
                ],
            ]
        );
    }
}
