//! [`Constraint`]: a constraint or an index as the list of a table describes it.

use super::cursor::Cursor;
use super::name::Name;

/// What a constraint is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConstraintKind {
    Check,
    Foreign,
    Unique,
    Primary,
    /// `index name (…)` of MySQL and SQL Server.
    Index,
    /// `fulltext` or `spatial`.
    FullText,
    Exclude,
}

/// A constraint or index of a table.
#[derive(Debug, Clone)]
pub struct Constraint<'a> {
    pub name: Option<Name>,
    pub kind: ConstraintKind,
    /// Of its own table; none for an expression.
    pub columns: Vec<Option<String>>,
    /// As it is written, from `constraint` on.
    pub text: &'a str,
    /// It may be there already (`if not exists`).
    pub unless_exists: bool,
    /// The rows that are there are not looked at (`not valid`).
    pub is_postponed: bool,
    /// An index that is there becomes it (`using index`).
    pub takes_index: bool,
}

impl<'a> Constraint<'a> {
    /// `[constraint name] check|foreign key|unique|primary key …`, `index …`; none for anything else.
    pub fn read(mut cursor: Cursor<'_, 'a>) -> Option<Self> {
        let text = cursor.text();
        let mut name = None;
        let mut unless_exists = false;
        if cursor.take("constraint") {
            unless_exists = cursor.take("if not exists");
            if !cursor.sees_any(&["check", "foreign", "unique", "primary"]) {
                name = cursor.name();
            }
        }
        let kind = kind(&mut cursor)?;
        unless_exists |= cursor.take("if not exists");
        cursor.take_any(&["clustered", "nonclustered"]);
        let takes_index = cursor.sees("using index");
        cursor.take("nulls not distinct");
        if !takes_index && !matches!(kind, ConstraintKind::Check | ConstraintKind::Exclude) {
            using(&mut cursor);
            // MySQL: `unique name (a)`. It takes that before the constraint's, and ignores that of a foreign key.
            let own = if cursor.sees_sign('(') { None } else { cursor.name() };
            let is_ignored = matches!(kind, ConstraintKind::Foreign | ConstraintKind::Primary);
            name = own.filter(|_| !is_ignored).or(name);
            using(&mut cursor);
        }
        let columns = if kind == ConstraintKind::Check { Vec::new() } else { columns(&mut cursor) };
        let is_postponed = cursor.mentions("not valid");
        Some(Self { name, kind, columns, text, unless_exists, is_postponed, takes_index })
    }
}

fn kind(cursor: &mut Cursor<'_, '_>) -> Option<ConstraintKind> {
    let has_indexes = cursor.is_mysql() || cursor.is_sqlserver();
    let kind = if cursor.take("check") {
        ConstraintKind::Check
    } else if cursor.take("foreign key") {
        ConstraintKind::Foreign
    } else if cursor.take("primary key") {
        ConstraintKind::Primary
    } else if cursor.take("unique") {
        cursor.take_any(&["index", "key"]);
        ConstraintKind::Unique
    } else if cursor.is_mysql() && cursor.take_any(&["fulltext", "spatial"]) {
        cursor.take_any(&["index", "key"]);
        ConstraintKind::FullText
    } else if has_indexes && cursor.take_any(&["index", "key"]) {
        ConstraintKind::Index
    } else if cursor.take("exclude using") {
        ConstraintKind::Exclude
    } else {
        return None;
    };
    Some(kind)
}

/// `using btree`
pub(super) fn using(cursor: &mut Cursor<'_, '_>) {
    if cursor.take("using") {
        cursor.skip(1);
    }
}

/// The columns in the parentheses that come next; none for an expression.
pub(super) fn columns(cursor: &mut Cursor<'_, '_>) -> Vec<Option<String>> {
    cursor.group().map_or_else(Vec::new, |group| group.list().map(key_column).collect())
}

/// `a desc`; `b(10)` is a part of a column on MySQL and a call elsewhere.
fn key_column(mut part: Cursor<'_, '_>) -> Option<String> {
    part.part().filter(|_| part.is_mysql() || !part.sees_sign('('))
}

#[cfg(test)]
mod tests {
    use super::super::token::tokens;
    use super::*;
    use crate::config::DriverName;

    fn read(sql: &str, driver: DriverName) -> Option<(ConstraintKind, Option<String>, Vec<Option<String>>)> {
        let constraint = Constraint::read(Cursor::new(sql, &tokens(sql, driver), driver))?;
        Some((constraint.kind, constraint.name.map(|name| name.name), constraint.columns))
    }

    #[test]
    fn constraints_have_kinds_names_and_columns() {
        use ConstraintKind::{Check, Exclude, Foreign, FullText, Index, Primary, Unique};
        for (sql, driver, kind, name, columns) in [
            ("constraint C check (a > (b))", DriverName::Postgres, Check, Some("c"), vec![]),
            (
                "unique nulls not distinct (a, \"B\")",
                DriverName::Postgres,
                Unique,
                None,
                vec![Some("a"), Some("B")],
            ),
            ("primary key (lower(a), b desc)", DriverName::Sqlite, Primary, None, vec![None, Some("b")]),
            (
                "constraint x unique key y using btree (a(10))",
                DriverName::MySql,
                Unique,
                Some("y"),
                vec![Some("a")],
            ),
            ("foreign key i (a) references b (c)", DriverName::MariaDb, Foreign, None, vec![Some("a")]),
            ("key if not exists i (a)", DriverName::MariaDb, Index, Some("i"), vec![Some("a")]),
            ("fulltext i (a)", DriverName::MySql, FullText, Some("i"), vec![Some("a")]),
            ("exclude using gist (a with =)", DriverName::Postgres, Exclude, None, vec![]),
        ] {
            let columns = columns.into_iter().map(|column| column.map(str::to_owned)).collect();
            assert_eq!(read(sql, driver), Some((kind, name.map(str::to_owned), columns)), "{sql}");
        }
    }

    #[test]
    fn a_column_may_be_called_key() {
        for sql in ["key text", "index int", "exclude boolean"] {
            assert_eq!(read(sql, DriverName::Postgres), None, "{sql}");
        }
    }
}
