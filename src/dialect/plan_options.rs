//! [`PlanOptions`]: what the connection says about definitions.

use serde::Deserialize;

use crate::schema::Storage;

/// What the connection says about definitions.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[allow(clippy::struct_excessive_bools)] // each is an option of its own
pub struct PlanOptions {
    /// Whether columns may be `NULL` unless said otherwise, as in guruorm 2 (decision D22).
    /// Default false.
    pub nullable_by_default: bool,
    /// Whether the table prefix is part of the names of unnamed indexes. Default true.
    pub prefix_indexes: bool,
    /// Character set of new tables (MySQL only) and of new databases. Default: the database's or the
    /// server's own.
    pub charset: Option<String>,
    /// Collation of new tables (MySQL only). Default: the database's own.
    pub collation: Option<String>,
    /// Storage engine of new tables (MySQL only). Default: the server's own.
    pub engine: Option<String>,
    /// Whether SQLite declares `json` columns so, instead of `text`. Default false.
    pub use_native_json: bool,
    /// Whether SQLite declares `jsonb` columns so, instead of `text`. Default false.
    pub use_native_jsonb: bool,
    /// How the server stores what says nothing about it, as its catalogue tells (`Database.storage`).
    /// Without it a described table of MySQL is not comparable to one that was read.
    #[serde(skip)]
    pub storage: Storage,
}

impl Default for PlanOptions {
    fn default() -> Self {
        Self {
            nullable_by_default: false,
            prefix_indexes: true,
            charset: None,
            collation: None,
            engine: None,
            use_native_json: false,
            use_native_jsonb: false,
            storage: Storage::default(),
        }
    }
}
