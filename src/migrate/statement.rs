//! [`Sql`], [`Around`], [`ForeignKeySwitch`] and [`StepTransaction`]: SQL on its way to JavaScript, which sends it.

use serde::Serialize;

/// SQL text with its bindings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sql {
    /// The text, with `?` for each binding.
    pub sql: String,
    /// Text values, in the order of the placeholders.
    pub bindings: Vec<String>,
}

impl Sql {
    pub(super) fn new(sql: impl Into<String>, bindings: &[&str]) -> Self {
        Self { sql: sql.into(), bindings: bindings.iter().map(|text| (*text).to_owned()).collect() }
    }
}

/// What stands around another statement, to do more with it. Its bindings come after those of that statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Around {
    /// In front of it.
    pub before: &'static str,
    /// Behind it.
    pub after: Sql,
}

/// How foreign keys are switched off around a transaction, and checked at its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ForeignKeySwitch {
    /// The native code of the error that asks for it.
    pub code: &'static str,
    /// Answers whether they are on, as `foreign_keys`.
    pub read: &'static str,
    /// Switches them off. Before the transaction.
    pub off: &'static str,
    /// Switches them on. After the transaction.
    pub on: &'static str,
    /// Answers how many rows of `name` refer to no row of `parent`, as `number`. In the transaction, at
    /// its beginning and at its end.
    pub violations: &'static str,
}

/// How the statements between two schema changes are kept together where a transaction ends at each of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StepTransaction {
    /// Begins one; what was open before is committed.
    pub begin: &'static str,
    /// Ends it.
    pub commit: &'static str,
    /// Takes back what came after the last schema change.
    pub rollback: &'static str,
}
