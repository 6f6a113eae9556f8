//! The words that the top-level statements of an SQL text begin with. No parser: quotes, comments and
//! routine bodies are passed over, and nothing else is understood.

use crate::config::DriverName;

/// How many words of a statement are kept: `alter table only "a" detach partition b concurrently`.
const KEPT: usize = 12;

/// The first words of every statement in `sql`, in capitals. Quoted names are `"`.
pub(super) fn statements(driver: DriverName, sql: &str) -> Vec<Vec<String>> {
    let mut reader = Reader { driver, bytes: sql.as_bytes(), at: 0 };
    let mut found = Vec::new();
    let mut words: Vec<String> = Vec::new();
    while let Some(token) = reader.next() {
        match token {
            Token::End => found.extend((!words.is_empty()).then(|| std::mem::take(&mut words))),
            Token::Word(word) => {
                // The body of a routine or trigger follows, with semicolons of its own.
                if word == "BEGIN" && begins_routine(&words) {
                    break;
                }
                if word == "NOT" && words == ["BEGIN"] {
                    words[0] = "BEGIN NOT ATOMIC".into();
                    break;
                }
                if words.len() < KEPT {
                    words.push(word);
                }
            }
            Token::Other => {
                if words.len() < KEPT {
                    words.push("\"".into());
                }
            }
        }
    }
    found.extend((!words.is_empty()).then_some(words));
    found
}

fn begins_routine(words: &[String]) -> bool {
    const ROUTINES: [&str; 5] = ["TRIGGER", "FUNCTION", "PROCEDURE", "EVENT", "PACKAGE"];
    words.first().is_some_and(|first| first == "CREATE" || first == "ALTER")
        && words.iter().take(6).any(|word| ROUTINES.contains(&word.as_str()))
}

enum Token {
    /// A bare word, in capitals.
    Word(String),
    /// A quoted name or text.
    Other,
    /// A semicolon.
    End,
}

struct Reader<'sql> {
    driver: DriverName,
    bytes: &'sql [u8],
    at: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<Token> {
        loop {
            let byte = *self.bytes.get(self.at)?;
            let after = self.bytes.get(self.at + 1).copied();
            match byte {
                b'-' if after == Some(b'-') => self.skip_line(),
                b'#' if self.is_mysql() => self.skip_line(),
                b'/' if after == Some(b'*') => self.skip_comment(),
                b'\'' => {
                    let is_escaped = self.is_mysql() || self.follows_an_e();
                    return Some(self.quoted(b'\'', is_escaped));
                }
                b'"' => return Some(self.quoted(b'"', self.is_mysql())),
                b'`' => return Some(self.quoted(b'`', false)),
                b'[' if matches!(self.driver, DriverName::Sqlite | DriverName::SqlServer) => {
                    return Some(self.quoted(b']', false));
                }
                b'$' if self.driver == DriverName::Postgres && self.skip_dollar_quote() => {
                    return Some(Token::Other);
                }
                b';' => {
                    self.at += 1;
                    return Some(Token::End);
                }
                _ if is_word(byte) => return Some(self.word()),
                _ => self.at += 1,
            }
        }
    }

    fn is_mysql(&self) -> bool {
        matches!(self.driver, DriverName::MySql | DriverName::MariaDb)
    }

    /// `E'…'` of `PostgreSQL`, where a backslash escapes.
    fn follows_an_e(&self) -> bool {
        let e = self.at.checked_sub(1).and_then(|at| self.bytes.get(at));
        let before = self.at.checked_sub(2).and_then(|at| self.bytes.get(at));
        e.is_some_and(|byte| byte.eq_ignore_ascii_case(&b'e')) && !before.is_some_and(|byte| is_word(*byte))
    }

    fn skip_line(&mut self) {
        while self.bytes.get(self.at).is_some_and(|byte| *byte != b'\n') {
            self.at += 1;
        }
    }

    fn skip_comment(&mut self) {
        let mut depth = 0_usize;
        while let Some(pair) = self.bytes.get(self.at..self.at + 2) {
            match pair {
                b"/*" if depth == 0 || self.driver == DriverName::Postgres => {
                    depth += 1;
                    self.at += 2;
                }
                b"*/" => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return;
                    }
                }
                _ => self.at += 1,
            }
        }
        self.at = self.bytes.len();
    }

    fn quoted(&mut self, end: u8, is_escaped: bool) -> Token {
        self.at += 1;
        while let Some(byte) = self.bytes.get(self.at) {
            self.at += 1;
            if is_escaped && *byte == b'\\' {
                self.at += 1;
            } else if *byte == end {
                // A doubled one stands for itself.
                if self.bytes.get(self.at) != Some(&end) {
                    break;
                }
                self.at += 1;
            }
        }
        Token::Other
    }

    /// `$tag$ … $tag$`. False when it is a placeholder.
    fn skip_dollar_quote(&mut self) -> bool {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().skip(1).take_while(|byte| is_word(**byte) && **byte != b'$').count();
        if rest.get(length + 1) != Some(&b'$') || rest.get(1).is_some_and(u8::is_ascii_digit) {
            return false;
        }
        let tag = &rest[..length + 2];
        let body = &rest[tag.len()..];
        let end = body.windows(tag.len()).position(|window| window == tag);
        self.at += tag.len() + end.map_or(body.len(), |end| end + tag.len());
        true
    }

    fn word(&mut self) -> Token {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(|byte| is_word(*byte)) {
            self.at += 1;
        }
        Token::Word(String::from_utf8_lossy(&self.bytes[start..self.at]).to_uppercase())
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(driver: DriverName, sql: &str) -> Vec<String> {
        statements(driver, sql).into_iter().map(|words| words[0].clone()).collect()
    }

    #[test]
    fn semicolons_in_quotes_and_comments_end_nothing() {
        let sql = "-- a; b\ninsert into t values ('it''s; x', E'\\';') /* ; /* ; */ ; */; $$ ; $$ select $1; $a$;$$;$a$";
        assert_eq!(first(DriverName::Postgres, sql), ["INSERT", "\"", "\""]);
        assert_eq!(first(DriverName::MariaDb, "# a; b\nselect 'a\\';'; delete"), ["SELECT", "DELETE"]);
        assert_eq!(first(DriverName::Sqlite, "select [a;b]; select 'c\\'; select 1"), ["SELECT"; 3]);
        assert_eq!(first(DriverName::Postgres, "select array['a;b'][1]; commit"), ["SELECT", "COMMIT"]);
    }

    #[test]
    fn the_body_of_a_trigger_has_no_statements_of_its_own() {
        let sql = "create trigger t after insert on a begin update b set c = 1; end; commit";
        assert_eq!(first(DriverName::Sqlite, sql), ["CREATE"]);
        assert_eq!(
            first(DriverName::MariaDb, "begin not atomic select 1; commit; end"),
            ["BEGIN NOT ATOMIC"]
        );
    }

    #[test]
    fn nothing_is_read_beyond_the_end() {
        for sql in ["", ";", "'", "/*", "/", "$", "$a", "$a$", "\\", "E'\\", "-", "a'\\"] {
            for driver in [DriverName::Postgres, DriverName::MariaDb, DriverName::Sqlite] {
                statements(driver, sql);
            }
        }
    }
}
