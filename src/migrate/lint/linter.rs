//! [`lint`]: looks at the SQL of a migration by every rule that is on. Pure.

use super::super::sql::{Action, ConstraintKind, Cursor, Name, Statement, tokens};
use serde::{Deserialize, Serialize};

use super::super::sql_statement::SqlStatement;
use super::super::sql_text::split;
use super::allowance::allowed;
use super::catalogue::{Catalogue, TableFacts};
use super::finding::Finding;
use super::look::Look;
use super::row_statement::RowStatement;
use super::rule::Rule;
use super::settings::LintSettings;
use super::state::{LintState, key};
use crate::config::DriverName;

/// SQL of a migration.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(clippy::struct_excessive_bools)] // each is asked on its own
pub struct LintRequest {
    /// One statement or several; empty where `ends`, and where it is said outside of this.
    #[serde(default)]
    pub sql: String,
    /// Values of its placeholders, as far as they may be values of enums.
    #[serde(default)]
    pub values: Vec<String>,
    /// The number of the first statement in the migration, from 1.
    pub number: usize,
    /// Whether the migration is one transaction.
    #[serde(default)]
    pub within_transaction: bool,
    /// Its author vouches for it: nothing is said.
    #[serde(default)]
    pub is_assured: bool,
    /// Whether the migration is over.
    #[serde(default)]
    pub ends: bool,
    /// What each rule does.
    pub settings: LintSettings,
    /// At least the tables that the SQL names.
    pub tables: Vec<TableFacts>,
    /// Whether a table that is not among them is not there.
    #[serde(default)]
    pub is_complete: bool,
    /// What the statements before left behind.
    pub state: LintState,
}

/// What there is to say.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct LintAnswer {
    /// In the order of the statements.
    pub findings: Vec<Finding>,
    /// To be given back with the next statement.
    pub state: LintState,
    /// What is wrong with comments that allow something.
    pub doubts: Vec<String>,
}

/// Looks at SQL before it is sent.
#[must_use]
pub fn lint(driver: DriverName, request: &LintRequest) -> LintAnswer {
    let mut answer = LintAnswer { findings: Vec::new(), state: request.state.clone(), doubts: Vec::new() };
    for (statement, number) in split(&request.sql, driver).iter().zip(request.number..) {
        let rules = allowed(&statement.sql, driver).into_iter().map(Rule::named);
        let (known, unknown): (Vec<_>, Vec<_>) = rules.partition(Result::is_ok);
        answer.doubts.extend(unknown.into_iter().filter_map(Result::err).map(|error| error.message));
        let mut look = look(driver, request, &statement.sql, &mut answer);
        look.allowed = known.into_iter().flatten().collect();
        look.at(number, statement);
        answer.take(look);
    }
    if request.ends {
        let mut look = look(driver, request, "", &mut answer);
        look.finish_keys();
        answer.take(look);
    }
    answer
}

impl LintAnswer {
    fn take(&mut self, look: Look<'_>) {
        self.findings.extend(look.findings);
        self.state = look.state;
    }
}

fn look<'a>(driver: DriverName, request: &'a LintRequest, sql: &'a str, answer: &mut LintAnswer) -> Look<'a> {
    Look {
        driver,
        sql,
        within_transaction: request.within_transaction,
        values: &request.values,
        catalogue: Catalogue(&request.tables),
        is_complete: request.is_complete,
        settings: &request.settings,
        allowed: Vec::new(),
        is_assured: request.is_assured,
        state: std::mem::take(&mut answer.state),
        findings: Vec::new(),
    }
}

impl Look<'_> {
    fn at(&mut self, number: usize, found: &SqlStatement) {
        self.control(number, found);
        let tokens = tokens(self.sql, self.driver);
        // What is in front of the first token are comments.
        let code = tokens.first().map_or(self.sql, |first| &self.sql[first.at..]);
        let cursor = Cursor::new(self.sql, &tokens, self.driver).statement();
        let (statement, rows) = (Statement::read(cursor), RowStatement::read(cursor));
        if !self.state.migration.enum_values.is_empty() {
            self.use_enum_value(&statement, &rows, &tokens);
        }
        self.names(&statement);
        let whole = std::mem::replace(&mut self.sql, code);
        self.apply(&statement, whole.len() - code.len());
        self.apply_to_rows(&rows);
    }

    /// `cut`: how many bytes of comments stand in front of the statement.
    fn apply(&mut self, statement: &Statement<'_>, cut: usize) {
        match statement {
            Statement::CreateTable(table) => self.create_table(table),
            Statement::AlterTable { table, actions, is_unchecked, .. } => {
                self.alter_table(table, actions, *is_unchecked);
            }
            Statement::DropTables { tables, .. } => {
                for table in tables {
                    if !self.drop_original(table) {
                        self.drop_table(table);
                        self.change_older_table(table, false);
                    }
                    self.state.drop(table);
                }
            }
            Statement::RenameTables(pairs) => {
                for (from, to) in pairs {
                    self.rename_table(from, to);
                    self.change_older_table(from, false);
                    self.renamed(from, to);
                }
            }
            Statement::Truncate { tables, cascades } => {
                for table in tables {
                    self.truncate(table, *cascades);
                    self.empty(table);
                }
            }
            Statement::CreateIndex(index) => {
                self.create_index(index, cut);
                self.change_older_table(&index.table, true);
            }
            Statement::DropIndexes { names, table, is_online } => {
                for name in names {
                    self.drop_index(name, table.as_ref(), *is_online);
                }
                if let Some(table) = table {
                    self.change_older_table(table, false);
                }
            }
            Statement::AddEnumValue { kind, value } => self.add_enum_value(kind, value),
            _ => {}
        }
    }

    fn apply_to_rows(&mut self, statement: &RowStatement) {
        match statement {
            RowStatement::Change { table, verb, is_ranged, is_everything } => {
                self.change_rows(table, verb, *is_ranged, *is_everything);
            }
            RowStatement::Copy { into, from } => self.copy_rows(into, from.as_ref()),
            RowStatement::Unlimited => self.unlimited(),
            RowStatement::Other => {}
        }
    }

    fn alter_table(&mut self, table: &Name, actions: &[Action<'_>], is_unchecked: bool) {
        for action in actions {
            match action {
                Action::RenameTable(to) => self.rename_table(table, to),
                Action::AddConstraint(constraint) => {
                    self.add_constraint(table, constraint, is_unchecked);
                    if constraint.kind != ConstraintKind::Foreign {
                        self.index_columns(table, &constraint.columns);
                    }
                }
                Action::Validate => self.state.migration.validated.push(key(table)),
                _ => self.column_action(table, action),
            }
        }
        self.copy_on_mysql(table, actions);
        let is_creation = actions
            .iter()
            .all(|action| matches!(action, Action::AddColumn { .. } | Action::AddConstraint(_)));
        self.change_older_table(table, is_creation);
        self.lock(table, actions);
        for action in actions {
            if let Action::RenameTable(to) = action {
                self.renamed(table, to);
            }
        }
    }

    fn renamed(&mut self, from: &Name, to: &Name) {
        let is_known = self.catalogue.find(to).is_some();
        self.state.rename(from, to, is_known);
    }
}
