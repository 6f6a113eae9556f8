//! Where PostgreSQL's queries differ.

use super::{CAPABILITIES, Postgres, json};
use crate::ast::{
    Conflict, DatePart, DeleteQuery, FullText, FullTextMode, InsertQuery, JoinKind, Lock, Operand,
    UpdateQuery,
};
use crate::config::DriverName;
use crate::dialect::ansi::select::table_expressions;
use crate::dialect::ansi::source::{source, target};
use crate::dialect::ansi::update::{assignments, no_excluded};
use crate::dialect::ansi::{self, operand::operand};
use crate::dialect::{
    Capabilities, Dialect, JsonChange, JsonPath, JsonSearch, JsonUse, LikePattern, SqlWriter,
};
use crate::error::{Error, Result};

/// Those whose answer may be a bit string: the cast makes it a condition.
const BITWISE: [&str; 8] = ["~", "&", "|", "#", "<<", ">>", "<<=", ">>="];

impl Dialect for Postgres {
    fn driver(&self) -> DriverName {
        DriverName::Postgres
    }

    fn capabilities(&self) -> &'static Capabilities {
        &CAPABILITIES
    }

    fn operators(&self) -> &'static [&'static str] {
        &[
            "=",
            "<",
            ">",
            "<=",
            ">=",
            "<>",
            "!=",
            "<=>",
            "like",
            "not like",
            "ilike",
            "not ilike",
            "~",
            "~*",
            "!~",
            "!~*",
            "similar to",
            "not similar to",
            "&",
            "|",
            "#",
            "<<",
            ">>",
            "<<=",
            ">>=",
            "&&",
            "@>",
            "<@",
            "?",
            "?|",
            "?&",
            "||",
            "-",
            "@?",
            "@@",
            "#-",
            "is distinct from",
            "is not distinct from",
            "is",
            "is not",
        ]
    }

    fn placeholder(&self, number: usize, sql: &mut String) {
        sql.push('$');
        sql.push_str(&number.to_string());
    }

    fn compare(
        &self,
        left: &Operand,
        operator: &str,
        right: &Operand,
        sql: &mut SqlWriter<'_>,
    ) -> Result<()> {
        if operator == "<=>" {
            return ansi::predicate::plain_comparison(left, "is not distinct from", right, sql);
        }
        if BITWISE.contains(&operator) {
            sql.push("(");
            ansi::predicate::plain_comparison(left, operator, right, sql)?;
            sql.push(")::bool");
            return Ok(());
        }
        if !operator.as_bytes().windows(4).any(|word| word.eq_ignore_ascii_case(b"like")) {
            return ansi::predicate::plain_comparison(left, operator, right, sql);
        }
        // Numbers and dates are compared by their text.
        operand(left, sql)?;
        sql.push("::text ").push(operator).push(" ");
        operand(right, sql)
    }

    fn like(&self, column: &Operand, pattern: LikePattern<'_>, sql: &mut SqlWriter<'_>) -> Result<()> {
        let operator = match (pattern.not, pattern.case_sensitive) {
            (false, true) => "like",
            (true, true) => "not like",
            (false, false) => "ilike",
            (true, false) => "not ilike",
        };
        self.compare(column, operator, pattern.value, sql)
    }

    fn json_path(&self, path: &JsonPath<'_>, wanted: JsonUse, sql: &mut SqlWriter<'_>) -> Result<()> {
        match wanted {
            JsonUse::Boolean => json::document(path, sql),
            JsonUse::Scalar => json::arrows(path, "->>", sql),
        }
    }

    fn json_contains(
        &self,
        path: &JsonPath<'_>,
        search: JsonSearch<'_>,
        sql: &mut SqlWriter<'_>,
    ) -> Result<()> {
        json::document(path, sql)?;
        sql.push(" @> ");
        search.document(sql)
    }

    fn json_contains_key(&self, path: &JsonPath<'_>, sql: &mut SqlWriter<'_>) -> Result<()> {
        json::contains_key(path, sql)
    }

    fn json_length(&self, path: &JsonPath<'_>, sql: &mut SqlWriter<'_>) -> Result<()> {
        sql.push("jsonb_array_length(");
        json::document(path, sql)?;
        sql.push(")");
        Ok(())
    }

    fn json_changed(&self, changes: &[JsonChange<'_>], sql: &mut SqlWriter<'_>) -> Result<()> {
        json::changed(changes, sql)
    }

    fn date_part(&self, part: DatePart, is_path: bool) -> [&'static str; 2] {
        match (part, is_path) {
            (DatePart::Date, false) => ["", "::date"],
            (DatePart::Time, false) => ["", "::time"],
            // A cast binds closer than `->>`.
            (DatePart::Date, true) => ["(", ")::date"],
            (DatePart::Time, true) => ["(", ")::time"],
            (DatePart::Day, _) => ["extract(day from ", ")"],
            (DatePart::Month, _) => ["extract(month from ", ")"],
            (DatePart::Year, _) => ["extract(year from ", ")"],
        }
    }

    /// `(to_tsvector('english', "title") || to_tsvector('english', "body")) @@ plainto_tsquery('english', ?)`
    fn full_text(
        &self,
        columns: &[String],
        words: &Operand,
        options: &FullText,
        sql: &mut SqlWriter<'_>,
    ) -> Result<()> {
        let language = options.language.as_deref().unwrap_or("english");
        sql.push("(");
        for (at, column) in columns.iter().enumerate() {
            sql.push(if at == 0 { "to_tsvector(" } else { " || to_tsvector(" });
            sql.literal(language).push(", ").column(column)?.push(")");
        }
        sql.push(match options.mode {
            FullTextMode::Natural | FullTextMode::Boolean => ") @@ plainto_tsquery(",
            FullTextMode::Phrase => ") @@ phraseto_tsquery(",
            FullTextMode::WebSearch => ") @@ websearch_to_tsquery(",
            FullTextMode::Raw => ") @@ to_tsquery(",
        });
        sql.literal(language).push(", ");
        operand(words, sql)?;
        sql.push(")");
        Ok(())
    }

    fn json_boolean(&self, value: bool) -> &'static str {
        if value { "'true'::jsonb" } else { "'false'::jsonb" }
    }

    fn distinct_on(&self, columns: &[Operand], sql: &mut SqlWriter<'_>) -> Result<()> {
        sql.push("distinct on (");
        ansi::operand::list(columns, sql)?;
        sql.push(") ");
        Ok(())
    }

    /// `("embedding" <=> ?)`: pgvector's cosine distance.
    fn vector_distance(&self, column: &str, vector: u32, sql: &mut SqlWriter<'_>) -> Result<()> {
        sql.push("(").column(column)?.push(" <=> ").bind(vector).push(")");
        Ok(())
    }

    fn lock(&self, lock: &Lock, sql: &mut SqlWriter<'_>) -> Result<()> {
        ansi::lock::at_end(lock, [" for update", " for share"], sql)
    }

    fn conflict(&self, _: &InsertQuery, conflict: &Conflict, sql: &mut SqlWriter<'_>) -> Result<()> {
        if matches!(conflict, Conflict::Update { target, .. } if target.is_empty()) {
            return Err(Error::invalid(
                "PostgreSQL has to know which unique key a conflict is about: name its columns, as in onConflict('email')",
            ));
        }
        ansi::insert::on_conflict(conflict, sql)
    }

    fn explain(&self, analyze: bool) -> Option<&'static str> {
        Some(if analyze { "explain analyze " } else { "explain " })
    }

    fn thread_count(&self) -> Option<&'static str> {
        Some("select count(*) as \"Value\" from pg_stat_activity")
    }

    fn sets_bare_columns(&self) -> bool {
        true
    }

    fn update(&self, query: &UpdateQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
        if query.from_joins {
            return update_from(query, sql);
        }
        ansi::update::by_row_address(query, "ctid", sql)
    }

    fn delete(&self, query: &DeleteQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
        ansi::delete::by_row_address(query, "ctid", sql)
    }

    fn truncate(&self, table: &str, sql: &mut SqlWriter<'_>) -> Result<()> {
        sql.push("truncate ").table(table)?.push(" restart identity cascade");
        Ok(())
    }
}

/// Writes `update "users" set … from "orders" where …`: the joined sources stand behind `from`, and
/// the conditions of the joins come after those of the rows.
fn update_from(query: &UpdateQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
    let rows = &query.rows;
    target(rows.from.as_ref())?;
    if rows.limit.is_some() || rows.offset.is_some() || !rows.orders.is_empty() {
        return Err(Error::invalid("updateFrom() takes no order and no limit"));
    }
    table_expressions(&rows.expressions, sql)?;
    sql.push("update ");
    if let Some(from) = &rows.from {
        source(from, sql)?;
    }
    sql.push(" set ");
    assignments(&query.set, sql, no_excluded)?;
    let mut wheres = rows.wheres.clone();
    for (at, join) in rows.joins.iter().enumerate() {
        if join.kind != JoinKind::Inner || join.lateral || !join.joins.is_empty() {
            return Err(Error::invalid(
                "updateFrom() takes inner joins: rows without a match cannot be changed from them",
            ));
        }
        sql.push(if at == 0 { " from " } else { ", " });
        source(&join.source, sql)?;
        wheres.extend(join.on.iter().cloned());
    }
    ansi::predicate::clause(" where ", &wheres, sql)?;
    sql.dialect().returning(&query.returning, sql)
}
