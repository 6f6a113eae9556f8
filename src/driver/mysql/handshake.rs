//! The two packets of a log-in that are always there: the server's greeting, and what it is told.
//!
//! <https://mariadb.com/kb/en/connection/>

use std::io;

use bytes::{BufMut as _, BytesMut};

use super::capabilities::{CLIENT_MYSQL, CONNECT_WITH_DB, Capabilities, NEEDED, PLUGIN_AUTH};
use super::packet_reader::{PacketReader, malformed};
use crate::config::Endpoint;

/// utf8mb4 with its general collation: every server has it. `set names` says which one it shall be.
const UTF8MB4: u8 = 45;

/// Longest packet that is taken: the protocol's limit.
const MAX_PACKET: u32 = 1 << 30;

/// What the server says first.
#[derive(Debug)]
pub struct Greeting {
    /// What it can do.
    pub capabilities: Capabilities,
    /// What a password is proved with.
    pub challenge: Vec<u8>,
    /// The way to log in that it would like.
    pub plugin: String,
}

impl Greeting {
    /// Reads the packet.
    ///
    /// # Errors
    /// For another protocol than that of MySQL 4.1 and later.
    pub fn read(payload: &[u8]) -> io::Result<Self> {
        let mut reader = PacketReader(payload);
        if reader.byte()? != 10 {
            return Err(malformed());
        }
        let _version = reader.until_zero();
        let _session = reader.word32()?;
        let mut challenge = reader.bytes(8)?.to_vec();
        reader.byte()?;
        let low = reader.word16()?;
        let (_charset, _status) = (reader.byte()?, reader.word16()?);
        let high = reader.word16()?;
        let challenge_length = usize::from(reader.byte()?);
        reader.bytes(6)?;
        let own = reader.word32()?;
        let mut capabilities = u64::from(low) | u64::from(high) << 16;
        if capabilities & CLIENT_MYSQL == 0 {
            capabilities |= u64::from(own) << 32;
        }
        if capabilities & NEEDED != NEEDED {
            return Err(io::Error::new(io::ErrorKind::Unsupported, "the server is older than MySQL 5.5"));
        }
        // At least 13 bytes, the last of which is a zero.
        challenge.extend_from_slice(reader.bytes(challenge_length.saturating_sub(8).max(13))?);
        challenge.truncate(20);
        let plugin = String::from_utf8_lossy(reader.until_zero()).into_owned();
        Ok(Self { capabilities, challenge, plugin })
    }
}

/// How every answer to the greeting starts; all of it is a request for TLS.
pub fn write_start(capabilities: Capabilities, out: &mut BytesMut) {
    let capabilities = capabilities.to_le_bytes();
    let (low, high) = capabilities.split_at(4);
    out.put_slice(low);
    out.put_u32_le(MAX_PACKET);
    out.put_u8(UTF8MB4);
    out.put_bytes(0, 19);
    out.put_slice(high);
}

/// The answer: who logs in, with the first proof of the password.
pub fn write_answer(
    capabilities: Capabilities,
    endpoint: &Endpoint,
    (plugin, proof): (&str, &[u8]),
    out: &mut BytesMut,
) {
    write_start(capabilities, out);
    write_until_zero(&endpoint.username, out);
    // A proof is at most 33 bytes long here: a length of one byte.
    out.put_u8(u8::try_from(proof.len()).unwrap_or_default());
    out.extend_from_slice(proof);
    if capabilities & CONNECT_WITH_DB != 0 {
        write_until_zero(&endpoint.database, out);
    }
    if capabilities & PLUGIN_AUTH != 0 {
        write_until_zero(plugin, out);
    }
}

fn write_until_zero(text: &str, out: &mut BytesMut) {
    out.extend_from_slice(text.as_bytes());
    out.put_u8(0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_greeting_is_read_and_a_shorter_one_refused() {
        let mut packet = b"\x0A11.4.2-MariaDB\0\x05\0\0\0abcdefgh\0\xFE\xF7\x2D\x02\0\xFF\x81\x15\0\0\0\0\0\0\x18\0\0\0ijklmnopqrst\0mysql_native_password\0".to_vec();
        let greeting = Greeting::read(&packet);
        let Ok(greeting) = greeting else { unreachable!("{greeting:?}") };
        assert_eq!(greeting.challenge, b"abcdefghijklmnopqrst");
        assert_eq!(greeting.plugin, "mysql_native_password");
        assert_eq!(greeting.capabilities >> 32, 0x18);
        packet.truncate(40);
        assert!(Greeting::read(&packet).is_err());
        assert!(Greeting::read(b"\x09").is_err());
    }
}
