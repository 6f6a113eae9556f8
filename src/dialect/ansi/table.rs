//! Tables and columns: what definitions share, and how a list of changes is read.

use crate::config::DriverName;
use crate::dialect::schema::{InlinedKeys, PlanOptions};
use crate::dialect::{JsonPath, JsonUse, SqlWriter, lookup};
use crate::error::{Error, Result};
use crate::schema::{
    Change, Check, Column, DefaultValue, ForeignKey, Generated, Index, IndexKind, Scalar, Table, TableName,
};

/// Where statements are written for: names and literals.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The database.
    pub driver: DriverName,
    /// What the connection puts before every table's name.
    pub prefix: &'a str,
    /// What the connection says about definitions.
    pub options: &'a PlanOptions,
}

impl Scope<'_> {
    /// Whether the database is MySQL or MariaDB.
    #[must_use]
    pub fn is_mysql(&self) -> bool {
        matches!(self.driver, DriverName::MySql | DriverName::MariaDb)
    }

    /// A quoted identifier.
    #[must_use]
    pub fn quote(&self, identifier: &str) -> String {
        if self.is_mysql() {
            format!("`{}`", identifier.replace('`', "``"))
        } else {
            format!("\"{}\"", identifier.replace('"', "\"\""))
        }
    }

    /// Quoted identifiers with commas between them.
    #[must_use]
    pub fn quote_list(&self, identifiers: &[String]) -> String {
        identifiers.iter().map(|identifier| self.quote(identifier)).collect::<Vec<_>>().join(", ")
    }

    /// A table's name with the prefix, its namespace apart.
    #[must_use]
    pub fn split<'t>(&self, table: &'t str) -> (Option<&'t str>, String) {
        let (namespace, name) =
            table.rsplit_once('.').map_or((None, table), |(left, right)| (Some(left), right));
        (namespace, format!("{}{name}", self.prefix))
    }

    /// A quoted table, with prefix and namespace.
    #[must_use]
    pub fn table(&self, table: &str) -> String {
        let (namespace, name) = self.split(table);
        self.qualify(namespace, &name)
    }

    /// A quoted name in a namespace.
    #[must_use]
    pub fn qualify(&self, namespace: Option<&str>, name: &str) -> String {
        match namespace {
            Some(namespace) => {
                let namespace: Vec<_> = namespace.split('.').map(|part| self.quote(part)).collect();
                format!("{}.{}", namespace.join("."), self.quote(name))
            }
            None => self.quote(name),
        }
    }

    /// The quoted names of tables or views as they are, without the connection's prefix.
    #[must_use]
    pub fn qualify_list(&self, names: &[TableName]) -> String {
        let names: Vec<_> =
            names.iter().map(|table| self.qualify(table.schema.as_deref(), &table.name)).collect();
        names.join(", ")
    }

    /// A literal. Quotes are doubled; MySQL also reads backslashes (unless `NO_BACKSLASH_ESCAPES`).
    #[must_use]
    pub fn literal(&self, text: &str) -> String {
        let escaped = if self.is_mysql() { text.replace('\\', "\\\\") } else { text.to_owned() };
        // Other characters than those of the database's code page need the mark of a national literal.
        let mark = if self.driver == DriverName::SqlServer && !text.is_ascii() { "N" } else { "" };
        format!("{mark}'{}'", escaped.replace('\'', "''"))
    }

    /// Literals with commas between them.
    #[must_use]
    pub fn literal_list(&self, texts: &[String]) -> String {
        texts.iter().map(|text| self.literal(text)).collect::<Vec<_>>().join(", ")
    }

    /// A word that SQL takes without quotes: a character set, an engine, an algorithm.
    ///
    /// # Errors
    /// `InvalidArgument` for anything that is not one word.
    pub fn word<'w>(&self, what: &str, word: &'w str) -> Result<&'w str> {
        let is_word =
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if is_word {
            Ok(word)
        } else {
            Err(Error::invalid(format!("{word:?} is no {what}: one word is expected")))
        }
    }

    /// The expression after `default`, `current` being the database's word for now.
    ///
    /// # Errors
    /// `InvalidArgument` where the current time is asked of a column that holds none.
    pub fn default_value(
        &self,
        table: &str,
        column: &Column,
        current: Option<&str>,
    ) -> Result<Option<String>> {
        Ok(match (&column.default, current) {
            (None, _) => None,
            (Some(DefaultValue::Raw { sql }), _) => Some(sql.clone()),
            (Some(DefaultValue::Current), Some(current)) => Some(current.to_owned()),
            (Some(DefaultValue::Current), None) => {
                return Err(Error::invalid(format!(
                    "{table}.{}: useCurrent() is for dates, timestamps and years",
                    column.name
                )));
            }
            (Some(DefaultValue::Value { value }), _) => Some(match value {
                Scalar::Bool(value) => self.literal(if *value { "1" } else { "0" }),
                Scalar::Number(value) => self.literal(&value.to_string()),
                Scalar::Text(value) => self.literal(value),
            }),
        })
    }

    /// Whether a column may be `NULL`. MySQL takes it from the expression of a generated column, and on
    /// SQLite such a column may, unless it says otherwise.
    #[must_use]
    pub fn is_nullable(&self, column: &Column) -> bool {
        let follows_expression =
            column.generated.is_some() && (self.is_mysql() || self.driver == DriverName::Sqlite);
        let unsaid = follows_expression || self.options.nullable_by_default && !column.auto_increment;
        column.nullable.unwrap_or(unsaid)
    }

    /// The expression that a column is computed by.
    ///
    /// # Errors
    /// `InvalidArgument` for a JSON path that means nothing.
    pub fn computed_by(&self, generated: &Generated) -> Result<String> {
        let path = if generated.is_path { JsonPath::parse(&generated.expression)? } else { None };
        let Some(path) = path else { return Ok(generated.expression.clone()) };
        let dialect = lookup(self.driver);
        let mut sql = SqlWriter::new(dialect, "");
        dialect.json_path(&path, JsonUse::Scalar, &mut sql)?;
        Ok(sql.finish().0)
    }

    /// An extension where servers have none.
    #[must_use]
    pub fn refuse_extension(&self, name: &str) -> Error {
        Error::unsupported(format!("extension {name}"), self.driver.label())
    }

    /// The removal of all types that users made, where there are none or they go one by one.
    #[must_use]
    pub fn refuse_types(&self) -> Error {
        Error::unsupported("removal of all types of its users", self.driver.label())
    }

    /// A column without a type of its own, where every column has one.
    #[must_use]
    pub fn refuse_computed(&self, table: &str, column: &Column) -> Error {
        self.refuse(
            "column without a type, such as computed(): use virtualAs() or storedAs()",
            table,
            Some(&column.name),
        )
    }

    /// A change that the database lacks.
    #[must_use]
    pub fn refuse(&self, what: &str, table: &str, column: Option<&str>) -> Error {
        let place = column.map_or_else(|| table.to_owned(), |column| format!("{table}.{column}"));
        let mut error = Error::unsupported(format!("{what} ({place})"), self.driver.label());
        error.detail.table = Some(table.to_owned());
        error.detail.column = column.map(str::to_owned);
        error
    }
}

/// The changes of one table that belong together, in the order in which they are sent. Everything
/// is said in them: see [`Scope::settle`].
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// The table; empty for changes of none.
    pub table: String,
    /// The changes, without the keys that are part of `create table`.
    pub changes: Vec<Change>,
    /// Whether the table is new.
    pub is_new: bool,
    /// Whether one of the changes names the primary key.
    pub has_primary: bool,
    /// The primary key, where it is part of `create table`.
    pub inline_primary: Option<Index>,
    /// The foreign keys, where they are part of `create table`.
    pub inline_foreign: Vec<ForeignKey>,
    /// The conditions on the rows of a new table.
    pub inline_checks: Vec<Check>,
}

impl Group {
    /// Reads the changes of one table.
    #[must_use]
    pub fn new(changes: Vec<Change>, inlined: InlinedKeys) -> Self {
        let table = changes.first().and_then(Change::table).unwrap_or_default().to_owned();
        let is_new = changes.iter().any(|change| matches!(change, Change::CreateTable { .. }));
        let is_primary = |change: &Change| matches!(change, Change::AddIndex { index, .. } if index.kind == IndexKind::Primary);
        let mut group =
            Self { table, is_new, has_primary: changes.iter().any(is_primary), ..Self::default() };
        for change in changes {
            match change {
                Change::AddIndex { index, .. }
                    if is_new
                        && inlined.primary
                        && index.kind == IndexKind::Primary
                        && group.inline_primary.is_none() =>
                {
                    group.inline_primary = Some(index);
                }
                Change::AddForeignKey { foreign_key, .. } if is_new && inlined.foreign => {
                    group.inline_foreign.push(foreign_key);
                }
                Change::AddCheck { check, .. } if is_new => group.inline_checks.push(check),
                change => group.changes.push(change),
            }
        }
        group
    }

    /// The name that the table has after them.
    #[must_use]
    pub fn name_after(&self) -> String {
        let renamed = self.changes.iter().rev().find_map(|change| match change {
            Change::RenameTable { to, .. } => Some(to),
            _ => None,
        });
        match (renamed, self.table.rsplit_once('.')) {
            (Some(to), Some((namespace, _))) if !to.contains('.') => format!("{namespace}.{to}"),
            (Some(to), _) => to.clone(),
            (None, _) => self.table.clone(),
        }
    }

    /// The columns that are new, or changed (then with `true`).
    pub fn columns(&self) -> impl Iterator<Item = (&Column, bool)> {
        self.changes.iter().flat_map(|change| match change {
            Change::CreateTable { table } => table.columns.iter().map(|column| (column, false)).collect(),
            Change::AddColumn { column, .. } => vec![(column, false)],
            Change::ChangeColumn { column, .. } => vec![(column, true)],
            _ => Vec::new(),
        })
    }
}

/// `create table … (…)`: columns, then the keys and conditions that are part of it.
///
/// # Errors
/// As `column`.
pub fn create_table(
    table: &Table,
    keys: &[String],
    checks: &[Check],
    scope: &Scope<'_>,
    column: impl Fn(&Column) -> Result<String>,
) -> Result<String> {
    let mut parts = table.columns.iter().map(column).collect::<Result<Vec<_>>>()?;
    parts.extend_from_slice(keys);
    parts.extend(checks.iter().map(|check| constraint(check, scope)));
    let create = if table.options.temporary { "create temporary table" } else { "create table" };
    Ok(format!("{create} {} ({})", scope.table(&table.name), parts.join(", ")))
}

/// `constraint … check (…)`, as part of `create table` or behind `alter table … add`.
#[must_use]
pub fn constraint(check: &Check, scope: &Scope<'_>) -> String {
    let name =
        check.name.as_ref().map_or_else(String::new, |name| format!("constraint {} ", scope.quote(name)));
    format!("{name}check ({})", check.expression)
}

/// `alter table … add constraint … check (…)`.
#[must_use]
pub fn add_check(table: &str, check: &Check, scope: &Scope<'_>) -> String {
    format!("alter table {} add {}", scope.table(table), constraint(check, scope))
}

/// `drop database if exists …`, which all servers spell alike.
#[must_use]
pub fn drop_database(name: &str, scope: &Scope<'_>) -> String {
    format!("drop database if exists {}", scope.quote(name))
}

/// `drop view …, …`; nothing when there are none.
#[must_use]
pub fn drop_views(views: &[TableName], scope: &Scope<'_>) -> Option<String> {
    (!views.is_empty()).then(|| format!("drop view {}", scope.qualify_list(views)))
}

/// `drop table …`, which all databases spell alike.
#[must_use]
pub fn drop_table(table: &str, if_exists: bool, scope: &Scope<'_>) -> String {
    let drop = if if_exists { "drop table if exists" } else { "drop table" };
    format!("{drop} {}", scope.table(table))
}

/// `alter table … rename to …`. The new name takes no namespace: the table stays where it is.
///
/// # Errors
/// `Unsupported` for a new name in another namespace.
pub fn rename_table(table: &str, to: &str, scope: &Scope<'_>) -> Result<String> {
    let (namespace, name) = scope.split(to);
    if namespace.is_some() && namespace != scope.split(table).0 {
        return Err(scope.refuse("move of a table to another namespace by rename()", table, None));
    }
    Ok(format!("alter table {} rename to {}", scope.table(table), scope.quote(&name)))
}

/// `alter table … rename column … to …`, which all databases spell alike.
#[must_use]
pub fn rename_column(table: &str, column: &str, to: &str, scope: &Scope<'_>) -> String {
    format!("alter table {} rename column {} to {}", scope.table(table), scope.quote(column), scope.quote(to))
}
