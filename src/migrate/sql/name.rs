//! [`Name`]: a name as it is written, and what it means.

/// A name, with what qualifies it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_field_names)] // the last part is what is called the name
pub struct Name {
    /// What stands in front of it, without quotes: `app`. The outermost first, with dots between.
    pub namespace: Option<String>,
    /// Its last part without quotes, as the catalogue spells it.
    pub name: String,
    /// As it is written: `"App"."Users"`.
    pub text: String,
    /// Where the last part begins in the text.
    last: usize,
}

impl Name {
    /// A name that stands in no text.
    pub fn new(namespace: Option<String>, name: String) -> Self {
        let mut text = namespace.clone().map_or_else(String::new, |namespace| namespace + ".");
        let last = text.len();
        text.push_str(&name);
        Self { namespace, name, text, last }
    }

    /// `text` is how the parts are written, of which the last begins at `last`.
    pub(super) fn written(mut parts: Vec<String>, text: &str, last: usize) -> Option<Self> {
        let name = parts.pop()?;
        let namespace = (!parts.is_empty()).then(|| parts.join("."));
        Some(Self { namespace, name, text: text.to_owned(), last })
    }

    /// What qualifies it, as it is written, with the dot.
    pub fn qualifier(&self) -> &str {
        &self.text[..self.last]
    }

    /// All of it without quotes: `app.users`.
    pub fn dotted(&self) -> String {
        self.namespace
            .as_ref()
            .map_or_else(|| self.name.clone(), |namespace| format!("{namespace}.{}", self.name))
    }
}
