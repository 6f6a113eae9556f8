//! SQLite: changes to statements.
//!
//! `alter table` adds, renames and drops columns; keys are part of `create table` and stay as they
//! are. What needs a copy of the table needs to know the table: see [`super::alter`]. Where it is not
//! known that is refused, naming table and column.

use super::alter;
use super::define::{Keys, create, define};
use super::normalize::normalize;
use super::types::{read_type, sql_type};
use crate::dialect::ansi::table::{Group, Scope, drop_table, rename_column, rename_table};
use crate::dialect::rebuild::Step;
use crate::dialect::schema::{InlinedKeys, SchemaDialect};
use crate::error::{Error, Result};
use crate::schema::{Change, Column, Database, ForeignKey, Index, IndexKind, Table};

/// SQLite.
#[derive(Debug)]
pub struct Sqlite;

impl SchemaDialect for Sqlite {
    fn inlined_keys(&self) -> InlinedKeys {
        InlinedKeys { primary: true, foreign: true }
    }

    fn statements(&self, change: &Change, group: &Group, scope: &Scope<'_>) -> Result<Vec<String>> {
        Ok(match change {
            Change::CreateTable { table } => {
                // Names of foreign keys mean nothing to SQLite.
                let unnamed = |key: &ForeignKey| ForeignKey { name: None, ..key.clone() };
                let foreign: Vec<_> = group.inline_foreign.iter().map(unnamed).collect();
                let primary = group.inline_primary.as_ref();
                let keys = Keys { primary, foreign: &foreign, uniques: &[] };
                vec![create(table, &keys, &group.inline_checks, scope)?]
            }
            Change::DropTable { table, if_exists } => vec![drop_table(table, *if_exists, scope)],
            Change::DropAllTables { tables } if tables.is_empty() => Vec::new(),
            // Rows that refer to dropped ones wait for the commit; by then they are gone as well.
            Change::DropAllTables { tables } => std::iter::once("pragma defer_foreign_keys = 1".to_owned())
                .chain(tables.iter().map(|table| {
                    format!("drop table {}", scope.qualify(table.schema.as_deref(), &table.name))
                }))
                .collect(),
            Change::DropViews { views } => views
                .iter()
                .map(|view| format!("drop view {}", scope.qualify(view.schema.as_deref(), &view.name)))
                .collect(),
            Change::DropTypes { .. } => return Err(scope.refuse_types()),
            Change::RenameTable { table, to } => vec![rename_table(table, to, scope)?],
            Change::CommentTable { .. } => Vec::new(), // SQLite keeps no notes
            Change::AddColumn { table, column } => {
                vec![format!(
                    "alter table {} add column {}",
                    scope.table(table),
                    define(table, column, None, scope)?
                )]
            }
            Change::ChangeColumn { table, column } => {
                return Err(scope.refuse("change of an existing column", table, Some(&column.name)));
            }
            Change::RenameColumn { table, column, to } => vec![rename_column(table, column, to, scope)],
            Change::DropColumns { table, columns, .. } => columns
                .iter()
                .map(|column| {
                    format!("alter table {} drop column {}", scope.table(table), scope.quote(column))
                })
                .collect(),
            Change::AddIndex { table, index } => vec![add_index(table, index, group.is_new, scope)?],
            Change::DropIndex { table, index } => vec![drop_index(table, index, scope)?],
            Change::RenameIndex { table, index, .. } => {
                return Err(scope.refuse(&format!("renaming of an index, such as {index}"), table, None));
            }
            Change::AddForeignKey { table, foreign_key } => {
                let column = foreign_key.columns.first().map(String::as_str);
                return Err(scope.refuse("foreign key on an existing table", table, column));
            }
            Change::DropForeignKey { table, foreign_key } => {
                let column = foreign_key.columns.first().map(String::as_str);
                return Err(scope.refuse("dropping of a foreign key", table, column));
            }
            Change::AddCheck { table, .. } => {
                return Err(scope.refuse("check on an existing table", table, None));
            }
            Change::DropCheck { table, .. } => return Err(scope.refuse("dropping of a check", table, None)),
            Change::CreateDatabase { name } | Change::DropDatabase { name } => {
                let what = format!("server to make or drop the database {name} on: it is a file");
                return Err(Error::unsupported(what, scope.driver.label()));
            }
            Change::CreateExtension { name } => return Err(scope.refuse_extension(name)),
            Change::CheckForeignKeys { enabled } => {
                vec![format!("pragma foreign_keys = {}", u8::from(*enabled))]
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

    fn needs_current(&self, group: &Group) -> bool {
        alter::needs_current(group)
    }

    fn steps(&self, group: &Group, scope: &Scope<'_>, current: Option<&mut Database>) -> Result<Vec<Step>> {
        match current {
            Some(current) => alter::steps(self, group, scope, current),
            None => Ok(self.plan(group, scope, None)?.into_iter().map(Step::Send).collect()),
        }
    }

    fn after_column(
        &self,
        _table: &str,
        _column: &Column,
        _changed: bool,
        _scope: &Scope<'_>,
    ) -> Vec<String> {
        Vec::new()
    }
}

/// `create index …`.
///
/// # Errors
/// `Unsupported` for a kind that SQLite lacks, and for a primary key: those are part of the table.
pub fn add_index(table: &str, index: &Index, is_new: bool, scope: &Scope<'_>) -> Result<String> {
    let create = match index.kind {
        IndexKind::Unique => "create unique index",
        IndexKind::Index => "create index",
        IndexKind::Primary if is_new => return Err(scope.refuse("second primary key", table, None)),
        IndexKind::Primary => return Err(scope.refuse("primary key on an existing table", table, None)),
        IndexKind::FullText => return Err(scope.refuse("full-text index", table, None)),
        IndexKind::Spatial => return Err(scope.refuse("spatial index", table, None)),
        IndexKind::Vector => return Err(scope.refuse("vector index", table, None)),
    };
    // The namespace belongs to the index; the table is looked up in it.
    let (namespace, name) = scope.split(table);
    let index_name = scope.qualify(namespace, scope.name_of(index.name.as_ref())?);
    let (parts, rest) = (scope.index_parts(table, index)?, scope.index_rest(table, index)?);
    Ok(format!("{create} {index_name} on {} ({parts}){rest}", scope.quote(&name)))
}

/// `drop index …`.
///
/// # Errors
/// As [`add_index`].
pub fn drop_index(table: &str, index: &Index, scope: &Scope<'_>) -> Result<String> {
    match index.kind {
        IndexKind::Unique | IndexKind::Index => {
            let (namespace, _) = scope.split(table);
            Ok(format!("drop index {}", scope.qualify(namespace, scope.name_of(index.name.as_ref())?)))
        }
        IndexKind::Primary => Err(scope.refuse("dropping of a primary key", table, None)),
        IndexKind::FullText => Err(scope.refuse("full-text index", table, None)),
        IndexKind::Spatial => Err(scope.refuse("spatial index", table, None)),
        IndexKind::Vector => Err(scope.refuse("vector index", table, None)),
    }
}
