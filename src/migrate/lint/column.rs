//! [`Column`] and [`Constraint`]: parts of a table as a statement describes them.

use super::cursor::Cursor;

/// Words that end the type of a column.
const AFTER_THE_TYPE: [&str; 25] = [
    "not",
    "null",
    "default",
    "primary",
    "unique",
    "references",
    "check",
    "constraint",
    "generated",
    "as",
    "auto_increment",
    "autoincrement",
    "collate",
    "comment",
    "first",
    "after",
    "on",
    "identity",
    "charset",
    "invisible",
    "virtual",
    "stored",
    "persisted",
    "using",
    "key",
];

/// Functions that answer another value for each row.
const VOLATILE: [&str; 12] = [
    "random",
    "rand",
    "gen_random_uuid",
    "uuidv4",
    "uuidv7",
    "uuid_generate_v1",
    "uuid_generate_v4",
    "clock_timestamp",
    "timeofday",
    "nextval",
    "newid",
    "uuid",
];

/// A column.
#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools)] // each is a word that stands there or not
pub(super) struct Column<'a> {
    pub(super) name: String,
    /// Its type as it is written.
    pub(super) kind: &'a str,
    pub(super) is_required: bool,
    pub(super) is_primary: bool,
    /// Its default as it is written.
    pub(super) default: Option<&'a str>,
    /// The functions that its default calls, in lower case.
    pub(super) calls: Vec<String>,
    /// Counts up by itself: serial, identity, `auto_increment`.
    pub(super) counts: bool,
    /// Computed and kept.
    pub(super) is_stored: bool,
    /// Computed.
    pub(super) is_generated: bool,
}

impl<'a> Column<'a> {
    /// `name type …`
    pub(super) fn read(mut cursor: Cursor<'_, 'a>) -> Option<Self> {
        let name = cursor.part()?;
        let kind = cursor.before(|token| AFTER_THE_TYPE.iter().any(|word| token.is(word)));
        Some(Self::described(name, kind.text(), cursor))
    }

    fn described(name: String, kind: &'a str, cursor: Cursor<'_, 'a>) -> Self {
        let mut default = cursor;
        let default = default.go_past("default").then(|| {
            default.before(|token| AFTER_THE_TYPE.iter().any(|word| token.is(word)) && !token.is("null"))
        });
        let calls = default.map_or_else(Vec::new, |default| {
            let pairs = default.tokens().windows(2).filter(|two| two[1].is_sign("("));
            pairs.map(|two| two[0].text.to_ascii_lowercase()).collect()
        });
        let default = default.map(|default| default.text());
        let has = |words: &[&str]| {
            let tokens = cursor.tokens();
            (0..tokens.len()).any(|at| Cursor::new(cursor.sql, &tokens[at..]).sees(words))
        };
        let type_name = kind.to_ascii_lowercase();
        let is_identity = has(&["as", "identity"]) || has(&["identity"]);
        let is_generated = !is_identity && (cursor.mentions("as") || has(&["generated", "always"]));
        Self {
            name,
            kind,
            is_required: has(&["not", "null"]) || has(&["primary", "key"]),
            is_primary: has(&["primary", "key"]),
            default: default.filter(|text| !text.eq_ignore_ascii_case("null")),
            calls,
            counts: is_identity || cursor.mentions("auto_increment") || type_name.contains("serial"),
            is_stored: is_generated && (cursor.mentions("stored") || cursor.mentions("persisted")),
            is_generated,
        }
    }
}

impl Column<'_> {
    /// Whether its default differs from row to row.
    pub(super) fn is_volatile(&self) -> bool {
        self.calls.iter().any(|function| VOLATILE.contains(&function.as_str()))
    }
}

/// What a constraint is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ConstraintKind {
    Check,
    Foreign,
    Unique,
    Primary,
}

/// A constraint of a table.
#[derive(Debug, Clone)]
pub(super) struct Constraint<'a> {
    pub(super) name: Option<String>,
    pub(super) kind: ConstraintKind,
    /// Of its own table.
    pub(super) columns: Vec<String>,
    /// As it is written, from `constraint` on.
    pub(super) text: &'a str,
    /// The rows that are there are not looked at (`not valid`).
    pub(super) is_postponed: bool,
    /// An index that is there becomes it (`using index`).
    pub(super) takes_index: bool,
}

impl<'a> Constraint<'a> {
    /// `[constraint name] check|foreign key|unique|primary key …`; none for anything else.
    pub(super) fn read(mut cursor: Cursor<'_, 'a>) -> Option<Self> {
        let text = cursor.text();
        let mut name = None;
        if cursor.take(&["constraint"]) && !cursor.sees_any(&["check", "foreign", "unique", "primary"]) {
            name = cursor.part();
        }
        let kind = if cursor.take(&["check"]) {
            ConstraintKind::Check
        } else if cursor.take(&["foreign", "key"]) {
            ConstraintKind::Foreign
        } else if cursor.take(&["unique"]) {
            cursor.take_any(&["index", "key"]);
            ConstraintKind::Unique
        } else if cursor.take(&["primary", "key"]) {
            ConstraintKind::Primary
        } else {
            return None;
        };
        cursor.take_any(&["clustered", "nonclustered"]);
        let takes_index = cursor.sees(&["using", "index"]);
        if name.is_none() && kind != ConstraintKind::Check && !takes_index {
            // MySQL: `unique name (a)`.
            name = cursor.part();
        }
        let columns = if kind == ConstraintKind::Check { Vec::new() } else { columns(&mut cursor) };
        let is_postponed = cursor.tokens().windows(2).any(|two| two[0].is("not") && two[1].is("valid"));
        Some(Self { name, kind, columns, text, is_postponed, takes_index })
    }
}

/// The names in the parentheses that come next; of an expression, its first word.
pub(super) fn columns(cursor: &mut Cursor<'_, '_>) -> Vec<String> {
    cursor
        .group()
        .map_or_else(Vec::new, |group| group.list().into_iter().filter_map(|mut part| part.part()).collect())
}
