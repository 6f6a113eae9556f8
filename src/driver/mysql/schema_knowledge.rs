//! [`SchemaKnowledge`]: which columns are JSON on MariaDB, where the protocol calls them text.
//!
//! MariaDB's `JSON` is `LONGTEXT` with a check `json_valid(column)`. The first statement that reads
//! such a column asks `information_schema` for the checks of its table: one question a table, shared
//! by all connections of the pool, forgotten when one of them runs DDL.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use sqlx::mysql::{MySqlColumn, MySqlConnection};
use sqlx::{Column as _, ColumnOrigin};

use super::layout::may_be_json;

/// A column has the check that the type `JSON` brings, and carries the column's own name.
const QUESTION: &str = "select constraint_name from information_schema.check_constraints \
    where constraint_schema = ? and table_name = ? and level = 'Column' \
    and check_clause = concat('json_valid(`', constraint_name, '`)')";

/// What the connections of one pool have learned of the tables.
#[derive(Debug, Default)]
pub struct SchemaKnowledge {
    json_columns: RefCell<HashMap<String, Rc<[String]>>>,
    generation: Cell<u64>,
}

impl SchemaKnowledge {
    /// Counts how often the schema changed under the connections of this pool.
    #[must_use]
    pub fn generation(&self) -> u64 {
        self.generation.get()
    }

    /// Forgets everything: tables may look different now.
    pub fn forget(&self) {
        self.json_columns.borrow_mut().clear();
        self.generation.set(self.generation.get() + 1);
    }

    /// Whether a column is known to be JSON.
    #[must_use]
    pub fn is_json(&self, column: &MySqlColumn) -> bool {
        let ColumnOrigin::Table(origin) = column.origin() else { return false };
        self.json_columns
            .borrow()
            .get(&*origin.table)
            .is_some_and(|columns| columns.iter().any(|name| **name == *origin.name))
    }

    /// Asks about the tables of those columns that may be JSON and are not known yet.
    ///
    /// # Errors
    /// Those of the connection. A server without such checks has no JSON columns.
    pub async fn learn(&self, columns: &[MySqlColumn], connection: &mut MySqlConnection) -> sqlx::Result<()> {
        for column in columns.iter().filter(|column| may_be_json(column)) {
            let ColumnOrigin::Table(origin) = column.origin() else { continue };
            let table = origin.table.to_string();
            if self.json_columns.borrow().contains_key(&table) {
                continue;
            }
            // sqlx writes `schema.table`; a schema with a dot in its name is not found, its JSON stays text.
            let Some((schema, name)) = table.split_once('.') else { continue };
            let asked = sqlx::query_scalar::<_, String>(QUESTION)
                .bind(schema)
                .bind(name)
                .fetch_all(&mut *connection)
                .await;
            let found = match asked {
                Ok(names) => names,
                Err(sqlx::Error::Database(_)) => Vec::new(),
                Err(error) => return Err(error),
            };
            self.json_columns.borrow_mut().insert(table, found.into());
        }
        Ok(())
    }
}
