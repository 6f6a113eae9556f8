//! Where SQL Server's queries differ.

use super::{CAPABILITIES, SqlServer, json};
use crate::ast::{
    Assignment, Conflict, DatePart, DeleteQuery, IndexHint, IndexHintKind, InsertQuery, JoinKind, Lock,
    LockWait, Operand, Raw, SelectQuery, UpdateQuery,
};
use crate::config::DriverName;
use crate::dialect::UnionMember;
use crate::dialect::ansi::insert::{answered, columns, rows};
use crate::dialect::ansi::operand::{operand, separated};
use crate::dialect::ansi::select::{select, table_expressions};
use crate::dialect::ansi::source::{joins, source, target, target_name};
use crate::dialect::ansi::update::{assignments, no_excluded};
use crate::dialect::ansi::{self, predicate};
use crate::dialect::{
    Capabilities, Dialect, JsonChange, JsonPath, JsonSearch, JsonUse, LikePattern, Paging, SqlWriter,
};
use crate::error::{Error, Result};

/// What the rows to be merged are called, as in Laravel's statements.
const MERGED: &str = "laravel_source";

impl Dialect for SqlServer {
    fn driver(&self) -> DriverName {
        DriverName::SqlServer
    }

    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn operators(&self) -> &'static [&'static str] {
        &[
            "=", "<", ">", "<=", ">=", "!<", "!>", "<>", "!=", "<=>", "like", "not like", "&", "|", "^",
            "is", "is not",
        ]
    }

    fn quotes(&self) -> (char, char) {
        ('[', ']')
    }

    fn placeholder(&self, number: usize, sql: &mut String) {
        sql.push_str("@p");
        sql.push_str(&number.to_string());
    }

    fn compare(
        &self,
        left: &Operand,
        operator: &str,
        right: &Operand,
        sql: &mut SqlWriter<'_>,
    ) -> Result<()> {
        match operator {
            "<=>" => {
                sql.push("exists (select ");
                operand(left, sql)?;
                sql.push(" intersect select ");
                operand(right, sql)?;
                sql.push(")");
            }
            // A number is no condition.
            "&" | "|" | "^" => {
                sql.push("(");
                ansi::predicate::plain_comparison(left, operator, right, sql)?;
                sql.push(") != 0");
            }
            _ => ansi::predicate::plain_comparison(left, operator, right, sql)?,
        }
        Ok(())
    }

    fn like(&self, column: &Operand, pattern: LikePattern<'_>, sql: &mut SqlWriter<'_>) -> Result<()> {
        if pattern.case_sensitive {
            return Err(self.lacks("case sensitive `like`: its collations decide"));
        }
        ansi::predicate::plain_comparison(
            column,
            if pattern.not { "not like" } else { "like" },
            pattern.value,
            sql,
        )
    }

    fn json_path(&self, path: &JsonPath<'_>, _: JsonUse, sql: &mut SqlWriter<'_>) -> Result<()> {
        json::call("json_value", path, sql)
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
        sql.push("(select count(*) from ");
        json::call("openjson", path, sql)?;
        sql.push(")");
        Ok(())
    }

    fn json_changed(&self, changes: &[JsonChange<'_>], sql: &mut SqlWriter<'_>) -> Result<()> {
        json::changed(changes, sql)
    }

    fn date_part(&self, part: DatePart, _: bool) -> [&'static str; 2] {
        match part {
            DatePart::Date => ["cast(", " as date)"],
            DatePart::Time => ["cast(", " as time)"],
            DatePart::Day => ["day(", ")"],
            DatePart::Month => ["month(", ")"],
            DatePart::Year => ["year(", ")"],
        }
    }

    fn random(&self, _: Option<i64>, sql: &mut SqlWriter<'_>) {
        sql.push("NEWID()");
    }

    fn json_boolean(&self, value: bool) -> &'static str {
        if value { "'true'" } else { "'false'" }
    }

    fn top(&self, limit: Option<u64>, offset: Option<u64>, sql: &mut SqlWriter<'_>) {
        if let (Some(rows), None | Some(0)) = (limit, offset) {
            sql.push("top ").number(rows).push(" ");
        }
    }

    fn paging(&self, paging: Paging, sql: &mut SqlWriter<'_>) {
        let skipped = paging.offset.unwrap_or(0);
        if skipped == 0 && (paging.has_top || paging.limit.is_none()) {
            return;
        }
        if !paging.is_ordered {
            // `offset` is part of `order by`.
            sql.push(" order by (SELECT 0)");
        }
        sql.push(" offset ").number(skipped).push(" rows");
        if let Some(rows) = paging.limit {
            sql.push(" fetch next ").number(rows).push(" rows only");
        }
    }

    fn lock_hint(&self, lock: &Lock, sql: &mut SqlWriter<'_>) -> Result<()> {
        sql.push(match lock {
            Lock::Update { wait: None } => " with(rowlock,updlock,holdlock)",
            Lock::Share { wait: None } => " with(rowlock,holdlock)",
            Lock::Update { wait: Some(LockWait::Fail) } => " with(rowlock,updlock,holdlock,nowait)",
            Lock::Share { wait: Some(LockWait::Fail) } => " with(rowlock,holdlock,nowait)",
            // `readpast` cannot stand beside `holdlock`.
            Lock::Update { wait: Some(LockWait::Skip) } => " with(rowlock,updlock,readpast)",
            Lock::Share { wait: Some(LockWait::Skip) } => " with(rowlock,readpast)",
            Lock::Words { sql: words } => {
                sql.push(" ").push(ansi::lock::known(words)?);
                return Ok(());
            }
            Lock::Raw { sql: raw } => {
                sql.push(" ").raw(raw, &[])?;
                return Ok(());
            }
        });
        Ok(())
    }

    fn index_hint(&self, hint: &IndexHint, sql: &mut SqlWriter<'_>) -> Result<()> {
        if hint.kind == IndexHintKind::Force {
            sql.push(" with (index(");
            separated(&hint.names, sql, |name, sql| sql.name(name).map(|_| ()))?;
            sql.push("))");
        }
        Ok(())
    }

    fn lateral_join(&self, kind: JoinKind) -> Result<(&'static str, &'static str)> {
        match kind {
            JoinKind::Left => Ok((" outer apply ", "")),
            _ => Ok((" cross apply ", "")),
        }
    }

    /// A window without order numbers no rows here.
    fn unordered_window(&self) -> &'static str {
        " order by (select 0)"
    }

    fn savepoint_words(&self) -> [&'static str; 2] {
        ["SAVE TRANSACTION ", "ROLLBACK TRANSACTION "]
    }

    /// Plans are a setting of the session there, not a statement.
    fn explain(&self, _: bool) -> Option<&'static str> {
        None
    }

    fn thread_count(&self) -> Option<&'static str> {
        Some("select count(*) Value from sys.dm_exec_sessions where status = N'running'")
    }

    fn union_member(&self, member: UnionMember<'_>, sql: &mut SqlWriter<'_>) -> Result<()> {
        sql.push("select * from (");
        member.write(sql)?;
        sql.push(") as ").table_alias("temp_table")?;
        Ok(())
    }

    /// `exists` is no value to SQL Server.
    fn exists(&self, query: &SelectQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
        let one = Operand::Raw(Raw { sql: "1 [exists]".into(), values: vec![] });
        select(&SelectQuery { columns: vec![one], limit: Some(1), ..query.clone() }, sql)
    }

    fn insert(&self, query: &InsertQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
        match &query.conflict {
            Some(Conflict::Update { target, set }) => merge(query, target, set, sql),
            Some(Conflict::Ignore { .. }) => Err(self.lacks("`insert or ignore`")),
            None => ansi::insert::insert(query, sql),
        }
    }

    fn insert_output(&self, query: &InsertQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
        output("inserted", &answered(query, true), sql)
    }

    fn returning(&self, _: &[Operand], _: &mut SqlWriter<'_>) -> Result<()> {
        // `output` has said it.
        Ok(())
    }

    fn update(&self, query: &UpdateQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
        let (table, _) = target(query.rows.from.as_ref())?;
        self.refuse_from(query)?;
        table_expressions(&query.rows.expressions, sql)?;
        sql.push("update ");
        self.top_rows(&query.rows, sql)?;
        target_name(table, sql)?;
        sql.push(" set ");
        assignments(&query.set, sql, no_excluded)?;
        output("inserted", &query.returning, sql)?;
        rows_of(&query.rows, sql)
    }

    fn delete(&self, query: &DeleteQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
        let rows = &query.rows;
        let (table, alias) = target(rows.from.as_ref())?;
        table_expressions(&rows.expressions, sql)?;
        sql.push("delete ");
        self.top_rows(rows, sql)?;
        if rows.joins.is_empty() && table == alias {
            sql.push("from ").table(table)?;
            output("deleted", &query.returning, sql)?;
            return predicate::clause(" where ", &rows.wheres, sql);
        }
        target_name(table, sql)?;
        output("deleted", &query.returning, sql)?;
        rows_of(rows, sql)
    }
}

impl SqlServer {
    /// Writes `top (10) ` for an update or a delete.
    fn top_rows(self, rows: &SelectQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
        let Some(limit) = rows.limit else { return Ok(()) };
        if !rows.orders.is_empty() || rows.offset.is_some_and(|skipped| skipped > 0) {
            return Err(self.lacks("`order by` and `offset` for updates and deletes"));
        }
        sql.push("top (").number(limit).push(") ");
        Ok(())
    }
}

/// Writes rows that are added, or change the row with the same key.
fn merge(query: &InsertQuery, target: &[String], set: &[Assignment], sql: &mut SqlWriter<'_>) -> Result<()> {
    if target.is_empty() {
        return Err(Error::invalid(
            "SQL Server has to know which unique key a conflict is about: name its columns, as in onConflict('email')",
        ));
    }
    let merged = |column: &str| format!("{MERGED}.{column}");
    sql.push("merge ").table(&query.into)?.push(" using (values ");
    rows(query, sql)?;
    sql.push(") ").table_alias(MERGED)?.push(" (");
    columns(&query.columns, sql)?;
    sql.push(") on ");
    for (at, column) in target.iter().enumerate() {
        sql.push(if at == 0 { "" } else { " and " });
        sql.plain_column(&merged(column))?.push(" = ");
        sql.table(&query.into)?.push(".").name(column)?;
    }
    sql.push(" when matched then update set ");
    assignments(set, sql, |column, sql| sql.plain_column(&merged(column)).map(|_| ()))?;
    sql.push(" when not matched then insert (");
    columns(&query.columns, sql)?;
    sql.push(") values (");
    columns(&query.columns, sql)?;
    sql.push(")");
    output("inserted", &answered(query, true), sql)?;
    sql.push(";");
    Ok(())
}

/// Writes ` output inserted.[id]`.
fn output(of: &str, returning: &[Operand], sql: &mut SqlWriter<'_>) -> Result<()> {
    if returning.is_empty() {
        return Ok(());
    }
    sql.push(" output ");
    separated(returning, sql, |item, sql| match item {
        Operand::Column(column) => {
            sql.push(of).push(".");
            sql.selected_column(column).map(|_| ())
        }
        _ => operand(item, sql),
    })
}

/// Writes ` from … where …` of an update or a delete whose table has an alias or joins.
fn rows_of(rows: &SelectQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
    let (table, alias) = target(rows.from.as_ref())?;
    if !rows.joins.is_empty() || table != alias {
        if let Some(from) = &rows.from {
            sql.push(" from ");
            source(from, sql)?;
        }
        joins(&rows.joins, sql)?;
    }
    predicate::clause(" where ", &rows.wheres, sql)
}
