//! [`Control`]: what can stop a running request.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use crate::driver::Limits;
use crate::error::{Error, ErrorCode, Result};
use crate::runtime::{Signal, sleep};

/// Why a request is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// The program's `AbortSignal`.
    Aborted,
    /// The time limit.
    TimedOut,
    /// The pool is closed and its deadline has passed.
    Closed,
}

/// Stops one request: shared by the request and by whoever may stop it.
#[derive(Debug, Default)]
pub struct Control {
    aborted: Signal,
    /// Whether the program has an `AbortSignal` for it.
    has_signal: bool,
    limit: Option<Duration>,
    /// When the limit is over; known once it has begun.
    deadline: Cell<Option<Instant>>,
    early: Early,
}

/// The caller of a stopped request does not wait for a server that takes long to stop.
#[derive(Debug, Default)]
struct Early {
    is_allowed: bool,
    is_given: Cell<bool>,
    answer: RefCell<Option<Error>>,
}

impl Control {
    /// A control with a time limit.
    #[must_use]
    pub fn with_limit(limit: Option<Duration>) -> Self {
        Self { limit, ..Self::default() }
    }

    /// Whoever runs the request takes answers by [`Self::take_early_answer`], so that it may go on
    /// after its caller has been answered.
    #[must_use]
    pub fn answered_early(mut self) -> Self {
        self.early.is_allowed = true;
        self
    }

    /// The program has a signal that may stop it.
    #[must_use]
    pub fn with_signal(mut self, has_signal: bool) -> Self {
        self.has_signal = has_signal;
        self
    }

    /// What a driver has to know that stops its statements itself.
    pub(super) fn limits(&self) -> Limits {
        Limits { time_left: self.time_left(), may_be_aborted: self.has_signal }
    }

    /// Whether only the end of its pool can stop it.
    pub(super) fn is_unlimited(&self) -> bool {
        !self.has_signal && self.limit.is_none()
    }

    /// Stops the request, now or when it starts.
    pub fn abort(&self) {
        self.aborted.raise();
    }

    /// Whether it was told to stop before it began.
    #[must_use]
    pub fn is_aborted(&self) -> bool {
        self.aborted.is_raised()
    }

    /// Longest time that all statements of the request may take together. `None`: no limit.
    #[must_use]
    pub fn limit(&self) -> Option<Duration> {
        self.limit
    }

    /// What is left of the limit, which begins with the first call. `None`: no limit.
    #[must_use]
    pub fn time_left(&self) -> Option<Duration> {
        let limit = self.limit?;
        let now = Instant::now();
        let deadline = self.deadline.get().or_else(|| now.checked_add(limit))?;
        self.deadline.set(Some(deadline));
        Some(deadline.saturating_duration_since(now))
    }

    /// Waits for a future, unless the request is told to stop first, or its limit (where that has
    /// begun) is over. The future is dropped then, so it must be one that may be: waiting for a
    /// connection, not using it.
    ///
    /// # Errors
    /// `Aborted` when the request was told to stop, `QueryTimeout` when its limit was over.
    pub async fn unless_stopped<F: Future>(&self, future: F) -> Result<F::Output> {
        let mut future = pin!(future);
        let mut timer = pin!(async {
            match self.deadline.get() {
                Some(deadline) => sleep(deadline.saturating_duration_since(Instant::now())).await,
                None => std::future::pending().await,
            }
        });
        std::future::poll_fn(|context| {
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Ok(output));
            }
            if self.poll_aborted(context).is_ready() {
                return Poll::Ready(Err(self.stopped(StopReason::Aborted)));
            }
            timer.as_mut().poll(context).map(|()| Err(self.not_begun()))
        })
        .await
    }

    fn not_begun(&self) -> Error {
        let limit = self.limit.unwrap_or_default().as_millis();
        Error::new(
            ErrorCode::QueryTimeout,
            format!(
                "no connection became free within the statement's limit of {limit} ms, so it was not sent"
            ),
        )
    }

    /// The error of a request that was stopped.
    #[must_use]
    pub fn stopped(&self, reason: StopReason) -> Error {
        match reason {
            StopReason::Aborted => {
                Error::new(ErrorCode::Aborted, "the statement was aborted by its AbortSignal")
            }
            StopReason::TimedOut => {
                let limit = self.limit.unwrap_or_default().as_millis();
                Error::new(
                    ErrorCode::QueryTimeout,
                    format!("the statement ran longer than its limit of {limit} ms and was stopped"),
                )
            }
            StopReason::Closed => Error::new(
                ErrorCode::LostConnection,
                "the connection was closed before the statement ended (the deadline of disconnect or purge passed)",
            ),
        }
    }

    /// Ready once the request is to stop.
    pub fn poll_aborted(&self, context: &mut Context<'_>) -> Poll<()> {
        self.aborted.poll(context)
    }

    /// Whether the caller may be answered before the request has ended.
    pub(super) fn may_answer_early(&self) -> bool {
        self.early.is_allowed
    }

    /// Answers the caller before the request has ended. False: this one's caller has to wait.
    pub(super) fn answer_early(&self, reason: StopReason) -> bool {
        if self.early.is_allowed && !self.early.is_given.replace(true) {
            self.early.answer.replace(Some(self.stopped(reason)));
        }
        self.early.is_allowed
    }

    /// The answer that the caller is to get now, once. To be asked for whenever the request was polled.
    #[must_use]
    pub fn take_early_answer(&self) -> Option<Error> {
        if self.early.is_given.get() { self.early.answer.take() } else { None }
    }

    /// Whether the caller has been answered: nothing that comes later is for it.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.early.is_given.get()
    }
}
