//! TLS, against a server whose certificate is for `localhost` and signed by a test authority:
//! `GURUORM_TEST_MARIADB_TLS_URL` with host `localhost`, and `GURUORM_TEST_TLS_CA`, the authority's PEM file.

use guruorm::config::{Endpoint, SslConfig, SslMode};
use guruorm::error::{ErrorCode, Result};

use crate::executor::block_on;
use crate::rows::Value;
use crate::server::{Server, Session, endpoint};

async fn connect(endpoint: &Endpoint, mode: SslMode, ca: Option<&[u8]>) -> Result<Session> {
    let server = Server { endpoint: endpoint.clone() };
    let mut config = server.config();
    config.ssl = SslConfig { mode, ca: ca.map(<[u8]>::to_vec), ..SslConfig::default() };
    server.driver(config).open().await.map(Session)
}

#[test]
fn connections_are_encrypted_and_certificates_verified_as_asked() {
    let (Ok(url), Ok(ca)) =
        (std::env::var("GURUORM_TEST_MARIADB_TLS_URL"), std::env::var("GURUORM_TEST_TLS_CA"))
    else {
        println!("encryption: skipped, GURUORM_TEST_MARIADB_TLS_URL is not set");
        return;
    };
    let ca = std::fs::read(ca).unwrap();
    block_on(async {
        let by_name = endpoint(&url);
        let by_address = Endpoint { host: "127.0.0.1".into(), ..by_name.clone() };
        for (endpoint, mode, ca) in [
            (&by_name, SslMode::Prefer, None),
            (&by_name, SslMode::Require, None),
            (&by_name, SslMode::VerifyCa, Some(&ca[..])),
            (&by_address, SslMode::VerifyCa, Some(&ca[..])),
            (&by_name, SslMode::VerifyFull, Some(&ca[..])),
        ] {
            let mut session =
                connect(endpoint, mode, ca).await.unwrap_or_else(|error| panic!("{mode:?}: {error}"));
            let rows = session.run("show session status like 'Ssl_version'", &[]).await;
            let Value::Text(version) = &rows.rows[0][1] else { panic!("{rows:?}") };
            assert!(version.starts_with("TLSv1."), "{mode:?}: {version}");
        }
        for (endpoint, mode, ca) in [
            (&by_name, SslMode::VerifyCa, None),
            (&by_name, SslMode::VerifyFull, None),
            (&by_address, SslMode::VerifyFull, Some(&ca[..])),
        ] {
            let error = connect(endpoint, mode, ca).await.map(|_| ()).unwrap_err();
            assert_eq!(error.code, ErrorCode::Connection);
            assert!(error.message.contains("certificate"), "{mode:?}: {error}");
        }
    });
}
