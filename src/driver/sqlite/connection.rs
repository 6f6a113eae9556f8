//! [`SqliteConnection`]: one open database.

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use futures_util::future::LocalBoxFuture;

use super::binding::bind_all;
use super::cache::{Prepared, StatementCache};
use super::columns::ReadOptions;
use super::effects::Effects;
use super::execution::{Execution, Road, execute};
use super::failure::Failure;
use super::handle::Database;
use super::pace::Pace;
use super::patience::Patience;
use super::run::Run;
use super::session::{Session, run_patiently};
use super::traits::{StatementTraits, is_blank};
use crate::dialect::sqlite::errors::{BUSY_SNAPSHOT, READONLY};
use crate::driver::{
    CancelFuture, Chunk, ChunkReceiver, Connection, DriverStatement, Limits, Outcome, RowSink, Shape,
    TransactionStatus,
};
use crate::error::{Error, ErrorCode, Result};
use crate::value::Bindings;

/// Numbers connections, for messages and tests.
static CONNECTIONS: AtomicU64 = AtomicU64::new(0);

/// One open database.
pub struct SqliteConnection {
    pub(super) cache: StatementCache,
    pub(super) database: Database,
    session: Session,
    pub(super) options: Arc<ReadOptions>,
    /// SQLite has rolled a transaction back that its owner still believes in.
    pub(super) has_lost_transaction: bool,
    /// A pragma ran: `reset` has to set everything again.
    has_changed_session: bool,
    /// False once the journal was turned off: SQLite cannot undo a statement then.
    pub(super) has_journal: bool,
    /// Of the statement that comes next, or runs.
    pub(super) limits: Limits,
    id: u64,
}

impl SqliteConnection {
    pub(super) fn new(database: Database, session: Session, options: Arc<ReadOptions>) -> Self {
        Self {
            cache: StatementCache::default(),
            database,
            has_journal: !session.config.journal_mode.eq_ignore_ascii_case("off"),
            session,
            options,
            has_lost_transaction: false,
            has_changed_session: false,
            limits: Limits::default(),
            id: CONNECTIONS.fetch_add(1, Ordering::Relaxed) + 1,
        }
    }

    async fn run_one(
        &mut self,
        statement: &DriverStatement,
        bindings: &Bindings,
        rows: &mut RowSink<'_>,
    ) -> Result<Outcome> {
        let sql = &statement.sql;
        let mut prepared = match self.cache.take(sql) {
            Some(prepared) => prepared,
            None => Box::pin(self.prepare_only(sql, statement.is_cached)).await?,
        };
        let bound = bind_all(&mut prepared.run.statement, statement, bindings, &self.options.timezone);
        let (prepared, result) = match bound {
            Ok(()) => self.run_prepared(prepared, sql, rows).await,
            Err(error) => (Some(prepared), Err(error.with_sql(sql))),
        };
        // SQLite compiles a kept statement again when the schema has changed, a pragma every time;
        // an EXPLAIN never: it would list a program whose tables may be gone from memory.
        let is_kept = |prepared: &Prepared| statement.is_cached && !prepared.run.statement.is_explain();
        if let Some(mut prepared) = prepared.filter(is_kept) {
            prepared.run.finish();
            self.cache.put(Rc::clone(sql), prepared);
        }
        result
    }

    async fn run_script(&mut self, sql: &str) -> Result<Outcome> {
        let mut total = Outcome::default();
        let mut start = 0;
        while !is_blank(&sql[start..]) {
            let (prepared, used) = self.prepare(&sql[start..], false).await.map_err(|mut failure| {
                failure.offset = failure.offset.map(|offset| offset + start);
                failure.into_error(sql)
            })?;
            let Some(prepared) = prepared else {
                return Err(Error::invalid("the script holds a zero character").with_sql(sql));
            };
            let text = sql[start..start + used].trim();
            start += used;
            if prepared.run.statement.parameter_count() > 0 {
                return Err(Error::invalid("a script takes no values: it has a placeholder").with_sql(text));
            }
            let mut receiver = Nobody;
            let (_, result) = self.run_prepared(prepared, text, &mut RowSink::new(&mut receiver)).await;
            let outcome = result?;
            total.affected_rows += outcome.affected_rows;
            total.last_insert_id = outcome.last_insert_id;
        }
        Ok(total)
    }

    /// Prepares a text that must hold one statement.
    async fn prepare_only(&mut self, sql: &str, is_kept: bool) -> Result<Prepared> {
        let (prepared, used) = self.prepare(sql, is_kept).await.map_err(|failure| failure.into_error(sql))?;
        let Some(prepared) = prepared else {
            return Err(Error::invalid("the text holds no statement").with_sql(sql));
        };
        if is_blank(&sql[used..]) {
            return Ok(prepared);
        }
        Err(Error::invalid("one statement per call: the text goes on after the first one").with_sql(sql))
    }

    async fn prepare(
        &mut self,
        sql: &str,
        is_kept: bool,
    ) -> std::result::Result<(Option<Prepared>, usize), Failure> {
        let mut patience = Patience::new(self.session.config.busy_timeout_ms);
        loop {
            match self.database.prepare(sql, is_kept) {
                Err(failure) if failure.is_busy() && patience.wait().await => {}
                Err(failure) => return Err(failure),
                Ok((None, used)) => return Ok((None, used)),
                Ok((Some(statement), used)) => {
                    let is_read_only = statement.is_read_only();
                    let run = Box::new(Run::new(statement, &self.options));
                    let shape = Rc::new(run.plan.shape.clone());
                    let traits = StatementTraits::of(&sql[..used], is_read_only);
                    let pace = Pace::Unknown;
                    let is_short = true;
                    return Ok((Some(Prepared { run, shape, traits, pace, is_short, is_read_only }), used));
                }
            }
        }
    }

    /// Runs a statement whose values are bound, and gives it back.
    async fn run_prepared(
        &mut self,
        mut prepared: Prepared,
        sql: &str,
        rows: &mut RowSink<'_>,
    ) -> (Option<Prepared>, Result<Outcome>) {
        let traits = prepared.traits;
        if self.has_lost_transaction {
            self.has_lost_transaction = !traits.is_rollback;
            let result = if traits.is_rollback { Ok(Outcome::default()) } else { Err(lost_transaction(sql)) };
            return (Some(prepared), result);
        }
        if !self.may_be_tried() && traits.searches && prepared.pace == Pace::Unknown {
            prepared.pace = Pace::planned(sql, &mut self.database);
        }
        let effects = Effects::before(&self.database, !prepared.is_read_only, traits);
        let (prepared, result) = self.run_patiently(prepared, rows).await;
        let outcome = effects.after(&self.database, *result.as_ref().unwrap_or(&0));
        self.has_journal &= !traits.turns_journal_off;
        if traits.changes_session {
            self.has_changed_session = true;
            self.database.never_wait(); // `pragma busy_timeout` would block the thread
        }
        let result = match result {
            Ok(_) => Ok(outcome),
            Err(failure) => {
                self.has_lost_transaction = effects.has_lost_transaction(&self.database);
                Err(self.error_of(failure, sql))
            }
        };
        (prepared, result)
    }

    /// Whether a write may be stopped: SQLite undoes it then, and nothing else.
    pub(super) fn may_be_tried(&self) -> bool {
        self.has_journal && self.database.is_autocommit()
    }

    /// Runs it again for as long as another connection holds the lock and the time lasts.
    async fn run_patiently(
        &mut self,
        mut prepared: Prepared,
        rows: &mut RowSink<'_>,
    ) -> (Option<Prepared>, std::result::Result<u64, Failure>) {
        let mut patience = Patience::new(self.session.config.busy_timeout_ms);
        let was_open = !self.database.is_autocommit();
        loop {
            let road = Road::of(&prepared, self.may_be_tried(), self.limits.may_be_aborted);
            let Execution { prepared: again, result, has_begun } =
                execute(prepared, &self.database, rows, road).await;
            let Some(mut again) = again else { return (None, result) };
            again.run.restart();
            let may_wait = !has_begun && was_open != self.database.is_autocommit();
            match result {
                Err(failure) if failure.is_busy() && may_wait => {
                    if !patience.wait().await {
                        return (Some(again), Err(failure));
                    }
                    if self.database.progress().is_stopped() {
                        return (Some(again), Err(Failure::interrupted()));
                    }
                    prepared = again;
                }
                end => return (Some(again), end),
            }
        }
    }

    pub(super) fn error_of(&self, failure: Failure, sql: &str) -> Error {
        let code = failure.code;
        let is_busy = failure.is_busy();
        let mut error = failure.into_run_error(sql);
        if code & 0xFF == READONLY && !self.session.is_writable {
            "this statement writes, but was sent to a connection that only reads"
                .clone_into(&mut error.message);
            error.detail.hint =
                Some("run it as a statement that writes, so that the write connection takes it".into());
        } else if is_busy {
            let waited = self.session.config.busy_timeout_ms;
            error.message =
                format!("database is locked: another connection held it for {waited} ms (busyTimeout)");
        } else if code == BUSY_SNAPSHOT {
            "database is locked: rows that this transaction has read were changed by another one"
                .clone_into(&mut error.message);
            error.detail.hint = Some("begin a transaction that will write with BEGIN IMMEDIATE".into());
        }
        error
    }
}

impl Connection for SqliteConnection {
    fn execute<'a>(
        &'a mut self,
        statement: &'a DriverStatement,
        bindings: &'a Bindings,
        rows: &'a mut RowSink<'_>,
    ) -> LocalBoxFuture<'a, Result<Outcome>> {
        self.database.progress().start(self.limits.time_left);
        Box::pin(self.run_one(statement, bindings, rows))
    }

    fn execute_now(
        &mut self,
        statement: &DriverStatement,
        bindings: &Bindings,
        began: Instant,
        rows: &mut dyn FnMut(&Rc<Shape>, &Chunk),
    ) -> Option<Result<Outcome>> {
        self.run_now(statement, bindings, began, rows)
    }

    fn execute_script<'a>(&'a mut self, sql: &'a str) -> LocalBoxFuture<'a, Result<Outcome>> {
        self.database.progress().start(self.limits.time_left);
        Box::pin(self.run_script(sql))
    }

    fn limit_next(&mut self, limits: Limits) {
        self.limits = limits;
    }

    fn canceller(&self) -> Box<dyn Fn() -> CancelFuture> {
        let interrupter = self.database.interrupter();
        Box::new(move || {
            let interrupter = interrupter.clone();
            Box::pin(async move {
                interrupter.interrupt();
                Ok(())
            })
        })
    }

    fn transaction_status(&self) -> TransactionStatus {
        match (self.has_lost_transaction, self.database.is_autocommit()) {
            (true, _) => TransactionStatus::Failed,
            (false, true) => TransactionStatus::Idle,
            (false, false) => TransactionStatus::Open,
        }
    }

    fn is_dead(&mut self) -> bool {
        false
    }

    fn is_unfit(&self) -> bool {
        false
    }

    fn reset(&mut self) -> LocalBoxFuture<'_, Result<()>> {
        Box::pin(async move {
            self.has_lost_transaction = false;
            self.database.progress().start(None);
            let wait = self.session.config.busy_timeout_ms;
            if !self.database.is_autocommit() {
                let sql = "ROLLBACK";
                run_patiently(&mut self.database, sql, wait)
                    .await
                    .map_err(|failure| failure.into_run_error(sql))?;
            }
            if self.has_changed_session {
                self.session
                    .restore(&mut self.database)
                    .await
                    .map_err(|failure| failure.into_run_error("PRAGMA"))?;
                self.has_changed_session = false;
            }
            Ok(())
        })
    }

    fn session_id(&self) -> u64 {
        self.id
    }

    fn close(self: Box<Self>) -> LocalBoxFuture<'static, ()> {
        drop(self); // statements first, then the handle: it closes with its last user
        Box::pin(std::future::ready(()))
    }
}

/// Takes the rows of a script.
struct Nobody;

impl ChunkReceiver for Nobody {
    fn shape(&mut self, _shape: Rc<Shape>) {}

    fn chunk(&mut self, _chunk: Chunk) -> bool {
        false
    }

    fn ready(&mut self) -> LocalBoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}

fn lost_transaction(sql: &str) -> Error {
    let message = "SQLite rolled the transaction back after an earlier error; only ROLLBACK is possible";
    Error::new(ErrorCode::TransactionRolledBack, message).with_sql(sql)
}
