//! [`SqliteDriver`]: opens connections to one file.

use std::cell::RefCell;
use std::ffi::CString;
use std::rc::Rc;
use std::sync::Arc;

use futures_util::future::LocalBoxFuture;

use super::columns::ReadOptions;
use super::connection::SqliteConnection;
use super::handle::{Database, Keeper};
use super::location::Location;
use super::session::Session;
use crate::config::{ConnectionConfig, Endpoint};
use crate::driver::{Connection, Driver};
use crate::error::{Error, ErrorCode, Result};

/// Opens connections to one database, either to write or only to read.
///
/// A database in memory belongs to one connection, which writes and reads: SQLite's shared cache
/// would let a reader fail on every table that a transaction has touched. The driver keeps that
/// memory as long as it lives itself, so a pool may close the connection and open it again.
pub struct SqliteDriver {
    config: Rc<ConnectionConfig>,
    location: Location,
    is_writable: bool,
    memory: Rc<RefCell<Option<Keeper>>>,
}

impl SqliteDriver {
    /// A driver for the file (or `:memory:`) that `endpoint.database` names. With `writable` false
    /// its connections refuse to write.
    #[must_use]
    pub fn new(config: Rc<ConnectionConfig>, endpoint: &Endpoint, writable: bool) -> Self {
        Self {
            config,
            location: Location::of(&endpoint.database),
            is_writable: writable,
            memory: Rc::default(),
        }
    }

    /// How many connections there can be at once; `None` for any number. `Some(1)` in memory: then
    /// the pool needs one driver, opened writable, for reading too.
    #[must_use]
    pub fn max_connections(&self) -> Option<usize> {
        (self.location == Location::Memory).then_some(1)
    }
}

impl Driver for SqliteDriver {
    fn connect(&self) -> LocalBoxFuture<'static, Result<Box<dyn Connection>>> {
        let config = Rc::clone(&self.config);
        let location = self.location.clone();
        let memory = Rc::clone(&self.memory);
        let session = Session { config: config.sqlite.clone(), is_writable: self.is_writable };
        Box::pin(async move {
            session.check()?;
            let mut database = open(&location, &memory, session.is_writable)?;
            session.begin(&mut database).await.map_err(|failure| location.explain(&failure))?;
            let options = ReadOptions {
                timezone: config.timezone.clone(),
                dates_as_text: config.dates_as_text,
                json_as_text: config.json_as_text,
            };
            let connection: Box<dyn Connection> =
                Box::new(SqliteConnection::new(database, session, Arc::new(options)));
            Ok(connection)
        })
    }
}

fn open(location: &Location, memory: &RefCell<Option<Keeper>>, is_writable: bool) -> Result<Database> {
    if *location == Location::Memory {
        if !is_writable {
            return Err(Error::internal("a database in memory has one connection, which must be writable"));
        }
        if let Some(keeper) = &*memory.borrow() {
            return keeper.reopen().ok_or_else(|| {
                Error::new(ErrorCode::Connection, "a database in memory has one connection, and it is in use")
            });
        }
    }
    let path = CString::new(location.as_str())
        .map_err(|_| Error::new(ErrorCode::Config, "database: the path holds a zero character"))?;
    let database = Database::open(&path).map_err(|failure| location.explain(&failure))?;
    if *location == Location::Memory {
        *memory.borrow_mut() = Some(database.keeper());
    }
    Ok(database)
}
