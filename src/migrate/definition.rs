//! [`Definition`]: what a statement creates, drops or alters, read from its text. Pure.
//!
//! It knows the beginnings of statements that a migration is made of, no more: what it does not know is
//! [`Definition::Other`], and nothing is claimed of it.

use super::definition_words::Words;
use crate::config::DriverName;

/// A name as it was written, and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    /// `"audit"."users"`
    pub text: String,
    /// `audit`, `users`, without quotes.
    pub parts: Vec<String>,
}

impl Name {
    /// The name without what qualifies it.
    pub(super) fn last(&self) -> &str {
        self.parts.last().map_or("", String::as_str)
    }

    /// What qualifies it, as it was written, with the dot.
    pub(super) fn qualifier(&self) -> &str {
        self.text.rfind('.').map_or("", |dot| &self.text[..=dot])
    }
}

/// An index that a statement creates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NewIndex {
    pub name: Name,
    pub table: Name,
    pub is_unique: bool,
    pub is_online: bool,
    pub unless_exists: bool,
    /// Everything behind the table.
    pub rest: String,
}

/// One clause of `alter table`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Clause {
    AddColumn { name: Name, unless_exists: bool },
    DropColumn(Name),
    RenameColumn(Name),
    AddIndex(Name),
    DropIndex(Name),
    AddForeignKey(Name),
    AddConstraint(Name),
    DropConstraint(Name),
    AddPrimaryKey,
    RenameTable(Name),
    Other,
}

/// What a statement does to the structure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Definition {
    CreateTable { name: Name, unless_exists: bool },
    DropTable(Name),
    CreateIndex(NewIndex),
    DropIndex { name: Name, table: Option<Name> },
    AlterTable { table: Name, clauses: Vec<Clause> },
    Other,
}

/// Reads one statement.
pub(super) fn definition(sql: &str, driver: DriverName) -> Definition {
    let mut words = Words::new(sql, driver);
    let found = if words.eat("create") {
        create(&mut words)
    } else if words.eat("drop") {
        drop(&mut words)
    } else if words.eat_all(&["alter", "table"]) {
        alter(&mut words, driver)
    } else {
        None
    };
    found.unwrap_or(Definition::Other)
}

fn create(words: &mut Words<'_>) -> Option<Definition> {
    words.eat("unlogged");
    if words.eat("table") {
        let unless_exists = words.eat_all(&["if", "not", "exists"]);
        return Some(Definition::CreateTable { name: words.name()?, unless_exists });
    }
    let is_unique = words.eat("unique");
    let _ =
        words.eat("fulltext") || words.eat("spatial") || words.eat("clustered") || words.eat("nonclustered");
    if !words.eat("index") {
        return None;
    }
    let is_online = words.eat("concurrently");
    let unless_exists = words.eat_all(&["if", "not", "exists"]);
    // PostgreSQL names it itself when nobody does.
    let name = if words.is("on") { None } else { words.name() }?;
    while !words.is("on") {
        words.skip()?; // `using btree`
    }
    words.eat("on");
    words.eat("only");
    let table = words.name()?;
    let rest = words.rest().to_owned();
    Some(Definition::CreateIndex(NewIndex { name, table, is_unique, is_online, unless_exists, rest }))
}

fn drop(words: &mut Words<'_>) -> Option<Definition> {
    if words.eat("table") {
        words.eat_all(&["if", "exists"]);
        let name = words.name()?;
        return (!words.is(",")).then_some(Definition::DropTable(name));
    }
    if !words.eat("index") {
        return None;
    }
    words.eat("concurrently");
    words.eat_all(&["if", "exists"]);
    let name = words.name()?;
    if words.is(",") {
        return None;
    }
    let table = if words.eat("on") { Some(words.name()?) } else { None };
    Some(Definition::DropIndex { name, table })
}

fn alter(words: &mut Words<'_>, driver: DriverName) -> Option<Definition> {
    words.eat_all(&["if", "exists"]);
    words.eat("only");
    let table = words.name()?;
    let mut clauses: Vec<Clause> = Vec::new();
    loop {
        clauses.push(clause(words).unwrap_or(Clause::Other));
        if !words.next_clause() {
            break;
        }
    }
    // `add a int, b int` is one clause there.
    if driver == DriverName::SqlServer && clauses.len() > 1 {
        clauses.push(Clause::Other);
    }
    Some(Definition::AlterTable { table, clauses })
}

fn clause(words: &mut Words<'_>) -> Option<Clause> {
    if words.eat("add") {
        return added(words);
    }
    if words.eat("drop") {
        let is_index = words.eat("index") || words.eat("key");
        let is_key = words.eat_all(&["foreign", "key"]) || words.eat("constraint") || words.eat("check");
        if words.is("primary") {
            return None;
        }
        let _ = words.eat("column");
        words.eat_all(&["if", "exists"]);
        let name = words.name()?;
        return Some(match (is_index, is_key) {
            (true, _) => Clause::DropIndex(name),
            (_, true) => Clause::DropConstraint(name),
            _ => Clause::DropColumn(name),
        });
    }
    if words.eat("rename") {
        if words.eat("to") || words.eat("as") {
            return words.name().map(Clause::RenameTable);
        }
        if words.is("index") || words.is("key") || words.is("constraint") {
            return None;
        }
        words.eat("column");
        words.name()?;
        return if words.eat("to") { words.name().map(Clause::RenameColumn) } else { None };
    }
    None
}

fn added(words: &mut Words<'_>) -> Option<Clause> {
    if words.eat("constraint") {
        let name = if words.is("foreign") || words.is("unique") { None } else { words.name() }?;
        return Some(if words.is("foreign") {
            Clause::AddForeignKey(name)
        } else if words.eat_all(&["primary", "key"]) {
            Clause::AddPrimaryKey
        } else if words.is("unique") {
            Clause::AddIndex(name)
        } else {
            Clause::AddConstraint(name)
        });
    }
    if words.eat_all(&["primary", "key"]) {
        return Some(Clause::AddPrimaryKey);
    }
    if words.is("foreign")
        || words.is("check")
        || words.is("(")
        || words.is("partition")
        || words.is("system")
    {
        return None;
    }
    let is_unique = words.eat("unique") || words.eat("fulltext") || words.eat("spatial");
    if words.eat("index") || words.eat("key") || is_unique {
        return words.name().map(Clause::AddIndex);
    }
    words.eat("column");
    let unless_exists = words.eat_all(&["if", "not", "exists"]);
    let name = words.name()?;
    Some(Clause::AddColumn { name, unless_exists })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str, parts: &[&str]) -> Name {
        Name { text: text.into(), parts: parts.iter().map(|part| (*part).to_owned()).collect() }
    }

    #[test]
    fn tables_and_indexes_are_read_with_their_names() {
        assert_eq!(
            definition("CREATE /* x */ TABLE `app`.`us``ers` (`id` int)", DriverName::MySql),
            Definition::CreateTable {
                name: name("`app`.`us``ers`", &["app", "us`ers"]),
                unless_exists: false
            }
        );
        assert_eq!(
            definition("create table if not exists Users (id int)", DriverName::Postgres),
            Definition::CreateTable { name: name("Users", &["users"]), unless_exists: true }
        );
        let sql = "create unique index concurrently i on only public.t using gin (lower(a)) where a > 'on'";
        assert_eq!(
            definition(sql, DriverName::Postgres),
            Definition::CreateIndex(NewIndex {
                name: name("i", &["i"]),
                table: name("public.t", &["public", "t"]),
                is_unique: true,
                is_online: true,
                unless_exists: false,
                rest: "using gin (lower(a)) where a > 'on'".into(),
            })
        );
        assert_eq!(
            definition("drop index `a` on `t`", DriverName::MariaDb),
            Definition::DropIndex { name: name("`a`", &["a"]), table: Some(name("`t`", &["t"])) }
        );
    }

    #[test]
    fn the_clauses_of_an_alteration_are_read_one_by_one() {
        let clauses = |sql: &str| match definition(sql, DriverName::MySql) {
            Definition::AlterTable { clauses, .. } => clauses,
            other => panic!("{sql}: {other:?}"),
        };
        let a = || name("a", &["a"]);
        assert_eq!(
            clauses(
                "alter table t add a decimal(8, 2), add column `b` int, add unique index a (x, y), drop a"
            ),
            [
                Clause::AddColumn { name: a(), unless_exists: false },
                Clause::AddColumn { name: name("`b`", &["b"]), unless_exists: false },
                Clause::AddIndex(a()),
                Clause::DropColumn(a()),
            ]
        );
        assert_eq!(
            clauses("alter table t add constraint a foreign key (x) references u (id), add primary key (id)"),
            [Clause::AddForeignKey(a()), Clause::AddPrimaryKey]
        );
        assert_eq!(clauses("alter table t rename to a"), [Clause::RenameTable(a())]);
        assert_eq!(clauses("alter table t rename column x to a"), [Clause::RenameColumn(a())]);
        for unknown in
            ["modify a int", "add foreign key (a) references b (c)", "add unique (a)", "drop primary key"]
        {
            assert_eq!(clauses(&format!("alter table t {unknown}")), [Clause::Other], "{unknown}");
        }
    }

    #[test]
    fn nothing_is_claimed_of_other_statements() {
        for sql in [
            "create temporary table t (a int)",
            "create or replace table t (a int)",
            "create view v as select 1",
            "drop table a, b",
            "create index on t (a)",
            "insert into t values ('create table x')",
            "create",
            "alter table",
            "drop table",
            "",
        ] {
            assert_eq!(definition(sql, DriverName::Postgres), Definition::Other, "{sql}");
        }
    }
}
