//! MySQL and MariaDB: changes to statements.
//!
//! Each change is a statement of its own, as Laravel sends them (`../conformance`). Merging the
//! clauses of one table into one `alter table` saves copies of large tables; that is a matter of
//! the migration planner, which knows whether the clauses may fail together.

use super::normalize::{normalize, say_storage};
use super::read_type::read_type;
use super::types::{current, sql_type};
use crate::config::DriverName;
use crate::dialect::ansi::index::add_foreign_key;
use crate::dialect::ansi::table::{
    Group, Scope, add_check, create_table, drop_database, drop_table, drop_views, rename_column,
};
use crate::dialect::schema::{InlinedKeys, PlanOptions, SchemaDialect};
use crate::error::{Error, Result};
use crate::schema::{Change, Column, ColumnType, ForeignKey, Index, IndexKind, Position, Table, TableLock};

/// MySQL and MariaDB.
#[derive(Debug)]
pub struct MySql;

impl SchemaDialect for MySql {
    fn inlined_keys(&self) -> InlinedKeys {
        InlinedKeys { primary: true, foreign: false }
    }

    fn statements(&self, change: &Change, group: &Group, scope: &Scope<'_>) -> Result<Vec<String>> {
        Ok(match change {
            Change::CreateTable { table } => vec![create(table, group, scope)?],
            Change::DropTable { table, if_exists } => vec![drop_table(table, *if_exists, scope)],
            Change::DropAllTables { tables } if tables.is_empty() => Vec::new(),
            Change::DropAllTables { tables } => {
                let names = scope.qualify_list(tables);
                vec![
                    "SET FOREIGN_KEY_CHECKS=0;".to_owned(),
                    format!("drop table {names}"),
                    "SET FOREIGN_KEY_CHECKS=1;".to_owned(),
                ]
            }
            Change::DropViews { views } => drop_views(views, scope).into_iter().collect(),
            Change::DropTypes { .. } => return Err(scope.refuse_types()),
            Change::RenameTable { table, to } => {
                vec![format!("rename table {} to {}", scope.table(table), scope.table(to))]
            }
            Change::CommentTable { table, comment } => {
                vec![format!("alter table {} comment = {}", scope.table(table), scope.literal(comment))]
            }
            Change::AddColumn { table, column } => {
                let definition = define(column, false, group, scope)?;
                let how = how(column.instant, column.lock);
                vec![format!("alter table {} add {definition}{how}", scope.table(table))]
            }
            Change::ChangeColumn { table, column } => {
                let definition = define(column, true, group, scope)?;
                let how = how(column.instant, column.lock);
                vec![format!("alter table {} modify {definition}{how}", scope.table(table))]
            }
            Change::RenameColumn { table, column, to } => vec![rename_column(table, column, to, scope)],
            Change::DropColumns { table, columns, instant, lock } => {
                let drops: Vec<_> =
                    columns.iter().map(|column| format!("drop {}", scope.quote(column))).collect();
                let how = how(*instant, *lock);
                vec![format!("alter table {} {}{how}", scope.table(table), drops.join(", "))]
            }
            Change::AddIndex { table, index } => vec![add_index(table, index, scope)?],
            Change::DropIndex { table, index } if index.kind == IndexKind::Primary => {
                vec![format!("alter table {} drop primary key", scope.table(table))]
            }
            Change::DropIndex { table, index } => {
                let name = scope.quote(scope.name_of(index.name.as_ref())?);
                vec![format!("alter table {} drop index {name}", scope.table(table))]
            }
            Change::RenameIndex { table, index, to } => {
                let (from, to) = (scope.quote(index), scope.quote(to));
                vec![format!("alter table {} rename index {from} to {to}", scope.table(table))]
            }
            Change::AddForeignKey { table, foreign_key } => {
                check_engine(table, foreign_key, group, scope)?;
                vec![add_foreign_key(table, foreign_key, scope)? + &how(false, foreign_key.lock)]
            }
            Change::DropForeignKey { table, foreign_key } => {
                let name = scope.quote(scope.name_of(foreign_key.name.as_ref())?);
                vec![format!("alter table {} drop foreign key {name}", scope.table(table))]
            }
            Change::AddCheck { table, check } => vec![add_check(table, check, scope)],
            // MySQL has `drop constraint` since 8.0.19.
            Change::DropCheck { table, check } => {
                let name = scope.quote(scope.name_of(check.name.as_ref())?);
                vec![format!("alter table {} drop constraint {name}", scope.table(table))]
            }
            Change::CreateDatabase { name } => vec![create_database(name, scope)],
            Change::DropDatabase { name } => vec![drop_database(name, scope)],
            Change::CreateExtension { name } => return Err(scope.refuse_extension(name)),
            Change::CheckForeignKeys { enabled } => {
                vec![format!("SET FOREIGN_KEY_CHECKS={};", u8::from(*enabled))]
            }
        })
    }

    fn sql_type(&self, table: &str, column: &Column, scope: &Scope<'_>) -> Result<String> {
        sql_type(table, column, scope)
    }

    fn read_type(&self, spelled: &str, column: &mut Column) {
        read_type(spelled, column);
    }

    fn normalize(&self, table: &mut Table) {
        normalize(table);
    }

    fn say_storage(&self, table: &mut Table, options: &PlanOptions) {
        say_storage(table, options);
    }

    fn after_column(&self, table: &str, column: &Column, _changed: bool, scope: &Scope<'_>) -> Vec<String> {
        let start = column.starting_value.filter(|_| column.auto_increment);
        start
            .map(|start| format!("alter table {} auto_increment = {start}", scope.table(table)))
            .into_iter()
            .collect()
    }
}

/// The engines that check foreign keys; the others take them and forget them (MySQL 8.4 §15.1.20.5).
const KEEPS_FOREIGN_KEYS: [&str; 4] = ["innodb", "ndb", "ndbcluster", "rocksdb"];

fn check_engine(table: &str, key: &ForeignKey, group: &Group, scope: &Scope<'_>) -> Result<()> {
    let of_table = |change: &Change| match change {
        Change::CreateTable { table } => table.options.engine.clone(),
        _ => None,
    };
    let said = group.changes.iter().find_map(of_table);
    let engine = said.or_else(|| scope.options.engine.clone().filter(|_| group.is_new));
    match engine.filter(|engine| !KEEPS_FOREIGN_KEYS.contains(&engine.to_lowercase().as_str())) {
        Some(engine) => {
            let what = format!("foreign key in a table of the engine {engine}");
            Err(scope.refuse(&what, table, key.columns.first().map(String::as_str)))
        }
        None => Ok(()),
    }
}

fn create_database(name: &str, scope: &Scope<'_>) -> String {
    let mut sql = format!("create database {}", scope.quote(name));
    if let Some(charset) = &scope.options.charset {
        sql = format!("{sql} default character set {}", scope.quote(charset));
    }
    if let Some(collation) = &scope.options.collation {
        sql = format!("{sql} default collate {}", scope.quote(collation));
    }
    sql
}

fn create(table: &Table, group: &Group, scope: &Scope<'_>) -> Result<String> {
    let mut keys = Vec::new();
    if let Some(primary) = &group.inline_primary {
        let using = using(primary, scope)?;
        keys.push(format!("primary key{using} ({})", scope.index_parts(&table.name, primary)?));
    }
    let mut sql = create_table(table, &keys, &group.inline_checks, scope, |column| {
        define(column, false, group, scope)
    })?;
    let (options, connection) = (&table.options, scope.options);
    if let Some(charset) = options.charset.as_ref().or(connection.charset.as_ref()) {
        sql = format!("{sql} default character set {}", scope.word("character set", charset)?);
    }
    if let Some(collation) = options.collation.as_ref().or(connection.collation.as_ref()) {
        sql = format!("{sql} collate {}", scope.literal(collation));
    }
    if let Some(engine) = options.engine.as_ref().or(connection.engine.as_ref()) {
        sql = format!("{sql} engine = {}", scope.word("storage engine", engine)?);
    }
    Ok(sql)
}

/// A column of `create table`, `add` and `modify`.
fn define(column: &Column, changed: bool, group: &Group, scope: &Scope<'_>) -> Result<String> {
    let table = &group.table;
    let mut sql = format!("{} {}", scope.quote(&column.name), sql_type(table, column, scope)?);
    if column.unsigned {
        sql.push_str(" unsigned");
    }
    if let Some(charset) = &column.charset {
        sql = format!("{sql} character set {}", scope.word("character set", charset)?);
    }
    if let Some(collation) = &column.collation {
        sql = format!("{sql} collate {}", scope.literal(collation));
    }
    match &column.generated {
        Some(generated) => {
            let stored = if generated.stored { " stored" } else { "" };
            sql = format!("{sql} as ({}){stored}", scope.computed_by(generated)?);
            // MySQL takes `not null` on a generated column, MariaDB neither it nor `null`.
            if column.nullable == Some(false) {
                sql.push_str(" not null");
            }
        }
        None => sql.push_str(if scope.is_nullable(column) { " null" } else { " not null" }),
    }
    if let Some(default) = scope.default_value(table, column, current(&column.column_type).as_deref())? {
        sql = format!("{sql} default {default}");
    }
    if column.current_on_update {
        sql = format!("{sql} on update {}", on_update(table, column)?);
    }
    if column.invisible {
        sql.push_str(" invisible");
    }
    if column.numbers_rows() {
        sql.push_str(if group.has_primary || changed {
            " auto_increment"
        } else {
            " auto_increment primary key"
        });
    }
    if let Some(comment) = &column.comment {
        sql = format!("{sql} comment {}", note(comment));
    }
    match &column.position {
        Some(Position::First) => sql.push_str(" first"),
        Some(Position::After { column }) => sql = format!("{sql} after {}", scope.quote(column)),
        None => {}
    }
    Ok(sql)
}

/// How the server makes the alteration.
fn how(instant: bool, lock: Option<TableLock>) -> String {
    let instant = if instant { ", algorithm=instant" } else { "" };
    let lock = lock.map_or_else(String::new, |lock| format!(", lock={}", lock.as_sql()));
    format!("{instant}{lock}")
}

fn on_update(table: &str, column: &Column) -> Result<String> {
    match column.column_type {
        ColumnType::Date | ColumnType::Year => None,
        _ => current(&column.column_type),
    }
    .ok_or_else(|| {
        Error::invalid(format!(
            "{table}.{}: useCurrentOnUpdate() is for dateTime() and timestamp()",
            column.name
        ))
    })
}

/// A column's note. Escaped with backslashes as Laravel does; a table's note doubles its quotes.
fn note(text: &str) -> String {
    let mut sql = String::from("'");
    for character in text.chars() {
        match character {
            '\'' | '"' | '\\' => sql.extend(['\\', character]),
            '\0' => sql.push_str("\\0"),
            _ => sql.push(character),
        }
    }
    sql.push('\'');
    sql
}

fn using(index: &Index, scope: &Scope<'_>) -> Result<String> {
    Ok(match &index.algorithm {
        Some(algorithm) => format!(" using {}", scope.word("index algorithm", algorithm)?),
        None => String::new(),
    })
}

fn add_index(table: &str, index: &Index, scope: &Scope<'_>) -> Result<String> {
    let kind = match index.kind {
        IndexKind::Primary => "primary key",
        IndexKind::Unique => "unique",
        IndexKind::Index => "index",
        IndexKind::FullText => "fulltext",
        IndexKind::Spatial => "spatial index",
        // MariaDB has it since 11.7.
        IndexKind::Vector if scope.driver == DriverName::MariaDb => "vector index",
        IndexKind::Vector => {
            return Err(scope.refuse(
                "vector index",
                table,
                index.column_names().first().map(String::as_str),
            ));
        }
    };
    let name = match index.kind {
        IndexKind::Primary => String::new(), // MySQL calls every primary key PRIMARY
        _ => scope.quote(scope.name_of(index.name.as_ref())?),
    };
    let using = using(index, scope)?;
    let head = format!("alter table {} add {kind} {name}", scope.table(table));
    let head = if using.is_empty() { head.as_str() } else { head.trim_end() };
    let how = if index.kind == IndexKind::Vector { " M=6 DISTANCE=cosine" } else { "" };
    let lock = self::how(false, index.lock);
    let (parts, rest) = (scope.index_parts(table, index)?, scope.index_rest(table, index)?);
    Ok(format!("{head}{using}({parts}){rest}{how}{lock}"))
}
