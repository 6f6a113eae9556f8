//! Reads a node whose kind is told by how its text begins.

/// Makes a type be read from its text: `read` gets it, without space before it.
macro_rules! untagged {
    ($node:ty, $read:expr) => {
        impl<'de> serde::Deserialize<'de> for $node {
            fn deserialize<D: serde::Deserializer<'de>>(
                deserializer: D,
            ) -> std::result::Result<Self, D::Error> {
                let text = Box::<serde_json::value::RawValue>::deserialize(deserializer)?;
                let read: fn(&str) -> serde_json::Result<$node> = $read;
                read(text.get()).map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use untagged;
