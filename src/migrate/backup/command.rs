//! [`BackupCommand`]: what JavaScript asks about backups, as `{"do":"migrate.backup","driver":…,"ask":{…}}`.

use serde::{Deserialize, Serialize};

use super::catalogue::{Questions, questions};
use super::dependents::{DependentsRequest, dependents};
use super::destruction::{Destruction, destroyed};
use super::name::is_backup;
use super::plan::{BackupPlan, PlanRequest, plan};
use super::prune::{PruneRequest, prune};
use super::restore::{RestorePlan, RestoreRequest, restore};
use super::table_ref::{having_values, table_ref};
use crate::config::DriverName;
use crate::error::Result;
use crate::schema::TableName;

/// What is asked.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum BackupCommand {
    /// What do these statements destroy?
    Destroyed(String),
    /// What is asked about this table?
    Questions(TableName),
    /// How is it backed up?
    Plan(Box<PlanRequest>),
    /// How is it restored?
    Restore(Box<RestoreRequest>),
    /// What is no longer kept?
    Prune(PruneRequest),
    /// What depends on this?
    Dependents(Box<DependentsRequest>),
    /// Which of these tables hold backups?
    Names(Vec<String>),
    /// How are rows counted?
    Count {
        /// The table.
        table: TableName,
        /// The column that has a value in them; none: all rows.
        column: Option<String>,
    },
    /// How is this table dropped, with nothing that depends on it?
    Drop(TableName),
}

/// The answer.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum BackupAnswer {
    /// To `destroyed`.
    Destroyed(Vec<Destruction>),
    /// To `questions`.
    Questions(Questions),
    /// To `plan`.
    Plan {
        /// None: nothing is lost.
        plan: Option<Box<BackupPlan>>,
    },
    /// To `restore`.
    Restore(Box<RestorePlan>),
    /// To `count` and `drop`.
    Text(String),
    /// To the others.
    Texts(Vec<String>),
}

impl BackupCommand {
    /// The answer to it.
    ///
    /// # Errors
    /// What the command says.
    pub fn answer(self, driver: DriverName) -> Result<BackupAnswer> {
        Ok(match self {
            Self::Destroyed(sql) => BackupAnswer::Destroyed(destroyed(&sql, driver)),
            Self::Questions(table) => BackupAnswer::Questions(questions(driver, &table)),
            Self::Plan(request) => BackupAnswer::Plan { plan: plan(driver, &request)?.map(Box::new) },
            Self::Restore(request) => BackupAnswer::Restore(Box::new(restore(driver, &request)?)),
            Self::Prune(request) => BackupAnswer::Texts(prune(&request)),
            Self::Dependents(request) => BackupAnswer::Texts(dependents(&request)),
            Self::Count { table, column } => {
                let columns: Vec<String> = column.into_iter().collect();
                let filter = having_values(driver, &columns);
                BackupAnswer::Text(format!(
                    "select count(*) as number from {}{filter}",
                    table_ref(driver, &table)
                ))
            }
            Self::Drop(table) => BackupAnswer::Text(format!("drop table {}", table_ref(driver, &table))),
            Self::Names(names) => {
                BackupAnswer::Texts(names.into_iter().filter(|name| is_backup(name)).collect())
            }
        })
    }
}
