//! SQLite's catalogue: the pragma functions and `sqlite_master`.

use serde_json::{Value, json};

use crate::dialect::ansi::inspect::{Question, Row};
use crate::dialect::ansi::table::Scope;
use crate::error::Result;

/// The statement that asks. A namespace is an attached database; without one, `main`.
#[must_use]
pub fn question(question: &Question, scope: &Scope<'_>) -> (String, Vec<String>) {
    match question {
        Question::HasTable { table } => {
            let (namespace, name) = place(table, scope);
            let master = scope.qualify(Some(&namespace), "sqlite_master");
            (
                format!("select 1 as found from {master} where type = 'table' and name = ? collate nocase"),
                vec![name],
            )
        }
        Question::Tables { schema, current } => {
            let namespace = match (schema, current) {
                (Some(_), _) => "tl.schema = ? and ",
                (None, true) => "tl.schema = 'main' and ",
                (None, false) => "",
            };
            let sql = format!(
                "select tl.name as name, tl.schema as schema, null as size, null as comment, null as collation, \
                 null as engine from pragma_table_list as tl where {namespace}tl.type in ('table', 'virtual') \
                 and tl.name not like 'sqlite\\_%' escape '\\' order by tl.schema, tl.name"
            );
            (sql, schema.iter().cloned().collect())
        }
        Question::Views { schema, .. } => {
            // Attached databases keep their views to themselves.
            let namespace = schema.clone().unwrap_or_else(|| "main".to_owned());
            let master = scope.qualify(Some(&namespace), "sqlite_master");
            let sql = format!(
                "select name, ? as schema, sql as definition from {master} where type = 'view' order by name"
            );
            (sql, vec![namespace])
        }
        Question::Schemas | Question::Types { .. } => {
            let sql = "select name, file as path, name = 'main' as \"default\" from pragma_database_list order by name";
            (sql.to_owned(), Vec::new())
        }
        Question::CurrentSchemas => ("select 'main' as name".to_owned(), Vec::new()),
        Question::Columns { table } => {
            let (namespace, name) = place(table, scope);
            let master = scope.qualify(Some(&namespace), "sqlite_master");
            let sql = format!(
                "select name, type, not \"notnull\" as nullable, dflt_value as \"default\", pk as \"primary\", \
                 hidden as extra, (select sql from {master} where type = 'table' and name = ? collate nocase) as definition \
                 from pragma_table_xinfo(?, ?) where hidden <> 1 order by cid"
            );
            (sql, vec![name.clone(), name, namespace])
        }
        Question::Indexes { table } => {
            let (namespace, name) = place(table, scope);
            let sql = "select 'primary' as id, 'primary' as name, name as \"column\", null as type, 1 as \"unique\", \
                 1 as \"primary\", 0 as list, pk as place from pragma_table_xinfo(?, ?) where pk > 0 \
                 union all select l.name, l.name, i.name, null, l.\"unique\", 0, 1 + l.seq, i.seqno \
                 from pragma_index_list(?, ?) l, pragma_index_info(l.name, ?) i where l.origin <> 'pk' \
                 order by list, place";
            (sql.to_owned(), vec![name.clone(), namespace.clone(), name, namespace.clone(), namespace])
        }
        Question::ForeignKeys { table } => {
            let (namespace, name) = place(table, scope);
            let sql = "select id, null as name, \"from\" as \"column\", ? as foreign_schema, \"table\" as foreign_table, \
                 \"to\" as foreign_column, on_update, on_delete from pragma_foreign_key_list(?, ?) order by id desc, seq";
            (sql.to_owned(), vec![namespace.clone(), name, namespace])
        }
    }
}

fn place(table: &str, scope: &Scope<'_>) -> (String, String) {
    let (namespace, name) = scope.split(table);
    (namespace.unwrap_or("main").to_owned(), name)
}

/// A column. `hidden` is 2 for a virtual and 3 for a stored generated column; their expressions
/// are only in the table's text and are left out.
///
/// # Errors
/// `Internal` for a row of another statement.
pub fn column(row: &Row<'_>) -> Result<Value> {
    let declared = row.text("type")?.unwrap_or_default().to_lowercase();
    let generation = match row.text("extra")?.as_deref() {
        Some("2") => json!({"type": "virtual", "expression": null}),
        Some("3") => json!({"type": "stored", "expression": null}),
        _ => Value::Null,
    };
    let counts = row.is_true("primary")?
        && row.text("definition")?.is_some_and(|text| text.to_lowercase().contains("autoincrement"));
    Ok(json!({
        "name": row.text("name")?,
        "type_name": declared.split('(').next().unwrap_or_default(),
        "type": declared,
        "collation": null,
        "nullable": row.is_true("nullable")?,
        "default": row.text("default")?,
        "auto_increment": counts,
        "comment": null,
        "generation": generation,
    }))
}
