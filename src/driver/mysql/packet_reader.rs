//! [`PacketReader`]: takes numbers and texts from a packet's payload.
//!
//! <https://mariadb.com/kb/en/protocol-data-types/>

use std::io;

/// A length that stands for null, in rows of text.
const NULL: u8 = 0xFB;

/// What is left of a payload.
#[derive(Debug, Clone, Copy)]
pub struct PacketReader<'a>(pub &'a [u8]);

impl<'a> PacketReader<'a> {
    /// Bytes.
    pub fn bytes(&mut self, count: usize) -> io::Result<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(count).ok_or_else(malformed)?;
        self.0 = rest;
        Ok(bytes)
    }

    fn array<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let (bytes, rest) = self.0.split_first_chunk().ok_or_else(malformed)?;
        self.0 = rest;
        Ok(*bytes)
    }

    /// A number of one byte.
    pub fn byte(&mut self) -> io::Result<u8> {
        self.array().map(|[byte]: [u8; 1]| byte)
    }

    /// A number of two bytes.
    pub fn word16(&mut self) -> io::Result<u16> {
        self.array().map(u16::from_le_bytes)
    }

    /// A number of four bytes.
    pub fn word32(&mut self) -> io::Result<u32> {
        self.array().map(u32::from_le_bytes)
    }

    /// A number that says itself how long it is.
    pub fn number(&mut self) -> io::Result<u64> {
        Ok(match self.byte()? {
            0xFC => self.word16()?.into(),
            0xFD => {
                let [first, second, third] = self.array()?;
                u32::from_le_bytes([first, second, third, 0]).into()
            }
            0xFE => self.array().map(u64::from_le_bytes)?,
            NULL | 0xFF => return Err(malformed()),
            small => small.into(),
        })
    }

    /// Bytes after their length.
    pub fn prefixed(&mut self) -> io::Result<&'a [u8]> {
        let length = self.number()?;
        self.bytes(usize::try_from(length).map_err(|_| malformed())?)
    }

    /// Bytes after their length, or null.
    pub fn prefixed_or_null(&mut self) -> io::Result<Option<&'a [u8]>> {
        if self.0.first() == Some(&NULL) {
            self.0 = &self.0[1..];
            return Ok(None);
        }
        self.prefixed().map(Some)
    }

    /// Bytes up to a zero, or to the end.
    pub fn until_zero(&mut self) -> &'a [u8] {
        let end = self.0.iter().position(|byte| *byte == 0);
        let bytes = &self.0[..end.unwrap_or(self.0.len())];
        self.0 = &self.0[end.map_or(self.0.len(), |end| end + 1)..];
        bytes
    }
}

/// A packet that is shorter than it says, or nothing that the protocol knows.
pub fn malformed() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the server's answer makes no sense")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_say_how_long_they_are() -> io::Result<()> {
        let mut reader =
            PacketReader(&[250, 0xFC, 1, 2, 0xFD, 1, 2, 3, 0xFE, 1, 0, 0, 0, 0, 0, 0, 0x80, 0xFF]);
        for number in [250, 0x0201, 0x03_0201, 0x8000_0000_0000_0001] {
            assert_eq!(reader.number()?, number);
        }
        assert!(reader.number().is_err());
        Ok(())
    }

    #[test]
    fn what_is_not_all_there_is_an_error() -> io::Result<()> {
        assert!(PacketReader(&[3, b'a', b'b']).prefixed().is_err());
        assert!(PacketReader(&[0xFC, 1]).number().is_err());
        assert_eq!(PacketReader(&[0xFB, 1]).prefixed_or_null()?, None);
        assert_eq!(PacketReader(b"ab\0c").until_zero(), b"ab");
        assert_eq!(PacketReader(b"ab").until_zero(), b"ab");
        Ok(())
    }
}
