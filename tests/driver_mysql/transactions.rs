//! Where the transaction stands.

use futures_util::future::join;
use guruorm::driver::Connection as _;
use guruorm::driver::TransactionStatus::{Failed, Idle, Open};
use guruorm::error::ErrorCode;
use guruorm::value::ValueRef::Integer;

use crate::server::{Session, on_each_server};

async fn in_transaction(session: &mut Session) -> bool {
    session.run("select @@in_transaction", &[]).await.first() == 1.into()
}

#[test]
fn the_status_follows_statements_as_the_server_does() {
    on_each_server("status", async |server| {
        let mut session = server.connect().await;
        session.script("create table t (a int primary key)").await;
        for (sql, status) in [
            ("begin", Open),
            ("insert into t values (1)", Open),
            ("savepoint a", Open),
            ("rollback to savepoint a", Open),
            ("commit", Idle),
            ("start transaction read only", Open),
            ("rollback", Idle),
            ("start transaction", Open),
            ("create temporary table temporary_one (a int)", Open),
            ("drop temporary table temporary_one", Open),
            ("create table other (a int)", Idle),
            ("begin", Open),
            ("commit and chain", Open),
            ("truncate other", Idle),
            ("begin", Open),
            ("analyze table t", Idle),
        ] {
            session.run(sql, &[]).await;
            assert_eq!(session.0.transaction_status(), status, "{sql}");
            if session.0.is_mariadb() {
                assert_eq!(in_transaction(&mut session).await, status == Open, "{sql}");
            }
        }
    });
}

#[test]
fn a_statement_that_fails_leaves_the_transaction_open_unless_it_was_ddl() {
    on_each_server("failing", async |server| {
        let mut session = server.connect().await;
        session.script("create table t (a int primary key)").await;
        session.run("begin", &[]).await;
        session.run("insert into t values (1)", &[]).await;
        assert!(session.try_run("insert into t values (1)", &[]).await.is_err());
        assert_eq!(session.0.transaction_status(), Open);
        assert!(session.try_run("create table t (a int)", &[]).await.is_err());
        assert_eq!(
            session.0.transaction_status(),
            Idle,
            "it was committed before the server looked at the table"
        );
        session.run("rollback", &[]).await;
        assert_eq!(session.run("select count(*) from t", &[]).await.first(), 1.into());
    });
}

#[test]
fn a_deadlock_fails_the_transaction_that_the_server_chose_to_undo() {
    on_each_server("deadlock", async |server| {
        let (mut one, mut two) = (server.connect().await, server.connect().await);
        one.script("create table t (a int primary key, b int); insert into t values (1, 0), (2, 0)").await;
        let update = "update t set b = b + 1 where a = ?";
        for (session, row) in [(&mut one, 1), (&mut two, 2)] {
            session.run("begin", &[]).await;
            session.run(update, &[Integer(row)]).await;
        }
        let answers = join(one.try_run(update, &[Integer(2)]), two.try_run(update, &[Integer(1)])).await;
        let (loser, winner, error) = match answers {
            (Err(error), Ok(_)) => (&mut one, &mut two, error),
            (Ok(_), Err(error)) => (&mut two, &mut one, error),
            other => panic!("one of both must end: {other:?}"),
        };
        assert_eq!(
            (error.code, error.detail.driver_code.as_deref()),
            (ErrorCode::Deadlock, Some("ER_LOCK_DEADLOCK"))
        );
        assert_eq!((loser.0.transaction_status(), winner.0.transaction_status()), (Failed, Open));
        loser.run("rollback", &[]).await;
        winner.run("commit", &[]).await;
        assert_eq!((loser.0.transaction_status(), winner.0.transaction_status()), (Idle, Idle));
        assert_eq!(winner.run("select b from t", &[]).await.column(), [1.into(), 1.into()]);
    });
}

#[test]
fn a_lock_that_is_waited_for_too_long_leaves_the_transaction_open() {
    on_each_server("lock_wait", async |server| {
        let (mut one, mut two) = (server.connect().await, server.connect().await);
        one.script("create table t (a int primary key, b int); insert into t values (1, 0), (2, 0)").await;
        one.run("begin", &[]).await;
        one.run("update t set b = 1 where a = 1", &[]).await;
        two.run("set innodb_lock_wait_timeout = 1", &[]).await;
        two.run("begin", &[]).await;
        two.run("update t set b = 2 where a = 2", &[]).await;
        let error = two.try_run("update t set b = 2 where a = 1", &[]).await.map(|_| ()).unwrap_err();
        assert_eq!(error.code, ErrorCode::LockTimeout);
        assert_eq!(two.0.transaction_status(), Open);
        two.run("commit", &[]).await;
        one.run("rollback", &[]).await;
        assert_eq!(one.run("select b from t order by a", &[]).await.column(), [0.into(), 2.into()]);
    });
}

#[test]
fn a_snapshot_that_was_written_over_fails_the_transaction_on_mariadb() {
    on_each_server("snapshot", async |server| {
        let (mut one, mut two) = (server.connect().await, server.connect().await);
        one.script("create table t (a int primary key, b int); insert into t values (1, 0), (2, 0)").await;
        if one.try_run("set innodb_snapshot_isolation = on", &[]).await.is_err() {
            return;
        }
        one.run("start transaction with consistent snapshot", &[]).await;
        one.run("update t set b = 7 where a = 2", &[]).await;
        two.run("update t set b = 1 where a = 1", &[]).await;
        let error = one.try_run("update t set b = b + 1 where a = 1", &[]).await.map(|_| ()).unwrap_err();
        assert_eq!(error.code, ErrorCode::SerializationFailure, "{error:?}");
        assert_eq!(one.0.transaction_status(), Failed);
        assert!(!in_transaction(&mut one).await, "the server has undone it");
        assert_eq!(one.run("select b from t where a = 2", &[]).await.first(), 0.into());
    });
}

#[test]
fn tables_that_are_locked_are_no_transaction() {
    on_each_server("locked", async |server| {
        let mut session = server.connect().await;
        session.script("create table t (a int primary key)").await;
        session.run("lock tables t write", &[]).await;
        assert_eq!(session.0.transaction_status(), Idle);
        session.run("insert into t values (1)", &[]).await;
        assert_eq!(session.0.transaction_status(), Idle);
        session.run("unlock tables", &[]).await;
        assert_eq!(session.0.transaction_status(), Idle);
    });
}
