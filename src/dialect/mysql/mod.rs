//! MySQL 8.0 and newer, MariaDB 10.6 and newer: one dialect, two flavours.

pub mod catalogue;
pub mod errors;
pub mod inspect;
pub mod schema;
pub mod types;

mod defaults;
mod expression;
mod index_expression;
mod json;
mod key_index;
mod normalize;
mod query;
pub(super) mod read_type;

use super::Capabilities;

/// The dialect of MySQL and MariaDB.
#[derive(Debug, Clone, Copy)]
pub struct MySql {
    /// Whether it is MariaDB.
    pub is_mariadb: bool,
    /// Whether an upsert names the new row, instead of `values()`, which MySQL 8.0.20 deprecates.
    pub names_new_row: bool,
}

/// What MySQL can do.
///
/// 65 535 values: prepared statements refuse more (error 1390, `ER_PS_MANY_PARAM`). 64 characters
/// of a name (MySQL 8.4 §11.2.1).
pub const MYSQL_CAPABILITIES: Capabilities = Capabilities {
    max_bindings: 65_535,
    max_rows_per_insert: usize::MAX,
    max_identifier_length: 64,
    numbered_placeholders: false,
    question_is_operator: false,
    default_cells: true,
    insert_returning: false,
    update_returning: false,
    delete_returning: false,
    reports_insert_id: true,
    nulls_order: false,
    straight_joins: true,
    recursive_keyword: true,
    materialized_expressions: false,
    transactional_ddl: false,
};

/// What MariaDB can do: `insert … returning` since 10.5, `delete … returning` since 10.0 (MariaDB
/// "INSERT...RETURNING", "DELETE"); no `update … returning`.
pub const MARIADB_CAPABILITIES: Capabilities =
    Capabilities { insert_returning: true, delete_returning: true, ..MYSQL_CAPABILITIES };
