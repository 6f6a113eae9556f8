//! [`rebuilt`]: SQLite alters most things by a copy that takes the table's name. The `drop table` in it loses
//! nothing but what the copy does not take over.

use super::alteration::retyped;
use super::destruction::{Destruction, Loss};
use super::tokens::Tokens;
use crate::config::DriverName;
use crate::migrate::sql_statement::SqlStatement;
use crate::schema::TableName;

/// The tables that the statements replace by a copy.
pub(super) fn rebuilt(statements: &[SqlStatement], driver: DriverName) -> Vec<Destruction> {
    let all: Vec<Tokens<'_>> = statements.iter().map(|it| Tokens::of(&it.sql, driver)).collect();
    all.iter()
        .filter_map(|tokens| renamed(tokens))
        .filter_map(|(copy, table)| copied(&all, &copy, table))
        .collect()
}

/// `alter table copy rename to table`.
fn renamed(tokens: &Tokens<'_>) -> Option<(TableName, TableName)> {
    let (copy, at) = tokens.has(0, &["alter", "table"]).then(|| tokens.table(2))??;
    let name = tokens.has(at, &["rename", "to"]).then(|| tokens.name(at + 2))??;
    let schema = copy.schema.clone();
    Some((copy, TableName { schema, name }))
}

fn copied(all: &[Tokens<'_>], copy: &TableName, table: TableName) -> Option<Destruction> {
    let is_dropped = |tokens: &Tokens<'_>| {
        tokens.has(0, &["drop", "table"])
            && tokens.table(tokens.after(2, &["if", "exists"])).is_some_and(|(dropped, _)| dropped == table)
    };
    all.iter().any(is_dropped).then_some(())?;
    let made = |tokens: &Tokens<'_>| {
        let (name, at) = tokens.has(0, &["create", "table"]).then(|| tokens.table(2))??;
        (name == *copy).then_some(at + 1)
    };
    let filled = |tokens: &Tokens<'_>| {
        let (name, at) = tokens.has(0, &["insert", "into"]).then(|| tokens.table(2))??;
        (name == *copy && tokens.is_sign(at, b'(')).then_some(at + 1)
    };
    let (create, columns) = all.iter().find_map(|tokens| Some((tokens, made(tokens)?)))?;
    let (insert, listed) = all.iter().find_map(|tokens| Some((tokens, filled(tokens)?)))?;
    let kept: Vec<String> = insert.list(listed).iter().filter_map(|(from, _)| insert.name(*from)).collect();
    let retyped = create
        .list(columns)
        .iter()
        .filter_map(|(from, to)| retyped(create, *from, from + 1, *to))
        .filter(|it| kept.contains(&it.column))
        .collect();
    Some(Destruction { table, loss: Loss::Copied { kept, retyped } })
}
