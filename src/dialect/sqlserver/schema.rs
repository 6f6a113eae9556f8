//! SQL Server: changes to statements.

use super::alter::{plan, touches_column};
use super::normalize::{normalize, say_storage};
use super::read_type::read_type;
use super::types::{current, is_one_of, national, sql_type};
use crate::dialect::ansi::index::add_foreign_key;
use crate::dialect::ansi::table::{Group, Scope, constraint, drop_database, drop_views};
use crate::dialect::schema::{InlinedKeys, PlanOptions, SchemaDialect};
use crate::error::{Error, Result};
use crate::schema::{
    Change, Column, ColumnType, Database, ForeignKey, Generated, Index, IndexKind, ReferentialAction, Table,
};

/// SQL Server.
#[derive(Debug)]
pub struct SqlServer;

impl SchemaDialect for SqlServer {
    fn inlined_keys(&self) -> InlinedKeys {
        InlinedKeys { primary: false, foreign: false }
    }

    fn statements(&self, change: &Change, group: &Group, scope: &Scope<'_>) -> Result<Vec<String>> {
        let on = table_of(group, scope);
        Ok(match change {
            Change::CreateTable { table } => {
                let mut columns: Vec<_> =
                    table.columns.iter().map(|column| define(column, group, scope)).collect::<Result<_>>()?;
                columns.extend(group.inline_checks.iter().map(|check| constraint(check, scope)));
                vec![format!("create table {on} ({})", columns.join(", "))]
            }
            Change::DropTable { if_exists: false, .. } => vec![format!("drop table {on}")],
            Change::DropTable { .. } => {
                vec![format!("if object_id({}, 'U') is not null drop table {on}", national(&on))]
            }
            Change::DropAllTables { tables } if tables.is_empty() => Vec::new(),
            Change::DropAllTables { tables } => {
                let names = scope.qualify_list(tables);
                vec![DROP_ALL_FOREIGN_KEYS.to_owned(), format!("drop table {names}")]
            }
            Change::DropViews { views } => drop_views(views, scope).into_iter().collect(),
            Change::DropTypes { .. } => return Err(scope.refuse_types()),
            Change::RenameTable { table, to } => {
                let (namespace, name) = scope.split(to);
                if namespace.is_some() && namespace != scope.split(table).0 {
                    return Err(scope.refuse(
                        "move of a table to another namespace by rename()",
                        table,
                        None,
                    ));
                }
                vec![format!("sp_rename {}, {}", national(&on), scope.quote(&name))]
            }
            // Notes would be extended properties (`sp_addextendedproperty`), which fail where there is
            // one already. None is made, as the recorded facts have it: docs/decisions/0011.
            Change::CommentTable { .. } => Vec::new(),
            Change::AddColumn { column, .. } => {
                vec![format!("alter table {on} add {}", define(column, group, scope)?)]
            }
            Change::ChangeColumn { column, .. } => change_column(&on, column, group, scope)?,
            Change::RenameColumn { column, to, .. } => vec![rename(&on, column, to, "COLUMN", scope)],
            Change::DropColumns { columns, .. } => {
                let drop = format!("alter table {on} drop column {}", scope.quote_list(columns));
                vec![format!("{};{drop}", drop_defaults(&on, columns, scope))]
            }
            Change::AddIndex { table, index } => vec![add_index(table, &on, index, scope)?],
            Change::DropIndex { table, index } => vec![drop_index(table, &on, index, scope)?],
            Change::RenameIndex { index, to, .. } => vec![rename(&on, index, to, "INDEX", scope)],
            Change::AddForeignKey { table, foreign_key } if is_temporary(group) => {
                let column = foreign_key.columns.first().map(String::as_str);
                return Err(scope.refuse("foreign key of a temporary table", table, column));
            }
            Change::AddForeignKey { table, foreign_key } => {
                vec![add_foreign_key(table, &without_restrict(foreign_key), scope)?]
            }
            Change::DropForeignKey { foreign_key, .. } => {
                let name = scope.quote(scope.name_of(foreign_key.name.as_ref())?);
                vec![format!("alter table {on} drop constraint {name}")]
            }
            Change::AddCheck { check, .. } => {
                let trusted = if check.not_valid { " with nocheck" } else { "" };
                vec![format!("alter table {on}{trusted} add {}", constraint(check, scope))]
            }
            Change::DropCheck { check, .. } => {
                let name = scope.quote(scope.name_of(check.name.as_ref())?);
                vec![format!("alter table {on} drop constraint {name}")]
            }
            Change::CreateDatabase { name } => vec![format!("create database {}", scope.quote(name))],
            Change::DropDatabase { name } => vec![drop_database(name, scope)],
            Change::CreateExtension { name } => return Err(scope.refuse_extension(name)),
            Change::CheckForeignKeys { enabled } => vec![check_foreign_keys(*enabled).to_owned()],
        })
    }

    fn plan(&self, group: &Group, scope: &Scope<'_>, current: Option<&mut Database>) -> Result<Vec<String>> {
        plan(self, group, scope, current)
    }

    /// What stands on a column that changes or goes.
    fn needs_current(&self, group: &Group) -> bool {
        !group.is_new && group.changes.iter().any(touches_column)
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

    /// A default is a constraint of its own: `alter column` cannot say it.
    fn after_column(&self, table: &str, column: &Column, changed: bool, scope: &Scope<'_>) -> Vec<String> {
        let default = scope.default_value(table, column, current(&column.column_type));
        match default {
            Ok(Some(default)) if changed => {
                let (table, column) = (scope.table(table), scope.quote(&column.name));
                vec![format!("alter table {table} add default {default} for {column}")]
            }
            _ => Vec::new(),
        }
    }
}

/// Foreign keys keep the tables that they refer to.
const DROP_ALL_FOREIGN_KEYS: &str = "DECLARE @sql NVARCHAR(MAX) = N'';SELECT @sql += 'ALTER TABLE ' + QUOTENAME(OBJECT_SCHEMA_NAME(parent_object_id)) + '.' + QUOTENAME(OBJECT_NAME(parent_object_id)) + ' DROP CONSTRAINT ' + QUOTENAME(name) + ';' FROM sys.foreign_keys;EXEC sp_executesql @sql;";

fn check_foreign_keys(enabled: bool) -> &'static str {
    if enabled {
        r#"EXEC sp_msforeachtable @command1="print '?'", @command2="ALTER TABLE ? WITH CHECK CHECK CONSTRAINT all";"#
    } else {
        r#"EXEC sp_msforeachtable "ALTER TABLE ? NOCHECK CONSTRAINT all";"#
    }
}

/// The quoted table of a group. The name of a temporary one begins with `#`.
pub(super) fn table_of(group: &Group, scope: &Scope<'_>) -> String {
    if !is_temporary(group) {
        return scope.table(&group.table);
    }
    let (namespace, name) = scope.split(&group.table);
    scope.qualify(namespace, &format!("#{name}"))
}

fn is_temporary(group: &Group) -> bool {
    let mut changes = group.changes.iter();
    changes.any(|change| matches!(change, Change::CreateTable { table } if table.options.temporary))
}

/// A column of `create table` and `add`.
fn define(column: &Column, group: &Group, scope: &Scope<'_>) -> Result<String> {
    let name = scope.quote(&column.name);
    if let Some(generated) = &column.generated {
        sql_type(&group.table, column, scope)?; // it says none, but there must be one
        return Ok(format!("{name} {}", computed(generated, column, scope)?));
    }
    let mut sql = format!("{name} {}", described(&group.table, column, scope)?);
    if let Some(default) = scope.default_value(&group.table, column, current(&column.column_type))? {
        sql = format!("{sql} default {default}");
    }
    if column.numbers_rows() {
        match column.starting_value {
            Some(start) => sql = format!("{sql} identity({start}, 1)"),
            None => sql.push_str(" identity"),
        }
        if !group.has_primary {
            sql.push_str(" primary key");
        }
    }
    Ok(sql)
}

/// Type, collation and whether it may be `NULL`: what `alter column` has to say again.
pub(super) fn described(table: &str, column: &Column, scope: &Scope<'_>) -> Result<String> {
    let mut sql = sql_type(table, column, scope)?;
    if let Some(collation) = &column.collation {
        sql = format!("{sql} collate {}", scope.word("collation", collation)?);
    }
    sql.push_str(if scope.is_nullable(column) { " null" } else { " not null" });
    Ok(sql)
}

/// `as (…)`. Only a stored one may say that it is never `NULL`.
fn computed(generated: &Generated, column: &Column, scope: &Scope<'_>) -> Result<String> {
    let never_null = if column.nullable == Some(false) { " not null" } else { "" };
    let stored = if generated.stored { format!(" persisted{never_null}") } else { String::new() };
    Ok(format!("as ({}){stored}", scope.computed_by(generated)?))
}

/// An enumeration's check is a constraint of its own, which `alter column` cannot say.
fn change_column(on: &str, column: &Column, group: &Group, scope: &Scope<'_>) -> Result<Vec<String>> {
    if column.generated.is_some() {
        return Err(scope.refuse("change of a computed column", &group.table, Some(&column.name)));
    }
    scope.default_value(&group.table, column, current(&column.column_type))?;
    let name = scope.quote(&column.name);
    let drop = drop_defaults(on, std::slice::from_ref(&column.name), scope);
    let described = described(&group.table, column, scope)?;
    let ColumnType::Enum { values } = &column.column_type else {
        return Ok(vec![drop, format!("alter table {on} alter column {name} {described}")]);
    };
    let check = is_one_of(&column.name, values, scope);
    Ok(vec![
        drop,
        drop_nameless_checks(on, &column.name, scope),
        format!("alter table {on} alter column {name} {}", described.replacen(&format!(" {check}"), "", 1)),
        format!("alter table {on} add {check}"),
    ])
}

/// Drops the checks of a column that the server named: those of an enumeration.
pub(super) fn drop_nameless_checks(on: &str, column: &str, scope: &Scope<'_>) -> String {
    let alter = scope.literal(&format!("ALTER TABLE {on} DROP CONSTRAINT "));
    format!(
        "DECLARE @sql NVARCHAR(MAX) = '';SELECT @sql += {alter} + QUOTENAME([name]) + ';' FROM sys.check_constraints AS k WHERE [parent_object_id] = OBJECT_ID({table}) AND [is_system_named] = 1 AND EXISTS (SELECT 1 FROM sys.sql_expression_dependencies AS d WHERE d.[referencing_id] = k.[object_id] AND d.[referenced_id] = k.[parent_object_id] AND d.[referenced_minor_id] = COLUMNPROPERTY(k.[parent_object_id], {}, 'ColumnId'));EXEC(@sql)",
        national(column),
        table = national(on),
    )
}

/// Drops the constraints that hold the defaults of columns; the server named them.
pub(super) fn drop_defaults(on: &str, columns: &[String], scope: &Scope<'_>) -> String {
    let alter = scope.literal(&format!("ALTER TABLE {on} DROP CONSTRAINT "));
    format!(
        "DECLARE @sql NVARCHAR(MAX) = '';SELECT @sql += {alter} + OBJECT_NAME([default_object_id]) + ';' FROM sys.columns WHERE [object_id] = OBJECT_ID({}) AND [name] in ({}) AND [default_object_id] <> 0;EXEC(@sql)",
        national(on),
        scope.literal_list(columns),
    )
}

/// Drops the primary key, however it is named.
fn drop_primary(on: &str, scope: &Scope<'_>) -> String {
    let alter = scope.literal(&format!("ALTER TABLE {on} DROP CONSTRAINT "));
    format!(
        "DECLARE @sql NVARCHAR(MAX) = '';SELECT @sql += {alter} + QUOTENAME([name]) + ';' FROM sys.key_constraints WHERE [parent_object_id] = OBJECT_ID({}) AND [type] = 'PK';EXEC(@sql)",
        national(on),
    )
}

fn rename(on: &str, name: &str, to: &str, kind: &str, scope: &Scope<'_>) -> String {
    let name = national(&format!("{on}.{}", scope.quote(name)));
    format!("sp_rename {name}, {}, N'{kind}'", scope.quote(to))
}

fn add_index(table: &str, on: &str, index: &Index, scope: &Scope<'_>) -> Result<String> {
    let name = scope.quote(scope.name_of(index.name.as_ref())?);
    let (parts, rest) = (scope.index_parts(table, index)?, scope.index_rest(table, index)?);
    if !rest.is_empty() && !matches!(index.kind, IndexKind::Unique | IndexKind::Index) {
        let what = match index.kind {
            IndexKind::Primary => "primary key that carries columns along or has some rows only",
            _ => "index of this kind that carries columns along or has some rows only",
        };
        return Err(scope.refuse(what, table, index.column_names().first().map(String::as_str)));
    }
    let online = if index.online { " with (online = on)" } else { "" };
    let create = match index.kind {
        IndexKind::Primary => {
            return Ok(format!("alter table {on} add constraint {name} primary key ({parts})"));
        }
        IndexKind::Unique => "create unique index",
        IndexKind::Index => "create index",
        IndexKind::Spatial => return Ok(format!("create spatial index {name} on {on} ({parts})")),
        IndexKind::FullText | IndexKind::Vector => return Err(lacks_index(table, index, scope)),
    };
    Ok(format!("{create} {name} on {on} ({parts}){rest}{online}"))
}

fn drop_index(table: &str, on: &str, index: &Index, scope: &Scope<'_>) -> Result<String> {
    match index.kind {
        IndexKind::Primary if index.name.is_none() => Ok(drop_primary(on, scope)),
        IndexKind::Primary => {
            let name = scope.quote(scope.name_of(index.name.as_ref())?);
            Ok(format!("alter table {on} drop constraint {name}"))
        }
        IndexKind::Unique | IndexKind::Index | IndexKind::Spatial => {
            Ok(format!("drop index {} on {on}", scope.quote(scope.name_of(index.name.as_ref())?)))
        }
        IndexKind::FullText | IndexKind::Vector => Err(lacks_index(table, index, scope)),
    }
}

/// Full-text indexes need a catalogue and a unique key that nobody names here.
fn lacks_index(table: &str, index: &Index, scope: &Scope<'_>) -> Error {
    let what = if index.kind == IndexKind::FullText { "full-text index by name" } else { "vector index" };
    scope.refuse(what, table, index.column_names().first().map(String::as_str))
}

/// SQL Server has no `restrict`; its `no action` checks at once, which is the same.
fn without_restrict(foreign_key: &ForeignKey) -> ForeignKey {
    let action = |action: Option<ReferentialAction>| match action {
        Some(ReferentialAction::Restrict) => Some(ReferentialAction::NoAction),
        other => other,
    };
    ForeignKey {
        on_delete: action(foreign_key.on_delete),
        on_update: action(foreign_key.on_update),
        ..foreign_key.clone()
    }
}
