//! [`Capabilities`]: what a database can do, as yes, no or a number.

/// Facts about a database. The constants are in each dialect's `mod.rs`, with their sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // each is a fact of its own
pub struct Capabilities {
    /// Most values that one statement may carry.
    pub max_bindings: usize,
    /// Most rows that one `insert … values` may carry.
    pub max_rows_per_insert: usize,
    /// Most bytes of a name.
    pub max_identifier_length: usize,
    /// Placeholders have numbers (`$1`, `@p1`), so that one value may be used twice.
    pub numbered_placeholders: bool,
    /// `?` is an operator, not a placeholder.
    pub question_is_operator: bool,
    /// `default` may stand for a cell of an insert.
    pub default_cells: bool,
    /// An insert can answer its rows.
    pub insert_returning: bool,
    /// An update can answer its rows.
    pub update_returning: bool,
    /// A delete can answer its rows.
    pub delete_returning: bool,
    /// The driver reports the key that an insert made (on SQL Server by asking for
    /// `scope_identity()` in the same batch); otherwise it is answered as a row.
    pub reports_insert_id: bool,
    /// `nulls first` and `nulls last` are part of an order.
    pub nulls_order: bool,
    /// `straight_join` is a join.
    pub straight_joins: bool,
    /// A common table expression that reads itself says so.
    pub recursive_keyword: bool,
    /// A common table expression may say whether its rows are kept.
    pub materialized_expressions: bool,
    /// Changes of the schema are undone by a rollback.
    pub transactional_ddl: bool,
}
