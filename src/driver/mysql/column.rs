//! [`Column`]: what the server says of a column.
//!
//! <https://mariadb.com/kb/en/result-set-packets/#column-definition-packet>

use std::io;

use super::packet_reader::PacketReader;

/// What the type of a column is called on the wire.
/// <https://mariadb.com/kb/en/result-set-packets/#field-types>
pub mod column_type {
    pub const DECIMAL: u8 = 0x00;
    pub const TINY: u8 = 0x01;
    pub const SHORT: u8 = 0x02;
    pub const LONG: u8 = 0x03;
    pub const FLOAT: u8 = 0x04;
    pub const DOUBLE: u8 = 0x05;
    pub const NULL: u8 = 0x06;
    pub const TIMESTAMP: u8 = 0x07;
    pub const LONG_LONG: u8 = 0x08;
    pub const INT24: u8 = 0x09;
    pub const DATE: u8 = 0x0A;
    pub const TIME: u8 = 0x0B;
    pub const DATETIME: u8 = 0x0C;
    pub const YEAR: u8 = 0x0D;
    pub const BIT: u8 = 0x10;
    pub const JSON: u8 = 0xF5;
    pub const NEW_DECIMAL: u8 = 0xF6;
    pub const ENUM: u8 = 0xF7;
    pub const SET: u8 = 0xF8;
    pub const BLOB: u8 = 0xFC;
    pub const VAR_STRING: u8 = 0xFD;
    pub const GEOMETRY: u8 = 0xFF;
}

const UNSIGNED_FLAG: u16 = 32;

/// The character set of what is no text.
const BINARY: u16 = 63;

/// The item of MariaDB's extended metadata that says how the content is written.
const FORMAT: u8 = 1;

/// A column of a result.
#[derive(Debug)]
#[allow(clippy::struct_field_names)] // `type` is a word of the language
pub struct Column<'a> {
    /// What it is called in the result.
    pub name: &'a [u8],
    /// One of [`column_type`].
    pub column_type: u8,
    /// MariaDB says that its text is JSON.
    pub is_json: bool,
    charset: u16,
    flags: u16,
}

impl<'a> Column<'a> {
    /// Reads the definition at the front. `is_extended`: [`super::capabilities::EXTENDED_METADATA`].
    pub fn read(reader: &mut PacketReader<'a>, is_extended: bool) -> io::Result<Self> {
        for _catalog_schema_alias_table in 0..4 {
            reader.prefixed()?;
        }
        let name = reader.prefixed()?;
        let _name_in_table = reader.prefixed()?;
        let is_json = is_extended && says_json(PacketReader(reader.prefixed()?))?;
        let mut rest = PacketReader(reader.prefixed()?);
        let charset = rest.word16()?;
        let _width = rest.word32()?;
        let column_type = rest.byte()?;
        let flags = rest.word16()?;
        Ok(Self { name, column_type, is_json, charset, flags })
    }

    /// Whether its numbers have no sign.
    pub fn is_unsigned(&self) -> bool {
        self.flags & UNSIGNED_FLAG != 0
    }

    /// Whether it holds text, not bytes. Of the types that can hold either.
    pub fn is_text(&self) -> bool {
        self.charset != BINARY
    }
}

fn says_json(mut items: PacketReader<'_>) -> io::Result<bool> {
    while !items.0.is_empty() {
        let (item, value) = (items.byte()?, items.prefixed()?);
        if item == FORMAT && value == b"json" {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extended_metadata_is_read_item_by_item() -> io::Result<()> {
        for (items, is_json) in [
            (&b""[..], false),
            (b"\x01\x04json", true),
            (b"\x00\x05point", false),
            (b"\x00\x01\x01\x01\x04json", true),
            (b"\x00\x06\x01\x04json", false),
        ] {
            assert_eq!(says_json(PacketReader(items))?, is_json, "{items:?}");
        }
        assert!(says_json(PacketReader(b"\x00\x09point")).is_err());
        Ok(())
    }

    #[test]
    fn a_definition_may_say_more_than_is_known_here() -> io::Result<()> {
        let one = b"\x03def\0\0\0\x01n\0\x0E\x2D\0\xFF\0\0\0\x03\x20\0\0\0\0\xAA\xBB";
        let two = [&one[..], one].concat();
        let mut reader = PacketReader(&two);
        for _ in 0..2 {
            let column = Column::read(&mut reader, false)?;
            assert_eq!((column.name, column.column_type), (&b"n"[..], column_type::LONG));
            assert!(column.is_unsigned() && column.is_text());
        }
        assert!(reader.0.is_empty());
        Ok(())
    }
}
