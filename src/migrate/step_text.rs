//! [`StepText`]: what is known about one statement of a migration that runs without one transaction around
//! everything: whether it changes anything, how it is undone, how the catalogue tells that it is done. Pure.

use serde::{Deserialize, Serialize};

use super::checksum::statement_hash;
use super::existence;
use super::online_index::OnlineIndex;
use super::sql::{Action, Cursor, Statement, is_conditional, tokens};
use super::sql_statement::words_of;
use super::sql_text::split;
use super::statement::Sql;
use super::step_undo::{Undo, undo};
use crate::config::DriverName;
use crate::dialect::statement_kind::StatementKind;

/// Statements on their way.
#[derive(Debug, Clone, Deserialize)]
pub struct StepRequest {
    /// One or several.
    pub sql: String,
    /// The values of the placeholders, as JSON.
    #[serde(default)]
    pub values: String,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepText {
    /// Its text.
    pub sql: String,
    /// Whether it changes anything that stays. Others run again whenever the migration is replayed.
    pub is_step: bool,
    /// Whether it may end the transaction around it, so that what came before stays (MySQL 8.4 §15.3.3).
    pub commits: bool,
    /// It takes tables for itself, or gives them back: nothing else can be written in between.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holds_tables: Option<bool>,
    /// By which it is known again.
    pub hash: String,
    /// What undoes it, in order; none when that would lose more than the statement made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undo: Option<Vec<Undo>>,
    /// How it is found out whether it is done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probe: Option<Probe>,
    /// Set when it builds an index while the table is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub online: Option<OnlineIndex>,
}

/// A question whose answer tells whether a statement is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Probe {
    /// Answers `found`.
    #[serde(flatten)]
    pub sql: Sql,
    /// Whether it is done when something is found, or when nothing is.
    pub done_when_found: bool,
}

/// What is known about the statements of a text.
#[must_use]
pub fn step_texts(driver: DriverName, request: &StepRequest) -> Vec<StepText> {
    split(&request.sql, driver)
        .into_iter()
        .map(|statement| {
            let words = words_of(&statement.sql, driver);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let tokens = tokens(&statement.sql, driver);
            let read = Statement::read(Cursor::new(&statement.sql, &tokens, driver));
            // Only its server knows whether it runs what is in `/*!50100 … */`: nothing is claimed of it.
            let read = if is_conditional(&statement.sql, driver) { Statement::Other } else { read };
            StepText {
                is_step: is_step(statement.kind, &words),
                commits: commits(statement.kind, &words, driver),
                holds_tables: holds_tables(&words, driver),
                hash: statement_hash(&statement.sql, &request.values, driver),
                undo: undo(&read, driver),
                probe: probe(&read, driver),
                online: match &read {
                    Statement::CreateIndex(index) if index.is_online && driver == DriverName::Postgres => {
                        index.name.as_ref().map(|name| OnlineIndex::new(index, name))
                    }
                    _ => None,
                },
                sql: statement.sql,
            }
        })
        .collect()
}

fn is_step(kind: StatementKind, words: &[&str]) -> bool {
    match kind {
        StatementKind::Select | StatementKind::TransactionControl => false,
        // `select … for update` changes nothing.
        StatementKind::Write => {
            !matches!(words, ["select" | "values" | "table", rest @ ..] if !rest.contains(&"into"))
        }
        StatementKind::Session => matches!(words, ["load", "data" | "xml", ..]),
        StatementKind::Ddl | StatementKind::Other => true,
    }
}

fn commits(kind: StatementKind, words: &[&str], driver: DriverName) -> bool {
    if !matches!(driver, DriverName::MySql | DriverName::MariaDb) {
        return false;
    }
    match kind {
        StatementKind::Ddl | StatementKind::Other | StatementKind::TransactionControl => true,
        StatementKind::Session => {
            matches!(words, ["lock" | "unlock", ..] | ["set", "autocommit" | "password", ..])
        }
        StatementKind::Select | StatementKind::Write => false,
    }
}

fn holds_tables(words: &[&str], driver: DriverName) -> Option<bool> {
    match (driver, words) {
        (DriverName::MySql | DriverName::MariaDb, ["lock", "table" | "tables", ..]) => Some(true),
        (DriverName::MySql | DriverName::MariaDb, ["unlock", "table" | "tables", ..]) => Some(false),
        _ => None,
    }
}

/// By the first thing that a statement makes or takes away: each statement is done wholly or not at all.
fn probe(statement: &Statement<'_>, driver: DriverName) -> Option<Probe> {
    let found = |sql: Sql| Some(Probe { sql, done_when_found: true });
    let gone = |sql: Sql| Some(Probe { sql, done_when_found: false });
    match statement {
        Statement::CreateTable(table) if !table.is_temporary && !table.replaces => {
            found(existence::table(driver, &table.name))
        }
        Statement::DropTables { tables, .. } => match tables.as_slice() {
            [table] => gone(existence::table(driver, table)),
            _ => None,
        },
        Statement::CreateIndex(index) => {
            existence::index(driver, Some(&index.table), index.name.as_ref()?).and_then(found)
        }
        Statement::DropIndexes { names, table, .. } => match names.as_slice() {
            [name] => existence::index(driver, table.as_ref(), name).and_then(gone),
            _ => None,
        },
        Statement::AlterTable { table, actions, .. } => actions.iter().find_map(|action| match action {
            Action::AddColumn { column, .. } => found(existence::column(driver, table, &column.name)),
            Action::RenameColumn { to, .. } => found(existence::column(driver, table, to)),
            Action::DropColumn { name, .. } => gone(existence::column(driver, table, name)),
            Action::RenameTable(name) => found(existence::table(driver, name)),
            Action::AddConstraint(constraint) => existence::added(table, constraint, driver).and_then(found),
            Action::DropIndex(name) => existence::index(driver, Some(table), name).and_then(gone),
            Action::DropConstraint(name) => existence::constraint(driver, table, name).and_then(gone),
            _ => None,
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(sql: &str, driver: DriverName) -> StepText {
        let request = StepRequest { sql: sql.into(), values: String::new() };
        let mut texts = step_texts(driver, &request);
        assert_eq!(texts.len(), 1, "{sql}");
        texts.remove(0)
    }

    fn undone(sql: &str, driver: DriverName) -> Option<Vec<String>> {
        Some(one(sql, driver).undo?.into_iter().map(|undo| undo.sql).collect())
    }

    #[test]
    fn what_only_reads_or_sets_the_session_up_is_no_step() {
        for sql in [
            "select 1",
            "select * from t for update",
            "set names utf8",
            "show tables",
            "begin",
            "lock tables a read",
        ] {
            assert!(!one(sql, DriverName::MySql).is_step, "{sql}");
        }
        for (sql, commits) in [
            ("insert into t values (1)", false),
            ("with a as (select 1) update t set b = 1", false),
            ("load data infile 'x' into table t", false),
            ("create table t (a int)", true),
            ("truncate t", true),
            ("call p()", true),
            ("optimize table t", true),
        ] {
            let text = one(sql, DriverName::MySql);
            assert_eq!((text.is_step, text.commits), (true, commits), "{sql}");
        }
        assert!(!one("create table t (a int)", DriverName::Postgres).commits);
        assert_eq!(one("LOCK TABLES t WRITE", DriverName::MariaDb).holds_tables, Some(true));
        assert_eq!(one("unlock tables", DriverName::MySql).holds_tables, Some(false));
    }

    #[test]
    fn creations_are_undone_by_name() {
        let mysql = |sql: &str| undone(sql, DriverName::MariaDb);
        assert_eq!(mysql("create table `a` (id int)"), Some(vec!["drop table `a`".into()]));
        assert_eq!(mysql("create unique index i on a (b)"), Some(vec!["drop index i on a".into()]));
        assert_eq!(
            mysql("alter table `a` add `b` int, add index `i` (`b`)"),
            Some(vec!["alter table `a` drop index `i`".into(), "alter table `a` drop column `b`".into()])
        );
        assert_eq!(
            mysql("alter table a add constraint f foreign key (b) references c (id)"),
            Some(vec!["alter table a drop foreign key f".into(), "alter table a drop index f".into()])
        );
        assert_eq!(
            undone("create index concurrently i on s.t (a)", DriverName::Postgres),
            Some(vec!["drop index concurrently s.i".into()])
        );
        assert_eq!(
            undone("alter table t add constraint u unique (a)", DriverName::Postgres),
            Some(vec!["alter table t drop constraint u".into()])
        );
        for sql in [
            "drop table a",
            "alter table a drop column b",
            "alter table a add b int, drop c",
            "alter table a modify b int",
            "insert into a values (1)",
            "create view v as select 1",
        ] {
            assert_eq!(mysql(sql), None, "{sql}");
        }
    }

    #[test]
    fn what_may_have_been_there_is_looked_for_before_it_is_undone() {
        let unless = |sql: &str| one(sql, DriverName::MySql).undo.expect("creation").remove(0).unless;
        assert!(
            unless("create table if not exists a (id int)")
                .expect("a question")
                .sql
                .contains("information_schema.tables")
        );
        assert_eq!(unless("create table a (id int)"), None);
    }

    #[test]
    fn the_catalogue_tells_whether_a_statement_is_done() {
        let probe = |sql: &str, driver| one(sql, driver).probe;
        let table = probe("create table app.a (id int)", DriverName::MySql).expect("probe");
        assert_eq!(
            (table.sql.sql.as_str(), table.done_when_found),
            (
                "select count(*) as found from information_schema.tables where table_name = ? and table_schema = ?",
                true
            )
        );
        assert_eq!(table.sql.bindings, ["a", "app"]);
        let column = probe("alter table a drop column b", DriverName::MySql).expect("probe");
        assert!(!column.done_when_found);
        assert_eq!(column.sql.bindings, ["a", "b"]);
        assert_eq!(
            probe("create index i on s.t (a)", DriverName::Postgres).expect("probe").sql.bindings,
            ["s.i"]
        );
        for sql in ["alter table a modify b int", "insert into a values (1)", "drop index i"] {
            assert_eq!(probe(sql, DriverName::MySql), None, "{sql}");
        }
    }

    #[test]
    fn a_statement_is_known_again_by_its_meaning_and_its_values() {
        let hash = |sql: &str, values: &str| {
            step_texts(DriverName::MySql, &StepRequest { sql: sql.into(), values: values.into() })
                .remove(0)
                .hash
        };
        let insert = hash("insert into t values (?)", "[1]");
        assert_eq!(insert.len(), 16);
        assert_eq!(insert, hash("insert into t values (?) -- again", "[1]"));
        assert_ne!(insert, hash("insert into t values (?)", "[2]"));
        assert_ne!(insert, hash("insert into u values (?)", "[1]"));
    }

    #[test]
    fn an_index_that_is_built_online_is_compared_with_its_mirror() {
        let text =
            one("create unique index concurrently \"I\" on s.t (lower(a)) where b", DriverName::Postgres);
        let online = text.online.expect("online");
        assert_eq!(online.name, "I");
        assert_eq!(online.drop, "drop index concurrently s.\"I\"");
        assert_eq!(
            online.mirror[2],
            "create unique index \"guruorm_mirror_index\" on pg_temp.guruorm_mirror (lower(a)) where b"
        );
        assert_eq!(one("create index i on t (a)", DriverName::Postgres).online, None);
    }

    #[test]
    fn a_dot_in_a_quoted_name_is_no_namespace() {
        assert_eq!(
            undone("create index i on \"a.b\" (c)", DriverName::Postgres),
            Some(vec!["drop index i".into()])
        );
    }

    #[test]
    fn nothing_is_claimed_of_what_may_do_something_else() {
        for sql in [
            "create temporary table t (a int)",
            "create or replace table t (a int)",
            "drop table a, b",
            "insert into t values ('create table x')",
            "/*!99999 create table t (a int) */",
            "alter table t add unique (a)",
            "alter table t add foreign key (a) references b (c)",
            "create",
        ] {
            let text = one(sql, DriverName::MySql);
            assert_eq!((text.undo, text.probe), (None, None), "{sql}");
        }
    }
}
