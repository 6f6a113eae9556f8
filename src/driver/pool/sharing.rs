//! Several callers on one connection, one after the other, while their statements are on the way
//! together (docs/decisions/0015).

use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::Poll;
use std::time::{Duration, Instant};

use super::lease::Parts;
use super::pool::PARTING;
use super::queue::Waiter;
use super::{Lease, Pool};
use crate::driver::Pipeline;
use crate::error::{Error, ErrorCode};
use crate::runtime::{spawn, timeout};

/// Most callers of a batch.
const MOST: usize = 16;

/// Those who are answered within this time need no other connection, even if one were free soon.
const NO_TIME: Duration = Duration::from_millis(2);

/// Those whose statements were written ahead on a connection, after the one who has it.
pub(super) type Batch = VecDeque<Waiter>;

impl Pool {
    /// Writes what the caller will run, and what those behind in the queue will, ahead on a
    /// connection that is about to be the caller's.
    pub(super) fn share(&self, parts: &mut Parts, first: &Waiter) {
        let queue = &self.0.queue;
        let Some(work) = first.work.as_ref().filter(|_| !queue.is_empty()) else { return };
        let Some(pipeline) = parts.connection.pipeline() else { return };
        if !pipeline.write_ahead(work) {
            return;
        }
        // Half of the connections take all who wait: the other half is busy when this one is free.
        let fair = (queue.len() * 2).div_ceil(self.0.config.max.max(1));
        let write = |next: &Waiter, pipeline: &mut dyn Pipeline| {
            next.work.as_ref().is_some_and(|work| pipeline.write_ahead(work))
        };
        while parts.batch.len() + 1 < MOST
            && (parts.batch.len() + 1 < fair || pipeline.expected() < NO_TIME)
            && let Some(next) = queue.pop_if(|next| write(next, pipeline))
        {
            parts.batch.push_back(next);
        }
        pipeline.end_ahead();
    }

    /// Gives the connection to the next of its batch. `None`: the batch is over.
    pub(super) fn hand_on(&self, mut parts: Parts) -> Option<Parts> {
        let next = parts.batch.pop_front();
        let Some(next) = next else { return Some(parts) };
        if next.has_given_up() {
            // Lent like any other: the pool waits for it, and ends it, when it is closed.
            spawn(skip(Lease::new(self.clone(), parts, Instant::now())));
        } else {
            next.give(parts);
        }
        None
    }

    /// Closes the socket of a connection. Those whose statements the server has not run wait for
    /// another one; those of whom nobody knows that fail.
    pub(super) fn abandon(&self, mut parts: Parts) {
        let batch = std::mem::take(&mut parts.batch);
        let is_unrun = parts.connection.pipeline().is_some_and(|pipeline| pipeline.was_ended_in_order());
        drop(parts);
        if is_unrun && !self.0.is_closed.get() {
            self.0.queue.put_back(batch);
        } else {
            for waiter in batch {
                waiter.fail(lost());
            }
        }
        self.lost();
    }
}

/// Waits for the answer of the first statement on the connection, for nobody, and gives it back.
async fn skip(mut lease: Lease) {
    let (Some(killed), Some(canceller)) = (lease.killed(), lease.canceller()) else { return };
    let Some(pipeline) = lease.connection().and_then(|connection| connection.pipeline()) else { return };
    let mut skipping = pipeline.skip();
    let skipped = poll_fn(|context| match skipping.as_mut().poll(context) {
        Poll::Ready(skipped) => Poll::Ready(Some(skipped)),
        Poll::Pending => killed.poll(context).map(|()| None),
    })
    .await;
    drop(skipping);
    match skipped {
        Some(Ok(())) => lease.release(),
        Some(Err(_)) => lease.give_up(),
        None => {
            let _ = timeout(PARTING, canceller()).await;
            lease.give_up();
        }
    }
}

fn lost() -> Error {
    Error::new(
        ErrorCode::LostConnection,
        "the connection was lost before the answer came; the statement may have run",
    )
}
