//! SQLite's result codes to [`ErrorCode`].

mod codes;

pub use codes::name_of;

use crate::error::{Error, ErrorCode};

/// `SQLITE_INTERNAL`: a defect.
pub const INTERNAL: i32 = 2;
/// `SQLITE_BUSY`: another connection holds the lock.
pub const BUSY: i32 = 5;
/// `SQLITE_READONLY`: the database, or this connection, only reads.
pub const READONLY: i32 = 8;
/// `SQLITE_INTERRUPT`: the statement was stopped.
pub const INTERRUPT: i32 = 9;
/// `SQLITE_CANTOPEN`: there is no such file, or it may not be opened.
pub const CANTOPEN: i32 = 14;
/// `SQLITE_NOTADB`: the file holds something else.
pub const NOTADB: i32 = 26;
/// `SQLITE_FULL`: the disk, or `max_page_count`, has no page left.
const FULL: i32 = 13;

/// `SQLITE_BUSY_SNAPSHOT`: a transaction that has read wants to write, but what it read has changed.
pub const BUSY_SNAPSHOT: i32 = 517;

/// Messages that go on with a bound value, which an error's message must not hold: the match
/// expressions of full-text search and JSON paths.
const BEFORE_VALUES: [&str; 7] = [
    "malformed MATCH expression: ",
    "fts5: syntax error near ",
    "no such column: ", // fts5 takes `word:` in a match expression for a column
    "unknown special query: ",
    "unable to open database: ", // `attach ?`
    "JSON path error near ",
    "bad JSON path: ",
];

/// The error for an extended result code and SQLite's message.
#[must_use]
pub fn classify(code: i32, message: &str) -> Error {
    let mut error = Error::new(kind_of(code, message), message);
    error.detail.native_code = Some(code.to_string());
    error.detail.driver_code = Some(name_of(code));
    name_what_was_violated(&mut error);
    error
}

/// The same for a statement with bound values: what might repeat one of them moves from the
/// message to the server's detail.
#[must_use]
pub fn classify_with_values(code: i32, message: &str) -> Error {
    let mut error = classify(code, message);
    if let Some(start) = BEFORE_VALUES.iter().find(|start| message.starts_with(**start)) {
        start.trim_end_matches([':', ' ']).clone_into(&mut error.message);
        error.detail.server_detail = Some(message.to_owned());
    }
    error
}

fn kind_of(code: i32, message: &str) -> ErrorCode {
    // A RESTRICT rule is a trigger of SQLite's own, and reports itself as one (1811).
    if message == "FOREIGN KEY constraint failed" {
        return ErrorCode::ForeignKeyViolation;
    }
    match code {
        1555 | 2067 | 2579 => ErrorCode::UniqueViolation,
        787 => ErrorCode::ForeignKeyViolation,
        1299 => ErrorCode::NotNullViolation,
        275 => ErrorCode::CheckViolation,
        _ => match code & 0xFF {
            1 if is_syntax(message) => ErrorCode::Syntax,
            BUSY | 6 | 15 => ErrorCode::LockTimeout,
            INTERRUPT => ErrorCode::Aborted,
            FULL => ErrorCode::StorageFull,
            CANTOPEN | NOTADB => ErrorCode::Connection,
            18 | 25 => ErrorCode::InvalidArgument,
            INTERNAL | 21 => ErrorCode::Internal,
            _ => ErrorCode::Query,
        },
    }
}

fn is_syntax(message: &str) -> bool {
    message.ends_with(": syntax error")
        || message.starts_with("incomplete input")
        || message.starts_with("unrecognized token")
}

/// Reads table, column and constraint from `UNIQUE constraint failed: users.email` and its kin.
fn name_what_was_violated(error: &mut Error) {
    let Some((_, what)) = error.message.split_once(" constraint failed: ") else { return };
    if let Some(index) = what.strip_prefix("index '") {
        error.detail.constraint = index.strip_suffix('\'').map(str::to_owned);
    } else if error.code == ErrorCode::CheckViolation {
        error.detail.constraint = Some(what.to_owned());
    } else if let Some((table, column)) = what.split(", ").next().and_then(|first| first.rsplit_once('.')) {
        let is_only_column = !what.contains(", ");
        error.detail.table = Some(table.to_owned());
        error.detail.column = is_only_column.then(|| column.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_messages_become_the_kinds_that_programs_branch_on() {
        for (code, message, kind, name) in [
            (
                2067,
                "UNIQUE constraint failed: users.email",
                ErrorCode::UniqueViolation,
                "SQLITE_CONSTRAINT_UNIQUE",
            ),
            (
                1555,
                "UNIQUE constraint failed: users.id",
                ErrorCode::UniqueViolation,
                "SQLITE_CONSTRAINT_PRIMARYKEY",
            ),
            (
                787,
                "FOREIGN KEY constraint failed",
                ErrorCode::ForeignKeyViolation,
                "SQLITE_CONSTRAINT_FOREIGNKEY",
            ),
            (
                1811,
                "FOREIGN KEY constraint failed",
                ErrorCode::ForeignKeyViolation,
                "SQLITE_CONSTRAINT_TRIGGER",
            ),
            (1811, "raised by a trigger", ErrorCode::Query, "SQLITE_CONSTRAINT_TRIGGER"),
            (
                1299,
                "NOT NULL constraint failed: users.name",
                ErrorCode::NotNullViolation,
                "SQLITE_CONSTRAINT_NOTNULL",
            ),
            (275, "CHECK constraint failed: age", ErrorCode::CheckViolation, "SQLITE_CONSTRAINT_CHECK"),
            (5, "database is locked", ErrorCode::LockTimeout, "SQLITE_BUSY"),
            (261, "database is locked", ErrorCode::LockTimeout, "SQLITE_BUSY_RECOVERY"),
            (517, "database is locked", ErrorCode::LockTimeout, "SQLITE_BUSY_SNAPSHOT"),
            (1, "near \"selec\": syntax error", ErrorCode::Syntax, "SQLITE_ERROR"),
            (1, "incomplete input", ErrorCode::Syntax, "SQLITE_ERROR"),
            (1, "unrecognized token: \"#\"", ErrorCode::Syntax, "SQLITE_ERROR"),
            (1, "no such table: nobody", ErrorCode::Query, "SQLITE_ERROR"),
            (9, "interrupted", ErrorCode::Aborted, "SQLITE_INTERRUPT"),
            (14, "unable to open database file", ErrorCode::Connection, "SQLITE_CANTOPEN"),
            (26, "file is not a database", ErrorCode::Connection, "SQLITE_NOTADB"),
            (13, "database or disk is full", ErrorCode::StorageFull, "SQLITE_FULL"),
        ] {
            let error = classify(code, message);
            assert_eq!((error.code, error.message.as_str()), (kind, message), "{code}");
            assert_eq!(error.detail.driver_code.as_deref(), Some(name), "{code}");
            assert_eq!(error.detail.native_code, Some(code.to_string()));
        }
        assert_eq!(name_of(5 + 77 * 256), "SQLITE_BUSY");
        assert_eq!(name_of(99), "SQLITE_99");
    }

    #[test]
    fn the_message_says_which_table_column_and_constraint() {
        let named = |code, message| {
            let detail = classify(code, message).detail;
            (detail.table, detail.column, detail.constraint)
        };
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            named(2067, "UNIQUE constraint failed: users.email"),
            (text("users"), text("email"), None)
        );
        assert_eq!(
            named(2067, "UNIQUE constraint failed: users.first, users.last"),
            (text("users"), None, None)
        );
        assert_eq!(
            named(2067, "UNIQUE constraint failed: index 'users_lower'"),
            (None, None, text("users_lower"))
        );
        assert_eq!(
            named(1299, "NOT NULL constraint failed: my.table.name"),
            (text("my.table"), text("name"), None)
        );
        assert_eq!(named(275, "CHECK constraint failed: age_is_real"), (None, None, text("age_is_real")));
        assert_eq!(named(275, "CHECK constraint failed: a.b > 0"), (None, None, text("a.b > 0")));
        assert_eq!(named(787, "FOREIGN KEY constraint failed"), (None, None, None));
    }

    #[test]
    fn a_bound_value_never_reaches_the_message() {
        let error = classify_with_values(1, "malformed MATCH expression: [secret \"]");
        assert_eq!(error.message, "malformed MATCH expression");
        assert_eq!(error.detail.server_detail.as_deref(), Some("malformed MATCH expression: [secret \"]"));
        assert_eq!(classify(1, "no such column: nobody").message, "no such column: nobody");
    }
}
