//! The life of a session: transactions, cancelling, its end.

use guruorm::driver::TransactionStatus;
use guruorm::error::{ErrorCode, Result};
use guruorm::value::ValueRef::{Integer, Text};

use crate::client::{Client, config, on_server};
use crate::rows::Cell;

/// Ends a session while this thread's reactor does not turn, so that it cannot have noticed.
fn end_from_elsewhere(pid: u64) {
    let ended = std::thread::spawn(move || {
        on_server(async move |mut observer| {
            observer.run("select pg_terminate_backend($1)", &[Integer(pid.cast_signed())]).await?;
            let left = format!("select count(*) from pg_stat_activity where pid = {pid}");
            while observer.number(&left).await? > 0.5 {}
            Ok(())
        });
    });
    ended.join().expect("it ended the session");
    std::thread::sleep(std::time::Duration::from_millis(20));
}

/// Waits until a session runs a statement that holds `text`, or runs none.
async fn wait_until_running(observer: &mut Client, pid: u64, text: &str, is_running: bool) -> Result<()> {
    let sql = format!(
        "select count(*) from pg_stat_activity where pid = {pid} and state = 'active' and query like '%{text}%'"
    );
    for _ in 0..5_000 {
        if (observer.number(&sql).await? > 0.5) == is_running {
            return Ok(());
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    panic!("session {pid} never got there");
}

#[test]
fn the_transactions_status_is_what_the_server_says() {
    on_server(async |mut client| {
        let status = |client: &Client| client.connection.transaction_status();
        assert_eq!(status(&client), TransactionStatus::Idle);
        client.run("begin", &[]).await?;
        assert_eq!(status(&client), TransactionStatus::Open);
        client.error("select 1/0", &[]).await;
        assert_eq!(status(&client), TransactionStatus::Failed);
        client.run("rollback", &[]).await?;
        assert_eq!(status(&client), TransactionStatus::Idle);
        client.error("select 1/0", &[]).await;
        assert_eq!(status(&client), TransactionStatus::Idle);
        Ok(())
    });
}

#[test]
fn a_commit_that_the_server_turned_into_a_rollback_is_an_error() {
    on_server(async |mut client| {
        for commit in ["commit", " COMMIT; ", "end"] {
            for is_script in [true, false] {
                client.script("begin").await?;
                client.error("select 1/0", &[]).await;
                let committed = if is_script {
                    client.script(commit).await.map(drop)
                } else {
                    client.run(commit, &[]).await.map(drop)
                };
                assert_eq!(committed.unwrap_err().code, ErrorCode::TransactionRolledBack, "{commit}");
                assert_eq!(client.connection.transaction_status(), TransactionStatus::Idle);
            }
        }
        client.script("begin").await?;
        client.run("commit", &[]).await?;
        client.script("begin").await?;
        client.run("rollback", &[]).await?;
        Ok(())
    });
}

#[test]
fn cancelling_stops_the_statement_on_the_server_and_leaves_the_session_usable() {
    on_server(async |mut client| {
        let mut observer = Client::connect(config()).await?;
        let pid = client.connection.session_id();
        for _ in 0..5 {
            let cancel = client.connection.canceller();
            let (ran, cancelled) = futures_util::join!(client.run("select pg_sleep(30)", &[]), async {
                wait_until_running(&mut observer, pid, "pg_sleep(30)", true).await?;
                cancel().await
            });
            cancelled?;
            let error = ran.expect_err("it was cancelled");
            assert_eq!(
                (error.code, error.detail.native_code.as_deref()),
                (ErrorCode::Aborted, Some("57014"))
            );
            wait_until_running(&mut observer, pid, "pg_sleep(30)", false).await?;
            assert_eq!(client.cell("select 1", &[]).await?, Cell::Number(1.0));
        }
        Ok(())
    });
}

#[test]
fn cancelling_between_parsing_and_running_is_not_lost() {
    on_server(async |mut client| {
        let cancel = client.connection.canceller();
        let error = {
            let running = client.run("select pg_sleep(2)", &[]);
            futures_util::pin_mut!(running);
            // Polled once, it has sent what parses the statement. A server that waits for the rest
            // ignores a request to cancel.
            assert!(futures_util::poll!(&mut running).is_pending());
            cancel().await?;
            running.await.expect_err("it was cancelled")
        };
        assert_eq!((error.code, error.detail.native_code.as_deref()), (ErrorCode::Aborted, Some("57014")));
        assert_eq!(client.cell("select 1", &[]).await?, Cell::Number(1.0));
        cancel().await?;
        assert_eq!(
            client.cell("select 2", &[]).await?,
            Cell::Number(2.0),
            "an old request stops nothing new"
        );
        Ok(())
    });
}

#[test]
fn a_session_ended_in_the_middle_of_a_statement_says_so() {
    on_server(async |mut client| {
        let mut observer = Client::connect(config()).await?;
        let pid = client.connection.session_id();
        let (ran, ended) = futures_util::join!(client.run("select pg_sleep(30)", &[]), async {
            wait_until_running(&mut observer, pid, "pg_sleep(30)", true).await?;
            observer.run("select pg_terminate_backend($1)", &[Integer(pid.cast_signed())]).await
        });
        ended?;
        let error = ran.expect_err("its session ended");
        assert_eq!(
            (error.code, error.detail.native_code.as_deref()),
            (ErrorCode::LostConnection, Some("57P01"))
        );
        assert!(client.connection.is_dead());
        assert_eq!(client.error("select 1", &[]).await.code, ErrorCode::LostConnection);
        Ok(())
    });
}

#[test]
fn an_idle_session_that_was_ended_is_known_to_be_dead_without_a_question() {
    on_server(async |mut client| {
        assert!(!client.connection.is_dead());
        end_from_elsewhere(client.connection.session_id());
        assert!(client.connection.is_dead());
        Ok(())
    });
}

#[test]
fn the_servers_reason_survives_a_write_that_fails() {
    on_server(async |mut client| {
        let sql = "select length($1::text)";
        client.run(sql, &[Text("kept")]).await?;
        end_from_elsewhere(client.connection.session_id());
        // More than the sockets hold, so that it is the write that fails.
        let error = client.error(sql, &[Text(&"x".repeat(64 << 20))]).await;
        assert_eq!(
            (error.code, error.detail.native_code.as_deref()),
            (ErrorCode::LostConnection, Some("57P01"))
        );
        Ok(())
    });
}

#[test]
fn a_statement_on_a_session_that_was_ended_gets_the_servers_reason() {
    on_server(async |mut client| {
        let mut observer = Client::connect(config()).await?;
        let pid = client.connection.session_id();
        observer.run("select pg_terminate_backend($1)", &[Integer(pid.cast_signed())]).await?;
        let gone = format!("select count(*) from pg_stat_activity where pid = {pid}");
        while observer.number(&gone).await? > 0.5 {}
        let error = client.error("select 1", &[]).await;
        assert_eq!(
            (error.code, error.detail.native_code.as_deref()),
            (ErrorCode::LostConnection, Some("57P01"))
        );
        Ok(())
    });
}

#[test]
fn notices_of_an_idle_session_do_not_make_it_dead() {
    on_server(async |mut client| {
        let mut observer = Client::connect(config()).await?;
        client.script("listen guruorm_idle").await?;
        observer.script("notify guruorm_idle, 'x'").await?;
        std::thread::sleep(std::time::Duration::from_millis(50));
        assert!(!client.connection.is_dead());
        assert_eq!(client.cell("select 1", &[]).await?, Cell::Number(1.0));
        Ok(())
    });
}

#[test]
fn a_session_whose_statement_was_dropped_half_way_is_never_used_again() {
    on_server(async |mut client| {
        let dropped = {
            let running = client.run("select pg_sleep(1)", &[]);
            futures_util::pin_mut!(running);
            let started = futures_util::future::select(running, futures_util::future::ready(())).await;
            matches!(started, futures_util::future::Either::Right(_))
        };
        assert!(dropped);
        assert!(client.connection.is_dead());
        assert_eq!(client.error("select 1", &[]).await.code, ErrorCode::LostConnection);
        Ok(())
    });
}

#[test]
fn a_reset_session_is_as_a_fresh_one() {
    on_server(async |mut client| {
        client.run("select 'kept'", &[]).await?;
        client
            .script("create temporary table leftover (id int); set time zone 'Asia/Tokyo'; listen news")
            .await?;
        client.script("begin").await?;
        client.error("select 1/0", &[]).await;
        client.connection.reset().await?;
        assert_eq!(client.connection.transaction_status(), TransactionStatus::Idle);
        assert_eq!(client.text("show timezone", &[]).await?, "UTC");
        client.script("begin").await?;
        assert_eq!(
            client.text("select 'kept'", &[]).await?,
            "kept",
            "in a transaction nothing is tried twice"
        );
        client.script("rollback").await?;
        assert_eq!(
            client.error("select * from leftover", &[]).await.detail.native_code.as_deref(),
            Some("42P01")
        );
        Ok(())
    });
}

#[test]
fn a_session_that_met_a_read_only_server_is_replaced_after_its_transaction() {
    on_server(async |mut client| {
        client.script("begin read only").await?;
        client.error("create table guruorm_never (id int)", &[]).await;
        assert!(!client.connection.is_dead(), "it is still needed for the rollback");
        client.script("rollback").await?;
        assert!(client.connection.is_dead());
        Ok(())
    });
}

#[test]
fn a_session_with_another_encoding_is_replaced() {
    on_server(async |mut client| {
        client.script("set client_encoding = 'LATIN1'").await?;
        assert!(client.connection.is_dead());
        Ok(())
    });
}

#[test]
fn closing_ends_the_session_on_the_server() {
    on_server(async |client| {
        let mut observer = Client::connect(config()).await?;
        let pid = client.connection.session_id();
        client.connection.close().await;
        let left = format!("select count(*) from pg_stat_activity where pid = {pid}");
        for _ in 0..2_000 {
            if observer.number(&left).await? < 0.5 {
                return Ok(());
            }
        }
        panic!("session {pid} is still there");
    });
}
