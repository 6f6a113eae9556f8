//! [`constant`]: the constants that catalogues write as defaults, read back.

use crate::schema::expression::{Token, significant};

/// The constant that an SQL expression is, as text; none when it is anything else, or `NULL`.
///
/// Knows numbers, `'text'` with doubled quotes, `true` and `false` (as `1` and `0`), each in
/// parentheses or with a `::cast` behind it, as catalogues write them.
#[must_use]
pub fn constant(sql: &str) -> Option<String> {
    let all = significant(sql);
    let mut rest = all.as_slice();
    while let [Token::Sign("("), inner @ .., Token::Sign(")")] = rest {
        rest = inner;
    }
    let cast = rest.iter().position(|token| *token == Token::Sign("::"));
    match cast.map(|at| (&rest[..at], &rest[at + 1..])) {
        Some((value, cast)) if is_type(cast) => of(value),
        _ => of(rest),
    }
}

/// The same number in its shortest spelling; other text as it is.
#[must_use]
pub fn shortest(number: &str) -> String {
    let digits = number.strip_prefix(['-', '+']).unwrap_or(number);
    if digits.is_empty()
        || digits.matches('.').count() > 1
        || !digits.bytes().all(|byte| byte == b'.' || byte.is_ascii_digit())
    {
        return number.to_owned();
    }
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    let whole = if whole.is_empty() { "0" } else { whole };
    let sign = if number.starts_with('-') && (whole, fraction) != ("0", "") { "-" } else { "" };
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}")
}

fn of(tokens: &[Token<'_>]) -> Option<String> {
    match tokens {
        [Token::Text(text)] => Some(text.get(1..text.len() - 1)?.replace("''", "'")),
        [Token::Number(number)] => Some((*number).to_owned()),
        [Token::Sign("-"), Token::Number(number)] => Some(format!("-{number}")),
        [Token::Word(word)] if word.eq_ignore_ascii_case("true") => Some("1".to_owned()),
        [Token::Word(word)] if word.eq_ignore_ascii_case("false") => Some("0".to_owned()),
        [Token::Sign("("), inner @ .., Token::Sign(")")] => of(inner),
        _ => None,
    }
}

/// Whether tokens are the name of a type: `character varying(20)[]`.
fn is_type(tokens: &[Token<'_>]) -> bool {
    !tokens.is_empty()
        && tokens.iter().all(|token| {
            matches!(
                token,
                Token::Word(_)
                    | Token::Name(_)
                    | Token::Number(_)
                    | Token::Sign("(" | ")" | "[" | "]" | "," | ".")
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_read_as_each_catalogue_writes_them() {
        let read = [
            ("18", "18"),
            ("(-5)", "-5"),
            ("'it''s'", "it's"),
            ("'a'::character varying(20)", "a"),
            ("'-5'::integer", "-5"),
            ("(-5)::numeric", "-5"),
            ("((18))", "18"),
            ("true", "1"),
            ("FALSE", "0"),
            ("'{}'::text[]", "{}"),
        ];
        for (sql, text) in read {
            assert_eq!(constant(sql).as_deref(), Some(text), "{sql}");
        }
        for sql in ["now()", "NULL", "a + 1", "CURRENT_TIMESTAMP", "('a' || 'b')", "'a'::text || 'b'"] {
            assert_eq!(constant(sql), None, "{sql}");
        }
    }

    #[test]
    fn equal_numbers_have_one_shortest_spelling() {
        let equal = [
            ("1.50", "1.5"),
            ("007", "7"),
            ("-0.0", "0"),
            ("+3", "3"),
            (".5", "0.5"),
            ("1e3", "1e3"),
            ("a", "a"),
        ];
        for (number, text) in equal {
            assert_eq!(shortest(number), text);
        }
    }
}
