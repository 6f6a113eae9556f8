//! [`Finding`]: what a rule has to say about a migration.

use serde::Serialize;

use super::super::drift::Policy;
use super::rule::Rule;

/// What a rule has to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which rule.
    pub rule: Rule,
    /// `warn` or `error`.
    pub severity: Policy,
    /// The table that it is about, as it is written.
    pub table: Option<String>,
    /// How many rows the table has, about; none where that is not known.
    pub rows: Option<u64>,
    /// What happens, and what waits for it.
    pub message: String,
    /// What does the same without that: SQL, or what to do.
    pub rewrite: Option<String>,
    /// All of it in a line.
    pub text: String,
}

impl Finding {
    pub(super) fn new(rule: Rule, severity: Policy, message: String, rewrite: Option<String>) -> Self {
        let instead = rewrite.as_ref().map_or_else(String::new, |rewrite| format!(" Instead: {rewrite}"));
        let text = format!("{}: {message}.{instead}", rule.facts().id);
        Self { rule, severity, table: None, rows: None, message, rewrite, text }
    }
}

/// `2,000,000`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_parted() {
        let texts = [0, 999, 1000, 2_000_000, 84_123_456].map(grouped);
        assert_eq!(texts, ["0", "999", "1,000", "2,000,000", "84,123,456"]);
    }
}
