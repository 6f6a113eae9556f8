//! [`tokens`] and [`Cursor`]: SQL as words, names and signs, for reading the structure of a statement.

use crate::config::DriverName;
use crate::dialect::scanner::{Piece, Scanner, is_word};

/// One token. Comments and blanks are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    /// A keyword, an unquoted name or a number, as it is written.
    Word(&'a str),
    /// A quoted name, without its quotes.
    Name(String),
    /// A literal, or a placeholder.
    Literal,
    /// Any other character.
    Sign(char),
}

/// A token and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind<'a>,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// Cuts SQL into tokens.
pub(super) fn tokens(sql: &str, driver: DriverName) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut scanner = Scanner::new(sql, driver);
    loop {
        let from = scanner.position();
        let Some(piece) = scanner.next() else { return found };
        let to = scanner.position();
        let kind = match piece {
            Piece::Comment(_) => continue,
            Piece::Code(code) => {
                words(code, from, &mut found);
                continue;
            }
            Piece::Quoted(text) => unquoted(text, driver).map_or(Kind::Literal, Kind::Name),
            Piece::Semicolon => Kind::Sign(';'),
            Piece::Question | Piece::Escaped | Piece::Numbered(..) | Piece::Named(_) => Kind::Literal,
        };
        found.push(Token { kind, from, to });
    }
}

fn words<'a>(code: &'a str, start: usize, found: &mut Vec<Token<'a>>) {
    let bytes = code.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let from = at;
        while at < bytes.len() && is_word(bytes[at]) {
            at += 1;
        }
        if at > from {
            found.push(Token { kind: Kind::Word(&code[from..at]), from: start + from, to: start + at });
            continue;
        }
        let letter = code[at..].chars().next().unwrap_or(' ');
        at += letter.len_utf8();
        if !letter.is_whitespace() {
            found.push(Token { kind: Kind::Sign(letter), from: start + from, to: start + at });
        }
    }
}

/// The name between quotes; none when they hold a text.
fn unquoted(text: &str, driver: DriverName) -> Option<String> {
    let is_mysql = matches!(driver, DriverName::MySql | DriverName::MariaDb);
    let (open, close) = match text.chars().next()? {
        '"' if !is_mysql => ('"', '"'),
        '`' => ('`', '`'),
        '[' => ('[', ']'),
        _ => return None,
    };
    let inner = text.strip_prefix(open)?.strip_suffix(close)?;
    Some(inner.replace(&format!("{close}{close}"), &close.to_string()))
}

/// Reads tokens from left to right.
pub(super) struct Cursor<'t, 'a> {
    tokens: &'t [Token<'a>],
    at: usize,
    driver: DriverName,
}

impl<'t, 'a> Cursor<'t, 'a> {
    pub(super) fn new(tokens: &'t [Token<'a>], driver: DriverName) -> Self {
        Self { tokens, at: 0, driver }
    }

    /// What is still to be read.
    pub(super) fn rest(&self) -> &'t [Token<'a>] {
        self.tokens.get(self.at..).unwrap_or_default()
    }

    pub(super) fn skip(&mut self) {
        self.at += 1;
    }

    /// The next word in lower case; empty for anything else.
    pub(super) fn word(&self) -> String {
        self.rest().first().map_or_else(String::new, word_of)
    }

    /// Reads these words, all or none of them.
    pub(super) fn eat(&mut self, words: &str) -> bool {
        let count = words.split(' ').count();
        let are_next = self.rest().len() >= count
            && words.split(' ').zip(self.rest()).all(|(word, token)| word_of(token) == word);
        self.at += if are_next { count } else { 0 };
        are_next
    }

    /// Reads whichever of these words come next.
    pub(super) fn eat_all_of(&mut self, words: &[&str]) {
        while words.contains(&self.word().as_str()) {
            self.skip();
        }
    }

    pub(super) fn sign(&mut self, sign: char) -> bool {
        let is_next =
            matches!(self.rest().first(), Some(Token { kind: Kind::Sign(next), .. }) if *next == sign);
        self.at += usize::from(is_next);
        is_next
    }

    /// A name, with its namespaces and dots between. PostgreSQL folds what is not quoted.
    pub(super) fn name(&mut self) -> Option<String> {
        let mut parts = vec![self.part()?];
        while self.sign('.') {
            parts.push(self.part()?);
        }
        Some(parts.join("."))
    }

    fn part(&mut self) -> Option<String> {
        let name = match &self.rest().first()?.kind {
            Kind::Word(word) if self.driver == DriverName::Postgres => word.to_lowercase(),
            Kind::Word(word) => (*word).to_owned(),
            Kind::Name(name) => name.clone(),
            _ => return None,
        };
        self.skip();
        Some(name)
    }

    /// The tokens between parentheses.
    pub(super) fn group(&mut self) -> Option<&'t [Token<'a>]> {
        if !self.sign('(') {
            return None;
        }
        let inner = self.rest();
        let mut depth = 1;
        for (length, token) in inner.iter().enumerate() {
            depth += depth_of(token);
            if depth == 0 {
                self.at += length + 1;
                return Some(&inner[..length]);
            }
        }
        self.at = self.tokens.len();
        Some(inner)
    }
}

/// Tokens with commas between them, cut at the commas outside of parentheses.
pub(super) fn listed<'t, 'a>(tokens: &'t [Token<'a>]) -> impl Iterator<Item = &'t [Token<'a>]> {
    let mut depth = 0;
    tokens
        .split(move |token| {
            depth += depth_of(token);
            depth == 0 && token.kind == Kind::Sign(',')
        })
        .filter(|part| !part.is_empty())
}

/// A word in lower case; empty for anything else.
pub(super) fn word_of(token: &Token<'_>) -> String {
    if let Kind::Word(word) = token.kind { word.to_ascii_lowercase() } else { String::new() }
}

fn depth_of(token: &Token<'_>) -> i32 {
    match token.kind {
        Kind::Sign('(') => 1,
        Kind::Sign(')') => -1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_the_database_reads_them() {
        let name = |sql, driver| Cursor::new(&tokens(sql, driver), driver).name();
        assert_eq!(name("App.Users u", DriverName::Postgres).as_deref(), Some("app.users"));
        assert_eq!(name(r#""App" . "a""b""#, DriverName::Postgres).as_deref(), Some(r#"App.a"b"#));
        assert_eq!(name("Users", DriverName::Sqlite).as_deref(), Some("Users"));
        assert_eq!(name("`a b`.c", DriverName::MySql).as_deref(), Some("a b.c"));
        assert_eq!(name("[a]]b]", DriverName::SqlServer).as_deref(), Some("a]b"));
        assert_eq!(name("'a'", DriverName::Postgres), None);
        assert_eq!(name("\"a\"", DriverName::MySql), None);
    }

    #[test]
    fn lists_and_groups_end_where_their_parentheses_do() {
        let all = tokens("(a, b(1, 2), /* , */ ')') c", DriverName::Postgres);
        let mut cursor = Cursor::new(&all, DriverName::Postgres);
        let group = cursor.group().expect("a group");
        assert_eq!(listed(group).map(<[_]>::len).collect::<Vec<_>>(), [1, 6, 1]);
        assert!(cursor.eat("c") && cursor.rest().is_empty());
    }
}
