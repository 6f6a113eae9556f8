//! Runs one statement on one connection, and stops it when told to.

use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use futures_util::FutureExt as _;

use super::control::{Control, StopReason};
use crate::driver::pool::Lease;
use crate::driver::{DriverStatement, Outcome, RowSink};
use crate::error::{Error, ErrorCode, Result};
use crate::runtime::{sleep, spawn, timeout};
use crate::value::Bindings;

/// How long a server may take to stop a statement. Beyond it the connection is closed.
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
    Killed,
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
    let Some(connection) = lease.connection() else { return Err(lost()) };
    let result = {
        let mut execution = match work {
            Work::Statement(statement, bindings) => connection.execute(statement, bindings, rows),
            Work::Script(sql) => connection.execute_script(sql),
        };
        let limit = control.limit.get();
        let mut timer = pin!(async {
            match limit {
                Some(limit) => sleep(limit).await,
                None => std::future::pending().await,
            }
        });
        let event = std::future::poll_fn(|context| {
            if let Poll::Ready(done) = execution.as_mut().poll(context) {
                return Poll::Ready(Event::Done(done));
            }
            if killed.poll(context).is_ready() {
                return Poll::Ready(Event::Killed);
            }
            if control.poll_aborted(context).is_ready() {
                return Poll::Ready(Event::Stop(StopReason::Aborted));
            }
            timer.as_mut().poll(context).map(|()| Event::Stop(StopReason::TimedOut))
        })
        .await;
        match event {
            Event::Done(result) => result,
            Event::Killed => {
                // Nobody waits for it any more, but the server may as well stop working on it.
                spawn(timeout(GRACE, canceller()).map(drop));
                Err(Error::new(
                    ErrorCode::LostConnection,
                    "the connection was closed before the statement ended (the deadline of disconnect or purge passed)",
                ))
            }
            Event::Stop(reason) => {
                // The server is told, and then awaited: dropping the statement half-way would leave
                // its answer in the stream of the next one.
                let ended = timeout(GRACE, async {
                    let stopping = canceller();
                    let (result, _) = futures_util::future::join(&mut execution, stopping).await;
                    result
                })
                .await;
                match ended {
                    Ok(Err(error)) if error.code == ErrorCode::LostConnection => Err(error),
                    Ok(Err(_)) => Err(control.stopped(reason)),
                    Ok(Ok(outcome)) => Ok(outcome),
                    Err(_) => {
                        let mut error = control.stopped(reason);
                        error.message += "; the server did not stop it in time, so the connection was closed";
                        drop(execution);
                        lease.give_up();
                        return Err(error);
                    }
                }
            }
        }
    };
    if let Err(error) = &result {
        let is_read_only = error.detail.native_code.as_deref().is_some_and(|code| READ_ONLY_CODES.contains(&code));
        if error.code.ends_connection() || is_read_only {
            lease.give_up();
        }
    }
    result
}

/// The connection of a transaction is gone.
pub(super) fn lost() -> Error {
    Error::new(ErrorCode::LostConnection, "the transaction's connection was lost; nothing of the transaction remains")
}
