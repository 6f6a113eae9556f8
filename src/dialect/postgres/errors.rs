//! What PostgreSQL reports, as an [`Error`].

use crate::error::{Error, ErrorCode};

/// The fields of a server's report that matter.
///
/// Source: <https://www.postgresql.org/docs/current/protocol-error-fields.html>.
#[derive(Debug, Clone, Default)]
pub struct ServerReport {
    /// `ERROR`, `FATAL` or `PANIC`, not translated.
    pub severity: String,
    /// SQLSTATE.
    pub sqlstate: String,
    /// The primary message. May repeat values.
    pub message: String,
    /// The explanation. May repeat values.
    pub detail: Option<String>,
    /// Advice.
    pub hint: Option<String>,
    /// Where in the statement, counted in characters from 1.
    pub position: Option<u32>,
    /// The table, without schema.
    pub table: Option<String>,
    /// The column.
    pub column: Option<String>,
    /// The constraint or unique index.
    pub constraint: Option<String>,
}

impl ServerReport {
    /// Whether the server ends the session with this report.
    #[must_use]
    pub fn ends_session(&self) -> bool {
        matches!(self.severity.as_str(), "FATAL" | "PANIC")
    }

    /// The report as an error.
    #[must_use]
    pub fn into_error(self) -> Error {
        let code = if self.ends_session() { ErrorCode::LostConnection } else { code_of(&self.sqlstate) };
        let (message, server_detail) = if self.sqlstate.starts_with("22") {
            let shown = without_values(&self.message);
            let full = (shown != self.message).then_some(self.message);
            (shown, join(full, self.detail))
        } else {
            (self.message, self.detail)
        };
        let mut error = Error::new(code, message);
        error.detail.server_detail = server_detail;
        error.detail.hint = self.hint;
        error.detail.position = self.position;
        error.detail.table = self.table;
        error.detail.column = self.column;
        error.detail.constraint = self.constraint;
        error.detail.native_code = Some(self.sqlstate.clone());
        error.detail.driver_code = Some(self.sqlstate);
        error
    }
}

/// Which kind of failure a SQLSTATE is.
///
/// Source: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
#[must_use]
pub fn code_of(sqlstate: &str) -> ErrorCode {
    match sqlstate {
        "23505" => ErrorCode::UniqueViolation,
        // 23001: PostgreSQL 18 reports `on delete restrict` so.
        "23503" | "23001" => ErrorCode::ForeignKeyViolation,
        "23502" => ErrorCode::NotNullViolation,
        "23514" => ErrorCode::CheckViolation,
        "40P01" => ErrorCode::Deadlock,
        "40001" => ErrorCode::SerializationFailure,
        "55P03" => ErrorCode::LockTimeout,
        // 53400: `temp_file_limit` is reached.
        "53100" | "53400" => ErrorCode::StorageFull,
        // The engine knows whether a time limit or a signal asked for it.
        "57014" => ErrorCode::Aborted,
        "42601" => ErrorCode::Syntax,
        "57P01" | "57P02" | "57P03" | "57P05" => ErrorCode::LostConnection,
        _ if sqlstate.starts_with("08") => ErrorCode::LostConnection,
        _ => ErrorCode::Query,
    }
}

/// A message of class 22 (data exception) without the values that it repeats: everything after the
/// colon goes, and what is left in quotes becomes `…`. Translated servers use other quotes.
///
/// `value "99999999999" is out of range for type integer` and
/// `invalid input syntax for type integer: "abc"` are the two forms that exist.
fn without_values(message: &str) -> String {
    let before_colon = message.split_once(':').map_or(message, |(before, _)| before).trim_end();
    let mut shown = String::with_capacity(before_colon.len());
    let mut closing = None;
    for character in before_colon.chars() {
        match closing {
            Some(end) if character == end => {
                shown.push('…');
                shown.push(character);
                closing = None;
            }
            Some(_) => {}
            None => {
                shown.push(character);
                closing = match character {
                    '"' => Some('"'),
                    '«' => Some('»'),
                    '„' | '“' => Some('”'),
                    _ => None,
                };
            }
        }
    }
    if closing.is_some() {
        shown.push('…');
    }
    shown
}

fn join(first: Option<String>, second: Option<String>) -> Option<String> {
    match (first, second) {
        (Some(first), Some(second)) => Some(format!("{first}\n{second}")),
        (first, second) => first.or(second),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(sqlstate: &str, message: &str) -> ServerReport {
        ServerReport {
            severity: "ERROR".into(),
            sqlstate: sqlstate.into(),
            message: message.into(),
            ..ServerReport::default()
        }
    }

    #[test]
    fn a_message_about_bad_data_never_repeats_the_data() {
        for (message, shown) in [
            (r#"invalid input syntax for type integer: "secret""#, "invalid input syntax for type integer"),
            (
                r#"value "secret" is out of range for type integer"#,
                r#"value "…" is out of range for type integer"#,
            ),
            (
                "syntaxe en entrée invalide pour le type integer : « secret »",
                "syntaxe en entrée invalide pour le type integer",
            ),
            (r#"value "secret: more" is strange"#, r#"value "…"#),
            ("division by zero", "division by zero"),
        ] {
            let error = report("22P02", message).into_error();
            assert_eq!(error.message, shown);
            let kept = error.detail.server_detail;
            assert_eq!(kept.as_deref(), (shown != message).then_some(message));
        }
    }

    #[test]
    fn the_full_message_and_the_detail_are_both_kept_apart_from_the_message() {
        let mut with_detail = report("22P02", r#"malformed array literal: "{1""#);
        with_detail.detail = Some("Unexpected end of input.".into());
        let error = with_detail.into_error();
        assert_eq!(error.message, "malformed array literal");
        assert_eq!(
            error.detail.server_detail.as_deref(),
            Some("malformed array literal: \"{1\"\nUnexpected end of input.")
        );
    }

    #[test]
    fn the_end_of_a_session_is_a_lost_connection_whatever_its_state_says() {
        let mut fatal = report("25P03", "terminating connection due to idle-in-transaction timeout");
        fatal.severity = "FATAL".into();
        let error = fatal.into_error();
        assert_eq!(error.code, ErrorCode::LostConnection);
        assert_eq!(error.detail.native_code.as_deref(), Some("25P03"));
    }

    #[test]
    fn only_a_statement_that_cannot_be_parsed_is_a_syntax_error() {
        assert_eq!(code_of("42601"), ErrorCode::Syntax);
        assert_eq!(code_of("42P01"), ErrorCode::Query);
        assert_eq!(code_of("08006"), ErrorCode::LostConnection);
        assert_eq!(code_of("57014"), ErrorCode::Aborted);
        assert_eq!([code_of("53100"), code_of("53400")], [ErrorCode::StorageFull; 2]);
    }
}
