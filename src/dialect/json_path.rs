//! [`JsonPath`]: `meta->lang`, read once for every dialect.

use crate::error::{Error, Result};

/// A path inside of a JSON column: `meta->tags[0]->name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonPath<'a> {
    /// The column, with its table if it has one.
    pub column: &'a str,
    /// The way to go inside.
    pub steps: Vec<JsonStep<'a>>,
}

/// One step of a [`JsonPath`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonStep<'a> {
    /// The member of an object.
    Key(&'a str),
    /// The element of an array: the digits between brackets, after a `-` when counted from the end.
    Index(&'a str),
}

impl<'a> JsonPath<'a> {
    /// Reads a column's name. A plain column is a path without steps: the whole of it.
    ///
    /// # Errors
    /// As [`JsonPath::parse`].
    pub fn of(text: &'a str) -> Result<Self> {
        Ok(Self::parse(text)?.unwrap_or(Self { column: text, steps: Vec::new() }))
    }

    /// Whether a place in an array is counted from its end.
    #[must_use]
    pub fn counts_from_end(&self) -> bool {
        self.steps.iter().any(|step| matches!(step, JsonStep::Index(index) if index.starts_with('-')))
    }

    /// The path without its last step, and that step.
    #[must_use]
    pub fn split_last(&self) -> Option<(JsonPath<'a>, JsonStep<'a>)> {
        let (last, before) = self.steps.split_last()?;
        Some((JsonPath { column: self.column, steps: before.to_vec() }, *last))
    }

    /// Reads a column's name. `None` when it is a plain column.
    ///
    /// # Errors
    /// `InvalidArgument` for a place in an array that is no whole number, and for a NUL, which SQL
    /// cannot hold.
    pub fn parse(text: &'a str) -> Result<Option<Self>> {
        // Looking for one character is quicker than for two, and hardly any column has a path.
        if !text.contains('>') {
            return Ok(None);
        }
        let Some((column, path)) = text.split_once("->") else { return Ok(None) };
        if path.contains('\0') {
            return Err(Error::invalid(format!("the JSON path of {column} contains a NUL character")));
        }
        let mut steps = Vec::new();
        for segment in path.split("->") {
            let key_length = trailing_brackets(segment);
            let (key, brackets) = segment.split_at(key_length);
            if !key.is_empty() || brackets.is_empty() {
                steps.push(JsonStep::Key(key));
            }
            for index in brackets.split(['[', ']']).filter(|part| !part.is_empty()) {
                if !is_whole_number(index) {
                    return Err(Error::invalid(format!(
                        "a place in a JSON array is a whole number, as in {column}->tags[0]"
                    )));
                }
                steps.push(JsonStep::Index(index));
            }
        }
        Ok(Some(Self { column, steps }))
    }

    /// The path as MySQL, MariaDB, SQLite and SQL Server read it, without quotes of SQL:
    /// `$."tags"[0]."name"`. `from_end` spells the place of the last element (1), the one before (2)
    /// and so on.
    #[must_use]
    pub fn dollar_path(&self, from_end: fn(&str) -> String) -> String {
        let mut path = String::from("$");
        for step in &self.steps {
            match step {
                JsonStep::Key(key) => {
                    path.push_str(".\"");
                    path.push_str(key);
                    path.push('"');
                }
                JsonStep::Index(index) => {
                    path.push('[');
                    match index.strip_prefix('-') {
                        Some(place) => path.push_str(&from_end(place)),
                        None => path.push_str(index),
                    }
                    path.push(']');
                }
            }
        }
        path
    }
}

impl<'a> JsonStep<'a> {
    /// The place in an array, if this is one. A key of digits is one too.
    #[must_use]
    pub fn index(self) -> Option<i64> {
        let (Self::Key(text) | Self::Index(text)) = self;
        text.parse::<i64>().ok().filter(|number| number.to_string() == text)
    }

    /// What was written.
    #[must_use]
    pub fn text(self) -> &'a str {
        let (Self::Key(text) | Self::Index(text)) = self;
        text
    }
}

fn is_whole_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Where the brackets at the end of a segment begin.
fn trailing_brackets(segment: &str) -> usize {
    let mut end = segment.len();
    while segment[..end].ends_with(']') {
        match segment[..end - 1].rfind(['[', ']']) {
            Some(open) if segment.as_bytes()[open] == b'[' && open + 2 < end => end = open,
            _ => break,
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> String {
        JsonPath::parse(text)
            .expect("a path")
            .map(|path| path.dollar_path(|place| format!("-{place}")))
            .unwrap_or_default()
    }

    #[test]
    fn steps_are_keys_and_indexes() {
        assert_eq!(path("options->a[0]->b"), r#"$."a"[0]."b""#);
        assert_eq!(path("meta->[0]"), "$[0]");
        assert_eq!(path("meta->a.b"), r#"$."a.b""#);
        assert_eq!(path("meta->tags[0][2]"), r#"$."tags"[0][2]"#);
        assert_eq!(path("meta->a[]"), r#"$."a[]""#);
    }

    #[test]
    fn a_plain_column_has_no_path() {
        assert_eq!(JsonPath::parse("users.meta").expect("a column"), None);
    }

    #[test]
    fn places_in_arrays_are_whole_numbers() {
        assert_eq!(path("meta->a[-1]"), r#"$."a"[-1]"#);
        for text in ["meta->a[0) or 1=1 --]", "meta->a[x]", "meta->[0][ 1]", "meta->a[-]", "meta->a\0"] {
            assert!(JsonPath::parse(text).is_err(), "{text}");
        }
    }
}
