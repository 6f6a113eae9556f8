//! [`Plan`]: how the cells of each column are read.
//!
//! SQLite's columns hold anything, so every cell is read by what it stores; the declared type only
//! adds a meaning to the stored forms that carry it:
//!
//! | declared | stored | becomes |
//! |---|---|---|
//! | `boolean`, `bool`, `tinyint(1)` | integer 0, 1 | boolean |
//! | `datetime…`, `timestamp…` | text that names a time which a `Date` can hold | instant |
//! | | integer of 32 bits | number |
//! | | other numbers | their digits as text: a double would be taken for an instant |
//! | `json`, `jsonb` | text of valid JSON, numbers, JSONB | JSON; its text under `json: 'string'` |
//! | `numeric`, `decimal` | numbers | their digits as text |
//! | `int`, `bigint`, … | integer | a number where it is exact, else digits |
//! | anything | anything else | as it is stored |
//!
//! So of all kinds only `Any`, `BigInteger`, `Instant` and `Json` are announced, and a cell of a
//! `BigInteger` column may still be text or a fraction.

use std::sync::Arc;

use serde::de::IgnoredAny;

use super::statement::{Cell, Statement, Step};
use crate::driver::{ChunkWriter, ColumnKind, Shape};
use crate::value::temporal::{WallClock, Zone};

/// What a connection's options say about reading.
#[derive(Debug)]
pub struct ReadOptions {
    /// The zone of times without zone.
    pub timezone: Zone,
    /// Times stay text.
    pub dates_as_text: bool,
    /// JSON stays text.
    pub json_as_text: bool,
}

/// The meaning that a declared type adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    AsStored,
    BigInteger,
    Boolean,
    Instant,
    Numeral,
    Json,
    JsonText,
}

/// How the rows of one statement are read.
#[derive(Debug)]
pub struct Plan {
    /// The columns.
    pub shape: Shape,
    readings: Vec<Reading>,
    options: Arc<ReadOptions>,
}

/// Turns JSONB into text: SQLite's own function, prepared when the first such cell is met.
pub type JsonReader = Option<Statement>;

/// Farthest from 1970 that a JavaScript `Date` reaches, in milliseconds (ECMA-262, time range).
const LAST_INSTANT: f64 = 8.64e15;

impl Plan {
    /// The plan for the statement's columns as they are now.
    pub fn of(statement: &Statement, options: &Arc<ReadOptions>) -> Self {
        let mut columns = Vec::new();
        let mut readings = Vec::new();
        for index in 0..statement.column_count() {
            let reading =
                statement.declared_type(index).map_or(Reading::AsStored, |name| reading_of(&name, options));
            let kind = match reading {
                Reading::BigInteger => ColumnKind::BigInteger,
                Reading::Instant => ColumnKind::Instant,
                Reading::Json => ColumnKind::Json,
                _ => ColumnKind::Any,
            };
            columns.push((statement.column_name(index).into_boxed_str(), kind));
            readings.push(reading);
        }
        Self { shape: Shape { columns }, readings, options: Arc::clone(options) }
    }

    /// Writes the current row. True when the chunk is full.
    pub fn write_row(
        &self,
        statement: &Statement,
        json_reader: &mut JsonReader,
        writer: &mut ChunkWriter,
    ) -> bool {
        for (index, reading) in self.readings.iter().enumerate() {
            let cell = statement.cell(index);
            match reading {
                Reading::AsStored | Reading::BigInteger => write_stored(cell, writer),
                Reading::Boolean => match cell {
                    Cell::Integer(value @ (0 | 1)) => writer.boolean(value == 1),
                    other => write_stored(other, writer),
                },
                Reading::Instant => self.write_instant(cell, writer),
                Reading::Numeral => match cell {
                    Cell::Integer(value) => writer.text(&value.to_string()),
                    Cell::Real(value) => writer.text(&digits_of(value)),
                    other => write_stored(other, writer),
                },
                Reading::Json => write_json(cell, statement, json_reader, writer),
                Reading::JsonText => write_json_text(cell, statement, json_reader, writer),
            }
        }
        writer.end_row()
    }

    fn write_instant(&self, cell: Cell<'_>, writer: &mut ChunkWriter) {
        match cell {
            Cell::Text(text) => match self.instant_of(text) {
                Some(milliseconds) => writer.float(milliseconds),
                None => writer.text_bytes(text),
            },
            Cell::Integer(value) => match i32::try_from(value) {
                Ok(small) => writer.int32(small),
                Err(_) => writer.text(&value.to_string()),
            },
            Cell::Real(value) => writer.text(&digits_of(value)),
            other => write_stored(other, writer),
        }
    }

    fn instant_of(&self, text: &[u8]) -> Option<f64> {
        let (clock, offset) = WallClock::parse(std::str::from_utf8(text).ok()?)?;
        let milliseconds = match offset {
            Some(offset) => clock.to_instant_at(offset),
            None => clock.to_instant(&self.options.timezone),
        };
        (milliseconds.abs() <= LAST_INSTANT).then_some(milliseconds)
    }
}

fn reading_of(declared: &str, options: &ReadOptions) -> Reading {
    let declared = declared.to_ascii_lowercase();
    let base = declared.split('(').next().unwrap_or_default().trim();
    match base {
        "boolean" | "bool" => Reading::Boolean,
        "tinyint" if declared.replace(' ', "") == "tinyint(1)" => Reading::Boolean,
        "json" | "jsonb" if options.json_as_text => Reading::JsonText,
        "json" | "jsonb" => Reading::Json,
        "numeric" | "decimal" | "dec" => Reading::Numeral,
        _ if base.starts_with("datetime") || base.starts_with("timestamp") => {
            if options.dates_as_text {
                Reading::AsStored
            } else {
                Reading::Instant
            }
        }
        _ if base.split_whitespace().any(|word| INTEGERS.contains(&word)) => Reading::BigInteger,
        _ => Reading::AsStored,
    }
}

/// Words of integer types. Whatever the word, a cell holds up to 64 bits.
const INTEGERS: [&str; 9] =
    ["int", "integer", "tinyint", "smallint", "mediumint", "bigint", "int2", "int4", "int8"];

fn write_stored(cell: Cell<'_>, writer: &mut ChunkWriter) {
    match cell {
        Cell::Null => writer.null(),
        Cell::Integer(value) => writer.int64(value),
        Cell::Real(value) => writer.float(value),
        Cell::Text(text) => writer.text_bytes(text),
        Cell::Blob(bytes) => writer.bytes(bytes),
    }
}

fn write_json(cell: Cell<'_>, statement: &Statement, json_reader: &mut JsonReader, writer: &mut ChunkWriter) {
    match cell {
        Cell::Null => writer.null(),
        // A column declared JSON has numeric affinity: SQLite stores the JSON text `5` as an integer.
        Cell::Integer(value) => writer.json(value.to_string().as_bytes()),
        Cell::Real(value) => match serde_json::Number::from_f64(value) {
            Some(number) => writer.json(number.to_string().as_bytes()),
            None => writer.text_in_json_column(&digits_of(value)),
        },
        Cell::Text(text) if is_json(text) => writer.json(text),
        Cell::Text(text) => writer.text_in_json_column(&String::from_utf8_lossy(text)),
        Cell::Blob(bytes) => match jsonb_text(bytes, statement, json_reader) {
            Some(text) => writer.json(text.as_bytes()),
            None => writer.text_in_json_column(&hexadecimal(bytes)),
        },
    }
}

/// For `json: 'string'`: text in every case, so that a program may always parse it.
fn write_json_text(
    cell: Cell<'_>,
    statement: &Statement,
    json_reader: &mut JsonReader,
    writer: &mut ChunkWriter,
) {
    match cell {
        Cell::Integer(value) => writer.text(&value.to_string()),
        Cell::Real(value) => writer.text(&digits_of(value)),
        Cell::Blob(bytes) => match jsonb_text(bytes, statement, json_reader) {
            Some(text) => writer.text(&text),
            None => writer.text(&hexadecimal(bytes)),
        },
        other => write_stored(other, writer),
    }
}

fn is_json(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok())
}

fn jsonb_text(bytes: &[u8], statement: &Statement, json_reader: &mut JsonReader) -> Option<String> {
    if json_reader.is_none() {
        *json_reader = statement.sibling("select json(?)");
    }
    let reader = json_reader.as_mut()?;
    reader.bind_blob(0, bytes).ok()?;
    let text = match reader.step() {
        Step::Row => match reader.cell(0) {
            Cell::Text(text) if is_json(text) => Some(String::from_utf8_lossy(text).into_owned()),
            _ => None,
        },
        _ => None,
    };
    reader.clear();
    text
}

/// The shortest digits that give the same double again.
fn digits_of(value: f64) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    value.to_string()
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // writing to a String cannot fail
        text
    })
}
