//! Columns and their modifiers.

use crate::schema_support::Scratch;
use crate::{of_columns, raw, text, value};
use guruorm::config::DriverName;
use guruorm::dialect::schema::PlanOptions;
use guruorm::dialect::schema::compile_changes;
use guruorm::schema::Change;
use guruorm::schema::ColumnType;
use serde_json::json;

#[test]
fn numbers_are_read_with_their_modifiers() {
    let scratch = Scratch::mariadb("numbers");
    let mut columns = Vec::new();
    for kind in ["tinyInteger", "smallInteger", "mediumInteger", "integer", "bigInteger"] {
        let of = json!({"kind": kind});
        columns.push(json!({"type": of, "unsigned": true}));
        columns.push(json!({"type": of, "default": value(5)}));
        columns.push(json!({"type": of, "default": value("-5"), "nullable": true}));
        columns.push(json!({"type": of, "unsigned": true, "default": raw("7"), "comment": "it's \\ \"ü\""}));
    }
    let decimal = json!({"kind": "decimal", "precision": 8, "scale": 2});
    columns.extend([
        json!({"type": decimal, "default": value(1.5)}),
        json!({"type": decimal, "default": value("-0.50"), "nullable": true}),
        json!({"type": decimal, "unsigned": true}),
        json!({"type": {"kind": "float"}, "unsigned": true, "default": value(0.25)}),
        json!({"type": {"kind": "double"}, "default": raw("(rand())")}),
        json!({"type": {"kind": "boolean"}, "default": value(true)}),
        json!({"type": {"kind": "boolean"}, "default": value(false), "nullable": true}),
        json!({"type": {"kind": "boolean"}, "default": value("1")}),
        json!({"type": {"kind": "boolean"}, "default": raw("true")}),
        json!({"type": {"kind": "boolean"}, "unsigned": true}),
        json!({"type": raw("bit(3)"), "default": raw("b'101'")}),
        json!({"type": {"kind": "integer"}, "default": raw("null"), "nullable": true}),
        json!({"type": {"kind": "integer"}, "default": raw("(1 + 2)")}),
    ]);
    scratch.round_trip(&of_columns("numbers", &columns));
    for (name, of) in [("big", "bigInteger"), ("small", "smallInteger")] {
        let id = json!({"type": {"kind": of}, "autoIncrement": true, "unsigned": true, "startingValue": 100});
        scratch.round_trip(&of_columns(name, &[id, json!({"type": {"kind": "integer"}})]));
    }
    let id = json!({"type": {"kind": "integer"}, "autoIncrement": true});
    let mut other = of_columns("other", &[id, json!({"type": {"kind": "integer"}})]);
    other.indexes =
        vec![serde_json::from_value(json!({"kind": "primary", "columns": ["c0", "c1"]})).unwrap()];
    scratch.round_trip(&other);
}

#[test]
fn texts_are_read_with_their_modifiers() {
    let scratch = Scratch::mariadb("texts");
    let columns = [
        json!({"type": text(20), "default": value("")}),
        json!({"type": text(20), "default": value("NULL")}),
        json!({"type": text(20), "default": value("it's \\ \"ü\"\n\t"), "comment": "line\nit's \\ \"ü\""}),
        json!({"type": text(20), "default": raw("'it''s'")}),
        json!({"type": text(20), "default": raw("('it\\'s')")}),
        json!({"type": text(20), "default": raw("(concat('a', 'it''s'))")}),
        json!({"type": text(36), "default": raw("uuid()")}),
        json!({"type": text(20), "default": value("5")}),
        json!({"type": {"kind": "text"}, "default": value("long")}),
        json!({"type": {"kind": "json"}, "default": value("{\"a\": [1]}")}),
        json!({"type": {"kind": "json"}, "nullable": true, "comment": "meta"}),
        json!({"type": {"kind": "json"}, "collation": "utf8mb4_general_ci"}),
        json!({"type": {"kind": "json"}, "collation": "utf8mb4_bin"}),
        json!({"type": {"kind": "enum", "values": ["a", "b'c", "\\"]}, "default": value("b'c")}),
        json!({"type": {"kind": "enum", "values": ["a", "b'c", "\\"]}, "default": value("\\")}),
        json!({"type": {"kind": "set", "values": ["a", "b"]}, "default": value("a,b")}),
        json!({"type": text(20), "charset": "latin1"}),
        json!({"type": text(20), "charset": "latin1", "collation": "latin1_swedish_ci"}),
        json!({"type": text(20), "collation": "latin1_bin", "nullable": true}),
        json!({"type": text(20), "collation": "utf8mb4_bin"}),
        json!({"type": text(20), "charset": "utf8mb4", "collation": "utf8mb4_bin"}),
        json!({"type": text(20), "charset": "utf8mb4"}),
        json!({"type": text(20), "collation": "utf8mb4_general_ci"}),
        json!({"type": text(20), "charset": "utf8"}),
        json!({"type": text(20), "collation": "utf8_unicode_ci"}),
        json!({"type": {"kind": "enum", "values": ["a"]}, "collation": "ascii_bin"}),
        json!({"type": {"kind": "longText"}, "charset": "ascii"}),
        json!({"type": {"kind": "longText"}, "collation": "utf8mb4_bin"}),
        json!({"type": {"kind": "binary", "length": 5, "fixed": true}, "default": value("AB")}),
        json!({"type": {"kind": "binary", "length": 5}, "default": value("AB")}),
        json!({"type": {"kind": "uuid"}, "default": raw("(uuid())")}),
        json!({"type": {"kind": "integer"}, "invisible": true, "default": value(3)}),
        json!({"type": text(3), "invisible": true, "nullable": true, "comment": ""}),
    ];
    scratch.round_trip(&of_columns("texts", &columns));
    let mut latin = of_columns("latin", &columns);
    latin.options.charset = Some("latin1".to_owned());
    latin.columns[2].default = None; // it holds what latin1 does not
    scratch.round_trip(&latin);
}

#[test]
fn times_are_read_with_their_modifiers() {
    let scratch = Scratch::mariadb("times");
    let mut columns = Vec::new();
    for kind in ["dateTime", "dateTimeTz", "timestamp", "timestampTz"] {
        for precision in [None, Some(0), Some(3), Some(6)] {
            let of = json!({"kind": kind, "precision": precision});
            columns.push(json!({"type": of, "default": {"kind": "current"}}));
            columns.push(json!({"type": of, "default": {"kind": "current"}, "currentOnUpdate": true}));
            columns.push(json!({"type": of, "nullable": true, "currentOnUpdate": true}));
            columns.push(json!({"type": of, "nullable": true, "default": value("2020-01-02 03:04:05")}));
        }
        let of = json!({"kind": kind});
        columns.push(json!({"type": of, "default": value("2020-01-02")}));
        columns.push(json!({"type": of, "default": raw("current_timestamp")}));
        columns.push(json!({"type": of, "default": raw("now()")}));
    }
    columns.extend([
        json!({"type": {"kind": "date"}, "default": {"kind": "current"}}),
        json!({"type": {"kind": "date"}, "default": value("2020-01-02")}),
        json!({"type": {"kind": "date"}, "default": raw("(current_date)")}),
        json!({"type": {"kind": "year"}, "default": {"kind": "current"}}),
        json!({"type": {"kind": "year"}, "default": value(2020)}),
        json!({"type": {"kind": "time"}, "default": value("03:04:05")}),
        json!({"type": {"kind": "time", "precision": 3}, "default": value("03:04:05.5")}),
    ]);
    scratch.round_trip(&of_columns("times", &columns));
}

#[test]
fn generated_columns_are_read_with_their_expressions() {
    let scratch = Scratch::mariadb("generated");
    let generated = |sql: &str, stored: bool| json!({"expression": sql, "stored": stored});
    let columns = [
        json!({"type": {"kind": "integer"}}),
        json!({"type": text(20), "nullable": true}),
        json!({"type": {"kind": "json"}, "nullable": true}),
        json!({"type": {"kind": "integer"}, "generated": generated("c0 + 1", false)}),
        json!({"type": {"kind": "integer"}, "generated": generated("(`c0` + 2)", true), "comment": "more"}),
        json!({"type": text(40), "generated": generated("concat(c1, 'it''s', '\\\\')", true)}),
        json!({"type": text(40), "generated": generated("upper(c1)", false), "invisible": true}),
        json!({"type": text(40), "collation": "utf8mb4_bin", "generated": generated("lower(c1)", false)}),
        json!({"type": text(40), "generated": {"expression": "c2->lang", "isPath": true, "stored": false}}),
        json!({"type": {"kind": "integer"}, "nullable": true, "generated": generated("c0 * 2", true),
               "indexes": [{"kind": "index"}]}),
    ];
    scratch.round_trip(&of_columns("generated", &columns));
}

#[test]
fn a_changed_column_keeps_its_numbers_and_its_place() {
    let scratch = Scratch::mariadb("changed");
    let integer = |name: &str| json!({"name": name, "type": {"kind": "integer"}});
    let changes: Vec<Change> = serde_json::from_value(json!([
        {"kind": "createTable", "table": {"name": "t", "columns": [
            {"name": "id", "type": {"kind": "integer"}, "autoIncrement": true}, integer("a"), integer("b")]}},
        {"kind": "changeColumn", "table": "t", "column":
            {"name": "id", "type": {"kind": "bigInteger"}, "unsigned": true, "autoIncrement": true}},
        {"kind": "changeColumn", "table": "t", "column":
            {"name": "b", "type": text(9), "position": {"kind": "after", "column": "id"}}},
        {"kind": "addColumn", "table": "t", "column":
            {"name": "c", "type": {"kind": "json"}, "nullable": true, "position": {"kind": "first"}}},
        {"kind": "addCheck", "table": "t", "check": {"name": "t_a", "expression": "a > 0"}},
        {"kind": "addCheck", "table": "t", "check": {"name": "t_b", "expression": "b <> ''"}},
        {"kind": "dropCheck", "table": "t", "check": {"name": "t_a"}},
    ]))
    .unwrap();
    let options = PlanOptions::default();
    scratch.run(&compile_changes(&changes, DriverName::MariaDb, "", &options, None).unwrap()).unwrap();
    let found = scratch.inspect();
    let found = found.table("t").unwrap();
    let names: Vec<_> = found.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["c", "id", "b", "a"]);
    let id = found.column("id").unwrap();
    assert_eq!((&id.column_type, id.unsigned, id.auto_increment), (&ColumnType::BigInteger, true, true));
    assert_eq!(found.column("c").unwrap().column_type, ColumnType::Json);
    let checks: Vec<_> = found.checks.iter().map(|check| check.name.as_deref().unwrap()).collect();
    assert_eq!(checks, ["t_b"]);
}
