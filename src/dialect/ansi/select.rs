//! Clause order, columns, grouping, unions, aggregates.

use super::operand::{list, operand, selected, separated};
use super::{predicate, source};
use crate::ast::{Aggregate, Direction, Distinct, Operand, Order, SelectQuery};
use crate::dialect::SqlWriter;
use crate::dialect::contract::{Paging, UnionMember};
use crate::error::Result;

/// Writes a whole select.
///
/// # Errors
/// Those of its clauses.
pub fn select(query: &SelectQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
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

fn members(query: &SelectQuery, computes: bool, sql: &mut SqlWriter<'_>) -> Result<()> {
    if query.unions.is_empty() {
        return clauses(query, computes, sql);
    }
    let dialect = sql.dialect();
    dialect.union_member(UnionMember { query, is_first: true }, sql)?;
    for union in &query.unions {
        sql.push(if union.all { " union all " } else { " union " });
        dialect.union_member(UnionMember { query: &union.query, is_first: false }, sql)?;
    }
    orders(&query.union_orders, sql)?;
    let is_ordered = !query.union_orders.is_empty();
    let paging = Paging { limit: query.union_limit, offset: query.union_offset, is_ordered, has_top: false };
    dialect.paging(paging, sql);
    Ok(())
}

/// Writes one select without its unions and without what it computes.
///
/// # Errors
/// Those of its clauses.
pub fn block(query: &SelectQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
    clauses(query, false, sql)
}

fn clauses(query: &SelectQuery, computes: bool, sql: &mut SqlWriter<'_>) -> Result<()> {
    let dialect = sql.dialect();
    sql.push("select ");
    match &query.aggregate {
        Some(aggregate) if computes => computed(aggregate, query.distinct.as_ref(), sql)?,
        _ => columns(query, sql)?,
    }
    if let Some(from) = &query.from {
        sql.push(" from ");
        source::source(from, sql)?;
        if let Some(lock) = query.lock {
            dialect.lock_hint(lock, sql);
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
    if let Some(lock) = query.lock {
        dialect.lock(lock, sql);
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
        operand(&order.by, sql)?;
        sql.push(match order.direction {
            Some(Direction::Asc) => " asc",
            Some(Direction::Desc) => " desc",
            None => "",
        });
        Ok(())
    })
}
