//! [`Delivery`]: hands the rows of a statement on.

use std::io;
use std::rc::Rc;

use super::answer::Done;
use super::layout::Layout;
use crate::driver::{Outcome, RowSink};
use crate::value::temporal::Zone;

/// Where the answers of one statement go.
///
/// A procedure may send several results: the first that has columns is the statement's, the others
/// are read and dropped.
pub struct Delivery<'a, 'r> {
    rows: &'a mut RowSink<'r>,
    zone: &'a Zone,
    /// Whether cells are text (a statement that was not prepared).
    is_text: bool,
    has_begun: bool,
    /// What the statement did.
    pub outcome: Outcome,
}

impl<'a, 'r> Delivery<'a, 'r> {
    /// A delivery to `rows`.
    pub fn new(rows: &'a mut RowSink<'r>, zone: &'a Zone, is_text: bool) -> Self {
        Self { rows, zone, is_text, has_begun: false, outcome: Outcome::default() }
    }

    /// Whether the statement's rows were delivered.
    pub fn is_over(&self) -> bool {
        self.has_begun
    }

    /// Announces the columns of the statement's rows.
    pub fn begin(&mut self, layout: &Layout) {
        self.has_begun = true;
        self.rows.begin(Rc::clone(&layout.shape));
    }

    /// A row. True when [`Delivery::flush`] has to be awaited before the next.
    pub fn row(&mut self, row: &[u8], layout: &Layout) -> io::Result<bool> {
        let writer = self.rows.writer();
        if self.is_text {
            layout.write_text(row, self.zone, writer)?;
        } else {
            layout.write_binary(row, self.zone, writer)?;
        }
        self.outcome.affected_rows = self.outcome.affected_rows.saturating_add(1);
        Ok(writer.end_row())
    }

    /// Hands on what was written.
    pub async fn flush(&mut self) {
        self.rows.flush().await;
    }

    /// The end of a result without rows, or of one whose rows are not delivered.
    pub fn done(&mut self, done: Done) {
        self.outcome.affected_rows = self.outcome.affected_rows.saturating_add(done.affected_rows);
        self.note_key(done);
    }

    /// Keeps the key that was made, also beside rows (`insert … returning`).
    pub fn note_key(&mut self, done: Done) {
        if done.last_insert_id != 0 {
            self.outcome.last_insert_id = done.last_insert_id;
        }
    }
}
