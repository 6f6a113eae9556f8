//! Where SQLite's queries differ.

use super::{CAPABILITIES, Sqlite};
use crate::ast::{Conflict, DeleteQuery, InsertQuery, Operand, UpdateQuery};
use crate::config::DriverName;
use crate::dialect::ansi::{self, operand::operand};
use crate::dialect::contract::UnionMember;
use crate::dialect::{Capabilities, Dialect, JsonPath, JsonUse, LikePattern, SqlWriter};
use crate::error::Result;

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
        sql.push("json_extract(").plain_column(path.column)?.push(", ");
        sql.literal(&path.dollar_path()).push(")");
        Ok(())
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
        ansi::update::by_row_address(query, "rowid", sql)
    }

    fn delete(&self, query: &DeleteQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
        ansi::delete::by_row_address(query, "rowid", sql)
    }

    fn truncate(&self, table: &str, sql: &mut SqlWriter<'_>) -> Result<()> {
        sql.push("delete from ").table(table)?;
        Ok(())
    }
}

/// Whether a row that breaks whichever key is left out, and nothing is answered.
fn ignores_every_key(query: &InsertQuery) -> bool {
    let ignores = matches!(&query.conflict, Some(Conflict::Ignore { target }) if target.is_empty());
    ignores && query.returning.is_empty()
}
