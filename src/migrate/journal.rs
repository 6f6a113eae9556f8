//! [`Journal`]: the tables that remember what ran, `migrations` and `seeders`. SQL text only.
//!
//! A row exists exactly when its migration is fully applied; there is no "dirty" row. The journal
//! is asked in two steps, so that it works on tables that others made: [`Journal::questions`] says
//! how to read the table's columns, [`Journal::layout`] (`journal_layout.rs`) turns them into statements.

use serde::{Deserialize, Serialize};

use super::limits::Limits;
use super::statement::{Around, ForeignKeySwitch, Sql, StepTransaction};
use crate::config::DriverName;
use crate::dialect::rebuild::FOREIGN_KEYS_ON;
use crate::dialect::sqlite::settings::{FOREIGN_KEYS_OFF, READ};
use crate::error::{Error, ErrorCode, Result};

/// Which table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum JournalKind {
    /// `migrations(id, migration, batch, executed_at, checksum)`.
    Migrations,
    /// `seeders(id, seeder, batch, executed_at)`.
    Seeders,
}

/// One journal table on one kind of database.
#[derive(Debug, Clone)]
pub struct Journal {
    pub(super) driver: DriverName,
    pub(super) table: String,
    pub(super) kind: JournalKind,
}

/// What to ask the database before anything else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JournalQuestions {
    /// Answers one row whose column `namespace` tells this journal from others on the server: the
    /// schema on `PostgreSQL` and SQL Server, the database on `MySQL`, the file on `SQLite`
    /// (empty in memory).
    pub namespace: Sql,
    /// Answers one row per column of the table, its name in `name`; none when there is no table.
    pub columns: Sql,
    /// Whether a transaction covers schema changes on this database.
    pub transactional_ddl: bool,
    /// The first statement of each migration's transaction: it bounds how long that waits for a lock.
    /// Without it an `alter table` behind one slow reader stops every query on that table.
    pub transaction_start: Option<Sql>,
    /// The same around the statement that records the migration, which is then the first one.
    pub recording: Option<Around>,
    /// The same for a session whose transactions end at every schema change; they last until the
    /// session is given back.
    pub session_start: Vec<Sql>,
    /// Whether a statement that fails takes the transaction around it along, unless it is in a savepoint.
    pub failure_ends_transaction: bool,
    /// How foreign keys are switched off around a transaction (SQLite only, which cannot alter every
    /// table with them on).
    pub foreign_keys: Option<ForeignKeySwitch>,
    /// Checks the constraints that otherwise wait for the commit, before a transaction that has none (`PostgreSQL` only).
    pub deferred_checks: Option<&'static str>,
    /// Only where no transaction covers schema changes.
    pub step_transaction: Option<StepTransaction>,
}

impl Journal {
    /// The journal in `table`, which may be qualified: `audit.migrations`.
    ///
    /// # Errors
    /// `Config` for a name that is empty or has more than two parts.
    pub fn new(driver: DriverName, table: &str, kind: JournalKind) -> Result<Self> {
        let parts: Vec<&str> = table.split('.').collect();
        if parts.len() > 2 || parts.iter().any(|part| part.is_empty() || part.contains('\0')) {
            return Err(Error::new(
                ErrorCode::Config,
                format!(
                    "\"{table}\" cannot be the name of a table: write \"migrations\" or \"schema.migrations\""
                ),
            ));
        }
        Ok(Self { driver, table: table.into(), kind })
    }

    /// What to ask before [`Journal::layout`].
    #[must_use]
    pub fn questions(&self) -> JournalQuestions {
        self.questions_within(Limits::default())
    }

    /// The same, with limits of one's own.
    #[must_use]
    pub fn questions_within(&self, limits: Limits) -> JournalQuestions {
        let quoted = self.quoted_table();
        let (namespace, columns) = match self.driver {
            DriverName::Postgres => (
                "select current_schema() as namespace",
                // to_regclass follows the search path, as a query on the table does.
                Sql::new(
                    "select a.attname::text as name from pg_catalog.pg_attribute a \
                     where a.attrelid = to_regclass(?) and a.attnum > 0 and not a.attisdropped order by a.attnum",
                    &[&quoted],
                ),
            ),
            DriverName::MySql | DriverName::MariaDb => (
                "select database() as namespace",
                match self.table.split_once('.') {
                    Some((database, table)) => Sql::new(
                        "select column_name as name from information_schema.columns \
                         where table_schema = ? and table_name = ? order by ordinal_position",
                        &[database, table],
                    ),
                    None => Sql::new(
                        "select column_name as name from information_schema.columns \
                         where table_schema = database() and table_name = ? order by ordinal_position",
                        &[&self.table],
                    ),
                },
            ),
            DriverName::Sqlite => (
                "select file as namespace from pragma_database_list where name = 'main'",
                match self.table.split_once('.') {
                    Some((database, table)) => {
                        Sql::new("select name from pragma_table_info(?, ?) order by cid", &[table, database])
                    }
                    None => Sql::new("select name from pragma_table_info(?) order by cid", &[&self.table]),
                },
            ),
            DriverName::SqlServer => (
                "select db_name() + '.' + schema_name() as namespace",
                Sql::new(
                    "select name from sys.columns where object_id = object_id(?) order by column_id",
                    &[&quoted],
                ),
            ),
        };
        // SQLite waits `busy_timeout`; elsewhere the setting would outlive the transaction.
        let bounds = (self.driver == DriverName::Postgres).then(|| {
            Sql::new(
                "select set_config('lock_timeout', ?, true), set_config('statement_timeout', ?, true)",
                &[&limits.lock.to_string(), &limits.statement.to_string()],
            )
        });
        JournalQuestions {
            namespace: Sql::new(namespace, &[]),
            columns,
            transactional_ddl: !matches!(self.driver, DriverName::MySql | DriverName::MariaDb),
            // What is in front of a `select` and answers nothing runs after it: the limits hold for it as well.
            recording: bounds.clone().map(|bounds| Around {
                before: "with recorded as (",
                after: Sql { sql: format!(") {}", bounds.sql), ..bounds },
            }),
            transaction_start: bounds,
            failure_ends_transaction: matches!(self.driver, DriverName::Postgres | DriverName::SqlServer),
            session_start: match self.driver {
                // Whole seconds, at least one (MySQL 8.4 §5.1.8, MariaDB "Server System Variables").
                DriverName::MySql | DriverName::MariaDb if limits.lock > 0 => {
                    let seconds = limits.lock.div_ceil(1000);
                    vec![Sql::new(
                        format!(
                            "set session lock_wait_timeout = {seconds}, innodb_lock_wait_timeout = {seconds}"
                        ),
                        &[],
                    )]
                }
                _ => vec![],
            },
            deferred_checks: (self.driver == DriverName::Postgres).then_some("set constraints all immediate"),
            step_transaction: matches!(self.driver, DriverName::MySql | DriverName::MariaDb).then_some(
                StepTransaction { begin: "start transaction", commit: "commit", rollback: "rollback" },
            ),
            foreign_keys: (self.driver == DriverName::Sqlite).then_some(ForeignKeySwitch {
                code: FOREIGN_KEYS_ON,
                read: READ,
                off: FOREIGN_KEYS_OFF,
                on: "pragma foreign_keys = 1",
                violations: "select \"table\" as name, parent as parent, count(*) as number \
                             from pragma_foreign_key_check group by 1, 2",
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_and_split_at_one_dot_only() {
        let table = "audit.mi\"grations";
        let journal = Journal::new(DriverName::Postgres, table, JournalKind::Migrations).expect("a name");
        assert_eq!(journal.questions().columns.bindings, ["\"audit\".\"mi\"\"grations\""]);
        assert!(
            journal
                .layout(&[])
                .expect("layout")
                .forget
                .starts_with("delete from \"audit\".\"mi\"\"grations\"")
        );
        assert!(Journal::new(DriverName::Postgres, "a.b.c", JournalKind::Migrations).is_err());
        assert!(Journal::new(DriverName::Postgres, "", JournalKind::Migrations).is_err());
    }
}
