//! [`Dialect`]: the points on which databases disagree.

use super::ansi;
use super::capabilities::Capabilities;
use super::clauses::{LikePattern, Paging, UnionMember};
use super::json::{JsonAssignments, JsonChange, JsonSearch, JsonUse};
use super::json_path::JsonPath;
use super::writer::SqlWriter;
use crate::ast::{
    Conflict, DatePart, DeleteQuery, FullText, IndexHint, InsertQuery, JoinKind, Lock, Operand, SelectQuery,
    TruncateQuery, UpdateQuery,
};
use crate::config::DriverName;
use crate::error::{Error, Result};

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

    /// Writes the condition that what is at a path holds a value.
    ///
    /// # Errors
    /// `Unsupported` where the database cannot look for such a value.
    fn json_contains(
        &self,
        path: &JsonPath<'_>,
        search: JsonSearch<'_>,
        sql: &mut SqlWriter<'_>,
    ) -> Result<()>;

    /// Writes the condition that what is at a path has an element in common with an array.
    ///
    /// # Errors
    /// `Unsupported` where the database cannot compare so.
    fn json_overlaps(
        &self,
        path: &JsonPath<'_>,
        search: JsonSearch<'_>,
        sql: &mut SqlWriter<'_>,
    ) -> Result<()> {
        let _ = (path, search, sql);
        Err(self.lacks("JSON overlaps"))
    }

    /// Writes the condition that there is something at the end of a path.
    ///
    /// # Errors
    /// `InvalidArgument` for a name that cannot be quoted.
    fn json_contains_key(&self, path: &JsonPath<'_>, sql: &mut SqlWriter<'_>) -> Result<()>;

    /// Writes the length of the array at a path.
    ///
    /// # Errors
    /// `InvalidArgument` for a name that cannot be quoted.
    fn json_length(&self, path: &JsonPath<'_>, sql: &mut SqlWriter<'_>) -> Result<()>;

    /// Where changes inside of one JSON column stand among the other assignments.
    fn json_assignments(&self) -> JsonAssignments {
        JsonAssignments::AtFirst
    }

    /// Writes the new value of a JSON column: all changes inside of it.
    ///
    /// # Errors
    /// Those of the new values.
    fn json_changed(&self, changes: &[JsonChange<'_>], sql: &mut SqlWriter<'_>) -> Result<()>;

    /// What stands before and behind a date and time to take a part of it. `is_path`: it is inside of
    /// JSON.
    fn date_part(&self, part: DatePart, is_path: bool) -> [&'static str; 2];

    /// Writes what a part of a date and time is compared with.
    ///
    /// # Errors
    /// Those of the operand.
    fn date_part_value(&self, value: &Operand, sql: &mut SqlWriter<'_>) -> Result<()> {
        ansi::operand::operand(value, sql)
    }

    /// Writes a search for words.
    ///
    /// # Errors
    /// `Unsupported` where the database has no such search.
    fn full_text(
        &self,
        columns: &[String],
        words: &Operand,
        options: &FullText,
        sql: &mut SqlWriter<'_>,
    ) -> Result<()> {
        let _ = (columns, words, options, sql);
        Err(self.lacks("full-text search"))
    }

    /// Writes how far a vector column is from a vector.
    ///
    /// # Errors
    /// `Unsupported` where the database has no vectors.
    fn vector_distance(&self, column: &str, vector: u32, sql: &mut SqlWriter<'_>) -> Result<()> {
        let _ = (column, vector, sql);
        Err(self.lacks("vector distances"))
    }

    /// Writes a random number.
    fn random(&self, seed: Option<i64>, sql: &mut SqlWriter<'_>) {
        let _ = seed;
        sql.push("RANDOM()");
    }

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
    ///
    /// # Errors
    /// Those of its parts.
    fn lock_hint(&self, lock: &Lock, sql: &mut SqlWriter<'_>) -> Result<()> {
        let _ = (lock, sql);
        Ok(())
    }

    /// Writes the lock that stands at the end.
    ///
    /// # Errors
    /// `Unsupported` for a lock that the database lacks.
    fn lock(&self, lock: &Lock, sql: &mut SqlWriter<'_>) -> Result<()> {
        let _ = (lock, sql);
        Ok(())
    }

    /// Writes which index the source right before is read by. Databases without such hints choose
    /// themselves.
    ///
    /// # Errors
    /// `InvalidArgument` for names that cannot be written.
    fn index_hint(&self, hint: &IndexHint, sql: &mut SqlWriter<'_>) -> Result<()> {
        let _ = (hint, sql);
        Ok(())
    }

    /// What a lateral join starts with, and what ends it.
    ///
    /// # Errors
    /// `Unsupported` where the database lacks it.
    fn lateral_join(&self, kind: JoinKind) -> Result<(&'static str, &'static str)> {
        match kind {
            JoinKind::Inner => Ok((" inner join lateral ", " on true")),
            JoinKind::Left => Ok((" left join lateral ", " on true")),
            JoinKind::Right | JoinKind::Cross | JoinKind::Straight => {
                Err(Error::invalid("a lateral join is an inner or a left join"))
            }
        }
    }

    /// The order of a window whose rows have none.
    fn unordered_window(&self) -> &'static str {
        ""
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

    /// What goes before a select to ask how its rows would be read; with `analyze` they are read as
    /// well. `None` where there is no such statement.
    fn explain(&self, analyze: bool) -> Option<&'static str>;

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

    /// Writes what resets the counter of a table before it is emptied, where that takes a statement
    /// of its own. Answers whether it does.
    ///
    /// # Errors
    /// `InvalidArgument` for a name that cannot be quoted.
    fn reset_counter(&self, query: &TruncateQuery, sql: &mut SqlWriter<'_>) -> Result<bool> {
        let _ = (query, sql);
        Ok(false)
    }

    /// What goes before the name of a savepoint: to begin it, and to take it back.
    fn savepoint_words(&self) -> [&'static str; 2] {
        ["SAVEPOINT ", "ROLLBACK TO SAVEPOINT "]
    }

    /// What asks the server how many clients it has. `None` where there is no server.
    fn thread_count(&self) -> Option<&'static str> {
        None
    }

    /// Refuses an update whose values come from the joined sources.
    ///
    /// # Errors
    /// `Unsupported` for such an update.
    fn refuse_from(&self, query: &UpdateQuery) -> Result<()> {
        if query.from_joins { Err(self.lacks("updateFrom()")) } else { Ok(()) }
    }

    /// Whether a statement failed because a table does not exist. Asked only of statements of our own
    /// on tables that the database itself makes.
    fn is_missing_table(&self, error: &Error) -> bool {
        let _ = error;
        false
    }

    /// The error for a thing that the database lacks.
    fn lacks(&self, what: &str) -> Error {
        Error::unsupported(what, self.driver().label())
    }
}
