//! Codes from an authenticator app: TOTP (RFC 6238) with SHA-1, six digits and steps of 30
//! seconds, which is what the apps implement whatever else an address asks for.
//!
//! Nothing here remembers. A code stays right for as long as the window is wide, and RFC 6238 §5.2
//! wants it accepted once: whoever calls [`check`] stores the step it gives and refuses that step
//! and all before it from then on.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use thiserror::Error;
use totp_rs::{Builder, Totp};
use zeroize::Zeroizing;

use super::secret::{Secret, equal, random};

/// Seconds in a step.
pub const STEP_SECONDS: u64 = 30;

/// Digits of a code.
const DIGITS: usize = 6;

/// Bytes of a secret we make: the 160 bits that RFC 4226 §4 recommends.
const SECRET_LENGTH: usize = 20;

/// Bytes of the shortest secret we take: the 80 bits that Fortify makes by default. RFC 4226 wants
/// 128, but to refuse these would lock out everybody brought over from Laravel.
const SHORTEST_SECRET: usize = 10;

/// Characters of the longest secret we read, blanks and padding included.
const LONGEST_SECRET_TEXT: usize = 512;

/// The longest text worth reading as a code: six digits with as many blanks as anyone types.
const LONGEST_CODE_TEXT: usize = 64;

/// What PHP's `rawurlencode` leaves as it is: the unreserved characters of RFC 3986 §2.3.
const RAW_URL: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// What an authenticator app and the server share.
#[derive(Clone, Debug)]
pub struct TotpSecret(Secret<Vec<u8>>);

/// A text is no secret that codes can be made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TotpSecretError {
    /// It is not base32, or too long to be meant as a secret.
    #[error("a second factor's secret is base32: the letters A to Z and the digits 2 to 7")]
    NotBase32,
    /// It could be guessed.
    #[error("a second factor's secret needs at least 80 bits: 16 characters of base32")]
    TooShort,
}

impl TotpSecret {
    /// A fresh secret of 160 bits.
    pub fn generate() -> Self {
        let bytes = Zeroizing::new(random::<SECRET_LENGTH>());
        Self(Secret::new(bytes.to_vec()))
    }

    /// Reads a secret from base32 (RFC 4648 §6), in capitals or not, with or without blanks and
    /// padding: as people and other programs write them down.
    ///
    /// # Errors
    ///
    /// When it is no base32, or has fewer than 80 bits.
    pub fn parse(text: &str) -> Result<Self, TotpSecretError> {
        if text.len() > LONGEST_SECRET_TEXT {
            return Err(TotpSecretError::NotBase32);
        }
        let mut letters = Zeroizing::new(String::with_capacity(text.len()));
        letters.extend(text.chars().filter(|letter| *letter != ' '));
        let letters = letters.trim_end_matches('=');
        // Characters come in groups of eight; groups of one, three and six end amid a byte.
        let is_whole = !matches!(letters.len() % 8, 1 | 3 | 6);
        if !is_whole || !letters.bytes().all(is_base32) {
            return Err(TotpSecretError::NotBase32);
        }
        let capitals = Zeroizing::new(letters.to_ascii_uppercase());
        let decoded =
            totp_rs::Secret::try_from_base32(&*capitals).map_err(|_| TotpSecretError::NotBase32)?;
        if decoded.as_bytes().len() < SHORTEST_SECRET {
            return Err(TotpSecretError::TooShort);
        }
        Ok(Self(Secret::new(decoded.as_bytes().to_vec())))
    }

    /// The secret in base32: capitals, no padding; 32 characters for one that we made.
    pub fn to_base32(&self) -> Secret<String> {
        Secret::new(totp_rs::Secret::from(self.0.expose().as_slice()).to_base32())
    }

    fn totp(&self) -> Totp {
        // The compliant builder refuses secrets of 80 bits. `parse` has seen to the length, and
        // the crate's defaults, SHA-1, six digits and 30 seconds, are said again for whoever reads.
        Builder::new()
            .with_algorithm(totp_rs::Algorithm::SHA1)
            .with_digits(DIGITS as u8)
            .with_step_duration(STEP_SECONDS)
            .with_secret(self.0.expose().as_slice())
            .build_noncompliant()
    }
}

fn is_base32(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || (b'2'..=b'7').contains(&byte)
}

/// The step whose code this is, among those from `window` steps before now to `window` after.
///
/// A step counts 30 seconds since 1970; `now_unix` is in seconds. With a window of one, a code is
/// taken for 90 seconds. Where two steps have the same code, the later one is given: a caller who
/// refuses all steps up to it then refuses the code for good.
///
/// The code is taken with blanks (U+0020) anywhere. Apart from them it has to be six ASCII digits.
/// All steps are always computed and compared in constant time, so that time tells nothing about
/// how near a guess was.
pub fn check(secret: &TotpSecret, code: &str, now_unix: i64, window: u8) -> Option<u64> {
    let typed = digits_of(code)?;
    let now = step_at(now_unix)?;
    let totp = secret.totp();
    let mut found = None;
    for offset in -i64::from(window)..=i64::from(window) {
        let step = now.checked_add_signed(offset);
        if step.is_some_and(|step| is_code_of(&totp, &typed, step)) {
            found = step;
        }
    }
    found
}

/// By how many steps of 30 seconds the phone is ahead of us (positive) or behind (negative), when
/// the code is right for a time at most `most_steps` away; zero when it is right for now. Of two
/// such times the nearer one is given.
///
/// For explaining a refusal, never for letting in. Being told "two minutes ahead" tells a guesser
/// that the code will be right in two minutes. So each such answer counts as a failed guess, and it
/// is given only to somebody who proved more than a password, or for a step (now plus the drift)
/// that is from then on refused as used.
pub fn drift(secret: &TotpSecret, code: &str, now_unix: i64, most_steps: u8) -> Option<i64> {
    let typed = digits_of(code)?;
    let now = step_at(now_unix)?;
    let totp = secret.totp();
    let mut found = None;
    // From far to near, so that the last one found is the nearest.
    for distance in (0..=i64::from(most_steps)).rev() {
        for offset in [-distance, distance] {
            let step = now.checked_add_signed(offset);
            if step.is_some_and(|step| is_code_of(&totp, &typed, step)) {
                found = Some(offset);
            }
        }
    }
    found
}

/// The address that an authenticator app reads from a QR code, byte for byte as Fortify writes it:
/// a literal colon between the names, both encoded by PHP's `rawurlencode`.
pub fn provisioning_url(issuer: &str, account: &str, secret: &TotpSecret) -> Secret<String> {
    let issuer = utf8_percent_encode(issuer, RAW_URL);
    let account = utf8_percent_encode(account, RAW_URL);
    let secret = secret.to_base32();
    let secret = secret.expose();
    Secret::new(format!(
        "otpauth://totp/{issuer}:{account}?secret={secret}&issuer={issuer}\
         &algorithm=SHA1&digits={DIGITS}&period={STEP_SECONDS}"
    ))
}

/// The six digits that a code consists of, without its blanks.
///
/// ASCII only: other digits are digits to Unicode but to no authenticator app.
fn digits_of(code: &str) -> Option<Zeroizing<[u8; DIGITS]>> {
    if code.len() > LONGEST_CODE_TEXT {
        return None;
    }
    let mut digits = Zeroizing::new([0; DIGITS]);
    let mut count = 0;
    for byte in code.bytes().filter(|byte| *byte != b' ') {
        *digits.get_mut(count)? = byte;
        count += 1;
    }
    (count == DIGITS && digits.iter().all(u8::is_ascii_digit)).then_some(digits)
}

/// The step of a moment; there is none before 1970.
fn step_at(unix: i64) -> Option<u64> {
    Some(u64::try_from(unix).ok()? / STEP_SECONDS)
}

fn is_code_of(totp: &Totp, typed: &[u8; DIGITS], step: u64) -> bool {
    let code = Zeroizing::new(totp.generate(step * STEP_SECONDS).to_string());
    equal(code.as_bytes(), typed)
}

#[cfg(test)]
mod tests;
