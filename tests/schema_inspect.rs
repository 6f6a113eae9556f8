//! What the catalogue answers about tables that the schema compiler made, on real servers.

#![allow(clippy::unwrap_used)] // a test ends where something is not as it should be

mod schema_support;

use guruorm::config::DriverName;
use guruorm::dialect::schema::{PlanOptions, Question, answer, compile_changes, question};
use guruorm::schema::{Change, TableName};
use schema_support::Scratch;
use serde_json::{Value, json};

const PREFIX: &str = "pre_";

struct Database {
    scratch: Scratch,
    driver: DriverName,
}

impl Database {
    fn apply(&self, changes: &Value) {
        let changes: Vec<Change> = serde_json::from_value(changes.clone()).unwrap();
        let statements =
            compile_changes(&changes, self.driver, PREFIX, &PlanOptions::default(), None).unwrap();
        self.scratch.run(&statements).unwrap();
    }

    fn ask(&self, text: &Value) -> Value {
        let asked = Question::parse(&text.to_string()).unwrap();
        let (sql, values) = question(&asked, self.driver, PREFIX).unwrap();
        answer(&asked, self.driver, &self.scratch.rows(&sql, &values)).unwrap()
    }

    fn only(&self, text: &Value, keys: &[&str]) -> Value {
        let picked = |row: &Value| keys.iter().map(|key| ((*key).to_owned(), row[*key].clone())).collect();
        self.ask(text).as_array().unwrap().iter().map(picked).collect::<Vec<Value>>().into()
    }
}

fn on_every_database(name: &str, check: impl Fn(&Database)) {
    for (scratch, driver) in [
        (Scratch::postgres(name), DriverName::Postgres),
        (Scratch::mariadb(name), DriverName::MariaDb),
        (Scratch::sqlite(name), DriverName::Sqlite),
    ] {
        scratch.empty();
        let database = Database { scratch, driver };
        database.apply(&tables());
        check(&database);
    }
}

fn tables() -> Value {
    json!([
        {"kind": "createTable", "table": {"name": "users", "columns": [
            {"name": "id", "type": {"kind": "bigInteger"}, "autoIncrement": true, "unsigned": true},
            {"name": "email", "type": {"kind": "string", "length": 100}, "indexes": [{"kind": "unique"}]},
            {"name": "votes", "type": {"kind": "integer"}, "nullable": true, "default": {"kind": "value", "value": 7}},
            {"name": "twice", "type": {"kind": "integer"}, "generated": {"expression": "votes * 2", "stored": true}},
        ], "indexes": [{"kind": "index", "columns": ["votes", "email"]}]}},
        {"kind": "createTable", "table": {"name": "members", "columns": [
            {"name": "team", "type": {"kind": "integer"}},
            {"name": "user_id", "type": {"kind": "bigInteger"}, "unsigned": true},
        ], "indexes": [{"kind": "primary", "columns": ["user_id", "team"]}], "foreignKeys": [
            {"columns": ["user_id"], "on": "users", "references": ["id"], "onDelete": "restrict", "onUpdate": "cascade"},
        ]}},
    ])
}

#[test]
fn a_table_is_there_only_under_its_own_name() {
    on_every_database("has", |database| {
        assert_eq!(database.ask(&json!({"ask": "hasTable", "table": "users"})), true);
        assert_eq!(database.ask(&json!({"ask": "hasTable", "table": "pre_users"})), false);
        assert_eq!(database.ask(&json!({"ask": "hasTable", "table": "it's"})), false);
    });
}

#[test]
fn tables_are_listed_by_name_with_their_prefix() {
    on_every_database("tables", |database| {
        let names = database.only(&json!({"ask": "tables", "current": true}), &["name"]);
        assert_eq!(names, json!([{"name": "pre_members"}, {"name": "pre_users"}]));
    });
}

#[test]
fn columns_say_what_was_defined() {
    on_every_database("columns", |database| {
        let columns = database.ask(&json!({"ask": "columns", "table": "users"}));
        let by =
            |key: &str| columns.as_array().unwrap().iter().map(|row| row[key].clone()).collect::<Vec<_>>();
        assert_eq!(by("name"), ["id", "email", "votes", "twice"]);
        assert_eq!(by("nullable")[..3], [json!(false), json!(false), json!(true)]);
        assert_eq!(by("auto_increment"), [json!(true), json!(false), json!(false), json!(false)]);
        let default = by("default")[2].as_str().unwrap().to_owned();
        assert_eq!(default.trim_matches('\'').chars().next(), Some('7'), "{default}");
        assert_eq!(by("generation")[3]["type"], "stored");
        assert_eq!(by("generation")[2], Value::Null);
        let types: [&str; 3] = match database.driver {
            DriverName::Postgres => ["bigint", "character varying(100)", "integer"],
            DriverName::MariaDb => ["bigint(20) unsigned", "varchar(100)", "int(11)"],
            _ => ["integer", "varchar", "integer"],
        };
        assert_eq!(by("type")[..3], types);
    });
}

#[test]
fn a_missing_table_has_no_columns() {
    on_every_database("missing", |database| {
        assert_eq!(database.ask(&json!({"ask": "columns", "table": "nothing"})), json!([]));
        assert_eq!(database.ask(&json!({"ask": "indexes", "table": "nothing"})), json!([]));
        assert_eq!(database.ask(&json!({"ask": "foreignKeys", "table": "nothing"})), json!([]));
    });
}

#[test]
fn indexes_have_their_names_and_columns_in_order() {
    on_every_database("indexes", |database| {
        let mut indexes = database
            .only(&json!({"ask": "indexes", "table": "users"}), &["name", "columns", "unique", "primary"]);
        let indexes = indexes.as_array_mut().unwrap();
        indexes.sort_by_key(|index| index["columns"].to_string());
        let primary = match database.driver {
            DriverName::Postgres => "pre_users_pkey",
            DriverName::MariaDb => "PRIMARY",
            _ => "primary",
        };
        assert_eq!(
            json!(indexes),
            json!([
                {"name": "pre_users_email_unique", "columns": ["email"], "unique": true, "primary": false},
                {"name": primary, "columns": ["id"], "unique": true, "primary": true},
                {"name": "pre_users_votes_email_index", "columns": ["votes", "email"], "unique": false, "primary": false},
            ])
        );
        let members = database.ask(&json!({"ask": "indexes", "table": "members"}));
        assert_eq!(members[0]["columns"], json!(["user_id", "team"]));
        assert_eq!(members[0]["primary"], true);
    });
}

#[test]
fn foreign_keys_name_both_ends_and_their_actions() {
    on_every_database("keys", |database| {
        let name = if database.driver == DriverName::Sqlite {
            Value::Null
        } else {
            json!("pre_members_user_id_foreign")
        };
        let keys = ["name", "columns", "foreign_table", "foreign_columns", "on_update", "on_delete"];
        assert_eq!(
            database.only(&json!({"ask": "foreignKeys", "table": "members"}), &keys),
            json!([{
                "name": name, "columns": ["user_id"], "foreign_table": "pre_users", "foreign_columns": ["id"],
                "on_update": "cascade", "on_delete": "restrict",
            }])
        );
    });
}

#[test]
fn all_tables_go_whatever_refers_to_them() {
    on_every_database("all", |database| {
        let rows = [
            "insert into pre_users (email) values ('a')",
            "insert into pre_members (team, user_id) values (1, 1)",
        ];
        database.scratch.run(&rows.map(str::to_owned)).unwrap();
        database.scratch.run(&["create view seen as select email from pre_users".to_owned()]).unwrap();
        let mut tables: Vec<TableName> = serde_json::from_value(
            database.only(&json!({"ask": "tables", "current": true}), &["name", "schema"]),
        )
        .unwrap();
        tables.reverse(); // the table that is referred to goes first
        let changes = [Change::DropAllTables { tables }];
        let mut statements =
            compile_changes(&changes, database.driver, PREFIX, &PlanOptions::default(), None).unwrap();
        statements.insert(0, "begin".to_owned());
        statements.push("commit".to_owned());
        database.scratch.run(&statements).unwrap();
        assert_eq!(database.ask(&json!({"ask": "tables", "current": true})), json!([]));
    });
}

#[test]
fn views_are_listed_and_dropped() {
    on_every_database("views", |database| {
        database.scratch.run(&["create view pre_voters as select 1 as one".to_owned()]).unwrap();
        let current = json!({"ask": "views", "current": true});
        let views = database.ask(&current);
        assert_eq!(views[0]["name"], "pre_voters");
        assert!(views[0]["definition"].as_str().unwrap().to_lowercase().contains("select 1"), "{views}");
        let namespace = views[0]["schema"].clone();
        assert_eq!(database.ask(&json!({"ask": "views", "schema": namespace})), views);
        database
            .apply(&json!([{"kind": "dropViews", "views": [{"schema": namespace, "name": "pre_voters"}]}]));
        assert_eq!(database.ask(&current), json!([]));
    });
}

#[test]
fn the_current_namespace_is_marked() {
    on_every_database("schemas", |database| {
        let schemas = database.ask(&json!({"ask": "schemas"}));
        let current: Vec<_> =
            schemas.as_array().unwrap().iter().filter(|schema| schema["default"] == true).collect();
        assert_eq!(current.len(), 1, "{schemas}");
    });
}

#[test]
fn types_are_those_that_users_made() {
    on_every_database("types", |database| {
        let all = json!({"ask": "types"});
        if database.driver != DriverName::Postgres {
            let asked = Question::parse(&all.to_string()).unwrap();
            assert!(question(&asked, database.driver, PREFIX).is_err());
            return;
        }
        database.scratch.run(&["create type mood as enum ('sad', 'ok')".to_owned()]).unwrap();
        let mood = json!([{"name": "mood", "schema": "public", "type": "enum", "category": "E"}]);
        assert_eq!(database.ask(&all), mood);
        assert_eq!(database.ask(&json!({"ask": "types", "schema": "public"})), mood);
        assert_eq!(database.ask(&json!({"ask": "types", "current": true})), mood);
        database.scratch.run(&["create domain tags as text[]".to_owned()]).unwrap();
        assert_eq!(database.ask(&all)[1]["type"], "domain");
    });
}

#[test]
fn all_types_go_where_one_statement_takes_them() {
    let change: Change = serde_json::from_value(
        json!({"kind": "dropTypes", "types": [{"schema": "a", "name": "b"}], "domains": []}),
    )
    .unwrap();
    for driver in [DriverName::MySql, DriverName::MariaDb, DriverName::Sqlite, DriverName::SqlServer] {
        let refused =
            compile_changes(std::slice::from_ref(&change), driver, PREFIX, &PlanOptions::default(), None)
                .unwrap_err();
        assert!(refused.message.ends_with("has no removal of all types of its users"), "{}", refused.message);
    }
    let dropped =
        compile_changes(&[change], DriverName::Postgres, PREFIX, &PlanOptions::default(), None).unwrap();
    assert_eq!(dropped, [r#"drop type if exists "a"."b" cascade"#]);
}

#[test]
fn names_are_looked_up_in_namespaces_that_are_there() {
    on_every_database("current", |database| {
        let listing = database.ask(&json!({"ask": "currentSchemas"}));
        let schemas = database.ask(&json!({"ask": "schemas"}));
        let current = schemas.as_array().unwrap().iter().find(|schema| schema["default"] == true).unwrap();
        assert_eq!(listing, json!([current["name"]]));
    });
}

#[test]
fn databases_are_made_and_dropped_on_servers() {
    on_every_database("databases", |database| {
        if database.driver == DriverName::Sqlite {
            return;
        }
        let name = "guruorm_made";
        database.apply(
            &json!([{"kind": "dropDatabase", "name": name}, {"kind": "createDatabase", "name": name}]),
        );
        database.apply(&json!([{"kind": "dropDatabase", "name": name}]));
    });
}
