//! [`dump`]: a whole database as the statements that make it again, in an order that works.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::quote::{literal, quoted};
use crate::config::DriverName;
use crate::schema::expression::{Token, tokens};
use crate::schema::{Database, Definition, LeftOut, View};

/// A structure, with the statements that make its tables.
#[derive(Debug, Deserialize)]
pub struct DumpRequest {
    /// The structure.
    pub database: Database,
    /// What makes the tables, but their keys.
    pub tables: Vec<String>,
    /// What inserts their rows.
    #[serde(default)]
    pub rows: Vec<String>,
    /// What adds the foreign keys, where they are no part of the tables.
    pub keys: Vec<String>,
}

/// What makes a database again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dumped {
    /// The statements, in order.
    pub statements: Vec<String>,
    /// What they do not make, and why.
    pub missing: Vec<LeftOut>,
}

/// The statements that make a database again.
///
/// Functions come before tables, whose defaults and checks may call them, but those that speak of a
/// table's row type; views come after what they read.
#[must_use]
pub fn dump(driver: DriverName, request: DumpRequest) -> Dumped {
    let DumpRequest { database, tables, rows, keys } = request;
    let mut missing = database.left_out.clone();
    let relations: HashSet<&str> = database
        .tables
        .iter()
        .map(|table| table.name.as_str())
        .chain(database.views.iter().map(|view| view.name.as_str()))
        .collect();
    let is_late = |routine: &&Definition| {
        driver == DriverName::Postgres && mentions(signature(routine), &relations).next().is_some()
    };
    let (late, early): (Vec<_>, Vec<_>) = database.routines.iter().partition(is_late);

    let mut statements = Vec::new();
    let is_postgres = driver == DriverName::Postgres;
    if is_postgres {
        // A function may speak of tables that come after it.
        statements.push("set check_function_bodies = off".to_owned());
    }
    statements.extend(
        database
            .extensions
            .iter()
            .map(|name| format!("create extension if not exists {}", quoted(driver, name))),
    );
    for enumeration in &database.enums {
        let values: Vec<_> = enumeration.values.iter().map(|value| literal(driver, value)).collect();
        let name = qualified(driver, &enumeration.name);
        statements.push(format!("create type {name} as enum ({})", values.join(", ")));
    }
    let text = |definition: &Definition| definition.definition.as_deref().map(ended);
    add(&mut statements, &mut missing, database.sequences.iter(), text);
    add(&mut statements, &mut missing, early.into_iter(), text);
    statements.extend(tables);
    statements.extend(rows);
    statements.extend(keys);
    for view in in_order(&database.views) {
        match view_statement(driver, &database, view) {
            Some(sql) => statements.push(sql),
            None => missing.push(unreadable(&view.name)),
        }
    }
    add(&mut statements, &mut missing, late.into_iter(), text);
    add(&mut statements, &mut missing, database.triggers.iter(), text);
    if is_postgres {
        statements.push("reset check_function_bodies".to_owned());
    }
    missing.dedup();
    Dumped { statements, missing }
}

fn add<'d>(
    statements: &mut Vec<String>,
    missing: &mut Vec<LeftOut>,
    definitions: impl Iterator<Item = &'d Definition>,
    text: impl Fn(&Definition) -> Option<String>,
) {
    for definition in definitions {
        match text(definition) {
            Some(sql) => statements.push(sql),
            None if missing.iter().any(|other| other.name == definition.name) => {}
            None => missing.push(unreadable(&definition.name)),
        }
    }
}

fn unreadable(name: &str) -> LeftOut {
    LeftOut { name: name.to_owned(), reason: "its SQL may not be read by this user".to_owned() }
}

/// SQL without the semicolon at its end, but that of a body: `… end;`.
fn ended(sql: &str) -> String {
    sql.trim().trim_end_matches(';').trim_end().to_owned()
}

/// What a function takes and returns, without its body; all of it where the body is no text.
fn signature(routine: &Definition) -> &str {
    let sql = routine.definition.as_deref().unwrap_or_default();
    sql.split_once("\nAS $").map_or(sql, |(head, _)| head)
}

fn qualified(driver: DriverName, name: &str) -> String {
    name.split('.').map(|part| quoted(driver, part)).collect::<Vec<_>>().join(".")
}

fn view_statement(driver: DriverName, database: &Database, view: &View) -> Option<String> {
    let sql = ended(view.definition.as_deref()?);
    // SQLite keeps the whole statement.
    if driver == DriverName::Sqlite {
        return Some(sql);
    }
    let body = match (&database.namespace, driver) {
        (Some(namespace), DriverName::MySql | DriverName::MariaDb) => without_database(&sql, namespace),
        _ => sql,
    };
    let kind = if view.materialized { "materialized view" } else { "view" };
    Some(if body.len() > 6 && body.is_char_boundary(6) && body[..6].eq_ignore_ascii_case("create") {
        body
    } else {
        format!("create {kind} {} as {body}", qualified(driver, &view.name))
    })
}

/// MySQL writes the database in front of every name in a view. The dump is for any database.
fn without_database(sql: &str, database: &str) -> String {
    let own = quoted(DriverName::MySql, database);
    let mut text = String::with_capacity(sql.len());
    let mut rest = tokens(sql).into_iter().peekable();
    while let Some(token) = rest.next() {
        if token == Token::Name(&own) && rest.peek() == Some(&Token::Sign(".")) {
            rest.next();
            continue;
        }
        text.push_str(match token {
            Token::Word(text)
            | Token::Name(text)
            | Token::Text(text)
            | Token::Number(text)
            | Token::Sign(text)
            | Token::Space(text) => text,
        });
    }
    text
}

/// Views after those that they name; those that name each other by their names.
fn in_order(views: &[View]) -> Vec<&View> {
    let names: HashSet<&str> = views.iter().map(|view| view.name.as_str()).collect();
    let mut ordered: Vec<&View> = Vec::with_capacity(views.len());
    let mut waiting: Vec<(&View, HashSet<&str>)> = views
        .iter()
        .map(|view| {
            let reads = mentions(view.definition.as_deref().unwrap_or_default(), &names)
                .filter(|name| *name != view.name)
                .collect();
            (view, reads)
        })
        .collect();
    while !waiting.is_empty() {
        let is_there = |name: &&str| ordered.iter().any(|view| view.name == **name);
        let next = waiting.iter().position(|(_, reads)| reads.iter().all(is_there)).unwrap_or(0);
        ordered.push(waiting.remove(next).0);
    }
    ordered
}

/// The names that stand in SQL, quoted or not, outside of text and comments.
pub(super) fn mentions<'n>(sql: &str, names: &HashSet<&'n str>) -> impl Iterator<Item = &'n str> {
    let words: HashSet<String> = tokens(sql)
        .into_iter()
        .filter_map(|token| match token {
            Token::Word(word) => Some(word.to_owned()),
            Token::Name(name) => {
                let close = name.chars().next_back()?;
                let inner = name.get(1..name.len().checked_sub(1)?)?;
                Some(inner.replace(&format!("{close}{close}"), &close.to_string()))
            }
            _ => None,
        })
        .collect();
    names
        .iter()
        .copied()
        .filter(move |name| words.contains(name.rsplit('.').next().unwrap_or(name)))
        .collect::<Vec<_>>()
        .into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(name: &str, definition: &str) -> View {
        View { name: name.into(), definition: Some(definition.into()), materialized: false }
    }

    fn dumped(driver: DriverName, database: Database) -> Dumped {
        let tables = vec!["create table t".to_owned()];
        dump(driver, DumpRequest { database, tables, rows: vec![], keys: vec!["add key".to_owned()] })
    }

    #[test]
    fn views_come_after_those_that_they_read() {
        let views = vec![
            view("a", "select * from \"c\""),
            view("b", "select 'c' from a"),
            view("c", "select 1 as one"),
        ];
        let Dumped { statements, missing } =
            dumped(DriverName::Sqlite, Database { views, ..Database::default() });
        assert_eq!(
            statements,
            ["create table t", "add key", "select 1 as one", "select * from \"c\"", "select 'c' from a"]
        );
        assert_eq!(missing, []);
    }

    #[test]
    fn functions_come_before_tables_but_those_of_a_tables_type() {
        let routine = |name: &str, sql: &str| Definition {
            name: name.into(),
            table: None,
            definition: Some(sql.into()),
        };
        let table = crate::schema::Table { name: "users".into(), ..crate::schema::Table::default() };
        let early =
            "CREATE FUNCTION early()\n RETURNS int\nAS $function$ select count(*) from users $function$";
        let late = "CREATE FUNCTION late(u users)\n RETURNS int\nAS $function$ select 1 $function$";
        let Dumped { statements, .. } = dumped(
            DriverName::Postgres,
            Database {
                tables: vec![table],
                routines: vec![routine("late", late), routine("early", early)],
                enums: vec![crate::schema::Enumeration {
                    name: "app.mood".into(),
                    values: vec!["it's".into(), "ok".into()],
                }],
                ..Database::default()
            },
        );
        assert_eq!(
            statements,
            [
                "set check_function_bodies = off",
                "create type \"app\".\"mood\" as enum ('it''s', 'ok')",
                early,
                "create table t",
                "add key",
                late,
                "reset check_function_bodies"
            ]
        );
    }

    #[test]
    fn views_of_mysql_name_no_database() {
        let views = vec![view("v", "select `shop`.`t`.`id` AS `id`,'`shop`.' AS `x` from `shop`.`t`;")];
        let database = Database { views, namespace: Some("shop".into()), ..Database::default() };
        assert_eq!(
            dumped(DriverName::MariaDb, database).statements.last().map(String::as_str),
            Some("create view `v` as select `t`.`id` AS `id`,'`shop`.' AS `x` from `t`")
        );
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let hidden = Definition { name: "f".into(), table: None, definition: None };
        let left_out = vec![LeftOut { name: "e".into(), reason: "events are not read".into() }];
        let database = Database { routines: vec![hidden], left_out, ..Database::default() };
        let names: Vec<_> =
            dumped(DriverName::MariaDb, database).missing.into_iter().map(|left| left.name).collect();
        assert_eq!(names, ["e", "f"]);
    }
}
