//! [`Layout`]: the statements of a journal, made for the table that is there.

use serde::Serialize;

use super::adoption::Shape;
use super::journal::{Journal, JournalKind};
use crate::config::DriverName;
use crate::error::{Error, ErrorCode, Result};

/// What a placeholder of [`Layout::record`] takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum RecordValue {
    /// The name.
    Name,
    /// The batch.
    Batch,
    /// When it ran.
    Time,
    /// The fingerprint of its source, or null.
    Checksum,
    /// When it ran, in milliseconds since 1970.
    Milliseconds,
}

/// The statements of a journal, made for the columns that its table has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Layout {
    /// Whether the table exists.
    pub exists: bool,
    /// Statements that bring the table to its full shape, to be run once before the first
    /// [`Layout::record`]. They create it or add columns; they never rename, change or drop one.
    pub prepare: Vec<String>,
    /// Who made the table, when it was not us.
    pub adopted: Option<&'static str>,
    /// Whether migrations are recorded under the names of their classes, as `TypeORM` does.
    pub names_classes: bool,
    /// Rows with `id`, `name`, `batch`, `executed_at` and `checksum`, oldest first. Works before `prepare`, unless the
    /// table does not exist.
    pub list: String,
    /// Inserts a row. Bindings: [`Layout::record_values`].
    pub record: String,
    /// What is bound to the placeholders of [`Layout::record`].
    pub record_values: Vec<RecordValue>,
    /// Sets the checksum of a row. Bindings: the checksum, its id. None where the journal has no checksums.
    pub rechecksum: Option<String>,
    /// Deletes a row. Binding: its id.
    pub forget: String,
}

impl Journal {
    /// The statements for a table with these columns; none means that there is no table.
    ///
    /// # Errors
    /// `Migration` for a table that no known layout fits. Nothing was touched.
    pub fn layout(&self, columns: &[String]) -> Result<Layout> {
        let exists = !columns.is_empty();
        let shape = match Shape::of(self.kind, columns) {
            Some(shape) => shape,
            None if exists => return Err(self.unknown_layout(columns)),
            None => Shape::ours(self.kind),
        };
        let has = |column: &str| !exists || columns.iter().any(|found| found.eq_ignore_ascii_case(column));
        let missing: Vec<_> =
            self.optional_columns(shape).into_iter().filter(|(name, _)| !has(name)).collect();
        let prepare = if exists {
            missing.iter().map(|(name, sql_type)| self.add_column(name, sql_type)).collect()
        } else {
            vec![self.create()]
        };

        let table = self.quoted_table();
        let name = self.quoted(shape.name);
        let executed_at = self.quoted(shape.executed_at);
        // Every table of SQLite numbers its rows, and can be given no such column afterwards.
        let id =
            if !has("id") && self.driver == DriverName::Sqlite { "rowid".into() } else { self.quoted("id") };
        let numbered = if has("id") || self.driver == DriverName::Sqlite {
            id.clone()
        } else {
            format!("row_number() over (order by {executed_at}, {name})")
        };
        let or_else = |column: &str, otherwise: &str| {
            if has(column) { self.quoted(column) } else { otherwise.to_owned() }
        };
        let mut record = vec![
            (name.clone(), RecordValue::Name),
            (self.quoted("batch"), RecordValue::Batch),
            (executed_at, RecordValue::Time),
        ];
        if self.kind == JournalKind::Migrations {
            record.push((self.quoted("checksum"), RecordValue::Checksum));
        }
        if let Some(column) = shape.milliseconds {
            record.push((self.quoted(column), RecordValue::Milliseconds));
        }
        let (into, record_values): (Vec<String>, Vec<RecordValue>) = record.into_iter().unzip();
        let places = vec!["?"; into.len()].join(", ");
        Ok(Layout {
            exists,
            adopted: (exists && !missing.is_empty()).then_some(shape.made_by),
            names_classes: shape.names_classes,
            list: format!(
                "select {numbered} as id, {name} as name, {batch} as batch, {executed} as executed_at, \
                 {checksum} as checksum from {table} order by 1",
                batch = or_else("batch", "1"),
                executed = or_else(shape.executed_at, "null"),
                checksum = match self.kind {
                    JournalKind::Migrations => or_else("checksum", "null"),
                    JournalKind::Seeders => "null".into(),
                },
            ),
            record: format!("insert into {table} ({}) values ({places})", into.join(", ")),
            record_values,
            rechecksum: (self.kind == JournalKind::Migrations)
                .then(|| format!("update {table} set {} = ? where {id} = ?", self.quoted("checksum"))),
            forget: format!("delete from {table} where {id} = ?"),
            prepare,
        })
    }

    fn unknown_layout(&self, columns: &[String]) -> Error {
        let what = match self.kind {
            JournalKind::Migrations => "migration",
            JournalKind::Seeders => "seeder",
        };
        Error::new(
            ErrorCode::Migration,
            format!(
                "Table \"{}\" exists but is not a {what} table (columns: {}). Set {}.table to another name. Nothing was changed.",
                self.table,
                columns.join(", "),
                match self.kind {
                    JournalKind::Migrations => "migrations",
                    JournalKind::Seeders => "seeders",
                }
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journal(driver: DriverName) -> Journal {
        Journal::new(driver, "migrations", JournalKind::Migrations).expect("a name")
    }

    fn names(columns: &[&str]) -> Vec<String> {
        columns.iter().map(|column| (*column).to_owned()).collect()
    }

    const FULL: [&str; 5] = ["id", "migration", "batch", "executed_at", "checksum"];

    #[test]
    fn a_missing_table_is_created_with_the_documented_columns() {
        let layout = journal(DriverName::Postgres).layout(&[]).expect("layout");
        assert!(!layout.exists);
        assert_eq!(
            layout.prepare,
            [
                "create table \"migrations\" (\"id\" serial primary key, \"migration\" varchar(255) not null unique, \
              \"batch\" integer not null, \"executed_at\" timestamp default now(), \"checksum\" varchar(64))"
            ]
        );
    }

    #[test]
    fn mysql_compares_names_exactly() {
        let layout = journal(DriverName::MariaDb).layout(&[]).expect("layout");
        assert!(
            layout.prepare[0].contains("`migration` varchar(255) character set utf8mb4 collate utf8mb4_bin")
        );
        assert!(layout.prepare[0].ends_with("engine = InnoDB"));
    }

    #[test]
    fn a_full_table_needs_nothing() {
        let layout = journal(DriverName::Sqlite).layout(&names(&FULL)).expect("layout");
        assert!(layout.exists);
        assert_eq!(layout.prepare, Vec::<String>::new());
        assert_eq!(layout.adopted, None);
        assert_eq!(
            layout.record,
            "insert into \"migrations\" (\"migration\", \"batch\", \"executed_at\", \"checksum\") values (?, ?, ?, ?)"
        );
    }

    #[test]
    fn the_three_column_table_of_others_is_adopted_by_adding_columns_only() {
        let layout = journal(DriverName::MySql).layout(&names(&FULL[..3])).expect("layout");
        assert_eq!(
            layout.prepare,
            [
                "alter table `migrations` add column `executed_at` datetime",
                "alter table `migrations` add column `checksum` varchar(64)",
            ]
        );
        assert_eq!(layout.adopted, Some("guruorm 2 or Laravel"));
        // Status reads it before anything is added.
        assert_eq!(
            layout.list,
            "select `id` as id, `migration` as name, `batch` as batch, null as executed_at, null as checksum from `migrations` order by 1"
        );
    }

    #[test]
    fn a_table_of_birds_is_refused() {
        let error =
            journal(DriverName::Sqlite).layout(&names(&["id", "bird", "wings"])).expect_err("refused");
        assert_eq!(
            error.message,
            "Table \"migrations\" exists but is not a migration table (columns: id, bird, wings). \
             Set migrations.table to another name. Nothing was changed."
        );
    }

    #[test]
    fn a_table_without_key_or_name_is_refused() {
        for columns in [["migration", "batch", "ran"], ["id", "batch", "name"], ["id", "migration", "ran"]] {
            assert!(journal(DriverName::Postgres).layout(&names(&columns)).is_err(), "{columns:?}");
        }
    }

    #[test]
    fn tables_of_other_programs_are_read_through_their_columns() {
        let adopted =
            |columns: &[&str]| journal(DriverName::Postgres).layout(&names(columns)).expect("layout");
        let typeorm = adopted(&["id", "timestamp", "name"]);
        assert_eq!((typeorm.adopted, typeorm.names_classes), (Some("TypeORM"), true));
        assert_eq!(
            typeorm.record,
            "insert into \"migrations\" (\"name\", \"batch\", \"executed_at\", \"checksum\", \"timestamp\") \
             values (?, ?, ?, ?, ?)"
        );
        assert_eq!(typeorm.record_values.last(), Some(&RecordValue::Milliseconds));
        let knex = adopted(&["id", "name", "batch", "migration_time"]);
        assert_eq!(knex.prepare, ["alter table \"migrations\" add column \"checksum\" varchar(64)"]);
        assert!(knex.list.contains("\"migration_time\" as executed_at"), "{}", knex.list);
    }

    #[test]
    fn rows_without_numbers_are_numbered_in_the_order_in_which_they_ran() {
        let columns = names(&["name", "executed_at"]);
        let by = |driver| journal(driver).layout(&columns).expect("layout");
        assert_eq!(
            by(DriverName::Postgres).prepare[0],
            "alter table \"migrations\" add column \"id\" serial"
        );
        assert!(
            by(DriverName::MySql)
                .list
                .starts_with("select row_number() over (order by `executed_at`, `name`) as id")
        );
        let sqlite = by(DriverName::Sqlite);
        assert!(sqlite.list.starts_with("select rowid as id"), "{}", sqlite.list);
        assert_eq!(sqlite.forget, "delete from \"migrations\" where rowid = ?");
        assert_eq!(sqlite.prepare.len(), 2);
    }

    #[test]
    fn seeders_of_guruorm_1_have_no_batch() {
        let journal = Journal::new(DriverName::Sqlite, "seeders", JournalKind::Seeders).expect("a name");
        let layout = journal.layout(&names(&["id", "seeder", "run_at"])).expect("layout");
        assert_eq!(
            layout.prepare,
            [
                "alter table \"seeders\" add column \"batch\" integer not null default 1",
                "alter table \"seeders\" add column \"executed_at\" datetime",
            ]
        );
        assert!(layout.list.contains("1 as batch"), "{}", layout.list);
        assert!(layout.record.ends_with("values (?, ?, ?)"));
    }
}
