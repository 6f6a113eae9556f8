//! Which pools a configuration asks for.

use std::cell::Cell;
use std::rc::Rc;

use futures_util::future::LocalBoxFuture;

use super::pool::Pool;
use super::{Connection, Driver, mysql::MySqlDriver, postgres::PostgresDriver, sqlite::SqliteDriver};
use crate::config::{ConnectionConfig, DriverName, Endpoint, PoolConfig};
use crate::error::{Error, Result};

/// The pool for everything and, where reads go elsewhere, the pool for reads.
///
/// # Errors
/// `Unsupported` for a database without a driver.
pub fn open_pools(config: &Rc<ConnectionConfig>) -> Result<(Pool, Option<Pool>)> {
    if config.driver == DriverName::Sqlite {
        return open_sqlite(config);
    }
    let write = Pool::new(driver(config, &config.write)?, config.pool);
    let read = match config.read.as_slice() {
        [] => None,
        endpoints => Some(Pool::new(driver(config, endpoints)?, config.pool)),
    };
    Ok((write, read))
}

fn driver(config: &Rc<ConnectionConfig>, endpoints: &[Endpoint]) -> Result<Rc<dyn Driver>> {
    let mut drivers = Vec::with_capacity(endpoints.len());
    for endpoint in endpoints {
        drivers.push(one_driver(config, endpoint.clone())?);
    }
    Ok(if drivers.len() == 1 { drivers.remove(0) } else { Rc::new(AnyOf { drivers, next: Cell::new(0) }) })
}

fn one_driver(config: &Rc<ConnectionConfig>, endpoint: Endpoint) -> Result<Rc<dyn Driver>> {
    Ok(match config.driver {
        DriverName::Postgres => Rc::new(PostgresDriver::new(Rc::clone(config), endpoint)),
        DriverName::MySql | DriverName::MariaDb => Rc::new(MySqlDriver::new(Rc::clone(config), endpoint)),
        DriverName::Sqlite => Rc::new(SqliteDriver::new(Rc::clone(config), &endpoint, true)),
        DriverName::SqlServer => {
            return Err(Error::unsupported("driver in this version", config.driver.label()));
        }
    })
}

/// Several servers that can do the same: each new connection goes to the next one, and on to the
/// others when that one cannot be reached.
struct AnyOf {
    drivers: Vec<Rc<dyn Driver>>,
    next: Cell<usize>,
}

impl Driver for AnyOf {
    fn connect(&self) -> LocalBoxFuture<'static, Result<Box<dyn Connection>>> {
        let first = self.next.get();
        self.next.set((first + 1) % self.drivers.len().max(1));
        let mut drivers = self.drivers.clone();
        let shift = first.min(drivers.len());
        drivers.rotate_left(shift);
        Box::pin(async move {
            let mut failure = Error::internal("a connection without a server");
            for driver in drivers {
                match driver.connect().await {
                    Ok(connection) => return Ok(connection),
                    Err(error) => failure = error,
                }
            }
            Err(failure)
        })
    }
}

/// SQLite takes one writer at a time, so the pool for writes has one connection and the queue in
/// front of it is fair; reads have connections of their own. A database in memory is one connection.
fn open_sqlite(config: &Rc<ConnectionConfig>) -> Result<(Pool, Option<Pool>)> {
    let endpoint =
        config.write.first().cloned().ok_or_else(|| Error::internal("a connection without a file"))?;
    let driver = |writable| Rc::new(SqliteDriver::new(Rc::clone(config), &endpoint, writable));
    let write = driver(true);
    let is_single = write.max_connections() == Some(1);
    let writer = Pool::new(write, PoolConfig { min: config.pool.min.min(1), max: 1, ..config.pool });
    let readers = PoolConfig { min: 0, max: config.pool.max.saturating_sub(1).max(1), ..config.pool };
    Ok((writer, (!is_single).then(|| Pool::new(driver(false), readers))))
}
