//! [`Step`]: a statement of a plan, or a table that is replaced by an altered copy of itself.

use serde_json::Value;

use super::ansi::table::Scope;
use super::schema::{PlanOptions, dialect, groups};
use crate::config::DriverName;
use crate::error::{Error, ErrorCode, Result};
use crate::schema::{Change, Database};

/// What is done next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A statement is sent.
    Send(String),
    /// A table is replaced by an altered copy of itself.
    Rebuild(Box<Rebuild>),
}

impl Step {
    /// The statements that a plan shows.
    #[must_use]
    pub fn into_statements(self) -> Vec<String> {
        match self {
            Self::Send(sql) => vec![sql],
            Self::Rebuild(rebuild) => rebuild.into_statements(),
        }
    }
}

/// The steps of `changes`: as [`super::schema::compile_changes`], with the care that a step needs when
/// it is run.
///
/// # Errors
/// As [`super::schema::compile_changes`].
pub fn compile_steps(
    changes: &[Change],
    driver: DriverName,
    prefix: &str,
    options: &PlanOptions,
    current: Option<&Database>,
) -> Result<Vec<Step>> {
    let dialect = dialect(driver);
    let scope = Scope { driver, prefix: "", options };
    let mut current = current.cloned();
    let mut steps = Vec::new();
    for group in groups(changes, driver, prefix, options) {
        scope.check(&group)?;
        steps.extend(dialect.steps(&group, &scope, current.as_mut())?);
    }
    Ok(steps)
}

/// A table that is replaced by an altered copy of itself, because its database cannot alter it
/// (SQLite: "Making Other Kinds Of Table Schema Changes").
///
/// It runs in a transaction, from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuild {
    /// The table.
    pub table: String,
    /// Whose rows would be lost with the old table.
    pub referrers: Guard,
    /// Statements that must be valid afterwards where they are before: those of views and triggers.
    pub probes: Vec<String>,
    /// Answers how many rows refer to nothing, one row for each pair of tables.
    pub violations: Asked,
    /// Answers the triggers of the table, which go with it, each as `sql`.
    pub triggers: Asked,
    /// Makes the copy and fills it.
    pub copy: Vec<String>,
    /// Whether rows are missing in it.
    pub missing: Guard,
    /// Gives the copy the counter of the table. No part of the plan that is shown.
    pub keep_counter: Vec<String>,
    /// Drops the table.
    pub drop: String,
    /// Gives the copy its name; views that name it are left as they are.
    pub rename: String,
    /// Makes its indexes again.
    pub indexes: Vec<String>,
    /// The triggers as they were when the plan was made.
    pub known_triggers: Vec<String>,
}

/// A question with the texts that it binds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Its SQL, with `?`.
    pub sql: String,
    /// The texts.
    pub texts: Vec<String>,
}

/// A question whose every row is a reason not to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guard {
    /// What is asked; it answers `name`.
    pub asked: Asked,
    /// What the error says, with `{}` for the names.
    pub message: String,
    /// Its kind.
    pub code: ErrorCode,
    /// What the error carries as the code of the database: see [`FOREIGN_KEYS_ON`].
    pub native_code: Option<&'static str>,
}

/// The native code of the error that says: begin again, with foreign keys switched off before.
pub const FOREIGN_KEYS_ON: &str = "FOREIGN_KEYS_ON";

impl Guard {
    /// The error, where something was found.
    #[must_use]
    pub fn refusal(&self, table: &str, found: &[Value]) -> Option<Error> {
        if found.is_empty() {
            return None;
        }
        let names: Vec<_> = found.iter().filter_map(|row| row.get("name")?.as_str()).collect();
        let mut error = Error::new(self.code, self.message.replace("{}", &names.join(", ")));
        error.detail.table = Some(table.to_owned());
        error.detail.native_code = self.native_code.map(str::to_owned);
        Some(error)
    }
}

impl Rebuild {
    fn into_statements(self) -> Vec<String> {
        let mut statements = self.copy;
        statements.extend([self.drop, self.rename]);
        statements.extend(self.indexes);
        statements.extend(self.known_triggers);
        statements
    }

    /// The error for rows that refer to nothing because of the change.
    #[must_use]
    pub fn dangling(&self, before: &[Value], after: &[Value]) -> Option<Error> {
        let number = |row: &Value| row.get("number").and_then(Value::as_i64).unwrap_or(0);
        let found = after.iter().find(|row| {
            let same = |other: &&Value| other["name"] == row["name"] && other["parent"] == row["parent"];
            number(row) > before.iter().find(same).map_or(0, number)
        })?;
        let text = |key: &str| found.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (name, parent) = (text("name"), text("parent"));
        let mut error = Error::new(
            ErrorCode::ForeignKeyViolation,
            format!(
                "{}: rows of {name} would refer to rows of {parent} that are not there; nothing was changed",
                self.table
            ),
        );
        error.detail.table = Some(name);
        Some(error)
    }

    /// The error for a foreign key that would refer to columns which are no key any more.
    #[must_use]
    pub fn mismatch(&self, error: &Error) -> Error {
        let mut mismatch = error.clone();
        mismatch.message = format!(
            "{}: a foreign key would refer to columns that are neither primary key nor unique ({}); drop the foreign key \
             first",
            self.table, error.message
        );
        mismatch
    }

    /// The error for a view or trigger that is not valid any more.
    #[must_use]
    pub fn broken(&self, error: &Error) -> Error {
        let mut broken = error.clone();
        broken.message = format!(
            "{}: a view or trigger would not be valid any more ({}); drop it before, and create it again after",
            self.table, error.message
        );
        broken
    }
}
