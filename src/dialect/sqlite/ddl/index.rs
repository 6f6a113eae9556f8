//! [`IndexText`]: what the text of `create index` says.

use super::reader::{Reader, name_of, split_list};
use crate::schema::IndexColumn;
use crate::schema::expression::{Token, tokens};

/// What the text of `create index` says.
#[derive(Debug)]
pub struct IndexText {
    /// Whether it forbids equal rows.
    pub unique: bool,
    /// What it is ordered by.
    pub parts: Vec<IndexColumn>,
    /// The condition on its rows.
    pub predicate: Option<String>,
}

/// Reads the text of `create index`; none where it is not understood.
#[must_use]
pub fn read_index(sql: &str) -> Option<IndexText> {
    let mut reader = Reader::new(sql);
    let unique = reader.take(&["create", "unique", "index"]);
    if !unique && !reader.take(&["create", "index"]) {
        return None;
    }
    reader.take(&["if", "not", "exists"]);
    reader.name()?;
    if reader.take_sign(".") {
        reader.name()?;
    }
    if !reader.take(&["on"]) {
        return None;
    }
    reader.name()?;
    let parts = read_parts(&reader.group()?);
    let predicate = reader.take(&["where"]).then(|| reader.rest());
    (predicate.is_some() || reader.peek().is_none()).then_some(IndexText { unique, parts, predicate })
}

/// Reads what is between the parentheses of an index.
#[must_use]
pub fn read_parts(list: &str) -> Vec<IndexColumn> {
    split_list(list).iter().map(|piece| read_part(piece)).collect()
}

fn read_part(piece: &str) -> IndexColumn {
    let all = tokens(piece);
    let mut rest: Vec<_> = all.into_iter().collect();
    let mut part = IndexColumn::default();
    let is = |token: Option<&Token<'_>>, keyword: &str| matches!(token, Some(Token::Word(word)) if word.eq_ignore_ascii_case(keyword));
    trim(&mut rest);
    if rest.len() > 1 && (is(rest.last(), "desc") || is(rest.last(), "asc")) {
        part.descending = is(rest.pop().as_ref(), "desc");
        trim(&mut rest);
    }
    let before: Vec<_> = rest.iter().filter(|token| !matches!(token, Token::Space(_))).copied().collect();
    if let [_, .., collate, name] = before.as_slice()
        && is(Some(collate), "collate")
    {
        part.collation = name_of(*name);
        let at = rest.iter().rposition(|token| is(Some(token), "collate")).unwrap_or(rest.len());
        rest.truncate(at);
        trim(&mut rest);
    }
    match rest.as_slice() {
        [token @ (Token::Word(_) | Token::Name(_) | Token::Text(_))] => part.column = name_of(*token),
        _ => part.expression = Some(unwrapped(&rest.iter().map(|token| token.text()).collect::<String>())),
    }
    part
}

/// An expression without the parentheses around the whole.
fn unwrapped(sql: &str) -> String {
    let mut text = sql.trim().to_owned();
    loop {
        let mut reader = Reader::new(&text);
        match reader.group() {
            Some(inside) if reader.peek().is_none() => text = inside,
            _ => return text,
        }
    }
}

fn trim(tokens: &mut Vec<Token<'_>>) {
    while matches!(tokens.last(), Some(Token::Space(_))) {
        tokens.pop();
    }
    while matches!(tokens.first(), Some(Token::Space(_))) {
        tokens.remove(0);
    }
}
