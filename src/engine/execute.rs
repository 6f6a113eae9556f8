//! Runs one statement on one connection, and stops it when told to.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::future::{Either, LocalBoxFuture, select};

use super::control::{Control, StopReason};
use crate::driver::pool::{Lease, Pool};
use crate::driver::{CancelFuture, DriverStatement, Outcome, RowSink};
use crate::error::{Error, ErrorCode, Result};
use crate::runtime::{Elapsed, Signal, sleep, spawn, timeout};
use crate::value::Bindings;

/// How long the caller of a stopped statement waits for the server to stop it. An answer from far
/// away takes about four round trips: a connection to cancel on, the request, and the answer.
const TOLD_AFTER: Duration = Duration::from_millis(150);

/// The same in a transaction, whose next statement would have to wait anyway. Beyond it the
/// connection is closed.
const TOLD_IN_SESSION: Duration = Duration::from_millis(400);

/// After this long the server is asked again, then after twice as long and so on: a request that
/// overtakes its statement has no effect.
const ASKED_AGAIN_AFTER: Duration = Duration::from_millis(50);

/// How long the server may take to stop a statement after its caller was told. Beyond it the
/// connection is closed.
const GRACE: Duration = Duration::from_secs(5);

/// Servers that can only read (a standby, a failed-over primary): the connection is not given to
/// anybody else. PostgreSQL 25006; MySQL 1290, 1792, 1836.
const READ_ONLY_CODES: [&str; 4] = ["25006", "1290", "1792", "1836"];

/// What is to be run.
pub(super) enum Work<'a> {
    /// One prepared statement.
    Statement(&'a DriverStatement, &'a Bindings),
    /// Several statements without values.
    Script(&'a str),
}

enum Event {
    Done(Result<Outcome>),
    Stop(StopReason),
}

/// Runs `work`. A connection that cannot be trusted afterwards is given up.
pub(super) async fn run(
    lease: &mut Lease,
    work: Work<'_>,
    rows: &mut RowSink<'_>,
    control: &Control,
) -> Result<Outcome> {
    let (Some(canceller), Some(killed)) = (lease.canceller(), lease.killed()) else { return Err(lost()) };
    if control.is_aborted() {
        return Err(control.stopped(StopReason::Aborted));
    }
    let pool = lease.pool();
    let Some(connection) = lease.connection() else { return Err(lost()) };
    connection.limit_next(control.limits());
    let mut execution = match work {
        Work::Statement(statement, bindings) => connection.execute(statement, bindings, rows),
        Work::Script(sql) => connection.execute_script(sql),
    };
    let mut timer = pin!(async {
        match control.time_left() {
            Some(left) => sleep(left).await,
            None => std::future::pending().await,
        }
    });
    let event = std::future::poll_fn(|context| {
        if let Poll::Ready(done) = execution.as_mut().poll(context) {
            return Poll::Ready(Event::Done(done));
        }
        poll_stop(context, &killed, control, timer.as_mut()).map(Event::Stop)
    })
    .await;
    let reason = match event {
        Event::Done(result) => {
            drop(execution);
            if result.as_ref().is_err_and(ends_connection) {
                lease.give_up();
            }
            return result.map_err(|error| as_timeout(error, control));
        }
        Event::Stop(reason) => reason,
    };
    // Apart: a future is copied whole where it is made, and few statements are stopped.
    let ended = Box::pin(stopped(execution, &*canceller, &killed, &pool, reason, control)).await;
    match ended {
        Some(Ok(outcome)) => Ok(outcome),
        Some(Err(error)) => {
            if ends_connection(&error) {
                lease.give_up();
            }
            Err(control.stopped(reason))
        }
        None => {
            lease.give_up();
            // A server that is only slow still gets to know that nobody waits for it.
            let cancelling = canceller();
            spawn(async move {
                let _ = timeout(GRACE, cancelling).await;
            });
            let mut error = control.stopped(reason);
            if reason != StopReason::Closed {
                error.message += "; the server did not stop it in time, so the connection was closed";
            }
            Err(error)
        }
    }
}

/// Tells the server to stop a statement and waits for its end: dropping it half-way would leave its
/// answer in the stream of the next one. `None` as for [`ended`].
async fn stopped(
    mut execution: LocalBoxFuture<'_, Result<Outcome>>,
    canceller: &dyn Fn() -> CancelFuture,
    killed: &Signal,
    pool: &Pool,
    reason: StopReason,
    control: &Control,
) -> Option<Result<Outcome>> {
    let stopping = stop(&mut execution, canceller);
    match reason {
        StopReason::Closed => timeout(pool.patience(), stopping).await.ok(),
        _ => ended(stopping, killed, reason, control).await,
    }
}

/// The error of a statement. A driver that holds the thread stops its statement itself when the time is over.
pub(super) fn as_timeout(error: Error, control: &Control) -> Error {
    let is_over = error.code == ErrorCode::Aborted && control.time_left() == Some(Duration::ZERO);
    if is_over { control.stopped(StopReason::TimedOut) } else { error }
}

fn poll_stop(
    context: &mut Context<'_>,
    killed: &Signal,
    control: &Control,
    timer: Pin<&mut impl Future<Output = ()>>,
) -> Poll<StopReason> {
    if killed.poll(context).is_ready() {
        return Poll::Ready(StopReason::Closed);
    }
    if control.poll_aborted(context).is_ready() {
        return Poll::Ready(StopReason::Aborted);
    }
    timer.poll(context).map(|()| StopReason::TimedOut)
}

/// Asks the server to stop a statement until it has ended.
async fn stop(
    mut execution: impl Future<Output = Result<Outcome>> + Unpin,
    canceller: &dyn Fn() -> CancelFuture,
) -> Result<Outcome> {
    let mut pause = ASKED_AGAIN_AFTER;
    loop {
        match select(&mut execution, canceller()).await {
            Either::Left((ended, cancelling)) => {
                // It must not reach the next statement.
                let _ = cancelling.await;
                return ended;
            }
            Either::Right(_) => {
                if let Ok(ended) = timeout(pause, &mut execution).await {
                    return ended;
                }
                pause *= 2;
            }
        }
    }
}

/// Waits for the end of a statement that is being stopped; the caller is answered meanwhile.
/// `None`: it has not ended, and its connection is to be closed.
async fn ended(
    stopping: impl Future<Output = Result<Outcome>>,
    killed: &Signal,
    reason: StopReason,
    control: &Control,
) -> Option<Result<Outcome>> {
    let mut stopping = pin!(stopping);
    // The pool may be closed while this waits.
    let mut either = pin!(std::future::poll_fn(|context| {
        if let Poll::Ready(ended) = stopping.as_mut().poll(context) {
            return Poll::Ready(Some(ended));
        }
        killed.poll(context).map(|()| None)
    }));
    let told_after = if control.may_answer_early() { TOLD_AFTER } else { TOLD_IN_SESSION };
    match timeout(told_after, either.as_mut()).await {
        Ok(ended) => ended,
        Err(Elapsed) if control.answer_early(reason) => timeout(GRACE, either).await.ok().flatten(),
        Err(Elapsed) => None,
    }
}

pub(super) fn ends_connection(error: &Error) -> bool {
    let is_read_only =
        error.detail.native_code.as_deref().is_some_and(|code| READ_ONLY_CODES.contains(&code));
    error.code.ends_connection() || is_read_only
}

/// The connection of a transaction is gone.
pub(super) fn lost() -> Error {
    Error::new(
        ErrorCode::LostConnection,
        "the transaction's connection was lost; nothing of the transaction remains",
    )
}
