//! The structure of a database as data: what a blueprint and a comparison of schemas both speak.

pub mod change;
pub mod column;
pub mod column_type;
pub mod foreign_key;
pub mod index;
pub mod reverse;
pub mod table;
pub mod table_lock;

pub use change::Change;
pub use column::{Column, ColumnIndex, DefaultValue, Generated, Identity, Position, Scalar};
pub use column_type::ColumnType;
pub use foreign_key::{ForeignKey, ReferentialAction};
pub use index::{Index, IndexKind};
pub use reverse::{Irreversible, reverse};
pub use table::{Table, TableName, TableOptions};
pub use table_lock::TableLock;
