//! [`ByColumns`]: many rows of an insert as one array for each column (docs/decisions/0019).
//!
//! ```sql
//! insert into "users" ("id", "name") values ($1, $2), ($3, $4), …
//! insert into "users" ("id", "name") select * from unnest($1, $2)
//! ```
//! The server reads and plans the second in no time, and it is the same for any number of rows. The
//! arrays have the types that the columns gave to the parameters of a single row, so every value
//! means what it means in the first.

use std::rc::Rc;

use super::session::Session;
use super::types::Oid;
use crate::dialect::InsertedRows;
use crate::driver::DriverStatement;
use crate::error::Result;

/// What is sent in place of an insert of many rows.
pub(super) struct ByColumns {
    /// The insert from arrays.
    pub(super) statement: DriverStatement,
    /// The types of the arrays.
    pub(super) types: Vec<Oid>,
    /// Where the values are.
    pub(super) rows: Rc<InsertedRows>,
}

impl Session {
    /// What is sent in place of the statement, if it inserts many rows. `None`, too, for a column
    /// without a built-in array type: a domain, an enum, an array. Nothing is kept prepared behind
    /// `PgBouncer`, where the single row would be one round trip each time.
    pub(super) async fn by_columns(&mut self, statement: &DriverStatement) -> Result<Option<ByColumns>> {
        let Some(rows) = statement.rows.as_ref().filter(|_| !self.server.config.pgbouncer) else {
            return Ok(None);
        };
        let one_row = DriverStatement { placeholders: rows.width, ..DriverStatement::plain(one_row(rows)) };
        let prepared = match self.statements.find(&one_row.sql) {
            Some(prepared) => prepared,
            None => self.prepare(&one_row, &[]).await?,
        };
        let Some(types) = prepared.array_types.clone().filter(|types| types.len() == rows.width) else {
            return Ok(None);
        };
        let arrays: Vec<String> = (0..rows.width).map(placeholder).collect();
        let sql = format!("{} select * from unnest({}){}", rows.head, arrays.join(", "), rows.tail);
        let statement = DriverStatement { placeholders: rows.width, ..DriverStatement::plain(sql) };
        Ok(Some(ByColumns { statement, types, rows: Rc::clone(rows) }))
    }

    /// Forgets which types the columns of an insert had.
    pub(super) fn forget_one_row(&mut self, statement: &DriverStatement) {
        if let Some(rows) = &statement.rows {
            self.statements.forget(&one_row(rows));
        }
    }
}

fn one_row(rows: &InsertedRows) -> String {
    rows.one_row(placeholder)
}

fn placeholder(index: usize) -> String {
    format!("${}", index + 1)
}
