//! [`Engine`]: one named connection: its pools, its sessions, and the road every statement takes.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use futures_util::future::join;

use super::alone::Alone;
use super::control::Control;
use super::edge::Edge;
use super::execute::{self, Work, lost};
use super::pieces;
use super::prepared::{Cache, Prepared};
use super::session::Session;
use super::transaction::{rolled_back, status};
use crate::config::{ConnectionConfig, DriverName};
use crate::driver::pool::{Lease, Pool, PoolStats};
use crate::driver::{ChunkReceiver, Outcome, RowSink, TransactionStatus, open_pools};
use crate::error::{Error, ErrorCode, Result};
use crate::value::Bindings;

/// What a request asks to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// A query as its shape: JSON whose values are numbers of bindings.
    Query(String),
    /// Raw SQL of the user, with the names of its bindings when it uses `:name`.
    Sql {
        /// The text.
        sql: String,
        /// The name of each binding.
        names: Option<Vec<String>>,
    },
    /// Several statements without values.
    Script(String),
}

/// One request.
pub struct Run<'a> {
    /// What to run.
    pub text: &'a Text,
    /// Its values.
    pub bindings: &'a Rc<Bindings>,
    /// The session to run it in; 0: any connection.
    pub session: u32,
    /// Go to the write server even to read.
    pub use_write: bool,
    /// A failure undoes this statement only, also where it would end the session's transaction.
    pub stands_alone: bool,
    /// Whether its transaction begins before it, or ends after it. Only in a session.
    pub edge: Edge,
    /// Its rows are waited for by a reader who takes them at leisure.
    pub is_stream: bool,
    /// What can stop it.
    pub control: &'a Control,
}

/// One named connection.
pub struct Engine {
    config: Rc<ConnectionConfig>,
    pools: RefCell<Option<Pools>>,
    cache: Cache,
    sessions: RefCell<HashMap<u32, Rc<Session>>>,
    last_session: Cell<u32>,
}

/// Where statements go.
#[derive(Clone)]
pub(crate) struct Pools {
    /// Takes everything.
    pub(crate) write: Pool,
    /// Takes what only reads. The same pool where there is only one server.
    pub(crate) read: Pool,
    /// Whether both are one.
    pub(crate) is_split: bool,
}

impl Engine {
    /// A connection that opens nothing until it is used.
    #[must_use]
    pub fn new(config: ConnectionConfig) -> Self {
        Self {
            config: Rc::new(config),
            pools: RefCell::default(),
            cache: Cache::default(),
            sessions: RefCell::default(),
            last_session: Cell::new(0),
        }
    }

    /// What it was configured with.
    #[must_use]
    pub fn config(&self) -> &ConnectionConfig {
        &self.config
    }

    /// The configured time limit of statements.
    pub(super) fn statement_limit(&self) -> Option<Duration> {
        self.config.statement_timeout_ms.map(Duration::from_millis)
    }

    /// What the pools hold.
    #[must_use]
    pub fn stats(&self) -> PoolStats {
        let Some(pools) = &*self.pools.borrow() else {
            return PoolStats { max: self.config.pool.max, ..PoolStats::default() };
        };
        let write = pools.write.stats();
        if !pools.is_split {
            return write;
        }
        let read = pools.read.stats();
        PoolStats {
            size: write.size + read.size,
            idle: write.idle + read.idle,
            active: write.active + read.active,
            waiting: write.waiting + read.waiting,
            max: write.max + read.max,
        }
    }

    /// Makes a text ready without running it.
    ///
    /// # Errors
    /// `Unsupported` and `InvalidArgument`, as the compiler says.
    pub fn prepare(&self, text: &Text, values: usize) -> Result<Rc<Prepared>> {
        self.cache.prepare(text, values, &self.config)
    }

    /// Runs one request. Answers what it did and how long it took on its connection.
    ///
    /// # Errors
    /// Everything that can go wrong with a statement; the error names it.
    pub async fn run(&self, run: Run<'_>, receiver: &mut dyn ChunkReceiver) -> Result<(Outcome, Duration)> {
        if let Text::Script(sql) = run.text {
            let running = Box::pin(self.run_script(&run, sql, receiver));
            return running.await.map_err(|error| error.with_sql(sql));
        }
        let prepared = match self.prepare(run.text, run.bindings.len()) {
            Ok(prepared) => prepared,
            Err(error) => {
                return Err(match run.text {
                    Text::Sql { sql, .. } => error.with_sql(sql),
                    _ => error,
                });
            }
        };
        let ran = if run.session == 0 {
            self.run_anywhere(&run, &prepared, receiver).await
        } else {
            self.run_in_session(&run, &prepared, receiver).await
        };
        ran.map_err(|error| error.with_sql(&prepared.statement.sql))
    }

    async fn run_anywhere(
        &self,
        run: &Run<'_>,
        prepared: &Prepared,
        receiver: &mut dyn ChunkReceiver,
    ) -> Result<(Outcome, Duration)> {
        let pool = self.pool_for(prepared.only_reads && !run.use_write)?;
        let mut sink = RowSink::new(receiver);
        let mut has_retried = false;
        // Whoever may have to be stopped, or keeps its connection for long, gets one of its own.
        let may_share = prepared.is_plain_read() && !run.is_stream && run.control.is_unlimited();
        let mut work = may_share.then_some((&prepared.statement, run.bindings));
        loop {
            let mut lease = run.control.unless_stopped(pool.acquire_for(work)).await??;
            let result = timed(&mut lease, run, prepared, &mut sink, self.config.driver).await;
            // Only `Connection` says that the connection had ended before the statement ran. One that died
            // under it may have done its work, a select as well: `select pay(1)`.
            let may_run_again = result.as_ref().is_err_and(|error| error.code == ErrorCode::Connection);
            if may_run_again && !has_retried && !run.control.is_aborted() && !pool.is_closed() {
                has_retried = true;
                pool.close_idle();
                continue;
            }
            let must_run_again = result.is_err() && work.is_some() && lease.must_run_again();
            if prepared.changes_session {
                lease.mark_for_reset();
            }
            lease.release();
            if must_run_again {
                work = None;
                continue;
            }
            return result;
        }
    }

    async fn run_in_session(
        &self,
        run: &Run<'_>,
        prepared: &Prepared,
        receiver: &mut dyn ChunkReceiver,
    ) -> Result<(Outcome, Duration)> {
        let session = self.session(run.session)?;
        let mut held = run.control.unless_stopped(session.lease.lock()).await?;
        let mut sink = RowSink::new(receiver);
        let first = if session.owes_begin.get() {
            Box::pin(self.run_first(&session, &mut held, run, prepared, &mut sink)).await
        } else {
            None
        };
        let result = match first {
            Some(ran) => ran,
            None => self.run_next(&session, &mut held, run, prepared, &mut sink).await,
        };
        if held.as_mut().is_some_and(|lease| lease.connection().is_none()) {
            held.take();
        }
        // Found before the statement ran or under it: the transaction is gone either way.
        result.map_err(|error| {
            if error.code == ErrorCode::Connection { Error { detail: error.detail, ..lost() } } else { error }
        })
    }

    async fn run_next(
        &self,
        session: &Session,
        held: &mut Option<Lease>,
        run: &Run<'_>,
        prepared: &Prepared,
        sink: &mut RowSink<'_>,
    ) -> Result<(Outcome, Duration)> {
        self.begin_owed(session, held).await?;
        let lease = held.as_mut().ok_or_else(lost)?;
        // PostgreSQL refuses by itself; MySQL would run it as if there had never been a transaction.
        let is_over =
            self.config.driver != DriverName::Postgres && status(lease) == TransactionStatus::Failed;
        if is_over && !prepared.controls_transaction {
            return Err(rolled_back("the server had undone it, so this statement was not sent"));
        }
        if prepared.changes_session {
            lease.mark_for_reset();
        }
        let is_asked = run.stands_alone && !prepared.controls_transaction;
        let alone = Alone::before(lease, self.config.driver, is_asked, run.control).await?;
        let result = if run.edge == Edge::None {
            timed(lease, run, prepared, sink, self.config.driver).await
        } else {
            Box::pin(self.run_at_edge(lease, run, prepared, sink)).await
        };
        let settled = alone.after(lease, result.is_err()).await;
        result.and_then(|answer| settled.map(|()| answer))
    }

    async fn run_script(
        &self,
        run: &Run<'_>,
        sql: &str,
        receiver: &mut dyn ChunkReceiver,
    ) -> Result<(Outcome, Duration)> {
        let mut sink = RowSink::new(receiver);
        let began = Instant::now();
        let outcome = if run.session == 0 {
            let pool = self.pool_for(false)?;
            let mut lease = run.control.unless_stopped(pool.acquire()).await??;
            let outcome = execute::run(&mut lease, Work::Script(sql), &mut sink, run.control).await;
            // Nobody has read the script: it may have changed the session.
            lease.mark_for_reset();
            lease.release();
            outcome
        } else {
            let session = self.session(run.session)?;
            let mut held = run.control.unless_stopped(session.lease.lock()).await?;
            self.begin_owed(&session, &mut held).await?;
            let lease = held.as_mut().ok_or_else(lost)?;
            lease.mark_for_reset();
            let alone = Alone::before(lease, self.config.driver, run.stands_alone, run.control).await?;
            let result = execute::run(lease, Work::Script(sql), &mut sink, run.control).await;
            let settled = alone.after(lease, result.is_err()).await;
            result.and_then(|answer| settled.map(|()| answer))
        };
        outcome.map(|outcome| (outcome, began.elapsed()))
    }

    /// Refuses new work, lets running work end until the deadline, then stops it, and closes hard
    /// what servers have not stopped after `patience`. The next request opens the connection again.
    pub async fn close(&self, deadline: Duration, patience: Duration) {
        let Some(Pools { write, read, .. }) = self.pools.take() else { return };
        // The same pool twice, where there is no other one for reading, is closed once.
        join(write.drain(deadline), read.drain(deadline)).await;
        // Transactions that are still open lose their connections.
        self.sessions.take();
        join(write.kill(patience), read.kill(patience)).await;
    }

    pub(super) fn write_pool(&self, only_reads: bool) -> Result<Pool> {
        // A read-only transaction needs no writer on SQLite, where there is only one.
        self.pool_for(only_reads && self.config.driver == DriverName::Sqlite)
    }

    pub(super) fn pool_for(&self, only_reads: bool) -> Result<Pool> {
        let mut pools = self.pools.borrow_mut();
        if pools.is_none() {
            let (write, read) = open_pools(&self.config)?;
            let is_split = read.is_some();
            *pools = Some(Pools { read: read.unwrap_or_else(|| write.clone()), write, is_split });
        }
        let pools = pools.as_ref().ok_or_else(|| Error::internal("no pool was opened"))?;
        Ok(if only_reads { pools.read.clone() } else { pools.write.clone() })
    }

    pub(super) fn add_session(&self, session: Rc<Session>) -> u32 {
        let id = self.last_session.get().wrapping_add(1).max(1);
        self.last_session.set(id);
        self.sessions.borrow_mut().insert(id, session);
        id
    }

    pub(super) fn session(&self, id: u32) -> Result<Rc<Session>> {
        self.sessions.borrow().get(&id).cloned().ok_or_else(over)
    }

    /// From here on nobody else can use the session.
    pub(super) fn take_session(&self, id: u32) -> Result<Rc<Session>> {
        self.sessions.borrow_mut().remove(&id).ok_or_else(over)
    }
}

pub(super) async fn timed(
    lease: &mut Lease,
    run: &Run<'_>,
    prepared: &Prepared,
    sink: &mut RowSink<'_>,
    driver: DriverName,
) -> Result<(Outcome, Duration)> {
    let began = Instant::now();
    let outcome = if prepared.rest.is_empty() {
        let work = Work::Statement(&prepared.statement, run.bindings);
        execute::run(lease, work, sink, run.control).await?
    } else {
        Box::pin(pieces::run(lease, run, prepared, sink, driver)).await?
    };
    Ok((outcome, began.elapsed()))
}

fn over() -> Error {
    Error::new(
        ErrorCode::TransactionClosed,
        "the transaction is over: a statement was started on it after its end. Await every statement inside the callback",
    )
}
