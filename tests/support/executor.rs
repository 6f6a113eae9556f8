//! Runs the engine's own executor inside a test, as a host would.

use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;
use std::time::{Duration, Instant};

use guruorm::runtime::Executor;

/// Runs a future to its end.
///
/// # Panics
/// When it takes longer than a minute.
pub fn run<T: 'static>(future: impl Future<Output = T> + 'static) -> T {
    let executor = Executor::new(false).expect("an executor");
    let result = Rc::new(RefCell::new(None));
    let slot = Rc::clone(&result);
    executor.spawn(async move {
        let output = future.await;
        slot.replace(Some(output));
    });
    let limit = Instant::now() + Duration::from_secs(60);
    while result.borrow().is_none() {
        assert!(Instant::now() < limit, "the test took longer than a minute");
        executor.turn_io();
        if !executor.turn() {
            std::thread::sleep(Duration::from_micros(200));
        }
    }
    // What the test left running (reapers, goodbyes) ends with the executor.
    executor.clear();
    result.take().expect("a result")
}
