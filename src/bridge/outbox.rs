//! [`Outbox`]: messages on their way to JavaScript, and the shapes that they refer to.

use std::collections::{HashMap, VecDeque};
use std::fmt::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::config::BigIntMode;
use crate::driver::{Chunk, Shape};
use crate::error::Error;

/// How a request ended well.
#[derive(Debug, Clone, Copy)]
pub(super) struct End {
    pub(super) affected_rows: u64,
    pub(super) last_insert_id: u64,
    pub(super) milliseconds: f64,
}

/// What a message says.
pub(super) enum Content {
    /// Rows; with an end, the last ones.
    Rows { shape: Option<u32>, chunk: Chunk, end: Option<End> },
    /// The request failed.
    Fault(Box<Error>),
    /// A command's answer, as JSON.
    Answer(String),
}

/// One message.
pub(super) struct Message {
    pub(super) request: u32,
    pub(super) content: Content,
}

impl Message {
    /// Whether it is the last one of its request.
    pub(super) fn is_last(&self) -> bool {
        !matches!(self.content, Content::Rows { end: None, .. })
    }
}

/// Most shapes remembered. Beyond it everything is forgotten and numbered anew: only a program
/// that makes ever new column names gets there.
const MAX_SHAPES: usize = 8192;

#[derive(Default)]
struct Shapes {
    numbers: HashMap<(Shape, BigIntMode), u32>,
    descriptions: HashMap<u32, String>,
    next: u32,
}

/// Messages of one environment. Filled on the engine's thread, emptied on JavaScript's.
#[derive(Default)]
pub(super) struct Outbox {
    messages: Mutex<VecDeque<Message>>,
    shapes: Mutex<Shapes>,
    /// JavaScript has been told and will come.
    is_announced: AtomicBool,
}

impl Outbox {
    pub(super) fn push(&self, request: u32, content: Content) {
        self.lock().push_back(Message { request, content });
    }

    /// The next message. Without one, the next message has to be announced again.
    pub(super) fn pop(&self) -> Option<Message> {
        let mut messages = self.lock();
        let next = messages.pop_front();
        if next.is_none() {
            self.is_announced.store(false, Ordering::Release);
        }
        next
    }

    pub(super) fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    /// True when there are messages that JavaScript has not been told of. Tells it, so to speak.
    pub(super) fn must_announce(&self) -> bool {
        !self.is_empty() && !self.is_announced.swap(true, Ordering::AcqRel)
    }

    /// JavaScript stopped taking messages although there are more: it has to be told again.
    pub(super) fn forget_announcement(&self) {
        self.is_announced.store(false, Ordering::Release);
    }

    /// The number of a shape; equal shapes have one number.
    pub(super) fn shape_number(&self, shape: &Shape, bigint: BigIntMode) -> u32 {
        let mut shapes = self.shapes.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (shape.clone(), bigint);
        if let Some(number) = shapes.numbers.get(&key) {
            return *number;
        }
        if shapes.numbers.len() >= MAX_SHAPES {
            shapes.numbers.clear();
            // Messages that are on their way may still refer to recent ones.
            let keep_from = shapes.next.saturating_sub(64);
            shapes.descriptions.retain(|number, _| *number >= keep_from);
        }
        let number = shapes.next;
        shapes.next += 1;
        shapes.descriptions.insert(number, describe(shape, bigint));
        shapes.numbers.insert(key, number);
        number
    }

    /// The description of a shape for JavaScript's decoder.
    pub(super) fn describe_shape(&self, number: u32) -> String {
        let shapes = self.shapes.lock().unwrap_or_else(PoisonError::into_inner);
        shapes.descriptions.get(&number).cloned().unwrap_or_default()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Message>> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn describe(shape: &Shape, bigint: BigIntMode) -> String {
    let names: Vec<&str> = shape.columns.iter().map(|(name, _)| &**name).collect();
    let names = serde_json::Value::from(names);
    let mut kinds = String::new();
    for (_, kind) in &shape.columns {
        let _ = write!(kinds, "{}{}", if kinds.is_empty() { "" } else { "," }, *kind as u8);
    }
    let policy = match bigint {
        BigIntMode::Auto => "auto",
        BigIntMode::String => "string",
        BigIntMode::BigInt => "bigint",
        BigIntMode::Number => "number",
    };
    format!(r#"{{"names":{names},"kinds":[{kinds}],"bigint":"{policy}"}}"#)
}
