//! [`Rows`]: keeps the rows of a statement and reads their slots as `js/native/decode.ts` does.
#![allow(dead_code, missing_docs)] // each test program uses a part

use std::rc::Rc;

use futures_util::future::LocalBoxFuture;
use guruorm::driver::{Chunk, ChunkReceiver, ColumnKind, Shape};
use serde_json::value::RawValue;

/// One decoded cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Null,
    Number(f64),
    Boolean(bool),
    Text(String),
    Bytes(Vec<u8>),
    /// JSON text.
    Json(String),
}

/// Takes all chunks of one statement.
#[derive(Debug, Default)]
pub struct Rows {
    pub shape: Option<Rc<Shape>>,
    pub cells: Vec<Vec<Cell>>,
    pub chunks: usize,
    /// How often the columns were announced.
    pub shapes: usize,
}

impl Rows {
    pub fn new() -> Self {
        Self::default()
    }

    /// The only cell of the only row.
    pub fn cell(&self) -> &Cell {
        assert_eq!(
            (self.cells.len(), self.cells.first().map(Vec::len)),
            (1, Some(1)),
            "not one cell: {self:?}"
        );
        &self.cells[0][0]
    }

    /// The kinds of the columns.
    pub fn kinds(&self) -> Vec<ColumnKind> {
        self.columns().iter().map(|(_, kind)| *kind).collect()
    }

    /// The names of the columns.
    pub fn names(&self) -> Vec<&str> {
        self.columns().iter().map(|(name, _)| &**name).collect()
    }

    fn columns(&self) -> &[(Box<str>, ColumnKind)] {
        self.shape.as_ref().map_or(&[], |shape| &shape.columns)
    }
}

impl ChunkReceiver for Rows {
    fn shape(&mut self, shape: Rc<Shape>) {
        self.shapes += 1;
        self.shape = Some(shape);
    }

    fn chunk(&mut self, chunk: Chunk) -> bool {
        self.chunks += 1;
        let mut reader = Reader { latin1: 0, wide: 0, bytes: 0 };
        let width = self.columns().len();
        let json: Vec<Vec<&RawValue>> = chunk.json.iter().map(|area| members(area)).collect();
        let places: Vec<Option<usize>> = self
            .columns()
            .iter()
            .scan(0, |next, (_, kind)| {
                let is_json = *kind as u8 >= ColumnKind::Json as u8;
                let place = is_json.then_some(*next);
                *next += usize::from(is_json);
                Some(place)
            })
            .collect();
        assert_eq!(chunk.slots.len(), chunk.rows * width);
        for row in 0..chunk.rows {
            let cells = (0..width).map(|column| {
                let json = places[column].map(|place| json[place][row].get());
                reader.cell(&chunk, chunk.slots[row * width + column], json)
            });
            self.cells.push(cells.collect());
        }
        false
    }

    fn ready(&mut self) -> LocalBoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

fn members(area: &[u8]) -> Vec<&RawValue> {
    serde_json::from_slice(area).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(area)))
}

/// Where the next text or bytes start.
struct Reader {
    latin1: usize,
    wide: usize,
    bytes: usize,
}

impl Reader {
    fn cell(&mut self, chunk: &Chunk, slot: u64, json: Option<&str>) -> Cell {
        let low = (slot & 0xFFFF_FFFF) as u32;
        let end = low as usize;
        match ((slot >> 32) as u32).cast_signed() {
            -1 => {
                let start = std::mem::replace(&mut self.latin1, end);
                Cell::Text(chunk.latin1[start..end].iter().map(|byte| char::from(*byte)).collect())
            }
            -2 => Cell::Number(low.cast_signed().into()),
            -3 => Cell::Null,
            -4 => {
                let start = std::mem::replace(&mut self.wide, end);
                Cell::Text(String::from_utf16(&chunk.wide[start..end]).expect("UTF-16"))
            }
            -5 => {
                let start = std::mem::replace(&mut self.bytes, end);
                Cell::Bytes(chunk.bytes[start..end].to_vec())
            }
            -6 => Cell::Json(json.expect("a JSON cell in a JSON column").to_owned()),
            -7 => Cell::Boolean(low == 1),
            _ => Cell::Number(f64::from_bits(slot)),
        }
    }
}
