//! Running a prepared statement: on this thread while it is short, on a [`Worker`] when it is not.
//!
//! - Statements whose words say that they read or write a whole table or file go to a worker at
//!   once ([`super::traits`]).
//! - A statement that sends rows and changes nothing begins here. When [`BUDGET`] passes before
//!   its first chunk is full, it is stopped and begun again on a worker. Rows of the first chunk
//!   were not sent yet, so nobody sees the difference.
//! - After [`SHARE`] of stepping, the rest of a long result moves to a worker between two chunks.
//! - Everything else, which means writes of single rows, stays here. A single step cannot be suspended: a
//!   statement that sent a chunk and then searches on holds the thread until its next row.

use std::mem;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::cache::Prepared;
use super::columns::Plan;
use super::failure::Failure;
use super::handle::Database;
use super::run::{Fill, Run};
use super::worker::{Report, Worker};
use crate::driver::{ChunkWriter, RowSink, Shape};

/// Longest time that a statement may hold the thread before its first chunk is full: what a busy
/// event loop's delay may be (promise 36 of the reliability document).
const BUDGET: Duration = Duration::from_millis(20);

/// Longest time that one result is stepped through on this thread; about 20,000 short rows.
const SHARE: Duration = Duration::from_millis(5);

/// Where the rows of one execution go.
struct Delivery<'a, 'r> {
    rows: &'a mut RowSink<'r>,
    shape: Rc<Shape>,
    plan: Arc<Plan>,
    is_begun: bool,
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

/// Runs a statement whose values are bound.
pub async fn execute(prepared: Prepared, database: &Database, rows: &mut RowSink<'_>) -> Execution {
    let Prepared { run, shape, traits, is_read_only } = prepared;
    let has_columns = !run.plan.shape.columns.is_empty();
    let mut delivery = Delivery { rows, shape, plan: Arc::clone(&run.plan), is_begun: false };
    let (run, result) = if traits.is_long {
        on_worker(Box::new(run), database, &mut delivery).await
    } else {
        here(run, database, &mut delivery, is_read_only && has_columns).await
    };
    let Delivery { shape, is_begun: has_begun, .. } = delivery;
    let prepared = run.map(|run| Prepared { run, shape, traits, is_read_only });
    Execution { prepared, result, has_begun }
}

type End = (Option<Run>, Result<u64, Failure>);

async fn here(mut run: Run, database: &Database, delivery: &mut Delivery<'_, '_>, may_move: bool) -> End {
    let progress = database.progress();
    let mut spent = Duration::ZERO;
    loop {
        let begun = Instant::now();
        progress.limit((may_move && !delivery.is_begun).then_some(BUDGET));
        let fill = run.fill();
        let has_overrun = progress.has_overrun() && !progress.is_stopped();
        progress.limit(None);
        spent += begun.elapsed();
        match fill {
            Fill::Full => {
                let plan = Arc::clone(&run.plan);
                delivery.send(&mut run.writer, &plan).await;
                if progress.is_stopped() {
                    return (Some(run), Err(Failure::interrupted()));
                }
                if may_move && spent > SHARE {
                    return on_worker(Box::new(run), database, delivery).await;
                }
            }
            Fill::Failed(failure) if has_overrun && failure.is_interrupt() => {
                run.restart();
                return on_worker(Box::new(run), database, delivery).await;
            }
            end => return finish(run, end, delivery).await,
        }
    }
}

async fn on_worker(run: Box<Run>, database: &Database, delivery: &mut Delivery<'_, '_>) -> End {
    let mut worker = match Worker::start(run, database.interrupter()) {
        Ok(worker) => worker,
        Err(run) => return without_worker(*run, delivery).await,
    };
    loop {
        match worker.next().await {
            Report::Full(mut writer, plan) => {
                delivery.send(&mut writer, &plan).await;
                worker.give_back(writer);
            }
            Report::Ended(run, fill) => return finish(*run, fill, delivery).await,
            Report::Lost => return (None, Err(Failure::lost_thread())),
        }
    }
}

/// The system has no thread left: the statement holds this one for as long as it takes.
async fn without_worker(mut run: Run, delivery: &mut Delivery<'_, '_>) -> End {
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

async fn finish(mut run: Run, end: Fill, delivery: &mut Delivery<'_, '_>) -> End {
    if let Fill::Failed(failure) = end {
        return (Some(run), Err(failure));
    }
    let plan = Arc::clone(&run.plan);
    delivery.send(&mut run.writer, &plan).await;
    let rows = run.rows;
    (Some(run), Ok(rows))
}
