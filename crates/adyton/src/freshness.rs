//! Tells what is kept in memory that something about a user has changed.
//!
//! A verified credential is kept for a moment (see `guard`). Whatever may end one, such as a
//! logout, a revoked token or a disabled user, calls [`Freshness::changed`]; from then on this process
//! asks the database again before it honours anything of that user.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::user::UserId;

/// Users share these counters by a keyed hash, so the memory does not grow with their number; a
/// user who shares one with another is asked about once more than needed.
const COUNTERS: usize = 4096;

/// Counters of changes, for all users and by user.
#[derive(Debug)]
pub struct Freshness {
    any: AtomicU64,
    by_user: Box<[AtomicU64]>,
    hasher: RandomState,
}

/// Where the counters stood before something was read from the database.
#[derive(Clone, Copy, Debug)]
pub struct Before(u64);

impl Default for Freshness {
    fn default() -> Self {
        let by_user = (0..COUNTERS).map(|_| AtomicU64::new(0)).collect();
        Self {
            any: AtomicU64::new(0),
            by_user,
            hasher: RandomState::new(),
        }
    }
}

impl Freshness {
    /// Something of this user changed, and the database has it. Call it before acknowledging.
    ///
    /// The order of the two counters matters: see [`Freshness::unchanged_since`].
    pub fn changed(&self, user: &UserId) {
        self.any.fetch_add(1, Ordering::SeqCst);
        self.counter(user).fetch_add(1, Ordering::SeqCst);
    }

    /// To be taken before the database is read.
    pub fn before(&self) -> Before {
        Before(self.any.load(Ordering::SeqCst))
    }

    /// The user's counter, if nothing at all changed since `before`; else what was read may be
    /// stale already and must not be kept.
    ///
    /// A change that the reader missed was counted in `any` after `before` was taken. If the
    /// reader sees the user's counter with it, it sees `any` with it too, and keeps nothing; if it
    /// sees the counter without it, what it keeps is void once the counter moves, which is before
    /// the change is acknowledged.
    pub fn unchanged_since(&self, before: Before, user: &UserId) -> Option<u64> {
        let of_user = self.now(user);
        (self.any.load(Ordering::SeqCst) == before.0).then_some(of_user)
    }

    /// The user's counter now.
    pub fn now(&self, user: &UserId) -> u64 {
        self.counter(user).load(Ordering::SeqCst)
    }

    fn counter(&self, user: &UserId) -> &AtomicU64 {
        let hash = self.hasher.hash_one(user);
        &self.by_user[usize::try_from(hash % COUNTERS as u64).unwrap_or_default()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_before_a_change_is_not_kept() {
        let freshness = Freshness::default();
        let (ana, before) = (UserId::Integer(1), freshness.before());
        freshness.changed(&ana);
        assert_eq!(freshness.unchanged_since(before, &ana), None);
        assert!(
            freshness
                .unchanged_since(freshness.before(), &ana)
                .is_some()
        );
    }

    #[test]
    fn a_change_moves_the_users_counter() {
        let freshness = Freshness::default();
        let kept = freshness.now(&UserId::Integer(1));
        freshness.changed(&UserId::Integer(1));
        assert_ne!(freshness.now(&UserId::Integer(1)), kept);
    }
}
