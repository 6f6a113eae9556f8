//! Where the queries of MySQL and MariaDB differ.

use super::{MARIADB_CAPABILITIES, MYSQL_CAPABILITIES, MySql};
use crate::ast::{
    Conflict, DatePart, DeleteQuery, FullText, FullTextMode, IndexHint, IndexHintKind, InsertQuery, JoinKind,
    Lock, Operand, SelectQuery, UpdateQuery,
};
use crate::config::DriverName;
use crate::dialect::ansi::operand::{operand, separated};
use crate::dialect::ansi::select::{orders, table_expressions};
use crate::dialect::ansi::source::{joins, source, target, target_name};
use crate::dialect::ansi::update::{assignments, no_excluded};
use crate::dialect::ansi::{lock, paging, predicate};
use crate::dialect::{
    Capabilities, Dialect, JsonAssignments, JsonChange, JsonPath, JsonSearch, JsonUse, LikePattern, SqlWriter,
};
use crate::error::Result;

impl Dialect for MySql {
    fn driver(&self) -> DriverName {
        if self.is_mariadb { DriverName::MariaDb } else { DriverName::MySql }
    }

    fn capabilities(&self) -> &'static Capabilities {
        if self.is_mariadb { &MARIADB_CAPABILITIES } else { &MYSQL_CAPABILITIES }
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
            "like binary",
            "not like binary",
            "regexp",
            "not regexp",
            "rlike",
            "not rlike",
            "sounds like",
            "&",
            "|",
            "^",
            "<<",
            ">>",
            "is",
            "is not",
        ]
    }

    fn quotes(&self) -> (char, char) {
        ('`', '`')
    }

    fn like(&self, column: &Operand, pattern: LikePattern<'_>, sql: &mut SqlWriter<'_>) -> Result<()> {
        operand(column, sql)?;
        sql.push(if pattern.not { " not like " } else { " like " });
        if pattern.case_sensitive {
            sql.push("binary ");
        }
        operand(pattern.value, sql)
    }

    fn null(&self, column: &Operand, not: bool, sql: &mut SqlWriter<'_>) -> Result<()> {
        let path = match column {
            Operand::Column(name) => JsonPath::parse(name)?,
            _ => None,
        };
        let Some(path) = path else {
            operand(column, sql)?;
            sql.push(if not { " is not null" } else { " is null" });
            return Ok(());
        };
        // JSON's own null is a value to MySQL.
        sql.push("(");
        self.extract(&path, sql)?;
        sql.push(if not { " is not null AND json_type(" } else { " is null OR json_type(" });
        self.extract(&path, sql)?;
        sql.push(if not { ") != 'NULL')" } else { ") = 'NULL')" });
        Ok(())
    }

    fn json_path(&self, path: &JsonPath<'_>, wanted: JsonUse, sql: &mut SqlWriter<'_>) -> Result<()> {
        if wanted == JsonUse::Boolean {
            return self.extract(path, sql);
        }
        if self.is_mariadb {
            sql.push("json_value(").plain_column(path.column)?;
            self.then_path(path, sql);
            sql.push(")");
        } else {
            sql.push("json_unquote(");
            self.extract(path, sql)?;
            sql.push(")");
        }
        Ok(())
    }

    fn json_contains(
        &self,
        path: &JsonPath<'_>,
        search: JsonSearch<'_>,
        sql: &mut SqlWriter<'_>,
    ) -> Result<()> {
        sql.push("json_contains(").plain_column(path.column)?.push(", ");
        search.document(sql)?;
        self.then_path(path, sql);
        sql.push(")");
        Ok(())
    }

    fn json_overlaps(
        &self,
        path: &JsonPath<'_>,
        search: JsonSearch<'_>,
        sql: &mut SqlWriter<'_>,
    ) -> Result<()> {
        // It takes two documents and no path.
        sql.push("json_overlaps(");
        if path.steps.is_empty() {
            sql.plain_column(path.column)?;
        } else {
            self.extract(path, sql)?;
        }
        sql.push(", ");
        search.document(sql)?;
        sql.push(")");
        Ok(())
    }

    fn json_contains_key(&self, path: &JsonPath<'_>, sql: &mut SqlWriter<'_>) -> Result<()> {
        sql.push("ifnull(json_contains_path(").plain_column(path.column)?.push(", 'one'");
        self.then_path(path, sql);
        sql.push("), 0)");
        Ok(())
    }

    fn json_length(&self, path: &JsonPath<'_>, sql: &mut SqlWriter<'_>) -> Result<()> {
        sql.push("json_length(").plain_column(path.column)?;
        self.then_path(path, sql);
        sql.push(")");
        Ok(())
    }

    fn json_assignments(&self) -> JsonAssignments {
        JsonAssignments::Each
    }

    fn json_changed(&self, changes: &[JsonChange<'_>], sql: &mut SqlWriter<'_>) -> Result<()> {
        self.json_set(changes, sql)
    }

    fn date_part(&self, part: DatePart, _: bool) -> [&'static str; 2] {
        match part {
            DatePart::Date => ["date(", ")"],
            DatePart::Time => ["time(", ")"],
            DatePart::Day => ["day(", ")"],
            DatePart::Month => ["month(", ")"],
            DatePart::Year => ["year(", ")"],
        }
    }

    /// ``match (`title`, `body`) against (? in natural language mode)``
    fn full_text(
        &self,
        columns: &[String],
        words: &Operand,
        options: &FullText,
        sql: &mut SqlWriter<'_>,
    ) -> Result<()> {
        sql.push("match (");
        separated(columns, sql, |column, sql| sql.column(column).map(|_| ()))?;
        sql.push(") against (");
        operand(words, sql)?;
        sql.push(match (options.mode, options.expanded) {
            (FullTextMode::Boolean, _) => " in boolean mode)",
            (_, true) => " in natural language mode with query expansion)",
            (_, false) => " in natural language mode)",
        });
        Ok(())
    }

    fn random(&self, seed: Option<i64>, sql: &mut SqlWriter<'_>) {
        sql.push("RAND(").push(&seed.map(|seed| seed.to_string()).unwrap_or_default()).push(")");
    }

    fn index_hint(&self, hint: &IndexHint, sql: &mut SqlWriter<'_>) -> Result<()> {
        sql.push(match hint.kind {
            IndexHintKind::Use => " use index (",
            IndexHintKind::Force => " force index (",
            IndexHintKind::Ignore => " ignore index (",
        });
        sql.push(&hint.names.join(", "));
        sql.push(")");
        Ok(())
    }

    fn lateral_join(&self, kind: JoinKind) -> Result<(&'static str, &'static str)> {
        match kind {
            _ if self.is_mariadb => Err(self.lacks("lateral joins")),
            JoinKind::Left => Ok((" left join lateral ", " on true")),
            _ => Ok((" inner join lateral ", " on true")),
        }
    }

    /// The manual's own advice for "all rows from here on" (MySQL 8.4 §15.2.13).
    fn limit_for_bare_offset(&self) -> Option<&'static str> {
        Some("18446744073709551615")
    }

    fn lock(&self, lock: &Lock, sql: &mut SqlWriter<'_>) -> Result<()> {
        // MariaDB has no `for share`; MySQL's older words cannot be told not to wait.
        let share =
            if lock.wait().is_some() && !self.is_mariadb { " for share" } else { " lock in share mode" };
        lock::at_end(lock, [" for update", share], sql)
    }

    fn explain(&self, analyze: bool) -> Option<&'static str> {
        Some(match (analyze, self.is_mariadb) {
            (false, _) => "explain ",
            (true, true) => "analyze ",
            (true, false) => "explain analyze ",
        })
    }

    fn thread_count(&self) -> Option<&'static str> {
        Some(if self.is_mariadb {
            "select variable_value as `Value` from information_schema.global_status where variable_name = 'THREADS_CONNECTED'"
        } else {
            "select variable_value as `Value` from performance_schema.session_status where variable_name = 'threads_connected'"
        })
    }

    fn insert_verb(&self, query: &InsertQuery) -> &'static str {
        match query.conflict {
            Some(Conflict::Ignore { .. }) => "insert ignore into ",
            _ => "insert into ",
        }
    }

    fn empty_row(&self) -> &'static str {
        " () values ()"
    }

    fn conflict(&self, _: &InsertQuery, conflict: &Conflict, sql: &mut SqlWriter<'_>) -> Result<()> {
        const NEW_ROW: &str = "laravel_upsert_alias";
        let Conflict::Update { set, .. } = conflict else { return Ok(()) };
        if self.names_new_row {
            sql.push(" as ").push(NEW_ROW);
        }
        sql.push(" on duplicate key update ");
        assignments(set, sql, |column, sql| {
            if self.names_new_row {
                sql.name(NEW_ROW)?.push(".").plain_column(column)?;
            } else {
                sql.push("values(").plain_column(column)?.push(")");
            }
            Ok(())
        })
    }

    fn update(&self, query: &UpdateQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
        let rows = &query.rows;
        target(rows.from.as_ref())?;
        self.refuse_from(query)?;
        table_expressions(&rows.expressions, sql)?;
        sql.push("update ");
        if let Some(from) = &rows.from {
            source(from, sql)?;
        }
        joins(&rows.joins, sql)?;
        sql.push(" set ");
        assignments(&query.set, sql, no_excluded)?;
        self.conditions(rows, sql)
    }

    fn delete(&self, query: &DeleteQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
        let rows = &query.rows;
        let (table, _) = target(rows.from.as_ref())?;
        table_expressions(&rows.expressions, sql)?;
        sql.push("delete ");
        if !rows.joins.is_empty() {
            target_name(table, sql)?;
            sql.push(" ");
        }
        sql.push("from ");
        if let Some(from) = &rows.from {
            source(from, sql)?;
        }
        joins(&rows.joins, sql)?;
        self.conditions(rows, sql)?;
        self.returning(&query.returning, sql)
    }
}

impl MySql {
    /// Writes which rows an update or a delete is about.
    fn conditions(self, rows: &SelectQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
        predicate::clause(" where ", &rows.wheres, sql)?;
        if rows.offset.is_some() {
            return Err(self.lacks("`offset` for updates and deletes"));
        }
        if !rows.joins.is_empty() && (rows.limit.is_some() || !rows.orders.is_empty()) {
            return Err(self.lacks("`order by` and `limit` for updates and deletes with joins"));
        }
        orders(&rows.orders, sql)?;
        paging::paging(rows.limit, None, None, sql);
        Ok(())
    }
}
