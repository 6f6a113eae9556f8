//! SQL expressions inside of definitions, as tokens: enough to rename a column in one and to
//! compare two.

/// A token of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    /// A keyword, or a name without quotes.
    Word(&'a str),
    /// A name in `"…"`, `` `…` `` or `[…]`, the quotes included.
    Name(&'a str),
    /// Text in `'…'`, the quotes included.
    Text(&'a str),
    /// A number.
    Number(&'a str),
    /// An operator or parenthesis.
    Sign(&'a str),
    /// White space, or a comment.
    Space(&'a str),
}

/// Signs of two characters.
const PAIRS: [&str; 9] = ["::", "<>", "!=", "<=", ">=", "||", "&&", "->", "=>"];

impl<'a> Token<'a> {
    /// Its text.
    #[must_use]
    pub fn text(self) -> &'a str {
        match self {
            Self::Word(text)
            | Self::Name(text)
            | Self::Text(text)
            | Self::Number(text)
            | Self::Sign(text)
            | Self::Space(text) => text,
        }
    }

    /// The name without its quotes, where it is a name or may be one.
    #[must_use]
    pub fn name(self) -> Option<String> {
        match self {
            Self::Word(text) => Some(text.to_owned()),
            Self::Name(text) => {
                let inner = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
                let quote = text.chars().next().unwrap_or('"');
                Some(inner.replace(&format!("{quote}{quote}"), &quote.to_string()))
            }
            _ => None,
        }
    }
}

/// The tokens of an expression, in order; together they are its whole text.
#[must_use]
pub fn tokens(sql: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' => quoted(rest, '\''),
            '"' | '`' => quoted(rest, first),
            '[' if is_subscribed(tokens.last()) => 1,
            '[' => bracketed(rest).unwrap_or(1),
            _ if first.is_whitespace() => run(rest, char::is_whitespace),
            _ if comment(rest).is_some() => comment(rest).unwrap_or(1),
            _ if first.is_ascii_digit() => run(rest, |next| next.is_ascii_alphanumeric() || next == '.'),
            _ if is_of_word(first) => run(rest, is_of_word),
            _ if PAIRS.iter().any(|pair| rest.starts_with(pair)) => 2,
            _ => first.len_utf8(),
        };
        let (text, after) = rest.split_at(length);
        tokens.push(match first {
            '\'' => Token::Text(text),
            '"' | '`' => Token::Name(text),
            '[' if length > 1 => Token::Name(text),
            _ if first.is_whitespace() || comment(text).is_some() => Token::Space(text),
            _ if first.is_ascii_digit() => Token::Number(text),
            _ if is_of_word(first) => Token::Word(text),
            _ => Token::Sign(text),
        });
        rest = after;
    }
    tokens
}

/// The tokens of an expression without its white space.
#[must_use]
pub fn significant(sql: &str) -> Vec<Token<'_>> {
    tokens(sql).into_iter().filter(|token| !matches!(token, Token::Space(_))).collect()
}

/// An expression without the parentheses around the whole of it.
#[must_use]
pub fn bare(sql: &str) -> &str {
    let mut inner = sql.trim();
    while let Some(content) = inner.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        if !is_balanced(content) {
            break;
        }
        inner = content.trim();
    }
    inner
}

/// Whether every parenthesis closes one that was opened.
fn is_balanced(sql: &str) -> bool {
    let mut depth = 0_i32;
    for token in tokens(sql) {
        match token {
            Token::Sign("(") => depth += 1,
            Token::Sign(")") => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

/// The expression with a column under another name. `quoted` is that name as the database quotes it.
#[must_use]
pub fn rename_column(sql: &str, from: &str, quoted: &str) -> String {
    tokens(sql)
        .into_iter()
        .map(|token| match token.name() {
            Some(name) if name.eq_ignore_ascii_case(from) => quoted,
            _ => token.text(),
        })
        .collect()
}

/// Whether an expression names a column.
#[must_use]
pub fn names_column(sql: &str, column: &str) -> bool {
    tokens(sql).into_iter().filter_map(Token::name).any(|name| name.eq_ignore_ascii_case(column))
}

fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '$'
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|next| !belongs(next)).unwrap_or(text.len())
}

/// The length of what begins with a quote; a doubled quote is part of it.
fn quoted(text: &str, quote: char) -> usize {
    let mut at = 1;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find(quote)) {
        at += found + 1;
        if !text[at..].starts_with(quote) {
            return at;
        }
        at += 1;
    }
    text.len()
}

/// The length of a comment, without the end of its line; none where there is none. MySQL reads what is in
/// `/*! … */` and `/*M! … */`.
fn comment(text: &str) -> Option<usize> {
    if text.starts_with("--") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    let inside =
        text.strip_prefix("/*").filter(|inside| !inside.starts_with('!') && !inside.starts_with("M!"));
    inside.map(|inside| inside.find("*/").map_or(text.len(), |end| end + 4))
}

/// Whether a bracket after this token opens a list or a subscript: `array[a, b]`, `(a)[b]`.
fn is_subscribed(last: Option<&Token<'_>>) -> bool {
    match last {
        Some(Token::Word(word)) => word.eq_ignore_ascii_case("array"),
        Some(Token::Sign(sign)) => matches!(*sign, ")" | "]"),
        _ => false,
    }
}

/// The length of a name in brackets; none for the bracket of an array, `a[1]`.
fn bracketed(text: &str) -> Option<usize> {
    let end = text.find(']')?;
    let inner = &text[1..end];
    inner.chars().next().filter(|first| !first.is_ascii_digit() && *first != '\'')?;
    Some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_the_whole_text() {
        for sql in [
            "a + 'it''s' || \"b\"\"c\" >= 1.5e3",
            "[total] * `x``y`::int",
            "unclosed 'text",
            "a[1]",
            "a -- b\n/* c */ - d / e /* open",
        ] {
            assert_eq!(tokens(sql).into_iter().map(Token::text).collect::<String>(), sql);
        }
    }

    #[test]
    fn a_column_is_renamed_but_text_that_looks_like_it_is_not() {
        let renamed =
            rename_column("Votes > 0 and note <> 'votes' and \"votes\" < voters", "votes", "\"points\"");
        assert_eq!(renamed, "\"points\" > 0 and note <> 'votes' and \"points\" < voters");
    }

    #[test]
    fn comments_name_nothing() {
        let sql = "a > 0 -- not \"b\"\n and /* c */ d > 0";
        assert!(names_column(sql, "d") && !names_column(sql, "b") && !names_column(sql, "c"));
    }

    #[test]
    fn a_list_in_brackets_is_no_name() {
        let names: Vec<_> = tokens("array[a, b] <> [c d]").into_iter().filter_map(Token::name).collect();
        assert_eq!(names, ["array", "a", "b", "c d"]);
    }

    #[test]
    fn a_quoted_name_is_read_without_its_quotes() {
        let names: Vec<_> = tokens("\"a\"\"b\" `c` [d e]").into_iter().filter_map(Token::name).collect();
        assert_eq!(names, ["a\"b", "c", "d e"]);
    }

    #[test]
    fn only_parentheses_around_the_whole_are_taken_away() {
        assert_eq!(bare("((a + b))"), "a + b");
        assert_eq!(bare("(a) + (b)"), "(a) + (b)");
        assert_eq!(bare("(a = ')')"), "a = ')'");
        assert_eq!(bare("lower(a)"), "lower(a)");
        assert_eq!(bare("("), "(");
    }
}
