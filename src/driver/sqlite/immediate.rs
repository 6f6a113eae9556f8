//! Running a statement in the call that asks for it: no future, no chunk of its own, nothing to wait for.
//!
//! Only what is prepared and was short the last time. What turns out longer is undone and goes the long way
//! ([`super::execution`]), which remembers that it is long; so does what finds the file locked.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use super::SqliteConnection;
use super::binding::bind_all;
use super::cache::Prepared;
use super::effects::Effects;
use super::execution::{BUDGET, Road};
use super::failure::Failure;
use super::pace::Pace;
use super::progress::Progress;
use super::run::Fill;
use crate::driver::{Chunk, DriverStatement, Outcome, Shape};
use crate::error::Result;
use crate::value::Bindings;

/// How a statement ended that was run in place.
enum End {
    Rows(u64),
    Failed(Failure),
    /// It has more rows, or takes more time, than it may here.
    Longer,
}

impl SqliteConnection {
    /// See [`crate::driver::Connection::execute_now`].
    pub(super) fn run_now(
        &mut self,
        statement: &DriverStatement,
        bindings: &Bindings,
        began: Instant,
        rows: &mut dyn FnMut(&Rc<Shape>, &Chunk),
    ) -> Option<Result<Outcome>> {
        let may_be_tried = self.may_be_tried();
        let prepared = self.cache.find(&statement.sql)?;
        let road = Road::of(prepared, may_be_tried, self.limits.may_be_aborted);
        if self.has_lost_transaction || !is_brief(prepared, may_be_tried) || road == Road::Worker {
            return None;
        }
        let progress = self.database.progress();
        progress.start(self.limits.time_left);
        if let Err(error) = bind_all(&mut prepared.run.statement, statement, bindings, &self.options.timezone)
        {
            prepared.run.finish();
            return Some(Err(error.with_sql(&statement.sql)));
        }
        let effects = Effects::before(&self.database, !prepared.is_read_only, prepared.traits);
        if road == Road::Trial {
            progress.allow_from(began, BUDGET);
        }
        let end = run(prepared, progress, began, rows);
        prepared.run.finish();
        match end {
            End::Rows(sent) => Some(Ok(effects.after(&self.database, sent))),
            End::Failed(failure) if !(failure.is_busy() && effects.has_left_transaction(&self.database)) => {
                effects.after(&self.database, 0);
                self.has_lost_transaction = effects.has_lost_transaction(&self.database);
                Some(Err(self.error_of(failure, &statement.sql)))
            }
            End::Failed(_) | End::Longer => {
                effects.undone(&self.database);
                None
            }
        }
    }
}

/// Whether what is known of a statement allows to run it in place. A write that answers rows could not be undone once some
/// have been read.
fn is_brief(prepared: &Prepared, may_be_tried: bool) -> bool {
    let Prepared { run, traits, pace, is_short, is_read_only, .. } = prepared;
    let has_pace = may_be_tried || !traits.searches || *pace != Pace::Unknown;
    *is_short && has_pace && !traits.changes_session && (*is_read_only || run.plan.shape.columns.is_empty())
}

/// Runs a statement whose values are bound.
fn run(
    prepared: &mut Prepared,
    progress: &Progress,
    began: Instant,
    rows: &mut dyn FnMut(&Rc<Shape>, &Chunk),
) -> End {
    let run = &mut prepared.run;
    let plan = Arc::as_ptr(&run.plan);
    let fill = run.read();
    let is_longer = match &fill {
        Fill::Full => true,
        Fill::Failed(failure) => progress.has_overrun() && failure.is_interrupt(),
        Fill::Done => false,
    };
    if prepared.traits.changes_rows {
        let shown = Pace::of(began.elapsed());
        if matches!(fill, Fill::Done) || shown == Pace::Slow {
            prepared.pace = shown; // one that failed at once has shown nothing
        }
    }
    if is_longer {
        prepared.is_short = false;
        return End::Longer;
    }
    if !std::ptr::eq(plan, Arc::as_ptr(&run.plan)) {
        prepared.shape = Rc::new(run.plan.shape.clone());
    }
    if let Fill::Failed(failure) = fill {
        return End::Failed(failure);
    }
    if !prepared.shape.columns.is_empty() {
        rows(&prepared.shape, run.writer.finished());
        run.writer.clear();
    }
    End::Rows(run.rows)
}
