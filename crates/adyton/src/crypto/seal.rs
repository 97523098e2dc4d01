//! Secrets at rest: sealed before they go into a table, opened when they come out.
//!
//! A sealed text is `v1.<key id>.<nonce>.<ciphertext>`: XChaCha20-Poly1305, the construction of
//! RFC 8439 with the longer nonce of draft-irtf-cfrg-xchacha, whose 192 bits may be drawn at random
//! without ever keeping count. Nonce and ciphertext are unpadded base64url (RFC 4648 §5). The key id
//! says which key to try, so that master keys can be rotated while old texts stay readable.

use std::fmt;
use std::str;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::{AeadInOut as _, KeyInit as _, XChaCha20Poly1305};
use thiserror::Error;
use zeroize::Zeroizing;

use super::keys::Keys;
use super::secret::{Secret, hex, random};

/// Stands before every sealed text and is authenticated with it, for the day of another format.
const VERSION: &str = "v1";

/// The label of the value that a key id is cut from. No key is ever derived by it.
const ID_LABEL: &str = "key-id";

/// How many hexadecimal digits a key id has: enough to tell a handful of keys apart.
const ID_LENGTH: usize = 8;

/// Bytes of a nonce.
const NONCE_LENGTH: usize = 24;

/// Bytes that a ciphertext is longer than what it hides.
const TAG_LENGTH: usize = 16;

impl Keys {
    /// Seals and opens what belongs to one purpose, for instance `"totp"`.
    pub(crate) fn sealer(&self, label: &'static str) -> Sealer {
        let derived = Zeroizing::new(self.derive_all(label));
        let keys = self.ids().into_iter().zip(derived.iter());
        Sealer {
            keys: keys
                .map(|(id, key)| SealingKey {
                    id,
                    key: Secret::new(*key),
                })
                .collect(),
        }
    }

    /// The ids of all master keys, the current one first: eight hexadecimal digits each, that tell
    /// nothing of the key.
    pub(crate) fn ids(&self) -> Vec<String> {
        self.derive_all(ID_LABEL).iter().map(id_from).collect()
    }
}

fn id_from(derived: &[u8; 32]) -> String {
    hex(&derived[..ID_LENGTH / 2])
}

/// Seals with the current key, opens with any. There is one for each purpose: what another one
/// sealed is forged to this one.
#[derive(Clone)]
pub struct Sealer {
    /// The current key first. There is always one.
    keys: Vec<SealingKey>,
}

#[derive(Clone)]
struct SealingKey {
    id: String,
    key: Secret<[u8; 32]>,
}

/// What was sealed.
#[derive(Debug)]
#[must_use]
pub struct Opened {
    /// The bytes that were given to [`Sealer::seal`].
    pub plain: Secret<Vec<u8>>,
    /// Whether it was sealed with the current key. If not, seal it again when there is occasion.
    pub is_current: bool,
}

impl Opened {
    /// The bytes as text.
    ///
    /// # Errors
    ///
    /// [`SealError::Malformed`] when they are no UTF-8.
    pub fn text(&self) -> Result<Secret<String>, SealError> {
        str::from_utf8(self.plain.expose())
            .map(Secret::from)
            .map_err(|_| SealError::Malformed)
    }
}

/// Why a text could not be opened. None of these may ever let anyone in.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SealError {
    /// It has not the form of a sealed text.
    #[error("not a sealed text")]
    Malformed,
    /// It was sealed with a master key that is neither the current one nor a previous one.
    #[error("sealed with the key {kid}, which is neither the current key nor a previous one")]
    UnknownKey {
        /// The key's id, as the text gives it.
        kid: String,
    },
    /// It was changed, or moved here from another place.
    #[error("a sealed text was changed, or is not in its place")]
    Forged,
}

impl Sealer {
    /// Seals some bytes for one place.
    ///
    /// The context names the place, for instance table, column and row id: a text that is copied
    /// into another row does not open there, so nobody who can write the table can give an account
    /// the second factor of another.
    pub fn seal(&self, plain: &[u8], context: &[&str]) -> String {
        self.seal_with(random(), plain, context)
    }

    /// Opens what [`Sealer::seal`] gave, in the same place.
    ///
    /// # Errors
    ///
    /// When it is no sealed text, its key is not here, or it is not what was sealed for this place.
    pub fn open(&self, text: &str, context: &[&str]) -> Result<Opened, SealError> {
        let sealed = Sealed::parse(text).ok_or(SealError::Malformed)?;
        let mut is_known = false;
        for (index, key) in self.keys.iter().enumerate() {
            if key.id != sealed.kid {
                continue;
            }
            is_known = true;
            // Two keys may have one id by chance, so a failure tries the next one.
            if let Some(plain) = sealed.open_with(&key.key, context) {
                let is_current = index == 0;
                return Ok(Opened { plain, is_current });
            }
        }
        Err(if is_known {
            SealError::Forged
        } else {
            SealError::UnknownKey {
                kid: sealed.kid.to_owned(),
            }
        })
    }

    /// The id of the key that this seals with.
    #[cfg(test)]
    fn current_kid(&self) -> &str {
        &self.current().id
    }

    fn current(&self) -> &SealingKey {
        self.keys
            .first()
            .expect("there is always a current master key")
    }

    fn seal_with(&self, nonce: [u8; NONCE_LENGTH], plain: &[u8], context: &[&str]) -> String {
        let SealingKey { id, key } = self.current();
        // With room for the tag: a Vec that moved would leave a copy of the secret.
        let mut buffer = Zeroizing::new(Vec::with_capacity(plain.len() + TAG_LENGTH));
        buffer.extend_from_slice(plain);
        XChaCha20Poly1305::new(key.expose().into())
            .encrypt_in_place(&nonce.into(), &associated_data(context), &mut *buffer)
            .expect("nothing that fits into memory is too long for the cipher");
        let nonce = URL_SAFE_NO_PAD.encode(nonce);
        let ciphertext = URL_SAFE_NO_PAD.encode(&*buffer);
        format!("{VERSION}.{id}.{nonce}.{ciphertext}")
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<&str> = self.keys.iter().map(|key| key.id.as_str()).collect();
        formatter
            .debug_struct("Sealer")
            .field("keys", &ids)
            .finish()
    }
}

/// The id of the key that a text was sealed with, read without opening it: to count how many texts
/// still need a previous key. `None` when it is no sealed text.
pub fn kid_of(text: &str) -> Option<&str> {
    let (kid, _) = text
        .strip_prefix(VERSION)?
        .strip_prefix('.')?
        .split_once('.')?;
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    (kid.len() == ID_LENGTH && kid.bytes().all(is_hex)).then_some(kid)
}

/// A sealed text, taken apart.
struct Sealed<'a> {
    kid: &'a str,
    nonce: [u8; NONCE_LENGTH],
    ciphertext: Vec<u8>,
}

impl<'a> Sealed<'a> {
    /// Each sealed value has one text only: base64url is read without padding, blanks or leftover
    /// bits, so comparing the texts of a column compares what they hold.
    fn parse(text: &'a str) -> Option<Self> {
        let kid = kid_of(text)?;
        let mut parts = text.split('.').skip(2);
        let nonce = URL_SAFE_NO_PAD.decode(parts.next()?).ok()?;
        let ciphertext = URL_SAFE_NO_PAD.decode(parts.next()?).ok()?;
        let is_whole = parts.next().is_none() && ciphertext.len() >= TAG_LENGTH;
        let nonce = nonce.try_into().ok()?;
        is_whole.then_some(Self {
            kid,
            nonce,
            ciphertext,
        })
    }

    fn open_with(&self, key: &Secret<[u8; 32]>, context: &[&str]) -> Option<Secret<Vec<u8>>> {
        let mut buffer = Zeroizing::new(self.ciphertext.clone());
        XChaCha20Poly1305::new(key.expose().into())
            .decrypt_in_place(&self.nonce.into(), &associated_data(context), &mut *buffer)
            .ok()?;
        Some(Secret::new(std::mem::take(&mut *buffer)))
    }
}

/// The version and the parts of the context, each after its length as a little-endian `u64`:
/// `["a", "bc"]` is another place than `["ab", "c"]`.
fn associated_data(context: &[&str]) -> Vec<u8> {
    let mut data = Vec::new();
    for part in std::iter::once(&VERSION).chain(context) {
        data.extend_from_slice(&(part.len() as u64).to_le_bytes());
        data.extend_from_slice(part.as_bytes());
    }
    data
}

#[cfg(test)]
mod tests;
