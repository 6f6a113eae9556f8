//! PostgreSQL's catalogue read back: what is described, created and inspected is the same.

#![allow(clippy::unwrap_used, clippy::panic)] // a test ends where something is not as it should be

mod schema_support;

#[path = "schema_catalogue_postgres/by_hand.rs"]
mod by_hand;
#[path = "schema_catalogue_postgres/changes.rs"]
mod changes;
#[path = "schema_catalogue_postgres/columns.rs"]
mod columns;
#[path = "schema_catalogue_postgres/indexes.rs"]
mod indexes;
#[path = "schema_catalogue_postgres/keys.rs"]
mod keys;
#[path = "schema_catalogue_postgres/whole.rs"]
mod whole;

use guruorm::dialect::catalogue::{CatalogueRows, Inspection, catalogue};
use guruorm::dialect::schema::{PlanOptions, compile_changes};
use guruorm::evolve::normalize;
use guruorm::evolve::normalize::settled;
use guruorm::schema::{Change, Database, Table};
use schema_support::Scratch;
use serde_json::{Value, json};

fn table(description: &Value) -> Table {
    let mut description = description.clone();
    description.as_object_mut().unwrap().entry("name").or_insert(json!(""));
    serde_json::from_value(description).unwrap()
}

fn run(scratch: &Scratch, sql: &[&str]) {
    scratch.run(&sql.iter().map(|sql| (*sql).to_owned()).collect::<Vec<_>>()).unwrap();
}

fn inspect(scratch: &Scratch, inspection: &Inspection) -> Database {
    let catalogue = catalogue(scratch.driver());
    let mut rows = CatalogueRows::default();
    for query in catalogue.queries(inspection) {
        rows.insert(query.about, scratch.rows(&query.sql, &query.texts));
    }
    catalogue.read(inspection, &rows).unwrap()
}

/// As `Scratch::round_trip`, of many tables at once.
fn round_trips(scratch: &Scratch, tables: &[Value]) {
    let (driver, options) = (scratch.driver(), PlanOptions::default());
    let name = |mut described: Table, at: usize| {
        described.name = format!("t{at}");
        described
    };
    let tables: Vec<_> =
        tables.iter().enumerate().map(|(at, described)| name(table(described), at)).collect();
    let made: Vec<_> = tables.iter().map(|table| Change::CreateTable { table: table.clone() }).collect();
    scratch.run(&compile_changes(&made, driver, "", &options, None).unwrap()).unwrap();
    let found = scratch.inspect();
    for described in tables {
        let wanted =
            normalize(&settled(&described, driver, "", &options).unwrap(), driver, &options).unwrap();
        let found = normalize(found.table(&described.name).unwrap(), driver, &options).unwrap();
        assert_eq!(found, wanted);
        assert_eq!(normalize(&found, driver, &options).unwrap(), found);
    }
}

fn reasons<'d>(database: &'d Database, name: &str) -> Vec<&'d str> {
    database.left_out.iter().filter(|entry| entry.name == name).map(|entry| entry.reason.as_str()).collect()
}

fn changes(description: &Value) -> Vec<Change> {
    serde_json::from_value(description.clone()).unwrap()
}

/// Applies changes as the engine does: with the database as it is.
fn apply(scratch: &Scratch, description: &Value) -> Vec<String> {
    let current = scratch.inspect();
    let statements =
        compile_changes(&changes(description), scratch.driver(), "", &PlanOptions::default(), Some(&current))
            .unwrap();
    scratch.run(&statements).unwrap_or_else(|error| panic!("{statements:#?}: {error}"));
    statements
}
