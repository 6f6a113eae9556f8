//! [`Predicate`]: every condition of `where`, `having` and `on`.

use serde::Deserialize;

use super::{JsonCell, Operand, SelectQuery};
use crate::json::{tagged, untagged};

/// How a condition joins the one before it. The first one's `and` or `or` is not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum Conjunction {
    /// `and`
    #[default]
    #[serde(rename = "and")]
    And,
    /// `or`
    #[serde(rename = "or")]
    Or,
    /// `and not`
    #[serde(rename = "and not")]
    AndNot,
    /// `or not`
    #[serde(rename = "or not")]
    OrNot,
}

/// A condition on rows.
///
/// In JSON a list is a comparison: `["votes",">",0]`, `["votes",">",0,"or"]`. Anything else is an object, without what is as
/// usual (`and`, no `not`): `{"kind":"null","column":"email"}`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Predicate {
    /// `left operator right`: a column with a value, with another column, with a sub-query.
    Compare(Comparison),
    /// Conditions read as one, in parentheses. Left out when it has none.
    Group {
        /// Joins the condition before it.
        #[serde(default)]
        join: Conjunction,
        /// The members, in the order they were written.
        items: Vec<Predicate>,
    },
    /// `column in (…)`. An empty list is false, an empty `not in` is true.
    In {
        /// Joins the condition before it.
        #[serde(default)]
        join: Conjunction,
        /// `not in`.
        #[serde(default)]
        not: bool,
        /// What is looked for.
        column: Operand,
        /// Where it is looked for.
        values: ValueList,
    },
    /// `column in (select …)`.
    InQuery {
        /// Joins the condition before it.
        #[serde(default)]
        join: Conjunction,
        /// `not in`.
        #[serde(default)]
        not: bool,
        /// What is looked for.
        column: Operand,
        /// The rows it is looked for in.
        query: Box<SelectQuery>,
    },
    /// `column between from and to`, both included.
    Between {
        /// Joins the condition before it.
        #[serde(default)]
        join: Conjunction,
        /// `not between`.
        #[serde(default)]
        not: bool,
        /// What is compared.
        column: Operand,
        /// The lower bound.
        from: Operand,
        /// The upper bound.
        to: Operand,
    },
    /// `column is null`.
    Null {
        /// Joins the condition before it.
        #[serde(default)]
        join: Conjunction,
        /// `is not null`.
        #[serde(default)]
        not: bool,
        /// What is asked about.
        column: Operand,
    },
    /// `exists (select …)`.
    Exists {
        /// Joins the condition before it.
        #[serde(default)]
        join: Conjunction,
        /// `not exists`.
        #[serde(default)]
        not: bool,
        /// The rows asked about.
        query: Box<SelectQuery>,
    },
    /// A pattern with `%` and `_`.
    Like {
        /// Joins the condition before it.
        #[serde(default)]
        join: Conjunction,
        /// `not like`.
        #[serde(default)]
        not: bool,
        /// What is compared.
        column: Operand,
        /// The pattern.
        value: Operand,
        /// Whether `a` differs from `A`. When not, databases ignore case where they can.
        case_sensitive: bool,
        /// The same pattern in the language of SQLite's `glob`, which has the only comparison
        /// there that minds case. Given when `case_sensitive` and the pattern is a value.
        #[serde(default)]
        glob: Option<Operand>,
    },
    /// A JSON path with a truth value: JSON's own `true` and `false` are no SQL values everywhere.
    JsonBoolean {
        /// Joins the condition before it.
        #[serde(default)]
        join: Conjunction,
        /// The path, such as `meta->active`.
        column: String,
        /// One of the dialect's operators.
        operator: String,
        /// What the path is compared with.
        value: bool,
    },
    /// A part of a date and time: `date(created_at) = ?`.
    DatePart {
        /// Joins the condition before it.
        #[serde(default)]
        join: Conjunction,
        /// Which part.
        part: DatePart,
        /// The date and time.
        column: Operand,
        /// One of the dialect's operators.
        operator: String,
        /// What the part is compared with.
        value: Operand,
    },
    /// Several columns compared with several values at once: `(a, b) < (?, ?)`.
    RowValues {
        /// Joins the condition before it.
        #[serde(default)]
        join: Conjunction,
        /// The columns.
        columns: Vec<Operand>,
        /// One of the dialect's operators.
        operator: String,
        /// As many values.
        values: Vec<Operand>,
    },
    /// Whether a JSON array holds a value, or a JSON object the members of another.
    JsonContains {
        /// Joins the condition before it.
        #[serde(default)]
        join: Conjunction,
        /// Whether it does not.
        #[serde(default)]
        not: bool,
        /// The column or path.
        column: String,
        /// What is looked for.
        value: JsonCell,
        /// The elements of an array that is looked for; otherwise the value alone.
        items: Vec<JsonCell>,
    },
    /// Whether two JSON arrays have an element in common.
    JsonOverlaps {
        /// Joins the condition before it.
        #[serde(default)]
        join: Conjunction,
        /// Whether they have none.
        #[serde(default)]
        not: bool,
        /// The column or path.
        column: String,
        /// The other array.
        value: JsonCell,
        /// Its elements.
        items: Vec<JsonCell>,
    },
    /// Whether there is anything at the end of a JSON path.
    JsonContainsKey {
        /// Joins the condition before it.
        #[serde(default)]
        join: Conjunction,
        /// Whether there is nothing.
        #[serde(default)]
        not: bool,
        /// The path.
        column: String,
    },
    /// The length of a JSON array.
    JsonLength {
        /// Joins the condition before it.
        #[serde(default)]
        join: Conjunction,
        /// The column or path.
        column: String,
        /// One of the dialect's operators.
        operator: String,
        /// What the length is compared with.
        value: Operand,
    },
    /// A search for words.
    FullText {
        /// Joins the condition before it.
        #[serde(default)]
        join: Conjunction,
        /// Where they are looked for.
        columns: Vec<String>,
        /// The words.
        value: Operand,
        /// How.
        #[serde(default)]
        options: FullText,
    },
    /// A condition as the user wrote it.
    Raw {
        /// Joins the condition before it.
        #[serde(default)]
        join: Conjunction,
        /// The text.
        sql: String,
        /// The places of its values.
        #[serde(default)]
        values: Vec<u32>,
    },
}

tagged!(Predicate, "kind", list: Self::Compare);

/// Two sides and what is between them.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// The left side.
    pub left: Operand,
    /// One of the dialect's operators, in any case.
    pub operator: String,
    /// The right side.
    pub right: Operand,
    /// Joins the condition before it.
    #[serde(default)]
    pub join: Conjunction,
}

impl Predicate {
    /// How it joins the condition before it.
    #[must_use]
    pub fn join(&self) -> Conjunction {
        match self {
            Self::Compare(Comparison { join, .. })
            | Self::Group { join, .. }
            | Self::In { join, .. }
            | Self::InQuery { join, .. }
            | Self::Between { join, .. }
            | Self::Null { join, .. }
            | Self::Exists { join, .. }
            | Self::Like { join, .. }
            | Self::JsonBoolean { join, .. }
            | Self::DatePart { join, .. }
            | Self::RowValues { join, .. }
            | Self::JsonContains { join, .. }
            | Self::JsonOverlaps { join, .. }
            | Self::JsonContainsKey { join, .. }
            | Self::JsonLength { join, .. }
            | Self::FullText { join, .. }
            | Self::Raw { join, .. } => *join,
        }
    }
}

/// A part of a date and time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DatePart {
    /// The day, month and year.
    Date,
    /// The time of day.
    Time,
    /// The day of the month.
    Day,
    /// The month, from 1.
    Month,
    /// The year.
    Year,
}

/// How words are searched for. What a database has no word for is left to its default.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FullText {
    /// What the words mean.
    pub mode: FullTextMode,
    /// MySQL: whether words that stand beside those found are looked for too.
    pub expanded: bool,
    /// PostgreSQL: the name of the text search configuration. Default `english`.
    pub language: Option<String>,
}

/// What the words of a search mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FullTextMode {
    /// Words as people write them.
    #[default]
    Natural,
    /// MySQL: words with the operators `+`, `-`, `*`.
    Boolean,
    /// PostgreSQL: words that follow each other.
    Phrase,
    /// PostgreSQL: words as for a search engine.
    WebSearch,
    /// PostgreSQL: its own query language.
    Raw,
}

/// The list of an `in`.
#[derive(Debug, Clone, PartialEq)]
pub enum ValueList {
    /// Values that follow each other, from the place `first` on: what a long list takes little
    /// room as.
    Range {
        /// The place of the first.
        first: u32,
        /// How many.
        count: u32,
    },
    /// Integers that are part of the SQL text: a list too long for placeholders.
    Integers {
        /// The integers.
        integers: Vec<i64>,
    },
    /// Anything else.
    Operands(Vec<Operand>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Range {
    first: u32,
    count: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Integers {
    integers: Vec<i64>,
}

untagged!(ValueList, |text| match text.as_bytes() {
    [b'[', ..] => serde_json::from_str(text).map(Self::Operands),
    _ => match serde_json::from_str(text) {
        Ok(Range { first, count }) => Ok(Self::Range { first, count }),
        Err(_) => serde_json::from_str(text).map(|Integers { integers }| Self::Integers { integers }),
    },
});
