//! Indexes and foreign keys: the clauses that databases agree on.

use super::table::Scope;
use crate::config::DriverName;
use crate::error::{Error, Result};
use crate::schema::{ForeignKey, Index, IndexColumn, NullsOrder};

impl Scope<'_> {
    /// The name of a settled index or key.
    ///
    /// # Errors
    /// `Internal` for one that has none.
    pub fn name_of<'n>(&self, name: Option<&'n String>) -> Result<&'n str> {
        name.map(String::as_str).ok_or_else(|| Error::internal("an index or key without a name"))
    }

    /// What is between the parentheses of an index: columns and expressions.
    ///
    /// # Errors
    /// `Unsupported` for what the database cannot say about a column of an index, `InvalidArgument`
    /// for what means nothing.
    pub fn index_parts(&self, table: &str, index: &Index) -> Result<String> {
        if let Some(expression) = &index.expression {
            return Ok(expression.clone());
        }
        let parts: Vec<_> =
            index.columns.iter().map(|part| self.index_part(table, part)).collect::<Result<_>>()?;
        Ok(parts.join(", "))
    }

    fn index_part(&self, table: &str, part: &IndexColumn) -> Result<String> {
        let refuse = |what: &str| Err(self.refuse(what, table, part.column.as_deref()));
        let is_postgres = self.driver == DriverName::Postgres;
        let mut sql = match (&part.column, &part.expression) {
            (Some(column), None) => self.quote(column),
            (None, Some(_)) if matches!(self.driver, DriverName::MariaDb | DriverName::SqlServer) => {
                return refuse("index on an expression: index a generated column");
            }
            (None, Some(expression)) => format!("({expression})"),
            _ => {
                let message = "an index is on a column or on an expression, one of them for each place";
                return Err(Error::invalid(format!("{table}: {message}")));
            }
        };
        if let Some(length) = part.length {
            if !self.is_mysql() {
                return refuse("index on the beginning of a text");
            }
            sql = format!("{sql}({length})");
        }
        match &part.collation {
            None => {}
            Some(collation) if is_postgres => sql = format!("{sql} collate {}", self.quote(collation)),
            Some(collation) if self.driver == DriverName::Sqlite => {
                sql = format!("{sql} collate {}", self.word("collation", collation)?);
            }
            Some(_) => return refuse("collation of an index"),
        }
        match &part.operator_class {
            None => {}
            Some(class) if is_postgres => sql = format!("{sql} {}", self.word("operator class", class)?),
            Some(_) => return refuse("operator class of an index"),
        }
        if part.descending {
            sql.push_str(" desc");
        }
        match part.nulls {
            None => {}
            Some(nulls) if is_postgres => {
                sql.push_str(if nulls == NullsOrder::First { " nulls first" } else { " nulls last" });
            }
            Some(_) => return refuse("choice of where NULL stands in an index"),
        }
        Ok(sql)
    }

    /// What follows the parentheses of an index: the columns that it carries along, and the condition
    /// on its rows.
    ///
    /// # Errors
    /// `Unsupported` for what the database lacks.
    pub fn index_rest(&self, table: &str, index: &Index) -> Result<String> {
        let column = index.columns.first().and_then(|part| part.column.as_deref());
        let (mut sql, is_mysql) = (String::new(), self.is_mysql());
        if !index.include.is_empty() {
            if is_mysql || self.driver == DriverName::Sqlite {
                return Err(self.refuse("index that carries columns along", table, column));
            }
            sql = format!(" include ({})", self.quote_list(&index.include));
        }
        if let Some(nulls_equal) = index.nulls_not_distinct.filter(|_| self.driver == DriverName::Postgres) {
            sql.push_str(if nulls_equal { " nulls not distinct" } else { " nulls distinct" });
        }
        if let Some(predicate) = &index.predicate {
            if is_mysql {
                return Err(self.refuse("index on some rows only", table, column));
            }
            sql = format!("{sql} where {predicate}");
        }
        Ok(sql)
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
///
/// # Errors
/// `Internal` for a key without a name.
pub fn add_foreign_key(table: &str, foreign_key: &ForeignKey, scope: &Scope<'_>) -> Result<String> {
    Ok(format!(
        "alter table {} add constraint {} foreign key ({}) {}",
        scope.table(table),
        scope.quote(scope.name_of(foreign_key.name.as_ref())?),
        scope.quote_list(&foreign_key.columns),
        references(foreign_key, " ", scope),
    ))
}
