//! Columns.

use std::collections::HashMap;

use super::read::Found;
use crate::dialect::ansi::inspect::Row;
use crate::dialect::catalogue::CatalogueRows;
use crate::dialect::mysql::defaults::{from_mariadb, from_mysql_8};
use crate::dialect::mysql::expression::{from_mysql, one_spelling};
use crate::dialect::mysql::normalize::JSON_COLLATION;
use crate::dialect::mysql::read_type::read_type;
use crate::error::Result;
use crate::schema::expression::bare;
use crate::schema::{Column, ColumnType, Generated, TableOptions};

/// Schema, table and column.
type Place = (String, String, String);

/// Adds the columns to their tables, in order.
pub(super) fn read(found: &mut Found, rows: &CatalogueRows, is_mariadb: bool) -> Result<()> {
    let shapes = if is_mariadb { shapes(rows)? } else { HashMap::new() };
    let mut columns = rows
        .about("columns")?
        .into_iter()
        .map(|row| Ok((row.number::<u32>("position")?, row)))
        .collect::<Result<Vec<_>>>()?;
    columns.sort_by_key(|(position, _)| *position);
    for (_, row) in columns {
        let place = (row.required("schema")?, row.required("table")?, row.required("name")?);
        let Some(table) = found.of(row)? else { continue };
        let column = column(row, shapes.get(&place), &table.options, is_mariadb)?;
        table.columns.push(column);
    }
    Ok(())
}

/// The spatial reference systems, which MariaDB keeps apart from the columns.
fn shapes(rows: &CatalogueRows) -> Result<HashMap<Place, String>> {
    let shape = |row: Row<'_>| {
        let place = (row.required("schema")?, row.required("table")?, row.required("column")?);
        Ok((place, row.required("srid")?))
    };
    rows.about("shapes")?.into_iter().map(shape).collect()
}

fn column(row: Row<'_>, shape: Option<&String>, table: &TableOptions, is_mariadb: bool) -> Result<Column> {
    let extra = row.text("extra")?.unwrap_or_default().to_lowercase();
    let mut spelled = row.required("type")?;
    if let Some(srid) = shape {
        spelled = format!("{spelled} ref_system_id={srid}");
    } else if let Some(srid) = row.text("srid")? {
        spelled = format!("{spelled} srid {srid}");
    }
    let mut column = Column::new(row.required("name")?, ColumnType::Date);
    read_type(&spelled, &mut column);
    column.nullable = Some(row.is_true("nullable")?);
    column.auto_increment = extra.contains("auto_increment");
    column.current_on_update = extra.contains("on update");
    column.invisible = extra.contains("invisible");
    column.comment = row.text("comment")?.filter(|comment| !comment.is_empty());
    column.generated = row.text("expression")?.filter(|sql| !sql.is_empty()).map(|sql| {
        let sql = if is_mariadb { one_spelling(&sql) } else { from_mysql(&sql) };
        let stored = extra.contains("stored") || extra.contains("persistent");
        Generated { expression: bare(&sql).to_owned(), is_path: false, stored }
    });
    // MariaDB prints `NULL` for a generated column as well, MySQL nothing.
    if let (Some(printed), None) = (row.text("default")?, &column.generated) {
        column.default = if is_mariadb {
            from_mariadb(&printed, &column)
        } else {
            Some(from_mysql_8(&printed, &extra, &column))
        };
    }
    let collation = row.text("collation")?;
    if collation.is_some() && collation != table.collation {
        (column.charset, column.collation) = (row.text("charset")?, collation);
    }
    Ok(column)
}

/// Makes a column `json` that MariaDB shows as text with a check: its `json` is only that. `collation` is
/// the table's.
pub(super) fn make_json(column: &mut Column, collation: Option<&str>) {
    column.column_type = ColumnType::Json;
    column.charset = None;
    let own = column.collation.take().or_else(|| collation.map(str::to_owned));
    column.collation = own.filter(|own| own != JSON_COLLATION);
}
