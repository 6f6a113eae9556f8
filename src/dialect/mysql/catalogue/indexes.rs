//! Primary keys, unique constraints and indexes.

use super::read::Found;
use crate::dialect::ansi::inspect::Row;
use crate::dialect::catalogue::CatalogueRows;
use crate::dialect::mysql::expression::from_mysql;
use crate::dialect::mysql::normalize::has_two_algorithms;
use crate::error::Result;
use crate::schema::expression::bare;
use crate::schema::{Database, Index, IndexColumn, IndexKind};

/// Adds the indexes to their tables.
pub(super) fn read(found: &mut Found, database: &mut Database, rows: &CatalogueRows) -> Result<()> {
    let mut parts = rows
        .about("indexes")?
        .into_iter()
        .map(|row| Ok((row.number::<u32>("position")?, row)))
        .collect::<Result<Vec<_>>>()?;
    parts.sort_by_key(|(position, _)| *position);
    for (_, row) in parts {
        let Some(table) = found.of(row)? else { continue };
        let name = row.required("name")?;
        let of_type = row.required("type")?;
        let part = part(row, &of_type)?;
        let kind = kind(row, &name, &of_type)?;
        let is_it = |index: &&mut Index| match kind {
            IndexKind::Primary => index.kind == kind,
            _ => index.name.as_ref() == Some(&name),
        };
        if let Some(index) = table.indexes.iter_mut().find(is_it) {
            index.columns.push(part);
            continue;
        }
        let place = format!("{}.{name}", table.name);
        let is_choice = has_two_algorithms(kind, table.options.engine.as_deref()) || of_type == "HASH";
        let algorithm = is_choice.then(|| of_type.to_lowercase());
        table.indexes.push(Index {
            columns: vec![part],
            name: Some(name).filter(|_| kind != IndexKind::Primary),
            algorithm,
            ..Index::new(kind, Vec::new())
        });
        if let Some(comment) = row.text("comment")?.filter(|comment| !comment.is_empty()) {
            database.leave_out(place.clone(), format!("the note on an index cannot be said: {comment}"));
        }
        if row.is_true("hidden")? {
            database.leave_out(place, "that the server ignores the index cannot be said");
        }
    }
    Ok(())
}

fn kind(row: Row<'_>, name: &str, of_type: &str) -> Result<IndexKind> {
    Ok(match of_type {
        "FULLTEXT" => IndexKind::FullText,
        "SPATIAL" => IndexKind::Spatial,
        "VECTOR" => IndexKind::Vector,
        _ if name == "PRIMARY" => IndexKind::Primary,
        _ if row.is_true("repeats")? => IndexKind::Index,
        _ => IndexKind::Unique,
    })
}

fn part(row: Row<'_>, of_type: &str) -> Result<IndexColumn> {
    let part = match (row.text("column")?, row.text("expression")?) {
        (Some(column), _) => IndexColumn::named(column),
        (None, expression) => IndexColumn::computed(bare(&from_mysql(&expression.unwrap_or_default()))),
    };
    Ok(IndexColumn {
        // A shape's index has the length of its box.
        length: row.number("length")?.filter(|_| matches!(of_type, "BTREE" | "HASH")),
        descending: row.text("direction")?.as_deref() == Some("D"),
        ..part
    })
}
