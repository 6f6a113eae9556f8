//! One small single-threaded executor per JavaScript environment, and what turns it.

/// Lets other work run when the current turn has used its time.
pub async fn yield_if_over_budget() {}

/// Waits. A stand-in until the runtime has its timers: a thread sleeps and wakes the task.
pub async fn sleep(duration: std::time::Duration) {
    use std::sync::atomic::{AtomicBool, Ordering};
    let is_over = std::sync::Arc::new(AtomicBool::new(false));
    let mut is_started = false;
    std::future::poll_fn(move |context| {
        if is_over.load(Ordering::SeqCst) {
            return std::task::Poll::Ready(());
        }
        if !is_started {
            is_started = true;
            let (is_over, waker) = (std::sync::Arc::clone(&is_over), context.waker().clone());
            std::thread::spawn(move || {
                std::thread::sleep(duration);
                is_over.store(true, Ordering::SeqCst);
                waker.wake();
            });
        }
        std::task::Poll::Pending
    })
    .await;
}
