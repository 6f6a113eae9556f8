//! [`Location`]: where a database is, and why it could not be opened.

use std::fs;
use std::io;
use std::path::Path;

use super::failure::Failure;
use crate::dialect::sqlite::errors::{self, CANTOPEN, NOTADB};
use crate::error::{Error, ErrorCode};

/// Where a database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// In this process's memory, for one connection.
    Memory,
    /// A file's path, or an address that begins with `file:`.
    File(String),
}

impl Location {
    /// Reads what the configuration names.
    pub fn of(database: &str) -> Self {
        let is_memory = database == ":memory:"
            || database.starts_with("file:")
                && (database.starts_with("file::memory:")
                    || database.contains("mode=memory")
                    || database.contains("vfs=memdb"));
        if is_memory { Self::Memory } else { Self::File(database.to_owned()) }
    }

    /// The name that SQLite opens.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Memory => ":memory:",
            Self::File(path) => path,
        }
    }

    /// The error for a database that could not be opened or set up.
    pub fn explain(&self, failure: &Failure) -> Error {
        let mut error = errors::classify(failure.code, &failure.message);
        let path = self.as_str();
        error.message = match failure.code & 0xFF {
            CANTOPEN => format!("SQLite cannot open {path:?}: {}", self.obstacle(&failure.message)),
            NOTADB => {
                format!("SQLite cannot open {path:?}: the file is not a SQLite database, or it is encrypted")
            }
            _ => format!("SQLite cannot open {path:?}: {}", failure.message),
        };
        if error.code != ErrorCode::LockTimeout {
            error.code = ErrorCode::Connection;
        }
        error
    }

    /// What is in the way of opening the file.
    fn obstacle(&self, otherwise: &str) -> String {
        let path = match self {
            Self::File(path) if !path.starts_with("file:") => Path::new(path),
            _ => return otherwise.to_owned(),
        };
        if path.is_dir() {
            return "it is a folder; name a file in it".to_owned();
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
            let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
            return format!(
                "the folder {:?} does not exist; create it, or correct the path",
                whole.display().to_string()
            );
        }
        match fs::File::open(path) {
            Err(problem) if problem.kind() == io::ErrorKind::NotFound => {
                "the file does not exist, and its folder does not let it be created".to_owned()
            }
            Err(problem) => problem.to_string(),
            Ok(_) => otherwise.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_memory_are_in_memory() {
        for name in [
            ":memory:",
            "file::memory:",
            "file::memory:?cache=shared",
            "file:x?mode=memory",
            "file:/x?vfs=memdb",
        ] {
            assert_eq!(Location::of(name), Location::Memory, "{name}");
        }
        for name in ["data.db", "file:data.db?mode=ro", "mode=memory", ""] {
            assert_eq!(Location::of(name), Location::File(name.to_owned()), "{name}");
        }
    }
}
