//! Indexes and foreign keys: their names and the clauses that databases agree on.

use super::table::Scope;
use crate::schema::index::default_name;
use crate::schema::{ForeignKey, Index};

impl Scope<'_> {
    /// An index's name: its own, or one made from table and columns.
    #[must_use]
    pub fn index_name(&self, table: &str, index: &Index) -> String {
        index.name.clone().unwrap_or_else(|| self.made_name(table, &index.columns, index.kind.suffix()))
    }

    /// A foreign key's name: its own, or one made from table and columns.
    #[must_use]
    pub fn foreign_key_name(&self, table: &str, foreign_key: &ForeignKey) -> String {
        foreign_key.name.clone().unwrap_or_else(|| self.made_name(table, &foreign_key.columns, "foreign"))
    }

    fn made_name(&self, table: &str, columns: &[String], suffix: &str) -> String {
        if !self.options.prefix_indexes {
            return default_name(table, columns, suffix);
        }
        let (namespace, name) = self.split(table);
        let table = namespace.map_or(name.clone(), |namespace| format!("{namespace}.{name}"));
        default_name(&table, columns, suffix)
    }

    /// What is between the parentheses of an index: columns, or an expression.
    #[must_use]
    pub fn index_parts(&self, index: &Index) -> String {
        index.expression.clone().unwrap_or_else(|| self.quote_list(&index.columns))
    }
}

/// `references … (…) on delete … on update …`; `space` stands between table and columns.
#[must_use]
pub fn references(foreign_key: &ForeignKey, space: &str, scope: &Scope<'_>) -> String {
    let mut sql = format!(
        "references {}{space}({})",
        scope.table(&foreign_key.on),
        scope.quote_list(&foreign_key.references)
    );
    if let Some(action) = foreign_key.on_delete {
        sql.push_str(" on delete ");
        sql.push_str(action.as_sql());
    }
    if let Some(action) = foreign_key.on_update {
        sql.push_str(" on update ");
        sql.push_str(action.as_sql());
    }
    sql
}

/// `alter table … add constraint … foreign key …`.
#[must_use]
pub fn add_foreign_key(table: &str, foreign_key: &ForeignKey, scope: &Scope<'_>) -> String {
    format!(
        "alter table {} add constraint {} foreign key ({}) {}",
        scope.table(table),
        scope.quote(&scope.foreign_key_name(table, foreign_key)),
        scope.quote_list(&foreign_key.columns),
        references(foreign_key, " ", scope),
    )
}
