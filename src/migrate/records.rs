//! [`RecordChanges`]: changes of what is recorded that run nothing: mark, baseline and repair. Pure.

use serde::{Deserialize, Serialize};

use super::drift::is_edited;
use super::files::FileSet;
use super::pending::{AppliedRow, MigrationFile};
use super::selection::{Selection, next_batch, refused};
use crate::error::Result;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RecordOperation {
    /// Record a migration, or everything pending, as applied without running it.
    Applied {
        /// Its name; everything when absent.
        name: Option<String>,
    },
    /// Take the record of a migration, or of all, away without rolling it back.
    Pending {
        /// Its name; everything when absent.
        name: Option<String>,
    },
    /// Record everything up to a migration as batch 0: it is there already and is never rolled back.
    Baseline {
        /// The last one; everything when absent.
        to: Option<String>,
    },
    /// Take the files as they are now for what was applied.
    Checksums {},
    /// Take a record away whose file is gone.
    Forget {
        /// Its name.
        name: String,
    },
}

/// The request.
#[derive(Debug, Clone, Deserialize)]
pub struct RecordRequest {
    /// What to change.
    pub change: RecordOperation,
    /// What is on disk, in any order.
    pub files: Vec<MigrationFile>,
    /// What is recorded, in any order.
    pub applied: Vec<AppliedRow>,
    /// Where the files were looked for, for messages.
    #[serde(default)]
    pub paths: Vec<String>,
}

/// A row to insert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewRecord {
    /// The migration.
    pub name: String,
    /// Its batch.
    pub batch: i64,
    /// Its file's fingerprint.
    pub checksum: Option<String>,
}

/// A row to delete or to change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OldRecord {
    /// The row.
    pub id: i64,
    /// The migration.
    pub name: String,
    /// The fingerprint it gets.
    pub checksum: Option<String>,
}

/// Rows to insert, delete and change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RecordChanges {
    /// Rows to insert.
    pub record: Vec<NewRecord>,
    /// Rows to delete.
    pub forget: Vec<OldRecord>,
    /// Rows whose checksum changes.
    pub rechecksum: Vec<OldRecord>,
}

/// What has to change in the table.
///
/// # Errors
/// `Migration` for a name that is not there, and for a record whose file is there and that `forget` names.
pub fn record_changes(request: &RecordRequest) -> Result<RecordChanges> {
    let files = FileSet::new(&request.files)?;
    let mut applied: Vec<&AppliedRow> = request.applied.iter().collect();
    applied.sort_by_key(|row| row.id);
    let selection = Selection { files: &files, applied: &applied, paths: &request.paths };
    let done = files.applied(&applied);
    let is_applied = |file: &MigrationFile| done.contains(file.name.as_str());
    let new = |file: &MigrationFile, batch| NewRecord {
        name: file.name.clone(),
        batch,
        checksum: file.checksum.clone(),
    };
    let old = |row: &AppliedRow, checksum: Option<String>| OldRecord {
        id: row.id,
        name: files.name_of(row).into(),
        checksum,
    };
    let mut changes = RecordChanges::default();
    match &request.change {
        RecordOperation::Applied { name } => {
            let chosen = name.as_deref().map(|name| selection.file(name)).transpose()?;
            let batch = next_batch(&applied);
            changes.record = files
                .iter()
                .filter(|file| chosen.is_none_or(|chosen| chosen.name == file.name))
                .filter(|file| !is_applied(file))
                .map(|file| new(file, batch))
                .collect();
        }
        RecordOperation::Baseline { to } => {
            let last = to.as_deref().map(|name| selection.file(name)).transpose()?;
            changes.record = files
                .iter()
                .filter(|file| last.is_none_or(|last| file.order() <= last.order()))
                .filter(|file| !is_applied(file))
                .map(|file| new(file, 0))
                .collect();
        }
        RecordOperation::Pending { name: Some(name) } => {
            changes.forget = vec![old(selection.row(name)?, None)];
        }
        RecordOperation::Pending { name: None } => {
            changes.forget = applied.iter().map(|row| old(row, None)).collect();
        }
        RecordOperation::Forget { name } => {
            let row = selection.row(name)?;
            if let Some(file) = files.of(row) {
                return Err(refused(&format!(
                    "The file of {} is there ({}): roll it back, or take its record away with migrate:mark --pending",
                    file.name, file.path
                )));
            }
            changes.forget = vec![old(row, None)];
        }
        RecordOperation::Checksums {} => {
            for row in &applied {
                let Some(file) = files.of(row) else { continue };
                if file.checksum.is_some() && (row.checksum.is_none() || is_edited(row, file)) {
                    changes.rechecksum.push(old(row, file.checksum.clone()));
                }
            }
        }
    }
    Ok(changes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(digit: &str) -> String {
        format!("{}1", digit.repeat(63))
    }

    fn changed(change: RecordOperation) -> Result<RecordChanges> {
        let file = |name: &str, digit| MigrationFile {
            name: name.into(),
            path: name.into(),
            checksum: Some(sum(digit)),
            stem: None,
        };
        let row = |id, name: &str, checksum| AppliedRow { id, migration: name.into(), batch: 2, checksum };
        record_changes(&RecordRequest {
            change,
            files: vec![file("d", "d"), file("a", "a"), file("b", "b"), file("c", "c")],
            applied: vec![row(1, "a", Some(sum("0"))), row(2, "b", None), row(3, "gone", Some(sum("e")))],
            paths: vec!["m".into()],
        })
    }

    fn recorded(changes: &RecordChanges) -> Vec<(&str, i64)> {
        changes.record.iter().map(|record| (record.name.as_str(), record.batch)).collect()
    }

    #[test]
    fn marking_records_what_is_pending_in_the_next_batch() {
        let one = changed(RecordOperation::Applied { name: Some("m/d.ts".into()) }).expect("changes");
        assert_eq!(recorded(&one), [("d", 3)]);
        assert_eq!(one.record[0].checksum, Some(sum("d")));
        assert_eq!(
            recorded(&changed(RecordOperation::Applied { name: None }).expect("all")),
            [("c", 3), ("d", 3)]
        );
        let again = changed(RecordOperation::Applied { name: Some("a".into()) }).expect("changes");
        assert_eq!(again, RecordChanges::default());
    }

    #[test]
    fn a_baseline_is_batch_0_and_ends_at_a_name() {
        let changes = changed(RecordOperation::Baseline { to: Some("c".into()) }).expect("changes");
        assert_eq!(recorded(&changes), [("c", 0)]);
        let error = changed(RecordOperation::Baseline { to: Some("x".into()) }).expect_err("unknown");
        assert_eq!(error.message, "There is no migration x in m. Nothing was changed.");
    }

    #[test]
    fn records_are_taken_away_by_name() {
        let changes = changed(RecordOperation::Pending { name: Some("b".into()) }).expect("changes");
        assert_eq!(changes.forget[0].id, 2);
        assert_eq!(changed(RecordOperation::Pending { name: None }).expect("all").forget.len(), 3);
        assert_eq!(
            changed(RecordOperation::Forget { name: "gone".into() }).expect("changes").forget[0].id,
            3
        );
        assert!(
            changed(RecordOperation::Forget { name: "a".into() })
                .expect_err("there")
                .message
                .contains("--pending")
        );
        assert!(changed(RecordOperation::Pending { name: Some("c".into()) }).is_err());
    }

    #[test]
    fn checksums_are_repaired_where_they_differ_or_lack() {
        let changes = changed(RecordOperation::Checksums {}).expect("changes");
        let brief: Vec<_> = changes.rechecksum.iter().map(|row| (row.id, row.checksum.clone())).collect();
        assert_eq!(brief, [(1, Some(sum("a"))), (2, Some(sum("b")))]);
    }
}
