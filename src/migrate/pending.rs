//! [`Plan`]: files × recorded rows -> ordered steps for migrate, rollback, reset and refresh. Pure.

use serde::{Deserialize, Serialize};

use super::drift::Policies;
use super::files::FileSet;
use super::operation::{Forward, Operation};
use super::selection::Selection;
use super::warnings::Doubts;
use crate::error::Result;

/// What a file name may end with and a recorded name may still carry (Knex records `x.js`).
const EXTENSIONS: [&str; 9] = [".up.sql", ".down.sql", ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".sql"];

/// A migration on disk.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct MigrationFile {
    /// Its identity: its own `name`, else the file name without extension.
    pub name: String,
    /// Where it is.
    pub path: String,
    /// The fingerprint of its source, where it is known.
    #[serde(default)]
    pub checksum: Option<String>,
    /// The file name without extension, where its identity is another.
    #[serde(default)]
    pub stem: Option<String>,
}

/// A row of the migrations table: this migration is fully applied.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AppliedRow {
    /// The row's key; grows with the order of running.
    pub id: i64,
    /// The recorded name.
    pub migration: String,
    /// The run that applied it. 0: it was there before, from a schema dump or a baseline.
    pub batch: i64,
    /// The fingerprint of the source that was applied, where it was recorded.
    #[serde(default)]
    pub checksum: Option<String>,
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
    /// What doubts do.
    #[serde(default)]
    pub policies: Policies,
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
    /// What refuses the run by the policies, one sentence each. Nothing may run then.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refusals: Vec<String>,
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
    let files = FileSet::new(&request.files)?;
    let mut applied: Vec<&AppliedRow> = request.applied.iter().collect();
    applied.sort_by_key(|row| row.id);

    let selection = Selection { files: &files, applied: &applied, paths: &request.paths };
    let rows = selection.backward(&request.operation)?;
    let skips_missing = matches!(&request.operation, Operation::Rollback(which) if which.skip_missing);
    let mut steps = selection.downs(&rows, skips_missing)?;
    let mut doubts = Doubts::default();
    if let (Operation::Down { .. }, Some(row)) = (&request.operation, rows.first()) {
        doubts.warnings.extend(newer_than(row, &applied, &files));
    }

    let remaining: Vec<&AppliedRow> =
        applied.iter().copied().filter(|row| !rows.iter().any(|gone| gone.id == row.id)).collect();
    match &request.operation {
        Operation::Migrate(which) => steps.extend(selection.ups(&remaining, which)?),
        Operation::Refresh { .. } => steps.extend(selection.ups(&remaining, &Forward::default())?),
        Operation::Redo {} => {
            let again: Vec<Step> = steps
                .iter()
                .map(|step| Step { direction: Direction::Up, id: None, ..step.clone() })
                .collect();
            steps.extend(again);
            return Ok(Plan { steps, warnings: vec![], refusals: vec![] });
        }
        _ => return Ok(Plan { steps, warnings: doubts.warnings, refusals: vec![] }),
    }
    doubts.look(&remaining, &files, &steps, request.policies);
    Ok(Plan { steps, warnings: doubts.warnings, refusals: doubts.refusals })
}

/// A warning when others ran after the one that is rolled back alone.
fn newer_than(row: &AppliedRow, applied: &[&AppliedRow], files: &FileSet<'_>) -> Option<String> {
    let newer: Vec<&str> =
        applied.iter().filter(|other| other.id > row.id).map(|other| files.name_of(other)).collect();
    (!newer.is_empty()).then(|| {
        format!(
            "{} is not the last migration that ran: after it came {}",
            files.name_of(row),
            newer.join(", ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::operation::Backward;
    use super::*;
    use crate::error::ErrorCode;

    fn files(names: &[&str]) -> Vec<MigrationFile> {
        names
            .iter()
            .map(|name| MigrationFile {
                name: (*name).into(),
                path: format!("m/{name}.ts"),
                checksum: None,
                stem: None,
            })
            .collect()
    }

    fn rows(rows: &[(i64, &str, i64)]) -> Vec<AppliedRow> {
        rows.iter()
            .map(|(id, name, batch)| AppliedRow {
                id: *id,
                migration: (*name).into(),
                batch: *batch,
                checksum: None,
            })
            .collect()
    }

    fn planned(operation: Operation, disk: &[&str], recorded: &[(i64, &str, i64)]) -> Result<Plan> {
        plan(&PlanRequest {
            operation,
            files: files(disk),
            applied: rows(recorded),
            paths: vec!["database/migrations".into()],
            policies: Policies::default(),
        })
    }

    fn briefly(plan: &Plan) -> Vec<(Direction, &str, i64)> {
        plan.steps.iter().map(|step| (step.direction, step.name.as_str(), step.batch)).collect()
    }

    use Direction::{Down, Up};

    #[test]
    fn pending_migrations_share_the_next_batch() {
        let plan =
            planned(Operation::Migrate(Forward::default()), &["03_c", "01_a", "02_b"], &[(1, "01_a", 4)])
                .expect("plan");
        assert_eq!(briefly(&plan), [(Up, "02_b", 5), (Up, "03_c", 5)]);
        assert!(plan.warnings.is_empty());
    }

    #[test]
    fn step_gives_each_its_own_batch() {
        let plan =
            planned(Operation::Migrate(Forward { step: true, ..Forward::default() }), &["b", "a"], &[])
                .expect("plan");
        assert_eq!(briefly(&plan), [(Up, "a", 1), (Up, "b", 2)]);
    }

    #[test]
    fn names_are_ordered_by_bytes() {
        let plan = planned(Operation::Migrate(Forward::default()), &["a-b", "9_b", "Z_x", "10_a"], &[])
            .expect("plan");
        let names: Vec<&str> = plan.steps.iter().map(|step| step.name.as_str()).collect();
        assert_eq!(names, ["10_a", "9_b", "Z_x", "a-b"]);
    }

    #[test]
    fn rollback_takes_the_last_batches_newest_row_first() {
        let recorded = [(1, "a", 1), (2, "z", 2), (3, "b", 2), (4, "c", 3)];
        let plan = planned(
            Operation::Rollback(Backward { batches: Some(2), ..Backward::default() }),
            &["a", "b", "c", "z"],
            &recorded,
        )
        .expect("plan");
        assert_eq!(briefly(&plan), [(Down, "c", 3), (Down, "b", 2), (Down, "z", 2)]);
        assert_eq!(plan.steps[0].id, Some(4));
    }

    #[test]
    fn batches_are_counted_as_they_are_not_by_their_numbers() {
        let plan = planned(
            Operation::Rollback(Backward { batches: Some(2), ..Backward::default() }),
            &["a", "b"],
            &[(1, "a", 3), (2, "b", 9)],
        )
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
        let plan = planned(
            Operation::Rollback(Backward { batches: Some(1), ..Backward::default() }),
            &["b"],
            &[(1, "a", 1), (2, "b", 2)],
        )
        .expect("plan");
        assert_eq!(briefly(&plan), [(Down, "b", 2)]);
    }

    #[test]
    fn what_came_with_a_dump_is_never_rolled_back() {
        let recorded = [(1, "a", 0), (2, "b", 1)];
        let plan = planned(
            Operation::Rollback(Backward { batches: Some(5), ..Backward::default() }),
            &["a", "b"],
            &recorded,
        )
        .expect("plan");
        assert_eq!(briefly(&plan), [(Down, "b", 1)]);
        let error = planned(Operation::Reset {}, &["a", "b"], &recorded).expect_err("refused");
        assert!(error.message.contains("schema dump"), "{}", error.message);
    }

    #[test]
    fn recorded_names_match_without_their_extension() {
        let plan =
            planned(Operation::Migrate(Forward::default()), &["a", "b"], &[(1, "a.js", 1)]).expect("plan");
        assert_eq!(briefly(&plan), [(Up, "b", 2)]);
        let plan = planned(
            Operation::Rollback(Backward { batches: Some(1), ..Backward::default() }),
            &["a"],
            &[(1, "a.js", 1)],
        )
        .expect("plan");
        assert_eq!(briefly(&plan), [(Down, "a", 1)]);
    }

    #[test]
    fn two_files_of_one_name_stop_everything() {
        let mut disk = files(&["a"]);
        disk.push(MigrationFile { name: "a".into(), path: "other/a.js".into(), checksum: None, stem: None });
        let request = PlanRequest {
            operation: Operation::Migrate(Forward::default()),
            files: disk,
            applied: vec![],
            paths: vec![],
            policies: Policies::default(),
        };
        let error = plan(&request).expect_err("refused");
        assert!(error.message.starts_with("Duplicate migration name a: m/a.ts, other/a.js."));
    }

    fn forward(which: Forward) -> Result<Vec<String>> {
        let plan = planned(Operation::Migrate(which), &["1", "2", "3", "4", "5"], &[(1, "1", 1)])?;
        Ok(plan.steps.into_iter().map(|step| step.name).collect())
    }

    #[test]
    fn migrate_takes_a_last_one_an_only_one_or_so_many() {
        let name = |name: &str| Some(name.to_owned());
        assert_eq!(forward(Forward { to: name("3.ts"), ..Forward::default() }).expect("to"), ["2", "3"]);
        assert_eq!(forward(Forward { only: name("m/4.ts"), ..Forward::default() }).expect("only"), ["4"]);
        assert_eq!(forward(Forward { limit: Some(2), ..Forward::default() }).expect("limit"), ["2", "3"]);
        assert!(forward(Forward { only: name("1"), ..Forward::default() }).expect("done").is_empty());
        assert!(forward(Forward { to: name("9"), ..Forward::default() }).is_err());
        assert!(forward(Forward { to: name("3"), only: name("3"), ..Forward::default() }).is_err());
    }

    fn backward(which: Backward) -> Result<Vec<i64>> {
        let recorded = [(1, "a", 0), (2, "z", 1), (3, "b", 2), (4, "c", 2), (5, "d", 3)];
        let plan = planned(Operation::Rollback(which), &["a", "b", "c", "z"], &recorded)?;
        Ok(plan.steps.into_iter().filter_map(|step| step.id).collect())
    }

    #[test]
    fn rollback_takes_so_many_migrations_one_batch_or_what_came_after_a_name() {
        let skip = Backward { skip_missing: true, ..Backward::default() };
        assert_eq!(backward(Backward { migrations: Some(3), ..skip.clone() }).expect("count"), [4, 3]);
        assert_eq!(backward(Backward { batch: Some(2), ..Backward::default() }).expect("batch"), [4, 3]);
        assert_eq!(backward(Backward { to: Some("b".into()), ..skip.clone() }).expect("to"), [4]);
        assert_eq!(backward(Backward { migrations: Some(9), ..skip }).expect("all"), [4, 3, 2]);
        assert!(backward(Backward { to: Some("y".into()), ..Backward::default() }).is_err());
        assert!(backward(Backward { batch: Some(0), ..Backward::default() }).is_err());
        assert!(backward(Backward { batch: Some(1), migrations: Some(1), ..Backward::default() }).is_err());
    }

    #[test]
    fn one_goes_down_alone_with_a_warning_and_the_last_is_done_again_in_its_batch() {
        let recorded = [(1, "a", 1), (2, "b", 4)];
        let down = planned(Operation::Down { name: "a".into() }, &["a", "b"], &recorded).expect("plan");
        assert_eq!(briefly(&down), [(Down, "a", 1)]);
        assert_eq!(down.warnings, ["a is not the last migration that ran: after it came b"]);
        let redo = planned(Operation::Redo {}, &["a", "b", "c"], &recorded).expect("plan");
        assert_eq!(briefly(&redo), [(Down, "b", 4), (Up, "b", 4)]);
    }
}
