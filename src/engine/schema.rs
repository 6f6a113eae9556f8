//! Applies schema changes and asks the catalogue: the engine's side of `Schema`.

use std::rc::Rc;

use super::control::Control;
use super::engine::Engine;
use super::execute::{self, Work, lost};
use super::row_set::RowSet;
use super::transaction::simple;
use crate::config::{ConnectionConfig, DriverName};
use crate::dialect::catalogue::{CatalogueRows, Inspection, catalogue};
use crate::dialect::placeholders::BindingStyle;
use crate::dialect::rebuild::{Step, compile_steps};
use crate::dialect::schema::{self, PlanOptions, Question, needed_tables, read_changes};
use crate::dialect::transaction::{self, COMMIT, Isolation, ROLLBACK};
use crate::dialect::{self, placeholders};
use crate::driver::pool::Lease;
use crate::driver::{DriverStatement, RowSink};
use crate::error::{Error, Result};
use crate::evolve;
use crate::schema::{Change, Database};
use crate::value::{BindingsBuilder, ValueRef};

/// What the connection says about definitions.
#[must_use]
pub fn plan_options(config: &ConnectionConfig) -> PlanOptions {
    PlanOptions {
        nullable_by_default: config.nullable_by_default,
        prefix_indexes: config.prefix_indexes,
        charset: config.table_charset.clone(),
        collation: config.collation.clone(),
        engine: config.engine.clone(),
        use_native_json: config.use_native_json,
        use_native_jsonb: config.use_native_jsonb,
        ..PlanOptions::default()
    }
}

/// The statements of a list of changes (JSON), without running them. `current` (JSON) is the
/// database as it is, where the changes need it.
///
/// # Errors
/// As [`schema::plan`].
pub fn plan_changes(changes: &str, current: Option<&str>, config: &ConnectionConfig) -> Result<Vec<String>> {
    let read = |text| {
        serde_json::from_str::<Database>(text).map_err(|error| {
            Error::invalid(format!("the database before the changes cannot be read: {error}"))
        })
    };
    let current = current.map(read).transpose()?;
    schema::plan(changes, config.driver, &config.prefix, &plan_options(config), current.as_ref())
}

impl Engine {
    /// Applies changes in order. Outside of a session several statements are one transaction where
    /// the database can undo definitions, but for changes that build an index online. `settled`:
    /// everything is said in them, the prefix included.
    ///
    /// # Errors
    /// As [`plan_changes`], before anything is sent, and what the server says; the error names the
    /// statement.
    pub async fn apply_changes(&self, session: u32, changes: &str, settled: bool) -> Result<()> {
        let changes = read_changes(changes)?;
        // PostgreSQL builds an index online outside of transactions only.
        let is_online = |change: &Change| matches!(change, Change::AddIndex { index, .. } if index.online);
        let driver = self.config().driver;
        let is_atomic = session == 0
            && dialect::lookup(driver).capabilities().transactional_ddl
            && !(driver == DriverName::Postgres && changes.iter().any(is_online));
        self.with_lease(session, false, async |lease| {
            let steps = self.planned(lease, &changes, settled).await?;
            if steps.iter().any(|step| matches!(step, Step::Rebuild(_))) {
                return self.apply_rebuilding(lease, &changes, settled, &steps).await;
            }
            let statements: Vec<_> = steps.into_iter().flat_map(Step::into_statements).collect();
            if is_atomic && statements.len() > 1 {
                self.apply_atomically(lease, &statements).await
            } else {
                self.apply(lease, &statements).await
            }
        })
        .await
    }

    /// The statements of a list of changes (JSON), without running them. The catalogue is asked
    /// where they depend on what is there.
    ///
    /// # Errors
    /// As [`plan_changes`], and what the server says.
    pub async fn plan_changes(&self, session: u32, changes: &str, settled: bool) -> Result<Vec<String>> {
        let changes = read_changes(changes)?;
        let steps = self
            .with_lease(session, true, async |lease| self.planned(lease, &changes, settled).await)
            .await?;
        Ok(steps.into_iter().flat_map(Step::into_statements).collect())
    }

    /// What is done for a list of changes.
    pub(super) async fn planned(
        &self,
        lease: &mut Lease,
        changes: &[Change],
        settled: bool,
    ) -> Result<Vec<Step>> {
        let (driver, options) = (self.config().driver, plan_options(self.config()));
        let prefix = if settled { "" } else { self.config().prefix.as_str() };
        let tables = needed_tables(changes, driver, prefix, &options);
        let current = if tables.is_empty() {
            None
        } else {
            let inspection = Inspection { tables, ..Inspection::default() };
            Some(self.read_catalogue(lease, &inspection).await?)
        };
        compile_steps(changes, driver, prefix, &options, current.as_ref())
    }

    /// Changes with everything said in them: see [`schema::settle`].
    #[must_use]
    pub fn settle(&self, changes: &[Change]) -> Vec<Change> {
        let config = self.config();
        schema::settle(changes, config.driver, &config.prefix, &plan_options(config))
    }

    /// The settled changes that make one structure another: see [`evolve::diff()`].
    ///
    /// # Errors
    /// As there.
    pub fn diff(&self, current: &Database, wanted: &Database) -> Result<Vec<Change>> {
        evolve::diff(current, wanted, self.config().driver, &plan_options(self.config()))
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
        let rows = self.with_lease(session, true, async |lease| self.rows(lease, &sql, &texts).await).await?;
        schema::answer(&question, driver, &rows)
    }

    /// The structure of the database, from one snapshot of the catalogue where the server has
    /// them (outside of a session).
    ///
    /// # Errors
    /// What the server says.
    pub async fn inspect_database(&self, session: u32, inspection: &Inspection) -> Result<Database> {
        let driver = self.config().driver;
        let has_snapshots = session == 0 && matches!(driver, DriverName::Postgres | DriverName::Sqlite);
        self.with_lease(session, true, async |lease| {
            if !has_snapshots {
                return self.read_catalogue(lease, inspection).await;
            }
            let begin = match driver {
                DriverName::Postgres => transaction::begin(driver, Some(Isolation::RepeatableRead), true)?,
                _ => vec!["begin".to_owned()], // reads alone: it need not wait for writers
            };
            for sql in begin {
                simple(lease, &sql, self.statement_limit()).await?;
            }
            let read = self.read_catalogue(lease, inspection).await;
            let ended = simple(lease, COMMIT, self.statement_limit()).await;
            let database = read?;
            ended.map(|()| database)
        })
        .await
    }

    async fn read_catalogue(&self, lease: &mut Lease, inspection: &Inspection) -> Result<Database> {
        let driver = self.config().driver;
        let mut catalogue = catalogue(driver);
        let mut rows = CatalogueRows::default();
        let mut queries = catalogue.queries(inspection).into_iter();
        if let Some(first) = queries.next() {
            rows.insert(first.about, self.rows(lease, &first.sql, &first.texts).await?);
            if let Some(other) = catalogue.other(&rows)? {
                catalogue = other;
                queries = catalogue.queries(inspection).into_iter();
                queries.next();
            }
        }
        for query in queries {
            rows.insert(query.about, self.rows(lease, &query.sql, &query.texts).await?);
        }
        let database = catalogue.read(inspection, &rows)?;
        Ok(Database { format: Database::FORMAT, driver: driver.as_str().to_owned(), ..database })
    }

    /// The rows of a statement with `?` for texts.
    pub(super) async fn rows(
        &self,
        lease: &mut Lease,
        sql: &str,
        texts: &[String],
    ) -> Result<Vec<serde_json::Value>> {
        let dialect = dialect::lookup(self.config().driver);
        let translated = placeholders::translate(sql, BindingStyle::Positional(texts.len()), dialect)?;
        let statement = DriverStatement {
            sql: Rc::from(translated.sql),
            order: translated.order.map(Rc::from),
            placeholders: translated.placeholders,
            is_cached: true,
            rows: None,
        };
        let bindings =
            texts.iter().fold(BindingsBuilder::new(), |all, text| all.push(ValueRef::Text(text))).build()?;
        let mut rows = RowSet::default();
        let control = Control::with_limit(self.statement_limit());
        let work = Work::Statement(&statement, &bindings);
        let ran = execute::run(lease, work, &mut RowSink::new(&mut rows), &control).await;
        ran.map_err(|error| error.with_sql(&statement.sql))?;
        Ok(rows.to_json())
    }

    /// Lends the session's connection, or one of the pool.
    async fn with_lease<T>(
        &self,
        session: u32,
        reads_only: bool,
        work: impl AsyncFnOnce(&mut Lease) -> Result<T>,
    ) -> Result<T> {
        if session != 0 {
            let session = self.session(session)?;
            let mut held = session.lease.lock().await;
            self.begin_owed(&session, &mut held).await?;
            return work(held.as_mut().ok_or_else(lost)?).await;
        }
        let mut lease = self.write_pool(reads_only)?.acquire().await?;
        let done = work(&mut lease).await;
        lease.release();
        done
    }
}
