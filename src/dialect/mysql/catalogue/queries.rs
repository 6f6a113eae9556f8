//! The questions. Each names its columns: MySQL 8 gives them in upper case.
//!
//! No column is asked for that makes MariaDB open a table (row counts, sizes, cardinalities), and no two
//! of its `information_schema` are joined: it finds rows there by `= schema` alone.

use crate::dialect::catalogue::{CatalogueQuery, Inspection};

/// The namespaces and tables that are asked about.
struct Place {
    namespaces: Vec<Option<String>>,
    tables: Vec<String>,
}

impl Place {
    fn new(inspection: &Inspection) -> Self {
        let mut namespaces: Vec<Option<String>> = inspection.namespaces.iter().cloned().map(Some).collect();
        let mut tables = Vec::new();
        for table in &inspection.tables {
            let (namespace, name) =
                table.rsplit_once('.').map_or((None, table.as_str()), |(left, right)| (Some(left), right));
            namespaces.push(namespace.map(str::to_owned));
            tables.push(name.to_owned());
        }
        if namespaces.is_empty() {
            namespaces.push(None);
        }
        namespaces.sort();
        namespaces.dedup();
        Self { namespaces, tables }
    }

    /// A question whose rows are in these namespaces, and of these tables where `table` is a column.
    fn ask(&self, about: &'static str, sql: &str, namespace: &str, table: Option<&str>) -> CatalogueQuery {
        let mut texts: Vec<String> = self.namespaces.iter().flatten().cloned().collect();
        let places: Vec<_> =
            self.namespaces.iter().map(|name| if name.is_some() { "?" } else { "schema()" }).collect();
        let mut sql = format!("{sql} {namespace} {}", among(&places));
        if let Some(table) = table.filter(|_| !self.tables.is_empty()) {
            texts.extend(self.tables.iter().cloned());
            sql = format!("{sql} and {table} {}", among(&vec!["?"; self.tables.len()]));
        }
        CatalogueQuery { about, sql, texts }
    }
}

fn among(places: &[&str]) -> String {
    match places {
        [one] => format!("= {one}"),
        _ => format!("in ({})", places.join(", ")),
    }
}

/// The questions about what `inspection` names.
pub fn queries(inspection: &Inspection, is_mariadb: bool) -> Vec<CatalogueQuery> {
    let place = Place::new(inspection);
    let of_table = Some("table_name");
    let mut queries = vec![CatalogueQuery {
        about: "server",
        sql: "select version() as `version`, schema() as `namespace`, @@default_storage_engine as `engine`, \
              @@collation_database as `database_collation`, character_set_name as `charset`, \
              default_collate_name as `collation` from information_schema.character_sets"
            .to_owned(),
        texts: Vec::new(),
    }];
    let tables = "select table_schema as `schema`, table_name as `table`, table_type as `kind`, \
                  engine as `engine`, table_collation as `collation`, table_comment as `comment`, \
                  create_options as `options` from information_schema.tables where";
    queries.push(place.ask("tables", tables, "table_schema", of_table));
    queries.push(place.ask("columns", &columns(is_mariadb), "table_schema", of_table));
    queries.push(place.ask("indexes", &indexes(is_mariadb), "table_schema", of_table));
    let keys = "select table_schema as `schema`, table_name as `table`, constraint_name as `name`, \
                column_name as `column`, ordinal_position as `position`, \
                referenced_table_schema as `foreign_schema`, referenced_table_name as `foreign_table`, \
                referenced_column_name as `foreign_column` from information_schema.key_column_usage \
                where referenced_table_name is not null and";
    queries.push(place.ask("keys", keys, "table_schema", of_table));
    let actions = "select constraint_schema as `schema`, table_name as `table`, constraint_name as `name`, \
                   update_rule as `on_update`, delete_rule as `on_delete` \
                   from information_schema.referential_constraints where";
    queries.push(place.ask("actions", actions, "constraint_schema", of_table));
    if is_mariadb {
        let checks = "select constraint_schema as `schema`, table_name as `table`, constraint_name as `name`, \
                      check_clause as `expression`, level as `level`, 'YES' as `enforced` \
                      from information_schema.check_constraints where";
        queries.push(place.ask("checks", checks, "constraint_schema", of_table));
        let shapes = "select g_table_schema as `schema`, g_table_name as `table`, \
                      g_geometry_column as `column`, srid as `srid` \
                      from information_schema.geometry_columns where srid > 0 and";
        queries.push(place.ask("shapes", shapes, "g_table_schema", Some("g_table_name")));
    } else {
        let checks = "select t.table_schema as `schema`, t.table_name as `table`, c.constraint_name as `name`, \
                      c.check_clause as `expression`, 'Table' as `level`, t.enforced as `enforced` \
                      from information_schema.check_constraints c join information_schema.table_constraints t \
                      on t.constraint_schema = c.constraint_schema and t.constraint_name = c.constraint_name \
                      where t.constraint_type = 'CHECK' and";
        queries.push(place.ask("checks", checks, "t.table_schema", Some("t.table_name")));
    }
    if inspection.tables.is_empty() {
        queries.extend(programs(&place));
    }
    queries
}

fn columns(is_mariadb: bool) -> String {
    let srid = if is_mariadb { "null" } else { "srs_id" };
    format!(
        "select table_schema as `schema`, table_name as `table`, column_name as `name`, \
         ordinal_position as `position`, column_default as `default`, is_nullable as `nullable`, \
         column_type as `type`, character_set_name as `charset`, collation_name as `collation`, \
         extra as `extra`, column_comment as `comment`, generation_expression as `expression`, \
         {srid} as `srid` from information_schema.columns where"
    )
}

fn indexes(is_mariadb: bool) -> String {
    let (expression, hidden) =
        if is_mariadb { ("null", "ignored = 'YES'") } else { ("expression", "is_visible = 'NO'") };
    format!(
        "select table_schema as `schema`, table_name as `table`, index_name as `name`, \
         non_unique as `repeats`, seq_in_index as `position`, column_name as `column`, \
         collation as `direction`, sub_part as `length`, index_type as `type`, \
         index_comment as `comment`, {expression} as `expression`, {hidden} as `hidden` \
         from information_schema.statistics where"
    )
}

/// What belongs to no table.
fn programs(place: &Place) -> [CatalogueQuery; 4] {
    let views = "select table_schema as `schema`, table_name as `name`, view_definition as `definition` \
                 from information_schema.views where";
    let triggers = "select trigger_schema as `schema`, trigger_name as `name`, event_object_table as `table`, \
                    event_manipulation as `event`, action_timing as `timing`, action_statement as `body` \
                    from information_schema.triggers where";
    let routines = "select routine_schema as `schema`, specific_name as `name`, routine_type as `kind`, \
                    dtd_identifier as `returns`, routine_definition as `body`, \
                    is_deterministic as `deterministic`, sql_data_access as `access`, \
                    security_type as `security`, routine_comment as `comment` \
                    from information_schema.routines where";
    let events = place.ask(
        "routines",
        " union all select event_schema, event_name, 'EVENT', null, null, 'NO', '', '', '' \
          from information_schema.events where",
        "event_schema",
        None,
    );
    let mut routines = place.ask("routines", routines, "routine_schema", None);
    routines.sql.push_str(&events.sql);
    routines.texts.extend(events.texts);
    let inputs = "select specific_schema as `schema`, specific_name as `name`, routine_type as `kind`, \
                  ordinal_position as `position`, parameter_mode as `mode`, parameter_name as `input`, \
                  dtd_identifier as `type` from information_schema.parameters \
                  where ordinal_position > 0 and";
    [
        place.ask("views", views, "table_schema", None),
        place.ask("triggers", triggers, "trigger_schema", None),
        routines,
        place.ask("inputs", inputs, "specific_schema", None),
    ]
}
