//! TLS and passwords, on a private PostgreSQL server with certificates of its own.
//!
//! Left out where `openssl` or PostgreSQL's programs are missing, except where `CI` is set.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]
#![cfg(unix)]

#[path = "driver_postgres/client.rs"]
mod client;
#[path = "driver_postgres/cluster.rs"]
mod cluster;
#[path = "support/rows.rs"]
mod rows;

use guruorm::config::{ConnectionConfig, Endpoint, SslConfig, SslMode};
use guruorm::error::{Error, ErrorCode, Result};

use client::{Client, config};
use cluster::{Cluster, on_cluster};
use rows::Cell;

/// Everybody's password on the private server.
const PASSWORD: &str = "pass word ü";

fn secured(cluster: &Cluster, mode: SslMode, authority: Option<&str>) -> ConnectionConfig {
    let ca = authority.map(|name| cluster.read(&format!("{name}.crt")));
    ConnectionConfig { ssl: SslConfig { mode, ca, ..SslConfig::default() }, ..config() }
}

async fn is_encrypted(client: &mut Client) -> Result<bool> {
    let sql = "select ssl from pg_stat_ssl where pid = pg_backend_pid()";
    Ok(client.cell(sql, &[]).await? == Cell::Boolean(true))
}

async fn refusal(config: ConnectionConfig, endpoint: Endpoint) -> Error {
    match Client::connect_to(config, endpoint).await {
        Ok(_) => panic!("it connected"),
        Err(error) => error,
    }
}

#[test]
fn sslmode_means_what_libpq_means() {
    on_cluster(async |cluster| {
        let (named, numbered) =
            (cluster.endpoint("postgres", "localhost"), cluster.endpoint("postgres", "127.0.0.1"));
        for (mode, authority, endpoint, expected) in [
            (SslMode::Disable, None, &named, Some(false)),
            (SslMode::Prefer, None, &named, Some(true)),
            (SslMode::Require, None, &named, Some(true)),
            (SslMode::Require, Some("ca"), &numbered, Some(true)),
            (SslMode::Require, Some("other"), &named, None),
            (SslMode::VerifyCa, Some("ca"), &numbered, Some(true)),
            (SslMode::VerifyCa, Some("other"), &named, None),
            (SslMode::VerifyCa, None, &named, None),
            (SslMode::VerifyFull, Some("ca"), &named, Some(true)),
            (SslMode::VerifyFull, Some("ca"), &numbered, None),
            (SslMode::VerifyFull, Some("other"), &named, None),
            (SslMode::VerifyFull, None, &named, None),
        ] {
            let options = secured(cluster, mode, authority);
            let about = format!("{mode:?} with {authority:?} at {}", endpoint.host);
            match (Client::connect_to(options, endpoint.clone()).await, expected) {
                (Ok(mut client), Some(expected)) => {
                    assert_eq!(is_encrypted(&mut client).await?, expected, "{about}");
                }
                (Err(error), None) => {
                    assert_eq!(error.code, ErrorCode::Connection, "{about}");
                    assert!(error.message.contains("certificate"), "{about}: {}", error.message);
                }
                (Ok(_), None) => panic!("{about}: it connected"),
                (Err(error), Some(_)) => panic!("{about}: {}", error.message),
            }
        }
        Ok(())
    });
}

#[test]
fn a_server_without_tls_is_refused_unless_it_is_optional() {
    on_cluster(async |cluster| {
        cluster.set("ssl", "off");
        let endpoint = cluster.endpoint("postgres", "localhost");
        let error = refusal(secured(cluster, SslMode::Require, None), endpoint.clone()).await;
        assert!(error.message.contains("no TLS"), "{}", error.message);
        let mut client = Client::connect_to(secured(cluster, SslMode::Prefer, None), endpoint).await?;
        assert!(!is_encrypted(&mut client).await?);
        cluster.set("ssl", "on");
        Ok(())
    });
}

#[test]
fn every_kind_of_password_logs_in_and_a_wrong_one_is_told() {
    on_cluster(async |cluster| {
        for mode in [SslMode::Disable, SslMode::Require] {
            for user in ["scram", "md5", "clear"] {
                let mut endpoint = cluster.endpoint(user, "localhost");
                endpoint.password = Some(PASSWORD.into());
                let mut client = Client::connect_to(secured(cluster, mode, None), endpoint.clone()).await?;
                assert_eq!(client.text("select current_user::text", &[]).await?, user);

                endpoint.password = Some("hunter2".into());
                let error = refusal(secured(cluster, mode, None), endpoint.clone()).await;
                assert_eq!(
                    (error.code, error.detail.native_code.as_deref()),
                    (ErrorCode::Connection, Some("28P01"))
                );
                assert!(error.message.contains("check `username` and `password`"), "{}", error.message);
                assert!(!format!("{error:?}").contains("hunter2"));

                endpoint.password = None;
                let error = refusal(secured(cluster, mode, None), endpoint).await;
                assert!(error.message.contains("none is configured"), "{}", error.message);
            }
        }
        Ok(())
    });
}

#[test]
fn a_certificate_logs_in() {
    on_cluster(async |cluster| {
        let endpoint = cluster.endpoint("certified", "localhost");
        let mut options = secured(cluster, SslMode::VerifyFull, Some("ca"));
        let error = refusal(options.clone(), endpoint.clone()).await;
        assert_eq!(error.detail.native_code.as_deref(), Some("28000"));
        options.ssl.cert = Some(cluster.read("certified.crt"));
        let incomplete = refusal(options.clone(), endpoint.clone()).await;
        assert_eq!(incomplete.code, ErrorCode::Config);
        options.ssl.key = Some(cluster.read("certified.key"));
        let mut client = Client::connect_to(options, endpoint).await?;
        assert_eq!(client.text("select current_user::text", &[]).await?, "certified");
        Ok(())
    });
}

#[test]
fn an_encrypted_session_cancels_and_notices_its_end_as_any_other() {
    on_cluster(async |cluster| {
        let options = secured(cluster, SslMode::VerifyFull, Some("ca"));
        let mut client =
            Client::connect_to(options.clone(), cluster.endpoint("postgres", "localhost")).await?;
        let mut observer = Client::connect_to(options, cluster.endpoint("postgres", "localhost")).await?;
        let pid = client.connection.session_id();
        let cancel = client.connection.canceller();
        let sleeping =
            format!("select count(*) from pg_stat_activity where pid = {pid} and wait_event = 'PgSleep'");
        let (ran, cancelled) = futures_util::join!(client.run("select pg_sleep(30)", &[]), async {
            while observer.number(&sleeping).await? < 0.5 {}
            cancel().await
        });
        cancelled?;
        assert_eq!(ran.expect_err("it was cancelled").code, ErrorCode::Aborted);

        let (rows, _) = client.run("select repeat('x', 1000) from generate_series(1, 20000)", &[]).await?;
        assert_eq!(rows.cells.len(), 20_000);
        assert!(!client.connection.is_dead());
        // By psql, so that this thread's reactor does not turn and cannot have noticed.
        cluster.end_session(pid);
        std::thread::sleep(std::time::Duration::from_millis(20));
        assert!(client.connection.is_dead());
        Ok(())
    });
}
