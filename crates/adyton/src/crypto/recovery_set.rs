//! Recovery codes as a database holds them: hashed like passwords, a whole set in one text.
//!
//! NIST SP 800-63B-4 §3.1.2 wants look-up secrets of fewer than 112 bits hashed as passwords are,
//! with a salt. One salt serves the whole set: the codes are random and differ, so nothing is given
//! away, and one computation checks a candidate against all of them. No master key is involved, so
//! rotating keys cannot lose a code.

use argon2::Argon2;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use zeroize::Zeroizing;

use super::hasher::{Busy, Hasher};
use super::memory;
use super::params::{Params, PasswordError};
use super::password::argon2id;
use super::recovery::{CodeShape, normalize};
use super::secret::{Secret, equal, random};

/// The number before every stored set, for the day of another format.
const VERSION: u8 = 1;

/// Bytes of the salt.
const SALT_LENGTH: usize = 16;

/// Bytes of a code's hash.
const TAG_LENGTH: usize = 32;

/// The most codes one set may have. Each takes the work of a password when the set is made.
pub const MOST_CODES: usize = 32;

/// The longest text that is read as a set, in bytes; a full one has about 1600.
const LONGEST_TEXT: usize = 4096;

/// The hashes of the codes that an account has left, in their order.
#[derive(Clone, Debug)]
pub struct RecoverySet {
    params: Params,
    is_folded: bool,
    salt: [u8; SALT_LENGTH],
    tags: Vec<[u8; TAG_LENGTH]>,
}

/// What should be a set of recovery codes is none: no code matches it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the stored recovery codes cannot be read")]
pub struct UnreadableSet;

/// The stored text: compact JSON, in this order.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SetText {
    v: u8,
    salt: String,
    m: u32,
    t: u32,
    p: u32,
    fold: bool,
    codes: Vec<String>,
}

impl RecoverySet {
    /// Reads a stored set.
    ///
    /// # Errors
    ///
    /// When it is none, or its cost is beyond the ceilings for passwords: one row of a database
    /// must not stop the server.
    pub fn parse(text: &str) -> Result<Self, UnreadableSet> {
        if text.len() > LONGEST_TEXT {
            return Err(UnreadableSet);
        }
        let read: SetText = serde_json::from_str(text).map_err(|_| UnreadableSet)?;
        let params = Params {
            memory_kib: read.m,
            iterations: read.t,
            parallelism: read.p,
        };
        let is_readable =
            read.v == VERSION && read.codes.len() <= MOST_CODES && params.validate().is_ok();
        if !is_readable {
            return Err(UnreadableSet);
        }
        let tags: Option<Vec<_>> = read.codes.iter().map(|code| decode(code)).collect();
        Ok(Self {
            params,
            is_folded: read.fold,
            salt: decode(&read.salt).ok_or(UnreadableSet)?,
            tags: tags.ok_or(UnreadableSet)?,
        })
    }

    /// How many codes are left.
    pub fn len(&self) -> usize {
        self.tags.len()
    }

    /// Whether none is left.
    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        self.tags.is_empty()
    }

    /// The text of the set without one of its codes, to be stored in the place of the old text. An
    /// index that is not there leaves all.
    ///
    /// The same set always gives the same text, so the statement that stores it can ask that the
    /// old one is still there.
    pub fn without(&self, index: usize) -> String {
        let left = self.tags.iter().enumerate();
        self.text_of(left.filter(|(at, _)| *at != index).map(|(_, tag)| tag))
    }

    fn text(&self) -> String {
        self.text_of(self.tags.iter())
    }

    fn text_of<'a>(&self, tags: impl Iterator<Item = &'a [u8; TAG_LENGTH]>) -> String {
        let text = SetText {
            v: VERSION,
            salt: URL_SAFE_NO_PAD.encode(self.salt),
            m: self.params.memory_kib,
            t: self.params.iterations,
            p: self.params.parallelism,
            fold: self.is_folded,
            codes: tags.map(|tag| URL_SAFE_NO_PAD.encode(tag)).collect(),
        };
        serde_json::to_string(&text).expect("numbers and texts are always JSON")
    }

    fn make(
        codes: &[Secret<String>],
        is_folded: bool,
        params: Params,
    ) -> Result<Self, PasswordError> {
        let argon2 = argon2id(params)?;
        let salt = random();
        // What no candidate can ever match is left out: it would count as a code that is left.
        let codes = codes
            .iter()
            .filter_map(|code| normalize(code.expose(), is_folded));
        let tags = codes.map(|code| tag_of(&argon2, &code, &salt).map(|tag| *tag));
        Ok(Self {
            params,
            is_folded,
            salt,
            tags: tags.collect::<Result<_, _>>()?,
        })
    }

    /// The place of a code, after comparing it with every one of them.
    fn find(&self, code: &Secret<String>) -> Result<Option<usize>, PasswordError> {
        let computed = tag_of(&argon2id(self.params)?, code, &self.salt)?;
        let mut found = None;
        for (index, tag) in self.tags.iter().enumerate() {
            if equal(computed.as_slice(), tag) {
                found = Some(index);
            }
        }
        Ok(found)
    }
}

impl Hasher {
    /// Hashes a set of codes at the pool's cost, one after another in one thread, into the text to
    /// be stored. At most [`MOST_CODES`] of them; what is beyond is left out.
    ///
    /// # Errors
    ///
    /// [`Busy`] when the queue is full, the wait too long, or the memory exhausted.
    pub async fn hash_recovery_codes(
        &self,
        mut codes: Vec<Secret<String>>,
        shape: &CodeShape,
    ) -> Result<String, Busy> {
        let (params, is_folded) = (self.params(), shape.is_folded());
        codes.truncate(MOST_CODES);
        self.run(move || RecoverySet::make(&codes, is_folded, params).map(|set| set.text()))
            .await
    }

    /// Looks for a typed code among those of a set, at the cost they were made with: its index for
    /// [`RecoverySet::without`].
    ///
    /// All are compared, in constant time: time tells neither which one nor how many are left. What
    /// can be no code (empty, over 128 bytes, a NUL in it) matches nothing, and is not computed.
    ///
    /// # Errors
    ///
    /// [`Busy`] when the queue is full, the wait too long, or the memory exhausted.
    pub async fn find_recovery_code(
        &self,
        candidate: Secret<String>,
        set: RecoverySet,
    ) -> Result<Option<usize>, Busy> {
        match normalize(candidate.expose(), set.is_folded) {
            Some(code) => self.run(move || set.find(&code)).await,
            None => Ok(None),
        }
    }
}

fn tag_of(
    argon2: &Argon2<'_>,
    code: &Secret<String>,
    salt: &[u8; SALT_LENGTH],
) -> Result<Zeroizing<[u8; TAG_LENGTH]>, PasswordError> {
    let mut tag = Zeroizing::new([0; TAG_LENGTH]);
    memory::compute(argon2, code.expose().as_bytes(), salt, &mut *tag)?;
    Ok(tag)
}

fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests;
