//! Definitions: changes to statements, catalogue questions to data. The one way in.
//!
//! [`plan`] gives the statements of a list of changes, [`question`] and [`answer`] ask the
//! catalogue. Nothing here talks to a server.

use super::ansi::settle::implied_key;
use super::ansi::table::{Group, Scope};
use super::rebuild::{self, Step};
use super::{mysql, postgres, sqlite, sqlserver};
use crate::config::DriverName;
use crate::error::{Error, Result};
use crate::schema::{Change, Column, Database, Table};

pub use super::ansi::inspect::{Question, answer, question};
pub use super::plan_options::PlanOptions;

/// The points on which databases disagree about definitions. What they agree on is in `ansi/`.
pub trait SchemaDialect {
    /// Which keys are part of `create table`. A key that is not becomes a statement of its own.
    fn inlined_keys(&self) -> InlinedKeys;

    /// The statements of one change.
    ///
    /// # Errors
    /// `Unsupported` for a change that the database lacks, `InvalidArgument` for one that cannot work.
    fn statements(&self, change: &Change, group: &Group, scope: &Scope<'_>) -> Result<Vec<String>>;

    /// What has to be said about a column after all changes of its table.
    fn after_column(&self, table: &str, column: &Column, changed: bool, scope: &Scope<'_>) -> Vec<String>;

    /// The statements of the changes of one table.
    ///
    /// # Errors
    /// As [`Self::statements`].
    fn plan(&self, group: &Group, scope: &Scope<'_>, _current: Option<&mut Database>) -> Result<Vec<String>> {
        let mut statements = Vec::new();
        for change in &group.changes {
            statements.extend(self.statements(change, group, scope)?);
        }
        for (column, changed) in group.columns() {
            statements.extend(self.after_column(&group.name_after(), column, changed, scope));
        }
        Ok(statements)
    }

    /// The same as steps, of which some need more care than to be sent. `current` is altered as the
    /// database will be.
    ///
    /// # Errors
    /// As [`Self::statements`].
    fn steps(&self, group: &Group, scope: &Scope<'_>, current: Option<&mut Database>) -> Result<Vec<Step>> {
        Ok(self.plan(group, scope, current)?.into_iter().map(Step::Send).collect())
    }

    /// The type that a column is declared with.
    ///
    /// # Errors
    /// `Unsupported` for a type that the database lacks.
    fn sql_type(&self, table: &str, column: &Column, scope: &Scope<'_>) -> Result<String>;

    /// Takes the type of a column from how the catalogue spells it: what [`Self::sql_type`] gives for
    /// it is the same type. A type that no `ColumnType` means is kept as text.
    fn read_type(&self, spelled: &str, column: &mut Column);

    /// Makes a table what the catalogue says of it once it is there: without what this database does
    /// not keep, the rest as the catalogue spells it. What all databases have in common is done before
    /// (`evolve::normalize`). Doing it twice changes nothing more.
    fn normalize(&self, table: &mut Table);

    /// Says how a table is stored where it says nothing itself, before it is compared (MySQL and SQL Server).
    fn say_storage(&self, _table: &mut Table, _options: &PlanOptions) {}

    /// Whether the changes of one table can only be planned knowing the table as it is.
    fn needs_current(&self, _group: &Group) -> bool {
        false
    }
}

/// Which keys are part of `create table`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InlinedKeys {
    /// The primary key.
    pub primary: bool,
    /// The foreign keys.
    pub foreign: bool,
}

/// The statements of `changes` (JSON: a list of [`Change`]), in order.
///
/// # Errors
/// `InvalidArgument` for text that is no list of changes; else as [`compile_changes`].
pub fn plan(
    changes: &str,
    driver: DriverName,
    prefix: &str,
    options: &PlanOptions,
    current: Option<&Database>,
) -> Result<Vec<String>> {
    compile_changes(&read_changes(changes)?, driver, prefix, options, current)
}

/// A list of changes (JSON).
///
/// # Errors
/// `InvalidArgument` for text that is no list of changes.
pub fn read_changes(changes: &str) -> Result<Vec<Change>> {
    serde_json::from_str(changes)
        .map_err(|error| Error::invalid(format!("the list of schema changes cannot be read: {error}")))
}

/// The statements of `changes`, in order. Neighbouring changes of one table are seen together,
/// as one call of `Schema` makes them. `current` is the database before them, as far as
/// [`needed_tables`] asks for it.
///
/// # Errors
/// `Unsupported` for a change that the database lacks. `InvalidArgument` for one that cannot work:
/// a name too long, two columns of one name, a foreign key without table. Either way nothing was sent.
pub fn compile_changes(
    changes: &[Change],
    driver: DriverName,
    prefix: &str,
    options: &PlanOptions,
    current: Option<&Database>,
) -> Result<Vec<String>> {
    let steps = rebuild::compile_steps(changes, driver, prefix, options, current)?;
    Ok(steps.into_iter().flat_map(Step::into_statements).collect())
}

/// The tables that have to be known as they are to plan `changes`, as the catalogue calls them.
#[must_use]
pub fn needed_tables(
    changes: &[Change],
    driver: DriverName,
    prefix: &str,
    options: &PlanOptions,
) -> Vec<String> {
    let dialect = dialect(driver);
    let groups: Vec<_> = groups(changes, driver, prefix, options).collect();
    let needed = groups.iter().filter(|group| dialect.needs_current(group));
    let mut tables: Vec<_> = needed.map(|group| group.table.clone()).collect();
    if !tables.is_empty() {
        // One of them may have another name before.
        tables.extend(groups.iter().flat_map(|group| &group.changes).filter_map(|change| match change {
            Change::RenameTable { table, .. } => Some(table.clone()),
            _ => None,
        }));
    }
    tables
}

/// `changes` with everything said in them: see [`Scope::settle`]. A new table whose rows a column
/// numbers gets its key in so many words.
#[must_use]
pub fn settle(changes: &[Change], driver: DriverName, prefix: &str, options: &PlanOptions) -> Vec<Change> {
    let scope = Scope { driver, prefix, options };
    let with_key = |changes: &[Change]| scope.settle(&[changes, &implied_key(changes)].concat());
    by_table(changes).flat_map(with_key).collect()
}

/// The changes of each table together, settled.
pub(super) fn groups<'c>(
    changes: &'c [Change],
    driver: DriverName,
    prefix: &'c str,
    options: &'c PlanOptions,
) -> impl Iterator<Item = Group> + use<'c> {
    let scope = Scope { driver, prefix, options };
    by_table(changes).map(move |changes| Group::new(scope.settle(changes), dialect(driver).inlined_keys()))
}

fn by_table(changes: &[Change]) -> impl Iterator<Item = &[Change]> {
    changes.chunk_by(|one, next| one.table().is_some() && one.table() == next.table())
}

/// What a database thinks of definitions.
#[must_use]
pub fn dialect(driver: DriverName) -> &'static dyn SchemaDialect {
    match driver {
        DriverName::Postgres => &postgres::schema::Postgres,
        DriverName::MySql | DriverName::MariaDb => &mysql::schema::MySql,
        DriverName::Sqlite => &sqlite::schema::Sqlite,
        DriverName::SqlServer => &sqlserver::schema::SqlServer,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::error::ErrorCode;

    fn compile(changes: &Value, driver: DriverName) -> Result<Vec<String>> {
        plan(&changes.to_string(), driver, "", &PlanOptions::default(), None)
    }

    fn refusal(changes: &Value, driver: DriverName) -> (ErrorCode, String) {
        compile(changes, driver)
            .map_or_else(|error| (error.code, error.message), |_| (ErrorCode::Internal, String::new()))
    }

    fn create(columns: &Value) -> Value {
        json!([{"kind": "createTable", "table": {"name": "t", "columns": columns}}])
    }

    fn integer(name: &str) -> Value {
        json!({"name": name, "type": {"kind": "integer"}})
    }

    #[test]
    fn a_name_longer_than_the_database_allows_is_refused_before_sending() {
        let named = |length: usize| create(&json!([integer(&"é".repeat(length))]));
        assert!(compile(&named(31), DriverName::Postgres).is_ok());
        assert!(refusal(&named(32), DriverName::Postgres).1.contains("63 bytes that PostgreSQL allows"));
        assert!(compile(&named(64), DriverName::MySql).is_ok());
        assert!(refusal(&named(65), DriverName::MySql).1.contains("64 characters that MySQL allows"));
        assert!(compile(&named(500), DriverName::Sqlite).is_ok());
    }

    #[test]
    fn a_made_name_that_is_too_long_is_refused_as_well() {
        let columns =
            json!([{"name": "c".repeat(60), "type": {"kind": "integer"}, "indexes": [{"kind": "unique"}]}]);
        let (code, message) = refusal(&create(&columns), DriverName::Postgres);
        assert_eq!(code, ErrorCode::InvalidArgument);
        assert!(message.contains("_unique is longer"), "{message}");
    }

    #[test]
    fn a_primary_key_of_many_columns_needs_no_short_name() {
        let columns = ["a", "b"].map(|letter| letter.repeat(40));
        let index = json!({"kind": "primary", "columns": columns});
        let changes = json!([{"kind": "addIndex", "table": "t", "index": index}]);
        assert!(compile(&changes, DriverName::Postgres).is_ok());
        assert!(compile(&changes, DriverName::MySql).is_ok());
    }

    #[test]
    fn two_columns_of_one_name_are_refused() {
        for driver in DriverName::ALL {
            let (code, message) = refusal(&create(&json!([integer("a"), integer("a")])), driver);
            assert_eq!(
                (code, message.as_str()),
                (ErrorCode::InvalidArgument, "t: the column a is there twice")
            );
        }
        let by_case = create(&json!([integer("a"), integer("A")]));
        assert!(compile(&by_case, DriverName::Postgres).is_ok());
        assert_eq!(refusal(&by_case, DriverName::MySql).0, ErrorCode::InvalidArgument);
    }

    #[test]
    fn a_foreign_key_without_table_is_refused() {
        let changes =
            json!([{"kind": "addForeignKey", "table": "posts", "foreignKey": {"columns": ["user_id"]}}]);
        for driver in DriverName::ALL {
            let (code, message) = refusal(&changes, driver);
            assert_eq!(code, ErrorCode::InvalidArgument);
            assert!(message.starts_with("posts: the foreign key on user_id names no table"), "{message}");
        }
    }

    #[test]
    fn a_refused_change_names_table_column_and_database() {
        let column = json!({"name": "born", "type": {"kind": "date"}});
        let changes = json!([{"kind": "changeColumn", "table": "users", "column": column}]);
        let Err(error) = compile(&changes, DriverName::Sqlite) else { panic!("SQLite changes no columns") };
        assert_eq!(error.code, ErrorCode::Unsupported);
        assert_eq!(error.message, "SQLite has no change of an existing column (users.born)");
        assert_eq!(error.detail.table.as_deref(), Some("users"));
        assert_eq!(error.detail.column.as_deref(), Some("born"));
    }

    #[test]
    fn a_type_that_a_database_lacks_is_refused() {
        let column = json!([{"name": "c", "type": {"kind": "set", "values": ["a"]}}]);
        assert_eq!(refusal(&create(&column), DriverName::Postgres).0, ErrorCode::Unsupported);
        assert_eq!(refusal(&create(&column), DriverName::Sqlite).0, ErrorCode::Unsupported);
        assert!(compile(&create(&column), DriverName::MySql).is_ok());
    }

    #[test]
    fn what_is_written_without_quotes_must_be_one_word() {
        let options = json!({"engine": "InnoDB; drop table users"});
        let changes = json!([{"kind": "createTable", "table": {"name": "t", "columns": [integer("a")], "options": options}}]);
        assert_eq!(refusal(&changes, DriverName::MySql).0, ErrorCode::InvalidArgument);
        let index = json!({"kind": "index", "columns": ["a"], "algorithm": "btree(a)"});
        let changes = json!([{"kind": "addIndex", "table": "t", "index": index}]);
        assert_eq!(refusal(&changes, DriverName::Postgres).0, ErrorCode::InvalidArgument);
        assert_eq!(refusal(&changes, DriverName::MySql).0, ErrorCode::InvalidArgument);
    }

    #[test]
    fn a_modifier_that_the_engine_does_not_know_is_refused() {
        let changes = create(&json!([{"name": "a", "type": {"kind": "integer"}, "colour": "red"}]));
        let (code, message) = refusal(&changes, DriverName::Postgres);
        assert_eq!(code, ErrorCode::InvalidArgument);
        assert!(message.contains("colour"), "{message}");
    }

    #[test]
    fn columns_may_be_null_by_default_where_the_connection_says_so_but_keys_never() {
        let columns = json!([
            {"name": "id", "type": {"kind": "bigInteger"}, "autoIncrement": true},
            integer("a"),
            {"name": "b", "type": {"kind": "integer"}, "nullable": false},
        ]);
        let options = PlanOptions { nullable_by_default: true, ..PlanOptions::default() };
        let statements = plan(&create(&columns).to_string(), DriverName::Postgres, "", &options, None);
        assert_eq!(
            statements.unwrap_or_default(),
            [
                r#"create table "t" ("id" bigserial not null primary key, "a" integer null, "b" integer not null)"#
            ]
        );
    }

    #[test]
    fn the_prefix_is_part_of_tables_references_and_made_names() {
        let changes = json!([
            {"kind": "addIndex", "table": "app.posts", "index": {"kind": "index", "columns": ["slug"]}},
            {"kind": "addForeignKey", "table": "app.posts",
             "foreignKey": {"columns": ["user_id"], "on": "users", "references": ["id"]}},
        ]);
        let with = |options: &PlanOptions| {
            plan(&changes.to_string(), DriverName::Postgres, "pre_", options, None).unwrap_or_default()
        };
        assert_eq!(
            with(&PlanOptions::default()),
            [
                r#"create index "app_pre_posts_slug_index" on "app"."pre_posts" ("slug")"#,
                r#"alter table "app"."pre_posts" add constraint "app_pre_posts_user_id_foreign" foreign key ("user_id") references "pre_users" ("id")"#,
            ]
        );
        let bare = with(&PlanOptions { prefix_indexes: false, ..PlanOptions::default() });
        assert!(
            bare[0].starts_with(r#"create index "app_posts_slug_index" on "app"."pre_posts""#),
            "{}",
            bare[0]
        );
    }

    #[test]
    fn an_unknown_referential_action_is_refused() {
        let key = json!({"columns": ["a"], "on": "t", "references": ["id"], "onDelete": "explode"});
        let changes = json!([{"kind": "addForeignKey", "table": "posts", "foreignKey": key}]);
        let (code, message) = refusal(&changes, DriverName::Postgres);
        assert_eq!(code, ErrorCode::InvalidArgument);
        assert!(message.contains("explode") && message.contains("cascade"), "{message}");
    }
}
