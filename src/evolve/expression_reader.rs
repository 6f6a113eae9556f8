//! [`Reader`]: an expression as a tree, read from its tokens and written in one way at once.

use super::expression_type::cast;
use crate::schema::expression::{Token, tokens};

/// A token in one spelling: names in lower case, without quotes where they are words without them.
pub(super) fn plain(token: Token<'_>) -> String {
    let name = match token {
        Token::Text(text) | Token::Sign(text) => return text.to_owned(),
        _ => token.name().unwrap_or_else(|| token.text().to_owned()).to_lowercase(),
    };
    match (token, tokens(&name).as_slice()) {
        (Token::Name(_), [Token::Word(_)]) | (Token::Word(_) | Token::Number(_) | Token::Space(_), _) => name,
        _ => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}

/// Operators and how tightly they bind; all bind to the left.
const OPERATORS: [(&str, u8); 26] = [
    ("or", 1),
    ("and", 2),
    ("=", 4),
    ("<>", 4),
    ("!=", 4),
    ("<", 4),
    ("<=", 4),
    (">", 4),
    (">=", 4),
    ("~~", 4),
    ("like", 4),
    ("in", 4),
    ("is", 4),
    ("between", 4),
    ("not", 4),
    ("regexp", 4),
    ("||", 5),
    ("->", 5),
    ("->>", 5),
    ("+", 6),
    ("-", 6),
    ("*", 7),
    ("/", 7),
    ("%", 7),
    ("div", 7),
    ("collate", 9),
];
const NOT: u8 = 3;
const COMPARED: u8 = 5;
const SIGNED: u8 = 8;

/// A part of an expression that has been read.
pub(super) struct Part {
    pub(super) text: String,
    /// A constant, whose cast says nothing about what is computed.
    pub(super) is_constant: bool,
}

impl Part {
    pub(super) fn new(text: String) -> Self {
        Self { text, is_constant: false }
    }

    fn constant(text: String) -> Self {
        Self { text, is_constant: true }
    }
}

/// Reads an expression from its tokens, and writes it in one spelling.
pub(super) struct Reader<'t, 'a> {
    pub(super) rest: &'t [Token<'a>],
    /// How many expressions are being read, one inside of another.
    depth: u32,
}

/// Nobody writes an expression deeper than this; the stack ends somewhere.
const DEEPEST: u32 = 100;

impl<'t, 'a> Reader<'t, 'a> {
    /// The expression that the tokens are; none for what it does not know.
    pub(super) fn read(tokens: &'t [Token<'a>]) -> Option<String> {
        let mut reader = Self { rest: tokens, depth: 0 };
        let part = reader.expression(0)?;
        reader.rest.is_empty().then_some(part.text)
    }

    pub(super) fn next(&mut self) -> Option<String> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(plain(*first))
    }

    /// Whether the next token is this word or sign; a quoted name is none.
    pub(super) fn is(&self, text: &str) -> bool {
        match self.rest.first() {
            Some(Token::Word(word)) => word.eq_ignore_ascii_case(text),
            Some(Token::Sign(sign)) => *sign == text,
            _ => false,
        }
    }

    pub(super) fn skip(&mut self, text: &str) -> bool {
        let found = self.is(text);
        if found {
            self.rest = &self.rest[1..];
        }
        found
    }

    pub(super) fn need(&mut self, text: &str) -> Option<()> {
        self.skip(text).then_some(())
    }

    /// What follows, as far as its operators bind at least as tightly as `strength`.
    fn expression(&mut self, strength: u8) -> Option<Part> {
        self.depth += 1;
        let part = (self.depth < DEEPEST).then(|| self.operation(strength)).flatten();
        self.depth -= 1;
        part
    }

    fn operation(&mut self, strength: u8) -> Option<Part> {
        let mut left = self.prefixed()?;
        loop {
            let before = self.rest;
            let Some((operator, binds)) = self.operator().filter(|(_, binds)| *binds >= strength) else {
                self.rest = before;
                break;
            };
            left = match operator.as_str() {
                "and" | "or" => self.chain(&left, &operator, binds)?,
                "is" => self.is_something(&left)?,
                "not" => {
                    let operator = self.next()?;
                    self.compared(&left, &operator, true)?
                }
                "in" | "between" | "like" => self.compared(&left, &operator, false)?,
                _ => {
                    let right = self.expression(binds + 1)?;
                    Part::new(format!("({} {} {})", left.text, spelled(&operator), right.text))
                }
            };
        }
        Some(left)
    }

    /// The operator that follows, taken.
    fn operator(&mut self) -> Option<(String, u8)> {
        let (token, rest) = self.rest.split_first()?;
        let (mut text, mut rest) = (plain(*token), rest);
        if matches!(token, Token::Name(_) | Token::Text(_)) {
            return None;
        }
        // `->>` and `~~` are cut by the tokens.
        for longer in ["->>", "~~"] {
            if let Some((next, after)) = rest.split_first()
                && format!("{text}{}", next.text()) == longer
            {
                longer.clone_into(&mut text);
                rest = after;
            }
        }
        let binds = OPERATORS.iter().find(|(operator, _)| *operator == text)?.1;
        self.rest = rest;
        Some((text, binds))
    }

    /// `a and b and c`, however it was put in parentheses: `and(a, b, c)`, which is read as itself.
    fn chain(&mut self, left: &Part, operator: &str, binds: u8) -> Option<Part> {
        let right = self.expression(binds + 1)?;
        let inner = |part: &Part| {
            let inside =
                part.text.strip_prefix(&format!("{operator}(")).and_then(|text| text.strip_suffix(')'));
            inside.unwrap_or(&part.text).to_owned()
        };
        Some(Part::new(format!("{operator}({}, {})", inner(left), inner(&right))))
    }

    fn is_something(&mut self, left: &Part) -> Option<Part> {
        let not = if self.skip("not") { " not" } else { "" };
        let what = self.next()?;
        Some(Part::new(format!("({} is{not} {what})", left.text)))
    }

    /// `in`, `between` and `like`, as PostgreSQL says them.
    fn compared(&mut self, left: &Part, operator: &str, not: bool) -> Option<Part> {
        let text = match operator {
            "in" => {
                self.need("(")?;
                let list = self.list(")")?;
                return Some(Part::new(among(&left.text, &list, not)));
            }
            "between" => {
                let low = self.expression(COMPARED)?;
                self.need("and")?;
                let high = self.expression(COMPARED)?;
                format!("and(({0} >= {1}), ({0} <= {2}))", left.text, low.text, high.text)
            }
            "like" => {
                let pattern = self.expression(COMPARED)?;
                let like = if not { "!~~" } else { "~~" };
                return Some(Part::new(format!("({} {like} {})", left.text, pattern.text)));
            }
            _ => return None,
        };
        Some(Part::new(if not { format!("(not {text})") } else { text }))
    }

    fn prefixed(&mut self) -> Option<Part> {
        if self.skip("not") {
            let part = self.expression(NOT)?;
            return Some(Part::new(format!("(not {})", part.text)));
        }
        if self.skip("-") {
            let part = self.expression(SIGNED)?;
            return Some(Part { text: format!("-{}", part.text), is_constant: part.is_constant });
        }
        if self.skip("+") {
            return self.expression(SIGNED);
        }
        let mut part = self.primary()?;
        while self.skip("::") {
            let name = self.type_name()?;
            part = cast(part, &name);
        }
        // `x = any (array[…])` came as `in`.
        for (operator, quantifier, not) in [("=", "any", false), ("<>", "all", true)] {
            if self.is(operator)
                && matches!(self.rest.get(1), Some(Token::Word(word)) if word.eq_ignore_ascii_case(quantifier))
            {
                self.rest = &self.rest[2..];
                let list = self.quantified()?;
                return Some(Part::new(among(&part.text, &list, not)));
            }
        }
        Some(part)
    }

    /// `(array['a'::text, 'b'::text])`, with casts around.
    fn quantified(&mut self) -> Option<Vec<String>> {
        self.need("(")?;
        let list = if self.is("(") {
            self.depth += 1;
            let list = (self.depth < DEEPEST).then(|| self.quantified()).flatten()?;
            self.depth -= 1;
            while self.skip("::") {
                self.type_name()?;
            }
            list
        } else {
            self.need("array")?;
            self.need("[")?;
            let list = self.list("]")?;
            while self.skip("::") {
                self.type_name()?;
            }
            list
        };
        self.need(")")?;
        Some(list)
    }

    fn primary(&mut self) -> Option<Part> {
        let (first, rest) = self.rest.split_first()?;
        match first {
            Token::Text(text) => {
                self.rest = rest;
                Some(Part::constant((*text).to_owned()))
            }
            Token::Number(number) => {
                self.rest = rest;
                Some(Part::constant(super::constant::shortest(number)))
            }
            Token::Sign("(") => {
                self.rest = rest;
                let mut list = self.parts(")")?;
                if list.len() == 1 {
                    return list.pop();
                }
                Some(Part::new(format!("({})", texts(list).join(", "))))
            }
            Token::Word(_) | Token::Name(_) => self.named(),
            _ => None,
        }
    }

    /// A name, a call, a `case`, or a literal with a word in front.
    fn named(&mut self) -> Option<Part> {
        let is_word = matches!(self.rest.first(), Some(Token::Word(_)));
        let mut name = self.next()?;
        if is_word {
            if name == "case" {
                return self.case();
            }
            // A character set, or a type: `_utf8mb4'x'`, `N'x'`, `date '2020-01-01'`.
            let names_text = name.starts_with('_')
                || matches!(name.as_str(), "n" | "date" | "time" | "timestamp" | "interval");
            if let (true, Some(Token::Text(text))) = (names_text, self.rest.first()) {
                self.rest = &self.rest[1..];
                return Some(Part::constant((*text).to_owned()));
            }
            if matches!(name.as_str(), "true" | "false" | "null") {
                return Some(Part::constant(name));
            }
        }
        while self.skip(".") {
            name = format!("{name}.{}", self.next()?);
        }
        if !self.skip("(") {
            return Some(Part::new(name));
        }
        if name == "cast" {
            let part = self.expression(0)?;
            self.need("as")?;
            let to = self.type_name()?;
            self.need(")")?;
            return Some(cast(part, &to));
        }
        let list = self.list(")")?;
        Some(Part::new(format!("{name}({})", list.join(", "))))
    }

    fn case(&mut self) -> Option<Part> {
        let mut text = String::from("case");
        while !self.skip("end") {
            let word = ["when", "then", "else"].into_iter().find(|word| self.skip(word)).unwrap_or_default();
            let part = self.expression(0)?;
            text = format!("{text} {word} {}", part.text);
        }
        Some(Part::new(format!("({text} end)")))
    }

    /// Expressions with commas between them, up to `end`, which is taken.
    pub(super) fn list(&mut self, end: &str) -> Option<Vec<String>> {
        self.parts(end).map(texts)
    }

    fn parts(&mut self, end: &str) -> Option<Vec<Part>> {
        let mut list = Vec::new();
        if self.skip(end) {
            return Some(list);
        }
        loop {
            let mut part = if self.skip("*") { Part::new("*".to_owned()) } else { self.expression(0)? };
            // `extract(year from day)`, `substring(a from 1 for 2)`
            while let Some(word) = ["from", "for"].into_iter().find(|word| self.skip(word)) {
                part = Part::new(format!("{} {word} {}", part.text, self.expression(0)?.text));
            }
            list.push(part);
            if self.skip(end) {
                return Some(list);
            }
            self.need(",")?;
        }
    }
}

fn texts(parts: Vec<Part>) -> Vec<String> {
    parts.into_iter().map(|part| part.text).collect()
}

fn among(value: &str, list: &[String], not: bool) -> String {
    match (list, not) {
        ([one], false) => format!("({value} = {one})"),
        ([one], true) => format!("({value} <> {one})"),
        _ => format!("({value}{} in ({}))", if not { " not" } else { "" }, list.join(", ")),
    }
}

fn spelled(operator: &str) -> &str {
    if operator == "!=" { "<>" } else { operator }
}
