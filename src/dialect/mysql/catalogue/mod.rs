//! MySQL's and MariaDB's catalogue as a whole: the questions, and the [`Database`] that their answers
//! mean.
//!
//! MariaDB 10.6 and newer, MySQL 8.0.16 and newer: older ones keep no checks in `information_schema`, or
//! do not say which indexes are ignored. What MySQL 8 answers is taken from its manual (8.4 §28.3): no
//! such server runs where this is tested.
//!
//! What the catalogue cannot tell apart, or the data cannot say:
//! - A check of a column itself, as only MariaDB keeps them, stands among the table's, and is noted as left
//!   out: `drop constraint` does not reach it, and a change of the column takes it away.
//! - MariaDB before 10.8 takes `desc` in an index and forgets it.
//! - With `explicit_defaults_for_timestamp` off (the default before MariaDB 10.10) the server gives a
//!   `timestamp` without default one of its own, which then differs from a description without.
//! - A table of another namespace that names no collation has that namespace's; `Storage` knows only the
//!   current one's.
//!
//! [`Database`]: crate::schema::Database

mod columns;
mod indexes;
mod keys;
mod programs;
mod queries;
mod read;

/// MySQL and MariaDB, which differ in how they write defaults and expressions.
#[derive(Debug)]
pub struct MySqlCatalogue {
    /// Whether it is MariaDB.
    pub is_mariadb: bool,
}

/// MySQL's.
pub static MYSQL: MySqlCatalogue = MySqlCatalogue { is_mariadb: false };
/// MariaDB's.
pub static MARIADB: MySqlCatalogue = MySqlCatalogue { is_mariadb: true };
