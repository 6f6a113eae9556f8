//! [`OnlineIndex`]: what is asked and done around `create index concurrently`, which leaves an invalid index
//! behind when it fails (PostgreSQL 17, CREATE INDEX, "Building Indexes Concurrently").

use serde::Serialize;

use super::quote::{literal, quoted};
use super::sql::{Name, NewIndex};
use super::statement::Sql;
use crate::config::DriverName;

/// An index that is built while its table is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OnlineIndex {
    /// Its name, for messages.
    pub name: String,
    /// Answers `valid`, `same_table` and `definition` of the index of this name; no row when there is none.
    pub found: Sql,
    /// Removes it while its table is used.
    pub drop: String,
    /// Makes the same index on an empty table of the same columns, in a transaction.
    pub mirror: Vec<String>,
    /// Answers its `definition`, as the server writes it.
    pub expected: Sql,
    /// Ends that transaction.
    pub discard: &'static str,
}

/// How the server writes what an index is, without its name and its table.
const DEFINITION: &str = "case when indisunique then 'unique' else '' end || \
    substring(pg_get_indexdef(indexrelid) from ' USING .*$') as definition";

impl OnlineIndex {
    pub(super) fn new(index: &NewIndex<'_>, name: &Name) -> Self {
        let driver = DriverName::Postgres;
        let table = literal(driver, &index.table.text);
        let found = Sql::new(
            format!(
                "select indisvalid as valid, indrelid = to_regclass(?) as same_table, {DEFINITION} from pg_index \
                 join pg_class on pg_class.oid = indexrelid where relname = ? and relnamespace = \
                 (select relnamespace from pg_class where oid = to_regclass({table}))"
            ),
            &[&index.table.text, &name.name],
        );
        let unique = if index.is_unique { "unique " } else { "" };
        Self {
            name: name.name.clone(),
            found,
            drop: format!("drop index concurrently {}{}", index.table.qualifier(), name.text),
            mirror: vec![
                "begin".into(),
                format!("create temporary table guruorm_mirror (like {}) on commit drop", index.table.text),
                format!(
                    "create {unique}index {} on pg_temp.guruorm_mirror {}",
                    quoted(driver, "guruorm_mirror_index"),
                    index.rest
                ),
            ],
            expected: Sql::new(
                format!(
                    "select {DEFINITION} from pg_index \
                     where indexrelid = to_regclass('pg_temp.guruorm_mirror_index')"
                ),
                &[],
            ),
            discard: "rollback",
        }
    }
}
