//! Rules about what statements take away from code that still runs: tables, columns, names, rows.

use super::super::sql::Name;
use super::look::{Found, Look};
use super::rule::Rule;

impl Look<'_> {
    pub(super) fn drop_table(&mut self, table: &Name) {
        self.find(
            Rule::DropTable,
            table,
            Found {
                subject: "drop table",
                effect: "loses its rows, and code that still uses it fails",
                instead: Some("drop it after the release that stopped using it, from a backup".into()),
            },
        );
    }

    pub(super) fn drop_column(&mut self, table: &Name, column: &str) {
        self.find(
            Rule::DropColumn,
            table,
            Found {
                subject: &format!("drop column {} of", self.quoted(column)),
                effect: "loses its values, and code that still names it fails",
                instead: Some(
                    "drop it in a migration of its own, after the release that stopped using it".into(),
                ),
            },
        );
    }

    pub(super) fn rename_table(&mut self, from: &Name, to: &Name) {
        let new = Name::new(from.namespace.clone(), to.name.clone());
        let (old, new) = (self.written(from), self.written(&new));
        let rename = if self.is_sqlserver() {
            self.sql.to_owned()
        } else {
            format!("alter table {old} rename to {}", self.quoted(&to.name))
        };
        self.find(
            Rule::RenameTable,
            from,
            Found {
                subject: "rename of table",
                effect: "makes code fail that still uses the old name",
                instead: Some(format!(
                    "{rename}; create view {old} as select * from {new}; and drop the view after the release"
                )),
            },
        );
    }

    pub(super) fn rename_column(&mut self, table: &Name, from: &str, to: &str) {
        let add = if self.is_sqlserver() { "add" } else { "add column" };
        self.find(
            Rule::RenameColumn,
            table,
            Found {
                subject: &format!("rename of column {} of", self.quoted(from)),
                effect: "makes code fail that still uses the old name",
                instead: Some(format!(
                    "alter table {} {add} {} …; write both, fill it in batches, and drop {} after the release",
                    self.written(table),
                    self.quoted(to),
                    self.quoted(from)
                )),
            },
        );
    }

    pub(super) fn truncate(&mut self, table: &Name, cascades: bool) {
        if cascades {
            self.find(
                Rule::TruncateCascade,
                table,
                Found {
                    subject: "truncate of",
                    effect: "empties every table that refers to it as well",
                    instead: Some(format!(
                        "truncate {}, with every table that goes by name",
                        self.written(table)
                    )),
                },
            );
        }
    }
}
