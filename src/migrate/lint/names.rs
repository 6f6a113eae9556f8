//! Rules about new names and new tables.

use super::super::sql::{Action, Column, Constraint, ConstraintKind, Name, NewTable, Statement};
use super::look::{Found, Look};
use super::rule::Rule;
use crate::config::DriverName;
use crate::dialect::lookup;

impl Look<'_> {
    /// Every name that a statement gives.
    pub(super) fn names(&mut self, statement: &Statement<'_>) {
        let mut names: Vec<&str> = Vec::new();
        match statement {
            Statement::CreateTable(table) => {
                names.push(&table.name.name);
                names.extend(table.columns.iter().map(|column| column.name.name.as_str()));
                let constraints = table.constraints.iter();
                names.extend(constraints.filter_map(|constraint| constraint.name.as_ref()).map(last));
            }
            Statement::AlterTable { actions, .. } => names.extend(actions.iter().filter_map(new_name)),
            Statement::CreateIndex(index) => names.extend(index.name.as_ref().map(last)),
            Statement::RenameTables(pairs) => names.extend(pairs.iter().map(|(_, to)| to.name.as_str())),
            _ => {}
        }
        let limit = lookup(self.driver).capabilities().max_identifier_length;
        let length = |name: &str| if self.is_postgres() { name.len() } else { name.chars().count() };
        let long: Vec<(String, usize)> = names
            .into_iter()
            .map(|name| (name.to_owned(), length(name)))
            .filter(|(_, length)| *length > limit)
            .collect();
        for (name, length) in long {
            let unit = if self.is_postgres() { "bytes" } else { "characters" };
            let ending = if self.is_postgres() { ", and the rest is cut off silently" } else { "" };
            let message =
                format!("the name {} has {length} {unit}, {limit} are taken{ending}", self.quoted(&name));
            self.say(Rule::IdentifierTooLong, message, Some("give it a shorter name".into()));
        }
    }

    pub(super) fn create_table(&mut self, made: &NewTable<'_>) {
        let NewTable { name: table, columns, constraints, .. } = made;
        let is_key = |column: &Column<'_>| {
            let is_named = |constraint: &Constraint<'_>| {
                constraint.kind == ConstraintKind::Primary
                    && constraint.columns == [Some(column.name.name.clone())]
            };
            column.is_primary || constraints.iter().any(is_named)
        };
        let small =
            columns.iter().find(|column| column.counts && is_key(column) && is_of_32_bits(column.kind));
        if let Some(column) = small
            && self.driver != DriverName::Sqlite
        {
            let (name, kind) = (self.quoted(&column.name.name), column.kind.to_lowercase());
            let wide = if kind.contains("serial") { "bigserial" } else { "bigint" };
            self.find_anyway(
                Rule::IntPrimaryKey,
                table,
                Found {
                    subject: &format!("the key {name} of"),
                    effect: "ends at 2,147,483,647",
                    instead: Some(format!("{name} {wide}")),
                },
            );
        }
        // `if not exists` of one that exists makes nothing.
        if self.facts(table).is_none() {
            self.state.create(table);
        }
    }
}

fn is_of_32_bits(kind: &str) -> bool {
    let name = kind.to_lowercase();
    let name = name.split(['(', ' ']).next().unwrap_or("");
    matches!(
        name,
        "int" | "integer" | "int4" | "serial" | "serial4" | "mediumint" | "smallint" | "smallserial"
    )
}

fn last(name: &Name) -> &str {
    &name.name
}

fn new_name<'a>(action: &'a Action<'_>) -> Option<&'a str> {
    match action {
        Action::AddColumn { column, .. } | Action::Redefine { column, .. } => Some(&column.name.name),
        Action::RenameColumn { to, .. } | Action::RenameTable(to) => Some(&to.name),
        Action::AddConstraint(constraint) => constraint.name.as_ref().map(last),
        _ => None,
    }
}
