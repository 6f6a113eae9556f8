//! What `MariaDB`'s catalogue says of a table is what was described.

#![allow(clippy::unwrap_used, clippy::panic, clippy::too_many_lines)] // a test ends where something is not as it should be

#[path = "support/executor.rs"]
mod executor;
mod schema_support;

#[path = "schema_catalogue_mysql/columns.rs"]
mod columns;
#[path = "schema_catalogue_mysql/differences.rs"]
mod differences;
#[path = "schema_catalogue_mysql/indexes.rs"]
mod indexes;
#[path = "schema_catalogue_mysql/keys.rs"]
mod keys;
#[path = "schema_catalogue_mysql/types.rs"]
mod types;
#[path = "schema_catalogue_mysql/whole.rs"]
mod whole;

use guruorm::config::DriverName;
use guruorm::dialect::schema::PlanOptions;
use guruorm::dialect::schema::compile_changes;
use guruorm::schema::Change;
use guruorm::schema::Column;
use guruorm::schema::Table;
use serde_json::Value;
use serde_json::json;

fn table(described: &Value) -> Table {
    serde_json::from_value(described.clone()).unwrap()
}

fn column(described: &Value) -> Column {
    serde_json::from_value(described.clone()).unwrap()
}

/// A table of these columns, each with a name of its own.
fn of_columns(name: &str, columns: &[Value]) -> Table {
    let mut made = Table::new(name);
    for (at, described) in columns.iter().enumerate() {
        let mut described = described.clone();
        described["name"] = json!(format!("c{at}"));
        made.columns.push(column(&described));
    }
    made
}

fn raw(sql: &str) -> Value {
    json!({"kind": "raw", "sql": sql})
}

fn value(value: impl Into<Value>) -> Value {
    json!({"kind": "value", "value": value.into()})
}

fn text(length: u32) -> Value {
    json!({"kind": "string", "length": length})
}

fn refused(changes: &Value) -> guruorm::error::Error {
    let changes: Vec<Change> = serde_json::from_value(changes.clone()).unwrap();
    compile_changes(&changes, DriverName::MariaDb, "", &PlanOptions::default(), None).unwrap_err()
}
