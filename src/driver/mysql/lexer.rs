//! Words and signs of a statement, as far as this driver has to understand one: which placeholders
//! are compared with a column ([`super::comparisons`]) and what becomes of the transaction
//! ([`super::effects`]).
//!
//! Both only choose between things that are safe: where this reading and the server's differ (a
//! server with `NO_BACKSLASH_ESCAPES`), the numbers of placeholders differ too, or nothing changes.

/// One piece of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// A keyword or an unquoted name.
    Word(&'a str),
    /// A name in backticks.
    Name,
    /// `?`.
    Placeholder,
    /// `=`, `<>`, `<` and the others that compare.
    Comparison,
    /// `+`, `<<`, `->` and every other sign that makes a new value.
    Operator,
    /// `&&`, `||`, `!`: between conditions.
    Logical,
    /// `(`
    Open,
    /// `)`
    Close,
    /// `,`
    Comma,
    /// `.`
    Dot,
    /// `;`
    Semicolon,
    /// Texts, numbers, variables.
    Other,
}

impl Token<'_> {
    /// Whether this is one of these keywords, in any case.
    #[must_use]
    pub fn is_word(&self, words: &[&str]) -> bool {
        matches!(self, Token::Word(word) if words.iter().any(|known| word.eq_ignore_ascii_case(known)))
    }
}

/// The pieces of a text, without blanks and comments.
#[must_use]
pub fn tokens(sql: &str) -> Vec<Token<'_>> {
    let bytes = sql.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let (token, length) = match rest[0] {
            byte if byte.is_ascii_whitespace() => (None, 1),
            b'#' => (None, line(rest)),
            b'-' if rest.starts_with(b"--") && rest.get(2).is_none_or(u8::is_ascii_whitespace) => {
                (None, line(rest))
            }
            // What `/*!50100 … */` and `/*M! … */` hold is run: only their marks are skipped.
            b'/' if rest.starts_with(b"/*!") => (None, 3 + digits(&rest[3..])),
            b'/' if rest.starts_with(b"/*M!") => (None, 4 + digits(&rest[4..])),
            b'/' if rest.starts_with(b"/*") => (None, find(rest, b"*/")),
            b'*' if rest.starts_with(b"*/") => (None, 2),
            b'\'' | b'"' => (Some(Token::Other), quoted(rest, true)),
            b'`' => (Some(Token::Name), quoted(rest, false)),
            b'?' => (Some(Token::Placeholder), 1),
            b'(' => (Some(Token::Open), 1),
            b')' => (Some(Token::Close), 1),
            b',' => (Some(Token::Comma), 1),
            b'.' => (Some(Token::Dot), 1),
            b';' => (Some(Token::Semicolon), 1),
            byte if is_word(byte) => {
                let length = rest.iter().take_while(|byte| is_word(**byte)).count();
                let is_number = byte.is_ascii_digit();
                (Some(if is_number { Token::Other } else { Token::Word(&sql[at..at + length]) }), length)
            }
            b'@' | b':' => (Some(Token::Other), 1),
            _ => sign(rest),
        };
        tokens.extend(token);
        at += length.max(1);
    }
    tokens
}

fn sign(rest: &[u8]) -> (Option<Token<'static>>, usize) {
    for (text, token) in [
        (&b"<=>"[..], Token::Comparison),
        (b"->>", Token::Operator),
        (b"->", Token::Operator),
        (b"<<", Token::Operator),
        (b">>", Token::Operator),
        (b"<=", Token::Comparison),
        (b">=", Token::Comparison),
        (b"<>", Token::Comparison),
        (b"!=", Token::Comparison),
        (b"&&", Token::Logical),
        (b"||", Token::Logical),
        (b"=", Token::Comparison),
        (b"<", Token::Comparison),
        (b">", Token::Comparison),
        (b"!", Token::Logical),
    ] {
        if rest.starts_with(text) {
            return (Some(token), text.len());
        }
    }
    (Some(Token::Operator), 1)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

fn digits(rest: &[u8]) -> usize {
    rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// Up to and with the end of the line.
fn line(rest: &[u8]) -> usize {
    rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |place| place + 1)
}

/// Up to and with `end`.
fn find(rest: &[u8], end: &[u8]) -> usize {
    rest.windows(end.len()).position(|window| window == end).map_or(rest.len(), |place| place + end.len())
}

/// Up to and with the closing quote. A doubled quote is read as two texts side by side.
fn quoted(rest: &[u8], has_escapes: bool) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' if has_escapes => at += 2,
            byte if byte == rest[0] => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placeholders(sql: &str) -> usize {
        tokens(sql).iter().filter(|token| **token == Token::Placeholder).count()
    }

    #[test]
    fn placeholders_inside_texts_names_and_comments_are_left_alone() {
        for (sql, count) in [
            ("select '?', \"?\", `?`, ?", 1),
            ("select 'it''s ?', 'a\\'?', ?", 1),
            ("select ? -- ?\n, ?", 2),
            ("select 1--?", 1),
            ("select /* ? */ ? # ?", 1),
            ("select /*!50100 ? */ ?", 2),
            ("select 'open ?", 0),
        ] {
            assert_eq!(placeholders(sql), count, "{sql}");
        }
    }

    #[test]
    fn signs_are_read_at_their_longest() {
        assert_eq!(tokens("a<=>?"), [Token::Word("a"), Token::Comparison, Token::Placeholder]);
        assert_eq!(tokens("a->>?"), [Token::Word("a"), Token::Operator, Token::Placeholder]);
        assert_eq!(tokens("größe . `x`"), [Token::Word("größe"), Token::Dot, Token::Name]);
    }
}
