//! Changes of columns, checks and comments, on tables as they are.

use guruorm::config::DriverName;
use guruorm::dialect::schema::{PlanOptions, compile_changes, needed_tables};
use guruorm::error::ErrorCode;
use guruorm::schema::ColumnType;
use serde_json::{Value, json};

use crate::schema_support::Scratch;
use crate::{apply, changes, run};

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
    let (driver, options) = (DriverName::Postgres, PlanOptions::default());
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
    let plain = json!({"name": "id", "type": {"kind": "bigInteger"}});
    apply(&scratch, &json!([{"kind": "changeColumn", "table": "t", "column": plain}]));
    assert_eq!(change(&json!({})), 102);
    assert_eq!(scratch.inspect().sequences, []);
}

#[test]
fn a_change_of_type_takes_no_default_along_that_cannot_be_converted() {
    let scratch = Scratch::postgres("using");
    run(&scratch, &["create table t (a text default 'none')", "insert into t values ('7')"]);
    let column = json!({"name": "a", "type": {"kind": "integer"}, "using": "a::integer",
        "default": {"kind": "value", "value": 5}});
    apply(&scratch, &json!([{"kind": "changeColumn", "table": "t", "column": column}]));
    run(&scratch, &["insert into t default values"]);
    assert_eq!(scratch.rows("select sum(a) as sum from t", &[]), [json!({"sum": 12})]);
}

#[test]
fn a_comment_that_is_empty_takes_the_old_one_away() {
    let scratch = Scratch::postgres("comment");
    run(&scratch, &["create table t (a int)", "comment on table t is 'old'"]);
    let statements = apply(&scratch, &json!([{"kind": "commentTable", "table": "t", "comment": ""}]));
    assert_eq!(statements, ["comment on table \"t\" is null"]);
    assert_eq!(scratch.inspect().tables[0].comment, None);
}

#[test]
fn checks_that_leave_rows_unchecked_are_added_and_dropped() {
    let scratch = Scratch::postgres("checks");
    run(&scratch, &["create table t (a int)", "insert into t values (-1)"]);
    let check = json!({"name": "positive", "expression": "a > 0", "notValid": true});
    apply(&scratch, &json!([{"kind": "addCheck", "table": "t", "check": check}]));
    let found = scratch.inspect().tables[0].checks[0].clone();
    assert_eq!((found.expression.as_str(), found.not_valid), ("a > 0", true));
    apply(&scratch, &json!([{"kind": "dropCheck", "table": "t", "check": {"name": "positive"}}]));
    assert_eq!(scratch.inspect().tables[0].checks, []);
}

#[test]
fn an_index_that_is_no_constraint_waits_for_nothing() {
    for index in [
        json!({"kind": "unique", "name": "i", "columns": ["a"], "where": "a > 0", "deferrable": true}),
        json!({"kind": "unique", "name": "i", "columns": ["a"], "withoutConstraint": true, "deferrable": true}),
        json!({"kind": "index", "name": "i", "columns": ["a"], "deferrable": true}),
    ] {
        let change = changes(&json!([{"kind": "addIndex", "table": "t", "index": index}]));
        let driver = DriverName::Postgres;
        let error = compile_changes(&change, driver, "", &PlanOptions::default(), None).unwrap_err();
        assert_eq!(
            (error.code, error.detail.table.as_deref(), error.detail.column.as_deref()),
            (ErrorCode::Unsupported, Some("t"), Some("a"))
        );
    }
}
