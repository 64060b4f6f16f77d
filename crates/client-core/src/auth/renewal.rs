//! One renewal for every call that waits for it: each waiter can drive it, and each gets its result.
//!
//! No lock is held while the renewal is polled or a waiter is woken, so neither can wait for a lock of its own.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    mem,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
};

type Work<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// A renewal that is under way. It ends with its last waiter.
pub(crate) struct Renewal<T> {
    progress: Mutex<Progress<T>>,
    waiters: Arc<Waiters>,
    next_waiter: AtomicU64,
}

enum Progress<T> {
    /// No waiter polls it.
    Idle(Work<T>),
    /// One waiter polls it; `again`: another one wanted to, so an event may have been missed.
    Polled {
        again: bool,
    },
    Done(T),
}

/// The wakers of those who wait, by their number.
#[derive(Default)]
struct Waiters(Mutex<BTreeMap<u64, Waker>>);

impl<T> Renewal<T> {
    /// A renewal that starts with its first waiter. The work must not panic.
    pub(crate) fn new(work: impl Future<Output = T> + Send + 'static) -> Arc<Self> {
        Arc::new(Self {
            progress: Mutex::new(Progress::Idle(Box::pin(work))),
            waiters: Arc::default(),
            next_waiter: AtomicU64::new(0),
        })
    }

    /// Waits for the result.
    pub(crate) fn wait(self: Arc<Self>) -> Wait<T> {
        let number = self.next_waiter.fetch_add(1, Ordering::Relaxed);
        Wait {
            renewal: self,
            number,
        }
    }
}

/// A waiter of a renewal.
pub(crate) struct Wait<T> {
    renewal: Arc<Renewal<T>>,
    number: u64,
}

/// The renewal waits for its own result.
#[derive(Debug)]
pub(crate) struct Reentered;

impl<T: Clone> Future for Wait<T> {
    type Output = Result<T, Reentered>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let renewal = &*self.renewal;
        let id = Arc::as_ptr(&self.renewal) as usize;
        if Polling::is_under_way(id) {
            return Poll::Ready(Err(Reentered));
        }
        // Before anything else: whoever finishes or makes progress from here on wakes this waiter.
        lock(&renewal.waiters.0).insert(self.number, cx.waker().clone());
        let mut progress = lock(&renewal.progress);
        let mut work = match mem::replace(&mut *progress, Progress::Polled { again: false }) {
            Progress::Idle(work) => work,
            Progress::Polled { .. } => {
                *progress = Progress::Polled { again: true };
                return Poll::Pending;
            }
            Progress::Done(result) => {
                *progress = Progress::Done(result.clone());
                return Poll::Ready(Ok(result));
            }
        };
        drop(progress);
        let waker = Waker::from(renewal.waiters.clone());
        loop {
            let polled = {
                let _polling = Polling::enter(id);
                work.as_mut().poll(&mut Context::from_waker(&waker))
            };
            let mut progress = lock(&renewal.progress);
            match polled {
                Poll::Ready(result) => {
                    *progress = Progress::Done(result.clone());
                    drop(progress);
                    waker.wake();
                    return Poll::Ready(Ok(result));
                }
                Poll::Pending if matches!(*progress, Progress::Polled { again: true }) => {
                    *progress = Progress::Polled { again: false };
                }
                Poll::Pending => {
                    *progress = Progress::Idle(work);
                    return Poll::Pending;
                }
            }
        }
    }
}

impl<T> Drop for Wait<T> {
    fn drop(&mut self) {
        let waker = lock(&self.renewal.waiters.0).remove(&self.number);
        drop(waker);
    }
}

impl Wake for Waiters {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let wakers = mem::take(&mut *lock(&self.0));
        wakers.into_values().for_each(Waker::wake);
    }
}

thread_local! {
    /// The renewals that this thread is polling, one within the other.
    static POLLED: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// Marks a renewal as being polled by this thread.
struct Polling;

impl Polling {
    fn enter(id: usize) -> Self {
        POLLED.with_borrow_mut(|polled| polled.push(id));
        Self
    }

    fn is_under_way(id: usize) -> bool {
        POLLED.with_borrow(|polled| polled.contains(&id))
    }
}

impl Drop for Polling {
    fn drop(&mut self) {
        POLLED.with_borrow_mut(|polled| polled.pop());
    }
}

/// A poisoned state is a whole one: nothing that can panic runs under these locks.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
