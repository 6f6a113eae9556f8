//! The answers together: a [`Database`].

use std::collections::HashMap;

use super::queries::queries;
use super::{columns, indexes, keys, programs};
use crate::dialect::ansi::inspect::Row;
use crate::dialect::catalogue::{Catalogue, CatalogueQuery, CatalogueRows, Inspection};
use crate::dialect::sqlserver::schema::SqlServer;
use crate::error::{Error, Result};
use crate::schema::{Database, LeftOut, Table, TableName};

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
            let (schema, bare) = (required(row, "schema")?, required(row, "table")?);
            let Some(name) = named(&mut self.database, schema.clone(), bare.clone()) else { continue };
            note(&mut self.database, &name, "table", row)?;
            let comment = row.text("comment")?.filter(|comment| !comment.is_empty());
            self.places.insert((schema, bare), self.database.tables.len());
            self.database.tables.push(Table { comment, ..Table::new(name) });
        }
        Ok(())
    }

    /// Where the table is that a row is about; none for one that is left out.
    pub fn place(&self, row: Row<'_>) -> Result<Option<usize>> {
        Ok(self.places.get(&(required(row, "schema")?, required(row, "table")?)).copied())
    }
}

/// The text of a cell that is never `NULL`.
pub(super) fn required(row: Row<'_>, column: &str) -> Result<String> {
    row.text(column)?.ok_or_else(|| Error::internal(format!("a catalogue row has no {column}")))
}

/// The number in a cell.
pub(super) fn number(row: Row<'_>, column: &str) -> Result<Option<i64>> {
    Ok(row.text(column)?.and_then(|text| text.parse().ok()))
}

/// The name that something has in the data; none, and a note, where the data has none for it.
pub(super) fn named(database: &mut Database, schema: String, name: String) -> Option<String> {
    let is_current = database.namespace.as_ref() == Some(&schema);
    if name.contains('.') || !is_current && schema.contains('.') {
        leave_out(database, format!("{schema}.{name}"), "its name holds a dot");
        return None;
    }
    Some(database.name_of(&TableName { schema: Some(schema), name }))
}

/// Notes something that the data cannot say.
pub(super) fn leave_out(database: &mut Database, name: impl Into<String>, reason: impl Into<String>) {
    database.left_out.push(LeftOut { name: name.into(), reason: reason.into() });
}

/// Notes what else the server keeps about something: the words of `more`.
pub(super) fn note(database: &mut Database, name: &str, what: &str, row: Row<'_>) -> Result<()> {
    if let Some(more) = row.text("more")?.filter(|more| !more.is_empty()) {
        leave_out(database, name, format!("that the {what} is {more} cannot be said"));
    }
    Ok(())
}
