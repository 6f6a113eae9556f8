//! Statements that are stopped, and connections that end.

use std::time::Instant;

use futures_util::future::join;
use guruorm::config::Endpoint;
use guruorm::driver::{Connection as _, RowSink, TransactionStatus};
use guruorm::error::ErrorCode;

use crate::rows::{Rows, Value};
use crate::server::{Server, bindings, on_each_server, statement};

#[test]
fn a_statement_can_be_stopped_and_its_connection_goes_on() {
    on_each_server("cancel", async |server| {
        let mut session = server.connect().await;
        let canceller = session.0.canceller();
        let (none, mut rows) = (bindings(&[]), Rows::default());
        // A sleep alone would end early with 1 instead of an error.
        let slow = statement("select count(*) from (select sleep(5) union all select 1) t", 0);
        let started = Instant::now();
        for _ in 0..3 {
            let mut sink = RowSink::new(&mut rows);
            let stop = async {
                // Until the server runs it.
                let mut watcher = server.connect().await;
                let running = "select count(*) from information_schema.processlist where info like '%union all%' and id <> connection_id()";
                while watcher.run(running, &[]).await.first() == 0.into() {}
                canceller().await
            };
            let (answer, stopped) = join(session.0.execute(&slow, &none, &mut sink), stop).await;
            stopped.unwrap();
            assert_eq!(answer.unwrap_err().code, ErrorCode::Aborted);
            assert!(!session.0.is_dead());
            assert_eq!(session.run("select 1", &[]).await.first(), 1.into());
        }
        assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
    });
}

#[test]
fn stopping_a_session_that_is_gone_is_no_error() {
    on_each_server("cancel_gone", async |server| {
        let session = server.connect().await;
        let canceller = session.0.canceller();
        let mut admin = server.connect().await;
        let id = session.0.session_id();
        admin.script(&format!("kill {id}")).await;
        let sql = format!("select count(*) from information_schema.processlist where id = {id}");
        while admin.run(&sql, &[]).await.first() == 1.into() {}
        canceller().await.unwrap();
    });
}

#[test]
fn a_stop_that_comes_too_late_does_not_hit_the_next_statement() {
    on_each_server("cancel_late", async |server| {
        let mut session = server.connect().await;
        let canceller = session.0.canceller();
        for _ in 0..50 {
            session.run("select 1", &[]).await;
            canceller().await.unwrap();
            session.run("select 1", &[]).await;
        }
    });
}

#[test]
fn a_statement_time_limit_of_the_server_is_a_query_timeout() {
    on_each_server("server_limit", async |server| {
        let mut session = server.connect().await;
        let setting = if session.0.is_mariadb() {
            "set max_statement_time = 0.05"
        } else {
            "set max_execution_time = 50"
        };
        session.run(setting, &[]).await;
        let error = session.try_run("select count(*) from (select sleep(5) union all select 1) t", &[]).await;
        assert_eq!(error.map(|_| ()).unwrap_err().code, ErrorCode::QueryTimeout);
        assert_eq!(session.run("select 1", &[]).await.first(), 1.into());
    });
}

#[test]
fn a_connection_that_is_killed_in_mid_statement_or_while_idle_is_lost() {
    on_each_server("killed", async |server| {
        let mut admin = server.connect().await;
        let mut idle = server.connect().await;
        idle.run("select 1", &[]).await;
        admin.script(&format!("kill {}", idle.0.session_id())).await;
        let error = idle.try_run("select 1", &[]).await.map(|_| ()).unwrap_err();
        assert_eq!(error.code, ErrorCode::LostConnection);
        assert!(idle.0.is_dead());
        let error = idle.try_run("select 1", &[]).await.map(|_| ()).unwrap_err();
        assert_eq!(error.code, ErrorCode::LostConnection);

        let mut busy = server.connect().await;
        let kill = format!("kill {}", busy.0.session_id());
        let (none, mut rows) = (bindings(&[]), Rows::default());
        let slow = statement("select sleep(5)", 0);
        let mut sink = RowSink::new(&mut rows);
        let ending = async {
            let running =
                "select count(*) from information_schema.processlist where info = 'select sleep(5)'";
            while admin.run(running, &[]).await.first() == 0.into() {}
            admin.script(&kill).await
        };
        let (answer, _) = join(busy.0.execute(&slow, &none, &mut sink), ending).await;
        assert_eq!(answer.unwrap_err().code, ErrorCode::LostConnection);
        assert!(busy.0.is_dead());
    });
}

#[test]
fn a_connection_whose_statement_was_dropped_half_way_is_not_used_again() {
    on_each_server("dropped", async |server| {
        let mut session = server.connect().await;
        let (none, mut rows) = (bindings(&[]), Rows::default());
        let slow = statement("select sleep(5)", 0);
        let mut sink = RowSink::new(&mut rows);
        {
            let running = std::pin::pin!(session.0.execute(&slow, &none, &mut sink));
            assert!(futures_util::poll!(running).is_pending());
        }
        assert!(session.0.is_dead());
        let error = session.try_run("select 1", &[]).await.map(|_| ()).unwrap_err();
        assert_eq!(error.code, ErrorCode::LostConnection);
    });
}

#[test]
fn a_session_that_is_reset_is_like_a_new_one() {
    on_each_server("reset", async |server| {
        let mut session = server.connect().await;
        session.script("create table t (a int)").await;
        session.run("set @x = 5, sql_mode = ''", &[]).await;
        session.script("create temporary table only_here (a int); begin; insert into t values (1)").await;
        session.run("select count(*) from t", &[]).await;
        session.script("use mysql").await;
        session.0.reset().await.unwrap();
        assert_eq!(session.run("select database()", &[]).await.first(), (&*server.endpoint.database).into());
        assert_eq!(session.0.transaction_status(), TransactionStatus::Idle);
        let row = session.run("select @x, @@time_zone, count(*) from t", &[]).await.rows.remove(0);
        assert_eq!(row, [Value::Null, "+00:00".into(), 0.into()]);
        let Value::Text(mode) = session.run("select @@sql_mode", &[]).await.first() else {
            panic!("no mode")
        };
        assert!(mode.contains("STRICT_TRANS_TABLES"), "{mode}");
        assert!(session.try_run("select * from only_here", &[]).await.is_err());
        // Prepared before: the server has forgotten it.
        assert_eq!(session.run("select count(*) from t", &[]).await.first(), 0.into());
        let nowhere = Server { endpoint: Endpoint { database: String::new(), ..server.endpoint.clone() } };
        let mut session = nowhere.connect().await;
        session.script(&format!("use {}", server.endpoint.database)).await;
        assert!(session.0.reset().await.is_err(), "the server cannot leave a database");
    });
}

#[test]
fn a_connection_that_died_in_a_pause_or_before_a_new_statement_says_that_nothing_was_run() {
    on_each_server("pause", async |server| {
        let mut admin = server.connect().await;
        let (mut paused, mut fresh) = (server.connect().await, server.connect().await);
        paused.run("select 1", &[]).await;
        for session in [&paused, &fresh] {
            admin.script(&format!("kill {}", session.0.session_id())).await;
        }
        let error = fresh.try_run("select 2", &[]).await.map(|_| ()).unwrap_err();
        assert_eq!(error.code, ErrorCode::Connection, "{error:?}");
        std::thread::sleep(std::time::Duration::from_millis(1_100));
        let error = paused.try_run("select 1", &[]).await.map(|_| ()).unwrap_err();
        assert_eq!(error.code, ErrorCode::Connection, "{error:?}");
        assert!(paused.0.is_dead() && fresh.0.is_dead());
    });
}

#[test]
fn an_idle_connection_that_the_server_ended_is_known_to_be_dead_before_anything_is_sent() {
    on_each_server("ended_idle", async |server| {
        let mut admin = server.connect().await;
        let (mut ended, mut living) = (server.connect().await, server.connect().await);
        for session in [&mut ended, &mut living] {
            session.run("select 1", &[]).await;
            assert!(!session.0.is_dead());
        }
        admin.script(&format!("kill {}", ended.0.session_id())).await;
        let deadline = Instant::now() + std::time::Duration::from_secs(2);
        while !ended.0.is_dead() && Instant::now() < deadline {
            std::thread::yield_now();
        }
        assert!(ended.0.is_dead());
        assert!(!living.0.is_dead());
        assert_eq!(living.run("select 1", &[]).await.first(), 1.into());
    });
}

#[test]
fn a_server_that_ends_the_session_or_became_read_only_gives_a_connection_that_is_replaced() {
    on_each_server("server_says", async |server| {
        for (number, code) in [
            (1927, ErrorCode::LostConnection),
            (4031, ErrorCode::LostConnection),
            (1290, ErrorCode::Query),
            (1836, ErrorCode::Query),
        ] {
            let mut session = server.connect().await;
            let sql = format!("signal sqlstate '08S01' set mysql_errno = {number}, message_text = 'x'");
            let error = session.try_run(&sql, &[]).await.map(|_| ()).unwrap_err();
            assert_eq!(error.code, code, "{number}");
            assert!(session.0.is_dead(), "{number}");
        }
    });
}
