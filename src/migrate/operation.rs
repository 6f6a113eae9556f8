//! [`Operation`]: what a run is asked for.

use serde::Deserialize;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Operation {
    /// What is pending.
    Migrate(Forward),
    /// The last batches, or what is chosen otherwise.
    Rollback(Backward),
    /// Everything that is applied.
    Reset {},
    /// Roll back everything, or the last batches, then migrate.
    Refresh {
        /// How many batches to roll back; all when absent.
        batches: Option<u32>,
    },
    /// Roll the last migration back and run it again, in its batch.
    Redo {},
    /// Roll this one migration back.
    Down {
        /// Its name.
        name: String,
    },
}

/// Which of the pending migrations run. At most one of `to` and `only`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Forward {
    /// One batch per migration instead of one per run.
    #[serde(default)]
    pub step: bool,
    /// The last one to run; those before it run as well.
    pub to: Option<String>,
    /// The only one to run.
    pub only: Option<String>,
    /// How many run at most.
    pub limit: Option<u32>,
}

/// Which of the applied migrations are rolled back. At most one of the choices; without any, one batch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Backward {
    /// The last so many batches.
    pub batches: Option<u32>,
    /// The last so many migrations.
    pub migrations: Option<u32>,
    /// This batch.
    pub batch: Option<i64>,
    /// Everything that ran after this migration, which stays.
    pub to: Option<String>,
    /// Leave out those whose file is gone instead of refusing.
    #[serde(default)]
    pub skip_missing: bool,
}
