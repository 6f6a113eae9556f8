//! [`answer`]: what JavaScript asks about migrations and seeders, JSON in and JSON out.
//!
//! No command talks to a database. `{"do":"migrate.plan", …}`, `migrate.status`, `migrate.validate`,
//! `migrate.records`, `migrate.checksums`, `migrate.sqlText`, `migrate.sqlFile`, `migrate.journal`,
//! `migrate.layout`, `migrate.lock`, `migrate.lockFile`, `migrate.unlockFile`, `migrate.sweep`,
//! `migrate.meta`, `migrate.dump`, `migrate.dumpRows`, `migrate.log`, `migrate.inspect`, `migrate.kill`,
//! `migrate.overlay`, `migrate.script`, `migrate.progress`, `migrate.denied`, `migrate.steps`,
//! `migrate.workerDatabase`, those of [`BackupCommand`],
//! `migrate.lint` and the questions around it: `lintSettings`, `lintCatalogue`, `lintFiles`, `lintRules`.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::backup::BackupCommand;
use super::checksum::{Language, checksum};
use super::control::{InspectRequest, look_at};
use super::denied::{DeniedRequest, denied};
use super::drift::{ValidateRequest, validate};
use super::dump::{DumpRequest, dump};
use super::dump_rows::{RowsRequest, rows};
use super::file_lock;
use super::journal::{Journal, JournalKind};
use super::limits::Limits;
use super::lint::files::{FilesRequest, lint_files};
use super::lint::{FACTS, LintOptions, LintRequest, lint, question};
use super::lock::{LockRequest, kill, lock};
use super::log::{LogRequest, log};
use super::meta::meta;
use super::overlay_request::{OverlayRequest, overlay};
use super::pending::{PlanRequest, plan};
use super::progress::progress;
use super::records::{RecordRequest, record_changes};
use super::script::{ScriptRequest, script};
use super::sql_file::sql_file;
use super::sql_text::split;
use super::status::{StatusRequest, status};
use super::step_text::{StepRequest, step_texts};
use super::sweep::{Extent, sweep};
use super::worker_database::{WorkerRequest, worker_database};
use crate::config::DriverName;
use crate::error::{Error, Result};

/// Which journal on which kind of database.
#[derive(Debug, Deserialize)]
struct JournalRequest {
    driver: String,
    table: String,
    kind: JournalKind,
    /// `migrate.layout` only: the columns that the table has.
    #[serde(default)]
    columns: Vec<String>,
    /// `migrate.journal` only: how long statements of a migration may take.
    #[serde(default)]
    limits: Limits,
}

/// The text of a migration's file.
#[derive(Debug, Deserialize)]
struct Source {
    path: String,
    text: String,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "do")]
enum Command {
    #[serde(rename = "migrate.plan")]
    Plan(PlanRequest),
    #[serde(rename = "migrate.status")]
    Status(StatusRequest),
    #[serde(rename = "migrate.validate")]
    Validate(ValidateRequest),
    #[serde(rename = "migrate.records")]
    Records(RecordRequest),
    #[serde(rename = "migrate.checksums")]
    Checksums { driver: String, sources: Vec<Source> },
    #[serde(rename = "migrate.sqlText")]
    SqlText { driver: String, sql: String },
    #[serde(rename = "migrate.sqlFile")]
    SqlFile { driver: String, sql: String },
    #[serde(rename = "migrate.journal")]
    Journal(JournalRequest),
    #[serde(rename = "migrate.layout")]
    Layout(JournalRequest),
    #[serde(rename = "migrate.log")]
    Log {
        driver: String,
        #[serde(flatten)]
        request: LogRequest,
    },
    #[serde(rename = "migrate.inspect")]
    Inspect {
        driver: String,
        #[serde(flatten)]
        request: Box<InspectRequest>,
    },
    #[serde(rename = "migrate.lint")]
    Lint {
        driver: String,
        #[serde(flatten)]
        request: Box<LintRequest>,
    },
    #[serde(rename = "migrate.lintFiles")]
    LintFiles {
        driver: String,
        #[serde(flatten)]
        request: Box<FilesRequest>,
    },
    #[serde(rename = "migrate.lintSettings")]
    LintSettings { options: serde_json::Value },
    #[serde(rename = "migrate.lintCatalogue")]
    LintCatalogue { driver: String },
    #[serde(rename = "migrate.lintRules")]
    LintRules,
    #[serde(rename = "migrate.overlay")]
    Overlay {
        driver: String,
        #[serde(flatten)]
        request: Box<OverlayRequest>,
    },
    #[serde(rename = "migrate.script")]
    Script {
        driver: String,
        #[serde(flatten)]
        request: ScriptRequest,
    },
    #[serde(rename = "migrate.progress")]
    Progress { driver: String },
    #[serde(rename = "migrate.denied")]
    Denied {
        driver: String,
        #[serde(flatten)]
        request: DeniedRequest,
    },
    #[serde(rename = "migrate.steps")]
    Steps {
        driver: String,
        #[serde(flatten)]
        request: StepRequest,
    },
    #[serde(rename = "migrate.kill")]
    Kill { driver: String, session: u64 },
    #[serde(rename = "migrate.lock")]
    Lock {
        driver: String,
        #[serde(flatten)]
        request: LockRequest,
    },
    #[serde(rename = "migrate.lockFile")]
    LockFile { path: PathBuf, owner: String },
    #[serde(rename = "migrate.unlockFile")]
    UnlockFile { path: PathBuf },
    #[serde(rename = "migrate.sweep")]
    Sweep {
        driver: String,
        extent: Extent,
        #[serde(default)]
        kept: Vec<String>,
    },
    #[serde(rename = "migrate.meta")]
    Meta { driver: String },
    #[serde(rename = "migrate.workerDatabase")]
    WorkerDatabase {
        driver: String,
        #[serde(flatten)]
        request: WorkerRequest,
    },
    #[serde(rename = "migrate.dump")]
    Dump(Box<DumpRequest>),
    #[serde(rename = "migrate.dumpRows")]
    DumpRows(Box<RowsRequest>),
    #[serde(rename = "migrate.backup")]
    Backup { driver: String, ask: Box<BackupCommand> },
}

/// Answers one command whose `do` starts with `migrate.`.
///
/// # Errors
/// `Internal` for a command that is not in the list, else what the command says.
pub fn answer(json: &str) -> Result<String> {
    let command: Command = serde_json::from_str(json)
        .map_err(|reason| Error::internal(format!("a migrate command cannot be read: {reason}")))?;
    match command {
        Command::Plan(request) => text(&plan(&request)?),
        Command::Status(request) => text(&status(&request)?),
        Command::Validate(request) => text(&validate(&request)?),
        Command::Records(request) => text(&record_changes(&request)?),
        Command::Checksums { driver, sources } => {
            let driver = driver_named(&driver)?;
            let sum = |Source { path, text }: &Source| checksum(text, Language::of(path), driver);
            text(&sources.iter().map(sum).collect::<Vec<_>>())
        }
        Command::SqlText { driver, sql } => text(&split(&sql, driver_named(&driver)?)),
        Command::SqlFile { driver, sql } => text(&sql_file(&sql, driver_named(&driver)?)?),
        Command::Journal(request) => text(&journal(&request)?.questions_within(request.limits)),
        Command::Layout(request) => text(&journal(&request)?.layout(&request.columns)?),
        Command::Log { driver, request } => text(&log(driver_named(&driver)?, &request)?),
        Command::Inspect { driver, request } => text(&look_at(driver_named(&driver)?, *request)),
        Command::Lint { driver, request } => text(&lint(driver_named(&driver)?, &request)),
        Command::LintFiles { driver, request } => text(&lint_files(driver_named(&driver)?, &request)?),
        Command::LintSettings { options } => text(&LintOptions::read(options)?.settle()?),
        Command::LintCatalogue { driver } => text(&question(driver_named(&driver)?)),
        Command::LintRules => text(&FACTS.as_slice()),
        Command::Overlay { driver, request } => text(&overlay(driver_named(&driver)?, *request)?),
        Command::Script { driver, request } => text(&script(driver_named(&driver)?, &request)?),
        Command::Progress { driver } => text(&progress(driver_named(&driver)?)),
        Command::Denied { driver, request } => text(&denied(driver_named(&driver)?, &request)),
        Command::Steps { driver, request } => text(&step_texts(driver_named(&driver)?, &request)),
        Command::Kill { driver, session } => text(&kill(driver_named(&driver)?, session)?),
        Command::Lock { driver, request } => text(&lock(driver_named(&driver)?, &request)),
        Command::LockFile { path, owner } => text(&file_lock::try_acquire(&path, &owner)?),
        Command::UnlockFile { path } => {
            file_lock::release(&path);
            Ok("{}".into())
        }
        Command::Sweep { driver, extent, kept } => text(&sweep(driver_named(&driver)?, extent, &kept)),
        Command::Meta { driver } => text(&meta(driver_named(&driver)?)),
        Command::WorkerDatabase { driver, request } => {
            text(&worker_database(driver_named(&driver)?, &request)?)
        }
        Command::Dump(request) => {
            let driver = driver_named(&request.database.driver)?;
            text(&dump(driver, *request))
        }
        Command::DumpRows(request) => text(&rows(driver_named(&request.driver)?, &request)),
        Command::Backup { driver, ask } => text(&ask.answer(driver_named(&driver)?)?),
    }
}

fn journal(request: &JournalRequest) -> Result<Journal> {
    Journal::new(driver_named(&request.driver)?, &request.table, request.kind)
}

/// The driver that `getDriverName()` calls so.
fn driver_named(name: &str) -> Result<DriverName> {
    [DriverName::Postgres, DriverName::MySql, DriverName::MariaDb, DriverName::Sqlite, DriverName::SqlServer]
        .into_iter()
        .find(|driver| driver.as_str() == name)
        .ok_or_else(|| Error::internal(format!("no driver is called \"{name}\"")))
}

fn text(answer: &impl Serialize) -> Result<String> {
    serde_json::to_string(answer)
        .map_err(|reason| Error::internal(format!("an answer cannot be written: {reason}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_goes_in_and_out_as_json() {
        let answer = answer(
            r#"{"do":"migrate.plan","operation":{"migrate":{}},"files":[{"name":"a","path":"m/a.ts"}],"applied":[]}"#,
        )
        .expect("answer");
        assert_eq!(
            answer,
            r#"{"steps":[{"name":"a","path":"m/a.ts","direction":"up","batch":1}],"warnings":[]}"#
        );
    }

    #[test]
    fn every_operation_can_be_written() {
        for operation in [
            r#"{"rollback":{"batches":2}}"#,
            r#"{"reset":{}}"#,
            r#"{"refresh":{"batches":null}}"#,
            r#"{"refresh":{}}"#,
        ] {
            let json = format!(r#"{{"do":"migrate.plan","operation":{operation},"files":[],"applied":[]}}"#);
            assert_eq!(answer(&json).expect(operation), r#"{"steps":[],"warnings":[]}"#);
        }
    }

    #[test]
    fn a_lock_says_how_it_is_taken() {
        let by = |driver: &str| {
            answer(&format!(
                r#"{{"do":"migrate.lock","driver":"{driver}","namespace":"/x.db","table":"migrations","owner":"h/1"}}"#
            ))
            .expect("answer")
        };
        assert_eq!(by("sqlite"), r#"{"by":"file","path":"/x.db-guruorm.lock"}"#);
        assert!(by("pgsql").starts_with(r#"{"by":"session","session":[{"sql":"select set_config("#));
    }

    #[test]
    fn an_unknown_command_is_our_own_defect() {
        let error = answer(r#"{"do":"migrate.dance"}"#).expect_err("unknown");
        assert!(error.message.contains("migrate.dance"), "{}", error.message);
    }
}
