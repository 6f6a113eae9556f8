//! [`effects`]: what a schema change that is written as SQL makes of a structure, as far as its text tells.

use super::sql::{
    self, Action, Constraint, ConstraintKind, Cursor, Name, NewIndex, NewTable, Statement, tokens,
};
use crate::config::DriverName;
use crate::dialect::schema::dialect;
use crate::schema::{Change, Column, ColumnType, DefaultValue, Index, IndexColumn, IndexKind, Table};

/// One thing that a statement does.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Effect {
    /// `leniently`: it does nothing where it cannot be done (`if exists`).
    Change { change: Box<Change>, leniently: bool },
    /// A view is there.
    CreateView { name: String },
    /// A view is gone.
    DropView { name: String },
    /// An index is gone, on whichever table it is.
    DropIndex { name: String },
}

/// What a statement does to tables, columns, indexes and views. None when it may do more than is understood.
pub(super) fn effects(sql: &str, driver: DriverName) -> Option<Vec<Effect>> {
    let tokens = tokens(sql, driver);
    Some(match Statement::read(Cursor::new(sql, &tokens, driver)) {
        Statement::CreateTable(table) => created(&table, driver),
        Statement::AlterTable { table, if_exists, actions, .. } => {
            actions.iter().flat_map(|action| altered(&table, action, if_exists, driver)).collect()
        }
        Statement::DropTables { tables, if_exists } => {
            let drop = |table: &Name| Change::DropTable { table: table.dotted(), if_exists };
            tables.iter().map(|table| effect(drop(table), if_exists)).collect()
        }
        Statement::RenameTables(pairs) => {
            pairs.iter().map(|(from, to)| effect(renamed(from, to), false)).collect()
        }
        Statement::CreateIndex(index) => vec![indexed(&index)],
        Statement::DropIndexes { names, .. } => names.into_iter().map(dropped_index).collect(),
        Statement::CreateView(name) => vec![Effect::CreateView { name: name.dotted() }],
        Statement::DropViews(names) => {
            names.iter().map(|name| Effect::DropView { name: name.dotted() }).collect()
        }
        Statement::Truncate { .. } | Statement::Aside => Vec::new(),
        Statement::DropNamespaces(_) | Statement::AddEnumValue { .. } | Statement::Other => return None,
    })
}

fn created(made: &NewTable<'_>, driver: DriverName) -> Vec<Effect> {
    let mut table = Table::new(made.name.dotted());
    for column in &made.columns {
        let kinds = [(IndexKind::Primary, column.is_primary), (IndexKind::Unique, column.is_unique)];
        for (kind, _) in kinds.into_iter().filter(|(_, is_it)| *is_it) {
            table.indexes.push(Index::new(kind, vec![column.name.name.clone()]));
        }
        table.columns.push(described(column, driver));
    }
    table.indexes.extend(made.constraints.iter().filter_map(key));
    let dropped = Change::DropTable { table: table.name.clone(), if_exists: true };
    let mut effects = if made.replaces { vec![effect(dropped, true)] } else { Vec::new() };
    effects.push(effect(Change::CreateTable { table }, made.unless_exists));
    effects
}

fn altered(table: &Name, action: &Action<'_>, if_exists: bool, driver: DriverName) -> Vec<Effect> {
    let name = table.dotted();
    let one = |change: Change, leniently: bool| vec![effect(change, leniently || if_exists)];
    match action {
        Action::AddColumn { column, unless_exists } => {
            one(Change::AddColumn { table: name, column: described(column, driver) }, *unless_exists)
        }
        Action::DropColumn { name: column, if_exists } => {
            let columns = vec![column.name.clone()];
            one(Change::DropColumns { table: name, columns, instant: false, lock: None }, *if_exists)
        }
        Action::RenameColumn { from, to } => {
            one(Change::RenameColumn { table: name, column: from.name.clone(), to: to.name.clone() }, false)
        }
        Action::RenameTable(to) => one(renamed(table, to), false),
        Action::Redefine { from, column } => {
            let mut effects = Vec::new();
            if from.name != column.name.name {
                let (column, to) = (from.name.clone(), column.name.name.clone());
                effects.extend(one(Change::RenameColumn { table: name.clone(), column, to }, false));
            }
            effects
                .extend(one(Change::ChangeColumn { table: name, column: described(column, driver) }, false));
            effects
        }
        Action::AddConstraint(constraint) => key(constraint).map_or_else(Vec::new, |index| {
            one(Change::AddIndex { table: name, index }, constraint.unless_exists)
        }),
        Action::DropIndex(index) => vec![dropped_index(index.clone())],
        _ => Vec::new(),
    }
}

/// A table stays in its namespace, which is not said again.
fn renamed(from: &Name, to: &Name) -> Change {
    let namespace = to.namespace.clone().or_else(|| from.namespace.clone());
    Change::RenameTable { table: from.dotted(), to: Name::new(namespace, to.name.clone()).dotted() }
}

fn indexed(index: &NewIndex<'_>) -> Effect {
    let kind = if index.is_unique { IndexKind::Unique } else { IndexKind::Index };
    let made = index_of(kind, index.name.as_ref(), &index.columns);
    effect(Change::AddIndex { table: index.table.dotted(), index: made }, index.unless_exists)
}

/// The index that a constraint is.
fn key(constraint: &Constraint<'_>) -> Option<Index> {
    let kind = match constraint.kind {
        ConstraintKind::Primary => IndexKind::Primary,
        ConstraintKind::Unique => IndexKind::Unique,
        ConstraintKind::Index => IndexKind::Index,
        _ => return None,
    };
    let name = constraint.name.as_ref().filter(|_| kind != IndexKind::Primary);
    Some(index_of(kind, name, &constraint.columns))
}

fn index_of(kind: IndexKind, name: Option<&Name>, columns: &[Option<String>]) -> Index {
    let column = |column: &Option<String>| match column {
        Some(name) => IndexColumn::named(name.clone()),
        None => IndexColumn::computed("…"),
    };
    let columns = columns.iter().map(column).collect();
    Index { columns, name: name.map(|name| name.name.clone()), ..Index::new(kind, Vec::new()) }
}

/// A column as far as names, types and defaults go.
fn described(column: &sql::Column<'_>, driver: DriverName) -> Column {
    let spelled = column.kind;
    let mut described = Column::new(column.name.name.clone(), ColumnType::Raw { sql: spelled.to_owned() });
    dialect(driver).read_type(spelled, &mut described);
    described.nullable = Some(!column.is_required);
    described.auto_increment = column.counts;
    described.default = column.default.map(|sql| DefaultValue::Raw { sql: sql.to_owned() });
    described
}

fn dropped_index(name: Name) -> Effect {
    Effect::DropIndex { name: name.name }
}

fn effect(change: Change, leniently: bool) -> Effect {
    Effect::Change { change: Box::new(change), leniently }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Table;

    /// Kinds and tables of the changes.
    fn read(sql: &str, driver: DriverName) -> Option<Vec<String>> {
        let said = |effect: &Effect| match effect {
            Effect::Change { change, leniently } => {
                let mark = if *leniently { "?" } else { "" };
                format!("{}{mark} {}", change.kind(), change.table().unwrap_or_default())
            }
            Effect::CreateView { name } => format!("view {name}"),
            Effect::DropView { name } => format!("no view {name}"),
            Effect::DropIndex { name } => format!("no index {name}"),
        };
        Some(effects(sql, driver)?.iter().map(said).collect())
    }

    #[test]
    fn tables_columns_indexes_and_views_are_understood() {
        for (sql, expected) in [
            ("create table a (id int)", vec!["createTable a"]),
            ("CREATE UNLOGGED TABLE IF NOT EXISTS app.A (id int)", vec!["createTable? app.a"]),
            ("create table b as select 1 as x", vec!["createTable b"]),
            ("drop table if exists a, \"B\" cascade", vec!["dropTable? a", "dropTable? B"]),
            ("alter table only a rename to b", vec!["renameTable a"]),
            ("alter table a rename column x to y", vec!["renameColumn a"]),
            ("alter table a rename constraint x to y", vec![]),
            (
                "alter table a add x int default (1 + 2), add column if not exists y numeric(8, 2), drop z, add constraint c check (x > 0), alter x set not null",
                vec!["addColumn a", "addColumn? a", "dropColumns a"],
            ),
            ("create unique index concurrently i on a using btree (x, lower(y))", vec!["addIndex a"]),
            ("create or replace view v as select 1", vec!["view v"]),
            ("drop view v, w", vec!["no view v", "no view w"]),
            ("drop index concurrently if exists app.i", vec!["no index i"]),
            ("vacuum", vec![]),
            ("comment on table a is 'drop table a'", vec![]),
        ] {
            assert_eq!(
                read(sql, DriverName::Postgres),
                Some(expected.iter().map(ToString::to_string).collect()),
                "{sql}"
            );
        }
    }

    #[test]
    fn mysql_spellings_are_understood() {
        for (sql, expected) in [
            ("rename table a to b, c to d", vec!["renameTable a", "renameTable c"]),
            ("alter table a change x y int not null after z", vec!["renameColumn a", "changeColumn a"]),
            ("alter table a modify column x bigint", vec!["changeColumn a"]),
            (
                "alter table a add (x int, y int), add index i (x)",
                vec!["addColumn a", "addColumn a", "addIndex a"],
            ),
            ("alter table a drop key i", vec!["no index i"]),
            ("create or replace table a (x int)", vec!["dropTable? a", "createTable a"]),
        ] {
            assert_eq!(
                read(sql, DriverName::MariaDb),
                Some(expected.iter().map(ToString::to_string).collect()),
                "{sql}"
            );
        }
    }

    #[test]
    fn what_may_do_anything_is_not_understood() {
        for sql in [
            "do $$ begin create table a (id int); end $$",
            "call setup()",
            "select 1 as a into b",
            "create schema x",
            "create table",
        ] {
            assert_eq!(read(sql, DriverName::Postgres), None, "{sql}");
        }
    }

    #[test]
    fn a_table_without_a_list_has_no_columns_that_are_known() {
        let found = effects("create table b as select 1", DriverName::Sqlite).expect("understood");
        assert_eq!(found, [effect(Change::CreateTable { table: Table::new("b") }, false)]);
    }

    /// The table that a list describes.
    fn listed(list: &str, driver: DriverName) -> Table {
        let mut found = effects(&format!("create table t ({list})"), driver).expect("understood");
        match found.pop() {
            Some(Effect::Change { change, .. }) => match *change {
                Change::CreateTable { table } => table,
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn names_types_and_keys_are_listed() {
        let table = listed(
            "id bigserial primary key, \"Price\" numeric(8, 2) not null default (1 + 2), note text default now() null, \
             code varchar(20) unique, constraint c check (id > 0), unique (code, note)",
            DriverName::Postgres,
        );
        let names: Vec<_> = table.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["id", "Price", "note", "code"]);
        assert_eq!(table.columns[1].column_type, ColumnType::Decimal { precision: 8, scale: 2 });
        assert_eq!(table.columns[1].default, Some(DefaultValue::Raw { sql: "(1 + 2)".into() }));
        assert_eq!(table.columns[2].default, Some(DefaultValue::Raw { sql: "now()".into() }));
        let nullable: Vec<_> = table.columns.iter().map(|column| column.nullable).collect();
        assert_eq!(nullable, [Some(false), Some(false), Some(true), Some(true)]);
        let keys: Vec<_> = table.indexes.iter().map(|index| (index.kind, index.columns.len())).collect();
        assert_eq!(keys, [(IndexKind::Primary, 1), (IndexKind::Unique, 1), (IndexKind::Unique, 2)]);
    }

    #[test]
    fn mysql_keys_have_names_and_lengths() {
        let table =
            listed("a int auto_increment, b text, key by_b (b(10), a), primary key (a)", DriverName::MySql);
        assert_eq!(table.indexes[0].name.as_deref(), Some("by_b"));
        assert_eq!(table.indexes[0].columns, [IndexColumn::named("b"), IndexColumn::named("a")]);
        assert!(table.columns[0].auto_increment && table.primary_key().is_some());
    }

    #[test]
    fn a_column_of_postgres_may_be_called_key() {
        let table = listed("key text primary key, value text", DriverName::Postgres);
        let names: Vec<_> = table.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!(names, ["key", "value"]);
        assert_eq!(table.indexes.len(), 1);
    }
}
