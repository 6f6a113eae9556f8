//! The structure of a database as data: what a blueprint and a comparison of schemas both speak.

pub mod apply;
pub mod change;
pub mod check;
pub mod column;
pub mod column_type;
pub mod database;
pub mod expression;
pub mod foreign_key;
pub mod index;
pub mod index_column;
pub mod reverse;
pub mod storage;
pub mod table;
pub mod table_lock;
pub mod undo;

pub use change::Change;
pub use check::Check;
pub use column::{Column, ColumnIndex, DefaultValue, Generated, Identity, Position, Scalar};
pub use column_type::ColumnType;
pub use database::{Database, Definition, Enumeration, LeftOut, View};
pub use foreign_key::{ForeignKey, ReferentialAction};
pub use index::{Index, IndexKind};
pub use index_column::{IndexColumn, NullsOrder};
pub use reverse::{Irreversible, reverse};
pub use storage::Storage;
pub use table::{Table, TableName, TableOptions};
pub use table_lock::TableLock;
pub use undo::undo;
