//! [`Host`]: where the engine of an environment runs.
#![allow(unsafe_code)] // the event loop comes from Node-API as a raw pointer

use std::cell::RefCell;
use std::ffi::c_void;
use std::ptr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use napi::sys;

use super::backend::Backend;
use super::outbox::Outbox;
use super::wake::{ThreadsafeWake, WakeFunction};
use crate::error::{Error, ErrorCode, Result};
use crate::runtime::{InlineHost, ThreadHost, timeout};

/// The JavaScript thread itself, or a thread beside it. The same from outside.
pub(super) enum Host {
    /// On the JavaScript thread.
    Inline { host: Rc<InlineHost>, backend: Rc<Backend> },
    /// On a thread of its own.
    Thread { host: Rc<ThreadHost>, wake: ThreadsafeWake },
}

thread_local! {
    /// The backend of the thread host, on its thread.
    static BACKEND: RefCell<Option<Rc<Backend>>> = const { RefCell::new(None) };
}

impl Host {
    /// `mode`: `inline`, `thread`, or `auto` for the first that works.
    pub(super) fn open(
        env: sys::napi_env,
        wake: sys::napi_value,
        outbox: &Arc<Outbox>,
        mode: &str,
    ) -> Result<Self> {
        let inline = if mode == "thread" { None } else { open_inline(env, wake, outbox)? };
        match inline {
            Some(host) => Ok(host),
            None if mode == "inline" => Err(Error::new(
                ErrorCode::Unsupported,
                "this process has no event loop that the engine can join",
            )),
            None => open_thread(env, wake, outbox),
        }
    }

    pub(super) fn mode(&self) -> &'static str {
        if self.is_inline() { "inline" } else { "thread" }
    }

    pub(super) fn is_inline(&self) -> bool {
        matches!(self, Self::Inline { .. })
    }

    /// Runs a closure on the engine's thread, and then what it started.
    pub(super) fn start(&self, act: impl FnOnce(&Rc<Backend>) + Send + 'static) {
        match self {
            Self::Inline { host, backend } => {
                host.executor().enter(|| act(backend));
                host.poll();
            }
            Self::Thread { host, .. } => host.submit(move || {
                let backend = BACKEND.with_borrow(Clone::clone);
                if let Some(backend) = backend {
                    act(&backend);
                }
            }),
        }
    }

    /// Whether the engine may run something in the call that asks, and nothing that was asked for earlier is to run first.
    pub(super) fn may_act_now(&self) -> bool {
        match self {
            Self::Inline { host, .. } => host.executor().is_at_rest() && host.may_answer(),
            Self::Thread { .. } => false,
        }
    }

    /// Runs a closure in the call that asks. `None` where the engine has a thread of its own.
    pub(super) fn act_now<T>(&self, act: impl FnOnce(&Backend) -> T) -> Option<T> {
        match self {
            Self::Inline { host, backend } => Some(host.executor().visit(|| act(backend))),
            Self::Thread { .. } => None,
        }
    }

    /// Whether JavaScript may have the messages that wait at once, as the answer to its call.
    pub(super) fn may_answer(&self) -> bool {
        match self {
            Self::Inline { host, .. } => host.may_answer(),
            Self::Thread { .. } => false,
        }
    }

    /// Calls JavaScript again soon: it left messages behind. Not from here: Node calls a threadsafe function again and
    /// again before it lets the event loop go on.
    pub(super) fn come_back(&self, outbox: &Outbox) {
        match self {
            Self::Inline { host, .. } => {
                outbox.forget_announcement();
                host.come_back();
            }
            Self::Thread { host, wake } => {
                let wake = *wake;
                host.submit(move || wake.call());
            }
        }
    }

    /// Whether the process stays alive for what is running.
    pub(super) fn set_keeps_alive(&self, env: sys::napi_env, keeps: bool) {
        match self {
            Self::Inline { host, .. } => host.set_keeps_alive(keeps),
            Self::Thread { wake, .. } => wake.set_keeps_alive(env, keeps),
        }
    }

    /// Ends the engine: stops what runs, on the servers too. `on_closed` is called when nothing can
    /// call JavaScript any more.
    pub(super) fn close(&self, on_closed: Box<dyn FnOnce()>) {
        match self {
            Self::Inline { host, backend } => host.close(leave(Some(Rc::clone(backend))), on_closed),
            Self::Thread { host, wake } => {
                host.close(|| leave(BACKEND.take()));
                wake.release();
                on_closed();
            }
        }
    }
}

/// Longest time that servers get to hear that nobody waits for them any more.
const LEAVING: Duration = Duration::from_millis(500);

async fn leave(backend: Option<Rc<Backend>>) {
    if let Some(backend) = backend {
        let _ = timeout(LEAVING, backend.close(LEAVING)).await;
    }
}

fn open_inline(env: sys::napi_env, wake: sys::napi_value, outbox: &Arc<Outbox>) -> Result<Option<Host>> {
    let mut event_loop = ptr::null_mut();
    // SAFETY: a live env; Node-API fills the pointer in.
    let status = unsafe { sys::napi_get_uv_event_loop(env, &raw mut event_loop) };
    if status != sys::Status::napi_ok || event_loop.is_null() {
        return Ok(None);
    }
    let wake = WakeFunction::new(env, wake);
    let announced = Arc::clone(outbox);
    let on_turn = Box::new(move || {
        if announced.must_announce() {
            wake.call();
        }
    });
    let host = InlineHost::open(event_loop.cast::<c_void>(), on_turn)?;
    Ok(host.map(|host| Host::Inline { host, backend: Backend::new(Arc::clone(outbox)) }))
}

fn open_thread(env: sys::napi_env, wake: sys::napi_value, outbox: &Arc<Outbox>) -> Result<Host> {
    let wake = ThreadsafeWake::new(env, wake).ok_or_else(|| Error::internal("no way to wake JavaScript"))?;
    let announced = Arc::clone(outbox);
    let host = ThreadHost::open(move || {
        if announced.must_announce() {
            wake.call();
        }
    })?;
    let for_backend = Arc::clone(outbox);
    host.submit(move || {
        BACKEND.set(Some(Backend::new(for_backend)));
    });
    Ok(Host::Thread { host, wake })
}
