//! [`Journal`]: the tables that remember what ran, `migrations` and `seeders`. SQL text only.
//!
//! A row exists exactly when its migration is fully applied; there is no "dirty" row. The journal
//! is asked in two steps, so that it works on tables that others made: [`Journal::questions`] says
//! how to read the table's columns, [`Journal::layout`] turns them into statements.

use serde::{Deserialize, Serialize};

use super::limits::Limits;
use super::statement::{ForeignKeySwitch, Sql, StepTransaction};
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
    /// First statements of each migration's transaction: they bound how long it waits for a lock.
    /// Without them an `alter table` behind one slow reader stops every query on that table.
    pub transaction_start: Vec<Sql>,
    /// The same for a session whose transactions end at every schema change; they last until the
    /// session is given back.
    pub session_start: Vec<Sql>,
    /// How foreign keys are switched off around a transaction (SQLite only, which cannot alter every
    /// table with them on).
    pub foreign_keys: Option<ForeignKeySwitch>,
    /// Only where no transaction covers schema changes.
    pub step_transaction: Option<StepTransaction>,
}

/// The statements of a journal, made for the columns that its table has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Layout {
    /// Whether the table exists.
    pub exists: bool,
    /// Statements that bring the table to its full shape, to be run once before the first
    /// [`Layout::record`]. They create it or add columns; they never rename, change or drop one.
    pub prepare: Vec<String>,
    /// Who made the table, when it was not us.
    pub adopted: Option<&'static str>,
    /// Rows with `id`, `name`, `batch`, `executed_at` and `checksum`, oldest first. Works before `prepare`, unless the
    /// table does not exist.
    pub list: String,
    /// Inserts a row. Bindings: name, batch, time, and for migrations the checksum or null.
    pub record: String,
    /// Sets the checksum of a row. Bindings: the checksum, its id. None where the journal has no checksums.
    pub rechecksum: Option<String>,
    /// Deletes a row. Binding: its id.
    pub forget: String,
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
        JournalQuestions {
            namespace: Sql::new(namespace, &[]),
            columns,
            transactional_ddl: !matches!(self.driver, DriverName::MySql | DriverName::MariaDb),
            transaction_start: match self.driver {
                DriverName::Postgres => vec![Sql::new(
                    "select set_config('lock_timeout', ?, true), set_config('statement_timeout', ?, true)",
                    &[&limits.lock.to_string(), &limits.statement.to_string()],
                )],
                // SQLite waits `busy_timeout`; elsewhere the setting would outlive the transaction.
                _ => vec![],
            },
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

    /// The statements for a table with these columns; none means that there is no table.
    ///
    /// # Errors
    /// `Migration` for a table that no known layout fits. Nothing was touched.
    pub fn layout(&self, columns: &[String]) -> Result<Layout> {
        let has = |column: &str| columns.iter().any(|found| found.eq_ignore_ascii_case(column));
        let exists = !columns.is_empty();
        if exists && ![self.name_column(), "id"].into_iter().all(has) {
            return Err(self.unknown_layout(columns));
        }
        // guruorm 1 recorded seeders without batch.
        let has_batch = has("batch");
        if exists && !has_batch && self.kind == JournalKind::Migrations {
            return Err(self.unknown_layout(columns));
        }

        let table = self.quoted_table();
        let missing: Vec<_> = self.optional_columns().into_iter().filter(|(name, _)| !has(name)).collect();
        let prepare = if exists {
            missing.iter().map(|(name, sql_type)| self.add_column(name, sql_type)).collect()
        } else {
            vec![self.create()]
        };
        let name = self.quoted(self.name_column());
        let or_else = |column: &str, otherwise: &str| {
            if !exists || has(column) { self.quoted(column) } else { otherwise.to_owned() }
        };
        let mut record = vec![name.clone(), self.quoted("batch"), self.quoted("executed_at")];
        if self.kind == JournalKind::Migrations {
            record.push(self.quoted("checksum"));
        }
        let places = vec!["?"; record.len()].join(", ");
        Ok(Layout {
            exists,
            adopted: (exists && !missing.is_empty()).then_some("guruorm 2 or Laravel"),
            list: format!(
                "select {id} as id, {name} as name, {batch} as batch, {executed} as executed_at, \
                 {checksum} as checksum from {table} order by {id}",
                id = self.quoted("id"),
                batch = or_else("batch", "1"),
                executed = or_else("executed_at", "null"),
                checksum = match self.kind {
                    JournalKind::Migrations => or_else("checksum", "null"),
                    JournalKind::Seeders => "null".into(),
                },
            ),
            record: format!("insert into {table} ({}) values ({places})", record.join(", ")),
            rechecksum: (self.kind == JournalKind::Migrations).then(|| {
                format!("update {table} set {} = ? where {} = ?", self.quoted("checksum"), self.quoted("id"))
            }),
            forget: format!("delete from {table} where {} = ?", self.quoted("id")),
            prepare,
        })
    }

    pub(super) fn name_column(&self) -> &'static str {
        match self.kind {
            JournalKind::Migrations => "migration",
            JournalKind::Seeders => "seeder",
        }
    }

    fn unknown_layout(&self, columns: &[String]) -> Error {
        let what = match self.kind {
            JournalKind::Migrations => "migration",
            JournalKind::Seeders => "seeder",
        };
        Error::new(
            ErrorCode::Migration,
            format!(
                "Table \"{}\" exists but is not a {what} table (columns: {}). Set {}.table to another name. Nothing was changed.",
                self.table,
                columns.join(", "),
                match self.kind {
                    JournalKind::Migrations => "migrations",
                    JournalKind::Seeders => "seeders",
                }
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journal(driver: DriverName) -> Journal {
        Journal::new(driver, "migrations", JournalKind::Migrations).expect("a name")
    }

    fn names(columns: &[&str]) -> Vec<String> {
        columns.iter().map(|column| (*column).to_owned()).collect()
    }

    const FULL: [&str; 5] = ["id", "migration", "batch", "executed_at", "checksum"];

    #[test]
    fn a_missing_table_is_created_with_the_documented_columns() {
        let layout = journal(DriverName::Postgres).layout(&[]).expect("layout");
        assert!(!layout.exists);
        assert_eq!(
            layout.prepare,
            [
                "create table \"migrations\" (\"id\" serial primary key, \"migration\" varchar(255) not null unique, \
              \"batch\" integer not null, \"executed_at\" timestamp default now(), \"checksum\" varchar(64))"
            ]
        );
    }

    #[test]
    fn mysql_compares_names_exactly() {
        let layout = journal(DriverName::MariaDb).layout(&[]).expect("layout");
        assert!(
            layout.prepare[0].contains("`migration` varchar(255) character set utf8mb4 collate utf8mb4_bin")
        );
        assert!(layout.prepare[0].ends_with("engine = InnoDB"));
    }

    #[test]
    fn a_full_table_needs_nothing() {
        let layout = journal(DriverName::Sqlite).layout(&names(&FULL)).expect("layout");
        assert!(layout.exists);
        assert_eq!(layout.prepare, Vec::<String>::new());
        assert_eq!(layout.adopted, None);
        assert_eq!(
            layout.record,
            "insert into \"migrations\" (\"migration\", \"batch\", \"executed_at\", \"checksum\") values (?, ?, ?, ?)"
        );
    }

    #[test]
    fn the_three_column_table_of_others_is_adopted_by_adding_columns_only() {
        let layout = journal(DriverName::MySql).layout(&names(&FULL[..3])).expect("layout");
        assert_eq!(
            layout.prepare,
            [
                "alter table `migrations` add column `executed_at` datetime",
                "alter table `migrations` add column `checksum` varchar(64)",
            ]
        );
        assert_eq!(layout.adopted, Some("guruorm 2 or Laravel"));
        // Status reads it before anything is added.
        assert_eq!(
            layout.list,
            "select `id` as id, `migration` as name, `batch` as batch, null as executed_at, null as checksum from `migrations` order by `id`"
        );
    }

    #[test]
    fn a_table_of_birds_is_refused() {
        let error =
            journal(DriverName::Sqlite).layout(&names(&["id", "bird", "wings"])).expect_err("refused");
        assert_eq!(
            error.message,
            "Table \"migrations\" exists but is not a migration table (columns: id, bird, wings). \
             Set migrations.table to another name. Nothing was changed."
        );
    }

    #[test]
    fn a_table_without_key_or_name_is_refused() {
        for columns in [["migration", "batch", "ran"], ["id", "batch", "name"], ["id", "migration", "ran"]] {
            assert!(journal(DriverName::Postgres).layout(&names(&columns)).is_err(), "{columns:?}");
        }
    }

    #[test]
    fn seeders_of_guruorm_1_have_no_batch() {
        let journal = Journal::new(DriverName::Sqlite, "seeders", JournalKind::Seeders).expect("a name");
        let layout = journal.layout(&names(&["id", "seeder", "run_at"])).expect("layout");
        assert_eq!(
            layout.prepare,
            [
                "alter table \"seeders\" add column \"batch\" integer not null default 1",
                "alter table \"seeders\" add column \"executed_at\" datetime",
            ]
        );
        assert!(layout.list.contains("1 as batch"), "{}", layout.list);
        assert!(layout.record.ends_with("values (?, ?, ?)"));
    }

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
