//! [`Token`]: a statement in words, names, literals and signs, and what its comments allow.

use crate::config::DriverName;
use crate::dialect::scanner::{Piece, Scanner, is_word};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A keyword or a name without quotes.
    Word,
    /// A quoted name.
    Name,
    /// Text, or a placeholder for a value.
    Literal,
    /// One character of anything else.
    Sign,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    /// Where it begins.
    pub(super) at: usize,
}

impl Token<'_> {
    pub(super) fn is(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }

    pub(super) fn is_sign(&self, sign: &str) -> bool {
        self.kind == Kind::Sign && self.text == sign
    }

    pub(super) fn end(&self) -> usize {
        self.at + self.text.len()
    }
}

/// Cuts a statement.
pub(super) fn tokens(sql: &str, driver: DriverName) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut scanner = Scanner::new(sql, driver);
    loop {
        let at = scanner.position();
        let Some(piece) = scanner.next() else { break };
        match piece {
            Piece::Comment(_) | Piece::Semicolon => {}
            Piece::Code(code) => words(code, at, &mut tokens),
            Piece::Quoted(text) => {
                let is_text = matches!(text.as_bytes()[0], b'\'' | b'$')
                    || text.starts_with('"') && matches!(driver, DriverName::MySql | DriverName::MariaDb);
                tokens.push(Token { kind: if is_text { Kind::Literal } else { Kind::Name }, text, at });
            }
            _ => tokens.push(Token { kind: Kind::Literal, text: &sql[at..scanner.position()], at }),
        }
    }
    tokens
}

fn words<'a>(code: &'a str, from: usize, tokens: &mut Vec<Token<'a>>) {
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let at = from + code.len() - rest.len();
        let length = rest.bytes().take_while(|byte| is_word(*byte)).count();
        let (kind, length) = if length > 0 { (Kind::Word, length) } else { (Kind::Sign, first.len_utf8()) };
        if !first.is_whitespace() {
            tokens.push(Token { kind, text: &rest[..length], at });
        }
        rest = &rest[length..];
    }
}

/// The names after `guruorm: allow` in the comments of a statement.
pub(super) fn allowed(sql: &str, driver: DriverName) -> Vec<&str> {
    let comments = Scanner::new(sql, driver).filter_map(|piece| match piece {
        Piece::Comment(comment) => allowed_by(comment),
        _ => None,
    });
    comments.flat_map(|names| names.split([',', ' '])).filter(|name| !name.is_empty()).collect()
}

/// What a comment allows, as it is written: `-- guruorm: allow drop-column, drop-table`.
pub(in crate::migrate) fn allowed_by(comment: &str) -> Option<&str> {
    let text = comment
        .trim_matches(|letter: char| matches!(letter, '-' | '#' | '/' | '*') || letter.is_whitespace());
    let rest = text.strip_prefix("guruorm:")?.trim_start().strip_prefix("allow")?;
    rest.starts_with(char::is_whitespace).then(|| rest.trim())
}

#[cfg(test)]
mod tests {
    use super::Kind::{Literal, Name, Sign, Word};
    use super::*;

    #[test]
    fn words_names_literals_and_signs() {
        let found = tokens("alter table \"a b\".c -- x\n add d int default 'e;' <> $1", DriverName::Postgres);
        let brief: Vec<_> = found.iter().map(|token| (token.kind, token.text)).collect();
        assert_eq!(
            brief,
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
            ]
        );
        let mysql = tokens("`a` \"b\"", DriverName::MySql);
        assert_eq!((mysql[0].kind, mysql[1].kind), (Name, Literal));
    }

    #[test]
    fn comments_allow_rules_by_name() {
        let sql = "-- guruorm: allow drop-table, drop-column\nselect 1 /* guruorm:allow x */ -- guruorm: allowed y\n'-- guruorm: allow z'";
        assert_eq!(allowed(sql, DriverName::Postgres), ["drop-table", "drop-column", "x"]);
    }
}
