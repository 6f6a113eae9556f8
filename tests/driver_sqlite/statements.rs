//! Statements: placeholders, outcomes, the cache, chunks.

use std::rc::Rc;

use guruorm::driver::{DriverStatement, Outcome, RowSink};
use guruorm::error::ErrorCode;
use guruorm::value::ValueRef;

use crate::support::*;

fn outcome(affected_rows: u64, last_insert_id: u64) -> Outcome {
    Outcome { affected_rows, last_insert_id }
}

#[test]
fn numbers_of_placeholders_and_values_must_agree() {
    let mut connection = open(":memory:");
    for (sql, placeholders, values, message) in [
        ("select ?, ?", 2, 1, "the statement has 2 placeholders, 1 values were given"),
        ("select ?", 1, 2, "the statement has 1 placeholder, 2 values were given"),
        ("select ?, ?", 1, 1, "the statement has 2 placeholders, 1 values were given"),
        ("select ?3", 1, 1, "the statement has 3 placeholders, 1 values were given"),
        ("select 1", 0, 1, "the statement has 0 placeholders, 1 values were given"),
    ] {
        let values = bindings(&vec![ValueRef::Integer(1); values]);
        let statement = statement(sql, placeholders);
        let mut rows = Rows::default();
        let error =
            block_on(connection.execute(&statement, &values, &mut RowSink::new(&mut rows))).unwrap_err();
        assert_eq!((error.code, error.message.as_str()), (ErrorCode::InvalidArgument, message), "{sql}");
        assert_eq!(rows.shapes, 0, "{sql} ran");
    }
}

#[test]
fn numbered_placeholders_and_an_order_take_the_values_they_name() {
    let mut connection = open(":memory:");
    let (_, read) =
        try_run(connection.as_mut(), "select ?2, ?1, ?2", &[ValueRef::Text("a"), ValueRef::Text("b")])
            .unwrap();
    assert_eq!(read.rows, [[text("b"), text("a"), text("b")]]);

    let ordered = DriverStatement { order: Some([1, 1, 0].into()), ..statement("select ?, ?, ?", 3) };
    let values = bindings(&[ValueRef::Text("a"), ValueRef::Text("b")]);
    let mut read = Rows::default();
    block_on(connection.execute(&ordered, &values, &mut RowSink::new(&mut read))).unwrap();
    assert_eq!(read.rows, [[text("b"), text("b"), text("a")]]);

    let beyond = DriverStatement { order: Some([0, 2, 0].into()), ..statement("select ?, ?, ?", 3) };
    let error = block_on(connection.execute(&beyond, &values, &mut RowSink::new(&mut read))).unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidArgument);
    assert_eq!(error.message, "the statement takes value 3, 2 were given");
}

#[test]
fn values_of_one_run_are_not_left_for_the_next() {
    let mut connection = open(":memory:");
    let connection = connection.as_mut();
    assert_eq!(
        try_run(connection, "select ?", &[ValueRef::Text("first")]).unwrap().1.rows,
        [[text("first")]]
    );
    assert_eq!(try_run(connection, "select ?", &[ValueRef::Null]).unwrap().1.rows, [[Value::Null]]);
}

#[test]
fn one_call_takes_one_statement() {
    let mut connection = open(":memory:");
    let connection = connection.as_mut();
    for sql in ["select 1", "select 1;", "select 1 ; ; -- end", "/* a */ select 1 /* b; */ ;\n"] {
        assert_eq!(cell(connection, sql), Value::Integer(1), "{sql}");
    }
    for (sql, start) in [
        ("create table t (v); drop table t", "one statement per call"),
        ("select 1; select", "one statement per call"),
        ("select 1\0; drop table t", "one statement per call"),
        ("", "the text holds no statement"),
        (" -- nothing\n;", "the text holds no statement"),
    ] {
        let error = try_run(connection, sql, &[]).unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidArgument, "{sql}");
        assert!(error.message.starts_with(start), "{sql}: {}", error.message);
        assert_eq!(error.detail.sql.as_deref(), Some(sql));
    }
    assert_eq!(cell(connection, "select count(*) from sqlite_schema"), Value::Integer(0));
}

#[test]
fn an_outcome_counts_what_the_statement_itself_changed() {
    let mut connection = open(":memory:");
    let connection = connection.as_mut();
    for (sql, expected) in [
        ("create table t (id integer primary key, v unique)", outcome(0, 0)),
        ("create table log (v)", outcome(0, 0)),
        (
            "create trigger g after insert on t begin insert into log values (new.v), (new.v); end",
            outcome(0, 0),
        ),
        ("insert into t (v) values ('a'), ('b')", outcome(2, 2)),
        ("insert into t values (70, 'c')", outcome(1, 70)),
        ("insert or ignore into t (v) values ('c')", outcome(0, 0)),
        ("update t set v = v || 'x'", outcome(3, 0)),
        ("update t set v = 1 where 0", outcome(0, 0)),
        ("create table other (id)", outcome(0, 0)),
        ("select id from t", outcome(3, 0)),
        ("select id from t where 0", outcome(0, 0)),
        ("with c as (select 'd' as v) insert into t (v) select v from c", outcome(1, 71)),
        ("create table keyed (k text primary key) without rowid", outcome(0, 0)),
        ("insert into keyed values ('a')", outcome(1, 0)),
        ("insert into t (v) values ('e') returning id", outcome(1, 72)),
        ("replace into t (id, v) values (72, 'f')", outcome(1, 72)),
        ("delete from t where id > 70", outcome(2, 0)),
        ("begin", outcome(0, 0)),
        ("rollback", outcome(0, 0)),
        ("pragma user_version = 5", outcome(0, 0)),
        ("drop table t", outcome(0, 0)),
    ] {
        assert_eq!(run(connection, sql, &[]), expected, "{sql}");
    }
}

#[test]
fn last_insert_rowid_answers_as_in_plain_sqlite() {
    let mut connection = open(":memory:");
    let connection = connection.as_mut();
    run(connection, "create table parent (id integer primary key)", &[]);
    run(connection, "create table child (parent)", &[]);
    run(connection, "insert into parent values (41)", &[]);
    run(connection, "update parent set id = 42", &[]);
    assert_eq!(cell(connection, "select last_insert_rowid()"), Value::Integer(41));
    run(connection, "insert into child values (last_insert_rowid())", &[]);
    assert_eq!(cell(connection, "select parent from child"), Value::Integer(41));
}

#[test]
fn a_kept_statement_follows_the_schema() {
    let folder = Folder::new();
    let path = folder.file("schema.db");
    let (mut first, mut second) = (open(&path), open(&path));
    let (first, second) = (first.as_mut(), second.as_mut());
    run(first, "create table t (a integer, b text)", &[]);
    run(first, "insert into t values (1, '2024-01-01')", &[]);
    assert_eq!(rows(first, "select * from t"), [[Value::Integer(1), text("2024-01-01")]]);

    run(second, "alter table t add column c boolean default 1", &[]);
    let (_, read) = try_run(first, "select * from t", &[]).unwrap();
    assert_eq!(read.rows, [[Value::Integer(1), text("2024-01-01"), Value::Boolean(true)]]);
    assert_eq!(read.columns.len(), 3);

    run(second, "drop table t", &[]);
    run(second, "create table t (b datetime, a text)", &[]);
    run(second, "insert into t values ('2024-01-01', 'x')", &[]);
    let (_, read) = try_run(first, "select * from t", &[]).unwrap();
    assert_eq!(read.rows, [[Value::Double(1_704_067_200_000.0), text("x")]]);
    let names: Vec<_> = read.columns.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["b", "a"]);
    // And again, from the cache, with the new columns.
    assert_eq!(rows(first, "select * from t"), [[Value::Double(1_704_067_200_000.0), text("x")]]);

    run(second, "drop table t", &[]);
    let error = try_run(first, "select * from t", &[]).unwrap_err();
    assert_eq!((error.code, error.message.as_str()), (ErrorCode::Query, "no such table: t"));
    run(second, "create table t (z)", &[]);
    assert_eq!(try_run(first, "select * from t", &[]).unwrap().1.columns[0].0, "z");
}

#[test]
fn a_result_without_rows_still_has_columns_and_a_write_has_none() {
    let mut connection = open(":memory:");
    let connection = connection.as_mut();
    let (_, read) = try_run(connection, "create table t (a int)", &[]).unwrap();
    assert_eq!((read.shapes, read.chunks.len()), (0, 0));
    let (_, read) = try_run(connection, "select a from t", &[]).unwrap();
    assert_eq!((read.shapes, read.chunks.len()), (1, 0));
    assert_eq!(read.columns[0].0, "a");
    let (_, read) = try_run(connection, "insert into t values (1), (2) returning a", &[]).unwrap();
    assert_eq!((read.shapes, read.rows), (1, vec![vec![Value::Integer(1)], vec![Value::Integer(2)]]));
}

#[test]
fn a_hundred_thousand_rows_come_in_small_chunks_in_order() {
    let mut connection = open(":memory:");
    let connection = connection.as_mut();
    let sql = "with recursive c(n) as (select 1 union all select n + 1 from c where n < 100000) select n, 'row ' || n from c";
    let (done, read) = try_run(connection, sql, &[]).unwrap();
    assert_eq!(done, outcome(100_000, 0));
    assert_eq!(read.rows.len(), 100_000);
    assert!(read.chunks.iter().all(|rows| *rows <= 512), "{:?}", read.chunks.iter().max());
    for (index, row) in read.rows.iter().enumerate() {
        let number = index as i32 + 1;
        assert_eq!(*row, [Value::Integer(number), Value::Text(format!("row {number}"))]);
    }
}

#[test]
fn a_script_runs_every_statement_and_stops_at_the_first_that_fails() {
    let mut connection = open(":memory:");
    let script = "
        create table t (id integer primary key, v); -- one; two
        create trigger g after insert on t begin update t set v = ';' where id = new.id; select 1; end;
        insert into t (v) values ('a'), ('b');
        select * from t;;
        insert into t (v) values ('c')";
    assert_eq!(block_on(connection.execute_script(script)).unwrap(), outcome(5, 3)); // two rows are read
    assert_eq!(cell(connection.as_mut(), "select count(*) from t where v = ';'"), Value::Integer(3));

    let error = block_on(connection.execute_script("delete from t; selec 1; drop table t")).unwrap_err();
    assert_eq!(error.code, ErrorCode::Syntax);
    assert_eq!(error.detail.position, Some(16));
    assert_eq!(cell(connection.as_mut(), "select count(*) from t"), Value::Integer(0));

    let error = block_on(connection.execute_script("insert into t values (?, 1)")).unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidArgument);
    let error = block_on(connection.execute_script("select 1;\0 drop table t")).unwrap_err();
    assert_eq!(error.code, ErrorCode::InvalidArgument);
}

#[test]
fn a_text_may_be_kept_and_not_be_kept() {
    let mut connection = open(":memory:");
    let sql: Rc<str> = "select ?".into();
    for number in 0..3 {
        let once = DriverStatement {
            sql: Rc::clone(&sql),
            order: None,
            placeholders: 1,
            is_cached: number != 1,
            rows: None,
        };
        let mut read = Rows::default();
        let values = bindings(&[ValueRef::Integer(number)]);
        block_on(connection.execute(&once, &values, &mut RowSink::new(&mut read))).unwrap();
        assert_eq!(read.rows, [[Value::Integer(number as i32)]]);
    }
}

#[test]
#[ignore = "a measurement: run with --ignored --nocapture"]
fn measure_a_hundred_thousand_rows_of_eight_columns() {
    let folder = Folder::new();
    let mut connection = open(&folder.file("measure.db"));
    let connection = connection.as_mut();
    run(
        connection,
        "create table t (id integer primary key, name text, email text, age int, score real, active boolean, at datetime, data json)",
        &[],
    );
    run(
        connection,
        "with recursive c(n) as (select 1 union all select n + 1 from c where n < 100000)
        insert into t select n, 'user ' || n, 'user' || n || '@example.com', n % 90, n / 7.0, n % 2,
            '2024-02-29 12:00:00', '{\"a\":' || n || '}' from c",
        &[],
    );
    for _ in 0..5 {
        let started = std::time::Instant::now();
        let mut read = Rows { only_count: true, ..Rows::default() };
        block_on(fetch(connection, "select * from t", &[], &mut read)).unwrap();
        let time = started.elapsed();
        println!("{} rows in {time:?}: {:.0} rows/s", read.count, read.count as f64 / time.as_secs_f64());
    }
    let started = std::time::Instant::now();
    for _ in 0..10_000 {
        let mut read = Rows { only_count: true, ..Rows::default() };
        block_on(fetch(connection, "select * from t where id = ?", &[ValueRef::Integer(500)], &mut read))
            .unwrap();
    }
    println!("one row: {:?}", started.elapsed() / 10_000);
}
