//! What `MariaDB`'s catalogue says of a table is what was described.

#![allow(clippy::unwrap_used, clippy::panic, clippy::too_many_lines)] // a test ends where something is not as it should be

#[path = "support/executor.rs"]
mod executor;
mod schema_support;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use guruorm::config::{self, DriverName};
use guruorm::dialect::ansi::table::Scope;
use guruorm::dialect::catalogue::{Inspection, catalogue};
use guruorm::dialect::schema::{PlanOptions, compile_changes, dialect};
use guruorm::engine::Engine;
use guruorm::error::ErrorCode;
use guruorm::evolve::normalize::settled;
use guruorm::evolve::{diff, normalize};
use guruorm::schema::{Change, Column, ColumnType, Database, Table};
use schema_support::Scratch;
use serde_json::{Value, json};

fn table(described: &Value) -> Table {
    serde_json::from_value(described.clone()).unwrap()
}

fn column(described: &Value) -> Column {
    serde_json::from_value(described.clone()).unwrap()
}

/// A table of these columns, each with a name of its own.
fn of_columns(name: &str, columns: &[Value]) -> Table {
    let mut made = Table::new(name);
    for (at, described) in columns.iter().enumerate() {
        let mut described = described.clone();
        described["name"] = json!(format!("c{at}"));
        made.columns.push(column(&described));
    }
    made
}

fn raw(sql: &str) -> Value {
    json!({"kind": "raw", "sql": sql})
}

fn value(value: impl Into<Value>) -> Value {
    json!({"kind": "value", "value": value.into()})
}

fn text(length: u32) -> Value {
    json!({"kind": "string", "length": length})
}

/// Every type that MariaDB has.
fn types() -> Vec<Value> {
    let mut types: Vec<Value> = [
        "tinyInteger",
        "smallInteger",
        "mediumInteger",
        "integer",
        "bigInteger",
        "double",
        "boolean",
        "char",
        "string",
        "tinyText",
        "text",
        "mediumText",
        "longText",
        "json",
        "jsonb",
        "date",
        "dateTime",
        "dateTimeTz",
        "time",
        "timeTz",
        "timestamp",
        "timestampTz",
        "year",
        "uuid",
        "ulid",
        "ipAddress",
        "macAddress",
        "float",
        "binary",
        "geometry",
        "geography",
    ]
    .iter()
    .map(|kind| json!({"kind": kind}))
    .collect();
    types.extend([
        json!({"kind": "float", "precision": 10}),
        json!({"kind": "float", "precision": 53}),
        json!({"kind": "decimal", "precision": 8, "scale": 2}),
        json!({"kind": "decimal", "precision": 20, "scale": 0}),
        json!({"kind": "char", "length": 7}),
        text(20),
        json!({"kind": "enum", "values": ["a", "b'c", "d\\e", "ü", "", "f,g (h)", "\"q\""]}),
        json!({"kind": "set", "values": ["a", "b'c", "d\\e"]}),
        json!({"kind": "dateTime", "precision": 3}),
        json!({"kind": "dateTime", "precision": 0}),
        json!({"kind": "time", "precision": 2}),
        json!({"kind": "timestamp", "precision": 6}),
        json!({"kind": "binary", "length": 16, "fixed": true}),
        json!({"kind": "binary", "length": 16}),
        json!({"kind": "geometry", "subtype": "point", "srid": 4326}),
        json!({"kind": "geometry", "subtype": "Polygon"}),
        json!({"kind": "geometry", "subtype": "geometrycollection"}),
        json!({"kind": "geography", "subtype": "point", "srid": 0}),
        raw("inet6"),
        raw("INET4"),
        raw("bit"),
        raw("bit(3)"),
        raw("mediumblob"),
        raw("double(8, 2)"),
        raw("integer unsigned"),
        raw("boolean"),
        raw("int(6) zerofill"),
        raw("numeric(5)"),
    ]);
    types
}

#[test]
fn every_type_is_read_as_it_was_described() {
    let scratch = Scratch::mariadb("types");
    let columns: Vec<_> = types().into_iter().map(|of| json!({"type": of})).collect();
    scratch.round_trip(&of_columns("plain", &columns));
    let columns: Vec<_> = types().into_iter().map(|of| json!({"type": of, "nullable": true})).collect();
    scratch.round_trip(&of_columns("nullable", &columns));
}

#[test]
fn every_type_read_back_is_spelled_the_same() {
    let options = PlanOptions::default();
    for driver in [DriverName::MariaDb, DriverName::MySql] {
        let (dialect, scope) = (dialect(driver), Scope { driver, prefix: "", options: &options });
        for of in types() {
            let mut column = column(&json!({"name": "c", "type": of}));
            let spelled = dialect.sql_type("t", &column, &scope).unwrap();
            dialect.read_type(&spelled, &mut column);
            let canonical = column.clone();
            let again = dialect.sql_type("t", &column, &scope).unwrap();
            dialect.read_type(&again, &mut column);
            assert_eq!(column, canonical, "{driver:?}: {spelled}, then {again}");
        }
    }
}

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
fn every_form_of_index_is_read_as_it_was_described() {
    let scratch = Scratch::mariadb("indexes");
    scratch.round_trip(&table(&json!({
        "name": "i",
        "columns": [
            {"name": "id", "type": {"kind": "bigInteger"}, "autoIncrement": true, "unsigned": true},
            {"name": "name", "type": text(20), "indexes": [{"kind": "unique"}, {"kind": "index", "name": "other"}]},
            {"name": "body", "type": {"kind": "text"}, "indexes": [{"kind": "fulltext"}]},
            {"name": "place", "type": {"kind": "geometry", "subtype": "point"}, "indexes": [{"kind": "spatial"}]},
            {"name": "votes", "type": {"kind": "integer"}, "nullable": true},
            {"name": "data", "type": {"kind": "binary", "length": 30}},
        ],
        "indexes": [
            {"kind": "index", "columns": ["VOTES", "name"]},
            {"kind": "unique", "columns": ["name", "votes"], "name": "It's `so`"},
            {"kind": "index", "columns": [{"column": "name", "length": 5}, {"column": "votes", "descending": true}]},
            {"kind": "index", "columns": [{"column": "name", "length": 20}], "name": "whole"},
            {"kind": "index", "columns": [{"column": "data", "length": 10}], "algorithm": "BTREE"},
            {"kind": "index", "columns": ["data"], "name": "hashed", "algorithm": "hash"},
            {"kind": "fulltext", "columns": ["name", "body"], "name": "words"},
            {"kind": "unique", "columns": ["body"], "name": "long_unique"},
            {"kind": "index", "expression": "name(3) desc, votes", "columns": [], "name": "by_sql"},
        ],
    })));
    scratch.round_trip(&table(&json!({
        "name": "pair",
        "columns": [{"name": "a", "type": {"kind": "integer"}}, {"name": "b", "type": text(9)}],
        "indexes": [{"kind": "primary", "columns": ["b", "a"], "algorithm": "btree", "name": "ignored"}],
    })));
    scratch.round_trip(&table(&json!({
        "name": "in_memory",
        "columns": [{"name": "a", "type": {"kind": "integer"}}, {"name": "b", "type": text(9)}],
        "indexes": [
            {"kind": "primary", "columns": ["a"]},
            {"kind": "index", "columns": ["b"]},
            {"kind": "index", "columns": ["b"], "algorithm": "btree", "name": "ordered"},
        ],
        "options": {"engine": "Memory"},
    })));
}

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

#[test]
fn a_table_made_by_hand_is_described_exactly_and_can_be_made_again() {
    let scratch = Scratch::mariadb("by_hand");
    scratch
        .run(&[
            "create table parents (id int unsigned not null primary key)".to_owned(),
            "create table t (
                id bigint unsigned not null auto_increment,
                kind enum('a','b''c') not null default 'b''c' comment 'it''s',
                flag tinyint(1) not null default 1,
                price decimal(8,2) unsigned default 1.50,
                meta json default null,
                old_meta longtext check (json_valid(old_meta)),
                code varchar(9) character set latin1 collate latin1_bin not null,
                host inet6,
                made timestamp(3) not null default current_timestamp(3) on update current_timestamp(3),
                total int generated always as (price * 2) stored,
                parent_id int unsigned,
                place point ref_system_id = 4326 not null,
                primary key (id),
                unique key codes (code, flag desc),
                spatial key places (place),
                key beginnings (code(3)) comment 'fast',
                constraint parent foreign key (parent_id) references parents (id) on delete set null,
                constraint cheap check (price < 100)
            ) engine=InnoDB default charset=utf8mb4 collate=utf8mb4_unicode_ci comment='by hand' row_format=compact"
                .to_owned(),
        ])
        .unwrap();
    let database = scratch.inspect();
    let found = database.table("t").unwrap();
    let wanted = table(&json!({
        "name": "t",
        "comment": "by hand",
        "options": {"engine": "InnoDB", "charset": "utf8mb4", "collation": "utf8mb4_unicode_ci"},
        "columns": [
            {"name": "id", "type": {"kind": "bigInteger"}, "unsigned": true, "nullable": false, "autoIncrement": true},
            {"name": "kind", "type": {"kind": "enum", "values": ["a", "b'c"]}, "nullable": false,
             "default": value("b'c"), "comment": "it's"},
            {"name": "flag", "type": {"kind": "boolean"}, "nullable": false, "default": value("1")},
            {"name": "price", "type": {"kind": "decimal", "precision": 8, "scale": 2}, "unsigned": true,
             "nullable": true, "default": value("1.50")},
            {"name": "meta", "type": {"kind": "json"}, "nullable": true},
            {"name": "old_meta", "type": {"kind": "json"}, "nullable": true, "collation": "utf8mb4_unicode_ci"},
            {"name": "code", "type": text(9), "nullable": false, "charset": "latin1", "collation": "latin1_bin"},
            {"name": "host", "type": raw("inet6"), "nullable": true},
            {"name": "made", "type": {"kind": "timestamp", "precision": 3}, "nullable": false,
             "default": {"kind": "current"}, "currentOnUpdate": true},
            {"name": "total", "type": {"kind": "integer"}, "nullable": true,
             "generated": {"expression": "`price` * 2", "stored": true}},
            {"name": "parent_id", "type": {"kind": "integer"}, "unsigned": true, "nullable": true},
            {"name": "place", "type": {"kind": "geometry", "subtype": "point", "srid": 4326}, "nullable": false},
        ],
        "indexes": [
            {"kind": "primary", "columns": ["id"]},
            {"kind": "unique", "name": "codes", "columns": ["code", {"column": "flag", "descending": true}]},
            {"kind": "spatial", "name": "places", "columns": ["place"]},
            {"kind": "index", "name": "beginnings", "columns": [{"column": "code", "length": 3}]},
            {"kind": "index", "name": "parent", "columns": ["parent_id"]},
        ],
        "foreignKeys": [{"name": "parent", "columns": ["parent_id"], "on": "parents", "references": ["id"],
                         "onDelete": "set null", "onUpdate": "restrict"}],
        "checks": [{"name": "cheap", "expression": "`price` < 100"}],
    }));
    let mut sorted = found.clone();
    let place =
        |index: &guruorm::schema::Index| wanted.indexes.iter().position(|other| other.name == index.name);
    sorted.indexes.sort_by_key(place);
    assert_eq!(
        serde_json::to_string_pretty(&sorted).unwrap(),
        serde_json::to_string_pretty(&wanted).unwrap()
    );
    let reasons: Vec<_> =
        database.left_out.iter().map(|left| format!("{}: {}", left.name, left.reason)).collect();
    assert_eq!(
        reasons,
        [
            "t: storage options cannot be said: row_format=COMPACT",
            "t.beginnings: the note on an index cannot be said: fast",
        ]
    );
    let drops = ["alter table t drop foreign key parent", "drop table t"];
    scratch.run(&drops.map(str::to_owned)).unwrap();
    scratch.round_trip(found);
}

#[test]
fn what_the_data_cannot_say_is_left_out_with_a_reason() {
    let scratch = Scratch::mariadb("left_out");
    let statements = [
        "create table `a.b` (id int primary key)",
        "create table refers (id int, constraint dotted foreign key (id) references `a.b` (id))",
        "create table parts (id int) partition by hash (id) partitions 2",
        "create table history (id int) with system versioning",
        "create table own_check (id int check (id > 5), key slow (id) ignored)",
        "create sequence numbers",
        "create event later on schedule every 1 year do set @a = 1",
    ];
    scratch.run(&statements.map(str::to_owned)).unwrap();
    let database = scratch.inspect();
    let namespace = database.namespace.clone().unwrap();
    let mut reasons: Vec<_> = database
        .left_out
        .iter()
        .map(|left| format!("{}: {}", left.name.replace(&namespace, "db"), left.reason))
        .collect();
    reasons.sort();
    assert_eq!(
        reasons,
        [
            "db.a.b: its name holds a dot",
            "db.a.b: its name holds a dot",
            "history: that the table keeps its history (system versioning) cannot be said",
            "later: events are not read",
            "numbers: how the sequence counts is not read",
            "own_check.id: the check belongs to its column: only a change of the column drops it",
            "own_check.slow: that the server ignores the index cannot be said",
            "parts: storage options cannot be said: partitioned",
            "refers.dotted: the name of the table that it refers to holds a dot",
        ]
    );
    let names: Vec<_> = database.tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["history", "own_check", "parts", "refers"]);
    assert_eq!(database.table("own_check").unwrap().checks[0].expression, "`id` > 5");
}

#[test]
fn views_triggers_and_routines_are_kept_as_the_statements_that_make_them() {
    let scratch = Scratch::mariadb("programs");
    let statements = [
        "create table t (a int)",
        "create view v as select a from t",
        "create trigger `t'r` before insert on t for each row set new.a = 1",
        "create function f(a int, `b c` varchar(20)) returns int deterministic return a + 1",
        "create procedure p(in x int, out y int) sql security invoker comment 'it''s' set y = x",
    ];
    scratch.run(&statements.map(str::to_owned)).unwrap();
    let database = scratch.inspect();
    assert!(database.views[0].definition.as_ref().unwrap().contains("select"));
    let made: Vec<_> = database
        .triggers
        .iter()
        .chain(&database.routines)
        .map(|it| (it.name.as_str(), it.table.as_deref(), it.definition.clone().unwrap()))
        .collect();
    for (name, _, sql) in &made {
        let kind = if *name == "t'r" {
            "trigger"
        } else if *name == "f" {
            "function"
        } else {
            "procedure"
        };
        scratch.run(&[format!("drop {kind} `{name}`"), sql.clone()]).unwrap();
    }
    assert_eq!(made[0].1, Some("t"));
    let again = scratch.inspect();
    assert_eq!((&again.triggers, &again.routines), (&database.triggers, &database.routines));
}

#[test]
fn other_namespaces_are_named_and_tables_may_be_picked() {
    let (scratch, other) = (Scratch::mariadb("here"), Scratch::mariadb("there"));
    other
        .run(&["create table far (id int primary key)".to_owned(), "create table more (id int)".to_owned()])
        .unwrap();
    let there = other.inspect().namespace.unwrap();
    let statements = [
        format!("create table near (id int, constraint beyond foreign key (id) references {there}.far (id))"),
        "create table rest (id int)".to_owned(),
    ];
    scratch.run(&statements).unwrap();
    let near = scratch.inspect();
    assert_eq!(near.table("near").unwrap().foreign_keys[0].on, format!("{there}.far"));
    let names = |database: &Database| {
        database.tables.iter().map(|table| table.name.replace(&there, "there")).collect::<BTreeSet<_>>()
    };
    let inspection = Inspection { namespaces: vec![there.clone()], ..Inspection::default() };
    assert_eq!(
        names(&scratch.inspect_only(&inspection)),
        ["there.far", "there.more"].map(str::to_owned).into()
    );
    let tables = vec!["near".to_owned(), format!("{there}.more"), "none".to_owned()];
    let inspection = Inspection { tables, ..Inspection::default() };
    assert_eq!(names(&scratch.inspect_only(&inspection)), ["near", "there.more"].map(str::to_owned).into());
    let inspection = Inspection { tables: vec!["near".to_owned()], ..Inspection::default() };
    assert_eq!(names(&scratch.inspect_only(&inspection)), ["near"].map(str::to_owned).into());
    scratch.run(&["drop table near".to_owned()]).unwrap();
}

#[test]
fn what_was_created_differs_in_nothing_and_what_differs_can_be_changed() {
    let scratch = Scratch::mariadb("diff");
    let id = json!({"name": "id", "type": {"kind": "bigInteger"}, "autoIncrement": true, "unsigned": true});
    let parent = json!({"name": "parent_id", "type": {"kind": "bigInteger"}, "unsigned": true});
    let number = json!({"name": "n", "type": {"kind": "integer"}});
    let key = |name: &str, columns: Value| json!({"name": name, "columns": columns, "on": "parents", "references": columns_of(&columns)});
    let words = json!({"name": "words", "type": text(30), "charset": "latin1"});
    let own = json!({"name": "own", "type": text(30), "collation": "utf8mb4_unicode_ci"});
    let parents = json!({"name": "parents", "columns": [id, number, own], "options": {"charset": "utf8mb4"},
                         "indexes": [{"kind": "index", "columns": ["id", "n"]}]});
    let child = |more: &Value| {
        let mut all = json!({
            "name": "children",
            "columns": [id, parent, number, words, {"name": "meta", "type": {"kind": "json"}, "nullable": true}],
            "foreignKeys": [key("children_parent", json!(["parent_id"]))],
            "checks": [{"name": "children_n", "expression": "n > 0 and n != 5 and (n < 10 or n = 20)"}],
        });
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        all
    };
    let driver = DriverName::MariaDb;
    let connection =
        PlanOptions { collation: Some("utf8mb4_unicode_ci".to_owned()), ..PlanOptions::default() };
    let steps = [
        child(&json!({})),
        // The index of a key gives way to one that covers it.
        child(&json!({"indexes": [{"kind": "index", "columns": ["parent_id", "n"]}]})),
        child(
            &json!({"foreignKeys": [key("children_parent", json!(["parent_id"])), key("pair", json!(["parent_id", "n"]))]}),
        ),
        child(&json!({"foreignKeys": [], "comment": "alone", "checks": []})),
        child(
            &json!({"foreignKeys": [key("children_parent", json!(["parent_id"]))], "columns": [id, parent, number]}),
        ),
    ];
    for (at, child) in steps.iter().enumerate() {
        let options = if at % 2 == 0 { &connection } else { &PlanOptions::default() };
        let tables =
            [&parents, child].map(|described| settled(&table(described), driver, "", options).unwrap());
        let wanted = Database { driver: "mariadb".to_owned(), tables: tables.into(), ..Database::default() };
        let changes = diff(&scratch.inspect(), &wanted, driver, options).unwrap();
        assert!(!changes.is_empty(), "step {at}");
        scratch.run(&compile_changes(&changes, driver, "", options, None).unwrap()).unwrap();
        let rest = diff(&scratch.inspect(), &wanted, driver, options).unwrap();
        assert_eq!(rest, [], "step {at}");
    }
}

/// The columns of `parents` that these columns of `children` refer to.
fn columns_of(columns: &Value) -> Value {
    let name = |column: &Value| if column == "parent_id" { json!("id") } else { column.clone() };
    columns.as_array().unwrap().iter().map(name).collect()
}

#[test]
fn the_engine_reads_the_same_as_the_command_line() {
    let scratch = Scratch::mariadb("engine");
    let columns: Vec<_> = types().into_iter().map(|of| json!({"type": of, "comment": "ü\n"})).collect();
    let mut described = of_columns("t", &columns);
    described.columns[8].default = serde_json::from_value(value("it's")).unwrap();
    scratch.round_trip(&described);
    let statements = [
        "create view v as select c0 from t",
        "create table u (a int, b varchar(9) default (concat('a', 'b')), key k (b(3)), constraint c check (a > 0))",
        "create function f(a int) returns int deterministic return a + 1",
    ];
    scratch.run(&statements.map(str::to_owned)).unwrap();
    let told = scratch.inspect();
    let namespace = told.namespace.clone().unwrap();
    let url =
        std::env::var("GURUORM_TEST_MARIADB_URL").unwrap_or_else(|_| "mariadb://root@127.0.0.1:3306".into());
    let options = json!({"url": url, "database": namespace}).to_string();
    let read = executor::block_on(async {
        let engine = Engine::new(config::parse("inspection", &options).unwrap());
        let read = engine.inspect_database(0, &Inspection::default()).await.unwrap();
        let tables = vec!["u".to_owned()];
        let inspection = Inspection { tables, namespaces: vec![namespace.clone()] };
        let some = engine.inspect_database(0, &inspection).await.unwrap();
        assert_eq!(some.tables, [told.table("u").unwrap().clone()]);
        engine.close(Duration::from_secs(1), Duration::from_secs(1)).await;
        read
    });
    assert_eq!(read, told);
}

#[test]
fn what_mysql_lacks_in_an_index_is_refused_by_name() {
    let indexes = [
        json!({"kind": "index", "columns": ["a"], "include": ["b"]}),
        json!({"kind": "unique", "columns": ["a"], "where": "a > 0"}),
        json!({"kind": "index", "columns": [{"column": "a", "nulls": "last"}]}),
        json!({"kind": "index", "columns": [{"column": "a", "operatorClass": "text_pattern_ops"}]}),
        json!({"kind": "index", "columns": [{"column": "a", "collation": "utf8mb4_bin"}]}),
    ];
    for index in indexes {
        for driver in [DriverName::MySql, DriverName::MariaDb] {
            let changes: Vec<Change> =
                serde_json::from_value(json!([{"kind": "addIndex", "table": "t", "index": index}])).unwrap();
            let error = compile_changes(&changes, driver, "", &PlanOptions::default(), None).unwrap_err();
            assert_eq!(error.code, ErrorCode::Unsupported, "{index}");
            assert_eq!(error.detail.table.as_deref(), Some("t"));
            assert_eq!(error.detail.column.as_deref(), Some("a"));
        }
    }
}

fn refused(changes: &Value) -> guruorm::error::Error {
    let changes: Vec<Change> = serde_json::from_value(changes.clone()).unwrap();
    compile_changes(&changes, DriverName::MariaDb, "", &PlanOptions::default(), None).unwrap_err()
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

#[test]
fn a_spatial_index_on_a_column_that_may_be_null_is_refused() {
    let error = refused(&json!([{"kind": "createTable", "table": {
        "name": "t",
        "columns": [{"name": "g", "type": {"kind": "geometry"}, "nullable": true, "indexes": [{"kind": "spatial"}]}],
    }}]));
    assert_eq!(error.code, ErrorCode::InvalidArgument);
    assert!(error.message.starts_with("t.g: a spatial index"), "{error}");
}

#[test]
fn five_hundred_tables_are_read_with_twelve_questions_in_less_than_two_seconds() {
    let scratch = Scratch::mariadb("many");
    let columns: Vec<_> = (0..18).map(|at| format!("c{at} varchar(20) default 'x'")).collect();
    let mut statements = vec!["create table p (id int primary key)".to_owned()];
    for at in 0..500 {
        statements.push(format!(
            "create table t{at} (id int primary key, pid int, {}, key a (c1, c2), unique b (c3), \
             constraint f{at} foreign key (pid) references p (id), constraint k{at} check (id > 0))",
            columns.join(", ")
        ));
    }
    scratch.run(&statements).unwrap();
    assert!(catalogue(DriverName::MariaDb).queries(&Inspection::default()).len() <= 12);
    let mut best = Duration::MAX;
    for _ in 0..3 {
        let start = Instant::now();
        let database = scratch.inspect();
        best = best.min(start.elapsed());
        assert_eq!(database.tables.len(), 501);
        let last = normalize(&database.tables[500], DriverName::MariaDb, &PlanOptions::default()).unwrap();
        assert_eq!((last.columns.len(), last.indexes.len(), last.checks.len()), (20, 4, 1));
    }
    let url =
        std::env::var("GURUORM_TEST_MARIADB_URL").unwrap_or_else(|_| "mariadb://root@127.0.0.1:3306".into());
    let options = json!({"url": url, "database": scratch.inspect().namespace.unwrap()}).to_string();
    executor::block_on(async {
        let engine = Engine::new(config::parse("inspection", &options).unwrap());
        for _ in 0..2 {
            let start = Instant::now();
            assert_eq!(engine.inspect_database(0, &Inspection::default()).await.unwrap().tables.len(), 501);
            println!("by the engine: {:?}", start.elapsed());
        }
        engine.close(Duration::from_secs(1), Duration::from_secs(1)).await;
    });
    println!("500 tables of 20 columns: {best:?}");
    assert!(best < Duration::from_secs(2), "{best:?}");
}
