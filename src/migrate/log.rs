//! [`Log`]: the table of attempts, `migration_logs`. SQL text only.
//!
//! One row an attempt: inserted as `started` and committed before the migration's transaction begins,
//! brought to its end with that transaction, or after it when it failed. A `started` row whose lock nobody
//! holds is an attempt that was interrupted.

use serde::{Deserialize, Serialize};

use super::journal::{Journal, JournalKind};
use super::statement::Sql;
use crate::config::DriverName;
use crate::error::{Error, ErrorCode, Result};

/// How many attempts are kept.
const KEPT: u32 = 1000;

/// The columns that a table of attempts has at least.
const COLUMNS: [&str; 8] =
    ["id", "migration_name", "status", "start_time", "end_time", "duration", "error_message", "metadata"];

/// Which table on which kind of database.
#[derive(Debug, Clone, Deserialize)]
pub struct LogRequest {
    /// Its name, which may be qualified.
    pub table: String,
    /// The columns that it has; none when there is no such table.
    #[serde(default)]
    pub columns: Vec<String>,
    /// How many attempts to list.
    #[serde(default)]
    pub limit: Option<u32>,
    /// Only attempts that failed.
    #[serde(default)]
    pub failed: bool,
}

/// The statements of a table of attempts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Log {
    /// Answers one row per column, its name in `name`.
    pub columns: Sql,
    /// Creates the table.
    pub create: String,
    /// Inserts an attempt. Bindings: name, status, time, metadata.
    pub start: String,
    /// Whether `start` answers its `id` as a row. Elsewhere the database tells the number of the new row.
    pub start_answers_id: bool,
    /// Brings an attempt to its end. Bindings: status, time, milliseconds, message, metadata, id.
    pub finish: String,
    /// Does both for two attempts, of which one ends and the other begins, and answers the new `id`. Bindings: the name
    /// of the one that ends where `hand_over_names` it, those of `finish`, those of `start`. None where a statement does
    /// only one thing.
    pub hand_over: Option<String>,
    /// Whether `hand_over` names the attempt that ends: where its row is gone it is written anew.
    pub hand_over_names: bool,
    /// Takes back an attempt that was announced and has not begun. Binding: id.
    pub withdraw: String,
    /// Rewrites what is remembered of an attempt that goes on. Bindings: metadata, id.
    pub progress: String,
    /// Answers the `metadata` of an attempt. Binding: id.
    pub remembered: String,
    /// The newest attempt of each migration, where it failed.
    pub failed_last: String,
    /// Attempts that have not ended: `id`, `name`, `start_time`, `metadata`.
    pub unfinished: String,
    /// Both: all that a run has to know of the ones before.
    pub unsettled: String,
    /// Attempts, the newest first.
    pub list: String,
    /// Deletes attempts beyond the newest thousand.
    pub prune: String,
}

/// The statements for a table of attempts.
///
/// # Errors
/// `Config` for a name that cannot be one, `Migration` for a table that is something else.
pub fn log(driver: DriverName, request: &LogRequest) -> Result<Log> {
    let journal = Journal::new(driver, &request.table, JournalKind::Migrations)?;
    let has = |column: &str| request.columns.iter().any(|found| found.eq_ignore_ascii_case(column));
    if !request.columns.is_empty() && !COLUMNS.into_iter().all(has) {
        return Err(Error::new(
            ErrorCode::Migration,
            format!(
                "Table \"{}\" exists but is not a table of migration attempts (columns: {}). Set \
                 migrations.logTable to another name, or to false. Nothing was changed.",
                request.table,
                request.columns.join(", ")
            ),
        ));
    }
    let table = journal.quoted_table();
    let name = |column: &str| journal.quoted(column);
    let json = if driver == DriverName::Postgres { "cast(cast(? as text) as jsonb)" } else { "?" };
    let top = |count: u32| match driver {
        DriverName::SqlServer => (format!("top {count} "), String::new()),
        _ => (String::new(), format!(" limit {count}")),
    };
    let (top_kept, limit_kept) = top(KEPT);
    let (top_listed, limit_listed) = top(request.limit.unwrap_or(KEPT));
    let (output, returning) = match driver {
        DriverName::Postgres => (String::new(), format!(" returning {}", name("id"))),
        DriverName::SqlServer => (format!("output inserted.{} ", name("id")), String::new()),
        DriverName::MySql | DriverName::MariaDb | DriverName::Sqlite => (String::new(), String::new()),
    };
    let failed = if request.failed { format!(" where {} = 'failed'", name("status")) } else { String::new() };
    let all = COLUMNS.map(name).join(", ");
    let start = format!(
        "insert into {table} ({}, {}, {}, {}) {output}values (?, ?, ?, {json}){returning}",
        name("migration_name"),
        name("status"),
        name("start_time"),
        name("metadata")
    );
    let finish = format!(
        "update {table} set {} = ?, {} = ?, {} = ?, {} = ?, {} = {json} where {} = ?",
        name("status"),
        name("end_time"),
        name("duration"),
        name("error_message"),
        name("metadata"),
        name("id")
    );
    let is_unfinished = format!("{} = 'started'", name("status"));
    let has_failed = format!(
        "{} = 'failed' and {id} in (select max({id}) from {table} group by {})",
        name("status"),
        name("migration_name"),
        id = name("id")
    );
    Ok(Log {
        columns: journal.questions().columns,
        create: create(driver, &journal),
        start_answers_id: matches!(driver, DriverName::Postgres | DriverName::SqlServer),
        hand_over: match driver {
            DriverName::Postgres => Some(format!("with ended as ({finish}) {start}")),
            DriverName::MariaDb => Some(inserting_both(&journal)),
            _ => None,
        },
        hand_over_names: driver == DriverName::MariaDb,
        withdraw: format!("delete from {table} where {} = ?", name("id")),
        start,
        finish,
        progress: format!("update {table} set {} = {json} where {} = ?", name("metadata"), name("id")),
        remembered: format!(
            "select {metadata} as {metadata} from {table} where {} = ?",
            name("id"),
            metadata = name("metadata")
        ),
        failed_last: format!("select {all} from {table} where {has_failed} order by {}", name("id")),
        unsettled: format!(
            "select {all} from {table} where {is_unfinished} or ({has_failed}) order by {}",
            name("id")
        ),
        unfinished: format!("select {all} from {table} where {is_unfinished} order by {}", name("id")),
        list: format!(
            "select {top_listed}{all} from {table}{failed} order by {} desc{limit_listed}",
            name("id")
        ),
        // The table is read through another one: MySQL may not read what it deletes from.
        prune: format!(
            "delete from {table} where {id} < (select min(kept.{id}) from \
             (select {top_kept}{id} from {table} order by {id} desc{limit_kept}) kept)",
            id = name("id")
        ),
    })
}

/// An insert of two rows, of which the first is there already: its key is taken. The key that is made is that of the other.
fn inserting_both(journal: &Journal) -> String {
    let name = |column: &str| journal.quoted(column);
    let ends = ["status", "end_time", "duration", "error_message", "metadata"];
    let set = ends.map(|column| format!("{column} = values({column})", column = name(column)));
    format!(
        "insert into {} ({}, {}, {}, {}, {}, {}, {}, {}) values (?, ?, null, ?, ?, ?, ?, ?), \
         (?, ?, ?, null, null, null, ?, null) on duplicate key update {}",
        journal.quoted_table(),
        name("migration_name"),
        name("status"),
        name("start_time"),
        name("end_time"),
        name("duration"),
        name("error_message"),
        name("metadata"),
        name("id"),
        set.join(", ")
    )
}

fn create(driver: DriverName, journal: &Journal) -> String {
    let (id, text, time, json, now, options) = match driver {
        DriverName::Postgres => {
            ("bigserial primary key", "text", "timestamp", "jsonb", "timestamp default now()", "")
        }
        DriverName::MySql | DriverName::MariaDb => (
            "bigint auto_increment primary key",
            "longtext",
            "datetime(3)",
            "json",
            "datetime default current_timestamp",
            " engine = InnoDB",
        ),
        DriverName::Sqlite => (
            "integer primary key autoincrement",
            "text",
            "datetime",
            "text",
            "datetime default current_timestamp",
            "",
        ),
        DriverName::SqlServer => (
            "bigint identity primary key",
            "nvarchar(max)",
            "datetime2",
            "nvarchar(max)",
            "datetime2 default sysutcdatetime()",
            "",
        ),
    };
    let name = match driver {
        DriverName::MySql | DriverName::MariaDb => "varchar(255) character set utf8mb4 collate utf8mb4_bin",
        DriverName::SqlServer => "nvarchar(255)",
        DriverName::Postgres | DriverName::Sqlite => "varchar(255)",
    };
    let columns = [
        ("id", id),
        ("migration_name", &format!("{name} not null")),
        ("status", "varchar(50) not null"),
        ("start_time", time),
        ("end_time", time),
        ("duration", "integer"),
        ("error_message", text),
        ("metadata", json),
        ("created_at", now),
    ]
    .map(|(column, sql_type)| format!("{} {sql_type}", journal.quoted(column)));
    format!("create table {} ({}){options}", journal.quoted_table(), columns.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(columns: &[&str]) -> LogRequest {
        LogRequest {
            table: "migration_logs".into(),
            columns: columns.iter().map(|column| (*column).to_owned()).collect(),
            limit: Some(5),
            failed: true,
        }
    }

    #[test]
    fn the_table_has_the_documented_columns() {
        let log = log(DriverName::Postgres, &request(&[])).expect("log");
        assert_eq!(
            log.create,
            "create table \"migration_logs\" (\"id\" bigserial primary key, \"migration_name\" varchar(255) not null, \
             \"status\" varchar(50) not null, \"start_time\" timestamp, \"end_time\" timestamp, \"duration\" integer, \
             \"error_message\" text, \"metadata\" jsonb, \"created_at\" timestamp default now())"
        );
        assert!(
            log.list.ends_with(" where \"status\" = 'failed' order by \"id\" desc limit 5"),
            "{}",
            log.list
        );
    }

    #[test]
    fn one_attempt_ends_and_the_next_begins_in_one_statement_where_there_is_such_a_one() {
        let postgres = log(DriverName::Postgres, &request(&[])).expect("log");
        let hand_over = postgres.hand_over.expect("a statement");
        assert_eq!(hand_over, format!("with ended as ({}) {}", postgres.finish, postgres.start));
        let maria_db = log(DriverName::MariaDb, &request(&[])).expect("log");
        assert!(maria_db.hand_over_names);
        assert_eq!(
            maria_db.hand_over.expect("a statement"),
            "insert into `migration_logs` (`migration_name`, `status`, `start_time`, `end_time`, `duration`, \
             `error_message`, `metadata`, `id`) values (?, ?, null, ?, ?, ?, ?, ?), (?, ?, ?, null, null, null, ?, null) on \
             duplicate key update `status` = values(`status`), `end_time` = values(`end_time`), `duration` = \
             values(`duration`), `error_message` = values(`error_message`), `metadata` = values(`metadata`)"
        );
        for driver in [DriverName::MySql, DriverName::Sqlite, DriverName::SqlServer] {
            assert_eq!(log(driver, &request(&[])).expect("log").hand_over, None);
        }
    }

    #[test]
    fn a_table_that_is_something_else_is_refused() {
        let error = log(DriverName::Sqlite, &request(&["id", "bird"])).expect_err("refused");
        assert!(error.message.contains("(columns: id, bird)"), "{}", error.message);
        assert!(error.message.ends_with("Nothing was changed."), "{}", error.message);
    }
}
