//! Runs plans in which a table is replaced by an altered copy of itself: SQLite's.
//!
//! Foreign keys are switched off before the transaction begins, because they cannot be inside of one,
//! and what they would have refused is looked for before the commit. The settings of the connection
//! are as before in every case; a connection that cannot be brought back to them is closed.

use serde_json::Value;

use super::engine::Engine;
use super::transaction::{simple, status};
use crate::dialect::rebuild::{Asked, Guard, Rebuild, Step};
use crate::dialect::sqlite::settings::{FOREIGN_KEYS_OFF, LEGACY_ALTER_TABLE, READ, Settings};
use crate::dialect::transaction::{self, COMMIT, ROLLBACK, Savepoint, savepoint};
use crate::driver::TransactionStatus;
use crate::driver::pool::Lease;
use crate::error::Result;
use crate::schema::Change;

/// The savepoint around the steps in a transaction that somebody else began.
const SAVEPOINT: &str = "guruorm_rebuild";

impl Engine {
    /// Applies changes of which some need a copy of their table, all or none of them.
    pub(super) async fn apply_rebuilding(
        &self,
        lease: &mut Lease,
        changes: &[Change],
        settled: bool,
        steps: &[Step],
    ) -> Result<()> {
        let settings = Settings::read(&self.rows(lease, READ, &[]).await?);
        let done = if status(lease) == TransactionStatus::Idle {
            self.rebuild_alone(lease, changes, settled).await
        } else {
            self.rebuild_inside(lease, steps).await
        };
        for sql in settings.restore() {
            if self.send(lease, &sql).await.is_err() {
                lease.give_up();
                break;
            }
        }
        done
    }

    async fn rebuild_alone(&self, lease: &mut Lease, changes: &[Change], settled: bool) -> Result<()> {
        self.send(lease, FOREIGN_KEYS_OFF).await?;
        for sql in transaction::begin(self.config().driver, None, false)? {
            self.send(lease, &sql).await?;
        }
        let mut done = self.plan_and_run(lease, changes, settled).await;
        if done.is_ok() {
            done = self.send(lease, COMMIT).await;
        }
        if done.is_err() && status(lease) != TransactionStatus::Idle {
            // The first error is the one to tell; a connection that cannot roll back is closed.
            let rolled_back = self.send(lease, ROLLBACK).await;
            if rolled_back.is_err() {
                lease.give_up();
            }
        }
        done
    }

    /// The plan is made again: only now nobody else can alter what it was made from.
    async fn plan_and_run(&self, lease: &mut Lease, changes: &[Change], settled: bool) -> Result<()> {
        let steps = self.planned(lease, changes, settled).await?;
        self.run_steps(lease, &steps).await
    }

    async fn rebuild_inside(&self, lease: &mut Lease, steps: &[Step]) -> Result<()> {
        self.send(lease, &savepoint(Savepoint::Set, SAVEPOINT)?).await?;
        let done = self.run_steps(lease, steps).await;
        if done.is_err() {
            let undone = self.send(lease, &savepoint(Savepoint::RollBack, SAVEPOINT)?).await;
            if undone.is_err() {
                return done; // the transaction is over, and the savepoint with it
            }
        }
        let released = self.send(lease, &savepoint(Savepoint::Release, SAVEPOINT)?).await;
        done.and(released)
    }

    pub(super) async fn run_steps(&self, lease: &mut Lease, steps: &[Step]) -> Result<()> {
        for step in steps {
            match step {
                Step::Send(sql) => self.send(lease, sql).await?,
                Step::Rebuild(rebuild) => self.rebuild(lease, rebuild).await?,
            }
        }
        Ok(())
    }

    async fn rebuild(&self, lease: &mut Lease, rebuild: &Rebuild) -> Result<()> {
        self.guard(lease, rebuild, &rebuild.referrers).await?;
        let mut valid = Vec::new();
        for probe in &rebuild.probes {
            if self.send(lease, probe).await.is_ok() {
                valid.push(probe);
            }
        }
        let violations = self.ask(lease, &rebuild.violations).await;
        let triggers = self.ask(lease, &rebuild.triggers).await?;
        self.send_all(lease, &rebuild.copy).await?;
        self.guard(lease, rebuild, &rebuild.missing).await?;
        self.send_all(lease, &rebuild.keep_counter).await?;
        self.send(lease, &rebuild.drop).await?;
        self.send(lease, LEGACY_ALTER_TABLE[0]).await?;
        self.send(lease, &rebuild.rename).await?;
        self.send(lease, LEGACY_ALTER_TABLE[1]).await?;
        self.send_all(lease, &rebuild.indexes).await?;
        for trigger in triggers.iter().filter_map(|row| row.get("sql")?.as_str()) {
            self.send(lease, trigger).await?;
        }
        for probe in valid {
            self.send(lease, probe).await.map_err(|error| rebuild.broken(&error))?;
        }
        match (violations, self.ask(lease, &rebuild.violations).await) {
            (Ok(before), Ok(after)) => rebuild.dangling(&before, &after).map_or(Ok(()), Err),
            // It cannot be asked where a key refers to columns that are not unique.
            (Err(_), _) => Ok(()),
            (Ok(_), Err(error)) => Err(rebuild.mismatch(&error)),
        }
    }

    async fn guard(&self, lease: &mut Lease, rebuild: &Rebuild, guard: &Guard) -> Result<()> {
        let found = self.ask(lease, &guard.asked).await?;
        guard.refusal(&rebuild.table, &found).map_or(Ok(()), Err)
    }

    async fn ask(&self, lease: &mut Lease, asked: &Asked) -> Result<Vec<Value>> {
        self.rows(lease, &asked.sql, &asked.texts).await
    }

    async fn send_all(&self, lease: &mut Lease, statements: &[String]) -> Result<()> {
        for sql in statements {
            self.send(lease, sql).await?;
        }
        Ok(())
    }

    async fn send(&self, lease: &mut Lease, sql: &str) -> Result<()> {
        simple(lease, sql, self.statement_limit()).await.map_err(|error| error.with_sql(sql))
    }
}
