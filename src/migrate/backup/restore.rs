//! [`restore`]: the statements that bring a backup back. No row is removed, and none that is there is replaced but in
//! the columns that the backup is for.

use serde::{Deserialize, Serialize};

use super::catalogue::{Catalogued, CataloguedColumn};
use super::row_text::{load, session};
use super::table_ref::{columns, same_key, table_ref};
use crate::config::DriverName;
use crate::error::{Error, ErrorCode, Result};
use crate::migrate::quote::{literal, quoted};
use crate::schema::TableName;

/// What is brought back of a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Every row, into a table that has none.
    Table,
    /// The values of the columns, into the rows that have them no more.
    Column,
    /// The rows whose key is not there.
    MissingRows,
}

/// A backup, and the table as it is now.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RestoreRequest {
    /// The table with the copy; none: it is in a file.
    pub source: Option<TableName>,
    /// The columns that the backup is for; none: the whole table.
    pub lost: Vec<String>,
    /// The columns that it holds.
    pub columns: Vec<CataloguedColumn>,
    /// The primary key that the table had.
    pub key: Vec<String>,
    /// What is brought back.
    pub mode: Mode,
    /// The table as it is now.
    pub table: Catalogued,
    /// Tells temporary tables apart.
    pub stamp: String,
}

/// The statements, in the order in which they run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RestorePlan {
    /// Run before; `after` undoes it in any case.
    pub before: Vec<&'static str>,
    /// How a file is taken into a temporary table.
    pub load: Option<Load>,
    /// Answers a row when the table is not empty, where it must be.
    pub filled: Option<String>,
    /// Answers how many rows are brought back, as `number`.
    pub count: String,
    /// Bring them back.
    pub statements: Vec<String>,
    /// Bring the counters beyond the highest number.
    pub sequences: Vec<String>,
    /// Run last.
    pub after: Vec<&'static str>,
}

/// A temporary table with the types of the table that is restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Load {
    /// Makes it.
    pub create: String,
    /// Fills it. Binds an array of lines.
    pub insert: String,
    /// Drops it.
    pub drop: String,
}

/// The statements.
///
/// # Errors
/// `Migration` when the backup does not hold what is asked for, or the table has no place for it.
pub fn restore(driver: DriverName, request: &RestoreRequest) -> Result<RestorePlan> {
    let RestoreRequest { source, lost, columns: held, key, mode, table, stamp } = request;
    let name = &table.table.name;
    match mode {
        Mode::Column if lost.is_empty() => {
            return Err(refused(
                name,
                "it holds the whole table: restore it with the mode table or missing-rows",
            ));
        }
        Mode::Table | Mode::MissingRows if !lost.is_empty() => {
            return Err(refused(
                name,
                &format!("it holds {} only: restore it with the mode column", lost.join(", ")),
            ));
        }
        Mode::MissingRows if key.is_empty() => {
            return Err(refused(name, "the table has no primary key that tells which rows are missing"));
        }
        _ => {}
    }
    let mut now: Vec<&CataloguedColumn> = Vec::new();
    for column in held {
        let found = table.columns.iter().find(|it| it.name == column.name);
        let found = found.ok_or_else(|| refused(name, &missing_column(column)))?;
        if !found.generated {
            now.push(found);
        }
    }
    let names: Vec<String> = now.iter().map(|column| column.name.clone()).collect();
    let target = table_ref(driver, &table.table);
    let load = source.is_none().then(|| loading(driver, &target, &now, stamp));
    let from = match source {
        Some(source) => table_ref(driver, source),
        None => temporary(driver, stamp),
    };
    let same = same_key(driver, key, "target", "source");
    let absent = match mode {
        Mode::MissingRows => format!(" where not exists (select 1 from {target} target where {same})"),
        _ => String::new(),
    };
    let (count, statements) = if *mode == Mode::Column {
        let count = format!("select count(*) as number from {from} source join {target} target on {same}");
        (count, vec![update(driver, &target, &from, lost, &same)])
    } else {
        let overriding = if driver == DriverName::Postgres { " overriding system value" } else { "" };
        let (list, values) = (columns(driver, &names, ""), columns(driver, &names, "source."));
        let insert =
            format!("insert into {target} ({list}){overriding} select {values} from {from} source{absent}");
        let count = format!("select count(*) as number from {from} source{absent}");
        let switched = driver == DriverName::SqlServer && now.iter().any(|column| column.identity);
        let switch = |to: &str| format!("set identity_insert {target} {to}");
        (count, if switched { vec![switch("on"), insert, switch("off")] } else { vec![insert] })
    };
    let (before, after) = session(driver);
    Ok(RestorePlan {
        before: before.to_vec(),
        load,
        filled: (*mode == Mode::Table).then(|| filled(driver, &target)),
        count,
        statements,
        sequences: now.iter().filter_map(|column| advance(&target, column)).collect(),
        after: after.to_vec(),
    })
}

fn refused(table: &str, reason: &str) -> Error {
    Error::new(
        ErrorCode::Migration,
        format!("The backup of \"{table}\" cannot be restored so: {reason}. Nothing was changed."),
    )
}

fn missing_column(column: &CataloguedColumn) -> String {
    format!("the table has no column \"{}\" ({}); add it first", column.name, column.spelled)
}

fn filled(driver: DriverName, table: &str) -> String {
    match driver {
        DriverName::SqlServer => format!("select top (1) 1 as filled from {table}"),
        _ => format!("select 1 as filled from {table} limit 1"),
    }
}

fn temporary(driver: DriverName, stamp: &str) -> String {
    let name = format!("guruorm_restore_{stamp}");
    match driver {
        DriverName::Postgres => format!("pg_temp.{}", quoted(driver, &name)),
        DriverName::Sqlite => format!("temp.{}", quoted(driver, &name)),
        _ => quoted(driver, &name),
    }
}

fn loading(driver: DriverName, target: &str, now: &[&CataloguedColumn], stamp: &str) -> Load {
    let name = temporary(driver, stamp);
    let names: Vec<String> = now.iter().map(|column| column.name.clone()).collect();
    let listed = columns(driver, &names, "");
    // Where `temporary` stands, only SQLite takes the schema as well.
    let made = name.trim_start_matches("pg_temp.");
    Load {
        create: format!("create temporary table {made} as select {listed} from {target} where 1 = 0"),
        insert: load(driver, &name, now),
        drop: match driver {
            DriverName::MySql | DriverName::MariaDb => format!("drop temporary table {name}"),
            _ => format!("drop table {name}"),
        },
    }
}

fn update(driver: DriverName, target: &str, from: &str, lost: &[String], same: &str) -> String {
    let set = |prefix: &str| {
        let one = |name: &String| format!("{prefix}{0} = source.{0}", quoted(driver, name));
        lost.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    match driver {
        DriverName::MySql | DriverName::MariaDb => {
            format!("update {target} target join {from} source on {same} set {}", set("target."))
        }
        DriverName::SqlServer => {
            format!("update target set {} from {target} target join {from} source on {same}", set(""))
        }
        DriverName::Postgres | DriverName::Sqlite => {
            format!("update {target} as target set {} from {from} as source where {same}", set(""))
        }
    }
}

/// Counters of the other databases follow what is inserted.
fn advance(table: &str, column: &CataloguedColumn) -> Option<String> {
    let sequence = literal(DriverName::Postgres, column.sequence.as_deref()?);
    let name = quoted(DriverName::Postgres, &column.name);
    Some(format!(
        "select setval({sequence}, highest.number) from (select max({name})::bigint as number from {table}) highest \
         where highest.number > coalesce((select last_value from pg_sequences \
         where format('%I.%I', schemaname, sequencename)::regclass = {sequence}::regclass), 0)"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, key: Option<u32>) -> CataloguedColumn {
        CataloguedColumn {
            name: name.into(),
            spelled: "integer".into(),
            cast: Some("integer".into()),
            generated: false,
            key,
            sequence: key.map(|_| "public.\"t_id_seq\"".into()),
            identity: key.is_some(),
        }
    }

    fn request(mode: Mode, lost: &[&str]) -> RestoreRequest {
        let columns = vec![column("id", Some(1)), column("a", None)];
        let named = |name: &str| TableName { schema: Some("s".into()), name: name.into() };
        RestoreRequest {
            source: Some(named("t_backup")),
            lost: lost.iter().map(|name| (*name).to_owned()).collect(),
            columns: columns.clone(),
            key: vec!["id".into()],
            mode,
            table: Catalogued { table: named("t"), columns },
            stamp: "1".into(),
        }
    }

    fn statements(driver: DriverName, mode: Mode, lost: &[&str]) -> Vec<String> {
        restore(driver, &request(mode, lost)).expect("a plan").statements
    }

    #[test]
    fn columns_are_brought_back_by_the_key() {
        assert_eq!(
            statements(DriverName::Postgres, Mode::Column, &["a"]),
            [
                "update \"s\".\"t\" as target set \"a\" = source.\"a\" from \"s\".\"t_backup\" as source where target.\"id\" = source.\"id\""
            ]
        );
        assert_eq!(
            statements(DriverName::MariaDb, Mode::Column, &["a"]),
            [
                "update `s`.`t` target join `s`.`t_backup` source on target.`id` = source.`id` set target.`a` = source.`a`"
            ]
        );
        assert_eq!(
            statements(DriverName::SqlServer, Mode::Column, &["a"]),
            [
                "update target set [a] = source.[a] from [s].[t] target join [s].[t_backup] source on target.[id] = source.[id]"
            ]
        );
    }

    #[test]
    fn rows_keep_their_numbers_and_replace_none() {
        assert_eq!(
            statements(DriverName::Postgres, Mode::MissingRows, &[]),
            [
                "insert into \"s\".\"t\" (\"id\", \"a\") overriding system value select source.\"id\", source.\"a\" \
              from \"s\".\"t_backup\" source where not exists (select 1 from \"s\".\"t\" target where target.\"id\" = source.\"id\")"
            ]
        );
        let plan = restore(DriverName::SqlServer, &request(Mode::Table, &[])).expect("a plan");
        assert_eq!(
            plan.statements,
            [
                "set identity_insert [s].[t] on",
                "insert into [s].[t] ([id], [a]) select source.[id], source.[a] from [s].[t_backup] source",
                "set identity_insert [s].[t] off",
            ]
        );
        assert_eq!(plan.filled.as_deref(), Some("select top (1) 1 as filled from [s].[t]"));
    }

    #[test]
    fn what_the_backup_does_not_hold_or_the_table_has_no_place_for_is_refused() {
        let reason =
            |request: &RestoreRequest| restore(DriverName::Sqlite, request).expect_err("refused").message;
        assert!(reason(&request(Mode::Column, &[])).contains("the whole table"));
        assert!(reason(&request(Mode::Table, &["a"])).contains("a only"));
        let mut narrow = request(Mode::Table, &[]);
        narrow.table.columns.pop();
        assert!(reason(&narrow).contains("no column \"a\" (integer)"));
        let mut keyless = request(Mode::MissingRows, &[]);
        keyless.key.clear();
        assert!(reason(&keyless).contains("no primary key"));
    }
}
