//! Locks of rows.

use crate::ast::{Lock, LockWait};
use crate::dialect::SqlWriter;
use crate::error::{Error, Result};

/// The locks that may be given in the words of a database. They are written as they are.
const WORDS: [&str; 16] = [
    "for update",
    "for update nowait",
    "for update skip locked",
    "for no key update",
    "for no key update nowait",
    "for no key update skip locked",
    "for share",
    "for share nowait",
    "for share skip locked",
    "for key share",
    "lock in share mode",
    "lock in share mode nowait",
    "lock in share mode skip locked",
    "with(holdlock)",
    "with(rowlock,updlock,holdlock)",
    "with(rowlock,holdlock)",
];

/// Writes a lock that ends a select; `words` are those for an update and for sharing.
///
/// # Errors
/// `InvalidArgument` for words that are no lock.
pub fn at_end(lock: &Lock, words: [&str; 2], sql: &mut SqlWriter<'_>) -> Result<()> {
    match lock {
        Lock::Update { .. } => sql.push(words[0]),
        Lock::Share { .. } => sql.push(words[1]),
        Lock::Words { sql: words } => sql.push(" ").push(known(words)?),
        Lock::Raw { sql: raw } => sql.push(" ").raw(raw, &[])?,
    };
    sql.push(match lock.wait() {
        None => "",
        Some(LockWait::Skip) => " skip locked",
        Some(LockWait::Fail) => " nowait",
    });
    Ok(())
}

/// The words, if they are a lock.
///
/// # Errors
/// `InvalidArgument` for anything else.
pub fn known(words: &str) -> Result<&str> {
    if WORDS.iter().any(|known| known.eq_ignore_ascii_case(words)) {
        return Ok(words);
    }
    Err(Error::invalid("there is no such lock; one in words of your own is given as raw SQL: lock(raw('…'))"))
}
