//! PostgreSQL's catalogue: `pg_class` and its neighbours, which every role may read.

use serde_json::{Value, json};

use crate::dialect::ansi::inspect::{Question, Row};
use crate::dialect::ansi::table::Scope;
use crate::error::Result;

/// A table of the namespace and name that are bound.
const OF_TABLE: &str = "t.relname = ? and n.nspname = ";

/// The statement that asks.
#[must_use]
pub fn question(question: &Question, scope: &Scope<'_>) -> (String, Vec<String>) {
    match question {
        Question::HasTable { table } => about(
            "select 1 as found from pg_class t join pg_namespace n on n.oid = t.relnamespace \
             where t.relkind in ('r', 'p') and {table}",
            table,
            scope,
        ),
        Question::Tables { schema, current } => {
            let namespace = in_namespace("n.nspname", schema.as_deref(), *current);
            let sql = format!(
                "select t.relname as name, n.nspname as schema, pg_total_relation_size(t.oid) as size, \
                 obj_description(t.oid, 'pg_class') as comment, null::text as collation, null::text as engine \
                 from pg_class t join pg_namespace n on n.oid = t.relnamespace \
                 where t.relkind in ('r', 'p') and {namespace} order by n.nspname, t.relname"
            );
            (sql, schema.iter().cloned().collect())
        }
        Question::Views { schema, current } => {
            let namespace = in_namespace("schemaname", schema.as_deref(), *current);
            let sql = format!(
                "select viewname as name, schemaname as schema, definition from pg_views \
                 where {namespace} order by schemaname, viewname"
            );
            (sql, schema.iter().cloned().collect())
        }
        // The row types of tables and the array types of others are not of users' making.
        Question::Types { schema, current } => {
            let namespace = in_namespace("n.nspname", schema.as_deref(), *current);
            let sql = format!(
                "select y.typname as name, n.nspname as schema, \
                 case y.typtype when 'b' then 'base' when 'c' then 'composite' when 'd' then 'domain' \
                 when 'e' then 'enum' when 'p' then 'pseudo' when 'r' then 'range' else 'multirange' end as type, \
                 y.typcategory::text as category \
                 from pg_type y join pg_namespace n on n.oid = y.typnamespace left join pg_class c on c.oid = y.typrelid \
                 where (y.typrelid = 0 or c.relkind = 'c') and y.typtype <> 'm' \
                 and not exists (select from pg_type e where e.typarray = y.oid) \
                 and not exists (select from pg_depend d where d.objid = y.oid and d.deptype = 'e') \
                 and {namespace} order by n.nspname, y.typname"
            );
            (sql, schema.iter().cloned().collect())
        }
        Question::Schemas => {
            let namespace = in_namespace("nspname", None, false);
            let sql = format!(
                "select nspname as name, null::text as path, nspname = current_schema() as \"default\" \
                 from pg_namespace where {namespace} order by nspname"
            );
            (sql, Vec::new())
        }
        Question::CurrentSchemas => {
            let sql = "select p.name as name from unnest(current_schemas(false)) with ordinality as p(name, place) \
                 order by p.place";
            (sql.to_owned(), Vec::new())
        }
        Question::Columns { table } => about(
            "select a.attname as name, y.typname as type_name, format_type(a.atttypid, a.atttypmod) as type, \
             (select c.collcollate from pg_collation c where c.oid = a.attcollation) as collation, \
             not a.attnotnull as nullable, pg_get_expr(d.adbin, d.adrelid) as \"default\", \
             a.attgenerated::text as generated, a.attidentity::text as identity, \
             col_description(t.oid, a.attnum) as comment \
             from pg_attribute a join pg_class t on t.oid = a.attrelid join pg_namespace n on n.oid = t.relnamespace \
             join pg_type y on y.oid = a.atttypid \
             left join pg_attrdef d on d.adrelid = t.oid and d.adnum = a.attnum \
             where a.attnum > 0 and not a.attisdropped and {table} order by a.attnum",
            table,
            scope,
        ),
        Question::Indexes { table } => about(
            "select i.indexrelid::text as id, x.relname as name, a.attname as \"column\", m.amname as type, \
             i.indisunique as \"unique\", i.indisprimary as \"primary\" \
             from pg_index i join pg_class t on t.oid = i.indrelid join pg_namespace n on n.oid = t.relnamespace \
             join pg_class x on x.oid = i.indexrelid join pg_am m on m.oid = x.relam \
             join lateral unnest(i.indkey) with ordinality as k(number, place) on k.place <= i.indnkeyatts \
             left join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number \
             where {table} order by x.relname, k.place",
            table,
            scope,
        ),
        Question::ForeignKeys { table } => about(
            "select c.oid::text as id, c.conname as name, l.attname as \"column\", fn.nspname as foreign_schema, \
             f.relname as foreign_table, r.attname as foreign_column, \
             case c.confupdtype when 'a' then 'no action' when 'r' then 'restrict' when 'c' then 'cascade' \
             when 'n' then 'set null' else 'set default' end as on_update, \
             case c.confdeltype when 'a' then 'no action' when 'r' then 'restrict' when 'c' then 'cascade' \
             when 'n' then 'set null' else 'set default' end as on_delete \
             from pg_constraint c join pg_class t on t.oid = c.conrelid join pg_namespace n on n.oid = t.relnamespace \
             join pg_class f on f.oid = c.confrelid join pg_namespace fn on fn.oid = f.relnamespace \
             join lateral unnest(c.conkey, c.confkey) with ordinality as k(here, there, place) on true \
             join pg_attribute l on l.attrelid = c.conrelid and l.attnum = k.here \
             join pg_attribute r on r.attrelid = c.confrelid and r.attnum = k.there \
             where c.contype = 'f' and {table} order by c.conname, k.place",
            table,
            scope,
        ),
    }
}

/// The condition that the namespace in `column` is the one that is bound, or the current one, or none
/// of the server's own.
fn in_namespace(column: &str, schema: Option<&str>, current: bool) -> String {
    match (schema, current) {
        (Some(_), _) => format!("{column} = ?"),
        (None, true) => format!("{column} = current_schema()"),
        (None, false) => format!(r"{column} <> 'information_schema' and {column} not like 'pg\_%'"),
    }
}

fn about(sql: &str, table: &str, scope: &Scope<'_>) -> (String, Vec<String>) {
    let (namespace, name) = scope.split(table);
    let place = if namespace.is_some() { "?" } else { "current_schema()" };
    let values = std::iter::once(name).chain(namespace.map(str::to_owned)).collect();
    (sql.replace("{table}", &format!("{OF_TABLE}{place}")), values)
}

/// A column. `serial` and identity columns number the rows.
///
/// # Errors
/// `Internal` for a row of another statement.
pub fn column(row: &Row<'_>) -> Result<Value> {
    let expression = row.text("default")?;
    let generation = match row.text("generated")?.as_deref() {
        Some("s") => json!({"type": "stored", "expression": expression}),
        Some("v") => json!({"type": "virtual", "expression": expression}),
        _ => Value::Null,
    };
    let counts = expression.as_deref().is_some_and(|text| text.starts_with("nextval("))
        || row.text("identity")?.is_some_and(|identity| !identity.is_empty());
    let default = if generation.is_null() { expression } else { None };
    Ok(json!({
        "name": row.text("name")?,
        "type_name": row.text("type_name")?,
        "type": row.text("type")?,
        "collation": row.text("collation")?,
        "nullable": row.is_true("nullable")?,
        "default": default,
        "auto_increment": counts,
        "comment": row.text("comment")?,
        "generation": generation,
    }))
}
