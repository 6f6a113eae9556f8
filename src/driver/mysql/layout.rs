//! [`Layout`]: the columns of a result, and how the cells of each are read.

use std::rc::Rc;

use sqlx::mysql::{MySql, MySqlColumn, MySqlTypeInfo};
use sqlx::{Column as _, Type, TypeInfo as _};

use super::cells::Cell;
use crate::config::ConnectionConfig;
use crate::driver::{ColumnKind, Shape};

/// The columns of a result.
#[derive(Debug)]
pub struct Layout {
    /// What they were made of.
    columns: Vec<MySqlColumn>,
    /// How their cells are read.
    pub cells: Vec<Cell>,
    /// What the receiver of rows is told.
    pub shape: Rc<Shape>,
}

impl Layout {
    /// Reads the columns; `is_json` says which of them are JSON although the server calls them text.
    #[must_use]
    pub fn new(
        columns: &[MySqlColumn],
        config: &ConnectionConfig,
        is_json: impl Fn(&MySqlColumn) -> bool,
    ) -> Self {
        let mut cells = Vec::with_capacity(columns.len());
        let mut shape = Vec::with_capacity(columns.len());
        for column in columns {
            let (kind, cell) = if may_be_json(column) && is_json(column) {
                (ColumnKind::Json, Cell::CheckedJson)
            } else {
                reading(column.type_info(), config)
            };
            cells.push(cell);
            shape.push((column.name().into(), kind));
        }
        Self { columns: columns.to_vec(), cells, shape: Rc::new(Shape { columns: shape }) }
    }

    /// Whether these are the same columns, so that the layout still holds. Tables change under
    /// prepared statements.
    #[must_use]
    pub fn is_of(&self, columns: &[MySqlColumn]) -> bool {
        self.columns.len() == columns.len()
            && self.columns.iter().zip(columns).all(|(known, column)| {
                let (old, new) = (known.type_info(), column.type_info());
                known.name() == column.name() && old == new && is_text(old) == is_text(new)
            })
    }
}

/// MariaDB's JSON columns are `LONGTEXT` with a binary collation: only those are worth a question.
#[must_use]
pub fn may_be_json(column: &MySqlColumn) -> bool {
    column.type_info().name().ends_with("BLOB") && is_text(column.type_info())
}

/// Text or bytes: sqlx's name of the type goes by a flag that `utf8mb4_bin` text has too.
fn is_text(column_type: &MySqlTypeInfo) -> bool {
    <str as Type<MySql>>::compatible(column_type)
}

fn reading(column_type: &MySqlTypeInfo, config: &ConnectionConfig) -> (ColumnKind, Cell) {
    // sqlx calls `TINYINT(1)` a BOOLEAN, signed or not; its values are numbers all the same.
    let integer = if <u64 as Type<MySql>>::compatible(column_type) { Cell::Unsigned } else { Cell::Signed };
    match column_type.name() {
        "BIGINT" | "BIGINT UNSIGNED" => (ColumnKind::BigInteger, integer),
        "BOOLEAN" | "TINYINT" | "TINYINT UNSIGNED" | "SMALLINT" | "SMALLINT UNSIGNED" | "INT"
        | "INT UNSIGNED" | "MEDIUMINT" | "MEDIUMINT UNSIGNED" => (ColumnKind::Number, integer),
        "YEAR" => (ColumnKind::Number, Cell::Unsigned),
        "FLOAT" => (ColumnKind::Number, Cell::Float),
        "DOUBLE" => (ColumnKind::Number, Cell::Double),
        "DATE" => (ColumnKind::Text, Cell::Date { zero: config.dates_as_text }),
        "TIME" => (ColumnKind::Text, Cell::Time),
        "DATETIME" | "TIMESTAMP" if config.dates_as_text => (ColumnKind::Text, Cell::ClockText),
        "DATETIME" | "TIMESTAMP" => (ColumnKind::Instant, Cell::Instant),
        "JSON" if config.json_as_text => (ColumnKind::Text, Cell::Text),
        "JSON" => (ColumnKind::Json, Cell::Json),
        "NULL" => (ColumnKind::Any, Cell::Text),
        "DECIMAL" | "ENUM" | "SET" => (ColumnKind::Text, Cell::Text),
        _ if is_text(column_type) => (ColumnKind::Text, Cell::Text),
        _ => (ColumnKind::Bytes, Cell::Bytes),
    }
}
