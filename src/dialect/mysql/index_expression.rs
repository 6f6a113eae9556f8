//! [`parts`]: what is between the parentheses of an index as SQL, taken apart.

use crate::schema::IndexColumn;
use crate::schema::expression::{Token, bare, tokens};

/// The parts of `name(10) desc, (lower(email))`; none where it is something else.
#[must_use]
pub fn parts(sql: &str) -> Option<Vec<IndexColumn>> {
    let all: Vec<_> = tokens(sql).into_iter().collect();
    let mut depth = 0_usize;
    let lists = all.split(|token| {
        match token {
            Token::Sign("(") => depth += 1,
            Token::Sign(")") => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && *token == Token::Sign(",")
    });
    lists.map(part).collect()
}

fn part(tokens: &[Token<'_>]) -> Option<IndexColumn> {
    let mut plain: Vec<_> =
        tokens.iter().copied().filter(|token| !matches!(token, Token::Space(_))).collect();
    let is_word = |token: Option<&Token<'_>>, wanted: &str| matches!(token, Some(Token::Word(word)) if word.eq_ignore_ascii_case(wanted));
    let descending = is_word(plain.last(), "desc");
    if plain.len() > 1 && (descending || is_word(plain.last(), "asc")) {
        plain.pop();
    }
    let found = match plain.as_slice() {
        [name] => IndexColumn::named(name.name()?),
        [name, Token::Sign("("), Token::Number(length), Token::Sign(")")] => {
            IndexColumn { length: Some(length.parse().ok()?), ..IndexColumn::named(name.name()?) }
        }
        [Token::Sign("("), .., Token::Sign(")")] => {
            let text: String = tokens.iter().map(|token| token.text()).collect();
            let text = text.trim().trim_end_matches(|last| last != ')');
            IndexColumn::computed(bare(text))
        }
        _ => return None,
    };
    Some(IndexColumn { descending: descending && plain.len() < tokens.len(), ..found })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_and_expressions_are_told_apart() {
        let name = IndexColumn { length: Some(10), descending: true, ..IndexColumn::named("name") };
        let lower = IndexColumn::computed("concat(lower(email), ',')");
        let last = IndexColumn { descending: true, ..IndexColumn::computed("a + 1") };
        assert_eq!(
            parts("name(10) desc, (concat(lower(email), ',')), `Team` asc, (a + 1) desc"),
            Some(vec![name, lower, IndexColumn::named("Team"), last])
        );
        assert_eq!(parts("lower(email) x"), None);
    }
}
