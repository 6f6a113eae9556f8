//! What SQLite's catalogue says of tables, those of the schema compiler and those that others made.

#![allow(clippy::unwrap_used, clippy::panic)] // a test ends where something is not as it should be

mod schema_support;

use guruorm::config::DriverName;
use guruorm::dialect::schema::{PlanOptions, compile_changes};
use guruorm::evolve::normalize;
use guruorm::schema::{
    Change, Check, Column, ColumnType, Database, DefaultValue, ForeignKey, Index, IndexColumn, IndexKind,
    Table,
};
use schema_support::Scratch;
use serde_json::{Value, json};

fn described(name: &str, columns: &Value) -> Table {
    serde_json::from_value(json!({"name": name, "columns": columns})).unwrap()
}

fn inspected(name: &str, sql: &[&str]) -> (Scratch, Database) {
    let scratch = Scratch::sqlite(name);
    scratch.empty();
    scratch.run(&sql.iter().map(|sql| (*sql).to_owned()).collect::<Vec<_>>()).unwrap();
    let database = scratch.inspect();
    (scratch, database)
}

/// A table without what was read of it is made again from what was read.
fn is_what_it_was(scratch: &Scratch, database: &Database, name: &str) {
    let options = PlanOptions::default();
    let normal = |table: &Table| normalize(table, DriverName::Sqlite, &options).unwrap();
    let before = normal(database.table(name).unwrap());
    let nothing = Change::DropForeignKey { table: name.into(), foreign_key: ForeignKey::default() };
    let mut with_key = database.clone();
    with_key
        .table_mut(name)
        .unwrap()
        .foreign_keys
        .push(ForeignKey { on: name.into(), ..ForeignKey::default() });
    let Change::DropForeignKey { table, mut foreign_key } = nothing else { unreachable!() };
    foreign_key.name = Some("nothing".into());
    with_key.table_mut(name).unwrap().foreign_keys.last_mut().unwrap().name = Some("nothing".into());
    let change = Change::DropForeignKey { table, foreign_key };
    let statements = compile_changes(&[change], DriverName::Sqlite, "", &options, Some(&with_key)).unwrap();
    let mut all = vec!["pragma legacy_alter_table = on".to_owned()];
    all.extend(statements.clone());
    scratch.run(&all).unwrap_or_else(|error| panic!("{statements:#?}: {error}"));
    let after = normal(scratch.inspect().table(name).unwrap());
    assert_eq!(
        serde_json::to_string_pretty(&after).unwrap(),
        serde_json::to_string_pretty(&before).unwrap(),
        "{statements:#?}"
    );
    let rest = |database: &Database| (database.triggers.clone(), database.views.clone());
    assert_eq!(rest(&scratch.inspect()), rest(database));
}

fn types() -> Vec<Value> {
    let kinds = [
        "tinyInteger",
        "smallInteger",
        "mediumInteger",
        "integer",
        "bigInteger",
        "float",
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
        "binary",
        "uuid",
        "ulid",
        "ipAddress",
        "macAddress",
        "geometry",
        "geography",
    ];
    let mut types: Vec<Value> = kinds.iter().map(|kind| json!({"kind": kind})).collect();
    types.extend([
        json!({"kind": "decimal", "precision": 10, "scale": 3}),
        json!({"kind": "enum", "values": ["a", "it's", "b, c)"]}),
        json!({"kind": "raw", "sql": "VARCHAR(30)"}),
        json!({"kind": "raw", "sql": "numeric (10, 2)"}),
    ]);
    types
}

#[test]
fn a_table_is_read_as_it_was_described_whatever_its_columns_hold() {
    let types = types();
    let modifiers = [
        json!({}),
        json!({"nullable": true, "comment": "kept nowhere"}),
        json!({"unsigned": true, "charset": "utf8mb4", "invisible": true}),
        json!({"default": {"kind": "value", "value": "it's (a) -- text"}}),
        json!({"default": {"kind": "value", "value": 1.50}}),
        json!({"default": {"kind": "value", "value": true}}),
        json!({"default": {"kind": "value", "value": ""}, "collation": "NOCASE"}),
        json!({"default": {"kind": "raw", "sql": "(abs(-1) + 1)"}}),
        json!({"default": {"kind": "raw", "sql": "NULL"}, "nullable": true}),
        json!({"default": {"kind": "raw", "sql": "-5"}}),
        json!({"indexes": [{"kind": "unique"}, {"kind": "index"}]}),
        json!({"indexes": [{"kind": "primary"}]}),
        json!({"generated": {"expression": "\"other\" || 'x'", "stored": true}}),
        json!({"generated": {"expression": "other + 1", "stored": false}, "nullable": false}),
    ];
    let scratch = Scratch::sqlite("types");
    scratch.empty();
    for (at, of_type) in types.iter().enumerate() {
        for (which, modifier) in modifiers.iter().enumerate() {
            let mut column = json!({"name": "the column", "type": of_type});
            column.as_object_mut().unwrap().extend(modifier.as_object().unwrap().clone());
            let other = json!({"name": "other", "type": {"kind": "integer"}});
            scratch.round_trip(&described(&format!("t_{at}_{which}"), &json!([column, other])));
            scratch.empty();
        }
    }
}

#[test]
fn the_current_time_is_read_as_it_was_described() {
    let scratch = Scratch::sqlite("current");
    for kind in ["date", "dateTime", "timestamp", "timestampTz", "year"] {
        scratch.empty();
        let column = json!([{"name": "at", "type": {"kind": kind}, "default": {"kind": "current"}}]);
        scratch.round_trip(&described("t", &column));
    }
}

#[test]
fn keys_checks_and_indexes_are_read_as_they_were_described() {
    let scratch = Scratch::sqlite("keys");
    scratch.empty();
    scratch.run(&["create table teams (id integer primary key, a, b, unique (a, b))".into()]).unwrap();
    let table: Table = serde_json::from_value(json!({
        "name": "users",
        "columns": [
            {"name": "id", "type": {"kind": "bigInteger"}, "autoIncrement": true, "unsigned": true},
            {"name": "team id", "type": {"kind": "integer"}, "nullable": true},
            {"name": "a", "type": {"kind": "string"}, "collation": "nocase"},
            {"name": "select", "type": {"kind": "enum", "values": ["x"]}},
        ],
        "indexes": [
            {"kind": "unique", "columns": ["a", "select"]},
            {"kind": "unique", "columns": ["team id"], "where": "\"team id\" > 0 -- not all\n", "name": "some"},
            {"kind": "index", "name": "odd", "columns": [
                {"expression": "lower(a) || ','", "descending": true}, {"column": "a", "collation": "RTRIM"},
                {"column": "a", "collation": "nocase"}, "select",
            ]},
            {"kind": "index", "name": "raw", "expression": "(upper(a)), \"team id\" desc"},
        ],
        "foreignKeys": [
            {"columns": ["team id"], "on": "teams", "references": ["id"], "onDelete": "set null", "onUpdate": "no action"},
            {"columns": ["a", "select"], "on": "teams", "references": ["a", "b"], "onDelete": "cascade", "name": "mine"},
        ],
        "checks": [{"name": "a_is", "expression": "a <> 'x)' /* ( */"}, {"expression": "length(\"select\") > 0"}],
        "comment": "kept nowhere",
    })).unwrap();
    scratch.round_trip(&table);
    let without_counter = described("rest", &json!([{"name": "b", "type": {"kind": "text"}}]));
    scratch.round_trip(&Table {
        indexes: vec![Index::new(IndexKind::Primary, vec!["b".into()])],
        ..without_counter
    });
}

const ODD: &[&str] = &[
    "create table \"Teams\" (\"Id\" integer not null constraint \"PK_Teams\" primary key autoincrement, code text)",
    "create unique index codes on Teams (code)",
    "CREATE TABLE IF NOT EXISTS [my users] ( -- the users, (all) of them
        ID INTEGER /* , */ PRIMARY KEY,
        `na``me` varchar ( 20 ) NOT NULL DEFAULT \"x\" COLLATE nocase,
        [group] \"double precision\" default -1.5e-3 check (\"group\" < 10 -- not too much
        ),
        'select' int default foo constraint \"up, to\" unique,
        untyped,
        kind varchar check (kind in ('a', 'it''s')) default 'a',
        twice integer generated always as (\"group\" * 2) stored,
        thrice as (\"group\" * 3),
        team integer constraint \"FK one\" references Teams on delete cascade on update no action deferrable initially deferred,
        other text references \"Teams\" (code) not deferrable,
        constraint \"not x\" check (untyped <> 'x,)'),
        unique (untyped collate rtrim, \"select\" desc)
        constraint two foreign key (team, other) references pairs (a, b) on delete set default
    )",
    "create index odd on [my users] (lower(untyped) collate nocase desc, (\"group\") asc, `na``me`) where untyped is not null",
    "create table pairs (a, b blob default x'00ff', at datetime default CURRENT_TIMESTAMP, primary key (b, a)) without rowid, strict",
];

#[test]
fn definitions_of_others_are_read_whatever_their_spelling() {
    let odd: Vec<_> = ODD
        .iter()
        .map(|sql| {
            sql.replace("(a, b blob default x'00ff', at datetime", "(a any, b blob default x'00ff', at text")
        })
        .collect();
    let odd: Vec<_> = odd.iter().map(String::as_str).collect();
    let (scratch, database) = inspected("odd", &odd);
    assert_eq!(database.left_out, []);
    let users = database.table("my users").unwrap();
    let column = |name: &str| users.column(name).unwrap().clone();
    let raw = |sql: &str| Some(DefaultValue::Raw { sql: sql.into() });
    assert_eq!(column("na`me").default, raw("('x')"));
    assert_eq!(column("na`me").collation.as_deref(), Some("nocase"));
    assert_eq!(column("na`me").column_type, ColumnType::Raw { sql: "varchar ( 20 )".into() });
    assert_eq!(column("na`me").nullable, Some(false));
    assert_eq!(column("group").default, raw("(-1.5e-3)"));
    assert_eq!(column("select").default, raw("('foo')"));
    assert_eq!(column("untyped").column_type, ColumnType::Raw { sql: String::new() });
    assert_eq!(column("kind").column_type, ColumnType::Enum { values: vec!["a".into(), "it's".into()] });
    assert!(column("twice").generated.unwrap().stored && !column("thrice").generated.unwrap().stored);
    assert!(!column("ID").auto_increment);
    let check = |name: Option<&str>, expression: &str| Check {
        name: name.map(str::to_owned),
        expression: expression.into(),
        not_valid: false,
    };
    assert_eq!(users.checks, [check(None, "\"group\" < 10"), check(Some("not x"), "untyped <> 'x,)'")]);
    let key = &users.foreign_keys[0];
    assert_eq!(
        (key.on.as_str(), &key.references[..], key.name.as_deref()),
        ("Teams", &["Id".to_owned()][..], Some("FK one"))
    );
    assert_eq!((key.deferrable, key.on_update), (Some(true), None));
    assert_eq!(users.foreign_keys[2].name.as_deref(), Some("two"));
    let named: Vec<_> = users.indexes.iter().map(|index| (index.kind, index.name.as_deref())).collect();
    assert_eq!(
        named,
        [
            (IndexKind::Primary, None),
            (IndexKind::Unique, Some("up, to")),
            (IndexKind::Unique, None),
            (IndexKind::Index, Some("odd")),
        ]
    );
    let lower = IndexColumn {
        descending: true,
        collation: Some("nocase".into()),
        ..IndexColumn::computed("lower(untyped)")
    };
    assert_eq!(users.indexes[3].columns[0], lower);
    assert_eq!(users.indexes[3].predicate.as_deref(), Some("untyped is not null"));
    let pairs = database.table("pairs").unwrap();
    assert!(pairs.options.strict && pairs.options.without_rowid);
    for table in ["my users", "Teams", "pairs"] {
        is_what_it_was(&scratch, &database, table);
    }
}

#[test]
fn a_copy_keeps_constraints_counters_triggers_and_views() {
    let (scratch, database) = inspected(
        "copy",
        &[
            "create table t (id integer primary key autoincrement, a text unique, b int, self int references t)",
            "create unique index tb on t (b) where b > 0",
            "create trigger tt after insert on t begin update t set b = new.id where id = new.id; end",
            "create view v as select a, b from t",
            "insert into t (a) values ('x'), ('y')",
            "delete from t where a = 'y'",
        ],
    );
    is_what_it_was(&scratch, &database, "t");
    let constraints = scratch.rows("select origin from pragma_index_list('t') order by 1", &[]);
    assert_eq!(json!(constraints), json!([{"origin": "c"}, {"origin": "u"}]));
}

#[test]
fn what_cannot_be_said_is_left_out_and_refuses_a_copy() {
    let (_scratch, database) = inspected(
        "left_out",
        &[
            "create table a (x text unique on conflict replace, y text constraint n not null)",
            "create table b (x integer primary key desc)",
            "create table c (x int references b (x) match full, primary key (x) on conflict ignore)",
            "create table \"d.e\" (x int)",
            "create virtual table f using fts5(x)",
            "create table g (x int not null on conflict abort)",
        ],
    );
    let left: Vec<_> =
        database.left_out.iter().map(|left| format!("{}: {}", left.name, left.reason)).collect();
    assert_eq!(
        left,
        [
            "a.x: `on conflict replace` of its unique constraint",
            "a.y: the name n of what is said about it",
            "b.x: its primary key in descending order",
            "c.x: `match full` of its foreign key",
            "c: `on conflict ignore` of its primary key",
            "d.e: its name holds a dot",
            "f: it is a virtual table",
        ]
    );
    let names: Vec<_> = database.tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "c", "g"]);
    let change = Change::ChangeColumn { table: "a".into(), column: Column::new("y", ColumnType::Text) };
    let refused =
        compile_changes(&[change], DriverName::Sqlite, "", &PlanOptions::default(), Some(&database));
    let error = refused.unwrap_err();
    assert!(
        error.message.contains("`on conflict replace` of its unique constraint (a.x)"),
        "{}",
        error.message
    );
    assert_eq!(error.detail.table.as_deref(), Some("a"));
}

#[test]
fn a_copy_of_a_table_with_every_type_is_the_same_table() {
    let scratch = Scratch::sqlite("every");
    scratch.empty();
    let columns = types().into_iter().enumerate().flat_map(|(at, of_type)| {
        let text = json!({"kind": "value", "value": "it's"});
        [
            json!({"name": format!("a{at}"), "type": of_type}),
            json!({"name": format!("b{at}"), "type": of_type, "nullable": true, "default": text}),
            json!({"name": format!("c{at}"), "type": of_type, "collation": "rtrim",
                "default": {"kind": "raw", "sql": "(1 + 1)"}}),
            json!({"name": format!("d{at}"), "type": of_type, "nullable": true,
                "generated": {"expression": "\"a0\" + 1", "stored": at % 2 == 0}}),
        ]
    });
    let table = described("t", &columns.collect());
    let statements = compile_changes(
        &[Change::CreateTable { table }],
        DriverName::Sqlite,
        "",
        &PlanOptions::default(),
        None,
    );
    scratch.run(&statements.unwrap()).unwrap();
    is_what_it_was(&scratch, &scratch.inspect(), "t");
}

#[test]
fn neighbouring_changes_share_a_copy_and_what_alter_table_does_stays_between() {
    let (_scratch, database) = inspected(
        "plan",
        &["create table t (a int, b int, c int references u (x), d int unique)", "create index i on t (b)"],
    );
    let changes: Vec<Change> = serde_json::from_value(json!([
        {"kind": "changeColumn", "table": "t", "column": {"name": "a", "type": {"kind": "text"}, "nullable": true}},
        {"kind": "dropForeignKey", "table": "t", "foreignKey": {"columns": ["c"]}},
        {"kind": "addIndex", "table": "t", "index": {"kind": "unique", "columns": ["a"]}},
        {"kind": "dropColumns", "table": "t", "columns": ["b"]},
        {"kind": "addCheck", "table": "t", "check": {"name": "k", "expression": "c > 0"}},
        {"kind": "dropIndex", "table": "t", "index": {"kind": "unique", "columns": ["d"]}},
    ]))
    .unwrap();
    let options = PlanOptions::default();
    let statements = compile_changes(&changes, DriverName::Sqlite, "", &options, Some(&database)).unwrap();
    assert_eq!(
        statements,
        [
            r#"create table "__temp__t" ("a" text, "b" int, "c" int, "d" int, unique ("d"))"#,
            r#"insert into "__temp__t" ("a", "b", "c", "d") select "a", "b", "c", "d" from "t""#,
            r#"drop table "t""#,
            r#"alter table "__temp__t" rename to "t""#,
            r#"create index "i" on "t" ("b")"#,
            r#"create unique index "t_a_unique" on "t" ("a")"#,
            r#"drop index "i""#,
            r#"alter table "t" drop column "b""#,
            r#"create table "__temp__t" ("a" text, "c" int, "d" int, constraint "k" check (c > 0))"#,
            r#"insert into "__temp__t" ("a", "c", "d") select "a", "c", "d" from "t""#,
            r#"drop table "t""#,
            r#"alter table "__temp__t" rename to "t""#,
            r#"create unique index "t_a_unique" on "t" ("a")"#,
        ]
    );
}
