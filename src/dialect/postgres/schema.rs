//! PostgreSQL: changes to statements.

use super::alter;
use super::normalize::normalize;
use super::read_type::read_type;
use super::types::{current, sql_type};
use crate::dialect::ansi::index::add_foreign_key;
use crate::dialect::ansi::table::add_check;
use crate::dialect::ansi::table::{
    Group, Scope, create_table, drop_database, drop_table, drop_views, rename_column, rename_table,
};
use crate::dialect::schema::{InlinedKeys, SchemaDialect};
use crate::error::Result;
use crate::schema::{
    Change, Check, Column, Database, ForeignKey, Identity, Index, IndexKind, Table, TableName,
};

/// PostgreSQL.
#[derive(Debug)]
pub struct Postgres;

impl SchemaDialect for Postgres {
    fn inlined_keys(&self) -> InlinedKeys {
        InlinedKeys { primary: false, foreign: false }
    }

    fn statements(&self, change: &Change, group: &Group, scope: &Scope<'_>) -> Result<Vec<String>> {
        Ok(match change {
            Change::CreateTable { table } => create(table, group, scope)?,
            Change::DropTable { table, if_exists } => vec![drop_table(table, *if_exists, scope)],
            Change::DropAllTables { tables } if tables.is_empty() => Vec::new(),
            Change::DropAllTables { tables } => {
                let names = scope.qualify_list(tables);
                vec![format!("drop table {names} cascade")]
            }
            Change::DropViews { views } => {
                drop_views(views, scope).map(|sql| sql + " cascade").into_iter().collect()
            }
            Change::DropTypes { types, domains } => drop_types(types, domains, scope),
            Change::RenameTable { table, to } => vec![rename_table(table, to, scope)?],
            Change::CommentTable { table, comment } => {
                let comment = if comment.is_empty() { "null".to_owned() } else { scope.literal(comment) };
                vec![format!("comment on table {} is {comment}", scope.table(table))]
            }
            Change::AddColumn { table, column } => {
                vec![format!(
                    "alter table {} add column {}",
                    scope.table(table),
                    define(column, group, scope)?
                )]
            }
            Change::ChangeColumn { table, column } => alter::change_column(table, column, None, scope)?,
            Change::RenameColumn { table, column, to } => vec![rename_column(table, column, to, scope)],
            Change::DropColumns { table, columns, .. } => {
                let drops: Vec<_> =
                    columns.iter().map(|column| format!("drop column {}", scope.quote(column))).collect();
                vec![format!("alter table {} {}", scope.table(table), drops.join(", "))]
            }
            Change::AddIndex { table, index } => add_index(table, index, scope)?,
            Change::DropIndex { table, index } => vec![drop_index(table, index, scope)?],
            Change::RenameIndex { table, index, to } => {
                let (namespace, _) = scope.split(table);
                vec![format!("alter index {} rename to {}", scope.qualify(namespace, index), scope.quote(to))]
            }
            Change::AddForeignKey { table, foreign_key } => {
                vec![add_foreign_key(table, foreign_key, scope)? + &timing(foreign_key)]
            }
            Change::DropForeignKey { table, foreign_key } => {
                vec![drop_constraint(table, scope.name_of(foreign_key.name.as_ref())?, scope)]
            }
            Change::AddCheck { table, check } => vec![add_condition(table, check, scope)],
            Change::DropCheck { table, check } => {
                vec![drop_constraint(table, scope.name_of(check.name.as_ref())?, scope)]
            }
            // Without an encoding it is the one of the server's template.
            Change::CreateDatabase { name } => {
                let charset = scope.options.charset.as_ref();
                let encoding =
                    charset.map_or_else(String::new, |name| format!(" encoding {}", scope.quote(name)));
                vec![format!("create database {}{encoding}", scope.quote(name))]
            }
            Change::DropDatabase { name } => vec![drop_database(name, scope)],
            Change::CreateExtension { name } => {
                vec![format!("create extension if not exists {}", scope.quote(name))]
            }
            Change::CheckForeignKeys { enabled } => {
                vec![format!("SET CONSTRAINTS ALL {};", if *enabled { "IMMEDIATE" } else { "DEFERRED" })]
            }
        })
    }

    /// A column is changed by what it was: an enum leaves its condition behind, a computed one its
    /// expression.
    fn needs_current(&self, group: &Group) -> bool {
        !group.is_new && group.changes.iter().any(|change| matches!(change, Change::ChangeColumn { .. }))
    }

    fn plan(
        &self,
        group: &Group,
        scope: &Scope<'_>,
        mut current: Option<&mut Database>,
    ) -> Result<Vec<String>> {
        let mut statements = Vec::new();
        for change in &group.changes {
            statements.extend(match change {
                Change::ChangeColumn { table, column } => {
                    alter::change_column(table, column, current.as_deref(), scope)?
                }
                _ => self.statements(change, group, scope)?,
            });
            if let Some(database) = current.as_deref_mut() {
                alter::follow(database, change);
            }
        }
        for (column, changed) in group.columns() {
            statements.extend(self.after_column(&group.name_after(), column, changed, scope));
        }
        Ok(statements)
    }

    fn sql_type(&self, table: &str, column: &Column, scope: &Scope<'_>) -> Result<String> {
        sql_type(table, column, true, scope)
    }

    fn read_type(&self, spelled: &str, column: &mut Column) {
        read_type(spelled, column);
    }

    fn normalize(&self, table: &mut Table) {
        normalize(table);
    }

    fn after_column(&self, table: &str, column: &Column, changed: bool, scope: &Scope<'_>) -> Vec<String> {
        let mut statements = Vec::new();
        let table = scope.table(table);
        if let Some(start) = column.starting_value.filter(|_| column.auto_increment) {
            let (table, name) = (scope.literal(&table), scope.literal(&column.name));
            statements
                .push(format!("select setval(pg_get_serial_sequence({table}, {name}), {start}, false)"));
        }
        if changed || column.comment.is_some() {
            let comment =
                column.comment.as_ref().map_or_else(|| "NULL".to_owned(), |comment| scope.literal(comment));
            statements.push(format!("comment on column {table}.{} is {comment}", scope.quote(&column.name)));
        }
        statements
    }
}

/// Domains first: one that stands for another type would go with it and be missing afterwards. A range
/// of a domain's values goes with the domain.
fn drop_types(types: &[TableName], domains: &[TableName], scope: &Scope<'_>) -> Vec<String> {
    [("drop domain", domains), ("drop type if exists", types)]
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(drop, names)| format!("{drop} {} cascade", scope.qualify_list(names)))
        .collect()
}

/// A column of `create table` and `add column`.
fn define(column: &Column, group: &Group, scope: &Scope<'_>) -> Result<String> {
    let mut sql = format!("{} {}", scope.quote(&column.name), sql_type(&group.table, column, true, scope)?);
    if let Some(collation) = &column.collation {
        sql = format!("{sql} collate {}", scope.quote(collation));
    }
    sql.push_str(if scope.is_nullable(column) { " null" } else { " not null" });
    if let Some(default) = scope.default_value(&group.table, column, current(&column.column_type))? {
        sql = format!("{sql} default {default}");
    }
    if let Some(generated) = &column.generated {
        let when = if generated.stored { "stored" } else { "virtual" };
        sql = format!("{sql} generated always as ({}) {when}", scope.computed_by(generated)?);
    }
    if let Some(identity) = &column.identity {
        sql = format!("{sql} {}", generated_as(identity));
    }
    if column.numbers_rows() && !group.has_primary {
        sql.push_str(" primary key");
    }
    Ok(sql)
}

/// `create table`. A condition that leaves the rows unchecked is added afterwards: on a new table the
/// server takes it for checked.
fn create(table: &Table, group: &Group, scope: &Scope<'_>) -> Result<Vec<String>> {
    let (unchecked, checks): (Vec<_>, Vec<_>) =
        group.inline_checks.iter().cloned().partition(|check| check.not_valid);
    let mut sql = create_table(table, &[], &checks, scope, |column| define(column, group, scope))?;
    if let Some(partition_by) = &table.options.partition_by {
        sql = format!("{sql} partition by {partition_by}");
    }
    let unchecked = unchecked.iter().map(|check| add_condition(&table.name, check, scope));
    Ok(std::iter::once(sql).chain(unchecked).collect())
}

fn add_condition(table: &str, check: &Check, scope: &Scope<'_>) -> String {
    let not_valid = if check.not_valid { " not valid" } else { "" };
    add_check(table, check, scope) + not_valid
}

/// `generated by default as identity`, and how it counts.
pub(super) fn generated_as(identity: &Identity) -> String {
    let when = if identity.always { "always" } else { "by default" };
    let options = identity.options.as_ref().map_or_else(String::new, |options| format!(" ({options})"));
    format!("generated {when} as identity{options}")
}

fn add_index(table: &str, index: &Index, scope: &Scope<'_>) -> Result<Vec<String>> {
    let (on, parts) = (scope.table(table), scope.index_parts(table, index)?);
    if index.kind == IndexKind::Primary {
        let made = format!("{}_pkey", scope.split(table).1);
        let own = index.name.as_ref().filter(|name| **name != made);
        let named = own.map_or_else(String::new, |name| format!("constraint {} ", scope.quote(name)));
        let (rest, wait) =
            (scope.index_rest(table, index)?, waiting(index.deferrable, index.initially_immediate));
        return Ok(vec![format!("alter table {on} add {named}primary key ({parts}){rest}{wait}")]);
    }
    let name = scope.quote(scope.name_of(index.name.as_ref())?);
    let concurrently = if index.online { "concurrently " } else { "" };
    let using = match &index.algorithm {
        Some(algorithm) => format!(" using {}", scope.word("index algorithm", algorithm)?),
        None => String::new(),
    };
    let rest = scope.index_rest(table, index)?;
    let wait = waiting(index.deferrable, index.initially_immediate);
    let is_constraint = index.kind == IndexKind::Unique && index.can_be_constraint();
    if index.deferrable == Some(true) && !is_constraint {
        let column = index.columns.first().and_then(|part| part.column.as_deref());
        return Err(scope.refuse(
            "index that waits for the end of the transaction: only a unique constraint on plain columns does",
            table,
            column,
        ));
    }
    Ok(match index.kind {
        IndexKind::Unique if !index.can_be_constraint() => {
            vec![format!("create unique index {concurrently}{name} on {on}{using} ({parts}){rest}")]
        }
        // A constraint cannot name an algorithm or be built online: it takes over an index that can.
        IndexKind::Unique if index.online || index.algorithm.is_some() => vec![
            format!("create unique index {concurrently}{name} on {on}{using} ({parts}){rest}"),
            format!("alter table {on} add constraint {name} unique using index {name}{wait}"),
        ],
        IndexKind::Unique => {
            let nulls = match index.nulls_not_distinct {
                Some(true) => " nulls not distinct",
                Some(false) => " nulls distinct",
                None => "",
            };
            let include = scope.index_rest(table, &Index { nulls_not_distinct: None, ..index.clone() })?;
            vec![format!("alter table {on} add constraint {name} unique{nulls} ({parts}){include}{wait}")]
        }
        IndexKind::Primary | IndexKind::Index => {
            vec![format!("create index {concurrently}{name} on {on}{using} ({parts}){rest}")]
        }
        IndexKind::FullText => {
            let language = scope.literal(index.language.as_deref().unwrap_or("english"));
            let words: Vec<_> = index
                .column_names()
                .iter()
                .map(|column| format!("to_tsvector({language}, {})", scope.quote(column)))
                .collect();
            vec![format!(
                "create index {concurrently}{name} on {on} using gin (({})){rest}",
                words.join(" || ")
            )]
        }
        IndexKind::Spatial => {
            let parts = match &index.operator_class {
                Some(class) => {
                    let class = scope.word("operator class", class)?;
                    let columns = index.column_names();
                    let columns = columns.iter().map(|column| format!("{} {class}", scope.quote(column)));
                    columns.collect::<Vec<_>>().join(", ")
                }
                None => parts,
            };
            vec![format!("create index {concurrently}{name} on {on} using gist ({parts}){rest}")]
        }
        IndexKind::Vector => {
            vec![format!(
                "create index {concurrently}{name} on {on} using hnsw ({parts} vector_cosine_ops){rest}"
            )]
        }
    })
}

fn drop_index(table: &str, index: &Index, scope: &Scope<'_>) -> Result<String> {
    let name = scope.name_of(index.name.as_ref())?;
    Ok(match index.kind {
        IndexKind::Primary => drop_constraint(table, name, scope),
        // One that is dropped by its name alone is what `unique()` makes.
        IndexKind::Unique if index.is_empty() || index.can_be_constraint() => {
            drop_constraint(table, name, scope)
        }
        _ => {
            let (namespace, _) = scope.split(table);
            format!("drop index {}", scope.qualify(namespace, name))
        }
    })
}

fn drop_constraint(table: &str, name: &str, scope: &Scope<'_>) -> String {
    format!("alter table {} drop constraint {}", scope.table(table), scope.quote(name))
}

/// When a foreign key is checked.
fn timing(foreign_key: &ForeignKey) -> String {
    let mut sql = waiting(foreign_key.deferrable, foreign_key.initially_immediate);
    if foreign_key.not_valid {
        sql.push_str(" not valid");
    }
    sql
}

/// Whether the check of a constraint may wait for the end of the transaction.
fn waiting(deferrable: Option<bool>, initially_immediate: Option<bool>) -> String {
    let mut sql = String::new();
    if let Some(deferrable) = deferrable {
        sql.push_str(if deferrable { " deferrable" } else { " not deferrable" });
    }
    if let (Some(true), Some(immediate)) = (deferrable, initially_immediate) {
        sql.push_str(if immediate { " initially immediate" } else { " initially deferred" });
    }
    sql
}
