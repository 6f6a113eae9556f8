//! Statements that are answered in the call that asks.

use std::rc::Rc;
use std::time::Instant;

use guruorm::driver::{ChunkReceiver, Connection, Outcome, TransactionStatus};
use guruorm::error::{ErrorCode, Result};
use guruorm::value::ValueRef;

use crate::support::*;

/// Runs a statement at once, or does not.
fn now(
    connection: &mut dyn Connection,
    sql: &str,
    values: &[ValueRef<'_>],
) -> Option<Result<(Outcome, Rows)>> {
    let (statement, bindings) = (statement(sql, values.len()), bindings(values));
    let mut read = Rows::default();
    let ran = connection.execute_now(&statement, &bindings, Instant::now(), &mut |shape, chunk| {
        read.shape(Rc::clone(shape));
        read.decode(chunk);
    })?;
    Some(ran.map(|outcome| (outcome, read)))
}

/// The same for one that must be.
fn at_once(connection: &mut dyn Connection, sql: &str, values: &[ValueRef<'_>]) -> (Outcome, Rows) {
    now(connection, sql, values).unwrap_or_else(|| panic!("{sql} goes the long way")).unwrap()
}

#[test]
fn what_is_prepared_answers_the_same_again_and_again() {
    let mut connection = open(":memory:");
    let connection = connection.as_mut();
    run(connection, "create table t (id integer primary key, name text, meta json, at datetime, data)", &[]);
    let insert = "insert into t (name, meta, at, data) values (?, ?, '2024-01-01 00:00:00', ?)";
    let values = [ValueRef::Text("naïve 日本"), ValueRef::Json(r#"{"a":[1]}"#), ValueRef::Bytes(&[1, 255])];
    assert!(now(connection, insert, &values).is_none(), "it is not prepared");
    run(connection, insert, &values);
    let (outcome, read) = at_once(connection, insert, &values);
    assert_eq!((outcome, read.shapes), (Outcome { affected_rows: 1, last_insert_id: 2 }, 0));
    let sql = "select * from t where id <= ? order by id";
    let expected = try_run(connection, sql, &[ValueRef::Integer(2)]).unwrap();
    for _ in 0..3 {
        let (outcome, read) = at_once(connection, sql, &[ValueRef::Integer(2)]);
        assert_eq!((outcome, &read.columns, &read.rows), (expected.0, &expected.1.columns, &expected.1.rows));
        let (outcome, read) = at_once(connection, sql, &[ValueRef::Integer(0)]);
        assert_eq!((outcome.affected_rows, read.shapes, read.rows.len()), (0, 1, 0));
    }
}

#[test]
fn a_result_of_more_than_a_chunk_goes_the_long_way_whole_until_it_is_short_again() {
    let mut connection = open(":memory:");
    let connection = connection.as_mut();
    let sql = "with recursive c(n) as (select 1 union all select n + 1 from c where n < ?) select n from c";
    let count = |connection: &mut dyn Connection, number: i64| {
        try_run(connection, sql, &[ValueRef::Integer(number)]).unwrap().1.rows.len()
    };
    assert_eq!(count(connection, 3), 3);
    assert_eq!(at_once(connection, sql, &[ValueRef::Integer(511)]).1.rows.len(), 511);
    assert!(now(connection, sql, &[ValueRef::Integer(2000)]).is_none());
    assert!(now(connection, sql, &[ValueRef::Integer(3)]).is_none(), "it was long the last time");
    assert_eq!(count(connection, 2000), 2000);
    assert!(now(connection, sql, &[ValueRef::Integer(3)]).is_none());
    assert_eq!(count(connection, 3), 3);
    assert_eq!(at_once(connection, sql, &[ValueRef::Integer(3)]).1.rows.len(), 3);
}

#[test]
fn a_write_that_takes_long_is_undone_and_done_the_long_way() {
    let mut connection = open(":memory:");
    let connection = connection.as_mut();
    run(connection, "create table t (id integer primary key, n)", &[]);
    run(connection, "insert into t (id, n) values (7, 0)", &[]);
    let sql = "update t set n = (with recursive c(n) as (select 1 union all select n + 1 from c where n < ?)
        select count(*) from c) where id = 7";
    run(connection, sql, &[ValueRef::Integer(5)]);
    at_once(connection, sql, &[ValueRef::Integer(6)]);
    let long = [ValueRef::Integer(3_000_000)];
    assert!(now(connection, sql, &long).is_none());
    assert_eq!(cell(connection, "select n from t"), Value::Integer(6));
    assert_eq!(cell(connection, "select last_insert_rowid()"), Value::Integer(7));
    assert_eq!(run(connection, sql, &long).affected_rows, 1);
    assert_eq!(cell(connection, "select n from t"), Value::Integer(3_000_000));
}

#[test]
fn what_finds_the_file_locked_goes_the_long_way() {
    let folder = Folder::new();
    let (mut one, mut other) = (open(&folder.file("a")), open(&folder.file("a")));
    let (one, other) = (one.as_mut(), other.as_mut());
    run(one, "create table t (id integer primary key)", &[]);
    for sql in ["begin immediate", "rollback", "insert into t default values"] {
        run(other, sql, &[]);
    }
    run(one, "begin immediate", &[]);
    for sql in ["insert into t default values", "begin immediate"] {
        assert!(now(other, sql, &[]).is_none(), "{sql}");
        assert_eq!(other.transaction_status(), TransactionStatus::Idle);
    }
    run(one, "rollback", &[]);
    at_once(other, "begin immediate", &[]);
    assert_eq!(other.transaction_status(), TransactionStatus::Open);
    assert_eq!(at_once(other, "insert into t default values", &[]).0.last_insert_id, 2);
    at_once(other, "rollback", &[]);
    assert_eq!(cell(one, "select count(*) from t"), Value::Integer(1));
}

#[test]
fn a_refusal_is_told_at_once_and_the_statement_stays_usable() {
    let mut connection = open(":memory:");
    let connection = connection.as_mut();
    run(connection, "create table t (id integer primary key)", &[]);
    let sql = "insert into t (id) values (?)";
    run(connection, sql, &[ValueRef::Integer(1)]);
    let error = now(connection, sql, &[ValueRef::Integer(1)]).unwrap().unwrap_err();
    assert_eq!(error.code, ErrorCode::UniqueViolation);
    let error = now(connection, sql, &[ValueRef::Float(f64::NAN)]).unwrap().unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidArgument);
    assert_eq!(at_once(connection, sql, &[ValueRef::Integer(2)]).0.last_insert_id, 2);
}

#[test]
fn what_cannot_be_undone_goes_the_long_way() {
    let mut connection = open(":memory:");
    let connection = connection.as_mut();
    run(connection, "create table t (id integer primary key)", &[]);
    for sql in ["insert into t default values returning id", "delete from t", "pragma foreign_keys"] {
        run(connection, sql, &[]);
        assert!(now(connection, sql, &[]).is_none(), "{sql}");
    }
}

#[test]
fn columns_that_came_meanwhile_are_there() {
    let mut connection = open(":memory:");
    let connection = connection.as_mut();
    run(connection, "create table t (id integer primary key)", &[]);
    run(connection, "insert into t default values", &[]);
    run(connection, "select * from t", &[]);
    run(connection, "alter table t add column name text default 'Ada'", &[]);
    for _ in 0..2 {
        let (_, read) = at_once(connection, "select * from t", &[]);
        assert_eq!(read.columns.len(), 2);
        assert_eq!(read.rows, [[Value::Integer(1), text("Ada")]]);
    }
}
