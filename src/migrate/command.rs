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

use serde::Deserialize;
use serde_json::Value;

use super::backup::BackupCommand;
use super::checksum::{Language, checksum};
use super::control::look_at;
use super::denied::denied;
use super::drift::validate;
use super::dump::{DumpRequest, dump};
use super::dump_rows::rows;
use super::file_lock;
use super::journal::{Journal, JournalKind};
use super::json::{read, text};
use super::limits::Limits;
use super::lint::files::lint_files;
use super::lint::{FACTS, LintOptions, lint, question};
use super::lock::{kill, lock};
use super::log::log;
use super::meta::meta;
use super::overlay_request::overlay;
use super::pending::plan;
use super::progress::progress;
use super::records::record_changes;
use super::script::script;
use super::sql_file::sql_file;
use super::sql_text::split;
use super::status::status;
use super::step_text::step_texts;
use super::sweep::{Extent, sweep};
use super::worker_database::worker_database;
use crate::config::DriverName;
use crate::error::{Error, Result};

/// What every command says. The rest of it is read once it is known what it has to be: in one pass over
/// the text, where `#[serde(tag)]` and `#[serde(flatten)]` would copy everything to memory first.
#[derive(Debug, Deserialize)]
struct Head {
    #[serde(rename = "do")]
    name: String,
    #[serde(default)]
    driver: String,
}

/// Which journal.
#[derive(Debug, Deserialize)]
struct JournalRequest {
    table: String,
    kind: JournalKind,
    /// `migrate.layout` only: the columns that the table has.
    #[serde(default)]
    columns: Vec<String>,
    /// `migrate.journal` only: how long statements of a migration may take.
    #[serde(default)]
    limits: Limits,
}

/// Files whose fingerprints are asked for.
#[derive(Debug, Deserialize)]
struct ChecksumsRequest {
    sources: Vec<Source>,
}

/// The text of a migration's file.
#[derive(Debug, Deserialize)]
struct Source {
    path: String,
    text: String,
}

#[derive(Debug, Deserialize)]
struct SqlRequest {
    sql: String,
}

#[derive(Debug, Deserialize)]
struct SettingsRequest {
    options: Value,
}

#[derive(Debug, Deserialize)]
struct KillRequest {
    session: u64,
}

/// A lock's file. `owner`: `migrate.lockFile` only.
#[derive(Debug, Deserialize)]
struct FileRequest {
    path: PathBuf,
    #[serde(default)]
    owner: String,
}

#[derive(Debug, Deserialize)]
struct SweepRequest {
    extent: Extent,
    #[serde(default)]
    kept: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct BackupRequest {
    ask: BackupCommand,
}

/// Answers one command whose `do` starts with `migrate.`.
///
/// # Errors
/// `Internal` for a command that is not in the list, else what the command says.
pub fn answer(json: &str) -> Result<String> {
    let Head { name, driver } = read(json)?;
    let driver = || driver_named(&driver);
    match name.as_str() {
        "migrate.plan" => text(&plan(&read(json)?)?),
        "migrate.status" => text(&status(&read(json)?)?),
        "migrate.validate" => text(&validate(&read(json)?)?),
        "migrate.records" => text(&record_changes(&read(json)?)?),
        "migrate.checksums" => {
            let (driver, ChecksumsRequest { sources }) = (driver()?, read(json)?);
            let sum = |Source { path, text }: &Source| checksum(text, Language::of(path), driver);
            text(&sources.iter().map(sum).collect::<Vec<_>>())
        }
        "migrate.sqlText" => text(&split(&read::<SqlRequest>(json)?.sql, driver()?)),
        "migrate.sqlFile" => text(&sql_file(&read::<SqlRequest>(json)?.sql, driver()?)?),
        "migrate.journal" => {
            let request = read(json)?;
            text(&journal(driver()?, &request)?.questions_within(request.limits))
        }
        "migrate.layout" => {
            let request = read(json)?;
            text(&journal(driver()?, &request)?.layout(&request.columns)?)
        }
        "migrate.log" => text(&log(driver()?, &read(json)?)?),
        "migrate.inspect" => text(&look_at(driver()?, read(json)?)),
        "migrate.lint" => text(&lint(driver()?, &read(json)?)),
        "migrate.lintFiles" => text(&lint_files(driver()?, &read(json)?, &read(json)?)?),
        "migrate.lintSettings" => text(&LintOptions::read(read::<SettingsRequest>(json)?.options)?.settle()?),
        "migrate.lintCatalogue" => text(&question(driver()?)),
        "migrate.lintRules" => text(&FACTS.as_slice()),
        "migrate.overlay" => overlay(driver()?, json),
        "migrate.script" => text(&script(driver()?, &read(json)?)?),
        "migrate.progress" => text(&progress(driver()?)),
        "migrate.denied" => text(&denied(driver()?, &read(json)?)),
        "migrate.steps" => text(&step_texts(driver()?, &read(json)?)),
        "migrate.kill" => text(&kill(driver()?, read::<KillRequest>(json)?.session)?),
        "migrate.lock" => text(&lock(driver()?, &read(json)?)),
        "migrate.lockFile" => {
            let FileRequest { path, owner } = read(json)?;
            text(&file_lock::try_acquire(&path, &owner)?)
        }
        "migrate.unlockFile" => {
            file_lock::release(&read::<FileRequest>(json)?.path);
            Ok("{}".into())
        }
        "migrate.sweep" => {
            let SweepRequest { extent, kept } = read(json)?;
            text(&sweep(driver()?, extent, &kept))
        }
        "migrate.meta" => text(&meta(driver()?)),
        "migrate.workerDatabase" => text(&worker_database(driver()?, &read(json)?)?),
        "migrate.dump" => {
            let request: DumpRequest = read(json)?;
            text(&dump(driver_named(&request.database.driver)?, request))
        }
        "migrate.dumpRows" => text(&rows(driver()?, &read(json)?)),
        "migrate.backup" => text(&read::<BackupRequest>(json)?.ask.answer(driver()?)?),
        other => Err(Error::internal(format!("there is no command {other}"))),
    }
}

fn journal(driver: DriverName, request: &JournalRequest) -> Result<Journal> {
    Journal::new(driver, &request.table, request.kind)
}

/// The driver that `getDriverName()` calls so.
fn driver_named(name: &str) -> Result<DriverName> {
    [DriverName::Postgres, DriverName::MySql, DriverName::MariaDb, DriverName::Sqlite, DriverName::SqlServer]
        .into_iter()
        .find(|driver| driver.as_str() == name)
        .ok_or_else(|| Error::internal(format!("no driver is called \"{name}\"")))
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
