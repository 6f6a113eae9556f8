//! Every failure carries what programs branch on.

use guruorm::error::ErrorCode;
use guruorm::value::ValueRef;

use crate::support::*;

/// Table, column and constraint.
type Named = (Option<&'static str>, Option<&'static str>, Option<&'static str>);

#[test]
fn violations_name_their_kind_table_column_and_constraint() {
    let mut connection = open(":memory:");
    let connection = connection.as_mut();
    for sql in [
        "create table users (id integer primary key, email text unique, name text not null, age int constraint real_age check (age >= 0))",
        "create unique index users_lower on users (lower(name))",
        "create table posts (id integer primary key, user_id int references users (id) on delete restrict)",
        "create table pairs (a, b, primary key (a, b)) without rowid",
        "create table tight (n integer) strict",
        "insert into users values (1, 'a', 'A', 1)",
        "insert into posts values (1, 1)",
        "insert into pairs values (1, 1)",
    ] {
        run(connection, sql, &[]);
    }
    let none: Named = (None, None, None);
    for (sql, code, driver_code, named) in [
        (
            "insert into users values (2, 'a', 'Z', 1)",
            ErrorCode::UniqueViolation,
            "SQLITE_CONSTRAINT_UNIQUE",
            (Some("users"), Some("email"), None),
        ),
        (
            "insert into users values (2, 'q', 'a', 1)",
            ErrorCode::UniqueViolation,
            "SQLITE_CONSTRAINT_UNIQUE",
            (None, None, Some("users_lower")),
        ),
        (
            "insert into users values (1, 'b', 'B', 1)",
            ErrorCode::UniqueViolation,
            "SQLITE_CONSTRAINT_PRIMARYKEY",
            (Some("users"), Some("id"), None),
        ),
        (
            "insert into pairs values (1, 1)",
            ErrorCode::UniqueViolation,
            "SQLITE_CONSTRAINT_PRIMARYKEY",
            (Some("pairs"), None, None),
        ),
        (
            "insert into users values (3, 'c', null, 1)",
            ErrorCode::NotNullViolation,
            "SQLITE_CONSTRAINT_NOTNULL",
            (Some("users"), Some("name"), None),
        ),
        (
            "insert into users values (3, 'c', 'C', -1)",
            ErrorCode::CheckViolation,
            "SQLITE_CONSTRAINT_CHECK",
            (None, None, Some("real_age")),
        ),
        (
            "insert into posts values (2, 99)",
            ErrorCode::ForeignKeyViolation,
            "SQLITE_CONSTRAINT_FOREIGNKEY",
            none,
        ),
        ("delete from users where id = 1", ErrorCode::ForeignKeyViolation, "SQLITE_CONSTRAINT_TRIGGER", none),
        ("insert into tight values ('x')", ErrorCode::Query, "SQLITE_CONSTRAINT_DATATYPE", none),
        ("select * from nobody", ErrorCode::Query, "SQLITE_ERROR", none),
        ("selec 1", ErrorCode::Syntax, "SQLITE_ERROR", none),
        ("select (1", ErrorCode::Syntax, "SQLITE_ERROR", none),
        ("select abs(-9223372036854775808)", ErrorCode::Query, "SQLITE_ERROR", none),
    ] {
        let error = try_run(connection, sql, &[]).unwrap_err();
        let detail = &error.detail;
        assert_eq!((error.code, detail.driver_code.as_deref()), (code, Some(driver_code)), "{sql}: {error}");
        let found = (detail.table.as_deref(), detail.column.as_deref(), detail.constraint.as_deref());
        assert_eq!(found, named, "{sql}: {error}");
        assert_eq!(detail.sql.as_deref(), Some(sql));
        assert!(detail.native_code.is_some());
    }
}

#[test]
fn the_position_of_a_mistake_is_counted_in_characters() {
    let mut connection = open(":memory:");
    for (sql, position) in [("select 'ä🦀', nope", 14), ("selec 1", 1), ("select 1", 0)] {
        let position = (position > 0).then_some(position);
        let found = try_run(connection.as_mut(), sql, &[]).err().and_then(|error| error.detail.position);
        assert_eq!(found, position, "{sql}");
    }
}

#[test]
fn a_misspelt_column_in_quotes_is_an_error_and_not_text() {
    let mut connection = open(":memory:");
    let connection = connection.as_mut();
    run(connection, "create table t (name)", &[]);
    let error = try_run(connection, "select * from t where \"nmae\" = 'nmae'", &[]).unwrap_err();
    assert!(error.message.starts_with("no such column: \"nmae\""), "{error}");
}

#[test]
fn a_bound_value_is_not_in_any_message() {
    let mut connection = open(":memory:");
    let connection = connection.as_mut();
    run(connection, "create virtual table words using fts5 (body)", &[]);
    run(connection, "create table t (v text primary key, n int check (n > 0))", &[]);
    run(connection, "insert into t values ('sesame', 1)", &[]);
    for sql in [
        "select * from words where words match ?",
        "insert into t values (?, 1)",
        "insert into t values (?, -1)",
        "select json_extract('{}', ?)",
        "select json(?)",
    ] {
        for value in ["sesame", "\"sesame", "sesame:x", "*sesame", "sesame ("] {
            if let Err(error) = try_run(connection, sql, &[ValueRef::Text(value)]) {
                assert!(!error.message.contains("sesame"), "{sql} with {value}: {}", error.message);
            }
        }
    }
}

#[test]
fn an_error_in_the_middle_of_rows_is_an_error() {
    let mut connection = open(":memory:");
    let connection = connection.as_mut();
    let sql = "with recursive c(n) as (select 1 union all select n + 1 from c where n < 2000)
        select abs(case n when 1500 then -9223372036854775808 else n end) from c";
    for _ in 0..2 {
        assert_eq!(try_run(connection, sql, &[]).unwrap_err().message, "integer overflow");
    }
    assert_eq!(cell(connection, "select 1"), Value::Integer(1));
}
