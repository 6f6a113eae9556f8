//! [`Cursor`]: reads the tokens of a statement from left to right.

use super::token::{Kind, Token};

/// A name, with the namespace in front of it where it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) namespace: Option<String>,
    pub(super) name: String,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'t, 'a> {
    pub(super) sql: &'a str,
    tokens: &'t [Token<'a>],
}

impl<'t, 'a> Cursor<'t, 'a> {
    pub(super) fn new(sql: &'a str, tokens: &'t [Token<'a>]) -> Self {
        Self { sql, tokens }
    }

    pub(super) fn peek(&self) -> Option<&Token<'a>> {
        self.tokens.first()
    }

    /// Whether it goes on with these words.
    pub(super) fn sees(&self, words: &[&str]) -> bool {
        self.tokens.len() >= words.len() && self.tokens.iter().zip(words).all(|(token, word)| token.is(word))
    }

    /// Whether it goes on with one of these words.
    pub(super) fn sees_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.sees(&[word]))
    }

    /// Goes past these words, when they come next.
    pub(super) fn take(&mut self, words: &[&str]) -> bool {
        let taken = self.sees(words);
        if taken {
            self.skip(words.len());
        }
        taken
    }

    /// Goes past one of these words, when one comes next.
    pub(super) fn take_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.take(&[word]))
    }

    pub(super) fn take_sign(&mut self, sign: &str) -> bool {
        let taken = self.peek().is_some_and(|token| token.is_sign(sign));
        if taken {
            self.skip(1);
        }
        taken
    }

    pub(super) fn skip(&mut self, count: usize) {
        self.tokens = &self.tokens[count.min(self.tokens.len())..];
    }

    /// A name of one part.
    pub(super) fn part(&mut self) -> Option<String> {
        let token = *self.peek()?;
        let name = match token.kind {
            Kind::Word => token.text.to_owned(),
            Kind::Name => unquoted(token.text),
            _ => return None,
        };
        self.skip(1);
        Some(name)
    }

    /// A name of one part or more.
    pub(super) fn name(&mut self) -> Option<Name> {
        let mut name = Name { namespace: None, name: self.part()? };
        while self.take_sign(".") {
            name = Name { namespace: Some(name.name), name: self.part()? };
        }
        Some(name)
    }

    /// Names with commas between them.
    pub(super) fn names(&mut self) -> Vec<Name> {
        let mut names = Vec::new();
        while let Some(name) = self.name() {
            names.push(name);
            if !self.take_sign(",") {
                break;
            }
        }
        names
    }

    /// What is in the parentheses that come next.
    pub(super) fn group(&mut self) -> Option<Self> {
        if !self.peek()?.is_sign("(") {
            return None;
        }
        let mut depth = 0_usize;
        let end = self.tokens.iter().position(|token| {
            depth = depth + usize::from(token.is_sign("(")) - usize::from(token.is_sign(")") && depth > 0);
            depth == 0
        });
        let end = end.unwrap_or(self.tokens.len());
        let inside = Self { sql: self.sql, tokens: &self.tokens[1..end.max(1)] };
        self.skip(end + 1);
        Some(inside)
    }

    /// The parts between commas that stand in no parentheses.
    pub(super) fn list(&self) -> Vec<Self> {
        let mut parts = Vec::new();
        let mut depth = 0_usize;
        let mut start = 0;
        for (at, token) in self.tokens.iter().enumerate() {
            if token.is_sign("(") {
                depth += 1;
            } else if token.is_sign(")") {
                depth = depth.saturating_sub(1);
            } else if depth == 0 && token.is_sign(",") {
                parts.push(Self { sql: self.sql, tokens: &self.tokens[start..at] });
                start = at + 1;
            }
        }
        if start < self.tokens.len() {
            parts.push(Self { sql: self.sql, tokens: &self.tokens[start..] });
        }
        parts
    }

    /// What comes before the first token outside of parentheses that `ends`, and goes there.
    pub(super) fn before(&mut self, ends: impl Fn(&Token<'a>) -> bool) -> Self {
        let mut depth = 0_usize;
        let end = self.tokens.iter().position(|token| {
            let is_end = depth == 0 && ends(token);
            if token.is_sign("(") {
                depth += 1;
            } else if token.is_sign(")") {
                depth = depth.saturating_sub(1);
            }
            is_end
        });
        let end = end.unwrap_or(self.tokens.len());
        let found = Self { sql: self.sql, tokens: &self.tokens[..end] };
        self.skip(end);
        found
    }

    /// Whether the word stands anywhere in the rest.
    pub(super) fn mentions(&self, word: &str) -> bool {
        self.tokens.iter().any(|token| token.is(word))
    }

    /// Goes behind the first of these words that stands in no parentheses.
    pub(super) fn go_past(&mut self, word: &str) -> bool {
        self.before(|token| token.is(word));
        self.take(&[word])
    }

    pub(super) fn tokens(&self) -> &'t [Token<'a>] {
        self.tokens
    }

    /// The rest as it is written.
    pub(super) fn text(&self) -> &'a str {
        match (self.tokens.first(), self.tokens.last()) {
            (Some(first), Some(last)) => &self.sql[first.at..last.end()],
            _ => "",
        }
    }
}

/// A quoted name without its quotes.
fn unquoted(text: &str) -> String {
    let close = match text.chars().next() {
        Some('[') => ']',
        Some(open) => open,
        None => return String::new(),
    };
    let inside = text.get(1..).unwrap_or("");
    let inside = inside.strip_suffix(close).unwrap_or(inside);
    inside.replace(&format!("{close}{close}"), &close.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::token::tokens;
    use super::*;
    use crate::config::DriverName;

    #[test]
    fn names_of_any_spelling_are_read() {
        let sql = "a.\"b \"\"c\"\"\" , d (e, f(g, h)) rest";
        let tokens = tokens(sql, DriverName::Postgres);
        let mut cursor = Cursor::new(sql, &tokens);
        let names = cursor.names();
        assert_eq!(names[0], Name { namespace: Some("a".into()), name: "b \"c\"".into() });
        assert_eq!(names[1].name, "d");
        let group = cursor.group().expect("group");
        let parts: Vec<_> = group.list().iter().map(Cursor::text).collect();
        assert_eq!(parts, ["e", "f(g, h)"]);
        assert_eq!(cursor.text(), "rest");
    }

    #[test]
    fn what_never_closes_ends_with_the_text() {
        for sql in ["(", "(a", "a.", ")", "(a))"] {
            let tokens = tokens(sql, DriverName::Postgres);
            let mut cursor = Cursor::new(sql, &tokens);
            cursor.names();
            cursor.group();
            cursor.list();
            cursor.before(|_| false);
            assert_eq!(cursor.text(), "", "{sql}");
        }
    }
}
