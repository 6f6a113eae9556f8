//! As many connections as the other peers have, without anything that a pool may do besides lending them.

use crate::Result;
use std::cell::RefCell;
use tokio::sync::Semaphore;

const CONNECTIONS: usize = 10;

pub struct Pool<C> {
    /// The one that came back last is lent first: it has the statements prepared, and its server process is awake.
    free: RefCell<Vec<C>>,
    permits: Semaphore,
}

impl<C> Pool<C> {
    /// Opens the ten connections.
    pub async fn open(connect: impl AsyncFn() -> Result<C>) -> Result<Self> {
        let mut free = Vec::with_capacity(CONNECTIONS);
        for _ in 0..CONNECTIONS {
            free.push(connect().await?);
        }
        Ok(Self::of(free))
    }

    fn of(free: Vec<C>) -> Self {
        Self { permits: Semaphore::new(free.len()), free: RefCell::new(free) }
    }

    /// Lends each connection to so many at once.
    pub fn shared(self, times: usize) -> Self
    where
        C: Clone,
    {
        let free = self.free.into_inner();
        Self::of(free.iter().cycle().take(free.len() * times).cloned().collect())
    }

    /// Does the work with a connection of its own, as soon as there is one; who waits longest is first.
    pub async fn with<T>(&self, work: impl AsyncFnOnce(&mut C) -> Result<T>) -> Result<T> {
        let _permit = self.permits.acquire().await?;
        let mut connection = self.free.borrow_mut().pop().ok_or("a permit without a connection")?;
        let result = work(&mut connection).await;
        self.free.borrow_mut().push(connection);
        result
    }
}
