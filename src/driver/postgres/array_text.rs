//! Arrays as the server writes them in text (`{1,"a b",NULL}`), to JSON text.
//!
//! Source: <https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO>.

use super::types::Scalar;
use crate::error::{Error, Result};

/// Appends an array as JSON: elements as strings, JSON elements as they are.
pub(super) fn write_json(text: &[u8], delimiter: u8, element: Scalar, out: &mut Vec<u8>) -> Result<()> {
    let mut rest = match text.first() {
        // Bounds that do not start at 1: `[0:1]={a,b}`.
        Some(b'[') => text.iter().position(|byte| *byte == b'=').map_or(&b""[..], |at| &text[at + 1..]),
        _ => text,
    };
    let has_begun = rest.starts_with(b"{");
    let mut depth = 0_usize;
    let mut unescaped = Vec::new();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'{' => {
                depth += 1;
                out.push(b'[');
            }
            b'}' => {
                depth = depth.checked_sub(1).ok_or_else(malformed)?;
                out.push(b']');
            }
            b'"' => {
                unescaped.clear();
                rest = unquote(rest, &mut unescaped)?;
                write_element(&unescaped, element, out)?;
            }
            _ if byte == delimiter => out.push(b','),
            _ => {
                let length = after.iter().take_while(|byte| **byte != delimiter && **byte != b'}').count();
                let (word_rest, next) = after.split_at(length);
                unescaped.clear();
                unescaped.push(byte);
                unescaped.extend_from_slice(word_rest);
                rest = next;
                if unescaped == b"NULL" {
                    out.extend_from_slice(b"null");
                } else {
                    write_element(&unescaped, element, out)?;
                }
            }
        }
    }
    if depth == 0 && has_begun { Ok(()) } else { Err(malformed()) }
}

/// Reads to the closing quote; answers what follows it.
fn unquote<'a>(mut rest: &'a [u8], unescaped: &mut Vec<u8>) -> Result<&'a [u8]> {
    loop {
        match rest {
            [b'"', after @ ..] => return Ok(after),
            [b'\\', byte, after @ ..] | [byte, after @ ..] => {
                unescaped.push(*byte);
                rest = after;
            }
            [] => return Err(malformed()),
        }
    }
}

fn write_element(element: &[u8], kind: Scalar, out: &mut Vec<u8>) -> Result<()> {
    if kind == Scalar::Json {
        out.extend_from_slice(element);
        return Ok(());
    }
    write_string(&String::from_utf8_lossy(element), out)
}

/// Appends a JSON string.
pub(super) fn write_string(text: &str, out: &mut Vec<u8>) -> Result<()> {
    serde_json::to_writer(out, text).map_err(|_| malformed())
}

fn malformed() -> Error {
    Error::internal("PostgreSQL sent an array that cannot be read")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str, element: Scalar) -> Result<String> {
        let mut out = Vec::new();
        write_json(text.as_bytes(), b',', element, &mut out)?;
        Ok(String::from_utf8_lossy(&out).into_owned())
    }

    #[test]
    fn elements_nested_quoted_and_null_become_json() -> Result<()> {
        for (text, expected) in [
            ("{}", "[]"),
            ("{a,NULL,\"NULL\",\"\"}", r#"["a",null,"NULL",""]"#),
            (r#"{"a,b","{}","say \"hi\"","back\\slash"}"#, r#"["a,b","{}","say \"hi\"","back\\slash"]"#),
            ("{{a,b},{c,NULL}}", r#"[["a","b"],["c",null]]"#),
            ("[0:1]={a,b}", r#"["a","b"]"#),
            ("[-2:-1][5:5]={{a},{b}}", r#"[["a"],["b"]]"#),
            ("{\"line\nbreak\",\"naïve 🦀\"}", "[\"line\\nbreak\",\"naïve 🦀\"]"),
        ] {
            assert_eq!(json(text, Scalar::Text)?, expected);
        }
        Ok(())
    }

    #[test]
    fn json_elements_stay_json() -> Result<()> {
        assert_eq!(
            json(r#"{"{\"a\": [1, 2]}",7,"\"x\"",NULL}"#, Scalar::Json)?,
            r#"[{"a": [1, 2]},7,"x",null]"#
        );
        Ok(())
    }

    #[test]
    fn boxes_are_kept_apart_by_semicolons() -> Result<()> {
        let mut out = Vec::new();
        write_json(b"{(1,1),(0,0);(3,3),(2,2)}", b';', Scalar::Text, &mut out)?;
        assert_eq!(out, br#"["(1,1),(0,0)","(3,3),(2,2)"]"#);
        Ok(())
    }

    #[test]
    fn a_broken_array_is_an_error_and_never_a_panic() {
        for text in ["", "{", "}", "{\"a", "{\"a\\", "[0:1]", "{{a}"] {
            assert!(json(text, Scalar::Text).is_err(), "{text}");
        }
    }
}
