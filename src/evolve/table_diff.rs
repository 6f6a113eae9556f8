//! [`TableDiff`]: the changes that make one table another.

use super::diff::{Phase, drop_key};
use super::normalize::normalize;
use crate::config::DriverName;
use crate::dialect::ansi::table::Scope;
use crate::dialect::schema::{PlanOptions, dialect};
use crate::error::{Error, Result};
use crate::schema::expression::names_column;
use crate::schema::{
    Change, Check, Column, Database, ForeignKey, Index, IndexKind, Position, Table, TableOptions,
};

/// One table before and after, each as it is described and in its normal form.
pub(super) struct TableDiff<'d> {
    before: &'d Table,
    after: &'d Table,
    normal_before: Table,
    normal_after: Table,
    driver: DriverName,
    options: &'d PlanOptions,
}

impl<'d> TableDiff<'d> {
    pub(super) fn new(
        before: &'d Table,
        after: &'d Table,
        driver: DriverName,
        options: &'d PlanOptions,
    ) -> Result<Self> {
        let (normal_before, normal_after) =
            (normalize(before, driver, options)?, normalize(&stored_like(after, before), driver, options)?);
        Ok(Self { before, after, normal_before, normal_after, driver, options })
    }

    /// The changes, each with its place among those of all tables. `lost` are the keys, of whatever
    /// table, whose target changes.
    pub(super) fn changes(&self, lost: &[LostKey]) -> Result<Vec<(Phase, Change)>> {
        self.check_options()?;
        let mut changes = Vec::new();
        self.columns(&mut changes)?;
        self.indexes(&mut changes);
        self.checks(&mut changes);
        self.foreign_keys(lost, &mut changes);
        if self.normal_before.comment != self.normal_after.comment {
            let comment = self.after.comment.clone().unwrap_or_default();
            changes.push((Phase::Comments, Change::CommentTable { table: self.table(), comment }));
        }
        changes.sort_by_key(|(phase, _)| self.place(*phase));
        Ok(changes)
    }

    /// SQLite rebuilds the table for each run of changes that need it: they stand together.
    fn place(&self, phase: Phase) -> (u8, Phase) {
        let place = match phase {
            _ if self.driver != DriverName::Sqlite => 0,
            Phase::DropIndexes => 0,
            Phase::AddColumns => 1,
            Phase::DropColumns => 3,
            Phase::AddIndexes => 4,
            _ => 2,
        };
        (place, phase)
    }

    fn table(&self) -> String {
        self.after.name.clone()
    }

    /// How a table is stored is chosen when it is created.
    fn check_options(&self) -> Result<()> {
        let (before, after) = (&self.normal_before.options, &self.normal_after.options);
        // What one of them does not say is as it is in the other.
        let said = |wanted: &Option<String>, found: &Option<String>| {
            wanted.as_ref().filter(|_| found.is_some()).or(found.as_ref()).cloned()
        };
        let after = TableOptions {
            engine: said(&after.engine, &before.engine),
            charset: said(&after.charset, &before.charset),
            collation: said(&after.collation, &before.collation),
            ..after.clone()
        };
        if after == *before {
            return Ok(());
        }
        let what =
            "change of how a table is stored (engine, charset, collation, strict, without rowid, partitions)";
        let mut error = Error::unsupported(format!("{what}: {}", self.after.name), self.driver.label());
        error.detail.table = Some(self.table());
        Err(error)
    }

    fn columns(&self, changes: &mut Vec<(Phase, Change)>) -> Result<()> {
        let mut previous: Option<&str> = None;
        for column in &self.after.columns {
            let position =
                previous.map_or(Position::First, |name| Position::After { column: name.to_owned() });
            match self.before.column(&column.name) {
                None => changes.push(self.add(column, position)),
                Some(_) if self.is_replaced(&column.name) => {
                    changes.push(self.drop(&column.name, Phase::DropComputed));
                    changes.push((Phase::AddComputed, self.add(column, position).1));
                }
                Some(_) if self.is_changed(&column.name) => changes.push(self.change(column)?),
                Some(_) => {}
            }
            // A column that comes later cannot be stood behind yet; it comes between.
            let is_there = column.generated.is_none()
                || self.before.column(&column.name).is_some() && !self.is_replaced(&column.name);
            if is_there {
                previous = Some(&column.name);
            }
        }
        for column in self.before.columns.iter().filter(|column| self.after.column(&column.name).is_none()) {
            let phase = if column.generated.is_some() { Phase::DropComputed } else { Phase::DropColumns };
            changes.push(self.drop(&column.name, phase));
        }
        Ok(())
    }

    fn add(&self, column: &Column, position: Position) -> (Phase, Change) {
        let mut column = column.clone();
        if matches!(self.driver, DriverName::MySql | DriverName::MariaDb) {
            column.position = Some(position);
        }
        let phase = if column.generated.is_some() { Phase::AddComputed } else { Phase::AddColumns };
        (phase, Change::AddColumn { table: self.table(), column })
    }

    fn drop(&self, column: &str, phase: Phase) -> (Phase, Change) {
        let columns = vec![column.to_owned()];
        (phase, Change::DropColumns { table: self.table(), columns, instant: false, lock: None })
    }

    fn change(&self, column: &Column) -> Result<(Phase, Change)> {
        let type_in = |table: &'_ Table| table.column(&column.name).map(|column| column.column_type.clone());
        let mut column = column.clone();
        if self.driver == DriverName::Postgres && type_in(&self.normal_before) != type_in(&self.normal_after)
        {
            let scope = Scope { driver: self.driver, prefix: "", options: self.options };
            let plain = Column { auto_increment: false, ..column.clone() };
            let name = dialect(self.driver).sql_type(&self.after.name, &plain, &scope)?;
            let name = name.split(" check ").next().unwrap_or_default();
            column.using.get_or_insert_with(|| format!("{}::{name}", scope.quote(&column.name)));
        }
        Ok((Phase::ChangeColumns, Change::ChangeColumn { table: self.table(), column }))
    }

    fn is_changed(&self, column: &str) -> bool {
        self.normal_before.column(column) != self.normal_after.column(column)
    }

    /// Whether a column goes and comes again, because its values are computed, or were by each read.
    fn is_replaced(&self, column: &str) -> bool {
        let (before, after) = (self.normal_before.column(column), self.normal_after.column(column));
        let (Some(before), Some(after)) = (before, after) else { return false };
        if before != after {
            return after.generated.is_some() || before.generated.as_ref().is_some_and(|old| !old.stored);
        }
        // PostgreSQL alters no column that another is computed from.
        self.driver == DriverName::Postgres
            && after
                .generated
                .as_ref()
                .is_some_and(|generated| self.touched().any(|name| names_column(&generated.expression, name)))
    }

    /// The columns that are altered as they stand.
    fn touched(&self) -> impl Iterator<Item = &str> {
        let columns = self.after.columns.iter().map(|column| column.name.as_str());
        columns.filter(|name| {
            let (before, after) = (self.normal_before.column(name), self.normal_after.column(name));
            before.is_some() && before != after && after.is_none_or(|column| column.generated.is_none())
        })
    }

    /// Whether what reads these expressions has to go while columns change.
    fn is_disturbed<'e>(&self, mut sql: impl Iterator<Item = &'e String>) -> bool {
        self.driver != DriverName::Sqlite
            && sql.any(|sql| {
                let names = |name: &str| names_column(sql, name);
                self.touched().any(names)
                    || self
                        .after
                        .columns
                        .iter()
                        .any(|column| self.is_replaced(&column.name) && names(&column.name))
            })
    }

    fn indexes(&self, changes: &mut Vec<(Phase, Change)>) {
        for index in &self.before.indexes {
            if !self.keeps_index(index) {
                let is_primary = index.kind == IndexKind::Primary;
                let phase = if is_primary { Phase::DropPrimary } else { Phase::DropIndexes };
                changes.push((phase, Change::DropIndex { table: self.table(), index: index.clone() }));
            }
        }
        for index in &self.after.indexes {
            if !self.keeps_index(index) {
                let is_primary = index.kind == IndexKind::Primary;
                let phase = if is_primary { Phase::AddPrimary } else { Phase::AddIndexes };
                changes.push((phase, Change::AddIndex { table: self.table(), index: index.clone() }));
            }
        }
    }

    fn keeps_index(&self, index: &Index) -> bool {
        let normal = |table: &'_ Table| table.indexes.iter().find(|other| is_same(index, other)).cloned();
        let (before, after) = (normal(&self.normal_before), normal(&self.normal_after));
        let is_replaced = |part: &String| self.is_replaced(part);
        let expressions = index.columns.iter().filter_map(|part| part.expression.as_ref());
        before.is_some()
            && before == after
            && !index.column_names().iter().chain(&index.include).any(is_replaced)
            && !self.is_disturbed(expressions.chain(&index.expression).chain(&index.predicate))
    }

    fn checks(&self, changes: &mut Vec<(Phase, Change)>) {
        let keeps = |check: &Check| {
            let normal =
                |table: &'_ Table| table.checks.iter().find(|other| other.name == check.name).cloned();
            let (before, after) = (normal(&self.normal_before), normal(&self.normal_after));
            before.is_some() && before == after && !self.is_disturbed(std::iter::once(&check.expression))
        };
        for check in self.before.checks.iter().filter(|check| !keeps(check)) {
            changes
                .push((Phase::DropChecks, Change::DropCheck { table: self.table(), check: check.clone() }));
        }
        for check in self.after.checks.iter().filter(|check| !keeps(check)) {
            changes.push((Phase::AddChecks, Change::AddCheck { table: self.table(), check: check.clone() }));
        }
    }

    fn foreign_keys(&self, lost: &[LostKey], changes: &mut Vec<(Phase, Change)>) {
        let kept = |key: &ForeignKey, described: &Table, normal: &Table| {
            let at = described.foreign_keys.iter().position(|other| other == key);
            at.is_some() && {
                let own = self.normal_key(key);
                own.is_some_and(|own| normal.foreign_keys.contains(&own)) && !self.is_lost(key, lost)
            }
        };
        for key in &self.before.foreign_keys {
            if !kept(key, self.before, &self.normal_after) {
                changes.push(drop_key(&self.after.name, key));
            }
        }
        for key in &self.after.foreign_keys {
            if !kept(key, self.after, &self.normal_before) {
                let change = Change::AddForeignKey { table: self.table(), foreign_key: key.clone() };
                changes.push((Phase::AddKeys, change));
            }
        }
    }

    /// A key in its normal form, as if it were the only one.
    fn normal_key(&self, key: &ForeignKey) -> Option<ForeignKey> {
        let alone = Table { foreign_keys: vec![key.clone()], ..Table::new(self.after.name.clone()) };
        normalize(&alone, self.driver, self.options).ok()?.foreign_keys.pop()
    }

    /// Whether a key has to go while what it stands on changes.
    fn is_lost(&self, key: &ForeignKey, lost: &[LostKey]) -> bool {
        if self.driver == DriverName::Sqlite {
            return false;
        }
        let is_mysql = matches!(self.driver, DriverName::MySql | DriverName::MariaDb);
        let stands_on = |index: &&Index| index.column_names().starts_with(&key.columns);
        key.columns.iter().any(|column| self.is_replaced(column) || is_mysql && self.is_changed(column))
            || is_mysql && self.before.indexes.iter().filter(stands_on).any(|index| !self.keeps_index(index))
            || lost.contains(&(self.before.name.clone(), key.name.clone()))
    }
}

/// A key that refers to columns or indexes that change: its table, and its name.
pub(super) type LostKey = (String, Option<String>);

/// The keys of `current` that lose their target while the tables change.
pub(super) fn lost_keys(current: &Database, diffs: &[TableDiff<'_>]) -> Vec<LostKey> {
    let mut lost = Vec::new();
    for diff in diffs {
        let is_mysql = matches!(diff.driver, DriverName::MySql | DriverName::MariaDb);
        for table in &current.tables {
            for key in table.foreign_keys.iter().filter(|key| key.on == diff.before.name) {
                let is_target = |index: &&Index| {
                    let columns = index.column_names();
                    key.references.iter().all(|column| columns.contains(column))
                };
                let mut targets = diff.before.indexes.iter().filter(is_target);
                let loses_index = targets.any(|index| !diff.keeps_index(index));
                let loses_column = is_mysql && key.references.iter().any(|column| diff.is_changed(column));
                if loses_index || loses_column {
                    lost.push((table.name.clone(), key.name.clone()));
                }
            }
        }
    }
    lost
}

/// The table, stored as the other one is where it does not say otherwise.
fn stored_like(table: &Table, other: &Table) -> Table {
    let mut table = table.clone();
    let (own, others) = (&mut table.options, &other.options);
    own.engine = own.engine.take().or_else(|| others.engine.clone());
    let is_free = own.charset.is_none() || own.charset == others.charset;
    if own.collation.is_none() && is_free {
        (own.charset, own.collation) = (others.charset.clone(), others.collation.clone());
    }
    table
}

/// A table has one primary key, whatever it is called.
fn is_same(index: &Index, other: &Index) -> bool {
    if index.kind == IndexKind::Primary || other.kind == IndexKind::Primary {
        return index.kind == other.kind;
    }
    index.name == other.name
}
