//! Where the queries of MySQL and MariaDB differ.

use super::{MARIADB_CAPABILITIES, MYSQL_CAPABILITIES, MySql};
use crate::ast::{Conflict, DeleteQuery, InsertQuery, Lock, Operand, SelectQuery, UpdateQuery};
use crate::config::DriverName;
use crate::dialect::ansi::operand::operand;
use crate::dialect::ansi::select::orders;
use crate::dialect::ansi::source::{joins, source, target, target_name};
use crate::dialect::ansi::update::{assignments, no_excluded};
use crate::dialect::ansi::{paging, predicate};
use crate::dialect::{Capabilities, Dialect, JsonPath, JsonUse, LikePattern, SqlWriter};
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
            Operand::Column(name) => JsonPath::parse(name),
            _ => None,
        };
        let Some(path) = path else {
            operand(column, sql)?;
            sql.push(if not { " is not null" } else { " is null" });
            return Ok(());
        };
        // JSON's own null is a value to MySQL.
        sql.push("(");
        extract(&path, sql)?;
        sql.push(if not { " is not null AND json_type(" } else { " is null OR json_type(" });
        extract(&path, sql)?;
        sql.push(if not { ") != 'NULL')" } else { ") = 'NULL')" });
        Ok(())
    }

    fn json_path(&self, path: &JsonPath<'_>, wanted: JsonUse, sql: &mut SqlWriter<'_>) -> Result<()> {
        if wanted == JsonUse::Boolean {
            return extract(path, sql);
        }
        if self.is_mariadb {
            sql.push("json_value(");
            arguments(path, sql)?;
            sql.push(")");
        } else {
            sql.push("json_unquote(");
            extract(path, sql)?;
            sql.push(")");
        }
        Ok(())
    }

    /// The manual's own advice for "all rows from here on" (MySQL 8.4 §15.2.13).
    fn limit_for_bare_offset(&self) -> Option<&'static str> {
        Some("18446744073709551615")
    }

    fn lock(&self, lock: Lock, sql: &mut SqlWriter<'_>) {
        sql.push(match lock {
            Lock::Update => " for update",
            // MariaDB has no `for share`.
            Lock::Share => " lock in share mode",
        });
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
        let Conflict::Update { set, .. } = conflict else { return Ok(()) };
        sql.push(" on duplicate key update ");
        assignments(set, sql, |column, sql| {
            sql.push("values(").plain_column(column)?.push(")");
            Ok(())
        })
    }

    fn update(&self, query: &UpdateQuery, sql: &mut SqlWriter<'_>) -> Result<()> {
        let rows = &query.rows;
        target(rows.from.as_ref())?;
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

/// ``json_extract(`meta`, '$."lang"')``
fn extract(path: &JsonPath<'_>, sql: &mut SqlWriter<'_>) -> Result<()> {
    sql.push("json_extract(");
    arguments(path, sql)?;
    sql.push(")");
    Ok(())
}

fn arguments(path: &JsonPath<'_>, sql: &mut SqlWriter<'_>) -> Result<()> {
    sql.plain_column(path.column)?.push(", ");
    // A backslash would escape the quote after it.
    sql.literal(&path.dollar_path().replace('\\', "\\\\"));
    Ok(())
}
