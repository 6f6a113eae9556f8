//! [`meaning`]: the tokens of a JavaScript or TypeScript source, without what a formatter decides.
//!
//! Formatters choose quotes, semicolons, commas before a closing bracket, parentheses around what needs none,
//! line breaks, the spelling of numbers and whether a plain property name is quoted. Commas and parentheses are
//! left out wherever they only group, so an edit of nothing but those is not seen: it is the price of not parsing.

/// What stands before a token, as far as it matters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// An operator, a keyword or nothing: an operand comes next.
    Operator,
    /// A name, a literal or a closing bracket: an operator comes next.
    Operand,
}

/// Keywords after which an operand comes, so that `(` groups and `/` begins a regular expression.
const KEYWORDS: [&str; 21] = [
    "return",
    "throw",
    "case",
    "typeof",
    "instanceof",
    "in",
    "of",
    "new",
    "delete",
    "void",
    "await",
    "yield",
    "if",
    "while",
    "for",
    "switch",
    "with",
    "else",
    "do",
    "async",
    "default",
];

/// Operators of more than one character, longest first.
const LONG: [&str; 14] =
    ["===", "!==", "...", "**=", "&&=", "||=", "??=", "=>", "==", "!=", "&&", "||", "??", "?."];

/// The tokens, one a line.
#[must_use]
pub fn meaning(source: &str) -> String {
    let mut tokens = Tokens {
        source,
        at: 0,
        out: String::new(),
        before: Before::Operator,
        open: Vec::new(),
        comma: false,
    };
    tokens.run(false);
    tokens.out
}

struct Tokens<'a> {
    source: &'a str,
    at: usize,
    out: String,
    before: Before,
    /// For each open parenthesis: whether it was written.
    open: Vec<bool>,
    /// A comma that is written once something other than a closing bracket follows.
    comma: bool,
}

impl<'a> Tokens<'a> {
    fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    /// Until the end, or until the brace that closes `${` in a template.
    fn run(&mut self, is_in_template: bool) {
        let mut braces = 0_u32;
        while let Some(letter) = self.rest().chars().next() {
            let rest = self.rest();
            // ECMAScript counts the byte order mark among blanks (§12.2).
            if letter.is_whitespace() || letter == '\u{feff}' {
                self.at += letter.len_utf8();
            } else if rest.starts_with("//") || (self.at == 0 && rest.starts_with("#!")) {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                self.at += rest.find("*/").map_or(rest.len(), |length| length + 2);
            } else if letter.is_alphabetic() || matches!(letter, '_' | '$' | '#' | '@') {
                self.word();
            } else if letter.is_ascii_digit()
                || (letter == '.' && rest[1..].starts_with(|next: char| next.is_ascii_digit()))
            {
                self.number();
            } else if matches!(letter, '\'' | '"') {
                self.string(letter);
            } else if letter == '`' {
                self.template();
            } else if letter == '/' && self.before == Before::Operator {
                self.regular_expression();
            } else {
                match letter {
                    '{' => braces += 1,
                    '}' if braces == 0 && is_in_template => return,
                    '}' => braces = braces.saturating_sub(1),
                    _ => {}
                }
                self.sign(letter);
            }
        }
    }

    fn write(&mut self, token: &str, before: Before) {
        if std::mem::take(&mut self.comma) {
            self.out.push_str(",\n");
        }
        self.out.push_str(token);
        self.out.push('\n');
        self.before = before;
    }

    fn word(&mut self) {
        let rest = self.rest();
        let end = rest
            .char_indices()
            .skip(1)
            .find(|(_, letter)| !(letter.is_alphanumeric() || matches!(letter, '_' | '$')))
            .map_or(rest.len(), |(at, _)| at);
        self.at += end;
        // `a.return` is a property.
        let is_property = self.out.ends_with(".\n");
        let is_keyword = KEYWORDS.contains(&&rest[..end]) && !is_property;
        self.write(&rest[..end], if is_keyword { Before::Operator } else { Before::Operand });
    }

    fn number(&mut self) {
        let rest = self.rest();
        let mut end = 0;
        let bytes = rest.as_bytes();
        while end < bytes.len()
            && (bytes[end].is_ascii_alphanumeric()
                || matches!(bytes[end], b'.' | b'_')
                || (matches!(bytes[end], b'+' | b'-')
                    && matches!(bytes[end - 1], b'e' | b'E')
                    && !rest.starts_with("0x")))
        {
            end += 1;
        }
        self.at += end;
        let mut text = rest[..end].to_ascii_lowercase();
        if !text.starts_with("0x") {
            text = text.replace("e+", "e");
            let (mut mantissa, exponent) = match text.split_once('e') {
                Some((mantissa, exponent)) => (mantissa.to_owned(), format!("e{exponent}")),
                None => (text.clone(), String::new()),
            };
            if mantissa.contains('.') {
                mantissa.truncate(mantissa.trim_end_matches('0').trim_end_matches('.').len());
            }
            if mantissa.is_empty() || mantissa.starts_with('.') {
                mantissa.insert(0, '0');
            }
            text = mantissa + &exponent;
        }
        self.write(&text, Before::Operand);
    }

    fn string(&mut self, quote: char) {
        let rest = self.rest();
        let mut content = String::from("'");
        let mut letters = rest.char_indices().skip(1);
        let mut end = rest.len();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '\\' => match letters.next() {
                    Some((_, escaped @ ('\'' | '"'))) => content.push(escaped),
                    Some((_, escaped)) => content.extend(['\\', escaped]),
                    None => {}
                },
                _ if letter == quote => {
                    end = at + 1;
                    break;
                }
                _ => content.push(letter),
            }
        }
        self.at += end;
        let is_key = (self.comma || self.out.ends_with("{\n")) && self.rest().trim_start().starts_with(':');
        let is_plain = content.len() > 1
            && content[1..].chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
            && !content[1..].starts_with(|first: char| first.is_ascii_digit());
        if is_key && is_plain {
            content.remove(0);
        }
        self.write(&content, Before::Operand);
    }

    fn template(&mut self) {
        let start = self.at;
        self.at += 1;
        let mut chunk = start;
        while let Some(letter) = self.rest().chars().next() {
            if letter == '\\' {
                self.at += 1;
                self.at += self.rest().chars().next().map_or(0, char::len_utf8);
            } else if letter == '`' {
                self.at += 1;
                break;
            } else if self.rest().starts_with("${") {
                self.at += 2;
                self.write(&self.source[chunk..self.at], Before::Operator);
                self.run(true);
                chunk = self.at;
            } else {
                self.at += letter.len_utf8();
            }
        }
        self.write(&self.source[chunk..self.at], Before::Operand);
    }

    fn regular_expression(&mut self) {
        let rest = self.rest();
        let mut is_class = false;
        let mut is_escaped = false;
        let end = rest
            .char_indices()
            .skip(1)
            .find(|(_, letter)| {
                if std::mem::take(&mut is_escaped) {
                    return false;
                }
                match letter {
                    '\\' => is_escaped = true,
                    '[' => is_class = true,
                    ']' => is_class = false,
                    _ => {}
                }
                (*letter == '/' && !is_class) || *letter == '\n'
            })
            .map_or(rest.len(), |(at, letter)| at + letter.len_utf8());
        self.at += end;
        self.write(&rest[..end], Before::Operand);
    }

    fn sign(&mut self, letter: char) {
        match letter {
            ';' => self.before = Before::Operator,
            ',' => {
                self.comma = true;
                self.before = Before::Operator;
            }
            '(' => {
                let is_call = self.before == Before::Operand;
                self.open.push(is_call);
                if is_call {
                    self.write("(", Before::Operator);
                }
                self.before = Before::Operator;
            }
            ')' => {
                self.comma = false;
                if self.open.pop() == Some(true) {
                    self.write(")", Before::Operand);
                }
                self.before = Before::Operand;
            }
            ']' | '}' => {
                self.comma = false;
                // After a block comes an operand, after an object an operator: `/` after either is division here.
                self.write(&letter.to_string(), Before::Operand);
            }
            // A formatter begins the lines of a long union with it.
            '|' | '&'
                if self.before == Before::Operator
                    && !self.rest().starts_with(&format!("{letter}{letter}")) => {}
            _ => {
                let token = LONG.iter().find(|token| self.rest().starts_with(**token));
                let token = token.map_or_else(|| letter.to_string(), |token| (*token).to_owned());
                self.at += token.len();
                self.write(&token, Before::Operator);
                return;
            }
        }
        self.at += letter.len_utf8();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_formatter_decides_is_left_out() {
        for (one, other) in [
            ("a('b', \"it's\");\n", "a(\n  \"b\",\n  'it\\'s',\n)"),
            ("const f = x => ({ 'a': 1, 'b-c': [1, 2,], });", "const f = (x) => ({ a: 1, \"b-c\": [1, 2] })"),
            ("list.map(async x => await x)", "list.map(async (x) => await x)"),
            ("return a && b || c", "return (\n  (a && b) || c\n);"),
            ("n = 0XAB + 1.50 + .5 + 5. + 1E+5", "n = 0xab + 1.5 + 0.5 + 5 + 1e5"),
            ("type A = 'x' | 'y'", "type A =\n  | 'x'\n  | 'y';"),
            ("`a ${b} c`", "`a ${ b } c`"),
            ("/* old */ go() // now", "go()"),
            ("if (a) { b() }", "if (a) {\n  b();\n}\n"),
        ] {
            assert_eq!(meaning(one), meaning(other), "{one}");
        }
    }

    #[test]
    fn what_the_author_decides_is_kept() {
        for (one, other) in [
            ("a('b')", "a('c')"),
            ("a(b, c)", "a(b)"),
            ("a()", "a"),
            ("`a  b`", "`a b`"),
            ("/a b/", "/ab/"),
            ("a === b", "a !== b"),
            ("a.b", "a.c"),
            ("{ a: 1 }", "{ a: '1' }"),
            ("'a\\n'", "'an'"),
            ("await a", "a"),
            ("10", "1"),
        ] {
            assert_ne!(meaning(one), meaning(other), "{one}");
        }
    }

    #[test]
    fn quotes_in_regular_expressions_and_division_do_not_derail() {
        assert_eq!(
            meaning("x = a / b / c; y = /[/'\"]/g; z = 'same'"),
            meaning("x=a/b/c\ny=/[/'\"]/g\nz=\"same\"")
        );
        assert_ne!(meaning("y = /'/g; z = 'a'"), meaning("y = /'/g; z = 'b'"));
    }

    #[test]
    fn any_text_is_read_to_its_end() {
        for text in ["'", "`", "`${", "`${a", "/", "/[", "(", ")", "}", "\\", "'\\", "é`ü${", "1e", ".", "#!"]
        {
            assert!(meaning(&format!("{text}\n x")).len() > 1, "{text}");
        }
    }
}
