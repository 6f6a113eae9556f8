//! [`lint_files`]: the rules about files and what is recorded of them. Pure.

use serde::{Deserialize, Serialize};

use super::super::checksum::Language;
use super::super::drift::{Policy, ProblemKind, ValidateRequest, validate};
use super::super::script_tokens::meaning;
use super::super::sql_text::split;
use super::super::warnings::about_numbers;
use super::finding::Finding;
use super::rule::Rule;
use super::settings::LintSettings;
use crate::config::DriverName;
use crate::error::Result;

/// The halves that roll back.
#[derive(Debug, Deserialize)]
pub struct FilesRequest {
    /// What each rule does.
    pub settings: LintSettings,
    /// The migrations that are looked at.
    pub migrations: Vec<LintedFile>,
}

/// A migration that is looked at.
#[derive(Debug, Deserialize)]
pub struct LintedFile {
    /// Its name.
    pub name: String,
    /// Its file.
    pub path: String,
    /// The text of `down()`, or of the file of that half; none where there is none.
    pub down: Option<String>,
}

/// A finding about a file.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct FileFinding {
    /// Which migration; none: all of them.
    pub migration: Option<String>,
    /// What there is to say.
    #[serde(flatten)]
    pub finding: Finding,
}

/// Everything about the files; `state`: what is on disk and recorded.
///
/// # Errors
/// `Migration` when two files carry one name.
pub fn lint_files(
    driver: DriverName,
    request: &FilesRequest,
    state: &ValidateRequest,
) -> Result<Vec<FileFinding>> {
    let mut found: Vec<(Option<String>, Rule, String, Option<String>)> = Vec::new();
    for problem in validate(state)? {
        let (rule, instead) = match problem.problem {
            ProblemKind::Edited => (Rule::Edited, "npx guruorm migrate:repair --checksums"),
            ProblemKind::Missing => (Rule::MissingFile, "npx guruorm migrate:repair --forget"),
            ProblemKind::OutOfOrder => (Rule::OutOfOrder, "give it a number of today"),
        };
        found.push((Some(problem.name), rule, problem.message, Some(instead.into())));
    }
    let mut names: Vec<&str> = state.files.iter().map(|file| file.name.as_str()).collect();
    names.sort_unstable();
    let looked_at: Vec<&str> = request.migrations.iter().map(|file| file.name.as_str()).collect();
    for (rule, message) in about_numbers(names.into_iter(), &looked_at) {
        found.push((None, rule, message, None));
    }
    for LintedFile { name, path, down } in &request.migrations {
        let about = Some(name.clone());
        match down {
            None => found.push((
                about,
                Rule::NoDown,
                format!("{name} cannot be rolled back: it has no down()"),
                None,
            )),
            Some(text) if does_nothing(text, path, driver) => {
                found.push((about, Rule::DownIsNoop, format!("the down() of {name} does nothing"), None));
            }
            Some(_) => {}
        }
    }
    Ok(found
        .into_iter()
        .map(|(migration, rule, message, instead)| {
            let finding = Finding::new(rule, request.settings.severity(rule, None), message, instead);
            FileFinding { migration, finding }
        })
        .filter(|found| found.finding.severity != Policy::Off)
        .collect())
}

/// Whether a function or a file has nothing in it but comments.
fn does_nothing(text: &str, path: &str, driver: DriverName) -> bool {
    match Language::of(path) {
        Language::Sql => split(text, driver).is_empty(),
        Language::JavaScript | Language::TypeScript => {
            let tokens = meaning(text);
            tokens.ends_with(")\n{\n}\n") || tokens.ends_with("=>\n{\n}\n")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(json: &str) -> Vec<(Option<String>, &'static str)> {
        let request: FilesRequest = serde_json::from_str(json).expect("request");
        let state: ValidateRequest = serde_json::from_str(json).expect("files and records");
        let found = lint_files(DriverName::Postgres, &request, &state).expect("findings");
        found.into_iter().map(|found| (found.migration, found.finding.rule.facts().id)).collect()
    }

    #[test]
    fn every_rule_about_files_fires() {
        let edited = format!("{}1", "a".repeat(63));
        let applied = format!("{}1", "b".repeat(63));
        let json = format!(
            r#"{{"settings":{{"severities":{{}},"ignored":[]}},
                "files":[{{"name":"1_a","path":"1_a.mjs"}},{{"name":"02_b","path":"02_b.mjs","checksum":"{edited}"}},
                         {{"name":"1_c","path":"1_c.sql"}}],
                "applied":[{{"id":1,"migration":"02_b","batch":1,"checksum":"{applied}"}},
                           {{"id":2,"migration":"9_gone","batch":1}}],
                "migrations":[{{"name":"1_a","path":"1_a.mjs","down":"async down() {{ /* nothing */ }}"}},
                              {{"name":"1_c","path":"1_c.sql","down":null}}]}}"#
        );
        let some = |name: &str| Some(name.to_owned());
        assert_eq!(
            rules(&json),
            [
                (some("02_b"), "edited"),
                (some("1_a"), "out-of-order"),
                (some("1_c"), "out-of-order"),
                (some("9_gone"), "missing-file"),
                (None, "same-timestamp"),
                (None, "uneven-prefix"),
                (some("1_a"), "down-is-noop"),
                (some("1_c"), "no-down"),
            ]
        );
    }

    #[test]
    fn a_down_that_does_something_is_no_noop() {
        for text in ["async down() { await go() }", "down = () => go()", "down({ schema }) { x() }"] {
            assert!(!does_nothing(text, "a.ts", DriverName::Postgres), "{text}");
        }
        for text in ["down() {}", "async () => {}", "function down(a = {}) { // later\n }"] {
            assert!(does_nothing(text, "a.mjs", DriverName::Postgres), "{text}");
        }
        assert!(does_nothing("-- nothing\n;", "a.down.sql", DriverName::Postgres));
        assert!(!does_nothing("drop table a", "a.down.sql", DriverName::Postgres));
    }
}
