//! The cases of `corpus/queries`: one query, its values, and the SQL of every database.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use guruorm::config::DriverName;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The databases by the names that the corpus has for them. MariaDB may be left out of a case: it
/// is then expected to get MySQL's SQL.
pub const DATABASES: [(&str, DriverName); 5] = [
    ("pgsql", DriverName::Postgres),
    ("mysql", DriverName::MySql),
    ("mariadb", DriverName::MariaDb),
    ("sqlite", DriverName::Sqlite),
    ("sqlserver", DriverName::SqlServer),
];

/// One file.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The query as the builder sends it.
    pub query: Value,
    /// Its values, by place.
    pub values: Vec<Value>,
    /// Put before the names of tables.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub prefix: String,
    /// What each database gets.
    pub sql: BTreeMap<String, Expected>,
}

/// What a database gets.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Expected {
    /// A statement whose placeholders take the values in their order.
    Sql(String),
    /// A statement whose placeholders take them otherwise.
    Reordered {
        /// The statement.
        sql: String,
        /// The place of each placeholder's value.
        order: Vec<u32>,
    },
    /// A refusal.
    Refused {
        /// The message.
        refused: String,
    },
}

impl Case {
    /// What this database is expected to get.
    pub fn expected(&self, database: &str) -> Option<&Expected> {
        let own = self.sql.get(database);
        if database == "mariadb" { own.or_else(|| self.sql.get("mysql")) } else { own }
    }
}

/// Every case with its path.
pub fn cases() -> Vec<(PathBuf, Case)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/queries");
    let mut files = Vec::new();
    collect(&folder, &mut files);
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).expect("a readable case");
            let case = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()));
            (path, case.expect("a well-formed case"))
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "json") {
            files.push(path);
        }
    }
}
