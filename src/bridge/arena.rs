//! [`Arena`]: the memory that JavaScript shares, and the raw calls that fill a message into it.
#![allow(unsafe_code)] // Node-API; each block says what makes it sound

use std::ptr;

use napi::bindgen_prelude::{JsValue, Unknown};
use napi::sys;

use super::outbox::{Content, End, Message};
use crate::driver::Chunk;
use crate::error::Error;

/// Bytes of the header at the arena's end.
const HEADER: usize = 64;

/// Kinds of message, as `js/native/environment.ts` knows them.
mod kind {
    pub const ROWS: i32 = 0;
    pub const END: i32 = 1;
    pub const FAULT: i32 = 2;
    pub const ANSWER: i32 = 3;
}

/// An `ArrayBuffer` that JavaScript made and never detaches, kept alive by a reference.
pub(super) struct Arena {
    env: sys::napi_env,
    reference: sys::napi_ref,
    data: *mut u8,
    length: usize,
}

impl Arena {
    /// Keeps an `ArrayBuffer`. `None` for anything else.
    pub(super) fn new(env: sys::napi_env, buffer: &Unknown<'_>) -> Option<Self> {
        let mut data = ptr::null_mut();
        let mut length = 0;
        let mut reference = ptr::null_mut();
        // SAFETY: live env and value of the current call; Node-API checks the value's type.
        let ok = unsafe {
            sys::napi_get_arraybuffer_info(env, buffer.raw(), &raw mut data, &raw mut length)
                == sys::Status::napi_ok
                && sys::napi_create_reference(env, buffer.raw(), 1, &raw mut reference)
                    == sys::Status::napi_ok
        };
        (ok && length >= HEADER).then_some(Self { env, reference, data: data.cast(), length })
    }

    /// The first words of the buffer, copied.
    pub(super) fn words(&self, count: usize) -> Option<Box<[u64]>> {
        if count * 8 > self.length {
            return None;
        }
        let mut words = vec![0_u64; count].into_boxed_slice();
        // SAFETY: `data` holds at least `count` words (checked); the regions do not overlap.
        unsafe { ptr::copy_nonoverlapping(self.data, words.as_mut_ptr().cast(), count * 8) };
        Some(words)
    }

    /// Writes a message: slots from the start, the header at the end, texts into `parts`.
    pub(super) fn write(&self, message: Message, parts: sys::napi_value) {
        let request = message.request;
        match message.content {
            Content::Rows { shape, chunk, end } => {
                let rows = self.rows(shape, &chunk, parts);
                self.end(request, rows, end, parts);
            }
            Content::Fault(error) => self.fault(request, &error, parts),
            Content::Answer(json) => {
                Parts { env: self.env, array: parts }.text(0, &json);
                self.seal(request, kind::ANSWER, Rows::default(), [0.0; 3]);
            }
        }
    }

    /// Writes rows, whose message ends with [`Self::end`].
    pub(super) fn rows(&self, shape: Option<u32>, chunk: &Chunk, parts: sys::napi_value) -> Rows {
        let shape = shape.map_or(-1, u32::cast_signed);
        if chunk.slots.len() * 8 + HEADER > self.length {
            return Rows { is_too_wide: true, ..Rows::default() };
        }
        if chunk.rows == 0 {
            return Rows { shape, ..Rows::default() };
        }
        // SAFETY: the length was checked; `data` is the arena's.
        unsafe {
            ptr::copy_nonoverlapping(chunk.slots.as_ptr().cast(), self.data, chunk.slots.len() * 8);
        };
        let parts = Parts { env: self.env, array: parts };
        for (index, text) in chunk.json.iter().enumerate() {
            parts.json(3 + index, text);
        }
        let count = i32::try_from(chunk.rows).unwrap_or(i32::MAX);
        Rows { shape, count, areas: parts.areas(chunk), is_too_wide: false }
    }

    /// Ends the message of rows; `end`: they are the last of their request.
    pub(super) fn end(&self, request: u32, rows: Rows, end: Option<End>, parts: sys::napi_value) {
        if rows.is_too_wide {
            // More columns than the arena has room for: a row of 32,768 columns.
            let error = Error::invalid("a result may have at most 32,768 columns");
            return self.fault(request, &error, parts);
        }
        let Some(end) = end else { return self.seal(request, kind::ROWS, rows, [0.0; 3]) };
        #[allow(clippy::cast_precision_loss)] // counts beyond 2^53 do not occur
        let numbers = [end.affected_rows as f64, end.last_insert_id as f64, end.milliseconds];
        self.seal(request, kind::END, rows, numbers);
    }

    /// Writes that a request failed.
    pub(super) fn fault(&self, request: u32, error: &Error, parts: sys::napi_value) {
        Parts { env: self.env, array: parts }.text(0, &serde_json::to_string(error).unwrap_or_default());
        self.seal(request, kind::FAULT, Rows::default(), [0.0; 3]);
    }

    fn seal(&self, request: u32, kind: i32, rows: Rows, numbers: [f64; 3]) {
        let header = [request.cast_signed(), kind, rows.shape, rows.count, rows.areas];
        // SAFETY: the last HEADER bytes of the arena; unaligned copies need no alignment.
        unsafe {
            let at = self.data.add(self.length - HEADER);
            ptr::copy_nonoverlapping(header.as_ptr().cast(), at, size_of_val(&header));
            ptr::copy_nonoverlapping(numbers.as_ptr().cast(), at.add(32), size_of_val(&numbers));
        }
    }
}

/// The rows of a message that has not ended.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows {
    shape: i32,
    count: i32,
    areas: i32,
    is_too_wide: bool,
}

impl Default for Rows {
    fn default() -> Self {
        Self { shape: -1, count: 0, areas: 0, is_too_wide: false }
    }
}

impl Drop for Arena {
    fn drop(&mut self) {
        // SAFETY: the reference is ours; dropped on the JavaScript thread, as everything in bridge/.
        unsafe { sys::napi_delete_reference(self.env, self.reference) };
    }
}

/// The array that takes the texts of a message.
struct Parts {
    env: sys::napi_env,
    array: sys::napi_value,
}

impl Parts {
    /// The areas that hold something. Answers which: 1 Latin-1, 2 UTF-16, 4 bytes.
    fn areas(&self, chunk: &Chunk) -> i32 {
        let mut present = 0;
        if !chunk.latin1.is_empty() {
            present |= 1;
            self.latin1(0, &chunk.latin1);
        }
        if !chunk.wide.is_empty() {
            present |= 2;
            self.utf16(1, &chunk.wide);
        }
        if !chunk.bytes.is_empty() {
            present |= 4;
            self.bytes(2, &chunk.bytes);
        }
        present
    }

    /// JSON text. Most of it is ASCII, which V8 takes faster when told.
    fn json(&self, index: usize, text: &[u8]) {
        if text.is_ascii() {
            self.latin1(index, text);
        } else {
            self.utf8(index, text);
        }
    }

    fn set(&self, index: usize, make: impl FnOnce(*mut sys::napi_value) -> sys::napi_status) {
        let mut value = ptr::null_mut();
        if make(&raw mut value) == sys::Status::napi_ok {
            // SAFETY: live env and array of the current call.
            unsafe {
                sys::napi_set_element(self.env, self.array, u32::try_from(index).unwrap_or(u32::MAX), value)
            };
        }
    }

    fn latin1(&self, index: usize, text: &[u8]) {
        // SAFETY: Node-API copies `text.len()` bytes.
        self.set(index, |value| unsafe {
            sys::napi_create_string_latin1(self.env, text.as_ptr().cast(), text.len().cast_signed(), value)
        });
    }

    fn utf16(&self, index: usize, text: &[u16]) {
        // SAFETY: Node-API copies `text.len()` units.
        self.set(index, |value| unsafe {
            sys::napi_create_string_utf16(self.env, text.as_ptr(), text.len().cast_signed(), value)
        });
    }

    fn utf8(&self, index: usize, text: &[u8]) {
        // SAFETY: Node-API copies `text.len()` bytes.
        self.set(index, |value| unsafe {
            sys::napi_create_string_utf8(self.env, text.as_ptr().cast(), text.len().cast_signed(), value)
        });
    }

    fn text(&self, index: usize, text: &str) {
        self.utf8(index, text.as_bytes());
    }

    fn bytes(&self, index: usize, bytes: &[u8]) {
        let mut copy = ptr::null_mut();
        // SAFETY: Node-API copies `bytes.len()` bytes.
        self.set(index, |value| unsafe {
            sys::napi_create_buffer_copy(self.env, bytes.len(), bytes.as_ptr().cast(), &raw mut copy, value)
        });
    }
}
