//! A share of the counters, behind one lock: bounded, and with a clock that only goes forward.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hash, Hasher, RandomState};

use super::Window;

/// How many counters are compared when one has to go.
pub(super) const SAMPLE: usize = 8;

/// In milliseconds. A full shard looks through all its counters for ended windows at most this
/// often: in a flood, each new key would cost a full scan.
const SWEEP_EVERY: i64 = 1_000;

/// In milliseconds. Parallel callers read the clock in one order and come here in another; what is
/// late by less than this is no clock that was set back.
const LATE: i64 = 1_000;

/// What remains of a key: 128 bits, of which nothing can be read back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Id(pub(super) u64, pub(super) u64);

impl Hash for Id {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0);
    }
}

/// Ids are secretly hashed already; hashing them again would only cost.
#[derive(Default)]
struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

/// One window of one key. Times are milliseconds of the shard's own clock.
pub(super) struct Counter {
    id: Id,
    started: i64,
    length: u32,
    pub(super) count: u32,
    max: u32,
}

// The module's documentation counts on it.
const _: () = assert!(size_of::<Counter>() == 40);

impl Counter {
    fn start(id: Id, window: Window, time: i64) -> Self {
        let length = u32::try_from(window.length.as_millis()).unwrap_or(u32::MAX);
        Self {
            id,
            started: time,
            length,
            count: 0,
            max: window.max,
        }
    }

    /// Milliseconds until the window is over.
    fn left(&self, time: i64) -> u64 {
        let end = self.started.saturating_add(i64::from(self.length));
        end.saturating_sub(time).max(0).unsigned_abs()
    }

    /// How much of the limit is used; nothing once the window is over.
    fn usage(&self, time: i64) -> f64 {
        if self.left(time) == 0 {
            0.0
        } else {
            f64::from(self.count) / f64::from(self.max.max(1))
        }
    }
}

/// A dense list of counters, so that some can be drawn at random, and where in it each id is.
pub(super) struct Shard {
    capacity: usize,
    counters: Vec<Counter>,
    places: HashMap<Id, u32, BuildHasherDefault<AsIs>>,
    /// The latest time seen, on a clock that is ahead of the given one by `ahead`.
    time: i64,
    ahead: i64,
    swept_at: i64,
    random: RandomState,
    draws: u64,
}

impl Shard {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            counters: Vec::new(),
            places: HashMap::default(),
            time: i64::MIN,
            ahead: 0,
            swept_at: i64::MIN,
            random: RandomState::new(),
            draws: 0,
        }
    }

    pub(super) fn get(&mut self, id: Id) -> Option<&mut Counter> {
        let place = *self.places.get(&id)?;
        self.counters.get_mut(place as usize)
    }

    /// The hits so far, and in how many milliseconds they will be forgotten.
    pub(super) fn look(&mut self, id: Id, window: Window, now: i64) -> (u32, u64) {
        let time = self.tick(now);
        match self.get(id) {
            Some(counter) if counter.left(time) > 0 => (counter.count, counter.left(time)),
            _ => (0, Counter::start(id, window, time).left(time)),
        }
    }

    /// Counts one, in the running window or a new one.
    pub(super) fn count(&mut self, id: Id, window: Window, now: i64) {
        let time = self.tick(now);
        let mut fresh = Counter::start(id, window, time);
        fresh.count = 1;
        match self.get(id) {
            Some(counter) if counter.left(time) == 0 => *counter = fresh,
            Some(counter) => counter.count = counter.count.saturating_add(1),
            None => self.insert(fresh, time),
        }
    }

    pub(super) fn remove(&mut self, id: Id) {
        let Some(place) = self.places.remove(&id) else {
            return;
        };
        self.counters.swap_remove(place as usize);
        if let Some(moved) = self.counters.get(place as usize) {
            self.places.insert(moved.id, place);
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        assert_eq!(self.counters.len(), self.places.len());
        self.counters.len()
    }

    /// The time here. When the given clock was set back, time goes on from where it was: windows
    /// that were running end when they would have.
    fn tick(&mut self, now: i64) -> i64 {
        let behind = self.time.saturating_sub(now.saturating_add(self.ahead));
        if behind >= LATE {
            self.ahead = self.ahead.saturating_add(behind);
        } else if behind < 0 {
            self.time = now.saturating_add(self.ahead);
        }
        self.time
    }

    fn insert(&mut self, counter: Counter, time: i64) {
        if self.counters.len() >= self.capacity {
            self.sweep(time);
        }
        if self.counters.len() >= self.capacity {
            let victim = self.victim(time);
            self.remove(victim);
        }
        let place = u32::try_from(self.counters.len()).expect("a shard's capacity fits 32 bits");
        self.places.insert(counter.id, place);
        self.counters.push(counter);
    }

    /// Drops all ended windows.
    fn sweep(&mut self, time: i64) {
        if time < self.swept_at.saturating_add(SWEEP_EVERY) {
            return;
        }
        self.swept_at = time;
        let ended = self
            .counters
            .iter()
            .filter(|counter| counter.left(time) == 0);
        let ended: Vec<Id> = ended.map(|counter| counter.id).collect();
        for id in ended {
            self.remove(id);
        }
    }

    /// Of a few counters, the one that has used the least of its limit. Not the lowest count: a
    /// flood that uses a tenth of a wide limit would push out a narrow one that is reached.
    fn victim(&mut self, time: i64) -> Id {
        let total = self.counters.len();
        let sample: Vec<usize> = if total <= SAMPLE {
            (0..total).collect()
        } else {
            (0..SAMPLE)
                .map(|_| (self.draw() % total as u64) as usize)
                .collect()
        };
        sample
            .into_iter()
            .map(|place| &self.counters[place])
            .min_by(|a, b| a.usage(time).total_cmp(&b.usage(time)))
            .expect("a full shard has counters")
            .id
    }

    fn draw(&mut self) -> u64 {
        self.draws = self.draws.wrapping_add(1);
        self.random.hash_one(self.draws)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::{DateTime, Utc};

    use super::super::{By, Key, Throttle, Window};

    const MINUTE: Window = Window {
        max: 5,
        length: Duration::from_secs(60),
    };

    fn at(milliseconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_700_000_000_000 + milliseconds).expect("a date")
    }

    fn by(number: u32) -> Key {
        Key::new("login", By::User(number.to_string()))
    }

    fn admitted(throttle: &Throttle, key: &Key, now: DateTime<Utc>) -> usize {
        (0..20)
            .filter(|_| throttle.hit(key, MINUTE, now).is_ok())
            .count()
    }

    #[test]
    fn a_clock_that_goes_backwards_does_not_lengthen_a_window() {
        let (throttle, key) = (Throttle::new(100), by(1));
        assert_eq!(admitted(&throttle, &key, at(0)), 5);
        let hour_ago = -3_600_000;
        let refused = throttle
            .hit(&key, MINUTE, at(hour_ago))
            .expect_err("still this window");
        assert_eq!(refused.retry_after.as_secs(), 60);
        assert_eq!(refused.resets_at, at(hour_ago + 60_000));
        assert_eq!(admitted(&throttle, &key, at(hour_ago + 59_999)), 0);
        assert_eq!(admitted(&throttle, &key, at(hour_ago + 60_000)), 5);
        for extreme in [DateTime::<Utc>::MAX_UTC, DateTime::<Utc>::MIN_UTC] {
            let _ = admitted(&throttle, &key, extreme);
        }
    }

    #[test]
    fn a_flood_of_new_keys_stays_in_bounds_and_frees_nobody() {
        let (throttle, heavy) = (Throttle::new(4_096), by(u32::MAX));
        assert_eq!(admitted(&throttle, &heavy, at(0)), 5);
        for number in 0..1_000_000_u32 {
            let newcomer = by(number);
            assert!(
                throttle
                    .hit(&newcomer, MINUTE, at(i64::from(number / 20_000)))
                    .is_ok()
            );
        }
        assert!(throttle.len() <= 4_096);
        assert!(throttle.hit(&heavy, MINUTE, at(50)).is_err());
    }

    #[test]
    fn a_narrow_limit_that_is_reached_outlives_wide_ones_with_higher_counts() {
        let (throttle, victim) = (Throttle::new(0), by(u32::MAX));
        assert_eq!(admitted(&throttle, &victim, at(0)), 5);
        let wide = Window { max: 60, ..MINUTE };
        for number in 0..1_000 {
            for _ in 0..10 {
                assert!(throttle.hit(&by(number), wide, at(0)).is_ok());
            }
        }
        assert!(throttle.len() <= 128);
        assert_eq!(admitted(&throttle, &victim, at(0)), 0);
    }

    #[test]
    fn ended_windows_make_room_before_running_ones_go() {
        let throttle = Throttle::new(0);
        for number in 0..1_000 {
            assert!(throttle.hit(&by(number), MINUTE, at(0)).is_ok());
        }
        for number in 1_000..1_008 {
            assert!(throttle.hit(&by(number), MINUTE, at(60_000)).is_ok());
        }
        let again = (1_000..1_008).map(|number| throttle.hit(&by(number), MINUTE, at(60_000)));
        assert!(
            again
                .into_iter()
                .all(|left| left.is_ok_and(|left| left.remaining == 3))
        );
    }
}
