//! [`Layout`]: the columns of a result, and how its rows are read.

use std::io;
use std::rc::Rc;

use super::cells::Cell;
use super::column::{Column, column_type};
use super::packet_reader::{PacketReader, malformed};
use crate::config::ConnectionConfig;
use crate::driver::{ChunkWriter, ColumnKind, Shape};
use crate::value::temporal::Zone;

/// The columns of a result.
#[derive(Debug)]
pub struct Layout {
    /// What the server said of them, to notice when it says something else. Tables change under
    /// prepared statements.
    pub definitions: Vec<u8>,
    columns: Vec<(Cell, Width)>,
    /// What the receiver of rows is told.
    pub shape: Rc<Shape>,
}

/// How many bytes a cell takes in a row of the binary protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Width {
    Fixed(u8),
    /// A byte of length, which belongs to the cell.
    Clock,
    /// After a length.
    Prefixed,
}

impl Layout {
    /// Reads the definitions of so many columns.
    pub fn read(
        definitions: &[u8],
        count: usize,
        is_extended: bool,
        config: &ConnectionConfig,
    ) -> io::Result<Self> {
        let mut reader = PacketReader(definitions);
        let mut columns = Vec::with_capacity(count);
        let mut shape = Vec::with_capacity(count);
        for _ in 0..count {
            let column = Column::read(&mut reader, is_extended)?;
            let (kind, cell) = reading(&column, config);
            columns.push((cell, width(column.column_type)));
            shape.push((String::from_utf8_lossy(column.name).into(), kind));
        }
        let shape = Rc::new(Shape { columns: shape });
        Ok(Self { definitions: definitions.to_vec(), columns, shape })
    }

    /// How many columns there are.
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Writes a row of the binary protocol on. <https://mariadb.com/kb/en/resultset-row/>
    pub fn write_binary(&self, row: &[u8], zone: &Zone, writer: &mut ChunkWriter) -> io::Result<()> {
        // The first byte is a zero. The nulls start at their third bit.
        let (start, rest) = row.split_at_checked(1 + (self.columns.len() + 9) / 8).ok_or_else(malformed)?;
        let nulls = &start[1..];
        let mut reader = PacketReader(rest);
        for (index, (cell, width)) in self.columns.iter().enumerate() {
            let bit = index + 2;
            if nulls[bit / 8] & 1 << (bit % 8) != 0 {
                writer.null();
                continue;
            }
            let bytes = match *width {
                Width::Fixed(width) => reader.bytes(width.into())?,
                Width::Clock => {
                    let length = usize::from(*reader.0.first().ok_or_else(malformed)?);
                    reader.bytes(1 + length)?
                }
                Width::Prefixed => reader.prefixed()?,
            };
            cell.write_binary(bytes, zone, writer);
        }
        Ok(())
    }

    /// Writes a row of the text protocol on.
    pub fn write_text(&self, row: &[u8], zone: &Zone, writer: &mut ChunkWriter) -> io::Result<()> {
        let mut reader = PacketReader(row);
        for (cell, _) in &self.columns {
            match reader.prefixed_or_null()? {
                Some(bytes) => cell.write_text(bytes, zone, writer),
                None => writer.null(),
            }
        }
        Ok(())
    }
}

fn width(column: u8) -> Width {
    match column {
        column_type::TINY => Width::Fixed(1),
        column_type::SHORT | column_type::YEAR => Width::Fixed(2),
        column_type::LONG | column_type::INT24 | column_type::FLOAT => Width::Fixed(4),
        column_type::LONG_LONG | column_type::DOUBLE => Width::Fixed(8),
        column_type::DATE | column_type::TIME | column_type::DATETIME | column_type::TIMESTAMP => {
            Width::Clock
        }
        _ => Width::Prefixed,
    }
}

fn reading(column: &Column<'_>, config: &ConnectionConfig) -> (ColumnKind, Cell) {
    let integer = if column.is_unsigned() { Cell::Unsigned } else { Cell::Signed };
    match column.column_type {
        column_type::LONG_LONG => (ColumnKind::BigInteger, integer),
        // `TINYINT(1)`, too: its values are numbers all the same.
        column_type::TINY | column_type::SHORT | column_type::LONG | column_type::INT24 => {
            (ColumnKind::Number, integer)
        }
        column_type::YEAR => (ColumnKind::Number, Cell::Unsigned),
        column_type::FLOAT => (ColumnKind::Number, Cell::Float),
        column_type::DOUBLE => (ColumnKind::Number, Cell::Double),
        column_type::DATE => (ColumnKind::Text, Cell::Date { zero: config.dates_as_text }),
        column_type::TIME => (ColumnKind::Text, Cell::Time),
        column_type::DATETIME | column_type::TIMESTAMP if config.dates_as_text => {
            (ColumnKind::Text, Cell::ClockText)
        }
        column_type::DATETIME | column_type::TIMESTAMP => (ColumnKind::Instant, Cell::Instant),
        column_type::JSON if config.json_as_text => (ColumnKind::Text, Cell::Text),
        column_type::JSON => (ColumnKind::Json, Cell::Json),
        column_type::NULL => (ColumnKind::Any, Cell::Text),
        column_type::DECIMAL | column_type::NEW_DECIMAL | column_type::ENUM | column_type::SET => {
            (ColumnKind::Text, Cell::Text)
        }
        column_type::BIT | column_type::GEOMETRY => (ColumnKind::Bytes, Cell::Bytes),
        _ if column.is_json && !config.json_as_text => (ColumnKind::Json, Cell::CheckedJson),
        _ if column.is_text() => (ColumnKind::Text, Cell::Text),
        _ => (ColumnKind::Bytes, Cell::Bytes),
    }
}
