//! [`read_type`]: types from how MySQL and MariaDB spell them.

use super::expression::{one_spelling, unescape};
use super::types::SHAPES;
use crate::schema::expression::{Token, tokens};
use crate::schema::{Column, ColumnType};

/// Other words for types (MySQL 8.4 §13.1.1, §13.9; MariaDB "Synonyms").
const SYNONYMS: [(&str, &str); 22] = [
    ("bool", "tinyint(1)"),
    ("boolean", "tinyint(1)"),
    ("character varying", "varchar"),
    ("character", "char"),
    ("dec", "decimal"),
    ("double precision", "double"),
    ("fixed", "decimal"),
    ("float4", "float"),
    ("float8", "double"),
    ("geomcollection", "geometrycollection"),
    ("int1", "tinyint"),
    ("int2", "smallint"),
    ("int3", "mediumint"),
    ("int4", "int"),
    ("int8", "bigint"),
    ("integer", "int"),
    ("long varchar", "mediumtext"),
    ("long", "mediumtext"),
    ("middleint", "mediumint"),
    ("numeric", "decimal"),
    ("real", "double"),
    ("varcharacter", "varchar"),
];

/// What may follow a type.
const FLAGS: [&str; 5] = ["unsigned", "signed", "zerofill", "srid", "ref_system_id"];

/// Takes the type of a column from how the catalogue, or a blueprint, spells it. What the server fills
/// in is filled in: `char` is `char(1)`, `decimal` is `decimal(10,0)`, `float(30)` is `double`.
pub fn read_type(spelled: &str, column: &mut Column) {
    let read = Spelled::read(spelled);
    let flags = read.flags.to_lowercase();
    if flags.split_whitespace().any(|flag| flag == "zerofill") {
        column.unsigned = false; // the text says it
        column.column_type = ColumnType::Raw { sql: read.with_flags("unsigned zerofill") };
        return;
    }
    let known = match flags.as_str() {
        "" | "unsigned" | "signed" => read.known().or_else(|| read.shape(None)),
        _ => srid(&flags).and_then(|srid| read.shape(Some(srid))),
    };
    column.unsigned |= flags == "unsigned" && known.is_some();
    column.column_type = known.unwrap_or_else(|| ColumnType::Raw { sql: read.with_flags(&read.flags) });
}

/// The spatial reference system that MariaDB or MySQL names behind a shape. MySQL can name none, 0,
/// which is not the same as naming nothing.
fn srid(flags: &str) -> Option<u32> {
    let number = flags.strip_prefix("ref_system_id=").or_else(|| flags.strip_prefix("srid "))?;
    number.trim().parse().ok().filter(|srid| *srid > 0)
}

/// A type in its parts: `decimal`, `8,2`, `unsigned`.
struct Spelled {
    /// In lower case.
    name: String,
    /// What is between the parentheses, without spaces.
    inside: Option<String>,
    /// What follows.
    flags: String,
}

impl Spelled {
    fn read(spelled: &str) -> Self {
        let spelled = one_spelling(spelled.trim());
        let (mut name, mut inside, mut flags) = (Vec::new(), None, String::new());
        let (mut is_inside, mut is_past) = (false, false);
        for token in tokens(&spelled) {
            match token {
                Token::Sign(")") if is_inside => (is_inside, is_past) = (false, true),
                Token::Space(_) if is_inside => {}
                _ if is_inside => inside.get_or_insert_with(String::new).push_str(token.text()),
                Token::Sign("(") if !is_past => (is_inside, inside) = (true, Some(String::new())),
                Token::Word(word) if !is_past && !is_flag(word) => name.push(word.to_lowercase()),
                Token::Space(_) if !is_past => {}
                _ => {
                    is_past = true;
                    flags.push_str(token.text());
                }
            }
        }
        let flags = flags.trim().to_owned();
        let name = name.join(" ");
        let synonym = SYNONYMS.iter().find(|(other, _)| *other == name).map(|(_, name)| *name);
        match (synonym, name.as_str()) {
            (Some("tinyint(1)"), _) => {
                Self { name: "tinyint".to_owned(), inside: Some("1".to_owned()), flags }
            }
            (Some(known), _) => Self { name: known.to_owned(), inside, flags },
            (None, "bit") => Self { name, inside: inside.or_else(|| Some("1".to_owned())), flags },
            (None, _) => Self { name, inside, flags },
        }
    }

    /// As the server spells it.
    fn with_flags(&self, flags: &str) -> String {
        let inside = self.inside.as_ref().map_or_else(String::new, |inside| format!("({inside})"));
        format!("{}{inside} {flags}", self.name).trim_end().to_owned()
    }

    /// The numbers between the parentheses.
    fn numbers(&self) -> Vec<Option<u32>> {
        let inside = self.inside.as_deref().unwrap_or_default();
        if inside.is_empty() { Vec::new() } else { inside.split(',').map(|part| part.parse().ok()).collect() }
    }

    /// The type that is meant; none for what no `ColumnType` says.
    fn known(&self) -> Option<ColumnType> {
        let numbers = self.numbers();
        let one = numbers.first().copied().flatten();
        let no_more_than = |count: usize| numbers.len() <= count;
        let fraction = || one.filter(|digits| *digits > 0);
        Some(match self.name.as_str() {
            "tinyint" if self.inside.as_deref() == Some("1") => ColumnType::Boolean,
            "tinyint" => ColumnType::TinyInteger,
            "smallint" => ColumnType::SmallInteger,
            "mediumint" => ColumnType::MediumInteger,
            "int" => ColumnType::Integer,
            "bigint" => ColumnType::BigInteger,
            "float" if no_more_than(1) && one.is_some_and(|bits| bits > 24) => ColumnType::Double,
            "float" if no_more_than(1) => ColumnType::Float { precision: None },
            "double" if no_more_than(0) => ColumnType::Double,
            "decimal" => ColumnType::Decimal {
                precision: one.unwrap_or(10),
                scale: numbers.get(1).copied().flatten().unwrap_or(0),
            },
            "char" => ColumnType::Char { length: Some(one.unwrap_or(1)) },
            "varchar" => ColumnType::String { length: Some(one?) },
            "tinytext" => ColumnType::TinyText,
            "text" if no_more_than(0) => ColumnType::Text,
            "mediumtext" => ColumnType::MediumText,
            "longtext" => ColumnType::LongText,
            "enum" => ColumnType::Enum { values: self.texts()? },
            "set" => ColumnType::Set { values: self.texts()? },
            "json" => ColumnType::Json,
            "date" => ColumnType::Date,
            "datetime" => ColumnType::DateTime { precision: fraction() },
            "time" => ColumnType::Time { precision: fraction() },
            "timestamp" => ColumnType::Timestamp { precision: fraction() },
            "year" => ColumnType::Year,
            "binary" => ColumnType::Binary { length: Some(one.unwrap_or(1)), fixed: true },
            "varbinary" => ColumnType::Binary { length: Some(one?), fixed: false },
            "blob" if no_more_than(0) => ColumnType::Binary { length: None, fixed: false },
            "uuid" => ColumnType::Uuid,
            "vector" => ColumnType::Vector { dimensions: one },
            _ => return None,
        })
    }

    /// The shape that is meant.
    fn shape(&self, srid: Option<u32>) -> Option<ColumnType> {
        let subtype = SHAPES.contains(&self.name.as_str()).then(|| self.name.clone());
        let is_shape = subtype.is_some() || self.name == "geometry";
        is_shape.then_some(ColumnType::Geometry { subtype, srid })
    }

    /// The texts between the parentheses.
    fn texts(&self) -> Option<Vec<String>> {
        let mut values = Vec::new();
        for token in tokens(self.inside.as_deref()?) {
            match token {
                Token::Text(text) => values.push(unescape(text.get(1..text.len() - 1)?)),
                Token::Sign(",") | Token::Space(_) => {}
                _ => return None,
            }
        }
        Some(values)
    }
}

fn is_flag(word: &str) -> bool {
    FLAGS.iter().any(|flag| word.eq_ignore_ascii_case(flag))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(spelled: &str) -> (ColumnType, bool) {
        let mut column = Column::new("c", ColumnType::Date);
        read_type(spelled, &mut column);
        (column.column_type, column.unsigned)
    }

    fn raw(sql: &str) -> (ColumnType, bool) {
        (ColumnType::Raw { sql: sql.to_owned() }, false)
    }

    #[test]
    fn display_widths_say_nothing_but_that_of_a_truth_value() {
        assert_eq!(read("int(10) unsigned"), (ColumnType::Integer, true));
        assert_eq!(read("INT UNSIGNED"), (ColumnType::Integer, true));
        assert_eq!(read("bigint(20)"), (ColumnType::BigInteger, false));
        assert_eq!(read("tinyint(4)"), (ColumnType::TinyInteger, false));
        assert_eq!(read("tinyint(1)"), (ColumnType::Boolean, false));
        assert_eq!(read("bool"), (ColumnType::Boolean, false));
        assert_eq!(read("year(4)"), (ColumnType::Year, false));
    }

    #[test]
    fn what_the_server_fills_in_is_filled_in() {
        assert_eq!(read("char"), (ColumnType::Char { length: Some(1) }, false));
        assert_eq!(read("numeric(8)"), (ColumnType::Decimal { precision: 8, scale: 0 }, false));
        assert_eq!(read("decimal(8, 2) unsigned"), (ColumnType::Decimal { precision: 8, scale: 2 }, true));
        assert_eq!(read("float(24)"), (ColumnType::Float { precision: None }, false));
        assert_eq!(read("float(25)"), (ColumnType::Double, false));
        assert_eq!(read("datetime(0)"), (ColumnType::DateTime { precision: None }, false));
        assert_eq!(read("timestamp(6)"), (ColumnType::Timestamp { precision: Some(6) }, false));
        assert_eq!(read("bit"), raw("bit(1)"));
    }

    #[test]
    fn the_values_of_an_enum_keep_quotes_backslashes_commas_and_parentheses() {
        let values = ["a", "b'c", r"d\e", "f,g (h)", "ü", ""].map(str::to_owned).to_vec();
        assert_eq!(
            read(r"enum('a','b''c','d\\e','f,g (h)','ü','')"),
            (ColumnType::Enum { values: values.clone() }, false)
        );
        assert_eq!(read(r"set('a', 'b\'c', 'd\\e','f,g (h)','ü','')"), (ColumnType::Set { values }, false));
    }

    #[test]
    fn shapes_may_name_their_reference_system() {
        let point = |srid| (ColumnType::Geometry { subtype: Some("point".to_owned()), srid }, false);
        assert_eq!(read("point"), point(None));
        assert_eq!(read("point ref_system_id=4326"), point(Some(4326)));
        assert_eq!(read("point srid 4326"), point(Some(4326)));
        assert_eq!(read("point srid 0"), raw("point srid 0"));
        assert_eq!(read("geometry"), (ColumnType::Geometry { subtype: None, srid: None }, false));
        let collection = ColumnType::Geometry { subtype: Some("geometrycollection".to_owned()), srid: None };
        assert_eq!(read("geomcollection"), (collection, false));
    }

    #[test]
    fn what_no_type_means_stays_as_the_server_spells_it() {
        for spelled in
            ["inet6", "bit(3)", "double(8,2)", "float(8,2)", "mediumblob", "text /*M!100301 COMPRESSED*/"]
        {
            assert_eq!(read(spelled), raw(spelled));
        }
        assert_eq!(read("INET6"), raw("inet6"));
        assert_eq!(read("int(6) unsigned zerofill"), raw("int(6) unsigned zerofill"));
        assert_eq!(read("int(6) zerofill"), raw("int(6) unsigned zerofill"));
    }
}
