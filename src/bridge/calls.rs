//! The calls of every query, `run`, `next` and `compile`, as plain Node-API functions.
//!
//! What `#[napi]` generates for a method (type tag, borrow scope, a conversion for each argument)
//! costs 0.5 µs a call. For a query that SQLite answers in 3 µs that is too much
//! (docs/decisions/0013), and only these are called so often.
#![allow(unsafe_code)] // Node-API; each block says what makes it sound

use std::ffi::{CStr, c_void};
use std::panic::AssertUnwindSafe;
use std::ptr;
use std::rc::Rc;
use std::time::Duration;

use napi::bindgen_prelude::{Env, FromNapiValue, Object};
use napi::sys;

use super::backend::{Call, Request};
use super::environment::{Inner, Taken};
use super::transaction_call::TransactionCall;
use crate::engine::{Edge, Text};

/// Flags of `run`.
mod flag {
    pub const USE_WRITE: u32 = 1;
    pub const STREAM: u32 = 2;
    pub const NAMED: u32 = 8;
    pub const SIGNAL: u32 = 16;
    pub const ALONE: u32 = 32;
    pub const BEGINS: u32 = 256;
    pub const COMMITS: u32 = 512;
}

/// Kinds of text of `run`.
mod kind {
    pub const SCRIPT: u32 = 2;
    pub const QUERY: u32 = 3;
}

/// Texts up to about this many bytes are read with one call instead of two.
const SHORT_TEXT: usize = 1024;

/// `{run, next, compile}`.
///
/// `run(parts, connection, session, request, kind, flags, text, values, words, timeoutMs)` starts a
/// request and takes its first message if that is there already. `kind`: 0 SQL that reads, 1 SQL
/// that writes, 2 script, 3 query shape. `flags`: 1 use the write server, 2 stream, 8 the text begins
/// with a line of binding names (JSON), 16 a signal may stop it, 256 its transaction begins before it, 512 commits after
/// it.
///
/// `next(parts)` takes one message into the arena and `parts`. Both answer a [`Taken`].
///
/// `compile(connection, query)` compiles a query's shape without running it, and answers what
/// [`compile_for_display`](crate::engine::compile_for_display) says, or a fault (JSON).
pub(super) fn functions<'env>(env: &'env Env, inner: &Rc<Inner>) -> napi::Result<Object<'env>> {
    let mut raw = ptr::null_mut();
    // SAFETY: the env of the current call.
    napi::check_status!(unsafe { sys::napi_create_object(env.raw(), &raw mut raw) })?;
    let calls = [(c"run", on_run as Callback), (c"next", on_next), (c"compile", on_compile)];
    for (name, call) in calls {
        let function = function(env.raw(), name, call, inner)?;
        // SAFETY: live env, object and function of the current call; the name ends with a zero byte.
        napi::check_status!(unsafe {
            sys::napi_set_named_property(env.raw(), raw, name.as_ptr(), function)
        })?;
    }
    // SAFETY: an object of the current call.
    unsafe { Object::from_napi_value(env.raw(), raw) }
}

type Callback = unsafe extern "C" fn(sys::napi_env, sys::napi_callback_info) -> sys::napi_value;

/// A function that holds the environment.
fn function(
    env: sys::napi_env,
    name: &CStr,
    call: Callback,
    inner: &Rc<Inner>,
) -> napi::Result<sys::napi_value> {
    let mut function = ptr::null_mut();
    let data = Rc::into_raw(Rc::clone(inner)).cast_mut().cast::<c_void>();
    // SAFETY: live env; the name ends with a zero byte. The data is a counted reference, which
    // `release` takes back when the function is collected, and nobody if it never was made.
    unsafe {
        let length = name.count_bytes().cast_signed();
        napi::check_status!(sys::napi_create_function(
            env,
            name.as_ptr(),
            length,
            Some(call),
            data,
            &raw mut function
        ))?;
        let (hint, reference) = (ptr::null_mut(), ptr::null_mut());
        napi::check_status!(sys::napi_add_finalizer(env, function, data, Some(release), hint, reference))?;
    }
    Ok(function)
}

unsafe extern "C" fn release(_env: sys::napi_env, data: *mut c_void, _hint: *mut c_void) {
    // SAFETY: the reference that `function` counted, taken back once: the function is gone.
    drop(unsafe { Rc::from_raw(data.cast::<Inner>()) });
}

unsafe extern "C" fn on_run(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    // SAFETY: called by Node-API with the data of `function`.
    unsafe { answer(env, info, run) }
}

unsafe extern "C" fn on_next(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    // SAFETY: as above.
    unsafe { answer(env, info, |inner, [parts]| inner.take(parts.value)) }
}

unsafe extern "C" fn on_compile(env: sys::napi_env, info: sys::napi_callback_info) -> sys::napi_value {
    // SAFETY: as above.
    unsafe {
        answer(env, info, |inner, [connection, query]| inner.compile(connection.number(), &query.text()))
    }
}

/// What a call answers.
trait Reply {
    /// The value in JavaScript.
    ///
    /// # Safety
    /// `env` is live, and outside of any other call into it.
    unsafe fn write(self, env: sys::napi_env, value: &mut sys::napi_value);
}

impl Reply for Taken {
    unsafe fn write(self, env: sys::napi_env, value: &mut sys::napi_value) {
        // SAFETY: as the trait says.
        unsafe { sys::napi_create_uint32(env, self as u32, value) };
    }
}

impl Reply for String {
    unsafe fn write(self, env: sys::napi_env, value: &mut sys::napi_value) {
        let (text, length) = (self.as_ptr().cast(), self.len().cast_signed());
        // SAFETY: as the trait says; Node-API copies the text.
        unsafe { sys::napi_create_string_utf8(env, text, length, value) };
    }
}

/// Calls `act` with the arguments; those that are missing are `undefined`. A panic is thrown as an
/// error: it must not unwind into Node.
unsafe fn answer<const COUNT: usize, Answer: Reply>(
    env: sys::napi_env,
    info: sys::napi_callback_info,
    act: impl FnOnce(&Inner, [Argument; COUNT]) -> Answer,
) -> sys::napi_value {
    let (mut values, mut count) = ([ptr::null_mut(); COUNT], COUNT);
    let (mut data, mut result) = (ptr::null_mut(), ptr::null_mut());
    // SAFETY: live env and call; there is room for as many values as `count` says. `data` is the
    // reference of `function`, which the running function keeps.
    let inner = unsafe {
        let (this, given) = (ptr::null_mut(), &raw mut count);
        sys::napi_get_cb_info(env, info, given, values.as_mut_ptr(), this, &raw mut data);
        &*data.cast::<Inner>()
    };
    let arguments = values.map(|value| Argument { env, value });
    let answer = std::panic::catch_unwind(AssertUnwindSafe(|| act(inner, arguments)));
    // SAFETY: live env, outside of any other call into it.
    unsafe {
        match answer {
            Ok(answer) => answer.write(env, &mut result),
            Err(_) => {
                sys::napi_throw_error(env, ptr::null(), c"guruorm: a defect ended the call".as_ptr());
            }
        }
    }
    result
}

fn run(inner: &Inner, arguments: [Argument; 10]) -> Taken {
    let [parts, connection, session, request, kind, flags, text, values, words, timeout_ms] = arguments;
    let (kind, flags, timeout_ms) = (kind.number(), flags.number(), timeout_ms.number());
    if let Some(what) = TransactionCall::read(kind, session.number(), flags, || text.text()) {
        let call = Call { connection: connection.number(), number: request.number(), what };
        return inner.call(call, parts.value);
    }
    let text = match kind {
        kind::SCRIPT => Text::Script(text.text()),
        kind::QUERY => Text::Query(text.text()),
        _ => raw_sql(text.text(), flags & flag::NAMED != 0),
    };
    let request = Request {
        connection: connection.number(),
        number: request.number(),
        session: session.number(),
        text,
        bindings: inner.bindings(values.number() as usize, words.number() as usize),
        use_write: flags & flag::USE_WRITE != 0,
        stands_alone: flags & flag::ALONE != 0,
        edge: edge(flags),
        is_stream: flags & flag::STREAM != 0,
        has_signal: flags & flag::SIGNAL != 0,
        limit: (timeout_ms != 0).then(|| Duration::from_millis(timeout_ms.into())),
    };
    inner.run(request, parts.value)
}

fn edge(flags: u32) -> Edge {
    match flags & (flag::BEGINS | flag::COMMITS) {
        flag::BEGINS => Edge::First,
        flag::COMMITS => Edge::Last,
        _ => Edge::None,
    }
}

fn raw_sql(text: String, is_named: bool) -> Text {
    if is_named
        && let Some((names, sql)) = text.split_once('\n')
        && let Ok(names) = serde_json::from_str(names)
    {
        return Text::Sql { sql: sql.to_owned(), names: Some(names) };
    }
    Text::Sql { sql: text, names: None }
}

/// An argument of the current call.
#[derive(Clone, Copy)]
struct Argument {
    env: sys::napi_env,
    value: sys::napi_value,
}

impl Argument {
    /// The number; 0 for anything else.
    fn number(self) -> u32 {
        let mut number = 0;
        // SAFETY: live env and value of the current call; Node-API checks the value's type.
        unsafe { sys::napi_get_value_uint32(self.env, self.value, &raw mut number) };
        number
    }

    /// The text; empty for anything else.
    fn text(self) -> String {
        let mut short = [0_u8; SHORT_TEXT];
        let mut length = 0;
        // SAFETY: as above; Node-API writes at most `SHORT_TEXT` bytes, the last one zero.
        unsafe {
            let target = short.as_mut_ptr().cast();
            sys::napi_get_value_string_utf8(self.env, self.value, target, SHORT_TEXT, &raw mut length);
        }
        // It writes whole characters, of at most four bytes: so near to the end some may be missing.
        if length + 4 < SHORT_TEXT {
            return text_of(&short[..length]);
        }
        // SAFETY: without a target it only counts; then there is room for the text and a zero.
        let long = unsafe {
            sys::napi_get_value_string_utf8(self.env, self.value, ptr::null_mut(), 0, &raw mut length);
            let mut long = vec![0_u8; length + 1];
            let target = long.as_mut_ptr().cast();
            sys::napi_get_value_string_utf8(self.env, self.value, target, length + 1, &raw mut length);
            long.truncate(length);
            long
        };
        String::from_utf8(long).unwrap_or_else(|error| text_of(error.as_bytes()))
    }
}

/// Node-API writes UTF-8; what is none becomes U+FFFD.
fn text_of(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes).into_owned(), ToOwned::to_owned)
}
