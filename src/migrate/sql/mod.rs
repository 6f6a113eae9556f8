//! Schema SQL as data: [`Statement::read`] tells what one statement makes, alters and takes away.
//!
//! One reader for everybody who asks: lint, the structure of a pretended run, steps and backups. A text becomes
//! [`tokens`], a [`Cursor`] goes over them, and what is read are the types here. What differs by database is asked
//! of the driver where it differs.

mod action;
mod column;
mod constraint;
mod cursor;
mod name;
mod statement;
mod table_names;
mod token;

pub use action::Action;
pub use column::Column;
pub use constraint::{Constraint, ConstraintKind};
pub use cursor::Cursor;
pub use name::Name;
pub use statement::{NewIndex, NewTable, Statement};
pub use table_names::tables_read;
pub use token::{Kind, Token, is_conditional, tokens};
