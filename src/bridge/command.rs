//! [`Command`]: what JavaScript asks of a connection besides statements and transactions.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::dialect::catalogue::Inspection;
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::schema::{Change, Database};
use crate::{evolve, migrate};

/// What is asked, with its arguments.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "camelCase")]
pub(super) enum Command {
    /// Closes the connection's pools. Answers `{}`.
    #[serde(rename_all = "camelCase")]
    Close { deadline_ms: u64 },
    /// Applies schema changes (a list of `Change`). Answers `{}`.
    #[serde(rename = "schema.apply")]
    ApplyChanges {
        changes: Value,
        /// Whether everything is said in them: see `dialect::schema::settle`.
        #[serde(default)]
        settled: bool,
        #[serde(default)]
        session: u32,
    },
    /// Asks the catalogue. Answers what `dialect::schema::answer` says of the question.
    #[serde(rename = "schema.inspect")]
    Inspect {
        question: Value,
        #[serde(default)]
        session: u32,
    },
    /// The statements of schema changes, without running them. Answers a list of texts.
    #[serde(rename = "schema.plan")]
    PlanChanges {
        changes: Value,
        #[serde(default)]
        settled: bool,
        #[serde(default)]
        session: u32,
    },
    /// The structure of the database. Answers a `schema::Database`.
    #[serde(rename = "schema.database")]
    InspectDatabase {
        #[serde(default)]
        inspection: Inspection,
        #[serde(default)]
        session: u32,
    },
    /// Schema changes with everything said in them. Answers a list of `Change`.
    #[serde(rename = "schema.settle")]
    SettleChanges { changes: Vec<Change> },
    /// The changes that make one structure another. Answers a list of settled `Change`.
    #[serde(rename = "schema.diff")]
    Diff { current: Box<Database>, wanted: Box<Database> },
    /// What a structure is after settled changes. Answers a `schema::Database`.
    #[serde(rename = "schema.evolve")]
    Evolve { database: Box<Database>, changes: Vec<Change> },
    /// The changes that undo settled changes of a structure. Answers a list of settled `Change`.
    #[serde(rename = "schema.undo")]
    Undo { database: Box<Database>, changes: Vec<Change> },
    /// A defect, so that tests can see what becomes of one. With `inStatement`: while rows are read.
    #[cfg(debug_assertions)]
    #[serde(rename = "test.panic", rename_all = "camelCase")]
    Panic {
        #[serde(default)]
        in_statement: bool,
    },
    /// Anything of migrations that needs no connection: see `migrate::command`.
    #[serde(skip)]
    Migrate(String),
}

/// How long servers get to stop what runs at the deadline of a close.
const STOPPED_WITHIN: Duration = Duration::from_millis(100);

impl Command {
    pub(super) fn parse(json: &str) -> Result<Self> {
        if json.starts_with(r#"{"do":"migrate."#) {
            return Ok(Self::Migrate(json.to_owned()));
        }
        serde_json::from_str(json)
            .map_err(|error| Error::invalid(format!("a command that the engine cannot read: {error}")))
    }

    pub(super) async fn run(self, engine: &Engine) -> Result<Value> {
        let done = json!({});
        Ok(match self {
            Self::ApplyChanges { changes, settled, session } => {
                engine.apply_changes(session, &changes.to_string(), settled).await.map(|()| done)?
            }
            Self::SettleChanges { changes } => json!(engine.settle(&changes)),
            Self::Diff { current, wanted } => json!(engine.diff(&current, &wanted)?),
            Self::Evolve { database, changes } => json!(evolve::after(&database, &changes)?),
            Self::Undo { database, changes } => json!(evolve::undone(&database, &changes)?),
            Self::Inspect { question, session } => engine.inspect(session, &question.to_string()).await?,
            Self::PlanChanges { changes, settled, session } => {
                json!(engine.plan_changes(session, &changes.to_string(), settled).await?)
            }
            Self::InspectDatabase { inspection, session } => {
                json!(engine.inspect_database(session, &inspection).await?)
            }
            Self::Migrate(json) => {
                let answer = migrate::answer(&json)?;
                serde_json::from_str(&answer)
                    .map_err(|_| Error::internal("an answer of migrate is not JSON"))?
            }
            #[cfg(debug_assertions)]
            Self::Panic { in_statement } => engine.panic(in_statement).await.map(|()| done)?,
            Self::Close { deadline_ms } => {
                engine.close(Duration::from_millis(deadline_ms), STOPPED_WITHIN).await;
                done
            }
        })
    }
}
