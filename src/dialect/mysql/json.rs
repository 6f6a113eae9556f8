//! JSON of MySQL and MariaDB: paths, conditions, changes.

use super::MySql;
use crate::ast::{JsonCell, JsonKind};
use crate::dialect::ansi::operand::operand;
use crate::dialect::{JsonChange, JsonPath, SqlWriter};
use crate::error::Result;

impl MySql {
    /// ``json_extract(`meta`, '$."lang"')``
    pub(super) fn extract(self, path: &JsonPath<'_>, sql: &mut SqlWriter<'_>) -> Result<()> {
        sql.push("json_extract(").plain_column(path.column)?;
        self.then_path(path, sql);
        sql.push(")");
        Ok(())
    }

    /// Writes `, '$."lang"'`; nothing for a whole column.
    pub(super) fn then_path(self, path: &JsonPath<'_>, sql: &mut SqlWriter<'_>) {
        if path.steps.is_empty() {
            return;
        }
        let text = path.dollar_path(if self.is_mariadb { minus } else { last_minus });
        // A backslash would escape the quote after it.
        sql.push(", ").literal(&text.replace('\\', "\\\\"));
    }

    /// ``json_set(`meta`, '$."lang"', ?)``, one around the other for several changes.
    pub(super) fn json_set(self, changes: &[JsonChange<'_>], sql: &mut SqlWriter<'_>) -> Result<()> {
        for _ in changes {
            sql.push("json_set(");
        }
        for (at, change) in changes.iter().enumerate() {
            if at == 0 {
                sql.plain_column(change.path.column)?;
            }
            self.then_path(&change.path, sql);
            sql.push(", ");
            self.json_cell(change.value, sql)?;
            sql.push(")");
        }
        Ok(())
    }

    /// Writes a new value, so that `json_set` knows what it is.
    fn json_cell(self, cell: &JsonCell, sql: &mut SqlWriter<'_>) -> Result<()> {
        let value = match cell {
            JsonCell::Operand(value) => return operand(value, sql),
            JsonCell::Value(value) => value,
        };
        match value.kind {
            JsonKind::True => sql.push("true"),
            JsonKind::False => sql.push("false"),
            JsonKind::Scalar | JsonKind::Null => sql.bind(value.value),
            // MariaDB has no type `json` to cast to; what a JSON function answers is JSON.
            JsonKind::Composite if self.is_mariadb => sql.push("json_compact(").bind(value.json).push(")"),
            JsonKind::Composite => sql.push("cast(").bind(value.json).push(" as json)"),
        };
        Ok(())
    }
}

/// MariaDB counts from the end with a minus.
fn minus(place: &str) -> String {
    format!("-{place}")
}

/// MySQL counts from the last element: `last`, `last-1`.
fn last_minus(place: &str) -> String {
    match place.parse::<u64>() {
        Ok(1) => "last".into(),
        Ok(place) => format!("last-{}", place.saturating_sub(1)),
        Err(_) => format!("last-{place}"),
    }
}
