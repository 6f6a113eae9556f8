//! Every column type and modifier, read back.

use serde_json::{Value, json};

use crate::schema_support::Scratch;
use crate::{round_trips, table};

/// Every column type, and a constant that it can hold.
fn types() -> Vec<(Value, Option<Value>)> {
    vec![
        (json!({"kind": "tinyInteger"}), Some(json!(7))),
        (json!({"kind": "smallInteger"}), Some(json!(-7))),
        (json!({"kind": "mediumInteger"}), Some(json!("7"))),
        (json!({"kind": "integer"}), Some(json!(0))),
        (json!({"kind": "bigInteger"}), Some(json!(9_007_199_254_740_993_i64))),
        (json!({"kind": "float"}), Some(json!(1.5))),
        (json!({"kind": "float", "precision": 24}), Some(json!(1.5))),
        (json!({"kind": "float", "precision": 53}), None),
        (json!({"kind": "double"}), Some(json!(-0.25))),
        (json!({"kind": "decimal", "precision": 8, "scale": 2}), Some(json!("1.5"))),
        (json!({"kind": "boolean"}), Some(json!(true))),
        (json!({"kind": "boolean"}), Some(json!("false"))),
        (json!({"kind": "char"}), Some(json!("a"))),
        (json!({"kind": "char", "length": 4}), Some(json!("ab"))),
        (json!({"kind": "string"}), Some(json!("it's"))),
        (json!({"kind": "string", "length": 20}), Some(json!("back\\slash"))),
        (json!({"kind": "tinyText"}), Some(json!(""))),
        (json!({"kind": "text"}), Some(json!("::text"))),
        (json!({"kind": "mediumText"}), None),
        (json!({"kind": "longText"}), None),
        (json!({"kind": "enum", "values": ["a"]}), Some(json!("a"))),
        (json!({"kind": "enum", "values": ["it's", "b]c", "(d)"]}), Some(json!("it's"))),
        (json!({"kind": "json"}), Some(json!("{\"a\":1}"))),
        (json!({"kind": "jsonb"}), Some(json!("{\"bb\":1,\"a\":[1,2]}"))),
        (json!({"kind": "date"}), Some(json!("2026-01-31"))),
        (json!({"kind": "dateTime"}), Some(json!("2026-01-31"))),
        (json!({"kind": "dateTime", "precision": 0}), Some(json!("2026-01-31T10:00:00"))),
        (json!({"kind": "dateTimeTz"}), None),
        (json!({"kind": "dateTimeTz", "precision": 3}), None),
        (json!({"kind": "time"}), Some(json!("10:00:00"))),
        (json!({"kind": "time", "precision": 0}), None),
        (json!({"kind": "timeTz", "precision": 2}), None),
        (json!({"kind": "timestamp", "precision": 6}), None),
        (json!({"kind": "timestampTz", "precision": 0}), None),
        (json!({"kind": "year"}), Some(json!(2026))),
        (json!({"kind": "binary", "length": 5, "fixed": true}), None),
        (json!({"kind": "uuid"}), Some(json!("A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11"))),
        (json!({"kind": "ulid"}), None),
        (json!({"kind": "ipAddress"}), Some(json!("127.0.0.1"))),
        (json!({"kind": "macAddress"}), Some(json!("08:00:2b:01:02:03"))),
        (json!({"kind": "tsVector"}), None),
        (json!({"kind": "raw", "sql": "VARCHAR(20)[]"}), Some(json!("{}"))),
        (json!({"kind": "raw", "sql": "int4range"}), None),
        (json!({"kind": "raw", "sql": "Interval"}), None),
        (json!({"kind": "raw", "sql": "int8"}), Some(json!(1))),
        (json!({"kind": "raw", "sql": "numeric"}), None),
        (json!({"kind": "raw", "sql": "bit varying(5)"}), None),
        (json!({"kind": "raw", "sql": "\"char\""}), None),
    ]
}

#[test]
fn every_column_type_is_read_back_with_the_modifiers_that_it_can_have() {
    let scratch = Scratch::postgres("types");
    let mut columns = Vec::new();
    for (at, (kind, constant)) in types().into_iter().enumerate() {
        columns.push(json!({"name": format!("plain{at}"), "type": kind}));
        columns.push(
            json!({"name": format!("Nullable {at}"), "type": kind, "nullable": true, "comment": "it's"}),
        );
        if let Some(value) = constant {
            columns.push(json!({"name": format!("constant{at}"), "type": kind,
                "default": {"kind": "value", "value": value}}));
        }
    }
    for (at, kind) in
        ["date", "dateTime", "dateTimeTz", "timestamp", "timestampTz", "year"].iter().enumerate()
    {
        columns.push(
            json!({"name": format!("now{at}"), "type": {"kind": kind}, "default": {"kind": "current"}}),
        );
    }
    for (at, (kind, sql)) in [
        ("uuid", "gen_random_uuid()"),
        ("timestamp", "now()"),
        ("text", "NULL"),
        ("string", "'a'"),
        ("boolean", "TRUE"),
        ("integer", "(1 + 2)"),
    ]
    .iter()
    .enumerate()
    {
        columns.push(json!({"name": format!("raw{at}"), "type": {"kind": kind}, "nullable": true,
            "default": {"kind": "raw", "sql": sql}}));
    }
    columns.push(json!({"name": "c1", "type": {"kind": "text"}, "collation": "C"}));
    columns.push(json!({"name": "c2", "type": {"kind": "string", "length": 9}, "collation": "default"}));
    columns
        .push(json!({"name": "base", "type": {"kind": "integer"}, "unsigned": true, "charset": "utf8mb4"}));
    columns.push(json!({"name": "twice", "type": {"kind": "integer"}, "nullable": true,
        "generated": {"expression": "base * 2", "stored": true}}));
    scratch.round_trip(&table(&json!({"name": "t", "columns": columns, "comment": "it's a table"})));
}

#[test]
fn numbered_columns_are_read_back() {
    let scratch = Scratch::postgres("numbered");
    let mut tables = Vec::new();
    for kind in ["tinyInteger", "smallInteger", "mediumInteger", "integer", "bigInteger"] {
        let serial = json!({"name": "id", "type": {"kind": kind}, "autoIncrement": true, "startingValue": 9});
        tables.push(json!({"columns": [serial]}));
    }
    for identity in [
        json!({}),
        json!({"always": true}),
        json!({"options": "start with 100 increment 10"}),
        json!({"options": "start with 1 minvalue 1"}),
        json!({"options": "INCREMENT BY -1 MINVALUE -50 cycle"}),
        json!({"options": "cache 20"}),
    ] {
        for kind in ["smallInteger", "bigInteger"] {
            let id = |numbered: bool| json!({"name": "id", "type": {"kind": kind}, "autoIncrement": numbered, "identity": identity});
            let other = json!({"name": "other", "type": {"kind": "integer"}});
            let key = json!([{"kind": "primary", "columns": ["other"]}]);
            tables.push(json!({"columns": [id(true), other]}));
            tables.push(json!({"columns": [id(false), other]}));
            tables.push(json!({"columns": [id(false), other], "indexes": key}));
        }
    }
    round_trips(&scratch, &tables);
}
