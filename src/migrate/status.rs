//! [`StatusLine`]: what `migrate:status` knows of each migration. Pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::drift::{Policies, Policy, is_edited};
use super::files::FileSet;
use super::pending::{AppliedRow, MigrationFile};
use crate::error::Result;

/// Files and rows.
#[derive(Debug, Clone, Deserialize)]
pub struct StatusRequest {
    /// What is on disk, in any order.
    pub files: Vec<MigrationFile>,
    /// What is recorded, in any order.
    pub applied: Vec<AppliedRow>,
    /// What doubts do.
    #[serde(default)]
    pub policies: Policies,
}

/// Where a migration stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum MigrationState {
    /// Recorded, and its file is here.
    Applied,
    /// Not recorded.
    Pending,
    /// Recorded, but its file is not the one that was applied.
    Edited,
    /// Recorded, but its file is gone.
    Missing,
}

/// One migration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatusLine {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub state: MigrationState,
    /// The run that applied it.
    pub batch: Option<i64>,
    /// Its row.
    pub id: Option<i64>,
    /// Its file.
    pub file: Option<String>,
}

/// Every migration that is on disk or recorded, in the order of their names' bytes.
///
/// # Errors
/// `Migration` when two files carry one name.
pub fn status(request: &StatusRequest) -> Result<Vec<StatusLine>> {
    let files = FileSet::new(&request.files)?;
    let mut lines: BTreeMap<&str, StatusLine> = files
        .iter()
        .map(|file| (file.order(), line(&file.name, MigrationState::Pending, Some(file.path.clone()))))
        .collect();
    for row in &request.applied {
        let line = lines
            .entry(files.order_of(row))
            .or_insert_with(|| line(files.name_of(row), MigrationState::Missing, None));
        if line.state == MigrationState::Pending {
            let is_edited = request.policies.checksums != Policy::Off
                && files.of(row).is_some_and(|file| is_edited(row, file));
            line.state = if is_edited { MigrationState::Edited } else { MigrationState::Applied };
        }
        line.batch = Some(row.batch);
        line.id = Some(row.id);
    }
    Ok(lines.into_values().collect())
}

fn line(name: &str, state: MigrationState, file: Option<String>) -> StatusLine {
    StatusLine { name: name.into(), state, batch: None, id: None, file }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_rows_are_one_list_ordered_by_name() {
        let file = |name: &str| MigrationFile {
            name: name.into(),
            path: format!("m/{name}.js"),
            checksum: None,
            stem: None,
        };
        let lines = status(&StatusRequest {
            files: vec![file("c"), file("a")],
            applied: vec![
                AppliedRow { id: 1, migration: "b".into(), batch: 1, checksum: None },
                AppliedRow { id: 2, migration: "a".into(), batch: 2, checksum: None },
            ],
            policies: Policies::default(),
        })
        .expect("status");
        let brief: Vec<_> = lines
            .iter()
            .map(|line| (line.name.as_str(), line.state, line.batch, line.file.as_deref()))
            .collect();
        assert_eq!(
            brief,
            [
                ("a", MigrationState::Applied, Some(2), Some("m/a.js")),
                ("b", MigrationState::Missing, Some(1), None),
                ("c", MigrationState::Pending, None, Some("m/c.js")),
            ]
        );
    }
}
