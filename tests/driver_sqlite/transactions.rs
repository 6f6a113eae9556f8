//! Transactions, and other connections that hold the lock.

use std::time::{Duration, Instant};

use futures_util::future::join;
use guruorm::driver::{Connection, TransactionStatus};
use guruorm::error::ErrorCode;

use crate::support::*;

fn impatient(path: &str, milliseconds: u64) -> Box<dyn Connection> {
    let mut settings = config();
    settings.sqlite.busy_timeout_ms = milliseconds;
    block_on(connect(&driver(settings, path, true)))
}

#[test]
fn the_status_follows_the_transaction() {
    let mut connection = open(":memory:");
    let connection = connection.as_mut();
    for (sql, status) in [
        ("create table t (v unique)", TransactionStatus::Idle),
        ("begin", TransactionStatus::Open),
        ("savepoint a", TransactionStatus::Open),
        ("rollback to a", TransactionStatus::Open),
        ("commit", TransactionStatus::Idle),
        ("begin immediate", TransactionStatus::Open),
        ("rollback", TransactionStatus::Idle),
        ("savepoint b", TransactionStatus::Open),
        ("release b", TransactionStatus::Idle),
    ] {
        run(connection, sql, &[]);
        assert_eq!(connection.transaction_status(), status, "after {sql}");
    }
    run(connection, "insert into t values (1)", &[]);
    run(connection, "begin", &[]);
    try_run(connection, "insert into t values (1)", &[]).unwrap_err();
    assert_eq!(connection.transaction_status(), TransactionStatus::Open, "an ordinary error leaves it open");
}

#[test]
fn a_transaction_that_sqlite_rolled_back_takes_nothing_but_rollback() {
    let mut connection = open(":memory:");
    let connection = connection.as_mut();
    run(connection, "create table t (v unique)", &[]);
    run(connection, "insert into t values (1)", &[]);
    run(connection, "begin", &[]);
    run(connection, "insert into t values (2)", &[]);
    let error = try_run(connection, "insert or rollback into t values (1)", &[]).unwrap_err();
    assert_eq!(error.code, ErrorCode::UniqueViolation);
    assert_eq!(connection.transaction_status(), TransactionStatus::Failed);
    for sql in ["insert into t values (3)", "select 1", "commit", "rollback to a", "begin"] {
        let error = try_run(connection, sql, &[]).unwrap_err();
        assert_eq!(error.code, ErrorCode::TransactionRolledBack, "{sql}");
        assert_eq!(connection.transaction_status(), TransactionStatus::Failed, "{sql}");
    }
    assert!(block_on(connection.execute_script("insert into t values (4)")).is_err());
    run(connection, "rollback", &[]);
    assert_eq!(connection.transaction_status(), TransactionStatus::Idle);
    assert_eq!(rows(connection, "select v from t"), [[Value::Integer(1)]]);
}

#[test]
fn a_writer_waits_for_another_without_blocking_the_thread() {
    let folder = Folder::new();
    let path = folder.file("busy.db");
    let (mut first, mut second) = (open(&path), open(&path));
    run(first.as_mut(), "create table t (v)", &[]);
    run(first.as_mut(), "begin immediate", &[]);
    run(first.as_mut(), "insert into t values (1)", &[]);
    // Both on this thread: the second could never end if it held it.
    let holder = async {
        guruorm::runtime::sleep(Duration::from_millis(300)).await;
        fetch(first.as_mut(), "commit", &[], &mut Rows::default()).await.unwrap();
        Instant::now()
    };
    let mut none = Rows::default();
    let waiter = async {
        fetch(second.as_mut(), "insert into t values (2)", &[], &mut none).await.unwrap();
        Instant::now()
    };
    let ((release, written), _, longest) = block_on(beside_timer(join(holder, waiter)));
    assert!(written >= release, "it wrote while the other held the lock");
    assert!(longest < Duration::from_millis(150), "the thread stood still for {longest:?}");
    assert_eq!(cell(second.as_mut(), "select count(*) from t"), Value::Integer(2));
}

#[test]
fn waiting_ends_when_the_busy_timeout_does() {
    let folder = Folder::new();
    let path = folder.file("busy.db");
    let (mut first, mut second) = (open(&path), impatient(&path, 120));
    run(first.as_mut(), "create table t (v)", &[]);
    run(first.as_mut(), "begin immediate", &[]);
    for sql in ["insert into t values (2)", "begin immediate", "create index i on t (v)"] {
        let started = Instant::now();
        let error = try_run(second.as_mut(), sql, &[]).unwrap_err();
        let waited = started.elapsed();
        assert_eq!(error.code, ErrorCode::LockTimeout, "{sql}");
        assert_eq!(error.detail.driver_code.as_deref(), Some("SQLITE_BUSY"));
        assert!(error.message.contains("120 ms"), "{error}");
        assert!(waited >= Duration::from_millis(120), "{sql} gave up after {waited:?}");
        assert!(waited < Duration::from_secs(1), "{sql} gave up after {waited:?}");
    }
    assert!(block_on(second.execute_script("insert into t values (2)")).is_err());
    run(first.as_mut(), "rollback", &[]);
    run(second.as_mut(), "insert into t values (2)", &[]);
}

#[test]
fn a_transaction_with_an_old_snapshot_fails_at_once() {
    let folder = Folder::new();
    let path = folder.file("snapshot.db");
    let (mut first, mut second) = (open(&path), open(&path));
    run(first.as_mut(), "create table t (v)", &[]);
    run(second.as_mut(), "begin", &[]);
    rows(second.as_mut(), "select * from t");
    run(first.as_mut(), "insert into t values (1)", &[]);
    let started = Instant::now();
    let error = try_run(second.as_mut(), "insert into t values (2)", &[]).unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(2), "waiting cannot help, but it waited");
    assert_eq!(error.code, ErrorCode::LockTimeout);
    assert_eq!(error.detail.driver_code.as_deref(), Some("SQLITE_BUSY_SNAPSHOT"));
    assert_eq!(second.transaction_status(), TransactionStatus::Open);
}

#[test]
fn opening_waits_for_a_lock_too() {
    let folder = Folder::new();
    let path = folder.file("opening.db");
    let mut settings = config();
    settings.sqlite.journal_mode = "delete".to_owned();
    let mut first = block_on(connect(&driver(settings.clone(), &path, true)));
    run(first.as_mut(), "create table t (v)", &[]);
    run(first.as_mut(), "begin exclusive", &[]);
    let other = driver(settings, &path, true);
    let holder = async {
        guruorm::runtime::sleep(Duration::from_millis(100)).await;
        fetch(first.as_mut(), "commit", &[], &mut Rows::default()).await.unwrap();
    };
    let (mut second, ()) = block_on(join(connect(&other), holder));
    assert_eq!(cell(second.as_mut(), "select count(*) from t"), Value::Integer(0));
}

#[test]
fn two_hundred_increments_over_eight_connections_are_all_counted() {
    let folder = Folder::new();
    let path = folder.file("counter.db");
    let mut first = open(&path);
    run(first.as_mut(), "create table counter (n integer)", &[]);
    run(first.as_mut(), "insert into counter values (0)", &[]);
    let workers = (0..8).map(|_| {
        let mut connection = open(&path);
        async move {
            for _ in 0..25 {
                let mut read = Rows::default();
                fetch(connection.as_mut(), "begin immediate", &[], &mut Rows::default()).await.unwrap();
                fetch(connection.as_mut(), "select n from counter", &[], &mut read).await.unwrap();
                let Value::Integer(n) = read.rows[0][0] else { panic!("{:?}", read.rows) };
                guruorm::runtime::sleep(Duration::from_micros(100)).await;
                let update = format!("update counter set n = {}", n + 1);
                fetch(connection.as_mut(), &update, &[], &mut Rows::default()).await.unwrap();
                fetch(connection.as_mut(), "commit", &[], &mut Rows::default()).await.unwrap();
            }
        }
    });
    block_on(futures_util::future::join_all(workers));
    assert_eq!(cell(first.as_mut(), "select n from counter"), Value::Integer(200));
}
