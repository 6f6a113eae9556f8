//! [`questions`]: what is asked about a table before it is backed up or restored.

use serde::{Deserialize, Serialize};

use super::table_ref::table_ref;
use crate::config::DriverName;
use crate::migrate::statement::Sql;
use crate::schema::TableName;

/// A table as the answers describe it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Catalogued {
    /// Its name, with its namespace.
    pub table: TableName,
    /// Its columns, in order.
    pub columns: Vec<CataloguedColumn>,
}

/// A column as the answers describe it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CataloguedColumn {
    /// Its name.
    pub name: String,
    /// Its type with everything about it.
    #[serde(rename = "type")]
    pub spelled: String,
    /// Its type as texts are converted to it, without a length (PostgreSQL only).
    pub cast: Option<String>,
    /// Whether it is computed from others.
    pub generated: bool,
    /// Its place in the primary key.
    pub key: Option<u32>,
    /// The sequence that numbers it (PostgreSQL only).
    pub sequence: Option<String>,
    /// Whether values are given to it only on demand (SQL Server only).
    pub identity: bool,
}

/// The questions about a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Questions {
    /// Answers `namespace`, `table`, `estimate` (rows), `bytes` and, for each column, `name`, `type`, `cast`,
    /// `generated`, `key`, `sequence`, `identity`. No rows: there is no such table.
    pub columns: Sql,
    /// Answers `namespace` and `table` of those whose rows a `truncate … cascade` takes along (PostgreSQL only).
    pub referrers: Option<Sql>,
    /// Whether a transaction undoes schema changes.
    pub transactional: bool,
}

/// The questions about a table. Temporary tables and views are none.
#[must_use]
pub fn questions(driver: DriverName, table: &TableName) -> Questions {
    let name = table.name.as_str();
    let full = table_ref(driver, table);
    let columns = match driver {
        DriverName::Postgres => Sql::new(POSTGRES, &[&full, &full]),
        DriverName::MySql | DriverName::MariaDb => match &table.schema {
            Some(schema) => Sql::new(MYSQL.replace("{schema}", "?"), &[schema, name]),
            None => Sql::new(MYSQL.replace("{schema}", "database()"), &[name]),
        },
        DriverName::Sqlite => {
            let schema = table.schema.as_deref().unwrap_or("main");
            Sql::new(SQLITE, &[schema, name])
        }
        DriverName::SqlServer => Sql::new(SQL_SERVER, &[&full]),
    };
    let referrers = (driver == DriverName::Postgres).then(|| Sql::new(POSTGRES_REFERRERS, &[&full]));
    let transactional = !matches!(driver, DriverName::MySql | DriverName::MariaDb);
    Questions { columns, referrers, transactional }
}

impl Catalogued {
    /// The columns that hold values of their own.
    pub fn own(&self) -> impl Iterator<Item = &CataloguedColumn> {
        self.columns.iter().filter(|column| !column.generated)
    }

    /// The columns of the primary key, in its order.
    #[must_use]
    pub fn key(&self) -> Vec<String> {
        let mut key: Vec<_> = self.columns.iter().filter(|column| column.key.is_some()).collect();
        key.sort_by_key(|column| column.key);
        key.into_iter().map(|column| column.name.clone()).collect()
    }

    /// The column that a statement names so.
    #[must_use]
    pub fn column(&self, driver: DriverName, name: &str) -> Option<&CataloguedColumn> {
        self.columns.iter().find(|column| match driver {
            DriverName::Postgres => column.name == name,
            _ => column.name.to_lowercase() == name.to_lowercase(),
        })
    }
}

/// What a table takes on disk, for a backup's table after it was filled.
pub(super) fn size(driver: DriverName, table: &TableName) -> Option<Sql> {
    let full = table_ref(driver, table);
    match driver {
        DriverName::Postgres => Some(Sql::new("select pg_table_size(to_regclass(?)) as bytes", &[&full])),
        DriverName::Sqlite => {
            let sql =
                "select sum(pgsize) as bytes from dbstat where schema = ? and name = ? and aggregate = 1";
            Some(Sql::new(sql, &[table.schema.as_deref().unwrap_or("main"), &table.name]))
        }
        DriverName::SqlServer => Some(Sql::new(
            "select sum(used_page_count) * 8192 as bytes from sys.dm_db_partition_stats where object_id = object_id(?)",
            &[&full],
        )),
        // Its figures are old until the table is analysed.
        DriverName::MySql | DriverName::MariaDb => None,
    }
}

const POSTGRES: &str = "\
    select n.nspname as namespace, t.relname as \"table\", t.reltuples::float8 as estimate, \
    coalesce((select sum(pg_table_size(p.relid)) from pg_partition_tree(t.oid) p), pg_table_size(t.oid))::float8 as bytes, \
    a.attname as name, format_type(a.atttypid, a.atttypmod) as type, format_type(a.atttypid, -1) as \"cast\", \
    (a.attgenerated <> '')::int as generated, array_position(k.conkey, a.attnum) as key, \
    pg_get_serial_sequence(?, a.attname) as sequence, 0 as identity \
    from pg_class t join pg_namespace n on n.oid = t.relnamespace \
    join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped \
    left join pg_constraint k on k.conrelid = t.oid and k.contype = 'p' \
    where t.oid = to_regclass(?) and t.relkind in ('r', 'p') and t.relpersistence <> 't' order by a.attnum";

/// Its own partitions are part of the table.
const POSTGRES_REFERRERS: &str = "\
    with recursive r as (select to_regclass(?)::oid as id union select k.conrelid from pg_constraint k \
    join r on k.confrelid = r.id where k.contype = 'f' and k.conparentid = 0) \
    select n.nspname as namespace, t.relname as \"table\" from r \
    join pg_class t on t.oid = r.id join pg_namespace n on n.oid = t.relnamespace order by 1, 2";

const MYSQL: &str = "\
    select t.table_schema as `namespace`, t.table_name as `table`, cast(t.table_rows as double) as `estimate`, \
    cast(t.data_length as double) as `bytes`, c.column_name as `name`, c.column_type as `type`, null as `cast`, \
    c.generation_expression <> '' as `generated`, \
    (select s.seq_in_index from information_schema.statistics s where s.table_schema = t.table_schema \
    and s.table_name = t.table_name and s.index_name = 'PRIMARY' and s.column_name = c.column_name) as `key`, \
    null as `sequence`, 0 as `identity` \
    from information_schema.tables t join information_schema.columns c \
    on c.table_schema = t.table_schema and c.table_name = t.table_name \
    where t.table_schema = {schema} and t.table_name = ? and t.table_type in ('BASE TABLE', 'SYSTEM VERSIONED') \
    order by c.ordinal_position";

const SQLITE: &str = "\
    select l.schema as namespace, l.name as \"table\", -1 as estimate, \
    (select sum(s.pgsize) from dbstat s where s.schema = l.schema and s.name = l.name and s.aggregate = 1) as bytes, \
    c.name as name, c.type as type, null as \"cast\", c.hidden in (2, 3) as generated, nullif(c.pk, 0) as key, \
    null as sequence, 0 as identity \
    from pragma_table_list l join pragma_table_xinfo(l.name, l.schema) c \
    where l.schema = ? collate nocase and l.name = ? collate nocase and l.type in ('table', 'virtual') \
    and c.hidden <> 1 order by c.cid";

const SQL_SERVER: &str = "\
    select schema_name(t.schema_id) as namespace, t.name as [table], \
    cast((select sum(p.rows) from sys.partitions p where p.object_id = t.object_id and p.index_id in (0, 1)) as float) as estimate, \
    cast((select sum(u.used_page_count) * 8192 from sys.dm_db_partition_stats u where u.object_id = t.object_id) as float) as bytes, \
    c.name as name, y.name + case when y.name in ('nvarchar', 'nchar') and c.max_length = -1 then '(max)' \
    when y.name in ('nvarchar', 'nchar') then '(' + cast(c.max_length / 2 as varchar(10)) + ')' \
    when y.name in ('varchar', 'char', 'varbinary', 'binary') and c.max_length = -1 then '(max)' \
    when y.name in ('varchar', 'char', 'varbinary', 'binary') then '(' + cast(c.max_length as varchar(10)) + ')' \
    when y.name in ('decimal', 'numeric') then '(' + cast(c.precision as varchar(10)) + ',' + cast(c.scale as varchar(10)) + ')' \
    when y.name in ('datetime2', 'datetimeoffset', 'time') then '(' + cast(c.scale as varchar(10)) + ')' else '' end as type, \
    null as [cast], case when c.is_computed = 1 or y.name = 'timestamp' then 1 else 0 end as generated, \
    (select k.key_ordinal from sys.indexes i join sys.index_columns k on k.object_id = i.object_id and k.index_id = i.index_id \
    where i.object_id = t.object_id and i.is_primary_key = 1 and k.column_id = c.column_id) as [key], \
    null as sequence, cast(c.is_identity as int) as [identity] \
    from sys.tables t join sys.columns c on c.object_id = t.object_id join sys.types y on y.user_type_id = c.user_type_id \
    where t.object_id = object_id(?) order by c.column_id";
