//! [`Outbox`]: messages on their way to JavaScript, and the shapes that they refer to.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::fmt::Write;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::config::BigIntMode;
use crate::driver::{Chunk, Outcome, Shape};
use crate::engine::Opened;
use crate::error::Error;

/// How a request ended well.
#[derive(Debug, Clone, Copy)]
pub(super) struct End {
    pub(super) affected_rows: u64,
    pub(super) last_insert_id: u64,
    pub(super) milliseconds: f64,
}

impl End {
    pub(super) fn new(outcome: Outcome, took: Duration) -> Self {
        let Outcome { affected_rows, last_insert_id } = outcome;
        Self { affected_rows, last_insert_id, milliseconds: took.as_secs_f64() * 1000.0 }
    }

    /// The numbers of a session in the places of rows and keys.
    pub(super) fn of(opened: Opened) -> Self {
        Self { affected_rows: opened.session.into(), last_insert_id: opened.backend, milliseconds: 0.0 }
    }
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

/// Most shapes found by their pointer. A connection has one for each statement it keeps prepared.
const RECENT_SHAPES: usize = 1024;

#[derive(Default)]
struct Shapes {
    numbers: HashMap<(Shape, BigIntMode), u32>,
    descriptions: HashMap<u32, String>,
    next: u32,
}

/// A shape with its number. The shape is held, so that no other one can come to be at its address.
type Numbered = (Rc<Shape>, u32);

/// The numbers of the shapes met last, on the engine's thread: statements share their shape with
/// every run, so that the pointer suffices to find it.
#[derive(Default)]
pub(super) struct RecentShapes {
    numbers: RefCell<HashMap<(*const Shape, BigIntMode), Numbered>>,
    renumberings: Cell<u32>,
}

impl RecentShapes {
    /// The number of a shape.
    pub(super) fn number(&self, shape: &Rc<Shape>, bigint: BigIntMode, outbox: &Outbox) -> u32 {
        let renumberings = outbox.renumberings.load(Ordering::Acquire);
        let mut numbers = self.numbers.borrow_mut();
        if self.renumberings.replace(renumberings) != renumberings || numbers.len() >= RECENT_SHAPES {
            numbers.clear();
        }
        let key = (Rc::as_ptr(shape), bigint);
        numbers.entry(key).or_insert_with(|| (Rc::clone(shape), outbox.shape_number(shape, bigint))).1
    }
}

/// Messages of one environment. Filled on the engine's thread, emptied on JavaScript's.
#[derive(Default)]
pub(super) struct Outbox {
    messages: Mutex<VecDeque<Message>>,
    shapes: Mutex<Shapes>,
    /// How often all shapes were numbered anew.
    renumberings: AtomicU32,
    /// JavaScript has been told and will come.
    is_announced: AtomicBool,
}

impl Outbox {
    pub(super) fn push(&self, request: u32, content: Content) {
        self.lock().push_back(Message { request, content });
    }

    /// The next message, and whether more wait. When none does, the next has to be announced again.
    pub(super) fn pop(&self) -> Option<(Message, bool)> {
        let mut messages = self.lock();
        let next = messages.pop_front();
        let has_more = !messages.is_empty();
        if !has_more {
            self.is_announced.store(false, Ordering::Release);
        }
        next.map(|message| (message, has_more))
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
    fn shape_number(&self, shape: &Shape, bigint: BigIntMode) -> u32 {
        let mut shapes = self.shapes.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (shape.clone(), bigint);
        if let Some(number) = shapes.numbers.get(&key) {
            return *number;
        }
        if shapes.numbers.len() >= MAX_SHAPES {
            shapes.numbers.clear();
            self.renumberings.fetch_add(1, Ordering::AcqRel);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::driver::ColumnKind;

    fn shape(name: String) -> Rc<Shape> {
        Rc::new(Shape { columns: vec![(name.into_boxed_str(), ColumnKind::Number)] })
    }

    #[test]
    fn equal_shapes_have_one_number_however_they_are_found() {
        let (outbox, recent) = (Outbox::default(), RecentShapes::default());
        let number = |shape: &Rc<Shape>, mode| recent.number(shape, mode, &outbox);
        let (one, same, other) = (shape("a".into()), shape("a".into()), shape("b".into()));
        let first = number(&one, BigIntMode::Auto);
        assert_eq!(number(&one, BigIntMode::Auto), first);
        assert_eq!(number(&same, BigIntMode::Auto), first);
        assert_ne!(number(&other, BigIntMode::Auto), first);
        assert_ne!(number(&one, BigIntMode::String), first);
    }

    #[test]
    fn a_number_from_before_all_shapes_were_forgotten_is_not_used_again() {
        let (outbox, recent) = (Outbox::default(), RecentShapes::default());
        let kept = shape("kept".into());
        let before = recent.number(&kept, BigIntMode::Auto, &outbox);
        let others = (0..MAX_SHAPES).map(|number| shape(format!("c{number}")));
        let last = others.map(|shape| outbox.shape_number(&shape, BigIntMode::Auto)).last();
        let after = recent.number(&kept, BigIntMode::Auto, &outbox);
        assert!(Some(after) > last && after != before);
        assert!(outbox.describe_shape(after).contains("kept"));
    }

    #[test]
    fn messages_that_wait_are_announced_once_until_all_are_taken() {
        let outbox = Outbox::default();
        let push = |request| outbox.push(request, Content::Answer(String::new()));
        push(1);
        push(2);
        assert!(outbox.must_announce() && !outbox.must_announce());
        assert!(outbox.pop().is_some_and(|(message, has_more)| message.request == 1 && has_more));
        push(3);
        assert!(!outbox.must_announce(), "JavaScript is still taking them");
        assert!(outbox.pop().is_some_and(|(_, has_more)| has_more));
        assert!(outbox.pop().is_some_and(|(_, has_more)| !has_more));
        push(4);
        assert!(outbox.must_announce());
    }
}
