//! [`Sweep`]: how a database loses everything in its current namespace, or every row. SQL text only.
//!
//! The server itself writes the statements, from its catalogue and with its own quoting, so that
//! nothing is forgotten and no name is spelled wrong. What belongs to an extension stays.

use serde::{Deserialize, Serialize};

use super::statement::Sql;
use crate::config::DriverName;
use crate::dialect::sqlite::settings::{FOREIGN_KEYS_OFF, READ};

/// What goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Extent {
    /// Tables, views, types, sequences, functions and procedures.
    Everything,
    /// The rows of all tables.
    Rows,
}

/// What to run, on one session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sweep {
    /// Asked before `before`: with an answer of 0, `after` is not run.
    pub read: Option<&'static str>,
    /// Run first, outside of a transaction.
    pub before: Vec<&'static str>,
    /// Answers the statements in their order, as `statement`; and as `afterwards` what follows when
    /// all of them are done, or null.
    pub list: Sql,
    /// Whether the statements are all or nothing in a transaction.
    pub transactional: bool,
    /// First statements of the transaction.
    pub start: Vec<&'static str>,
    /// Run last, also after a failure.
    pub after: Vec<&'static str>,
}

/// How everything goes, or every row of the tables that are not `kept`.
#[must_use]
pub fn sweep(driver: DriverName, extent: Extent, kept: &[String]) -> Sweep {
    let is_mysql = matches!(driver, DriverName::MySql | DriverName::MariaDb);
    let list = match (driver, extent) {
        (DriverName::Postgres, Extent::Everything) => Sql::new(POSTGRES_EVERYTHING, &[]),
        (DriverName::MySql | DriverName::MariaDb, Extent::Everything) => Sql::new(MYSQL_EVERYTHING, &[]),
        (DriverName::Sqlite, Extent::Everything) => Sql::new(SQLITE_EVERYTHING, &[]),
        (DriverName::SqlServer, Extent::Everything) => Sql::new(SQL_SERVER_EVERYTHING, &[]),
        (DriverName::Postgres, Extent::Rows) => but(POSTGRES_ROWS, kept),
        (DriverName::MySql | DriverName::MariaDb, Extent::Rows) => but(MYSQL_ROWS, kept),
        (DriverName::Sqlite, Extent::Rows) => but(SQLITE_ROWS, kept),
        (DriverName::SqlServer, Extent::Rows) => but(SQL_SERVER_ROWS, kept),
    };
    let is_sqlite = driver == DriverName::Sqlite;
    Sweep {
        read: is_sqlite.then_some(READ),
        before: match driver {
            DriverName::MySql | DriverName::MariaDb => MYSQL_BEFORE.to_vec(),
            DriverName::Sqlite => vec![FOREIGN_KEYS_OFF],
            _ => vec![],
        },
        list,
        transactional: !(is_mysql && extent == Extent::Everything),
        // In a transaction that began before, keys cannot be switched off. Rows that refer to rows that go
        // wait for the commit then; by that time they are gone as well.
        start: if is_sqlite { vec!["pragma defer_foreign_keys = 1"] } else { vec![] },
        after: match driver {
            DriverName::MySql | DriverName::MariaDb => MYSQL_AFTER.to_vec(),
            DriverName::Sqlite => vec!["pragma foreign_keys = 1"],
            _ => vec![],
        },
    }
}

/// A list that leaves the kept tables out: `{kept}` stands for a condition on their names.
fn but(template: &str, kept: &[String]) -> Sql {
    let places = vec!["?"; kept.len()].join(", ");
    let condition = if kept.is_empty() { "is not null".to_owned() } else { format!("not in ({places})") };
    Sql { sql: template.replace("{kept}", &condition), bindings: kept.to_vec() }
}

/// `drop` of one thing may take others along: hence `if exists`. What an extension brought (a
/// dependency `e`) stays.
const POSTGRES_EVERYTHING: &str = "\
    select statement, null as afterwards from (\
    select 1 as place, t.relname::text as name, format('drop %s if exists %I.%I cascade', case t.relkind \
    when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table' else 'table' end, \
    n.nspname, t.relname) as statement, 'pg_class'::regclass as class, t.oid as id \
    from pg_class t join pg_namespace n on n.oid = t.relnamespace \
    where n.nspname = current_schema() and t.relkind in ('r', 'p', 'v', 'm', 'f') \
    union all select 2, p.proname::text, format('drop routine if exists %s cascade', p.oid::regprocedure), \
    'pg_proc'::regclass, p.oid from pg_proc p join pg_namespace n on n.oid = p.pronamespace \
    where n.nspname = current_schema() \
    union all select 3, y.typname::text, format('drop %s if exists %I.%I cascade', \
    case y.typtype when 'd' then 'domain' else 'type' end, n.nspname, y.typname), 'pg_type'::regclass, y.oid \
    from pg_type y join pg_namespace n on n.oid = y.typnamespace left join pg_class c on c.oid = y.typrelid \
    where n.nspname = current_schema() and (y.typtype in ('e', 'd', 'r') or y.typtype = 'c' and c.relkind = 'c') \
    union all select 4, t.relname::text, format('drop sequence if exists %I.%I cascade', n.nspname, t.relname), \
    'pg_class'::regclass, t.oid from pg_class t join pg_namespace n on n.oid = t.relnamespace \
    where n.nspname = current_schema() and t.relkind = 'S' \
    ) x where not exists (select from pg_depend d where d.classid = x.class and d.objid = x.id \
    and d.deptype = 'e') order by place, name, statement";

const POSTGRES_ROWS: &str = "\
    select 'truncate table ' || string_agg(format('%I.%I', n.nspname, t.relname), ', ' order by t.relname) \
    || ' restart identity' as statement, null as afterwards \
    from pg_class t join pg_namespace n on n.oid = t.relnamespace \
    where n.nspname = current_schema() and t.relkind in ('r', 'p') and not t.relispartition \
    and t.relname::text {kept} and not exists (select from pg_depend d \
    where d.classid = 'pg_class'::regclass and d.objid = t.oid and d.deptype = 'e') having count(*) > 0";

/// Keys may form a cycle. What the session had said is kept in a variable of the session.
const MYSQL_BEFORE: [&str; 2] =
    ["set @guruorm_foreign_key_checks = @@foreign_key_checks", "set foreign_key_checks = 0"];
const MYSQL_AFTER: [&str; 1] = ["set foreign_key_checks = @guruorm_foreign_key_checks"];

const MYSQL_EVERYTHING: &str = "\
    select concat('drop ', kind, ' if exists `', replace(name, '`', '``'), '`') as statement, null as afterwards from (\
    select case table_type when 'VIEW' then 'view' when 'SEQUENCE' then 'sequence' else 'table' end as kind, \
    table_name as name from information_schema.tables where table_schema = database() \
    union all select lower(routine_type), routine_name from information_schema.routines \
    where routine_schema = database() \
    union all select 'event', event_name from information_schema.events where event_schema = database() \
    ) x order by kind, name";

/// `delete`, because `truncate` commits and could stop half way. Counters begin again afterwards.
const MYSQL_ROWS: &str = "\
    select concat('delete from `', replace(table_name, '`', '``'), '`') as statement, \
    case when auto_increment is not null then \
    concat('alter table `', replace(table_name, '`', '``'), '` auto_increment = 1') end as afterwards \
    from information_schema.tables where table_schema = database() \
    and table_type not in ('VIEW', 'SYSTEM VIEW', 'SEQUENCE') and table_name {kept} order by table_name";

/// A virtual table takes the tables along in which it keeps its rows.
const SQLITE_EVERYTHING: &str = "\
    select 'drop ' || type || ' if exists \"' || replace(name, '\"', '\"\"') || '\"' as statement, \
    null as afterwards from sqlite_master \
    where type in ('table', 'view') and name not like 'sqlite\\_%' escape '\\' \
    order by type = 'table', sql not like 'create virtual%', name";

const SQLITE_ROWS: &str = "\
    select 'delete from \"' || replace(name, '\"', '\"\"') || '\"' as statement, null as afterwards \
    from pragma_table_list where schema = 'main' and type in ('table', 'virtual') \
    and name not like 'sqlite\\_%' escape '\\' and name {kept} \
    union all select 'delete from sqlite_sequence', null from sqlite_master where name = 'sqlite_sequence'";

const SQL_SERVER_EVERYTHING: &str = "\
    select statement, null as afterwards from (\
    select 1 as place, name, 'alter table ' + quotename(schema_name(schema_id)) + '.' + \
    quotename(object_name(parent_object_id)) + ' drop constraint ' + quotename(name) as statement \
    from sys.foreign_keys where schema_id = schema_id() \
    union all select case type when 'V' then 2 when 'U' then 3 when 'SO' then 5 else 4 end, name, 'drop ' + \
    case type when 'V' then 'view ' when 'U' then 'table ' when 'P' then 'procedure ' when 'SO' then 'sequence ' \
    else 'function ' end + quotename(schema_name(schema_id)) + '.' + quotename(name) \
    from sys.objects where schema_id = schema_id() and is_ms_shipped = 0 \
    and type in ('V', 'U', 'P', 'FN', 'IF', 'TF', 'SO') \
    union all select 6, name, 'drop type ' + quotename(schema_name(schema_id)) + '.' + quotename(name) \
    from sys.types where is_user_defined = 1 and schema_id = schema_id()) x order by place, name";

const SQL_SERVER_ROWS: &str = "\
    select statement, null as afterwards from (\
    select 1 as place, name, 'alter table ' + quotename(schema_name(schema_id)) + '.' + quotename(name) + \
    ' nocheck constraint all' as statement from sys.tables where schema_id = schema_id() \
    union all select 2, name, 'delete from ' + quotename(schema_name(schema_id)) + '.' + quotename(name) \
    from sys.tables where schema_id = schema_id() \
    union all select 3, name, 'alter table ' + quotename(schema_name(schema_id)) + '.' + quotename(name) + \
    ' with check check constraint all' from sys.tables where schema_id = schema_id()) x \
    where name {kept} order by place, name";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_tables_are_bound_and_none_needs_no_list() {
        let kept = ["migrations".to_owned(), "guruorm_meta".to_owned()];
        for driver in [DriverName::Postgres, DriverName::MySql, DriverName::Sqlite, DriverName::SqlServer] {
            let some = sweep(driver, Extent::Rows, &kept).list;
            assert!(some.sql.contains("not in (?, ?)"), "{}", some.sql);
            assert_eq!(some.bindings, kept);
            assert!(!sweep(driver, Extent::Rows, &[]).list.sql.contains('{'));
        }
    }

    #[test]
    fn only_mysql_cannot_take_a_dropped_table_back() {
        let transactional = |driver, extent| sweep(driver, extent, &[]).transactional;
        assert!(!transactional(DriverName::MariaDb, Extent::Everything));
        assert!(transactional(DriverName::MariaDb, Extent::Rows));
        assert!(transactional(DriverName::Postgres, Extent::Everything));
        assert!(transactional(DriverName::Sqlite, Extent::Everything));
    }
}
