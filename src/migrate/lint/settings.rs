//! [`LintSettings`]: what each rule does in a project.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::super::drift::Policy;
use super::rule::Rule;
use crate::error::{Error, Result};

/// As a configuration has it, nothing checked.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LintOptions {
    /// `{ 'drop-column': 'error' }`
    #[serde(default)]
    pub rules: HashMap<String, Policy>,
    /// `['rename-table', 'drop-column:users']`
    #[serde(default)]
    pub ignore: Vec<String>,
}

/// Checked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LintSettings {
    severities: HashMap<Rule, Policy>,
    ignored: Vec<Ignored>,
    /// Whether a rule that is on asks how many rows there are.
    #[serde(default)]
    needs_catalogue: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Ignored {
    rule: Rule,
    /// Lower case; none: all tables.
    table: Option<String>,
}

/// Rules that look at what the catalogue says of a table, besides those with a threshold.
const BY_CATALOGUE: [Rule; 2] = [Rule::ColumnTypeNarrowing, Rule::MissingFkIndex];

impl LintOptions {
    /// Reads what a configuration has.
    ///
    /// # Errors
    /// `InvalidArgument` for what is no such thing.
    pub fn read(options: serde_json::Value) -> Result<Self> {
        serde_json::from_value(options)
            .map_err(|reason| Error::invalid(format!("migrations.lint: {reason}.")))
    }

    /// The same, checked.
    ///
    /// # Errors
    /// `InvalidArgument` for a rule that there is not.
    pub fn settle(&self) -> Result<LintSettings> {
        let mut settings = LintSettings::default();
        for (id, policy) in &self.rules {
            settings.severities.insert(named(id)?, *policy);
        }
        for entry in &self.ignore {
            let (id, table) =
                entry.split_once(':').map_or((entry.as_str(), None), |(id, table)| (id, Some(table)));
            settings.ignored.push(Ignored { rule: named(id)?, table: table.map(str::to_lowercase) });
        }
        settings.needs_catalogue = super::rule::FACTS.iter().any(|facts| {
            (facts.threshold.is_some() || BY_CATALOGUE.contains(&facts.rule))
                && settings.severity(facts.rule, None) != Policy::Off
        });
        Ok(settings)
    }
}

fn named(id: &str) -> Result<Rule> {
    Rule::named(id).map_err(|error| Error::invalid(format!("migrations.lint: {}", error.message)))
}

impl LintSettings {
    /// Whether the project says itself what a rule does.
    pub(super) fn is_chosen(&self, rule: Rule) -> bool {
        self.severities.contains_key(&rule)
    }

    /// What a rule does about a table, by its bare name.
    #[must_use]
    pub fn severity(&self, rule: Rule, table: Option<&str>) -> Policy {
        let is_ignored = self.ignored.iter().any(|ignored| {
            ignored.rule == rule
                && ignored
                    .table
                    .as_deref()
                    .is_none_or(|ignored| table.is_some_and(|table| ignored == table.to_lowercase()))
        });
        if is_ignored {
            Policy::Off
        } else {
            self.severities.get(&rule).copied().unwrap_or(rule.facts().severity)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(json: &str) -> Result<LintSettings> {
        serde_json::from_str::<LintOptions>(json).expect("options").settle()
    }

    #[test]
    fn severities_and_exceptions_are_looked_up() {
        let settings = settled(
            r#"{"rules":{"drop-column":"error","int-primary-key":"warn"},"ignore":["rename-table","drop-column:Old"]}"#,
        )
        .expect("settings");
        assert_eq!(settings.severity(Rule::DropColumn, Some("users")), Policy::Error);
        assert_eq!(settings.severity(Rule::DropColumn, Some("old")), Policy::Off);
        assert_eq!(settings.severity(Rule::RenameTable, None), Policy::Off);
        assert_eq!(settings.severity(Rule::IntPrimaryKey, None), Policy::Warn);
        assert_eq!(settings.severity(Rule::DropTable, None), Policy::Warn);
        assert!(settings.needs_catalogue);
    }

    #[test]
    fn an_unknown_rule_is_refused_wherever_it_stands() {
        for json in [r#"{"rules":{"drop-colum":"off"}}"#, r#"{"ignore":["drop-colum:users"]}"#] {
            let message = settled(json).expect_err("unknown").message;
            assert!(
                message.starts_with("migrations.lint: There is no lint rule \"drop-colum\""),
                "{message}"
            );
        }
    }

    #[test]
    fn the_catalogue_is_not_asked_when_every_rule_that_needs_it_is_off() {
        let rules: Vec<String> = super::super::rule::FACTS
            .iter()
            .filter(|facts| facts.threshold.is_some() || BY_CATALOGUE.contains(&facts.rule))
            .map(|facts| format!("\"{}\":\"off\"", facts.id))
            .collect();
        assert!(
            !settled(&format!("{{\"rules\":{{{}}}}}", rules.join(","))).expect("settings").needs_catalogue
        );
    }
}
