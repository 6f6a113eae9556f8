//! Definitions: changes to statements, catalogue questions to data. The one way in.
//!
//! [`plan`] gives the statements of a list of changes, [`question`] and [`answer`] ask the
//! catalogue. Nothing here talks to a server.

use serde::Deserialize;

use super::ansi::table::{Group, Scope};
use super::{mysql, postgres, sqlite};
use crate::config::DriverName;
use crate::error::{Error, Result};
use crate::schema::{Change, Column};

pub use super::ansi::inspect::{Question, answer, question};

/// What the connection says about definitions.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PlanOptions {
    /// Whether columns may be `NULL` unless said otherwise, as in guruorm 2 (decision D22).
    /// Default false.
    pub nullable_by_default: bool,
    /// Whether the table prefix is part of the names of unnamed indexes. Default true.
    pub prefix_indexes: bool,
    /// Character set of new tables (MySQL only). Default: the database's own.
    pub charset: Option<String>,
    /// Collation of new tables (MySQL only). Default: the database's own.
    pub collation: Option<String>,
    /// Storage engine of new tables (MySQL only). Default: the server's own.
    pub engine: Option<String>,
    /// Whether SQLite declares `json` columns so, instead of `text`. Default false.
    pub use_native_json: bool,
    /// Whether SQLite declares `jsonb` columns so, instead of `text`. Default false.
    pub use_native_jsonb: bool,
}

impl Default for PlanOptions {
    fn default() -> Self {
        Self {
            nullable_by_default: false,
            prefix_indexes: true,
            charset: None,
            collation: None,
            engine: None,
            use_native_json: false,
            use_native_jsonb: false,
        }
    }
}

/// The points on which databases disagree about definitions. What they agree on is in `ansi/`.
pub trait SchemaDialect {
    /// Which keys are part of `create table`. A key that is not becomes a statement of its own.
    fn inlined_keys(&self) -> InlinedKeys;

    /// The statements of one change.
    ///
    /// # Errors
    /// `Unsupported` for a change that the database lacks, `InvalidArgument` for one that cannot work.
    fn statements(&self, change: &Change, group: &Group, scope: &Scope<'_>) -> Result<Vec<String>>;

    /// What has to be said about a column after all changes of its table.
    fn after_column(&self, table: &str, column: &Column, changed: bool, scope: &Scope<'_>) -> Vec<String>;
}

/// Which keys are part of `create table`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InlinedKeys {
    /// The primary key.
    pub primary: bool,
    /// The foreign keys.
    pub foreign: bool,
}

/// The statements of `changes` (JSON: a list of [`Change`]), in order.
///
/// # Errors
/// `InvalidArgument` for text that is no list of changes; else as [`compile_changes`].
pub fn plan(changes: &str, driver: DriverName, prefix: &str, options: &PlanOptions) -> Result<Vec<String>> {
    let changes: Vec<Change> = serde_json::from_str(changes)
        .map_err(|error| Error::invalid(format!("the list of schema changes cannot be read: {error}")))?;
    compile_changes(&changes, driver, prefix, options)
}

/// The statements of `changes`, in order. Neighbouring changes of one table are seen together,
/// as one call of `Schema` makes them.
///
/// # Errors
/// `Unsupported` for a change that the database lacks. `InvalidArgument` for one that cannot work:
/// a name too long, two columns of one name, a foreign key without table. Either way nothing was sent.
pub fn compile_changes(
    changes: &[Change],
    driver: DriverName,
    prefix: &str,
    options: &PlanOptions,
) -> Result<Vec<String>> {
    let dialect = dialect(driver)?;
    let scope = Scope { driver, prefix, options };
    let mut statements = Vec::new();
    for changes in changes.chunk_by(|one, next| one.table().is_some() && one.table() == next.table()) {
        let group = Group::new(changes, dialect.inlined_keys());
        scope.check(&group)?;
        for change in &group.changes {
            statements.extend(dialect.statements(change, &group, &scope)?);
        }
        for (column, changed) in group.columns() {
            statements.extend(dialect.after_column(&group.table, column, changed, &scope));
        }
    }
    Ok(statements)
}

fn dialect(driver: DriverName) -> Result<&'static dyn SchemaDialect> {
    match driver {
        DriverName::Postgres => Ok(&postgres::schema::Postgres),
        DriverName::MySql | DriverName::MariaDb => Ok(&mysql::schema::MySql),
        DriverName::Sqlite => Ok(&sqlite::schema::Sqlite),
        DriverName::SqlServer => Err(Error::unsupported("schema builder in this version", driver.label())),
    }
}
