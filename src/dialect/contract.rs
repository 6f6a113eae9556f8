//! [`Dialect`]: the points on which databases disagree.

use super::ansi;
use super::capabilities::Capabilities;
use super::json_path::JsonPath;
use super::mysql::MySql;
use super::postgres::Postgres;
use super::sqlite::Sqlite;
use super::sqlserver::SqlServer;
use super::writer::SqlWriter;
use crate::ast::{Conflict, DeleteQuery, InsertQuery, Lock, Operand, SelectQuery, UpdateQuery};
use crate::config::DriverName;
use crate::error::{Error, Result};

/// The dialect of a kind of database.
#[must_use]
pub fn lookup(driver: DriverName) -> &'static dyn Dialect {
    match driver {
        DriverName::Postgres => &Postgres,
        DriverName::MySql => &MySql { is_mariadb: false },
        DriverName::MariaDb => &MySql { is_mariadb: true },
        DriverName::Sqlite => &Sqlite,
        DriverName::SqlServer => &SqlServer,
    }
}

/// What a JSON path is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonUse {
    /// As text or number, to be read or compared.
    Scalar,
    /// As JSON, to be compared with JSON's `true` and `false`.
    Boolean,
}

/// How many rows, and from which on.
#[derive(Debug, Clone, Copy)]
pub struct Paging {
    /// Most rows.
    pub limit: Option<u64>,
    /// Rows to skip.
    pub offset: Option<u64>,
    /// Whether there is an `order by` in front.
    pub is_ordered: bool,
    /// Whether [`Dialect::top`] could be written. A union has no place for it.
    pub has_top: bool,
}

/// A pattern to compare with.
#[derive(Debug, Clone, Copy)]
pub struct LikePattern<'a> {
    /// Rows that do not match are wanted.
    pub not: bool,
    /// The pattern, with `%` and `_`.
    pub value: &'a Operand,
    /// Whether `a` differs from `A`.
    pub case_sensitive: bool,
    /// The pattern in the language of `glob`, where it is known.
    pub glob: Option<&'a Operand>,
}

/// The points on which databases disagree. What they agree on is in `ansi/`; a default below is the
/// answer of most of them.
pub trait Dialect {
    /// Which kind of database.
    fn driver(&self) -> DriverName;

    /// What it can do.
    fn capabilities(&self) -> &'static Capabilities;

    /// Its operators, in lower case. Nothing else is ever written between two operands.
    fn operators(&self) -> &'static [&'static str];

    /// What opens and closes a quoted name. The closing one is doubled inside.
    fn quotes(&self) -> (char, char) {
        ('"', '"')
    }

    /// Writes the placeholder with this number, counted from 1.
    fn placeholder(&self, number: usize, sql: &mut String) {
        let _ = number;
        sql.push('?');
    }

    /// Writes `left operator right`. The operator is one of [`Dialect::operators`].
    ///
    /// # Errors
    /// Those of its operands.
    fn compare(
        &self,
        left: &Operand,
        operator: &str,
        right: &Operand,
        sql: &mut SqlWriter<'_>,
    ) -> Result<()> {
        ansi::predicate::plain_comparison(left, operator, right, sql)
    }

    /// Writes `column like pattern`.
    ///
    /// # Errors
    /// `Unsupported` where the database cannot compare so.
    fn like(&self, column: &Operand, pattern: LikePattern<'_>, sql: &mut SqlWriter<'_>) -> Result<()>;

    /// Writes `column is null`.
    ///
    /// # Errors
    /// Those of its operand.
    fn null(&self, column: &Operand, not: bool, sql: &mut SqlWriter<'_>) -> Result<()> {
        ansi::operand::operand(column, sql)?;
        sql.push(if not { " is not null" } else { " is null" });
        Ok(())
    }

    /// Writes what is at a path inside of a JSON column.
    ///
    /// # Errors
    /// `InvalidArgument` for a name that cannot be quoted.
    fn json_path(&self, path: &JsonPath<'_>, wanted: JsonUse, sql: &mut SqlWriter<'_>) -> Result<()>;

    /// JSON's `true` or `false`, as [`JsonUse::Boolean`] compares with it.
    fn json_boolean(&self, value: bool) -> &'static str {
        if value { "true" } else { "false" }
    }

    /// Writes `distinct ` and what belongs to it.
    ///
    /// # Errors
    /// Those of its columns.
    fn distinct_on(&self, columns: &[Operand], sql: &mut SqlWriter<'_>) -> Result<()> {
        let _ = columns;
        sql.push("distinct ");
        Ok(())
    }

    /// Writes what limits rows in front of the columns.
    fn top(&self, limit: Option<u64>, offset: Option<u64>, sql: &mut SqlWriter<'_>) {
        let _ = (limit, offset, sql);
    }

    /// Writes what limits rows at the end.
    fn paging(&self, paging: Paging, sql: &mut SqlWriter<'_>) {
        ansi::paging::paging(paging.limit, paging.offset, self.limit_for_bare_offset(), sql);
    }

    /// The `limit` to write when a query skips rows without limiting them.
    fn limit_for_bare_offset(&self) -> Option<&'static str> {
        None
    }

    /// Writes the lock that stands right after the first source.
    fn lock_hint(&self, lock: Lock, sql: &mut SqlWriter<'_>) {
        let _ = (lock, sql);
    }

    /// Writes the lock that stands at the end.
    fn lock(&self, lock: Lock, sql: &mut SqlWriter<'_>) {
        let _ = (lock, sql);
    }

    /// Writes one member of a union so that its own order and limit stay its own.
    ///
    /// # Errors
    /// Those of the query.
    fn union_member(&self, member: UnionMember<'_>, sql: &mut SqlWriter<'_>) -> Result<()> {
        sql.push("(");
        member.write(sql)?;
        sql.push(")");
        Ok(())
    }

    /// Writes a statement that answers one row with a column `exists`.
    ///
    /// # Errors
    /// Those of the query.
    fn exists(&self, query: &SelectQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
        sql.push("select exists(");
        ansi::select::select(query, sql)?;
        sql.push(") as ").name("exists")?;
        Ok(())
    }

    /// Writes a whole insert.
    ///
    /// # Errors
    /// `Unsupported` for what the database lacks.
    fn insert(&self, query: &InsertQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
        ansi::insert::insert(query, sql)
    }

    /// What an insert starts with.
    fn insert_verb(&self, query: &InsertQuery) -> &'static str {
        let _ = query;
        "insert into "
    }

    /// What stands for a row without any cell.
    fn empty_row(&self) -> &'static str {
        " default values"
    }

    /// Writes what answers columns of new rows in front of their values.
    ///
    /// # Errors
    /// Those of the columns.
    fn insert_output(&self, query: &InsertQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
        let _ = (query, sql);
        Ok(())
    }

    /// Writes what happens to rows that break a unique key.
    ///
    /// # Errors
    /// `Unsupported` where the database lacks it.
    fn conflict(&self, query: &InsertQuery, conflict: &Conflict, sql: &mut SqlWriter<'_>) -> Result<()> {
        let _ = query;
        ansi::insert::on_conflict(conflict, sql)
    }

    /// Whether a column to be set is written without its table.
    fn sets_bare_columns(&self) -> bool {
        false
    }

    /// Writes a whole update.
    ///
    /// # Errors
    /// `Unsupported` for what the database lacks.
    fn update(&self, query: &UpdateQuery, sql: &mut SqlWriter<'_>) -> Result<()>;

    /// Writes a whole delete.
    ///
    /// # Errors
    /// `Unsupported` for what the database lacks.
    fn delete(&self, query: &DeleteQuery, sql: &mut SqlWriter<'_>) -> Result<()>;

    /// Writes what answers columns at the end of a statement.
    ///
    /// # Errors
    /// Those of the columns.
    fn returning(&self, columns: &[Operand], sql: &mut SqlWriter<'_>) -> Result<()> {
        ansi::insert::returning(columns, sql)
    }

    /// Writes what empties a table and resets its counter.
    ///
    /// # Errors
    /// `InvalidArgument` for a name that cannot be quoted.
    fn truncate(&self, table: &str, sql: &mut SqlWriter<'_>) -> Result<()> {
        sql.push("truncate table ").table(table)?;
        Ok(())
    }

    /// The error for a thing that the database lacks.
    fn lacks(&self, what: &str) -> Error {
        Error::unsupported(what, self.driver().label())
    }
}

/// One member of a union.
#[derive(Debug, Clone, Copy)]
pub struct UnionMember<'a> {
    /// The query.
    pub(super) query: &'a SelectQuery,
    /// Whether it is the first one, whose unions are being written.
    pub(super) is_first: bool,
}

impl UnionMember<'_> {
    /// Writes it without brackets.
    ///
    /// # Errors
    /// Those of the query.
    pub fn write(self, sql: &mut SqlWriter<'_>) -> Result<()> {
        if self.is_first {
            ansi::select::block(self.query, sql)
        } else {
            ansi::select::select(self.query, sql)
        }
    }
}
