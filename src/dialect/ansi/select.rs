//! Clause order, columns, grouping, unions, aggregates.

use super::insert::columns as columns_of;
use super::operand::{list, operand, selected, separated};
use super::{predicate, source};
use crate::ast::{
    Aggregate, Direction, Distinct, ExpressionQuery, GroupLimit, IndexHint, Nulls, Operand, Order,
    SelectQuery, TableExpression,
};
use crate::dialect::SqlWriter;
use crate::dialect::{Paging, UnionMember};
use crate::error::{Error, Result};

/// Writes a whole select.
///
/// # Errors
/// Those of its clauses.
pub fn select(query: &SelectQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
    if let Some(raw) = &query.raw {
        sql.raw(&raw.sql, &raw.values)?;
        return Ok(());
    }
    table_expressions(&query.expressions, sql)?;
    if let Some(limit) = &query.group_limit
        && query.aggregate.is_none()
    {
        return limited_groups(query, limit, sql);
    }
    match &query.aggregate {
        // Groups and members have to be there before rows can be counted.
        Some(aggregate) if !(query.unions.is_empty() && query.havings.is_empty()) => {
            sql.push("select ");
            computed(aggregate, None, sql)?;
            sql.push(" from (");
            members(query, false, sql)?;
            sql.push(") as ").table_alias("temp_table")?;
            Ok(())
        }
        _ => members(query, true, sql),
    }
}

/// Writes `with "recent" as (select …) `.
///
/// # Errors
/// Those of the queries; `Unsupported` where the database lets nobody choose what is kept.
pub fn table_expressions(expressions: &[TableExpression], sql: &mut SqlWriter<'_>) -> Result<()> {
    if expressions.is_empty() {
        return Ok(());
    }
    let dialect = sql.dialect();
    let is_recursive = expressions.iter().any(|expression| expression.recursive);
    sql.push(if is_recursive && dialect.capabilities().recursive_keyword {
        "with recursive "
    } else {
        "with "
    });
    separated(expressions, sql, |expression, sql| {
        sql.table_alias(&expression.name)?;
        if !expression.columns.is_empty() {
            sql.push(" (");
            columns_of(&expression.columns, sql)?;
            sql.push(")");
        }
        sql.push(match expression.materialized {
            None => " as (",
            Some(_) if !dialect.capabilities().materialized_expressions => {
                return Err(dialect.lacks("choice whether a common table expression is materialized"));
            }
            Some(true) => " as materialized (",
            Some(false) => " as not materialized (",
        });
        match &expression.query {
            ExpressionQuery::Raw(raw) => {
                sql.raw(&raw.sql, &raw.values)?;
            }
            ExpressionQuery::Query(query) if expression.recursive && has_plain_members(&query.query) => {
                plain_members(&query.query, sql)?;
            }
            ExpressionQuery::Query(query) => select(&query.query, sql)?,
        }
        sql.push(")");
        Ok(())
    })?;
    sql.push(" ");
    Ok(())
}

/// Whether the members of a union can stand beside each other without parentheses.
fn has_plain_members(query: &SelectQuery) -> bool {
    let is_plain = |member: &SelectQuery| {
        member.orders.is_empty()
            && member.limit.is_none()
            && member.offset.is_none()
            && member.group_limit.is_none()
            && member.lock.is_none()
    };
    !query.unions.is_empty()
        && is_plain(query)
        && query.unions.iter().all(|union| {
            is_plain(&union.query) && union.query.unions.is_empty() && union.query.expressions.is_empty()
        })
}

/// Writes the members of a union as they are. A query that reads its own rows has to read them in the
/// member itself: in a sub-query of it, SQLite sees a circle.
fn plain_members(query: &SelectQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
    table_expressions(&query.expressions, sql)?;
    block(query, sql)?;
    for union in &query.unions {
        sql.push(if union.all { " union all " } else { " union " });
        block(&union.query, sql)?;
    }
    end_of_union(query, sql)
}

/// Writes a select of at most so many rows of each group: rows are numbered within their group, and
/// those with the first numbers are kept.
fn limited_groups(query: &SelectQuery, limit: &GroupLimit, sql: &mut SqlWriter<'_>) -> Result<()> {
    const ROW: &str = "laravel_row";
    let skipped = query.offset;
    let inner = SelectQuery { offset: None, orders: Vec::new(), group_limit: None, ..query.clone() };
    sql.push("select * from (");
    clauses(&inner, Computes::RowNumber { column: &limit.column, orders: &query.orders, name: ROW }, sql)?;
    sql.push(") as ").name("laravel_table")?.push(" where ").name(ROW)?.push(" <= ");
    sql.number(limit.rows + skipped.unwrap_or(0));
    if let Some(skipped) = skipped {
        sql.push(" and ").name(ROW)?.push(" > ").number(skipped);
    }
    sql.push(" order by ").name(ROW)?;
    Ok(())
}

/// What is written besides the columns, or in their place.
#[derive(Clone, Copy)]
enum Computes<'a> {
    /// Columns alone.
    Nothing,
    /// The aggregate, if there is one.
    Aggregate,
    /// The columns and the number of each row within its group.
    RowNumber { column: &'a Operand, orders: &'a [Order], name: &'a str },
}

fn members(query: &SelectQuery, computes: bool, sql: &mut SqlWriter<'_>) -> Result<()> {
    if query.unions.is_empty() {
        let computes = if computes { Computes::Aggregate } else { Computes::Nothing };
        return clauses(query, computes, sql);
    }
    let dialect = sql.dialect();
    dialect.union_member(UnionMember { query, is_first: true }, sql)?;
    for union in &query.unions {
        sql.push(if union.all { " union all " } else { " union " });
        dialect.union_member(UnionMember { query: &union.query, is_first: false }, sql)?;
    }
    end_of_union(query, sql)
}

/// Writes the order and the limits of all members together.
fn end_of_union(query: &SelectQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
    orders(&query.union_orders, sql)?;
    let is_ordered = !query.union_orders.is_empty();
    let paging = Paging { limit: query.union_limit, offset: query.union_offset, is_ordered, has_top: false };
    sql.dialect().paging(paging, sql);
    Ok(())
}

/// Writes one select without its unions and without what it computes.
///
/// # Errors
/// Those of its clauses.
pub fn block(query: &SelectQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
    clauses(query, Computes::Nothing, sql)
}

fn clauses(query: &SelectQuery, computes: Computes<'_>, sql: &mut SqlWriter<'_>) -> Result<()> {
    let dialect = sql.dialect();
    sql.push("select ");
    match (&query.aggregate, computes) {
        (Some(aggregate), Computes::Aggregate) => computed(aggregate, query.distinct.as_ref(), sql)?,
        _ => columns(query, sql)?,
    }
    if let Computes::RowNumber { column, orders: keys, name } = computes {
        sql.push(", row_number() over (partition by ");
        operand(column, sql)?;
        if keys.is_empty() {
            sql.push(dialect.unordered_window());
        }
        orders(keys, sql)?;
        sql.push(") as ").name(name)?;
    }
    if let Some(from) = &query.from {
        sql.push(" from ");
        source::source(from, sql)?;
        if let Some(hint) = &query.index {
            check_index_names(hint)?;
            dialect.index_hint(hint, sql)?;
        }
        if let Some(lock) = &query.lock {
            dialect.lock_hint(lock, sql)?;
        }
    }
    source::joins(&query.joins, sql)?;
    predicate::clause(" where ", &query.wheres, sql)?;
    if !query.groups.is_empty() {
        sql.push(" group by ");
        list(&query.groups, sql)?;
    }
    predicate::clause(" having ", &query.havings, sql)?;
    orders(&query.orders, sql)?;
    let is_ordered = !query.orders.is_empty();
    dialect.paging(Paging { limit: query.limit, offset: query.offset, is_ordered, has_top: true }, sql);
    if let Some(lock) = &query.lock {
        dialect.lock(lock, sql)?;
    }
    Ok(())
}

fn columns(query: &SelectQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
    match &query.distinct {
        Some(Distinct::Rows(true)) => {
            sql.push("distinct ");
        }
        Some(Distinct::On(columns)) => sql.dialect().distinct_on(columns, sql)?,
        Some(Distinct::Rows(false)) | None => {}
    }
    sql.dialect().top(query.limit, query.offset, sql);
    if query.columns.is_empty() {
        sql.push("*");
        return Ok(());
    }
    selected(&query.columns, sql)
}

/// Some databases take no quotes around the names of a hint, so these are plain words.
fn check_index_names(hint: &IndexHint) -> Result<()> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
    if hint.names.is_empty() || !hint.names.iter().all(|name| !name.is_empty() && name.bytes().all(is_word)) {
        return Err(Error::invalid(
            "the name of an index in a hint has letters, digits, _ and $, nothing else",
        ));
    }
    Ok(())
}

/// `count(distinct "a") as "aggregate"`
fn computed(aggregate: &Aggregate, distinct: Option<&Distinct>, sql: &mut SqlWriter<'_>) -> Result<()> {
    sql.push(aggregate.function.as_str()).push("(");
    let counts_rows = matches!(&aggregate.columns[..], [Operand::Column(star)] if star == "*");
    match distinct {
        Some(Distinct::On(columns)) if !columns.is_empty() => {
            sql.push("distinct ");
            list(columns, sql)?;
        }
        Some(Distinct::Rows(true)) if !counts_rows => {
            sql.push("distinct ");
            list(&aggregate.columns, sql)?;
        }
        _ => list(&aggregate.columns, sql)?,
    }
    sql.push(") as ").name("aggregate")?;
    Ok(())
}

/// Writes ` order by …`.
///
/// # Errors
/// Those of the operands.
pub fn orders(orders: &[Order], sql: &mut SqlWriter<'_>) -> Result<()> {
    if orders.is_empty() {
        return Ok(());
    }
    sql.push(" order by ");
    separated(orders, sql, |order, sql| {
        let has_words = sql.dialect().capabilities().nulls_order;
        if let (Some(nulls), false) = (order.nulls, has_words) {
            // Where there are no words for it, whether there is a value is the first key.
            sql.push("case when ");
            operand(&order.by, sql)?;
            sql.push(match nulls {
                Nulls::First => " is null then 0 else 1 end, ",
                Nulls::Last => " is null then 1 else 0 end, ",
            });
        }
        operand(&order.by, sql)?;
        sql.push(match order.direction {
            Some(Direction::Asc) => " asc",
            Some(Direction::Desc) => " desc",
            None => "",
        });
        sql.push(match order.nulls {
            Some(Nulls::First) if has_words => " nulls first",
            Some(Nulls::Last) if has_words => " nulls last",
            _ => "",
        });
        Ok(())
    })
}
