//! [`MySqlConnection`]: one session on a MySQL or MariaDB server.

use std::rc::Rc;
use std::time::Instant;

use futures_util::future::LocalBoxFuture;

use super::answer::Done;
use super::effects::Effect;
use super::failure::{self, Failure};
use super::known_statement::KnownStatement;
use super::server::Server;
use super::session::{Session, command};
use super::setup::{ServerFacts, enter_database, setup};
use super::side_connection::SessionAddress;
use crate::config::ConnectionConfig;
use crate::dialect::mysql::errors::{READ_ONLY_SERVER, TRANSACTION_ENDING};
use crate::driver::ahead::Ahead;
use crate::driver::statement_cache::StatementCache;
use crate::driver::{
    CancelFuture, Connection, DriverStatement, Frame, Outcome, Pipeline, RowSink, TransactionStatus,
};
use crate::error::{Error, ErrorCode, Result};
use crate::value::Bindings;

/// Whether a connection can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Health {
    Good,
    /// A statement is running, or its future was dropped.
    Busy,
    /// Ended, or out of step with the server.
    Lost,
}

/// One session.
pub struct MySqlConnection {
    pub(super) session: Session,
    pub(super) config: Rc<ConnectionConfig>,
    address: SessionAddress,
    pub(super) facts: ServerFacts,
    pub(super) known: StatementCache<KnownStatement>,
    /// What was sent before its turn.
    pub(super) ahead: Ahead<KnownStatement>,
    /// What begins the transaction together with the statement that comes next.
    pub(super) begin_next: Option<&'static str>,
    pub(super) status: TransactionStatus,
    pub(super) last_used: Instant,
    health: Health,
    is_read_only_server: bool,
}

impl MySqlConnection {
    /// A connection of a session that was set up, and its number.
    #[must_use]
    pub(super) fn new(session: Session, server: Rc<Server>, id: u64, facts: ServerFacts) -> Self {
        Self {
            session,
            config: Rc::clone(&server.config),
            address: SessionAddress { server, id },
            facts,
            known: StatementCache::default(),
            ahead: Ahead::default(),
            begin_next: None,
            status: TransactionStatus::Idle,
            last_used: Instant::now(),
            health: Health::Good,
            is_read_only_server: false,
        }
    }

    /// Whether the server is MariaDB.
    #[must_use]
    pub fn is_mariadb(&self) -> bool {
        self.session.is_mariadb()
    }

    /// Keeps up with what the server says of the transaction after a statement that it ran.
    pub(super) fn follow(&mut self, done: Done, effect: Effect) {
        // A transaction that the server has undone stays failed until its program ends it.
        if self.status == TransactionStatus::Failed && effect == Effect::None {
            return;
        }
        self.status =
            if done.is_in_transaction() { TransactionStatus::Open } else { TransactionStatus::Idle };
    }

    /// Keeps up with a statement that failed, and says why it did.
    pub(super) fn fail(&mut self, failure: &Failure, effect: Effect) -> Error {
        let error = failure.of_statement();
        match failure.number() {
            Some(number) if READ_ONLY_SERVER.contains(&number) => self.is_read_only_server = true,
            Some(_) => {}
            None => self.health = Health::Lost,
        }
        if error.code.ends_connection() {
            self.health = Health::Lost;
            self.ahead.was_ended_in_order = failure.number().is_some();
        }
        let ends_transaction = failure.number().is_some_and(|number| TRANSACTION_ENDING.contains(&number))
            || error.code == ErrorCode::LockTimeout && self.facts.lock_timeout_ends_transaction;
        if ends_transaction && self.status == TransactionStatus::Open {
            self.status = TransactionStatus::Failed;
        } else if effect == Effect::Commits {
            self.status = TransactionStatus::Idle;
        }
        error
    }

    /// A failure before the statement was run. A connection that ended then lost nothing: `Connection`
    /// instead of `LostConnection` says that the statement may be given to another one.
    pub(super) fn fail_before(&mut self, failure: &Failure) -> Error {
        let failure = self.fail(failure, Effect::None);
        if failure.code != ErrorCode::LostConnection {
            return failure;
        }
        let message = "the connection to the server had ended before the statement was run".to_owned();
        Error { code: ErrorCode::Connection, message, ..failure }
    }

    /// Whether a statement may be sent.
    pub(super) fn is_settled(&self) -> bool {
        self.health == Health::Good
    }

    /// Refuses a connection that is lost, and remembers that a statement runs.
    pub(super) fn enter(&mut self) -> Result<()> {
        match self.health {
            Health::Good => {
                self.health = Health::Busy;
                Ok(())
            }
            Health::Busy => {
                self.health = Health::Lost;
                Err(failure::lost("its last statement was not awaited to its end"))
            }
            Health::Lost => Err(failure::lost("it was lost before")),
        }
    }

    pub(super) fn leave<T>(&mut self, outcome: &Result<T>) {
        self.last_used = Instant::now();
        self.session.wire.shrink();
        if outcome.as_ref().is_err_and(|error| error.code == ErrorCode::LostConnection) {
            self.health = Health::Lost;
        } else if self.health == Health::Busy {
            self.health = Health::Good;
        }
    }

    /// Whether the server ended the idle session. It says nothing unasked but goodbye, so bytes that
    /// wait are one (MySQL 8 announces its time limit before it closes).
    pub(super) fn has_been_ended(&mut self) -> bool {
        !self.session.wire.read_arrived() || !self.session.wire.incoming.is_empty()
    }

    /// The server forgets variables, temporary tables, prepared statements, and the transaction; but it
    /// stays in the database in which the session is.
    async fn reset_state(&mut self) -> Result<()> {
        let setup = format!("{}; {}", enter_database(&self.address.server.endpoint)?, setup(&self.config)?);
        self.known.clear();
        let reset = self.session.run(command::RESET, "", |_| {}).await;
        reset.map_err(|failure| self.fail(&failure, Effect::None))?;
        self.status = TransactionStatus::Idle;
        self.session.ask(&setup).await.map_err(|failure| self.fail(&failure, Effect::None))?;
        Ok(())
    }
}

impl Connection for MySqlConnection {
    fn execute<'a>(
        &'a mut self,
        statement: &'a DriverStatement,
        bindings: &'a Bindings,
        rows: &'a mut RowSink<'_>,
    ) -> LocalBoxFuture<'a, Result<Outcome>> {
        Box::pin(async move {
            self.enter()?;
            let outcome = self.address.clone().watch(self.run(statement, bindings, rows)).await;
            self.begin_next = None;
            self.leave(&outcome);
            outcome
        })
    }

    fn execute_script<'a>(&'a mut self, sql: &'a str) -> LocalBoxFuture<'a, Result<Outcome>> {
        Box::pin(async move {
            self.enter()?;
            let outcome = self.address.clone().watch(self.run_script(sql)).await;
            self.leave(&outcome);
            outcome
        })
    }

    fn pipeline(&mut self) -> Option<&mut dyn Pipeline> {
        if self.is_mariadb() { Some(self) } else { None }
    }

    /// MariaDB answers each command for itself, whatever became of the one before.
    fn frame_next(&mut self, sql: &str, is_read: bool, frame: Frame) -> bool {
        let is_known = |known: Rc<KnownStatement>| known.id().is_some();
        let may_be = is_read && frame.commit.is_none() && self.is_mariadb() && self.ahead.is_empty();
        let may_be = may_be && self.is_settled() && self.known.find(sql).is_some_and(is_known);
        if may_be {
            self.begin_next = frame.begin;
        }
        may_be
    }

    fn canceller(&self) -> Box<dyn Fn() -> CancelFuture> {
        let address = self.address.clone();
        Box::new(move || Box::pin(address.clone().stop_statement()))
    }

    fn transaction_status(&self) -> TransactionStatus {
        self.status
    }

    /// One whose server became read-only counts as well: it is better replaced.
    fn is_dead(&mut self) -> bool {
        self.is_unfit() || self.has_been_ended()
    }

    fn is_unfit(&self) -> bool {
        self.health != Health::Good || self.is_read_only_server
    }

    fn reset(&mut self) -> LocalBoxFuture<'_, Result<()>> {
        Box::pin(async move {
            self.enter()?;
            let outcome = self.reset_state().await;
            self.leave(&outcome);
            outcome
        })
    }

    fn session_id(&self) -> u64 {
        self.address.id
    }

    fn close(mut self: Box<Self>) -> LocalBoxFuture<'static, ()> {
        Box::pin(async move { self.session.close().await })
    }
}
