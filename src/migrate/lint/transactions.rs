//! Rules about transactions: what cannot be in one, and what should not be in one together.

use super::super::control::refused;
use super::super::sql::{Action, ConstraintKind, Kind, Name, Statement, Token};
use super::super::sql_statement::SqlStatement;
use super::catalogue::TableFacts;
use super::look::{Found, Look};
use super::row_statement::RowStatement;
use super::rule::Rule;
use super::state::{EnumValue, key};

/// What lets a transaction go.
const LEAVE: &str = "a migration of its own with withinTransaction = false, or this.afterCommit(() => …)";

impl Look<'_> {
    pub(super) fn control(&mut self, number: usize, statement: &SqlStatement) {
        if self.within_transaction
            && let Some((rule, message)) = refused(self.driver, number, statement)
        {
            self.say(rule, message, None);
        }
    }

    pub(super) fn unlimited(&mut self) {
        let message = "the limit of waiting for locks is switched off: a statement that waits for one makes all \
                       queries of the table wait behind it";
        let instead =
            "set ddlLockTimeout in the configuration; a lock that is not free in time is tried again";
        self.say(Rule::UnlockedTimeout, message.into(), Some(instead.into()));
    }

    pub(super) fn add_enum_value(&mut self, kind: &Name, value: &str) {
        if self.within_transaction {
            let kind = self.written(kind);
            self.state.migration.enum_values.push(EnumValue { kind, value: value.to_owned() });
        }
    }

    /// `PostgreSQL` takes a new value of an enum only once the transaction that added it is committed.
    pub(super) fn use_enum_value(
        &mut self,
        statement: &Statement<'_>,
        rows: &RowStatement,
        tokens: &[Token<'_>],
    ) {
        let table = match (statement, rows) {
            (Statement::AddEnumValue { .. } | Statement::DropTables { .. }, _) => return,
            (Statement::AlterTable { table, .. }, _) | (_, RowStatement::Change { table, .. }) => Some(table),
            (_, RowStatement::Copy { into, .. }) => Some(into),
            _ => None,
        };
        let types = table.and_then(|table| self.facts(table)).map(TableFacts::types);
        let is_used = |added: &EnumValue| {
            let bare = added.kind.rsplit('.').next().unwrap_or("").replace('"', "");
            let is_there = types.as_ref().is_none_or(|types| types.iter().any(|kind| kind.contains(&bare)));
            let literal = format!("'{}'", added.value.replace('\'', "''"));
            is_there
                && (self.values.contains(&added.value)
                    || tokens.iter().any(|token| token.kind == Kind::Literal && token.text == literal))
        };
        let Some(EnumValue { kind, value }) =
            self.state.migration.enum_values.iter().find(|added| is_used(added)).cloned()
        else {
            return;
        };
        let message = format!(
            "'{value}' was added to {kind} by this migration, and cannot be used before that is committed (55P04)"
        );
        let instead = "add the value in a migration before this one, or set withinTransaction = false";
        self.say(Rule::EnumAddValueInTx, message, Some(instead.into()));
    }

    /// A table stays locked until the migration is over.
    pub(super) fn lock(&mut self, table: &Name, actions: &[Action<'_>]) {
        let is_light = actions.iter().all(|action| match action {
            Action::Light | Action::Validate => true,
            Action::AddConstraint(constraint) => constraint.kind == ConstraintKind::Foreign,
            _ => false,
        });
        if !is_light
            && self.within_transaction
            && (self.is_postgres() || self.is_sqlserver())
            && self.facts(table).is_some()
            && self.state.migration.locked.is_none()
        {
            self.state.migration.locked = Some(self.written(table));
        }
    }

    /// Rows of `table` are read or changed, all in one statement.
    pub(super) fn write_while_locked(&mut self, verb: &str, table: &Name) {
        let Some(locked) = self.state.migration.locked.clone() else { return };
        self.find(
            Rule::MixedDdlDml,
            table,
            Found {
                subject: &format!("{verb} of"),
                effect: &format!(
                    "runs while {locked} is locked by the change before it; its reads and writes wait"
                ),
                instead: Some(format!("put it in {LEAVE}")),
            },
        );
    }

    pub(super) fn change_rows(&mut self, table: &Name, verb: &str, is_ranged: bool, is_everything: bool) {
        if !is_ranged {
            let condition = if is_everything { "where" } else { "and" };
            let sql = self.sql.split('\n').map(str::trim).collect::<Vec<_>>().join(" ");
            let step = format!("{sql} {condition} {id} > … and {id} <= …", id = self.quoted("id"));
            self.find(
                Rule::BackfillUnbatched,
                table,
                Found {
                    subject: &format!("{verb} of"),
                    effect: "changes all rows in one statement, which keeps them locked until its end",
                    instead: Some(format!("in steps of some thousand rows: {step}")),
                },
            );
        }
        self.write_while_locked(verb, table);
        if verb == "delete" && is_everything {
            self.empty(table);
        }
    }

    pub(super) fn empty(&mut self, table: &Name) {
        self.state.migration.emptied.push(key(table));
    }
}
