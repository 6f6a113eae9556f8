//! A file for each driver.

pub mod mysql_async;
pub mod rusqlite;
pub mod sqlx;
pub mod tokio_postgres;
