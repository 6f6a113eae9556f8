//! The few functions of libuv that the inline host calls, looked up in the running process.
//!
//! Node exports them; other hosts may not, and Rust test binaries do not, so that linking to them
//! is out of the question.
#![allow(unsafe_code)] // foreign functions; each wrapper says what makes the call sound

use std::ffi::{c_char, c_int, c_void};
use std::ptr;

/// `uv_loop_t`.
pub type Loop = *mut c_void;

/// Which kind of handle, as `uv_handle_type` counts them.
#[derive(Clone, Copy)]
enum Kind {
    Async = 1,
    Check = 2,
    Poll = 8,
    Timer = 13,
}

type Callback = unsafe extern "C" fn(*mut c_void);
type PollCallback = unsafe extern "C" fn(*mut c_void, c_int, c_int);

/// `UV_READABLE`.
const READABLE: c_int = 1;

macro_rules! functions {
    ($($name:ident = $symbol:literal: fn($($argument:ty),*) $(-> $result:ty)?,)*) => {
        /// The functions, found once.
        #[derive(Clone, Copy)]
        pub struct Functions { $($name: unsafe extern "C" fn($($argument),*) $(-> $result)?,)* }

        impl Functions {
            /// Looks them up. `None` where this process has no libuv to offer.
            #[cfg(unix)]
            #[must_use]
            pub fn find() -> Option<Self> {
                Some(Self { $($name: {
                    let address = symbol($symbol.as_ptr())?;
                    // SAFETY: libuv's documented signature of this name, stable since 1.0 (1.19 for the accessors).
                    unsafe { std::mem::transmute::<*mut c_void, unsafe extern "C" fn($($argument),*) $(-> $result)?>(address) }
                },)* })
            }

            /// Windows polls sockets, not the descriptor behind tokio: the thread host runs there.
            #[cfg(not(unix))]
            #[must_use]
            pub fn find() -> Option<Self> { None }
        }
    };
}

functions! {
    handle_size = c"uv_handle_size": fn(c_int) -> usize,
    async_init = c"uv_async_init": fn(Loop, *mut c_void, Callback) -> c_int,
    async_send = c"uv_async_send": fn(*mut c_void) -> c_int,
    check_init = c"uv_check_init": fn(Loop, *mut c_void) -> c_int,
    check_start = c"uv_check_start": fn(*mut c_void, Callback) -> c_int,
    check_stop = c"uv_check_stop": fn(*mut c_void) -> c_int,
    poll_init = c"uv_poll_init": fn(Loop, *mut c_void, c_int) -> c_int,
    poll_start = c"uv_poll_start": fn(*mut c_void, c_int, PollCallback) -> c_int,
    timer_init = c"uv_timer_init": fn(Loop, *mut c_void) -> c_int,
    timer_start = c"uv_timer_start": fn(*mut c_void, Callback, u64, u64) -> c_int,
    timer_stop = c"uv_timer_stop": fn(*mut c_void) -> c_int,
    close = c"uv_close": fn(*mut c_void, Option<Callback>),
    add_reference = c"uv_ref": fn(*mut c_void),
    drop_reference = c"uv_unref": fn(*mut c_void),
}

#[cfg(unix)]
fn symbol(name: *const c_char) -> Option<*mut c_void> {
    // SAFETY: a nul-terminated name; RTLD_DEFAULT searches what is loaded and changes nothing.
    let address = unsafe { libc::dlsym(libc::RTLD_DEFAULT, name) };
    (!address.is_null()).then_some(address)
}

/// One libuv handle. Closed, and freed by libuv's own callback, when dropped.
pub struct Handle {
    functions: Functions,
    raw: *mut c_void,
}

/// What a handle's `data` points to until the handle is freed.
struct State {
    on_event: Box<dyn Fn()>,
    /// Size of the handle's memory, in words.
    words: usize,
    /// Called when libuv no longer knows the handle.
    on_closed: Option<Box<dyn FnOnce()>>,
}

impl Handle {
    /// Makes memory for a handle and initialises it with `init`. `None` when libuv refuses.
    fn new(
        functions: Functions,
        kind: Kind,
        on_event: Box<dyn Fn()>,
        init: impl FnOnce(*mut c_void) -> c_int,
    ) -> Option<Self> {
        // SAFETY: `handle_size` only reads its argument.
        let words = unsafe { (functions.handle_size)(kind as c_int) }.div_ceil(8);
        let raw = Box::into_raw(vec![0_u64; words].into_boxed_slice()).cast::<c_void>();
        let state = Box::into_raw(Box::new(State { on_event, words, on_closed: None }));
        // SAFETY: `data` is the first field of every handle (uv.h, UV_HANDLE_FIELDS) and the user's.
        unsafe { *raw.cast::<*mut State>() = state };
        if init(raw) != 0 {
            // SAFETY: libuv does not know the handle, so nothing else can touch its memory.
            unsafe { free(raw) };
            return None;
        }
        let handle = Self { functions, raw };
        handle.set_keeps_alive(false);
        Some(handle)
    }

    /// A handle that other threads wake. It does not keep the process alive.
    pub fn new_async(functions: Functions, event_loop: Loop, on_event: Box<dyn Fn()>) -> Option<Self> {
        // SAFETY: a live loop on its own thread, memory of the right size.
        Self::new(functions, Kind::Async, on_event, |raw| unsafe {
            (functions.async_init)(event_loop, raw, fire)
        })
    }

    /// A handle that fires while a descriptor is readable. It does not keep the process alive.
    pub fn new_poll(
        functions: Functions,
        event_loop: Loop,
        descriptor: c_int,
        on_event: Box<dyn Fn()>,
    ) -> Option<Self> {
        // SAFETY: as above; the descriptor outlives the handle (its owner drops the handle first).
        let handle = Self::new(functions, Kind::Poll, on_event, |raw| unsafe {
            (functions.poll_init)(event_loop, raw, descriptor)
        })?;
        // SAFETY: an initialised handle on its loop's thread.
        let started = unsafe { (functions.poll_start)(handle.raw, READABLE, fire_poll) };
        (started == 0).then_some(handle)
    }

    /// A timer, not started. It does not keep the process alive.
    pub fn new_timer(functions: Functions, event_loop: Loop, on_event: Box<dyn Fn()>) -> Option<Self> {
        // SAFETY: as above.
        Self::new(functions, Kind::Timer, on_event, |raw| unsafe { (functions.timer_init)(event_loop, raw) })
    }

    /// A handle that fires at the end of the event loop's turn, not started. It does not keep the
    /// process alive.
    pub fn new_check(functions: Functions, event_loop: Loop, on_event: Box<dyn Fn()>) -> Option<Self> {
        // SAFETY: as above.
        Self::new(functions, Kind::Check, on_event, |raw| unsafe { (functions.check_init)(event_loop, raw) })
    }

    /// Whether the process stays alive for this handle.
    pub fn set_keeps_alive(&self, keeps: bool) {
        // SAFETY: an initialised handle, on its loop's thread. Both calls are idempotent.
        unsafe {
            if keeps {
                (self.functions.add_reference)(self.raw);
            } else {
                (self.functions.drop_reference)(self.raw);
            }
        }
    }

    /// Fires an async handle soon.
    pub fn waker(&self) -> AsyncWaker {
        AsyncWaker { functions: self.functions, raw: self.raw }
    }

    /// Starts a timer, once, in milliseconds.
    pub fn start_timer(&self, milliseconds: u64) {
        // SAFETY: an initialised timer on its loop's thread.
        unsafe { (self.functions.timer_start)(self.raw, fire, milliseconds, 0) };
    }

    /// Starts a check handle: it fires every turn.
    pub fn start_check(&self) {
        // SAFETY: an initialised check handle on its loop's thread.
        unsafe { (self.functions.check_start)(self.raw, fire) };
    }

    /// Stops a check handle.
    pub fn stop_check(&self) {
        // SAFETY: an initialised check handle on its loop's thread.
        unsafe { (self.functions.check_stop)(self.raw) };
    }

    /// Stops a timer.
    pub fn stop_timer(&self) {
        // SAFETY: an initialised timer on its loop's thread.
        unsafe { (self.functions.timer_stop)(self.raw) };
    }
}

impl Handle {
    /// Closes the handle, and says when libuv no longer knows it.
    pub fn close(self, on_closed: Box<dyn FnOnce()>) {
        // SAFETY: the state is ours until `free`, on this thread.
        unsafe { (**self.raw.cast::<*mut State>()).on_closed = Some(on_closed) };
        drop(self);
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: an initialised handle on its loop's thread, closed once; libuv calls `free` when
        // it no longer touches the memory.
        unsafe { (self.functions.close)(self.raw, Some(free)) };
    }
}

/// Wakes an async handle from any thread. The host stops handing it out before the handle closes.
#[derive(Clone, Copy)]
pub struct AsyncWaker {
    functions: Functions,
    raw: *mut c_void,
}

// SAFETY: `uv_async_send` is the one libuv function that any thread may call.
unsafe impl Send for AsyncWaker {}
// SAFETY: as above.
unsafe impl Sync for AsyncWaker {}

impl AsyncWaker {
    /// Fires the handle soon. Several calls before it fires are one.
    pub fn wake(&self) {
        // SAFETY: the handle is open (see the type).
        unsafe { (self.functions.async_send)(self.raw) };
    }
}

unsafe extern "C" fn fire(handle: *mut c_void) {
    // SAFETY: libuv passes a live handle of ours, whose data `allocate` set.
    unsafe { call(handle) };
}

unsafe extern "C" fn fire_poll(handle: *mut c_void, _status: c_int, _events: c_int) {
    // SAFETY: as above. A status that is not 0 is met again, as an error, when the socket is read.
    unsafe { call(handle) };
}

unsafe fn call(handle: *mut c_void) {
    // SAFETY: `Handle::new` set it; only `free` frees it.
    let state = unsafe { &**handle.cast::<*const State>() };
    // A panic must not unwind into libuv.
    let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| (state.on_event)()));
}

unsafe extern "C" fn free(handle: *mut c_void) {
    // SAFETY: called once, when nobody else can reach the memory that `Handle::new` made.
    unsafe {
        let mut state = Box::from_raw(*handle.cast::<*mut State>());
        drop(Box::from_raw(ptr::slice_from_raw_parts_mut(handle.cast::<u64>(), state.words)));
        if let Some(on_closed) = state.on_closed.take() {
            let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(on_closed));
        }
    }
}
