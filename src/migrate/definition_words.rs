//! [`Words`]: the words, names and signs of one statement, one after the other.

use super::definition::Name;
use crate::config::DriverName;
use crate::dialect::scanner::{Piece, Scanner, is_word};

pub(super) struct Words<'a> {
    sql: &'a str,
    driver: DriverName,
    /// Where each begins and ends.
    found: Vec<(usize, usize)>,
    at: usize,
}

impl<'a> Words<'a> {
    pub(super) fn new(sql: &'a str, driver: DriverName) -> Self {
        let mut found = Vec::new();
        let mut scanner = Scanner::new(sql, driver);
        loop {
            let start = scanner.position();
            let Some(piece) = scanner.next() else { break };
            match piece {
                Piece::Comment(_) => {}
                Piece::Code(code) => words_in(code, start, &mut found),
                _ => found.push((start, scanner.position())),
            }
        }
        Self { sql, driver, found, at: 0 }
    }

    fn here(&self) -> &'a str {
        self.found.get(self.at).map_or("", |&(start, end)| &self.sql[start..end])
    }

    /// Whether this word, or sign, comes next.
    pub(super) fn is(&self, word: &str) -> bool {
        self.here().eq_ignore_ascii_case(word)
    }

    /// Takes the word if it comes next.
    pub(super) fn eat(&mut self, word: &str) -> bool {
        let is = self.is(word);
        self.at += usize::from(is);
        is
    }

    /// Takes all of them, or none.
    pub(super) fn eat_all(&mut self, words: &[&str]) -> bool {
        let start = self.at;
        let is = words.iter().all(|word| self.eat(word));
        if !is {
            self.at = start;
        }
        is
    }

    /// Takes whatever comes next; nothing when it was the end.
    pub(super) fn skip(&mut self) -> Option<()> {
        self.at += 1;
        (self.at <= self.found.len()).then_some(())
    }

    /// What has not been taken.
    pub(super) fn rest(&self) -> &'a str {
        self.found.get(self.at).map_or("", |&(start, _)| &self.sql[start..])
    }

    /// A name, which may be qualified.
    pub(super) fn name(&mut self) -> Option<Name> {
        let start = self.found.get(self.at)?.0;
        let mut parts = vec![self.part()?];
        while self.eat(".") {
            parts.push(self.part()?);
        }
        let end = self.found[self.at - 1].1;
        Some(Name { text: self.sql[start..end].to_owned(), parts })
    }

    fn part(&mut self) -> Option<String> {
        let word = self.here();
        let first = *word.as_bytes().first()?;
        let inside = |close: char| {
            let content = word.get(1..word.len() - 1).unwrap_or_default();
            content.replace(&close.to_string().repeat(2), &close.to_string())
        };
        let part = match first {
            b'"' => inside('"'),
            b'`' => inside('`'),
            b'[' => inside(']'),
            _ if is_word(first) && !first.is_ascii_digit() => match self.driver {
                DriverName::Postgres => word.to_lowercase(),
                _ => word.to_owned(),
            },
            _ => return None,
        };
        self.at += 1;
        Some(part)
    }

    /// Goes on behind the next comma outside of parentheses.
    pub(super) fn next_clause(&mut self) -> bool {
        let mut depth = 0_i32;
        while self.at < self.found.len() {
            match self.here() {
                "(" => depth += 1,
                ")" => depth -= 1,
                "," if depth <= 0 => {
                    self.at += 1;
                    return true;
                }
                _ => {}
            }
            self.at += 1;
        }
        false
    }
}

fn words_in(code: &str, start: usize, found: &mut Vec<(usize, usize)>) {
    let bytes = code.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let from = at;
        if is_word(bytes[at]) {
            while at < bytes.len() && is_word(bytes[at]) {
                at += 1;
            }
        } else {
            at += 1;
            if bytes[from].is_ascii_whitespace() {
                continue;
            }
        }
        found.push((start + from, start + at));
    }
}
