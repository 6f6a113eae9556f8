//! What looks wrong about the files of a run but stops nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::pending::{AppliedRow, Direction, MigrationFile, Step, stem};

/// What looks wrong about a plan but stops nothing, one sentence each.
pub(super) fn warnings(
    applied: &[&AppliedRow],
    files: &BTreeMap<&str, &MigrationFile>,
    steps: &[Step],
) -> Vec<String> {
    let mut lines: Vec<String> = applied
        .iter()
        .map(|row| stem(&row.migration))
        .filter(|name| !files.contains_key(name))
        .map(|name| format!("The file of an applied migration is missing: {name}"))
        .collect();

    let newest = applied.iter().map(|row| stem(&row.migration)).max();
    let pending = || steps.iter().filter(|step| step.direction == Direction::Up);
    for step in pending().filter(|step| newest.is_some_and(|newest| step.name.as_str() < newest)) {
        lines.push(format!("Running out of order: {} (newer ones are applied)", step.name));
    }

    let is_pending = |name: &str| pending().any(|step| step.name == name);
    let mut seen: HashMap<&str, &str> = HashMap::new();
    let mut lengths = BTreeSet::new();
    for name in files.keys() {
        let number = number_of(name);
        if number.is_empty() {
            continue;
        }
        lengths.insert(number.split('_').next().map_or(0, str::len));
        let Some(other) = seen.insert(number, name) else { continue };
        if !is_bare_date(number) && (is_pending(name) || is_pending(other)) {
            lines.push(format!("{other} and {name} carry the same number: the rest of the name orders them"));
        }
    }
    if lengths.len() > 1 && pending().next().is_some() {
        lines.push(
            "The numbers in front of the names have different lengths, and names are ordered byte by byte (10_ before 9_)"
                .into(),
        );
    }
    lines
}

/// The digits and underscores that a name begins with: `2025_11_30_120000`, `001`.
fn number_of(name: &str) -> &str {
    let rest = name.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '_');
    name[..name.len() - rest.len()].trim_end_matches('_')
}

/// `2025_11_30`: several migrations of one day are normal.
fn is_bare_date(number: &str) -> bool {
    number.split('_').map(str::len).eq([4, 2, 2])
}

#[cfg(test)]
mod tests {
    use super::super::pending::{Operation, PlanRequest, plan};
    use super::*;

    fn warned(disk: &[&str], recorded: &[&str]) -> Vec<String> {
        let files =
            disk.iter().map(|name| MigrationFile { name: (*name).into(), path: format!("m/{name}.ts") });
        let applied =
            recorded.iter().zip(1..).map(|(name, id)| AppliedRow { id, migration: (*name).into(), batch: 1 });
        let request = PlanRequest {
            operation: Operation::Migrate { step: false },
            files: files.collect(),
            applied: applied.collect(),
            paths: vec![],
        };
        plan(&request).expect("plan").warnings
    }

    #[test]
    fn an_older_file_and_a_lost_file() {
        assert_eq!(
            warned(&["2025_01_01_a"], &["2025_02_02_b"]),
            [
                "The file of an applied migration is missing: 2025_02_02_b",
                "Running out of order: 2025_01_01_a (newer ones are applied)",
            ]
        );
    }

    #[test]
    fn two_files_of_one_day_are_normal() {
        assert_eq!(warned(&["2025_11_30_create_a", "2025_11_30_create_b"], &[]), Vec::<String>::new());
    }

    #[test]
    fn two_files_with_one_timestamp() {
        assert_eq!(
            warned(&["2025_01_01_000000_b", "2025_01_01_000000_a"], &[]),
            [
                "2025_01_01_000000_a and 2025_01_01_000000_b carry the same number: the rest of the name orders them"
            ]
        );
    }

    #[test]
    fn numbers_of_different_lengths() {
        assert!(warned(&["9_a", "10_b"], &[])[0].contains("different lengths"));
    }

    #[test]
    fn nothing_once_all_have_run() {
        let names = ["001_a", "001_b", "2025_01_01_000000_c"];
        assert_eq!(warned(&names, &names), Vec::<String>::new());
    }
}
