//! Log-in and session set-up.

use guruorm::config::{Endpoint, SslMode};
use guruorm::driver::{Connection as _, Driver as _};
use guruorm::error::{Error, ErrorCode};
use guruorm::value::temporal::Zone;

use crate::rows::Value;
use crate::server::{Server, on_each_server};

async fn refusal(server: &Server, change: impl FnOnce(&mut Endpoint)) -> Error {
    let mut endpoint = server.endpoint.clone();
    change(&mut endpoint);
    let server = Server { endpoint };
    match server.driver(server.config()).connect().await {
        Ok(_) => panic!("a connection was opened"),
        Err(error) => error,
    }
}

#[test]
fn a_refused_log_in_says_what_was_tried_and_never_the_password() {
    on_each_server("refused_login", async |server| {
        let error = refusal(&server, |endpoint| {
            endpoint.username = "nobody".into();
            endpoint.password = Some("hunter2".into());
        })
        .await;
        assert_eq!(error.code, ErrorCode::Connection);
        assert!(
            error.message.contains("nobody") && error.message.contains("check username and password"),
            "{error}"
        );
        assert!(!format!("{error:?}").contains("hunter2"));

        let error = refusal(&server, |endpoint| endpoint.database = "gu_my_nowhere".into()).await;
        assert_eq!(
            (error.code, error.detail.driver_code.as_deref()),
            (ErrorCode::Connection, Some("ER_BAD_DB_ERROR"))
        );
        assert!(
            error.message.contains("gu_my_nowhere") && error.message.contains("create the database"),
            "{error}"
        );

        let error = refusal(&server, |endpoint| endpoint.port = 1).await;
        assert_eq!(
            (error.code, error.detail.driver_code.as_deref()),
            (ErrorCode::Connection, Some("ECONNREFUSED"))
        );
        assert!(error.message.contains(":1: nothing answers there"), "{error}");

        let error = refusal(&server, |endpoint| endpoint.host = "nowhere.invalid".into()).await;
        assert_eq!(
            (error.code, error.detail.driver_code.as_deref()),
            (ErrorCode::Connection, Some("ENOTFOUND"))
        );
        assert!(error.message.contains("nowhere.invalid"), "{error}");

        let error = refusal(&server, |endpoint| endpoint.socket = Some("/nowhere.sock".into())).await;
        assert!(error.message.contains("/nowhere.sock: there is no such socket"), "{error}");
    });
}

#[test]
fn a_configuration_that_the_server_cannot_follow_is_refused_with_advice() {
    on_each_server("refused_setup", async |server| {
        let mut config = server.config();
        config.charset = "latin1".into();
        assert_eq!(server.driver(config).connect().await.map(|_| ()).unwrap_err().code, ErrorCode::Config);
        let mut config = server.config();
        config.timezone = Zone::parse("Europe/Berlin").unwrap();
        match server.driver(config).connect().await.map(|_| ()) {
            // A server without time zone tables.
            Err(error) => assert!(error.message.contains("mysql_tzinfo_to_sql"), "{error}"),
            Ok(()) => println!("the server knows zones by name"),
        }
        let mut config = server.config();
        config.collation = Some("utf8mb4_nowhere_ci".into());
        let error = server.driver(config).connect().await.map(|_| ()).unwrap_err();
        assert_eq!(
            (error.code, error.detail.driver_code.as_deref()),
            (ErrorCode::Connection, Some("ER_UNKNOWN_COLLATION"))
        );
    });
}

#[test]
fn encryption_that_is_required_is_not_given_up_silently() {
    on_each_server("tls", async |server| {
        let mut plain = server.connect().await;
        if plain.run("select @@have_ssl", &[]).await.first() == "YES".into() {
            return;
        }
        for mode in [SslMode::Require, SslMode::VerifyCa, SslMode::VerifyFull] {
            let mut config = server.config();
            config.ssl.mode = mode;
            let error = server.driver(config).connect().await.map(|_| ()).unwrap_err();
            assert_eq!(error.code, ErrorCode::Connection);
            assert!(error.message.contains("could not encrypt"), "{error}");
        }
        server.connect_with(|config| config.ssl.mode = SslMode::Prefer).await.run("select 1", &[]).await;
    });
}

#[test]
fn the_session_is_strict_in_utf8mb4_and_utc_and_keeps_the_servers_meaning_of_pipes() {
    on_each_server("session", async |server| {
        let mut session = server.connect().await;
        let sql = "select @@sql_mode, @@time_zone, @@character_set_client, @@character_set_results, connection_id(), 'a' || 'b'";
        let row = session.run(sql, &[]).await.rows.remove(0);
        let Value::Text(mode) = &row[0] else { panic!("{row:?}") };
        for wanted in [
            "STRICT_TRANS_TABLES",
            "NO_ZERO_DATE",
            "NO_ZERO_IN_DATE",
            "ERROR_FOR_DIVISION_BY_ZERO",
            "NO_ENGINE_SUBSTITUTION",
        ] {
            assert!(mode.contains(wanted), "{mode}");
        }
        assert!(!mode.contains("PIPES_AS_CONCAT") && !mode.contains("IGNORE_SPACE"), "{mode}");
        assert_eq!(row[1..4], ["+00:00".into(), "utf8mb4".into(), "utf8mb4".into()]);
        #[allow(clippy::cast_precision_loss)]
        let id = session.0.session_id() as f64;
        assert_eq!(row[4..], [id.into(), 0.into()]);

        let mut lax = server.connect_with(|config| config.strict = false).await;
        assert_eq!(lax.run("select @@sql_mode", &[]).await.first(), "NO_ENGINE_SUBSTITUTION".into());
        let mut collated = server.connect_with(|config| config.collation = Some("utf8mb4_bin".into())).await;
        assert_eq!(collated.run("select @@collation_connection", &[]).await.first(), "utf8mb4_bin".into());
    });
}

#[test]
fn a_closed_connection_is_gone_from_the_server() {
    on_each_server("close", async |server| {
        let mut admin = server.connect().await;
        let session = server.connect().await;
        let id = session.0.session_id();
        Box::new(session.0).close().await;
        for _ in 0..100 {
            let sql = format!("select count(*) from information_schema.processlist where id = {id}");
            if admin.run(&sql, &[]).await.first() == 0.into() {
                return;
            }
        }
        panic!("session {id} is still there");
    });
}
