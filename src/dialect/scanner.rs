//! [`Scanner`]: cuts SQL text into literals, comments, placeholders and the code between them.
//!
//! It knows just enough of each database's lexical rules to tell where a placeholder, a semicolon
//! or a keyword is real. One pass, no look-back beyond one character.
//!
//! Sources: PostgreSQL 17 §4.1; MySQL 8.4 §11.1 and §11.7; SQLite "SQL As Understood By SQLite"
//! (tokenize.c); Transact-SQL "Identifiers" and "Comment".

use crate::config::DriverName;

/// One cut of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Keywords, names, operators, white space.
    Code(&'a str),
    /// A literal or a quoted name.
    Quoted(&'a str),
    /// A comment.
    Comment(&'a str),
    /// `?`
    Question,
    /// `??`
    Escaped,
    /// `$1`: its text and its number (0 when it is too large to be one).
    Numbered(&'a str, u32),
    /// `:name`, without the colon.
    Named(&'a str),
    /// `;`
    Semicolon,
}

/// Cuts SQL text into [`Piece`]s.
#[allow(clippy::struct_excessive_bools)] // each is asked on its own
pub(crate) struct Scanner<'a> {
    sql: &'a str,
    at: usize,
    is_postgres: bool,
    is_mysql: bool,
    is_sqlite: bool,
    is_sqlserver: bool,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(sql: &'a str, driver: DriverName) -> Self {
        Self {
            sql,
            at: 0,
            is_postgres: driver == DriverName::Postgres,
            is_mysql: matches!(driver, DriverName::MySql | DriverName::MariaDb),
            is_sqlite: driver == DriverName::Sqlite,
            is_sqlserver: driver == DriverName::SqlServer,
        }
    }

    /// Where the next piece begins.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// Goes on at `at`, a boundary of characters: for lines that are no SQL (`DELIMITER //`).
    pub(crate) fn jump(&mut self, at: usize) {
        self.at = at.min(self.sql.len());
    }

    fn byte(&self, at: usize) -> u8 {
        self.sql.as_bytes().get(at).copied().unwrap_or(0)
    }

    /// Whether a word ends right before `at`.
    fn follows_word(&self, at: usize) -> bool {
        at > 0 && is_word(self.byte(at - 1))
    }

    /// Where the piece that starts at `at` ends, if it is more than one character of code.
    fn special(&self, at: usize) -> Option<(usize, Piece<'a>)> {
        let next = self.byte(at + 1);
        match self.byte(at) {
            b'\'' => {
                let is_escape_string = self.is_postgres
                    && at > 0
                    && matches!(self.byte(at - 1), b'e' | b'E')
                    && !self.follows_word(at - 1);
                Some(self.quoted(at, b'\'', self.is_mysql || is_escape_string))
            }
            b'"' => Some(self.quoted(at, b'"', self.is_mysql)),
            b'`' if self.is_mysql || self.is_sqlite => Some(self.quoted(at, b'`', false)),
            b'[' if self.is_sqlserver => Some(self.quoted(at, b']', false)),
            b'[' if self.is_sqlite => {
                let end = self.sql[at..].find(']').map_or(self.sql.len(), |length| at + length + 1);
                Some((end, Piece::Quoted(&self.sql[at..end])))
            }
            b'-' if next == b'-' && (!self.is_mysql || self.byte(at + 2) <= b' ') => {
                Some(self.line_comment(at))
            }
            b'#' if self.is_mysql => Some(self.line_comment(at)),
            // `/*!` is a comment to other databases only: its inside is code for this one.
            b'/' if next == b'*' && !(self.is_mysql && matches!(self.byte(at + 2), b'!' | b'M')) => {
                let end = self.block_comment_end(at);
                Some((end, Piece::Comment(&self.sql[at..end])))
            }
            b'$' if self.is_postgres && !self.follows_word(at) => self.dollar(at),
            b'?' if next == b'?' => Some((at + 2, Piece::Escaped)),
            b'?' => Some((at + 1, Piece::Question)),
            b';' => Some((at + 1, Piece::Semicolon)),
            b':' => self.colon(at),
            _ => None,
        }
    }

    /// From the opening quote to the closing one; doubled it is a character.
    fn quoted(&self, at: usize, close: u8, has_backslashes: bool) -> (usize, Piece<'a>) {
        let mut end = at + 1;
        while end < self.sql.len() {
            let byte = self.byte(end);
            if byte == b'\\' && has_backslashes {
                end += 2;
            } else if byte != close {
                end += 1;
            } else if self.byte(end + 1) == close {
                end += 2;
            } else {
                return (end + 1, Piece::Quoted(&self.sql[at..=end]));
            }
        }
        (self.sql.len(), Piece::Quoted(&self.sql[at..]))
    }

    fn line_comment(&self, at: usize) -> (usize, Piece<'a>) {
        let end = self.sql[at..].find('\n').map_or(self.sql.len(), |length| at + length);
        (end, Piece::Comment(&self.sql[at..end]))
    }

    fn block_comment_end(&self, at: usize) -> usize {
        let is_nested = self.is_postgres || self.is_sqlserver;
        let mut depth = 1;
        let mut end = at + 2;
        while end < self.sql.len() {
            match (self.byte(end), self.byte(end + 1)) {
                (b'*', b'/') => {
                    depth -= 1;
                    end += 2;
                    if depth == 0 {
                        return end;
                    }
                }
                (b'/', b'*') if is_nested => {
                    depth += 1;
                    end += 2;
                }
                _ => end += 1,
            }
        }
        self.sql.len()
    }

    /// `$1`, or `$tag$ … $tag$`.
    fn dollar(&self, at: usize) -> Option<(usize, Piece<'a>)> {
        let mut end = at + 1;
        if self.byte(end).is_ascii_digit() {
            while self.byte(end).is_ascii_digit() {
                end += 1;
            }
            let number = self.sql[at + 1..end].parse().unwrap_or(0);
            return Some((end, Piece::Numbered(&self.sql[at..end], number)));
        }
        while is_word(self.byte(end)) && self.byte(end) != b'$' {
            end += 1;
        }
        if self.byte(end) != b'$' {
            return None;
        }
        let tag = &self.sql[at..=end];
        let close =
            self.sql[end + 1..].find(tag).map_or(self.sql.len(), |length| end + 1 + length + tag.len());
        Some((close, Piece::Quoted(&self.sql[at..close])))
    }

    /// `:name`; `::` and `:=` are code.
    fn colon(&self, at: usize) -> Option<(usize, Piece<'a>)> {
        let next = self.byte(at + 1);
        if matches!(next, b':' | b'=') {
            return Some((at + 2, Piece::Code(&self.sql[at..at + 2])));
        }
        let is_name = (next.is_ascii_alphabetic() || next == b'_' || next >= 0x80) && !self.follows_word(at);
        if !is_name {
            return None;
        }
        let mut end = at + 1;
        while is_word(self.byte(end)) && self.byte(end) != b'$' {
            end += 1;
        }
        Some((end, Piece::Named(&self.sql[at + 1..end])))
    }
}

impl<'a> Iterator for Scanner<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let start = self.at;
        while self.at < self.sql.len() {
            if let Some((end, piece)) = self.special(self.at) {
                if self.at > start {
                    return Some(Piece::Code(&self.sql[start..self.at]));
                }
                // An escape at the very end would otherwise reach beyond the text.
                self.at = end.min(self.sql.len());
                return Some(piece);
            }
            self.at += 1;
        }
        (self.at > start).then(|| Piece::Code(&self.sql[start..]))
    }
}

/// Whether a byte may be part of a name. Bytes of characters beyond ASCII may.
pub(crate) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placeholders(sql: &str, driver: DriverName) -> usize {
        Scanner::new(sql, driver).filter(|piece| *piece == Piece::Question).count()
    }

    #[test]
    fn literals_and_comments_hide_question_marks() {
        for driver in DriverName::ALL {
            assert_eq!(
                placeholders("select '?', 'it''s ?', \"a?\" from t -- ?\n where a = ? /* ? */", driver),
                1
            );
        }
    }

    #[test]
    fn block_comments_nest_only_where_the_database_nests_them() {
        let sql = "/* a /* b */ ? */ ?";
        assert_eq!(placeholders(sql, DriverName::Postgres), 1);
        assert_eq!(placeholders(sql, DriverName::SqlServer), 1);
        assert_eq!(placeholders(sql, DriverName::MySql), 2);
        assert_eq!(placeholders(sql, DriverName::Sqlite), 2);
    }

    #[test]
    fn backslashes_escape_on_mysql_and_in_escape_strings() {
        assert_eq!(placeholders(r"select '\' ?' , ?", DriverName::MySql), 1);
        assert_eq!(placeholders(r"select E'\' ''?' , ?", DriverName::Postgres), 1);
        assert_eq!(placeholders(r"select '\' , ?", DriverName::Postgres), 1);
        assert_eq!(placeholders(r"select nameE'\' , ?", DriverName::Postgres), 1);
    }

    #[test]
    fn dollar_quotes_hide_everything_on_postgres() {
        assert_eq!(placeholders("select $$ ? ' $$, $a$ ? $$ $a$, ?", DriverName::Postgres), 1);
        assert_eq!(placeholders("select a$b, c$d, ?", DriverName::Postgres), 1);
    }

    #[test]
    fn brackets_quote_on_sqlserver_and_sqlite_alone() {
        assert_eq!(placeholders("select [a]]?] , ?", DriverName::SqlServer), 1);
        assert_eq!(placeholders("select [a?], ?", DriverName::Sqlite), 1);
        assert_eq!(placeholders("select tags[?], ?", DriverName::Postgres), 2);
    }

    #[test]
    fn hash_comments_and_version_comments_are_mysqls() {
        assert_eq!(placeholders("select 1 # ?\n, ?", DriverName::MySql), 1);
        assert_eq!(placeholders("select data #> ?, ?", DriverName::Postgres), 2);
        assert_eq!(placeholders("select /*!40001 sql_no_cache */ ? --?", DriverName::MySql), 2);
    }

    #[test]
    fn casts_and_assignments_are_no_names() {
        let names: Vec<_> =
            Scanner::new("select a::text, :b, @x := 1, t[1:2], :c1::int", DriverName::Postgres)
                .filter(|piece| matches!(piece, Piece::Named(_)))
                .collect();
        assert_eq!(names, [Piece::Named("b"), Piece::Named("c1")]);
    }

    #[test]
    fn every_text_is_cut_without_loss() {
        let alphabet = [
            "'", "\"", "`", "[", "]", "$", "$a$", "?", ":", "n", "\\", "/*", "*/", "--", "#", "\n", ";", "é",
            "E'", "1",
        ];
        let mut seed = 7_u32;
        for _ in 0..5000 {
            let mut sql = String::new();
            for _ in 0..(seed % 13) {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                sql.push_str(alphabet[(seed >> 16) as usize % alphabet.len()]);
            }
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            for driver in DriverName::ALL {
                let mut joined = String::new();
                for piece in Scanner::new(&sql, driver) {
                    match piece {
                        Piece::Code(text)
                        | Piece::Quoted(text)
                        | Piece::Comment(text)
                        | Piece::Numbered(text, _) => {
                            joined.push_str(text);
                        }
                        Piece::Question => joined.push('?'),
                        Piece::Escaped => joined.push_str("??"),
                        Piece::Named(name) => {
                            joined.push(':');
                            joined.push_str(name);
                        }
                        Piece::Semicolon => joined.push(';'),
                    }
                }
                assert_eq!(joined, sql, "{driver:?}");
            }
        }
    }
}
