//! [`InsertQuery`]: rows to add.

use serde::Deserialize;

use super::{Assignment, Operand, SelectQuery};

/// Rows to add, and what happens to those that are there already.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InsertQuery {
    /// The table: `users`, `public.users`.
    pub into: String,
    /// The columns that the rows give, in the order of their cells.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Rows,
    /// What happens to a row that breaks a unique key. `None`: the statement fails.
    pub conflict: Option<Conflict>,
    /// Columns of the new rows to answer.
    #[serde(default)]
    pub returning: Vec<Operand>,
    /// The column whose generated value is asked for. Databases that report it on the side (MySQL,
    /// MariaDB, SQLite) write nothing for it; the others answer it as a row.
    pub key: Option<String>,
}

/// Where the rows of an insert come from.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum Rows {
    /// Values alone, row after row, from the place `first` on: a bulk insert takes little room.
    Values {
        /// The place of the first cell.
        first: u32,
        /// How many rows.
        rows: u32,
    },
    /// Cells of any kind.
    Cells {
        /// The rows; each as long as the list of columns.
        rows: Vec<Vec<Operand>>,
    },
    /// The rows of a query.
    Query {
        /// The query.
        query: Box<SelectQuery>,
    },
}

/// What happens to a row that breaks a unique key.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum Conflict {
    /// It is left out.
    Ignore {
        /// The columns of the unique key. Empty: whichever.
        #[serde(default)]
        target: Vec<String>,
    },
    /// The row that is there is changed.
    Update {
        /// The columns of the unique key. MySQL and MariaDB use whichever key is broken.
        #[serde(default)]
        target: Vec<String>,
        /// How.
        set: Vec<Assignment>,
    },
}

impl InsertQuery {
    /// Cuts the rows so that no piece carries more than `max_bindings` values or `max_rows` rows.
    /// One piece when nothing has to be cut, or when the rows come from a query.
    ///
    /// Values of the conflict's assignments are counted in every piece.
    #[must_use]
    pub fn split(&self, max_bindings: usize, max_rows: usize) -> Vec<Self> {
        let extra = match &self.conflict {
            Some(Conflict::Update { set, .. }) => set.len(),
            _ => 0,
        };
        let width = self.columns.len().max(1);
        let fitting = (max_bindings.saturating_sub(extra) / width).clamp(1, max_rows.max(1));
        let piece = |rows| Self { rows, ..self.clone() };
        match &self.rows {
            Rows::Values { first, rows } if *rows as usize > fitting => {
                let (step, width) = (u32::try_from(fitting).unwrap_or(u32::MAX), self.columns.len());
                let width = u32::try_from(width).unwrap_or(u32::MAX);
                (0..*rows)
                    .step_by(fitting)
                    .map(|at| piece(Rows::Values { first: first + at * width, rows: step.min(rows - at) }))
                    .collect()
            }
            Rows::Cells { rows } if rows.len() > fitting => {
                rows.chunks(fitting).map(|some| piece(Rows::Cells { rows: some.to_vec() })).collect()
            }
            _ => vec![self.clone()],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn insert(columns: usize, rows: Rows) -> InsertQuery {
        InsertQuery {
            into: "t".into(),
            columns: (0..columns).map(|number| format!("c{number}")).collect(),
            rows,
            conflict: None,
            returning: vec![],
            key: None,
        }
    }

    #[test]
    fn a_small_insert_stays_whole() {
        let query = insert(2, Rows::Values { first: 0, rows: 3 });
        assert_eq!(query.split(6, 1000), [query.clone()]);
    }

    #[test]
    fn values_are_cut_at_whole_rows() {
        let rows: Vec<_> =
            insert(2, Rows::Values { first: 4, rows: 5 }).split(5, 1000).into_iter().map(|piece| piece.rows).collect();
        assert_eq!(
            rows,
            [
                Rows::Values { first: 4, rows: 2 },
                Rows::Values { first: 8, rows: 2 },
                Rows::Values { first: 12, rows: 1 },
            ]
        );
    }

    #[test]
    fn a_row_wider_than_the_limit_goes_alone() {
        assert_eq!(insert(9, Rows::Values { first: 0, rows: 2 }).split(5, 1000).len(), 2);
    }

    #[test]
    fn cells_are_cut_by_rows_too() {
        let cells = Rows::Cells { rows: vec![vec![Operand::Value(0)]; 5] };
        assert_eq!(insert(1, cells).split(100, 2).len(), 3);
    }
}
