//! [`MySqlConnection`]: one session on a MySQL or MariaDB server.

use std::collections::HashMap;
use std::rc::Rc;

use futures_util::StreamExt as _;
use futures_util::future::LocalBoxFuture;
use sqlx::mysql::MySqlArguments;
use sqlx::{AssertSqlSafe, Connection as _, Either, Executor as _, Row as _};

use super::delivery::Delivery;
use super::effects::{Effect, effect_of};
use super::failure;
use super::known_statement::{KnownStatement, Road};
use super::layout::{Layout, may_be_json};
use super::lexer::tokens;
use super::parameters::parameters;
use super::schema_knowledge::SchemaKnowledge;
use super::side_connection::SessionAddress;
use crate::config::ConnectionConfig;
use crate::dialect::mysql::errors::{CANNOT_BE_PREPARED, READ_ONLY_SERVER, TRANSACTION_ENDING};
use crate::driver::{CancelFuture, Connection, DriverStatement, Outcome, RowSink, TransactionStatus};
use crate::error::{Error, ErrorCode, Result};
use crate::value::Bindings;

/// Texts that a connection remembers; beyond it starts anew. Twice sqlx's cache of prepared
/// statements, so that nothing prepared is forgotten first in steady use.
const KNOWN_STATEMENTS: usize = 512;

/// Placeholders of statements prepared for hardly more than one use, until all are closed. The
/// server keeps about half a kilobyte for each, so this is about 16 MB.
const RARE_PLACEHOLDERS: usize = 32 * 1024;

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
    inner: sqlx::MySqlConnection,
    config: Rc<ConnectionConfig>,
    address: SessionAddress,
    facts: ServerFacts,
    knowledge: Rc<SchemaKnowledge>,
    /// The schema's generation that `known` belongs to.
    generation: u64,
    known: HashMap<Rc<str>, Rc<KnownStatement>>,
    rare_placeholders: usize,
    status: TransactionStatus,
    health: Health,
    is_read_only_server: bool,
}

impl MySqlConnection {
    /// A connection of a session that was set up.
    #[must_use]
    pub fn new(
        inner: sqlx::MySqlConnection,
        config: Rc<ConnectionConfig>,
        address: SessionAddress,
        facts: ServerFacts,
        knowledge: Rc<SchemaKnowledge>,
    ) -> Self {
        Self {
            inner,
            config,
            address,
            facts,
            generation: knowledge.generation(),
            knowledge,
            known: HashMap::new(),
            rare_placeholders: 0,
            status: TransactionStatus::Idle,
            health: Health::Good,
            is_read_only_server: false,
        }
    }

    /// A function that asks, over a connection of its own, whether the server still has this session.
    ///
    /// sqlx keeps the socket to itself, so that neither keepalive nor `TCP_USER_TIMEOUT` can be set:
    /// while a statement is silent for long, this tells a slow one from a lost one.
    #[must_use]
    pub fn prober(&self) -> Box<dyn Fn() -> LocalBoxFuture<'static, Result<bool>>> {
        let address = self.address.clone();
        Box::new(move || Box::pin(address.clone().is_alive()))
    }

    /// Whether the server is MariaDB.
    #[must_use]
    pub fn is_mariadb(&self) -> bool {
        self.facts.is_mariadb
    }

    async fn run(
        &mut self,
        statement: &DriverStatement,
        bindings: &Bindings,
        rows: &mut RowSink<'_>,
    ) -> Result<Outcome> {
        self.forget_after_ddl().await?;
        let known = self.know(statement).await?;
        if known.parameters.is_some_and(|count| count != statement.placeholders) {
            return Err(Error::invalid(format!(
                "the server finds {} placeholders in the statement, but {} values are bound; write ?? for a ? \
                 that is no placeholder",
                known.parameters.unwrap_or_default(),
                statement.placeholders
            )));
        }
        let (arguments, bytes) = parameters(statement, bindings, &known.compared, &self.config.timezone)?;
        self.check_size(bytes.max(statement.sql.len()))?;
        let layout = self.layout(&known).await?;
        self.stream(&known, arguments, layout, rows).await
    }

    /// What is known of a statement; the server is asked the first time.
    async fn know(&mut self, statement: &DriverStatement) -> Result<Rc<KnownStatement>> {
        if let Some(known) = self.known.get(&statement.sql) {
            return Ok(Rc::clone(known));
        }
        let mut known = KnownStatement::read(&statement.sql, statement.is_cached, statement.placeholders);
        if known.road == Road::Kept {
            self.check_size(statement.sql.len())?;
            known = match self.inner.prepare(known.sql.clone()).await {
                Ok(prepared) => known.prepared(&prepared),
                // The server has parsed the text by then, and as one statement: a second one would
                // have been a syntax error. So there is only one to send as text.
                Err(error) if failure::number(&error) == Some(CANNOT_BE_PREPARED) && statement.placeholders == 0 => {
                    known.as_text()
                }
                Err(error) => return Err(self.fail(&error, Effect::default())),
            };
        }
        let known = Rc::new(known);
        if statement.is_cached {
            if self.known.len() >= KNOWN_STATEMENTS {
                self.known.clear();
            }
            self.known.insert(Rc::clone(&statement.sql), Rc::clone(&known));
        } else if known.road == Road::Kept {
            self.bound_rare_statements(statement.placeholders).await?;
        }
        Ok(known)
    }

    /// sqlx can close single statements only when its cache is full: rare ones with thousands of
    /// placeholders would weigh on the server, so all are closed when they become too many.
    async fn bound_rare_statements(&mut self, placeholders: usize) -> Result<()> {
        self.rare_placeholders += placeholders;
        if self.rare_placeholders > RARE_PLACEHOLDERS {
            self.rare_placeholders = placeholders;
            self.close_statements().await?;
        }
        Ok(())
    }

    /// Columns of known statements may be other ones once this program changed the schema.
    async fn forget_after_ddl(&mut self) -> Result<()> {
        let generation = self.knowledge.generation();
        if self.generation != generation {
            self.generation = generation;
            self.known.clear();
            self.close_statements().await?;
        }
        Ok(())
    }

    async fn close_statements(&mut self) -> Result<()> {
        self.inner.clear_cached_statements().await.map_err(|error| self.fail(&error, Effect::default()))
    }

    fn check_size(&self, bytes: usize) -> Result<()> {
        if bytes < self.facts.max_packet {
            return Ok(());
        }
        Err(Error::invalid(format!(
            "the statement and its values take {bytes} bytes, but the server takes at most {} \
             (its max_allowed_packet)",
            self.facts.max_packet
        )))
    }

    /// How the rows of a statement are read, as far as it is known before they come.
    async fn layout(&mut self, known: &KnownStatement) -> Result<Option<Rc<Layout>>> {
        if known.columns.is_empty() {
            return Ok(None);
        }
        if let Some(layout) = &*known.layout.borrow() {
            return Ok(Some(Rc::clone(layout)));
        }
        let asks = self.facts.is_mariadb && !self.config.json_as_text;
        if asks && known.columns.iter().any(may_be_json) {
            let learned = Rc::clone(&self.knowledge).learn(&known.columns, &mut self.inner).await;
            learned.map_err(|error| self.fail(&error, Effect::default()))?;
        }
        let layout = Rc::new(Layout::new(&known.columns, &self.config, |column| asks && self.knowledge.is_json(column)));
        known.layout.replace(Some(Rc::clone(&layout)));
        Ok(Some(layout))
    }

    /// Sends a statement and takes its answers to their end: a stream that is dropped half-way would
    /// leave its rest on the wire.
    async fn stream(
        &mut self,
        known: &KnownStatement,
        arguments: MySqlArguments,
        layout: Option<Rc<Layout>>,
        rows: &mut RowSink<'_>,
    ) -> Result<Outcome> {
        let config = Rc::clone(&self.config);
        let knowledge = Rc::clone(&self.knowledge);
        let asks = self.facts.is_mariadb && !config.json_as_text;
        let is_text = known.road == Road::Text;
        let mut delivery = Delivery::new(rows, &config, is_text, layout);
        let mut refusal = None;
        let mut stream = if is_text {
            self.inner.fetch_many(sqlx::raw_sql(known.sql.clone()))
        } else {
            let query = sqlx::query_with(known.sql.clone(), arguments).persistent(known.road == Road::Kept);
            self.inner.fetch_many(query)
        };
        while let Some(item) = stream.next().await {
            match item {
                Ok(Either::Right(row)) => {
                    let make = |row: &sqlx::mysql::MySqlRow| {
                        Layout::new(row.columns(), &config, |column| asks && knowledge.is_json(column))
                    };
                    delivery.row(&row, make).await;
                }
                Ok(Either::Left(result)) => delivery.result(&result).await,
                Err(error) => refusal = Some(error),
            }
        }
        drop(stream);
        let Delivery { outcome, layout, .. } = delivery;
        if !known.columns.is_empty() {
            known.layout.replace(layout);
        }
        match refusal {
            Some(error) => Err(self.fail(&error, known.effect)),
            None => {
                self.follow(known.effect);
                Ok(outcome)
            }
        }
    }

    async fn run_script(&mut self, sql: &str) -> Result<Outcome> {
        self.check_size(sql.len())?;
        let effect = effect_of(&tokens(sql));
        let mut outcome = Outcome::default();
        let mut refusal = None;
        let mut stream = self.inner.fetch_many(sqlx::raw_sql(AssertSqlSafe(sql.to_owned())));
        while let Some(item) = stream.next().await {
            match item {
                Ok(Either::Left(result)) => {
                    outcome.affected_rows += result.rows_affected();
                    if result.last_insert_id() != 0 {
                        outcome.last_insert_id = result.last_insert_id();
                    }
                }
                Ok(Either::Right(_)) => {}
                Err(error) => refusal = Some(error),
            }
        }
        drop(stream);
        match refusal {
            Some(error) => Err(self.fail(&error, effect)),
            None => {
                self.follow(effect);
                Ok(outcome)
            }
        }
    }

    /// Keeps up with what statements did that the server ran.
    fn follow(&mut self, effect: Effect) {
        if let Some(status) = effect.status {
            self.status = status;
        }
        if effect.changes_schema {
            self.knowledge.forget();
        }
    }

    /// Keeps up with a statement that failed, and says why it did.
    fn fail(&mut self, error: &sqlx::Error, effect: Effect) -> Error {
        if let Some(told) = placeholder_mismatch(error) {
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
        let ends_transaction = failure::number(error).is_some_and(|number| TRANSACTION_ENDING.contains(&number))
            || failure.code == ErrorCode::LockTimeout && self.facts.lock_timeout_ends_transaction;
        if ends_transaction && self.status == TransactionStatus::Open {
            self.status = TransactionStatus::Failed;
        } else if effect.changes_schema {
            // DDL commits before it starts, also when it then fails.
            self.follow(effect);
        }
        failure
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

    fn leave(&mut self) {
        if self.health == Health::Busy {
            self.health = Health::Good;
        }
    }
}

/// sqlx noticed only after it had prepared a statement that it has another number of placeholders.
fn placeholder_mismatch(error: &sqlx::Error) -> Option<Error> {
    let sqlx::Error::Protocol(message) = error else { return None };
    message.starts_with("prepared statement expected").then(|| {
        Error::invalid(format!("{}; write ?? for a ? that is no placeholder", message.replace("parameters", "placeholders")))
    })
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
            let outcome = self.run(statement, bindings, rows).await;
            self.leave();
            outcome
        })
    }

    fn execute_script<'a>(&'a mut self, sql: &'a str) -> LocalBoxFuture<'a, Result<Outcome>> {
        Box::pin(async move {
            self.enter()?;
            let outcome = self.run_script(sql).await;
            self.leave();
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

    /// sqlx keeps the socket to itself: only a connection that failed before is known to be dead, and
    /// one whose server became read-only, which is better replaced.
    fn is_dead(&mut self) -> bool {
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
        })
    }
}
