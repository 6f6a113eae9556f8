//! [`look_at`]: what the statements of a migration's body may not be, told before they are sent.

use serde::{Deserialize, Serialize};

use super::lint::{LintAnswer, LintRequest, Rule, lint};
use super::sql_statement::{SqlStatement, words_of};
use super::sql_text::split;
use crate::config::DriverName;
use crate::dialect::statement_kind::StatementKind;

/// SQL that a migration is about to send.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InspectRequest {
    /// One statement or several.
    pub sql: String,
    /// The number of its first statement in the migration, from 1.
    pub number: usize,
    /// Whether the migration wants to be one transaction.
    pub within_transaction: bool,
    /// What the rules have to know, where they look at it as well.
    #[serde(default)]
    pub lint: Option<LintRequest>,
}

/// What there is to say before it is sent.
#[derive(Debug, Serialize)]
pub struct LookedAt {
    /// Whether it may be sent at all.
    #[serde(flatten)]
    pub inspected: Inspected,
    /// What the rules say of what may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lint: Option<LintAnswer>,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Inspected {
    /// How many statements it has; at least 1.
    pub statements: usize,
    /// Whether none of them is made to change what the session may do, and where it looks names up. Functions and
    /// triggers may still do so.
    pub keeps_session: bool,
    /// Why it is not sent.
    pub refusal: Option<String>,
    /// The rule that it breaks.
    pub rule: Option<Rule>,
}

/// Inspects SQL, and has the rules look at it where it may be sent.
#[must_use]
pub fn look_at(driver: DriverName, request: InspectRequest) -> LookedAt {
    let inspected = inspect(driver, &request);
    let InspectRequest { sql, within_transaction, lint: asked, .. } = request;
    let asked = asked.filter(|_| inspected.refusal.is_none());
    let found = asked.map(|asked| lint(driver, &LintRequest { sql, within_transaction, ..asked }));
    LookedAt { inspected, lint: found }
}

/// Counts statements and refuses transaction control, and what the database runs outside of
/// transactions only, where the migration is one transaction.
#[must_use]
pub fn inspect(driver: DriverName, request: &InspectRequest) -> Inspected {
    let found = split(&request.sql, driver);
    let mut numbered = found.iter().zip(request.number..);
    let refused = request
        .within_transaction
        .then(|| numbered.find_map(|(statement, number)| refused(driver, number, statement)));
    let (rule, refusal) = refused.flatten().unzip();
    let keeps_session = found.iter().all(|statement| keeps_session(driver, statement));
    Inspected { statements: found.len().max(1), keeps_session, refusal, rule }
}

/// Only what changes the schema, or rows by their table: a `select` may be of `set_config('role', …)`.
fn keeps_session(driver: DriverName, SqlStatement { sql, kind, .. }: &SqlStatement) -> bool {
    match kind {
        StatementKind::Ddl => true,
        StatementKind::Write => {
            let words = words_of(sql, driver);
            matches!(words.first().map(String::as_str), Some("insert" | "update" | "delete" | "merge"))
        }
        _ => false,
    }
}

/// Why a statement cannot be part of a migration that is one transaction, and the rule that says so.
pub(super) fn refused(driver: DriverName, number: usize, statement: &SqlStatement) -> Option<(Rule, String)> {
    let words = words_of(&statement.sql, driver);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if let Some(control) = transaction_control(driver, &words) {
        return Some((Rule::TxControlInBody, refused_control(driver, number, control)));
    }
    let what = statement.outside?;
    let message = format!(
        "{what} cannot run inside a transaction: set withinTransaction = false (migration contains only this \
         statement) or call this.afterCommit(() => …)"
    );
    Some((Rule::CicInTx, message))
}

fn refused_control(driver: DriverName, number: usize, control: &str) -> String {
    let reason = match driver {
        // Each schema change commits there, so a transaction of its own would promise what it cannot keep.
        DriverName::MySql | DriverName::MariaDb => "a migration may not end or begin transactions by itself",
        _ => "guruorm already runs this migration in a transaction",
    };
    format!("statement {number} is {control}: {reason}; remove it or set withinTransaction = false")
}

/// The transaction control that a statement is. Savepoints are none: they end no transaction.
fn transaction_control(driver: DriverName, words: &[&str]) -> Option<&'static str> {
    let is_mysql = matches!(driver, DriverName::MySql | DriverName::MariaDb);
    Some(match words {
        ["begin", "try" | "catch", ..]
        | ["rollback", "to", ..]
        | ["rollback", "work" | "transaction", "to", ..] => return None,
        ["begin", "not", "atomic", ..] if is_mysql => return None, // a block
        ["start", "transaction", ..] => "START TRANSACTION",
        ["begin", "tran" | "transaction", ..] => "BEGIN TRANSACTION",
        // On SQL Server BEGIN alone opens a block, as in `begin … end`.
        ["begin" | "end", ..] if driver == DriverName::SqlServer => return None,
        ["end", ..] if is_mysql => return None,
        ["prepare", "transaction", ..] => "PREPARE TRANSACTION",
        ["abort", ..] if driver == DriverName::Postgres => "ABORT",
        ["begin", ..] => "BEGIN",
        ["end", ..] => "END",
        ["commit", ..] => "COMMIT",
        ["rollback", ..] => "ROLLBACK",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(driver: DriverName, sql: &str) -> Option<String> {
        inspect(driver, &InspectRequest { sql: sql.into(), number: 3, within_transaction: true, lint: None })
            .refusal
    }

    #[test]
    fn transaction_control_is_refused_with_its_number() {
        assert_eq!(
            refusal(DriverName::Postgres, "commit").as_deref(),
            Some(
                "statement 3 is COMMIT: guruorm already runs this migration in a transaction; remove it or \
                 set withinTransaction = false"
            )
        );
        for sql in ["begin", "/* x */ Start Transaction", "rollback", "end", "abort", "commit and chain"] {
            assert!(refusal(DriverName::Postgres, sql).is_some(), "{sql}");
        }
        let second = refusal(DriverName::Sqlite, "select 1; COMMIT;").expect("refused");
        assert!(second.starts_with("statement 4 is COMMIT"), "{second}");
        assert!(refusal(DriverName::MariaDb, "rollback").expect("refused").contains("may not end or begin"));
    }

    #[test]
    fn savepoints_and_words_in_texts_are_no_control() {
        for sql in [
            "savepoint a",
            "release savepoint a",
            "rollback to a",
            "rollback work to savepoint a",
            "insert into t values ('; commit')",
            "create table commit_log (id int)",
        ] {
            assert_eq!(refusal(DriverName::Postgres, sql), None, "{sql}");
        }
        assert_eq!(refusal(DriverName::SqlServer, "begin select 1 end"), None);
    }

    #[test]
    fn what_runs_outside_of_transactions_only_says_how() {
        assert_eq!(
            refusal(DriverName::Postgres, "create index concurrently a on t (b)").as_deref(),
            Some(
                "CREATE INDEX CONCURRENTLY cannot run inside a transaction: set withinTransaction = false \
                 (migration contains only this statement) or call this.afterCommit(() => …)"
            )
        );
        for sql in [
            "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS a ON t (b)",
            "drop index concurrently a",
            "vacuum t",
            "create database x",
            "alter table t detach partition p concurrently",
            "reindex table concurrently t",
        ] {
            assert!(refusal(DriverName::Postgres, sql).is_some(), "{sql}");
        }
        for sql in
            ["create index a on t (b)", "refresh materialized view concurrently v", "alter table t add c int"]
        {
            assert_eq!(refusal(DriverName::Postgres, sql), None, "{sql}");
        }
        assert_eq!(refusal(DriverName::MariaDb, "create database x"), None);
    }

    #[test]
    fn what_may_change_the_role_or_the_search_path_is_told() {
        let keeps = |sql: &str| {
            let request = InspectRequest { sql: sql.into(), number: 1, within_transaction: true, lint: None };
            inspect(DriverName::Postgres, &request).keeps_session
        };
        for sql in
            ["create table a (b int)", "alter table a add c int; insert into a values (1)", "drop table a"]
        {
            assert!(keeps(sql), "{sql}");
        }
        for sql in [
            "set local role reader",
            "reset all",
            "select set_config('search_path', '', false)",
            "do $$ begin set local role reader; end $$",
            "call change_role()",
            "create table a (b int); set search_path = other",
            "with a as (select set_config('role', 'reader', true)) delete from b using a",
        ] {
            assert!(!keeps(sql), "{sql}");
        }
    }

    #[test]
    fn the_rules_look_at_what_may_be_sent() {
        let rules = |sql: &str| {
            let json = format!(
                r#"{{"sql":"{sql}","number":1,"withinTransaction":true,"lint":{{"number":1,"tables":[],"state":{{}},
                "settings":{{"severities":{{}},"ignored":[],"needsCatalogue":true}}}}}}"#
            );
            let looked = look_at(DriverName::Postgres, serde_json::from_str(&json).expect(sql));
            looked.lint.map(|lint| lint.findings.iter().map(|finding| finding.rule).collect::<Vec<_>>())
        };
        assert_eq!(rules("drop table a"), Some(vec![Rule::DropTable]));
        assert_eq!(rules("create table a (b int)"), Some(vec![]));
        assert_eq!(rules("commit"), None);
    }

    #[test]
    fn without_a_transaction_everything_is_sent() {
        let request =
            InspectRequest { sql: "begin; commit".into(), number: 1, within_transaction: false, lint: None };
        assert_eq!(
            inspect(DriverName::Postgres, &request),
            Inspected { statements: 2, keeps_session: false, refusal: None, rule: None }
        );
    }
}
