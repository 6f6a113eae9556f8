//! SQL Server 2017 and newer.

pub mod catalogue;
pub mod inspect;
pub mod schema;
pub mod types;

mod alter;
mod defaults;
mod expression;
mod index_expression;
mod json;
mod normalize;
mod one_spelling;
mod query;
pub(super) mod read_type;

use super::Capabilities;

/// The dialect of SQL Server.
#[derive(Debug, Clone, Copy)]
pub struct SqlServer;

/// What SQL Server can do.
///
/// 2 100 parameters per request, two of which `sp_executesql` takes ("Maximum capacity
/// specifications"); 1 000 rows per table value constructor; 128 characters of a name.
pub const CAPABILITIES: Capabilities = Capabilities {
    max_bindings: 2_098,
    max_rows_per_insert: 1_000,
    max_identifier_length: 128,
    numbered_placeholders: true,
    question_is_operator: false,
    default_cells: true,
    insert_returning: true,
    update_returning: true,
    delete_returning: true,
    reports_insert_id: true,
    nulls_order: false,
    straight_joins: false,
    recursive_keyword: false,
    materialized_expressions: false,
    transactional_ddl: true,
};
