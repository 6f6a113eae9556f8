//! Calling JavaScript: directly from the event loop, or from another thread.
#![allow(unsafe_code)] // Node-API; each block says what makes it sound

use std::ptr;

use napi::sys;

/// A JavaScript function that the event loop calls when messages wait.
pub(super) struct WakeFunction {
    env: sys::napi_env,
    reference: sys::napi_ref,
}

impl WakeFunction {
    /// Keeps the function.
    pub(super) fn new(env: sys::napi_env, function: sys::napi_value) -> Self {
        let mut reference = ptr::null_mut();
        // SAFETY: live env and value of the current call.
        unsafe { sys::napi_create_reference(env, function, 1, &raw mut reference) };
        Self { env, reference }
    }

    /// Calls it. Only on the JavaScript thread, from a callback of libuv.
    pub(super) fn call(&self) {
        let env = self.env;
        let mut scope = ptr::null_mut();
        // SAFETY: on the env's own thread, outside of any other call into it; the scope is closed
        // on every path. A thrown exception is taken off before the scope ends: leaving it pending
        // crashes Node ("Cannot create a handle without a HandleScope") at the next call.
        unsafe {
            if sys::napi_open_handle_scope(env, &raw mut scope) != sys::Status::napi_ok {
                return;
            }
            let (mut function, mut receiver, mut result) =
                (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
            if sys::napi_get_reference_value(env, self.reference, &raw mut function) == sys::Status::napi_ok
                && !function.is_null()
                && sys::napi_get_global(env, &raw mut receiver) == sys::Status::napi_ok
            {
                let status = sys::napi_make_callback(
                    env,
                    ptr::null_mut(),
                    receiver,
                    function,
                    0,
                    ptr::null(),
                    &raw mut result,
                );
                if status == sys::Status::napi_pending_exception {
                    let mut exception = ptr::null_mut();
                    if sys::napi_get_and_clear_last_exception(env, &raw mut exception) == sys::Status::napi_ok
                    {
                        sys::napi_fatal_exception(env, exception);
                    }
                }
            }
            sys::napi_close_handle_scope(env, scope);
        }
    }
}

impl Drop for WakeFunction {
    fn drop(&mut self) {
        // SAFETY: the reference is ours; dropped on the JavaScript thread.
        unsafe { sys::napi_delete_reference(self.env, self.reference) };
    }
}

/// The same function, callable from the engine's own thread.
#[derive(Clone, Copy)]
pub(super) struct ThreadsafeWake(sys::napi_threadsafe_function);

// SAFETY: Node-API documents threadsafe functions as callable from every thread.
unsafe impl Send for ThreadsafeWake {}

impl ThreadsafeWake {
    /// Wraps the function. It does not keep the process alive.
    pub(super) fn new(env: sys::napi_env, function: sys::napi_value) -> Option<Self> {
        let name = "guruorm";
        let (mut resource, mut wake) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: live env and function of the current call; without a callback of ours, Node-API
        // calls the function without arguments.
        unsafe {
            sys::napi_create_string_utf8(
                env,
                name.as_ptr().cast(),
                name.len().cast_signed(),
                &raw mut resource,
            );
            let status = sys::napi_create_threadsafe_function(
                env,
                function,
                ptr::null_mut(),
                resource,
                0,
                1,
                ptr::null_mut(),
                None,
                ptr::null_mut(),
                None,
                &raw mut wake,
            );
            if status != sys::Status::napi_ok {
                return None;
            }
            sys::napi_unref_threadsafe_function(env, wake);
        }
        Some(Self(wake))
    }

    /// Calls it soon.
    pub(super) fn call(self) {
        // SAFETY: the function is released only after the thread that calls it has ended.
        unsafe {
            sys::napi_call_threadsafe_function(
                self.0,
                ptr::null_mut(),
                sys::ThreadsafeFunctionCallMode::nonblocking,
            )
        };
    }

    /// Whether the process stays alive for it.
    pub(super) fn set_keeps_alive(self, env: sys::napi_env, keeps: bool) {
        // SAFETY: on the JavaScript thread, the function is not released yet.
        unsafe {
            if keeps {
                sys::napi_ref_threadsafe_function(env, self.0);
            } else {
                sys::napi_unref_threadsafe_function(env, self.0);
            }
        }
    }

    /// Lets it go. Nobody calls it afterwards.
    pub(super) fn release(self) {
        // SAFETY: the thread that calls it has ended.
        unsafe { sys::napi_release_threadsafe_function(self.0, sys::ThreadsafeFunctionReleaseMode::abort) };
    }
}
