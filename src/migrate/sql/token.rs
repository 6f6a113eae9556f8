//! [`Token`]: a statement in words, names, literals and signs.

use crate::config::DriverName;
use crate::dialect::scanner::{Piece, Scanner, is_word};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A keyword, a number, or a name without quotes.
    Word,
    /// A quoted name.
    Name,
    /// Text, or a placeholder for a value.
    Literal,
    /// One character of anything else.
    Sign,
}

/// A part of a statement. Comments and blanks are none.
#[derive(Debug, Clone, Copy)]
pub struct Token<'a> {
    /// What it is.
    pub kind: Kind,
    /// As it is written, with its quotes.
    pub text: &'a str,
    /// Where it begins.
    pub at: usize,
}

impl Token<'_> {
    pub fn is(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }

    pub fn is_sign(&self, sign: char) -> bool {
        self.kind == Kind::Sign && self.text.starts_with(sign)
    }

    pub fn end(&self) -> usize {
        self.at + self.text.len()
    }

    /// What it adds to the depth of parentheses and brackets.
    pub fn depth(&self) -> i32 {
        match (self.kind, self.text) {
            (Kind::Sign, "(" | "[") => 1,
            (Kind::Sign, ")" | "]") => -1,
            _ => 0,
        }
    }
}

/// Cuts a statement. What MySQL runs of a comment (`/*!40101 … */`) is read as if it stood there by itself.
pub fn tokens(sql: &str, driver: DriverName) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut scanner = Scanner::new(sql, driver);
    loop {
        let at = scanner.position();
        let Some(piece) = scanner.next() else { break };
        let kind = match piece {
            Piece::Comment(_) => continue,
            Piece::Code(code) => {
                words(code, at, driver, &mut tokens);
                continue;
            }
            Piece::Quoted(text) if is_text(text, driver) => Kind::Literal,
            Piece::Quoted(_) => Kind::Name,
            Piece::Semicolon => Kind::Sign,
            _ => Kind::Literal,
        };
        tokens.push(Token { kind, text: &sql[at..scanner.position()], at });
    }
    tokens
}

/// `'…'` and `$$…$$`; `"…"` on MySQL, where it is a name only when its server is told so.
fn is_text(text: &str, driver: DriverName) -> bool {
    text.starts_with(['\'', '$'])
        || text.starts_with('"') && matches!(driver, DriverName::MySql | DriverName::MariaDb)
}

fn words<'a>(code: &'a str, from: usize, driver: DriverName, tokens: &mut Vec<Token<'a>>) {
    let is_mysql = matches!(driver, DriverName::MySql | DriverName::MariaDb);
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let at = from + code.len() - rest.len();
        if is_mysql && let Some(length) = comment_mark(rest) {
            rest = &rest[length..];
            continue;
        }
        let length = rest.bytes().take_while(|byte| is_word(*byte)).count();
        let (kind, length) = if length > 0 { (Kind::Word, length) } else { (Kind::Sign, first.len_utf8()) };
        if !first.is_whitespace() {
            tokens.push(Token { kind, text: &rest[..length], at });
        }
        rest = &rest[length..];
    }
}

/// The length of what begins or ends a comment that is run: `/*!40101`, `/*M!100100`, `*/`.
fn comment_mark(text: &str) -> Option<usize> {
    if text.starts_with("*/") {
        return Some(2);
    }
    let version = text.strip_prefix("/*M!").or_else(|| text.strip_prefix("/*!"))?;
    let rest = version.trim_start_matches(|digit: char| digit.is_ascii_digit());
    Some(text.len() - rest.len())
}

/// Whether parts of a statement are run by some servers only: `/*!80000 … */` of MySQL.
pub fn is_conditional(sql: &str, driver: DriverName) -> bool {
    matches!(driver, DriverName::MySql | DriverName::MariaDb)
        && Scanner::new(sql, driver)
            .any(|piece| matches!(piece, Piece::Code(code) if code.contains("/*!") || code.contains("/*M!")))
}

#[cfg(test)]
mod tests {
    use super::Kind::{Literal, Name, Sign, Word};
    use super::*;

    fn brief(sql: &str, driver: DriverName) -> Vec<(Kind, &str)> {
        tokens(sql, driver).into_iter().map(|token| (token.kind, token.text)).collect()
    }

    #[test]
    fn words_names_literals_and_signs() {
        assert_eq!(
            brief("alter table \"a b\".c -- x\n add d int default 'e;' <> $1;", DriverName::Postgres),
            [
                (Word, "alter"),
                (Word, "table"),
                (Name, "\"a b\""),
                (Sign, "."),
                (Word, "c"),
                (Word, "add"),
                (Word, "d"),
                (Word, "int"),
                (Word, "default"),
                (Literal, "'e;'"),
                (Sign, "<"),
                (Sign, ">"),
                (Literal, "$1"),
                (Sign, ";"),
            ]
        );
        assert_eq!(brief("`a` \"b\"", DriverName::MySql), [(Name, "`a`"), (Literal, "\"b\"")]);
        assert_eq!(brief(r"'a\', b' c", DriverName::MySql), [(Literal, r"'a\', b'"), (Word, "c")]);
        assert_eq!(brief("[a]]b] c", DriverName::SqlServer), [(Name, "[a]]b]"), (Word, "c")]);
        assert_eq!(brief("$x$a, 'b$x$ c", DriverName::Postgres), [(Literal, "$x$a, 'b$x$"), (Word, "c")]);
    }

    #[test]
    fn comments_that_mysql_runs_are_read() {
        let expected = [(Word, "drop"), (Word, "table"), (Name, "`a`")];
        assert_eq!(brief("/*!40101 drop table `a` */", DriverName::MySql), expected);
        assert_eq!(brief("drop /*M!100100 table*/ `a`", DriverName::MariaDb), expected);
    }
}
