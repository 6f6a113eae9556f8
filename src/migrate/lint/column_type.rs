//! [`ColumnType`]: a type as far as it decides what becomes of the rows when a column gets another one.

/// What values of a type are.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Family {
    /// Bytes, and whether it is unsigned.
    Integer(u8, bool),
    /// Digits in all and behind the point; none: as many as there are.
    Decimal(Option<(u64, u64)>),
    /// Bytes.
    Float(u8),
    /// Longest text; none: no limit.
    Text(Option<u64>),
    Char(u64),
    Timestamp {
        has_zone: bool,
    },
    Date,
    Boolean,
    Enum,
    Other,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ColumnType {
    family: Family,
    /// In lower case, without blanks that mean nothing.
    text: String,
}

impl ColumnType {
    pub(super) fn read(text: &str) -> Self {
        let text = text.trim().to_lowercase().replace(", ", ",").replace('"', "");
        let (name, rest) = text.split_at(text.find('(').unwrap_or(text.len()));
        let arguments = rest.trim_start_matches('(').split(')').next().unwrap_or("");
        let after = rest.split_once(')').map_or("", |(_, after)| after);
        let number = |at: usize| arguments.split(',').nth(at).and_then(|digits| digits.trim().parse().ok());
        let mut words: Vec<&str> = name.split_whitespace().chain(after.split_whitespace()).collect();
        let is_unsigned = words.contains(&"unsigned");
        words.retain(|word| !matches!(*word, "unsigned" | "signed" | "zerofill"));
        let is_array = text.ends_with("[]");
        let family = match words.join(" ").as_str() {
            _ if is_array => Family::Other,
            "tinyint" if number(0) == Some(1) => Family::Boolean,
            "tinyint" => Family::Integer(1, is_unsigned),
            "smallint" | "int2" | "smallserial" => Family::Integer(2, is_unsigned),
            "mediumint" => Family::Integer(3, is_unsigned),
            "int" | "integer" | "int4" | "serial" => Family::Integer(4, is_unsigned),
            "bigint" | "int8" | "bigserial" => Family::Integer(8, is_unsigned),
            "numeric" | "decimal" | "dec" => {
                Family::Decimal(number(0).map(|digits| (digits, number(1).unwrap_or(0))))
            }
            "real" | "float4" => Family::Float(4),
            "float" if number(0).is_some_and(|bits| bits < 25) => Family::Float(4),
            "double precision" | "double" | "float8" | "float" => Family::Float(8),
            "varchar" | "character varying" | "nvarchar" => Family::Text(number(0)),
            "text" | "longtext" | "citext" | "ntext" => Family::Text(None),
            "tinytext" => Family::Text(Some(255)),
            "mediumtext" => Family::Text(Some(16_777_215)),
            "char" | "character" | "bpchar" | "nchar" => Family::Char(number(0).unwrap_or(1)),
            "timestamptz" | "timestamp with time zone" | "datetimeoffset" => {
                Family::Timestamp { has_zone: true }
            }
            "timestamp" | "timestamp without time zone" | "datetime" | "datetime2" => {
                Family::Timestamp { has_zone: false }
            }
            "date" => Family::Date,
            "boolean" | "bool" | "bit" => Family::Boolean,
            "enum" => Family::Enum,
            _ => Family::Other,
        };
        Self { family, text }
    }

    /// Whether both are one type in two spellings.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.text == other.text
            || self.family == other.family
                && !matches!(self.family, Family::Other | Family::Enum | Family::Timestamp { .. })
            || self.is_timestamp_like(other)
    }

    /// `timestamp(0)` and `timestamp(0) without time zone`.
    fn is_timestamp_like(&self, other: &Self) -> bool {
        let places =
            |text: &str| text.split_once('(').and_then(|(_, rest)| rest.split(')').next().map(str::to_owned));
        matches!(self.family, Family::Timestamp { .. })
            && self.family == other.family
            && places(&self.text).unwrap_or_else(|| "6".into())
                == places(&other.text).unwrap_or_else(|| "6".into())
    }

    /// Whether it holds everything that `other` holds, in the same form.
    fn widens(&self, other: &Self) -> bool {
        match (&other.family, &self.family) {
            (Family::Text(_), Family::Text(None)) | (Family::Decimal(_), Family::Decimal(None)) => true,
            (Family::Text(Some(from)), Family::Text(Some(to))) => to >= from,
            (Family::Decimal(Some(from)), Family::Decimal(Some(to))) => to.1 == from.1 && to.0 >= from.0,
            _ => false,
        }
    }

    /// Whether PostgreSQL or SQL Server writes every row anew to make this type of `old`.
    pub(super) fn rewrites(&self, old: Option<&Self>) -> bool {
        match old {
            None => !matches!(self.family, Family::Text(_)),
            Some(old) => !self.is(old) && !self.widens(old),
        }
    }

    /// Whether MySQL copies the table: texts up to 255 bytes keep their length in one byte, longer ones in two.
    pub(super) fn copies(&self, old: &Self) -> bool {
        const BYTES: u64 = 4;
        if self.is(old) {
            return false;
        }
        match (&old.family, &self.family) {
            (Family::Text(Some(from)), Family::Text(Some(to))) => {
                to < from || (from * BYTES < 256) != (to * BYTES < 256)
            }
            (Family::Enum, Family::Enum) => {
                let values = |text: &str| text.trim_end_matches(')').to_owned();
                !values(&self.text).starts_with(&values(&old.text))
            }
            _ => true,
        }
    }

    /// Whether values of `old` may be cut or refused.
    pub(super) fn narrows(&self, old: &Self) -> bool {
        use Family::{Boolean, Char, Date, Decimal, Enum, Float, Integer, Other, Text, Timestamp};
        if self.is(old) {
            return false;
        }
        match (&old.family, &self.family) {
            (Integer(from, unsigned), Integer(to, is_unsigned)) => {
                to < from || to == from && unsigned != is_unsigned || *is_unsigned && !unsigned
            }
            (Decimal(Some(from)), Decimal(Some(to))) => {
                to.1 < from.1 || to.0 - to.1.min(to.0) < from.0 - from.1.min(from.0)
            }
            (Float(from), Float(to)) => to < from,
            (Text(from), Text(Some(to))) => from.is_none_or(|from| *to < from),
            (Text(from), Char(to)) => from.is_none_or(|from| *to < from),
            (Char(from), Char(to) | Text(Some(to))) => to < from,
            (Text(_) | Char(_), Text(None)) => false,
            (Text(_) | Char(_), Other) => !self.text.contains("text") && !self.text.contains("blob"),
            (Text(_) | Char(_), _)
            | (Decimal(None), Decimal(Some(_)))
            | (Decimal(_) | Float(_), Integer(..))
            | (Float(_), Decimal(_))
            | (Timestamp { has_zone: true }, Timestamp { has_zone: false })
            | (Timestamp { .. }, Date) => true,
            (Enum, Enum) => self.copies(old),
            (from, Boolean) => *from != Boolean,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(old: &str, new: &str) -> (ColumnType, ColumnType) {
        (ColumnType::read(old), ColumnType::read(new))
    }

    #[test]
    fn spellings_of_one_type_are_the_same() {
        for (old, new) in [
            ("integer", "int4"),
            ("int(11)", "int"),
            ("character varying(50)", "VARCHAR(50)"),
            ("numeric(10,2)", "decimal(10, 2)"),
            ("timestamp(0) without time zone", "timestamp(0)"),
            ("bigint(20) unsigned", "bigint unsigned"),
            ("double precision", "float8"),
        ] {
            let (old, new) = pair(old, new);
            assert!(new.is(&old), "{old:?} {new:?}");
            assert!(!new.rewrites(Some(&old)) && !new.narrows(&old) && !new.copies(&old), "{old:?}");
        }
        let (old, new) = pair("timestamp(6) without time zone", "timestamp(0)");
        assert!(!new.is(&old));
    }

    #[test]
    fn postgres_rewrites_what_changes_its_form() {
        for (old, new, rewrites) in [
            ("integer", "bigint", true),
            ("character varying(255)", "integer", true),
            ("character varying(50)", "varchar(255)", false),
            ("character varying(255)", "varchar(50)", true),
            ("character varying(255)", "text", false),
            ("text", "varchar(50)", true),
            ("numeric(8,2)", "numeric(12,2)", false),
            ("numeric(8,2)", "numeric(12,4)", true),
            ("json", "jsonb", true),
        ] {
            let (old, new) = pair(old, new);
            assert_eq!(new.rewrites(Some(&old)), rewrites, "{old:?} {new:?}");
        }
        assert!(ColumnType::read("bigint").rewrites(None));
        assert!(!ColumnType::read("text").rewrites(None));
    }

    #[test]
    fn narrowing_is_what_may_cut_or_fail() {
        for (old, new, narrows) in [
            ("bigint", "integer", true),
            ("integer", "bigint", false),
            ("int(10) unsigned", "int", true),
            ("varchar(255)", "varchar(50)", true),
            ("text", "varchar(50)", true),
            ("varchar(50)", "text", false),
            ("text", "integer", true),
            ("integer", "text", false),
            ("numeric(10,2)", "numeric(8,2)", true),
            ("numeric(8,2)", "numeric(10,2)", false),
            ("timestamp with time zone", "timestamp", true),
            ("double precision", "real", true),
            ("enum('a','b')", "enum('a')", true),
            ("enum('a','b')", "enum('a','b','c')", false),
        ] {
            let (old, new) = pair(old, new);
            assert_eq!(new.narrows(&old), narrows, "{old:?} {new:?}");
        }
    }

    #[test]
    fn mysql_copies_unless_the_form_stays() {
        for (old, new, copies) in [
            ("varchar(20)", "varchar(60)", false),
            ("varchar(60)", "varchar(100)", true),
            ("varchar(100)", "varchar(200)", false),
            ("int(11)", "bigint", true),
            ("enum('a')", "enum('a','b')", false),
            ("enum('a','b')", "enum('b','a')", true),
        ] {
            let (old, new) = pair(old, new);
            assert_eq!(new.copies(&old), copies, "{old:?} {new:?}");
        }
    }
}
