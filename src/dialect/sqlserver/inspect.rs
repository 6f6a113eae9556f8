//! SQL Server's catalogue: the views of `sys`, which show what their reader has a permission on.
//!
//! No server was there to ask: the views and their columns are those of Microsoft's documentation
//! ("System catalog views"), and the rows of the tests are written after it.

use serde_json::{Value, json};

use crate::dialect::ansi::inspect::{Question, Row};
use crate::dialect::ansi::table::Scope;
use crate::error::Result;

/// The name under which the server's own tools keep what is said about a table or a column.
pub(super) const COMMENT: &str = "MS_Description";

/// The statement that asks. Names that are reserved words stand in brackets.
#[must_use]
pub fn question(question: &Question, scope: &Scope<'_>) -> (String, Vec<String>) {
    match question {
        Question::HasTable { table } => about(
            "select 1 as found from sys.tables t join sys.schemas n on n.schema_id = t.schema_id \
             where {table}",
            table,
            scope,
        ),
        Question::Tables { schema, current } => tables(schema.as_deref(), *current),
        Question::Views { schema, current } => {
            let namespace = in_namespace(schema.as_deref(), *current);
            // The text of a view is hidden from those who may not read it, the view is not.
            let sql = format!(
                "select v.name as name, n.name as [schema], m.definition as definition \
                 from sys.views v join sys.schemas n on n.schema_id = v.schema_id \
                 left join sys.sql_modules m on m.object_id = v.object_id \
                 where v.is_ms_shipped = 0 and {namespace} order by n.name, v.name"
            );
            (sql, schema.iter().cloned().collect())
        }
        Question::Types { schema, current } => {
            let namespace = in_namespace(schema.as_deref(), *current);
            let sql = format!(
                "select y.name as name, n.name as [schema], case when y.is_table_type = 1 then 'table' \
                 when y.is_assembly_type = 1 then 'assembly' else 'alias' end as type, \
                 case when y.is_table_type = 0 and y.is_assembly_type = 0 then type_name(y.system_type_id) end as category \
                 from sys.types y join sys.schemas n on n.schema_id = y.schema_id \
                 where y.is_user_defined = 1 and {namespace} order by n.name, y.name"
            );
            (sql, schema.iter().cloned().collect())
        }
        Question::Schemas => {
            let namespace = in_namespace(None, false);
            let sql = format!(
                "select n.name as name, null as path, iif(n.schema_id = schema_id(), 1, 0) as [default] \
                 from sys.schemas n where {namespace} order by n.name"
            );
            (sql, Vec::new())
        }
        Question::CurrentSchemas => ("select schema_name() as name".to_owned(), Vec::new()),
        Question::Columns { table } => columns(table, scope),
        Question::Indexes { table } => about(
            // Rowstore indexes (1, 2, 7) also list columns that are no keys: included and partitioning ones.
            "select i.index_id as id, i.name as name, c.name as [column], i.type_desc as type, \
             i.is_unique as [unique], i.is_primary_key as [primary] \
             from sys.indexes i join sys.tables t on t.object_id = i.object_id \
             join sys.schemas n on n.schema_id = t.schema_id \
             join sys.index_columns k on k.object_id = i.object_id and k.index_id = i.index_id \
             join sys.columns c on c.object_id = k.object_id and c.column_id = k.column_id \
             where i.index_id > 0 and i.is_hypothetical = 0 and (k.key_ordinal > 0 or i.type not in (1, 2, 7)) \
             and {table} order by i.name, k.key_ordinal, k.index_column_id",
            table,
            scope,
        ),
        Question::ForeignKeys { table } => about(
            "select f.object_id as id, f.name as name, l.name as [column], rn.name as foreign_schema, \
             rt.name as foreign_table, r.name as foreign_column, \
             replace(f.update_referential_action_desc, '_', ' ') as on_update, \
             replace(f.delete_referential_action_desc, '_', ' ') as on_delete \
             from sys.foreign_keys f join sys.tables t on t.object_id = f.parent_object_id \
             join sys.schemas n on n.schema_id = t.schema_id \
             join sys.tables rt on rt.object_id = f.referenced_object_id \
             join sys.schemas rn on rn.schema_id = rt.schema_id \
             join sys.foreign_key_columns k on k.constraint_object_id = f.object_id \
             join sys.columns l on l.object_id = k.parent_object_id and l.column_id = k.parent_column_id \
             join sys.columns r on r.object_id = k.referenced_object_id and r.column_id = k.referenced_column_id \
             where {table} order by f.name, k.constraint_column_id",
            table,
            scope,
        ),
    }
}

/// A page has 8 KiB. What is allocated for overflowing rows (2) belongs to a partition, the rest to
/// its rows ("`sys.allocation_units`"). `sysdiagrams` is of the server's own tools.
fn tables(schema: Option<&str>, current: bool) -> (String, Vec<String>) {
    let namespace = in_namespace(schema, current);
    let sql = format!(
        "select t.name as name, n.name as [schema], (select sum(a.total_pages) * 8192 from sys.partitions p \
         join sys.allocation_units a on a.container_id = iif(a.type = 2, p.partition_id, p.hobt_id) \
         where p.object_id = t.object_id) as size, cast(e.value as nvarchar(max)) as comment, \
         null as collation, null as engine \
         from sys.tables t join sys.schemas n on n.schema_id = t.schema_id \
         left join sys.extended_properties e on e.class = 1 and e.major_id = t.object_id and e.minor_id = 0 \
         and e.name = '{COMMENT}' \
         where t.is_ms_shipped = 0 and t.name <> 'sysdiagrams' and {namespace} order by n.name, t.name"
    );
    (sql, schema.iter().map(|schema| (*schema).to_owned()).collect())
}

fn columns(table: &str, scope: &Scope<'_>) -> (String, Vec<String>) {
    let sql = format!(
        "select c.name as name, y.name as type_name, c.max_length as bytes, c.[precision] as digits, \
         c.scale as places, c.collation_name as collation, c.is_nullable as nullable, d.definition as [default], \
         c.is_identity as numbered, g.definition as expression, g.is_persisted as stored, \
         cast(e.value as nvarchar(max)) as comment \
         from sys.columns c join sys.objects t on t.object_id = c.object_id \
         join sys.schemas n on n.schema_id = t.schema_id \
         join sys.types y on y.user_type_id = c.user_type_id \
         left join sys.default_constraints d on d.object_id = c.default_object_id \
         left join sys.computed_columns g on g.object_id = c.object_id and g.column_id = c.column_id \
         left join sys.extended_properties e on e.class = 1 and e.major_id = c.object_id \
         and e.minor_id = c.column_id and e.name = '{COMMENT}' \
         where t.type in ('U', 'V') and {{table}} order by c.column_id"
    );
    about(&sql, table, scope)
}

/// The condition that the namespace `n` is the one that is bound, or the current one, or none of the
/// server's own. Each of its fixed roles owns one of the role's name.
fn in_namespace(schema: Option<&str>, current: bool) -> String {
    let condition = match (schema, current) {
        (Some(_), _) => "n.name = ?",
        (None, true) => "n.name = schema_name()",
        (None, false) => {
            "lower(n.name) not in ('information_schema', 'sys') and not exists \
             (select 1 from sys.database_principals o where o.is_fixed_role = 1 and o.name = n.name)"
        }
    };
    condition.to_owned()
}

fn about(sql: &str, table: &str, scope: &Scope<'_>) -> (String, Vec<String>) {
    let (namespace, name) = scope.split(table);
    let place = if namespace.is_some() { "?" } else { "schema_name()" };
    let values = std::iter::once(name).chain(namespace.map(str::to_owned)).collect();
    (sql.replace("{table}", &format!("t.name = ? and n.name = {place}")), values)
}

/// A column.
///
/// # Errors
/// `Internal` for a row of another statement.
pub fn column(row: &Row<'_>) -> Result<Value> {
    let kind = if row.is_true("stored")? { "stored" } else { "virtual" };
    let generation = row
        .text("expression")?
        .map_or(Value::Null, |expression| json!({"type": kind, "expression": expression}));
    Ok(json!({
        "name": row.text("name")?,
        "type_name": row.text("type_name")?,
        "type": full_type(*row)?,
        "collation": row.text("collation")?,
        "nullable": row.is_true("nullable")?,
        "default": row.text("default")?,
        "auto_increment": row.is_true("numbered")?,
        "comment": row.text("comment")?.filter(|comment| !comment.is_empty()),
        "generation": generation,
    }))
}

/// A type with its parameters. The catalogue counts bytes, definitions count characters; -1 is `max`.
/// Digits of a second's fraction are places.
pub(super) fn full_type(row: Row<'_>) -> Result<String> {
    let name = row.text("type_name")?.unwrap_or_default();
    let number = |column| Ok(row.text(column)?.and_then(|text| text.parse::<i64>().ok()).unwrap_or_default());
    Ok(match name.as_str() {
        "binary" | "varbinary" | "char" | "varchar" | "nchar" | "nvarchar" => {
            let width = if name.starts_with('n') { 2 } else { 1 };
            match number("bytes")? {
                -1 => format!("{name}(max)"),
                bytes => format!("{name}({})", bytes / width),
            }
        }
        "decimal" | "numeric" => format!("{name}({},{})", number("digits")?, number("places")?),
        "float" => format!("{name}({})", number("digits")?),
        "datetime2" | "datetimeoffset" | "time" => format!("{name}({})", number("places")?),
        _ => name,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test ends where something is not as it should be

    use super::*;
    use crate::config::DriverName::SqlServer;
    use crate::dialect::ansi::inspect::{answer, question};

    fn ask(text: &Value) -> (String, Vec<String>) {
        question(&Question::parse(&text.to_string()).unwrap(), SqlServer, "pre_").unwrap()
    }

    fn answered(text: &Value, rows: &Value) -> Value {
        let asked = Question::parse(&text.to_string()).unwrap();
        answer(&asked, SqlServer, rows.as_array().unwrap()).unwrap()
    }

    /// The row of a plain column, with `cells` instead of its own.
    fn column_row(cells: &Value) -> Value {
        let mut row = json!({
            "name": "c", "type_name": "int", "bytes": 4, "digits": 10, "places": 0, "collation": null,
            "nullable": false, "default": null, "numbered": false, "expression": null, "stored": null,
            "comment": null,
        });
        for (key, value) in cells.as_object().unwrap() {
            row[key] = value.clone();
        }
        row
    }

    fn described(cells: &Value) -> Value {
        answered(&json!({"ask": "columns", "table": "users"}), &json!([column_row(cells)]))[0].clone()
    }

    fn type_of(name: &str, bytes: i32, digits: u8, places: u8) -> String {
        let cells = json!({"type_name": name, "bytes": bytes, "digits": digits, "places": places});
        described(&cells)["type"].as_str().unwrap().to_owned()
    }

    #[test]
    fn a_table_is_looked_up_in_the_users_namespace_or_in_the_one_that_is_named() {
        for table in ["hasTable", "columns", "indexes", "foreignKeys"] {
            let (sql, values) = ask(&json!({"ask": table, "table": "users"}));
            assert!(sql.contains("t.name = ? and n.name = schema_name()"), "{sql}");
            assert_eq!(values, ["pre_users"]);
            let (sql, values) = ask(&json!({"ask": table, "table": "app.users"}));
            assert!(sql.contains("t.name = ? and n.name = ?"), "{sql}");
            assert_eq!(values, ["pre_users", "app"]);
        }
    }

    #[test]
    fn lists_are_of_one_namespace_of_the_current_one_or_of_all_but_the_servers() {
        for list in ["tables", "views", "types"] {
            let (sql, values) = ask(&json!({"ask": list, "schema": "it's"}));
            assert!(sql.contains("n.name = ?"), "{sql}");
            assert_eq!(values, ["it's"]);
            assert!(ask(&json!({"ask": list, "current": true})).0.contains("n.name = schema_name()"));
            assert!(ask(&json!({"ask": list})).0.contains("is_fixed_role"));
        }
    }

    #[test]
    fn every_statement_has_a_placeholder_for_each_value() {
        let named =
            ["hasTable", "columns", "indexes", "foreignKeys"].map(|ask| json!({"ask": ask, "table": "a.b"}));
        let listed = ["tables", "views", "types"].map(|ask| json!({"ask": ask, "schema": "a"}));
        let whole = ["schemas", "currentSchemas"].map(|ask| json!({"ask": ask}));
        for text in named.iter().chain(&listed).chain(&whole) {
            let (sql, values) = ask(text);
            assert_eq!(sql.matches('?').count(), values.len(), "{sql}");
            assert!(!sql.contains('{'), "{sql}");
        }
    }

    #[test]
    fn tables_have_their_size_in_bytes_and_their_description() {
        let rows = json!([
            {"name": "posts", "schema": "dbo", "size": 73728, "comment": "What was said", "collation": null, "engine": null},
            {"name": "users", "schema": "dbo", "size": null, "comment": null, "collation": null, "engine": null},
        ]);
        let tables = answered(&json!({"ask": "tables"}), &rows);
        assert_eq!(tables[0], rows[0]);
        assert_eq!(tables[1], rows[1]);
        assert_eq!(answered(&json!({"ask": "hasTable", "table": "users"}), &json!([{"found": 1}])), true);
        assert_eq!(answered(&json!({"ask": "hasTable", "table": "users"}), &json!([])), false);
    }

    #[test]
    fn a_view_whose_text_may_not_be_read_is_still_listed() {
        let rows = json!([{"name": "voters", "schema": "dbo", "definition": null}]);
        assert_eq!(answered(&json!({"ask": "views"}), &rows), rows);
    }

    #[test]
    fn a_type_is_an_alias_a_table_or_of_an_assembly() {
        let rows = json!([
            {"name": "phone", "schema": "dbo", "type": "alias", "category": "nvarchar"},
            {"name": "id_list", "schema": "app", "type": "table", "category": null},
        ]);
        assert_eq!(answered(&json!({"ask": "types"}), &rows), rows);
    }

    #[test]
    fn one_namespace_is_the_current_one() {
        let rows = json!([
            {"name": "app", "path": null, "default": 0},
            {"name": "dbo", "path": null, "default": 1},
        ]);
        assert_eq!(
            answered(&json!({"ask": "schemas"}), &rows),
            json!([
                {"name": "app", "path": null, "default": false},
                {"name": "dbo", "path": null, "default": true},
            ])
        );
        assert_eq!(answered(&json!({"ask": "currentSchemas"}), &json!([{"name": "dbo"}])), json!(["dbo"]));
        assert_eq!(answered(&json!({"ask": "currentSchemas"}), &json!([{"name": null}])), json!([]));
    }

    #[test]
    fn lengths_count_characters_where_definitions_do() {
        assert_eq!(type_of("nvarchar", 510, 0, 0), "nvarchar(255)");
        assert_eq!(type_of("nvarchar", -1, 0, 0), "nvarchar(max)");
        assert_eq!(type_of("nchar", 52, 0, 0), "nchar(26)");
        assert_eq!(type_of("varchar", 255, 0, 0), "varchar(255)");
        assert_eq!(type_of("varbinary", -1, 0, 0), "varbinary(max)");
    }

    #[test]
    fn numbers_and_times_have_their_digits() {
        assert_eq!(type_of("decimal", 5, 8, 2), "decimal(8,2)");
        assert_eq!(type_of("float", 8, 53, 0), "float(53)");
        assert_eq!(type_of("datetime2", 7, 23, 3), "datetime2(3)");
        assert_eq!(type_of("time", 5, 16, 7), "time(7)");
        assert_eq!(type_of("datetime", 8, 23, 3), "datetime");
        assert_eq!(type_of("bigint", 8, 19, 0), "bigint");
        assert_eq!(type_of("phone", 40, 0, 0), "phone");
    }

    #[test]
    fn a_column_says_what_was_defined() {
        let id = described(
            &json!({"name": "id", "type_name": "bigint", "bytes": 8, "digits": 19, "numbered": true}),
        );
        assert_eq!(
            id,
            json!({
                "name": "id", "type_name": "bigint", "type": "bigint", "collation": null, "nullable": false,
                "default": null, "auto_increment": true, "comment": null, "generation": null,
            })
        );
        let nick = json!({
            "type_name": "nvarchar", "bytes": 100, "nullable": true, "default": "('x')",
            "collation": "Latin1_General_CI_AS", "comment": "Short",
        });
        let nick = described(&nick);
        assert_eq!(
            json!([nick["nullable"], nick["default"], nick["collation"], nick["comment"]]),
            json!([true, "('x')", "Latin1_General_CI_AS", "Short"])
        );
    }

    #[test]
    fn a_computed_column_is_stored_when_it_is_persisted() {
        let computed =
            |stored| described(&json!({"expression": "([a]*(2))", "stored": stored}))["generation"].clone();
        assert_eq!(computed(true), json!({"type": "stored", "expression": "([a]*(2))"}));
        assert_eq!(computed(false), json!({"type": "virtual", "expression": "([a]*(2))"}));
    }

    #[test]
    fn indexes_have_their_columns_in_order() {
        let row = |id, name, column, kind, unique, primary| json!({"id": id, "name": name, "column": column, "type": kind, "unique": unique, "primary": primary});
        let rows = json!([
            row(1, "PK__members", "user_id", "CLUSTERED", true, true),
            row(1, "PK__members", "team", "CLUSTERED", true, true),
            row(2, "members_rank_index", "rank", "NONCLUSTERED", false, false),
        ]);
        assert_eq!(
            answered(&json!({"ask": "indexes", "table": "members"}), &rows),
            json!([
                {"name": "PK__members", "columns": ["user_id", "team"], "type": "clustered", "unique": true, "primary": true},
                {"name": "members_rank_index", "columns": ["rank"], "type": "nonclustered", "unique": false, "primary": false},
            ])
        );
    }

    #[test]
    fn foreign_keys_name_both_ends_and_their_actions() {
        let row = |column, foreign| {
            json!({
                "id": 901_578_250, "name": "members_team_foreign", "column": column, "foreign_schema": "app",
                "foreign_table": "teams", "foreign_column": foreign, "on_update": "NO ACTION", "on_delete": "SET NULL",
            })
        };
        assert_eq!(
            answered(
                &json!({"ask": "foreignKeys", "table": "members"}),
                &json!([row("team", "id"), row("year", "season")])
            ),
            json!([{
                "name": "members_team_foreign", "columns": ["team", "year"], "foreign_schema": "app",
                "foreign_table": "teams", "foreign_columns": ["id", "season"],
                "on_update": "no action", "on_delete": "set null",
            }])
        );
    }
}
