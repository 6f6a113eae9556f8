//! [`RowSet`]: the rows of a statement that the engine itself reads.

use std::rc::Rc;

use futures_util::future::LocalBoxFuture;

pub use crate::driver::cells::Cell;
use crate::driver::cells::read_cells;
use crate::driver::{Chunk, ChunkReceiver, Shape};

/// Rows in memory.
#[derive(Debug, Default)]
pub struct RowSet {
    shape: Option<Rc<Shape>>,
    /// The cells of each row, in the order of the columns.
    pub rows: Vec<Vec<Cell>>,
}

impl RowSet {
    /// The names of the columns.
    #[must_use]
    pub fn columns(&self) -> Vec<&str> {
        self.shape.iter().flat_map(|shape| shape.columns.iter().map(|(name, _)| &**name)).collect()
    }

    /// The rows as JSON objects, with the names as the database gave them.
    #[must_use]
    pub fn to_json(&self) -> Vec<serde_json::Value> {
        let names = self.columns();
        self.rows
            .iter()
            .map(|row| {
                names.iter().zip(row).map(|(name, cell)| ((*name).to_owned(), cell.to_json())).collect()
            })
            .collect()
    }
}

impl ChunkReceiver for RowSet {
    fn shape(&mut self, shape: Rc<Shape>) {
        self.shape = Some(shape);
    }

    fn chunk(&mut self, chunk: Chunk) -> bool {
        if let Some(shape) = &self.shape {
            self.rows.extend(read_cells(shape, &chunk));
        }
        false
    }

    fn ready(&mut self) -> LocalBoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}
