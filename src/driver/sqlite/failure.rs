//! [`Failure`]: what SQLite said when a call failed.

use crate::dialect::sqlite::errors::{self, BUSY, BUSY_SNAPSHOT, INTERNAL, INTERRUPT};
use crate::error::Error;

/// A failed call. Crosses threads, unlike the [`Error`] that it becomes.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The extended result code.
    pub code: i32,
    /// SQLite's message.
    pub message: String,
    /// Where in the SQL, in bytes, when SQLite knows.
    pub offset: Option<usize>,
}

impl Failure {
    /// What a statement ends with that was told to stop between two of its steps.
    pub fn interrupted() -> Self {
        Self { code: INTERRUPT, message: "interrupted".to_owned(), offset: None }
    }

    /// The thread of a long statement ended without a word.
    pub fn lost_thread() -> Self {
        Self {
            code: INTERNAL,
            message: "the thread of a long statement ended unexpectedly".to_owned(),
            offset: None,
        }
    }

    /// Whether another connection is in the way and waiting for it may help. It cannot help a
    /// transaction whose snapshot has become old.
    pub fn is_busy(&self) -> bool {
        self.code & 0xFF == BUSY && self.code != BUSY_SNAPSHOT
    }

    /// Whether the statement was stopped.
    pub fn is_interrupt(&self) -> bool {
        self.code & 0xFF == INTERRUPT
    }

    /// The error of a statement that could not be prepared: no value has been seen yet.
    pub fn into_error(self, sql: &str) -> Error {
        let mut error = errors::classify(self.code, &self.message).with_sql(sql);
        error.detail.position = self.offset.and_then(|offset| {
            let before = sql.as_bytes().get(..offset)?;
            let characters = before.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
            u32::try_from(characters + 1).ok()
        });
        error
    }

    /// The error of a statement that ran.
    pub fn into_run_error(self, sql: &str) -> Error {
        errors::classify_with_values(self.code, &self.message).with_sql(sql)
    }
}
