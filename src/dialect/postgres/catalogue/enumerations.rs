//! The checks that make columns enums, which the catalogue keeps as conditions like any other.

use crate::schema::expression::{Token, significant};
use crate::schema::{Check, ColumnType, Database, LeftOut, Table};

/// PostgreSQL cuts longer names (§4.1.1).
const NAME_BYTES: usize = 63;

/// The name that PostgreSQL gives to the check of a column (`makeObjectName` in
/// `src/backend/commands/indexcmds.c`): the longer of both parts is cut until it fits.
pub fn default_check_name(table: &str, column: &str) -> String {
    const SUFFIX: &str = "_check";
    let room = NAME_BYTES - SUFFIX.len() - 1;
    let (mut first, mut second) = (table.len(), column.len());
    while first + second > room {
        if first > second {
            first -= 1;
        } else {
            second -= 1;
        }
    }
    format!("{}_{}{SUFFIX}", cut(table, first), cut(column, second))
}

fn cut(text: &str, mut length: usize) -> &str {
    while !text.is_char_boundary(length) {
        length -= 1;
    }
    &text[..length]
}

/// Makes columns enums whose check is one of those that enums are made with, and takes those checks
/// away. One that a rename left with another name than a new one would have is noted.
pub(super) fn fold(table: &mut Table, bare_name: &str, left_out: &mut Vec<LeftOut>) {
    let checks = std::mem::take(&mut table.checks);
    for check in checks {
        match enumeration_of(&check, table, bare_name) {
            Some((at, values)) => {
                let column = &mut table.columns[at];
                column.column_type = ColumnType::Enum { values };
                let name = check.name.unwrap_or_default();
                if name != default_check_name(bare_name, &column.name) {
                    left_out.push(LeftOut { name, reason: reason(&table.name, &column.name) });
                }
            }
            None => table.checks.push(check),
        }
    }
}

/// The column that a check makes an enum, and the values.
fn enumeration_of(check: &Check, table: &Table, bare_name: &str) -> Option<(usize, Vec<String>)> {
    let name = check.name.as_deref().filter(|_| !check.not_valid)?;
    let (column, values) = listed(&check.expression)?;
    let at = table.columns.iter().position(|other| other.name == column)?;
    let is_text = table.columns[at].column_type == ColumnType::String { length: Some(255) };
    // The name tells the table and the column as they were called when the column was made.
    let inner = name.strip_suffix("_check")?;
    let is_made = name == default_check_name(bare_name, &column)
        || inner
            .strip_prefix(bare_name)
            .and_then(|rest| rest.strip_prefix('_'))
            .is_some_and(|old| table.column(old).is_none())
        || inner
            .strip_suffix(&column)
            .and_then(|rest| rest.strip_suffix('_'))
            .is_some_and(|old| !old.is_empty());
    (is_text && is_made).then_some((at, values))
}

/// The column and the texts of `((col)::text = ANY ((ARRAY['a'::character varying, …])::text[]))`,
/// of what a dump makes of it, or of `((col)::text = 'a'::text)`.
fn listed(expression: &str) -> Option<(String, Vec<String>)> {
    let all = significant(expression);
    let at = all.iter().position(|token| *token == Token::Sign("="))?;
    let (left, right) = (&all[..at], &all[at + 1..]);
    let signs = |token: &&Token<'_>| !matches!(token, Token::Sign("(" | ")"));
    let (column, cast) = match left.iter().filter(signs).collect::<Vec<_>>().as_slice() {
        [column, Token::Sign("::"), Token::Word(cast)] => (column.name()?, *cast),
        _ => return None,
    };
    let is_list = matches!(right.first(), Some(Token::Word("ANY")));
    let mut values = Vec::new();
    for token in right {
        match token {
            Token::Text(text) => values.push(text.get(1..text.len() - 1)?.replace("''", "'")),
            Token::Word("ANY" | "ARRAY" | "text" | "character" | "varying")
            | Token::Sign("(" | ")" | "[" | "]" | "," | "::") => {}
            _ => return None,
        }
    }
    (cast == "text" && !values.is_empty() && (is_list || values.len() == 1)).then_some((column, values))
}

/// Notes what the check of an enum column is called.
pub fn note_check_name(database: &mut Database, table: &str, column: &str, name: String) {
    database.left_out.push(LeftOut { name, reason: reason(table, column) });
}

/// What the check of an enum column is called, where that was noted.
pub fn noted_check_name<'d>(database: &'d Database, table: &str, column: &str) -> Option<&'d str> {
    let reason = reason(table, column);
    database.left_out.iter().rev().find(|entry| entry.reason == reason).map(|entry| entry.name.as_str())
}

fn reason(table: &str, column: &str) -> String {
    format!("it is the check of the enum column {table}.{column}, called as before a rename")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_an_enum_is_read_as_servers_and_dumps_write_it() {
        let column = "state".to_owned();
        let two = Some((column.clone(), vec!["it's".to_owned(), "[b]".to_owned()]));
        let read = [
            "((state)::text = ANY ((ARRAY['it''s'::character varying, '[b]'::character varying])::text[]))",
            "((state)::text = ANY (ARRAY[('it''s'::character varying)::text, ('[b]'::character varying)::text]))",
        ];
        for sql in read {
            assert_eq!(listed(sql), two, "{sql}");
        }
        assert_eq!(listed("((\"state\")::text = 'a'::text)"), Some((column, vec!["a".to_owned()])));
        let others = [
            "((a)::text = (b)::text)",
            "(a > 0)",
            "((a)::text = lower('x'::text))",
            "((a)::text = ANY (b))",
            "(lower((a)::text) = 'a'::text)",
            "(((a)::text = 'a'::text) OR ((a)::text = 'b'::text))",
        ];
        for sql in others {
            assert_eq!(listed(sql), None, "{sql}");
        }
    }

    #[test]
    fn the_name_of_a_check_is_cut_as_the_server_cuts_it() {
        assert_eq!(default_check_name("posts", "state"), "posts_state_check");
        let name = default_check_name(&"t".repeat(50), &"c".repeat(50));
        assert_eq!(
            (name.len(), name.as_str()),
            (63, format!("{}_{}_check", "t".repeat(28), "c".repeat(28)).as_str())
        );
        assert_eq!(default_check_name(&"é".repeat(30), "c").len(), 60 - 6 + "_c_check".len());
    }
}
