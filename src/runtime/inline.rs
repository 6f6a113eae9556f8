//! [`InlineHost`]: the executor on the JavaScript thread, turned by libuv.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::{Rc, Weak};
use std::time::{Duration, Instant};

use super::executor::Executor;
use super::uv::{Functions, Handle, Loop};
use crate::error::Result;

/// For how long answers are handed over at once in one turn of the event loop. A program that
/// awaits one short query after another never leaves its microtasks otherwise, and its timers and
/// sockets wait for the last query.
const ANSWERING: Duration = Duration::from_millis(5);

/// Runs the executor when libuv says that there is something to do.
pub struct InlineHost {
    executor: Rc<Executor>,
    /// Called after a turn: hands over what is finished.
    on_turn: Box<dyn Fn()>,
    handles: RefCell<Option<Handles>>,
    keeps_alive: Cell<bool>,
    armed: Cell<Option<Instant>>,
    /// When the first answer was handed over at once in this turn of the event loop.
    answering_since: Cell<Option<Instant>>,
    /// This turn of the event loop has given the engine its time, and something is left: it goes on in the next one.
    has_had_its_time: Cell<bool>,
    /// A socket is ready that nobody has been told of.
    sockets_wait: Cell<bool>,
    /// Set when the environment ends.
    leaving: RefCell<Option<Leaving>>,
}

struct Leaving {
    is_over: Rc<Cell<bool>>,
    on_closed: Box<dyn FnOnce()>,
}

struct Handles {
    sockets: Handle,
    wake: Handle,
    timer: Handle,
    /// Fires at the end of a turn of the event loop that had a share for the engine: [`InlineHost::end_turn`].
    end_of_turn: Handle,
}

impl InlineHost {
    /// Takes its place in the event loop. `None` where libuv, or the descriptor behind tokio's
    /// sockets, cannot be had: the thread host runs there.
    ///
    /// # Errors
    /// As [`Executor::new`].
    pub fn open(event_loop: Loop, on_turn: Box<dyn Fn()>) -> Result<Option<Rc<Self>>> {
        let Some(functions) = Functions::find() else { return Ok(None) };
        let executor = Executor::new(false)?;
        let Some(descriptor) = reactor_descriptor(&executor) else { return Ok(None) };
        let host = Rc::new(Self {
            executor,
            on_turn,
            handles: RefCell::new(None),
            keeps_alive: Cell::new(false),
            armed: Cell::new(None),
            answering_since: Cell::new(None),
            has_had_its_time: Cell::new(false),
            sockets_wait: Cell::new(false),
            leaving: RefCell::new(None),
        });
        let weak = Rc::downgrade(&host);
        let call = |act: fn(&Self)| -> Box<dyn Fn()> {
            let weak: Weak<Self> = Weak::clone(&weak);
            Box::new(move || {
                if let Some(host) = weak.upgrade() {
                    act(&host);
                }
            })
        };
        let on_sockets = call(|host| {
            host.sockets_wait.set(true);
            host.turn();
        });
        let on_timer = call(|host| {
            host.armed.set(None);
            host.turn();
        });
        let sockets = Handle::new_poll(functions, event_loop, descriptor, on_sockets);
        let wake = Handle::new_async(functions, event_loop, call(Self::turn));
        let timer = Handle::new_timer(functions, event_loop, on_timer);
        let end_of_turn = Handle::new_check(functions, event_loop, call(Self::end_turn));
        let (Some(sockets), Some(wake), Some(timer), Some(end_of_turn)) = (sockets, wake, timer, end_of_turn)
        else {
            return Ok(None);
        };
        let waker = wake.waker();
        host.executor.on_ready(move || waker.wake());
        host.handles.replace(Some(Handles { sockets, wake, timer, end_of_turn }));
        Ok(Some(host))
    }

    /// The executor.
    #[must_use]
    pub fn executor(&self) -> &Rc<Executor> {
        &self.executor
    }

    /// Runs a turn, hands over what is finished, and arms the timer. Only once in a turn of the event loop where that
    /// left something: libuv calls for sockets, for wakes and for the timer, and the rest of the program would have to
    /// wait for all three.
    pub fn turn(&self) {
        if self.has_had_its_time.get() {
            return self.come_back();
        }
        if self.sockets_wait.take() {
            self.executor.turn_io();
        }
        self.poll();
        if self.leaving.borrow().is_some() {
            self.leave();
        } else {
            (self.on_turn)();
        }
    }

    /// Runs a turn without handing anything over: for calls from JavaScript, which take what is
    /// finished themselves.
    pub fn poll(&self) {
        let more = self.executor.turn();
        let handles = self.handles.borrow();
        let Some(handles) = &*handles else { return };
        self.arm(&handles.timer);
        if more {
            self.come_back();
        }
    }

    /// Comes back in the next turn of the event loop: something is left.
    pub fn come_back(&self) {
        if let Some(handles) = &*self.handles.borrow() {
            handles.wake.waker().wake();
            handles.end_of_turn.start_check();
            self.has_had_its_time.set(true);
        }
    }

    /// Whether JavaScript may have an answer at once, in the call that asked. False: this turn of the
    /// event loop has had its share of them, so the answer comes with the next.
    pub fn may_answer(&self) -> bool {
        if let Some(since) = self.answering_since.get() {
            return since.elapsed() < ANSWERING;
        }
        if let Some(handles) = &*self.handles.borrow() {
            self.answering_since.set(Some(Instant::now()));
            handles.end_of_turn.start_check();
        }
        true
    }

    fn end_turn(&self) {
        self.answering_since.set(None);
        self.has_had_its_time.set(false);
        if let Some(handles) = &*self.handles.borrow() {
            handles.end_of_turn.stop_check();
        }
    }

    /// Whether the process stays alive for what is running here.
    pub fn set_keeps_alive(&self, keeps: bool) {
        if self.keeps_alive.replace(keeps) == keeps {
            return;
        }
        if let Some(handles) = &*self.handles.borrow() {
            // One handle suffices; the one for sockets is always active.
            handles.sockets.set_keeps_alive(keeps);
        }
    }

    /// Runs one last future, then leaves the event loop and drops every task: for the end of the
    /// environment. Nothing is handed over any more. `on_closed` is called once libuv no longer
    /// knows the handles.
    pub fn close(&self, last: impl Future<Output = ()> + 'static, on_closed: Box<dyn FnOnce()>) {
        let is_over = Rc::new(Cell::new(false));
        let flag = Rc::clone(&is_over);
        self.leaving.replace(Some(Leaving { is_over, on_closed }));
        self.executor.spawn(async move {
            last.await;
            flag.set(true);
        });
        // libuv then waits for the last answers instead of going round.
        self.set_keeps_alive(true);
        self.turn();
    }

    /// Leaves if the last future has ended.
    fn leave(&self) {
        if !self.leaving.borrow().as_ref().is_some_and(|leaving| leaving.is_over.get()) {
            return;
        }
        let Some(Leaving { on_closed, .. }) = self.leaving.take() else { return };
        self.executor.on_ready_stop();
        let handles = self.handles.take();
        self.executor.clear();
        let Some(Handles { sockets, wake, timer, end_of_turn }) = handles else { return on_closed() };
        let left = Rc::new(RefCell::new((4, Some(on_closed))));
        for handle in [sockets, wake, timer, end_of_turn] {
            let left = Rc::clone(&left);
            handle.close(Box::new(move || {
                let mut left = left.borrow_mut();
                left.0 -= 1;
                let on_closed = if left.0 == 0 { left.1.take() } else { None };
                drop(left);
                if let Some(on_closed) = on_closed {
                    on_closed();
                }
            }));
        }
    }

    fn arm(&self, timer: &Handle) {
        let next = self.executor.next_deadline();
        if next == self.armed.get() {
            return;
        }
        self.armed.set(next);
        match next {
            // Rounded up: a timer that fires early would find nothing due.
            Some(deadline) => {
                let left = deadline.saturating_duration_since(Instant::now());
                timer.start_timer(u64::try_from(left.as_millis()).unwrap_or(u64::MAX).saturating_add(1));
            }
            None => timer.stop_timer(),
        }
    }
}

/// The descriptor that tokio waits on. tokio keeps it to itself, so it is found by what it watches:
/// a socket registered with this runtime stands in the list that Linux gives of every epoll
/// descriptor (`tfd:` in /proc/self/fdinfo, proc(5)), and only in that of this runtime's.
#[cfg(target_os = "linux")]
fn reactor_descriptor(executor: &Executor) -> Option<i32> {
    use std::os::fd::AsRawFd;

    let guard = executor.tokio().enter();
    let pair = tokio::net::UnixStream::pair().ok()?;
    drop(guard);
    let socket = pair.0.as_raw_fd();
    for entry in std::fs::read_dir("/proc/self/fdinfo").ok()? {
        let Ok(entry) = entry else { continue };
        let Ok(info) = std::fs::read_to_string(entry.path()) else { continue };
        let watches = info
            .lines()
            .filter_map(|line| line.strip_prefix("tfd:"))
            .any(|line| line.split_whitespace().next().is_some_and(|number| number.parse() == Ok(socket)));
        if watches {
            return entry.file_name().to_str()?.parse().ok();
        }
    }
    None
}

/// Elsewhere the thread host runs: there is no such list to find the descriptor by.
#[cfg(not(target_os = "linux"))]
fn reactor_descriptor(_executor: &Executor) -> Option<i32> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn two_executors_find_a_descriptor_each() -> Result<()> {
        let (one, two) = (Executor::new(false)?, Executor::new(false)?);
        let (first, second) = (reactor_descriptor(&one), reactor_descriptor(&two));
        assert!(first.is_some() && second.is_some());
        assert_ne!(first, second);
        Ok(())
    }
}
