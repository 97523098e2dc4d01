//! The memory that Argon2 works in, used again from hash to hash.
//!
//! A hash takes 19 MiB by default. Given back to the allocator after each, they stay with the
//! threads that freed them, some 20 MiB a thread; here there is one piece for each hash that is
//! computed at the same time.

use std::sync::{Mutex, PoisonError};

use argon2::{Argon2, Block};

use super::params::PasswordError;

/// Blocks of 1 KiB that one piece may have to be kept: an imported hash may take more than ours.
const MOST_KEPT: usize = 64 * 1024;

static PIECES: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());

/// Computes a hash. What the memory held before is never read: Argon2's first pass writes every
/// block.
///
/// # Errors
///
/// When there is not so much memory, or Argon2 refuses what it is given.
pub(super) fn compute(
    argon2: &Argon2<'_>,
    password: &[u8],
    salt: &[u8],
    into: &mut [u8],
) -> Result<(), PasswordError> {
    let blocks = argon2.params().block_count();
    let mut piece = lock().pop().unwrap_or_default();
    let missing = blocks.saturating_sub(piece.len());
    piece
        .try_reserve_exact(missing)
        .map_err(|_| PasswordError::OutOfMemory)?;
    piece.resize(blocks.max(piece.len()), Block::new());
    let outcome = argon2.hash_password_into_with_memory(password, salt, into, &mut piece[..blocks]);
    if piece.len() <= MOST_KEPT {
        lock().push(piece);
    }
    Ok(outcome?)
}

fn lock() -> std::sync::MutexGuard<'static, Vec<Vec<Block>>> {
    // Nothing is done under the lock that could leave it half done.
    PIECES.lock().unwrap_or_else(PoisonError::into_inner)
}
