//! [`Backend`]: the engines and running requests of one environment, on the engine's thread.

use std::cell::RefCell;
use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures_util::future::join_all;
use napi::sys;

use super::arena::{self, Arena};
use super::command::Command;
use super::outbox::{Content, End, Outbox, RecentShapes};
use super::receiver::{DEFECT, Gate, MessageReceiver};
use super::transaction_call::TransactionCall;
use crate::config::ConnectionConfig;
use crate::driver::Chunk;
use crate::driver::pool::PoolStats;
use crate::engine::{Control, Edge, Engine, Immediate, Opened, Run, Text};
use crate::error::{Error, Result};
use crate::runtime::spawn;
use crate::value::Bindings;

/// A request as JavaScript sent it.
#[allow(clippy::struct_excessive_bools)] // each is a flag of its own
pub(super) struct Request {
    pub(super) connection: u32,
    pub(super) number: u32,
    pub(super) session: u32,
    pub(super) text: Text,
    pub(super) bindings: Result<Bindings>,
    pub(super) use_write: bool,
    pub(super) stands_alone: bool,
    pub(super) edge: Edge,
    pub(super) is_stream: bool,
    pub(super) has_signal: bool,
    pub(super) limit: Option<Duration>,
}

/// A call of transactions as JavaScript sent it.
pub(super) struct Call {
    pub(super) connection: u32,
    pub(super) number: u32,
    pub(super) what: TransactionCall,
}

/// What can be done to a running request.
struct Active {
    control: Rc<Control>,
    gate: Option<Rc<Gate>>,
}

/// Everything that lives on the engine's thread.
pub(super) struct Backend {
    outbox: Arc<Outbox>,
    shapes: Rc<RecentShapes>,
    /// By the number of their connection.
    engines: RefCell<Vec<Rc<Engine>>>,
    active: RefCell<HashMap<u32, Active>>,
}

impl Backend {
    pub(super) fn new(outbox: Arc<Outbox>) -> Rc<Self> {
        Rc::new(Self {
            outbox,
            shapes: Rc::default(),
            engines: RefCell::default(),
            active: RefCell::default(),
        })
    }

    /// Adds a connection. They are numbered from 0.
    pub(super) fn add(&self, config: ConnectionConfig) {
        self.engines.borrow_mut().push(Rc::new(Engine::new(config)));
    }

    pub(super) fn stats(&self, connection: u32) -> Option<PoolStats> {
        self.engine(connection).map(|engine| engine.stats())
    }

    fn engine(&self, connection: u32) -> Option<Rc<Engine>> {
        self.engines.borrow().get(connection as usize).cloned()
    }

    /// Runs a request that needs no waiting, and writes its only message. False: [`Self::run`] is to be called.
    pub(super) fn run_now(&self, request: &Request, arena: &Arena, parts: sys::napi_value) -> bool {
        let Some(engine) = self.engine(request.connection) else { return false };
        let Ok(bindings) = &request.bindings else { return false };
        let Request { text, session, use_write, number, .. } = request;
        let run = Immediate { text, bindings, session: *session, use_write: *use_write };
        let bigint = engine.config().bigint;
        let mut rows = arena::Rows::default();
        let ran = std::panic::catch_unwind(AssertUnwindSafe(|| {
            engine.run_now(&run, &mut |shape, chunk| {
                rows = arena.rows(Some(self.shapes.number(shape, bigint, &self.outbox)), chunk, parts);
            })
        }));
        match ran {
            Ok(None) => return false,
            Ok(Some(Ok((outcome, took)))) => arena.end(*number, rows, Some(End::new(outcome, took)), parts),
            Ok(Some(Err(error))) => arena.fault(*number, &error, parts),
            Err(_) => arena.fault(*number, &Error::internal(DEFECT), parts),
        }
        true
    }

    /// Starts a request. It ends with one message.
    pub(super) fn run(self: &Rc<Self>, request: Request) {
        let number = request.number;
        let engine = self.engine(request.connection);
        let Some(engine) = engine else { return self.unknown(number) };
        let limit = request.limit.or(engine.config().statement_timeout_ms.map(Duration::from_millis));
        let control = Control::with_limit(limit).with_signal(request.has_signal);
        // In a transaction the next statement, or the rollback, waits for this one in any case.
        let control = Rc::new(if request.session == 0 { control.answered_early() } else { control });
        let gate = request.is_stream.then(Rc::<Gate>::default);
        self.active.borrow_mut().insert(number, Active { control: Rc::clone(&control), gate: gate.clone() });
        let mut receiver = MessageReceiver::new(
            number,
            Arc::clone(&self.outbox),
            Rc::clone(&self.shapes),
            engine.config().bigint,
            Rc::clone(&control),
            gate,
        );
        let (backend, outbox) = (Rc::clone(self), Arc::clone(&self.outbox));
        spawn(async move {
            let _forget = Forget { backend, request: number };
            let bindings = match request.bindings {
                Ok(bindings) => Rc::new(bindings),
                Err(error) => return receiver.fail(error),
            };
            if request.limit.is_some() {
                // A call's own limit holds for all of it, the wait for a connection included.
                let _ = control.time_left();
            }
            let run = Run {
                text: &request.text,
                bindings: &bindings,
                session: request.session,
                use_write: request.use_write,
                stands_alone: request.stands_alone,
                edge: request.edge,
                is_stream: request.is_stream,
                control: &control,
            };
            let ran = {
                let mut running = pin!(engine.run(run, &mut receiver));
                poll_fn(|context| {
                    let polled = running.as_mut().poll(context);
                    if let Some(error) = control.take_early_answer() {
                        outbox.push(number, Content::Fault(Box::new(error)));
                    }
                    polled
                })
                .await
            };
            match ran {
                Ok((outcome, took)) => receiver.finish(outcome, took),
                Err(error) => receiver.fail(error),
            }
        });
    }

    /// Makes a call of transactions as far as it goes without waiting, and writes its only message if that is its end. If
    /// not, it goes on as [`Self::call`] does, and this is false.
    pub(super) fn call_now(&self, call: Call, arena: &Arena, parts: sys::napi_value) -> bool {
        let number = call.number;
        let mut calling = Box::pin(self.calling(call));
        let mut context = Context::from_waker(Waker::noop());
        match std::panic::catch_unwind(AssertUnwindSafe(|| calling.as_mut().poll(&mut context))) {
            Ok(Poll::Ready(Ok(opened))) => {
                arena.end(number, arena::Rows::default(), Some(End::of(opened)), parts);
            }
            Ok(Poll::Ready(Err(error))) => arena.fault(number, &error, parts),
            Ok(Poll::Pending) => {
                self.answer(number, calling);
                return false;
            }
            Err(_) => arena.fault(number, &Error::internal(DEFECT), parts),
        }
        true
    }

    /// Starts a call of transactions. It ends with one message.
    pub(super) fn call(&self, call: Call) {
        self.answer(call.number, self.calling(call));
    }

    fn calling(&self, call: Call) -> impl Future<Output = Result<Opened>> + 'static {
        let engine = self.engine(call.connection);
        async move {
            let engine = engine.ok_or_else(|| Error::internal("no such connection"))?;
            call.what.run(&engine).await
        }
    }

    fn answer(&self, number: u32, calling: impl Future<Output = Result<Opened>> + 'static) {
        let mut answer = Answer { outbox: Arc::clone(&self.outbox), request: number, is_given: false };
        spawn(async move {
            answer.give(calling.await.map(|opened| Content::Rows {
                shape: None,
                chunk: Chunk::default(),
                end: Some(End::of(opened)),
            }));
        });
    }

    /// Starts a command. It ends with one message.
    pub(super) fn command(self: &Rc<Self>, connection: u32, request: u32, json: &str) {
        let engine = self.engine(connection);
        let Some(engine) = engine else { return self.unknown(request) };
        let mut answer = Answer { outbox: Arc::clone(&self.outbox), request, is_given: false };
        let command = match Command::parse(json) {
            Ok(command) => command,
            Err(error) => return answer.give(Err(error)),
        };
        spawn(async move {
            answer.give(command.run(&engine).await.map(Content::Answer));
        });
    }

    /// Asks the server to stop a request.
    pub(super) fn cancel(&self, request: u32) {
        let control = self.active.borrow().get(&request).map(|active| Rc::clone(&active.control));
        if let Some(control) = control {
            control.abort();
        }
    }

    /// Lets a streaming request send one more chunk.
    pub(super) fn pull(&self, request: u32) {
        let gate = self.active.borrow().get(&request).and_then(|active| active.gate.clone());
        if let Some(gate) = gate {
            gate.open();
        }
    }

    /// Closes every connection at once; servers are told to stop what runs, and get so long for it.
    pub(super) async fn close(&self, patience: Duration) {
        let engines = std::mem::take(&mut *self.engines.borrow_mut());
        join_all(engines.iter().map(|engine| engine.close(Duration::ZERO, patience))).await;
    }

    fn unknown(&self, request: u32) {
        self.outbox.push(request, Content::Fault(Box::new(Error::internal("no such connection"))));
    }
}

/// Forgets a request when its task ends, however it ends.
struct Forget {
    backend: Rc<Backend>,
    request: u32,
}

impl Drop for Forget {
    fn drop(&mut self) {
        self.backend.active.borrow_mut().remove(&self.request);
    }
}

/// Answers a command or a call, however its task ends.
struct Answer {
    outbox: Arc<Outbox>,
    request: u32,
    is_given: bool,
}

impl Answer {
    fn give(&mut self, answer: Result<Content>) {
        self.is_given = true;
        self.outbox.push(self.request, answer.unwrap_or_else(|error| Content::Fault(Box::new(error))));
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        if !self.is_given {
            self.give(Err(Error::internal("a defect in guruorm ended the command")));
        }
    }
}
