//! [`read_type`]: column types from how they are spelled, by the catalogue or by a person.

use crate::schema::expression::{Token, tokens};
use crate::schema::{Column, ColumnType};

/// Types that are an integer and a sequence.
const SERIALS: [&str; 6] = ["smallserial", "serial2", "serial", "serial4", "bigserial", "serial8"];

/// Takes the type of a column from how it is spelled. What no `ColumnType` means is kept as
/// `format_type` spells it. The type `serial` makes the column one that the server numbers.
pub fn read_type(spelled: &str, column: &mut Column) {
    if let Some(values) = values_of(spelled) {
        column.column_type = ColumnType::Enum { values };
        return;
    }
    let spelling = Spelling::read(spelled);
    column.auto_increment |= spelling.is_serial;
    column.column_type = spelling.column_type().unwrap_or_else(|| ColumnType::Raw { sql: spelling.text() });
}

/// The values of `varchar(255) check ("state" in ('a', 'b'))`, as the schema builder makes an enum.
fn values_of(spelled: &str) -> Option<Vec<String>> {
    let list = spelled.strip_prefix("varchar(255) check (")?.strip_suffix("))")?;
    let mut all =
        tokens(list).into_iter().filter(|token| !matches!(token, Token::Space(_) | Token::Sign(",")));
    let start = (all.next()?, all.next()?, all.next()?);
    let (Token::Name(_), Token::Word("in"), Token::Sign("(")) = start else { return None };
    all.map(|token| match token {
        Token::Text(text) => Some(text.get(1..text.len() - 1)?.replace("''", "'")),
        _ => None,
    })
    .collect()
}

/// A type's name in its parts: `timestamp`, `6`, `without time zone`, no brackets.
#[derive(Debug, Default)]
struct Spelling {
    name: String,
    sizes: Vec<String>,
    rest: String,
    is_array: bool,
    is_serial: bool,
}

impl Spelling {
    fn read(spelled: &str) -> Self {
        let mut spelling = Self::default();
        let mut inside = false;
        for token in tokens(spelled) {
            match token {
                Token::Space(_) | Token::Sign("," | "]") => {}
                Token::Sign("(") => inside = true,
                Token::Sign(")") => inside = false,
                Token::Sign("[") => spelling.is_array = true,
                _ if inside => spelling.size(&word(token)),
                Token::Number(_) if spelling.is_array => {}
                _ if spelling.sizes.is_empty() => join(&mut spelling.name, &word(token)),
                _ => join(&mut spelling.rest, &word(token)),
            }
        }
        spelling.settle();
        spelling
    }

    fn size(&mut self, text: &str) {
        match self.sizes.last_mut().filter(|last| *last == "-") {
            Some(sign) => sign.push_str(text),
            None => self.sizes.push(text.to_owned()),
        }
    }

    /// Gives the type the one name that `format_type` uses.
    fn settle(&mut self) {
        if let Some(name) = self.name.strip_suffix(" array") {
            self.name = name.to_owned();
            self.is_array = true;
        }
        let zone = match self.name.as_str() {
            "timestamptz" | "timetz" | "timestamp with time zone" | "time with time zone" => "with time zone",
            _ if self.rest == "with time zone" => "with time zone",
            _ => "without time zone",
        };
        self.is_serial = SERIALS.contains(&self.name.as_str()) && !self.is_array;
        let settled = match self.name.as_str() {
            "int2" | "smallserial" | "serial2" => "smallint",
            "int" | "int4" | "serial" | "serial4" => "integer",
            "int8" | "bigserial" | "serial8" => "bigint",
            "float4" => "real",
            "float" => {
                let bits = self.sizes.pop().and_then(|bits| bits.parse().ok()).unwrap_or(53);
                if bits < 25 { "real" } else { "double precision" }
            }
            "float8" => "double precision",
            "decimal" | "dec" | "numeric" => {
                if self.sizes.len() == 1 {
                    self.sizes.push("0".to_owned());
                }
                "numeric"
            }
            "bool" => "boolean",
            "varchar" | "char varying" | "nchar varying" => "character varying",
            "char" | "character" | "nchar" => {
                if self.sizes.is_empty() {
                    self.sizes.push("1".to_owned());
                }
                "character"
            }
            "bpchar" if !self.sizes.is_empty() => "character",
            "varbit" => "bit varying",
            "bit" if self.sizes.is_empty() => {
                self.sizes.push("1".to_owned());
                "bit"
            }
            "timestamp" | "timestamptz" | "timestamp with time zone" | "timestamp without time zone" => {
                zone.clone_into(&mut self.rest);
                "timestamp"
            }
            "time" | "timetz" | "time with time zone" | "time without time zone" => {
                zone.clone_into(&mut self.rest);
                "time"
            }
            _ => return,
        };
        settled.clone_into(&mut self.name);
    }

    fn text(&self) -> String {
        let mut text = self.name.clone();
        if !self.sizes.is_empty() {
            text = format!("{text}({})", self.sizes.join(","));
        }
        join(&mut text, &self.rest);
        if self.is_array {
            text.push_str("[]");
        }
        text
    }

    fn column_type(&self) -> Option<ColumnType> {
        if self.is_array {
            return None;
        }
        let numbers: Vec<u32> =
            self.sizes.iter().map(|size| size.parse().ok()).collect::<Option<_>>().unwrap_or_default();
        let precision = numbers.first().copied();
        let has_zone = self.rest == "with time zone";
        Some(match (self.name.as_str(), numbers.as_slice()) {
            ("smallint", []) => ColumnType::SmallInteger,
            ("integer", []) => ColumnType::Integer,
            ("bigint", []) => ColumnType::BigInteger,
            // 24 bits of mantissa.
            ("real", []) => ColumnType::Float { precision: Some(24) },
            ("double precision", []) => ColumnType::Double,
            ("numeric", [precision, scale]) => ColumnType::Decimal { precision: *precision, scale: *scale },
            ("boolean", []) => ColumnType::Boolean,
            ("character", [length]) => ColumnType::Char { length: Some(*length) },
            ("character varying", _) => ColumnType::String { length: precision },
            ("text", []) => ColumnType::Text,
            ("json", []) => ColumnType::Json,
            ("jsonb", []) => ColumnType::Jsonb,
            ("date", []) => ColumnType::Date,
            ("timestamp", _) if has_zone => ColumnType::TimestampTz { precision },
            ("timestamp", _) => ColumnType::Timestamp { precision },
            ("time", _) if has_zone => ColumnType::TimeTz { precision },
            ("time", _) => ColumnType::Time { precision },
            ("bytea", []) => ColumnType::Binary { length: None, fixed: false },
            ("uuid", []) => ColumnType::Uuid,
            ("inet", []) => ColumnType::IpAddress,
            ("macaddr", []) => ColumnType::MacAddress,
            ("tsvector", []) => ColumnType::TsVector,
            ("vector", _) => ColumnType::Vector { dimensions: precision },
            ("geometry" | "geography", _) => return self.shape(),
            _ => return None,
        })
    }

    /// `PostGIS` writes 4326 where a `geography` names no reference system.
    fn shape(&self) -> Option<ColumnType> {
        let subtype = self.sizes.first().cloned();
        let given = self.sizes.get(1).map(|srid| srid.parse::<u32>()).transpose().ok()?;
        let srid = given.filter(|srid| *srid > 0);
        Some(if self.name == "geometry" {
            ColumnType::Geometry { subtype, srid }
        } else {
            let srid = subtype.as_ref().map(|_| srid.unwrap_or(4326));
            ColumnType::Geography { subtype, srid }
        })
    }
}

/// A word as the server writes it: in lower case, quoted where that is needed.
fn word(token: Token<'_>) -> String {
    match token {
        Token::Word(word) => word.to_lowercase(),
        Token::Name(quoted) => {
            let name = token.name().unwrap_or_default();
            let is_plain = name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
            // "char" is another type than char.
            if is_plain && name != "char" { name } else { quoted.to_owned() }
        }
        _ => token.text().to_owned(),
    }
}

fn join(text: &mut String, word: &str) {
    let touches = word == "." || text.ends_with('.');
    if !text.is_empty() && !word.is_empty() && !touches {
        text.push(' ');
    }
    text.push_str(word);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(spelled: &str) -> ColumnType {
        let mut column = Column::new("c", ColumnType::Text);
        read_type(spelled, &mut column);
        column.column_type
    }

    #[test]
    fn a_type_that_no_column_type_means_is_kept_as_the_server_spells_it() {
        let spelled = [
            ("VARCHAR(20)[]", "character varying(20)[]"),
            ("int[3][]", "integer[]"),
            ("integer array", "integer[]"),
            ("Decimal", "numeric"),
            ("numeric(5, -2)", "numeric(5,-2)"),
            ("TIMESTAMPTZ(3)[]", "timestamp(3) with time zone[]"),
            ("public.citext", "public.citext"),
            ("\"Mood\"", "\"Mood\""),
            ("\"mood\"", "mood"),
            ("\"char\"", "\"char\""),
            ("interval second(3)", "interval second(3)"),
            ("BIT", "bit(1)"),
        ];
        for (sql, text) in spelled {
            assert_eq!(read(sql), ColumnType::Raw { sql: text.to_owned() }, "{sql}");
            assert_eq!(read(text), ColumnType::Raw { sql: text.to_owned() }, "{text}");
        }
    }

    #[test]
    fn every_spelling_of_a_type_is_the_same_type() {
        let same = [
            ("INT", ColumnType::Integer),
            ("float", ColumnType::Double),
            ("float(24)", ColumnType::Float { precision: Some(24) }),
            ("dec(7)", ColumnType::Decimal { precision: 7, scale: 0 }),
            ("char", ColumnType::Char { length: Some(1) }),
            ("timestamptz(3)", ColumnType::TimestampTz { precision: Some(3) }),
            ("timestamp with time zone", ColumnType::TimestampTz { precision: None }),
            ("time(0)", ColumnType::Time { precision: Some(0) }),
            (
                "geometry(Point,4326)",
                ColumnType::Geometry { subtype: Some("point".into()), srid: Some(4326) },
            ),
            ("geography(point)", ColumnType::Geography { subtype: Some("point".into()), srid: Some(4326) }),
            ("vector(3)", ColumnType::Vector { dimensions: Some(3) }),
            (
                "varchar(255) check (\"c\" in ('a', 'it''s'))",
                ColumnType::Enum { values: vec!["a".into(), "it's".into()] },
            ),
        ];
        for (sql, column_type) in same {
            assert_eq!(read(sql), column_type, "{sql}");
        }
    }

    #[test]
    fn a_serial_numbers_the_rows() {
        let mut column = Column::new("c", ColumnType::Text);
        read_type("bigserial", &mut column);
        assert_eq!((column.column_type, column.auto_increment), (ColumnType::BigInteger, true));
    }
}
