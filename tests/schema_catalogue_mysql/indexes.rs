//! Indexes.

use crate::schema_support::Scratch;
use crate::{table, text};
use guruorm::config::DriverName;
use guruorm::dialect::schema::PlanOptions;
use guruorm::dialect::schema::compile_changes;
use guruorm::error::ErrorCode;
use guruorm::schema::Change;
use serde_json::json;

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

#[test]
fn the_server_refuses_a_spatial_index_on_a_column_that_may_be_null() {
    let described = json!([{"kind": "createTable", "table": {
        "name": "t",
        "columns": [{"name": "g", "type": {"kind": "geometry"}, "nullable": true, "indexes": [{"kind": "spatial"}]}],
    }}]);
    let changes: Vec<Change> = serde_json::from_value(described).unwrap();
    let statements =
        compile_changes(&changes, DriverName::MariaDb, "", &PlanOptions::default(), None).unwrap();
    let error = Scratch::mariadb("spatial").run(&statements).unwrap_err();
    assert!(error.contains("SPATIAL index must be NOT NULL"), "{error}");
}
