//! [`allowed`]: what the comments of a statement allow.

use crate::config::DriverName;
use crate::dialect::scanner::{Piece, Scanner};

/// The names after `guruorm: allow` in the comments of a statement.
pub(super) fn allowed(sql: &str, driver: DriverName) -> Vec<&str> {
    let comments = Scanner::new(sql, driver).filter_map(|piece| match piece {
        Piece::Comment(comment) => allowed_by(comment),
        _ => None,
    });
    comments.flat_map(|names| names.split([',', ' '])).filter(|name| !name.is_empty()).collect()
}

/// What a comment allows, as it is written: `-- guruorm: allow drop-column, drop-table`.
pub(in crate::migrate) fn allowed_by(comment: &str) -> Option<&str> {
    let text = comment
        .trim_matches(|letter: char| matches!(letter, '-' | '#' | '/' | '*') || letter.is_whitespace());
    let rest = text.strip_prefix("guruorm:")?.trim_start().strip_prefix("allow")?;
    rest.starts_with(char::is_whitespace).then(|| rest.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_allow_rules_by_name() {
        let sql = "-- guruorm: allow drop-table, drop-column\nselect 1 /* guruorm:allow x */ -- guruorm: allowed y\n'-- guruorm: allow z'";
        assert_eq!(allowed(sql, DriverName::Postgres), ["drop-table", "drop-column", "x"]);
    }
}
