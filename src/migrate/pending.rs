//! [`Plan`]: files × recorded rows -> ordered steps for migrate, rollback, reset and refresh. Pure.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::{Deserialize, Serialize};

use super::warnings::warnings;
use crate::error::{Error, ErrorCode, Result};

/// What a file name may end with and a recorded name may still carry (Knex records `x.js`).
const EXTENSIONS: [&str; 7] = [".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".sql"];

/// A migration on disk.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct MigrationFile {
    /// Its identity: the file name without extension.
    pub name: String,
    /// Where it is.
    pub path: String,
}

/// A row of the migrations table: this migration is fully applied.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AppliedRow {
    /// The row's key; grows with the order of running.
    pub id: i64,
    /// The recorded name.
    pub migration: String,
    /// The run that applied it. 0: it came with a schema dump.
    pub batch: i64,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Operation {
    /// Everything pending. `step` gives each migration a batch of its own.
    Migrate {
        /// One batch per migration instead of one per run.
        #[serde(default)]
        step: bool,
    },
    /// The last batches.
    Rollback {
        /// How many batches. At least 1.
        batches: u32,
    },
    /// Everything that is applied.
    Reset {},
    /// Roll back everything, or the last batches, then migrate.
    Refresh {
        /// How many batches to roll back; all when absent.
        batches: Option<u32>,
    },
}

/// Files, rows, and what to do with them.
#[derive(Debug, Clone, Deserialize)]
pub struct PlanRequest {
    /// What is asked for.
    pub operation: Operation,
    /// What is on disk, in any order.
    pub files: Vec<MigrationFile>,
    /// What is recorded, in any order.
    pub applied: Vec<AppliedRow>,
    /// Where the files were looked for, for messages.
    #[serde(default)]
    pub paths: Vec<String>,
}

/// Which half of a migration a step runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Direction {
    /// `up()`.
    Up,
    /// `down()`.
    Down,
}

/// One migration to run, up or down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Its name, as on disk.
    pub name: String,
    /// Its file.
    pub path: String,
    /// Which half.
    pub direction: Direction,
    /// Up: the batch to record. Down: the batch it was recorded in.
    pub batch: i64,
    /// Down: the row to delete.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
}

/// Steps in the order in which they run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The steps.
    pub steps: Vec<Step>,
    /// What looks wrong but stops nothing, one sentence each.
    pub warnings: Vec<String>,
}

/// A recorded name without the extension that other tools write.
#[must_use]
pub fn stem(name: &str) -> &str {
    EXTENSIONS.iter().find_map(|extension| name.strip_suffix(extension)).unwrap_or(name)
}

/// Orders what has to run.
///
/// Names are compared byte by byte, so that every machine and locale runs the same order.
///
/// # Errors
/// `Migration`, before anything runs: two files with one name, or a migration to roll back whose
/// file is gone.
pub fn plan(request: &PlanRequest) -> Result<Plan> {
    let files = by_name(&request.files)?;
    let mut applied: Vec<&AppliedRow> = request.applied.iter().collect();
    applied.sort_by_key(|row| row.id);

    let mut steps = Vec::new();
    let mut doubts = Vec::new();
    let batches = match request.operation {
        Operation::Migrate { .. } => None,
        Operation::Rollback { batches } => Some(last_batches(&applied, Some(batches))),
        Operation::Reset {} => Some(last_batches(&applied, None)),
        Operation::Refresh { batches } => Some(last_batches(&applied, batches)),
    };
    if let Some(batches) = batches {
        steps = downs(&applied, &batches, &files, &request.paths)?;
        applied.retain(|row| !batches.contains(&row.batch));
    }
    let step = matches!(request.operation, Operation::Migrate { step: true });
    if matches!(request.operation, Operation::Migrate { .. } | Operation::Refresh { .. }) {
        steps.extend(ups(&applied, &files, step));
        doubts = warnings(&applied, &files, &steps);
    }
    Ok(Plan { steps, warnings: doubts })
}

/// Files by name, sorted by their bytes.
///
/// # Errors
/// `Migration` when two files carry one name.
pub fn by_name(files: &[MigrationFile]) -> Result<BTreeMap<&str, &MigrationFile>> {
    let mut names: BTreeMap<&str, &MigrationFile> = BTreeMap::new();
    for file in files {
        if let Some(other) = names.insert(&file.name, file) {
            return Err(Error::new(
                ErrorCode::Migration,
                format!(
                    "Duplicate migration name {}: {}, {}. Rename one of them; nothing was run.",
                    file.name, other.path, file.path
                ),
            ));
        }
    }
    Ok(names)
}

/// The highest batch numbers that are in use; batch 0 only when everything is asked for.
fn last_batches(applied: &[&AppliedRow], count: Option<u32>) -> BTreeSet<i64> {
    let all: BTreeSet<i64> = applied.iter().map(|row| row.batch).collect();
    match count {
        None => all,
        Some(count) => all
            .into_iter()
            .rev()
            .filter(|batch| *batch != 0)
            .take(usize::try_from(count).unwrap_or(usize::MAX))
            .collect(),
    }
}

/// The applied migrations of `batches`, newest first.
fn downs(
    applied: &[&AppliedRow],
    batches: &BTreeSet<i64>,
    files: &BTreeMap<&str, &MigrationFile>,
    paths: &[String],
) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    for row in applied.iter().rev().filter(|row| batches.contains(&row.batch)) {
        if row.batch == 0 {
            return Err(cannot_roll_back(&row.migration, "it came with a schema dump (batch 0)"));
        }
        let Some(file) = files.get(stem(&row.migration)) else {
            let reason = format!("file not found in {}", paths.join(", "));
            return Err(cannot_roll_back(&row.migration, &reason));
        };
        steps.push(Step {
            name: file.name.clone(),
            path: file.path.clone(),
            direction: Direction::Down,
            batch: row.batch,
            id: Some(row.id),
        });
    }
    Ok(steps)
}

fn cannot_roll_back(name: &str, reason: &str) -> Error {
    Error::new(ErrorCode::Migration, format!("Cannot roll back {name}: {reason}. Nothing was rolled back."))
}

/// The files that are not recorded, oldest name first.
fn ups(applied: &[&AppliedRow], files: &BTreeMap<&str, &MigrationFile>, step: bool) -> Vec<Step> {
    let done: HashSet<&str> = applied.iter().map(|row| stem(&row.migration)).collect();
    let next = applied.iter().map(|row| row.batch).max().unwrap_or(0) + 1;
    files
        .values()
        .filter(|file| !done.contains(file.name.as_str()))
        .zip(0_i64..)
        .map(|(file, index)| Step {
            name: file.name.clone(),
            path: file.path.clone(),
            direction: Direction::Up,
            batch: if step { next + index } else { next },
            id: None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(names: &[&str]) -> Vec<MigrationFile> {
        names
            .iter()
            .map(|name| MigrationFile { name: (*name).into(), path: format!("m/{name}.ts") })
            .collect()
    }

    fn rows(rows: &[(i64, &str, i64)]) -> Vec<AppliedRow> {
        rows.iter()
            .map(|(id, name, batch)| AppliedRow { id: *id, migration: (*name).into(), batch: *batch })
            .collect()
    }

    fn planned(operation: Operation, disk: &[&str], recorded: &[(i64, &str, i64)]) -> Result<Plan> {
        plan(&PlanRequest {
            operation,
            files: files(disk),
            applied: rows(recorded),
            paths: vec!["database/migrations".into()],
        })
    }

    fn briefly(plan: &Plan) -> Vec<(Direction, &str, i64)> {
        plan.steps.iter().map(|step| (step.direction, step.name.as_str(), step.batch)).collect()
    }

    use Direction::{Down, Up};

    #[test]
    fn pending_migrations_share_the_next_batch() {
        let plan = planned(Operation::Migrate { step: false }, &["03_c", "01_a", "02_b"], &[(1, "01_a", 4)])
            .expect("plan");
        assert_eq!(briefly(&plan), [(Up, "02_b", 5), (Up, "03_c", 5)]);
        assert!(plan.warnings.is_empty());
    }

    #[test]
    fn step_gives_each_its_own_batch() {
        let plan = planned(Operation::Migrate { step: true }, &["b", "a"], &[]).expect("plan");
        assert_eq!(briefly(&plan), [(Up, "a", 1), (Up, "b", 2)]);
    }

    #[test]
    fn names_are_ordered_by_bytes() {
        let plan =
            planned(Operation::Migrate { step: false }, &["a-b", "9_b", "Z_x", "10_a"], &[]).expect("plan");
        let names: Vec<&str> = plan.steps.iter().map(|step| step.name.as_str()).collect();
        assert_eq!(names, ["10_a", "9_b", "Z_x", "a-b"]);
    }

    #[test]
    fn rollback_takes_the_last_batches_newest_row_first() {
        let recorded = [(1, "a", 1), (2, "z", 2), (3, "b", 2), (4, "c", 3)];
        let plan =
            planned(Operation::Rollback { batches: 2 }, &["a", "b", "c", "z"], &recorded).expect("plan");
        assert_eq!(briefly(&plan), [(Down, "c", 3), (Down, "b", 2), (Down, "z", 2)]);
        assert_eq!(plan.steps[0].id, Some(4));
    }

    #[test]
    fn batches_are_counted_as_they_are_not_by_their_numbers() {
        let plan = planned(Operation::Rollback { batches: 2 }, &["a", "b"], &[(1, "a", 3), (2, "b", 9)])
            .expect("plan");
        assert_eq!(briefly(&plan), [(Down, "b", 9), (Down, "a", 3)]);
    }

    #[test]
    fn refresh_rolls_everything_back_then_runs_all_files() {
        let plan = planned(Operation::Refresh { batches: None }, &["a", "b"], &[(1, "a", 1)]).expect("plan");
        assert_eq!(briefly(&plan), [(Down, "a", 1), (Up, "a", 1), (Up, "b", 1)]);
    }

    #[test]
    fn a_missing_file_refuses_the_whole_rollback() {
        let error = planned(Operation::Reset {}, &["b"], &[(1, "a", 1), (2, "b", 2)]).expect_err("refused");
        assert_eq!(error.code, ErrorCode::Migration);
        assert_eq!(
            error.message,
            "Cannot roll back a: file not found in database/migrations. Nothing was rolled back."
        );
    }

    #[test]
    fn a_missing_file_of_another_batch_does_not_matter() {
        let plan =
            planned(Operation::Rollback { batches: 1 }, &["b"], &[(1, "a", 1), (2, "b", 2)]).expect("plan");
        assert_eq!(briefly(&plan), [(Down, "b", 2)]);
    }

    #[test]
    fn what_came_with_a_dump_is_never_rolled_back() {
        let recorded = [(1, "a", 0), (2, "b", 1)];
        let plan = planned(Operation::Rollback { batches: 5 }, &["a", "b"], &recorded).expect("plan");
        assert_eq!(briefly(&plan), [(Down, "b", 1)]);
        let error = planned(Operation::Reset {}, &["a", "b"], &recorded).expect_err("refused");
        assert!(error.message.contains("schema dump"), "{}", error.message);
    }

    #[test]
    fn recorded_names_match_without_their_extension() {
        let plan = planned(Operation::Migrate { step: false }, &["a", "b"], &[(1, "a.js", 1)]).expect("plan");
        assert_eq!(briefly(&plan), [(Up, "b", 2)]);
        let plan = planned(Operation::Rollback { batches: 1 }, &["a"], &[(1, "a.js", 1)]).expect("plan");
        assert_eq!(briefly(&plan), [(Down, "a", 1)]);
    }

    #[test]
    fn two_files_of_one_name_stop_everything() {
        let mut disk = files(&["a"]);
        disk.push(MigrationFile { name: "a".into(), path: "other/a.js".into() });
        let request = PlanRequest {
            operation: Operation::Migrate { step: false },
            files: disk,
            applied: vec![],
            paths: vec![],
        };
        let error = plan(&request).expect_err("refused");
        assert!(error.message.starts_with("Duplicate migration name a: m/a.ts, other/a.js."));
    }
}
