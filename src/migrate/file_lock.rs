//! Locks of the operating system on files: what keeps runners on one `SQLite` database apart.
//!
//! The kernel frees them when the process ends, however it ends. A lock file stays on disk:
//! removing it would let a runner that already opened it and one that creates it anew both win.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::error::{Error, ErrorCode, Result};

thread_local! {
    /// The locks that this JavaScript environment holds. It runs on one thread.
    static HELD: RefCell<HashMap<PathBuf, File>> = RefCell::new(HashMap::new());
}

/// What an attempt brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Attempt {
    /// Whether the lock is ours now.
    pub acquired: bool,
    /// What the one who has it wrote into the file, where it can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
}

/// Tries to take the lock on `path`, without waiting, and leaves `owner` in the file.
///
/// # Errors
/// `Migration` when the file cannot be opened or locked at all (a read-only folder).
pub fn try_acquire(path: &Path, owner: &str) -> Result<Attempt> {
    let failed = |reason: std::io::Error| {
        Error::new(ErrorCode::Migration, format!("The lock file {} cannot be used: {reason}", path.display()))
    };
    if HELD.with_borrow(|held| held.contains_key(path)) {
        return Ok(Attempt { acquired: false, holder: Some(owner.to_owned()) });
    }
    let mut file =
        OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            // Windows does not let others read a locked file; then the holder stays unknown.
            let known = file.read_to_string(&mut holder).is_ok() && !holder.is_empty();
            return Ok(Attempt { acquired: false, holder: known.then_some(holder) });
        }
        Err(TryLockError::Error(reason)) => return Err(failed(reason)),
    }
    file.set_len(0).and_then(|()| file.seek(SeekFrom::Start(0))).map_err(failed)?;
    file.write_all(owner.as_bytes()).map_err(failed)?;
    HELD.with_borrow_mut(|held| held.insert(path.to_owned(), file));
    Ok(Attempt { acquired: true, holder: None })
}

/// Gives the lock on `path` back; nothing happens when it is not ours.
pub fn release(path: &Path) {
    if let Some(file) = HELD.with_borrow_mut(|held| held.remove(path)) {
        // Closing the file frees the lock as well, so a failure here changes nothing.
        let _ = file.set_len(0);
        let _ = file.unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("gu_flow_{}_{name}.lock", std::process::id()))
    }

    /// An attempt of another environment: its own thread, its own table of held locks.
    fn elsewhere(path: &Path, owner: &'static str) -> Attempt {
        let path = path.to_owned();
        std::thread::spawn(move || try_acquire(&path, owner)).join().expect("thread").expect("attempt")
    }

    #[test]
    fn the_second_one_learns_who_has_it() {
        let path = path("two");
        assert!(try_acquire(&path, "first").expect("attempt").acquired);
        assert_eq!(elsewhere(&path, "second"), Attempt { acquired: false, holder: Some("first".into()) });
        assert!(
            !try_acquire(&path, "first").expect("attempt").acquired,
            "not even the same environment twice"
        );
        release(&path);
        assert!(elsewhere(&path, "second").acquired);
        std::fs::remove_file(&path).expect("remove");
    }

    #[test]
    fn a_file_that_cannot_be_made_is_named() {
        let error = try_acquire(Path::new("/nowhere/x.lock"), "me").expect_err("no such folder");
        assert!(
            error.message.starts_with("The lock file /nowhere/x.lock cannot be used: "),
            "{}",
            error.message
        );
    }
}
