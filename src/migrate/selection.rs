//! [`Selection`]: which of the files and rows an operation means.

use std::collections::{BTreeSet, HashSet};

use super::files::FileSet;
use super::operation::{Backward, Forward, Operation};
use super::pending::{AppliedRow, Direction, MigrationFile, Step, stem};
use crate::error::{Error, ErrorCode, Result};

/// Files by name, and rows from the oldest to the newest.
pub(super) struct Selection<'a> {
    pub(super) files: &'a FileSet<'a>,
    pub(super) applied: &'a [&'a AppliedRow],
    /// Where the files were looked for, for messages.
    pub(super) paths: &'a [String],
}

impl<'a> Selection<'a> {
    /// The rows that an operation rolls back, newest first.
    ///
    /// # Errors
    /// `Migration` for a name that is not applied, and for two choices at once.
    pub(super) fn backward(&self, operation: &Operation) -> Result<Vec<&'a AppliedRow>> {
        let newest = self.applied.iter().rev().copied();
        Ok(match operation {
            Operation::Migrate(_) => vec![],
            Operation::Reset {} | Operation::Refresh { batches: None } => newest.collect(),
            Operation::Refresh { batches: Some(count) } => self.last_batches(*count),
            Operation::Redo {} => newest.filter(|row| row.batch != 0).take(1).collect(),
            Operation::Down { name } => vec![self.row(name)?],
            Operation::Rollback(which) => self.chosen(which)?,
        })
    }

    fn chosen(&self, which: &Backward) -> Result<Vec<&'a AppliedRow>> {
        let given =
            [which.batches.is_some(), which.migrations.is_some(), which.batch.is_some(), which.to.is_some()];
        if given.into_iter().filter(|is_given| *is_given).count() > 1 {
            return Err(refused(
                "Choose by batches, by migrations, by one batch or by a name, not by several",
            ));
        }
        let newest = self.applied.iter().rev().copied();
        if let Some(count) = which.migrations {
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            return Ok(newest.filter(|row| row.batch != 0).take(count).collect());
        }
        if let Some(batch) = which.batch {
            return Ok(newest.filter(|row| row.batch == batch).collect());
        }
        if let Some(name) = &which.to {
            let last = self.row(name)?.id;
            return Ok(newest.filter(|row| row.id > last).collect());
        }
        Ok(self.last_batches(which.batches.unwrap_or(1)))
    }

    /// The rows of the highest batch numbers that are in use, newest first. Batch 0 is none of them.
    fn last_batches(&self, count: u32) -> Vec<&'a AppliedRow> {
        let all: BTreeSet<i64> =
            self.applied.iter().map(|row| row.batch).filter(|batch| *batch != 0).collect();
        let last: HashSet<i64> =
            all.into_iter().rev().take(usize::try_from(count).unwrap_or(usize::MAX)).collect();
        self.applied.iter().rev().copied().filter(|row| last.contains(&row.batch)).collect()
    }

    /// The steps that roll `rows` back, in their order.
    ///
    /// # Errors
    /// `Migration` when one of them cannot be rolled back, before any of them is.
    pub(super) fn downs(&self, rows: &[&AppliedRow], skips_missing: bool) -> Result<Vec<Step>> {
        let mut steps = Vec::new();
        for row in rows {
            if row.batch == 0 {
                let reason = "it came with a schema dump or a baseline (batch 0)";
                return Err(cannot_roll_back(&row.migration, reason));
            }
            let Some(file) = self.files.of(row) else {
                if skips_missing {
                    continue;
                }
                let reason = format!("file not found in {}", self.paths.join(", "));
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

    /// The files that are not recorded, oldest name first, as far as they are chosen.
    ///
    /// # Errors
    /// `Migration` for a name that no file has, and for two choices at once.
    pub(super) fn ups(&self, applied: &[&AppliedRow], which: &Forward) -> Result<Vec<Step>> {
        if which.to.is_some() && which.only.is_some() {
            return Err(refused("Choose the last migration to run or the only one, not both"));
        }
        let to = which.to.as_deref().map(|name| self.file(name)).transpose()?;
        let only = which.only.as_deref().map(|name| self.file(name)).transpose()?;
        let done = self.files.applied(applied);
        let next = next_batch(applied);
        let limit = which.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(self
            .files
            .iter()
            .filter(|file| !done.contains(file.name.as_str()))
            .filter(|file| to.is_none_or(|last| file.order() <= last.order()))
            .filter(|file| only.is_none_or(|only| file.name == only.name))
            .take(limit)
            .zip(0_i64..)
            .map(|(file, index)| Step {
                name: file.name.clone(),
                path: file.path.clone(),
                direction: Direction::Up,
                batch: if which.step { next + index } else { next },
                id: None,
            })
            .collect())
    }

    /// The file that is called so.
    pub(super) fn file(&self, name: &str) -> Result<&'a MigrationFile> {
        self.files.get(bare(name)).ok_or_else(|| {
            refused(&format!("There is no migration {} in {}", bare(name), self.paths.join(", ")))
        })
    }

    /// The row that is called so.
    pub(super) fn row(&self, name: &str) -> Result<&'a AppliedRow> {
        self.applied
            .iter()
            .copied()
            .find(|row| self.is_called(row, bare(name)))
            .ok_or_else(|| refused(&format!("{} is not applied", bare(name))))
    }

    /// Whether a row is recorded under this name, or its file is called so.
    fn is_called(&self, row: &AppliedRow, name: &str) -> bool {
        let is_same =
            |file: &MigrationFile| self.files.get(name).is_some_and(|named| named.name == file.name);
        stem(&row.migration) == name || self.files.of(row).is_some_and(is_same)
    }
}

/// The batch of the next run.
pub(super) fn next_batch(applied: &[&AppliedRow]) -> i64 {
    applied.iter().map(|row| row.batch).max().unwrap_or(0) + 1
}

/// A name as a user may write it: with its extension, or with the folder that a shell completed.
fn bare(name: &str) -> &str {
    stem(name.rsplit(['/', '\\']).next().unwrap_or(name))
}

pub(super) fn refused(what: &str) -> Error {
    Error::new(ErrorCode::Migration, format!("{what}. Nothing was changed."))
}

fn cannot_roll_back(name: &str, reason: &str) -> Error {
    Error::new(ErrorCode::Migration, format!("Cannot roll back {name}: {reason}. Nothing was rolled back."))
}
