//! [`effects`]: what a schema change that is written as SQL makes of a structure, as far as its text tells.

use super::ddl_columns::{column, described, index_columns};
use super::sql_tokens::{Cursor, Token, listed, tokens};
use crate::config::DriverName;
use crate::schema::{Change, Index, IndexKind};

/// One thing that a statement does.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Effect {
    /// `leniently`: it does nothing where it cannot be done (`if exists`).
    Change { change: Box<Change>, leniently: bool },
    /// A view is there.
    CreateView { name: String },
    /// A view is gone.
    DropView { name: String },
    /// An index is gone, on whichever table it is.
    DropIndex { name: String },
}

/// What a statement does to tables, columns, indexes and views. None when it may do more than is understood.
pub(super) fn effects(sql: &str, driver: DriverName) -> Option<Vec<Effect>> {
    let all = tokens(sql, driver);
    let mut at = Cursor::new(&all, driver);
    if at.eat("create") {
        return create(&mut at, sql, driver);
    }
    if at.eat("drop") {
        return drop(&mut at);
    }
    if at.eat("alter table") {
        return alter(&mut at, sql, driver);
    }
    if at.eat("rename table") {
        return rename_tables(&mut at);
    }
    let changes_no_structure = matches!(
        at.word().as_str(),
        "truncate" | "comment" | "grant" | "revoke" | "reindex" | "analyze" | "vacuum" | "optimize"
    );
    changes_no_structure.then(Vec::new)
}

fn create(at: &mut Cursor<'_, '_>, sql: &str, driver: DriverName) -> Option<Vec<Effect>> {
    let replaces = at.eat("or replace");
    at.eat_all_of(&["temp", "temporary", "global", "local", "unlogged"]);
    if at.eat("table") {
        let leniently = at.eat("if not exists");
        let name = at.name()?;
        let body = at.group().unwrap_or_default();
        let made =
            effect(Change::CreateTable { table: described(name.clone(), body, sql, driver) }, leniently);
        return Some(if replaces {
            vec![effect(Change::DropTable { table: name, if_exists: true }, true), made]
        } else {
            vec![made]
        });
    }
    if at.eat("view") || at.eat("materialized view") {
        at.eat("if not exists");
        return Some(vec![Effect::CreateView { name: at.name()? }]);
    }
    let is_unique = at.eat("unique");
    if at.eat("index") {
        at.eat("concurrently");
        let leniently = at.eat("if not exists");
        let name = if at.word() == "on" { None } else { at.name() };
        if !at.eat("on") {
            return None;
        }
        at.eat("only");
        let table = at.name()?;
        if at.eat("using") {
            at.skip();
        }
        let kind = if is_unique { IndexKind::Unique } else { IndexKind::Index };
        let columns = index_columns(at.group()?, driver);
        let index = Index { columns, name: name.as_deref().map(last_part), ..Index::new(kind, Vec::new()) };
        return Some(vec![effect(Change::AddIndex { table, index }, leniently)]);
    }
    // What no question to a pretended structure asks for.
    let is_no_table =
        matches!(at.word().as_str(), "sequence" | "type" | "domain" | "trigger" | "role" | "extension");
    is_no_table.then(Vec::new)
}

fn drop(at: &mut Cursor<'_, '_>) -> Option<Vec<Effect>> {
    at.eat("temporary");
    if at.eat("table") {
        let if_exists = at.eat("if exists");
        return Some(
            names(at)?
                .into_iter()
                .map(|table| effect(Change::DropTable { table, if_exists }, if_exists))
                .collect(),
        );
    }
    if at.eat("view") || at.eat("materialized view") {
        at.eat("if exists");
        return Some(names(at)?.into_iter().map(|name| Effect::DropView { name }).collect());
    }
    if at.eat("index") {
        at.eat("concurrently");
        at.eat("if exists");
        return Some(
            names(at)?.into_iter().map(|name| Effect::DropIndex { name: last_part(&name) }).collect(),
        );
    }
    let is_no_table = matches!(
        at.word().as_str(),
        "sequence" | "type" | "domain" | "trigger" | "role" | "extension" | "function" | "procedure"
    );
    is_no_table.then(Vec::new)
}

fn names(at: &mut Cursor<'_, '_>) -> Option<Vec<String>> {
    let mut names = vec![at.name()?];
    while at.sign(',') {
        names.push(at.name()?);
    }
    Some(names)
}

fn rename_tables(at: &mut Cursor<'_, '_>) -> Option<Vec<Effect>> {
    let mut effects = Vec::new();
    loop {
        let table = at.name()?;
        if !at.eat("to") {
            return None;
        }
        effects.push(effect(Change::RenameTable { table, to: at.name()? }, false));
        if !at.sign(',') {
            return Some(effects);
        }
    }
}

fn alter(at: &mut Cursor<'_, '_>, sql: &str, driver: DriverName) -> Option<Vec<Effect>> {
    let is_lenient = at.eat("if exists");
    at.eat("only");
    let table = at.name()?;
    at.sign('*');
    let mut effects = Vec::new();
    for part in listed(at.rest()) {
        clause(part, &table, sql, driver, &mut effects)?;
    }
    for one in &mut effects {
        if let Effect::Change { leniently, .. } = one {
            *leniently |= is_lenient;
        }
    }
    Some(effects)
}

/// Words after `add` that are no name of a column.
const PARTS: [&str; 11] = [
    "constraint",
    "primary",
    "foreign",
    "unique",
    "check",
    "index",
    "key",
    "fulltext",
    "spatial",
    "exclude",
    "partition",
];

/// One thing that `alter table` does.
fn clause(
    part: &[Token<'_>],
    table: &str,
    sql: &str,
    driver: DriverName,
    effects: &mut Vec<Effect>,
) -> Option<()> {
    let mut at = Cursor::new(part, driver);
    let table = table.to_owned();
    if at.eat("rename") {
        if at.eat("to") || at.eat("as") {
            let to = at.name()?;
            // PostgreSQL leaves it in its namespace, which is not said again.
            let to = match table.rsplit_once('.') {
                Some((namespace, _)) if !to.contains('.') => format!("{namespace}.{to}"),
                _ => to,
            };
            effects.push(effect(Change::RenameTable { table, to }, false));
        } else if !matches!(at.word().as_str(), "constraint" | "index" | "key") {
            at.eat("column");
            let column = at.name()?;
            if !at.eat("to") {
                return None;
            }
            effects.push(effect(Change::RenameColumn { table, column, to: at.name()? }, false));
        }
    } else if at.eat("add") {
        let is_column = at.eat("column") || !PARTS.contains(&at.word().as_str());
        if is_column {
            let leniently = at.eat("if not exists");
            let columns = match at.group() {
                Some(group) => {
                    listed(group).map(|tokens| column(tokens, sql, driver)).collect::<Option<Vec<_>>>()?
                }
                None => vec![column(at.rest(), sql, driver)?],
            };
            for column in columns {
                effects.push(effect(Change::AddColumn { table: table.clone(), column }, leniently));
            }
        } else {
            for index in described(String::new(), at.rest(), sql, driver).indexes {
                effects.push(effect(Change::AddIndex { table: table.clone(), index }, false));
            }
        }
    } else if at.eat("drop") {
        let is_column = at.eat("column") || !PARTS.contains(&at.word().as_str());
        if is_column {
            let leniently = at.eat("if exists");
            let change = Change::DropColumns { table, columns: vec![at.name()?], instant: false, lock: None };
            effects.push(effect(change, leniently));
        } else if at.eat("index") || at.eat("key") {
            effects.push(Effect::DropIndex { name: at.name()? });
        }
    } else if at.eat("change column") || at.eat("change") {
        let before = at.name()?;
        let column = column(at.rest(), sql, driver)?;
        if before != column.name {
            let to = column.name.clone();
            effects.push(effect(Change::RenameColumn { table: table.clone(), column: before, to }, false));
        }
        effects.push(effect(Change::ChangeColumn { table, column }, false));
    } else if at.eat("modify column") || at.eat("modify") {
        effects.push(effect(Change::ChangeColumn { table, column: column(at.rest(), sql, driver)? }, false));
    }
    Some(())
}

fn effect(change: Change, leniently: bool) -> Effect {
    Effect::Change { change: Box::new(change), leniently }
}

fn last_part(name: &str) -> String {
    name.rsplit('.').next().unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Table;

    /// Kinds and tables of the changes.
    fn read(sql: &str, driver: DriverName) -> Option<Vec<String>> {
        let said = |effect: &Effect| match effect {
            Effect::Change { change, leniently } => {
                let mark = if *leniently { "?" } else { "" };
                format!("{}{mark} {}", change.kind(), change.table().unwrap_or_default())
            }
            Effect::CreateView { name } => format!("view {name}"),
            Effect::DropView { name } => format!("no view {name}"),
            Effect::DropIndex { name } => format!("no index {name}"),
        };
        Some(effects(sql, driver)?.iter().map(said).collect())
    }

    #[test]
    fn tables_columns_indexes_and_views_are_understood() {
        for (sql, expected) in [
            ("create table a (id int)", vec!["createTable a"]),
            ("CREATE UNLOGGED TABLE IF NOT EXISTS app.A (id int)", vec!["createTable? app.a"]),
            ("create table b as select 1 as x", vec!["createTable b"]),
            ("drop table if exists a, \"B\" cascade", vec!["dropTable? a", "dropTable? B"]),
            ("alter table only a rename to b", vec!["renameTable a"]),
            ("alter table a rename column x to y", vec!["renameColumn a"]),
            ("alter table a rename constraint x to y", vec![]),
            (
                "alter table a add x int default (1 + 2), add column if not exists y numeric(8, 2), drop z, add constraint c check (x > 0), alter x set not null",
                vec!["addColumn a", "addColumn? a", "dropColumns a"],
            ),
            ("create unique index concurrently i on a using btree (x, lower(y))", vec!["addIndex a"]),
            ("create or replace view v as select 1", vec!["view v"]),
            ("drop view v, w", vec!["no view v", "no view w"]),
            ("drop index concurrently if exists app.i", vec!["no index i"]),
            ("vacuum", vec![]),
            ("comment on table a is 'drop table a'", vec![]),
        ] {
            assert_eq!(
                read(sql, DriverName::Postgres),
                Some(expected.iter().map(ToString::to_string).collect()),
                "{sql}"
            );
        }
    }

    #[test]
    fn mysql_spellings_are_understood() {
        for (sql, expected) in [
            ("rename table a to b, c to d", vec!["renameTable a", "renameTable c"]),
            ("alter table a change x y int not null after z", vec!["renameColumn a", "changeColumn a"]),
            ("alter table a modify column x bigint", vec!["changeColumn a"]),
            (
                "alter table a add (x int, y int), add index i (x)",
                vec!["addColumn a", "addColumn a", "addIndex a"],
            ),
            ("alter table a drop key i", vec!["no index i"]),
            ("create or replace table a (x int)", vec!["dropTable? a", "createTable a"]),
        ] {
            assert_eq!(
                read(sql, DriverName::MariaDb),
                Some(expected.iter().map(ToString::to_string).collect()),
                "{sql}"
            );
        }
    }

    #[test]
    fn what_may_do_anything_is_not_understood() {
        for sql in [
            "do $$ begin create table a (id int); end $$",
            "call setup()",
            "select 1 as a into b",
            "create schema x",
            "create table",
        ] {
            assert_eq!(read(sql, DriverName::Postgres), None, "{sql}");
        }
    }

    #[test]
    fn a_table_without_a_list_has_no_columns_that_are_known() {
        let found = effects("create table b as select 1", DriverName::Sqlite).expect("understood");
        assert_eq!(found, [effect(Change::CreateTable { table: Table::new("b") }, false)]);
    }
}
