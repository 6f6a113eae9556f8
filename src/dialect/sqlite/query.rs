//! Where SQLite's queries differ.

use super::{CAPABILITIES, Sqlite, json};
use crate::ast::{
    Conflict, DatePart, DeleteQuery, IndexHint, IndexHintKind, InsertQuery, JoinKind, Lock, Operand,
    TruncateQuery, UpdateQuery,
};
use crate::config::DriverName;
use crate::dialect::UnionMember;
use crate::dialect::ansi::{self, lock, operand::operand};
use crate::dialect::{
    Capabilities, Dialect, JsonAssignments, JsonChange, JsonPath, JsonSearch, JsonUse, LikePattern, SqlWriter,
};
use crate::error::{Error, Result};

impl Dialect for Sqlite {
    fn driver(&self) -> DriverName {
        DriverName::Sqlite
    }

    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn operators(&self) -> &'static [&'static str] {
        &[
            "=",
            "==",
            "<",
            ">",
            "<=",
            ">=",
            "<>",
            "!=",
            "<=>",
            "like",
            "not like",
            "glob",
            "not glob",
            "regexp",
            "not regexp",
            "match",
            "&",
            "|",
            "<<",
            ">>",
            "is",
            "is not",
        ]
    }

    fn compare(
        &self,
        left: &Operand,
        operator: &str,
        right: &Operand,
        sql: &mut SqlWriter<'_>,
    ) -> Result<()> {
        let operator = if operator == "<=>" { "is" } else { operator };
        ansi::predicate::plain_comparison(left, operator, right, sql)
    }

    fn like(&self, column: &Operand, pattern: LikePattern<'_>, sql: &mut SqlWriter<'_>) -> Result<()> {
        let (verb, value) = match (pattern.case_sensitive, pattern.glob) {
            (false, _) => ("like ", pattern.value),
            (true, Some(glob)) => ("glob ", glob),
            (true, None) => return Err(self.lacks("case sensitive `like` for a pattern that is raw SQL")),
        };
        operand(column, sql)?;
        sql.push(if pattern.not { " not " } else { " " }).push(verb);
        operand(value, sql)
    }

    fn json_path(&self, path: &JsonPath<'_>, _: JsonUse, sql: &mut SqlWriter<'_>) -> Result<()> {
        json::call("json_extract", path, sql)
    }

    fn json_contains(
        &self,
        path: &JsonPath<'_>,
        search: JsonSearch<'_>,
        sql: &mut SqlWriter<'_>,
    ) -> Result<()> {
        json::contains(path, search, sql)
    }

    fn json_contains_key(&self, path: &JsonPath<'_>, sql: &mut SqlWriter<'_>) -> Result<()> {
        json::contains_key(path, sql)
    }

    fn json_length(&self, path: &JsonPath<'_>, sql: &mut SqlWriter<'_>) -> Result<()> {
        json::call("json_array_length", path, sql)
    }

    fn json_assignments(&self) -> JsonAssignments {
        JsonAssignments::AtEnd
    }

    fn json_changed(&self, changes: &[JsonChange<'_>], sql: &mut SqlWriter<'_>) -> Result<()> {
        json::changed(changes, sql)
    }

    fn date_part(&self, part: DatePart, _: bool) -> [&'static str; 2] {
        match part {
            DatePart::Date => ["strftime('%Y-%m-%d', ", ")"],
            DatePart::Time => ["strftime('%H:%M:%S', ", ")"],
            DatePart::Day => ["strftime('%d', ", ")"],
            DatePart::Month => ["strftime('%m', ", ")"],
            DatePart::Year => ["strftime('%Y', ", ")"],
        }
    }

    /// `strftime` answers text.
    fn date_part_value(&self, value: &Operand, sql: &mut SqlWriter<'_>) -> Result<()> {
        sql.push("cast(");
        operand(value, sql)?;
        sql.push(" as text)");
        Ok(())
    }

    /// Other transactions wait for the whole database: there is nothing to lock. What asks for more
    /// than a lock is refused.
    fn lock(&self, lock: &Lock, _: &mut SqlWriter<'_>) -> Result<()> {
        match lock {
            Lock::Words { sql: words } => lock::known(words).map(|_| ()),
            Lock::Raw { .. } => Err(self.lacks("locks of rows")),
            Lock::Update { wait: None } | Lock::Share { wait: None } => Ok(()),
            Lock::Update { .. } | Lock::Share { .. } => Err(self.lacks("skipLocked() and noWait()")),
        }
    }

    /// `indexed by` is the only hint of SQLite, and the query fails where the index is of no use.
    fn index_hint(&self, hint: &IndexHint, sql: &mut SqlWriter<'_>) -> Result<()> {
        if let (IndexHintKind::Force, Some(name)) = (hint.kind, hint.names.first()) {
            sql.push(" indexed by ").push(name);
        }
        Ok(())
    }

    fn lateral_join(&self, _: JoinKind) -> Result<(&'static str, &'static str)> {
        Err(self.lacks("lateral joins"))
    }

    /// SQLite reads an offset only after a limit; a negative one means none ("SELECT").
    fn limit_for_bare_offset(&self) -> Option<&'static str> {
        Some("-1")
    }

    /// A member in parentheses is no statement to SQLite.
    fn union_member(&self, member: UnionMember<'_>, sql: &mut SqlWriter<'_>) -> Result<()> {
        sql.push("select * from (");
        member.write(sql)?;
        sql.push(")");
        Ok(())
    }

    fn explain(&self, analyze: bool) -> Option<&'static str> {
        (!analyze).then_some("explain query plan ")
    }

    fn insert_verb(&self, query: &InsertQuery) -> &'static str {
        if ignores_every_key(query) { "insert or ignore into " } else { "insert into " }
    }

    fn conflict(&self, query: &InsertQuery, conflict: &Conflict, sql: &mut SqlWriter<'_>) -> Result<()> {
        if ignores_every_key(query) {
            // The verb has said it.
            return Ok(());
        }
        ansi::insert::on_conflict(conflict, sql)
    }

    fn sets_bare_columns(&self) -> bool {
        true
    }

    fn update(&self, query: &UpdateQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
        self.refuse_from(query)?;
        ansi::update::by_row_address(query, "rowid", sql)
    }

    fn delete(&self, query: &DeleteQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
        ansi::delete::by_row_address(query, "rowid", sql)
    }

    fn truncate(&self, table: &str, sql: &mut SqlWriter<'_>) -> Result<()> {
        sql.push("delete from ").table(table)?;
        Ok(())
    }

    /// `delete from sqlite_sequence where name = ?`: the counters of `autoincrement`. The table is
    /// there once any table has had one.
    fn reset_counter(&self, query: &TruncateQuery, sql: &mut SqlWriter<'_>) -> Result<bool> {
        let Some(name) = query.name else { return Ok(false) };
        sql.push("delete from ");
        if let Some((namespace, _)) = query.table.rsplit_once('.') {
            sql.name(namespace)?.push(".");
        }
        sql.push("sqlite_sequence where name = ").bind(name);
        Ok(true)
    }

    /// SQLite has one code for everything that it cannot prepare.
    fn is_missing_table(&self, error: &Error) -> bool {
        error.message.starts_with("no such table")
    }
}

/// Whether a row that breaks whichever key is left out, and nothing is answered.
fn ignores_every_key(query: &InsertQuery) -> bool {
    let ignores = matches!(&query.conflict, Some(Conflict::Ignore { target }) if target.is_empty());
    ignores && query.returning.is_empty()
}
