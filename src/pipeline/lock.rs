//! The lock of what workers share.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A poisoned lock means that another worker panicked; the run ends there, and the data behind
/// the lock is whole.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
