//! The bounded pool that hashes and checks passwords: away from the async threads, and never more
//! at once than the machine has memory for.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use thiserror::Error;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::password::{
    Checked, Params, PasswordError, dummy, hash_normalized, is_supported, normalize, try_check,
};
use super::secret::Secret;

/// Too many passwords wait to be hashed: answer 503 and let the client try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("too many passwords are being hashed")]
pub struct Busy;

/// Hashes passwords, so many at a time. Clones share one pool.
///
/// One hash takes tens of megabytes and tens of milliseconds on purpose. Without a bound, a burst
/// of logins exhausts the memory; without a limit on waiting, it makes every later login time out.
#[derive(Clone)]
pub struct Hasher {
    pool: Arc<Pool>,
}

struct Pool {
    params: Params,
    /// Compared with when there is no hash to compare with.
    dummy: String,
    /// One permit per hash being computed, given out in order of arrival.
    permits: Arc<Semaphore>,
    /// How many callers wait for a permit.
    waiting: AtomicUsize,
    queue: usize,
    wait: Duration,
}

impl Hasher {
    /// A pool of `threads` (at least one), where at most `queue` callers wait, each at most `wait`.
    ///
    /// # Panics
    ///
    /// When [`Params::validate`] refuses the parameters. Ask it where they are read.
    pub fn new(params: Params, threads: usize, queue: usize, wait: Duration) -> Self {
        params
            .validate()
            .expect("the parameters are validated where the configuration is read");
        let threads = threads.clamp(1, Semaphore::MAX_PERMITS);
        let pool = Pool {
            params,
            dummy: dummy(params),
            permits: Arc::new(Semaphore::new(threads)),
            waiting: AtomicUsize::new(0),
            queue,
            wait,
        };
        Self {
            pool: Arc::new(pool),
        }
    }

    /// Compares a password with a user's stored hash.
    ///
    /// Without one (no such user, a user without password) and with one we cannot read, the same
    /// work is spent on a dummy: time must not tell whether a user exists.
    ///
    /// # Errors
    ///
    /// [`Busy`] when the queue is full, the wait too long, or the memory exhausted.
    pub async fn check(
        &self,
        password: Secret<String>,
        stored: Option<String>,
    ) -> Result<Checked, Busy> {
        let pool = Arc::clone(&self.pool);
        self.run(move || {
            match stored.filter(|stored| is_supported(stored)) {
                Some(stored) => try_check(password.expose(), &stored, pool.params),
                // Whatever comes out, nobody is let in.
                None => try_check(password.expose(), &pool.dummy, pool.params)
                    .map(|_| Checked::Mismatch),
            }
        })
        .await
    }

    /// Hashes a password as [`super::password::hash`] does, except for the limit on its length:
    /// that is for whoever validates the request, and this has no word to refuse with.
    ///
    /// # Errors
    ///
    /// [`Busy`] when the queue is full, the wait too long, or the memory exhausted.
    pub async fn hash(&self, password: Secret<String>) -> Result<String, Busy> {
        let params = self.pool.params;
        self.run(move || hash_normalized(&normalize(password.expose()), params))
            .await
    }

    /// What a new hash of this pool costs.
    pub(super) fn params(&self) -> Params {
        self.pool.params
    }

    /// Does the work on a blocking thread once a permit is free.
    pub(super) async fn run<T, Work>(&self, work: Work) -> Result<T, Busy>
    where
        T: Send + 'static,
        Work: FnOnce() -> Result<T, PasswordError> + Send + 'static,
    {
        let permit = self.pool.admit().await?;
        // The permit goes along: when the caller gives up, the work goes on, and so must its claim
        // on memory. A failed join is the runtime shutting down, or a panic already reported.
        spawn_blocking(move || {
            let _permit = permit;
            work()
        })
        .await
        .map_err(|_| Busy)?
        .map_err(|_| Busy)
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Hasher")
            .field("params", &self.pool.params)
            .field("free", &self.pool.permits.available_permits())
            .field("waiting", &self.pool.waiting.load(Ordering::Relaxed))
            .finish_non_exhaustive()
    }
}

impl Pool {
    /// A permit, at once or after a bounded wait behind those who came earlier.
    async fn admit(&self) -> Result<OwnedSemaphorePermit, Busy> {
        // Nobody is overtaken: a permit is only free here when nobody waits for it.
        if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
            return Ok(permit);
        }
        let _place = Place::take(&self.waiting, self.queue)?;
        match timeout(self.wait, Arc::clone(&self.permits).acquire_owned()).await {
            Ok(Ok(permit)) => Ok(permit),
            _ => Err(Busy),
        }
    }
}

/// A place in the queue, given back however the wait ends: served, too late, or cancelled.
struct Place<'a>(&'a AtomicUsize);

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize, queue: usize) -> Result<Self, Busy> {
        waiting
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |count| {
                (count < queue).then_some(count + 1)
            })
            .map(|_| Self(waiting))
            .map_err(|_| Busy)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::super::recovery::CodeShape;
    use super::super::recovery_set::RecoverySet;
    use super::*;

    const CHEAP: Params = Params {
        memory_kib: 8,
        iterations: 1,
        parallelism: 1,
    };
    const LONG: Duration = Duration::from_secs(60);

    fn hasher(queue: usize, wait: Duration) -> Hasher {
        Hasher::new(CHEAP, 1, queue, wait)
    }

    fn secret(text: &str) -> Secret<String> {
        Secret::from(text)
    }

    /// Takes the only permit, as a hash under way would.
    fn occupy(hasher: &Hasher) -> OwnedSemaphorePermit {
        let permits = Arc::clone(&hasher.pool.permits);
        permits.try_acquire_owned().expect("the pool is idle")
    }

    fn waiting(hasher: &Hasher) -> usize {
        hasher.pool.waiting.load(Ordering::Relaxed)
    }

    /// Lets the other tasks run until so many wait.
    async fn until_waiting(hasher: &Hasher, count: usize) {
        while waiting(hasher) != count {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_hash_made_by_the_pool_is_checked_by_the_pool() {
        let hasher = hasher(0, LONG);
        let stored = hasher.hash(secret("hunter2")).await.expect("idle");
        let right = hasher.check(secret("hunter2"), Some(stored.clone())).await;
        assert_eq!(right, Ok(Checked::Match { outdated: false }));
        let wrong = hasher.check(secret("hunter3"), Some(stored)).await;
        assert_eq!(wrong, Ok(Checked::Mismatch));
    }

    #[tokio::test]
    async fn a_missing_or_unreadable_hash_is_a_mismatch() {
        let hasher = hasher(0, LONG);
        for stored in [
            None,
            Some(String::new()),
            Some("hunter2".to_owned()),
            Some("!".to_owned()),
        ] {
            let found = hasher.check(secret("hunter2"), stored).await;
            assert_eq!(found, Ok(Checked::Mismatch));
        }
    }

    #[tokio::test]
    async fn who_finds_the_queue_full_is_refused_at_once() {
        let hasher = hasher(1, LONG);
        let held = occupy(&hasher);
        let first = tokio::spawn({
            let hasher = hasher.clone();
            async move { hasher.hash(secret("first")).await }
        });
        until_waiting(&hasher, 1).await;
        assert_eq!(hasher.hash(secret("second")).await, Err(Busy));
        drop(held);
        assert!(first.await.expect("the task ends").is_ok());
        assert_eq!(waiting(&hasher), 0);
    }

    #[tokio::test]
    async fn recovery_codes_take_a_place_in_the_same_pool() {
        let (hasher, shape) = (hasher(0, LONG), CodeShape::default());
        let stored = hasher.hash_recovery_codes(shape.generate(2), &shape).await;
        let set = RecoverySet::parse(&stored.expect("idle")).expect("just made");
        let held = occupy(&hasher);
        let made = hasher.hash_recovery_codes(shape.generate(2), &shape).await;
        assert_eq!(made, Err(Busy));
        let found = hasher.find_recovery_code(secret("x"), set.clone()).await;
        assert_eq!(found, Err(Busy));
        drop(held);
        let found = hasher.find_recovery_code(secret("x"), set).await;
        assert_eq!(found, Ok(None));
    }

    #[tokio::test]
    async fn who_waits_too_long_is_refused_and_leaves_the_queue() {
        let hasher = hasher(1, Duration::from_millis(1));
        let _held = occupy(&hasher);
        assert_eq!(hasher.check(secret("x"), None).await, Err(Busy));
        assert_eq!(waiting(&hasher), 0);
    }

    #[tokio::test]
    async fn a_cancelled_caller_releases_its_place() {
        let hasher = hasher(1, LONG);
        let held = occupy(&hasher);
        let task = tokio::spawn({
            let hasher = hasher.clone();
            async move { hasher.hash(secret("cancelled")).await }
        });
        until_waiting(&hasher, 1).await;
        task.abort();
        until_waiting(&hasher, 0).await;
        drop(held);
        assert!(hasher.hash(secret("next")).await.is_ok());
    }

    #[tokio::test]
    async fn a_panic_in_the_work_gives_the_permit_back() {
        let hasher = hasher(0, LONG);
        let outcome: Result<(), Busy> = hasher.run(|| panic!("on purpose")).await;
        assert_eq!(outcome, Err(Busy));
        assert!(hasher.hash(secret("next")).await.is_ok());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn many_callers_are_all_served_by_a_small_pool() {
        let hasher = Hasher::new(CHEAP, 2, 100, LONG);
        let tasks: Vec<_> = (0..50)
            .map(|number| {
                let hasher = hasher.clone();
                tokio::spawn(async move { hasher.hash(secret(&number.to_string())).await })
            })
            .collect();
        for task in tasks {
            assert!(task.await.expect("the task ends").is_ok());
        }
        assert_eq!(waiting(&hasher), 0);
    }

    #[test]
    #[should_panic(expected = "validated where the configuration is read")]
    fn unusable_parameters_stop_the_start() {
        let _ = Hasher::new(
            Params {
                memory_kib: 0,
                ..CHEAP
            },
            1,
            1,
            LONG,
        );
    }
}
