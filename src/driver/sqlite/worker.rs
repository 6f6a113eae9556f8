//! [`Worker`]: a thread that runs one statement, for statements that take long.
//!
//! Two chunks may be on their way; then the thread waits, so that a reader who is behind is not
//! buried. Starting a thread costs about 50 µs, which a statement of 20 ms does not notice; none
//! is left idle.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::thread::{self, JoinHandle};

use super::columns::Plan;
use super::handle::Interrupter;
use super::run::{Fill, Run};
use crate::driver::ChunkWriter;

/// Chunks that are filled ahead of the reader.
const AHEAD: usize = 2;

/// What the thread reports.
#[derive(Debug)]
pub enum Report {
    /// A full chunk, and the columns that it has.
    Full(ChunkWriter, Arc<Plan>),
    /// The end. Rows of the last chunk are in the run's writer.
    Ended(Box<Run>, Fill),
    /// The thread ended without a word: it panicked.
    Lost,
}

#[derive(Debug, Default)]
struct State {
    /// The statement: before the thread takes it, and after it has ended.
    run: Option<Box<Run>>,
    full: VecDeque<(ChunkWriter, Arc<Plan>)>,
    /// Writers to use again.
    spare: Vec<ChunkWriter>,
    /// Chunks that the reader has not given back.
    ahead: usize,
    ended: Option<Fill>,
    is_lost: bool,
    /// Nobody reads any more.
    is_closed: bool,
    reader: Option<Waker>,
}

#[derive(Debug, Default)]
struct Exchange {
    state: Mutex<State>,
    has_room: Condvar,
}

impl Exchange {
    fn state(&self) -> MutexGuard<'_, State> {
        // What a panicking thread leaves behind is whole: every change is one assignment.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state, then wakes the reader.
    fn report(&self, change: impl FnOnce(&mut State)) {
        let reader = {
            let mut state = self.state();
            change(&mut state);
            state.reader.take()
        };
        if let Some(reader) = reader {
            reader.wake();
        }
    }
}

/// Tells the reader when the thread ends, also by a panic.
struct Farewell(Arc<Exchange>);

impl Drop for Farewell {
    fn drop(&mut self) {
        self.0.report(|state| state.is_lost = state.ended.is_none());
    }
}

/// A thread at work. Dropping it stops the statement and waits for the thread: until then the
/// connection is not ours, and the thread's code may be unloaded with the addon.
#[derive(Debug)]
pub struct Worker {
    exchange: Arc<Exchange>,
    thread: Option<JoinHandle<()>>,
    interrupter: Interrupter,
    /// The end was reported: there is nothing left to stop.
    is_over: bool,
}

impl Worker {
    /// Starts a thread that runs on from where `run` stands.
    ///
    /// # Errors
    /// The run, untouched, when the system has no thread to give.
    pub fn start(run: Box<Run>, interrupter: Interrupter) -> Result<Self, Box<Run>> {
        let exchange = Arc::new(Exchange::default());
        exchange.state().run = Some(run);
        let shared = Arc::clone(&exchange);
        let thread = thread::Builder::new().name("guruorm-sqlite".to_owned()).spawn(move || work(&shared));
        if thread.is_err() {
            let run = exchange.state().run.take();
            if let Some(run) = run {
                return Err(run);
            }
        }
        Ok(Self { exchange, thread: thread.ok(), interrupter, is_over: false })
    }

    /// The next report, in order.
    pub async fn next(&mut self) -> Report {
        let report = poll_fn(|context| {
            let mut state = self.exchange.state();
            if let Some((writer, plan)) = state.full.pop_front() {
                return Poll::Ready(Report::Full(writer, plan));
            }
            if let Some(fill) = state.ended.take() {
                return Poll::Ready(state.run.take().map_or(Report::Lost, |run| Report::Ended(run, fill)));
            }
            if state.is_lost {
                return Poll::Ready(Report::Lost);
            }
            state.reader = Some(context.waker().clone());
            Poll::Pending
        })
        .await;
        self.is_over = !matches!(report, Report::Full(..));
        report
    }

    /// Gives a writer back whose rows were taken.
    pub fn give_back(&mut self, writer: ChunkWriter) {
        let mut state = self.exchange.state();
        state.spare.push(writer);
        state.ahead = state.ahead.saturating_sub(1);
        drop(state);
        self.exchange.has_room.notify_one();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        if !self.is_over {
            self.interrupter.interrupt();
        }
        self.exchange.state().is_closed = true;
        self.exchange.has_room.notify_one();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join(); // a panic was reported as `Lost`
        }
    }
}

fn work(exchange: &Arc<Exchange>) {
    let farewell = Farewell(Arc::clone(exchange));
    let Some(mut run) = exchange.state().run.take() else { return };
    let fill = loop {
        match run.fill() {
            Fill::Full => {
                let Some(next) = wait_for_room(exchange, &run) else { break Fill::Done };
                let full = std::mem::replace(&mut run.writer, next);
                let plan = Arc::clone(&run.plan);
                exchange.report(|state| state.full.push_back((full, plan)));
            }
            end => break end,
        }
    };
    exchange.report(|state| {
        state.run = Some(run);
        state.ended = Some(fill);
    });
    drop(farewell);
}

/// A writer for the next chunk, once the reader has caught up. `None` when nobody reads any more.
fn wait_for_room(exchange: &Exchange, run: &Run) -> Option<ChunkWriter> {
    let mut state = exchange.state();
    while state.ahead >= AHEAD && !state.is_closed {
        state = exchange.has_room.wait(state).unwrap_or_else(PoisonError::into_inner);
    }
    state.ahead += 1;
    let spare = state.spare.pop();
    let is_closed = state.is_closed;
    drop(state);
    (!is_closed).then(|| spare.unwrap_or_else(|| ChunkWriter::new(&run.plan.shape)))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::driver::sqlite::columns::ReadOptions;
    use crate::driver::sqlite::handle::Database;
    use crate::value::temporal::Zone;

    #[test]
    fn a_thread_waits_when_its_reader_is_two_chunks_behind() {
        let sql = "with recursive c(n) as (select 1 union all select n + 1 from c) select n from c";
        let Ok(mut database) = Database::open(c":memory:") else { unreachable!("memory can be opened") };
        let Ok((Some(statement), _)) = database.prepare(sql, false) else { unreachable!("it is SQL") };
        let options =
            Arc::new(ReadOptions { timezone: Zone::Utc, dates_as_text: false, json_as_text: false });
        let run = Box::new(Run::new(statement, &options));
        let Ok(worker) = Worker::start(run, database.interrupter()) else {
            unreachable!("there are threads")
        };
        thread::sleep(Duration::from_millis(200));
        assert_eq!(worker.exchange.state().full.len(), AHEAD);
        drop(worker); // ends an endless statement, or the test never does
        assert!(database.progress().is_stopped());
    }
}
