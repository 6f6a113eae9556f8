//! [`InsertQuery`]: rows to add.

use serde::Deserialize;

use super::{Assignment, Operand, SelectQuery};
use crate::json::tagged;

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
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
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
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
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

tagged!(Rows, "kind");
tagged!(Conflict, "kind");

impl InsertQuery {
    /// Cuts the rows into statements that the database takes, in their order.
    ///
    /// No piece carries more than `max_bindings` values or `max_rows` rows. Without `default_cells`
    /// (SQLite) rows that give different columns go apart, so that every column that a row leaves
    /// out takes its default. One piece, the whole, when nothing has to be cut.
    #[must_use]
    pub fn split(self, max_bindings: usize, max_rows: usize, default_cells: bool) -> Vec<Self> {
        let has_defaults = |rows: &[Vec<Operand>]| rows.iter().any(|row| row.contains(&Operand::Default));
        match &self.rows {
            Rows::Cells { rows } if !default_cells && has_defaults(rows) => rows
                .chunk_by(|one, other| given(one).eq(given(other)))
                .map(|alike| self.without_defaults(alike))
                .flat_map(|piece| piece.cut(max_bindings, max_rows))
                .collect(),
            _ => self.cut(max_bindings, max_rows),
        }
    }

    /// These rows, which all give the same columns, with those columns alone.
    fn without_defaults(&self, rows: &[Vec<Operand>]) -> Self {
        let wanted: Vec<usize> = rows.first().map(|row| given(row).collect()).unwrap_or_default();
        let pick = |row: &Vec<Operand>| wanted.iter().filter_map(|at| row.get(*at).cloned()).collect();
        Self {
            columns: wanted.iter().filter_map(|at| self.columns.get(*at).cloned()).collect(),
            rows: Rows::Cells { rows: rows.iter().map(pick).collect() },
            ..self.clone()
        }
    }

    fn cut(self, max_bindings: usize, max_rows: usize) -> Vec<Self> {
        // The conflict's own values are part of every piece.
        let extra = match &self.conflict {
            Some(Conflict::Update { set, .. }) => set.len(),
            _ => 0,
        };
        let width = self.columns.len();
        // Databases take a row without columns one at a time.
        let fitting =
            max_bindings.saturating_sub(extra).checked_div(width).unwrap_or(1).clamp(1, max_rows.max(1));
        let piece = |rows| Self { rows, ..self.clone() };
        match &self.rows {
            Rows::Values { first, rows } if *rows as usize > fitting => {
                let place = |at: u32| first + at * u32::try_from(width).unwrap_or(u32::MAX);
                let step = u32::try_from(fitting).unwrap_or(u32::MAX);
                (0..*rows)
                    .step_by(fitting)
                    .map(|at| piece(Rows::Values { first: place(at), rows: step.min(rows - at) }))
                    .collect()
            }
            Rows::Cells { rows } if rows.len() > fitting => {
                rows.chunks(fitting).map(|some| piece(Rows::Cells { rows: some.to_vec() })).collect()
            }
            _ => vec![self],
        }
    }
}

/// Which cells a row gives.
fn given(row: &[Operand]) -> impl Iterator<Item = usize> {
    row.iter().zip(0..).filter(|(cell, _)| **cell != Operand::Default).map(|(_, at)| at)
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
        assert_eq!(query.clone().split(6, 1000, true), [query]);
    }

    #[test]
    fn values_are_cut_at_whole_rows() {
        let rows: Vec<_> = insert(2, Rows::Values { first: 4, rows: 5 })
            .split(5, 1000, true)
            .into_iter()
            .map(|piece| piece.rows)
            .collect();
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
        assert_eq!(insert(9, Rows::Values { first: 0, rows: 2 }).split(5, 1000, true).len(), 2);
    }

    #[test]
    fn cells_are_cut_by_rows_too() {
        let cells = Rows::Cells { rows: vec![vec![Operand::Value(0)]; 5] };
        assert_eq!(insert(1, cells).split(100, 2, true).len(), 3);
    }

    #[test]
    fn rows_with_different_columns_go_apart_where_a_cell_has_no_default() {
        let (a, b) = (Operand::Value(0), Operand::Value(1));
        let rows = vec![
            vec![a.clone(), b.clone()],
            vec![a.clone(), Operand::Default],
            vec![b.clone(), Operand::Default],
            vec![a.clone(), b.clone()],
        ];
        let query = insert(2, Rows::Cells { rows });
        assert_eq!(query.clone().split(100, 100, true).len(), 1);
        let pieces: Vec<_> =
            query.split(100, 100, false).into_iter().map(|piece| (piece.columns, piece.rows)).collect();
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(
            pieces,
            [
                (names(&["c0", "c1"]), Rows::Cells { rows: vec![vec![a.clone(), b.clone()]] }),
                (names(&["c0"]), Rows::Cells { rows: vec![vec![a.clone()], vec![b.clone()]] }),
                (names(&["c0", "c1"]), Rows::Cells { rows: vec![vec![a, b]] }),
            ]
        );
    }

    #[test]
    fn rows_without_columns_go_one_by_one() {
        assert_eq!(insert(0, Rows::Cells { rows: vec![vec![]; 3] }).split(100, 100, true).len(), 3);
    }
}
