//! [`Delivery`]: takes a statement's answers as they come and hands its rows on.

use std::rc::Rc;

use sqlx::mysql::{MySql, MySqlQueryResult, MySqlRow};
use sqlx::{Decode, Row as _, ValueRef as _};

use super::cells::Cell;
use super::layout::Layout;
use crate::config::ConnectionConfig;
use crate::driver::{Outcome, RowSink};

/// Where the answers of one statement go.
pub struct Delivery<'a, 'r> {
    /// The receiver of rows.
    pub rows: &'a mut RowSink<'r>,
    /// How rows are read.
    pub config: &'a ConnectionConfig,
    /// Whether cells are text (a statement that was not prepared).
    pub is_text: bool,
    /// What is known of the columns; replaced when the rows have others.
    pub layout: Option<Rc<Layout>>,
    /// What the statement did.
    pub outcome: Outcome,
    progress: Progress,
}

/// A procedure may send several results: the first that has columns is the statement's, the others
/// are read and dropped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    Waiting,
    Inside,
    Over,
}

impl<'a, 'r> Delivery<'a, 'r> {
    /// A delivery to `rows`.
    pub fn new(
        rows: &'a mut RowSink<'r>,
        config: &'a ConnectionConfig,
        is_text: bool,
        layout: Option<Rc<Layout>>,
    ) -> Self {
        Self { rows, config, is_text, layout, outcome: Outcome::default(), progress: Progress::Waiting }
    }

    /// A row. `make` reads columns that are not the ones that the server announced.
    pub async fn row(&mut self, row: &MySqlRow, make: impl FnOnce(&MySqlRow) -> Layout) {
        match self.progress {
            Progress::Over => return,
            Progress::Inside => {}
            Progress::Waiting => {
                if !self.layout.as_ref().is_some_and(|layout| layout.is_of(row.columns())) {
                    self.layout = Some(Rc::new(make(row)));
                }
                self.begin();
            }
        }
        let Some(layout) = &self.layout else { return };
        self.outcome.affected_rows += 1;
        let writer = self.rows.writer();
        for (index, cell) in layout.cells.iter().enumerate() {
            let Ok(value) = row.try_get_raw(index) else {
                writer.null();
                continue;
            };
            // sqlx says null for zero dates, too; only `None` has no bytes.
            if value.is_null() && !may_be_zero_date(*cell) {
                writer.null();
                continue;
            }
            match <&[u8] as Decode<MySql>>::decode(value) {
                Ok(bytes) if self.is_text => cell.write_text(bytes, &self.config.timezone, writer),
                Ok(bytes) => cell.write_binary(bytes, &self.config.timezone, writer),
                Err(_) => writer.null(),
            }
        }
        if writer.end_row() {
            self.rows.flush().await;
        }
    }

    /// The end of one result.
    pub async fn result(&mut self, result: &MySqlQueryResult) {
        if self.progress == Progress::Waiting && self.layout.is_some() {
            self.begin();
        }
        if self.progress == Progress::Inside {
            self.progress = Progress::Over;
            self.rows.flush().await;
        } else {
            self.outcome.affected_rows += result.rows_affected();
        }
        if result.last_insert_id() != 0 {
            self.outcome.last_insert_id = result.last_insert_id();
        }
    }

    fn begin(&mut self) {
        self.progress = Progress::Inside;
        if let Some(layout) = &self.layout {
            self.rows.begin(Rc::clone(&layout.shape));
        }
    }
}

fn may_be_zero_date(cell: Cell) -> bool {
    matches!(cell, Cell::Date { zero: true } | Cell::ClockText)
}
