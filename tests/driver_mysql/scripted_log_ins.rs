//! Log-ins on servers that are not at hand: MySQL 8's, and such as misbehave.

use guruorm::error::{Error, ErrorCode};
use sha1::{Digest as _, Sha1};
use sha2::Sha256;

use crate::executor::block_on;
use crate::scripted::{CHALLENGE, Peer, Scripted, can, error, ok, switch};

const OTHER_CHALLENGE: &[u8; 20] = b"tsrqponmlkjihgfedcba";

fn native(challenge: &[u8]) -> Vec<u8> {
    let once = Sha1::digest(b"secret");
    let mask = Sha1::new().chain_update(challenge).chain_update(Sha1::digest(once)).finalize();
    once.iter().zip(mask).map(|(byte, mask)| byte ^ mask).collect()
}

fn caching_sha2(challenge: &[u8]) -> Vec<u8> {
    let once = Sha256::digest(b"secret");
    let mask = Sha256::new().chain_update(Sha256::digest(once)).chain_update(challenge).finalize();
    once.iter().zip(mask).map(|(byte, mask)| byte ^ mask).collect()
}

/// A log-in that the script accepts.
fn accepted(script: impl FnOnce(&mut Peer) + Send + 'static) {
    let scripted = Scripted::start(move |mut peer| {
        script(&mut peer);
        peer.send(&ok(0));
        peer.set_up();
    });
    block_on(async {
        let session = scripted.server.connect().await;
        assert_eq!(guruorm::driver::Connection::session_id(&session.0), 7);
    });
    scripted.end();
}

/// What is told of a log-in that fails, after which the client says nothing more.
fn refused(script: impl FnOnce(&mut Peer) + Send + 'static) -> Error {
    let scripted = Scripted::start(move |mut peer| {
        script(&mut peer);
        peer.expect_end();
    });
    let error = block_on(async {
        let server = &scripted.server;
        let opened = server.driver(server.config()).open().await;
        opened.map(|_| ()).expect_err("a connection was opened")
    });
    scripted.end();
    assert_eq!(error.code, ErrorCode::Connection, "{error:?}");
    assert!(!format!("{error:?}").contains("secret"), "{error:?}");
    error
}

#[test]
fn mysql_8_that_knows_the_password_already_takes_the_proof_alone() {
    accepted(|peer| {
        peer.greet(can::MYSQL_8, "caching_sha2_password");
        assert_eq!(peer.take_log_in(), (caching_sha2(CHALLENGE), "caching_sha2_password".into()));
        peer.send(&[1, 3]);
    });
}

#[test]
fn mysql_8_that_needs_the_password_itself_does_not_get_it_without_tls() {
    let error = refused(|peer| {
        peer.greet(can::MYSQL_8, "caching_sha2_password");
        peer.take_log_in();
        peer.send(&[1, 4]);
    });
    assert!(error.message.contains("asks for the password, which is only sent encrypted"), "{error}");
    assert!(error.message.contains("set ssl"), "{error}");
    for (plugin, reason) in [
        ("sha256_password", "set ssl"),
        ("mysql_clear_password", "'mysql_clear_password', which is not known"),
    ] {
        let error = refused(move |peer| {
            peer.greet(can::MYSQL_8, plugin);
            // Where it cannot be sent, the usual way is tried first.
            assert_eq!(peer.take_log_in(), (native(CHALLENGE), "mysql_native_password".into()));
            peer.send(&switch(plugin, OTHER_CHALLENGE));
        });
        assert!(error.message.contains(reason), "{error}");
    }
}

#[test]
fn a_server_may_ask_for_another_way_with_another_challenge() {
    accepted(|peer| {
        peer.greet(can::MYSQL_8, "caching_sha2_password");
        peer.take_log_in();
        peer.send(&switch("mysql_native_password", OTHER_CHALLENGE));
        assert_eq!(peer.receive(), Some(native(OTHER_CHALLENGE)));
    });
    accepted(|peer| {
        // A way of the greeting that is not known here need not be the user's.
        peer.greet(can::MYSQL_8, "authentication_webauthn_client");
        assert_eq!(peer.take_log_in(), (native(CHALLENGE), "mysql_native_password".into()));
        peer.send(&switch("caching_sha2_password", OTHER_CHALLENGE));
        assert_eq!(peer.receive(), Some(caching_sha2(OTHER_CHALLENGE)));
        peer.send(&[1, 3]);
    });
}

#[test]
fn a_way_that_is_not_known_is_named_with_those_that_are() {
    let error = refused(|peer| {
        peer.greet(can::MYSQL_8, "mysql_native_password");
        peer.take_log_in();
        peer.send(&switch("dialog", b"Password: "));
    });
    assert!(error.message.contains("'dialog'") && error.message.contains("caching_sha2_password"), "{error}");
    let error = refused(|peer| {
        peer.greet(can::MYSQL_8, "mysql_native_password");
        peer.take_log_in();
        peer.send(&[1, 2]);
    });
    assert!(error.message.contains("something unknown"), "{error}");
}

#[test]
fn an_error_instead_of_a_greeting_or_after_the_log_in_is_told_with_advice() {
    // Before the log-in there is no state in it.
    let error = refused(|peer| peer.send(b"\xFF\x10\x04Too many connections"));
    assert_eq!(error.detail.driver_code.as_deref(), Some("ER_CON_COUNT_ERROR"));
    assert!(error.message.contains("Too many connections") && error.message.contains("pool.max"), "{error}");
    let error = refused(|peer| {
        peer.greet(can::MYSQL_8, "mysql_native_password");
        peer.take_log_in();
        peer.send(&self::error(1045, "Access denied for user 'someone'"));
    });
    assert_eq!(error.detail.native_code.as_deref(), Some("1045"));
    assert!(error.message.contains("check username and password"), "{error}");
}

#[test]
fn a_server_that_does_not_speak_the_protocol_is_no_server() {
    for packet in [
        &b""[..],
        b"\x09old",
        b"\x0A8.4.0\0",
        // Without challenges of 20 bytes.
        b"\x0A4.0.1\0\x07\0\0\0abcdefgh\0\0\0\x08\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0abcdefghijkl\0",
    ] {
        refused(move |peer| peer.send(packet));
    }
    // It asks for the passwords of MySQL 4.0.
    refused(|peer| {
        peer.greet(can::MYSQL_8, "mysql_native_password");
        peer.take_log_in();
        peer.send(&[0xFE]);
    });
    // A greeting that ends in its middle.
    refused(|peer| {
        peer.raw(&[100, 0, 0, 0, 0x0A]);
        peer.close_writing();
    });
}
