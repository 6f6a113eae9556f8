//! Foreign keys, checks and partitions, read back.

use guruorm::dialect::catalogue::Inspection;
use guruorm::dialect::schema::{PlanOptions, compile_changes};
use serde_json::{Value, json};

use crate::schema_support::Scratch;
use crate::{changes, inspect, reasons, run, table};

#[test]
fn foreign_keys_and_checks_are_read_back() {
    let scratch = Scratch::postgres("keys");
    run(
        &scratch,
        &[
            "create schema app",
            "create table app.teams (a integer, b integer, primary key (a, b))",
            "create table users (id bigint primary key)",
        ],
    );
    let column = |name: &str| json!({"name": name, "type": {"kind": "bigInteger"}, "nullable": true});
    let columns = json!([column("a"), column("b"), column("c"), column("d"), column("e"), column("votes")]);
    let key = |column: &str| json!({"columns": [column], "on": "users", "references": ["id"]});
    let with = |column: &str, more: &Value| {
        let mut key = key(column);
        key.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        key
    };
    let keys = json!([
        key("a"),
        with("b", &json!({"onDelete": "cascade", "onUpdate": "no action"})),
        with("c", &json!({"onDelete": "set null", "onUpdate": "restrict", "deferrable": true, "initiallyImmediate": false})),
        with("d", &json!({"onDelete": "set default", "deferrable": true, "initiallyImmediate": true, "name": "own name"})),
        with("e", &json!({"notValid": true, "deferrable": false})),
        {"columns": ["a", "b"], "on": "app.teams", "references": ["a", "b"]},
    ]);
    let checks = json!([
        {"name": "t_votes_check", "expression": "votes > 0"},
        {"name": "both", "expression": "(votes > a)"},
        {"name": "later", "expression": "votes < 100", "notValid": true},
    ]);
    scratch
        .round_trip(&table(&json!({"name": "t", "columns": columns, "foreignKeys": keys, "checks": checks})));
    let elsewhere = json!([{"kind": "createTable", "table":
        {"name": "app.t", "columns": columns, "foreignKeys": keys, "checks": checks}}]);
    let statements =
        compile_changes(&changes(&elsewhere), scratch.driver(), "", &PlanOptions::default(), None).unwrap();
    scratch.run(&statements).unwrap();
    let here = scratch.inspect();
    let both =
        inspect(&scratch, &Inspection { tables: vec!["t".into(), "app.t".into()], ..Inspection::default() });
    let names: Vec<_> = both.tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["app.t", "t"]);
    let (t, other) = (both.table("t").unwrap(), both.table("app.t").unwrap());
    assert_eq!(Some(t), here.table("t"));
    assert_eq!((&t.columns, &t.checks), (&other.columns, &other.checks));
    let on: Vec<_> = other.foreign_keys.iter().map(|key| key.on.as_str()).collect();
    assert_eq!(on, ["app.teams", "users", "users", "users", "users", "users"]);
    let namespace = Inspection { namespaces: vec!["app".into()], ..Inspection::default() };
    let names: Vec<_> = inspect(&scratch, &namespace).tables.into_iter().map(|table| table.name).collect();
    assert_eq!(names, ["app.t", "app.teams"]);
}

#[test]
fn a_partitioned_table_is_read_back_without_its_partitions() {
    let scratch = Scratch::postgres("partitions");
    let described = json!({"name": "events", "columns": [
        {"name": "id", "type": {"kind": "bigInteger"}},
        {"name": "made_at", "type": {"kind": "timestampTz"}},
    ], "indexes": [{"kind": "primary", "columns": ["id", "made_at"]}], "options": {"partitionBy": "range (made_at)"}});
    scratch.round_trip(&table(&described));
    run(
        &scratch,
        &["create table events_old partition of events for values from (minvalue) to ('2026-01-01')"],
    );
    let database = scratch.inspect();
    assert_eq!(database.tables.len(), 1);
    assert_eq!(reasons(&database, "events_old"), ["it is a partition of events"]);
}
