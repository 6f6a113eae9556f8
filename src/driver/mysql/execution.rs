//! Running one statement, or a script.

use std::rc::Rc;

use futures_util::StreamExt as _;
use sqlx::mysql::{MySqlArguments, MySqlQueryResult, MySqlRow};
use sqlx::{AssertSqlSafe, Either, Executor as _, Row as _};

use super::connection::MySqlConnection;
use super::delivery::Delivery;
use super::effects::effects_of;
use super::known_statement::{KnownStatement, Road};
use super::layout::Layout;
use super::lexer::tokens;
use super::parameters::parameters;
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
        self.look_after_pause().await?;
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
        let outcome = self.stream(&known, arguments, layout, rows).await?;
        self.follow(known.effect);
        Ok(outcome)
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
        let (config, knowledge) = (Rc::clone(&self.config), Rc::clone(&self.knowledge));
        let asks = self.asks_for_json();
        let make =
            |row: &MySqlRow| Layout::new(row.columns(), &config, |column| asks && knowledge.is_json(column));
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
                Ok(Either::Right(row)) => delivery.row(&row, make).await,
                Ok(Either::Left(result)) => delivery.result(&result).await,
                Err(error) => refusal = Some(error),
            }
        }
        drop(stream);
        let Delivery { outcome, layout, .. } = delivery;
        if let Some(error) = refusal {
            return Err(self.fail(&error, known.effect));
        }
        if !known.columns.is_empty() {
            known.layout.replace(layout);
        }
        Ok(outcome)
    }

    /// Runs a text of several statements.
    pub(super) async fn run_script(&mut self, sql: &str) -> Result<Outcome> {
        self.look_after_pause().await?;
        self.check_size(sql.len())?;
        let effects = effects_of(&tokens(sql));
        let mut results: Vec<MySqlQueryResult> = Vec::new();
        let mut refusal = None;
        let mut stream = self.inner.fetch_many(sqlx::raw_sql(AssertSqlSafe(sql.to_owned())));
        while let Some(item) = stream.next().await {
            match item {
                Ok(Either::Left(result)) => results.push(result),
                Ok(Either::Right(_)) => {}
                Err(error) => refusal = Some(error),
            }
        }
        drop(stream);
        if let Some(error) = refusal {
            // The server stopped there: what came before was done.
            for effect in effects.iter().take(results.len()) {
                self.follow(*effect);
            }
            let failed = effects.get(results.len()).copied().unwrap_or_default();
            return Err(self.fail(&error, failed));
        }
        for effect in effects {
            self.follow(effect);
        }
        Ok(Outcome {
            affected_rows: results.iter().map(MySqlQueryResult::rows_affected).sum(),
            last_insert_id: results
                .iter()
                .map(MySqlQueryResult::last_insert_id)
                .rfind(|key| *key != 0)
                .unwrap_or(0),
        })
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
}
