//! The one source of time, so that a test can move it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// Tells the time. Clones tell the same time.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// Milliseconds that are added to the system's time.
    offset: Arc<AtomicI64>,
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self::default()
    }

    /// Now, in UTC.
    #[allow(clippy::disallowed_methods)] // This is the one place that may ask the system.
    pub fn now(&self) -> DateTime<Utc> {
        let now = Utc::now();
        match self.offset.load(Ordering::Relaxed) {
            0 => now,
            offset => now + TimeDelta::milliseconds(offset),
        }
    }

    /// Moves this clock and its clones, forwards or backwards: for tests.
    pub fn advance(&self, by: TimeDelta) {
        self.offset
            .fetch_add(by.num_milliseconds(), Ordering::Relaxed);
    }
}

/// So much later. A duration that is too long for the calendar leads to its end: a host may set
/// any, and a request must not panic for it.
pub(crate) fn later(moment: DateTime<Utc>, by: Duration) -> DateTime<Utc> {
    let by = TimeDelta::from_std(by).unwrap_or(TimeDelta::MAX);
    moment
        .checked_add_signed(by)
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// So much earlier, but not before 1970: databases keep nothing from then.
pub(crate) fn earlier(moment: DateTime<Utc>, by: Duration) -> DateTime<Utc> {
    let by = TimeDelta::from_std(by).unwrap_or(TimeDelta::MAX);
    let earlier = moment
        .checked_sub_signed(by)
        .unwrap_or(DateTime::UNIX_EPOCH);
    earlier.max(DateTime::UNIX_EPOCH)
}
