//! [`Action`]: one thing that an `alter table` does.

use super::column::{Column, Constraint, columns};
use super::cursor::{Cursor, Name};
use crate::config::DriverName;

#[derive(Debug)]
pub(super) enum Action<'a> {
    AddColumn(Column<'a>),
    DropColumn(String),
    RenameColumn {
        from: String,
        to: String,
    },
    RenameTable(Name),
    /// `alter column … type`.
    ChangeType {
        column: String,
        to: &'a str,
        is_converted: bool,
    },
    /// A column described anew: `modify`, `change`, and `alter column` of SQL Server.
    Redefine {
        from: String,
        column: Column<'a>,
    },
    SetNotNull(String),
    AddConstraint(Constraint<'a>),
    /// `validate constraint`.
    Validate,
    AddIndex {
        name: Option<String>,
        columns: Vec<String>,
    },
    /// What needs no strong lock.
    Light,
    /// Anything else, in words.
    Other(&'a str),
}

/// The actions of an `alter table`, behind the name of the table.
pub(super) fn actions<'a>(cursor: Cursor<'_, 'a>, driver: DriverName) -> Vec<Action<'a>> {
    let mut actions: Vec<Action<'a>> = Vec::new();
    let mut is_dropping = false;
    for part in cursor.list() {
        // SQL Server: `drop column a, b` and `add a int, b int`.
        let is_continued = driver == DriverName::SqlServer
            && !actions.is_empty()
            && !part.sees_any(&["add", "alter", "drop"]);
        match (is_continued, is_dropping) {
            (true, true) => actions.extend({ part }.part().map(Action::DropColumn)),
            (true, false) => actions.extend(added(part, driver)),
            _ => {
                is_dropping = part.sees(&["drop", "column"]);
                actions.extend(action(part, driver));
            }
        }
    }
    actions
}

fn action<'a>(mut cursor: Cursor<'_, 'a>, driver: DriverName) -> Vec<Action<'a>> {
    let text = cursor.text();
    let other = || vec![Action::Other(text)];
    let one = |found: Option<Action<'a>>| found.map_or_else(other, |action| vec![action]);
    if cursor.take(&["add"]) {
        return added(cursor, driver);
    }
    if cursor.take(&["drop"]) {
        return one(dropped(cursor, driver));
    }
    if cursor.take(&["rename"]) {
        return one(renamed(cursor));
    }
    if cursor.take(&["alter"]) {
        cursor.take(&["column"]);
        return one(altered_column(cursor, driver));
    }
    if cursor.take_any(&["modify", "change"]) {
        let is_change = text.get(..6).is_some_and(|word| word.eq_ignore_ascii_case("change"));
        cursor.take(&["column"]);
        cursor.take(&["if", "exists"]);
        let mut names = cursor;
        let from = names.part();
        let column = Column::read(if is_change { names } else { cursor });
        return one(from.zip(column).map(|(from, column)| Action::Redefine { from, column }));
    }
    if cursor.sees(&["validate", "constraint"]) {
        return vec![Action::Validate];
    }
    other()
}

fn added<'a>(mut cursor: Cursor<'_, 'a>, driver: DriverName) -> Vec<Action<'a>> {
    let text = cursor.text();
    if let Some(constraint) = Constraint::read(cursor) {
        return vec![Action::AddConstraint(constraint)];
    }
    let mut index = cursor;
    index.take_any(&["fulltext", "spatial"]);
    let is_mysql = matches!(driver, DriverName::MySql | DriverName::MariaDb);
    if is_mysql && index.take_any(&["index", "key"]) {
        index.take(&["if", "not", "exists"]);
        let name = index.part();
        return vec![Action::AddIndex { name, columns: columns(&mut index) }];
    }
    if driver == DriverName::SqlServer && cursor.sees(&["default"]) {
        return vec![Action::Light];
    }
    cursor.take(&["column"]);
    cursor.take(&["if", "not", "exists"]);
    if let Some(group) = cursor.group() {
        // MySQL: `add column (a int, b int)`.
        return group.list().into_iter().filter_map(Column::read).map(Action::AddColumn).collect();
    }
    Column::read(cursor).map_or_else(|| vec![Action::Other(text)], |column| vec![Action::AddColumn(column)])
}

fn dropped<'a>(mut cursor: Cursor<'_, 'a>, driver: DriverName) -> Option<Action<'a>> {
    let text = cursor.text();
    let is_mysql = matches!(driver, DriverName::MySql | DriverName::MariaDb);
    if cursor.sees_any(&["constraint", "index", "key", "primary", "foreign", "check", "default", "partition"])
    {
        return Some(Action::Other(text));
    }
    let is_column = cursor.take(&["column"]);
    cursor.take(&["if", "exists"]);
    // `drop a` is a column everywhere but on SQL Server, where it is a constraint.
    (is_column || is_mysql || driver != DriverName::SqlServer).then(|| cursor.part())?.map(Action::DropColumn)
}

fn renamed<'a>(mut cursor: Cursor<'_, 'a>) -> Option<Action<'a>> {
    if cursor.sees_any(&["constraint", "index", "key"]) {
        return None;
    }
    if cursor.take_any(&["to", "as"]) {
        return cursor.name().map(Action::RenameTable);
    }
    cursor.take(&["column"]);
    let from = cursor.part()?;
    cursor.take(&["to"]).then(|| cursor.part())?.map(|to| Action::RenameColumn { from, to })
}

fn altered_column<'a>(cursor: Cursor<'_, 'a>, driver: DriverName) -> Option<Action<'a>> {
    let mut rest = cursor;
    let name = rest.part()?;
    if driver == DriverName::SqlServer {
        return Column::read(cursor).map(|column| Action::Redefine { from: name, column });
    }
    if rest.take(&["set", "not", "null"]) {
        return Some(Action::SetNotNull(name));
    }
    if rest.take(&["set", "data", "type"]) || rest.take(&["type"]) {
        let to = rest.before(|token| token.is("using") || token.is("collate"));
        return Some(Action::ChangeType {
            column: name,
            to: to.text(),
            is_converted: rest.mentions("using"),
        });
    }
    // Defaults, statistics and what is kept change the catalogue alone.
    Some(Action::Light)
}
