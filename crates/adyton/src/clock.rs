//! The one source of time, so that a test can move it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

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
