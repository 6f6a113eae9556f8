//! Rules about columns that come, change their type or become required.

use super::super::sql::{Action, Column, Name};
use super::column_type::ColumnType;
use super::look::{Found, Look};
use super::rule::Rule;
use super::state::key;
use crate::config::DriverName;

/// Functions that answer another value for each row.
const VOLATILE: [&str; 12] = [
    "random",
    "rand",
    "gen_random_uuid",
    "uuidv4",
    "uuidv7",
    "uuid_generate_v1",
    "uuid_generate_v4",
    "clock_timestamp",
    "timeofday",
    "nextval",
    "newid",
    "uuid",
];

/// Whether a default differs from row to row.
pub(super) fn is_volatile(column: &Column<'_>) -> bool {
    column.calls.iter().any(|function| VOLATILE.contains(&function.as_str()))
}

impl Look<'_> {
    pub(super) fn add_column(&mut self, table: &Name, column: &Column<'_>) {
        let subject = format!("add column {} to", self.quoted(&column.name.name));
        let on = self.written(table);
        let name = self.quoted(&column.name.name);
        let has_value = column.default.is_some() || column.counts || column.is_generated;
        if column.is_required && !has_value && !self.is_emptied(table) {
            self.add_required(table, column);
        }
        // SQLite adds no column of the kind, and MySQL's copy is another rule's.
        if !matches!(self.driver, DriverName::Postgres | DriverName::SqlServer) {
            return;
        }
        if !(column.counts || column.is_stored || is_volatile(column)) {
            return;
        }
        let add = if self.is_sqlserver() { "add" } else { "add column" };
        let instead = match column.default {
            Some(default) if self.is_postgres() => format!(
                "alter table {on} {add} {name} {}; alter table {on} alter column {name} set default {default}; \
                 then fill it in batches",
                column.kind
            ),
            _ => {
                format!("alter table {on} {add} {name} {} null; then fill it in batches", plain(column.kind))
            }
        };
        let effect = "writes the whole table anew; reads and writes wait";
        self.find(
            Rule::AddVolatileDefault,
            table,
            Found { subject: &subject, effect, instead: Some(instead) },
        );
    }

    fn add_required(&mut self, table: &Name, column: &Column<'_>) {
        let on = self.written(table);
        let name = self.quoted(&column.name.name);
        let add = if self.is_sqlserver() { "add" } else { "add column" };
        let kind = column.kind;
        let effect = if self.is_mysql() {
            "gives the rows that are there 0, '' or another value that nobody chose"
        } else {
            "fails: the rows that are there have no value for it"
        };
        let require = match self.driver {
            DriverName::Postgres => format!("alter table {on} alter column {name} set not null"),
            DriverName::SqlServer => format!("alter table {on} alter column {name} {kind} not null"),
            DriverName::MySql | DriverName::MariaDb => {
                format!("alter table {on} modify {name} {kind} not null")
            }
            DriverName::Sqlite => "make it required".into(),
        };
        let found = Found {
            subject: &format!("add column {name} (not null, no default) to"),
            effect,
            instead: Some(format!(
                "alter table {on} {add} {name} {kind} null; fill it; {require}; or give it a default"
            )),
        };
        let before = self.findings.len();
        self.find(Rule::AddNotNullNoDefault, table, found);
        // The statement works on MySQL.
        let is_chosen = self.settings.is_chosen(Rule::AddNotNullNoDefault);
        if self.is_mysql()
            && !is_chosen
            && let Some(finding) = self.findings.get_mut(before)
        {
            finding.severity = super::super::drift::Policy::Warn;
        }
    }

    /// A column gets another type.
    pub(super) fn change_type(&mut self, table: &Name, column: &str, to: &str, is_converted: bool) {
        let old = self.facts(table).and_then(|facts| facts.column_type(column));
        let new = ColumnType::read(to);
        let known = old.as_deref().map(ColumnType::read);
        let shown = old.as_ref().map_or_else(String::new, |old| format!("from {old} "));
        let subject = format!("column {} {shown}to {to} of", self.quoted(column));
        let on = self.written(table);
        if !self.is_mysql() && (is_converted || new.rewrites(known.as_ref())) {
            let copy = self.quoted(&format!("{column}_new"));
            let add = if self.is_sqlserver() { "add" } else { "add column" };
            self.find(
                Rule::ColumnTypeRewrite,
                table,
                Found {
                    subject: &subject,
                    effect: "writes the whole table anew; reads and writes wait",
                    instead: Some(format!(
                        "alter table {on} {add} {copy} {to}; fill it in batches; then exchange the names"
                    )),
                },
            );
        }
        if known.is_some_and(|old| new.narrows(&old)) {
            let name = self.quoted(column);
            let length = if self.is_sqlserver() { "len" } else { "length" };
            let test = if to.contains("char") {
                format!("{length}({name}) > …")
            } else {
                format!("{name} is out of range")
            };
            self.find(
                Rule::ColumnTypeNarrowing,
                table,
                Found {
                    subject: &subject,
                    effect: "may cut values or fail",
                    instead: Some(format!("make sure first: select count(*) from {on} where {test}")),
                },
            );
        }
    }

    pub(super) fn set_not_null(&mut self, table: &Name, column: &str) {
        let is_required = self.facts(table).is_some_and(|facts| facts.requires(column));
        // A check that was just validated spares the scan (PostgreSQL 12).
        if is_required || self.state.migration.validated.contains(&key(table)) {
            return;
        }
        let (on, name) = (self.written(table), self.quoted(column));
        let check = self.quoted(&format!("{}_{column}_not_null", table.name));
        self.find(
            Rule::SetNotNullScan,
            table,
            Found {
                subject: &format!("set not null of column {name} of"),
                effect: "reads the whole table; reads and writes wait",
                instead: self.is_postgres().then(|| {
                    format!(
                        "alter table {on} add constraint {check} check ({name} is not null) not valid; \
                         alter table {on} validate constraint {check}; \
                         alter table {on} alter column {name} set not null; alter table {on} drop constraint {check}"
                    )
                }),
            },
        );
    }

    /// `alter column` of SQL Server, `modify` and `change` of MySQL.
    pub(super) fn redefine(&mut self, table: &Name, from: &str, column: &Column<'_>) {
        self.change_type(table, from, column.kind, false);
        if self.is_sqlserver() && column.is_required {
            self.set_not_null(table, from);
        }
        if self.is_mysql() && from.to_lowercase() != column.name.name.to_lowercase() {
            self.rename_column(table, from, &column.name.name);
        }
    }

    pub(super) fn column_action(&mut self, table: &Name, action: &Action<'_>) {
        match action {
            Action::AddColumn { column, .. } => self.add_column(table, column),
            Action::DropColumn { name, .. } => self.drop_column(table, &name.name),
            Action::RenameColumn { from, to } => self.rename_column(table, &from.name, &to.name),
            Action::ChangeType { column, to, is_converted } => {
                self.change_type(table, &column.name, to, *is_converted);
            }
            Action::Redefine { from, column } => self.redefine(table, &from.name, column),
            Action::SetNotNull(column) => self.set_not_null(table, &column.name),
            _ => {}
        }
    }
}

/// A type that does not count up by itself.
fn plain(kind: &str) -> String {
    let lower = kind.to_ascii_lowercase();
    lower.replace("bigserial", "bigint").replace("smallserial", "smallint").replace("serial", "integer")
}
