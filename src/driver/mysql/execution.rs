//! Running one statement, or a script.

use std::rc::Rc;
use std::time::Instant;

use bytes::{BufMut as _, BytesMut};

use super::answer::Done;
use super::connection::MySqlConnection;
use super::delivery::Delivery;
use super::effects::{Effect, effects_of};
use super::failure::Answered;
use super::known_statement::{KnownStatement, Road};
use super::layout::Layout;
use super::lexer::tokens;
use super::packet_reader::malformed;
use super::parameters::write_parameters;
use super::session::{Head, Item, command};
use crate::driver::{DriverStatement, Outcome, RowSink};
use crate::error::{Error, Result};
use crate::value::Bindings;

impl MySqlConnection {
    /// Runs one statement.
    pub(super) async fn run(
        &mut self,
        statement: &DriverStatement,
        bindings: &Bindings,
        rows: &mut RowSink<'_>,
    ) -> Result<Outcome> {
        if let Some(known) = self.ahead.pop() {
            return self.exchange(&known, rows).await;
        }
        self.look_after_pause()?;
        if let Some(outcome) = self.run_bulk(statement, bindings, rows).await {
            return outcome;
        }
        let known = self.know(statement).await?;
        let begin = self.begin_next.inspect(|sql| self.session.write_text(command::QUERY, sql));
        let written = self.write_run(&known, statement, bindings);
        if let Some(sql) = begin {
            let answered = self.begun(written.is_ok().then_some(&*known)).await;
            answered.map_err(|error| error.with_sql(sql))?;
        }
        let outcome = match written {
            Ok(()) => self.exchange(&known, rows).await,
            Err(error) => Err(error),
        };
        if !statement.is_cached {
            self.give_up(&known);
        }
        outcome
    }

    /// Sends what was written, and reads the answer of the begin in front of it. Where that is an error, the answer of the
    /// statement behind it is nobody's.
    async fn begun(&mut self, behind: Option<&KnownStatement>) -> Result<()> {
        let failure = match self.answer_of_begin().await {
            Ok(done) => {
                self.follow(done, Effect::None);
                return Ok(());
            }
            Err(failure) => failure,
        };
        let error = self.fail(&failure, Effect::None);
        if let Some(known) = behind.filter(|_| !error.code.ends_connection()) {
            self.skip_answer(known).await?;
        }
        Err(error)
    }

    async fn answer_of_begin(&mut self) -> Answered<Done> {
        self.session.send().await?;
        match self.session.head().await? {
            Head::Done(done) => Ok(done),
            Head::Rows { .. } => Err(malformed().into()),
        }
    }

    /// Reads the answer of a statement for nobody, which others are waiting behind.
    pub(super) async fn skip_answer(&mut self, known: &KnownStatement) -> Result<()> {
        match self.skip_results(known).await {
            Err(failure) if failure.number().is_none() => Err(self.fail(&failure, known.effect)),
            // What the server said of it is nobody's either, unless it ended the session.
            Err(failure) => {
                let error = self.fail(&failure, known.effect);
                if error.code.ends_connection() { Err(error) } else { Ok(()) }
            }
            Ok(()) => Ok(()),
        }
    }

    async fn skip_results(&mut self, known: &KnownStatement) -> Answered<()> {
        loop {
            let done = match self.session.head().await? {
                Head::Done(done) => done,
                Head::Rows { columns, are_told } => {
                    // The server does not tell them again.
                    self.layout(known, columns, are_told)?;
                    self.session.skip_rows().await?
                }
            };
            if !done.has_more() {
                return Ok(());
            }
        }
    }

    /// Sends what was written, unless the statement before it has, and takes the answer.
    pub(super) async fn exchange(
        &mut self,
        known: &KnownStatement,
        rows: &mut RowSink<'_>,
    ) -> Result<Outcome> {
        let began = Instant::now();
        let is_text = known.road == Some(Road::Text);
        let config = Rc::clone(&self.config);
        let mut delivery = Delivery::new(rows, &config.timezone, is_text);
        let answered = self.answer(known, &mut delivery).await;
        known.quickness.note(began.elapsed());
        match answered {
            Ok(done) => {
                self.follow(done, known.effect);
                Ok(delivery.outcome)
            }
            Err(failure) => Err(self.fail(&failure, known.effect)),
        }
    }

    /// Writes what runs a statement; nothing when that fails.
    pub(super) fn write_run(
        &mut self,
        known: &KnownStatement,
        statement: &DriverStatement,
        bindings: &Bindings,
    ) -> Result<()> {
        if known.parameters.is_some_and(|count| count != statement.placeholders) {
            return Err(Error::invalid(format!(
                "the server finds {} placeholders in the statement, but {} values are bound; write ?? for a ? \
                 that is no placeholder",
                known.parameters.unwrap_or_default(),
                statement.placeholders
            )));
        }
        let (zone, most) = (&self.config.timezone, self.facts.max_packet);
        let Some(id) = known.id() else {
            self.session.write_text(command::QUERY, &statement.sql);
            return Ok(());
        };
        self.session.wire.command(command::EXECUTE, |out: &mut BytesMut| {
            let start = out.len() - 1;
            out.put_u32_le(id);
            // No cursor; once.
            out.put_u8(0);
            out.put_u32_le(1);
            write_parameters(statement, bindings, &known.compared, zone, out)?;
            check_size(out.len() - start, most)
        })
    }

    async fn answer(&mut self, known: &KnownStatement, delivery: &mut Delivery<'_, '_>) -> Answered<Done> {
        if self.session.wire.outgoing_bytes() > 0 {
            self.session.send().await?;
        }
        self.deliver(known, delivery).await
    }

    /// Takes a statement's answers to their end, and gives the last.
    async fn deliver(&mut self, known: &KnownStatement, delivery: &mut Delivery<'_, '_>) -> Answered<Done> {
        loop {
            let done = match self.session.head().await? {
                Head::Done(done) => {
                    delivery.done(done);
                    done
                }
                Head::Rows { .. } if delivery.is_over() => {
                    let done = self.session.skip_rows().await?;
                    delivery.done(done);
                    done
                }
                Head::Rows { columns, are_told } => {
                    let layout = self.layout(known, columns, are_told)?;
                    delivery.begin(&layout);
                    self.deliver_rows(&layout, delivery).await?
                }
            };
            if !done.has_more() {
                return Ok(done);
            }
        }
    }

    async fn deliver_rows(&mut self, layout: &Layout, delivery: &mut Delivery<'_, '_>) -> Answered<Done> {
        loop {
            match self.session.item()? {
                Item::Row(row) => {
                    let length = row.len();
                    let is_full = delivery.row(row, layout)?;
                    self.session.wire.skip(length);
                    if is_full {
                        delivery.flush().await;
                    }
                }
                Item::End(done) => {
                    delivery.note_key(done);
                    delivery.flush().await;
                    return Ok(done);
                }
                Item::Incomplete => self.session.wire.fill().await?,
            }
        }
    }

    /// How the rows that follow are read.
    fn layout(&self, known: &KnownStatement, columns: usize, are_told: bool) -> Answered<Rc<Layout>> {
        let mut kept = known.layout.borrow_mut();
        let is_same = |layout: &Layout| {
            layout.len() == columns && (!are_told || layout.definitions == self.session.definitions)
        };
        match &*kept {
            Some(layout) if is_same(layout) => Ok(Rc::clone(layout)),
            _ if !are_told => Err(malformed().into()),
            _ => Ok(Rc::clone(kept.insert(self.read_layout(columns)?))),
        }
    }

    /// Runs a text of several statements.
    pub(super) async fn run_script(&mut self, sql: &str) -> Result<Outcome> {
        self.look_after_pause()?;
        self.check_size(1 + sql.len())?;
        let effects = effects_of(&tokens(sql));
        let mut results: Vec<Done> = Vec::new();
        let answered = self.session.run(command::QUERY, sql, |done| results.push(done)).await;
        for (place, done) in results.iter().enumerate() {
            self.follow(*done, effects.get(place).copied().unwrap_or_default());
        }
        if let Err(failure) = answered {
            // The server stopped there: what came before was done.
            let failed = effects.get(results.len()).copied().unwrap_or_default();
            return Err(self.fail(&failure, failed));
        }
        Ok(Outcome {
            affected_rows: results.iter().map(|done| done.affected_rows).fold(0, u64::saturating_add),
            last_insert_id: results
                .iter()
                .map(|done| done.last_insert_id)
                .rfind(|key| *key != 0)
                .unwrap_or(0),
        })
    }

    pub(super) fn check_size(&self, bytes: usize) -> Result<()> {
        check_size(bytes, self.facts.max_packet)
    }
}

pub(super) fn check_size(bytes: usize, most: usize) -> Result<()> {
    if bytes < most {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "the statement and its values take {bytes} bytes, but the server takes at most {most} \
         (its max_allowed_packet)"
    )))
}
