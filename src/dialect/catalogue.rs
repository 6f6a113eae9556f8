//! [`Catalogue`]: a whole database from its catalogue, with a fixed number of questions.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use super::ansi::inspect::Row;
use super::{mysql, postgres, sqlite, sqlserver};
use crate::config::DriverName;
use crate::error::{Error, Result};
use crate::schema::Database;

/// What of a database is inspected.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Inspection {
    /// The namespaces; empty is the current one.
    pub namespaces: Vec<String>,
    /// The tables, by the names that [`Database`] gives them; empty is all.
    pub tables: Vec<String>,
}

/// A question to the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueQuery {
    /// What it asks about.
    pub about: &'static str,
    /// Its SQL, with `?`.
    pub sql: String,
    /// The texts to bind.
    pub texts: Vec<String>,
}

/// The answers, by what they are about.
#[derive(Debug, Default)]
pub struct CatalogueRows(HashMap<&'static str, Vec<Value>>);

impl CatalogueRows {
    /// Takes the rows of an answer, each an object of the statement's columns.
    pub fn insert(&mut self, about: &'static str, rows: Vec<Value>) {
        self.0.insert(about, rows);
    }

    /// The rows of an answer.
    ///
    /// # Errors
    /// `Internal` when it was not asked, or a row is no object.
    pub fn about(&self, about: &str) -> Result<Vec<Row<'_>>> {
        let rows = self.0.get(about).ok_or_else(|| Error::internal(format!("no answer about {about}")))?;
        rows.iter().map(Row::new).collect()
    }
}

/// How a database is asked for everything it holds.
pub trait Catalogue {
    /// The questions; their number does not depend on what is there. At most 12.
    fn queries(&self, inspection: &Inspection) -> Vec<CatalogueQuery>;

    /// The catalogue that the server has after all, by its answer to the first question, where another
    /// kind of server speaks the same protocol. Its first question is the same.
    ///
    /// # Errors
    /// `Internal` for rows of another statement.
    fn other(&self, _rows: &CatalogueRows) -> Result<Option<&'static dyn Catalogue>> {
        Ok(None)
    }

    /// What the answers mean.
    ///
    /// # Errors
    /// `Internal` for rows of other statements.
    fn read(&self, inspection: &Inspection, rows: &CatalogueRows) -> Result<Database>;
}

/// The questions that tell everything about a database.
#[must_use]
pub fn catalogue(driver: DriverName) -> &'static dyn Catalogue {
    match driver {
        DriverName::Postgres => &postgres::schema::Postgres,
        DriverName::MySql => &mysql::catalogue::MYSQL,
        DriverName::MariaDb => &mysql::catalogue::MARIADB,
        DriverName::Sqlite => &sqlite::schema::Sqlite,
        DriverName::SqlServer => &sqlserver::schema::SqlServer,
    }
}
