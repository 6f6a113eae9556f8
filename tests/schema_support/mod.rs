//! Scratch databases, reached by the servers' own command lines.
#![allow(dead_code)] // each test file uses a part
#![allow(clippy::panic)] // a test ends where something is not as it should be

use std::io::Write;
use std::process::{Command, Stdio};

use guruorm::config::DriverName;
use guruorm::dialect::catalogue::{CatalogueRows, Inspection, catalogue};
use guruorm::dialect::schema::{PlanOptions, compile_changes};
use guruorm::evolve::normalize;
use guruorm::evolve::normalize::settled;
use guruorm::schema::{Change, Database, Table};
use serde_json::Value;

/// An empty database, gone when dropped.
pub struct Scratch {
    name: String,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Postgres,
    MariaDb,
    Sqlite,
}

impl Scratch {
    pub fn postgres(name: &str) -> Self {
        Self::make(name, Kind::Postgres)
    }

    pub fn mariadb(name: &str) -> Self {
        Self::make(name, Kind::MariaDb)
    }

    pub fn sqlite(name: &str) -> Self {
        Self::make(name, Kind::Sqlite)
    }

    fn make(name: &str, kind: Kind) -> Self {
        let scratch = Self { name: format!("gu_schema_{name}_{}", std::process::id()), kind };
        if kind != Kind::Sqlite {
            client(kind, None).run(&format!("create database {};", scratch.name)).unwrap();
        }
        scratch
    }

    /// Removes everything that is in it.
    pub fn empty(&self) {
        match self.kind {
            Kind::Postgres => {
                self.run(&["drop schema public cascade".into(), "create schema public".into()]).unwrap();
            }
            Kind::MariaDb => {
                let sql = format!("drop database {0}; create database {0};", self.name);
                client(self.kind, None).run(&sql).map(drop).unwrap();
            }
            Kind::Sqlite => drop(std::fs::remove_file(self.path())),
        }
    }

    /// Runs statements on one connection, up to the first failure. Foreign keys are checked.
    pub fn run(&self, statements: &[String]) -> Result<(), String> {
        let mut sql = String::new();
        if self.kind == Kind::Sqlite {
            sql.push_str("pragma foreign_keys = 1;\n");
        }
        for statement in statements {
            sql.push_str(statement.trim_end_matches(';'));
            sql.push_str(";\n");
        }
        self.client().run(&sql).map(drop)
    }

    /// The rows of one statement with `?` for values, as JSON objects.
    pub fn rows(&self, sql: &str, values: &[String]) -> Vec<Value> {
        let mut values = values.iter();
        let mut parts = sql.split('?');
        let mut bound = parts.next().unwrap().to_owned();
        for part in parts {
            bound =
                format!("{bound}'{}'{part}", values.next().expect("a value for each ?").replace('\'', "''"));
        }
        assert!(values.next().is_none(), "more values than ?");
        let sql = match self.kind {
            Kind::Postgres => format!("select coalesce(json_agg(row_to_json(q)), '[]') from ({bound}) q;"),
            _ => format!("{bound};"),
        };
        let output = self.client().run(&sql).unwrap();
        match self.kind {
            Kind::MariaDb => table_of(&output),
            _ if output.trim().is_empty() => Vec::new(),
            _ => serde_json::from_str(&output).unwrap(),
        }
    }

    /// The database that this is for the engine.
    pub fn driver(&self) -> DriverName {
        match self.kind {
            Kind::Postgres => DriverName::Postgres,
            Kind::MariaDb => DriverName::MariaDb,
            Kind::Sqlite => DriverName::Sqlite,
        }
    }

    /// What the catalogue says of everything in it.
    pub fn inspect(&self) -> Database {
        self.inspect_only(&Inspection::default())
    }

    /// What the catalogue says of a part of it.
    pub fn inspect_only(&self, inspection: &Inspection) -> Database {
        let catalogue = catalogue(self.driver());
        let mut rows = CatalogueRows::default();
        let queries = catalogue.queries(inspection);
        assert!(queries.len() <= 12, "{} questions", queries.len());
        for query in queries {
            rows.insert(query.about, self.rows(&query.sql, &query.texts));
        }
        let database = catalogue.read(inspection, &rows).unwrap();
        Database { driver: self.driver().as_str().to_owned(), ..database }
    }

    /// Creates a table for real, and compares what the catalogue says with what was described.
    pub fn round_trip(&self, described: &Table) {
        let driver = self.driver();
        let options = PlanOptions { storage: self.inspect().storage, ..PlanOptions::default() };
        let change = Change::CreateTable { table: described.clone() };
        let statements = compile_changes(&[change], driver, "", &options, None).unwrap();
        self.run(&statements).unwrap_or_else(|error| panic!("{statements:#?}: {error}"));
        let settled = settled(described, driver, "", &options).unwrap();
        let wanted = normalize(&settled, driver, &options).unwrap();
        let found = self.inspect();
        let found = found.table(&settled.name).unwrap_or_else(|| panic!("{} is not found", settled.name));
        let found = normalize(found, driver, &options).unwrap();
        let text = |table: &Table| serde_json::to_string_pretty(table).unwrap();
        let differing: Vec<_> = (text(&found).lines().zip(text(&wanted).lines()))
            .filter(|(found, wanted)| found != wanted)
            .map(|(found, wanted)| format!("found {}, wanted {}", found.trim(), wanted.trim()))
            .collect();
        assert!(found == wanted, "{statements:#?}: {differing:#?}");
        assert_eq!(normalize(&found, driver, &options).unwrap(), found, "its normal form is no normal form");
    }

    fn client(&self) -> Client {
        let database = if self.kind == Kind::Sqlite { self.path() } else { self.name.clone() };
        client(self.kind, Some(&database))
    }

    fn path(&self) -> String {
        std::env::temp_dir().join(format!("{}.sqlite", self.name)).to_string_lossy().into_owned()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if self.kind == Kind::Sqlite {
            let _ = std::fs::remove_file(self.path());
        } else {
            let _ = client(self.kind, None).run(&format!("drop database if exists {};", self.name));
        }
    }
}

struct Client(Command);

fn client(kind: Kind, database: Option<&str>) -> Client {
    let (program, fixed, empty): (&str, &[&str], &str) = match kind {
        Kind::Postgres => (
            "psql",
            &["-h", "127.0.0.1", "-U", "postgres", "-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1"],
            "postgres",
        ),
        Kind::MariaDb => ("mariadb", &["-h", "127.0.0.1", "-u", "root", "--batch"], "mysql"),
        Kind::Sqlite => ("sqlite3", &["-bail", "-json"], ":memory:"),
    };
    let mut command = Command::new(program);
    command.args(fixed).arg(database.unwrap_or(empty));
    Client(command)
}

impl Client {
    fn run(mut self, sql: &str) -> Result<String, String> {
        let mut child =
            self.0.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(
                |error| format!("{} is needed for this test: {error}", self.0.get_program().display()),
            )?;
        let _ = child.stdin.take().unwrap().write_all(sql.as_bytes());
        let output = child.wait_with_output().unwrap();
        if output.status.success() {
            Ok(String::from_utf8(output.stdout).unwrap())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }
}

/// `mariadb --batch`: names, then rows, with tabs between them and special characters escaped.
fn table_of(output: &str) -> Vec<Value> {
    let mut lines = output.lines().map(|line| line.split('\t'));
    let Some(names) = lines.next().map(Iterator::collect::<Vec<_>>) else { return Vec::new() };
    let cell = |text: &str| if text == "NULL" { Value::Null } else { Value::String(unescaped(text)) };
    lines
        .map(|cells| names.iter().zip(cells).map(|(name, text)| ((*name).to_owned(), cell(text))).collect())
        .collect()
}

fn unescaped(cell: &str) -> String {
    let mut rest = cell.chars();
    let mut text = String::new();
    while let Some(character) = rest.next() {
        match (character, if character == '\\' { rest.next() } else { None }) {
            ('\\', Some('n')) => text.push('\n'),
            ('\\', Some('t')) => text.push('\t'),
            ('\\', Some('0')) => text.push('\0'),
            ('\\', Some(next)) => text.push(next),
            _ => text.push(character),
        }
    }
    text
}
