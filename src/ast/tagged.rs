//! Reads a node that is an object with its `kind`, or a text or a number that stands for one.
//!
//! `#[serde(tag = "kind")]` and `#[serde(untagged)]` mean the same, but copy every such node to memory before they read it,
//! and what is inside of others once more for each level. Every new query passes here, and the builders write `kind` first.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, MapDeserializer, StrDeserializer, U64Deserializer};
use serde::de::{
    DeserializeSeed, EnumAccess, Error, IgnoredAny, IntoDeserializer, MapAccess, VariantAccess, Visitor,
};
use serde::{Deserialize, Deserializer, forward_to_deserialize_any};
use serde_json::{Map, Value};

const TAG: &str = "kind";

/// The variants that a text and a number are.
const TEXT: &str = "text";
const NUMBER: &str = "number";

/// Gives an enum that is read as `{"name": {…}}` what is written as `{"kind": "name", …}`, `"…"` or `0`.
pub(super) struct Tagged<D>(pub(super) D);

/// Makes types that are read as [`Tagged`] say so to serde. They derive with `#[serde(remote = "Self")]`, and rename the
/// variant that is only a text to `text`, the one that is only a number to `number`.
macro_rules! read_as_tagged {
    ($($node:ty),+) => {$(
        impl<'de> serde::Deserialize<'de> for $node {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <$node>::deserialize($crate::ast::tagged::Tagged(deserializer))
            }
        }
    )+};
}
pub(super) use read_as_tagged;

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Tagged<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(Node(visitor))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Node<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for Node<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with a `{TAG}`, or what is short for one")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        self.0.visit_enum(Short { variant: TEXT, content: StrDeserializer::new(text) })
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<V::Value, E> {
        self.0.visit_enum(Short { variant: NUMBER, content: U64Deserializer::new(number) })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        read(map, self.0)
    }
}

fn read<'de, A: MapAccess<'de>, V: Visitor<'de>>(mut map: A, visitor: V) -> Result<V::Value, A::Error> {
    match map.next_key::<Key>()? {
        Some(Key::Tag) => visitor.visit_enum(Members(map)),
        Some(Key::Other(first)) => {
            // Somebody else than the builders wrote it, in another order.
            let mut members = Map::new();
            members.insert(first, map.next_value()?);
            while let Some((key, value)) = map.next_entry::<String, Value>()? {
                members.insert(key, value);
            }
            let tag = members.remove(TAG).ok_or_else(|| A::Error::missing_field(TAG))?;
            let ordered = std::iter::once((TAG.to_owned(), tag)).chain(members);
            read(MapDeserializer::new(ordered), visitor)
                .map_err(|error: serde_json::Error| A::Error::custom(error))
        }
        None => Err(A::Error::missing_field(TAG)),
    }
}

enum Key {
    Tag,
    Other(String),
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;

        impl Visitor<'_> for Name {
            type Value = Key;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<Key, E> {
                Ok(if name == TAG { Key::Tag } else { Key::Other(name.to_owned()) })
            }
        }

        deserializer.deserialize_identifier(Name)
    }
}

/// An object whose `kind` is the next value.
struct Members<A>(A);

impl<'de, A: MapAccess<'de>> EnumAccess<'de> for Members<A> {
    type Error = A::Error;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(mut self, seed: S) -> Result<(S::Value, Self), A::Error> {
        let kind = self.0.next_value_seed(seed)?;
        Ok((kind, self))
    }
}

impl<'de, A: MapAccess<'de>> VariantAccess<'de> for Members<A> {
    type Error = A::Error;

    fn unit_variant(mut self) -> Result<(), A::Error> {
        match self.0.next_key::<IgnoredAny>()? {
            None => Ok(()),
            Some(_) => Err(A::Error::custom("this kind has no members")),
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        seed.deserialize(MapAccessDeserializer::new(self.0))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, _visitor: V) -> Result<V::Value, A::Error> {
        Err(A::Error::custom("members have names"))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        visitor.visit_map(self.0)
    }
}

/// A text or a number in the place of an object.
struct Short<C> {
    variant: &'static str,
    content: C,
}

impl<'de, C: Deserializer<'de>> EnumAccess<'de> for Short<C> {
    type Error = C::Error;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), C::Error> {
        let variant = seed.deserialize(self.variant.into_deserializer())?;
        Ok((variant, self))
    }
}

impl<'de, C: Deserializer<'de>> VariantAccess<'de> for Short<C> {
    type Error = C::Error;

    fn unit_variant(self) -> Result<(), C::Error> {
        Err(C::Error::custom("an object is expected here"))
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, C::Error> {
        seed.deserialize(self.content)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, _visitor: V) -> Result<V::Value, C::Error> {
        Err(C::Error::custom("an object is expected here"))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, C::Error> {
        Err(C::Error::custom("an object is expected here"))
    }
}
