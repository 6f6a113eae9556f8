//! [`dependents`]: what would break, or silently go along, when a table or a column goes.

use std::collections::HashSet;

use serde::Deserialize;

use crate::migrate::dump::mentions;
use crate::schema::Database;

/// A table, or a column of one, that is about to go.
#[derive(Debug, Deserialize)]
pub struct DependentsRequest {
    /// The structure of its database.
    pub database: Database,
    /// The table's name in it.
    pub table: String,
    /// The column; none: the table.
    pub column: Option<String>,
}

/// What depends on it: `foreign key posts_user_id_foreign of posts`, `index users_nick_index`, `view active_users`.
#[must_use]
pub fn dependents(request: &DependentsRequest) -> Vec<String> {
    let DependentsRequest { database, table, column } = request;
    let mut found = Vec::new();
    let is_it = |name: &str| column.as_ref().is_none_or(|column| column == name);
    for other in database.tables.iter().filter(|other| column.is_some() || other.name != *table) {
        for key in other.foreign_keys.iter().filter(|key| key.on == *table) {
            if key.references.iter().any(|name| is_it(name)) {
                let name = key.name.as_ref().map_or_else(|| key.columns.join(", "), Clone::clone);
                found.push(format!("foreign key {name} of {}", other.name));
            }
        }
    }
    if column.is_some() {
        for index in database.table(table).map(|table| table.indexes.as_slice()).unwrap_or_default() {
            let by = index.columns.iter().filter_map(|part| part.column.as_ref()).chain(&index.include);
            if by.into_iter().any(|name| is_it(name)) {
                found.push(format!("index {}", index.name.as_deref().unwrap_or("of the primary key")));
            }
        }
    }
    let names: HashSet<&str> = [Some(table.as_str()), column.as_deref()].into_iter().flatten().collect();
    for view in &database.views {
        let sql = view.definition.as_deref().unwrap_or_default();
        if mentions(sql, &names).count() == names.len() {
            found.push(format!("view {}", view.name));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(column: Option<&str>) -> DependentsRequest {
        let database = serde_json::from_str(
            r#"{"tables":[
                {"name":"users","columns":[],"indexes":[{"kind":"primary","columns":["id"],"name":"users_pkey"},
                    {"kind":"index","columns":["nick"],"name":"users_nick_index"}]},
                {"name":"posts","columns":[],"foreignKeys":[{"columns":["user"],"on":"users","references":["id"],"name":"posts_user_foreign"}]}],
              "views":[{"name":"nicks","definition":"select u.\"nick\" from users u"},{"name":"other","definition":"select 'users'"}]}"#,
        )
        .expect("a database");
        DependentsRequest { database, table: "users".into(), column: column.map(str::to_owned) }
    }

    #[test]
    fn keys_indexes_and_views_are_named() {
        assert_eq!(dependents(&request(Some("nick"))), ["index users_nick_index", "view nicks"]);
        assert_eq!(
            dependents(&request(Some("id"))),
            ["foreign key posts_user_foreign of posts", "index users_pkey"]
        );
        assert_eq!(dependents(&request(None)), ["foreign key posts_user_foreign of posts", "view nicks"]);
        assert_eq!(dependents(&request(Some("bio"))), Vec::<String>::new());
    }
}
