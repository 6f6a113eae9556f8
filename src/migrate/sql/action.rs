//! [`Action`]: one thing that an `alter table` does.

use super::column::{Column, type_of};
use super::constraint::Constraint;
use super::cursor::Cursor;
use super::name::Name;

#[derive(Debug)]
pub enum Action<'a> {
    AddColumn {
        column: Column<'a>,
        unless_exists: bool,
    },
    DropColumn {
        name: Name,
        if_exists: bool,
    },
    RenameColumn {
        from: Name,
        to: Name,
    },
    RenameTable(Name),
    /// `alter column … type`.
    ChangeType {
        column: Name,
        to: &'a str,
        is_converted: bool,
    },
    /// A column described anew: `modify`, `change`, and `alter column` of SQL Server.
    Redefine {
        from: Name,
        column: Column<'a>,
    },
    SetNotNull(Name),
    AddConstraint(Constraint<'a>),
    /// `drop index` of MySQL.
    DropIndex(Name),
    DropConstraint(Name),
    /// `validate constraint`.
    Validate,
    /// All rows may be lost: `drop partition`, `truncate partition`, `convert to` of MySQL.
    LoseRows(&'a str),
    /// What needs no strong lock.
    Light,
    /// Anything else, in words.
    Other(&'a str),
}

/// What SQL Server does to each name in a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Listed {
    Added,
    Dropped(What),
    Nothing,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Column,
    Constraint,
}

/// The actions of an `alter table`, behind the name of the table.
pub(super) fn actions<'a>(cursor: Cursor<'_, 'a>) -> Vec<Action<'a>> {
    let mut actions = Vec::new();
    let mut listed = Listed::Nothing;
    for part in cursor.list() {
        // SQL Server: `drop column a, constraint b` and `add a int, b int`.
        let begins = ["add", "alter", "drop", "nocheck", "enable", "disable", "switch", "set"];
        if cursor.is_sqlserver() && listed != Listed::Nothing && !part.sees_any(&begins) {
            match listed {
                Listed::Dropped(what) => {
                    let mut part = part;
                    let what = dropped_what(&mut part, what);
                    listed = Listed::Dropped(what);
                    actions.push(dropped_name(part, what).unwrap_or(Action::Other(part.text())));
                }
                _ => added(part, &mut actions),
            }
            continue;
        }
        let mut rest = part;
        listed = if rest.take("add") {
            Listed::Added
        } else if rest.take("drop") {
            Listed::Dropped(dropped_what(&mut rest, What::Constraint))
        } else {
            Listed::Nothing
        };
        if listed == Listed::Added {
            added(rest, &mut actions);
        } else {
            actions.push(action(part).unwrap_or(Action::Other(part.text())));
        }
    }
    actions
}

fn action<'a>(mut cursor: Cursor<'_, 'a>) -> Option<Action<'a>> {
    let text = cursor.text();
    let loses = ["drop partition", "truncate partition", "convert to"];
    if cursor.is_mysql() && loses.iter().any(|words| cursor.sees(words)) {
        return Some(Action::LoseRows(text));
    }
    if cursor.take("drop") {
        return dropped(cursor);
    }
    if cursor.take("rename") {
        return renamed(cursor);
    }
    if cursor.take("alter") {
        cursor.take("column");
        return altered_column(cursor);
    }
    let is_change = cursor.sees("change");
    if cursor.is_mysql() && cursor.take_any(&["modify", "change"]) {
        cursor.take("column");
        cursor.take("if exists");
        let mut names = cursor;
        let from = names.name()?;
        let column = Column::read(if is_change { names } else { cursor })?;
        return Some(Action::Redefine { from, column });
    }
    cursor.sees("validate constraint").then_some(Action::Validate)
}

fn added<'a>(mut cursor: Cursor<'_, 'a>, actions: &mut Vec<Action<'a>>) {
    let text = cursor.text();
    if let Some(constraint) = Constraint::read(cursor) {
        actions.push(Action::AddConstraint(constraint));
        return;
    }
    if cursor.is_sqlserver() && cursor.sees("default") {
        actions.push(Action::Light);
        return;
    }
    let is_no_column = cursor.sees_any(&["constraint", "period for", "system versioning"])
        || cursor.is_mysql() && cursor.sees("partition");
    if is_no_column {
        actions.push(Action::Other(text));
        return;
    }
    cursor.take("column");
    let unless_exists = cursor.take("if not exists");
    let before = actions.len();
    // MySQL: `add column (a int, b int)`.
    let mut group = cursor;
    match group.group() {
        Some(group) => actions.extend(group.list().map(|part| element(part, unless_exists))),
        None => actions.push(element(cursor, unless_exists)),
    }
    if actions.len() == before {
        actions.push(Action::Other(text));
    }
}

fn element<'a>(cursor: Cursor<'_, 'a>, unless_exists: bool) -> Action<'a> {
    match Column::read(cursor) {
        Some(column) => Action::AddColumn { column, unless_exists },
        None => Action::Other(cursor.text()),
    }
}

/// What is dropped by name where nothing else is said: a column everywhere but on SQL Server.
fn dropped_what(cursor: &mut Cursor<'_, '_>, otherwise: What) -> What {
    if cursor.take("column") {
        What::Column
    } else if cursor.take("constraint") {
        What::Constraint
    } else if cursor.is_sqlserver() {
        otherwise
    } else {
        What::Column
    }
}

fn dropped_name<'a>(mut cursor: Cursor<'_, 'a>, what: What) -> Option<Action<'a>> {
    let if_exists = cursor.take("if exists");
    let name = cursor.name()?;
    Some(match what {
        What::Column => Action::DropColumn { name, if_exists },
        What::Constraint => Action::DropConstraint(name),
    })
}

fn dropped<'a>(mut cursor: Cursor<'_, 'a>) -> Option<Action<'a>> {
    if cursor.take("foreign key") || cursor.is_mysql() && cursor.take("check") {
        return dropped_name(cursor, What::Constraint);
    }
    // Elsewhere a column may be called that.
    let mut index = cursor;
    if index.take_any(&["index", "key"]) {
        index.take("if exists");
        if !index.sees_any(&["cascade", "restrict"])
            && let Some(name) = index.name()
        {
            return Some(Action::DropIndex(name));
        }
    }
    if cursor.sees_any(&["primary key", "period for", "system versioning", "default"]) {
        return None;
    }
    let what = dropped_what(&mut cursor, What::Constraint);
    dropped_name(cursor, what)
}

fn renamed<'a>(mut cursor: Cursor<'_, 'a>) -> Option<Action<'a>> {
    if cursor.sees_any(&["constraint", "index", "key"]) && !cursor.sees("key to") && !cursor.sees("index to")
    {
        return None;
    }
    if cursor.take_any(&["to", "as"]) {
        return cursor.name().map(Action::RenameTable);
    }
    cursor.take("column");
    cursor.take("if exists");
    let from = cursor.name()?;
    cursor.take("to").then(|| cursor.name())?.map(|to| Action::RenameColumn { from, to })
}

fn altered_column<'a>(cursor: Cursor<'_, 'a>) -> Option<Action<'a>> {
    let mut rest = cursor;
    rest.take("if exists");
    let name = rest.name()?;
    if cursor.is_sqlserver() {
        let is_property = rest.sees_any(&["add", "drop"]);
        return if is_property {
            Some(Action::Light)
        } else {
            Column::read(cursor).map(|column| Action::Redefine { from: name, column })
        };
    }
    if rest.take("set not null") {
        return Some(Action::SetNotNull(name));
    }
    if rest.take("set data type") || rest.take("type") {
        let to = type_of(&mut rest);
        return Some(Action::ChangeType { column: name, to, is_converted: rest.mentions("using") });
    }
    // Defaults, statistics and what is kept change the catalogue alone.
    Some(Action::Light)
}
