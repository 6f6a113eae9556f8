//! [`Destruction`]: what a statement loses for good, told from its text.

use serde::{Deserialize, Serialize};

use super::name::is_backup;
use super::rebuilt::rebuilt;
use crate::config::DriverName;
use crate::json::{tagged, written};
use crate::migrate::sql::{Action, Column, Cursor, Name, Statement, tokens};
use crate::migrate::sql_text::split;
use crate::schema::TableName;

/// A table that a statement takes something from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Destruction {
    /// The table, as the statement names it.
    pub table: TableName,
    /// What goes.
    pub loss: Loss,
}

/// What of a table goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Loss {
    /// All rows.
    Rows {
        /// Whether the rows of the tables go as well that refer to it: `truncate … cascade`.
        cascades: bool,
    },
    /// Columns, or what does not fit their new type.
    Columns {
        /// The columns that go.
        dropped: Vec<String>,
        /// The columns whose type is said anew.
        retyped: Vec<Retyped>,
    },
    /// SQLite's way to alter a table: a copy takes its name.
    Copied {
        /// The columns that the copy takes over.
        kept: Vec<String>,
        /// The types of its columns.
        retyped: Vec<Retyped>,
    },
    /// Everything in a namespace or database. No backup holds that.
    Namespace,
}

tagged!(Loss, "kind");
written!(Loss, "kind");

/// A column with a new type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Retyped {
    /// Its name.
    pub column: String,
    /// The type, as the statement spells it.
    pub spelled: String,
    /// Whether its text is written in another character set.
    pub recoded: bool,
}

/// What the statements of a text destroy, in their order. Rows that `delete` and `update` change are no part
/// of it, nor what a routine does.
#[must_use]
pub fn destroyed(sql: &str, driver: DriverName) -> Vec<Destruction> {
    let statements = split(sql, driver);
    let mut found = Vec::new();
    let copies = if driver == DriverName::Sqlite { rebuilt(&statements, driver) } else { Vec::new() };
    for statement in &statements {
        let tokens = tokens(&statement.sql, driver);
        // In a batch of SQL Server it may stand behind a condition.
        let last = if driver == DriverName::SqlServer { tokens.len() } else { tokens.len().min(1) };
        for at in 0..last {
            let cursor = Cursor::new(&statement.sql, &tokens[at..], driver);
            found.extend(of_statement(cursor));
        }
    }
    found.retain(|it| {
        !is_backup(&it.table.name) && !copies.iter().any(|copy| copy.table == it.table && it.loss == ROWS)
    });
    found.extend(copies);
    found
}

const ROWS: Loss = Loss::Rows { cascades: false };

fn of_statement(cursor: Cursor<'_, '_>) -> Vec<Destruction> {
    let lost = |tables: Vec<Name>, loss: &Loss| {
        tables.into_iter().map(|table| Destruction { table: table_name(table), loss: loss.clone() }).collect()
    };
    match Statement::read(cursor) {
        Statement::DropTables { tables, .. } => lost(tables, &ROWS),
        Statement::DropNamespaces(names) => lost(names, &Loss::Namespace),
        Statement::Truncate { tables, cascades } => lost(tables, &Loss::Rows { cascades }),
        Statement::CreateTable(table) if table.replaces && cursor.is_mysql() => lost(vec![table.name], &ROWS),
        Statement::AlterTable { table, actions, .. } => altered(table, &actions).into_iter().collect(),
        _ if cursor.driver == DriverName::Sqlite => lost(emptied(cursor).into_iter().collect(), &ROWS),
        _ => Vec::new(),
    }
}

/// `delete from table` without a condition: SQLite has no `truncate`.
fn emptied(cursor: Cursor<'_, '_>) -> Option<Name> {
    let mut cursor = cursor.statement();
    let table = cursor.take("delete from").then(|| cursor.name())??;
    cursor.peek().is_none().then_some(table)
}

fn altered(table: Name, actions: &[Action<'_>]) -> Option<Destruction> {
    let table = table_name(table);
    if actions.iter().any(|action| matches!(action, Action::LoseRows(_))) {
        return Some(Destruction { table, loss: ROWS });
    }
    let (mut dropped, mut retyped) = (Vec::new(), Vec::new());
    for action in actions {
        match action {
            Action::DropColumn { name, .. } => dropped.push(name.name.clone()),
            Action::ChangeType { column, to, .. } => retyped.push(Retyped {
                column: column.name.clone(),
                spelled: (*to).to_owned(),
                recoded: false,
            }),
            Action::Redefine { from, column } => retyped.push(Retyped::of(from, column)),
            _ => {}
        }
    }
    let is_lost = !dropped.is_empty() || !retyped.is_empty();
    is_lost.then_some(Destruction { table, loss: Loss::Columns { dropped, retyped } })
}

impl Retyped {
    /// `name` gets the type of `column`.
    pub(super) fn of(name: &Name, column: &Column<'_>) -> Self {
        Self { column: name.name.clone(), spelled: column.kind.to_owned(), recoded: column.is_recoded }
    }
}

pub(super) fn table_name(name: Name) -> TableName {
    TableName { schema: name.namespace, name: name.name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn brief(sql: &str, driver: DriverName) -> Vec<String> {
        let named = |table: TableName| match table.schema {
            Some(schema) => format!("{schema}/{}", table.name),
            None => table.name,
        };
        destroyed(sql, driver)
            .into_iter()
            .map(|Destruction { table, loss }| match loss {
                Loss::Rows { cascades } => format!("{}{}", named(table), if cascades { " +" } else { "" }),
                Loss::Namespace => format!("{} *", named(table)),
                Loss::Columns { dropped, retyped } => {
                    let retyped = retyped.iter().map(|it| {
                        format!("{}={}{}", it.column, it.spelled, if it.recoded { "!" } else { "" })
                    });
                    let all: Vec<_> = dropped.into_iter().chain(retyped).collect();
                    format!("{}({})", named(table), all.join("; "))
                }
                Loss::Copied { kept, retyped } => {
                    let types: Vec<_> = retyped.iter().map(|it| it.spelled.as_str()).collect();
                    format!("{} keeps {}: {}", named(table), kept.join(","), types.join(","))
                }
            })
            .collect()
    }

    #[test]
    fn dropped_and_emptied_tables_are_named_as_the_catalogue_names_them() {
        for (driver, sql, expected) in [
            (
                DriverName::Postgres,
                "/* x */ DROP TABLE IF EXISTS Users, app.\"A\"\"b\" cascade",
                vec!["users", "app/A\"b"],
            ),
            (DriverName::Postgres, "truncate only a *, b restart identity cascade", vec!["a +", "b +"]),
            (DriverName::MariaDb, "/*!40101 drop table `a``b`, c */", vec!["a`b", "c"]),
            (DriverName::MariaDb, "create or replace table t (id int, drop_it int)", vec!["t"]),
            (DriverName::Sqlite, "drop table [a b]; drop table \"c\"", vec!["a b", "c"]),
            (DriverName::SqlServer, "if object_id('t') is not null drop table dbo.[t]", vec!["dbo/t"]),
            (DriverName::Sqlite, "delete from \"t\"", vec!["t"]),
            (DriverName::Postgres, "drop schema if exists app cascade", vec!["app *"]),
        ] {
            assert_eq!(brief(sql, driver), expected, "{sql}");
        }
    }

    #[test]
    fn what_loses_nothing_is_not_named() {
        for driver in DriverName::ALL {
            for sql in [
                "insert into t values ('drop table a')",
                "drop index a",
                "drop view v",
                "select drop, table from a -- drop table a",
                "create table a (b int)",
                "alter table a add b int",
                "alter table a add constraint c check (d > 0)",
                "alter table a drop constraint b",
                "drop table t_backup_20251130T120000123",
                "delete from t where id > 1",
            ] {
                assert_eq!(brief(sql, driver), Vec::<String>::new(), "{sql} on {driver:?}");
            }
        }
    }

    #[test]
    fn columns_that_go_or_change_their_type_are_named() {
        for (driver, sql, expected) in [
            (
                DriverName::Postgres,
                "alter table if exists only A.t drop column if exists B cascade, drop \"c,d\", drop constraint e, \
                 alter f set data type numeric(8, 2) using f::numeric(8, 2), alter column g type int, alter h drop not null, \
                 alter i set default 'type', add column j int",
                "a/t(b; c,d; f=numeric(8, 2); g=int)",
            ),
            (
                DriverName::MariaDb,
                "alter table t drop a, drop column `b`, drop index c, drop primary key, drop foreign key d, \
                 modify column e varchar(20) character set latin1 not null, change `f` g int unsigned default 1 after e, \
                 modify h enum('a','b') null",
                "t(a; b; e=varchar(20)!; f=int unsigned; h=enum('a','b'))",
            ),
            (DriverName::SqlServer, "alter table dbo.t drop column a, [b], constraint c", "dbo/t(a; b)"),
            (
                DriverName::SqlServer,
                "alter table t alter column a nvarchar(20) not null",
                "t(a=nvarchar(20))",
            ),
            (DriverName::Sqlite, "alter table t drop \"a\"\"b\"", "t(a\"b)"),
        ] {
            assert_eq!(brief(sql, driver), [expected], "{sql}");
        }
        assert_eq!(brief("alter table t truncate partition p", DriverName::MariaDb), ["t"]);
        assert_eq!(brief("alter table t drop partition p", DriverName::MariaDb), ["t"]);
        assert_eq!(brief("alter table t convert to character set latin1", DriverName::MariaDb), ["t"]);
    }

    #[test]
    fn a_copy_of_sqlite_loses_what_it_does_not_take_over() {
        let sql = "create table \"__temp__t\" (\"id\" integer not null, \"n\" varchar default 'x', check (n <> ''), \
                   primary key (\"id\"));\ninsert into \"__temp__t\" (\"id\", \"n\") select \"id\", \"n\" from \"t\";\n\
                   drop table \"t\";\nalter table \"__temp__t\" rename to \"t\";\ndrop table u";
        assert_eq!(brief(sql, DriverName::Sqlite), ["u", "t keeps id,n: integer,varchar"]);
    }
}
