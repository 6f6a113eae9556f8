//! [`described`] and [`column`]: the list of `create table`, as far as names, types and keys go.

use super::sql_tokens::{Cursor, Kind, Token, listed, word_of};
use crate::config::DriverName;
use crate::dialect::schema::dialect;
use crate::schema::{Column, ColumnType, DefaultValue, Index, IndexColumn, IndexKind, Table};

/// Words that end a column's type.
const AFTER_TYPE: [&str; 20] = [
    "not",
    "null",
    "default",
    "primary",
    "unique",
    "references",
    "check",
    "constraint",
    "collate",
    "generated",
    "as",
    "auto_increment",
    "autoincrement",
    "comment",
    "on",
    "identity",
    "after",
    "first",
    "invisible",
    "storage",
];

/// The table that a list describes.
pub(super) fn described(name: String, body: &[Token<'_>], sql: &str, driver: DriverName) -> Table {
    let mut table = Table::new(name);
    for part in listed(body) {
        let mut at = Cursor::new(part, driver);
        let constraint = if at.eat("constraint") { at.name() } else { None };
        let kind = match at.word().as_str() {
            "primary" => Some(IndexKind::Primary),
            "unique" => Some(IndexKind::Unique),
            "index" | "key" => Some(IndexKind::Index),
            "foreign" | "check" | "exclude" | "like" | "period" | "fulltext" | "spatial" => continue,
            _ => None,
        };
        if let Some(kind) = kind {
            at.skip();
            at.eat_all_of(&["key", "index"]);
            let name = at.name().or(constraint).filter(|_| kind != IndexKind::Primary);
            let columns = at.group().map(|group| index_columns(group, driver)).unwrap_or_default();
            table.indexes.push(Index { columns, name, ..Index::new(kind, Vec::new()) });
        } else if let Some(column) = column(part, sql, driver) {
            for (kind, is_it) in
                [(IndexKind::Primary, has(part, "primary")), (IndexKind::Unique, has(part, "unique"))]
            {
                if is_it {
                    table.indexes.push(Index::new(kind, vec![column.name.clone()]));
                }
            }
            table.columns.push(column);
        }
    }
    table
}

/// The column that tokens describe: `price numeric(8, 2) not null`.
pub(super) fn column(tokens: &[Token<'_>], sql: &str, driver: DriverName) -> Option<Column> {
    let mut at = Cursor::new(tokens, driver);
    let name = at.name()?;
    let rest = at.rest();
    let length =
        rest.iter().position(|token| AFTER_TYPE.contains(&word_of(token).as_str())).unwrap_or(rest.len());
    let spelled = match (rest.first(), rest[..length].last()) {
        (Some(first), Some(last)) => &sql[first.from..last.to],
        _ => "",
    };
    let mut column = Column::new(name, ColumnType::Raw { sql: spelled.to_owned() });
    dialect(driver).read_type(spelled, &mut column);
    let words: Vec<_> = rest[length..].iter().map(word_of).collect();
    let is_not_null = words.windows(2).any(|pair| pair == ["not", "null"]) || has(rest, "primary");
    column.nullable = Some(!is_not_null);
    column.auto_increment =
        has(rest, "auto_increment") || has(rest, "autoincrement") || spelled.contains("serial");
    column.default = default(&rest[length..], sql);
    Some(column)
}

/// The expression after `default`: one value, or everything in parentheses and the arguments of a function.
fn default(tokens: &[Token<'_>], sql: &str) -> Option<DefaultValue> {
    let at = tokens.iter().position(|token| word_of(token) == "default")? + 1;
    let mut end = tokens.get(at)?;
    let mut depth = 0;
    for token in &tokens[at..] {
        let is_after = depth == 0 && token.from > end.from && token.kind != Kind::Sign('(');
        if is_after && (AFTER_TYPE.contains(&word_of(token).as_str()) || token.kind == Kind::Sign(',')) {
            break;
        }
        depth += match token.kind {
            Kind::Sign('(') => 1,
            Kind::Sign(')') => -1,
            _ => 0,
        };
        end = token;
    }
    Some(DefaultValue::Raw { sql: sql[tokens[at].from..end.to].to_owned() })
}

/// The columns of an index; an expression is one as well.
pub(super) fn index_columns(group: &[Token<'_>], driver: DriverName) -> Vec<IndexColumn> {
    listed(group)
        .map(|part| {
            let mut at = Cursor::new(part, driver);
            let name = at.name();
            match (name, at.group()) {
                (Some(name), None) => IndexColumn::named(name),
                (Some(name), Some(_)) if matches!(driver, DriverName::MySql | DriverName::MariaDb) => {
                    IndexColumn::named(name) // a length
                }
                _ => IndexColumn::computed("…"),
            }
        })
        .collect()
}

fn has(tokens: &[Token<'_>], word: &str) -> bool {
    tokens.iter().any(|token| word_of(token) == word)
}

#[cfg(test)]
mod tests {
    use super::super::sql_tokens::tokens;
    use super::*;

    fn read(list: &str, driver: DriverName) -> Table {
        described("t".into(), &tokens(list, driver), list, driver)
    }

    #[test]
    fn names_types_and_keys_are_read() {
        let table = read(
            "id bigserial primary key, \"Price\" numeric(8, 2) not null default (1 + 2), note text default now() null, \
             code varchar(20) unique, constraint c check (id > 0), unique (code, note)",
            DriverName::Postgres,
        );
        let names: Vec<_> = table.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["id", "Price", "note", "code"]);
        assert_eq!(table.columns[1].column_type, ColumnType::Decimal { precision: 8, scale: 2 });
        assert_eq!(table.columns[1].default, Some(DefaultValue::Raw { sql: "(1 + 2)".into() }));
        assert_eq!(table.columns[2].default, Some(DefaultValue::Raw { sql: "now()".into() }));
        let nullable: Vec<_> = table.columns.iter().map(|column| column.nullable).collect();
        assert_eq!(nullable, [Some(false), Some(false), Some(true), Some(true)]);
        let keys: Vec<_> = table.indexes.iter().map(|index| (index.kind, index.columns.len())).collect();
        assert_eq!(keys, [(IndexKind::Primary, 1), (IndexKind::Unique, 1), (IndexKind::Unique, 2)]);
    }

    #[test]
    fn mysql_keys_have_names_and_lengths() {
        let table =
            read("a int auto_increment, b text, key by_b (b(10), a), primary key (a)", DriverName::MySql);
        assert_eq!(table.indexes[0].name.as_deref(), Some("by_b"));
        assert_eq!(table.indexes[0].columns, [IndexColumn::named("b"), IndexColumn::named("a")]);
        assert!(table.columns[0].auto_increment && table.primary_key().is_some());
    }
}
