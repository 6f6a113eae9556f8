//! [`Executor`]: runs the futures of one environment, on one thread, a bounded time per turn.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::ThreadId;
use std::time::{Duration, Instant};

use super::timers::Timers;
use crate::error::{Error, Result};

/// How long one turn may poll before the loop gets a chance to do something else. 1 ms keeps the
/// loop's delay under that of one `pg` result of 1,000 rows (docs/decisions/0010).
const TURN: Duration = Duration::from_millis(1);

type Task = Pin<Box<dyn Future<Output = ()>>>;

thread_local! {
    static CURRENT: RefCell<Option<Rc<Executor>>> = const { RefCell::new(None) };
}

/// Runs futures that stay on this thread.
pub struct Executor {
    tasks: RefCell<Vec<Slot>>,
    free: RefCell<Vec<usize>>,
    ready: Arc<ReadyQueue>,
    pub(super) timers: RefCell<Timers>,
    turn_ends: Cell<Option<Instant>>,
    is_closed: Cell<bool>,
    tokio: tokio::runtime::Runtime,
}

struct Slot {
    /// Absent while it is polled, and in a free slot.
    task: Option<Task>,
    waker: Arc<TaskWaker>,
}

/// Tasks that asked to be polled, from whatever thread.
struct ReadyQueue {
    ids: Mutex<VecDeque<usize>>,
    home: ThreadId,
    /// A turn runs, or is certain to follow: the home thread need not ask for one.
    is_turning: AtomicBool,
    /// Makes the host turn the executor soon.
    notify: Mutex<Option<Notify>>,
}

type Notify = Arc<dyn Fn() + Send + Sync>;

/// Ends with its scope, also by a panic: a turn that is thought to run would never run again.
struct TurnAnnounced<'a> {
    was_turning: bool,
    queue: &'a ReadyQueue,
}

impl Drop for TurnAnnounced<'_> {
    fn drop(&mut self) {
        self.queue.is_turning.store(self.was_turning, Ordering::Release);
    }
}

struct TaskWaker {
    id: usize,
    is_queued: AtomicBool,
    queue: Arc<ReadyQueue>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.is_queued.swap(true, Ordering::AcqRel) {
            return;
        }
        lock(&self.queue.ids).push_back(self.id);
        // On the home thread the turn that runs, or follows, will see it.
        let is_seen =
            std::thread::current().id() == self.queue.home && self.queue.is_turning.load(Ordering::Acquire);
        if !is_seen && let Some(notify) = &*lock(&self.queue.notify) {
            notify();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Executor {
    /// An executor whose futures run on the current thread.
    ///
    /// # Errors
    /// `Internal` when the operating system refuses the descriptors it needs.
    pub fn new(with_tokio_timers: bool) -> Result<Rc<Self>> {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.enable_io();
        if with_tokio_timers {
            builder.enable_time();
        }
        let tokio = builder
            .build()
            .map_err(|error| Error::internal(format!("no event loop for sockets: {error}")))?;
        Ok(Rc::new(Self {
            tasks: RefCell::default(),
            free: RefCell::default(),
            ready: Arc::new(ReadyQueue {
                ids: Mutex::default(),
                home: std::thread::current().id(),
                is_turning: AtomicBool::new(false),
                notify: Mutex::default(),
            }),
            timers: RefCell::default(),
            turn_ends: Cell::new(None),
            is_closed: Cell::new(false),
            tokio,
        }))
    }

    /// Says how to make the host turn this executor soon. Callable from every thread.
    pub fn on_ready(&self, notify: impl Fn() + Send + Sync + 'static) {
        *lock(&self.ready.notify) = Some(Arc::new(notify));
    }

    /// From here on wakers of other threads reach nobody: the host is about to close. Waits for
    /// one that is just notifying.
    pub(super) fn on_ready_stop(&self) {
        *lock(&self.ready.notify) = None;
    }

    /// The tokio runtime that owns the sockets.
    pub(super) fn tokio(&self) -> &tokio::runtime::Runtime {
        &self.tokio
    }

    /// Adds a future. It is polled in the next turn. After [`Self::clear`] it is dropped: what tasks
    /// held may start others while it is dropped itself.
    pub fn spawn(&self, future: impl Future<Output = ()> + 'static) {
        if self.is_closed.get() {
            return;
        }
        let mut tasks = self.tasks.borrow_mut();
        let id = self.free.borrow_mut().pop().unwrap_or(tasks.len());
        let waker =
            Arc::new(TaskWaker { id, is_queued: AtomicBool::new(false), queue: Arc::clone(&self.ready) });
        let slot = Slot { task: Some(Box::pin(future)), waker: Arc::clone(&waker) };
        if id == tasks.len() {
            tasks.push(slot);
        } else {
            tasks[id] = slot;
        }
        drop(tasks);
        waker.wake();
    }

    /// Runs a closure that starts tasks, outside of a turn. A turn must follow: what the closure
    /// wakes does not ask for one.
    pub fn enter<T>(self: &Rc<Self>, act: impl FnOnce() -> T) -> T {
        let previous = CURRENT.replace(Some(Rc::clone(self)));
        let guard = self.tokio.enter();
        let result = self.before_turn(act);
        drop(guard);
        CURRENT.replace(previous);
        result
    }

    /// Runs a closure that hardly ever starts a task, outside of a turn. What it starts asks for one.
    pub fn visit<T>(self: &Rc<Self>, act: impl FnOnce() -> T) -> T {
        let previous = CURRENT.replace(Some(Rc::clone(self)));
        let result = act();
        CURRENT.replace(previous);
        result
    }

    /// Whether no task waits to be polled.
    pub fn is_at_rest(&self) -> bool {
        lock(&self.ready.ids).is_empty()
    }

    /// Asks the operating system which sockets are ready, without waiting. A turn must follow: the
    /// tasks of those sockets do not ask for one.
    pub fn turn_io(&self) {
        self.before_turn(|| self.tokio.block_on(tokio::task::yield_now()));
    }

    /// Waking the event loop costs three system calls, for a turn that comes anyway.
    fn before_turn<T>(&self, act: impl FnOnce() -> T) -> T {
        let _announced = TurnAnnounced {
            was_turning: self.ready.is_turning.swap(true, Ordering::AcqRel),
            queue: &self.ready,
        };
        act()
    }

    /// Polls what is ready until nothing is or the time is used up. True: more is waiting.
    pub fn turn(self: &Rc<Self>) -> bool {
        if self.ready.is_turning.swap(true, Ordering::AcqRel) {
            return false;
        }
        let previous = CURRENT.replace(Some(Rc::clone(self)));
        let guard = self.tokio.enter();
        let mut now = Instant::now();
        let ends = now + TURN;
        self.turn_ends.set(Some(ends));
        let mut is_over = false;
        loop {
            self.timers.borrow_mut().fire(now);
            let next = lock(&self.ready.ids).pop_front();
            let Some(id) = next else { break };
            self.poll(id);
            now = Instant::now();
            if now >= ends {
                is_over = true;
                break;
            }
        }
        self.turn_ends.set(None);
        drop(guard);
        CURRENT.replace(previous);
        self.ready.is_turning.store(false, Ordering::Release);
        is_over && !lock(&self.ready.ids).is_empty()
    }

    /// When the next timer is due.
    pub fn next_deadline(&self) -> Option<Instant> {
        self.timers.borrow().next_deadline()
    }

    /// Drops every task, with the connections they hold.
    pub fn clear(self: &Rc<Self>) {
        self.is_closed.set(true);
        self.enter(|| drop(self.tasks.take()));
    }

    fn poll(&self, id: usize) {
        let taken =
            self.tasks.borrow_mut().get_mut(id).map(|slot| (slot.task.take(), Arc::clone(&slot.waker)));
        let Some((Some(mut task), waker)) = taken else { return };
        waker.is_queued.store(false, Ordering::Release);
        let waker = Waker::from(waker);
        let mut context = Context::from_waker(&waker);
        // A panic ends its own task only: what the task held (a connection, a request) is dropped,
        // and dropping a request answers it with an error.
        let polled = std::panic::catch_unwind(AssertUnwindSafe(|| task.as_mut().poll(&mut context)));
        if matches!(polled, Ok(Poll::Pending)) {
            if let Some(slot) = self.tasks.borrow_mut().get_mut(id) {
                slot.task = Some(task);
            }
        } else {
            let _ = std::panic::catch_unwind(AssertUnwindSafe(|| drop(task)));
            self.free.borrow_mut().push(id);
        }
    }
}

/// The executor whose turn it is on this thread.
pub(super) fn current() -> Option<Rc<Executor>> {
    CURRENT.with_borrow(Clone::clone)
}

/// Adds a future to the executor whose turn it is. Outside of one, it is dropped.
pub fn spawn(future: impl Future<Output = ()> + 'static) {
    if let Some(executor) = current() {
        executor.spawn(future);
    }
}

/// Lets other work run when the current turn has used its time. Call it between chunks of rows.
pub async fn yield_if_over_budget() {
    let is_over =
        current().is_some_and(|executor| executor.turn_ends.get().is_some_and(|ends| Instant::now() >= ends));
    if is_over {
        let mut has_yielded = false;
        std::future::poll_fn(|context| {
            if has_yielded {
                return Poll::Ready(());
            }
            has_yielded = true;
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_run_in_the_order_they_were_spawned() -> Result<()> {
        let executor = Executor::new(false)?;
        let seen = Rc::new(RefCell::new(Vec::new()));
        for number in 0..3 {
            let seen = Rc::clone(&seen);
            executor.spawn(async move { seen.borrow_mut().push(number) });
        }
        // A busy machine may need a second turn.
        while executor.turn() {}
        assert_eq!(*seen.borrow(), [0, 1, 2]);
        Ok(())
    }

    #[test]
    fn a_panic_ends_only_its_own_task() -> Result<()> {
        let executor = Executor::new(false)?;
        let done = Rc::new(Cell::new(false));
        let flag = Rc::clone(&done);
        executor.spawn(async { std::panic::resume_unwind(Box::new("a defect")) });
        executor.spawn(async move { flag.set(true) });
        // A busy machine may need a second turn.
        while executor.turn() {}
        assert!(done.get());
        Ok(())
    }

    #[test]
    fn a_long_task_gives_way_when_its_turn_is_over() -> Result<()> {
        let executor = Executor::new(false)?;
        let rounds = Rc::new(Cell::new(0));
        let counter = Rc::clone(&rounds);
        executor.spawn(async move {
            for _ in 0..3 {
                std::thread::sleep(TURN);
                counter.set(counter.get() + 1);
                yield_if_over_budget().await;
            }
        });
        assert!(executor.turn());
        assert_eq!(rounds.get(), 1);
        while executor.turn() {}
        assert_eq!(rounds.get(), 3);
        Ok(())
    }

    #[test]
    fn what_is_started_while_everything_is_dropped_is_dropped_too() -> Result<()> {
        struct StartsAnother;
        impl Drop for StartsAnother {
            fn drop(&mut self) {
                spawn(std::future::pending());
            }
        }
        let executor = Executor::new(false)?;
        executor.spawn(async {});
        executor.turn();
        let held = StartsAnother;
        executor.spawn(async move {
            std::future::pending::<()>().await;
            drop(held);
        });
        executor.turn();
        executor.clear();
        Ok(())
    }

    #[test]
    fn what_is_started_before_a_turn_does_not_ask_for_one() -> Result<()> {
        let executor = Executor::new(false)?;
        let notified = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&notified);
        executor.on_ready(move || flag.store(true, Ordering::Release));
        executor.enter(|| executor.spawn(async {}));
        assert!(!notified.load(Ordering::Acquire));
        let _ = std::panic::catch_unwind(AssertUnwindSafe(|| {
            executor.enter(|| std::panic::resume_unwind(Box::new(())))
        }));
        executor.turn();
        executor.spawn(async {});
        assert!(notified.load(Ordering::Acquire), "outside of both nobody else would turn it");
        Ok(())
    }

    #[test]
    fn a_wake_from_another_thread_notifies_the_host() -> Result<()> {
        let executor = Executor::new(false)?;
        let (sender, receiver) = tokio::sync::oneshot::channel::<()>();
        let notified = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&notified);
        executor.on_ready(move || flag.store(true, Ordering::Release));
        executor.spawn(async move {
            let _ = receiver.await;
        });
        executor.turn();
        notified.store(false, Ordering::Release);
        let _ = std::thread::spawn(move || sender.send(())).join();
        assert!(notified.load(Ordering::Acquire));
        Ok(())
    }
}
