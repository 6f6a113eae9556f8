//! [`Control`]: what can stop a running request.

use std::cell::Cell;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::error::{Error, ErrorCode, Result};
use crate::runtime::Signal;

/// Why a request is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// The program's `AbortSignal`.
    Aborted,
    /// The time limit.
    TimedOut,
}

/// Stops one request: shared by the request and by whoever may stop it.
#[derive(Debug, Default)]
pub struct Control {
    aborted: Signal,
    /// Longest time the statement may run. `None`: no limit.
    pub limit: Cell<Option<Duration>>,
}

impl Control {
    /// A control with a time limit.
    #[must_use]
    pub fn with_limit(limit: Option<Duration>) -> Self {
        Self { limit: Cell::new(limit), ..Self::default() }
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

    /// Waits for a future, unless the request is told to stop first. The future is dropped then, so
    /// it must be one that may be: waiting for a connection, not using it.
    ///
    /// # Errors
    /// `Aborted` when the request was told to stop.
    pub async fn unless_aborted<F: Future>(&self, future: F) -> Result<F::Output> {
        let mut future = pin!(future);
        std::future::poll_fn(|context| {
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Ok(output));
            }
            self.poll_aborted(context).map(|()| Err(self.stopped(StopReason::Aborted)))
        })
        .await
    }

    /// The error of a request that was stopped.
    #[must_use]
    pub fn stopped(&self, reason: StopReason) -> Error {
        match reason {
            StopReason::Aborted => {
                Error::new(ErrorCode::Aborted, "the statement was aborted by its AbortSignal")
            }
            StopReason::TimedOut => {
                let limit = self.limit.get().unwrap_or_default().as_millis();
                Error::new(
                    ErrorCode::QueryTimeout,
                    format!("the statement ran longer than its limit of {limit} ms and was stopped"),
                )
            }
        }
    }

    /// Ready once the request is to stop.
    pub fn poll_aborted(&self, context: &mut Context<'_>) -> Poll<()> {
        self.aborted.poll(context)
    }
}
