//! Rules about databases that alter a table by a copy, or commit each change by itself.

use super::super::sql::{Action, ConstraintKind, Name};
use super::column_type::ColumnType;
use super::columns::is_volatile;
use super::look::{Found, Look};
use super::rule::Rule;
use super::state::{Pair, key};
use crate::config::DriverName;

impl Look<'_> {
    /// `algorithm=copy`, said or implied (MySQL 8.4 §17.12.1; `MariaDB` "`InnoDB` online DDL").
    pub(super) fn copy_on_mysql(&mut self, table: &Name, actions: &[Action<'_>]) {
        if !self.is_mysql() {
            return;
        }
        let on = self.written(table);
        let Some(instead) = actions.iter().find_map(|action| self.copied(table, &on, action)) else { return };
        self.find(
            Rule::MysqlCopyAlgorithm,
            table,
            Found {
                subject: "alter table on",
                effect: "copies it; writes wait until the copy is done",
                instead: Some(instead),
            },
        );
    }

    /// Whether an action makes a copy, as what does not.
    fn copied(&self, table: &Name, on: &str, action: &Action<'_>) -> Option<String> {
        match action {
            Action::Redefine { from, column } => {
                let old = self.facts(table)?.column_type(&from.name)?;
                ColumnType::read(column.kind).copies(&ColumnType::read(&old)).then(|| {
                    let copy = self.quoted(&format!("{}_new", from.name));
                    format!(
                        "alter table {on} add {copy} {} null; fill it in batches; then exchange the names",
                        column.kind
                    )
                })
            }
            Action::AddColumn { column, .. } if column.is_stored => Some(format!(
                "alter table {on} add {} {} … virtual",
                self.quoted(&column.name.name),
                column.kind
            )),
            Action::AddColumn { column, .. } if is_volatile(column) => Some(format!(
                "alter table {on} add {} {} null; then fill it in batches",
                self.quoted(&column.name.name),
                column.kind
            )),
            Action::AddConstraint(constraint) if constraint.kind == ConstraintKind::Foreign => Some(format!(
                "look for rows without a partner first; then set foreign_key_checks = 0; alter table {on} add {}, \
                 algorithm=inplace; set foreign_key_checks = 1",
                constraint.text
            )),
            Action::AddConstraint(constraint) if constraint.kind == ConstraintKind::Check => {
                Some("copy the table in the background (gh-ost, pt-online-schema-change)".into())
            }
            Action::LoseRows(text) | Action::Other(text) => {
                let text = text.to_lowercase();
                let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                let is_copy = text.starts_with("convert to")
                    || text.starts_with("engine") && !text.contains("innodb")
                    || text.replace([' ', '='], "") == "algorithmcopy";
                is_copy.then(|| "copy the table in the background (gh-ost, pt-online-schema-change)".into())
            }
            _ => None,
        }
    }

    /// MySQL commits each change of a table; a failure of the next one leaves it there, unless it only created something:
    /// that is taken back.
    pub(super) fn change_older_table(&mut self, table: &Name, is_creation: bool) {
        if !self.is_mysql() || self.state.has_created(table) {
            return;
        }
        if self.state.migration.changes == 0 {
            self.state.migration.changes = usize::from(!is_creation);
        } else if self.state.migration.changes == 1 {
            self.state.migration.changes = 2;
            self.find(
                Rule::MysqlMultiDdl,
                table,
                Found {
                    subject: "the change of",
                    effect: "comes after another one that cannot be undone, and each is committed by itself: a failure leaves the first behind",
                    instead: Some("one file a change, or one alter table with all of them".into()),
                },
            );
        }
    }

    /// A new table is given the rows of another one.
    pub(super) fn copy_rows(&mut self, into: &Name, from: Option<&Name>) {
        let Some(from) = from else { return };
        if self.state.has_created(into) && !self.state.has_created(from) {
            self.state.migration.copies.push(Pair { new: key(into), old: key(from) });
        }
        self.write_while_locked("insert … select", from);
    }

    /// Whether a table is dropped because its copy takes its place (SQLite, "Making Other Kinds Of Table Schema
    /// Changes").
    pub(super) fn drop_original(&mut self, table: &Name) -> bool {
        let key = key(table);
        let is_copied = self.state.migration.copies.iter().any(|copy| copy.old == key);
        if !is_copied || self.driver != DriverName::Sqlite {
            return false;
        }
        self.find(
            Rule::SqliteTableRebuild,
            table,
            Found {
                subject: "alter table on",
                effect: "copies it, with all its indexes; every other writer waits",
                instead: Some(
                    "add, rename and drop columns alone, which need no copy; or run it while nobody writes"
                        .into(),
                ),
            },
        );
        true
    }
}
