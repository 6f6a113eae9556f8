//! [`Undo`]: what takes back that which a statement created.

use serde::Serialize;

use super::existence;
use super::sql::{Action, Constraint, ConstraintKind, Name, NewIndex, Statement};
use super::statement::Sql;
use crate::config::DriverName;

/// One statement that undoes a creation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Undo {
    /// Its text.
    pub sql: String,
    /// A question: it is left out where this finds something before the creation, or nothing afterwards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unless: Option<Sql>,
}

/// What undoes a statement; none when that would lose more than the statement made.
pub(super) fn undo(statement: &Statement<'_>, driver: DriverName) -> Option<Vec<Undo>> {
    let one = |sql: String, unless: Option<Sql>| Some(vec![Undo { sql, unless }]);
    match statement {
        Statement::CreateTable(table) if !table.is_temporary && !table.replaces => {
            let unless = table.unless_exists.then(|| existence::table(driver, &table.name));
            one(format!("drop table {}", table.name.text), unless)
        }
        Statement::CreateIndex(index) => {
            let name = index.name.as_ref()?;
            let unless =
                if index.unless_exists { existence::index(driver, Some(&index.table), name) } else { None };
            one(drop_index(index, name, driver), unless)
        }
        Statement::AlterTable { table, actions, .. } => undo_actions(table, actions, driver),
        _ => None,
    }
}

fn drop_index(index: &NewIndex<'_>, name: &Name, driver: DriverName) -> String {
    let table = &index.table;
    match driver {
        DriverName::Postgres => {
            let concurrently = if index.is_online { "concurrently " } else { "" };
            format!("drop index {concurrently}{}{}", table.qualifier(), name.text)
        }
        DriverName::Sqlite => format!("drop index {}", name.text),
        DriverName::MySql | DriverName::MariaDb | DriverName::SqlServer => {
            format!("drop index {} on {}", name.text, table.text)
        }
    }
}

/// The last first. All of them must be additions.
fn undo_actions(table: &Name, actions: &[Action<'_>], driver: DriverName) -> Option<Vec<Undo>> {
    let mut undone = Vec::new();
    for action in actions.iter().rev() {
        match action {
            Action::AddColumn { column, unless_exists } => undone.push(Undo {
                sql: format!("alter table {} drop column {}", table.text, column.name.text),
                unless: unless_exists.then(|| existence::column(driver, table, &column.name)),
            }),
            Action::AddConstraint(constraint) => undone.extend(undo_constraint(table, constraint, driver)?),
            _ => return None,
        }
    }
    (!undone.is_empty()).then_some(undone)
}

fn undo_constraint(table: &Name, constraint: &Constraint<'_>, driver: DriverName) -> Option<Vec<Undo>> {
    let is_mysql = matches!(driver, DriverName::MySql | DriverName::MariaDb);
    let drop = |what: &str, unless| Undo { sql: format!("alter table {} drop {what}", table.text), unless };
    if constraint.kind == ConstraintKind::Primary {
        return (is_mysql && !constraint.unless_exists).then(|| vec![drop("primary key", None)]);
    }
    let name = constraint.name.as_ref()?;
    let unless = constraint.unless_exists.then(|| existence::added(table, constraint, driver)).flatten();
    if !is_mysql {
        return Some(vec![drop(&format!("constraint {}", name.text), unless)]);
    }
    let index = format!("index {}", name.text);
    Some(match constraint.kind {
        // The server makes an index of the same name for a foreign key where there is none, and keeps it.
        ConstraintKind::Foreign => vec![
            drop(&format!("foreign key {}", name.text), unless),
            drop(&index, existence::index(driver, Some(table), name)),
        ],
        ConstraintKind::Check => vec![drop(&format!("constraint {}", name.text), unless)],
        _ => vec![drop(&index, unless)],
    })
}
