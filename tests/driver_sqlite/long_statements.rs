//! Statements that take long: they leave the thread to others, and can be stopped.

use std::time::{Duration, Instant};

use futures_util::future::join;
use guruorm::driver::{Connection, RowSink, TransactionStatus};
use guruorm::error::ErrorCode;

use crate::support::*;

/// Counts to `n`: about 0.1 µs a number.
fn counting(n: u32) -> String {
    format!(
        "with recursive c(n) as (select 1 union all select n + 1 from c where n < {n}) select count(*) from c"
    )
}

/// Never ends by itself.
const ENDLESS: &str =
    "with recursive c(n) as (select 1 union all select n + 1 from c) select count(*) from c";

/// The timer beside a statement must not have waited for as long as the statement took. Short
/// waits prove nothing on this crowded machine.
fn assert_the_thread_was_free(time: Duration, longest: Duration) {
    let is_free = longest < Duration::from_millis(100) || longest * 2 < time;
    assert!(is_free, "the thread stood still for {longest:?} of {time:?}");
}

/// What a statement has to take at least, so that the test can tell.
const TELLING: Duration = Duration::from_millis(300);

async fn cancel_after(
    connection: &mut dyn Connection,
    sql: &str,
    time: Duration,
) -> (ErrorCode, Duration, Rows) {
    let canceller = connection.canceller();
    let mut read = Rows::default();
    let cancel = async {
        guruorm::runtime::sleep(time).await;
        canceller().await.unwrap();
        Instant::now()
    };
    let run = fetch(connection, sql, &[], &mut read);
    let work = async { (run.await.unwrap_err().code, Instant::now()) };
    let ((code, end), start) = join(work, cancel).await;
    (code, end.saturating_duration_since(start), read)
}

#[test]
fn a_long_read_lets_a_timer_on_the_same_thread_tick() {
    let mut connection = open(":memory:");
    let sql = counting(5_000_000);
    let mut read = Rows::default();
    let (result, time, longest) = block_on(beside_timer(fetch(connection.as_mut(), &sql, &[], &mut read)));
    result.unwrap();
    assert_eq!(read.rows, [[Value::Integer(5_000_000)]]);
    assert_eq!(read.shapes, 1);
    assert!(time > TELLING, "the statement was too short to tell: {time:?}");
    assert_the_thread_was_free(time, longest);
}

#[test]
fn a_long_search_after_a_first_row_starts_over_elsewhere_and_sends_the_row_once() {
    let mut connection = open(":memory:");
    let sql = "with recursive c(n) as (select 1 union all select n + 1 from c where n < 5000000)
        select n from c where n = 1 or n = 5000000";
    let mut read = Rows::default();
    let (result, time, longest) = block_on(beside_timer(fetch(connection.as_mut(), sql, &[], &mut read)));
    assert_eq!(result.unwrap().affected_rows, 2);
    assert_eq!(read.rows, [[Value::Integer(1)], [Value::Integer(5_000_000)]]);
    assert!(time > TELLING, "the statement was too short to tell: {time:?}");
    assert_the_thread_was_free(time, longest);
}

#[test]
fn a_long_result_moves_on_between_chunks_and_stays_complete() {
    let mut connection = open(":memory:");
    let sql = "with recursive c(n) as (select 1 union all select n + 1 from c where n < 300000) select n, 'row ' || n from c";
    let mut read = Rows::default();
    let (result, time, longest) = block_on(beside_timer(fetch(connection.as_mut(), sql, &[], &mut read)));
    assert_eq!(result.unwrap().affected_rows, 300_000);
    assert!(read.rows.iter().zip(1..).all(|(row, n)| row[0] == Value::Integer(n)));
    assert_eq!(read.rows.len(), 300_000);
    assert_the_thread_was_free(time, longest);
}

#[test]
fn a_reader_who_is_behind_gets_every_row() {
    let mut connection = open(":memory:");
    let sql = "with recursive c(n) as (select 1 union all select n + 1 from c where n < 200000) select n, zeroblob(500) from c";
    let mut read = Rows { pause: Some(Duration::from_millis(1)), only_count: true, ..Rows::default() };
    block_on(fetch(connection.as_mut(), sql, &[], &mut read)).unwrap();
    assert_eq!(read.count, 200_000);
    assert!(read.chunks.len() > 1_000, "a chunk holds about 64 KiB: {}", read.chunks.len());
}

#[test]
fn a_running_statement_can_be_stopped_and_the_connection_goes_on() {
    let mut connection = open(":memory:");
    let connection = connection.as_mut();
    for _ in 0..5 {
        let (code, delay, read) = block_on(cancel_after(connection, ENDLESS, Duration::from_millis(60)));
        assert_eq!(code, ErrorCode::Aborted);
        assert!(delay < Duration::from_millis(200), "{delay:?}");
        assert_eq!(read.shapes, 0);
        assert_eq!(cell(connection, "select 1"), Value::Integer(1));
    }
}

#[test]
fn a_result_can_be_stopped_between_any_two_chunks() {
    let mut connection = open(":memory:");
    let connection = connection.as_mut();
    let endless = "with recursive c(n) as (select 1 union all select n + 1 from c) select n from c";
    for number in 0..200 {
        let canceller = connection.canceller();
        let mut read = Rows { only_count: true, ..Rows::default() };
        let cancel = async {
            guruorm::runtime::sleep(Duration::from_micros(number * 7919 % 15_000)).await;
            canceller().await.unwrap();
        };
        let (result, ()) = block_on(join(fetch(connection, endless, &[], &mut read), cancel));
        assert_eq!(result.unwrap_err().code, ErrorCode::Aborted);
        assert_eq!(cell(connection, "select 1"), Value::Integer(1));
    }
}

#[test]
fn a_waiting_statement_can_be_stopped() {
    let folder = Folder::new();
    let path = folder.file("wait.db");
    let (mut first, mut second) = (open(&path), open(&path));
    run(first.as_mut(), "create table t (v)", &[]);
    run(first.as_mut(), "begin immediate", &[]);
    let (code, delay, _) =
        block_on(cancel_after(second.as_mut(), "insert into t values (1)", Duration::from_millis(50)));
    assert_eq!(code, ErrorCode::Aborted);
    assert!(delay < Duration::from_millis(200), "{delay:?}");
}

#[test]
fn stopping_a_connection_that_does_nothing_changes_nothing() {
    let mut connection = open(":memory:");
    block_on(connection.canceller()()).unwrap();
    assert_eq!(cell(connection.as_mut(), "select 1"), Value::Integer(1));
    let sql = counting(2_000_000);
    assert_eq!(cell(connection.as_mut(), &sql), Value::Integer(2_000_000));
}

#[test]
fn statements_over_whole_tables_run_elsewhere_from_the_start() {
    let folder = Folder::new();
    let mut connection = open(&folder.file("whole.db"));
    let connection = connection.as_mut();
    run(connection, "create table t (id integer primary key, v text)", &[]);
    let fill = "with recursive c(n) as (select 1 union all select n + 1 from c where n < 100000)
        insert into t (v) select hex(randomblob(20)) from c";
    assert_eq!(run(connection, fill, &[]).affected_rows, 100_000);
    for sql in [
        "create index t_v on t (v)",
        "insert into t (v) select v from t",
        "update t set v = v || 'x'",
        "analyze",
        "vacuum",
        "pragma integrity_check",
        "delete from t",
    ] {
        let mut read = Rows::default();
        let (result, time, longest) = block_on(beside_timer(fetch(connection, sql, &[], &mut read)));
        result.unwrap();
        assert_the_thread_was_free(time, longest);
        if sql.starts_with("pragma") {
            assert_eq!(read.rows, [[text("ok")]]);
        }
    }
}

#[test]
fn stopping_a_write_inside_a_transaction_shows_in_its_status() {
    let folder = Folder::new();
    let mut connection = open(&folder.file("stop.db"));
    let connection = connection.as_mut();
    run(connection, "create table t (v)", &[]);
    run(connection, "insert into t select value from json_each('[1,2,3]')", &[]);
    let fill = "with recursive c(n) as (select 1 union all select n + 1 from c where n < 500000)
        insert into t select hex(randomblob(20)) from c";
    run(connection, fill, &[]);
    run(connection, "begin", &[]);
    run(connection, "insert into t values ('inside')", &[]);
    let (code, ..) =
        block_on(cancel_after(connection, "create index t_v on t (v)", Duration::from_millis(20)));
    assert_eq!(code, ErrorCode::Aborted);
    assert_eq!(connection.transaction_status(), TransactionStatus::Failed);
    run(connection, "rollback", &[]);
    assert_eq!(cell(connection, "select count(*) from t where v = 'inside'"), Value::Integer(0));
}

#[test]
fn dropping_a_running_statement_with_its_connection_stops_it() {
    let folder = Folder::new();
    let path = folder.file("drop.db");
    for connection in [open(":memory:"), open(&path)] {
        let mut connection = connection;
        let statement = statement(ENDLESS, 0);
        let values = bindings(&[]);
        let mut read = Rows::default();
        let mut sink = RowSink::new(&mut read);
        let started = Instant::now();
        block_on(async {
            let run = connection.execute(&statement, &values, &mut sink);
            let timer = Box::pin(guruorm::runtime::sleep(Duration::from_millis(80)));
            let _ = futures_util::future::select(run, timer).await;
        });
        assert!(started.elapsed() < Duration::from_secs(2));
        // Even the connection can still be used: its thread is gone.
        assert_eq!(cell(connection.as_mut(), "select 1"), Value::Integer(1));
    }
}
