//! Lint: what in a migration hurts a database that is in use, told before it is sent.
//!
//! [`lint`] reads what a statement does to which tables ([`sql`](super::sql)), and asks the rules, one file a family:
//! `losses`, `columns`, `keys`, `transactions`, `copies`, `names`; [`files`] has those about files. What the
//! catalogue says of the tables comes from outside, and what earlier statements did goes out and comes back.

mod allowance;
mod catalogue;
mod column_type;
mod columns;
mod copies;
pub mod files;
mod finding;
mod keys;
mod linter;
mod look;
mod losses;
#[cfg(test)]
mod migration_tests;
mod names;
mod row_statement;
mod rule;
#[cfg(test)]
mod schema_tests;
#[cfg(test)]
mod script;
mod settings;
mod state;
mod transactions;

pub(super) use allowance::allowed_by;
pub use catalogue::{CatalogueQuestion, TableFacts, question};
pub use finding::Finding;
pub use linter::{LintAnswer, LintRequest, lint};
pub use rule::{FACTS, Rule, RuleFacts};
pub use settings::{LintOptions, LintSettings};
pub use state::LintState;
