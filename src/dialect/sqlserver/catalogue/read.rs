//! The answers together: a [`Database`].

use std::collections::HashMap;

use super::queries::queries;
use super::{columns, indexes, keys, programs};
use crate::dialect::ansi::inspect::Row;
use crate::dialect::catalogue::{Catalogue, CatalogueQuery, CatalogueRows, Inspection};
use crate::dialect::sqlserver::schema::SqlServer;
use crate::error::Result;
use crate::schema::{Database, Table};

impl Catalogue for SqlServer {
    fn queries(&self, inspection: &Inspection) -> Vec<CatalogueQuery> {
        queries(inspection)
    }

    fn read(&self, inspection: &Inspection, rows: &CatalogueRows) -> Result<Database> {
        let mut reading = Reading::new(rows)?;
        reading.tables(rows)?;
        columns::read(&mut reading, rows)?;
        indexes::read(&mut reading, rows)?;
        keys::read_foreign_keys(&mut reading, rows)?;
        keys::read_checks(&mut reading, rows)?;
        indexes::note_numbers_without_key(&mut reading);
        let mut database = reading.database;
        if inspection.tables.is_empty() {
            programs::read(&mut database, rows)?;
        }
        database.tables.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(database)
    }
}

/// A database that is being read.
pub(super) struct Reading {
    pub database: Database,
    places: HashMap<(String, String), usize>,
}

impl Reading {
    fn new(rows: &CatalogueRows) -> Result<Self> {
        let mut database = Database { format: Database::FORMAT, ..Database::default() };
        for row in rows.about("server")? {
            database.server_version = row.text("version")?.unwrap_or_default();
            database.namespace = row.text("namespace")?;
            database.storage.collation = row.text("collation")?;
        }
        Ok(Self { database, places: HashMap::new() })
    }

    fn tables(&mut self, rows: &CatalogueRows) -> Result<()> {
        for row in rows.about("tables")? {
            let (schema, bare) = (row.required("schema")?, row.required("table")?);
            let Some(name) = self.database.named(schema.clone(), bare.clone()) else { continue };
            note(&mut self.database, &name, "table", row)?;
            let comment = row.text("comment")?.filter(|comment| !comment.is_empty());
            self.places.insert((schema, bare), self.database.tables.len());
            self.database.tables.push(Table { comment, ..Table::new(name) });
        }
        Ok(())
    }

    /// Where the table is that a row is about; none for one that is left out.
    pub fn place(&self, row: Row<'_>) -> Result<Option<usize>> {
        Ok(self.places.get(&(row.required("schema")?, row.required("table")?)).copied())
    }
}

/// Notes what else the server keeps about something: the words of `more`.
pub(super) fn note(database: &mut Database, name: &str, what: &str, row: Row<'_>) -> Result<()> {
    if let Some(more) = row.text("more")?.filter(|more| !more.is_empty()) {
        database.leave_out(name, format!("that the {what} is {more} cannot be said"));
    }
    Ok(())
}
