//! [`plan`]: the statements of one backup.

use serde::{Deserialize, Serialize};

use super::catalogue::{Catalogued, CataloguedColumn, size};
use super::destruction::Loss;
use super::losses::{Copied, loss_of};
use super::name::backup_name;
use super::row_text::{line, session};
use super::table_ref::{columns, having_values, table_ref};
use crate::config::DriverName;
use crate::error::Result;
use crate::migrate::statement::Sql;
use crate::schema::TableName;

/// A table that is about to lose something.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanRequest {
    /// What the statement takes from it.
    pub loss: Loss,
    /// The table.
    pub table: Catalogued,
    /// `20251130T120000123`.
    pub stamp: String,
    /// Where the copy goes.
    pub target: Target,
    /// More rows than this are not copied; they are not counted further either.
    pub max_rows: Option<u64>,
}

/// Where a copy goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Target {
    /// A table beside the one that is copied.
    Table,
    /// A file.
    File,
}

/// The statements of a backup, in the order in which they run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BackupPlan {
    /// Its name: that of the table, or of the file without its extensions.
    pub name: TableName,
    /// The columns that it is for; none: the whole table.
    pub lost: Vec<String>,
    /// The columns that it holds.
    pub columns: Vec<CataloguedColumn>,
    /// The columns of the primary key.
    pub key: Vec<String>,
    /// Keeps writers out until the end of the transaction.
    pub lock: Option<String>,
    /// Answers how many rows there are to copy, as `number`; of more than may be, one more.
    pub count: String,
    /// Makes and fills the backup's table.
    pub create: String,
    /// Answers how many rows it has, as `number`.
    pub verify: String,
    /// Answers what it takes on disk, as `bytes`.
    pub size: Option<Sql>,
    /// Drops it.
    pub drop: String,
    /// Answers the rows for a file, as `line`.
    pub lines: Option<String>,
    /// Run before a file is written; `after` undoes it in any case.
    pub before: Vec<&'static str>,
    /// Run when it is written.
    pub after: Vec<&'static str>,
}

/// The statements of a backup; none when nothing is lost.
///
/// # Errors
/// `Unsupported` for a file on SQL Server.
pub fn plan(driver: DriverName, request: &PlanRequest) -> Result<Option<BackupPlan>> {
    let PlanRequest { loss, table, stamp, target, max_rows } = request;
    let Some(copied) = loss_of(driver, loss, table) else { return Ok(None) };
    let key = table.key();
    let lost = match copied {
        Copied::Table => Vec::new(),
        Copied::Columns(lost) => lost,
    };
    let is_copied =
        |it: &&CataloguedColumn| lost.is_empty() || key.contains(&it.name) || lost.contains(&it.name);
    let held: Vec<&CataloguedColumn> = table.own().filter(is_copied).collect();
    let names: Vec<String> = held.iter().map(|column| column.name.clone()).collect();
    let from = table_ref(driver, &table.table);
    let name =
        TableName { schema: table.table.schema.clone(), name: backup_name(driver, &table.table.name, stamp) };
    let copy = table_ref(driver, &name);
    let filter = having_values(driver, &lost);
    let listed = columns(driver, &names, "");
    let lines = if *target == Target::File {
        Some(format!("select {} as line from {from}{filter}", line(driver, &held)?))
    } else {
        None
    };
    let (before, after) = session(driver);
    Ok(Some(BackupPlan {
        before: before.to_vec(),
        after: after.to_vec(),
        lock: lock(driver, &from),
        count: count(driver, &from, &filter, *max_rows),
        create: match driver {
            DriverName::SqlServer => format!("select {listed} into {copy} from {from}{filter}"),
            _ => format!("create table {copy} as select {listed} from {from}{filter}"),
        },
        verify: format!("select count(*) as number from {copy}"),
        size: size(driver, &name),
        drop: format!("drop table {copy}"),
        lines,
        columns: held.into_iter().cloned().collect(),
        name,
        lost,
        key,
    }))
}

/// The one writer of SQLite is the migration itself. On MySQL a lock would end with the first schema change.
fn lock(driver: DriverName, table: &str) -> Option<String> {
    match driver {
        DriverName::Postgres => Some(format!("lock table {table} in share row exclusive mode")),
        DriverName::SqlServer => {
            Some(format!("select top (0) 1 as locked from {table} with (tablockx, holdlock)"))
        }
        DriverName::MySql | DriverName::MariaDb | DriverName::Sqlite => None,
    }
}

fn count(driver: DriverName, table: &str, filter: &str, max_rows: Option<u64>) -> String {
    match (max_rows.map(|most| most + 1), driver) {
        (None, _) => format!("select count(*) as number from {table}{filter}"),
        (Some(most), DriverName::SqlServer) => {
            format!(
                "select count(*) as number from (select top ({most}) 1 as one from {table}{filter}) counted"
            )
        }
        (Some(most), _) => {
            format!(
                "select count(*) as number from (select 1 as one from {table}{filter} limit {most}) counted"
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn users() -> Catalogued {
        let column = |name: &str, spelled: &str, key: Option<u32>| CataloguedColumn {
            name: name.into(),
            spelled: spelled.into(),
            cast: None,
            generated: name == "twice",
            key,
            sequence: None,
            identity: false,
        };
        Catalogued {
            table: TableName { schema: Some("app".into()), name: "us\"ers".into() },
            columns: vec![
                column("id", "bigint", Some(1)),
                column("nick", "varchar(20)", None),
                column("twice", "integer", None),
            ],
        }
    }

    fn planned(driver: DriverName, loss: Loss, table: Catalogued) -> Option<BackupPlan> {
        let request = PlanRequest {
            loss,
            table,
            stamp: "20251130T120000123".into(),
            target: Target::Table,
            max_rows: Some(10),
        };
        plan(driver, &request).expect("a plan")
    }

    fn dropping(name: &str) -> Loss {
        Loss::Columns { dropped: vec![name.into()], retyped: vec![] }
    }

    #[test]
    fn a_column_is_copied_with_the_key_where_it_has_a_value() {
        let plan = planned(DriverName::Postgres, dropping("nick"), users()).expect("a loss");
        assert_eq!(
            plan.create,
            "create table \"app\".\"us\"\"ers_backup_20251130T120000123\" as select \"id\", \"nick\" \
             from \"app\".\"us\"\"ers\" where \"nick\" is not null"
        );
        assert_eq!(
            plan.count,
            "select count(*) as number from (select 1 as one from \"app\".\"us\"\"ers\" where \"nick\" is not null \
             limit 11) counted"
        );
        assert_eq!(
            plan.lock.as_deref(),
            Some("lock table \"app\".\"us\"\"ers\" in share row exclusive mode")
        );
        let server = planned(DriverName::SqlServer, dropping("NICK"), users()).expect("a loss");
        assert_eq!(
            server.create,
            "select [id], [nick] into [app].[us\"ers_backup_20251130T120000123] from [app].[us\"ers] where [nick] is not null"
        );
    }

    #[test]
    fn a_table_without_a_key_or_that_loses_its_key_is_copied_whole() {
        let whole = "create table `app`.`us\"ers_backup_20251130T120000123` as select `id`, `nick` from `app`.`us\"ers`";
        let mut keyless = users();
        keyless.columns[0].key = None;
        for (loss, table) in [
            (Loss::Rows { cascades: false }, users()),
            (dropping("id"), users()),
            (dropping("nick"), keyless),
        ] {
            assert_eq!(planned(DriverName::MariaDb, loss, table).expect("a loss").create, whole);
        }
    }

    #[test]
    fn what_is_computed_or_not_there_or_only_widened_is_not_copied() {
        assert_eq!(planned(DriverName::Postgres, dropping("twice"), users()), None);
        assert_eq!(planned(DriverName::Postgres, dropping("nowhere"), users()), None);
        let retyped = |spelled: &str| Loss::Columns {
            dropped: vec![],
            retyped: vec![super::super::destruction::Retyped {
                column: "nick".into(),
                spelled: spelled.into(),
                recoded: false,
            }],
        };
        assert_eq!(planned(DriverName::Postgres, retyped("varchar(30)"), users()), None);
        let narrowed = planned(DriverName::Postgres, retyped("varchar(10)"), users()).expect("a loss");
        assert_eq!(narrowed.lost, ["nick"]);
    }
}
