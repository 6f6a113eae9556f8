//! PostgreSQL 12 and newer.

pub mod catalogue;
pub mod errors;
pub mod inspect;
pub mod schema;
pub mod types;

mod alter;
mod index_forms;
mod json;
mod moments;
mod normalize;
mod query;
pub(super) mod read_type;

use super::Capabilities;

/// The dialect of PostgreSQL.
#[derive(Debug, Clone, Copy)]
pub struct Postgres;

/// What PostgreSQL can do.
///
/// 65 535 values: the Bind message counts them in 16 bits (PostgreSQL 17 §53.7). 63 bytes of a
/// name: `NAMEDATALEN` - 1 (§4.1.1).
pub const CAPABILITIES: Capabilities = Capabilities {
    max_bindings: 65_535,
    max_rows_per_insert: usize::MAX,
    max_identifier_length: 63,
    numbered_placeholders: true,
    question_is_operator: true,
    default_cells: true,
    insert_returning: true,
    update_returning: true,
    delete_returning: true,
    reports_insert_id: false,
    nulls_order: true,
    straight_joins: false,
    recursive_keyword: true,
    materialized_expressions: true,
    transactional_ddl: true,
};
