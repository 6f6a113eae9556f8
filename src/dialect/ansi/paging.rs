//! `limit` and `offset`.

use crate::dialect::SqlWriter;

/// Writes ` limit 10 offset 20`, each part only when asked for.
///
/// `limit_for_bare_offset` is written when rows are skipped without a limit, where the database
/// reads an offset only after one.
///
/// Sources: PostgreSQL 17 §7.6 (`offset` may stand alone); MySQL 8.4 §15.2.13 and SQLite "SELECT"
/// (`offset` is only read after a `limit`).
pub fn paging(
    limit: Option<u64>,
    offset: Option<u64>,
    limit_for_bare_offset: Option<&str>,
    sql: &mut SqlWriter<'_>,
) {
    match (limit, offset, limit_for_bare_offset) {
        (Some(rows), ..) => {
            sql.push(" limit ").number(rows);
        }
        (None, Some(_), Some(all)) => {
            sql.push(" limit ").push(all);
        }
        _ => {}
    }
    if let Some(rows) = offset {
        sql.push(" offset ").number(rows);
    }
}
