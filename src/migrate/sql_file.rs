//! [`sql_file`]: one half of a migration in SQL, ready to run. Pure.

use serde::Serialize;

use super::sql_statement::SqlStatement;
use super::sql_text::split;
use crate::config::DriverName;
use crate::dialect::scanner::{Piece, Scanner};
use crate::dialect::statement_kind::StatementKind;
use crate::error::{Error, ErrorCode, Result};

/// Comments that leave the transaction off.
const NO_TRANSACTION: [&str; 2] = ["guruorm: no-transaction", "no-transaction"];

/// The statements of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SqlFile {
    /// In the order in which they run.
    pub statements: Vec<SqlStatement>,
    /// False when the file says that it runs without a transaction.
    pub within_transaction: bool,
    /// Whether `begin` and `commit` around everything were left out.
    pub is_unwrapped: bool,
}

/// Reads a file.
///
/// # Errors
/// `Migration` for a statement that would end the transaction around the migration, or that the database
/// refuses inside of one.
pub fn sql_file(sql: &str, driver: DriverName) -> Result<SqlFile> {
    let sql = sql.strip_prefix('\u{feff}').unwrap_or(sql);
    let within_transaction = !says_no_transaction(sql, driver);
    let mut statements = split(sql, driver);
    let mut is_unwrapped = false;
    if within_transaction {
        is_unwrapped = is_wrapped(&statements);
        if is_unwrapped {
            statements.pop();
            statements.remove(0);
        }
        // Numbers are those of the file, as its reader counts.
        let first = if is_unwrapped { 2 } else { 1 };
        for (number, statement) in (first..).zip(&statements) {
            check(number, statement)?;
        }
    }
    Ok(SqlFile { statements, within_transaction, is_unwrapped })
}

/// Whether a comment before the first statement says so.
fn says_no_transaction(sql: &str, driver: DriverName) -> bool {
    for piece in Scanner::new(sql, driver) {
        match piece {
            Piece::Comment(comment) => {
                let text = comment.trim_matches(|letter: char| {
                    matches!(letter, '-' | '#' | '/' | '*') || letter.is_whitespace()
                });
                if NO_TRANSACTION.iter().any(|words| text.eq_ignore_ascii_case(words)) {
                    return true;
                }
            }
            Piece::Code(code) if code.trim().is_empty() => {}
            _ => return false,
        }
    }
    false
}

/// `begin; …; commit;` around everything, and nothing of the kind inside.
fn is_wrapped(statements: &[SqlStatement]) -> bool {
    let [first, inner @ .., last] = statements else { return false };
    let is_control = |statement: &SqlStatement| statement.kind == StatementKind::TransactionControl;
    matches!(first.verb.as_str(), "BEGIN" | "BEGIN TRANSACTION" | "START TRANSACTION")
        && matches!(last.verb.as_str(), "COMMIT" | "END")
        && is_control(first)
        && is_control(last)
        && !inner.iter().any(is_control)
}

fn check(number: usize, statement: &SqlStatement) -> Result<()> {
    let line = statement.line;
    let problem = if statement.kind == StatementKind::TransactionControl {
        format!(
            "statement {number} (line {line}) is {}: guruorm already runs this migration in a transaction; \
             remove it, or begin the file with -- guruorm: no-transaction",
            statement.verb
        )
    } else if let Some(name) = statement.outside {
        format!(
            "statement {number} (line {line}): {name} cannot run inside a transaction: put it in a file of its own \
             that begins with -- guruorm: no-transaction"
        )
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorCode::Migration, problem))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(sql: &str) -> Result<SqlFile> {
        sql_file(sql, DriverName::Postgres)
    }

    #[test]
    fn the_comment_before_the_first_statement_leaves_the_transaction_off() {
        for (sql, within_transaction) in [
            ("-- guruorm: no-transaction\nselect 1", false),
            ("\u{feff}-- what it does\n\n-- No-Transaction\nselect 1", false),
            ("/* guruorm: no-transaction */ select 1", false),
            ("select 1; -- guruorm: no-transaction", true),
            ("-- not guruorm: no-transaction\nselect 1", true),
        ] {
            assert_eq!(file(sql).expect(sql).within_transaction, within_transaction, "{sql}");
        }
    }

    #[test]
    fn begin_and_commit_around_everything_are_left_out() {
        for sql in ["begin; select 1; commit;", "START TRANSACTION;\nselect 1;\nEND"] {
            let file = file(sql).expect(sql);
            assert!(file.is_unwrapped, "{sql}");
            assert_eq!(file.statements.len(), 1, "{sql}");
            assert_eq!(file.statements[0].sql, "select 1");
        }
    }

    #[test]
    fn other_transaction_control_is_refused_by_number_and_line() {
        let error = file("select 1;\n\ncommit;\nselect 2").expect_err("refused");
        assert_eq!(
            error.message,
            "statement 2 (line 3) is COMMIT: guruorm already runs this migration in a transaction; \
             remove it, or begin the file with -- guruorm: no-transaction"
        );
        assert!(file("begin; select 1; commit; begin; select 2; commit").is_err());
        assert!(file("begin; select 1; savepoint a; commit").is_err());
        assert!(file("-- guruorm: no-transaction\nbegin; select 1; commit").is_ok());
    }

    #[test]
    fn what_cannot_run_in_a_transaction_is_refused_before_it_is_sent() {
        let error = file("create index concurrently i on t (a)").expect_err("refused");
        assert!(
            error.message.contains("CREATE INDEX CONCURRENTLY cannot run inside a transaction"),
            "{error}"
        );
        assert!(file("-- guruorm: no-transaction\ncreate index concurrently i on t (a)").is_ok());
    }
}
