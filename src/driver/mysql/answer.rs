//! What the server answers besides rows: that it is done, or why not.
//!
//! <https://mariadb.com/kb/en/ok_packet/>, <https://mariadb.com/kb/en/err_packet/>

use std::io;

use super::capabilities::{Capabilities, DEPRECATE_EOF};
use super::packet_reader::{PacketReader, malformed};
use crate::dialect::mysql::errors::classify;
use crate::error::Error;

/// How the payload of an OK packet starts.
pub const OK: u8 = 0;
/// How the payload of the packet after the last row starts.
pub const END: u8 = 0xFE;
/// How the payload of an error starts.
pub const ERROR: u8 = 0xFF;

const IN_TRANSACTION: u16 = 1;
const MORE_RESULTS: u16 = 8;

/// The end of a result.
#[derive(Debug, Clone, Copy, Default)]
pub struct Done {
    /// Rows that were found or made.
    pub affected_rows: u64,
    /// The first key that was made; 0 when none.
    pub last_insert_id: u64,
    status: u16,
}

impl Done {
    /// Reads an OK packet.
    pub fn read(payload: &[u8]) -> io::Result<Self> {
        let mut reader = PacketReader(payload);
        reader.byte()?;
        let (affected_rows, last_insert_id) = (reader.number()?, reader.number()?);
        Ok(Self { affected_rows, last_insert_id, status: reader.word16()? })
    }

    /// Reads the packet after the last row.
    pub fn read_end(payload: &[u8], capabilities: Capabilities) -> io::Result<Self> {
        if capabilities & DEPRECATE_EOF != 0 {
            return Self::read(payload);
        }
        let mut reader = PacketReader(payload);
        let (_end, _warnings) = (reader.byte()?, reader.word16()?);
        Ok(Self { status: reader.word16()?, ..Self::default() })
    }

    /// Whether another result of the same text follows.
    pub fn has_more(self) -> bool {
        self.status & MORE_RESULTS != 0
    }

    /// Whether a transaction is open now.
    pub fn is_in_transaction(self) -> bool {
        self.status & IN_TRANSACTION != 0
    }
}

/// What an error packet says.
#[derive(Debug)]
pub struct ServerError {
    /// The server's number.
    pub number: u16,
    state: Option<String>,
    message: String,
}

impl ServerError {
    /// Reads an error packet.
    pub fn read(payload: &[u8]) -> io::Result<Self> {
        let mut reader = PacketReader(payload);
        if reader.byte()? != ERROR {
            return Err(malformed());
        }
        let number = reader.word16()?;
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        // Before the log-in there is no state.
        let state = match reader.0.split_first_chunk::<6>() {
            Some(([b'#', state @ ..], rest)) => {
                reader.0 = rest;
                Some(text(state))
            }
            _ => None,
        };
        Ok(Self { number, state, message: text(reader.0) })
    }

    /// Whether the server says nothing after it.
    pub fn ends_session(&self) -> bool {
        self.classify().code.ends_connection()
    }

    /// The same as an error of ours.
    pub fn classify(&self) -> Error {
        classify(self.number, self.state.as_deref(), &self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_rows_is_read_as_old_and_as_new_servers_say_it() -> io::Result<()> {
        let new = Done::read_end(&[END, 2, 7, 9, 0, 0, 0], DEPRECATE_EOF)?;
        assert_eq!((new.affected_rows, new.last_insert_id), (2, 7));
        assert!(new.has_more() && new.is_in_transaction());
        let old = Done::read_end(&[END, 0, 0, 1, 0], 0)?;
        assert!(!old.has_more() && old.is_in_transaction());
        Ok(())
    }

    #[test]
    fn an_error_has_a_state_once_the_log_in_is_over() -> io::Result<()> {
        let early = ServerError::read(b"\xFF\x10\x04Too many connections")?;
        assert_eq!((early.number, early.state, &*early.message), (1040, None, "Too many connections"));
        let late = ServerError::read(b"\xFF\x28\x04#42000syntax")?;
        assert_eq!((late.state.as_deref(), &*late.message), (Some("42000"), "syntax"));
        assert!(ServerError::read(b"\xFF\x28").is_err());
        Ok(())
    }
}
