//! Running a prepared statement: on this thread while it is short, on a [`Worker`] when it is not.
//!
//! - Statements whose words say that they read or write a whole table or file go to a worker at
//!   once ([`super::traits`]), and so do writes that are expected to take long ([`super::pace`]).
//! - A statement that sends rows and changes nothing begins here. When [`BUDGET`] passes before
//!   its first chunk is full, it is stopped and begun again on a worker. Rows of the first chunk
//!   were not sent yet, so nobody sees the difference.
//! - So does a write outside of a transaction: SQLite rolls back what it had done. It cannot go on
//!   on another thread instead, a single step cannot be suspended.
//! - Inside of a transaction a write that is stopped takes the transaction with it, and without a
//!   journal it cannot be undone, so there it has no budget; one that may be aborted goes to a worker
//!   at once, or nobody could.
//! - After [`SHARE`] of stepping, the rest of a long result moves to a worker between two chunks.
//! - Everything else stays here. A statement that sent a chunk and then searches on holds the
//!   thread until its next row.

use std::mem;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use super::cache::Prepared;
use super::columns::Plan;
use super::failure::Failure;
use super::handle::Database;
use super::pace::Pace;
use super::run::{Fill, Run};
use super::worker::{Report, Worker};
use crate::driver::{ChunkWriter, RowSink, Shape};

/// Longest time that a statement may hold the thread before its first chunk is full: what a busy
/// event loop's delay may be (promise 36 of the reliability document).
pub(super) const BUDGET: Duration = Duration::from_millis(20);

/// Longest time that one result is stepped through on this thread; about 20,000 short rows.
const SHARE: Duration = Duration::from_millis(5);

/// Where the rows of one execution go.
struct Delivery<'a, 'r> {
    rows: &'a mut RowSink<'r>,
    shape: Rc<Shape>,
    plan: Arc<Plan>,
    is_begun: bool,
    /// Neither a chunk was full nor was the time over that a statement has here.
    is_short: bool,
}

impl Delivery<'_, '_> {
    /// Sends the rows of a writer, which is empty afterwards. The first call announces the columns.
    async fn send(&mut self, writer: &mut ChunkWriter, plan: &Arc<Plan>) {
        if !self.is_begun {
            self.is_begun = true;
            if !Arc::ptr_eq(plan, &self.plan) {
                self.shape = Rc::new(plan.shape.clone());
                self.plan = Arc::clone(plan);
            }
            if self.shape.columns.is_empty() {
                return;
            }
            self.rows.begin(Rc::clone(&self.shape));
        }
        mem::swap(self.rows.writer(), writer);
        self.rows.flush().await;
    }
}

/// How an execution ended.
pub struct Execution {
    /// The statement, unless its thread was lost.
    pub prepared: Option<Prepared>,
    /// How many rows it sent, or why it failed.
    pub result: Result<u64, Failure>,
    /// Whether columns were announced: from then on it must not be tried again.
    pub has_begun: bool,
}

/// Where an execution begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Road {
    /// On a worker.
    Worker,
    /// Here, and again on a worker when its budget is over.
    Trial,
    /// Here.
    Here,
}

impl Road {
    /// The road of a statement. `can_be_undone`: stopping a write undoes that write and nothing
    /// else. `may_be_aborted`: its caller has a signal.
    pub fn of(prepared: &Prepared, can_be_undone: bool, may_be_aborted: bool) -> Self {
        let Prepared { run, traits, pace, is_read_only, .. } = prepared;
        if traits.is_long {
            return Self::Worker;
        }
        if !traits.changes_rows {
            let is_read = *is_read_only && !run.plan.shape.columns.is_empty();
            return if is_read { Self::Trial } else { Self::Here };
        }
        match (*pace == Pace::Slow, can_be_undone) {
            (true, _) => Self::Worker,
            (false, true) => Self::Trial,
            (false, false) if may_be_aborted => Self::Worker,
            (false, false) => Self::Here,
        }
    }
}

/// Runs a statement whose values are bound.
pub async fn execute(
    prepared: Prepared,
    database: &Database,
    rows: &mut RowSink<'_>,
    road: Road,
) -> Execution {
    let Prepared { run, shape, traits, mut pace, is_read_only, .. } = prepared;
    let mut delivery = Delivery { rows, shape, plan: Arc::clone(&run.plan), is_begun: false, is_short: true };
    let (run, result) = match road {
        Road::Worker => Box::pin(on_worker(run, database, &mut delivery)).await,
        Road::Trial | Road::Here => here(run, database, &mut delivery, road == Road::Trial).await,
    };
    if let Some(run) = &run {
        let shown = Pace::of(run.spent);
        if result.is_ok() || shown == Pace::Slow {
            pace = shown; // one that failed at once has shown nothing
        }
    }
    let Delivery { shape, is_begun: has_begun, is_short, .. } = delivery;
    let prepared = run.map(|run| Prepared { run, shape, traits, pace, is_short, is_read_only });
    Execution { prepared, result, has_begun }
}

type End = (Option<Box<Run>>, Result<u64, Failure>);

async fn here(
    mut run: Box<Run>,
    database: &Database,
    delivery: &mut Delivery<'_, '_>,
    is_trial: bool,
) -> End {
    let progress = database.progress();
    let last_key = database.last_insert_rowid();
    loop {
        progress.allow((is_trial && !delivery.is_begun).then_some(BUDGET));
        let fill = run.fill();
        let has_overrun = progress.has_overrun();
        progress.allow(None);
        match fill {
            Fill::Full => {
                delivery.is_short = false;
                let plan = Arc::clone(&run.plan);
                delivery.send(&mut run.writer, &plan).await;
                // A statement that was stopped meanwhile fails with its next step, which undoes a write.
                if run.spent > SHARE && !progress.is_stopped() {
                    return Box::pin(on_worker(run, database, delivery)).await;
                }
            }
            Fill::Failed(failure) if has_overrun && failure.is_interrupt() => {
                run.restart();
                database.set_last_insert_rowid(last_key); // SQLite does not undo that
                return Box::pin(on_worker(run, database, delivery)).await;
            }
            end => return finish(run, end, delivery).await,
        }
    }
}

async fn on_worker(run: Box<Run>, database: &Database, delivery: &mut Delivery<'_, '_>) -> End {
    delivery.is_short = false;
    let mut worker = match Worker::start(run, database.interrupter()) {
        Ok(worker) => worker,
        Err(run) => return without_worker(run, delivery).await,
    };
    loop {
        match worker.next().await {
            Report::Full(mut writer, plan) => {
                delivery.send(&mut writer, &plan).await;
                worker.give_back(writer);
            }
            Report::Ended(run, fill) => return finish(run, fill, delivery).await,
            Report::Lost => return (None, Err(Failure::lost_thread())),
        }
    }
}

/// The system has no thread left: the statement holds this one for as long as it takes.
async fn without_worker(mut run: Box<Run>, delivery: &mut Delivery<'_, '_>) -> End {
    loop {
        match run.fill() {
            Fill::Full => {
                let plan = Arc::clone(&run.plan);
                delivery.send(&mut run.writer, &plan).await;
            }
            end => return finish(run, end, delivery).await,
        }
    }
}

async fn finish(mut run: Box<Run>, end: Fill, delivery: &mut Delivery<'_, '_>) -> End {
    if let Fill::Failed(failure) = end {
        return (Some(run), Err(failure));
    }
    let plan = Arc::clone(&run.plan);
    delivery.send(&mut run.writer, &plan).await;
    let rows = run.rows;
    (Some(run), Ok(rows))
}
