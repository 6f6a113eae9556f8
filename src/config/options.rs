//! [`Options`]: an object of options, read by name and type.
//!
//! Options often come from environment variables and URLs, which know only text: `"5432"` is
//! taken for a number and `"true"` for a boolean.

use serde_json::{Map, Value};

use super::keys::{self, Key};
use crate::error::{Error, ErrorCode, Result};

/// A failure of this layer. `parse` puts the connection's name in front.
pub(super) fn refuse(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::Config, message)
}

/// Options under one path, under their canonical names. `null` counts as not given.
#[derive(Debug, Default)]
pub(super) struct Options {
    /// In front of a name in messages: `pool.`, `read.`.
    path: String,
    values: Map<String, Value>,
}

impl Options {
    /// Takes an object whose keys must all be in `keys`.
    ///
    /// # Errors
    /// A key that is not known, naming the nearest that is.
    pub fn new(given: Map<String, Value>, path: &str, keys: &'static [Key]) -> Result<Self> {
        let mut options = Self { path: path.to_owned(), values: Map::new() };
        for (name, value) in given {
            let Some(key) = keys::find(keys, &name) else {
                return Err(unknown(&name, path, keys));
            };
            // The canonical spelling wins over its aliases.
            if !value.is_null() && (name == key.name || !options.values.contains_key(key.name)) {
                options.values.insert(key.name.to_owned(), value);
            }
        }
        Ok(options)
    }

    /// Takes the value of a key that must be an object.
    pub fn child(&self, name: &str, keys: &'static [Key]) -> Result<Self> {
        match self.values.get(name) {
            None => Ok(Self::default()),
            Some(Value::Object(given)) => Self::new(given.clone(), &format!("{}{name}.", self.path), keys),
            Some(other) => Err(self.wrong(name, "an object", other)),
        }
    }

    /// The value as it was given.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    /// Whether the option is given.
    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// Adds what is not given yet.
    pub fn fill(&mut self, other: Self) {
        for (name, value) in other.values {
            self.values.entry(name).or_insert(value);
        }
    }

    /// Sets one.
    pub fn put(&mut self, name: &str, value: Value) {
        self.values.insert(name.to_owned(), value);
    }

    /// The object that was given, under canonical names.
    pub fn into_value(self) -> Value {
        Value::Object(self.values)
    }

    /// Forgets options.
    pub fn remove(&mut self, names: &[&str]) {
        for name in names {
            self.values.remove(*name);
        }
    }

    /// The names of what is given.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    /// Text. A number is taken for its digits: `password: 1234`.
    pub fn text(&self, name: &str) -> Result<Option<String>> {
        match self.values.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if text.contains('\0') => {
                Err(refuse(format!("`{}{name}` contains a NUL character", self.path)))
            }
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(Value::Number(number)) => Ok(Some(number.to_string())),
            Some(other) => Err(self.wrong(name, "a string", other)),
        }
    }

    /// Text that is not empty: an empty one counts as not given.
    pub fn filled_text(&self, name: &str) -> Result<Option<String>> {
        Ok(self.text(name)?.filter(|text| !text.is_empty()))
    }

    /// A whole number of at least 0.
    pub fn whole(&self, name: &str) -> Result<Option<u64>> {
        let Some(value) = self.values.get(name) else { return Ok(None) };
        let number = match value {
            // JavaScript has one type of number: 10 may arrive as 10.0.
            Value::Number(number) => number.as_u64().or_else(|| whole_double(number.as_f64()?)),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        number.map(Some).ok_or_else(|| self.wrong(name, "a whole number of at least 0", value))
    }

    /// True or false.
    pub fn boolean(&self, name: &str) -> Result<Option<bool>> {
        let Some(value) = self.values.get(name) else { return Ok(None) };
        let answer = match value {
            Value::Bool(answer) => Some(*answer),
            Value::Number(number) => match number.as_u64() {
                Some(0) => Some(false),
                Some(1) => Some(true),
                _ => None,
            },
            Value::String(text) => match text.to_lowercase().as_str() {
                "true" | "1" | "on" | "yes" => Some(true),
                "false" | "0" | "off" | "no" => Some(false),
                _ => None,
            },
            _ => None,
        };
        answer.map(Some).ok_or_else(|| self.wrong(name, "true or false", value))
    }

    /// A list of texts, or one text with commas.
    pub fn list(&self, name: &str) -> Result<Option<Vec<String>>> {
        let Some(value) = self.values.get(name) else { return Ok(None) };
        let wrong = || self.wrong(name, "a string or a list of strings", value);
        let items = match value {
            Value::String(text) => text.split(',').map(|item| item.trim().to_owned()).collect(),
            Value::Array(items) => items
                .iter()
                .map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong))
                .collect::<Result<Vec<_>>>()?,
            _ => return Err(wrong()),
        };
        Ok(Some(items.into_iter().filter(|item| !item.is_empty()).collect()))
    }

    /// One of a closed list of words, in any case, and what the word stands for.
    pub fn choice<T: Copy>(&self, name: &str, choices: &[(&str, T)]) -> Result<Option<T>> {
        let Some(value) = self.values.get(name) else { return Ok(None) };
        let word = self.text(name)?.unwrap_or_default().to_lowercase();
        if let Some((_, meaning)) = choices.iter().find(|(choice, _)| *choice == word) {
            return Ok(Some(*meaning));
        }
        let words: Vec<_> = choices.iter().map(|(choice, _)| format!("'{choice}'")).collect();
        Err(self.wrong(name, &format!("one of {}", words.join(", ")), value))
    }

    /// A word that becomes part of SQL text (`set names utf8mb4`): letters, digits, `_` and `-`.
    pub fn word(&self, name: &str) -> Result<Option<String>> {
        let Some(text) = self.filled_text(name)? else { return Ok(None) };
        if text.chars().all(|character| character.is_ascii_alphanumeric() || "_-".contains(character)) {
            return Ok(Some(text));
        }
        Err(refuse(format!("`{}{name}` must consist of letters, digits, `_` and `-`", self.path)))
    }

    /// The complaint about a value of the wrong type. It says the type, never the value, which
    /// may be a secret that was put under the wrong name.
    pub fn wrong(&self, name: &str, expected: &str, value: &Value) -> Error {
        let given = match value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "another string",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
        };
        refuse(format!("`{}{name}` must be {expected}, but {given} was given", self.path))
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // both are checked first
fn whole_double(number: f64) -> Option<u64> {
    ((0.0..9e15).contains(&number) && number.fract() == 0.0).then_some(number as u64)
}

fn unknown(name: &str, path: &str, keys: &'static [Key]) -> Error {
    let advice = keys::nearest(keys, name).map_or_else(
        || {
            let known: Vec<_> = keys.iter().map(|key| format!("`{}`", key.name)).collect();
            format!("the known ones are {}", known.join(", "))
        },
        |nearest| format!("did you mean `{path}{nearest}`?"),
    );
    refuse(format!("there is no option `{path}{name}`; {advice}"))
}
