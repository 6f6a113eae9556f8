//! [`Session`]: one logged-in connection, and what goes on at any time on it.

use std::convert::Infallible;
use std::io;
use std::rc::Rc;

use bytes::BytesMut;
use futures_util::future::LocalBoxFuture;
use postgres_protocol::message::backend::{
    ErrorResponseBody, Message, ParameterStatusBody, ReadyForQueryBody,
};
use postgres_protocol::message::frontend;

use super::cancel::CancelFlag;
use super::cell::CellReader;
use super::driver::Server;
use super::shared_cycle::SharedCycle;
use super::statements::{Prepared, Statements};
use super::type_catalog::TypeCatalog;
use super::wire::Wire;
use crate::dialect::postgres::errors::ServerReport;
use crate::driver::ahead::Ahead;
use crate::driver::network::Address;
use crate::driver::{
    CancelFuture, Connection, DriverStatement, Frame, Outcome, Pipeline, RowSink, TransactionStatus,
};
use crate::error::{Error, ErrorCode, Result};
use crate::value::Bindings;

/// What identifies a session to a canceller.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct BackendKey {
    pub(super) process: i32,
    pub(super) secret: i32,
}

/// A logged-in connection.
#[allow(clippy::struct_excessive_bools)] // each is a fact of its own
pub(super) struct Session {
    pub(super) server: Rc<Server>,
    /// Where it is connected to; a host's name may have several addresses.
    pub(super) address: Address,
    pub(super) wire: Wire,
    pub(super) key: BackendKey,
    pub(super) status: TransactionStatus,
    pub(super) statements: Statements,
    /// The changes of tables that its statements know of.
    pub(super) known_definitions: u64,
    /// Whether the transaction that is open changed a table.
    pub(super) has_defined: bool,
    pub(super) types: TypeCatalog,
    pub(super) cells: CellReader,
    /// The server waits for a statement and all it sent was read. False while one runs, after a
    /// failure that leaves it open what comes next, and after the end of the session.
    pub(super) is_settled: bool,
    /// Set by cancellers, cleared by each statement that starts.
    pub(super) cancelled: CancelFlag,
    /// What was sent before its turn.
    pub(super) ahead: Ahead<Prepared>,
    /// The cycle that was sent before its turn.
    pub(super) cycle: SharedCycle,
    /// See [`Pipeline::must_run_again`].
    pub(super) must_run_again: bool,
    /// What is sent around the statement that comes next, or runs.
    pub(super) frame: Frame,
    /// To be replaced when its transaction is over: the server became read-only, or the session's
    /// encoding was changed.
    pub(super) is_unfit: bool,
}

impl Session {
    pub(super) fn new(server: Rc<Server>, address: Address, wire: Wire) -> Self {
        let known_definitions = server.definitions.get();
        let cells = CellReader::new(server.config.timezone.clone());
        Self {
            server,
            address,
            wire,
            key: BackendKey::default(),
            status: TransactionStatus::Idle,
            statements: Statements::default(),
            known_definitions,
            has_defined: false,
            types: TypeCatalog::default(),
            cells,
            is_settled: false,
            cancelled: CancelFlag::default(),
            ahead: Ahead::default(),
            cycle: SharedCycle::default(),
            must_run_again: false,
            frame: Frame::default(),
            is_unfit: false,
        }
    }

    /// Checks that a statement may start. One whose future was dropped half-way leaves a session that
    /// nothing can be sent on.
    pub(super) fn check_settled(&self) -> Result<()> {
        if self.is_settled {
            return Ok(());
        }
        Err(Error::new(ErrorCode::LostConnection, "the connection to PostgreSQL has ended"))
    }

    /// Writes a message without content.
    pub(super) fn write_plain(&mut self, write: fn(&mut BytesMut)) {
        let Ok(()) = self.wire.write(|out| {
            write(out);
            Ok::<_, Infallible>(())
        });
    }

    /// Sends what was written.
    pub(super) async fn send(&mut self) -> Result<()> {
        self.is_settled = false;
        match self.wire.send().await {
            Ok(()) => Ok(()),
            Err(failure) => Err(self.last_words().unwrap_or_else(|| lost(&failure))),
        }
    }

    /// The next message that belongs to an answer.
    ///
    /// # Errors
    /// `LostConnection` when the stream or the server ended the session. A plain `ErrorResponse` is
    /// a message like others.
    pub(super) async fn answer(&mut self) -> Result<Message> {
        loop {
            self.wire.wait_for_message().await.map_err(|failure| lost(&failure))?;
            if let Some(message) = self.arrived()? {
                return Ok(message);
            }
        }
    }

    /// The next message that is here, unless it is one that may come at any time.
    pub(super) fn arrived(&mut self) -> Result<Option<Message>> {
        match self.wire.take_message().map_err(|failure| lost(&failure))? {
            Some(message) => self.note(message),
            None => Ok(None),
        }
    }

    /// Takes messages that may come at any time, and gives back any other.
    fn note(&mut self, message: Message) -> Result<Option<Message>> {
        match message {
            Message::NoticeResponse(_) | Message::NotificationResponse(_) => Ok(None),
            Message::ParameterStatus(parameter) => {
                self.note_parameter(&parameter)?;
                Ok(None)
            }
            Message::ReadyForQuery(ready) => {
                self.status = status_of(&ready);
                self.is_settled = true;
                self.wire.shrink();
                Ok(Some(Message::ReadyForQuery(ready)))
            }
            Message::ErrorResponse(body) => {
                let report = report_of(&body)?;
                if report.ends_session() {
                    self.ahead.was_ended_in_order = true;
                    return Err(report.into_error());
                }
                self.is_unfit |= report.sqlstate == READ_ONLY_TRANSACTION;
                Ok(Some(Message::ErrorResponse(body)))
            }
            other => Ok(Some(other)),
        }
    }

    fn note_parameter(&mut self, parameter: &ParameterStatusBody) -> Result<()> {
        let value = parameter.value().map_err(|failure| lost(&failure))?;
        match parameter.name().map_err(|failure| lost(&failure))? {
            "client_encoding" => self.is_unfit |= value != "UTF8",
            "integer_datetimes" if value != "on" => {
                return Err(Error::new(
                    ErrorCode::Connection,
                    "this server keeps times as floating point, which PostgreSQL 10 gave up; upgrade it",
                ));
            }
            _ => {}
        }
        Ok(())
    }

    /// Reads to the end of an exchange of which nothing is wanted any more.
    pub(super) async fn drain(&mut self) -> Result<()> {
        while !matches!(self.answer().await?, Message::ReadyForQuery(_)) {}
        Ok(())
    }

    /// Ends a cycle that was begun with `Flush`.
    pub(super) async fn end_cycle(&mut self) -> Result<()> {
        self.write_plain(frontend::sync);
        self.send().await?;
        self.drain().await
    }

    /// Why the server ended the session, if it said so before it went.
    fn last_words(&mut self) -> Option<Error> {
        while let Ok(Some(message)) = self.wire.take_message() {
            if let Message::ErrorResponse(body) = message {
                return report_of(&body)
                    .ok()
                    .filter(ServerReport::ends_session)
                    .map(ServerReport::into_error);
            }
        }
        None
    }

    /// Makes futures that ask the server to stop what the session is doing.
    pub(super) fn stop_running(&self) -> Box<dyn Fn() -> CancelFuture> {
        let (server, flag) = (Rc::clone(&self.server), Rc::clone(&self.cancelled));
        super::cancel::canceller(server, self.address.clone(), self.key, flag)
    }

    /// Looks whether the server ended an idle session, without asking it.
    fn is_still_open(&mut self) -> bool {
        let is_open = self.wire.read_arrived();
        loop {
            match self.wire.take_message().map(|message| message.map(|message| self.note(message))) {
                Ok(None) => return is_open,
                // Notices and the like are all that may come between statements.
                Ok(Some(Ok(None))) => {}
                Ok(Some(_)) | Err(_) => return false,
            }
        }
    }

    async fn reset_state(&mut self) -> Result<()> {
        if self.status != TransactionStatus::Idle {
            self.run_script("rollback").await?;
        }
        // Behind PgBouncer the next statement runs in another session anyway.
        if !self.server.config.pgbouncer {
            self.run_script("discard all").await?;
            self.statements.clear();
        }
        Ok(())
    }
}

/// A write to a server that is, or became, a standby.
const READ_ONLY_TRANSACTION: &str = "25006";

fn status_of(ready: &ReadyForQueryBody) -> TransactionStatus {
    match ready.status() {
        b'T' => TransactionStatus::Open,
        b'E' => TransactionStatus::Failed,
        _ => TransactionStatus::Idle,
    }
}

/// The error of a stream that ended or made no sense.
pub(super) fn lost(failure: &io::Error) -> Error {
    use io::ErrorKind::{
        BrokenPipe, ConnectionAborted, ConnectionReset, InvalidData, InvalidInput, UnexpectedEof,
    };
    let message = match failure.kind() {
        UnexpectedEof | ConnectionReset | ConnectionAborted | BrokenPipe => {
            "the server closed the connection".into()
        }
        InvalidData | InvalidInput => format!("PostgreSQL's answer could not be read: {failure}"),
        _ => format!("the connection to PostgreSQL failed: {failure}"),
    };
    Error::new(ErrorCode::LostConnection, message)
}

/// The fields of an error.
pub(super) fn report_of(body: &ErrorResponseBody) -> Result<ServerReport> {
    use fallible_iterator::FallibleIterator;
    let mut report = ServerReport::default();
    let mut fields = body.fields();
    while let Some(field) = fields.next().map_err(|failure| lost(&failure))? {
        let value = String::from_utf8_lossy(field.value_bytes()).into_owned();
        match field.type_() {
            // Before 9.6 there is only the translated severity.
            b'S' if report.severity.is_empty() => report.severity = value,
            b'V' => report.severity = value,
            b'C' => report.sqlstate = value,
            b'M' => report.message = value,
            b'D' => report.detail = Some(value),
            b'H' => report.hint = Some(value),
            b'P' => report.position = value.parse().ok(),
            b't' => report.table = Some(value),
            b'c' => report.column = Some(value),
            b'n' => report.constraint = Some(value),
            _ => {}
        }
    }
    Ok(report)
}

impl Connection for Session {
    fn execute<'a>(
        &'a mut self,
        statement: &'a DriverStatement,
        bindings: &'a Bindings,
        rows: &'a mut RowSink<'_>,
    ) -> LocalBoxFuture<'a, Result<Outcome>> {
        Box::pin(async move {
            let run = self.run(statement, bindings, rows).await;
            self.frame = Frame::default();
            run.map_err(|error| error.with_sql(&statement.sql))
        })
    }

    fn execute_script<'a>(&'a mut self, sql: &'a str) -> LocalBoxFuture<'a, Result<Outcome>> {
        Box::pin(async move { self.run_script(sql).await.map_err(|error| error.with_sql(sql)) })
    }

    fn frame_next(&mut self, sql: &str, _is_read: bool, frame: Frame) -> bool {
        let may_be = self.may_be_framed(sql);
        if may_be {
            self.frame = frame;
        }
        may_be
    }

    fn pipeline(&mut self) -> Option<&mut dyn Pipeline> {
        Some(self)
    }

    fn canceller(&self) -> Box<dyn Fn() -> CancelFuture> {
        self.stop_running()
    }

    fn transaction_status(&self) -> TransactionStatus {
        self.status
    }

    fn is_dead(&mut self) -> bool {
        self.is_settled = self.is_settled && self.is_still_open();
        Connection::is_unfit(self)
    }

    fn is_unfit(&self) -> bool {
        !(self.is_settled || self.cycle.is_between_answers)
            || (self.is_unfit && self.status == TransactionStatus::Idle)
    }

    fn reset(&mut self) -> LocalBoxFuture<'_, Result<()>> {
        Box::pin(self.reset_state())
    }

    fn session_id(&self) -> u64 {
        u64::from(self.key.process.cast_unsigned())
    }

    fn close(mut self: Box<Self>) -> LocalBoxFuture<'static, ()> {
        Box::pin(async move {
            self.write_plain(frontend::terminate);
            // A session that has ended already takes no goodbye.
            let _ = self.wire.send().await;
            self.wire.shutdown().await;
            // Only then is there room for another session on a full server.
            self.wire.read_to_end().await;
        })
    }
}
