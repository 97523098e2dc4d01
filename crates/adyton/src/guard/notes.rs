//! When credentials were last used: noted in memory, written in batches.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use tokio::sync::Notify;

use super::Credential;
use crate::db::Db;
use crate::error::Result;
use crate::store::{sessions, tokens};

/// Notes that do not wait for the next flush.
const MANY: usize = 10_000;

/// Rows written in one transaction: others get their turn in between.
const BATCH: usize = 500;

/// Last uses by token and by session, in seconds since 1970. A credential that is used often has
/// one note, so the memory is bounded by the credentials in use between two flushes.
#[derive(Debug, Default)]
pub(super) struct Notes {
    tokens: Mutex<HashMap<i64, i64>>,
    sessions: Mutex<HashMap<String, i64>>,
    many: Arc<Notify>,
    flushing: tokio::sync::Mutex<()>,
}

impl Notes {
    /// Notes a use.
    pub(super) fn note(&self, credential: &Credential, at: i64) {
        let noted = match credential {
            Credential::Token(token) => insert_later(&mut lock(&self.tokens), token.id, at),
            Credential::Session(session) => {
                insert_later(&mut lock(&self.sessions), session.id.clone(), at)
            }
        };
        if noted >= MANY {
            self.many.notify_one();
        }
    }

    /// When a session was last used, if that is not written yet.
    pub(super) fn session_seen(&self, id: &str) -> Option<i64> {
        lock(&self.sessions).get(id).copied()
    }

    /// When a token was last used, if that is not written yet.
    pub(super) fn token_seen(&self, id: i64) -> Option<i64> {
        lock(&self.tokens).get(&id).copied()
    }

    /// Notified when there are many notes.
    pub(super) fn many(&self) -> Arc<Notify> {
        Arc::clone(&self.many)
    }

    /// Writes all notes; those that cannot be written stay. One flush at a time: the last one,
    /// when the process ends, waits for the one that is still writing.
    pub(super) async fn flush(&self, db: &Db) -> Result<()> {
        let _turn = self.flushing.lock().await;
        let (noted_tokens, noted_sessions) = (take(&self.tokens), take(&self.sessions));
        let outcome = write(db, &noted_tokens, &noted_sessions).await;
        if outcome.is_err() {
            let (mut tokens, mut sessions) = (lock(&self.tokens), lock(&self.sessions));
            for (id, at) in noted_tokens {
                insert_later(&mut tokens, id, at);
            }
            for (id, at) in noted_sessions {
                insert_later(&mut sessions, id, at);
            }
        }
        outcome
    }
}

async fn write(
    db: &Db,
    noted_tokens: &[(i64, i64)],
    noted_sessions: &[(String, i64)],
) -> Result<()> {
    for batch in noted_tokens.chunks(BATCH) {
        let mut tx = db.begin().await?;
        for (id, at) in batch {
            tokens::touch(&mut tx, *id, moment(*at)).await?;
        }
        tx.commit().await?;
    }
    for batch in noted_sessions.chunks(BATCH) {
        let mut tx = db.begin().await?;
        for (id, at) in batch {
            sessions::touch(&mut tx, id, moment(*at)).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

/// In the order of their keys, so that two processes that flush the same rows do not wait for
/// each other in a circle.
fn take<K: Ord + Hash>(notes: &Mutex<HashMap<K, i64>>) -> Vec<(K, i64)> {
    let mut taken: Vec<_> = std::mem::take(&mut *lock(notes)).into_iter().collect();
    taken.sort_unstable();
    taken
}

fn insert_later<K: Eq + Hash>(notes: &mut HashMap<K, i64>, key: K, at: i64) -> usize {
    let noted = notes.entry(key).or_insert(at);
    *noted = (*noted).max(at);
    notes.len()
}

fn moment(unix: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(unix, 0).unwrap_or_default()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing is done under the lock that could leave it half done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
