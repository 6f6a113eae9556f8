//! Tables, aliases, joins.

use super::predicate;
use crate::ast::{Join, JoinKind, Source};
use crate::dialect::SqlWriter;
use crate::dialect::writer::split_alias;
use crate::error::{Error, Result};

/// Writes what follows `from` or `join`.
///
/// # Errors
/// Those of its parts.
pub fn source(source: &Source, sql: &mut SqlWriter<'_>) -> Result<()> {
    match source {
        Source::Table(table) => match split_alias(table) {
            Some((name, alias)) => {
                sql.table(name)?.push(" as ").table_alias(alias)?;
            }
            None => {
                sql.table(table)?;
            }
        },
        Source::Raw(raw) => {
            sql.raw(&raw.sql, &raw.values)?;
        }
        Source::Query(query) => {
            let Some(alias) = &query.alias else {
                return Err(Error::invalid("a sub-query in place of a table needs a name"));
            };
            sql.push("(");
            super::select::select(&query.query, sql)?;
            sql.push(") as ").table_alias(alias)?;
        }
    }
    Ok(())
}

/// Writes joins, a space before each.
///
/// # Errors
/// Those of their parts; `Unsupported` for a kind of join that the database lacks.
pub fn joins(joins: &[Join], sql: &mut SqlWriter<'_>) -> Result<()> {
    for join in joins {
        if join.lateral {
            let (verb, end) = sql.dialect().lateral_join(join.kind)?;
            sql.push(verb);
            source(&join.source, sql)?;
            sql.push(end);
            continue;
        }
        sql.push(match join.kind {
            JoinKind::Inner => " inner join ",
            JoinKind::Left => " left join ",
            JoinKind::Right => " right join ",
            JoinKind::Cross => " cross join ",
            JoinKind::Straight if sql.dialect().capabilities().straight_joins => " straight_join ",
            JoinKind::Straight => return Err(sql.dialect().lacks("straight joins")),
        });
        joined(join, sql)?;
        predicate::clause(" on ", &join.on, sql)?;
    }
    Ok(())
}

/// The source of a join, in parentheses with the joins that are done before.
fn joined(join: &Join, sql: &mut SqlWriter<'_>) -> Result<()> {
    if join.joins.is_empty() {
        return source(&join.source, sql);
    }
    sql.push("(");
    source(&join.source, sql)?;
    joins(&join.joins, sql)?;
    sql.push(")");
    Ok(())
}

/// The table that an update or a delete is about, and the name that its columns go by.
///
/// # Errors
/// `InvalidArgument` when the source is no table.
pub fn target(source: Option<&Source>) -> Result<(&str, &str)> {
    match source {
        Some(Source::Table(table)) => {
            Ok(split_alias(table).map_or((table, table), |(_, alias)| (table, alias)))
        }
        Some(_) => Err(Error::invalid(
            "only the rows of a table can be changed, not those of a sub-query or of raw SQL",
        )),
        None => Err(Error::invalid("the query names no table: call from() first")),
    }
}

/// Refers to a target by the name that its columns go by.
///
/// # Errors
/// `InvalidArgument` for a name that cannot be quoted.
pub fn target_name(source: &str, sql: &mut SqlWriter<'_>) -> Result<()> {
    match split_alias(source) {
        Some((_, alias)) => sql.table_alias(alias)?,
        None => sql.table(source)?,
    };
    Ok(())
}
