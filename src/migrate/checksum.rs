//! [`checksum`]: the fingerprint of a migration's source, by which a file that was edited after it ran is
//! found. Pure.
//!
//! It is a sha-256 of what the file means, not of its bytes: line ends, blanks, comments and, in scripts,
//! whatever a formatter decides are left out. 63 hexadecimal digits of it are kept; the last digit says what
//! was hashed and how, so that only comparable fingerprints are compared: a project may run `.ts` here and the
//! compiled `.js` there, and a later version of guruorm may hash otherwise.

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::script_tokens;
use crate::config::DriverName;
use crate::dialect::scanner::{Piece, Scanner};

/// Digits of the hash itself.
const DIGITS: usize = 63;

/// What the source is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Language {
    /// Statements for one kind of database.
    Sql,
    /// JavaScript of any module kind.
    JavaScript,
    /// TypeScript of any module kind.
    TypeScript,
}

impl Language {
    /// Of a file, by its ending.
    #[must_use]
    pub fn of(path: &str) -> Self {
        match path.rsplit('.').next() {
            Some("sql") => Self::Sql,
            Some("ts" | "mts" | "cts") => Self::TypeScript,
            _ => Self::JavaScript,
        }
    }

    fn digit(self) -> char {
        match self {
            Self::Sql => '0',
            Self::JavaScript => '1',
            Self::TypeScript => '2',
        }
    }
}

/// The fingerprint of a source: 64 hexadecimal digits.
#[must_use]
pub fn checksum(source: &str, language: Language, driver: DriverName) -> String {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source).replace("\r\n", "\n");
    let meaning = match language {
        Language::Sql => sql_meaning(&source, driver),
        Language::JavaScript | Language::TypeScript => script_tokens::meaning(&source),
    };
    let mut digits = digits_of(&meaning, DIGITS);
    digits.push(language.digit());
    digits
}

/// By what a statement with its values, written as JSON, is known again: 16 hexadecimal digits.
pub(super) fn statement_hash(sql: &str, values: &str, driver: DriverName) -> String {
    digits_of(&format!("{}\n{values}", sql_meaning(sql, driver)), 16)
}

fn digits_of(text: &str, length: usize) -> String {
    let mut digits = String::with_capacity(64);
    for byte in Sha256::digest(text) {
        for half in [byte >> 4, byte & 15] {
            digits.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
        }
    }
    digits.truncate(length);
    digits
}

/// Whether two fingerprints say that the source changed. Those of different kinds say nothing.
#[must_use]
pub fn differ(recorded: &str, current: &str) -> bool {
    let is_ours = |text: &str| text.len() == DIGITS + 1 && text.is_ascii();
    is_ours(recorded) && is_ours(current) && recorded[DIGITS..] == current[DIGITS..] && recorded != current
}

/// SQL without comments, trailing blanks and empty lines; literals are kept as they are.
fn sql_meaning(source: &str, driver: DriverName) -> String {
    let mut kept = String::with_capacity(source.len());
    let mut scanner = Scanner::new(source, driver);
    loop {
        let start = scanner.position();
        let Some(piece) = scanner.next() else { break };
        match piece {
            Piece::Comment(_) => kept.push(' '),
            Piece::Code(code) => {
                for (number, line) in code.split('\n').enumerate() {
                    if number > 0 {
                        trim_blanks(&mut kept);
                        if !kept.is_empty() && !kept.ends_with('\n') {
                            kept.push('\n');
                        }
                    }
                    kept.push_str(line);
                }
            }
            _ => kept.push_str(&source[start..scanner.position()]),
        }
    }
    kept.trim_end().to_owned()
}

fn trim_blanks(text: &mut String) {
    text.truncate(text.trim_end_matches([' ', '\t']).len());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sql(source: &str) -> String {
        checksum(source, Language::Sql, DriverName::Postgres)
    }

    fn js(source: &str) -> String {
        checksum(source, Language::JavaScript, DriverName::Postgres)
    }

    #[test]
    fn it_is_64_digits_that_say_what_they_are_of() {
        let text = sql("select 1");
        assert_eq!(text.len(), 64);
        assert!(text.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert!(text.ends_with('0'));
        assert!(js("1").ends_with('1'));
        assert_eq!(Language::of("m/a.up.sql"), Language::Sql);
        assert_eq!(Language::of("m/a.mts"), Language::TypeScript);
        assert_eq!(Language::of("m/a.cjs"), Language::JavaScript);
    }

    #[test]
    fn line_ends_marks_blanks_and_comments_change_nothing_in_sql() {
        let plain = sql("create table a (\n  b int\n);\nselect 1;\n");
        for same in [
            "\u{feff}create table a (\r\n  b int\r\n);\r\nselect 1;\r\n",
            "-- first\ncreate table a ( \n  b int -- a number\n);\n\n\n/* then */\nselect 1;",
        ] {
            assert_eq!(sql(same), plain, "{same}");
        }
    }

    #[test]
    fn statements_and_literals_change_it() {
        let plain = sql("insert into a values ('x  \n y -- z')");
        for other in [
            "insert into a values ('x\n y -- z')",
            "insert into a values ('x  \n y')",
            "insert into b values ('x  \n y -- z')",
        ] {
            assert_ne!(sql(other), plain, "{other}");
        }
    }

    #[test]
    fn only_fingerprints_of_one_kind_are_compared() {
        assert!(differ(&js("a()"), &js("b()")));
        assert!(!differ(&js("a()"), &js("a();")));
        assert!(!differ(&js("a()"), &checksum("a()", Language::TypeScript, DriverName::Sqlite)));
        assert!(!differ("of another tool", &js("a()")));
        let foreign = "é".repeat(32);
        assert!(!differ(&foreign, &js("a()")));
    }
}
