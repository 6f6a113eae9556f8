//! [`MessageReceiver`]: puts the rows of one request into the outbox.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use futures_util::future::LocalBoxFuture;

use super::outbox::{Content, End, Outbox, RecentShapes};
use crate::config::BigIntMode;
use crate::driver::{Chunk, ChunkReceiver, Outcome, Shape};
use crate::engine::{Control, StopReason};
use crate::error::Error;
use crate::runtime::Signal;

/// How many chunks a streaming request may send before it waits.
#[derive(Debug, Default)]
pub(super) struct Gate {
    credit: Cell<u32>,
    opened: std::cell::RefCell<Option<Rc<Signal>>>,
}

impl Gate {
    /// Lets one more chunk pass.
    pub(super) fn open(&self) {
        self.credit.set(self.credit.get() + 1);
        if let Some(opened) = self.opened.take() {
            opened.raise();
        }
    }

    async fn pass(&self, control: &Control) {
        while self.credit.get() == 0 && !control.is_aborted() {
            let opened = Rc::new(Signal::default());
            self.opened.replace(Some(Rc::clone(&opened)));
            std::future::poll_fn(|context| {
                if control.poll_aborted(context).is_ready() {
                    return Poll::Ready(());
                }
                opened.poll(context)
            })
            .await;
        }
        self.credit.set(self.credit.get().saturating_sub(1));
    }
}

/// What is said of a request that a panic ended.
pub(super) const DEFECT: &str = "a defect in guruorm ended the request; its connection was closed";

/// Receives the rows of one request.
pub(super) struct MessageReceiver {
    pub(super) request: u32,
    pub(super) outbox: Arc<Outbox>,
    shapes: Rc<RecentShapes>,
    pub(super) bigint: BigIntMode,
    pub(super) control: Rc<Control>,
    /// Present when the request streams.
    pub(super) gate: Option<Rc<Gate>>,
    shape: Option<u32>,
    /// The newest chunk, kept back so that the last one can carry the end. Not when streaming.
    held: Option<Chunk>,
    is_finished: bool,
    /// Rows came after the request was aborted: what JavaScript has is not the whole result.
    has_dropped_rows: bool,
}

impl MessageReceiver {
    pub(super) fn new(
        request: u32,
        outbox: Arc<Outbox>,
        shapes: Rc<RecentShapes>,
        bigint: BigIntMode,
        control: Rc<Control>,
        gate: Option<Rc<Gate>>,
    ) -> Self {
        Self {
            request,
            outbox,
            shapes,
            bigint,
            control,
            gate,
            shape: None,
            held: None,
            is_finished: false,
            has_dropped_rows: false,
        }
    }

    /// The last message of the request has been sent.
    fn is_over(&self) -> bool {
        self.is_finished || self.control.is_answered()
    }

    /// The request ended well.
    pub(super) fn finish(&mut self, outcome: Outcome, took: Duration) {
        if self.is_over() {
            return;
        }
        if self.has_dropped_rows {
            return self.fail(self.control.stopped(StopReason::Aborted));
        }
        self.is_finished = true;
        let end = End::new(outcome, took);
        let chunk = self.held.take().unwrap_or_default();
        self.outbox.push(self.request, Content::Rows { shape: self.shape, chunk, end: Some(end) });
    }

    /// The request failed. Rows that were kept back go with it.
    pub(super) fn fail(&mut self, error: Error) {
        if self.is_over() {
            return;
        }
        self.is_finished = true;
        self.outbox.push(self.request, Content::Fault(Box::new(error)));
    }
}

impl Drop for MessageReceiver {
    /// Every request is answered, even one whose task panicked or was dropped.
    fn drop(&mut self) {
        self.fail(Error::internal(DEFECT));
    }
}

impl ChunkReceiver for MessageReceiver {
    fn shape(&mut self, shape: Rc<Shape>) {
        self.shape = Some(self.shapes.number(&shape, self.bigint, &self.outbox));
    }

    fn chunk(&mut self, chunk: Chunk) -> bool {
        // Nobody waits for what the server still sends.
        if self.control.is_aborted() || self.is_over() {
            self.has_dropped_rows = true;
            return false;
        }
        let send =
            |chunk| self.outbox.push(self.request, Content::Rows { shape: self.shape, chunk, end: None });
        if self.gate.is_some() {
            send(chunk);
            return true;
        }
        if let Some(previous) = self.held.replace(chunk) {
            send(previous);
        }
        false
    }

    fn ready(&mut self) -> LocalBoxFuture<'_, ()> {
        let gate = self.gate.clone();
        let control = Rc::clone(&self.control);
        Box::pin(async move {
            if let Some(gate) = gate {
                gate.pass(&control).await;
            }
        })
    }
}
