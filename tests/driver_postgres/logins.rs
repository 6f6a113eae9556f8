//! Connecting and what goes wrong there.

use guruorm::error::{ErrorCode, Result};
use guruorm::value::temporal::Zone;

use crate::client::{Client, config, endpoint, on_server};

async fn refusal(endpoint: guruorm::config::Endpoint) -> guruorm::error::Error {
    match Client::connect_to(config(), endpoint).await {
        Ok(_) => panic!("it connected"),
        Err(error) => error,
    }
}

#[test]
fn a_missing_database_is_named_with_what_to_do() {
    on_server(async |_| {
        let mut target = endpoint();
        target.database = "guruorm_missing".into();
        target.password = Some("hunter2".into());
        let error = refusal(target).await;
        assert_eq!((error.code, error.detail.native_code.as_deref()), (ErrorCode::Connection, Some("3D000")));
        assert!(error.message.contains("guruorm_missing") && error.message.contains("create the database"));
        assert!(!error.message.contains("hunter2"));
        Ok(())
    });
}

#[test]
fn a_server_that_nobody_runs_is_named_with_every_address_that_was_tried() {
    on_server(async |_| {
        let mut target = endpoint();
        (target.host, target.port) = ("localhost".into(), 1);
        let error = refusal(target).await;
        assert_eq!(error.code, ErrorCode::Connection);
        assert!(
            error.message.contains("localhost:1") && error.message.contains("127.0.0.1:1"),
            "{}",
            error.message
        );

        let mut target = endpoint();
        target.host = "no-such-host.invalid".into();
        let error = refusal(target).await;
        assert_eq!(error.code, ErrorCode::Connection);
        assert!(error.message.contains("no-such-host.invalid"), "{}", error.message);
        Ok(())
    });
}

#[test]
fn the_session_starts_as_configured() {
    on_server(async |_| {
        let mut options = config();
        options.application_name = "guruorm \"x\"".into();
        options.search_path = vec!["a \"b".into(), "public".into()];
        options.timezone = Zone::Offset(-(3 * 3600 + 1800));
        let mut client = Client::connect(options).await?;
        let mut show =
            async |name: &str| -> Result<String> { client.text(&format!("show {name}"), &[]).await };
        assert_eq!(show("application_name").await?, "guruorm \"x\"");
        assert_eq!(show("search_path").await?, "\"a \"\"b\", \"public\"");
        assert_eq!(show("timezone").await?, "<-03:30:00>+03:30:00");
        assert_eq!(show("client_encoding").await?, "UTF8");
        assert_eq!(show("datestyle").await?.split(',').next(), Some("ISO"));
        assert_eq!(show("statement_timeout").await?, "0");
        let at = client.text("select timestamptz '2024-01-01 12:00:00+00'::text", &[]).await?;
        assert_eq!(at, "2024-01-01 08:30:00-03:30");
        Ok(())
    });
}

#[cfg(unix)]
#[test]
fn a_unix_socket_may_be_named_by_its_directory_or_its_file() {
    on_server(async |mut client| {
        let directories = client.text("show unix_socket_directories", &[]).await?;
        let Some(directory) =
            directories.split(',').next().map(str::trim).filter(|path| path.starts_with('/'))
        else {
            return Ok(());
        };
        let file = std::path::Path::new(directory).join(format!(".s.PGSQL.{}", endpoint().port));
        if !file.exists() {
            return Ok(());
        }
        let mut by_host = endpoint();
        by_host.host = directory.into();
        let mut by_file = endpoint();
        by_file.socket = Some(file);
        for target in [by_host, by_file] {
            let mut client = Client::connect_to(config(), target).await?;
            assert_eq!(
                client.cell("select inet_client_addr() is null", &[]).await?,
                crate::rows::Cell::Boolean(true)
            );
            let pid = client.connection.session_id();
            assert!(pid > 0);
            client.connection.canceller()().await?;
        }
        Ok(())
    });
}
