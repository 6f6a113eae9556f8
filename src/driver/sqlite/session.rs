//! [`Session`]: the settings that every connection starts with and comes back to.

use super::failure::Failure;
use super::handle::Database;
use super::patience::Patience;
use super::statement::Step;
use crate::config::SqliteConfig;
use crate::error::{Error, ErrorCode, Result};

/// The settings of one connection.
#[derive(Debug)]
pub struct Session {
    /// SQLite's part of the configuration.
    pub config: SqliteConfig,
    /// False for a connection that only reads: `PRAGMA query_only` refuses its writes.
    pub is_writable: bool,
}

const JOURNAL_MODES: [&str; 6] = ["delete", "truncate", "persist", "memory", "wal", "off"];
const SYNCHRONOUS: [&str; 4] = ["off", "normal", "full", "extra"];

/// Most memory for pages of the file, in KiB. SQLite's own 2,000 have a table of 100,000 rows read
/// from the file for nearly every key; this is the default of `better-sqlite3`. Taken as it is used.
const CACHE_KIB: u32 = 16_000;

impl Session {
    /// Checks the words that become part of a pragma.
    ///
    /// # Errors
    /// `Config` for a word that SQLite does not know; it would take it for its default.
    pub fn check(&self) -> Result<()> {
        let check = |key: &str, value: &str, known: &[&str]| {
            if known.iter().any(|word| value.eq_ignore_ascii_case(word)) {
                return Ok(());
            }
            let message =
                format!("{key}: {value:?} is not known to SQLite; give one of {}", known.join(", "));
            Err(Error::new(ErrorCode::Config, message))
        };
        check("journalMode", &self.config.journal_mode, &JOURNAL_MODES)?;
        check("synchronous", &self.config.synchronous, &SYNCHRONOUS)
    }

    /// Sets up a connection that was just opened, and reads its file for the first time.
    pub async fn begin(&self, database: &mut Database) -> std::result::Result<(), Failure> {
        database.never_wait();
        if !database.is_autocommit() {
            run_patiently(database, "ROLLBACK", self.config.busy_timeout_ms).await?;
        }
        run_patiently(database, "PRAGMA query_only = OFF", self.config.busy_timeout_ms).await?;
        run_patiently(database, "PRAGMA schema_version", self.config.busy_timeout_ms).await?;
        if !database.is_read_only() {
            let journal = format!("PRAGMA journal_mode = {}", self.config.journal_mode);
            run_patiently(database, &journal, self.config.busy_timeout_ms).await?;
        }
        self.restore(database).await
    }

    /// Sets again what a statement may have changed.
    pub async fn restore(&self, database: &mut Database) -> std::result::Result<(), Failure> {
        database.never_wait();
        let switch = |is_on: bool| if is_on { "ON" } else { "OFF" };
        for pragma in [
            format!("PRAGMA foreign_keys = {}", switch(self.config.foreign_keys)),
            format!("PRAGMA synchronous = {}", self.config.synchronous),
            format!("PRAGMA query_only = {}", switch(!self.is_writable)),
            format!("PRAGMA cache_size = -{CACHE_KIB}"),
        ] {
            run_patiently(database, &pragma, self.config.busy_timeout_ms).await?;
        }
        Ok(())
    }
}

/// Runs a short statement whose rows nobody needs, waiting for other connections.
pub async fn run_patiently(
    database: &mut Database,
    sql: &str,
    busy_timeout_ms: u64,
) -> std::result::Result<(), Failure> {
    let mut patience = Patience::new(busy_timeout_ms);
    loop {
        match run(database, sql) {
            Err(failure) if failure.is_busy() && patience.wait().await => {}
            end => return end,
        }
    }
}

fn run(database: &mut Database, sql: &str) -> std::result::Result<(), Failure> {
    let (Some(mut statement), _) = database.prepare(sql, false)? else { return Ok(()) };
    loop {
        match statement.step() {
            Step::Row => {}
            Step::Done => return Ok(()),
            Step::Failed(failure) => return Err(failure),
        }
    }
}
