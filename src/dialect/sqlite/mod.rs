//! SQLite 3.35 and newer; the one that is linked in is newer.

pub mod catalogue;
pub mod errors;
pub mod inspect;
pub mod schema;
pub mod settings;
pub mod types;

mod alter;
mod altered;
mod ddl;
mod define;
mod described;
mod json;
mod legality;
mod normalize;
mod query;
pub(crate) mod rebuild;

use super::Capabilities;

/// The dialect of SQLite.
#[derive(Debug, Clone, Copy)]
pub struct Sqlite;

/// What SQLite can do.
///
/// 32 766 values: `SQLITE_MAX_VARIABLE_NUMBER` since 3.32. `returning` since 3.35. Names have no
/// limit of their own.
pub const CAPABILITIES: Capabilities = Capabilities {
    max_bindings: 32_766,
    max_rows_per_insert: usize::MAX,
    max_identifier_length: usize::MAX,
    numbered_placeholders: false,
    question_is_operator: false,
    default_cells: false,
    insert_returning: true,
    update_returning: true,
    delete_returning: true,
    reports_insert_id: true,
    nulls_order: true,
    straight_joins: false,
    recursive_keyword: true,
    materialized_expressions: true,
    transactional_ddl: true,
};
