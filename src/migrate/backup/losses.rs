//! [`loss_of`]: what a statement takes from a table, once the table's columns are known.

use super::catalogue::Catalogued;
use super::destruction::{Loss, Retyped};
use super::narrowing::narrows;
use crate::config::DriverName;

/// What is to be copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Copied {
    /// Every row.
    Table,
    /// These columns, beside the primary key.
    Columns(Vec<String>),
}

/// What is to be copied before the statement; nothing when it loses nothing. Columns are copied with the key, by
/// which they find their rows again: without one, and where the key itself goes, all of the table is.
pub(super) fn loss_of(driver: DriverName, loss: &Loss, table: &Catalogued) -> Option<Copied> {
    let affected: Vec<String> = match loss {
        Loss::Rows { .. } | Loss::Namespace => return Some(Copied::Table),
        Loss::Columns { dropped, retyped } => {
            let dropped = dropped.iter().filter_map(|name| table.column(driver, name));
            let gone: Vec<&str> = dropped.filter(|it| !it.generated).map(|it| it.name.as_str()).collect();
            let narrowed = narrowed(driver, retyped, table);
            table
                .own()
                .map(|it| &it.name)
                .filter(|name| gone.contains(&name.as_str()) || narrowed.contains(name))
                .cloned()
                .collect()
        }
        Loss::Copied { kept, retyped } => {
            let narrowed = narrowed(driver, retyped, table);
            let is_kept = |name: &str| kept.iter().any(|it| it.eq_ignore_ascii_case(name));
            table
                .own()
                .map(|it| &it.name)
                .filter(|name| !is_kept(name) || narrowed.contains(name))
                .cloned()
                .collect()
        }
    };
    if affected.is_empty() {
        return None;
    }
    let key = table.key();
    let is_whole = key.is_empty() || key.iter().any(|name| affected.contains(name));
    Some(if is_whole { Copied::Table } else { Copied::Columns(affected) })
}

fn narrowed(driver: DriverName, retyped: &[Retyped], table: &Catalogued) -> Vec<String> {
    retyped
        .iter()
        .filter_map(|it| Some((it, table.column(driver, &it.column)?)))
        .filter(|(it, column)| {
            !column.generated && (it.recoded || narrows(driver, &column.spelled, &it.spelled))
        })
        .map(|(_, column)| column.name.clone())
        .collect()
}
