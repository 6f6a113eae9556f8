//! [`script`]: statements with their values as a text that the database's own client runs.

use serde::Deserialize;
use serde_json::Value;

use super::quote::literal;
use super::sql_text::split;
use crate::config::DriverName;
use crate::dialect::placeholders::{BindingStyle, translate};
use crate::dialect::scanner::{Piece, Scanner};
use crate::dialect::sqlite::rebuild::COPY;
use crate::dialect::sqlite::settings::{FOREIGN_KEYS_OFF, LEGACY_ALTER_TABLE};
use crate::dialect::{lookup, transaction};
use crate::error::{Error, Result};
use crate::value::temporal::{WallClock, Zone};

/// What becomes part of a script.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScriptRequest {
    /// The statements, in order.
    pub statements: Vec<Scripted>,
    /// Whether they are one transaction.
    pub within_transaction: bool,
    /// The zone in which times are told; UTC when left out.
    #[serde(default)]
    pub timezone: Option<String>,
}

/// A statement, with the values of its placeholders.
#[derive(Debug, Clone, Deserialize)]
pub struct Scripted {
    /// The text. A comment stays one.
    pub sql: String,
    /// The values.
    #[serde(default)]
    pub bindings: Vec<Binding>,
    /// Their names, where they were given by name.
    #[serde(default)]
    pub names: Option<Vec<String>>,
}

/// A value, by what it is in JavaScript.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "camelCase")]
pub enum Binding {
    /// Null, a truth value, a number or text.
    Plain(Value),
    /// A number as its digits.
    Digits(String),
    /// A `Date`: milliseconds since 1970 UTC.
    Instant(f64),
    /// Bytes, in hexadecimal.
    Bytes(String),
}

/// The lines of the script.
///
/// # Errors
/// `InvalidArgument` for a statement whose placeholders and values do not match, `Config` for an unknown zone.
pub fn script(driver: DriverName, request: &ScriptRequest) -> Result<Vec<String>> {
    let zone = request.timezone.as_deref().map_or(Ok(Zone::Utc), Zone::parse)?;
    let mut lines = Vec::new();
    for scripted in &request.statements {
        let line = terminated(&inlined(driver, scripted, &zone)?, driver);
        if driver == DriverName::Sqlite && is_end_of_copy(&scripted.sql) {
            let [on, off] = LEGACY_ALTER_TABLE;
            lines.extend([format!("{on};"), line, format!("{off};")]);
        } else {
            lines.push(line);
        }
    }
    if request.within_transaction && !lines.is_empty() {
        let begin = match driver {
            DriverName::SqlServer => "begin transaction".to_owned(),
            _ => transaction::begin(driver, None, false)?.concat(),
        };
        lines.insert(0, format!("{begin};"));
        lines.push(format!("{};", transaction::COMMIT));
    }
    // A table that others refer to is replaced by a copy without foreign keys; they are switched outside of transactions.
    if driver == DriverName::Sqlite && request.statements.iter().any(|one| is_end_of_copy(&one.sql)) {
        lines.insert(0, format!("{FOREIGN_KEYS_OFF};"));
    }
    if matches!(driver, DriverName::MySql | DriverName::MariaDb) && has_instants(&request.statements) {
        lines.insert(
            0,
            format!("set time_zone = {};", literal(driver, &zone_name(request.timezone.as_deref()))),
        );
    }
    Ok(lines)
}

/// Whether an altered copy takes the place of its table: views and triggers name the table meanwhile.
fn is_end_of_copy(sql: &str) -> bool {
    sql.starts_with("alter table ") && sql.contains(&format!("\"{COPY}"))
}

fn has_instants(statements: &[Scripted]) -> bool {
    statements.iter().flat_map(|one| &one.bindings).any(|binding| matches!(binding, Binding::Instant(_)))
}

fn zone_name(timezone: Option<&str>) -> String {
    match timezone {
        None => "+00:00".to_owned(),
        Some(name) if name.eq_ignore_ascii_case("utc") || name.eq_ignore_ascii_case("z") => {
            "+00:00".to_owned()
        }
        Some(name) => name.to_owned(),
    }
}

/// A statement with its end. What holds statements of its own needs another end in MySQL's client.
fn terminated(sql: &str, driver: DriverName) -> String {
    let sql = sql.trim_end().trim_end_matches(';');
    let parts = split(sql, driver);
    let is_mysql = matches!(driver, DriverName::MySql | DriverName::MariaDb);
    match parts.as_slice() {
        [] => sql.to_owned(), // a comment
        [one] if is_mysql && has_semicolon(&one.sql, driver) => {
            format!("delimiter $$\n{sql}$$\ndelimiter ;")
        }
        _ if driver == DriverName::SqlServer => format!("{sql}\ngo"),
        _ => format!("{sql};"),
    }
}

fn has_semicolon(sql: &str, driver: DriverName) -> bool {
    Scanner::new(sql, driver).any(|piece| piece == Piece::Semicolon)
}

/// The statement with its values in the places of its placeholders.
fn inlined(driver: DriverName, scripted: &Scripted, zone: &Zone) -> Result<String> {
    let Scripted { sql, bindings, names } = scripted;
    if bindings.is_empty() {
        return Ok(sql.clone());
    }
    let style =
        names.as_ref().map_or(BindingStyle::Positional(bindings.len()), |names| BindingStyle::Named(names));
    let translated = translate(sql, style, lookup(driver))?;
    let missing = || Error::invalid("a statement has more placeholders than values").with_sql(sql);
    let mut text = String::with_capacity(translated.sql.len() + 64);
    let mut next = 0;
    let mut scanner = Scanner::new(&translated.sql, driver);
    loop {
        let from = scanner.position();
        let Some(piece) = scanner.next() else { return Ok(text) };
        let place = match piece {
            Piece::Question => {
                next += 1;
                Some(next - 1)
            }
            Piece::Numbered(_, number) => Some(number as usize - 1),
            _ => None,
        };
        match place {
            Some(place) => {
                let at = translated
                    .order
                    .as_ref()
                    .map_or(Some(place), |order| order.get(place).map(|at| *at as usize));
                let binding = at.and_then(|at| bindings.get(at)).ok_or_else(missing)?;
                text.push_str(&written(driver, binding, zone));
            }
            None => text.push_str(&translated.sql[from..scanner.position()]),
        }
    }
}

/// A value as a literal.
fn written(driver: DriverName, binding: &Binding, zone: &Zone) -> String {
    match binding {
        Binding::Plain(Value::Null) => "null".to_owned(),
        Binding::Plain(Value::Bool(value)) if driver == DriverName::Postgres => value.to_string(),
        Binding::Plain(Value::Bool(value)) => i32::from(*value).to_string(),
        Binding::Plain(Value::String(text)) => literal(driver, text),
        Binding::Plain(value) => value.to_string(),
        Binding::Digits(digits) => digits.clone(),
        Binding::Bytes(hex) => match driver {
            DriverName::Postgres => format!("'\\x{hex}'"),
            DriverName::SqlServer => format!("0x{hex}"),
            _ => format!("x'{hex}'"),
        },
        Binding::Instant(milliseconds) => {
            let text = WallClock::from_instant(*milliseconds, zone).to_text();
            let text =
                if driver == DriverName::Postgres { text + &offset(*milliseconds, zone) } else { text };
            literal(driver, &text)
        }
    }
}

/// `+02:00`. A column without zone leaves it out, one with a zone would take the session's otherwise.
fn offset(milliseconds: f64, zone: &Zone) -> String {
    #[allow(clippy::cast_possible_truncation)] // saturates
    let seconds = zone.offset_at((milliseconds / 1000.0).floor() as i64);
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.unsigned_abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn lines(driver: DriverName, statements: &Value) -> Vec<String> {
        let request = json!({"statements": statements, "withinTransaction": true, "timezone": "+02:00"});
        script(driver, &serde_json::from_value(request).expect("a request")).expect("a script")
    }

    #[test]
    fn values_are_written_as_each_database_reads_them() {
        let bindings = json!([
            {"kind": "plain", "value": "it's \\"},
            {"kind": "plain", "value": true},
            {"kind": "instant", "value": 1_000.0},
            {"kind": "bytes", "value": "00ff"},
            {"kind": "digits", "value": "9007199254740993"},
            {"kind": "plain", "value": null},
            {"kind": "plain", "value": 1.5},
        ]);
        let sql = "insert into t values (?, ?, ?, ?, ?, ?, ?) -- ?";
        let written = |driver| lines(driver, &json!([{"sql": sql, "bindings": bindings}]));
        assert_eq!(
            written(DriverName::Postgres),
            [
                "begin;",
                "insert into t values ('it''s \\', true, '1970-01-01 02:00:01+02:00', '\\x00ff', 9007199254740993, null, 1.5) -- ?;",
                "commit;"
            ]
        );
        assert_eq!(
            written(DriverName::MariaDb)[..3],
            [
                "set time_zone = '+02:00';",
                "start transaction;",
                "insert into t values ('it''s \\\\', 1, '1970-01-01 02:00:01', x'00ff', 9007199254740993, null, 1.5) -- ?;",
            ]
        );
        assert_eq!(written(DriverName::Sqlite)[0], "begin immediate;");
    }

    #[test]
    fn every_spelling_of_placeholders_is_understood() {
        let one = json!([{"kind": "plain", "value": 1}, {"kind": "plain", "value": 2}]);
        for (driver, sql, names, expected) in [
            (DriverName::Postgres, "select $2, $1, '$1'", None, "select 2, 1, '$1';"),
            (DriverName::Postgres, "select :b, :a, :b", Some(["a", "b"]), "select 2, 1, 2;"),
            (DriverName::Sqlite, "select :b, :a", Some(["a", "b"]), "select 2, 1;"),
            (DriverName::MySql, "select ?, '?', ?", None, "select 1, '?', 2;"),
        ] {
            let statement = json!([{"sql": sql, "bindings": one, "names": names}]);
            assert_eq!(lines(driver, &statement)[1], expected, "{sql}");
        }
    }

    #[test]
    fn what_holds_statements_can_be_read_by_mysqls_client() {
        let sql = "create procedure p() begin select 1; select 2; end";
        assert_eq!(
            lines(DriverName::MySql, &json!([{"sql": sql}]))[1],
            format!("delimiter $$\n{sql}$$\ndelimiter ;")
        );
        assert_eq!(lines(DriverName::Sqlite, &json!([{"sql": "-- note"}]))[1], "-- note");
    }

    #[test]
    fn foreign_keys_are_off_where_a_table_becomes_a_copy() {
        let rename = r#"alter table "__temp__t" rename to "t""#;
        assert_eq!(
            lines(DriverName::Sqlite, &json!([{"sql": rename}])),
            [
                "pragma foreign_keys = 0;",
                "begin immediate;",
                "pragma legacy_alter_table = 1;",
                &format!("{rename};"),
                "pragma legacy_alter_table = 0;",
                "commit;"
            ]
        );
    }
}
