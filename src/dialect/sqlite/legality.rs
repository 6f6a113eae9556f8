//! What `alter table` of SQLite does not do ("ALTER TABLE" §4 and §5).

use crate::schema::expression::{Token, names_column, significant};
use crate::schema::{Column, DefaultValue, Index, IndexKind, Table};

/// Whether `add column` takes a column even where the table has rows, or refuses it for what its rows
/// lack, as a copy would.
#[must_use]
pub fn can_be_added(column: &Column) -> bool {
    let is_stored = column.generated.as_ref().is_some_and(|generated| generated.stored);
    let is_constant = match &column.default {
        None | Some(DefaultValue::Value { .. }) => true,
        Some(DefaultValue::Current) => false,
        Some(DefaultValue::Raw { sql }) => is_constant(sql),
    };
    !is_stored && !column.numbers_rows() && (is_constant || column.generated.is_some())
}

/// Whether a default is a constant, in parentheses or not.
fn is_constant(sql: &str) -> bool {
    let all = significant(sql);
    let mut rest = all.as_slice();
    while let [Token::Sign("("), inner @ .., Token::Sign(")")] = rest {
        rest = inner;
    }
    match rest {
        [Token::Text(_) | Token::Number(_)]
        | [Token::Sign("-" | "+"), Token::Number(_)]
        | [Token::Word("x" | "X"), Token::Text(_)] => true,
        [Token::Word(word)] => {
            ["true", "false", "null"].iter().any(|constant| word.eq_ignore_ascii_case(constant))
        }
        _ => false,
    }
}

/// Whether an index is a constraint in the text of its table, not an index of its own: the catalogue
/// says of constraints that their check cannot wait, and of those without a name that they have none.
#[must_use]
pub fn is_constraint(index: &Index) -> bool {
    index.kind == IndexKind::Unique && (index.name.is_none() || index.deferrable == Some(false))
}

/// Whether `drop column` refuses a column, after the indexes on it are dropped. It also refuses one
/// that a view or a trigger reads; a copy could not do without it either.
#[must_use]
pub fn is_held(column: &str, table: &Table) -> bool {
    let is_it = |name: &String| name.eq_ignore_ascii_case(column);
    let in_key = table
        .indexes
        .iter()
        .filter(|index| index.kind == IndexKind::Primary || is_constraint(index))
        .any(|index| index.column_names().iter().any(is_it));
    let computed =
        table.columns.iter().filter(|other| !is_it(&other.name)).filter_map(|other| other.generated.as_ref());
    in_key
        || table.foreign_keys.iter().any(|key| key.columns.iter().any(is_it))
        || table.checks.iter().any(|check| names_column(&check.expression, column))
        || computed.into_iter().any(|generated| names_column(&generated.expression, column))
}

/// Whether an index is ordered by a column, or reads it.
#[must_use]
pub fn reads(index: &Index, column: &str) -> bool {
    let texts = index.columns.iter().filter_map(|part| part.expression.as_ref());
    index.column_names().iter().any(|name| name.eq_ignore_ascii_case(column))
        || texts.chain(&index.expression).chain(&index.predicate).any(|sql| names_column(sql, column))
}
