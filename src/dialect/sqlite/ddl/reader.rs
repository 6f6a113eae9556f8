//! [`Reader`]: reads the text of a definition from left to right.

use crate::schema::expression::{Token, tokens};

/// Where the reading of a text stands.
#[derive(Debug)]
pub struct Reader<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
}

impl<'a> Reader<'a> {
    /// Reads a text from its beginning.
    #[must_use]
    pub fn new(sql: &'a str) -> Self {
        let mut reader = Self { tokens: tokens(sql), at: 0 };
        reader.skip_space();
        reader
    }

    /// What stands here, without moving on.
    #[must_use]
    pub fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.at).copied()
    }

    /// What stands here; moves on.
    pub fn next(&mut self) -> Option<Token<'a>> {
        let token = self.peek()?;
        self.at += 1;
        self.skip_space();
        Some(token)
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(Token::Space(_))) {
            self.at += 1;
        }
    }

    /// Whether a keyword stands here.
    #[must_use]
    pub fn is_word(&self, keyword: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(word)) if word.eq_ignore_ascii_case(keyword))
    }

    /// Whether one of some keywords stands here.
    #[must_use]
    pub fn is_one_of(&self, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.is_word(keyword))
    }

    /// Moves on past keywords; stays where they are not all here.
    pub fn take(&mut self, keywords: &[&str]) -> bool {
        let start = self.at;
        for keyword in keywords {
            if !self.is_word(keyword) {
                self.at = start;
                return false;
            }
            self.next();
        }
        true
    }

    /// Whether a sign stands here.
    #[must_use]
    pub fn is_sign(&self, sign: &str) -> bool {
        self.peek() == Some(Token::Sign(sign))
    }

    /// Moves on past a sign; stays where it is not here.
    pub fn take_sign(&mut self, sign: &str) -> bool {
        let is_here = self.is_sign(sign);
        if is_here {
            self.next();
        }
        is_here
    }

    /// The name that stands here, in any of the quotes that SQLite takes; moves on.
    pub fn name(&mut self) -> Option<String> {
        let name = name_of(self.peek()?)?;
        self.next();
        Some(name)
    }

    /// The text in the parentheses that begin here, without comments; moves on past them.
    pub fn group(&mut self) -> Option<String> {
        if !self.is_sign("(") {
            return None;
        }
        let (mut text, mut depth) = (String::new(), 0_usize);
        while let Some(token) = self.peek() {
            self.at += 1;
            match token {
                Token::Sign("(") => depth += 1,
                Token::Sign(")") => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                self.skip_space();
                return text.get(1..).map(|inside| inside.trim().to_owned());
            }
            text.push_str(plain(token));
        }
        None
    }

    /// Everything from here on, without comments.
    #[must_use]
    pub fn rest(&self) -> String {
        let rest: String = self.tokens.iter().skip(self.at).map(|token| plain(*token)).collect();
        rest.trim().to_owned()
    }
}

/// A name, quoted or not. SQLite takes text in single quotes for one as well.
#[must_use]
pub fn name_of(token: Token<'_>) -> Option<String> {
    match token {
        Token::Text(text) => Some(text.get(1..text.len().checked_sub(1)?)?.replace("''", "'")),
        _ => token.name(),
    }
}

/// An SQL text without its comments: one that ends a line would swallow what is written behind it.
#[must_use]
pub fn without_comments(sql: &str) -> String {
    tokens(sql).into_iter().map(plain).collect::<String>().trim().to_owned()
}

fn plain(token: Token<'_>) -> &str {
    match token {
        Token::Space(text) if text.starts_with(['-', '/']) => " ",
        _ => token.text(),
    }
}

/// The pieces of a text between the commas outside of parentheses.
#[must_use]
pub fn split_list(sql: &str) -> Vec<String> {
    let (mut pieces, mut depth) = (vec![String::new()], 0_i32);
    for token in tokens(sql) {
        match token {
            Token::Sign("(") => depth += 1,
            Token::Sign(")") => depth -= 1,
            Token::Sign(",") if depth == 0 => {
                pieces.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(piece) = pieces.last_mut() {
            piece.push_str(plain(token));
        }
    }
    pieces.into_iter().map(|piece| piece.trim().to_owned()).collect()
}
