//! [`MySqlConnection`]: one session on a MySQL or MariaDB server.

use std::collections::HashMap;
use std::rc::Rc;
use std::time::Instant;

use futures_util::future::LocalBoxFuture;
use sqlx::Connection as _;

use super::effects::Effect;
use super::failure;
use super::known_statement::KnownStatement;
use super::schema_knowledge::SchemaKnowledge;
use super::side_connection::SessionAddress;
use super::socket::WatchedSocket;
use crate::config::ConnectionConfig;
use crate::dialect::mysql::errors::{READ_ONLY_SERVER, TRANSACTION_ENDING};
use crate::driver::{CancelFuture, Connection, DriverStatement, Outcome, RowSink, TransactionStatus};
use crate::error::{Error, ErrorCode, Result};
use crate::value::Bindings;

/// What the server told at log-in.
#[derive(Debug, Clone, Copy)]
pub struct ServerFacts {
    /// MariaDB rather than MySQL.
    pub is_mariadb: bool,
    /// Largest packet that the server takes, in bytes.
    pub max_packet: usize,
    /// Whether a lock that was waited for too long undoes the transaction, not only the statement.
    pub lock_timeout_ends_transaction: bool,
}

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
    pub(super) inner: sqlx::MySqlConnection,
    /// The socket of `inner`, where it could be found.
    pub(super) socket: Option<WatchedSocket>,
    pub(super) config: Rc<ConnectionConfig>,
    address: SessionAddress,
    pub(super) facts: ServerFacts,
    pub(super) knowledge: Rc<SchemaKnowledge>,
    /// The schema's generation that `known` belongs to.
    pub(super) generation: u64,
    pub(super) known: HashMap<Rc<str>, Rc<KnownStatement>>,
    pub(super) rare_placeholders: usize,
    pub(super) status: TransactionStatus,
    pub(super) last_used: Instant,
    health: Health,
    is_read_only_server: bool,
}

impl MySqlConnection {
    /// A connection of a session that was set up.
    #[must_use]
    pub(super) fn new(
        (inner, socket): (sqlx::MySqlConnection, Option<WatchedSocket>),
        config: Rc<ConnectionConfig>,
        address: SessionAddress,
        facts: ServerFacts,
        knowledge: Rc<SchemaKnowledge>,
    ) -> Self {
        Self {
            inner,
            socket,
            config,
            address,
            facts,
            generation: knowledge.generation(),
            knowledge,
            known: HashMap::new(),
            rare_placeholders: 0,
            status: TransactionStatus::Idle,
            last_used: Instant::now(),
            health: Health::Good,
            is_read_only_server: false,
        }
    }

    /// Whether the server is MariaDB.
    #[must_use]
    pub fn is_mariadb(&self) -> bool {
        self.facts.is_mariadb
    }

    /// Keeps up with what statements did that the server ran.
    pub(super) fn follow(&mut self, effect: Effect) {
        if let Some(status) = effect.status {
            self.status = status;
        }
        if effect.changes_schema {
            self.knowledge.forget();
        }
    }

    /// Keeps up with a statement that failed, and says why it did.
    pub(super) fn fail(&mut self, error: &sqlx::Error, effect: Effect) -> Error {
        if let Some(told) = failure::placeholder_mismatch(error) {
            // sqlx waits for an answer to a statement that it never sent.
            self.health = Health::Lost;
            return told;
        }
        let failure = failure::of_statement(error);
        match failure::number(error) {
            Some(number) if READ_ONLY_SERVER.contains(&number) => self.is_read_only_server = true,
            Some(_) => {}
            None => self.health = Health::Lost,
        }
        if failure.code.ends_connection() {
            self.health = Health::Lost;
        }
        let ends_transaction = failure::number(error)
            .is_some_and(|number| TRANSACTION_ENDING.contains(&number))
            || failure.code == ErrorCode::LockTimeout && self.facts.lock_timeout_ends_transaction;
        if ends_transaction && self.status == TransactionStatus::Open {
            self.status = TransactionStatus::Failed;
        } else if effect.changes_schema {
            // DDL commits before it starts, also when it then fails.
            self.follow(effect);
        }
        failure
    }

    /// A failure before the statement was run. A connection that ended then lost nothing: `Connection`
    /// instead of `LostConnection` says that the statement may be given to another one.
    pub(super) fn fail_before(&mut self, error: &sqlx::Error) -> Error {
        let failure = self.fail(error, Effect::default());
        if failure.code != ErrorCode::LostConnection {
            return failure;
        }
        let message = "the connection to the server had ended before the statement was run".to_owned();
        Error { code: ErrorCode::Connection, message, ..failure }
    }

    /// Refuses a connection that is lost, and remembers that a statement runs.
    fn enter(&mut self) -> Result<()> {
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

    fn leave(&mut self, outcome: &Result<Outcome>) {
        self.last_used = Instant::now();
        if outcome.as_ref().is_err_and(|error| error.code == ErrorCode::LostConnection) {
            self.health = Health::Lost;
        } else if self.health == Health::Busy {
            self.health = Health::Good;
        }
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

    fn canceller(&self) -> Box<dyn Fn() -> CancelFuture> {
        let address = self.address.clone();
        Box::new(move || Box::pin(address.clone().stop_statement()))
    }

    fn transaction_status(&self) -> TransactionStatus {
        self.status
    }

    /// One whose server became read-only counts as well: it is better replaced.
    fn is_dead(&mut self) -> bool {
        self.is_unfit() || self.socket.as_ref().is_some_and(WatchedSocket::is_dead)
    }

    fn is_unfit(&self) -> bool {
        self.health != Health::Good || self.is_read_only_server
    }

    /// sqlx has no `COM_RESET_CONNECTION`: the connection is replaced instead.
    fn reset(&mut self) -> LocalBoxFuture<'_, Result<()>> {
        Box::pin(async { Err(Error::unsupported("session reset", "the MySQL driver")) })
    }

    fn session_id(&self) -> u64 {
        self.address.id
    }

    fn close(self: Box<Self>) -> LocalBoxFuture<'static, ()> {
        Box::pin(async move {
            // Nothing can be done about a goodbye that does not arrive.
            let _ = self.inner.close().await;
            if let Some(socket) = self.socket {
                socket.closed_by_server().await;
            }
        })
    }
}
