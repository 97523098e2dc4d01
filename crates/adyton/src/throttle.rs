//! Limits: how often something may be tried, in windows that start at the first try.
//!
//! Windows are Laravel's (`Illuminate\Cache\RateLimiter`): fixed, and started by the first hit.
//! Counters live in this process's memory; a key is kept only as its secret 128-bit hash. A counter
//! takes 65 bytes, and with the room its lists keep for growing at most 140, however long its key:
//! a throttle of 100 000 counters stays under 14 MB.

mod key;
mod shard;

use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

pub use self::key::{By, Key};
use self::shard::{Id, SAMPLE, Shard};

const SHARDS: usize = 16;

/// Counts hits against limits. Clones count together.
///
/// When it is full, ended windows go first. Then, of a few counters taken at random, the one that
/// has used the least of its limit goes: a flood of new keys pushes out other newcomers, not those
/// who are being refused.
#[derive(Clone)]
pub struct Throttle {
    inner: Arc<Inner>,
}

struct Inner {
    /// Two secret SipHash keys: a stranger cannot choose keys that meet.
    hashers: [RandomState; 2],
    shards: [Mutex<Shard>; SHARDS],
}

/// How much is allowed, and for how long. Longer than 49 days counts as 49 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// So many hits are admitted.
    pub max: u32,
    /// The time from the first hit until all are forgotten.
    pub length: Duration,
}

/// An admitted hit: what is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remaining {
    /// The limit.
    pub limit: u32,
    /// How many more hits it admits now.
    pub remaining: u32,
}

/// A refused hit. It was not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The limit that was reached.
    pub limit: u32,
    /// In whole seconds, rounded up, at least one: for `Retry-After`.
    pub retry_after: Duration,
    /// The first whole second after the window: for `X-RateLimit-Reset`.
    pub resets_at: DateTime<Utc>,
}

impl Throttle {
    /// A throttle that remembers about so many counters: each of its 16 shards holds a sixteenth,
    /// but at least eight.
    pub fn new(capacity: usize) -> Self {
        let capacity = capacity.div_ceil(SHARDS).clamp(SAMPLE, u32::MAX as usize);
        Self {
            inner: Arc::new(Inner {
                hashers: [RandomState::new(), RandomState::new()],
                shards: std::array::from_fn(|_| Mutex::new(Shard::new(capacity))),
            }),
        }
    }

    /// Counts a hit and admits it, or refuses it without counting: looked at and counted under one
    /// lock, so that of many parallel requests no more pass than the limit allows.
    pub fn hit(&self, key: &Key, window: Window, now: DateTime<Utc>) -> Result<Remaining, Refused> {
        let (id, time) = (self.id(key), now.timestamp_millis());
        let mut shard = self.lock(shard_of(id));
        let (count, left) = shard.look(id, window, time);
        if count >= window.max {
            return Err(Refused::after(left, window.max, now));
        }
        shard.count(id, window, time);
        Ok(Remaining {
            limit: window.max,
            remaining: window.max - count - 1,
        })
    }

    /// Takes one hit back: what was tried turned out to be no failure. The window stays.
    pub fn refund(&self, key: &Key) {
        let id = self.id(key);
        if let Some(counter) = self.lock(shard_of(id)).get(id) {
            counter.count = counter.count.saturating_sub(1);
        }
    }

    /// Forgets all hits of this key.
    pub fn clear(&self, key: &Key) {
        let id = self.id(key);
        self.lock(shard_of(id)).remove(id);
    }

    fn lock(&self, index: usize) -> MutexGuard<'_, Shard> {
        // A counter is never left half written, so a panic elsewhere spoils nothing.
        self.inner.shards[index]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        (0..SHARDS).map(|index| self.lock(index).len()).sum()
    }

    fn id(&self, key: &Key) -> Id {
        let [first, second] = &self.inner.hashers;
        Id(first.hash_one(key), second.hash_one(key))
    }
}

impl Refused {
    /// A refusal that ends in so many milliseconds.
    fn after(left: u64, limit: u32, now: DateTime<Utc>) -> Self {
        let left = left.max(1);
        let end = TimeDelta::try_milliseconds(i64::try_from(left).unwrap_or(i64::MAX))
            .and_then(|left| now.checked_add_signed(left))
            .unwrap_or(now);
        let resets_at = end.timestamp() + i64::from(end.timestamp_subsec_nanos() > 0);
        Self {
            limit,
            retry_after: Duration::from_secs(left.div_ceil(1_000)),
            resets_at: DateTime::from_timestamp(resets_at, 0).unwrap_or(end),
        }
    }
}

fn shard_of(id: Id) -> usize {
    (id.1 % SHARDS as u64) as usize
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    const MINUTE: Window = Window {
        max: 5,
        length: Duration::from_secs(60),
    };

    fn at(milliseconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_700_000_000_000 + milliseconds).expect("a date")
    }

    fn account(name: impl ToString) -> Key {
        Key::new("login", By::Account(name.to_string()))
    }

    fn admitted(throttle: &Throttle, key: &Key, now: DateTime<Utc>) -> usize {
        (0..20)
            .filter(|_| throttle.hit(key, MINUTE, now).is_ok())
            .count()
    }

    #[test]
    fn a_window_starts_at_the_first_hit_and_ends_after_its_length() {
        let (throttle, key) = (Throttle::new(100), account("a"));
        for second in 0..5 {
            let left = throttle
                .hit(&key, MINUTE, at(second * 1_000))
                .map(|left| left.remaining);
            assert_eq!(left.map(i64::from), Ok(4 - second));
        }
        let refused = throttle
            .hit(&key, MINUTE, at(5_000))
            .expect_err("five were counted");
        assert_eq!((refused.limit, refused.resets_at), (5, at(60_000)));
        assert_eq!(admitted(&throttle, &key, at(59_999)), 0);
        assert_eq!(admitted(&throttle, &key, at(60_000)), 5);
    }

    #[test]
    fn a_refusal_says_when_in_whole_seconds_and_never_zero() {
        let (throttle, key) = (Throttle::new(100), account("a"));
        assert_eq!(admitted(&throttle, &key, at(0)), 5);
        let wait = |now| {
            let refused = throttle
                .hit(&key, MINUTE, at(now))
                .expect_err("the limit is reached");
            assert_eq!(refused.resets_at, at(60_000));
            refused.retry_after.as_secs()
        };
        assert_eq!(
            [wait(0), wait(1), wait(999), wait(1_000), wait(59_999)],
            [60, 60, 60, 59, 1]
        );
        let remaining = throttle
            .hit(&key, MINUTE, at(60_000))
            .expect("a new window");
        assert_eq!(
            remaining,
            Remaining {
                limit: 5,
                remaining: 4
            }
        );
    }

    #[test]
    fn parallel_callers_never_get_more_than_the_limit() {
        let throttle = Throttle::new(1_000);
        for round in 0..4 {
            let (passed, start) = (AtomicUsize::new(0), Barrier::new(200));
            std::thread::scope(|scope| {
                for _ in 0..200 {
                    let (throttle, passed, start) = (throttle.clone(), &passed, &start);
                    scope.spawn(move || {
                        start.wait();
                        if throttle.hit(&account(round), MINUTE, at(0)).is_ok() {
                            passed.fetch_add(1, Ordering::Relaxed);
                        }
                    });
                }
            });
            assert_eq!(passed.into_inner(), 5, "round {round}");
        }
    }

    #[test]
    fn a_limit_of_nothing_refuses() {
        let throttle = Throttle::new(100);
        let refused = throttle.hit(&account("a"), Window { max: 0, ..MINUTE }, at(0));
        assert_eq!(
            refused
                .expect_err("nothing is allowed")
                .retry_after
                .as_secs(),
            60
        );
    }

    #[test]
    fn a_refund_gives_back_one_and_a_clear_all() {
        let (throttle, key) = (Throttle::new(100), account("a"));
        throttle.refund(&key);
        assert_eq!(admitted(&throttle, &key, at(0)), 5);
        throttle.refund(&key);
        assert_eq!(admitted(&throttle, &key, at(0)), 1);
        throttle.clear(&key);
        assert_eq!(admitted(&throttle, &key, at(0)), 5);
        assert_eq!(admitted(&throttle, &account("b"), at(0)), 5);
    }
}
