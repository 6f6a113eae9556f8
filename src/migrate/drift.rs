//! [`Problem`]: what does not fit between the files and what is recorded of them. Pure.

use serde::{Deserialize, Serialize};

use super::checksum::differ;
use super::files::FileSet;
use super::pending::{AppliedRow, MigrationFile};
use crate::error::Result;

/// What a doubt does to a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Policy {
    /// It is not looked for.
    Off,
    /// It is said.
    #[default]
    Warn,
    /// It refuses the run.
    Error,
}

/// Which doubts do what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Policies {
    /// Files that were edited after they were applied.
    pub checksums: Policy,
    /// Files that are older than one that is applied.
    pub out_of_order: Policy,
}

/// What does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ProblemKind {
    /// The file is not the one that was applied.
    Edited,
    /// Applied, but its file is gone.
    Missing,
    /// Pending, but newer ones are applied.
    OutOfOrder,
}

/// One thing that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The migration.
    pub name: String,
    /// What about it.
    pub problem: ProblemKind,
    /// The same in a sentence.
    pub message: String,
}

/// Files and rows.
#[derive(Debug, Clone, Deserialize)]
pub struct ValidateRequest {
    /// What is on disk, in any order.
    pub files: Vec<MigrationFile>,
    /// What is recorded, in any order.
    pub applied: Vec<AppliedRow>,
}

/// Everything that does not fit, in the order of names.
///
/// # Errors
/// `Migration` when two files carry one name.
pub fn validate(request: &ValidateRequest) -> Result<Vec<Problem>> {
    let files = FileSet::new(&request.files)?;
    let applied: Vec<&AppliedRow> = request.applied.iter().collect();
    let mut problems = missing(&applied, &files);
    problems.extend(edited(&applied, &files));
    let newest = newest(&applied, &files);
    let is_older = |file: &MigrationFile| newest.is_some_and(|newest| file.order() < newest);
    let done = files.applied(&applied);
    for file in files.iter().filter(|file| is_older(file) && !done.contains(file.name.as_str())) {
        problems.push(problem(&file.name, ProblemKind::OutOfOrder));
    }
    problems.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(problems)
}

pub(super) fn missing(applied: &[&AppliedRow], files: &FileSet<'_>) -> Vec<Problem> {
    let lost = applied.iter().filter(|row| files.of(row).is_none());
    lost.map(|row| problem(files.name_of(row), ProblemKind::Missing)).collect()
}

pub(super) fn edited(applied: &[&AppliedRow], files: &FileSet<'_>) -> Vec<Problem> {
    applied
        .iter()
        .filter(|row| files.of(row).is_some_and(|file| is_edited(row, file)))
        .map(|row| problem(files.name_of(row), ProblemKind::Edited))
        .collect()
}

/// Whether the file is not the one that was applied, as far as both are known.
pub(super) fn is_edited(row: &AppliedRow, file: &MigrationFile) -> bool {
    match (&row.checksum, &file.checksum) {
        (Some(recorded), Some(current)) => differ(recorded, current),
        _ => false,
    }
}

pub(super) fn newest<'a>(applied: &[&'a AppliedRow], files: &FileSet<'a>) -> Option<&'a str> {
    applied.iter().map(|row| files.order_of(row)).max()
}

fn problem(name: &str, problem: ProblemKind) -> Problem {
    let message = match problem {
        ProblemKind::Edited => format!("Edited after it was applied: {name}"),
        ProblemKind::Missing => format!("The file of an applied migration is missing: {name}"),
        ProblemKind::OutOfOrder => format!("Out of order: {name} is pending, and newer ones are applied"),
    };
    Problem { name: name.into(), problem, message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_misfit_is_found_once_in_the_order_of_names() {
        let sum = |digit: &str| Some(format!("{}1", digit.repeat(63)));
        let file = |name: &str, checksum| MigrationFile {
            name: name.into(),
            path: name.into(),
            checksum,
            stem: None,
        };
        let row = |id, name: &str, checksum| AppliedRow { id, migration: name.into(), batch: 1, checksum };
        let problems = validate(&ValidateRequest {
            files: vec![
                file("d", sum("a")),
                file("a", sum("a")),
                file("b", sum("b")),
                file("e", sum("a")),
                file("z", sum("a")),
            ],
            applied: vec![
                row(1, "e.js", None),
                row(2, "b", sum("a")),
                row(3, "c", sum("a")),
                row(4, "d", sum("a")),
            ],
        })
        .expect("problems");
        let brief: Vec<_> = problems.iter().map(|it| (it.name.as_str(), it.problem)).collect();
        assert_eq!(
            brief,
            [("a", ProblemKind::OutOfOrder), ("b", ProblemKind::Edited), ("c", ProblemKind::Missing)]
        );
    }
}
