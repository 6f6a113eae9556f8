//! [`Database`]: an open SQLite connection. Unsafe, with [`super::statement`]; everything else is not.
//!
//! Connections are opened without a mutex (`SQLITE_OPEN_NOMUTEX`): SQLite then allows any thread,
//! but one at a time. That is kept by ownership. A [`Database`] and its statements are used by
//! whoever holds them mutably; while a [`super::worker::Worker`] runs a statement, the connection
//! that lent it is borrowed by the future that waits for the worker, and dropping that future
//! stops and joins the thread first. Only [`Interrupter`] reaches in from elsewhere, with the one
//! function that SQLite allows for it.

#![allow(unsafe_code)]

use std::ffi::{CStr, CString, c_int, c_void};
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Arc, Once, Weak};

use libsqlite3_sys as ffi;

use super::failure::Failure;
use super::progress::Progress;
use super::statement::Statement;

/// A statement looks up from its work after this many virtual machine instructions: about 50 µs.
const INSTRUCTIONS_BETWEEN_CHECKS: c_int = 2_000;

static CONFIGURED: Once = Once::new();

/// Once, before SQLite is used: nobody asks how much memory it has, and counting takes a lock with each piece.
fn configure() {
    let never: c_int = 0;
    // SAFETY: nothing of this library's own SQLite has been called yet; the option takes one int.
    unsafe { ffi::sqlite3_config(ffi::SQLITE_CONFIG_MEMSTATUS, never) };
}

/// The connection, closed when the last of its users is gone: the [`Database`], its statements,
/// and an [`Interrupter`] at work.
#[derive(Debug)]
pub struct Handle {
    raw: *mut ffi::sqlite3,
    progress: Progress,
    /// The statement that is in the middle of a step.
    stepped: AtomicPtr<ffi::sqlite3_stmt>,
}

// SAFETY: SQLite in multi-thread mode may be used by any thread, one at a time; see the module's
// documentation for how that is kept. `interrupt` and the atomics of `progress` may be used by
// several at once.
unsafe impl Send for Handle {}
// SAFETY: as above.
unsafe impl Sync for Handle {}

impl Handle {
    /// The raw connection, for the functions of this file and of `statement.rs`.
    pub(super) fn raw(&self) -> *mut ffi::sqlite3 {
        self.raw
    }

    /// Steps a statement of this connection.
    ///
    /// # Safety
    /// The statement is alive, and nobody else uses the connection.
    pub(super) unsafe fn step(&self, statement: *mut ffi::sqlite3_stmt) -> c_int {
        self.stepped.store(statement, Ordering::Relaxed);
        // SAFETY: promised by the caller.
        let code = unsafe { ffi::sqlite3_step(statement) };
        self.stepped.store(ptr::null_mut(), Ordering::Relaxed);
        code
    }

    /// What SQLite says about the call that just failed with `code`.
    pub(super) fn failure(&self, code: c_int) -> Failure {
        // SAFETY: the connection is open; the message is read before any other call can change it.
        unsafe {
            let message = CStr::from_ptr(ffi::sqlite3_errmsg(self.raw)).to_string_lossy().into_owned();
            let offset = usize::try_from(ffi::sqlite3_error_offset(self.raw)).ok();
            Failure { code, message, offset }
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: every statement holds this handle, so none is left (the call would refuse to close
        // the connection otherwise) and nobody else can call in.
        unsafe { ffi::sqlite3_close(self.raw) };
    }
}

/// SQLite's progress handler: not 0 ends the statement with `SQLITE_INTERRUPT`.
unsafe extern "C" fn on_progress(handle: *mut c_void) -> c_int {
    // SAFETY: `Database::open` passed a handle, which outlives every statement.
    let handle = unsafe { &*handle.cast::<Handle>() };
    let stepped = handle.stepped.load(Ordering::Relaxed);
    // SQLite asks once more when a statement is over and committed, and would report that as stopped.
    // SAFETY: the statement is alive while it is stepped; the call only reads its state.
    let is_over = !stepped.is_null() && unsafe { ffi::sqlite3_stmt_busy(stepped) } == 0;
    c_int::from(!is_over && handle.progress.must_end())
}

/// An open connection, in the hands of its only user.
#[derive(Debug)]
pub struct Database {
    handle: Arc<Handle>,
}

impl Database {
    /// Opens a file (or an address that begins with `file:`), creating it where there is none.
    ///
    /// # Errors
    /// What SQLite said. A file that is no database shows only at the first statement.
    pub fn open(path: &CStr) -> Result<Self, Failure> {
        CONFIGURED.call_once(configure);
        let flags = ffi::SQLITE_OPEN_READWRITE
            | ffi::SQLITE_OPEN_CREATE
            | ffi::SQLITE_OPEN_URI
            | ffi::SQLITE_OPEN_NOMUTEX
            | ffi::SQLITE_OPEN_EXRESCODE;
        let mut raw = ptr::null_mut();
        // SAFETY: the path ends with a zero byte, `raw` is written before the call returns.
        let code = unsafe { ffi::sqlite3_open_v2(path.as_ptr(), &raw mut raw, flags, ptr::null()) };
        if raw.is_null() {
            return Err(Failure { code, message: "out of memory".to_owned(), offset: None });
        }
        // Also a connection that failed to open has to be closed: from here on `Drop` does it.
        let handle = Arc::new(Handle { raw, progress: Progress::new(), stepped: AtomicPtr::default() });
        if code != ffi::SQLITE_OK {
            return Err(handle.failure(code));
        }
        let asked = Arc::as_ptr(&handle).cast_mut().cast::<c_void>();
        // SAFETY: the handle stays where it is (it is in an `Arc`) and is dropped after the last
        // statement that could call the handler. `sqlite3_db_config` takes an int and a pointer
        // for these two options, the pointer may be null.
        unsafe {
            ffi::sqlite3_progress_handler(raw, INSTRUCTIONS_BETWEEN_CHECKS, Some(on_progress), asked);
            // "name" is always an identifier: a misspelt column must not silently become text.
            for option in [ffi::SQLITE_DBCONFIG_DQS_DML, ffi::SQLITE_DBCONFIG_DQS_DDL] {
                ffi::sqlite3_db_config(raw, option, 0 as c_int, ptr::null_mut::<c_int>());
            }
        }
        Ok(Self { handle })
    }

    /// Something that keeps the database open and can hand it out again: the memory of an
    /// in-memory database lives as long as its handle.
    pub fn keeper(&self) -> Keeper {
        Keeper(Arc::clone(&self.handle))
    }

    /// What can stop this connection's statements from elsewhere.
    pub fn interrupter(&self) -> Interrupter {
        Interrupter(Arc::downgrade(&self.handle))
    }

    /// The limits of the running statement.
    pub fn progress(&self) -> &Progress {
        &self.handle.progress
    }

    /// Compiles the first statement of `sql`; also gives how many bytes of `sql` it took. `None`
    /// when there are only blanks and comments.
    ///
    /// # Errors
    /// What SQLite said.
    pub fn prepare(&mut self, sql: &str, is_kept: bool) -> Result<(Option<Statement>, usize), Failure> {
        Statement::prepare(&self.handle, sql, is_kept)
    }

    /// Whether no transaction is open.
    pub fn is_autocommit(&self) -> bool {
        // SAFETY: the connection is open.
        unsafe { ffi::sqlite3_get_autocommit(self.handle.raw) != 0 }
    }

    /// Rows that the last insert, update or delete changed itself.
    pub fn changes(&self) -> u64 {
        // SAFETY: the connection is open.
        u64::try_from(unsafe { ffi::sqlite3_changes64(self.handle.raw) }).unwrap_or(0)
    }

    /// Rows changed since the connection was opened, by triggers too.
    pub fn total_changes(&self) -> i64 {
        // SAFETY: the connection is open.
        unsafe { ffi::sqlite3_total_changes64(self.handle.raw) }
    }

    /// What `last_insert_rowid()` answers.
    pub fn last_insert_rowid(&self) -> i64 {
        // SAFETY: the connection is open.
        unsafe { ffi::sqlite3_last_insert_rowid(self.handle.raw) }
    }

    /// Sets what `last_insert_rowid()` answers.
    pub fn set_last_insert_rowid(&self, rowid: i64) {
        // SAFETY: the connection is open.
        unsafe { ffi::sqlite3_set_last_insert_rowid(self.handle.raw, rowid) };
    }

    /// Makes longer texts and blobs fail.
    #[cfg(test)]
    pub fn limit_length(&mut self, bytes: c_int) {
        // SAFETY: the connection is open.
        unsafe { ffi::sqlite3_limit(self.handle.raw, ffi::SQLITE_LIMIT_LENGTH, bytes) };
    }

    /// Takes SQLite's own waiting away: it would block the thread.
    pub fn never_wait(&mut self) {
        // SAFETY: the connection is open.
        unsafe { ffi::sqlite3_busy_timeout(self.handle.raw, 0) };
    }

    /// Whether the file can only be read.
    pub fn is_read_only(&self) -> bool {
        let main = CString::from(c"main");
        // SAFETY: the connection is open and the name ends with a zero byte.
        unsafe { ffi::sqlite3_db_readonly(self.handle.raw, main.as_ptr()) == 1 }
    }
}

/// Keeps a database open while nobody uses it.
#[derive(Debug)]
pub struct Keeper(Arc<Handle>);

impl Keeper {
    /// The database, unless somebody still uses it.
    pub fn reopen(&self) -> Option<Database> {
        (Arc::strong_count(&self.0) == 1).then(|| Database { handle: Arc::clone(&self.0) })
    }
}

/// Stops the statements of one connection; does nothing once that is closed.
#[derive(Debug, Clone)]
pub struct Interrupter(Weak<Handle>);

impl Interrupter {
    /// Stops what runs now. Works from any thread.
    pub fn interrupt(&self) {
        if let Some(handle) = self.0.upgrade() {
            handle.progress.stop();
            // SAFETY: any thread may call it while the connection is open, which `handle` keeps it.
            unsafe { ffi::sqlite3_interrupt(handle.raw) };
        }
    }
}
