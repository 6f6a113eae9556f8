//! Rows as lines of JSON: an array with a text or null for each column, from which the database makes exactly the
//! value again.

use super::catalogue::CataloguedColumn;
use crate::config::DriverName;
use crate::error::{Error, Result};
use crate::migrate::quote::quoted;

/// Types of MySQL whose values are bytes.
const BYTES: [&str; 16] = [
    "binary",
    "varbinary",
    "tinyblob",
    "blob",
    "mediumblob",
    "longblob",
    "bit",
    "geometry",
    "point",
    "linestring",
    "polygon",
    "multipoint",
    "multilinestring",
    "multipolygon",
    "geometrycollection",
    "vector",
];

/// A zero in a numbered column is a value, and an hour that a zone has twice is told apart in UTC only.
const MYSQL_BEFORE: [&str; 2] = [
    "set @guruorm_sql_mode = @@sql_mode, @guruorm_time_zone = @@time_zone",
    "set sql_mode = concat(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO'), time_zone = '+00:00'",
];
const MYSQL_AFTER: [&str; 1] = ["set sql_mode = @guruorm_sql_mode, time_zone = @guruorm_time_zone"];

/// What a session is told before rows are read or brought back, and after.
pub(super) fn session(driver: DriverName) -> (&'static [&'static str], &'static [&'static str]) {
    match driver {
        DriverName::MySql | DriverName::MariaDb => (&MYSQL_BEFORE, &MYSQL_AFTER),
        _ => (&[], &[]),
    }
}

/// An expression that answers a row's line.
///
/// # Errors
/// `Unsupported` on SQL Server, whose values have no text that is theirs alone.
pub(super) fn line(driver: DriverName, columns: &[&CataloguedColumn]) -> Result<String> {
    let texts: Vec<String> = columns.iter().map(|column| text(driver, column)).collect();
    Ok(match driver {
        DriverName::Postgres => format!("array_to_json(array[{}]::text[])::text", texts.join(", ")),
        DriverName::MySql | DriverName::MariaDb => format!("json_array({})", texts.join(", ")),
        // A function takes 127 arguments at most.
        DriverName::Sqlite => format!(
            "'[' || {} || ']'",
            texts.iter().map(|text| format!("json_quote({text})")).collect::<Vec<_>>().join(" || ',' || ")
        ),
        DriverName::SqlServer => {
            return Err(Error::unsupported("backups in files; back up to a table", "SQL Server"));
        }
    })
}

fn text(driver: DriverName, column: &CataloguedColumn) -> String {
    let name = quoted(driver, &column.name);
    match driver {
        // A sign in front tells a value from `null`, which `json_table` may give as text.
        DriverName::MySql | DriverName::MariaDb => match kind(column) {
            Kind::Bytes => format!("concat('=', hex({name}))"),
            // As text it would have six digits.
            Kind::Float => format!("concat('=', {name} + 0e0)"),
            Kind::Text => format!("concat('=', cast({name} as char character set utf8mb4))"),
        },
        // A letter in front says what is stored: any column holds any kind. Functions of text stop at a zero.
        DriverName::Sqlite => format!(
            "case typeof({name}) when 'null' then null when 'blob' then 'x' || hex({name}) \
             when 'integer' then 'i' || {name} when 'real' then 'r' || quote({name}) else \
             case when instr(cast({name} as blob), x'00') > 0 then 'h' || hex(cast({name} as blob)) \
             else 't' || {name} end end"
        ),
        DriverName::Postgres | DriverName::SqlServer => format!("{name}::text"),
    }
}

/// What inserts lines into `table`, which has these columns. Binds an array of lines, as text.
pub(super) fn load(driver: DriverName, table: &str, columns: &[&CataloguedColumn]) -> String {
    let names = columns.iter().map(|column| quoted(driver, &column.name)).collect::<Vec<_>>().join(", ");
    let each = |write: &dyn Fn(usize, &CataloguedColumn) -> String| {
        columns.iter().enumerate().map(|(index, column)| write(index, column)).collect::<Vec<_>>().join(", ")
    };
    match driver {
        DriverName::MySql | DriverName::MariaDb => {
            let values = each(&|index, column| {
                let text = format!("substr(j.c{index}, 2)");
                let value = if kind(column) == Kind::Bytes { format!("unhex({text})") } else { text };
                format!("if(left(j.c{index}, 1) = '=', {value}, null)")
            });
            let paths = each(&|index, _| format!("c{index} longtext path '$[{index}]'"));
            format!(
                "insert into {table} ({names}) select {values} from json_table(?, '$[*]' columns ({paths})) j"
            )
        }
        DriverName::Sqlite => {
            let values = each(&|index, _| {
                let text = format!("substr(j.c{index}, 2)");
                format!(
                    "case substr(j.c{index}, 1, 1) when 'x' then unhex({text}) when 'i' then cast({text} as integer) \
                     when 'r' then cast({text} as real) when 'h' then cast(unhex({text}) as text) else {text} end"
                )
            });
            let paths = each(&|index, _| format!("json_extract(value, '$[{index}]') as c{index}"));
            format!("insert into {table} ({names}) select {values} from (select {paths} from json_each(?)) j")
        }
        DriverName::Postgres | DriverName::SqlServer => {
            let values = each(&|index, column| {
                format!("(j.value ->> {index})::{}", column.cast.as_deref().unwrap_or("text"))
            });
            format!(
                "insert into {table} ({names}) select {values} from json_array_elements(cast(? as text)::json) j(value)"
            )
        }
    }
}

#[derive(PartialEq, Eq)]
enum Kind {
    Bytes,
    Float,
    Text,
}

fn kind(column: &CataloguedColumn) -> Kind {
    let spelled = column.spelled.to_lowercase();
    let name = spelled.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or_default();
    if BYTES.contains(&name) {
        Kind::Bytes
    } else if name == "float" {
        Kind::Float
    } else {
        Kind::Text
    }
}
