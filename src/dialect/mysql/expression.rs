//! SQL expressions as MySQL and MariaDB print them, as SQL that can be sent again.

use crate::schema::expression::{Token, bare, tokens};

/// An expression with every text in one spelling: quotes doubled, backslashes as they were.
///
/// MariaDB prints `'it\'s'` in expressions and `'it''s'` for constants; both mean the same.
#[must_use]
pub fn one_spelling(sql: &str) -> String {
    let mut written = String::with_capacity(sql.len());
    let mut rest = sql.chars();
    let mut quote = None;
    while let Some(character) = rest.next() {
        match (quote, character) {
            (Some('\''), '\\') => match rest.next() {
                Some('\'') => written.push_str("''"),
                Some(next) => written.extend(['\\', next]),
                None => written.push('\\'),
            },
            (Some(open), _) if open == character => {
                quote = None;
                written.push(character);
            }
            (None, '\'' | '"' | '`') => {
                quote = Some(character);
                written.push(character);
            }
            _ => written.push(character),
        }
    }
    written
}

/// An expression from MySQL 8's `information_schema`, which prints `_utf8mb4\'it\\\'s\'`: a text inside
/// of a text, with the connection's character set in front of each. MariaDB does neither.
#[must_use]
pub fn from_mysql(sql: &str) -> String {
    let mut plain = String::with_capacity(sql.len());
    let mut rest = sql.chars();
    while let Some(character) = rest.next() {
        match character {
            '\\' => plain.extend(rest.next()),
            _ => plain.push(character),
        }
    }
    let spelled = one_spelling(&plain);
    let all = tokens(&spelled);
    let mut written = String::with_capacity(spelled.len());
    for (at, token) in all.iter().enumerate() {
        let is_mark = *token == Token::Word("_utf8mb4") && matches!(all.get(at + 1), Some(Token::Text(_)));
        if !is_mark {
            written.push_str(token.text());
        }
    }
    written
}

/// The names that servers print for functions, and the others that mean the same. MariaDB and MySQL each
/// print one or the other.
const SYNONYMS: [(&str, &str); 13] = [
    ("ceil", "ceiling"),
    ("current_date", "curdate"),
    ("current_time", "curtime"),
    ("day", "dayofmonth"),
    ("lcase", "lower"),
    ("localtime", "current_timestamp"),
    ("localtimestamp", "current_timestamp"),
    ("mid", "substr"),
    ("now", "current_timestamp"),
    ("octet_length", "length"),
    ("power", "pow"),
    ("substring", "substr"),
    ("ucase", "upper"),
];

/// Functions that may be called without parentheses.
const WITHOUT_PARENTHESES: [&str; 3] = ["curdate", "current_timestamp", "curtime"];

/// An expression in its normal form, as far as it can be said without asking a server: one name for each
/// function and operator, no parentheses around the whole.
#[must_use]
pub fn normal_form(sql: &str) -> String {
    let spelled = one_spelling(bare(sql));
    let all: Vec<_> = tokens(&spelled);
    let mut written = String::with_capacity(spelled.len());
    for (at, token) in all.iter().enumerate() {
        let next = all[at + 1..].iter().find(|token| !matches!(token, Token::Space(_)));
        let is_called = next == Some(&Token::Sign("("));
        match token {
            Token::Word(word) => {
                let lower = word.to_lowercase();
                let known = SYNONYMS.iter().find(|(other, _)| *other == lower).map(|(_, name)| *name);
                let name = known.unwrap_or(&lower);
                let may_be_bare = WITHOUT_PARENTHESES.contains(&name) && !matches!(lower.as_str(), "now");
                match (is_called, may_be_bare) {
                    (true, _) => written.push_str(name),
                    (false, true) => written.extend([name, "()"]),
                    (false, false) => written.push_str(word),
                }
            }
            Token::Sign("!=") => written.push_str("<>"),
            Token::Sign("%") => written.push_str(" mod "),
            _ => written.push_str(token.text()),
        }
    }
    written
}

/// The text that a literal means; none for anything else. MariaDB writes backslashes doubled.
#[must_use]
pub fn text_of(literal: &str) -> Option<String> {
    let spelled = one_spelling(literal);
    let all = tokens(&spelled);
    let [Token::Text(text)] = all.as_slice() else { return None };
    Some(unescape(text.get(1..text.len() - 1)?))
}

/// What is between the quotes of a text, with its escapes resolved (MySQL 8.4 §11.1.1).
#[must_use]
pub fn unescape(inner: &str) -> String {
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\\' => match rest.next() {
                Some('0') => text.push('\0'),
                Some('n') => text.push('\n'),
                Some('r') => text.push('\r'),
                Some('t') => text.push('\t'),
                Some('b') => text.push('\u{8}'),
                Some('Z') => text.push('\u{1a}'),
                Some(next) => text.push(next),
                None => text.push('\\'),
            },
            '\'' => {
                rest.next_if_eq(&'\'');
                text.push('\'');
            }
            _ => text.push(character),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_inside_of_a_text_is_doubled_and_a_backslash_stays() {
        assert_eq!(one_spelling(r"`t` <> 'it\'s' or t = 'a\\b'"), r"`t` <> 'it''s' or t = 'a\\b'");
        assert_eq!(one_spelling(r"concat(`a\`, 'x\\\'')"), r"concat(`a\`, 'x\\''')");
    }

    /// MySQL 8.0 and 8.4 print so what `check (name <> 'it''s')` and `as (concat(name, 'a'))` mean.
    #[test]
    fn what_mysql_prints_escaped_is_sql_again() {
        assert_eq!(from_mysql(r"(`name` <> _utf8mb4\'it\\\'s\')"), "(`name` <> 'it''s')");
        assert_eq!(from_mysql(r"concat(`name`,_utf8mb4\'a\')"), "concat(`name`,'a')");
    }

    #[test]
    fn functions_and_operators_have_one_name() {
        let equal = [
            ("(UPPER(a) != 'b')", "upper(a) <> 'b'"),
            ("ucase(a)", "upper(a)"),
            ("now()", "current_timestamp()"),
            ("current_date", "curdate()"),
            ("substring(`now`, 1) + now", "substr(`now`, 1) + now"),
        ];
        for (sql, normal) in equal {
            assert_eq!(normal_form(sql), normal);
            assert_eq!(normal_form(normal), normal);
        }
    }

    #[test]
    fn only_parentheses_around_the_whole_go() {
        let read = [("((a + 1))", "a + 1"), ("(a) + (b)", "(a) + (b)"), ("(')')", "')'"), ("f(a)", "f(a)")];
        for (sql, inner) in read {
            assert_eq!(bare(sql), inner);
        }
    }

    #[test]
    fn a_literal_is_read_with_its_escapes() {
        assert_eq!(text_of(r"'it''s \\ ü\0'").as_deref(), Some("it's \\ ü\0"));
        assert_eq!(text_of(r"'it\'s'").as_deref(), Some("it's"));
        assert_eq!(text_of("concat('a', 'b')"), None);
        assert_eq!(text_of("b'101'"), None);
    }
}
