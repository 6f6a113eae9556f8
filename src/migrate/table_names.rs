//! [`tables_read`]: the tables and views that a statement reads, by its text.

use super::sql_tokens::{Cursor, Kind, Token, tokens, word_of};
use crate::config::DriverName;

/// The names after `from` and `join`. What is no table may be among them (`extract(year from made_at)`): they are to
/// be looked for among known ones.
pub(super) fn tables_read(sql: &str, driver: DriverName) -> Vec<String> {
    let all = tokens(sql, driver);
    let mut names = Vec::new();
    for (at, token) in all.iter().enumerate() {
        if matches!(word_of(token).as_str(), "from" | "join") {
            from_list(&all[at + 1..], driver, &mut names);
        }
    }
    names
}

fn from_list(tokens: &[Token<'_>], driver: DriverName, names: &mut Vec<String>) {
    let mut cursor = Cursor::new(tokens, driver);
    loop {
        cursor.eat_all_of(&["only", "lateral"]);
        if cursor.group().is_none() {
            let Some(name) = cursor.name() else { return };
            names.push(name);
            cursor.group(); // the arguments of a function
        }
        cursor.eat("as");
        if let [Token { kind: Kind::Word(_) | Kind::Name(_), .. }, Token { kind: Kind::Sign(','), .. }, ..] =
            cursor.rest()
        {
            cursor.skip();
        }
        if !cursor.sign(',') {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_found_in_joins_lists_and_subqueries() {
        for (sql, names) in [
            ("select * from Users", vec!["users"]),
            (r#"select * from only "Users" u join app.posts p on true"#, vec!["Users", "app.posts"]),
            ("select * from a x, b as y, (select 1 from c) z, d", vec!["a", "b", "d", "c"]),
            ("select (select max(id) from a), 'from b' from c -- from d", vec!["a", "c"]),
            ("with x as (select 1 from a) select * from x", vec!["a", "x"]),
            ("select 1", vec![]),
            ("select * from", vec![]),
        ] {
            assert_eq!(tables_read(sql, DriverName::Postgres), names, "{sql}");
        }
    }
}
