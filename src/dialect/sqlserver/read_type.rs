//! [`read_type`]: the column type that a name of SQL Server's means.

use crate::schema::expression::{Token, tokens};
use crate::schema::{Column, ColumnType};

/// Takes the type of a column from how the catalogue, or a definition, spells it.
///
/// One type stands for all that the server does not tell apart: `nvarchar(45)` is a string, though an
/// address is one, too. The server has two widths of `float` ("float and real": up to 24 bits is
/// `real`), and seven digits of a second unless fewer are asked for.
pub fn read_type(spelled: &str, column: &mut Column) {
    let known = enumeration(spelled, &column.name).or_else(|| known(spelled));
    column.column_type = known.unwrap_or_else(|| ColumnType::Raw { sql: spelled.to_owned() });
}

/// `nvarchar(255) check ("state" in (N'open', N'done'))`
fn enumeration(spelled: &str, column: &str) -> Option<ColumnType> {
    let condition = spelled.strip_prefix("nvarchar(255) check (")?.strip_suffix(')')?;
    let quoted = format!("\"{}\" in (", column.replace('"', "\"\""));
    let list = condition.strip_prefix(&quoted)?.strip_suffix(')')?;
    let mut values = Vec::new();
    for token in tokens(list) {
        match token {
            Token::Text(text) => values.push(text.get(1..text.len() - 1)?.replace("''", "'")),
            Token::Space(_) | Token::Word("N") | Token::Sign(",") => {}
            _ => return None,
        }
    }
    Some(ColumnType::Enum { values })
}

fn known(spelled: &str) -> Option<ColumnType> {
    let lower = spelled.trim().to_lowercase();
    let (name, sizes) = match lower.split_once('(') {
        Some((name, rest)) => (name.trim_end(), Some(rest.strip_suffix(')')?)),
        None => (lower.as_str(), None),
    };
    if sizes == Some("max") {
        return match name {
            "nvarchar" => Some(ColumnType::Text),
            "varbinary" => Some(ColumnType::Binary { length: None, fixed: false }),
            _ => None,
        };
    }
    let numbers: Vec<u32> = match sizes {
        Some(sizes) => sizes.split(',').map(|size| size.trim().parse().ok()).collect::<Option<_>>()?,
        None => Vec::new(),
    };
    match numbers.as_slice() {
        [] => plain(name),
        [size] => sized(name, *size),
        [precision, scale] if matches!(name, "decimal" | "numeric") => {
            Some(ColumnType::Decimal { precision: *precision, scale: *scale })
        }
        _ => None,
    }
}

fn plain(name: &str) -> Option<ColumnType> {
    Some(match name {
        "tinyint" => ColumnType::TinyInteger,
        "smallint" => ColumnType::SmallInteger,
        "int" | "integer" => ColumnType::Integer,
        "bigint" => ColumnType::BigInteger,
        "bit" => ColumnType::Boolean,
        "real" => ColumnType::Float { precision: Some(24) },
        "float" | "double precision" => ColumnType::Double,
        // "decimal and numeric": 18 digits, none after the point.
        "decimal" | "numeric" => ColumnType::Decimal { precision: 18, scale: 0 },
        "date" => ColumnType::Date,
        "datetime" => ColumnType::DateTime { precision: None },
        "datetimeoffset" => ColumnType::DateTimeTz { precision: None },
        "time" => ColumnType::Time { precision: None },
        "uniqueidentifier" => ColumnType::Uuid,
        "geometry" => ColumnType::Geometry { subtype: None, srid: None },
        "geography" => ColumnType::Geography { subtype: None, srid: None },
        // "nchar and nvarchar", "binary and varbinary": without a length it is 1.
        "nchar" | "nvarchar" | "binary" | "varbinary" => return sized(name, 1),
        _ => return None,
    })
}

fn sized(name: &str, size: u32) -> Option<ColumnType> {
    Some(match (name, size) {
        ("nchar", length) => ColumnType::Char { length: Some(length) },
        ("nvarchar", length) => ColumnType::String { length: Some(length) },
        ("binary", length) => ColumnType::Binary { length: Some(length), fixed: true },
        ("varbinary", length) => ColumnType::Binary { length: Some(length), fixed: false },
        ("float", 1..=24) => ColumnType::Float { precision: Some(24) },
        ("float", 25..=53) => ColumnType::Double,
        ("decimal" | "numeric", precision) => ColumnType::Decimal { precision, scale: 0 },
        ("datetime2", 1..=6) => ColumnType::DateTime { precision: Some(size) },
        ("datetimeoffset", 1..=6) => ColumnType::DateTimeTz { precision: Some(size) },
        ("datetimeoffset", 7) => ColumnType::DateTimeTz { precision: None },
        ("time", 1..=6) => ColumnType::Time { precision: Some(size) },
        ("time", 7) => ColumnType::Time { precision: None },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::DriverName;
    use crate::dialect::ansi::table::Scope;
    use crate::dialect::schema::PlanOptions;
    use crate::dialect::sqlserver::types::sql_type;

    fn read(spelled: &str) -> ColumnType {
        let mut column = Column::new("sta\"te", ColumnType::Date);
        read_type(spelled, &mut column);
        column.column_type
    }

    fn spelled(column_type: ColumnType) -> String {
        let options = PlanOptions::default();
        let scope = Scope { driver: DriverName::SqlServer, prefix: "", options: &options };
        sql_type("t", &Column::new("sta\"te", column_type), &scope).unwrap_or_default()
    }

    /// What the catalogue calls a type that was defined by another of its names.
    fn as_catalogued(spelled: &str) -> &str {
        match spelled {
            "double precision" | "float" | "float(53)" => "float",
            "float(10)" | "float(24)" => "real",
            "time" => "time(7)",
            "datetimeoffset" => "datetimeoffset(7)",
            "nchar" => "nchar(1)",
            other => other,
        }
    }

    fn every_type() -> Vec<ColumnType> {
        let mut all = vec![
            ColumnType::TinyInteger,
            ColumnType::SmallInteger,
            ColumnType::MediumInteger,
            ColumnType::Integer,
            ColumnType::BigInteger,
            ColumnType::Float { precision: None },
            ColumnType::Float { precision: Some(10) },
            ColumnType::Float { precision: Some(53) },
            ColumnType::Double,
            ColumnType::Decimal { precision: 8, scale: 2 },
            ColumnType::Boolean,
            ColumnType::Char { length: None },
            ColumnType::Char { length: Some(4) },
            ColumnType::String { length: None },
            ColumnType::String { length: Some(50) },
            ColumnType::TinyText,
            ColumnType::Text,
            ColumnType::MediumText,
            ColumnType::LongText,
            ColumnType::Enum { values: vec!["open".to_owned(), "it's, (done)".to_owned()] },
            ColumnType::Json,
            ColumnType::Jsonb,
            ColumnType::Date,
            ColumnType::Year,
            ColumnType::Binary { length: None, fixed: false },
            ColumnType::Binary { length: None, fixed: true },
            ColumnType::Binary { length: Some(9), fixed: false },
            ColumnType::Binary { length: Some(9), fixed: true },
            ColumnType::Uuid,
            ColumnType::Ulid,
            ColumnType::IpAddress,
            ColumnType::MacAddress,
            ColumnType::Geometry { subtype: None, srid: Some(4326) },
            ColumnType::Geography { subtype: Some("point".to_owned()), srid: None },
            ColumnType::Raw { sql: "money".to_owned() },
        ];
        for precision in [None, Some(0), Some(3), Some(6)] {
            all.extend([
                ColumnType::DateTime { precision },
                ColumnType::DateTimeTz { precision },
                ColumnType::Timestamp { precision },
                ColumnType::TimestampTz { precision },
                ColumnType::Time { precision },
                ColumnType::TimeTz { precision },
            ]);
        }
        all
    }

    #[test]
    fn every_type_is_read_as_one_that_is_spelled_the_same() {
        for column_type in every_type() {
            let first = spelled(column_type.clone());
            let canonical = read(&first);
            let again = spelled(canonical.clone());
            assert_eq!(as_catalogued(&again), as_catalogued(&first), "{column_type:?}");
            assert_eq!(read(&again), canonical, "{column_type:?}");
            assert_eq!(read(as_catalogued(&first)), canonical, "{column_type:?}");
        }
    }

    #[test]
    fn what_no_type_means_stays_as_the_server_spells_it() {
        let raw = [
            "varchar(50)",
            "char(2)",
            "datetime2(7)",
            "datetime2(0)",
            "datetimeoffset(0)",
            "time(0)",
            "money",
            "smalldatetime",
            "xml",
            "timestamp",
            "sysname",
            "varchar(max)",
            "\"app\".\"phone\"",
            "nvarchar(255) check (\"other\" in (N'a'))",
        ];
        for sql in raw {
            assert_eq!(read(sql), ColumnType::Raw { sql: sql.to_owned() });
        }
        assert_eq!(read("NUMERIC(8,2)"), ColumnType::Decimal { precision: 8, scale: 2 });
    }
}
