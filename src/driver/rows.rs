//! Rows on their way out: [`Shape`], [`ChunkWriter`] and the finished [`Chunk`].
//!
//! A chunk is row-major, one 8-byte slot a cell. Every cell carries its own kind in the high half
//! of its slot, as a negative quiet NaN that no number can be; anything else is a double:
//!
//! ```text
//! high word (i32)   low word                         cell
//! -1                end offset in `latin1`           text, all characters below U+0100
//! -2                the value                        integer of 32 bits
//! -3                0                                null
//! -4                end offset in `wide`             text, UTF-16
//! -5                end offset in `bytes`            bytes
//! -6                0                                JSON: the next element of the column's array
//! -7                0 or 1                           boolean
//! other                                              a double
//! ```
//! A text starts where the one before it in the same area ended. `js/native/decode.ts` reads the
//! same layout. One encoding serves typed columns and SQLite's cells, which carry their own types.

use std::rc::Rc;

/// What a column's cells may hold. JavaScript picks its conversion by this number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum ColumnKind {
    /// Any cell, taken as it is (SQLite expressions).
    Any = 0,
    /// Integers of up to 32 bits, and floating point: a number.
    Number = 1,
    /// Integers of 64 bits: a double where it is exact, else its digits as text.
    BigInteger = 2,
    /// A boolean.
    Boolean = 3,
    /// Text.
    Text = 4,
    /// Bytes.
    Bytes = 5,
    /// Milliseconds since 1970 UTC as a double, which becomes a `Date`; ±infinity stays a number.
    Instant = 6,
    /// JSON text.
    Json = 7,
    /// An array whose elements JSON can say (numbers, booleans, text), as JSON text.
    Array = 8,
    /// An array of milliseconds, as JSON text.
    InstantArray = 9,
    /// An array of hexadecimal strings, which become bytes, as JSON text.
    BytesArray = 10,
    /// An array of digits in strings, read as `BigInteger`, as JSON text.
    BigIntegerArray = 11,
    /// An array of numbers in strings where JSON has none (`NaN`, `Infinity`), as JSON text.
    NumberArray = 12,
}

impl ColumnKind {
    /// Whether cells travel as JSON text, joined to one array per column and chunk.
    #[must_use]
    pub fn is_json_like(self) -> bool {
        self as u8 >= Self::Json as u8
    }
}

/// The columns of a result.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Shape {
    /// Names and kinds, in order.
    pub columns: Vec<(Box<str>, ColumnKind)>,
}

/// At most this many rows in a chunk: 8 columns of them fill 32 KiB, which stays in the cache
/// (512 was the best of 128 to 4096 in the measurements of docs/decisions/0003).
pub const MAX_ROWS: usize = 512;

/// At most about this much text in a chunk: a cell that a program keeps holds the chunk's whole
/// string alive, so this bounds what one kept cell costs.
pub const MAX_TEXT_BYTES: usize = 64 * 1024;

/// A writer of a statement that is kept prepared keeps memory up to this: some short rows.
const KEPT_BYTES: usize = 8 * 1024;

/// At most this many slots in a chunk: the size of the arena that JavaScript shares (256 KiB).
pub const MAX_SLOTS: usize = 32 * 1024;

/// Rows, ready to cross.
#[derive(Debug, Default)]
pub struct Chunk {
    /// The cells, row after row.
    pub slots: Vec<u64>,
    /// Text whose characters are all below U+0100, one byte each.
    pub latin1: Vec<u8>,
    /// Every other text, UTF-16.
    pub wide: Vec<u16>,
    /// Bytes of all byte cells.
    pub bytes: Vec<u8>,
    /// For each JSON-like column, in order: `[cell,cell,…]`. Null cells are `null` there too.
    pub json: Vec<Vec<u8>>,
    /// How many rows there are.
    pub rows: usize,
}

/// Writes cells of one result, row after row.
#[derive(Debug)]
pub struct ChunkWriter {
    chunk: Chunk,
    /// For each column, its place in `Chunk::json`, where it has one.
    json_places: Vec<Option<usize>>,
    column: usize,
    max_rows: usize,
}

const LATIN1: u64 = word(-1);
const INTEGER: u64 = word(-2);
const NULL: u64 = word(-3);
const WIDE: u64 = word(-4);
const BYTES: u64 = word(-5);
const JSON: u64 = word(-6);
const BOOLEAN: u64 = word(-7);

const fn word(high: i32) -> u64 {
    (high.cast_unsigned() as u64) << 32
}

/// The only NaN that is a number's: all others are marks.
const CANONICAL_NAN: u64 = 0x7FF8_0000_0000_0000;

/// Largest integer that a double holds exactly, with every smaller one: 2^53 - 1.
pub const MAX_SAFE_INTEGER: i64 = 9_007_199_254_740_991;

impl ChunkWriter {
    /// A writer for rows of this shape.
    #[must_use]
    pub fn new(shape: &Shape) -> Self {
        let mut json = Vec::new();
        let mut json_places = Vec::with_capacity(shape.columns.len());
        for (_, kind) in &shape.columns {
            json_places.push(kind.is_json_like().then(|| {
                json.push(Vec::new());
                json.len() - 1
            }));
        }
        let columns = shape.columns.len();
        let max_rows = MAX_ROWS.min(MAX_SLOTS / columns.max(1)).max(1);
        // Room for a row or two: growing from nothing takes an allocation for each doubling.
        let slots = Vec::with_capacity(columns * 2);
        let latin1 = Vec::with_capacity(columns * 16);
        Self { chunk: Chunk { slots, latin1, json, ..Chunk::default() }, json_places, column: 0, max_rows }
    }

    /// Null.
    pub fn null(&mut self) {
        self.pass_over_json();
        self.slot(NULL);
    }

    /// An integer of up to 32 bits.
    pub fn int32(&mut self, value: i32) {
        self.slot(INTEGER | u64::from(value.cast_unsigned()));
    }

    /// An integer of 64 bits: a number where JavaScript holds it exactly, else its digits.
    #[allow(clippy::cast_precision_loss)] // only within ±2^53
    pub fn int64(&mut self, value: i64) {
        if let Ok(small) = i32::try_from(value) {
            self.int32(small);
        } else if (-MAX_SAFE_INTEGER..=MAX_SAFE_INTEGER).contains(&value) {
            self.slot((value as f64).to_bits());
        } else {
            self.text(&value.to_string());
        }
    }

    /// An unsigned integer of 64 bits.
    pub fn uint64(&mut self, value: u64) {
        match i64::try_from(value) {
            Ok(signed) => self.int64(signed),
            Err(_) => self.text(&value.to_string()),
        }
    }

    /// A double, NaN and infinities included.
    pub fn float(&mut self, value: f64) {
        self.slot(if value.is_nan() { CANONICAL_NAN } else { value.to_bits() });
    }

    /// A boolean.
    pub fn boolean(&mut self, value: bool) {
        self.slot(BOOLEAN | u64::from(value));
    }

    /// Text.
    pub fn text(&mut self, value: &str) {
        if value.is_ascii() {
            self.chunk.latin1.extend_from_slice(value.as_bytes());
        } else if value.bytes().all(|byte| byte < 0xC4) {
            // Lead bytes up to 0xC3 are U+0080 to U+00FF: one Latin-1 byte each.
            self.chunk.latin1.extend(value.chars().map(|character| character as u8));
        } else {
            self.chunk.wide.extend(value.encode_utf16());
            let end = self.chunk.wide.len() as u64;
            self.slot(WIDE | end);
            return;
        }
        let end = self.chunk.latin1.len() as u64;
        self.slot(LATIN1 | end);
    }

    /// Text straight from the wire. Bytes that are not UTF-8 become U+FFFD.
    pub fn text_bytes(&mut self, value: &[u8]) {
        match std::str::from_utf8(value) {
            Ok(text) => self.text(text),
            Err(_) => self.text(&String::from_utf8_lossy(value)),
        }
    }

    /// Bytes.
    pub fn bytes(&mut self, value: &[u8]) {
        self.pass_over_json();
        self.chunk.bytes.extend_from_slice(value);
        let end = self.chunk.bytes.len() as u64;
        self.slot(BYTES | end);
    }

    /// Valid JSON text, for a column of a JSON-like kind.
    pub fn json(&mut self, value: &[u8]) {
        if let Some(Some(place)) = self.json_places.get(self.column) {
            let area = &mut self.chunk.json[*place];
            area.reserve(value.len() + 2);
            area.push(if area.is_empty() { b'[' } else { b',' });
            area.extend_from_slice(value);
            self.slot(JSON);
        } else {
            self.text_bytes(value);
        }
    }

    /// Text in a JSON-like column, where the cell turned out not to be JSON (SQLite).
    pub fn text_in_json_column(&mut self, value: &str) {
        self.pass_over_json();
        self.text(value);
    }

    /// Keeps the cells of a JSON-like column in step: this one is not in the column's array.
    fn pass_over_json(&mut self) {
        if let Some(Some(place)) = self.json_places.get(self.column) {
            let area = &mut self.chunk.json[*place];
            area.push(if area.is_empty() { b'[' } else { b',' });
            area.extend_from_slice(b"null");
        }
    }

    /// Ends a row. True when the chunk is full and must be taken.
    pub fn end_row(&mut self) -> bool {
        self.column = 0;
        self.chunk.rows += 1;
        self.chunk.rows >= self.max_rows
            || self.chunk.latin1.len() + self.chunk.wide.len() * 2 + self.chunk.bytes.len() >= MAX_TEXT_BYTES
            || self.chunk.json.iter().map(Vec::len).sum::<usize>() >= MAX_TEXT_BYTES
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chunk.rows == 0
    }

    /// The rows so far, for a look; [`Self::clear`] is to be called before others are written.
    pub fn finished(&mut self) -> &Chunk {
        for area in &mut self.chunk.json {
            if area.is_empty() {
                area.push(b'[');
            }
            area.push(b']');
        }
        &self.chunk
    }

    /// Starts again, in the memory that it has, unless that is much.
    pub fn clear(&mut self) {
        let Chunk { slots, latin1, wide, bytes, json, rows } = &mut self.chunk;
        let texts = latin1.capacity() + wide.capacity() * 2 + bytes.capacity();
        let all = slots.capacity() * 8 + texts + json.iter().map(Vec::capacity).sum::<usize>();
        if all > KEPT_BYTES {
            self.chunk = Chunk { json: vec![Vec::new(); json.len()], ..Chunk::default() };
            return;
        }
        slots.clear();
        latin1.clear();
        wide.clear();
        bytes.clear();
        json.iter_mut().for_each(Vec::clear);
        *rows = 0;
    }

    /// The rows so far; the writer starts again.
    pub fn take(&mut self) -> Chunk {
        self.finished();
        let full = &self.chunk;
        let json = vec![Vec::new(); full.json.len()];
        let mut next = Chunk { json, ..Chunk::default() };
        if full.rows >= self.max_rows {
            // The next one is likely to be as large.
            next.slots.reserve(full.slots.len());
            next.latin1.reserve(full.latin1.len());
        }
        std::mem::replace(&mut self.chunk, next)
    }

    fn slot(&mut self, slot: u64) {
        self.chunk.slots.push(slot);
        self.column += 1;
    }
}

/// Takes finished chunks. `bridge/` hands them to JavaScript, `RowSet` keeps them for the engine.
pub trait ChunkReceiver {
    /// The columns, once, before the first chunk. Also called for a result without rows.
    fn shape(&mut self, shape: Rc<Shape>);
    /// Rows. True asks the driver to wait for [`ChunkReceiver::ready`] before it sends more.
    fn chunk(&mut self, chunk: Chunk) -> bool;
    /// Resolves when more rows may be sent.
    fn ready(&mut self) -> futures_util::future::LocalBoxFuture<'_, ()>;
}

/// Where a driver writes the rows of one statement.
pub struct RowSink<'a> {
    receiver: &'a mut dyn ChunkReceiver,
    writer: Option<ChunkWriter>,
}

impl<'a> RowSink<'a> {
    /// A sink that hands its chunks to `receiver`.
    pub fn new(receiver: &'a mut dyn ChunkReceiver) -> Self {
        Self { receiver, writer: None }
    }

    /// Announces the columns and gives the writer. Once a result.
    pub fn begin(&mut self, shape: Rc<Shape>) {
        self.writer = Some(ChunkWriter::new(&shape));
        self.receiver.shape(shape);
    }

    /// The writer of the result that was begun.
    ///
    /// # Panics
    /// Never: without a `begin` it gives a writer without columns.
    pub fn writer(&mut self) -> &mut ChunkWriter {
        self.writer.get_or_insert_with(|| ChunkWriter::new(&Shape { columns: Vec::new() }))
    }

    /// Sends what was written. A driver calls it when `end_row` says that the chunk is full. It
    /// waits while the reader is behind, and lets other work run when its turn is over.
    pub async fn flush(&mut self) {
        let Some(writer) = &mut self.writer else { return };
        if writer.is_empty() {
            return;
        }
        let is_behind = self.receiver.chunk(writer.take());
        if is_behind {
            self.receiver.ready().await;
        }
        crate::runtime::yield_if_over_budget().await;
    }
}
