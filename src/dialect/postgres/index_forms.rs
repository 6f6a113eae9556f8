//! Indexes that can be said in two ways, in the shorter one.

use crate::schema::expression::{Token, tokens};
use crate::schema::{ColumnType, Index, IndexColumn, IndexKind, NullsOrder, Table};

/// The index as one of shapes, words or vectors, where it is what the schema builder makes of one.
pub(super) fn shorter(index: Index, table: &Table) -> Index {
    of_shapes(&index, table).or_else(|| of_words(&index)).or_else(|| of_vectors(&index)).unwrap_or(index)
}

/// A spatial index, when it is one of `gist` on shapes alone, all with one operator class.
fn of_shapes(index: &Index, table: &Table) -> Option<Index> {
    if index.kind != IndexKind::Index || index.algorithm.as_deref() != Some("gist") {
        return None;
    }
    let is_shape = |part: &IndexColumn| {
        let column = part.column.as_deref().and_then(|name| table.column(name));
        column.is_some_and(|column| {
            matches!(column.column_type, ColumnType::Geometry { .. } | ColumnType::Geography { .. })
        })
    };
    let class = index.columns.first()?.operator_class.clone();
    let names: Vec<_> = index.columns.iter().filter_map(|part| part.column.clone()).collect();
    let plain: Vec<_> = names.iter().map(IndexColumn::named).collect();
    let same = index
        .columns
        .iter()
        .zip(&plain)
        .all(|(part, plain)| *part == IndexColumn { operator_class: class.clone(), ..plain.clone() });
    let is_it = same && names.len() == index.columns.len() && index.columns.iter().all(is_shape);
    is_it.then(|| Index {
        kind: IndexKind::Spatial,
        columns: plain,
        operator_class: class,
        algorithm: None,
        ..index.clone()
    })
}

/// A full-text index, when it is exactly what the schema builder makes of one:
/// `gin (to_tsvector('english'::regconfig, title) || …)`.
fn of_words(index: &Index) -> Option<Index> {
    let [part] = index.columns.as_slice() else { return None };
    let expression = part.expression.as_ref()?;
    let is_plain = *part == IndexColumn::computed(expression.clone());
    if index.kind != IndexKind::Index || index.algorithm.as_deref() != Some("gin") || !is_plain {
        return None;
    }
    let (language, columns) = documents(expression)?;
    Some(Index {
        kind: IndexKind::FullText,
        columns: columns.into_iter().map(IndexColumn::named).collect(),
        language: Some(language).filter(|language| language != "english"),
        algorithm: None,
        ..index.clone()
    })
}

/// An index of near vectors, as the schema builder makes it.
fn of_vectors(index: &Index) -> Option<Index> {
    let [part] = index.columns.as_slice() else { return None };
    let is_it = index.kind == IndexKind::Index
        && index.algorithm.as_deref() == Some("hnsw")
        && part.operator_class.as_deref() == Some("vector_cosine_ops");
    is_it.then(|| Index {
        kind: IndexKind::Vector,
        algorithm: None,
        columns: part.column.iter().map(IndexColumn::named).collect(),
        ..index.clone()
    })
}

/// The one language and the columns of documents with `||` between them.
fn documents(expression: &str) -> Option<(String, Vec<String>)> {
    let without_parentheses = |token: &Token<'_>| !matches!(token, Token::Space(_) | Token::Sign("(" | ")"));
    let all: Vec<_> = tokens(expression).into_iter().filter(without_parentheses).collect();
    let mut language: Option<String> = None;
    let mut columns = Vec::new();
    for document in all.split(|token| *token == Token::Sign("||")) {
        let (Token::Word("to_tsvector"), rest) = document.split_first()? else { return None };
        let [Token::Text(text), Token::Sign("::"), Token::Word("regconfig"), Token::Sign(","), column @ ..] =
            rest
        else {
            return None;
        };
        let column = match column {
            [column] | [column, Token::Sign("::"), Token::Word("text")] => column.name()?,
            _ => return None,
        };
        let text = text.get(1..text.len() - 1)?.replace("''", "'");
        if language.get_or_insert_with(|| text.clone()) != &text {
            return None;
        }
        columns.push(column);
    }
    Some((language?, columns))
}

/// The columns and expressions that SQL between the parentheses of an index means; none when it says
/// more than can be said of them.
pub(super) fn parts_of(sql: &str) -> Option<Vec<IndexColumn>> {
    let all: Vec<_> = tokens(sql);
    let mut depth = 0_usize;
    let mut parts: Vec<Vec<Token<'_>>> = vec![Vec::new()];
    for token in all {
        match token {
            Token::Sign("(" | "[") => depth += 1,
            Token::Sign(")" | "]") => depth = depth.checked_sub(1)?,
            Token::Sign(",") if depth == 0 => {
                parts.push(Vec::new());
                continue;
            }
            _ => {}
        }
        parts.last_mut()?.push(token);
    }
    parts.iter().map(|part| part_of(part)).collect()
}

fn part_of(tokens: &[Token<'_>]) -> Option<IndexColumn> {
    let start = tokens.iter().position(|token| !matches!(token, Token::Space(_)))?;
    let tokens = &tokens[start..];
    // The value: a name, a call, or anything in parentheses.
    let opened = tokens.iter().position(|token| *token == Token::Sign("("));
    let words = tokens.iter().position(|token| matches!(token, Token::Space(_))).unwrap_or(tokens.len());
    let length = match opened {
        Some(opened) if opened <= words && tokens[..opened].iter().all(is_of_name) => closed(tokens, opened)?,
        _ => 1,
    };
    let (value, rest) = tokens.split_at(length);
    let mut part = match value {
        [Token::Word(name)] => IndexColumn::named(name.to_lowercase()),
        [name @ Token::Name(_)] => IndexColumn::named(name.name()?),
        [Token::Sign("("), inner @ .., Token::Sign(")")] => IndexColumn::computed(text(inner)),
        [Token::Word(_) | Token::Name(_), ..] => IndexColumn::computed(text(value)),
        _ => return None,
    };
    let mut rest = rest.iter().filter(|token| !matches!(token, Token::Space(_)));
    while let Some(token) = rest.next() {
        let Token::Word(word) = token else { return None };
        match word.to_lowercase().as_str() {
            "asc" => {}
            "desc" => part.descending = true,
            "collate" => part.collation = Some(rest.next()?.name()?),
            "nulls" => {
                part.nulls = match rest.next()?.text().to_lowercase().as_str() {
                    "first" => Some(NullsOrder::First),
                    "last" => Some(NullsOrder::Last),
                    _ => return None,
                };
            }
            class if part.operator_class.is_none() => part.operator_class = Some(class.to_owned()),
            _ => return None,
        }
    }
    Some(part)
}

fn is_of_name(token: &Token<'_>) -> bool {
    matches!(token, Token::Word(_) | Token::Name(_) | Token::Sign("."))
}

/// How many tokens there are up to the parenthesis that closes the one at `opened`.
fn closed(tokens: &[Token<'_>], opened: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(opened) {
        match token {
            Token::Sign("(") => depth += 1,
            Token::Sign(")") if depth == 1 => return Some(at + 1),
            Token::Sign(")") => depth -= 1,
            _ => {}
        }
    }
    None
}

fn text(tokens: &[Token<'_>]) -> String {
    tokens.iter().map(|token| token.text()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sql_between_the_parentheses_of_an_index_is_taken_apart() {
        let parts = parts_of("lower(a) desc, \"B\" text_pattern_ops, (a + b), c collate \"C\" nulls first");
        let named = |name: &str| IndexColumn::named(name);
        assert_eq!(
            parts.unwrap_or_default(),
            [
                IndexColumn { descending: true, ..IndexColumn::computed("lower(a)") },
                IndexColumn { operator_class: Some("text_pattern_ops".into()), ..named("B") },
                IndexColumn::computed("a + b"),
                IndexColumn { collation: Some("C".into()), nulls: Some(NullsOrder::First), ..named("c") },
            ]
        );
        assert_eq!(parts_of("a gist_ops (siglen = 100)"), None);
        assert_eq!(parts_of("a)"), None);
    }

    #[test]
    fn a_full_text_index_is_read_only_when_it_is_exactly_one() {
        let read = |expression: &str| {
            let mut index = Index::new(IndexKind::Index, Vec::new());
            index.columns = vec![IndexColumn::computed(expression)];
            index.algorithm = Some("gin".to_owned());
            of_words(&index).map(|index| (index.column_names(), index.language))
        };
        let three = "(to_tsvector('simple'::regconfig, a) || to_tsvector('simple'::regconfig, (b)::text)) \
                     || to_tsvector('simple'::regconfig, \"C\")";
        assert_eq!(
            read(three),
            Some((["a", "b", "C"].map(str::to_owned).to_vec(), Some("simple".to_owned())))
        );
        assert_eq!(read("to_tsvector('english'::regconfig, a)"), Some((vec!["a".to_owned()], None)));
        for other in [
            "to_tsvector('english'::regconfig, lower(a))",
            "to_tsvector('english'::regconfig, a) || to_tsvector('simple'::regconfig, b)",
            "to_tsvector(a)",
            "to_tsvector('english'::regconfig, (a || b))",
        ] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
