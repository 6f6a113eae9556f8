//! [`FileSet`]: the migrations on disk, in the order in which they run, found by every name they are recorded under.

use std::collections::{HashMap, HashSet};

use super::pending::{AppliedRow, MigrationFile, stem};
use crate::error::{Error, ErrorCode, Result};

impl MigrationFile {
    /// What orders it among others: the bytes of its file's name without extension.
    #[must_use]
    pub fn order(&self) -> &str {
        self.stem.as_deref().unwrap_or(&self.name)
    }
}

/// Migrations on disk.
#[derive(Debug)]
pub(super) struct FileSet<'a> {
    ordered: Vec<&'a MigrationFile>,
    by_name: HashMap<&'a str, &'a MigrationFile>,
}

impl<'a> FileSet<'a> {
    /// The files in their order.
    ///
    /// # Errors
    /// `Migration` when two of them would be recorded under one name.
    pub(super) fn new(files: &'a [MigrationFile]) -> Result<Self> {
        let mut ordered: Vec<&MigrationFile> = files.iter().collect();
        ordered.sort_by_key(|file| file.order());
        let mut by_name: HashMap<&str, &MigrationFile> = HashMap::new();
        for file in files {
            let names = HashSet::from([stem(&file.name), stem(file.order())]);
            for name in names {
                let Some(other) = by_name.insert(name, file) else { continue };
                return Err(Error::new(
                    ErrorCode::Migration,
                    format!(
                        "Duplicate migration name {name}: {}, {}. Rename one of them; nothing was run.",
                        other.path, file.path
                    ),
                ));
            }
        }
        Ok(Self { ordered, by_name })
    }

    /// The file of this name, or whose file is called so.
    pub(super) fn get(&self, name: &str) -> Option<&'a MigrationFile> {
        self.by_name.get(stem(name)).copied()
    }

    /// The file of a row, under whichever of its names it was recorded.
    pub(super) fn of(&self, row: &AppliedRow) -> Option<&'a MigrationFile> {
        self.get(&row.migration)
    }

    /// The names of the files that have a row in `applied`.
    pub(super) fn applied(&self, applied: &[&AppliedRow]) -> HashSet<&'a str> {
        applied.iter().filter_map(|row| self.of(row)).map(|file| file.name.as_str()).collect()
    }

    /// The files, in their order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &'a MigrationFile> {
        self.ordered.iter().copied()
    }

    /// What a row is called: its file's name, else what is recorded, without the extension that other tools write.
    pub(super) fn name_of<'b>(&self, row: &'b AppliedRow) -> &'b str
    where
        'a: 'b,
    {
        self.of(row).map_or_else(|| stem(&row.migration), |file| &file.name)
    }

    /// What orders a row among files.
    pub(super) fn order_of<'b>(&self, row: &'b AppliedRow) -> &'b str
    where
        'a: 'b,
    {
        self.of(row).map_or_else(|| stem(&row.migration), MigrationFile::order)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, stem: Option<&str>) -> MigrationFile {
        let path = format!("m/{}.ts", stem.unwrap_or(name));
        MigrationFile { name: name.into(), path, checksum: None, stem: stem.map(Into::into) }
    }

    fn row(name: &str) -> AppliedRow {
        AppliedRow { id: 1, migration: name.into(), batch: 1, checksum: None }
    }

    #[test]
    fn files_run_in_the_order_of_their_own_names_and_are_found_by_both() {
        let disk =
            [file("AddPosts1800", Some("1800-AddPosts")), file("CreateUsers1700", Some("1700-CreateUsers"))];
        let files = FileSet::new(&disk).expect("files");
        let names: Vec<_> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["CreateUsers1700", "AddPosts1800"]);
        for recorded in ["CreateUsers1700", "1700-CreateUsers", "1700-CreateUsers.js"] {
            assert_eq!(files.name_of(&row(recorded)), "CreateUsers1700", "{recorded}");
            assert_eq!(files.order_of(&row(recorded)), "1700-CreateUsers", "{recorded}");
        }
        assert_eq!(files.name_of(&row("gone.js")), "gone");
    }

    #[test]
    fn a_name_that_is_another_files_stops_everything() {
        let disk = [file("a", None), file("a", Some("b"))];
        let error = FileSet::new(&disk).expect_err("refused");
        assert_eq!(
            error.message,
            "Duplicate migration name a: m/a.ts, m/b.ts. Rename one of them; nothing was run."
        );
    }
}
