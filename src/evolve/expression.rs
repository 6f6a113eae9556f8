//! [`canonical`]: SQL expressions in one spelling, so that a server's text of one and its author's
//! are the same text.
//!
//! Servers keep an expression as a tree and write it anew: with other parentheses, other quotes,
//! casts on its literals, `in` as `= any (array[…])`. Here the tree is read from either text, and
//! written in one way. What is not understood is compared as it is, without its white space.

use super::expression_reader::{Reader, plain};
use crate::schema::expression::significant;

/// The expression in one spelling. Only good to be compared with another.
#[must_use]
pub fn canonical(sql: &str) -> String {
    let all = significant(sql);
    match Reader::read(&all) {
        Some(text) => text,
        None => all.into_iter().map(plain).collect::<Vec<_>>().join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_servers_text_and_its_authors_are_the_same() {
        let same = [
            ("price > 0 and a<b", "((\"price\" > 0) AND (a < b))"),
            ("a > 0 and b > 0 and c > 0", "(((a > 0) AND (b > 0)) AND (c > 0))"),
            (
                "role in ('a', 'b')",
                "((role)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
            ),
            ("role in ('a')", "((role)::text = 'a'::text)"),
            ("role not in (1, 2)", "(role <> ALL (ARRAY[1, 2]))"),
            ("age between 1 and 5", "((age >= 1) AND (age <= 5))"),
            ("name like 'a%'", "((name)::text ~~ 'a%'::text)"),
            ("a != 1", "(`a` <> 1)"),
            ("votes * 2", "(votes * 2)"),
            ("a is not null", "(a IS NOT NULL)"),
            ("lower(email)", "lower((email)::text)"),
            ("first || ' ' || last", "(((first)::text || ' '::text) || (last)::text)"),
            ("'x'", "_utf8mb4'x'"),
            ("cast(a as int)", "(a)::integer"),
            ("not active", "(NOT active)"),
            ("a + b * c", "(a + (b * c))"),
            ("case when a > 1 then 'x' else 'y' end", "CASE WHEN (a > 1) THEN 'x'::text ELSE 'y'::text END"),
            ("\"Team id\">0", "(([team id]) > 0)"),
            ("meta ->> 'lang'", "(meta ->> 'lang'::text)"),
        ];
        for (author, server) in same {
            assert_eq!(canonical(author), canonical(server), "{author}");
            assert_eq!(canonical(&canonical(server)), canonical(server), "{author}");
        }
    }

    #[test]
    fn different_expressions_stay_different() {
        let different = [
            ("(a + b) * c", "a + b * c"),
            ("a > 0", "a >= 0"),
            ("a and (b or c)", "a and b or c"),
            ("a = 'X'", "a = 'x'"),
            ("a in (1, 2)", "a not in (1, 2)"),
            ("a::date", "a::timestamp"),
        ];
        for (one, other) in different {
            assert_ne!(canonical(one), canonical(other));
        }
    }

    #[test]
    fn what_is_not_understood_is_compared_without_its_white_space() {
        assert_eq!(canonical("a @@ ( b  ,"), canonical("a  @@(b,"));
        let deep = "(".repeat(100_000);
        assert_eq!(canonical(&deep).len(), 199_999);
    }
}
