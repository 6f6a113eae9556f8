//! What MySQL and MariaDB keep of a table.

use super::defaults::normal;
use super::expression::normal_form;
use super::index_expression::parts;
use super::key_index::add_key_indexes;
use crate::dialect::schema::PlanOptions;
use crate::schema::{
    Column, ColumnType, ForeignKey, Index, IndexKind, ReferentialAction, Storage, Table, TableOptions,
};

/// The collation that MariaDB gives its `json`, whatever the table's.
pub const JSON_COLLATION: &str = "utf8mb4_bin";

/// See `SchemaDialect::say_storage`: what `create table` takes from the connection, and the server's own
/// choice behind it.
pub fn say_storage(table: &mut Table, options: &PlanOptions) {
    let Storage { engine, collation, collations } = &options.storage;
    let of_charset = |charset: &str| collations.get(&current_name(charset)).cloned();
    let own = &mut table.options;
    own.engine = own.engine.take().or_else(|| options.engine.clone()).or_else(|| engine.clone());
    let charset = own.charset.clone().or_else(|| options.charset.clone());
    own.collation = own.collation.take().or_else(|| options.collation.clone()).or_else(|| match &charset {
        Some(charset) => of_charset(charset),
        None => collation.clone(),
    });
    own.charset = charset;
    for column in table.columns.iter_mut().filter(|column| column.collation.is_none()) {
        column.collation = column.charset.as_deref().and_then(of_charset);
    }
}

/// See `SchemaDialect::normalize`.
pub fn normalize(table: &mut Table) {
    let own = &table.options;
    let (charset, collation) = text_storage(own.charset.as_deref(), own.collation.as_deref());
    let engine = own.engine.as_ref().map(|engine| engine.to_lowercase());
    let options = TableOptions { engine, charset, collation, ..TableOptions::default() };
    table.options = options.clone();
    table.comment = table.comment.take().filter(|comment| !comment.is_empty());
    for column in &mut table.columns {
        normalize_column(column, &options);
    }
    let Table { indexes, columns, foreign_keys, .. } = table;
    for index in indexes {
        normalize_index(index, columns, options.engine.as_deref());
    }
    for key in foreign_keys {
        *key = kept_of(key);
        for name in &mut key.columns {
            as_declared(name, columns);
        }
    }
    for check in &mut table.checks {
        (check.expression, check.not_valid) = (normal_form(&check.expression), false);
    }
    if options.engine.as_ref().is_none_or(|engine| engine == "innodb") {
        add_key_indexes(table);
    }
}

fn normalize_column(column: &mut Column, options: &TableOptions) {
    column.auto_increment = column.numbers_rows();
    column.identity = None;
    if let Some(generated) = &mut column.generated {
        generated.expression = normal_form(&generated.expression);
    }
    column.default = column.default.take().and_then(|default| normal(default, column));
    let (charset, collation) = text_storage(column.charset.as_deref(), column.collation.as_deref());
    let is_own = if column.column_type == ColumnType::Json {
        collation.as_deref() == Some(JSON_COLLATION)
    } else {
        (&charset, &collation) == (&options.charset, &options.collation)
    };
    (column.charset, column.collation) = if is_own { (None, None) } else { (charset, collation) };
}

/// A character set and a collation in one spelling: a collation says its character set.
fn text_storage(charset: Option<&str>, collation: Option<&str>) -> (Option<String>, Option<String>) {
    match collation {
        Some(collation) => (None, Some(current_name(collation))),
        None => (charset.map(current_name), None),
    }
}

/// The name in use of a character set or collation: `utf8` has been `utf8mb3` since MySQL 8.0.30 and
/// MariaDB 10.6.
fn current_name(name: &str) -> String {
    let name = name.to_lowercase();
    match name.strip_prefix("utf8") {
        Some(rest) if rest.is_empty() || rest.starts_with('_') => format!("utf8mb3{rest}"),
        _ => name,
    }
}

fn normalize_index(index: &mut Index, columns: &[Column], engine: Option<&str>) {
    if let Some(read) = index.expression.as_deref().and_then(parts) {
        (index.columns, index.expression) = (read, None);
    }
    if index.kind == IndexKind::Primary {
        index.name = None; // each is called PRIMARY
    }
    for part in &mut index.columns {
        let column = part.column.as_mut().and_then(|name| as_declared(name, columns));
        let whole = column.and_then(|column| length_of(&column.column_type));
        part.length = part.length.filter(|length| whole != Some(*length));
        if let Some(expression) = &mut part.expression {
            *expression = normal_form(expression);
        }
    }
    *index = Index {
        kind: index.kind,
        columns: std::mem::take(&mut index.columns),
        expression: index.expression.take(),
        name: index.name.take(),
        algorithm: algorithm(index, engine),
        ..Index::new(index.kind, Vec::new())
    };
}

/// Gives a name the case in which its column is declared: names of columns are compared without it.
fn as_declared<'c>(name: &mut String, columns: &'c [Column]) -> Option<&'c Column> {
    let column = columns.iter().find(|column| column.name.to_lowercase() == name.to_lowercase())?;
    column.name.clone_into(name);
    Some(column)
}

/// The algorithm, where the engine leaves a choice.
fn algorithm(index: &Index, engine: Option<&str>) -> Option<String> {
    has_two_algorithms(index.kind, engine)
        .then(|| index.algorithm.clone().unwrap_or_else(|| "hash".to_owned()))
}

/// Whether an index may be ordered or hashed: `MEMORY` and `NDB` alone have both (MySQL 8.4 §15.1.15).
pub fn has_two_algorithms(kind: IndexKind, engine: Option<&str>) -> bool {
    let engine = engine.unwrap_or_default().to_lowercase();
    matches!(engine.as_str(), "memory" | "ndb" | "ndbcluster")
        && matches!(kind, IndexKind::Primary | IndexKind::Unique | IndexKind::Index)
}

/// The length of a text or of bytes.
fn length_of(column_type: &ColumnType) -> Option<u32> {
    match column_type {
        ColumnType::Char { length } | ColumnType::String { length } | ColumnType::Binary { length, .. } => {
            *length
        }
        _ => None,
    }
}

/// `InnoDB` checks at once: `restrict`, `no action` and saying nothing are the same.
fn kept_of(key: &ForeignKey) -> ForeignKey {
    let action = |action: Option<ReferentialAction>| {
        action.filter(|action| !matches!(action, ReferentialAction::Restrict | ReferentialAction::NoAction))
    };
    ForeignKey {
        columns: key.columns.clone(),
        on: key.on.clone(),
        references: key.references.clone(),
        name: key.name.clone(),
        on_delete: action(key.on_delete),
        on_update: action(key.on_update),
        ..ForeignKey::default()
    }
}
