//! [`add_key_indexes`]: the indexes that `InnoDB` makes for foreign keys.

use crate::schema::{Index, IndexColumn, IndexKind, Table};

/// Adds the index that `InnoDB` makes for each foreign key whose columns begin no other, named like the
/// key (MySQL 8.4 §15.1.20.5). It goes again when an index or a later foreign key covers its columns.
pub fn add_key_indexes(table: &mut Table) {
    let mut made: Vec<Index> = Vec::new();
    for key in &table.foreign_keys {
        if table.indexes.iter().any(|index| begins_with(index, &key.columns)) {
            continue;
        }
        let is_longer = |index: &Index| index.columns.len() > key.columns.len();
        if made.iter().any(|index| is_longer(index) && begins_with(index, &key.columns)) {
            continue;
        }
        let index = Index { name: key.name.clone(), ..Index::new(IndexKind::Index, key.columns.clone()) };
        made.retain(|other| !begins_with(&index, &other.column_names()));
        made.push(index);
    }
    table.indexes.append(&mut made);
}

/// Whether an index can find rows by `columns` alone. Either direction does; the beginning of a text
/// does not, nor does a full-text index.
fn begins_with(index: &Index, columns: &[String]) -> bool {
    let is_column = |(part, column): (&IndexColumn, &String)| {
        part.length.is_none() && part.column.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(column))
    };
    matches!(index.kind, IndexKind::Primary | IndexKind::Unique | IndexKind::Index)
        && index.columns.len() >= columns.len()
        && index.columns.iter().zip(columns).all(is_column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::ForeignKey;

    fn names(words: &str) -> Vec<String> {
        words.split(' ').map(str::to_owned).collect()
    }

    fn table(indexes: &[Index], keys: &[(&str, &str)]) -> Table {
        let key = |(name, columns): &(&str, &str)| ForeignKey {
            name: Some((*name).to_owned()),
            columns: names(columns),
            ..ForeignKey::default()
        };
        let foreign_keys = keys.iter().map(key).collect();
        let mut table = Table { indexes: indexes.to_vec(), foreign_keys, ..Table::new("t") };
        add_key_indexes(&mut table);
        table
    }

    fn made(indexes: &[Index], keys: &[(&str, &str)]) -> Vec<(String, Vec<String>)> {
        let table = table(indexes, keys);
        let made = table.indexes[indexes.len()..].iter();
        made.map(|index| (index.name.clone().unwrap_or_default(), index.column_names())).collect()
    }

    fn one(name: &str, columns: &str) -> Vec<(String, Vec<String>)> {
        vec![(name.to_owned(), names(columns))]
    }

    #[test]
    fn a_foreign_key_has_an_index_of_its_name_unless_another_begins_with_its_columns() {
        let index = |kind, columns| Index::new(kind, names(columns));
        assert_eq!(made(&[], &[("f", "a")]), one("f", "a"));
        assert_eq!(made(&[index(IndexKind::Primary, "a b")], &[("f", "a")]), []);
        assert_eq!(made(&[index(IndexKind::Unique, "A b")], &[("f", "a b")]), []);
        assert_eq!(made(&[index(IndexKind::Primary, "a b")], &[("f", "b")]), one("f", "b"));
        assert_eq!(made(&[index(IndexKind::Index, "a b")], &[("f", "b a")]), one("f", "b a"));
        assert_eq!(made(&[index(IndexKind::FullText, "a")], &[("f", "a")]), one("f", "a"));
        let mut beginning = index(IndexKind::Index, "a");
        beginning.columns[0].length = Some(5);
        assert_eq!(made(&[beginning], &[("f", "a")]), one("f", "a"));
    }

    #[test]
    fn the_longer_or_later_of_two_foreign_keys_has_the_index() {
        assert_eq!(made(&[], &[("f", "a"), ("g", "a b")]), one("g", "a b"));
        assert_eq!(made(&[], &[("g", "a b"), ("f", "a")]), one("g", "a b"));
        assert_eq!(made(&[], &[("f", "a"), ("g", "a")]), one("g", "a"));
    }
}
