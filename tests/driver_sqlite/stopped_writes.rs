//! Writes that take long: they leave the thread to others, end when they are told to, and are undone then.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use futures_util::future::{LocalBoxFuture, join, select};
use guruorm::driver::{Chunk, ChunkReceiver, Connection, Limits, RowSink, Shape, TransactionStatus};
use guruorm::error::ErrorCode;

use crate::support::*;

/// True after counting to `n`, which takes about 0.1 µs a number. No word of it shows that.
fn slow(n: u32) -> String {
    format!(
        "(with recursive c(n) as (select 1 union all select n + 1 from c where n < {n}) select count(*) from c) > 0"
    )
}

const ENDLESS: u32 = u32::MAX;

fn limited(milliseconds: u64) -> Limits {
    Limits { time_left: Some(Duration::from_millis(milliseconds)), may_be_aborted: false }
}

const ABORTABLE: Limits = Limits { time_left: None, may_be_aborted: true };

/// A table `t` with the keys 1 to 100 and `n` 0.
fn table() -> Box<dyn Connection> {
    let mut connection = open(":memory:");
    run(connection.as_mut(), "create table t (id integer primary key, n integer)", &[]);
    let fill = "with recursive c(n) as (select 1 union all select n + 1 from c where n < 100)
        insert into t select n, 0 from c";
    run(connection.as_mut(), fill, &[]);
    connection
}

fn sum(connection: &mut dyn Connection) -> Value {
    cell(connection, "select sum(n) from t")
}

/// Writes that search for long, each in its own way.
fn writes(n: u32) -> [String; 4] {
    let slow = slow(n);
    [
        format!("update t set n = 1 where id < 50 and {slow}"),
        format!("update t set n = 1 where id = 1 and {slow}"),
        format!("insert into t (n) values ({slow})"),
        format!("delete from t where id = 1 and {slow} returning id"),
    ]
}

#[test]
fn a_limit_stops_a_write_which_is_undone() {
    for sql in writes(ENDLESS) {
        let mut connection = table();
        let connection = connection.as_mut();
        let started = Instant::now();
        connection.limit_next(limited(100));
        assert_eq!(try_run(connection, &sql, &[]).unwrap_err().code, ErrorCode::Aborted, "{sql}");
        let took = started.elapsed();
        assert!(took > Duration::from_millis(90) && took < Duration::from_secs(2), "{sql} took {took:?}");
        connection.limit_next(Limits::default());
        assert_eq!(sum(connection), Value::Integer(0), "{sql}");
        assert_eq!(cell(connection, "select count(*) from t"), Value::Integer(100), "{sql}");
    }
}

#[test]
fn a_write_that_is_stopped_inside_a_transaction_ends_the_transaction_and_says_so() {
    for sql in writes(ENDLESS) {
        let mut connection = table();
        let connection = connection.as_mut();
        run(connection, "begin", &[]);
        run(connection, "update t set n = 1 where id = 2", &[]);
        connection.limit_next(limited(60));
        let started = Instant::now();
        assert_eq!(try_run(connection, &sql, &[]).unwrap_err().code, ErrorCode::Aborted, "{sql}");
        assert!(started.elapsed() < Duration::from_secs(2));
        connection.limit_next(Limits::default());
        assert_eq!(connection.transaction_status(), TransactionStatus::Failed, "{sql}");
        let next = try_run(connection, "update t set n = 1 where id = 3", &[]).unwrap_err();
        assert_eq!(next.code, ErrorCode::TransactionRolledBack);
        run(connection, "rollback", &[]);
        assert_eq!(sum(connection), Value::Integer(0), "{sql}");
    }
}

#[test]
fn a_read_that_is_stopped_inside_a_transaction_leaves_it_open() {
    let mut connection = table();
    let connection = connection.as_mut();
    run(connection, "begin", &[]);
    run(connection, "update t set n = 1 where id = 2", &[]);
    connection.limit_next(limited(60));
    try_run(connection, &format!("select id from t where {}", slow(ENDLESS)), &[]).unwrap_err();
    connection.limit_next(Limits::default());
    run(connection, "commit", &[]);
    assert_eq!(sum(connection), Value::Integer(1));
}

#[test]
fn a_signal_stops_a_write_in_a_transaction_and_outside() {
    for begin in ["select 1", "begin"] {
        for sql in writes(ENDLESS) {
            let mut connection = table();
            let connection = connection.as_mut();
            run(connection, begin, &[]);
            connection.limit_next(ABORTABLE);
            let canceller = connection.canceller();
            let cancel = async {
                guruorm::runtime::sleep(Duration::from_millis(80)).await;
                canceller().await.unwrap();
            };
            let mut none = Rows::default();
            let started = Instant::now();
            let (result, ()) = block_on(join(fetch(connection, &sql, &[], &mut none), cancel));
            assert_eq!(result.unwrap_err().code, ErrorCode::Aborted, "{sql}");
            assert!(started.elapsed() < Duration::from_secs(2), "{sql}");
            block_on(connection.reset()).unwrap();
            assert_eq!(sum(connection), Value::Integer(0), "{sql}");
        }
    }
}

#[test]
fn a_long_write_leaves_the_thread_to_others_and_is_done_once() {
    for begin in ["select 1", "begin"] {
        let mut connection = table();
        let connection = connection.as_mut();
        run(connection, begin, &[]);
        let sql = format!("update t set n = n + 1 where id <> 7 and {}", slow(3_000_000));
        for round in 1..=2 {
            let mut none = Rows::default();
            let (result, time, longest) = block_on(beside_timer(fetch(connection, &sql, &[], &mut none)));
            assert_eq!(result.unwrap().affected_rows, 99);
            assert_eq!(sum(connection), Value::Integer(99 * round));
            assert!(longest < Duration::from_millis(100) || longest * 2 < time, "{longest:?} of {time:?}");
        }
    }
}

/// A write that was begun again would find what its first attempt had left.
#[test]
fn a_long_write_without_a_journal_is_done_once() {
    for off in ["pragma journal_mode = off", "PRAGMA main.journal_mode('OFF')"] {
        let mut connection = table();
        let connection = connection.as_mut();
        run(connection, off, &[]);
        let trigger = format!("create trigger slow after insert on t begin select {}; end", slow(400_000));
        block_on(connection.execute_script(&trigger)).unwrap();
        run(connection, "insert into t (n) values (1), (1), (1)", &[]);
        assert_eq!(sum(connection), Value::Integer(3), "after {off}");
    }
}

/// SQLite asks once more whether to stop when a statement is over: what is done must not fail.
#[test]
fn a_write_is_either_done_or_reported_as_stopped() {
    for begin in ["select 1", "begin"] {
        let mut connection = table();
        let connection = connection.as_mut();
        run(connection, begin, &[]);
        let is_inside = begin == "begin";
        let (mut done, mut stopped) = (0, 0);
        for _ in 0..2000 {
            connection.limit_next(Limits { time_left: Some(Duration::ZERO), may_be_aborted: false });
            let result = try_run(connection, "update t set n = n + 1 where id = 1", &[]);
            connection.limit_next(Limits::default());
            if result.is_ok() {
                done += 1;
                continue;
            }
            stopped += 1;
            if is_inside {
                assert_eq!(connection.transaction_status(), TransactionStatus::Failed);
                run(connection, "rollback", &[]);
                run(connection, "begin", &[]);
                done = 0;
            }
        }
        assert_eq!(sum(connection), Value::Integer(done), "{begin}: {stopped} were stopped");
    }
}

/// Takes a first chunk, and the next when it may.
#[derive(Default, Clone)]
struct Stalling {
    has_come: Rc<Cell<bool>>,
    goes_on: Rc<Cell<bool>>,
}

impl Stalling {
    async fn until(flag: Rc<Cell<bool>>) {
        while !flag.get() {
            guruorm::runtime::sleep(Duration::from_millis(1)).await;
        }
    }
}

impl ChunkReceiver for Stalling {
    fn shape(&mut self, _shape: Rc<Shape>) {}

    fn chunk(&mut self, _chunk: Chunk) -> bool {
        self.has_come.set(true);
        true
    }

    fn ready(&mut self) -> LocalBoxFuture<'_, ()> {
        Box::pin(Self::until(Rc::clone(&self.goes_on)))
    }
}

/// Writes that give many chunks of rows back, one on a thread of its own and one on this.
fn returning() -> [String; 2] {
    let values = vec!["(1)"; 100].join(", ");
    [
        "with recursive c(n) as (select 1 union all select n + 1 from c where n < 20000)
            insert into t (n) select n from c returning id, hex(zeroblob(20))"
            .to_owned(),
        format!("replace into t (n) values {values} returning id, hex(zeroblob(9000))"),
    ]
}

#[test]
fn a_write_that_gives_rows_is_undone_when_it_is_stopped_between_two_chunks() {
    for sql in returning() {
        let mut connection = table();
        let canceller = connection.canceller();
        let mut reader = Stalling::default();
        let Stalling { has_come, goes_on } = reader.clone();
        let cancel = async {
            Stalling::until(has_come).await;
            canceller().await.unwrap();
            goes_on.set(true);
        };
        let (statement, none) = (statement(&sql, 0), bindings(&[]));
        let mut sink = RowSink::new(&mut reader);
        let (result, ()) = block_on(join(connection.execute(&statement, &none, &mut sink), cancel));
        assert_eq!(result.unwrap_err().code, ErrorCode::Aborted);
        assert_eq!(cell(connection.as_mut(), "select count(*) from t"), Value::Integer(100));
    }
}

#[test]
fn a_write_whose_rows_nobody_takes_any_more_is_undone() {
    for sql in returning() {
        let mut connection = table();
        let mut reader = Stalling::default();
        let has_come = Rc::clone(&reader.has_come);
        let (statement, none) = (statement(&sql, 0), bindings(&[]));
        block_on(async {
            let mut sink = RowSink::new(&mut reader);
            let run = connection.execute(&statement, &none, &mut sink);
            select(run, Box::pin(Stalling::until(has_come))).await;
        });
        assert_eq!(cell(connection.as_mut(), "select count(*) from t"), Value::Integer(100));
    }
}
