//! The changes between two structures, their order, and what undoes them.

#![allow(clippy::unwrap_used, clippy::panic)] // a test ends where something is not as it should be

use guruorm::config::DriverName;
use guruorm::dialect::schema::{PlanOptions, settle};
use guruorm::evolve::{after, diff, undone};
use guruorm::schema::{Change, Database};
use serde_json::{Value, json};

const POSTGRES: DriverName = DriverName::Postgres;
const MARIADB: DriverName = DriverName::MariaDb;
const SQLITE: DriverName = DriverName::Sqlite;
const ALL: [DriverName; 3] = [POSTGRES, MARIADB, SQLITE];

fn settled(changes: &Value, driver: DriverName) -> Vec<Change> {
    let changes: Vec<Change> = serde_json::from_value(changes.clone()).unwrap();
    settle(&changes, driver, "", &PlanOptions::default())
}

/// A database of tables, each as a blueprint says it.
fn database(tables: &[Value], driver: DriverName) -> Database {
    let changes: Vec<_> = tables.iter().map(|table| json!({"kind": "createTable", "table": table})).collect();
    let empty = Database { driver: driver.as_str().to_owned(), ..Database::default() };
    after(&empty, &settled(&json!(changes), driver)).unwrap()
}

fn changes(before: &[Value], wanted: &[Value], driver: DriverName) -> Vec<Change> {
    diff(&database(before, driver), &database(wanted, driver), driver, &PlanOptions::default()).unwrap()
}

fn kinds(changes: &[Change]) -> Vec<String> {
    changes.iter().map(|change| format!("{} {}", change.kind(), change.table().unwrap_or_default())).collect()
}

fn integer(name: &str) -> Value {
    json!({"name": name, "type": {"kind": "integer"}})
}

fn text(name: &str) -> Value {
    json!({"name": name, "type": {"kind": "string", "length": 50}})
}

fn id() -> Value {
    json!({"name": "id", "type": {"kind": "bigInteger"}, "autoIncrement": true})
}

fn users(more: &Value) -> Value {
    let mut table = json!({"name": "users", "columns": [id(), text("email")]});
    for (key, value) in more.as_object().unwrap() {
        if key == "columns" {
            table["columns"].as_array_mut().unwrap().extend(value.as_array().unwrap().clone());
        } else {
            table[key] = value.clone();
        }
    }
    table
}

fn posts(columns: &[Value], keys: &Value) -> Value {
    let mut all = vec![id(), json!({"name": "user_id", "type": {"kind": "bigInteger"}})];
    all.extend_from_slice(columns);
    json!({"name": "posts", "columns": all, "foreignKeys": keys})
}

fn key_to_users() -> Value {
    json!([{"columns": ["user_id"], "on": "users", "references": ["id"]}])
}

#[test]
fn what_is_the_same_needs_no_change() {
    let unique =
        json!({"columns": [{"name": "nick", "type": {"kind": "string"}, "indexes": [{"kind": "unique"}]}]});
    let apart = json!({
        "columns": [{"name": "nick", "type": {"kind": "string"}, "nullable": false}],
        "indexes": [{"kind": "unique", "columns": ["nick"]}, {"kind": "primary", "columns": ["id"]}],
    });
    for driver in ALL {
        assert_eq!(changes(&[users(&unique)], &[users(&apart)], driver), []);
    }
}

#[test]
fn a_new_column_is_added_and_stands_where_it_is_wanted_on_mysql() {
    let wanted = json!({"name": "users", "columns": [id(), integer("age"), text("email")]});
    for driver in ALL {
        let found = changes(&[users(&json!({}))], std::slice::from_ref(&wanted), driver);
        assert_eq!(kinds(&found), ["addColumn users"]);
        let Change::AddColumn { column, .. } = &found[0] else { panic!("{found:?}") };
        assert_eq!(column.position.is_some(), driver == MARIADB);
    }
}

#[test]
fn keys_go_first_and_come_last() {
    let before = [
        users(&json!({"columns": [integer("age")]})),
        posts(&[], &key_to_users()),
        json!({"name": "old", "columns": [id()]}),
    ];
    let wanted = [
        json!({"name": "teams", "columns": [id()]}),
        users(
            &json!({"indexes": [{"kind": "index", "columns": ["email"]}], "checks": [{"name": "c", "expression": "id > 0"}]}),
        ),
        posts(&[integer("team_id")], &json!([{"columns": ["team_id"], "on": "teams", "references": ["id"]}])),
    ];
    let found = kinds(&changes(&before, &wanted, POSTGRES));
    assert_eq!(
        found,
        [
            "dropForeignKey posts",
            "createTable teams",
            "addColumn posts",
            "dropColumns users",
            "dropTable old",
            "addIndex users",
            "addCheck users",
            "addForeignKey posts",
        ]
    );
}

#[test]
fn tables_that_refer_to_each_other_are_created_before_their_keys() {
    let refers = |name: &str, on: &str| {
        json!({"name": name, "columns": [id(), {"name": "other", "type": {"kind": "bigInteger"}}],
        "foreignKeys": [{"columns": ["other"], "on": on, "references": ["id"]}]})
    };
    let wanted = [refers("a", "b"), refers("b", "a")];
    let found = kinds(&changes(&[], &wanted, MARIADB));
    assert_eq!(found, ["createTable a", "createTable b", "addForeignKey a", "addForeignKey b"]);
    assert_eq!(kinds(&changes(&[], &wanted, SQLITE)), ["createTable a", "createTable b"]);
    let gone = kinds(&changes(&wanted, &[], MARIADB));
    assert_eq!(gone[..2], ["dropForeignKey b", "dropForeignKey a"]);
    assert_eq!(gone.len(), 4);
}

#[test]
fn another_type_converts_what_is_there() {
    let before = users(
        &json!({"columns": [{"name": "age", "type": {"kind": "string"}, "default": {"kind": "value", "value": "x"}}]}),
    );
    let wanted = users(&json!({"columns": [integer("age")]}));
    let found = changes(std::slice::from_ref(&before), std::slice::from_ref(&wanted), POSTGRES);
    let [Change::ChangeColumn { column, .. }] = &found[..] else { panic!("{found:?}") };
    assert_eq!(column.using.as_deref(), Some("\"age\"::integer"));
    assert_eq!(kinds(&changes(&[before], &[wanted], MARIADB)), ["changeColumn users"]);
}

#[test]
fn a_computed_column_that_is_computed_otherwise_goes_and_comes_again_with_its_index() {
    let with = |sql: &str| {
        users(&json!({
            "columns": [integer("age"), {"name": "twice", "type": {"kind": "integer"}, "nullable": true,
                "generated": {"expression": sql, "stored": true}}],
            "indexes": [{"kind": "index", "columns": ["twice"]}],
        }))
    };
    let found = changes(&[with("age * 2")], &[with("age + age")], POSTGRES);
    assert_eq!(kinds(&found), ["dropIndex users", "dropColumns users", "addColumn users", "addIndex users"]);
    assert_eq!(changes(&[with("age * 2")], &[with("( age*2 )")], POSTGRES), []);
}

#[test]
fn postgres_computes_anew_what_is_computed_from_a_column_of_another_type() {
    let with = |kind: &str| {
        users(
            &json!({"columns": [{"name": "age", "type": {"kind": kind}}, {"name": "twice", "type": {"kind": "bigInteger"},
            "nullable": true, "generated": {"expression": "age * 2", "stored": true}}]}),
        )
    };
    let (before, wanted) = ([with("integer")], [with("bigInteger")]);
    let found = kinds(&changes(&before, &wanted, POSTGRES));
    assert_eq!(found, ["dropColumns users", "changeColumn users", "addColumn users"]);
    assert_eq!(kinds(&changes(&before, &wanted, MARIADB)), ["changeColumn users"]);
}

#[test]
fn a_check_waits_while_its_column_changes() {
    let with = |kind: &str| {
        users(
            &json!({"columns": [{"name": "age", "type": {"kind": kind}}], "checks": [{"name": "grown", "expression": "age > 17"}]}),
        )
    };
    let found = kinds(&changes(&[with("integer")], &[with("bigInteger")], POSTGRES));
    assert_eq!(found, ["dropCheck users", "changeColumn users", "addCheck users"]);
    assert_eq!(kinds(&changes(&[with("integer")], &[with("string")], SQLITE)), ["changeColumn users"]);
}

#[test]
fn a_key_waits_while_the_index_that_it_refers_to_changes() {
    let with = |name: &str| {
        [
            users(&json!({"indexes": [{"kind": "unique", "columns": ["email"], "name": name}]})),
            json!({"name": "logins", "columns": [text("email")],
                "foreignKeys": [{"columns": ["email"], "on": "users", "references": ["email"]}]}),
        ]
    };
    let found = kinds(&changes(&with("one"), &with("other"), POSTGRES));
    assert_eq!(found, ["dropForeignKey logins", "dropIndex users", "addIndex users", "addForeignKey logins"]);
}

#[test]
fn how_a_table_is_stored_cannot_be_changed() {
    let stored = |engine: &str| json!({"name": "t", "columns": [id()], "options": {"engine": engine}});
    let (before, wanted) = (database(&[stored("InnoDB")], MARIADB), database(&[stored("Aria")], MARIADB));
    let error = diff(&before, &wanted, MARIADB, &PlanOptions::default()).unwrap_err();
    assert!(error.message.contains("stored") && error.message.contains(": t"), "{}", error.message);
}

/// The changes, what undoes them, and whether that brings the start back.
fn undoing(tables: &[Value], changes: &Value, driver: DriverName) -> Vec<String> {
    let before = database(tables, driver);
    let changes = settled(changes, driver);
    let back = undone(&before, &changes).unwrap();
    let again = after(&after(&before, &changes).unwrap(), &back).unwrap();
    let options = PlanOptions::default();
    assert_eq!(diff(&again, &before, driver, &options).unwrap(), []);
    assert_eq!(diff(&before, &again, driver, &options).unwrap(), []);
    kinds(&back)
}

#[test]
fn a_dropped_column_comes_back_with_what_stood_on_it() {
    let table = users(&json!({
        "columns": [{"name": "team_id", "type": {"kind": "bigInteger"}, "default": {"kind": "value", "value": 3}}],
        "indexes": [{"kind": "index", "columns": ["team_id", "email"]}],
        "foreignKeys": [{"columns": ["team_id"], "on": "teams", "references": ["id"]}],
        "checks": [{"name": "some", "expression": "team_id > 0"}],
    }));
    let dropped = json!([{"kind": "dropColumns", "table": "users", "columns": ["team_id"]}]);
    for driver in [POSTGRES, SQLITE] {
        assert_eq!(
            undoing(std::slice::from_ref(&table), &dropped, driver),
            ["addColumn users", "addIndex users", "addCheck users", "addForeignKey users"]
        );
    }
}

#[test]
fn changes_are_undone_from_the_last_to_the_first() {
    let changes = json!([
        {"kind": "renameColumn", "table": "users", "column": "email", "to": "address"},
        {"kind": "changeColumn", "table": "users", "column": {"name": "address", "type": {"kind": "text"}}},
        {"kind": "addIndex", "table": "users", "index": {"kind": "index", "columns": ["address"], "name": "i"}},
        {"kind": "renameIndex", "table": "users", "index": "i", "to": "j"},
        {"kind": "renameTable", "table": "users", "to": "people"},
        {"kind": "dropTable", "table": "posts"},
    ]);
    for driver in ALL {
        assert_eq!(
            undoing(&[users(&json!({})), posts(&[], &key_to_users())], &changes, driver),
            [
                "createTable posts",
                "renameTable people",
                "renameIndex users",
                "dropIndex users",
                "changeColumn users",
                "renameColumn users"
            ]
        );
    }
}

#[test]
fn a_renamed_column_has_its_new_name_wherever_it_is_read() {
    let table = users(&json!({
        "columns": [integer("age"), {"name": "twice", "type": {"kind": "integer"}, "nullable": true,
            "generated": {"expression": "age * 2", "stored": true}}],
        "indexes": [{"kind": "index", "columns": [{"expression": "age + 1"}], "name": "next", "where": "age > 1"}],
        "checks": [{"name": "grown", "expression": "age > 17"}],
    }));
    let renamed = settled(
        &json!([{"kind": "renameColumn", "table": "users", "column": "age", "to": "years"}]),
        POSTGRES,
    );
    let database = after(&database(&[table], POSTGRES), &renamed).unwrap();
    let text = serde_json::to_string(&database.tables[0]).unwrap();
    assert!(!text.contains("age"), "{text}");
    assert_eq!(database.tables[0].checks[0].expression, "\"years\" > 17");
}

#[test]
fn what_cannot_be_undone_says_why() {
    let before = database(&[users(&json!({}))], POSTGRES);
    let refused = |changes: &Value| undone(&before, &settled(changes, POSTGRES)).unwrap_err().message;
    let gone = refused(&json!([{"kind": "dropViews", "views": [{"name": "v"}]}]));
    assert_eq!(gone, "dropViews cannot be undone: what it removes is not described by it");
    let missing = refused(&json!([{"kind": "dropColumns", "table": "users", "columns": ["nick"]}]));
    assert_eq!(missing, "dropColumns of users cannot be undone: users: there is no column nick");
}

#[test]
fn a_change_of_what_is_missing_or_there_already_is_refused() {
    let before = database(&[users(&json!({"indexes": [{"kind": "index", "columns": ["email"]}]}))], POSTGRES);
    let refused = |change: Value| after(&before, &settled(&json!([change]), POSTGRES)).unwrap_err().message;
    assert_eq!(
        refused(json!({"kind": "createTable", "table": {"name": "users", "columns": []}})),
        "the table users exists already"
    );
    assert_eq!(refused(json!({"kind": "dropTable", "table": "teams"})), "there is no table teams");
    assert_eq!(
        refused(json!({"kind": "addColumn", "table": "users", "column": integer("id")})),
        "users: the column id is there already"
    );
    let index = json!({"kind": "index", "columns": ["email"]});
    assert_eq!(
        refused(json!({"kind": "addIndex", "table": "users", "index": index})),
        "users has the index users_email_index already"
    );
    assert_eq!(
        refused(json!({"kind": "dropIndex", "table": "users", "index": {"kind": "index", "name": "i"}})),
        "users has no index i"
    );
}
