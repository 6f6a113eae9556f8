//! [`after`] and [`undone`]: what settled changes make of a database, and what undoes them.

use crate::error::{Error, Result};
use crate::schema::{Change, Database};

/// What a database is after settled changes.
///
/// # Errors
/// As [`Database::apply`].
pub fn after(database: &Database, changes: &[Change]) -> Result<Database> {
    let mut after = database.clone();
    for change in changes {
        after.apply(change)?;
    }
    Ok(after)
}

/// The changes that undo settled changes of a database, in order: see [`crate::schema::undo()`].
///
/// # Errors
/// `InvalidArgument` for a change that cannot be undone, or not be made: which, and why.
pub fn undone(database: &Database, changes: &[Change]) -> Result<Vec<Change>> {
    crate::schema::undo(changes, database).map_err(|(change, why)| {
        let table = change.table().map_or_else(String::new, |table| format!(" of {table}"));
        Error::invalid(format!("{}{table} cannot be undone: {why}", change.kind()))
    })
}
