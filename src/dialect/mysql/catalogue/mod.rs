//! MySQL's and MariaDB's catalogue as a whole: the questions, and the [`Database`] that their answers
//! mean.
//!
//! MariaDB 10.6 and newer, MySQL 8.0.16 and newer: older ones keep no checks in `information_schema`, or
//! do not say which indexes are ignored. What MySQL 8 answers is taken from its manual (8.4 §28.3): no
//! such server runs where this is tested.
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
