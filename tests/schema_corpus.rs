//! The cases of `corpus/schemas`: changes, the statements they become on each database, and that
//! real servers take those statements. `GURUORM_BLESS=1` writes the statements instead of checking
//! them.
//!
//! Servers: `psql` and `mariadb` reach them at 127.0.0.1 (as `postgres` and `root`, no password),
//! `sqlite3` makes files.

#![allow(clippy::unwrap_used, clippy::panic)] // a test ends where something is not as it should be

mod schema_support;

use std::collections::BTreeMap;
use std::path::PathBuf;

use guruorm::config::DriverName;
use guruorm::dialect::schema::{PlanOptions, compile_changes, settle};
use guruorm::error::ErrorCode;
use guruorm::evolve::after;
use guruorm::schema::{Change, Database};
use schema_support::Scratch;
use serde::{Deserialize, Serialize};

const DRIVERS: [(&str, DriverName); 5] = [
    ("postgres", DriverName::Postgres),
    ("mysql", DriverName::MySql),
    ("mariadb", DriverName::MariaDb),
    ("sqlite", DriverName::Sqlite),
    // There is no such server where this is tested.
    ("sqlserver", DriverName::SqlServer),
];

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Case {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    prefix: String,
    changes: serde_json::Value,
    /// Databases that can run the statements, when not all can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    runs_on: Option<Vec<String>>,
    #[serde(default)]
    statements: BTreeMap<String, Outcome>,
}

#[derive(Deserialize, Serialize, Debug, PartialEq)]
#[serde(untagged)]
enum Outcome {
    Statements(Vec<String>),
    Unsupported { unsupported: String },
}

impl Case {
    fn changes(&self) -> Vec<Change> {
        serde_json::from_value(self.changes.clone()).unwrap()
    }

    fn compile(&self, driver: DriverName) -> Outcome {
        let (options, prefix) = (PlanOptions::default(), &self.prefix);
        let empty = Database { driver: driver.as_str().to_owned(), ..Database::default() };
        let current = after(&empty, &settle(&given(), driver, prefix, &options)).unwrap();
        match compile_changes(&self.changes(), driver, prefix, &options, Some(&current)) {
            Ok(statements) => Outcome::Statements(statements),
            Err(error) => {
                assert_eq!(error.code, ErrorCode::Unsupported, "{error}");
                Outcome::Unsupported { unsupported: error.message }
            }
        }
    }
}

fn cases() -> Vec<(PathBuf, Case)> {
    let mut paths: Vec<_> =
        std::fs::read_dir("corpus/schemas").unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.is_file());
    paths.sort();
    assert!(paths.len() > 20, "the corpus is not where it should be");
    paths
        .into_iter()
        .map(|path| (path.clone(), serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()))
        .collect()
}

fn given() -> Vec<Change> {
    serde_json::from_str(&std::fs::read_to_string("corpus/schemas/given/tables.json").unwrap()).unwrap()
}

#[test]
fn changes_become_the_statements_of_each_database() {
    let is_blessing = std::env::var_os("GURUORM_BLESS").is_some();
    for (path, mut case) in cases() {
        for (name, driver) in DRIVERS {
            let outcome = case.compile(driver);
            if is_blessing {
                case.statements.insert(name.to_owned(), outcome);
            } else {
                assert_eq!(case.statements.get(name), Some(&outcome), "{} on {name}", path.display());
            }
        }
        if is_blessing {
            std::fs::write(path, serde_json::to_string_pretty(&case).unwrap() + "\n").unwrap();
        }
    }
}

#[test]
fn the_statements_run_on_postgres() {
    run_every_case(&Scratch::postgres("corpus"), "postgres", DriverName::Postgres);
}

#[test]
fn the_statements_run_on_mariadb() {
    run_every_case(&Scratch::mariadb("corpus"), "mariadb", DriverName::MariaDb);
}

#[test]
fn the_statements_run_on_sqlite() {
    run_every_case(&Scratch::sqlite("corpus"), "sqlite", DriverName::Sqlite);
}

/// Runs each case in an empty database that holds the given tables it does not make itself.
fn run_every_case(scratch: &Scratch, name: &str, driver: DriverName) {
    for (path, case) in cases() {
        let Some(Outcome::Statements(statements)) = case.statements.get(name) else { continue };
        if case.runs_on.as_ref().is_some_and(|names| !names.iter().any(|runs_on| runs_on == name)) {
            continue;
        }
        let made: Vec<_> = case
            .changes()
            .iter()
            .filter(|change| matches!(change, Change::CreateTable { .. }))
            .filter_map(|change| change.table().map(str::to_owned))
            .collect();
        let given: Vec<_> = given()
            .into_iter()
            .filter(|change| !made.iter().any(|table| change.table() == Some(table)))
            .collect();
        scratch.empty();
        let mut all = compile_changes(&given, driver, "", &PlanOptions::default(), None).unwrap();
        all.extend_from_slice(statements);
        if let Err(message) = scratch.run(&all) {
            panic!("{} on {name}: {message}", path.display());
        }
    }
}
