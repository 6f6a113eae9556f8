//! [`IndexColumn`]: one of the things an index is ordered by.

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// One of the things an index is ordered by: a column or an SQL expression.
///
/// A column of which nothing else is said is just its name in JSON: `"email"`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IndexColumn {
    /// The column; none when it is an expression.
    pub column: Option<String>,
    /// The SQL expression, without the parentheses around it.
    pub expression: Option<String>,
    /// How much of the text is in the index, in characters (MySQL only).
    pub length: Option<u32>,
    /// From the greatest to the least.
    pub descending: bool,
    /// Where `NULL` stands (PostgreSQL only).
    pub nulls: Option<NullsOrder>,
    /// How values are compared (PostgreSQL only): `text_pattern_ops`.
    pub operator_class: Option<String>,
    /// How text is compared.
    pub collation: Option<String>,
}

/// Where `NULL` stands in an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NullsOrder {
    /// Before everything else.
    First,
    /// After everything else.
    Last,
}

impl IndexColumn {
    /// A column, and nothing else said.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self { column: Some(name.into()), ..Self::default() }
    }

    /// An SQL expression, and nothing else said.
    #[must_use]
    pub fn computed(expression: impl Into<String>) -> Self {
        Self { expression: Some(expression.into()), ..Self::default() }
    }

    /// Whether it is a column of which nothing else is said.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.column.as_ref().is_some_and(|name| *self == Self::named(name.clone()))
    }
}

impl Serialize for IndexColumn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let (Some(name), true) = (&self.column, self.is_plain()) {
            return serializer.serialize_str(name);
        }
        let mut map = serializer.serialize_map(None)?;
        let texts = [
            ("column", &self.column),
            ("expression", &self.expression),
            ("operatorClass", &self.operator_class),
            ("collation", &self.collation),
        ];
        for (key, text) in texts {
            if let Some(text) = text {
                map.serialize_entry(key, text)?;
            }
        }
        if let Some(length) = self.length {
            map.serialize_entry("length", &length)?;
        }
        if self.descending {
            map.serialize_entry("descending", &true)?;
        }
        if let Some(nulls) = self.nulls {
            map.serialize_entry("nulls", &nulls)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for IndexColumn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NameOrDescription)
    }
}

struct NameOrDescription;

impl<'de> Visitor<'de> for NameOrDescription {
    type Value = IndexColumn;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a column's name, or {column} or {expression} with what is said about it")
    }

    fn visit_str<E>(self, name: &str) -> Result<IndexColumn, E> {
        Ok(IndexColumn::named(name))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<IndexColumn, A::Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields, default)]
        #[derive(Default)]
        struct Description {
            column: Option<String>,
            expression: Option<String>,
            length: Option<u32>,
            descending: bool,
            nulls: Option<NullsOrder>,
            operator_class: Option<String>,
            collation: Option<String>,
        }
        let it = Description::deserialize(MapAccessDeserializer::new(map))?;
        Ok(IndexColumn {
            column: it.column,
            expression: it.expression,
            length: it.length,
            descending: it.descending,
            nulls: it.nulls,
            operator_class: it.operator_class,
            collation: it.collation,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_column_alone_is_its_name_and_others_are_described() {
        let written = json!(["email", {"expression": "lower(name)", "descending": true, "nulls": "last"}]);
        let read: Vec<IndexColumn> = serde_json::from_value(written.clone()).unwrap_or_default();
        assert!(read[0].is_plain() && !read[1].is_plain());
        assert_eq!(serde_json::to_value(read).unwrap_or_default(), written);
        assert!(serde_json::from_value::<IndexColumn>(json!({"column": "a", "colour": 1})).is_err());
    }
}
