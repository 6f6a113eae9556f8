//! [`Reader`]: the answers become a [`Database`].

use std::collections::HashMap;

use super::{columns, definitions, enumerations, indexes, keys, questions};
use crate::dialect::ansi::inspect::Row;
use crate::dialect::catalogue::{Catalogue, CatalogueQuery, CatalogueRows, Inspection};
use crate::dialect::postgres::schema::Postgres;
use crate::error::Result;
use crate::schema::{Database, LeftOut, Table, TableName};

impl Catalogue for Postgres {
    fn queries(&self, inspection: &Inspection) -> Vec<CatalogueQuery> {
        questions::questions(inspection)
    }

    fn read(&self, _inspection: &Inspection, rows: &CatalogueRows) -> Result<Database> {
        let mut reader = Reader::default();
        for row in rows.about("server")? {
            reader.database.namespace = row.text("namespace")?;
            reader.database.server_version = row.text("version")?.unwrap_or_default();
        }
        reader.tables(&rows.about("tables")?)?;
        columns::read(&mut reader, &rows.about("columns")?)?;
        indexes::read(&mut reader, &rows.about("indexes")?)?;
        keys::read_foreign_keys(&mut reader, &rows.about("foreign keys")?)?;
        keys::read_checks(&mut reader, &rows.about("checks")?)?;
        definitions::read_enumerations(&mut reader, &rows.about("enumerations")?)?;
        definitions::read(&mut reader, &rows.about("definitions")?)?;
        definitions::read_left_out(&mut reader, &rows.about("left out")?)?;
        Ok(reader.finish())
    }
}

/// A database while it is read. Rows say which table they are about by its number.
#[derive(Default)]
pub(super) struct Reader {
    pub database: Database,
    places: HashMap<String, usize>,
    /// The names of the tables without their namespaces.
    bare_names: Vec<String>,
}

impl Reader {
    fn tables(&mut self, rows: &[Row<'_>]) -> Result<()> {
        for &row in rows {
            let bare_name = row.required("name")?;
            let Some(name) = self.name(row.text("namespace")?, &bare_name) else { continue };
            let mut table = Table::new(name);
            table.comment = row.text("comment")?;
            table.options.partition_by = row.text("partition_by")?;
            self.places.insert(row.required("id")?, self.database.tables.len());
            self.database.tables.push(table);
            self.bare_names.push(bare_name);
        }
        Ok(())
    }

    /// The name that something has here. What has a dot in its name has none, and is left out.
    pub fn name(&mut self, namespace: Option<String>, bare_name: &str) -> Option<String> {
        let has_dot = bare_name.contains('.') || namespace.as_ref().is_some_and(|name| name.contains('.'));
        let name = self.database.name_of(&TableName { schema: namespace, name: bare_name.to_owned() });
        if has_dot {
            self.leave_out(name, "its name holds a dot");
            return None;
        }
        Some(name)
    }

    /// Notes what the format cannot say.
    pub fn leave_out(&mut self, name: impl Into<String>, reason: impl Into<String>) {
        self.database.leave_out(name, reason);
    }

    /// The table that a row is about; none when that is left out.
    pub fn table(&mut self, row: Row<'_>, id: &str) -> Result<Option<&mut Table>> {
        let place = self.places.get(&row.required(id)?);
        Ok(place.and_then(|place| self.database.tables.get_mut(*place)))
    }

    fn finish(mut self) -> Database {
        let mut notes = Vec::new();
        for (table, bare_name) in self.database.tables.iter_mut().zip(&self.bare_names) {
            enumerations::fold(table, bare_name, &mut notes);
            let has_key = table.primary_key().is_some();
            for column in table.columns.iter_mut().filter(|column| column.auto_increment && !has_key) {
                // The first numbered column of a new table would become its key.
                column.auto_increment = column.identity.is_none();
                if column.auto_increment {
                    notes.push(LeftOut {
                        name: format!("{}.{}", table.name, column.name),
                        reason: "it numbers the rows of a table without a primary key".to_owned(),
                    });
                }
            }
        }
        self.database.left_out.extend(notes);
        self.database.tables.sort_by(|one, other| one.name.cmp(&other.name));
        self.database
    }
}
