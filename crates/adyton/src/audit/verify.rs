//! Whether the security log is whole: every hash is computed anew, from the first row to the end.
//!
//! Whoever can write the database can also compute a whole chain anew. That shows only against a
//! number and a hash that were kept elsewhere: the log of the program has them with every event.

use std::fmt;
use std::str::FromStr;

use crate::core::Core;
use crate::error::Result;
use crate::store::events::{self, EventRow};

/// Rows that are read at once.
const BATCH: i64 = 1000;

/// A place in the security log: a number and its hash, `NUMBER:HASH`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditHead {
    /// The event's number; 0 before the first.
    pub number: i64,
    /// Its hash; empty before the first.
    pub hash: String,
}

impl fmt::Display for AuditHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.number, self.hash)
    }
}

impl FromStr for AuditHead {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split_once(':');
        let read = parts.and_then(|(number, hash)| {
            let number: i64 = number.parse().ok().filter(|number| *number > 0)?;
            let is_hash = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            is_hash.then(|| AuditHead {
                number,
                hash: hash.to_ascii_lowercase(),
            })
        });
        read.ok_or("expected NUMBER:HASH, as `adyton audit verify` prints it")
    }
}

/// What is wrong with an event of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuditFault {
    /// Its row is not what was written: it was changed, or exchanged with another.
    Altered,
    /// Its row is gone.
    Missing,
    /// The log never had an event of this number.
    Unexpected,
    /// It is not the event that was there when its hash was kept elsewhere: it, or one before it,
    /// was changed, and the chain computed anew.
    Rewritten,
}

/// What became of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuditVerdict {
    /// It is whole, and this is its end.
    Whole(AuditHead),
    /// It is not: the first number that is wrong, and how.
    Broken {
        /// The first number that is wrong.
        number: i64,
        /// What is wrong with it.
        fault: AuditFault,
    },
}

/// Walks the log from its first row to its end, and past a place that was kept elsewhere.
///
/// # Errors
/// When the database cannot be read.
pub(crate) async fn verify(core: &Core, kept: Option<&AuditHead>) -> Result<AuditVerdict> {
    let mut at = AuditHead {
        number: 0,
        hash: String::new(),
    };
    let mut after = i64::MIN;
    loop {
        let rows = events::after(&core.db, after, BATCH).await?;
        for row in &rows {
            if let Err((number, fault)) = step(&mut at, row, kept) {
                return Ok(AuditVerdict::Broken { number, fault });
            }
        }
        after = at.number;
        if !rows.is_empty() {
            continue;
        }
        let end = events::end(&core.db).await?;
        let has_grown = end.0 > after && !events::after(&core.db, after, 1).await?.is_empty();
        if !has_grown {
            return Ok(judged(at, end, kept));
        }
    }
}

/// One row further.
fn step(
    at: &mut AuditHead,
    row: &EventRow,
    kept: Option<&AuditHead>,
) -> Result<(), (i64, AuditFault)> {
    let next = at.number + 1;
    if row.number < next {
        return Err((row.number, AuditFault::Unexpected));
    }
    if row.number > next {
        return Err((next, AuditFault::Missing));
    }
    if row.expected_hash(&at.hash) != row.hash {
        return Err((next, AuditFault::Altered));
    }
    if kept.is_some_and(|kept| kept.number == next && kept.hash != row.hash) {
        return Err((next, AuditFault::Rewritten));
    }
    *at = AuditHead {
        number: next,
        hash: row.hash.clone(),
    };
    Ok(())
}

/// What the rows come to, against what the log says of its own end.
fn judged(at: AuditHead, (length, hash): (i64, String), kept: Option<&AuditHead>) -> AuditVerdict {
    let broken = |number, fault| AuditVerdict::Broken { number, fault };
    let lacks_kept = kept.is_some_and(|kept| kept.number > at.number);
    if length > at.number || lacks_kept {
        return broken(at.number + 1, AuditFault::Missing);
    }
    if length < at.number {
        return broken(length.max(0) + 1, AuditFault::Unexpected);
    }
    if hash != at.hash {
        return broken(at.number, AuditFault::Altered);
    }
    AuditVerdict::Whole(at)
}
