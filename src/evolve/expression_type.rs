//! Names of types inside of expressions, and the casts that say nothing.

use super::expression_reader::{Part, Reader};

/// Other names of types, and the names that servers write.
const TYPES: [(&str, &str); 12] = [
    ("int", "integer"),
    ("int4", "integer"),
    ("int8", "bigint"),
    ("int2", "smallint"),
    ("bool", "boolean"),
    ("decimal", "numeric"),
    ("float8", "double precision"),
    ("float4", "real"),
    ("varchar", "character varying"),
    ("char", "character"),
    ("timestamptz", "timestamp with time zone"),
    ("timestamp without time zone", "timestamp"),
];

impl Reader<'_, '_> {
    /// The name of a type, in one spelling: `character varying(20)`, `integer[]`.
    pub(super) fn type_name(&mut self) -> Option<String> {
        const MORE: [&str; 7] = ["varying", "precision", "with", "without", "time", "zone", "unsigned"];
        let mut name = self.next()?;
        let mut size = String::new();
        if self.skip("(") {
            size = format!("({})", self.list(")")?.join(","));
        }
        while let Some(word) = MORE.into_iter().find(|word| self.is(word)) {
            self.rest = &self.rest[1..];
            name = format!("{name} {word}");
        }
        if size.is_empty() && self.skip("(") {
            size = format!("({})", self.list(")")?.join(","));
        }
        while self.skip("[") {
            self.need("]")?;
            size.push_str("[]");
        }
        let known = TYPES.iter().find(|(other, _)| *other == name).map_or(name.as_str(), |(_, known)| known);
        Some(format!("{known}{size}"))
    }
}

/// A cast, unless it says nothing: of a constant, or from one type of text to another.
pub(super) fn cast(part: Part, name: &str) -> Part {
    if part.is_constant || matches!(name, "text" | "character varying" | "bpchar") {
        return part;
    }
    Part::new(format!("{}::{name}", part.text))
}
