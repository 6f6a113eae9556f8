//! [`ThreadHost`]: the same executor on a thread of its own.

use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::thread::JoinHandle;

use futures_util::future::{Either, select};
use tokio::sync::Notify;

use super::executor::{Executor, spawn};
use crate::error::{Error, Result};

type Job = Box<dyn FnOnce() + Send>;

/// Runs the executor on a thread. Work is sent there as closures; the answers are the caller's.
pub struct ThreadHost {
    shared: Arc<Shared>,
    thread: RefCell<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    notify: Notify,
}

#[derive(Default)]
struct Queue {
    jobs: Vec<Job>,
    is_closed: bool,
}

impl ThreadHost {
    /// Starts the thread. `on_turn` is called there after every turn.
    ///
    /// # Errors
    /// `Internal` when the operating system gives no thread.
    pub fn open(on_turn: impl Fn() + Send + 'static) -> Result<Rc<Self>> {
        let shared = Arc::new(Shared::default());
        let for_thread = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("guruorm".into())
            .spawn(move || run(&for_thread, &on_turn))
            .map_err(|error| Error::internal(format!("no thread for the engine: {error}")))?;
        Ok(Rc::new(Self { shared, thread: RefCell::new(Some(thread)) }))
    }

    /// Runs a closure on the thread, in its executor's context.
    pub fn submit(&self, job: impl FnOnce() + Send + 'static) {
        self.shared.queue.lock().unwrap_or_else(PoisonError::into_inner).jobs.push(Box::new(job));
        self.shared.notify.notify_one();
    }

    /// Runs one last future, which is made on the thread, then drops every task and waits for the
    /// thread to end.
    pub fn close<F: Future<Output = ()> + 'static>(&self, last: impl FnOnce() -> F + Send + 'static) {
        let closing = Closing(Arc::clone(&self.shared));
        self.submit(move || {
            let last = last();
            spawn(async move {
                last.await;
                drop(closing);
            });
        });
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Ends the thread when dropped: when the last future has ended, however it did.
struct Closing(Arc<Shared>);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner).is_closed = true;
        self.0.notify.notify_one();
    }
}

fn run(shared: &Arc<Shared>, on_turn: &dyn Fn()) {
    let Ok(executor) = Executor::new(true) else { return };
    let for_wakers = Arc::clone(shared);
    executor.on_ready(move || for_wakers.notify.notify_one());
    // tokio counts what a task reads and makes it wait; our own budget per turn does that here.
    let turns = tokio::task::unconstrained(async {
        loop {
            let (jobs, is_closed) = {
                let mut queue = shared.queue.lock().unwrap_or_else(PoisonError::into_inner);
                (std::mem::take(&mut queue.jobs), queue.is_closed)
            };
            if is_closed {
                break;
            }
            for job in jobs {
                // A job only starts tasks; run as one, it finds the executor and cannot unwind.
                let mut job = Some(job);
                executor.spawn(std::future::poll_fn(move |_| {
                    if let Some(job) = job.take() {
                        job();
                    }
                    Poll::Ready(())
                }));
            }
            let more = executor.turn();
            on_turn();
            if more {
                tokio::task::yield_now().await;
                continue;
            }
            let notified = std::pin::pin!(shared.notify.notified());
            match executor.next_deadline() {
                None => notified.await,
                Some(deadline) => {
                    let timer = std::pin::pin!(tokio::time::sleep_until(deadline.into()));
                    match select(notified, timer).await {
                        Either::Left(_) | Either::Right(_) => {}
                    }
                }
            }
        }
    });
    executor.tokio().block_on(turns);
    executor.clear();
}
