//! [`Tokens`]: a statement as words, names and signs, by the lexical rules of its database.

use crate::config::DriverName;
use crate::dialect::scanner::{Piece, Scanner, is_word};
use crate::schema::TableName;

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    /// A keyword, a number, or a name without quotes.
    Word,
    /// A name in quotes, without them.
    Name(String),
    /// Text.
    Text,
    /// An operator, a parenthesis, a placeholder.
    Sign(u8),
}

#[derive(Debug)]
struct Token {
    kind: Kind,
    start: usize,
    end: usize,
}

/// The tokens of a statement.
#[derive(Debug)]
pub(super) struct Tokens<'a> {
    sql: &'a str,
    driver: DriverName,
    list: Vec<Token>,
}

impl<'a> Tokens<'a> {
    pub fn of(sql: &'a str, driver: DriverName) -> Self {
        let mut list = Vec::new();
        let mut scanner = Scanner::new(sql, driver);
        let mut start = 0;
        while let Some(piece) = scanner.next() {
            let end = scanner.position();
            match piece {
                Piece::Comment(_) => {}
                Piece::Code(code) => cut(code, start, &mut list),
                Piece::Quoted(text) => list.push(Token { kind: quoted(text), start, end }),
                _ => list.push(Token { kind: Kind::Sign(b'?'), start, end }),
            }
            start = end;
        }
        Self { sql, driver, list }
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether the words at `at` are these, which are in lower case.
    pub fn has(&self, at: usize, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(index, word)| self.word(at + index).is_some_and(|it| it == *word))
    }

    /// Whether the word at `at` is one of these.
    pub fn is_one_of(&self, at: usize, words: &[&str]) -> bool {
        self.word(at).is_some_and(|word| words.contains(&word.as_str()))
    }

    /// Where it goes on behind these words, which may be left out.
    pub fn after(&self, at: usize, words: &[&str]) -> usize {
        if self.has(at, words) { at + words.len() } else { at }
    }

    pub fn is_sign(&self, at: usize, sign: u8) -> bool {
        self.list.get(at).is_some_and(|token| token.kind == Kind::Sign(sign))
    }

    /// The word in lower case.
    pub fn word(&self, at: usize) -> Option<String> {
        let token = self.list.get(at)?;
        (token.kind == Kind::Word).then(|| self.sql[token.start..token.end].to_ascii_lowercase())
    }

    /// The name at `at`, spelled as the catalogue spells it where case folds.
    pub fn name(&self, at: usize) -> Option<String> {
        let token = self.list.get(at)?;
        match &token.kind {
            Kind::Name(name) => Some(name.clone()),
            Kind::Word if self.driver == DriverName::Postgres => {
                Some(self.sql[token.start..token.end].to_lowercase())
            }
            Kind::Word => Some(self.sql[token.start..token.end].to_owned()),
            _ => None,
        }
    }

    /// The table named at `at`, and where it goes on.
    pub fn table(&self, mut at: usize) -> Option<(TableName, usize)> {
        let mut parts = vec![self.name(at)?];
        at += 1;
        while self.is_sign(at, b'.') {
            parts.push(self.name(at + 1)?);
            at += 2;
        }
        let name = parts.pop()?;
        Some((TableName { schema: parts.pop(), name }, at))
    }

    /// The text of the tokens from `from` to before `to`.
    pub fn text(&self, from: usize, to: usize) -> &'a str {
        match (self.list.get(from), to.checked_sub(1).and_then(|last| self.list.get(last))) {
            (Some(first), Some(last)) if from < to => &self.sql[first.start..last.end],
            _ => "",
        }
    }

    /// The ranges between commas from `at` on, at the depth of parentheses in which it begins, until that closes.
    pub fn list(&self, at: usize) -> Vec<(usize, usize)> {
        let mut ranges = Vec::new();
        let (mut start, mut depth, mut end) = (at, 0_i32, self.len());
        for index in at..self.len() {
            match self.list[index].kind {
                Kind::Sign(b'(') => depth += 1,
                Kind::Sign(b')') if depth == 0 => {
                    end = index;
                    break;
                }
                Kind::Sign(b')') => depth -= 1,
                Kind::Sign(b',') if depth == 0 => {
                    ranges.push((start, index));
                    start = index + 1;
                }
                _ => {}
            }
        }
        if start < end {
            ranges.push((start, end));
        }
        ranges
    }
}

fn cut(code: &str, offset: usize, list: &mut Vec<Token>) {
    let bytes = code.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        while at < bytes.len() && is_word(bytes[at]) {
            at += 1;
        }
        let kind = if at > start {
            Kind::Word
        } else {
            at += 1;
            if bytes[start].is_ascii_whitespace() {
                continue;
            }
            Kind::Sign(bytes[start])
        };
        list.push(Token { kind, start: offset + start, end: offset + at });
    }
}

/// `'…'` and `$$…$$` are text. On MySQL `"…"` is, too, where no name is wanted.
fn quoted(text: &str) -> Kind {
    let Some(open) = text.chars().next().filter(|open| matches!(open, '"' | '`' | '[')) else {
        return Kind::Text;
    };
    let close = if open == '[' { ']' } else { open };
    let inner = text.get(1..text.len() - 1).unwrap_or_default();
    Kind::Name(inner.replace(&format!("{close}{close}"), &close.to_string()))
}
