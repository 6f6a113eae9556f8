//! [`prune`]: which backups are no longer kept.

use std::collections::HashMap;

use serde::Deserialize;

/// Backups, and how many are kept.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PruneRequest {
    /// The backups.
    pub backups: Vec<Aged>,
    /// How many are kept of a table.
    pub keep: usize,
    /// How long one is kept.
    pub days: f64,
    /// Now, in milliseconds since 1970.
    pub now: f64,
}

/// A backup and its age.
#[derive(Debug, Deserialize)]
pub struct Aged {
    /// What it is called by.
    pub id: String,
    /// The table that was backed up.
    pub table: String,
    /// When, in milliseconds since 1970.
    pub at: f64,
}

const DAY: f64 = 86_400_000.0;

/// The ids of those that go: what is older than so many days, and what is more than so many of a table. The newest
/// of a table stays in any case.
#[must_use]
pub fn prune(request: &PruneRequest) -> Vec<String> {
    let mut newest_first: Vec<&Aged> = request.backups.iter().collect();
    newest_first.sort_by(|a, b| b.at.total_cmp(&a.at));
    let mut seen: HashMap<&str, usize> = HashMap::new();
    newest_first
        .into_iter()
        .filter(|backup| {
            let place = seen.entry(&backup.table).or_default();
            *place += 1;
            let is_old = backup.at < request.now - request.days * DAY;
            *place > 1 && (*place > request.keep || is_old)
        })
        .map(|backup| backup.id.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_ones_and_those_that_are_too_many_go_but_never_the_last() {
        let aged =
            |id: &str, table: &str, days: f64| Aged { id: id.into(), table: table.into(), at: -days * DAY };
        let backups = || {
            vec![
                aged("a3", "a", 3.0),
                aged("a1", "a", 1.0),
                aged("a2", "a", 2.0),
                aged("a40", "a", 40.0),
                aged("b90", "b", 90.0),
            ]
        };
        let gone = |keep, days| prune(&PruneRequest { backups: backups(), keep, days, now: 0.0 });
        assert_eq!(gone(5, 30.0), ["a40"]);
        assert_eq!(gone(2, 1000.0), ["a3", "a40"]);
        assert_eq!(gone(0, 0.0), ["a2", "a3", "a40"]);
    }
}
