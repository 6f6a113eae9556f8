//! Conditions and their joining.

use super::operand::{list, operand, separated};
use super::select::select;
use crate::ast::{Comparison, Conjunction, Operand, Predicate, ValueList};
use crate::dialect::{JsonPath, JsonSearch, JsonUse, LikePattern, SqlWriter};
use crate::error::{Error, Result};

/// Writes ` where …` when there is any condition; `keyword` brings its own spaces.
///
/// # Errors
/// Those of the conditions.
pub fn clause(keyword: &str, predicates: &[Predicate], sql: &mut SqlWriter<'_>) -> Result<()> {
    if predicates.iter().all(is_empty) {
        return Ok(());
    }
    sql.push(keyword);
    joined(predicates, sql)
}

/// A group without conditions says nothing.
fn is_empty(predicate: &Predicate) -> bool {
    matches!(predicate, Predicate::Group { items, .. } if items.iter().all(is_empty))
}

fn joined(predicates: &[Predicate], sql: &mut SqlWriter<'_>) -> Result<()> {
    let mut is_first = true;
    for item in predicates.iter().filter(|item| !is_empty(item)) {
        sql.push(match (item.join(), is_first) {
            (Conjunction::And | Conjunction::Or, true) => "",
            (Conjunction::AndNot | Conjunction::OrNot, true) => "not ",
            (Conjunction::And, false) => " and ",
            (Conjunction::Or, false) => " or ",
            (Conjunction::AndNot, false) => " and not ",
            (Conjunction::OrNot, false) => " or not ",
        });
        is_first = false;
        predicate(item, sql)?;
    }
    Ok(())
}

fn predicate(predicate: &Predicate, sql: &mut SqlWriter<'_>) -> Result<()> {
    match predicate {
        Predicate::Compare(Comparison { left, operator, right, .. }) => compare(left, operator, right, sql)?,
        Predicate::Group { items, .. } => {
            sql.push("(");
            joined(items, sql)?;
            sql.push(")");
        }
        Predicate::In { not, column, values, .. } => within(column, *not, values, sql)?,
        Predicate::InQuery { not, column, query, .. } => {
            operand(column, sql)?;
            sql.push(if *not { " not in (" } else { " in (" });
            select(query, sql)?;
            sql.push(")");
        }
        Predicate::Between { not, column, from, to, .. } => {
            operand(column, sql)?;
            sql.push(if *not { " not between " } else { " between " });
            operand(from, sql)?;
            sql.push(" and ");
            operand(to, sql)?;
        }
        Predicate::Null { not, column, .. } => sql.dialect().null(column, *not, sql)?,
        Predicate::Exists { not, query, .. } => {
            sql.push(if *not { "not exists (" } else { "exists (" });
            select(query, sql)?;
            sql.push(")");
        }
        Predicate::Like { not, column, value, case_sensitive, glob, .. } => {
            let pattern =
                LikePattern { not: *not, value, case_sensitive: *case_sensitive, glob: glob.as_ref() };
            sql.dialect().like(column, pattern, sql)?;
        }
        Predicate::JsonBoolean { column, operator, value, .. } => {
            json_boolean(column, operator, *value, sql)?;
        }
        Predicate::DatePart { part, column, operator, value, .. } => {
            let dialect = sql.dialect();
            let operator = known_operator(operator, sql)?;
            let is_path = matches!(column, Operand::Column(name) if name.contains("->"));
            let [before, after] = dialect.date_part(*part, is_path);
            sql.push(before);
            operand(column, sql)?;
            sql.push(after).push(" ").push(operator).push(" ");
            dialect.date_part_value(value, sql)?;
        }
        Predicate::RowValues { columns, operator, values, .. } => {
            let operator = known_operator(operator, sql)?;
            sql.push("(");
            list(columns, sql)?;
            sql.push(") ").push(operator).push(" (");
            list(values, sql)?;
            sql.push(")");
        }
        Predicate::FullText { columns, value, options, .. } => {
            sql.dialect().full_text(columns, value, options, sql)?;
        }
        Predicate::JsonContains { not, column, value, items, .. } => {
            negated(*not, sql);
            let search = JsonSearch { value, items };
            sql.dialect().json_contains(&JsonPath::of(column)?, search, sql)?;
        }
        Predicate::JsonOverlaps { not, column, value, items, .. } => {
            negated(*not, sql);
            let search = JsonSearch { value, items };
            sql.dialect().json_overlaps(&JsonPath::of(column)?, search, sql)?;
        }
        Predicate::JsonContainsKey { not, column, .. } => {
            negated(*not, sql);
            sql.dialect().json_contains_key(&JsonPath::of(column)?, sql)?;
        }
        Predicate::JsonLength { column, operator, value, .. } => {
            let operator = known_operator(operator, sql)?;
            sql.dialect().json_length(&JsonPath::of(column)?, sql)?;
            sql.push(" ").push(operator).push(" ");
            operand(value, sql)?;
        }
        Predicate::Raw { sql: text, values, .. } => {
            sql.raw(text, values)?;
        }
    }
    Ok(())
}

fn negated(not: bool, sql: &mut SqlWriter<'_>) {
    if not {
        sql.push("not ");
    }
}

fn within(column: &Operand, not: bool, values: &ValueList, sql: &mut SqlWriter<'_>) -> Result<()> {
    let is_empty = match values {
        ValueList::Range { count, .. } => *count == 0,
        ValueList::Integers { integers } => integers.is_empty(),
        ValueList::Operands(items) => items.is_empty(),
    };
    if is_empty {
        // Nothing is in an empty list; SQL has no way to write one.
        sql.push(if not { "1 = 1" } else { "0 = 1" });
        return Ok(());
    }
    operand(column, sql)?;
    sql.push(if not { " not in (" } else { " in (" });
    match values {
        ValueList::Range { first, count } => {
            for place in 0..*count {
                if place > 0 {
                    sql.push(", ");
                }
                sql.bind(first + place);
            }
        }
        ValueList::Integers { integers } => separated(integers, sql, |integer, sql| {
            sql.push(&integer.to_string());
            Ok(())
        })?,
        ValueList::Operands(items) => list(items, sql)?,
    }
    sql.push(")");
    Ok(())
}

fn json_boolean(column: &str, operator: &str, value: bool, sql: &mut SqlWriter<'_>) -> Result<()> {
    let dialect = sql.dialect();
    let operator = known_operator(operator, sql)?;
    let Some(path) = JsonPath::parse(column)? else {
        return Err(Error::internal("a JSON condition needs a JSON path"));
    };
    dialect.json_path(&path, JsonUse::Boolean, sql)?;
    sql.push(" ").push(operator).push(" ").push(dialect.json_boolean(value));
    Ok(())
}

/// Writes `left operator right`, if the dialect knows the operator.
fn compare(left: &Operand, operator: &str, right: &Operand, sql: &mut SqlWriter<'_>) -> Result<()> {
    let operator = known_operator(operator, sql)?;
    sql.dialect().compare(left, operator, right, sql)
}

/// The operator as it was written, if the dialect knows it.
fn known_operator<'o>(operator: &'o str, sql: &SqlWriter<'_>) -> Result<&'o str> {
    if sql.dialect().operators().iter().any(|known| known.eq_ignore_ascii_case(operator)) {
        return Ok(operator);
    }
    Err(Error::invalid(format!(
        "{} has no operator \"{operator}\"; raw SQL is written with whereRaw()",
        sql.dialect().driver().label()
    )))
}

/// Writes `left operator right` without more.
///
/// # Errors
/// Those of the operands.
pub fn plain_comparison(
    left: &Operand,
    operator: &str,
    right: &Operand,
    sql: &mut SqlWriter<'_>,
) -> Result<()> {
    operand(left, sql)?;
    sql.push(" ").push(operator).push(" ");
    operand(right, sql)
}
