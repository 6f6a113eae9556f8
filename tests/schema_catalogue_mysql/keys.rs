//! Foreign keys, checks and storage.

use crate::schema_support::Scratch;
use crate::{refused, table, text};
use guruorm::error::ErrorCode;
use serde_json::Value;
use serde_json::json;

#[test]
fn foreign_keys_are_read_with_the_indexes_that_innodb_makes_for_them() {
    let scratch = Scratch::mariadb("foreign");
    scratch.round_trip(&table(&json!({
        "name": "p",
        "columns": [{"name": "a", "type": {"kind": "integer"}}, {"name": "b", "type": {"kind": "integer"}},
                    {"name": "n", "type": text(20), "indexes": [{"kind": "index"}]}],
        "indexes": [{"kind": "primary", "columns": ["a", "b"]}, {"kind": "index", "columns": ["b", "a"]}],
    })));
    let key = |name: &str, columns: &[&str]| json!({"name": name, "columns": columns, "on": "p", "references": columns});
    let index = |kind: &str, columns: Value| json!({"kind": kind, "columns": columns, "name": "described"});
    let cases: Vec<(Value, Vec<Value>)> = vec![
        (json!([]), vec![key("1", &["a"])]),
        (json!([]), vec![key("2", &["a"]), key("3", &["a", "b"])]),
        (json!([]), vec![key("4", &["a", "b"]), key("5", &["a"])]),
        (json!([]), vec![key("6", &["a"]), key("7", &["a"])]),
        (json!([]), vec![key("8", &["b"]), key("9", &["a", "b"]), key("10", &["b", "a"])]),
        (json!([index("primary", json!(["a", "b"]))]), vec![key("11", &["a"]), key("12", &["b"])]),
        (json!([index("unique", json!(["a", "b"]))]), vec![key("13", &["a", "b"])]),
        (json!([index("index", json!(["b", "a"]))]), vec![key("14", &["a", "b"])]),
        (json!([index("index", json!([{"column": "a", "descending": true}]))]), vec![key("15", &["a"])]),
        (json!([index("index", json!([{"column": "n", "length": 5}]))]), vec![key("16", &["n"])]),
        (json!([index("fulltext", json!(["n"]))]), vec![key("17", &["n"])]),
        (json!([index("index", json!(["a"]))]), vec![key("described", &["a"])]),
        (json!([index("index", json!(["a"]))]), vec![key("18", &["a", "b"])]),
    ];
    for (at, (indexes, keys)) in cases.iter().enumerate() {
        let name = format!("c{at}");
        scratch.round_trip(&table(&json!({
            "name": name,
            "columns": [{"name": "a", "type": {"kind": "integer"}}, {"name": "b", "type": {"kind": "integer"}},
                        {"name": "n", "type": text(20)}],
            "indexes": indexes,
            "foreignKeys": keys,
        })));
    }
    // The index of a column is added after the key, and takes the place of the key's own.
    scratch.round_trip(&table(&json!({
        "name": "later",
        "columns": [{"name": "a", "type": {"kind": "integer"}, "indexes": [{"kind": "index"}]}],
        "foreignKeys": [key("19", &["a"])],
    })));
    let actions = ["cascade", "restrict", "set null", "no action"];
    for (at, action) in actions.iter().enumerate() {
        let mut deleted = key(&format!("d{at}"), &["a"]);
        deleted["onDelete"] = json!(action);
        let mut updated = key(&format!("u{at}"), &["a", "b"]);
        updated["onUpdate"] = json!(action);
        let nullable = |name: &str| json!({"name": name, "type": {"kind": "integer"}, "nullable": true});
        scratch.round_trip(&table(&json!({
            "name": format!("actions{at}"), "columns": [nullable("a"), nullable("b")],
            "foreignKeys": [deleted, updated],
        })));
    }
}

#[test]
fn checks_comments_and_storage_are_read_as_they_were_described() {
    let scratch = Scratch::mariadb("checks");
    scratch.round_trip(&table(&json!({
        "name": "checked",
        "comment": "it's \\ \"ü\"",
        "columns": [
            {"name": "n", "type": {"kind": "integer"}},
            {"name": "name", "type": text(20)},
            {"name": "j", "type": {"kind": "json"}},
            {"name": "long", "type": {"kind": "longText"}},
        ],
        "checks": [
            {"name": "positive", "expression": "n > 0"},
            {"name": "quotes", "expression": "(name <> 'it''s' and name <> 'a\\\\b')"},
            {"name": "long", "expression": "json_valid(`long`)"},
        ],
        "options": {"engine": "InnoDB", "charset": "utf8mb4", "collation": "utf8mb4_unicode_ci"},
    })));
    let integer = json!({"name": "n", "type": {"kind": "integer"}});
    let texts = json!({"name": "t", "type": text(9), "collation": "utf8mb4_general_ci"});
    for (at, options) in [
        json!({"engine": "myisam"}),
        json!({"charset": "latin1"}),
        json!({"collation": "latin1_bin"}),
        json!({"charset": "utf8"}),
        json!({"collation": "utf8mb4_general_ci"}),
        json!({"engine": "Aria", "charset": "ascii", "collation": "ascii_bin"}),
    ]
    .iter()
    .enumerate()
    {
        let name = format!("o{at}");
        scratch.round_trip(&table(&json!({"name": name, "columns": [integer, texts], "options": options})));
    }
}

#[test]
fn a_foreign_key_that_the_engine_would_forget_is_refused() {
    let error = refused(&json!([{"kind": "createTable", "table": {
        "name": "t", "columns": [{"name": "a", "type": {"kind": "integer"}}], "options": {"engine": "MyISAM"},
        "foreignKeys": [{"columns": ["a"], "on": "p", "references": ["id"]}],
    }}]));
    assert_eq!(error.code, ErrorCode::Unsupported);
    assert_eq!(error.message, "MariaDB has no foreign key in a table of the engine MyISAM (t.a)");
}
