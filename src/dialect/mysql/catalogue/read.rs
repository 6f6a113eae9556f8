//! The answers together: a [`Database`].

use std::collections::HashMap;

use super::programs::{routines, triggers, views};
use super::queries::queries;
use super::{MARIADB, MYSQL, MySqlCatalogue, columns, indexes, keys};
use crate::dialect::ansi::inspect::Row;
use crate::dialect::catalogue::{Catalogue, CatalogueQuery, CatalogueRows, Inspection};
use crate::error::Result;
use crate::schema::{Database, Definition, Storage, Table, TableOptions};

impl Catalogue for MySqlCatalogue {
    fn queries(&self, inspection: &Inspection) -> Vec<CatalogueQuery> {
        queries(inspection, self.is_mariadb)
    }

    /// Many connect to MariaDB as `mysql`.
    fn other(&self, rows: &CatalogueRows) -> Result<Option<&'static dyn Catalogue>> {
        let Some(row) = rows.about("server")?.first().copied() else { return Ok(None) };
        let is_mariadb = row.required("version")?.to_lowercase().contains("mariadb");
        let other: &'static dyn Catalogue = if is_mariadb { &MARIADB } else { &MYSQL };
        Ok((is_mariadb != self.is_mariadb).then_some(other))
    }

    fn read(&self, inspection: &Inspection, rows: &CatalogueRows) -> Result<Database> {
        let mut database = server(rows)?;
        let mut found = tables(&mut database, inspection, rows)?;
        columns::read(&mut found, rows, self.is_mariadb)?;
        indexes::read(&mut found, &mut database, rows)?;
        keys::read_foreign_keys(&mut found, &mut database, rows)?;
        keys::read_checks(&mut found, &mut database, rows, self.is_mariadb)?;
        database.tables = found.tables;
        if inspection.tables.is_empty() {
            views(&mut database, rows)?;
            triggers(&mut database, rows)?;
            routines(&mut database, rows)?;
        }
        database.tables.sort_by(|one, other| one.name.cmp(&other.name));
        database.sequences.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(database)
    }
}

/// The tables that are being read.
pub(super) struct Found {
    pub tables: Vec<Table>,
    places: HashMap<(String, String), usize>,
}

impl Found {
    /// The table that a row is about; none for a view, or a table that is left out.
    pub fn of(&mut self, row: Row<'_>) -> Result<Option<&mut Table>> {
        let place = (row.required("schema")?, row.required("table")?);
        Ok(self.places.get(&place).and_then(|at| self.tables.get_mut(*at)))
    }
}

fn server(rows: &CatalogueRows) -> Result<Database> {
    let mut database = Database { format: Database::FORMAT, ..Database::default() };
    let mut storage = Storage::default();
    for row in rows.about("server")? {
        database.server_version = row.required("version")?;
        database.namespace = row.text("namespace")?;
        storage.engine = row.text("engine")?;
        storage.collation = row.text("database_collation")?;
        if let Some(collation) = row.text("collation")? {
            storage.collations.insert(row.required("charset")?, collation);
        }
    }
    database.storage = storage;
    Ok(database)
}

fn tables(database: &mut Database, inspection: &Inspection, rows: &CatalogueRows) -> Result<Found> {
    let mut found = Found { tables: Vec::new(), places: HashMap::new() };
    for row in rows.about("tables")? {
        let (schema, bare) = (row.required("schema")?, row.required("table")?);
        let kind = row.required("kind")?;
        if !matches!(kind.as_str(), "BASE TABLE" | "SYSTEM VERSIONED" | "SEQUENCE") {
            continue;
        }
        let Some(name) = database.named(schema.clone(), bare.clone()) else { continue };
        if !inspection.tables.is_empty() && !inspection.tables.contains(&name) {
            continue;
        }
        if kind == "SEQUENCE" {
            database.leave_out(name.clone(), "how the sequence counts is not read");
            database.sequences.push(Definition { name, table: None, definition: None });
            continue;
        }
        if kind == "SYSTEM VERSIONED" {
            database.leave_out(
                name.clone(),
                "that the table keeps its history (system versioning) cannot be said",
            );
        }
        if let Some(options) = row.text("options")?.filter(|options| !options.trim().is_empty()) {
            database.leave_out(name.clone(), format!("storage options cannot be said: {}", options.trim()));
        }
        let collation = row.text("collation")?;
        // The character set begins the name of each of its collations.
        let charset = collation.as_ref().and_then(|name| name.split('_').next()).map(str::to_owned);
        let options =
            TableOptions { engine: row.text("engine")?, charset, collation, ..TableOptions::default() };
        let comment = row.text("comment")?.filter(|comment| !comment.is_empty());
        found.places.insert((schema, bare), found.tables.len());
        found.tables.push(Table { comment, options, ..Table::new(name) });
    }
    Ok(found)
}
