//! Applies schema changes and asks the catalogue: the engine's side of `Schema`.

use std::rc::Rc;

use super::control::Control;
use super::engine::Engine;
use super::execute::{self, Work, lost};
use super::row_set::RowSet;
use super::transaction::simple;
use crate::config::{ConnectionConfig, DriverName};
use crate::dialect::placeholders::BindingStyle;
use crate::dialect::schema::{self, PlanOptions, Question};
use crate::dialect::transaction::{self, COMMIT, ROLLBACK};
use crate::dialect::{self, placeholders};
use crate::driver::pool::Lease;
use crate::driver::{DriverStatement, RowSink};
use crate::error::Result;
use crate::value::{BindingsBuilder, ValueRef};

/// The statements of a list of changes (JSON), without running them.
///
/// # Errors
/// As [`schema::plan`].
pub fn plan_changes(changes: &str, config: &ConnectionConfig) -> Result<Vec<String>> {
    let options = PlanOptions {
        nullable_by_default: config.nullable_by_default,
        prefix_indexes: config.prefix_indexes,
        charset: config.table_charset.clone(),
        collation: config.collation.clone(),
        engine: config.engine.clone(),
        use_native_json: config.use_native_json,
        use_native_jsonb: config.use_native_jsonb,
    };
    schema::plan(changes, config.driver, &config.prefix, &options, None)
}

impl Engine {
    /// Applies changes in order. Outside of a session several statements are one transaction where
    /// the database can undo definitions.
    ///
    /// # Errors
    /// As [`plan_changes`], before anything is sent, and what the server says; the error names the
    /// statement.
    pub async fn apply_changes(&self, session: u32, changes: &str) -> Result<()> {
        let statements = plan_changes(changes, self.config())?;
        if statements.is_empty() {
            return Ok(());
        }
        if session != 0 {
            let session = self.session(session)?;
            let mut held = session.lease.lock().await;
            return self.apply(held.as_mut().ok_or_else(lost)?, &statements).await;
        }
        let mut lease = self.write_pool(false)?.acquire().await?;
        let is_atomic =
            matches!(self.config().driver, DriverName::Postgres | DriverName::Sqlite) && statements.len() > 1;
        let applied = if is_atomic {
            self.apply_atomically(&mut lease, &statements).await
        } else {
            self.apply(&mut lease, &statements).await
        };
        lease.release();
        applied
    }

    async fn apply_atomically(&self, lease: &mut Lease, statements: &[String]) -> Result<()> {
        for sql in transaction::begin(self.config().driver, None, false)? {
            simple(lease, &sql, self.statement_limit()).await?;
        }
        match self.apply(lease, statements).await {
            Ok(()) => simple(lease, COMMIT, self.statement_limit()).await,
            Err(error) => {
                // The first error is the one to tell; a connection that cannot roll back is closed.
                let _ = simple(lease, ROLLBACK, self.statement_limit()).await;
                Err(error)
            }
        }
    }

    async fn apply(&self, lease: &mut Lease, statements: &[String]) -> Result<()> {
        for sql in statements {
            simple(lease, sql, self.statement_limit()).await.map_err(|error| error.with_sql(sql))?;
        }
        Ok(())
    }

    /// Asks the catalogue (`{"ask": "columns", "table": "users"}`).
    ///
    /// # Errors
    /// `InvalidArgument` for a question that does not exist, and what the server says.
    pub async fn inspect(&self, session: u32, question: &str) -> Result<serde_json::Value> {
        let driver = self.config().driver;
        let question = Question::parse(question)?;
        let (sql, texts) = schema::question(&question, driver, &self.config().prefix)?;
        let translated =
            placeholders::translate(&sql, BindingStyle::Positional(texts.len()), dialect::lookup(driver))?;
        let statement = DriverStatement {
            sql: Rc::from(translated.sql),
            order: translated.order.map(Rc::from),
            placeholders: translated.placeholders,
            is_cached: true,
        };
        let bindings =
            texts.iter().fold(BindingsBuilder::new(), |all, text| all.push(ValueRef::Text(text))).build()?;
        let mut rows = RowSet::default();
        let control = Control::with_limit(self.statement_limit());
        let work = Work::Statement(&statement, &bindings);
        if session == 0 {
            let mut lease = self.write_pool(true)?.acquire().await?;
            let ran = execute::run(&mut lease, work, &mut RowSink::new(&mut rows), &control).await;
            lease.release();
            ran.map_err(|error| error.with_sql(&statement.sql))?;
        } else {
            let session = self.session(session)?;
            let mut held = session.lease.lock().await;
            let lease = held.as_mut().ok_or_else(lost)?;
            let ran = execute::run(lease, work, &mut RowSink::new(&mut rows), &control).await;
            ran.map_err(|error| error.with_sql(&statement.sql))?;
        }
        schema::answer(&question, driver, &rows.to_json())
    }
}
