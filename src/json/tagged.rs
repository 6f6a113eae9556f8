//! Reads a node that is an object with its kind, or a text, a number or a list that stands for one.

use std::fmt::{self, Write};
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::value::{EnumAccessDeserializer, MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{
    DeserializeOwned, DeserializeSeed, EnumAccess, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor,
};
use serde_json::{Map, Value};

/// An enum of which serde reads `{"name": {…}}`, and JSON says `{"kind": "name", …}`.
pub(crate) trait Named: DeserializeOwned {
    /// The member that names the variant. Builders write it first.
    const TAG: &'static str;

    /// As serde reads it.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error>;

    /// What a text stands for.
    fn of_text(_text: &str) -> Option<Self> {
        None
    }

    /// What a number stands for.
    fn of_number(_number: u32) -> Option<Self> {
        None
    }

    /// What a list stands for.
    fn of_list<'de, A: SeqAccess<'de>>(
        _items: SeqAccessDeserializer<A>,
    ) -> std::result::Result<Self, A::Error> {
        Err(A::Error::invalid_type(Unexpected::Seq, &Tagged::<Self>::NODE))
    }
}

/// Makes an enum that derives with `#[serde(remote = "Self")]` be read as [`Named`].
macro_rules! tagged {
    ($node:ty, $tag:literal $(, text: $text:expr)? $(, number: $number:expr)? $(, list: $list:expr)?) => {
        impl $crate::json::Named for $node {
            const TAG: &'static str = $tag;

            fn read<'de, D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
                <$node>::deserialize(deserializer)
            }

            $(fn of_text(text: &str) -> Option<Self> {
                Some($text(text.to_owned()))
            })?

            $(fn of_number(number: u32) -> Option<Self> {
                Some($number(number))
            })?

            $(fn of_list<'de, A: serde::de::SeqAccess<'de>>(
                items: serde::de::value::SeqAccessDeserializer<A>,
            ) -> std::result::Result<Self, A::Error> {
                serde::Deserialize::deserialize(items).map($list)
            })?
        }

        impl<'de> serde::Deserialize<'de> for $node {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
                deserializer.deserialize_any($crate::json::Tagged::NODE)
            }
        }
    };
}
pub(crate) use tagged;

/// Reads a [`Named`] node.
pub(crate) struct Tagged<Node>(PhantomData<Node>);

impl<Node> Tagged<Node> {
    pub(crate) const NODE: Self = Self(PhantomData);
}

impl<'de, Node: Named> Visitor<'de> for Tagged<Node> {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with `{}`, or what is short for one", Node::TAG)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Node, E> {
        Node::of_text(text).ok_or_else(|| E::invalid_type(Unexpected::Str(text), &self))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Node, E> {
        let place = u32::try_from(number).ok().and_then(Node::of_number);
        place.ok_or_else(|| E::invalid_type(Unexpected::Unsigned(number), &self))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Node, A::Error> {
        Node::of_list(SeqAccessDeserializer::new(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        match map.next_key_seed(Key(Node::TAG))? {
            Some(None) => Node::read(EnumAccessDeserializer::new(Members(map))),
            Some(Some(first)) => reordered(first, map),
            None => Err(A::Error::missing_field(Node::TAG)),
        }
    }
}

/// Reads a node whose tag is not its first member: somebody else than the builders wrote it. The text is written anew, so
/// that nodes are read from nothing but texts.
fn reordered<'de, A: MapAccess<'de>, Node: Named>(first: String, mut map: A) -> Result<Node, A::Error> {
    let mut members = Map::new();
    members.insert(first, map.next_value()?);
    while let Some((key, value)) = map.next_entry::<String, Value>()? {
        members.insert(key, value);
    }
    let tag = members.remove(Node::TAG).ok_or_else(|| A::Error::missing_field(Node::TAG))?;
    let mut text = format!("{{\"{}\":{tag}", Node::TAG);
    for (key, value) in members {
        let _ = write!(text, ",{}:{value}", Value::from(key));
    }
    text.push('}');
    serde_json::from_str(&text).map_err(A::Error::custom)
}

/// A key: none is the tag.
struct Key(&'static str);

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<String>, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Key {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Option<String>, E> {
        Ok((name != self.0).then(|| name.to_owned()))
    }
}

/// An object whose tag is the next value.
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

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use crate::json::written;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    #[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
    enum Node {
        Nothing,
        Pair {
            one: Box<Node>,
            other: u32,
        },
        #[serde(skip)]
        Text(String),
        #[serde(skip)]
        Number(u32),
        #[serde(skip)]
        Range(Range),
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Range {
        from: Box<Node>,
        to: u32,
        #[serde(default)]
        step: Option<u32>,
    }

    tagged!(Node, "is", text: Self::Text, number: Self::Number, list: Self::Range);
    written!(Node, "is");

    fn read(json: &str) -> Result<Node, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn a_list_is_the_members_of_one_kind_in_their_order() {
        let range = |from, to, step| Node::Range(Range { from: Box::new(from), to, step });
        assert_eq!(read(r#"["a",1]"#), Ok(range(Node::Text("a".into()), 1, None)));
        assert_eq!(
            read(r#"[[{"is":"nothing"},1],2,3]"#),
            Ok(range(range(Node::Nothing, 1, None), 2, Some(3)))
        );
    }

    #[test]
    fn a_node_is_read_wherever_its_kind_stands() {
        let pair = Node::Pair { one: Box::new(Node::Nothing), other: 2 };
        assert_eq!(read(r#"{"is":"pair","one":{"is":"nothing"},"other":2}"#), Ok(pair));
        let inner = Node::Pair { one: Box::new(Node::Text("a\"".into())), other: 1 };
        let pair = Node::Pair { one: Box::new(inner), other: 2 };
        assert_eq!(read(r#"{"other":2,"is":"pair","one":{"one":"a\"","other":1,"is":"pair"}}"#), Ok(pair));
    }

    #[test]
    fn a_node_is_written_as_it_is_read() {
        for json in [r#"{"is":"nothing"}"#, r#"{"is":"pair","one":{"is":"nothing"},"other":2}"#] {
            assert_eq!(serde_json::to_string(&read(json).expect(json)).expect(json), json);
        }
    }

    #[test]
    fn what_is_no_node_is_refused() {
        assert_eq!(read("7"), Ok(Node::Number(7)));
        for (json, reason) in [
            ("{}", "missing field `is`"),
            (r#"{"one":1}"#, "missing field `is`"),
            (r#"{"is":"triple"}"#, "unknown variant `triple`"),
            (r#"{"is":"nothing","one":1}"#, "no members"),
            (r#"{"is":"pair","one":1,"other":2,"third":3}"#, "unknown field `third`"),
            ("[]", "invalid length 0"),
            ("[1]", "invalid length 1"),
            ("[1,2,3,4]", "trailing characters"),
            ("4294967296", "an object with `is`"),
            ("true", "an object with `is`"),
        ] {
            let error = read(json).expect_err(json);
            assert!(error.contains(reason), "{json}: {error}");
        }
    }
}
