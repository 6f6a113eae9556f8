//! Reads what `create table` says of several columns, and references.

use super::index::read_parts;
use super::reader::{Reader, split_list};
use super::table::TableText;
use crate::schema::{Check, ForeignKey, Index, IndexKind, ReferentialAction};

/// Reads a constraint of the table. None where it is not understood.
pub fn read_constraint(reader: &mut Reader<'_>, table: &mut TableText) -> Option<()> {
    let name = if reader.take(&["constraint"]) { Some(reader.name()?) } else { None };
    let (what, kind) = if reader.take(&["primary", "key"]) {
        ("primary key", IndexKind::Primary)
    } else if reader.take(&["unique"]) {
        ("unique constraint", IndexKind::Unique)
    } else if reader.take(&["check"]) {
        table.checks.push(Check { name, expression: reader.group()?, not_valid: false });
        note_conflict(reader, "check", table);
        return Some(());
    } else if reader.take(&["foreign", "key"]) {
        let columns = names(&reader.group()?)?;
        return references(reader, ForeignKey { columns, name, ..ForeignKey::default() }, table);
    } else {
        return None;
    };
    let mut inside = reader.group()?;
    if kind == IndexKind::Primary && inside.to_lowercase().ends_with(" autoincrement") {
        inside.truncate(inside.len() - " autoincrement".len());
        let column = names(&inside)?.pop()?;
        let column = table.columns.iter_mut().find(|other| other.name.eq_ignore_ascii_case(&column))?;
        column.auto_increment = true;
    }
    note_conflict(reader, what, table);
    let index = Index { name, columns: read_parts(&inside), ..Index::new(kind, Vec::new()) };
    match kind {
        IndexKind::Primary => table.primary = Some(index),
        _ => table.uniques.push(index),
    }
    Some(())
}

/// Reads `references …` of a key whose columns are known.
pub fn references(reader: &mut Reader<'_>, mut key: ForeignKey, table: &mut TableText) -> Option<()> {
    if !reader.take(&["references"]) {
        return None;
    }
    key.on = reader.name()?;
    if reader.is_sign("(") {
        key.references = names(&reader.group()?)?;
    }
    loop {
        if reader.take(&["on", "delete"]) {
            key.on_delete = said(action(reader)?);
        } else if reader.take(&["on", "update"]) {
            key.on_update = said(action(reader)?);
        } else if reader.take(&["match"]) {
            let way = format!("`match {}` of its foreign key", reader.name()?);
            table.unsaid.push((key.columns.join(", "), way));
        } else if !defer(reader, &mut key) {
            break;
        }
    }
    table.foreign_keys.push(key);
    Some(())
}

/// Reads whether the check of a key may wait; false where nothing is said about it.
///
/// A key that is deferrable but not `initially deferred` is checked at once ("SQLite Foreign Key Support" §4.2).
pub fn defer(reader: &mut Reader<'_>, key: &mut ForeignKey) -> bool {
    let never = reader.take(&["not", "deferrable"]);
    if !never && !reader.take(&["deferrable"]) {
        return false;
    }
    if reader.take(&["initially", "deferred"]) && !never {
        (key.deferrable, key.initially_immediate) = (Some(true), Some(false));
    }
    reader.take(&["initially", "immediate"]);
    true
}

fn action(reader: &mut Reader<'_>) -> Option<ReferentialAction> {
    let actions: [(&[&str], _); 5] = [
        (&["cascade"], ReferentialAction::Cascade),
        (&["restrict"], ReferentialAction::Restrict),
        (&["set", "null"], ReferentialAction::SetNull),
        (&["set", "default"], ReferentialAction::SetDefault),
        (&["no", "action"], ReferentialAction::NoAction),
    ];
    actions.into_iter().find(|(words, _)| reader.take(words)).map(|(_, action)| action)
}

/// `no action` is what happens where nothing is said.
fn said(action: ReferentialAction) -> Option<ReferentialAction> {
    Some(action).filter(|action| *action != ReferentialAction::NoAction)
}

/// Reads `on conflict …`: what is done instead of the usual `abort`.
pub fn conflict(reader: &mut Reader<'_>) -> Option<String> {
    if !reader.take(&["on", "conflict"]) {
        return None;
    }
    reader.name().map(|way| way.to_lowercase()).filter(|way| way != "abort")
}

fn note_conflict(reader: &mut Reader<'_>, what: &str, table: &mut TableText) {
    if let Some(way) = conflict(reader) {
        table.unsaid.push((String::new(), format!("`on conflict {way}` of its {what}")));
    }
}

fn names(list: &str) -> Option<Vec<String>> {
    split_list(list).iter().map(|name| Reader::new(name).name()).collect()
}
