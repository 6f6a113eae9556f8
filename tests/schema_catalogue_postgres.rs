//! PostgreSQL's catalogue read back: what is described, created and inspected is the same.

#![allow(clippy::unwrap_used, clippy::panic)] // a test ends where something is not as it should be

mod schema_support;

use std::time::{Duration, Instant};

use guruorm::dialect::catalogue::{CatalogueRows, Inspection, catalogue};
use guruorm::dialect::schema::{PlanOptions, compile_changes, needed_tables};
use guruorm::error::ErrorCode;
use guruorm::schema::{
    Change, Column, ColumnType, Database, DefaultValue, Identity, Index, IndexColumn, IndexKind, NullsOrder,
    Table,
};
use schema_support::Scratch;
use serde_json::{Value, json};

fn table(description: &Value) -> Table {
    serde_json::from_value(description.clone()).unwrap()
}

fn run(scratch: &Scratch, sql: &[&str]) {
    scratch.run(&sql.iter().map(|sql| (*sql).to_owned()).collect::<Vec<_>>()).unwrap();
}

fn inspect(scratch: &Scratch, inspection: &Inspection) -> Database {
    let catalogue = catalogue(scratch.driver());
    let mut rows = CatalogueRows::default();
    for query in catalogue.queries(inspection) {
        rows.insert(query.about, scratch.rows(&query.sql, &query.texts));
    }
    catalogue.read(inspection, &rows).unwrap()
}

fn reasons<'d>(database: &'d Database, name: &str) -> Vec<&'d str> {
    database.left_out.iter().filter(|entry| entry.name == name).map(|entry| entry.reason.as_str()).collect()
}

fn changes(description: &Value) -> Vec<Change> {
    serde_json::from_value(description.clone()).unwrap()
}

/// Applies changes as the engine does: with the database as it is.
fn apply(scratch: &Scratch, description: &Value) -> Vec<String> {
    let current = scratch.inspect();
    let statements =
        compile_changes(&changes(description), scratch.driver(), "", &PlanOptions::default(), Some(&current))
            .unwrap();
    scratch.run(&statements).unwrap_or_else(|error| panic!("{statements:#?}: {error}"));
    statements
}

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
    for (at, kind) in
        ["tinyInteger", "smallInteger", "mediumInteger", "integer", "bigInteger"].iter().enumerate()
    {
        let serial = json!({"name": "id", "type": {"kind": kind}, "autoIncrement": true, "startingValue": 9});
        scratch.round_trip(&table(&json!({"name": format!("serial{at}"), "columns": [serial]})));
    }
    for (at, identity) in [
        json!({}),
        json!({"always": true}),
        json!({"options": "start with 100 increment 10"}),
        json!({"options": "start with 1 minvalue 1"}),
        json!({"options": "INCREMENT BY -1 MINVALUE -50 cycle"}),
        json!({"options": "cache 20"}),
    ]
    .iter()
    .enumerate()
    {
        for (way, numbered) in [("a", true), ("b", false)] {
            for kind in ["smallInteger", "bigInteger"] {
                let id = json!({"name": "id", "type": {"kind": kind}, "autoIncrement": numbered, "identity": identity});
                let other = json!({"name": "other", "type": {"kind": "integer"}});
                let name = format!("{kind}_{way}{at}").to_lowercase();
                scratch.round_trip(&table(&json!({"name": name, "columns": [id, other]})));
                if !numbered {
                    let key = json!([{"kind": "primary", "columns": ["other"]}]);
                    scratch.round_trip(&table(
                        &json!({"name": name + "k", "columns": [id, other], "indexes": key}),
                    ));
                }
            }
        }
    }
}

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

#[test]
fn tables_made_by_hand_are_described_exactly() {
    let scratch = Scratch::postgres("byhand");
    run(
        &scratch,
        &[
            "create type mood as enum ('sad', 'it''s ok')",
            "create sequence counter",
            "create table users (id serial primary key, mood mood default 'sad', tags text[] default '{}', \
         counted integer default nextval('counter'), small serial not null)",
            "alter table users rename to people",
            "create table free (n serial, i int generated always as identity (start 5), c char(3) default 'abc')",
            "create unique index people_mood on people (mood, (counted + 1) desc) where mood is not null",
            "comment on table people is 'all'",
            "comment on column people.id is 'number'",
            "create table notes (id bigint generated by default as identity primary key, a int, \
         b int generated always as (a + 1) stored, constraint positive check (a > 0 and b > 0), \
         unique nulls not distinct (a))",
        ],
    );
    let database = scratch.inspect();
    assert_eq!(database.namespace.as_deref(), Some("public"));
    assert!(database.server_version.starts_with(|first: char| first.is_ascii_digit()));
    let people = database.table("people").unwrap();
    let column = |name: &str| people.column(name).unwrap();
    let raw = |sql: &str| Some(DefaultValue::Raw { sql: sql.to_owned() });
    assert_eq!(
        *column("id"),
        Column {
            nullable: Some(false),
            auto_increment: true,
            comment: Some("number".into()),
            ..Column::new("id", ColumnType::Integer)
        }
    );
    assert!(column("small").auto_increment);
    assert_eq!(column("counted").default, raw("nextval('counter'::regclass)"));
    assert_eq!(
        (&column("mood").column_type, &column("mood").default),
        (&ColumnType::Raw { sql: "mood".into() }, &raw("'sad'::mood"),)
    );
    assert_eq!(column("tags").column_type, ColumnType::Raw { sql: "text[]".into() });
    assert_eq!(people.comment.as_deref(), Some("all"));
    assert_eq!(people.primary_key().unwrap().name.as_deref(), Some("users_pkey"));
    let mut expected = Index::new(IndexKind::Unique, vec!["mood".into()]);
    expected.name = Some("people_mood".into());
    expected.without_constraint = true;
    expected.predicate = Some("mood IS NOT NULL".into());
    expected.columns.push(IndexColumn { descending: true, ..IndexColumn::computed("counted + 1") });
    assert_eq!(people.indexes.iter().find(|index| index.kind == IndexKind::Unique), Some(&expected));

    let free = database.table("free").unwrap();
    assert!(free.column("n").unwrap().auto_increment);
    assert_eq!(reasons(&database, "free.n"), ["it numbers the rows of a table without a primary key"]);
    let identity = free.column("i").unwrap();
    assert_eq!(identity.identity, Some(Identity { always: true, options: Some("start with 5".into()) }));
    assert!(!identity.auto_increment);
    assert_eq!(free.column("c").unwrap().default, raw("'abc'::bpchar"));

    let notes = database.table("notes").unwrap();
    assert_eq!(notes.column("b").unwrap().generated.as_ref().unwrap().expression, "a + 1");
    assert_eq!(notes.checks[0].expression, "(a > 0) AND (b > 0)");
    let unique = notes.indexes.iter().find(|index| index.kind == IndexKind::Unique).unwrap();
    assert_eq!((unique.nulls_not_distinct, unique.without_constraint), (Some(true), false));

    assert_eq!(database.enums[0].values, ["sad", "it's ok"]);
    let sequences: Vec<_> = database.sequences.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(sequences, ["counter"]);
    // Its text makes the same sequence again.
    let text = database.sequences[0].definition.clone().unwrap();
    scratch
        .run(&["alter table people drop column counted".into(), "drop sequence counter".into(), text])
        .unwrap();
    assert_eq!(scratch.inspect().sequences, database.sequences);
}

#[test]
fn a_database_is_made_again_from_what_is_read() {
    let scratch = Scratch::postgres("again");
    run(
        &scratch,
        &[
            "create table \"Us\"\"ers\" (id serial primary key, state varchar(255) default 'a' check (state in ('a', 'b')), \
         \"Odd \"\"name\" text collate \"C\" not null default 'x''y', made timestamptz(3) default now(), \
         n int generated always as identity (increment 5 start 10), full_name text generated always as (lower(state)) stored)",
            "create index words on \"Us\"\"ers\" using gin (to_tsvector('simple', state) )",
            "create index odd on \"Us\"\"ers\" (\"Odd \"\"name\" text_pattern_ops desc nulls last, (id + 1)) include (n) where id > 5",
            "create unique index one on \"Us\"\"ers\" (state)",
            "create table posts (user_id int constraint fk references \"Us\"\"ers\" on delete set null deferrable initially deferred, \
         t text unique deferrable, constraint c check (t <> 'x' or user_id is null))",
        ],
    );
    let before = scratch.inspect();
    let mut tables = before.tables.clone();
    tables.sort_by_key(|table| table.foreign_keys.len());
    let made: Vec<_> = tables.into_iter().map(|table| Change::CreateTable { table }).collect();
    let statements = compile_changes(&made, scratch.driver(), "", &PlanOptions::default(), None).unwrap();
    scratch.empty();
    scratch.run(&statements).unwrap_or_else(|error| panic!("{statements:#?}: {error}"));
    let after = scratch.inspect();
    assert_eq!(
        serde_json::to_string_pretty(&after.tables).unwrap(),
        serde_json::to_string_pretty(&before.tables).unwrap()
    );
    assert_eq!(before.left_out, []);
    let users = before.table("Us\"ers").unwrap();
    let values = vec!["a".to_owned(), "b".to_owned()];
    assert_eq!(users.column("state").unwrap().column_type, ColumnType::Enum { values });
    let odd = users.indexes.iter().find(|index| index.name.as_deref() == Some("odd")).unwrap();
    assert_eq!(odd.columns[0].nulls, Some(NullsOrder::Last));
}

#[test]
fn what_the_data_cannot_say_is_left_out_with_a_reason() {
    let scratch = Scratch::postgres("leftout");
    run(
        &scratch,
        &[
            "create extension citext",
            "create table \"a.b\" (id int primary key)",
            "create table t (id int primary key, b int, c citext, r int4range, exclude using gist (r with &&), \
         constraint once check (b > 0) no inherit, constraint fk foreign key (b) references t match full)",
            "create table refers (id int constraint dotted references \"a.b\")",
            "create unlogged table quick (id int) with (fillfactor = 50)",
            "create table child () inherits (quick)",
            "create index filled on t (b) with (fillfactor = 50)",
            "create domain positive as int check (value > 0)",
            "create type pair as (a int, b int)",
            "create collation own from \"C\"",
            "create statistics together on id, b from t",
            "alter table t enable row level security",
            "create policy own on t using (id > 0)",
            "create rule nothing as on delete to t do instead nothing",
            "create aggregate total (int) (sfunc = int4pl, stype = int)",
        ],
    );
    scratch.run(&["insert into t (id, b) values (1, 1), (2, 1)".into()]).unwrap();
    assert!(scratch.run(&["create unique index concurrently twice on t (b)".into()]).is_err());
    let database = scratch.inspect();
    let expected = [
        ("a.b", "its name holds a dot"),
        ("t.t_r_excl", "it is an exclusion constraint"),
        ("t.once", "it is not inherited"),
        ("t.fk", "it is `match full`"),
        ("refers.dotted", "the name of the table that it refers to holds a dot"),
        ("child", "it inherits from quick"),
        ("t.filled", "its storage parameters: {fillfactor=50}"),
        ("positive", "it is a domain"),
        ("pair", "it is a composite type"),
        ("own", "it is a collation"),
        ("t.together", "it is statistics of several columns"),
        ("t", "its rows are guarded by policies"),
        ("t.own", "it is a policy"),
        ("t.nothing", "it is a rule"),
        ("total", "it is an aggregate"),
        ("t.twice", "invalid"),
    ];
    for (name, reason) in expected {
        assert_eq!(reasons(&database, name), [reason], "{name}");
    }
    assert_eq!(reasons(&database, "quick"), ["it is not logged", "its storage parameters: fillfactor=50"]);
    assert_eq!(database.left_out.len(), expected.len() + 2, "{:#?}", database.left_out);
    let t = database.table("t").unwrap();
    assert_eq!((t.indexes.len(), t.checks.len(), t.foreign_keys.len()), (1, 0, 0));
    assert!(database.table("a.b").is_none());
    assert_eq!(database.extensions, ["citext"]);
    assert_eq!((database.routines.len(), database.sequences.len(), database.enums.len()), (0, 0, 0));
}

#[test]
fn views_triggers_and_routines_are_kept_as_the_text_that_makes_them() {
    let scratch = Scratch::postgres("texts");
    let made = [
        "create table t (id int)",
        "create view seen as select id from t",
        "create materialized view kept as select id from t",
        "create function touch() returns trigger language plpgsql as $$ begin return new; end $$",
        "create function twice(int) returns int language sql as 'select $1 * 2'",
        "create function twice(text) returns text language sql as 'select $1 || $1'",
        "create procedure work() language sql as 'select 1'",
        "create trigger touched before update on t for each row execute function touch()",
    ];
    run(&scratch, &made);
    let database = scratch.inspect();
    let views: Vec<_> = database.views.iter().map(|view| (view.name.as_str(), view.materialized)).collect();
    assert_eq!(views, [("kept", true), ("seen", false)]);
    let routines: Vec<_> = database.routines.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(routines, ["touch", "twice(integer)", "twice(text)", "work"]);
    let trigger = &database.triggers[0];
    assert_eq!((trigger.name.as_str(), trigger.table.as_deref()), ("touched", Some("t")));
    scratch.empty();
    run(&scratch, &made[..1]);
    let texts = database.routines.iter().chain(&database.triggers);
    let texts: Vec<_> = texts.map(|entry| entry.definition.clone().unwrap()).collect();
    scratch.run(&texts).unwrap();
    assert_eq!(scratch.inspect().triggers, database.triggers);
    assert_eq!(scratch.inspect().routines, database.routines);
}

#[test]
fn a_column_becomes_an_enum_and_another_one_and_none_again() {
    let scratch = Scratch::postgres("enums");
    run(&scratch, &["create table posts (id int primary key, state text)"]);
    let change = |column: &Value| json!([{"kind": "changeColumn", "table": "posts", "column": column}]);
    let enumeration =
        |name: &str, values: &[&str]| json!({"name": name, "type": {"kind": "enum", "values": values}});
    let found = |name: &str| {
        let table = scratch.inspect().tables.remove(0);
        (table.column(name).unwrap().column_type.clone(), table.checks.len())
    };
    let is_enum = |values: &[&str]| {
        (ColumnType::Enum { values: values.iter().map(|value| (*value).to_owned()).collect() }, 0)
    };
    apply(&scratch, &change(&enumeration("state", &["a", "it's"])));
    assert_eq!(found("state"), is_enum(&["a", "it's"]));
    apply(&scratch, &change(&enumeration("state", &["b"])));
    assert_eq!(found("state"), is_enum(&["b"]));
    // The check keeps its name when table and column get others.
    apply(&scratch, &json!([{"kind": "renameColumn", "table": "posts", "column": "state", "to": "phase"}]));
    assert_eq!(found("phase"), is_enum(&["b"]));
    apply(&scratch, &change(&enumeration("phase", &["c", "d"])));
    assert_eq!(found("phase"), is_enum(&["c", "d"]));
    apply(
        &scratch,
        &json!([
            {"kind": "renameColumn", "table": "posts", "column": "phase", "to": "step"},
            {"kind": "renameTable", "table": "posts", "to": "articles"},
            {"kind": "changeColumn", "table": "articles", "column": enumeration("step", &["e"])},
        ]),
    );
    assert_eq!(found("step"), is_enum(&["e"]));
    apply(&scratch, &json!([{"kind": "renameTable", "table": "articles", "to": "posts"}]));
    assert_eq!(found("step"), is_enum(&["e"]));
    apply(&scratch, &change(&json!({"name": "step", "type": {"kind": "string", "length": 20}})));
    assert_eq!(found("step"), (ColumnType::String { length: Some(20) }, 0));
    run(&scratch, &["insert into posts values (1, 'anything')"]);
}

#[test]
fn a_change_to_an_enum_needs_no_knowledge_of_the_table() {
    let column = json!({"name": "state", "type": {"kind": "enum", "values": ["a"]}});
    let change = changes(&json!([{"kind": "changeColumn", "table": "app.posts", "column": column}]));
    let (driver, options) = (guruorm::config::DriverName::Postgres, PlanOptions::default());
    assert_eq!(needed_tables(&change, driver, "pre_", &options), ["app.pre_posts"]);
    let statements = compile_changes(&change, driver, "pre_", &options, None).unwrap();
    assert_eq!(
        statements[0],
        "alter table \"app\".\"pre_posts\" drop constraint if exists \"pre_posts_state_check\", \
         alter column \"state\" type varchar(255), alter column \"state\" set not null, \
         alter column \"state\" drop default, alter column \"state\" drop identity if exists, \
         add constraint \"pre_posts_state_check\" check (\"state\" in ('a'))"
    );
}

#[test]
fn a_generated_column_becomes_plain_and_never_the_other_way() {
    let scratch = Scratch::postgres("computed");
    run(
        &scratch,
        &["create table t (a int, b int generated always as (a + 1) stored)", "insert into t values (1)"],
    );
    let change = |column: &Value| json!([{"kind": "changeColumn", "table": "t", "column": column}]);
    let computed = |expression: &str| {
        json!({"name": "b", "type": {"kind": "bigInteger"}, "nullable": true,
        "generated": {"expression": expression, "stored": true}})
    };
    apply(&scratch, &change(&computed("a+1")));
    let column = scratch.inspect().tables[0].column("b").unwrap().clone();
    assert_eq!((column.column_type, column.generated.is_some()), (ColumnType::BigInteger, true));
    let refused = |column: &Value| {
        let mut current = scratch.inspect();
        current.server_version = "16.4".to_owned();
        let error = compile_changes(
            &changes(&change(column)),
            scratch.driver(),
            "",
            &PlanOptions::default(),
            Some(&current),
        );
        let error = error.unwrap_err();
        assert_eq!((error.code, error.detail.column.as_deref()), (ErrorCode::Unsupported, Some("b")));
    };
    refused(&computed("a + 2"));
    apply(
        &scratch,
        &change(&json!({"name": "b", "type": {"kind": "integer"}, "default": {"kind": "value", "value": 7}})),
    );
    assert_eq!(scratch.rows("select b from t", &[]), [json!({"b": 2})]);
    refused(&computed("a + 1"));
}

#[test]
fn a_changed_column_goes_on_counting_behind_the_numbers_that_are_there() {
    let scratch = Scratch::postgres("counting");
    run(&scratch, &["create table t (id int primary key, a int)", "insert into t values (1), (41)"]);
    let change = |more: &Value| {
        let mut column = json!({"name": "id", "type": {"kind": "bigInteger"}, "autoIncrement": true});
        column.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        apply(&scratch, &json!([{"kind": "changeColumn", "table": "t", "column": column}]));
        run(&scratch, &["insert into t (a) values (0)"]);
        scratch.rows("select id from t where a = 0 order by ctid desc limit 1", &[])[0]["id"].clone()
    };
    assert_eq!(change(&json!({})), 42);
    assert_eq!(change(&json!({})), 43);
    assert_eq!(change(&json!({"identity": {}})), 44);
    assert_eq!(change(&json!({"identity": {"options": "START 1"}})), 45);
    assert_eq!(change(&json!({"identity": {"always": true, "options": "increment by 10"}})), 46);
    assert_eq!(change(&json!({"identity": {"options": "start with 100"}})), 100);
    assert_eq!(change(&json!({})), 101);
    let column = scratch.inspect().tables[0].column("id").unwrap().clone();
    assert_eq!((column.auto_increment, column.identity), (true, None));
    assert_eq!(scratch.inspect().sequences, []);
}

#[test]
fn five_hundred_tables_are_read_with_a_dozen_questions_at_most() {
    let scratch = Scratch::postgres("many");
    let columns: Vec<_> = (0..18).map(|at| format!("c{at} varchar(20) default 'x'")).collect();
    let tables: Vec<_> = (0..500)
        .map(|at| {
            format!(
                "create table t{at} (id bigserial primary key, t_id bigint references t{}, {}, unique (c0), check (c1 <> ''))",
                if at == 0 { 0 } else { at - 1 },
                columns.join(", ")
            )
        })
        .collect();
    scratch.run(&tables).unwrap();
    let started = Instant::now();
    let database = scratch.inspect(); // asserts the number of questions
    let took = started.elapsed();
    assert_eq!(database.tables.len(), 500);
    assert_eq!((database.tables[7].columns.len(), database.tables[7].indexes.len()), (20, 2));
    assert_eq!(database.left_out, []);
    println!("500 tables: {took:?}");
    // Each question starts a psql; the engine needs a tenth of this.
    assert!(took < Duration::from_secs(15), "{took:?}");
}
