//! [`alteration`]: what the actions of an `alter table` lose.

use super::destruction::{Destruction, Loss, Retyped};
use super::tokens::Tokens;
use crate::config::DriverName;

/// What may be dropped of a table besides columns.
const OTHERS: [&str; 10] =
    ["constraint", "index", "key", "primary", "foreign", "check", "period", "system", "partition", "unique"];

/// What may follow a type.
const BEHIND_A_TYPE: [&str; 33] = [
    "as",
    "after",
    "auto_increment",
    "autoincrement",
    "character",
    "charset",
    "check",
    "collate",
    "comment",
    "compressed",
    "constraint",
    "default",
    "first",
    "generated",
    "identity",
    "invisible",
    "key",
    "masked",
    "not",
    "null",
    "on",
    "primary",
    "references",
    "rowguidcol",
    "sparse",
    "storage",
    "unique",
    "using",
    "virtual",
    "visible",
    "with",
    "without",
    "stored",
];

/// The words after `alter`.
pub(super) fn alteration(tokens: &Tokens<'_>, at: usize, driver: DriverName) -> Option<Destruction> {
    let at = tokens.after(tokens.after(tokens.after(at, &["online"]), &["ignore"]), &["foreign"]);
    if !tokens.has(at, &["table"]) {
        return None;
    }
    let at = tokens.after(tokens.after(at + 1, &["if", "exists"]), &["only"]);
    let (table, at) = tokens.table(at)?;
    let at = if tokens.is_sign(at, b'*') { at + 1 } else { at };
    let is_mysql = matches!(driver, DriverName::MySql | DriverName::MariaDb);
    let (mut dropped, mut retyped) = (Vec::new(), Vec::new());
    let mut is_dropping = false;
    for (from, to) in tokens.list(at) {
        // `drop column a, b` on SQL Server.
        let goes_on = is_dropping && driver == DriverName::SqlServer && !starts_an_action(tokens, from);
        let loses_rows = is_mysql
            && (tokens.has(from, &["drop", "partition"])
                || tokens.has(from, &["truncate", "partition"])
                || tokens.has(from, &["convert", "to"]));
        if loses_rows {
            return Some(Destruction { table, loss: Loss::Rows { cascades: false } });
        }
        if goes_on || tokens.has(from, &["drop"]) {
            let at = if goes_on { from } else { from + 1 };
            is_dropping = true;
            let is_column = tokens.has(at, &["column"]);
            if !is_column && tokens.is_one_of(at, &OTHERS) {
                is_dropping = false;
                continue;
            }
            let at = tokens.after(tokens.after(at, &["column"]), &["if", "exists"]);
            dropped.extend(tokens.name(at));
            continue;
        }
        is_dropping = false;
        retyped.extend(new_type(tokens, from, to, driver));
    }
    let is_lost = !dropped.is_empty() || !retyped.is_empty();
    is_lost.then_some(Destruction { table, loss: Loss::Columns { dropped, retyped } })
}

fn starts_an_action(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.is_one_of(
        at,
        &["add", "alter", "drop", "constraint", "check", "nocheck", "enable", "disable", "switch", "set"],
    )
}

fn new_type(tokens: &Tokens<'_>, from: usize, to: usize, driver: DriverName) -> Option<Retyped> {
    let is_mysql = matches!(driver, DriverName::MySql | DriverName::MariaDb);
    let (column, at) = match driver {
        DriverName::Postgres if tokens.has(from, &["alter"]) => {
            let at = tokens.after(from + 1, &["column"]);
            let next = tokens.after(at + 1, &["set", "data"]);
            tokens.has(next, &["type"]).then_some((at, next + 1))?
        }
        DriverName::SqlServer if tokens.has(from, &["alter", "column"]) => {
            let is_property = tokens.is_one_of(from + 3, &["add", "drop"]);
            (!is_property).then_some((from + 2, from + 3))?
        }
        _ if is_mysql && tokens.is_one_of(from, &["modify", "change"]) => {
            let at = tokens.after(tokens.after(from + 1, &["column"]), &["if", "exists"]);
            (at, if tokens.has(from, &["change"]) { at + 2 } else { at + 1 })
        }
        _ => return None,
    };
    retyped(tokens, column, at, to)
}

/// The column named at `column`, whose type is spelled from `at` on.
pub(super) fn retyped(tokens: &Tokens<'_>, column: usize, at: usize, to: usize) -> Option<Retyped> {
    // `character` begins a type as well.
    let is_end = |index: &usize| *index > at && tokens.is_one_of(*index, &BEHIND_A_TYPE);
    let mut depth = 0_i32;
    let end = (at..to)
        .find(|index| {
            depth += i32::from(tokens.is_sign(*index, b'(')) - i32::from(tokens.is_sign(*index, b')'));
            depth == 0
                && is_end(index)
                && !tokens.has(*index, &["with", "time"])
                && !tokens.has(*index, &["without", "time"])
        })
        .unwrap_or(to);
    let recoded =
        (end..to).any(|index| tokens.has(index, &["character", "set"]) || tokens.has(index, &["charset"]));
    Some(Retyped { column: tokens.name(column)?, spelled: tokens.text(at, end).to_owned(), recoded })
}
