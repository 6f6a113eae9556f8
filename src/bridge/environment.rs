//! [`NativeEnvironment`]: the engine of one JavaScript environment.
#![allow(unsafe_code)] // the clean-up hook comes from Node-API as a raw pointer
#![allow(clippy::must_use_candidate, clippy::needless_pass_by_value)] // JavaScript calls these, with values of its own

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::ptr;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use napi::bindgen_prelude::{Env, Function, JsValue, Object, Unknown};
use napi::sys;
use napi_derive::napi;

use super::arena::Arena;
use super::backend::{Backend, Call, Request};
use super::calls;
use super::doorkeeper::Doorkeeper;
use super::host::Host;
use super::outbox::Outbox;
use super::streams::Streams;
use crate::config::{self, ConnectionConfig};
use crate::engine::{Edge, compile_for_display, plan_changes};
use crate::error::{Error, Result};
use crate::migrate;
use crate::value::Bindings;

/// How long JavaScript takes messages in one go before the event loop gets a chance: with chunks
/// of 512 rows a longer turn would hold up everything else in the program.
const TAKING: Duration = Duration::from_millis(1);

/// The longest shape that JavaScript keeps the SQL of, in bytes.
const LONGEST_KEPT: usize = 16 * 1024;

/// What came of an attempt to take a message. The numbers are those of `Taken` in
/// `js/native/addon-types.ts`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// No message waits, or this turn's time is used up and `wake` will be called again.
    Nothing = 0,
    /// One, and no other waits.
    Last = 1,
    /// One of several.
    OneOfMore = 2,
}

/// The engine of one JavaScript environment (the main thread, or a worker).
#[napi]
pub struct NativeEnvironment {
    inner: Rc<Inner>,
}

pub(super) struct Inner {
    env: sys::napi_env,
    arena: RefCell<Option<Arena>>,
    bindings: RefCell<Option<Arena>>,
    outbox: Arc<Outbox>,
    host: Host,
    configs: RefCell<Vec<ConnectionConfig>>,
    /// The shapes that were compiled.
    shapes: RefCell<Doorkeeper>,
    /// Requests that the engine works on. The process stays alive for them.
    active: Cell<usize>,
    streams: Streams,
    taking_since: Cell<Option<Instant>>,
    is_closed: Cell<bool>,
}

#[napi]
impl NativeEnvironment {
    /// Starts the engine. `wake` is called, without arguments, when messages wait. `mode` is
    /// `inline`, `thread` or `auto`.
    ///
    /// # Errors
    /// For an arena that is none, and where the engine cannot run as asked.
    #[napi(constructor, catch_unwind)]
    pub fn new(env: Env, arena: Unknown<'_>, wake: Function<'_, (), ()>, mode: String) -> napi::Result<Self> {
        let raw = env.raw();
        let arena = Arena::new(raw, &arena)
            .ok_or_else(|| napi::Error::from_reason("the arena must be an ArrayBuffer"))?;
        let outbox = Arc::new(Outbox::default());
        let host = Host::open(raw, wake.raw(), &outbox, &mode)
            .map_err(|error| napi::Error::from_reason(error.message))?;
        let inner = Rc::new(Inner {
            env: raw,
            arena: RefCell::new(Some(arena)),
            bindings: RefCell::default(),
            outbox,
            host,
            configs: RefCell::default(),
            shapes: RefCell::default(),
            active: Cell::new(0),
            streams: Streams::default(),
            taking_since: Cell::new(None),
            is_closed: Cell::new(false),
        });
        close_with_environment(&inner);
        Ok(Self { inner })
    }

    /// Where the engine runs: `inline` or `thread`.
    #[napi(getter)]
    pub fn mode(&self) -> &'static str {
        self.inner.host.mode()
    }

    /// The buffer that values are written to before [`Self::run`]. Called again with a larger one
    /// when it has to grow.
    #[napi(catch_unwind)]
    pub fn use_binding_buffer(&self, buffer: Unknown<'_>) {
        self.inner.bindings.replace(Arena::new(self.inner.env, &buffer));
    }

    /// `{run, next, compile}`: the calls of every query (see [`super::calls`]).
    ///
    /// # Errors
    /// When Node-API has no memory for them.
    #[napi(catch_unwind)]
    pub fn calls<'env>(&self, env: &'env Env) -> napi::Result<Object<'env>> {
        calls::functions(env, &self.inner)
    }

    /// JSON `{names, kinds, bigint}` of a shape.
    #[napi(catch_unwind)]
    pub fn shape(&self, number: u32) -> String {
        self.inner.outbox.describe_shape(number)
    }

    /// Checks the options of a connection (JSON) and remembers them. Opens nothing. Answers JSON
    /// `{handle, driver}` or a fault.
    #[napi(catch_unwind)]
    pub fn create_connection(&self, name: String, options: String) -> String {
        let inner = &self.inner;
        match config::parse(&name, &options) {
            Ok(config) => {
                let handle = u32::try_from(inner.configs.borrow().len()).unwrap_or(u32::MAX);
                let driver = config.driver.as_str();
                inner.configs.borrow_mut().push(config.clone());
                inner.start(move |backend| backend.add(config));
                format!(r#"{{"handle":{handle},"driver":"{driver}"}}"#)
            }
            Err(error) => to_json(&error),
        }
    }

    /// JSON `{size, idle, active, waiting, max}` of a connection's pool.
    #[napi(catch_unwind)]
    pub fn stats(&self, connection: u32) -> String {
        // Where the engine has a thread of its own this waits for it, at most as long as its turn.
        let (sender, receiver) = mpsc::sync_channel(1);
        self.inner.start(move |backend| {
            let _ = sender.send(backend.stats(connection));
        });
        let stats = receiver.recv_timeout(Duration::from_secs(1)).ok().flatten();
        serde_json::to_string(&stats.unwrap_or_default()).unwrap_or_default()
    }

    /// The statements of schema changes (JSON) without running them: JSON `[sql, …]` or a fault.
    /// `current` (JSON) is the database as it is, where they depend on it.
    #[napi(catch_unwind)]
    pub fn plan_changes(&self, connection: u32, changes: String, current: Option<String>) -> String {
        let configs = self.inner.configs.borrow();
        let Some(config) = configs.get(connection as usize) else {
            return to_json(&Error::internal("no such connection"));
        };
        match plan_changes(&changes, current.as_deref(), config) {
            Ok(statements) => serde_json::to_string(&statements).unwrap_or_default(),
            Err(error) => to_json(&error),
        }
    }

    /// What `migrate::command` says of a command (JSON) that needs no connection: JSON, or a fault.
    #[napi(catch_unwind)]
    pub fn migrate(&self, json: String) -> String {
        migrate::answer(&json).unwrap_or_else(|error| to_json(&error))
    }

    /// Starts a command. True: messages are waiting already.
    #[napi(catch_unwind)]
    pub fn command(&self, connection: u32, request: u32, json: String) -> bool {
        self.inner.change_active(self.inner.active.get() + 1);
        self.inner.start(move |backend| backend.command(connection, request, &json))
    }

    /// Asks the server to stop a request. Its message still comes.
    #[napi(catch_unwind)]
    pub fn cancel(&self, request: u32) -> bool {
        self.inner.resume(request);
        self.inner.start(move |backend| backend.cancel(request))
    }

    /// Lets a streaming request send one more chunk. True: messages are waiting already.
    #[napi(catch_unwind)]
    pub fn pull(&self, request: u32) -> bool {
        self.inner.resume(request);
        self.inner.start(move |backend| backend.pull(request))
    }
}

impl Inner {
    /// Starts a request, and takes its first message if that is there already.
    pub(super) fn run(&self, request: Request, parts: sys::napi_value) -> Taken {
        if self.run_now(&request, parts) {
            return Taken::Last;
        }
        if request.is_stream {
            self.streams.add(request.number);
        }
        self.change_active(self.active.get() + 1);
        if self.start(move |backend| backend.run(request)) { self.take(parts) } else { Taken::Nothing }
    }

    /// Compiles a query's shape without running it. The answer begins with `+` where it is to be kept.
    pub(super) fn compile(&self, connection: u32, query: &str) -> String {
        let configs = self.configs.borrow();
        let compiled = configs
            .get(connection as usize)
            .ok_or_else(|| Error::internal("no such connection"))
            .and_then(|config| compile_for_display(query, config));
        match compiled {
            Ok(mut shown) => {
                if self.is_to_be_kept(connection, query) {
                    shown.insert(0, '+');
                }
                shown
            }
            Err(error) => to_json(&error),
        }
    }

    /// Whether JavaScript is to keep what a shape is compiled into. Long ones are hardly ever met twice.
    fn is_to_be_kept(&self, connection: u32, query: &str) -> bool {
        query.len() <= LONGEST_KEPT && self.shapes.borrow_mut().has_met(&(connection, query))
    }

    /// Runs a request here and now, if it needs no waiting and nothing waits in front of it.
    fn run_now(&self, request: &Request, parts: sys::napi_value) -> bool {
        let can_be_stopped = request.is_stream || request.has_signal || request.limit.is_some();
        let takes_more = request.edge != Edge::None || request.stands_alone;
        if can_be_stopped || takes_more || !self.may_answer_now(request.connection) {
            return false;
        }
        let arena = self.arena.borrow();
        let act = |arena| self.host.act_now(|backend| backend.run_now(request, arena, parts));
        arena.as_ref().and_then(act).unwrap_or(false)
    }

    /// Makes a call of transactions, and takes its message if that is there already.
    pub(super) fn call(&self, call: Call, parts: sys::napi_value) -> Taken {
        if self.may_answer_now(call.connection)
            && let Some(arena) = &*self.arena.borrow()
        {
            let is_over = self.host.act_now(|backend| backend.call_now(call, arena, parts));
            if is_over == Some(true) {
                return Taken::Last;
            }
            self.change_active(self.active.get() + 1);
            return Taken::Nothing;
        }
        self.change_active(self.active.get() + 1);
        if self.start(move |backend| backend.call(call)) { self.take(parts) } else { Taken::Nothing }
    }

    /// Whether JavaScript may have the answer of a connection in the call that asks, and nothing is to be run or taken before.
    fn may_answer_now(&self, connection: u32) -> bool {
        let is_in_process = |config: &ConnectionConfig| config.driver.is_in_process();
        let can = self.configs.borrow().get(connection as usize).is_some_and(is_in_process);
        can && !self.is_closed.get() && self.outbox.is_empty() && self.host.may_act_now()
    }

    /// Takes one message into the arena and `parts`.
    pub(super) fn take(&self, parts: sys::napi_value) -> Taken {
        if self.taking_since.get().is_some_and(|began| began.elapsed() > TAKING) && !self.outbox.is_empty() {
            self.taking_since.set(None);
            self.host.come_back(&self.outbox);
            return Taken::Nothing;
        }
        let Some((message, has_more)) = self.outbox.pop() else {
            self.taking_since.set(None);
            return Taken::Nothing;
        };
        let was_working = self.streams.took(message.request, message.is_last());
        if let Some(arena) = &*self.arena.borrow() {
            arena.write(message, parts);
        }
        if was_working {
            self.change_active(self.active.get().saturating_sub(1));
        }
        if has_more {
            if self.taking_since.get().is_none() {
                self.taking_since.set(Some(Instant::now()));
            }
            return Taken::OneOfMore;
        }
        self.taking_since.set(None);
        Taken::Last
    }

    /// The values that JavaScript wrote.
    pub(super) fn bindings(&self, values: usize, words: usize) -> Result<Bindings> {
        if values == 0 {
            return Ok(Bindings::none());
        }
        let buffer = self.bindings.borrow();
        let words = buffer.as_ref().and_then(|buffer| buffer.words(words));
        Bindings::parse(
            words.ok_or_else(|| Error::internal("the values are longer than their buffer"))?,
            values,
        )
    }

    /// Runs a closure on the engine's thread. True: JavaScript is to take the messages that wait.
    fn start(&self, act: impl FnOnce(&Rc<Backend>) + Send + 'static) -> bool {
        if self.is_closed.get() {
            return false;
        }
        self.host.start(act);
        if !self.host.is_inline() || self.outbox.is_empty() {
            return false;
        }
        let is_now = self.host.may_answer();
        if !is_now {
            self.host.come_back(&self.outbox);
        }
        is_now
    }

    /// The engine goes on with a stream that waited for its reader.
    fn resume(&self, request: u32) {
        if self.streams.resume(request) {
            self.change_active(self.active.get() + 1);
        }
    }

    fn change_active(&self, active: usize) {
        let before = self.active.replace(active);
        if (before == 0) == (active == 0) {
            return;
        }
        self.host.set_keeps_alive(self.env, active > 0);
    }

    fn close(&self, on_closed: Box<dyn FnOnce()>) {
        if self.is_closed.replace(true) {
            return on_closed();
        }
        self.host.close(on_closed);
    }
}

/// Closes everything when the environment ends: a worker that is terminated, or the process. The
/// environment waits until libuv knows none of our handles any more.
fn close_with_environment(inner: &Rc<Inner>) {
    let argument = Rc::into_raw(Rc::clone(inner)).cast_mut().cast::<c_void>();
    // SAFETY: a live env; the argument is a counted reference that the hook takes back.
    unsafe { sys::napi_add_async_cleanup_hook(inner.env, Some(on_cleanup), argument, ptr::null_mut()) };
}

unsafe extern "C" fn on_cleanup(handle: sys::napi_async_cleanup_hook_handle, argument: *mut c_void) {
    // SAFETY: the reference that `close_with_environment` counted, taken back once.
    let inner = unsafe { Rc::from_raw(argument.cast::<Inner>()) };
    let closed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        inner.close(Box::new(move || {
            // SAFETY: removed once, which tells Node that this hook is done.
            unsafe { sys::napi_remove_async_cleanup_hook(handle) };
        }));
        // JavaScript's memory goes with the environment.
        std::mem::forget(inner.arena.take());
        std::mem::forget(inner.bindings.take());
    }));
    drop(closed);
}

fn to_json(error: &Error) -> String {
    serde_json::to_string(error).unwrap_or_default()
}
