//! MySQL's and MariaDB's catalogue: `information_schema`.

use serde_json::{Value, json};

use crate::dialect::ansi::inspect::{Question, Row};
use crate::dialect::ansi::table::Scope;
use crate::error::Result;

/// The statement that asks. Every column has an alias: MySQL 8 names them in upper case.
#[must_use]
pub fn question(question: &Question, scope: &Scope<'_>) -> (String, Vec<String>) {
    match question {
        Question::HasTable { table } => about(
            "select 1 as found from information_schema.tables \
             where table_type in ('BASE TABLE', 'SYSTEM VERSIONED') and table_name = ? and table_schema = ",
            table,
            "",
            scope,
        ),
        Question::Tables { schema, current } => {
            let namespace = in_namespace("table_schema", schema.as_deref(), *current);
            let sql = format!(
                "select table_name as `name`, table_schema as `schema`, (data_length + index_length) as `size`, \
                 table_comment as `comment`, table_collation as `collation`, engine as `engine` \
                 from information_schema.tables where table_type in ('BASE TABLE', 'SYSTEM VERSIONED') \
                 and {namespace} order by table_schema, table_name"
            );
            (sql, schema.iter().cloned().collect())
        }
        Question::Views { schema, current } => {
            let namespace = in_namespace("table_schema", schema.as_deref(), *current);
            let sql = format!(
                "select table_name as `name`, table_schema as `schema`, view_definition as `definition` \
                 from information_schema.views where {namespace} order by table_schema, table_name"
            );
            (sql, schema.iter().cloned().collect())
        }
        Question::Schemas | Question::Types { .. } => {
            let namespace = in_namespace("schema_name", None, false);
            let sql = format!(
                "select schema_name as `name`, null as `path`, schema_name = schema() as `default` \
                 from information_schema.schemata where {namespace} order by schema_name"
            );
            (sql, Vec::new())
        }
        Question::CurrentSchemas => ("select schema() as `name`".to_owned(), Vec::new()),
        Question::Columns { table } => about(
            "select column_name as `name`, data_type as `type_name`, column_type as `type`, \
             collation_name as `collation`, is_nullable as `nullable`, column_default as `default`, \
             column_comment as `comment`, generation_expression as `expression`, extra as `extra` \
             from information_schema.columns where table_name = ? and table_schema = ",
            table,
            " order by ordinal_position",
            scope,
        ),
        Question::Indexes { table } => about(
            "select index_name as `id`, index_name as `name`, column_name as `column`, index_type as `type`, \
             not non_unique as `unique`, index_name = 'PRIMARY' as `primary` \
             from information_schema.statistics where table_name = ? and table_schema = ",
            table,
            " order by index_name, seq_in_index",
            scope,
        ),
        Question::ForeignKeys { table } => about(
            "select k.constraint_name as `id`, k.constraint_name as `name`, k.column_name as `column`, \
             k.referenced_table_schema as `foreign_schema`, k.referenced_table_name as `foreign_table`, \
             k.referenced_column_name as `foreign_column`, r.update_rule as `on_update`, r.delete_rule as `on_delete` \
             from information_schema.key_column_usage k join information_schema.referential_constraints r \
             on r.constraint_schema = k.constraint_schema and r.constraint_name = k.constraint_name \
             and r.table_name = k.table_name \
             where k.referenced_table_name is not null and k.table_name = ? and k.table_schema = ",
            table,
            " order by k.constraint_name, k.ordinal_position",
            scope,
        ),
    }
}

/// The condition that the namespace in `column` is the one that is bound, or the current one, or none
/// of the server's own.
fn in_namespace(column: &str, schema: Option<&str>, current: bool) -> String {
    match (schema, current) {
        (Some(_), _) => format!("{column} = ?"),
        (None, true) => format!("{column} = schema()"),
        (None, false) => {
            format!("{column} not in ('information_schema', 'mysql', 'ndbinfo', 'performance_schema', 'sys')")
        }
    }
}

fn about(sql: &str, table: &str, rest: &str, scope: &Scope<'_>) -> (String, Vec<String>) {
    let (namespace, name) = scope.split(table);
    let place = if namespace.is_some() { "?" } else { "schema()" };
    let values = std::iter::once(name).chain(namespace.map(str::to_owned)).collect();
    (format!("{sql}{place}{rest}"), values)
}

/// A column. MariaDB writes the default as SQL (`NULL` for none), MySQL as a value.
///
/// # Errors
/// `Internal` for a row of another statement.
pub fn column(row: &Row<'_>) -> Result<Value> {
    let extra = row.text("extra")?.unwrap_or_default().to_lowercase();
    let expression = row.text("expression")?.filter(|expression| !expression.is_empty());
    let kind = if extra.contains("stored") || extra.contains("persistent") { "stored" } else { "virtual" };
    let generation =
        expression.map_or(Value::Null, |expression| json!({"type": kind, "expression": expression}));
    Ok(json!({
        "name": row.text("name")?,
        "type_name": row.text("type_name")?,
        "type": row.text("type")?,
        "collation": row.text("collation")?,
        "nullable": row.is_true("nullable")?,
        "default": row.text("default")?,
        "auto_increment": extra.contains("auto_increment"),
        "comment": row.text("comment")?.filter(|comment| !comment.is_empty()),
        "generation": generation,
    }))
}
