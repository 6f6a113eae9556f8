//! Primary keys, unique constraints and indexes.

use super::read::{Reading, note};
use crate::dialect::ansi::inspect::Row;
use crate::dialect::catalogue::CatalogueRows;
use crate::dialect::sqlserver::expression::from_catalogue;
use crate::error::Result;
use crate::schema::{Index, IndexColumn, IndexKind};

/// Adds the indexes to their tables.
pub(super) fn read(reading: &mut Reading, rows: &CatalogueRows) -> Result<()> {
    let mut left_out: Option<(usize, String)> = None;
    for row in rows.about("indexes")? {
        let Some(place) = reading.place(row)? else { continue };
        let name = row.required("name")?;
        let full = format!("{}.{name}", reading.database.tables[place].name);
        let Some(kind) = kind(row)? else {
            let this = Some((place, name));
            if left_out != this {
                let described = row.required("described")?;
                reading.database.leave_out(full, format!("an index of the type {described} cannot be said"));
                left_out = this;
            }
            continue;
        };
        let indexes = &mut reading.database.tables[place].indexes;
        let at = indexes.iter().position(|index| index.name.as_ref() == Some(&name));
        let at = at.unwrap_or_else(|| {
            indexes.push(Index { name: Some(name), ..Index::new(kind, Vec::new()) });
            indexes.len() - 1
        });
        let (column, is_new) = (row.required("column")?, indexes[at].is_empty());
        if row.is_true("included")? {
            indexes[at].include.push(column);
        } else {
            let descending = row.is_true("descending")?;
            indexes[at].columns.push(IndexColumn { descending, ..IndexColumn::named(column) });
        }
        indexes[at].predicate = row.text("filter")?.map(|filter| from_catalogue(&filter));
        if is_new {
            note(&mut reading.database, &full, "index", row)?;
        }
    }
    Ok(())
}

/// What an index is for; none for what cannot be said. The number of a type is that of `sys.indexes`.
fn kind(row: Row<'_>) -> Result<Option<IndexKind>> {
    Ok(match row.number("type")? {
        Some(1 | 2 | 7) if row.is_true("primary")? => Some(IndexKind::Primary),
        Some(1 | 2 | 7) if row.is_true("unique")? => Some(IndexKind::Unique),
        Some(1 | 2 | 7) => Some(IndexKind::Index),
        Some(4) => Some(IndexKind::Spatial),
        _ => None,
    })
}

/// A column that numbers the rows is the primary key wherever no other is: a table without one
/// cannot be said.
pub(super) fn note_numbers_without_key(reading: &mut Reading) {
    let mut notes = Vec::new();
    for table in reading.database.tables.iter().filter(|table| table.primary_key().is_none()) {
        let column = table.columns.iter().find(|column| column.numbers_rows());
        notes.extend(column.map(|column| format!("{}.{}", table.name, column.name)));
    }
    for name in notes {
        reading
            .database
            .leave_out(name, "that it numbers the rows without being the primary key cannot be said");
    }
}
