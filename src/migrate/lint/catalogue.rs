//! [`Catalogue`]: what the database says of its tables, as far as the rules ask, and the question for it.

use super::super::sql::Name;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::super::statement::Sql;
use crate::config::DriverName;

/// One row of the answer: text in every cell.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct TableFacts {
    name: String,
    #[serde(default)]
    namespace: Option<String>,
    /// `0`: it is only found by its namespace.
    #[serde(default)]
    visible: Option<String>,
    /// How many rows it has, about.
    estimate: String,
    /// JSON: the type of each column.
    #[serde(default)]
    column_types: Option<String>,
    /// JSON: the columns that are never null.
    #[serde(default)]
    required_columns: Option<String>,
    /// JSON: the columns with which an index begins.
    #[serde(default)]
    leading_columns: Option<String>,
    /// JSON: the names of its indexes, where indexes are named apart from tables.
    #[serde(default)]
    index_names: Option<String>,
}

/// How the facts are asked for.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CatalogueQuestion {
    /// What to ask.
    pub read: Sql,
    /// Whether it answers, as `statement`, the texts of the questions that answer the facts.
    pub writes_statements: bool,
}

/// The question for all tables of a database.
#[must_use]
pub fn question(driver: DriverName) -> CatalogueQuestion {
    let text = match driver {
        DriverName::Postgres => POSTGRES,
        DriverName::MySql | DriverName::MariaDb => MYSQL,
        DriverName::Sqlite => SQLITE,
        DriverName::SqlServer => SQL_SERVER,
    };
    CatalogueQuestion { read: Sql::new(text, &[]), writes_statements: driver == DriverName::Sqlite }
}

/// The tables that a statement may mean.
#[derive(Debug, Clone, Copy)]
pub(super) struct Catalogue<'a>(pub(super) &'a [TableFacts]);

impl<'a> Catalogue<'a> {
    pub(super) fn find(self, name: &Name) -> Option<&'a TableFacts> {
        self.0.iter().find(|facts| {
            name.name.to_lowercase() == facts.name.to_lowercase()
                && match (&name.namespace, &facts.namespace) {
                    (Some(one), Some(other)) => one.to_lowercase() == other.to_lowercase(),
                    _ => facts.visible.as_deref() != Some("0"),
                }
        })
    }

    /// The table that an index belongs to.
    pub(super) fn table_of(self, index: &Name) -> Option<&'a TableFacts> {
        self.0.iter().find(|facts| {
            let names: Vec<String> = facts.parsed(facts.index_names.as_deref());
            names.iter().any(|name| name.to_lowercase() == index.name.to_lowercase())
        })
    }
}

impl TableFacts {
    pub(super) fn rows(&self) -> u64 {
        self.estimate.parse().unwrap_or(0)
    }

    pub(super) fn full_name(&self) -> Name {
        let is_visible = self.visible.as_deref() != Some("0");
        Name::new(self.namespace.clone().filter(|_| !is_visible), self.name.clone())
    }

    /// The type of a column, as the server writes it.
    pub(super) fn column_type(&self, column: &str) -> Option<String> {
        let types: HashMap<String, String> = self.parsed(self.column_types.as_deref());
        types.into_iter().find(|(name, _)| name.to_lowercase() == column.to_lowercase()).map(|(_, kind)| kind)
    }

    /// The types of all its columns.
    pub(super) fn types(&self) -> Vec<String> {
        let types: HashMap<String, String> = self.parsed(self.column_types.as_deref());
        types.into_values().collect()
    }

    pub(super) fn requires(&self, column: &str) -> bool {
        self.lists(self.required_columns.as_deref(), column)
    }

    pub(super) fn has_index_on(&self, column: &str) -> bool {
        self.lists(self.leading_columns.as_deref(), column)
    }

    fn lists(&self, json: Option<&str>, column: &str) -> bool {
        let names: Vec<String> = self.parsed(json);
        names.iter().any(|name| name.to_lowercase() == column.to_lowercase())
    }

    #[allow(clippy::unused_self)] // reads best where it is
    fn parsed<T: Default + serde::de::DeserializeOwned>(&self, json: Option<&str>) -> T {
        json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
    }
}

/// A table that was never analyzed is taken for rows of 100 bytes, once it has a megabyte: `reltuples` is -1
/// then, and 0 before PostgreSQL 14.
const POSTGRES: &str = "\
    select n.nspname::text as namespace, c.relname::text as name, \
    case when pg_table_is_visible(c.oid) then '1' else '0' end as visible, \
    floor(greatest(case when c.reltuples > 0 then c.reltuples \
    when (c.reltuples < 0 or c.relpages = 0) and c.relkind = 'r' and pg_relation_size(c.oid) >= 1048576 \
    then pg_relation_size(c.oid) / 100 else 0 end, \
    (select sum(greatest(k.reltuples, 0)) from pg_inherits h join pg_class k on k.oid = h.inhrelid \
    where h.inhparent = c.oid)))::bigint::text as estimate, \
    (select json_object_agg(a.attname, format_type(a.atttypid, a.atttypmod)) from pg_attribute a \
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)::text as column_types, \
    (select json_agg(a.attname) from pg_attribute a \
    where a.attrelid = c.oid and a.attnum > 0 and a.attnotnull)::text as required_columns, \
    (select json_agg(a.attname) from pg_index i join pg_attribute a on a.attrelid = i.indrelid \
    and a.attnum = i.indkey[0] where i.indrelid = c.oid and i.indpred is null)::text as leading_columns, \
    (select json_agg(k.relname) from pg_index i join pg_class k on k.oid = i.indexrelid \
    where i.indrelid = c.oid)::text as index_names \
    from pg_class c join pg_namespace n on n.oid = c.relnamespace \
    where c.relkind in ('r', 'p', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'";

const MYSQL: &str = "\
    select t.table_schema as namespace, t.table_name as name, '1' as visible, \
    cast(coalesce(t.table_rows, 0) as char) as estimate, cast(c.types as char) as column_types \
    from information_schema.tables t join (select table_name as owner, \
    json_objectagg(column_name, column_type) as types from information_schema.columns \
    where table_schema = database() group by table_name) c on c.owner = t.table_name \
    where t.table_schema = database() and t.table_type not in ('VIEW', 'SYSTEM VIEW', 'SEQUENCE')";

/// The largest rowid is found without reading the table; one `without rowid` has none. Four hundred tables a statement: five hundred
/// parts of one are allowed (`SQLITE_MAX_COMPOUND_SELECT`).
const SQLITE: &str = "\
    select group_concat('select ' || quote(name) || ' as name, cast(coalesce(' || statistics || \
    case wr when 1 then '' else '(select max(rowid) from \"' || replace(name, '\"', '\"\"') || '\"), ' end || \
    '0, 0) as text) as estimate', ' union all ') as statement from (select name, wr, (row_number() over (order by name)) / 400 as part, \
    case when exists (select 1 from sqlite_schema where name = 'sqlite_stat1') \
    then '(select cast(stat as integer) from sqlite_stat1 where tbl = ' || quote(name) || ' limit 1), ' \
    else '' end as statistics from pragma_table_list \
    where schema = 'main' and type = 'table' and name not like 'sqlite!_%' escape '!') group by part";

const SQL_SERVER: &str = "\
    select s.name as namespace, t.name as name, case when s.name = schema_name() then '1' else '0' end as visible, \
    cast(coalesce((select sum(p.rows) from sys.partitions p \
    where p.object_id = t.object_id and p.index_id in (0, 1)), 0) as nvarchar(20)) as estimate, \
    (select '{' + string_agg(cast('\"' + string_escape(c.name, 'json') + '\":\"' + type_name(c.user_type_id) + \
    case when type_name(c.user_type_id) in ('nvarchar', 'nchar') and c.max_length > 0 \
    then '(' + cast(c.max_length / 2 as nvarchar(10)) + ')' \
    when type_name(c.user_type_id) in ('varchar', 'char', 'varbinary', 'binary') and c.max_length > 0 \
    then '(' + cast(c.max_length as nvarchar(10)) + ')' \
    when type_name(c.user_type_id) in ('decimal', 'numeric') \
    then '(' + cast(c.precision as nvarchar(10)) + ',' + cast(c.scale as nvarchar(10)) + ')' else '' end + '\"' \
    as nvarchar(max)), ',') + '}' from sys.columns c where c.object_id = t.object_id) as column_types, \
    (select '[' + string_agg(cast('\"' + string_escape(c.name, 'json') + '\"' as nvarchar(max)), ',') + ']' \
    from sys.columns c where c.object_id = t.object_id and c.is_nullable = 0) as required_columns, \
    (select '[' + string_agg(cast('\"' + string_escape(c.name, 'json') + '\"' as nvarchar(max)), ',') + ']' \
    from sys.index_columns i join sys.columns c on c.object_id = i.object_id and c.column_id = i.column_id \
    where i.object_id = t.object_id and i.key_ordinal = 1) as leading_columns \
    from sys.tables t join sys.schemas s on s.schema_id = t.schema_id";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_found_by_its_name_and_its_namespace() {
        let facts: Vec<TableFacts> = serde_json::from_str(
            r#"[{"namespace":"a","name":"t","visible":"0","estimate":"5"},
                {"namespace":"public","name":"T","visible":"1","estimate":"7","column_types":"{\"Id\":\"integer\"}",
                 "required_columns":"[\"id\"]","leading_columns":null,"index_names":"[\"t_pkey\"]"}]"#,
        )
        .expect("facts");
        let catalogue = Catalogue(&facts);
        let rows = |namespace: Option<&str>, name: &str| {
            let name = Name::new(namespace.map(Into::into), name.into());
            catalogue.find(&name).map(TableFacts::rows)
        };
        assert_eq!([rows(None, "t"), rows(Some("a"), "t"), rows(Some("b"), "t")], [Some(7), Some(5), None]);
        let table = &facts[1];
        assert_eq!(table.column_type("id").as_deref(), Some("integer"));
        assert!(table.requires("id") && !table.has_index_on("id"));
        let index = Name::new(None, "t_pkey".into());
        assert_eq!(catalogue.table_of(&index).map(TableFacts::rows), Some(7));
    }
}
