//! Where PostgreSQL's queries differ.

use super::{CAPABILITIES, Postgres};
use crate::ast::{Conflict, DeleteQuery, InsertQuery, Lock, Operand, UpdateQuery};
use crate::config::DriverName;
use crate::dialect::ansi::{self, operand::operand};
use crate::dialect::json_path::JsonStep;
use crate::dialect::{Capabilities, Dialect, JsonPath, JsonUse, LikePattern, SqlWriter};
use crate::error::{Error, Result};

/// Those whose answer may be a bit string: the cast makes it a condition.
const BITWISE: [&str; 7] = ["&", "|", "#", "<<", ">>", "<<=", ">>="];

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
        if !operator.to_ascii_lowercase().contains("like") {
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
        if wanted == JsonUse::Boolean {
            sql.push("(");
        }
        sql.plain_column(path.column)?;
        let last = path.steps.len().saturating_sub(1);
        for (at, step) in path.steps.iter().enumerate() {
            sql.push(if at == last && wanted == JsonUse::Scalar { "->>" } else { "->" });
            let (JsonStep::Key(key) | JsonStep::Index(key)) = step;
            // A number is the place in an array.
            if key.parse::<i64>().is_ok_and(|number| number.to_string() == *key) {
                sql.push(key);
            } else {
                sql.literal(key);
            }
        }
        if wanted == JsonUse::Boolean {
            sql.push(")::jsonb");
        }
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

    fn lock(&self, lock: Lock, sql: &mut SqlWriter<'_>) {
        sql.push(match lock {
            Lock::Update => " for update",
            Lock::Share => " for share",
        });
    }

    fn conflict(&self, _: &InsertQuery, conflict: &Conflict, sql: &mut SqlWriter<'_>) -> Result<()> {
        if matches!(conflict, Conflict::Update { target, .. } if target.is_empty()) {
            return Err(Error::invalid(
                "PostgreSQL has to know which unique key a conflict is about: name its columns, as in onConflict('email')",
            ));
        }
        ansi::insert::on_conflict(conflict, sql)
    }

    fn sets_bare_columns(&self) -> bool {
        true
    }

    fn update(&self, query: &UpdateQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
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
