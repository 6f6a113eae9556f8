//! How a password is proved, by the server's name of the way.
//!
//! <https://mariadb.com/kb/en/authentication-plugins/>,
//! <https://dev.mysql.com/doc/dev/mysql-server/latest/page_caching_sha2_authentication_exchanges.html>

use sha1::{Digest as _, Sha1};
use sha2::Sha256;

use super::failure::{Answered, Failure};

/// The way that every server knows, to start with when it names one that is not known here.
pub const NATIVE: &str = "mysql_native_password";
const CACHING_SHA2: &str = "caching_sha2_password";
const SHA256: &str = "sha256_password";

/// Says to a way of several steps that the password is needed as it is.
const SEND_PASSWORD: u8 = 4;
/// The server knew the proof.
const ACCEPTED: u8 = 3;

/// One log-in's password.
pub struct Password<'a> {
    /// The password; empty for none.
    pub text: &'a str,
    /// Whether nobody else can read what is sent: TLS, or a Unix socket.
    pub is_private: bool,
}

impl Password<'_> {
    /// What answers the challenge.
    ///
    /// # Errors
    /// For a way that is not known, or that sends the password as it is where others could read it.
    pub fn prove(&self, plugin: &str, challenge: &[u8]) -> Answered<Vec<u8>> {
        match plugin {
            NATIVE | CACHING_SHA2 | SHA256 if self.text.is_empty() => Ok(Vec::new()),
            NATIVE => Ok(native(self.text.as_bytes(), challenge)),
            CACHING_SHA2 => Ok(caching_sha2(self.text.as_bytes(), challenge)),
            SHA256 => self.as_it_is(),
            _ => Err(Failure::Refused(format!(
                "the server asks for the log-in '{plugin}', which is not known here; give the user one of {NATIVE}, {CACHING_SHA2}"
            ))),
        }
    }

    /// What answers a further question of the server, if it is one.
    ///
    /// # Errors
    /// As [`Password::prove`].
    pub fn go_on(&self, plugin: &str, question: &[u8]) -> Answered<Option<Vec<u8>>> {
        match (plugin, question) {
            (CACHING_SHA2, [ACCEPTED]) => Ok(None),
            (CACHING_SHA2, [SEND_PASSWORD]) => self.as_it_is().map(Some),
            _ => Err(Failure::Refused(format!(
                "the server asked something unknown during the log-in '{plugin}'"
            ))),
        }
    }

    /// Without TLS the password would need RSA, which is left out for RUSTSEC-2023-0071.
    fn as_it_is(&self) -> Answered<Vec<u8>> {
        if !self.is_private {
            return Err(Failure::NeedsEncryption);
        }
        let mut password = self.text.as_bytes().to_vec();
        password.push(0);
        Ok(password)
    }
}

/// `SHA1(password) xor SHA1(challenge, SHA1(SHA1(password)))`
fn native(password: &[u8], challenge: &[u8]) -> Vec<u8> {
    let once = Sha1::digest(password);
    let twice = Sha1::digest(once);
    let mask = Sha1::new().chain_update(challenge).chain_update(twice).finalize();
    once.iter().zip(mask).map(|(byte, mask)| byte ^ mask).collect()
}

/// `SHA256(password) xor SHA256(SHA256(SHA256(password)), challenge)`
fn caching_sha2(password: &[u8], challenge: &[u8]) -> Vec<u8> {
    let once = Sha256::digest(password);
    let twice = Sha256::digest(once);
    let mask = Sha256::new().chain_update(twice).chain_update(challenge).finalize();
    once.iter().zip(mask).map(|(byte, mask)| byte ^ mask).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHALLENGE: &[u8] = b"abcdefghijklmnopqrst";

    /// What a server does: it knows only the hash of the hash.
    #[test]
    fn a_server_that_knows_the_hash_of_the_hash_can_check_the_proof() {
        let proof = native(b"secret", CHALLENGE);
        let stored = Sha1::digest(Sha1::digest(b"secret"));
        let mask = Sha1::new().chain_update(CHALLENGE).chain_update(stored).finalize();
        let once: Vec<u8> = proof.iter().zip(mask).map(|(byte, mask)| byte ^ mask).collect();
        assert_eq!(Sha1::digest(once), stored);

        let proof = caching_sha2(b"secret", CHALLENGE);
        let stored = Sha256::digest(Sha256::digest(b"secret"));
        let mask = Sha256::new().chain_update(stored).chain_update(CHALLENGE).finalize();
        let once: Vec<u8> = proof.iter().zip(mask).map(|(byte, mask)| byte ^ mask).collect();
        assert_eq!(Sha256::digest(once), stored);
    }

    #[test]
    fn a_password_is_never_sent_as_it_is_where_others_can_read_it() {
        let (open, private) =
            (Password { text: "secret", is_private: false }, Password { text: "secret", is_private: true });
        assert!(matches!(open.prove(SHA256, CHALLENGE), Err(Failure::NeedsEncryption)));
        assert!(private.prove(SHA256, CHALLENGE).is_ok_and(|proof| proof == b"secret\0"));
        assert!(matches!(open.go_on(CACHING_SHA2, &[SEND_PASSWORD]), Err(Failure::NeedsEncryption)));
        assert!(private.go_on(CACHING_SHA2, &[SEND_PASSWORD]).is_ok_and(|proof| proof.is_some()));
        assert!(open.go_on(CACHING_SHA2, &[ACCEPTED]).is_ok_and(|proof| proof.is_none()));
    }

    #[test]
    fn no_password_is_no_proof_and_an_unknown_way_says_which_are_known() {
        let none = Password { text: "", is_private: false };
        for plugin in [NATIVE, CACHING_SHA2, SHA256] {
            assert!(none.prove(plugin, CHALLENGE).is_ok_and(|proof| proof.is_empty()));
        }
        let Err(Failure::Refused(reason)) = none.prove("dialog", CHALLENGE) else { unreachable!() };
        assert!(reason.contains("'dialog'") && reason.contains(CACHING_SHA2));
    }
}
