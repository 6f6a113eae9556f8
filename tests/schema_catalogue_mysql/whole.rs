//! A whole database.

use crate::executor;
use crate::schema_support::Scratch;
use crate::types::types;
use crate::{of_columns, raw, table, text, value};
use guruorm::config;
use guruorm::config::DriverName;
use guruorm::dialect::catalogue::Inspection;
use guruorm::dialect::catalogue::catalogue;
use guruorm::dialect::schema::PlanOptions;
use guruorm::engine::Engine;
use guruorm::evolve::normalize;
use guruorm::schema::Database;
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;
use std::time::Instant;

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
    assert_eq!(
        made.iter().map(|it| it.2.as_str()).collect::<Vec<_>>(),
        [
            "create trigger `t'r` before insert on `t` for each row set new.a = 1",
            "create function `f`(`a` int(11), `b c` varchar(20)) returns int(11) deterministic contains sql return a + 1",
            "create procedure `p`(in `x` int(11), out `y` int(11)) contains sql sql security invoker comment 'it''s' set y = x",
        ]
    );
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
    // Whoever connects to MariaDB as `mysql` reads the same.
    assert_eq!(Database { driver: told.driver.clone(), ..read }, told);
}

#[test]
fn five_hundred_tables_are_read_with_twelve_questions_within_three_seconds() {
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
    assert!(best < Duration::from_secs(3), "{best:?}");
}
