//! [`referred_first`]: tables in the order in which they can be created.

use crate::schema::Table;

/// The tables, each after those it refers to. Where tables refer to each other in a circle, the
/// first of them by name comes first. Otherwise by name.
#[must_use]
pub fn referred_first<'t>(tables: &[&'t Table]) -> Vec<&'t Table> {
    let mut left = tables.to_vec();
    left.sort_by(|one, other| one.name.cmp(&other.name));
    let mut ordered = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let waits = |table: &&Table| {
            table
                .foreign_keys
                .iter()
                .any(|key| key.on != table.name && left.iter().any(|other| other.name == key.on))
        };
        let at = left.iter().position(|table| !waits(table)).unwrap_or_default();
        ordered.push(left.remove(at));
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::ForeignKey;

    fn table(name: &str, refers_to: &[&str]) -> Table {
        let key = |on: &&str| ForeignKey { on: (*on).to_owned(), ..ForeignKey::default() };
        Table { foreign_keys: refers_to.iter().map(key).collect(), ..Table::new(name) }
    }

    fn ordered(tables: &[Table]) -> Vec<String> {
        referred_first(&tables.iter().collect::<Vec<_>>())
            .into_iter()
            .map(|table| table.name.clone())
            .collect()
    }

    #[test]
    fn a_table_comes_after_those_it_refers_to() {
        let tables = [table("a", &["c", "a"]), table("b", &["a"]), table("c", &["elsewhere"])];
        assert_eq!(ordered(&tables), ["c", "a", "b"]);
    }

    #[test]
    fn tables_in_a_circle_are_all_there() {
        assert_eq!(ordered(&[table("b", &["a"]), table("a", &["b"]), table("c", &["b"])]), ["a", "b", "c"]);
    }
}
