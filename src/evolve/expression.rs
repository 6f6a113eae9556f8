//! [`canonical`]: SQL expressions in one spelling, so that a server's text of one and its author's
//! are the same text.

use crate::schema::expression::{Token, tokens};

/// The expression in one spelling: words in lower case, names without quotes, one space between
/// words and none elsewhere, no parentheses around the whole, no casts of literals.
#[must_use]
pub fn canonical(sql: &str) -> String {
    let mut text = String::new();
    for token in tokens(sql) {
        let piece = match token {
            Token::Space(_) => continue,
            Token::Text(_) | Token::Sign(_) => token.text().to_owned(),
            _ => token.name().unwrap_or_else(|| token.text().to_owned()).to_lowercase(),
        };
        let touches =
            |text: &str| text.chars().next_back().is_some_and(|last| last.is_alphanumeric() || last == '_');
        if touches(&text) && piece.chars().next().is_some_and(|first| first.is_alphanumeric() || first == '_')
        {
            text.push(' ');
        }
        text.push_str(&piece);
    }
    text
}
