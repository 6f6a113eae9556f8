//! [`rows`]: how a server writes a table's rows as `insert` statements, and where sequences stand.

use serde::{Deserialize, Serialize};

use super::quote::{literal, quoted};
use super::statement::Sql;
use crate::config::DriverName;
use crate::schema::{ColumnType, Definition, IndexKind, Table};

/// Tables whose rows are wanted, and sequences that belong to no column.
#[derive(Debug, Deserialize)]
pub struct RowsRequest {
    /// The tables.
    #[serde(default)]
    pub tables: Vec<Table>,
    /// The sequences.
    #[serde(default)]
    pub sequences: Vec<Definition>,
}

/// Questions that answer statements, as `statement`.
#[derive(Debug, Serialize)]
pub struct RowsQuestions {
    /// One for each table, in its order.
    pub rows: Vec<String>,
    /// What brings sequences to where they stand.
    pub positions: Vec<Sql>,
}

/// The questions. The server quotes each value, so that every type comes back as it was.
#[must_use]
pub fn rows(driver: DriverName, request: &RowsRequest) -> RowsQuestions {
    let mut positions = Vec::new();
    if driver == DriverName::Postgres {
        for sequence in &request.sequences {
            let name: Vec<_> = sequence.name.split('.').map(|part| quoted(driver, part)).collect();
            positions.push(position(&name.join(".")));
        }
        for table in &request.tables {
            let columns =
                table.columns.iter().filter(|column| column.auto_increment || column.identity.is_some());
            positions.extend(columns.map(|column| column_position(&table_name(driver, table), &column.name)));
        }
    }
    RowsQuestions { rows: request.tables.iter().map(|table| inserts(driver, table)).collect(), positions }
}

fn table_name(driver: DriverName, table: &Table) -> String {
    table.name.split('.').map(|part| quoted(driver, part)).collect::<Vec<_>>().join(".")
}

fn position(sequence: &str) -> Sql {
    let sql = format!(
        "select format('select setval(%L, %s, %L)', {name}, last_value, is_called) as statement from {sequence}",
        name = literal(DriverName::Postgres, sequence),
    );
    Sql::new(sql, &[])
}

fn column_position(table: &str, column: &str) -> Sql {
    let (table, column) = (literal(DriverName::Postgres, table), literal(DriverName::Postgres, column));
    let sql = format!(
        "select format('select setval(pg_get_serial_sequence(%L, %L), %s, true)', {table}, {column}, s.last_value) \
         as statement from pg_sequences s where s.last_value is not null and \
         format('%I.%I', s.schemaname, s.sequencename)::regclass = pg_get_serial_sequence({table}, {column})::regclass"
    );
    Sql::new(sql, &[])
}

fn inserts(driver: DriverName, table: &Table) -> String {
    let columns: Vec<_> = table.columns.iter().filter(|column| column.generated.is_none()).collect();
    let name = table_name(driver, table);
    let names: Vec<_> = columns.iter().map(|column| quoted(driver, &column.name)).collect();
    let overriding = if driver == DriverName::Postgres { " overriding system value" } else { "" };
    let head = literal(driver, &format!("insert into {name} ({}){overriding} values (", names.join(", ")));
    let values: Vec<_> = columns
        .iter()
        .map(|column| value(driver, &quoted(driver, &column.name), &column.column_type))
        .collect();
    let order = table
        .indexes
        .iter()
        .find(|index| index.kind == IndexKind::Primary)
        .map(|key| {
            key.columns.iter().filter_map(|part| part.column.as_deref()).map(|column| quoted(driver, column))
        })
        .map(|columns| columns.collect::<Vec<_>>().join(", "))
        .filter(|columns| !columns.is_empty());
    let order = order.map_or_else(String::new, |columns| format!(" order by {columns}"));
    let statement = match driver {
        DriverName::MySql | DriverName::MariaDb => {
            format!("concat({head}, {}, ')')", values.join(", ', ', "))
        }
        _ => format!("{head} || {} || ')'", values.join(" || ', ' || ")),
    };
    format!("select {statement} as statement from {name}{order}")
}

/// An expression that answers a value as a literal.
fn value(driver: DriverName, column: &str, column_type: &ColumnType) -> String {
    match driver {
        DriverName::Postgres => format!("quote_nullable({column}::text)"),
        DriverName::MySql | DriverName::MariaDb if is_binary(column_type) => {
            format!("coalesce(concat('x''', hex({column}), ''''), 'null')")
        }
        DriverName::MySql | DriverName::MariaDb => format!("quote(cast({column} as char))"),
        _ => format!("quote({column})"),
    }
}

fn is_binary(column_type: &ColumnType) -> bool {
    match column_type {
        ColumnType::Binary { .. }
        | ColumnType::Geometry { .. }
        | ColumnType::Geography { .. }
        | ColumnType::Vector { .. } => true,
        ColumnType::Raw { sql } => {
            let sql = sql.to_lowercase();
            ["bit", "binary", "varbinary", "blob", "tinyblob", "mediumblob", "longblob"]
                .iter()
                .any(|name| sql == *name || sql.starts_with(&format!("{name}(")))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_quotes_values_and_computed_columns_are_left_out() {
        let table: Table = serde_json::from_str(
            r#"{"name":"a'b","columns":[
                {"name":"id","type":{"kind":"integer"}},
                {"name":"twice","type":{"kind":"integer"},"generated":{"expression":"id * 2","stored":true}}],
               "indexes":[{"kind":"primary","columns":["id"]}]}"#,
        )
        .expect("a table");
        assert_eq!(
            inserts(DriverName::Sqlite, &table),
            "select 'insert into \"a''b\" (\"id\") values (' || quote(\"id\") || ')' as statement \
             from \"a'b\" order by \"id\""
        );
        assert_eq!(
            inserts(DriverName::MariaDb, &table),
            "select concat('insert into `a''b` (`id`) values (', quote(cast(`id` as char)), ')') as statement \
             from `a'b` order by `id`"
        );
    }
}
