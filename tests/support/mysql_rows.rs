//! Rows as values that tests can compare, read back from the chunks that a driver sends.

use std::rc::Rc;

use futures_util::future::LocalBoxFuture;
use guruorm::driver::{Chunk, ChunkReceiver, ColumnKind, Shape};

/// One cell, as JavaScript would see it before its column's conversion.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Number(f64),
    Boolean(bool),
    Text(String),
    Bytes(Vec<u8>),
    Json(serde_json::Value),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self::Number(f64::from(number))
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

/// Keeps everything that a driver sends.
#[derive(Debug, Default)]
pub struct Rows {
    pub shape: Option<Rc<Shape>>,
    pub shapes_announced: usize,
    pub rows: Vec<Vec<Value>>,
    pub chunks: usize,
    /// Asks the driver to wait after each chunk, as a slow reader does.
    pub is_slow: bool,
    pub waits: usize,
}

impl Rows {
    /// The kinds of the columns.
    pub fn kinds(&self) -> Vec<ColumnKind> {
        self.shape
            .as_ref()
            .map(|shape| shape.columns.iter().map(|(_, kind)| *kind).collect())
            .unwrap_or_default()
    }

    /// The first row's first cell.
    pub fn first(&self) -> Value {
        self.rows.first().and_then(|row| row.first()).cloned().unwrap_or(Value::Null)
    }

    /// The first cell of each row.
    pub fn column(&self) -> Vec<Value> {
        self.rows.iter().map(|row| row[0].clone()).collect()
    }
}

impl ChunkReceiver for Rows {
    fn shape(&mut self, shape: Rc<Shape>) {
        self.shapes_announced += 1;
        self.shape = Some(shape);
    }

    fn chunk(&mut self, chunk: Chunk) -> bool {
        self.chunks += 1;
        let width = self.shape.as_ref().map_or(0, |shape| shape.columns.len());
        assert_eq!(chunk.slots.len(), width * chunk.rows, "every row has every cell");
        let mut reader = Reader::new(self.shape.as_deref(), &chunk);
        for row in 0..chunk.rows {
            self.rows.push(
                (0..width)
                    .map(|column| reader.cell(row, column, chunk.slots[row * width + column]))
                    .collect(),
            );
        }
        self.is_slow
    }

    fn ready(&mut self) -> LocalBoxFuture<'_, ()> {
        self.waits += 1;
        Box::pin(async {})
    }
}

struct Reader<'a> {
    chunk: &'a Chunk,
    latin1: usize,
    wide: usize,
    bytes: usize,
    json: Vec<Option<serde_json::Value>>,
}

impl<'a> Reader<'a> {
    fn new(shape: Option<&Shape>, chunk: &'a Chunk) -> Self {
        let mut areas = chunk.json.iter();
        let json = shape.map(|shape| {
            shape
                .columns
                .iter()
                .map(|(_, kind)| {
                    (*kind as u8 >= ColumnKind::Json as u8)
                        .then(|| serde_json::from_slice(areas.next().expect("an area")).expect("valid JSON"))
                })
                .collect()
        });
        Self { chunk, latin1: 0, wide: 0, bytes: 0, json: json.unwrap_or_default() }
    }

    fn cell(&mut self, row: usize, column: usize, slot: u64) -> Value {
        let (high, low) = (((slot >> 32) as u32).cast_signed(), (slot & 0xFFFF_FFFF) as u32);
        let end = low as usize;
        match high {
            -1 => {
                let text = self.chunk.latin1[self.latin1..end].iter().map(|byte| char::from(*byte)).collect();
                self.latin1 = end;
                Value::Text(text)
            }
            -2 => Value::Number(f64::from(low.cast_signed())),
            -3 => Value::Null,
            -4 => {
                let text = String::from_utf16(&self.chunk.wide[self.wide..end]).expect("well-formed");
                self.wide = end;
                Value::Text(text)
            }
            -5 => {
                let bytes = self.chunk.bytes[self.bytes..end].to_vec();
                self.bytes = end;
                Value::Bytes(bytes)
            }
            -6 => Value::Json(self.json[column].as_ref().expect("a JSON column")[row].clone()),
            -7 => Value::Boolean(low != 0),
            _ => Value::Number(f64::from_bits(slot)),
        }
    }
}
