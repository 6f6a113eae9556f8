//! [`Doubts`]: what looks wrong about the files of a run.

use std::collections::{BTreeSet, HashMap};

use super::drift::{self, Policies, Policy};
use super::files::FileSet;
use super::lint::Rule;
use super::pending::{AppliedRow, Direction, Step};

/// What looks wrong about a plan, one sentence each.
#[derive(Debug, Default)]
pub(super) struct Doubts {
    /// What stops nothing.
    pub(super) warnings: Vec<String>,
    /// What refuses the run.
    pub(super) refusals: Vec<String>,
}

impl Doubts {
    pub(super) fn look(
        &mut self,
        applied: &[&AppliedRow],
        files: &FileSet<'_>,
        steps: &[Step],
        policies: Policies,
    ) {
        for problem in drift::missing(applied, files) {
            self.warnings.push(problem.message);
        }
        for problem in drift::edited(applied, files) {
            self.say(policies.checksums, problem.message);
        }
        let newest = drift::newest(applied, files);
        let order_of = |step: &Step| files.get(&step.name).map_or("", |file| file.order());
        let pending = steps.iter().filter(|step| step.direction == Direction::Up);
        for step in pending.filter(|step| newest.is_some_and(|newest| order_of(step) < newest)) {
            let message = format!("Running out of order: {} (newer ones are applied)", step.name);
            self.say(policies.out_of_order, message);
        }
        let pending: Vec<&str> = steps
            .iter()
            .filter(|step| step.direction == Direction::Up)
            .map(order_of)
            .collect();
        let names = files.iter().map(|file| file.order());
        self.warnings.extend(about_numbers(names, &pending).into_iter().map(|(_, message)| message));
    }

    fn say(&mut self, policy: Policy, message: String) {
        match policy {
            Policy::Off => {}
            Policy::Warn => self.warnings.push(message),
            Policy::Error => self.refusals.push(message),
        }
    }
}

/// Numbers that do not order the files as their author may think, while some are pending. `names` are in order.
pub(super) fn about_numbers<'a>(
    names: impl Iterator<Item = &'a str>,
    pending: &[&str],
) -> Vec<(Rule, String)> {
    let mut lines = Vec::new();
    let mut seen: HashMap<&str, &str> = HashMap::new();
    let mut lengths = BTreeSet::new();
    for name in names {
        let number = number_of(name);
        if number.is_empty() {
            continue;
        }
        lengths.insert(number.split('_').next().map_or(0, str::len));
        let Some(other) = seen.insert(number, name) else { continue };
        if !is_bare_date(number) && (pending.contains(&name) || pending.contains(&other)) {
            let message =
                format!("{other} and {name} carry the same number: the rest of the name orders them");
            lines.push((Rule::SameTimestamp, message));
        }
    }
    if lengths.len() > 1 && !pending.is_empty() {
        let message = "The numbers in front of the names have different lengths, and names are ordered byte by byte (10_ before 9_)";
        lines.push((Rule::UnevenPrefix, message.into()));
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
    use super::super::operation::{Forward, Operation};
    use super::super::pending::{MigrationFile, PlanRequest, plan};
    use super::*;

    fn warned(disk: &[&str], recorded: &[&str]) -> Vec<String> {
        let files = disk.iter().map(|name| MigrationFile {
            name: (*name).into(),
            path: format!("m/{name}.ts"),
            checksum: None,
            stem: None,
        });
        let applied = recorded.iter().zip(1..).map(|(name, id)| AppliedRow {
            id,
            migration: (*name).into(),
            batch: 1,
            checksum: None,
        });
        let request = PlanRequest {
            operation: Operation::Migrate(Forward::default()),
            files: files.collect(),
            applied: applied.collect(),
            paths: vec![],
            policies: Policies::default(),
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

    #[test]
    fn an_edited_file_warns_or_refuses_as_does_an_older_one() {
        let sum = |digit: &str| Some(format!("{}1", digit.repeat(63)));
        let file = |name: &str| MigrationFile {
            name: name.into(),
            path: format!("m/{name}.ts"),
            checksum: sum("a"),
            stem: None,
        };
        let doubts = |checksums, out_of_order| {
            let request = PlanRequest {
                operation: Operation::Migrate(Forward::default()),
                files: vec![file("01_a"), file("02_b")],
                applied: vec![AppliedRow { id: 1, migration: "02_b".into(), batch: 1, checksum: sum("b") }],
                paths: vec![],
                policies: Policies { checksums, out_of_order },
            };
            let plan = plan(&request).expect("plan");
            (plan.warnings, plan.refusals)
        };
        let edited = "Edited after it was applied: 02_b".to_owned();
        let older = "Running out of order: 01_a (newer ones are applied)".to_owned();
        assert_eq!(doubts(Policy::Warn, Policy::Warn), (vec![edited.clone(), older.clone()], vec![]));
        assert_eq!(doubts(Policy::Error, Policy::Error), (vec![], vec![edited, older]));
        assert_eq!(doubts(Policy::Off, Policy::Off), (vec![], vec![]));
    }
}
