//! SQL expressions as SQL Server's catalogue prints them.
//!
//! The server keeps a tree and prints it anew: names in brackets, no white space, numbers in
//! parentheses, `convert` for `cast`, and a chain of `or` for `in` with the last value first
//! (`sys.check_constraints`: the text means the same, its syntax is not guaranteed).

use crate::schema::expression::{Token, bare, significant, tokens};

/// An expression of the catalogue as SQL that can be sent again: names in `"…"`, and no parentheses
/// around the whole of it.
#[must_use]
pub fn from_catalogue(sql: &str) -> String {
    bare(&quoted(sql)).to_owned()
}

/// An expression with `"…"` around the names that stand in `[…]`. There are no arrays that a bracket
/// could belong to.
#[must_use]
pub fn quoted(sql: &str) -> String {
    let mut written = String::with_capacity(sql.len());
    let mut rest = sql.chars().peekable();
    let mut quote = None;
    while let Some(character) = rest.next() {
        match (quote, character) {
            (None, '\'' | '"') => {
                quote = Some(character);
                written.push(character);
            }
            (None, '[') => {
                quote = Some(']');
                written.push('"');
            }
            (Some(']'), ']') => {
                if rest.next_if_eq(&']').is_some() {
                    written.push(']');
                } else {
                    quote = None;
                    written.push('"');
                }
            }
            (Some(']'), '"') => written.push_str("\"\""),
            // A doubled quote closes and opens again, which comes to the same.
            (Some(open), _) if open == character => {
                quote = None;
                written.push(character);
            }
            _ => written.push(character),
        }
    }
    written
}

/// The constant that an expression is, as text, and whether it is a number; none for anything else.
#[must_use]
pub fn constant(sql: &str) -> Option<(String, bool)> {
    let sql = bare(sql);
    let all = significant(sql);
    let is_plain =
        |number: &str| !number.is_empty() && number.bytes().all(|byte| byte == b'.' || byte.is_ascii_digit());
    match all.as_slice() {
        [Token::Text(text)] => Some((text.get(1..text.len() - 1)?.replace("''", "'"), false)),
        [Token::Word("N" | "n"), Token::Text(text)] => {
            Some((text.get(1..text.len() - 1)?.replace("''", "'"), false))
        }
        [Token::Number(number)] if is_plain(number) => Some(((*number).to_owned(), true)),
        [Token::Sign("-"), Token::Number(number)] if is_plain(number) => Some((format!("-{number}"), true)),
        _ => None,
    }
}

/// The values of `"column"='b' OR "column"='a'`, as they were listed: `a`, `b`. None for any other
/// condition.
#[must_use]
pub fn listed_values(condition: &str, column: &str) -> Option<Vec<String>> {
    let all: Vec<_> = tokens(bare(condition))
        .into_iter()
        .filter(|token| !matches!(token, Token::Space(_) | Token::Word("N" | "n")))
        .collect();
    let is_or = |token: &Token<'_>| matches!(token, Token::Word(word) if word.eq_ignore_ascii_case("or"));
    let mut values = Vec::new();
    for term in all.split(is_or) {
        let [name, Token::Sign("="), Token::Text(text)] = term else { return None };
        if name.name().as_deref() != Some(column) {
            return None;
        }
        values.push(text.get(1..text.len() - 1)?.replace("''", "'"));
    }
    values.reverse();
    Some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_double_quotes_and_texts_stay() {
        assert_eq!(quoted("[a]]b]>(1) OR [c\"d]='[x]'"), "\"a]b\">(1) OR \"c\"\"d\"='[x]'");
        assert_eq!(from_catalogue("(([price]>(0)))"), "\"price\">(0)");
        assert_eq!(from_catalogue("([a]>(0)) AND ([b]>(0))"), "(\"a\">(0)) AND (\"b\">(0))");
        assert_eq!(from_catalogue("(N'it''s [1]')"), "N'it''s [1]'");
    }

    #[test]
    fn constants_are_texts_and_plain_numbers() {
        assert_eq!(constant("(N'it''s')"), Some(("it's".to_owned(), false)));
        assert_eq!(constant("((-5))"), Some(("-5".to_owned(), true)));
        assert_eq!(constant("((0.50))"), Some(("0.50".to_owned(), true)));
        for sql in ["(0x00)", "(1.0000000000000000e+003)", "(getdate())", "(NULL)", "('a'+'b')"] {
            assert_eq!(constant(sql), None, "{sql}");
        }
    }

    #[test]
    fn a_chain_of_or_lists_the_last_value_first() {
        let list = |condition| listed_values(&from_catalogue(condition), "state");
        let values = |texts: &[&str]| Some(texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>());
        assert_eq!(list("([state]=N'it''s done' OR [state]=N'open')"), values(&["open", "it's done"]));
        assert_eq!(list("([state]='only')"), values(&["only"]));
        assert_eq!(list("([state]=N'a' OR [other]=N'b')"), None);
        assert_eq!(list("([state]=N'a' OR [state]>N'b')"), None);
        assert_eq!(list("([state]=(1))"), None);
    }
}
