//! [`ColumnType`]: THE list of logical column types.

use serde::{Deserialize, Serialize};

use crate::json::{tagged, written};

/// What a column holds. Each dialect's `types.rs` says what that is called there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum ColumnType {
    /// 8 bits.
    TinyInteger,
    /// 16 bits.
    SmallInteger,
    /// 24 bits on MySQL, 32 elsewhere.
    MediumInteger,
    /// 32 bits.
    Integer,
    /// 64 bits.
    BigInteger,
    /// Binary floating point; the precision counts bits of the mantissa.
    Float {
        /// 1 to 53; 25 and more is double precision.
        #[serde(default)]
        precision: Option<u32>,
    },
    /// Binary floating point, 53 bits.
    Double,
    /// Exact decimal numbers.
    Decimal {
        /// All digits.
        precision: u32,
        /// The digits after the point.
        scale: u32,
    },
    /// True or false.
    Boolean,
    /// Text of a fixed length, padded with spaces.
    Char {
        /// In characters.
        #[serde(default)]
        length: Option<u32>,
    },
    /// Text up to a length.
    String {
        /// In characters.
        #[serde(default)]
        length: Option<u32>,
    },
    /// Text up to 255 bytes.
    TinyText,
    /// Text up to 64 KiB on MySQL, 1 GiB elsewhere.
    Text,
    /// Text up to 16 MiB on MySQL, 1 GiB elsewhere.
    MediumText,
    /// Text up to 4 GiB on MySQL, 1 GiB elsewhere.
    LongText,
    /// One of a list of texts.
    Enum {
        /// The list.
        values: Vec<String>,
    },
    /// Any of a list of texts.
    Set {
        /// The list.
        values: Vec<String>,
    },
    /// JSON as it was written.
    Json,
    /// JSON taken apart, where the database has it.
    Jsonb,
    /// A day.
    Date,
    /// A day and a time, without zone.
    DateTime {
        /// Digits of the second's fraction, 0 to 6.
        #[serde(default)]
        precision: Option<u32>,
    },
    /// An instant: a day and a time with zone.
    DateTimeTz {
        /// Digits of the second's fraction, 0 to 6.
        #[serde(default)]
        precision: Option<u32>,
    },
    /// A time of day.
    Time {
        /// Digits of the second's fraction, 0 to 6.
        #[serde(default)]
        precision: Option<u32>,
    },
    /// A time of day with zone.
    TimeTz {
        /// Digits of the second's fraction, 0 to 6.
        #[serde(default)]
        precision: Option<u32>,
    },
    /// A day and a time; MySQL's `timestamp` where that exists.
    Timestamp {
        /// Digits of the second's fraction, 0 to 6.
        #[serde(default)]
        precision: Option<u32>,
    },
    /// An instant; MySQL's `timestamp` where that exists.
    TimestampTz {
        /// Digits of the second's fraction, 0 to 6.
        #[serde(default)]
        precision: Option<u32>,
    },
    /// A year.
    Year,
    /// Bytes.
    Binary {
        /// In bytes (MySQL only).
        #[serde(default)]
        length: Option<u32>,
        /// Exactly that many (MySQL only).
        #[serde(default)]
        fixed: bool,
    },
    /// A UUID.
    Uuid,
    /// A ULID, as 26 characters.
    Ulid,
    /// An IPv4 or IPv6 address.
    IpAddress,
    /// A hardware address.
    MacAddress,
    /// A shape on a plane. PostgreSQL needs `PostGIS`.
    Geometry {
        /// `point`, `polygon`…
        #[serde(default)]
        subtype: Option<String>,
        /// The spatial reference system; 0 says none.
        #[serde(default)]
        srid: Option<u32>,
    },
    /// A shape on the globe. PostgreSQL needs `PostGIS`.
    Geography {
        /// `point`, `polygon`…
        #[serde(default)]
        subtype: Option<String>,
        /// The spatial reference system.
        #[serde(default)]
        srid: Option<u32>,
    },
    /// Numbers compared by distance. PostgreSQL needs pgvector.
    Vector {
        /// How many numbers.
        #[serde(default)]
        dimensions: Option<u32>,
    },
    /// Text prepared for searching (PostgreSQL only).
    TsVector,
    /// What the expression of a computed column gives (SQL Server only; elsewhere such a column has a
    /// type of its own).
    Computed,
    /// A type in the database's own words.
    Raw {
        /// The words, as they are sent.
        sql: String,
    },
}

tagged!(ColumnType, "kind");
written!(ColumnType, "kind");

impl ColumnType {
    /// Whether the values are integers.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        matches!(
            self,
            Self::TinyInteger | Self::SmallInteger | Self::MediumInteger | Self::Integer | Self::BigInteger
        )
    }
}
