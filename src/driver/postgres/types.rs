//! [`PgType`]: what the driver has to know about a type to read and to bind its values.

use crate::config::ConnectionConfig;
use crate::driver::ColumnKind;

/// Number of a type in `pg_type`.
pub(super) type Oid = u32;

/// A type without elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scalar {
    Bool,
    Int2,
    Int4,
    Int8,
    Oid,
    Float4,
    Float8,
    Bytea,
    Timestamp,
    TimestampTz,
    Date,
    Time,
    Json,
    /// Everything else: read and bound as the server writes it.
    Text,
}

/// A type as far as values differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PgType {
    Scalar(Scalar),
    Array {
        element: Scalar,
        /// Between the elements in text: `,`, or `;` for boxes.
        delimiter: u8,
    },
}

/// Types that PostgreSQL brings along: number, meaning, number of its array type.
/// Source: `select oid, typname, typarray from pg_type` of PostgreSQL 15.
const BUILT_IN: &[(Oid, Scalar, Oid)] = &[
    (16, Scalar::Bool, 1000),
    (17, Scalar::Bytea, 1001),
    (18, Scalar::Text, 1002), // "char"
    (19, Scalar::Text, 1003), // name
    (20, Scalar::Int8, 1016),
    (21, Scalar::Int2, 1005),
    (22, Scalar::Text, 1006), // int2vector
    (23, Scalar::Int4, 1007),
    (24, Scalar::Text, 1008), // regproc
    (25, Scalar::Text, 1009), // text
    (26, Scalar::Oid, 1028),
    (30, Scalar::Text, 1013), // oidvector
    (114, Scalar::Json, 199), // json
    (142, Scalar::Text, 143), // xml
    (650, Scalar::Text, 651), // cidr
    (700, Scalar::Float4, 1021),
    (701, Scalar::Float8, 1022),
    (705, Scalar::Text, 0),     // unknown
    (790, Scalar::Text, 791),   // money
    (829, Scalar::Text, 1040),  // macaddr
    (869, Scalar::Text, 1041),  // inet
    (1042, Scalar::Text, 1014), // character
    (1043, Scalar::Text, 1015), // character varying
    (1082, Scalar::Date, 1182),
    (1083, Scalar::Time, 1183),
    (1114, Scalar::Timestamp, 1115),
    (1184, Scalar::TimestampTz, 1185),
    (1186, Scalar::Text, 1187), // interval
    (1266, Scalar::Text, 1270), // time with time zone
    (1560, Scalar::Text, 1561), // bit
    (1562, Scalar::Text, 1563), // bit varying
    (1700, Scalar::Text, 1231), // numeric
    (2205, Scalar::Text, 2210), // regclass
    (2206, Scalar::Text, 2211), // regtype
    (2249, Scalar::Text, 0),    // record
    (2278, Scalar::Text, 0),    // void
    (2950, Scalar::Text, 2951), // uuid
    (3614, Scalar::Text, 3643), // tsvector
    (3802, Scalar::Json, 3807), // jsonb
];

impl PgType {
    /// Text.
    pub(super) const TEXT: Self = Self::Scalar(Scalar::Text);

    /// A type that needs no look-up.
    pub(super) fn built_in(oid: Oid) -> Option<Self> {
        BUILT_IN.iter().find_map(|&(own, scalar, array)| {
            if own == oid {
                Some(Self::Scalar(scalar))
            } else if array == oid && oid != 0 {
                Some(Self::Array { element: scalar, delimiter: b',' })
            } else {
                None
            }
        })
    }

    /// The type of arrays of a built-in type without elements.
    pub(super) fn array_of(oid: Oid) -> Option<Oid> {
        BUILT_IN.iter().find(|(own, _, array)| *own == oid && *array != 0).map(|(_, _, array)| *array)
    }

    /// Whether its values are integers.
    pub(super) fn is_integer(self) -> bool {
        matches!(self, Self::Scalar(Scalar::Int2 | Scalar::Int4 | Scalar::Int8 | Scalar::Oid))
    }

    /// The type as a column of it is read: `dates: 'string'` and `json: 'string'` make text of it.
    #[must_use]
    pub(super) fn as_read(self, config: &ConnectionConfig) -> Self {
        let read = |scalar| match scalar {
            Scalar::Timestamp | Scalar::TimestampTz if config.dates_as_text => Scalar::Text,
            Scalar::Json if config.json_as_text => Scalar::Text,
            other => other,
        };
        match self {
            Self::Scalar(scalar) => Self::Scalar(read(scalar)),
            Self::Array { element, delimiter } => Self::Array { element: read(element), delimiter },
        }
    }

    /// What its cells hold.
    pub(super) fn kind(self) -> ColumnKind {
        match self {
            Self::Scalar(scalar) => match scalar {
                Scalar::Bool => ColumnKind::Boolean,
                Scalar::Int2 | Scalar::Int4 | Scalar::Oid | Scalar::Float4 | Scalar::Float8 => {
                    ColumnKind::Number
                }
                Scalar::Int8 => ColumnKind::BigInteger,
                Scalar::Bytea => ColumnKind::Bytes,
                Scalar::Timestamp | Scalar::TimestampTz => ColumnKind::Instant,
                Scalar::Json => ColumnKind::Json,
                Scalar::Date | Scalar::Time | Scalar::Text => ColumnKind::Text,
            },
            Self::Array { element, .. } => match element {
                Scalar::Int8 => ColumnKind::BigIntegerArray,
                Scalar::Float4 | Scalar::Float8 => ColumnKind::NumberArray,
                Scalar::Bytea => ColumnKind::BytesArray,
                Scalar::Timestamp | Scalar::TimestampTz => ColumnKind::InstantArray,
                _ => ColumnKind::Array,
            },
        }
    }

    /// The format that results are asked for: 1 binary, 0 text. Binary where it is shorter to read
    /// than text, which is never wrong about settings such as `bytea_output`; arrays as their elements.
    pub(super) fn result_format(self) -> i16 {
        let (Self::Scalar(scalar) | Self::Array { element: scalar, .. }) = self;
        i16::from(!matches!(scalar, Scalar::Date | Scalar::Time | Scalar::Json | Scalar::Text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_type_is_in_the_list_twice() {
        let mut numbers: Vec<Oid> = BUILT_IN.iter().flat_map(|&(own, _, array)| [own, array]).collect();
        numbers.retain(|number| *number != 0);
        let all = numbers.len();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), all);
    }

    #[test]
    fn a_type_that_is_not_in_the_list_is_left_to_the_catalogue() {
        assert_eq!(PgType::built_in(16_384), None);
        assert_eq!(PgType::built_in(0), None);
    }
}
