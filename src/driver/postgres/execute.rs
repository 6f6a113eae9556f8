//! Running a statement: bind, execute, read.

use std::rc::Rc;
use std::time::Instant;

use bytes::BytesMut;
use postgres_protocol::IsNull;
use postgres_protocol::message::backend::Message;
use postgres_protocol::message::frontend::{self, BindError};

use super::by_columns::ByColumns;
use super::framed::{Flight, blamed, is_framed, write_plain};
use super::parameter::Parameters;
use super::prepare::{too_large, write_parse};
use super::session::{Session, lost, report_of};
use super::shared_cycle::QUERY_CANCELED;
use super::statements::Prepared;
use super::types::PgType;
use crate::dialect::postgres::errors::ServerReport;
use crate::driver::{DriverStatement, Outcome, RowSink, TransactionStatus};
use crate::error::{Error, ErrorCode, Result};
use crate::value::Bindings;
use crate::value::temporal::Zone;

/// What came of an exchange that the server ended in good order.
#[derive(Default)]
pub(super) struct Answer {
    pub(super) outcome: Outcome,
    /// The last statement answered `ROLLBACK`.
    pub(super) is_rollback: bool,
    /// How many statements were completed, those of the frame among them.
    completed: usize,
    /// The server had accepted the values: anything after that may have had effects.
    pub(super) is_bound: bool,
    pub(super) refusal: Option<Error>,
}

/// Where an answer ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Until {
    /// When the server is ready for the next cycle.
    Ready,
    /// With its statement, unless that fails: others were sent in the same cycle.
    Completed,
}

/// Where rows go and how they are read.
pub(super) struct RowTarget<'a, 'b> {
    prepared: &'a Prepared,
    rows: &'a mut RowSink<'b>,
    has_begun: bool,
}

impl<'a, 'b> RowTarget<'a, 'b> {
    pub(super) fn new(prepared: &'a Prepared, rows: &'a mut RowSink<'b>) -> Self {
        Self { prepared, rows, has_begun: false }
    }

    fn begin(&mut self) {
        if let Some(shape) = self.prepared.shape.as_ref().filter(|_| !self.has_begun) {
            self.rows.begin(Rc::clone(shape));
            self.has_begun = true;
        }
    }
}

impl Session {
    /// Runs one statement.
    pub(super) async fn run(
        &mut self,
        statement: &DriverStatement,
        bindings: &Bindings,
        rows: &mut RowSink<'_>,
    ) -> Result<Outcome> {
        let parameters = Parameters::check(statement, bindings)?;
        self.cancelled.set(false);
        self.must_run_again = false;
        if let Some(prepared) = self.ahead.pop() {
            return self.read_ahead(&prepared, statement, rows).await;
        }
        self.check_settled()?;
        self.notice_definitions();
        loop {
            let by_columns = self.by_columns(statement).await?;
            let (sent, types, parameters) = match &by_columns {
                Some(ByColumns { statement, types, rows }) => {
                    (statement, &types[..], parameters.by_columns(rows))
                }
                None => (statement, &[][..], parameters),
            };
            let kept = self.statements.find(&sent.sql);
            let is_fresh = kept.is_none();
            let prepared = match kept {
                Some(prepared) => prepared,
                None => self.prepare(sent, types).await?,
            };
            self.check_cancelled().await?;
            self.write_flight(sent, &prepared, parameters).await?;
            let answer = self.exchange(&prepared, rows).await?;
            let Some(error) = answer.refusal else {
                return answer.finish(self.frame.commit.unwrap_or(&statement.sql));
            };
            if is_fresh || answer.is_bound || !is_stale(&error) {
                return Err(error);
            }
            // Nothing ran. In a transaction the refusal has failed it, so there is no second try.
            self.statements.forget(&sent.sql);
            self.forget_one_row(statement);
            if self.status != TransactionStatus::Idle {
                return Err(error);
            }
        }
    }

    /// Sends what was written, and reads the answer.
    async fn exchange(&mut self, prepared: &Prepared, rows: &mut RowSink<'_>) -> Result<Answer> {
        let began = Instant::now();
        self.send().await.map_err(|error| blamed(error, self.frame, 0))?;
        let answer = self.read_answer(Some(RowTarget::new(prepared, rows)), Until::Ready).await?;
        prepared.quickness.note(began.elapsed());
        Ok(answer)
    }

    /// Gives up what was prepared before a table changed.
    pub(super) fn notice_definitions(&mut self) {
        let now = self.server.definitions.get();
        if self.known_definitions != now {
            self.known_definitions = now;
            self.statements.forget_all();
        }
    }

    /// Ends a statement that was cancelled while it was prepared: the server did not take notice.
    async fn check_cancelled(&mut self) -> Result<()> {
        if !self.cancelled.get() {
            return Ok(());
        }
        if !self.is_settled {
            self.end_cycle().await?;
        }
        let report = ServerReport {
            sqlstate: QUERY_CANCELED.into(),
            message: "the statement was cancelled before it ran".into(),
            ..ServerReport::default()
        };
        Err(report.into_error())
    }

    /// Writes all that runs a prepared statement. When that fails, nothing of it is sent.
    async fn write_flight(
        &mut self,
        statement: &DriverStatement,
        prepared: &Prepared,
        parameters: Parameters<'_>,
    ) -> Result<()> {
        // A cycle that `prepare` left open has the statement; looking up types ended it, and
        // replaced a statement without name.
        let reparsed = (self.is_settled && prepared.name.is_empty()).then_some(&*statement.sql);
        let flight = Flight { frame: self.frame, reparsed };
        let is_in_cycle = !self.is_settled;
        self.write_closes()?;
        let zone = &self.cells.zone;
        let written = parameters
            .check_count(prepared.parameters.len())
            .and_then(|()| self.wire.write(|out| write_statement(&flight, prepared, parameters, zone, out)));
        if written.is_ok() {
            self.write_plain(frontend::sync);
        } else if is_in_cycle {
            self.end_cycle().await?;
        }
        written
    }

    /// Reads to the end of an exchange. Without a target rows are left out, and the exchange is one
    /// of the simple protocol.
    pub(super) async fn read_answer(
        &mut self,
        target: Option<RowTarget<'_, '_>>,
        until: Until,
    ) -> Result<Answer> {
        let mut answer = Answer::default();
        match self.read_into(&mut answer, target, until).await {
            Ok(()) => Ok(answer),
            Err(error) => Err(blamed(error, self.frame, answer.completed)),
        }
    }

    async fn read_into(
        &mut self,
        answer: &mut Answer,
        mut target: Option<RowTarget<'_, '_>>,
        until: Until,
    ) -> Result<()> {
        loop {
            self.wire.wait_for_message().await.map_err(|failure| lost(&failure))?;
            if let Some(target) = &mut target
                && let Some(body) = self.wire.row().map_err(|failure| lost(&failure))?
            {
                target.begin();
                let length = body.len();
                let is_full = self.cells.write_row(body, &target.prepared.columns, target.rows.writer())?;
                self.wire.skip_row(length);
                if is_full {
                    target.rows.flush().await;
                }
                continue;
            }
            let Some(message) = self.arrived()? else { continue };
            match message {
                Message::BindComplete => answer.is_bound = true,
                Message::CommandComplete(body) => {
                    let tag = body.tag().map_err(|failure| lost(&failure))?;
                    answer.is_rollback = tag == "ROLLBACK";
                    let (changes_tables, ends) = (changes_tables(tag), matches!(tag, "ROLLBACK" | "COMMIT"));
                    if changes_tables || ends && self.has_defined {
                        self.has_defined = changes_tables;
                        self.server.definitions.set(self.server.definitions.get() + 1);
                    }
                    if is_framed(self.frame, answer.completed) {
                        answer.outcome.affected_rows = affected_rows(tag);
                    }
                    answer.completed += 1;
                    if until == Until::Completed {
                        break;
                    }
                }
                Message::ErrorResponse(body) => {
                    let error = blamed(report_of(&body)?.into_error(), self.frame, answer.completed);
                    answer.refusal.get_or_insert(error);
                }
                Message::CopyInResponse(_) => {
                    answer.refusal.get_or_insert_with(copy_refused);
                    self.refuse_copy(target.is_some()).await?;
                }
                Message::CopyOutResponse(_) => {
                    answer.refusal.get_or_insert_with(copy_refused);
                }
                Message::ReadyForQuery(_) => break,
                _ => {}
            }
        }
        if let Some(mut target) = target.filter(|_| answer.refusal.is_none()) {
            target.begin();
            target.rows.flush().await;
        }
        Ok(())
    }

    /// Ends `copy … from stdin`. The server skipped a `Sync` that was sent before it was known.
    async fn refuse_copy(&mut self, is_extended: bool) -> Result<()> {
        let written = self.wire.write(|out| {
            frontend::copy_fail("guruorm does not copy", out)?;
            if is_extended {
                frontend::sync(out);
            }
            Ok(())
        });
        written.map_err(too_large)?;
        self.send().await
    }
}

/// Binds the values and runs the statement.
pub(super) fn write_statement(
    flight: &Flight<'_>,
    prepared: &Prepared,
    parameters: Parameters<'_>,
    zone: &Zone,
    out: &mut BytesMut,
) -> Result<()> {
    if let Some(sql) = flight.frame.begin {
        write_plain(sql, out)?;
    }
    if let Some(sql) = flight.reparsed {
        write_parse("", sql, &[], out).map_err(too_large)?;
    }
    let declared = |index: usize| prepared.parameters.get(index).copied().unwrap_or(PgType::TEXT);
    let is_binary = |index: usize| parameters.is_binary(index, declared(index));
    // No formats at all: all values are text.
    let formats = if (0..parameters.len()).any(is_binary) { parameters.len() } else { 0 };
    let written = frontend::bind(
        "",
        &prepared.name,
        (0..formats).map(|index| i16::from(is_binary(index))),
        0..parameters.len(),
        |index, out| match parameters.write(index, declared(index), zone, out) {
            Ok(true) => Ok(IsNull::No),
            Ok(false) => Ok(IsNull::Yes),
            Err(error) => Err(error.into()),
        },
        prepared.columns.iter().map(|column| column.result_format()),
        out,
    );
    written.map_err(|failure| match failure {
        BindError::Conversion(error) => {
            error.downcast().map_or_else(|_| Error::internal("a value cannot be bound"), |error| *error)
        }
        BindError::Serialization(failure) => too_large(failure),
    })?;
    frontend::execute("", 0, out).map_err(too_large)?;
    if let Some(sql) = flight.frame.commit {
        write_plain(sql, out)?;
    }
    Ok(())
}

impl Answer {
    /// The outcome, or why there is none.
    ///
    /// # Errors
    /// What the server refused; `TransactionRolledBack` for a `commit` that it answered so.
    pub(super) fn finish(self, sql: &str) -> Result<Outcome> {
        if let Some(error) = self.refusal {
            return Err(error);
        }
        if self.is_rollback && is_commit(sql) {
            return Err(Error::new(
                ErrorCode::TransactionRolledBack,
                "the server rolled the transaction back instead of committing it, because a statement in it had failed",
            ));
        }
        Ok(self.outcome)
    }
}

/// Whether a kept statement no longer fits the schema, so that parsing it again may help: its result
/// changed (0A000), the server forgot it (26000), its names and types mean something else (42…), or a
/// value is none of the type that its column had (22…).
pub(super) fn is_stale(error: &Error) -> bool {
    error.detail.native_code.as_deref().is_some_and(|code| {
        matches!(code, "0A000" | "26000") || code.starts_with("42") || code.starts_with("22")
    })
}

/// Whether the tag is that of a statement that may give columns of a table other types.
fn changes_tables(tag: &str) -> bool {
    matches!(tag, "ALTER TABLE" | "DROP TABLE" | "ALTER TYPE" | "ALTER DOMAIN" | "DROP SCHEMA")
}

/// Whether the text is one statement that commits: `commit`, `END;`, `commit and chain`.
fn is_commit(sql: &str) -> bool {
    let statement = sql.trim_matches(|character: char| character.is_whitespace() || character == ';');
    let first = statement.split_whitespace().next().unwrap_or_default();
    !statement.contains(';') && (first.eq_ignore_ascii_case("commit") || first.eq_ignore_ascii_case("end"))
}

/// The number at the end of a tag: `INSERT 0 5`, `UPDATE 3`, `SELECT 100`; none for `BEGIN`.
fn affected_rows(tag: &str) -> u64 {
    tag.rsplit(' ').next().and_then(|count| count.parse().ok()).unwrap_or(0)
}

fn copy_refused() -> Error {
    let reason = "`copy` to or from the client does not work through guruorm: use psql, or insert several rows at once";
    Error::new(ErrorCode::Unsupported, reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_in_a_tag_is_how_many_rows_there_were() {
        for (tag, rows) in [
            ("INSERT 0 5", 5),
            ("UPDATE 3", 3),
            ("SELECT 100000", 100_000),
            ("BEGIN", 0),
            ("CREATE TABLE", 0),
        ] {
            assert_eq!(affected_rows(tag), rows);
        }
    }

    #[test]
    fn only_a_single_commit_is_a_commit() {
        for sql in ["commit", " COMMIT ; ", "end", "Commit and chain"] {
            assert!(is_commit(sql), "{sql}");
        }
        for sql in ["rollback", "commit; begin; rollback", "endless", ""] {
            assert!(!is_commit(sql), "{sql}");
        }
    }
}
