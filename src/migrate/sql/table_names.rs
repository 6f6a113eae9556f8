//! [`tables_read`]: the tables and views that a statement reads, by its text.

use super::cursor::Cursor;
use super::token::{Kind, tokens};
use crate::config::DriverName;

/// The names after `from` and `join`. What is no table may be among them (`extract(year from made_at)`): they are to
/// be looked for among known ones.
pub fn tables_read(sql: &str, driver: DriverName) -> Vec<String> {
    let all = tokens(sql, driver);
    let mut names = Vec::new();
    for (at, token) in all.iter().enumerate() {
        if token.is("from") || token.is("join") {
            from_list(Cursor::new(sql, &all[at + 1..], driver), &mut names);
        }
    }
    names
}

fn from_list(mut cursor: Cursor<'_, '_>, names: &mut Vec<String>) {
    loop {
        while cursor.take_any(&["only", "lateral"]) {}
        if cursor.group().is_none() {
            let Some(name) = cursor.name() else { return };
            names.push(name.dotted());
            cursor.group(); // the arguments of a function
        }
        cursor.take("as");
        if let [alias, comma, ..] = cursor.tokens()
            && matches!(alias.kind, Kind::Word | Kind::Name)
            && comma.is_sign(',')
        {
            cursor.skip(1);
        }
        if !cursor.take_sign(',') {
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
