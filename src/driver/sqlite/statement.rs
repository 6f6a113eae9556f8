//! [`Statement`]: a compiled statement. Unsafe, with [`super::handle`].

#![allow(unsafe_code)]

use std::ffi::{CStr, c_char, c_int};
use std::ptr;
use std::slice;
use std::sync::Arc;

use libsqlite3_sys as ffi;

use super::failure::Failure;
use super::handle::Handle;

/// What a step did.
#[derive(Debug)]
pub enum Step {
    /// There is a row to read.
    Row,
    /// There are no more rows.
    Done,
    /// It failed.
    Failed(Failure),
}

/// One cell of the current row, as it is stored.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    /// `NULL`.
    Null,
    /// `INTEGER`.
    Integer(i64),
    /// `REAL`.
    Real(f64),
    /// `TEXT`, zero characters included. SQLite does not check that it is UTF-8.
    Text(&'a [u8]),
    /// `BLOB`.
    Blob(&'a [u8]),
}

/// A compiled statement.
#[derive(Debug)]
pub struct Statement {
    raw: *mut ffi::sqlite3_stmt,
    handle: Arc<Handle>,
}

// SAFETY: a statement may move between threads like its connection; `handle.rs` says how one at a
// time is kept.
unsafe impl Send for Statement {}

impl Statement {
    /// See [`super::handle::Database::prepare`].
    pub(super) fn prepare(
        handle: &Arc<Handle>,
        sql: &str,
        is_kept: bool,
    ) -> Result<(Option<Self>, usize), Failure> {
        let Ok(length) = c_int::try_from(sql.len()) else {
            return Err(Failure {
                code: ffi::SQLITE_TOOBIG,
                message: "statement too long".to_owned(),
                offset: None,
            });
        };
        let flags = if is_kept { ffi::SQLITE_PREPARE_PERSISTENT } else { 0 };
        let start = sql.as_ptr().cast::<c_char>();
        let mut raw = ptr::null_mut();
        let mut tail = start;
        // SAFETY: the text is `length` bytes long; both pointers are written before it returns.
        let code = unsafe {
            ffi::sqlite3_prepare_v3(handle.raw(), start, length, flags, &raw mut raw, &raw mut tail)
        };
        if code != ffi::SQLITE_OK {
            return Err(handle.failure(code));
        }
        let used = (tail as usize).saturating_sub(start as usize);
        Ok(((!raw.is_null()).then(|| Self { raw, handle: Arc::clone(handle) }), used))
    }

    /// Compiles one more statement on the same connection, in the middle of this one.
    pub fn sibling(&self, sql: &str) -> Option<Self> {
        Self::prepare(&self.handle, sql, true).ok()?.0
    }

    /// Runs to the next row.
    pub fn step(&mut self) -> Step {
        // SAFETY: the statement is alive, and nobody else uses its connection.
        match unsafe { self.handle.step(self.raw) } {
            ffi::SQLITE_ROW => Step::Row,
            ffi::SQLITE_DONE => Step::Done,
            code => Step::Failed(self.handle.failure(code)),
        }
    }

    /// Back to before the first row. Values stay bound.
    pub fn reset(&mut self) {
        // SAFETY: as in `step`. It repeats the last step's code, which was handled.
        unsafe { ffi::sqlite3_reset(self.raw) };
    }

    /// Back to before the first row, without values.
    pub fn clear(&mut self) {
        self.reset();
        // SAFETY: as in `step`.
        unsafe { ffi::sqlite3_clear_bindings(self.raw) };
    }

    /// How many values the statement takes.
    pub fn parameter_count(&self) -> usize {
        // SAFETY: the statement is alive.
        usize::try_from(unsafe { ffi::sqlite3_bind_parameter_count(self.raw) }).unwrap_or(0)
    }

    /// Whether it cannot change a database file.
    pub fn is_read_only(&self) -> bool {
        // SAFETY: the statement is alive.
        unsafe { ffi::sqlite3_stmt_readonly(self.raw) != 0 }
    }

    /// Whether it is an `EXPLAIN` or `EXPLAIN QUERY PLAN`.
    pub fn is_explain(&self) -> bool {
        // SAFETY: the statement is alive.
        unsafe { ffi::sqlite3_stmt_isexplain(self.raw) != 0 }
    }

    /// How often SQLite compiled it again, because the schema had changed.
    pub fn recompilations(&self) -> i32 {
        // SAFETY: the statement is alive; 0 leaves the counter as it is.
        unsafe { ffi::sqlite3_stmt_status(self.raw, ffi::SQLITE_STMTSTATUS_REPREPARE, 0) }
    }

    /// How many columns a row has.
    pub fn column_count(&self) -> usize {
        // SAFETY: the statement is alive.
        usize::try_from(unsafe { ffi::sqlite3_column_count(self.raw) }).unwrap_or(0)
    }

    /// The column's name.
    pub fn column_name(&self, index: usize) -> String {
        // SAFETY: the statement is alive; the text is copied before any other call.
        unsafe { text_of(ffi::sqlite3_column_name(self.raw, place(index))) }.unwrap_or_default()
    }

    /// The type that the column was declared with; `None` for an expression.
    pub fn declared_type(&self, index: usize) -> Option<String> {
        // SAFETY: the statement is alive; the text is copied before any other call.
        unsafe { text_of(ffi::sqlite3_column_decltype(self.raw, place(index))) }
    }

    /// A cell of the current row. Null where there is no such column.
    pub fn cell(&self, index: usize) -> Cell<'_> {
        let index = place(index);
        // SAFETY: the statement is alive. The bytes stay until the next step or reset, which need
        // `&mut self`; the length is asked for after the pointer, as SQLite demands.
        unsafe {
            match ffi::sqlite3_column_type(self.raw, index) {
                ffi::SQLITE_INTEGER => Cell::Integer(ffi::sqlite3_column_int64(self.raw, index)),
                ffi::SQLITE_FLOAT => Cell::Real(ffi::sqlite3_column_double(self.raw, index)),
                ffi::SQLITE_TEXT => {
                    let text = ffi::sqlite3_column_text(self.raw, index);
                    Cell::Text(bytes_at(text, ffi::sqlite3_column_bytes(self.raw, index)))
                }
                ffi::SQLITE_BLOB => {
                    let blob = ffi::sqlite3_column_blob(self.raw, index);
                    Cell::Blob(bytes_at(blob.cast(), ffi::sqlite3_column_bytes(self.raw, index)))
                }
                _ => Cell::Null,
            }
        }
    }

    /// Binds `NULL` to the parameter at `index`, counted from 0.
    pub fn bind_null(&mut self, index: usize) -> Result<(), Failure> {
        // SAFETY: the statement is alive and not running.
        self.check(unsafe { ffi::sqlite3_bind_null(self.raw, parameter(index)) })
    }

    /// Binds an integer.
    pub fn bind_integer(&mut self, index: usize, value: i64) -> Result<(), Failure> {
        // SAFETY: the statement is alive and not running.
        self.check(unsafe { ffi::sqlite3_bind_int64(self.raw, parameter(index), value) })
    }

    /// Binds a double. SQLite would take NaN for `NULL`.
    pub fn bind_real(&mut self, index: usize, value: f64) -> Result<(), Failure> {
        // SAFETY: the statement is alive and not running.
        self.check(unsafe { ffi::sqlite3_bind_double(self.raw, parameter(index), value) })
    }

    /// Binds text, zero characters included.
    pub fn bind_text(&mut self, index: usize, value: &str) -> Result<(), Failure> {
        let start = value.as_ptr().cast();
        // SAFETY: the statement is alive and not running; SQLite copies the bytes before it returns.
        let code = unsafe {
            ffi::sqlite3_bind_text64(
                self.raw,
                parameter(index),
                start,
                value.len() as u64,
                ffi::SQLITE_TRANSIENT(),
                UTF8,
            )
        };
        self.check(code)
    }

    /// Binds bytes. No bytes are not `NULL`: the pointer of an empty slice is not null.
    pub fn bind_blob(&mut self, index: usize, value: &[u8]) -> Result<(), Failure> {
        let start = value.as_ptr().cast();
        // SAFETY: the statement is alive and not running; SQLite copies the bytes before it returns.
        let code = unsafe {
            ffi::sqlite3_bind_blob64(
                self.raw,
                parameter(index),
                start,
                value.len() as u64,
                ffi::SQLITE_TRANSIENT(),
            )
        };
        self.check(code)
    }

    fn check(&self, code: c_int) -> Result<(), Failure> {
        if code == ffi::SQLITE_OK { Ok(()) } else { Err(self.handle.failure(code)) }
    }
}

impl Drop for Statement {
    /// A write that still has rows to give is undone: nobody will know that it was done. SQLite
    /// would commit it.
    fn drop(&mut self) {
        // SAFETY: the statement is alive, and nobody else uses its connection.
        unsafe {
            if ffi::sqlite3_stmt_busy(self.raw) != 0 && !self.is_read_only() {
                ffi::sqlite3_interrupt(self.handle.raw());
                self.handle.step(self.raw);
            }
        }
        // SAFETY: made by `prepare`, finalized once, before its connection.
        unsafe { ffi::sqlite3_finalize(self.raw) };
    }
}

/// `SQLITE_UTF8` as this one function takes it.
const UTF8: u8 = 1;

/// A column's index as SQLite counts: from 0.
fn place(index: usize) -> c_int {
    c_int::try_from(index).unwrap_or(c_int::MAX)
}

/// A parameter's index as SQLite counts: from 1.
fn parameter(index: usize) -> c_int {
    place(index).saturating_add(1)
}

/// # Safety
/// `text` is null or ends with a zero byte.
unsafe fn text_of(text: *const c_char) -> Option<String> {
    // SAFETY: promised by the caller.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned())
}

/// # Safety
/// `start` is null (no bytes) or points to `length` bytes that live for `'a`.
unsafe fn bytes_at<'a>(start: *const u8, length: c_int) -> &'a [u8] {
    match usize::try_from(length) {
        // SAFETY: promised by the caller.
        Ok(length) if length > 0 && !start.is_null() => unsafe { slice::from_raw_parts(start, length) },
        _ => &[],
    }
}
