//! [`parts`]: what is between the parentheses of an index as SQL, taken apart.

use super::expression::quoted;
use crate::schema::IndexColumn;
use crate::schema::expression::{Token, significant};

/// The parts of `name desc, [Team]`; none where it is something else.
#[must_use]
pub fn parts(sql: &str) -> Option<Vec<IndexColumn>> {
    let sql = quoted(sql);
    let all = significant(&sql);
    all.split(|token| *token == Token::Sign(",")).map(part).collect()
}

fn part(tokens: &[Token<'_>]) -> Option<IndexColumn> {
    let is_word = |token: &Token<'_>, wanted: &str| matches!(token, Token::Word(word) if word.eq_ignore_ascii_case(wanted));
    match tokens {
        [name] => Some(IndexColumn::named(name.name()?)),
        [name, order] if is_word(order, "asc") => Some(IndexColumn::named(name.name()?)),
        [name, order] if is_word(order, "desc") => {
            Some(IndexColumn { descending: true, ..IndexColumn::named(name.name()?) })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_told_from_expressions() {
        let name = IndexColumn { descending: true, ..IndexColumn::named("name") };
        assert_eq!(parts("name DESC, [Te am] asc"), Some(vec![name, IndexColumn::named("Te am")]));
        assert_eq!(parts("lower(name)"), None);
    }
}
