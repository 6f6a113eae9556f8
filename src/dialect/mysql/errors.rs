//! Error numbers of MySQL and MariaDB to [`ErrorCode`].
//!
//! The server repeats values in some messages (`Duplicate entry 'a@b.c' for key …`). Those are
//! rewritten without the value; the server's own words stay in `server_detail`.

mod names;

pub use names::name_of;

use crate::error::{Error, ErrorCode, ErrorDetail};

/// The server has the statement's whole transaction undone, not only the statement.
/// 1213 a deadlock, 1614 the same under XA, 1020 a snapshot that another transaction wrote over
/// (MariaDB's `innodb_snapshot_isolation`).
pub const TRANSACTION_ENDING: [u16; 3] = [1020, 1213, 1614];

/// The statement cannot be prepared: it has to be sent as text.
pub const CANNOT_BE_PREPARED: u16 = 1295;

/// The server became a replica or was made read-only: other connections will do better.
/// <https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html#error_er_read_only_mode>
pub const READ_ONLY_SERVER: [u16; 2] = [1290, 1836];

/// What a server's error packet says, as an [`Error`].
#[must_use]
pub fn classify(number: u16, sql_state: Option<&str>, message: &str) -> Error {
    let mut detail = ErrorDetail {
        native_code: Some(number.to_string()),
        driver_code: Some(name_of(number)),
        ..ErrorDetail::default()
    };
    let code = code_of(number, sql_state);
    match code {
        ErrorCode::UniqueViolation => read_duplicate(message, &mut detail),
        ErrorCode::ForeignKeyViolation => read_foreign_key(message, &mut detail),
        ErrorCode::NotNullViolation => detail.column = quoted(message, '\'').map(ToOwned::to_owned),
        ErrorCode::CheckViolation => read_check(message, &mut detail),
        _ => read_column(message, &mut detail),
    }
    let shown = without_values(number, message, &detail);
    if shown != message {
        detail.server_detail = Some(message.to_owned());
    }
    Error { code, message: shown, detail: Box::new(detail) }
}

fn code_of(number: u16, sql_state: Option<&str>) -> ErrorCode {
    match number {
        1022 | 1062 | 1169 | 1586 | 1859 => ErrorCode::UniqueViolation,
        1216 | 1217 | 1451 | 1452 => ErrorCode::ForeignKeyViolation,
        1048 | 1263 | 1364 => ErrorCode::NotNullViolation,
        3819 => ErrorCode::CheckViolation,
        // MySQL gives 4025 to something else; the class 23 makes it MariaDB's failed constraint.
        4025 if sql_state == Some("23000") => ErrorCode::CheckViolation,
        1213 | 1614 => ErrorCode::Deadlock,
        1020 => ErrorCode::SerializationFailure,
        1205 | 1689 | 3572 => ErrorCode::LockTimeout,
        1021 | 1114 => ErrorCode::StorageFull,
        1064 | 1065 | 1149 => ErrorCode::Syntax,
        1317 => ErrorCode::Aborted,
        1969 | 3024 => ErrorCode::QueryTimeout,
        1053 | 1077 | 1079 | 1080 | 1152 | 1158..=1161 | 1184 | 1927 | 2006 | 2013 | 4031 => {
            ErrorCode::LostConnection
        }
        _ => ErrorCode::Query,
    }
}

/// `Duplicate entry 'a@b.c' for key 'users.users_email_unique'`; MariaDB leaves the table out.
fn read_duplicate(message: &str, detail: &mut ErrorDetail) {
    // The value comes first and may hold anything, so the key is looked for from the end.
    let Some((_, key)) = message.rsplit_once(" for key '") else { return };
    let key = key.trim_end_matches('\'');
    if let Some((table, name)) = key.split_once('.') {
        detail.table = Some(table.to_owned());
        detail.constraint = Some(name.to_owned());
    } else {
        detail.constraint = Some(key.to_owned());
    }
}

/// ``… fails (`db`.`posts`, CONSTRAINT `posts_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`))``
fn read_foreign_key(message: &str, detail: &mut ErrorDetail) {
    let Some((_, inner)) = message.split_once(" fails (") else { return };
    let Some((table, rest)) = inner.split_once(", CONSTRAINT ") else { return };
    detail.table = last_part(table);
    detail.constraint = quoted(rest, '`').map(ToOwned::to_owned);
    if let Some((_, columns)) = rest.split_once(" FOREIGN KEY (") {
        detail.column = quoted(columns, '`').map(ToOwned::to_owned);
    }
}

/// ``CONSTRAINT `price_positive` failed for `db`.`products` `` on MariaDB,
/// `Check constraint 'price_positive' is violated.` on MySQL.
fn read_check(message: &str, detail: &mut ErrorDetail) {
    if let Some((constraint, table)) = message.split_once(" failed for ") {
        detail.constraint = quoted(constraint, '`').map(ToOwned::to_owned);
        detail.table = last_part(table);
    } else {
        detail.constraint = quoted(message, '\'').map(ToOwned::to_owned);
    }
}

/// ``… for column `db`.`t`.`c` at row 1`` on MariaDB, `… for column 'c' at row 1` on MySQL.
fn read_column(message: &str, detail: &mut ErrorDetail) {
    let Some(place) = column_place(message) else { return };
    let path = place.trim_start_matches(" for column ").split(" at row ").next().unwrap_or_default();
    if path.starts_with('`') {
        let mut parts = path.rsplit('.').map(|part| part.trim_matches('`').to_owned());
        detail.column = parts.next();
        detail.table = parts.next();
    } else {
        detail.column = Some(path.trim_matches('\'').to_owned());
    }
}

/// The end of a message that tells the column, where nothing else can be meant.
fn column_place(message: &str) -> Option<&str> {
    let place = &message[message.rfind(" for column ")?..];
    let (path, row) = place[" for column ".len()..].split_once(" at row ")?;
    let is_plain = !path.contains(char::is_whitespace) && row.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then_some(place)
}

fn without_values(number: u16, message: &str, detail: &ErrorDetail) -> String {
    match number {
        1062 | 1586 => format!("duplicate entry for key '{}'", detail.constraint.as_deref().unwrap_or("?")),
        // Those that quote what was given: numbers, dates, characters, JSON, expressions.
        1231 | 1292 | 1300 | 1366 | 1367 | 1411 | 1525 | 1526 | 1690 | 1918 | 3140 | 3141 | 3156 => {
            let kept = message.split(['\'', '"']).next().unwrap_or_default();
            let kept = kept.trim_end_matches([':', ' ']).trim_end_matches(" in");
            format!("{kept}{}", column_place(message).unwrap_or_default())
        }
        _ => message.to_owned(),
    }
}

/// The first thing between two of these quotes.
fn quoted(text: &str, quote: char) -> Option<&str> {
    text.split(quote).nth(1)
}

/// ``table`` of `` `db`.`table` ``.
fn last_part(path: &str) -> Option<String> {
    path.trim().trim_end_matches('`').rsplit('`').next().map(ToOwned::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(number: u16, message: &str) -> Error {
        classify(number, Some("23000"), message)
    }

    #[test]
    fn a_duplicate_names_the_key_and_never_the_value() {
        for (message, table) in [
            ("Duplicate entry 'a@b.c' for key 'users.users_email_unique'", Some("users")),
            ("Duplicate entry 'x' for key 'y' for key 'users_email_unique'", None),
        ] {
            let error = read(1062, message);
            assert_eq!(error.code, ErrorCode::UniqueViolation);
            assert_eq!(error.detail.constraint.as_deref(), Some("users_email_unique"));
            assert_eq!(error.detail.table.as_deref(), table);
            assert_eq!(error.detail.driver_code.as_deref(), Some("ER_DUP_ENTRY"));
            assert_eq!(error.message, "duplicate entry for key 'users_email_unique'");
            assert_eq!(error.detail.server_detail.as_deref(), Some(message));
        }
    }

    #[test]
    fn a_foreign_key_names_constraint_table_and_column() {
        let error = read(
            1452,
            "Cannot add or update a child row: a foreign key constraint fails (`shop`.`posts`, \
             CONSTRAINT `posts_user_id_foreign` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`))",
        );
        assert_eq!(error.code, ErrorCode::ForeignKeyViolation);
        assert_eq!(error.detail.constraint.as_deref(), Some("posts_user_id_foreign"));
        assert_eq!(error.detail.table.as_deref(), Some("posts"));
        assert_eq!(error.detail.column.as_deref(), Some("user_id"));
    }

    #[test]
    fn a_missing_value_names_the_column() {
        for (number, message) in
            [(1048, "Column 'name' cannot be null"), (1364, "Field 'name' doesn't have a default value")]
        {
            let error = read(number, message);
            assert_eq!(error.code, ErrorCode::NotNullViolation);
            assert_eq!(error.detail.column.as_deref(), Some("name"));
        }
    }

    #[test]
    fn a_failed_check_names_the_constraint() {
        let mariadb = read(4025, "CONSTRAINT `price_positive` failed for `shop`.`products`");
        assert_eq!(mariadb.code, ErrorCode::CheckViolation);
        assert_eq!(mariadb.detail.constraint.as_deref(), Some("price_positive"));
        assert_eq!(mariadb.detail.table.as_deref(), Some("products"));
        let mysql = classify(3819, Some("HY000"), "Check constraint 'price_positive' is violated.");
        assert_eq!(mysql.detail.constraint.as_deref(), Some("price_positive"));
        assert_eq!(classify(4025, Some("HY000"), "other").code, ErrorCode::Query);
    }

    #[test]
    fn messages_that_quote_a_value_lose_it_and_keep_the_column() {
        for (number, message, shown, column) in [
            (
                1366,
                "Incorrect integer value: 'secret' for column `shop`.`t`.`age` at row 1",
                "Incorrect integer value for column `shop`.`t`.`age` at row 1",
                Some("age"),
            ),
            (
                1292,
                "Incorrect datetime value: 'secret' for column 'born' at row 3",
                "Incorrect datetime value for column 'born' at row 3",
                Some("born"),
            ),
            (1292, "Truncated incorrect DOUBLE value: 'secret'", "Truncated incorrect DOUBLE value", None),
            (
                1690,
                "BIGINT UNSIGNED value is out of range in '(`a`.`b` - 77)'",
                "BIGINT UNSIGNED value is out of range",
                None,
            ),
            (
                1366,
                "Incorrect integer value: 'x' for column b at row 1 secret'",
                "Incorrect integer value",
                None,
            ),
        ] {
            let error = classify(number, Some("22007"), message);
            assert_eq!(error.message, shown);
            assert_eq!(error.detail.column.as_deref(), column);
            assert_eq!(error.detail.server_detail.as_deref(), Some(message));
        }
    }

    #[test]
    fn numbers_have_the_code_that_programs_branch_on() {
        for (number, code) in [
            (1213, ErrorCode::Deadlock),
            (1205, ErrorCode::LockTimeout),
            (1021, ErrorCode::StorageFull),
            (1114, ErrorCode::StorageFull),
            (1064, ErrorCode::Syntax),
            (1317, ErrorCode::Aborted),
            (1969, ErrorCode::QueryTimeout),
            (3024, ErrorCode::QueryTimeout),
            (1927, ErrorCode::LostConnection),
            (4031, ErrorCode::LostConnection),
            (1146, ErrorCode::Query),
        ] {
            assert_eq!(classify(number, None, "").code, code, "{number}");
        }
    }
}
