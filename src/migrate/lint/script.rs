//! [`Script`]: the statements of a migration in a test, and what the linter says of them.

use super::*;
use crate::config::DriverName;

/// A large table, a small one, and an empty one.
const TABLES: &str = r#"[
    {"name":"events","estimate":"2000000","index_names":"[\"events_at_index\"]",
     "column_types":"{\"id\":\"integer\",\"name\":\"varchar(255)\",\"code\":\"varchar(20)\",\"kind\":\"event_kind\"}",
     "required_columns":"[\"id\"]","leading_columns":"[\"id\",\"owner_id\"]"},
    {"name":"users","estimate":"12","column_types":"{\"id\":\"bigint\",\"name\":\"varchar(255)\"}"},
    {"name":"drafts","estimate":"0"}]"#;

pub(super) struct Script {
    pub(super) driver: DriverName,
    pub(super) within_transaction: bool,
    pub(super) is_assured: bool,
    pub(super) options: &'static str,
    /// Values of placeholders.
    pub(super) values: Vec<String>,
}

impl Script {
    pub(super) fn on(driver: DriverName) -> Self {
        Self { driver, within_transaction: true, is_assured: false, options: "{}", values: vec![] }
    }

    /// The texts of all findings.
    pub(super) fn texts(&self, statements: &[&str]) -> Vec<String> {
        self.findings(statements).into_iter().map(|finding| finding.text).collect()
    }

    /// All findings of a migration with these statements, one call each.
    pub(super) fn findings(&self, statements: &[&str]) -> Vec<Finding> {
        let mut state = LintState::default();
        let mut findings = Vec::new();
        let ends = [false, true];
        let calls = statements.iter().map(|sql| (*sql, ends[0])).chain([("", ends[1])]);
        for (number, (sql, ends)) in (1..).zip(calls) {
            let options = serde_json::from_str(self.options).expect("options");
            let request = LintRequest {
                sql: sql.into(),
                values: self.values.clone(),
                number,
                within_transaction: self.within_transaction,
                is_assured: self.is_assured,
                ends,
                settings: LintOptions::read(options).expect("options").settle().expect("settings"),
                tables: serde_json::from_str(TABLES).expect("tables"),
                is_complete: true,
                // As it comes back from JavaScript.
                state: serde_json::from_str(&serde_json::to_string(&state).expect("json")).expect("state"),
            };
            let answer = lint(self.driver, &request);
            state = answer.state;
            findings.extend(answer.findings);
        }
        findings
    }

    pub(super) fn rules(&self, statements: &[&str]) -> Vec<&'static str> {
        self.findings(statements).iter().map(|finding| finding.rule.facts().id).collect()
    }
}

pub(super) fn rules(driver: DriverName, statements: &[&str]) -> Vec<&'static str> {
    Script::on(driver).rules(statements)
}
