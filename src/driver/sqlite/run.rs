//! [`Run`]: a statement in the act, filling chunks. It can move to another thread between chunks.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::columns::{JsonReader, Plan, ReadOptions};
use super::failure::Failure;
use super::statement::{Statement, Step};
use crate::driver::ChunkWriter;

/// Why filling ended.
#[derive(Debug)]
pub enum Fill {
    /// The chunk is full.
    Full,
    /// There are no more rows.
    Done,
    /// The statement failed.
    Failed(Failure),
}

/// A statement and where its rows go.
#[derive(Debug)]
pub struct Run {
    /// The statement. Before `json_reader`, so that it is finalized first.
    pub statement: Statement,
    /// How its rows are read.
    pub plan: Arc<Plan>,
    /// Rows that were read and not yet taken.
    pub writer: ChunkWriter,
    /// Rows read since the start.
    pub rows: u64,
    /// Time spent in SQLite since the start, on whatever thread.
    pub spent: Duration,
    options: Arc<ReadOptions>,
    json_reader: JsonReader,
    recompilations: i32,
    is_started: bool,
}

impl Run {
    /// A statement that has not begun.
    pub fn new(statement: Statement, options: &Arc<ReadOptions>) -> Self {
        let plan = Arc::new(Plan::of(&statement, options));
        Self {
            writer: ChunkWriter::new(&plan.shape),
            rows: 0,
            spent: Duration::ZERO,
            options: Arc::clone(options),
            json_reader: None,
            recompilations: statement.recompilations(),
            is_started: false,
            plan,
            statement,
        }
    }

    /// Reads rows until the chunk is full, the rows are over, or it fails.
    pub fn fill(&mut self) -> Fill {
        let begun = Instant::now();
        let fill = self.read();
        self.spent += begun.elapsed();
        fill
    }

    /// The same without counting the time.
    pub fn read(&mut self) -> Fill {
        loop {
            let step = self.statement.step();
            if let Step::Failed(failure) = step {
                return Fill::Failed(failure);
            }
            if !self.is_started {
                self.is_started = true;
                self.follow_schema();
            }
            if matches!(step, Step::Done) {
                return Fill::Done;
            }
            self.rows += 1;
            if self.plan.write_row(&self.statement, &mut self.json_reader, &mut self.writer) {
                return Fill::Full;
            }
        }
    }

    /// Back to before the first row; rows that nobody took are dropped. Values stay bound.
    pub fn restart(&mut self) {
        self.statement.reset();
        self.forget();
    }

    /// Ready to be kept for the next time: without values, which may be large.
    pub fn finish(&mut self) {
        self.statement.clear();
        self.forget();
    }

    fn forget(&mut self) {
        if !self.writer.is_empty() {
            self.writer = ChunkWriter::new(&self.plan.shape);
        }
        self.rows = 0;
        self.spent = Duration::ZERO;
        self.is_started = false;
    }

    /// SQLite compiles a statement again when the schema has changed. Its columns may be others
    /// then: other names, types, or a `select *` with one more.
    fn follow_schema(&mut self) {
        let recompilations = self.statement.recompilations();
        if recompilations != self.recompilations {
            self.recompilations = recompilations;
            self.plan = Arc::new(Plan::of(&self.statement, &self.options));
            self.writer = ChunkWriter::new(&self.plan.shape);
        }
    }
}
