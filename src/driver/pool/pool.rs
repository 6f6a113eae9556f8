//! [`Pool`]: lends connections, first come first served.
//!
//! - No ping per query: a connection that was idle for a moment is asked whether its socket is
//!   still open, which costs no round trip; a dead one is replaced before anything is sent.
//! - The connection used last is lent first, so that few stay warm and the others can close.
//! - Giving back never waits: what needs a round trip (a reset, a goodbye) happens in a task with a
//!   time limit, while its place stays taken.

use std::cell::{Cell, RefCell};
use std::fmt::Write;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::Lease;
use super::lease::{Holders, Parts};
use super::queue::{Queue, Waiter};
use super::reaper;
use super::sharing::Batch;
use crate::config::PoolConfig;
use crate::driver::{Connection, Driver, DriverStatement, Shareable, TransactionStatus};
use crate::error::{Error, ErrorCode, Result};
use crate::runtime::{spawn, timeout};
use crate::value::Bindings;

/// How long a connection must have been idle before its socket is looked at: a query that follows
/// at once cannot meet a socket that died meanwhile without sending anything.
const LOOK_AFTER: Duration = Duration::from_millis(1);

/// Longest time for a reset or a goodbye. Beyond it the socket is dropped.
pub(super) const PARTING: Duration = Duration::from_secs(2);

/// Connections to one server.
#[derive(Clone)]
pub struct Pool(pub(super) Rc<Inner>);

pub(super) struct Inner {
    driver: Rc<dyn Driver>,
    pub(super) config: PoolConfig,
    /// The one used last stands last.
    pub(super) idle: RefCell<Vec<Idle>>,
    /// Connections open, opening or closing.
    pub(super) size: Cell<usize>,
    pub(super) queue: Queue,
    /// Told when a connection is gone.
    one_went: Notify,
    pub(super) holders: Holders,
    pub(super) is_closed: Cell<bool>,
    /// Nothing may run any more.
    pub(super) is_killed: Cell<bool>,
    patience: Cell<Duration>,
    pub(super) is_reaping: Cell<bool>,
    random: Cell<u64>,
}

pub(super) struct Idle {
    pub(super) parts: Parts,
    pub(super) since: Instant,
}

/// What a pool holds right now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct PoolStats {
    /// Connections, lent or idle, opening ones included.
    pub size: usize,
    /// Connections nobody uses.
    pub idle: usize,
    /// Connections lent.
    pub active: usize,
    /// Callers in the queue.
    pub waiting: usize,
    /// Most connections.
    pub max: usize,
}

impl Pool {
    /// A pool that opens its first connection when somebody asks for one.
    #[must_use]
    pub fn new(driver: Rc<dyn Driver>, config: PoolConfig) -> Self {
        Self(Rc::new(Inner {
            driver,
            config,
            idle: RefCell::default(),
            size: Cell::new(0),
            queue: Queue::default(),
            one_went: Notify::new(),
            holders: Holders::default(),
            is_closed: Cell::new(false),
            is_killed: Cell::new(false),
            patience: Cell::default(),
            is_reaping: Cell::new(false),
            random: Cell::new(Instant::now().elapsed().subsec_nanos().into()),
        }))
    }

    /// What the pool holds right now.
    #[must_use]
    pub fn stats(&self) -> PoolStats {
        PoolStats {
            size: self.0.size.get(),
            idle: self.0.idle.borrow().len(),
            active: self.0.holders.count(),
            waiting: self.0.queue.len(),
            max: self.0.config.max,
        }
    }

    /// A connection that is known to be usable, as soon as one is.
    ///
    /// # Errors
    /// `PoolTimeout` when none became free in time, `Closed` after [`Pool::drain`], and what the
    /// driver says when a connection cannot be opened.
    pub async fn acquire(&self) -> Result<Lease> {
        self.acquire_for(None).await
    }

    /// One that is idle and that nobody waits for. `None`: it takes [`Pool::acquire`], or there is none.
    #[must_use]
    pub fn take_now(&self, now: Instant) -> Option<Lease> {
        let inner = &self.0;
        if inner.is_closed.get() || !inner.queue.is_empty() {
            return None;
        }
        inner.take_idle(now).map(|idle| Lease::of_idle(self.clone(), idle, now))
    }

    /// The same for a statement that may be sent while others still use the connection.
    ///
    /// # Errors
    /// As [`Pool::acquire`], and `LostConnection` when the connection was lost after it was sent.
    pub async fn acquire_for(&self, work: Option<(&DriverStatement, &Rc<Bindings>)>) -> Result<Lease> {
        let inner = &self.0;
        if inner.is_closed.get() {
            return Err(closed());
        }
        // Nobody overtakes those who wait.
        if let Some(lease) = self.take_now(Instant::now()) {
            return Ok(lease);
        }
        let work = work.map(|(statement, bindings)| Shareable {
            statement: statement.clone(),
            bindings: Rc::clone(bindings),
        });
        let (waiter, receiver) = Waiter::new(work);
        inner.queue.push(waiter);
        self.open_as_needed();
        for _ in inner.size.get()..inner.config.min {
            self.open_one();
        }
        let limit = Duration::from_millis(inner.config.acquire_timeout_ms);
        match timeout(limit, receiver).await {
            Ok(Ok(Ok(parts))) if inner.is_killed.get() => {
                self.abandon(parts);
                Err(closed())
            }
            Ok(Ok(Ok(parts))) => Ok(Lease::new(self.clone(), parts, Instant::now())),
            Ok(Ok(Err(error))) => Err(error),
            Ok(Err(_)) => Err(closed()),
            Err(_) => Err(self.timed_out(limit)),
        }
    }

    /// Refuses new work, and waits until running work has ended, at most until the deadline.
    pub async fn drain(&self, deadline: Duration) {
        let inner = &self.0;
        inner.is_closed.set(true);
        inner.queue.clear();
        self.close_idle();
        let gone = async {
            inner.holders.all_returned().await;
            self.all_gone().await;
        };
        let _ = timeout(deadline, gone).await;
    }

    /// Resolves when the server has no session of this pool any more, if it takes part.
    async fn all_gone(&self) {
        loop {
            let one_went = self.0.one_went.notified();
            if self.0.size.get() == 0 {
                return;
            }
            one_went.await;
        }
    }

    /// After [`Pool::drain`]: ends what still runs. Servers get so long to stop it by themselves.
    pub async fn kill(&self, patience: Duration) {
        self.0.patience.set(patience);
        self.0.is_killed.set(true);
        self.0.holders.kill_all();
        let _ = timeout(PARTING, self.0.holders.all_returned()).await;
    }

    /// Closes what nobody uses: all of it, once one was found dead, has probably died with it.
    pub fn close_idle(&self) {
        let idle = std::mem::take(&mut *self.0.idle.borrow_mut());
        for idle in idle {
            self.part(idle.parts);
        }
    }

    /// How long servers get to stop statements of a pool that is closed.
    #[must_use]
    pub fn patience(&self) -> Duration {
        self.0.patience.get()
    }

    /// Whether it refuses new work.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.0.is_closed.get()
    }

    /// Takes back what was lent. `must_reset`: a statement changed the session.
    pub(super) fn give_back(&self, mut parts: Parts, must_reset: bool) {
        let inner = &self.0;
        if !parts.batch.is_empty() {
            if parts.connection.is_unfit() || inner.is_killed.get() {
                return self.abandon(parts);
            }
            let Some(rest) = self.hand_on(parts) else { return };
            parts = rest;
        }
        let is_clean = parts.connection.transaction_status() == TransactionStatus::Idle;
        let now = Instant::now();
        if inner.is_closed.get() || !is_clean || parts.is_too_old(now) || parts.connection.is_unfit() {
            self.part(parts);
            self.open_as_needed();
        } else if must_reset {
            let pool = self.clone();
            spawn(async move {
                if matches!(timeout(PARTING, parts.connection.reset()).await, Ok(Ok(()))) {
                    pool.offer(parts, Instant::now());
                } else {
                    pool.part(parts);
                    pool.open_as_needed();
                }
            });
        } else {
            self.offer(parts, now);
        }
    }

    /// The place of a connection that is gone is free again.
    pub(super) fn lost(&self) {
        self.0.size.set(self.0.size.get().saturating_sub(1));
        self.0.one_went.notify_waiters();
        self.open_as_needed();
    }

    /// Hands a usable connection to the first in the queue, or keeps it.
    pub(super) fn offer(&self, mut parts: Parts, now: Instant) {
        let inner = &self.0;
        if inner.is_closed.get() {
            self.part(parts);
            return;
        }
        if let Some(first) = inner.queue.pop() {
            self.share(&mut parts, &first);
            first.give(parts);
            return;
        }
        inner.idle.borrow_mut().push(Idle { parts, since: now });
        reaper::start(self);
    }

    /// Says goodbye in the background. The place is free once the socket is.
    pub(super) fn part(&self, parts: Parts) {
        let pool = self.clone();
        spawn(async move {
            let _ = timeout(PARTING, parts.connection.close()).await;
            pool.lost();
        });
    }

    /// Opens connections while callers wait and there is room.
    pub(super) fn open_as_needed(&self) {
        let inner = &self.0;
        if inner.is_closed.get() {
            return;
        }
        let room = inner.config.max.saturating_sub(inner.size.get());
        if room == 0 {
            return;
        }
        let opening = inner.size.get().saturating_sub(inner.holders.count() + inner.idle.borrow().len());
        let wanted = inner.queue.len().saturating_sub(opening);
        for _ in 0..wanted.min(room) {
            self.open_one();
        }
    }

    pub(super) fn open_one(&self) {
        let inner = &self.0;
        inner.size.set(inner.size.get() + 1);
        let connecting = inner.driver.connect();
        let limit = Duration::from_millis(inner.config.create_timeout_ms);
        let pool = self.clone();
        spawn(async move {
            let opened = match timeout(limit, connecting).await {
                Ok(opened) => opened,
                Err(_) => Err(Error::new(
                    ErrorCode::Connection,
                    format!(
                        "the server did not answer within {} ms (pool.createTimeoutMillis)",
                        limit.as_millis()
                    ),
                )),
            };
            match opened {
                Ok(connection) => pool.offer(pool.parts(connection), Instant::now()),
                Err(error) => {
                    // First the failure: the place that becomes free is for those who wait after it.
                    pool.fail_one(error);
                    pool.lost();
                }
            }
        });
    }

    /// Gives the failure to the first in the queue: the next one tries again with its own attempt.
    fn fail_one(&self, error: Error) {
        if let Some(first) = self.0.queue.pop() {
            first.fail(error);
        }
    }

    fn parts(&self, connection: Box<dyn Connection>) -> Parts {
        let canceller = Rc::from(connection.canceller());
        // ± 10 %, so that connections opened together do not all go together.
        let next = self
            .0
            .random
            .get()
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        self.0.random.set(next);
        let jitter = 90 + (next >> 33) % 21;
        let lifetime = (self.0.config.max_lifetime_ms != 0).then(|| {
            Instant::now() + Duration::from_millis(self.0.config.max_lifetime_ms.saturating_mul(jitter) / 100)
        });
        Parts { connection, canceller, kill: Rc::default(), expires: lifetime, batch: Batch::new() }
    }

    fn timed_out(&self, limit: Duration) -> Error {
        let stats = self.stats();
        let mut message = format!(
            "no connection became free within {} ms (pool.acquireTimeoutMillis): {} of {} open, {} idle, {} waiting",
            limit.as_millis(),
            stats.size,
            stats.max,
            stats.idle,
            stats.waiting,
        );
        if let Some(age) = self.0.holders.oldest() {
            let _ = write!(message, "; the oldest lent one has been out for {} ms", age.as_millis());
        }
        Error::new(ErrorCode::PoolTimeout, message)
    }
}

impl Inner {
    fn take_idle(&self, now: Instant) -> Option<Idle> {
        loop {
            let mut idle = self.idle.borrow_mut().pop()?;
            let is_dead = now - idle.since >= LOOK_AFTER && idle.parts.connection.is_dead();
            if !is_dead && !idle.parts.is_too_old(now) {
                return Some(idle);
            }
            // Dropping the connection closes its socket; its place is free at once.
            self.size.set(self.size.get() - 1);
        }
    }
}

fn closed() -> Error {
    Error::new(
        ErrorCode::Closed,
        "the connection was closed (disconnect or purge); work that had not begun was refused",
    )
}
