//! Every form of index, read back.

use serde_json::json;

use crate::schema_support::Scratch;
use crate::{run, table};

#[test]
fn every_form_of_index_is_read_back() {
    let scratch = Scratch::postgres("indexes");
    let columns = json!([
        {"name": "id", "type": {"kind": "bigInteger"}, "autoIncrement": true},
        {"name": "a", "type": {"kind": "integer"}},
        {"name": "Big B", "type": {"kind": "string", "length": 50}},
        {"name": "c", "type": {"kind": "text"}},
        {"name": "d", "type": {"kind": "text"}, "collation": "C"},
        {"name": "j", "type": {"kind": "jsonb"}},
        {"name": "p", "type": {"kind": "raw", "sql": "point"}},
        {"name": "u", "type": {"kind": "uuid"}, "indexes": [{"kind": "unique"}]},
    ]);
    let plain = ["a", "Big B", "c"];
    let indexes = json!([
        {"kind": "index", "columns": plain},
        {"kind": "index", "name": "i01", "columns": [{"column": "a", "descending": true}, "c"]},
        {"kind": "index", "name": "i02", "columns": [{"column": "a", "descending": true, "nulls": "first"}]},
        {"kind": "index", "name": "i03", "columns": [{"column": "a", "descending": true, "nulls": "last"}]},
        {"kind": "index", "name": "i04", "columns": [{"column": "a", "nulls": "first"}]},
        {"kind": "index", "name": "i05", "columns": [{"column": "a", "nulls": "last", "operatorClass": "int4_ops"}]},
        {"kind": "index", "name": "i06", "columns": [{"column": "c", "operatorClass": "text_pattern_ops"}]},
        {"kind": "index", "name": "i07", "columns": [{"column": "c", "collation": "C"}, {"column": "d", "collation": "C"}]},
        {"kind": "index", "name": "i08", "columns": [{"column": "d", "collation": "default"}]},
        {"kind": "index", "name": "i09", "columns": ["a"], "include": ["c", "Big B"]},
        {"kind": "index", "name": "i10", "columns": ["a"], "where": "a > 0"},
        {"kind": "index", "name": "i11", "columns": [{"expression": "lower(c)"}, {"expression": "a + 1", "descending": true}]},
        {"kind": "index", "name": "i12", "columns": [{"expression": "lower(c)", "collation": "C", "operatorClass": "text_pattern_ops"}]},
        {"kind": "index", "name": "i13", "expression": "lower(c), a DESC, \"Big B\" text_pattern_ops"},
        {"kind": "index", "name": "i14", "columns": ["a"], "algorithm": "hash"},
        {"kind": "index", "name": "i15", "columns": ["a"], "algorithm": "BTREE"},
        {"kind": "index", "name": "i16", "columns": ["a"], "algorithm": "brin"},
        {"kind": "index", "name": "i17", "columns": ["j"], "algorithm": "gin"},
        {"kind": "index", "name": "i18", "columns": [{"column": "j", "operatorClass": "jsonb_path_ops"}], "algorithm": "gin"},
        {"kind": "index", "name": "i19", "columns": ["p"], "algorithm": "gist"},
        {"kind": "index", "name": "i20", "columns": [{"expression": "(a)"}], "online": true},
        {"kind": "spatial", "name": "s1", "columns": ["p"]},
        {"kind": "spatial", "name": "s2", "columns": ["p"], "operatorClass": "point_ops"},
        {"kind": "fulltext", "name": "f1", "columns": ["c"]},
        {"kind": "fulltext", "name": "f2", "columns": ["c", "Big B", "d"], "language": "simple"},
        {"kind": "fulltext", "name": "f3", "columns": ["c", "d"], "language": "english", "where": "a > 0"},
        {"kind": "unique", "columns": ["a", "c"]},
        {"kind": "unique", "name": "u1", "columns": ["a"], "deferrable": true, "initiallyImmediate": false},
        {"kind": "unique", "name": "u2", "columns": ["a"], "deferrable": true, "initiallyImmediate": true},
        {"kind": "unique", "name": "u3", "columns": ["a"], "deferrable": false, "nullsNotDistinct": false},
        {"kind": "unique", "name": "u4", "columns": ["a"], "nullsNotDistinct": true, "include": ["c"]},
        {"kind": "unique", "name": "u5", "columns": ["a"], "withoutConstraint": true, "nullsNotDistinct": true},
        {"kind": "unique", "name": "u6", "columns": ["a"], "where": "a > 0"},
        {"kind": "unique", "name": "u7", "columns": [{"expression": "lower(c)"}]},
        {"kind": "unique", "name": "u8", "expression": "lower(c)"},
        {"kind": "unique", "name": "u9", "columns": ["a"], "algorithm": "btree"},
        {"kind": "unique", "name": "u10", "columns": ["a"], "online": true},
        {"kind": "unique", "name": "u11", "columns": [{"column": "a", "descending": true}, "c"], "include": ["d"]},
        {"kind": "unique", "name": "u12", "columns": [{"column": "a", "nulls": "last"}]},
    ]);
    scratch.round_trip(&table(&json!({"name": "t", "columns": columns, "indexes": indexes})));
    let keys = json!([{"kind": "primary", "columns": ["b", "a"], "name": "own", "deferrable": true,
        "initiallyImmediate": false, "include": ["c"]}]);
    let columns = json!([
        {"name": "a", "type": {"kind": "integer"}, "nullable": true},
        {"name": "b", "type": {"kind": "integer"}},
        {"name": "c", "type": {"kind": "integer"}},
    ]);
    scratch.round_trip(&table(&json!({"name": "k", "columns": columns, "indexes": keys})));
}

#[test]
fn an_index_of_shapes_is_spatial() {
    let scratch = Scratch::postgres("shapes");
    run(&scratch, &["create domain geometry as point"]); // what PostGIS calls its own
    let columns = json!([{"name": "place", "type": {"kind": "geometry"}, "indexes": [{"kind": "spatial"}]},
        {"name": "other", "type": {"kind": "geometry"}}]);
    let indexes = json!([
        {"kind": "spatial", "name": "s1", "columns": ["place", "other"]},
        {"kind": "index", "name": "s2", "columns": ["place"], "algorithm": "gist"},
    ]);
    scratch.round_trip(&table(&json!({"name": "t", "columns": columns, "indexes": indexes})));
    assert!(scratch.inspect().table("t").unwrap().indexes.iter().all(|index| index.algorithm.is_none()));
}
