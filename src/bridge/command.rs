//! [`Command`]: what JavaScript asks of a connection besides statements and transactions.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::dialect::catalogue::Inspection;
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::schema::{Change, Database};
use crate::{evolve, migrate};

/// A command as JSON: its name is in `do`, its arguments stand beside it.
pub(super) struct Command {
    name: Name,
    json: String,
}

/// What is asked, and what it answers.
#[derive(Debug, Clone, Copy, Deserialize)]
enum Name {
    /// Closes the connection's pools. Answers `{}`.
    #[serde(rename = "close")]
    Close,
    /// Applies schema changes (a list of `Change`). Answers `{}`.
    #[serde(rename = "schema.apply")]
    ApplyChanges,
    /// Asks the catalogue. Answers what `dialect::schema::answer` says of the question.
    #[serde(rename = "schema.inspect")]
    Inspect,
    /// The statements of schema changes, without running them. Answers a list of texts.
    #[serde(rename = "schema.plan")]
    PlanChanges,
    /// The structure of the database. Answers a `schema::Database`.
    #[serde(rename = "schema.database")]
    InspectDatabase,
    /// Schema changes with everything said in them. Answers a list of `Change`.
    #[serde(rename = "schema.settle")]
    SettleChanges,
    /// The changes that make one structure another. Answers a list of settled `Change`.
    #[serde(rename = "schema.diff")]
    Diff,
    /// What a structure is after settled changes. Answers a `schema::Database`.
    #[serde(rename = "schema.evolve")]
    Evolve,
    /// The changes that undo settled changes of a structure. Answers a list of settled `Change`.
    #[serde(rename = "schema.undo")]
    Undo,
    /// A defect, so that tests can see what becomes of one. With `inStatement`: while rows are read.
    #[cfg(debug_assertions)]
    #[serde(rename = "test.panic")]
    Panic,
    /// Anything of migrations that needs no connection: see `migrate::command`.
    #[serde(skip)]
    Migrate,
}

#[derive(Deserialize)]
struct Head {
    #[serde(rename = "do")]
    name: Name,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Close {
    deadline_ms: u64,
}

/// Changes as the engine reads them.
#[derive(Deserialize)]
struct Unread<'json> {
    #[serde(borrow)]
    changes: &'json RawValue,
    /// Whether everything is said in them: see `dialect::schema::settle`.
    #[serde(default)]
    settled: bool,
    #[serde(default)]
    session: u32,
}

#[derive(Deserialize)]
struct Asked<'json> {
    #[serde(borrow)]
    question: &'json RawValue,
    #[serde(default)]
    session: u32,
}

#[derive(Deserialize)]
struct Inspected {
    #[serde(default)]
    inspection: Inspection,
    #[serde(default)]
    session: u32,
}

#[derive(Deserialize)]
struct Changes {
    changes: Vec<Change>,
}

#[derive(Deserialize)]
struct Pair {
    current: Database,
    wanted: Database,
}

#[derive(Deserialize)]
struct Evolution {
    database: Database,
    changes: Vec<Change>,
}

#[cfg(debug_assertions)]
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Panic {
    #[serde(default)]
    in_statement: bool,
}

/// How long servers get to stop what runs at the deadline of a close.
const STOPPED_WITHIN: Duration = Duration::from_millis(100);

const DONE: &str = "{}";

impl Command {
    pub(super) fn parse(json: &str) -> Result<Self> {
        let name =
            if json.starts_with(r#"{"do":"migrate."#) { Name::Migrate } else { read::<Head>(json)?.name };
        Ok(Self { name, json: json.to_owned() })
    }

    /// Its answer, as JSON.
    pub(super) async fn run(self, engine: &Engine) -> Result<String> {
        let json = self.json.as_str();
        match self.name {
            Name::ApplyChanges => {
                let Unread { changes, settled, session } = read(json)?;
                engine.apply_changes(session, changes.get(), settled).await?;
                Ok(DONE.into())
            }
            Name::SettleChanges => text(&engine.settle(&read::<Changes>(json)?.changes)),
            Name::Diff => {
                let Pair { current, wanted } = read(json)?;
                text(&engine.diff(&current, &wanted)?)
            }
            Name::Evolve => {
                let Evolution { database, changes } = read(json)?;
                text(&evolve::after(&database, &changes)?)
            }
            Name::Undo => {
                let Evolution { database, changes } = read(json)?;
                text(&evolve::undone(&database, &changes)?)
            }
            Name::Inspect => {
                let Asked { question, session } = read(json)?;
                text(&engine.inspect(session, question.get()).await?)
            }
            Name::PlanChanges => {
                let Unread { changes, settled, session } = read(json)?;
                text(&engine.plan_changes(session, changes.get(), settled).await?)
            }
            Name::InspectDatabase => {
                let Inspected { inspection, session } = read(json)?;
                text(&engine.inspect_database(session, &inspection).await?)
            }
            Name::Migrate => migrate::answer(json),
            #[cfg(debug_assertions)]
            Name::Panic => {
                engine.panic(read::<Panic>(json)?.in_statement).await?;
                Ok(DONE.into())
            }
            Name::Close => {
                let patience = Duration::from_millis(read::<Close>(json)?.deadline_ms);
                engine.close(patience, STOPPED_WITHIN).await;
                Ok(DONE.into())
            }
        }
    }
}

fn read<'json, Arguments: Deserialize<'json>>(json: &'json str) -> Result<Arguments> {
    serde_json::from_str(json)
        .map_err(|error| Error::invalid(format!("a command that the engine cannot read: {error}")))
}

fn text(answer: &impl Serialize) -> Result<String> {
    serde_json::to_string(answer)
        .map_err(|error| Error::internal(format!("an answer cannot be written: {error}")))
}
