//! Runs futures in tests as a host of the engine would.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use guruorm::runtime::Executor;

/// Runs a future to its end, on the engine's own executor.
///
/// # Panics
/// When it takes longer than a minute.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let executor = Executor::new(false).expect("an executor");
    let mut future = pin!(future);
    let limit = Instant::now() + Duration::from_mins(1);
    let mut context = Context::from_waker(Waker::noop());
    let output = loop {
        if let Poll::Ready(output) = executor.enter(|| future.as_mut().poll(&mut context)) {
            break output;
        }
        assert!(Instant::now() < limit, "the test took longer than a minute");
        executor.turn_io();
        if !executor.turn() {
            std::thread::sleep(Duration::from_micros(100));
        }
    };
    // What the test left running (reapers, goodbyes) ends with the executor.
    executor.clear();
    output
}
