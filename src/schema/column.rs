//! [`Column`]: a column's type and everything said about it.

use serde::{Deserialize, Serialize};

use super::{ColumnType, IndexKind, TableLock};
use crate::json::{tagged, untagged, written};

/// A column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[allow(clippy::struct_excessive_bools)] // each is a modifier of its own
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub column_type: ColumnType,
    /// Whether it may be `NULL`. Left out: no, unless the connection says `nullableByDefault`.
    #[serde(default)]
    pub nullable: Option<bool>,
    /// What a row gets that does not name the column.
    #[serde(default)]
    pub default: Option<DefaultValue>,
    /// Whether the server numbers the rows.
    #[serde(default)]
    pub auto_increment: bool,
    /// The first number it gives.
    #[serde(default)]
    pub starting_value: Option<i64>,
    /// Without negative numbers (MySQL only; elsewhere there is no such type).
    #[serde(default)]
    pub unsigned: bool,
    /// The current time on every update (MySQL only).
    #[serde(default)]
    pub current_on_update: bool,
    /// Left out of `select *` (MySQL only).
    #[serde(default)]
    pub invisible: bool,
    /// The character set of its text (MySQL only).
    #[serde(default)]
    pub charset: Option<String>,
    /// How its text is compared.
    #[serde(default)]
    pub collation: Option<String>,
    /// A note kept by the server. SQLite keeps none.
    #[serde(default)]
    pub comment: Option<String>,
    /// Computed from other columns.
    #[serde(default)]
    pub generated: Option<Generated>,
    /// Numbered by the server as standard SQL says it (PostgreSQL only), not as a `serial`.
    #[serde(default)]
    pub identity: Option<Identity>,
    /// Where it stands among the others (MySQL only; elsewhere new columns come last).
    #[serde(default)]
    pub position: Option<Position>,
    /// How a change of type converts what is there (PostgreSQL only): an SQL expression.
    #[serde(default)]
    pub using: Option<String>,
    /// Added, changed or dropped without a copy of the table, or not at all (MySQL only).
    #[serde(default)]
    pub instant: bool,
    /// What others may do meanwhile (MySQL only).
    #[serde(default)]
    pub lock: Option<TableLock>,
    /// Indexes on this column alone.
    #[serde(default)]
    pub indexes: Vec<ColumnIndex>,
}

/// An index on one column, as a modifier of the column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ColumnIndex {
    /// Which kind.
    pub kind: IndexKind,
    /// Its name; left out, one is made from table and column.
    #[serde(default)]
    pub name: Option<String>,
}

/// What a row gets that does not name the column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
pub enum DefaultValue {
    /// A constant. A definition takes no bindings, so it is written as a literal.
    Value {
        /// The constant.
        value: Scalar,
    },
    /// An SQL expression: `uuid_generate_v4()`.
    Raw {
        /// The expression, as it is sent.
        sql: String,
    },
    /// The current date or time. Only for columns that hold one.
    Current,
}

tagged!(DefaultValue, "kind");
written!(DefaultValue, "kind");

/// A constant in a definition.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Scalar {
    /// A truth value; written as `'1'` or `'0'`, which every database accepts.
    Bool(bool),
    /// A number.
    Number(serde_json::Number),
    /// Text, and everything whose text the server reads: decimals, dates, JSON.
    Text(String),
}

untagged!(Scalar, |text| match text.as_bytes() {
    [b'"', ..] => serde_json::from_str(text).map(Self::Text),
    [b't' | b'f', ..] => serde_json::from_str(text).map(Self::Bool),
    _ => serde_json::from_str(text).map(Self::Number),
});

/// How a column is computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Generated {
    /// The SQL expression, or a path inside of a JSON column.
    pub expression: String,
    /// Whether it is such a path: `meta->lang`.
    #[serde(default)]
    pub is_path: bool,
    /// Computed when written and stored, or when read.
    pub stored: bool,
}

/// A column that the server numbers, as standard SQL says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Identity {
    /// Whether a row may not bring its own number.
    #[serde(default)]
    pub always: bool,
    /// How it counts, in SQL: `increment by 10 start with 100`.
    #[serde(default)]
    pub options: Option<String>,
}

/// Where a column stands among the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", deny_unknown_fields)]
pub enum Position {
    /// Before all others.
    First,
    /// Right after another.
    After {
        /// The other column.
        column: String,
    },
}

tagged!(Position, "kind");
written!(Position, "kind");

impl Column {
    /// A column without modifiers.
    #[must_use]
    pub fn new(name: impl Into<String>, column_type: ColumnType) -> Self {
        Self {
            name: name.into(),
            column_type,
            nullable: None,
            default: None,
            auto_increment: false,
            starting_value: None,
            unsigned: false,
            current_on_update: false,
            invisible: false,
            charset: None,
            collation: None,
            comment: None,
            generated: None,
            identity: None,
            position: None,
            using: None,
            instant: false,
            lock: None,
            indexes: Vec::new(),
        }
    }

    /// Whether the server numbers the rows by this column, which only integers allow.
    #[must_use]
    pub fn numbers_rows(&self) -> bool {
        self.auto_increment && self.column_type.is_integer()
    }
}
