//! [`Cursor`]: reads the tokens of a statement from left to right.

use super::name::Name;
use super::token::{Kind, Token};
use crate::config::DriverName;

/// What of a statement is still to be read.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'t, 'a> {
    sql: &'a str,
    tokens: &'t [Token<'a>],
    pub driver: DriverName,
}

impl<'t, 'a> Cursor<'t, 'a> {
    pub fn new(sql: &'a str, tokens: &'t [Token<'a>], driver: DriverName) -> Self {
        Self { sql, tokens, driver }
    }

    fn over(self, tokens: &'t [Token<'a>]) -> Self {
        Self { tokens, ..self }
    }

    pub fn is_mysql(&self) -> bool {
        matches!(self.driver, DriverName::MySql | DriverName::MariaDb)
    }

    pub fn is_sqlserver(&self) -> bool {
        self.driver == DriverName::SqlServer
    }

    pub fn peek(&self) -> Option<&'t Token<'a>> {
        self.tokens.first()
    }

    pub fn tokens(&self) -> &'t [Token<'a>] {
        self.tokens
    }

    /// Whether it goes on with these words, which have one blank between.
    pub fn sees(&self, words: &str) -> bool {
        // Most words are another one from their first letter on.
        let is_near = self.peek().is_some_and(|token| starts_alike(token.text, words));
        let mut tokens = self.tokens.iter();
        is_near && words.split(' ').all(|word| tokens.next().is_some_and(|token| token.is(word)))
    }

    /// Whether it goes on with one of these words.
    pub fn sees_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.sees(word))
    }

    /// Goes past these words, when they come next.
    pub fn take(&mut self, words: &str) -> bool {
        let taken = self.sees(words);
        if taken {
            self.skip(words.split(' ').count());
        }
        taken
    }

    /// Goes past one of these words, when one comes next.
    pub fn take_any(&mut self, words: &[&str]) -> bool {
        words.iter().any(|word| self.take(word))
    }

    pub fn sees_sign(&self, sign: char) -> bool {
        self.peek().is_some_and(|token| token.is_sign(sign))
    }

    pub fn take_sign(&mut self, sign: char) -> bool {
        let taken = self.sees_sign(sign);
        self.skip(usize::from(taken));
        taken
    }

    pub fn skip(&mut self, count: usize) {
        self.tokens = &self.tokens[count.min(self.tokens.len())..];
    }

    /// A name of one part. `PostgreSQL` folds what is not quoted.
    pub fn part(&mut self) -> Option<String> {
        let token = *self.peek()?;
        let name = match token.kind {
            Kind::Word if self.driver == DriverName::Postgres => token.text.to_lowercase(),
            Kind::Word => token.text.to_owned(),
            Kind::Name => unquoted(token.text),
            // Where MySQL wants a name it is none but with `ansi_quotes`.
            Kind::Literal if token.text.starts_with('"') => unquoted(token.text),
            _ => return None,
        };
        self.skip(1);
        Some(name)
    }

    /// A name of one part or more.
    pub fn name(&mut self) -> Option<Name> {
        let from = self.peek()?.at;
        let mut last = *self.peek()?;
        let mut parts = vec![self.part()?];
        while self.take_sign('.') {
            last = *self.peek()?;
            parts.push(self.part()?);
        }
        Name::written(parts, &self.sql[from..last.end()], last.at - from)
    }

    /// Tables with commas between them: `only a, b *`.
    pub fn tables(&mut self) -> Vec<Name> {
        let mut names = Vec::new();
        loop {
            self.take("only");
            names.extend(self.name());
            self.take_sign('*');
            if !self.take_sign(',') {
                return names;
            }
        }
    }

    /// What is in the parentheses that come next.
    pub fn group(&mut self) -> Option<Self> {
        if !self.sees_sign('(') {
            return None;
        }
        let mut depth = 0;
        let end = self.tokens.iter().position(|token| {
            depth += token.depth();
            depth == 0
        });
        let end = end.unwrap_or(self.tokens.len());
        let inside = self.over(&self.tokens[1..end]);
        self.skip(end + 1);
        Some(inside)
    }

    /// The parts between commas that stand in no parentheses.
    pub fn list(self) -> impl Iterator<Item = Self> {
        let mut depth = 0;
        let parts = self.tokens.split(move |token| {
            depth += token.depth();
            depth == 0 && token.is_sign(',')
        });
        parts.filter(|part| !part.is_empty()).map(move |part| self.over(part))
    }

    /// What comes before a semicolon.
    pub fn statement(mut self) -> Self {
        self.before(|at| at.sees_sign(';'))
    }

    /// What comes before the first place outside of parentheses that `ends`, and goes there.
    pub fn before(&mut self, ends: impl Fn(Self) -> bool) -> Self {
        let mut depth = 0;
        let end = (0..self.tokens.len()).find(|at| {
            let is_end = depth == 0 && ends(self.over(&self.tokens[*at..]));
            depth += self.tokens[*at].depth();
            is_end
        });
        let end = end.unwrap_or(self.tokens.len());
        let found = self.over(&self.tokens[..end]);
        self.skip(end);
        found
    }

    /// Whether these words stand anywhere in the rest.
    pub fn mentions(&self, words: &str) -> bool {
        (0..self.tokens.len()).any(|at| self.over(&self.tokens[at..]).sees(words))
    }

    /// Goes behind the first of these words that stands in no parentheses.
    pub fn go_past(&mut self, word: &str) -> bool {
        self.before(|at| at.sees(word));
        self.take(word)
    }

    /// The rest as it is written.
    pub fn text(&self) -> &'a str {
        match (self.tokens.first(), self.tokens.last()) {
            (Some(first), Some(last)) => &self.sql[first.at..last.end()],
            _ => "",
        }
    }
}

fn starts_alike(one: &str, other: &str) -> bool {
    let first = |text: &str| text.bytes().next().map(|byte| byte.to_ascii_lowercase());
    first(one) == first(other)
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

    #[test]
    fn names_are_read_as_the_database_reads_them() {
        let name =
            |sql, driver| Cursor::new(sql, &tokens(sql, driver), driver).name().map(|name| name.dotted());
        assert_eq!(name("App.Users u", DriverName::Postgres).as_deref(), Some("app.users"));
        assert_eq!(name(r#""App" . "a""b""#, DriverName::Postgres).as_deref(), Some(r#"App.a"b"#));
        assert_eq!(name("Users", DriverName::Sqlite).as_deref(), Some("Users"));
        assert_eq!(name("`a b`.c", DriverName::MySql).as_deref(), Some("a b.c"));
        assert_eq!(name("[a]]b]", DriverName::SqlServer).as_deref(), Some("a]b"));
        assert_eq!(name("'a'", DriverName::Postgres), None);
        assert_eq!(name("\"a\"", DriverName::MySql).as_deref(), Some("a"));
    }

    #[test]
    fn a_name_keeps_how_it_is_written_and_its_qualifier() {
        let sql = "s.\"A.b\" c";
        let name = Cursor::new(sql, &tokens(sql, DriverName::Postgres), DriverName::Postgres).name();
        let name = name.expect("a name");
        assert_eq!((name.text.as_str(), name.qualifier(), name.name.as_str()), ("s.\"A.b\"", "s.", "A.b"));
    }

    #[test]
    fn lists_and_groups_end_where_their_parentheses_do() {
        let sql = "(a, b(1, 2), array[1, 2], /* , */ ')') c";
        let all = tokens(sql, DriverName::Postgres);
        let mut cursor = Cursor::new(sql, &all, DriverName::Postgres);
        let group = cursor.group().expect("a group");
        let parts: Vec<_> = group.list().map(|part| part.text()).collect();
        assert_eq!(parts, ["a", "b(1, 2)", "array[1, 2]", "')'"]);
        assert_eq!(cursor.text(), "c");
    }

    #[test]
    fn what_never_closes_ends_with_the_text() {
        for sql in ["(", "(a", "a.", ")", "(a))", "]("] {
            let tokens = tokens(sql, DriverName::Postgres);
            let mut cursor = Cursor::new(sql, &tokens, DriverName::Postgres);
            cursor.tables();
            cursor.group();
            assert!(cursor.list().count() < 3);
            cursor.before(|_| false);
            assert_eq!(cursor.text(), "", "{sql}");
        }
    }
}
