//! Questions to the catalogue, and how their answers are read.
//!
//! Each dialect's `inspect.rs` holds the SQL. It names its columns as [`answer`] reads them, and
//! gives one row for each column of an index or key, in order.

use std::str::FromStr;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::table::Scope;
use crate::config::DriverName;
use crate::dialect::schema::PlanOptions;
use crate::dialect::{mysql, postgres, sqlite, sqlserver};
use crate::error::{Error, Result};
use crate::json::tagged;

/// What the catalogue is asked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
pub enum Question {
    /// Whether there is such a table. A view is none.
    HasTable {
        /// Its name, without the prefix.
        table: String,
    },
    /// The tables, by namespace and name.
    Tables {
        /// Only those of this namespace.
        #[serde(default)]
        schema: Option<String>,
        /// Only those of the current namespace.
        #[serde(default)]
        current: bool,
    },
    /// The views, by namespace and name.
    Views {
        /// Only those of this namespace.
        #[serde(default)]
        schema: Option<String>,
        /// Only those of the current namespace.
        #[serde(default)]
        current: bool,
    },
    /// The types that users made, by namespace and name (PostgreSQL and SQL Server only).
    Types {
        /// Only those of this namespace.
        #[serde(default)]
        schema: Option<String>,
        /// Only those of the current namespace.
        #[serde(default)]
        current: bool,
    },
    /// The namespaces that are not the server's own, by name.
    Schemas,
    /// The namespaces in which names without one are looked up, in order.
    CurrentSchemas,
    /// The columns of a table, in order.
    Columns {
        /// Its name, without the prefix.
        table: String,
    },
    /// The indexes of a table.
    Indexes {
        /// Its name, without the prefix.
        table: String,
    },
    /// The foreign keys of a table.
    ForeignKeys {
        /// Its name, without the prefix.
        table: String,
    },
}

tagged!(Question, "ask");

impl Question {
    /// Reads `{"ask": "columns", "table": "users"}`.
    ///
    /// # Errors
    /// `InvalidArgument` for anything else.
    pub fn parse(text: &str) -> Result<Self> {
        serde_json::from_str(text)
            .map_err(|error| Error::invalid(format!("the question to the catalogue cannot be read: {error}")))
    }
}

/// The statement that asks: SQL with `?`, and the texts to bind.
///
/// # Errors
/// `Unsupported` for what the database does not have.
pub fn question(question: &Question, driver: DriverName, prefix: &str) -> Result<(String, Vec<String>)> {
    let options = PlanOptions::default();
    let scope = Scope { driver, prefix, options: &options };
    let has_types = matches!(driver, DriverName::Postgres | DriverName::SqlServer);
    if matches!(question, Question::Types { .. }) && !has_types {
        return Err(Error::unsupported("types of its users", driver.label()));
    }
    match driver {
        DriverName::Postgres => Ok(postgres::inspect::question(question, &scope)),
        DriverName::MySql | DriverName::MariaDb => Ok(mysql::inspect::question(question, &scope)),
        DriverName::Sqlite => Ok(sqlite::inspect::question(question, &scope)),
        DriverName::SqlServer => Ok(sqlserver::inspect::question(question, &scope)),
    }
}

/// What the rows mean; each row an object of the statement's columns.
///
/// | question | answer |
/// |---|---|
/// | `hasTable` | boolean |
/// | `tables` | `[{name, schema, size, comment, collation, engine}]` |
/// | `views` | `[{name, schema, definition}]` |
/// | `types` | `[{name, schema, type, category}]` |
/// | `schemas` | `[{name, path, default}]` |
/// | `currentSchemas` | `[name]` |
/// | `columns` | `[{name, type_name, type, collation, nullable, default, auto_increment, comment, generation}]` |
/// | `indexes` | `[{name, columns, type, unique, primary}]` |
/// | `foreignKeys` | `[{name, columns, foreign_schema, foreign_table, foreign_columns, on_update, on_delete}]` |
///
/// # Errors
/// `Internal` for rows without the columns that the statement selects.
pub fn answer(question: &Question, driver: DriverName, rows: &[Value]) -> Result<Value> {
    let rows = rows.iter().map(Row::new).collect::<Result<Vec<_>>>()?;
    match question {
        Question::HasTable { .. } => Ok(Value::Bool(!rows.is_empty())),
        Question::Tables { .. } => rows.iter().copied().map(table).collect(),
        Question::Views { .. } => {
            rows.iter().map(|row| texts(*row, &["name", "schema", "definition"])).collect()
        }
        Question::Types { .. } => {
            rows.iter().map(|row| texts(*row, &["name", "schema", "type", "category"])).collect()
        }
        Question::Schemas => rows
            .iter()
            .map(|row| {
                let mut schema = texts(*row, &["name", "path"])?;
                schema["default"] = Value::Bool(row.is_true("default")?);
                Ok(schema)
            })
            .collect(),
        // A connection without a database has no namespace: `NULL`.
        Question::CurrentSchemas => {
            let names = rows.iter().map(|row| row.text("name")).collect::<Result<Vec<_>>>()?;
            Ok(json!(names.into_iter().flatten().collect::<Vec<_>>()))
        }
        Question::Columns { .. } => rows
            .iter()
            .map(|row| match driver {
                DriverName::Postgres => postgres::inspect::column(row),
                DriverName::MySql | DriverName::MariaDb => mysql::inspect::column(row),
                DriverName::Sqlite => sqlite::inspect::column(row),
                DriverName::SqlServer => sqlserver::inspect::column(row),
            })
            .collect(),
        Question::Indexes { .. } => group(&rows, &["type", "unique", "primary"], &["column"], &["columns"]),
        Question::ForeignKeys { .. } => group(
            &rows,
            &["foreign_schema", "foreign_table", "on_update", "on_delete"],
            &["column", "foreign_column"],
            &["columns", "foreign_columns"],
        ),
    }
}

/// One row of an answer.
#[derive(Debug, Clone, Copy)]
pub struct Row<'r>(&'r Map<String, Value>);

impl<'r> Row<'r> {
    /// A row, which is an object.
    ///
    /// # Errors
    /// `Internal` for anything else.
    pub fn new(row: &'r Value) -> Result<Self> {
        row.as_object().map(Self).ok_or_else(|| Error::internal("a catalogue row is not an object"))
    }

    /// The cell of a column.
    ///
    /// # Errors
    /// `Internal` when the row lacks it.
    pub fn cell(&self, column: &str) -> Result<&'r Value> {
        self.0.get(column).ok_or_else(|| Error::internal(format!("a catalogue row has no {column}")))
    }

    /// The text of a cell; none for `NULL`.
    ///
    /// # Errors
    /// As [`Self::cell`].
    pub fn text(&self, column: &str) -> Result<Option<String>> {
        Ok(match self.cell(column)? {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        })
    }

    /// The text of a cell that is never `NULL`.
    ///
    /// # Errors
    /// As [`Self::cell`], and `Internal` where it is `NULL` after all.
    pub fn required(&self, column: &str) -> Result<String> {
        self.text(column)?.ok_or_else(|| Error::internal(format!("a catalogue row has no {column}")))
    }

    /// The number in a cell; none for anything else.
    ///
    /// # Errors
    /// As [`Self::cell`].
    pub fn number<N: FromStr>(&self, column: &str) -> Result<Option<N>> {
        Ok(self.text(column)?.and_then(|text| text.parse().ok()))
    }

    /// Whether a cell is true, as each database says it.
    ///
    /// # Errors
    /// As [`Self::cell`].
    pub fn is_true(&self, column: &str) -> Result<bool> {
        Ok(match self.cell(column)? {
            Value::Bool(value) => *value,
            Value::Number(value) => value.as_f64() != Some(0.0),
            Value::String(value) => matches!(value.as_str(), "1" | "t" | "true" | "YES"),
            _ => false,
        })
    }
}

fn table(row: Row<'_>) -> Result<Value> {
    let size = row.text("size")?.and_then(|size| size.parse::<u64>().ok());
    Ok(json!({
        "name": row.text("name")?,
        "schema": row.text("schema")?,
        "size": size,
        "comment": row.text("comment")?.filter(|comment| !comment.is_empty()),
        "collation": row.text("collation")?,
        "engine": row.text("engine")?,
    }))
}

/// The text of some cells.
fn texts(row: Row<'_>, columns: &[&str]) -> Result<Value> {
    let cell = |column: &&str| Ok(((*column).to_owned(), json!(row.text(column)?)));
    Ok(Value::Object(columns.iter().map(cell).collect::<Result<_>>()?))
}

/// Rows with the same name (or `id`, where names are missing) become one object: `shared` cells
/// from the first row, a list of the others.
fn group(rows: &[Row<'_>], shared: &[&str], listed: &[&str], lists: &[&str]) -> Result<Value> {
    let mut objects: Vec<Value> = Vec::new();
    let mut last: Option<&Value> = None;
    for row in rows {
        let id = row.cell("id")?;
        if last != Some(id) {
            let mut object = Map::new();
            object.insert("name".to_owned(), row.cell("name")?.clone());
            for list in lists {
                object.insert((*list).to_owned(), json!([]));
            }
            for column in shared {
                let cell = match *column {
                    "unique" | "primary" => Value::Bool(row.is_true(column)?),
                    "type" | "on_update" | "on_delete" => {
                        json!(row.text(column)?.map(|text| text.to_lowercase()))
                    }
                    _ => json!(row.text(column)?),
                };
                object.insert((*column).to_owned(), cell);
            }
            objects.push(Value::Object(object));
            last = Some(id);
        }
        for (column, list) in listed.iter().zip(lists) {
            // An index on an expression has no column name there.
            if let (Some(name), Some(Value::Array(names))) =
                (row.text(column)?, objects.last_mut().and_then(|object| object.get_mut(*list)))
            {
                names.push(Value::String(name));
            }
        }
    }
    Ok(Value::Array(objects))
}
