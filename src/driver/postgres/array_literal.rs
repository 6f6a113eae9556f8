//! JavaScript arrays (JSON text) to arrays as the server reads them in text.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::parameter::wall_clock_text;
use super::types::Scalar;
use crate::error::{Error, Result};
use crate::value::temporal::{WallClock, Zone};

/// What an array is turned into.
#[derive(Debug, Clone, Copy)]
pub(super) struct ArrayTarget<'a> {
    pub(super) element: Scalar,
    pub(super) delimiter: u8,
    /// The zone of columns without zone.
    pub(super) zone: &'a Zone,
}

/// An array literal. Digits are copied, never read as a number: 64 bits and decimals stay exact.
///
/// For `json[]` and `jsonb[]` each member of the JavaScript array is one JSON value, members that
/// are arrays included; for all other types an array inside is another dimension.
///
/// # Errors
/// `Internal` for text that is not a JSON array.
pub(super) fn array_literal(json: &str, target: ArrayTarget<'_>) -> Result<String> {
    let mut out = String::with_capacity(json.len() + 2);
    write_array(json, target, &mut out)?;
    Ok(out)
}

fn write_array(json: &str, target: ArrayTarget<'_>, out: &mut String) -> Result<()> {
    let members: Vec<&RawValue> = serde_json::from_str(json).map_err(|_| malformed())?;
    out.push('{');
    for (index, member) in members.iter().enumerate() {
        if index > 0 {
            out.push(char::from(target.delimiter));
        }
        write_member(member.get(), target, out)?;
    }
    out.push('}');
    Ok(())
}

fn write_member(json: &str, target: ArrayTarget<'_>, out: &mut String) -> Result<()> {
    match json.as_bytes().first() {
        Some(b'n') => out.push_str("NULL"),
        _ if target.element == Scalar::Json => quote(json, out),
        Some(b'[') => write_array(json, target, out)?,
        Some(b'"') => {
            let text: Cow<'_, str> = serde_json::from_str::<Text<'_>>(json).map_err(|_| malformed())?.0;
            match local_text(&text, target) {
                Some(local) => quote(&local, out),
                None => quote(&text, out),
            }
        }
        Some(b'{') => match serde_json::from_str::<Bytes<'_>>(json) {
            Ok(bytes) => quote(&format!("\\x{}", bytes.hex), out),
            Err(_) => quote(json, out),
        },
        // Numbers, true, false.
        Some(_) => out.push_str(json),
        None => return Err(malformed()),
    }
    Ok(())
}

/// A `Date` inside an array arrives as what `toISOString()` writes. A type without zone would drop
/// its `Z`, so it is told the time in the connection's zone instead, as a `Date` outside of arrays.
fn local_text(text: &str, target: ArrayTarget<'_>) -> Option<String> {
    let is_without_zone = matches!(target.element, Scalar::Timestamp | Scalar::Date | Scalar::Time);
    let is_instant = text.len() == 24 && text.as_bytes()[10] == b'T' && text.ends_with('Z');
    if !is_without_zone || !is_instant || *target.zone == Zone::Utc {
        return None;
    }
    let (clock, _) = WallClock::parse(text)?;
    Some(wall_clock_text(&WallClock::from_instant(clock.to_instant(&Zone::Utc), target.zone)))
}

fn quote(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            out.push('\\');
        }
        out.push(character);
    }
    out.push('"');
}

/// A string, borrowed where it has no escapes.
#[derive(serde::Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// `{"$bytes":"<hex>"}`, and nothing else in it.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Bytes<'a> {
    #[serde(borrow, rename = "$bytes")]
    hex: Cow<'a, str>,
}

fn malformed() -> Error {
    Error::internal("a bound array is not JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(json: &str, element: Scalar) -> Result<String> {
        array_literal(json, ArrayTarget { element, delimiter: b',', zone: &Zone::Utc })
    }

    #[test]
    fn members_are_quoted_nested_and_kept_to_the_digit() -> Result<()> {
        for (json, expected) in [
            ("[]", "{}"),
            ("[1,-2.50,9223372036854775807,null]", "{1,-2.50,9223372036854775807,NULL}"),
            ("[123456789012345678901234567890.123]", "{123456789012345678901234567890.123}"),
            (r#"["a,b","NULL","",null,"\"\\{}"]"#, r#"{"a,b","NULL","",NULL,"\"\\{}"}"#),
            ("[[1,2],[3,4]]", "{{1,2},{3,4}}"),
            ("[true,false]", "{true,false}"),
            (r#"["\u00e9\ud83e\udd80"]"#, r#"{"é🦀"}"#),
            (r#"[{"$bytes":"00ff"}]"#, r#"{"\\x00ff"}"#),
            (r#"[{"a":"b"}]"#, r#"{"{\"a\":\"b\"}"}"#),
        ] {
            assert_eq!(literal(json, Scalar::Text)?, expected);
        }
        Ok(())
    }

    #[test]
    fn members_of_a_json_array_are_json_values() -> Result<()> {
        assert_eq!(
            literal(r#"["a",[1,2],{"b":1},7,null]"#, Scalar::Json)?,
            r#"{"\"a\"","[1,2]","{\"b\":1}","7",NULL}"#
        );
        Ok(())
    }
}
