//! Password hashes: argon2id for those we make, and what Laravel may have written for those we find.

use argon2::{Algorithm, Argon2, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use unicode_normalization::{UnicodeNormalization as _, is_nfc};
use zeroize::Zeroizing;

use super::memory;
use super::secret::{Secret, random};
use super::stored::Stored;

pub use super::hasher::Hasher;
pub use super::params::{MAX_BYTES, Params, PasswordError};

/// What comparing a password with a stored hash found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "an unread check lets everyone in"]
pub enum Checked {
    /// It is the password.
    Match {
        /// Whether the hash should be made anew: another algorithm, another cost (lower *or*
        /// higher, as Laravel's `needsRehash`), or a password that was not normalised.
        outdated: bool,
    },
    /// It is not, or the stored text is no hash we know.
    Mismatch,
}

/// The password in Unicode's composed form (NFC, UAX #15).
///
/// An `é` is one code point from most keyboards and two from some; without this, a password set
/// on one machine fails on another (RFC 8265 §4.2.2). Laravel does not do this.
pub fn normalize(password: &str) -> Secret<String> {
    // Sized for the worst case, NFC's threefold growth: a String that moved would leave a copy.
    let mut normalized = String::with_capacity(password.len().saturating_mul(3));
    normalized.extend(password.nfc());
    Secret::new(normalized)
}

/// Hashes a password with argon2id (RFC 9106), as a PHC string with a fresh 16-byte salt and a
/// 32-byte tag. PHP's `password_verify` reads it.
///
/// # Errors
///
/// When the password is longer than [`MAX_BYTES`], or the parameters or the memory do not suffice.
#[cfg(test)]
pub fn hash(password: &str, params: Params) -> Result<String, PasswordError> {
    let normalized = normalize(password);
    if normalized.expose().len() > MAX_BYTES {
        return Err(PasswordError::TooLong);
    }
    hash_normalized(&normalized, params)
}

/// [`hash`] without the limit on length, for passwords already accepted.
pub(super) fn hash_normalized(
    password: &Secret<String>,
    params: Params,
) -> Result<String, PasswordError> {
    let argon2 = argon2id(params)?;
    let salt = random::<16>();
    let mut tag = Zeroizing::new([0; 32]);
    memory::compute(&argon2, password.expose().as_bytes(), &salt, &mut *tag)?;
    Ok(phc_text(params, &salt, &tag))
}

/// argon2id at that cost, for tags of 32 bytes.
pub(super) fn argon2id(params: Params) -> Result<Argon2<'static>, PasswordError> {
    params.validate()?;
    let cost = argon2::Params::new(
        params.memory_kib,
        params.iterations,
        params.parallelism,
        Some(32),
    )?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, cost))
}

/// Compares a password with a stored hash: argon2id, argon2i, or bcrypt.
///
/// Anything else (an empty column, garbage, a cost beyond the ceilings) is a mismatch; no stored
/// text can make this panic or accept. The normalised password is tried first, then, when it
/// differs, the text as it was typed: hashes from Laravel were made from that.
///
/// This blocks for as long as a hash takes. Requests go through [`Hasher`].
#[cfg(test)]
pub fn check(password: &str, stored: &str, params: Params) -> Checked {
    try_check(password, stored, params).unwrap_or(Checked::Mismatch)
}

/// [`check`], telling a machine without memory from a wrong password.
pub(super) fn try_check(
    password: &str,
    stored: &str,
    params: Params,
) -> Result<Checked, PasswordError> {
    let Some(stored) = Stored::parse(stored) else {
        return Ok(Checked::Mismatch);
    };
    if stored.matches(normalize(password).expose())? {
        let outdated = !stored.is_current(params);
        return Ok(Checked::Match { outdated });
    }
    // Also tried on hashes we made, where it cannot succeed: skipping it would show, in time,
    // which users came from Laravel.
    if !is_nfc(password) && stored.matches(password)? {
        return Ok(Checked::Match { outdated: true });
    }
    Ok(Checked::Mismatch)
}

/// Whether a stored text is a hash [`check`] can ever match: for the doctor, and for adopting a
/// database, where a column of something else should be found before the users find it.
pub fn is_supported(stored: &str) -> bool {
    Stored::parse(stored).is_some()
}

/// A hash no password is known to match, as costly to check as a real one: for logins with a name
/// that does not exist, which must take as long as any other.
///
/// Salt and tag are random. Hashing a random secret would give the same kind of text, only later.
pub fn dummy(params: Params) -> String {
    phc_text(params, &random(), &random())
}

fn phc_text(params: Params, salt: &[u8; 16], tag: &[u8; 32]) -> String {
    let Params {
        memory_kib,
        iterations,
        parallelism,
    } = params;
    let salt = STANDARD_NO_PAD.encode(salt);
    let tag = STANDARD_NO_PAD.encode(tag);
    format!("$argon2id$v=19$m={memory_kib},t={iterations},p={parallelism}${salt}${tag}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Params = Params {
        memory_kib: 64,
        iterations: 2,
        parallelism: 1,
    };
    const CURRENT: Checked = Checked::Match { outdated: false };
    const OUTDATED: Checked = Checked::Match { outdated: true };

    /// Hashes of "password" that other programs made: Laravel's user factory, then the reference
    /// implementations of bcrypt and argon2.
    const FOREIGN: [&str; 7] = [
        "$2y$10$92IXUNpkjO0rOQ5byMi.Ye4oKoEa3Ro9llC/.og/at2.uheWG/igi",
        "$2a$04$abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cNEySvxngrb/Jzdm",
        "$2b$04$abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cNEySvxngrb/Jzdm",
        "$2x$04$abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cNEySvxngrb/Jzdm",
        "$argon2i$v=19$m=4096,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$Y/H/PmCBWu+LUKQ7df/Q4WVgx/Y6Nlrndx+7Y+D04DU",
        "$argon2i$m=512,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$shstuqd1l0bzyPJbmNscRRUbhEc+H2orqPilgb/FH00",
        "$argon2id$v=19$m=1024,t=2,p=2$MDEyMzQ1Njc4OWFiY2RlZg$xKSP09eeH6wk36p+Ny6/Q8LUM39w3RQEE2oieH9Jpv4",
    ];
    /// "password" at the cost Laravel's argon2id driver has by default.
    const LARAVEL_ARGON2ID: &str = "$argon2id$v=19$m=65536,t=4,p=1$MDEyMzQ1Njc4OWFiY2RlZg$eQLWErklVq+vIb6/phVKctt1DCY0STeMTIDgEMeA7S0";
    /// `Crème Brûlée`, decomposed, at the cost of `CHEAP`.
    const DECOMPOSED: &str = "$argon2id$v=19$m=64,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$/jCci/3fWw3PwJy6BioLmKV5MGsOOAy+T5SJPb6YFao";
    /// The bcrypt of the letter "a" alone, and of 72 times "x".
    const BCRYPT_A: &str = "$2b$04$abcdefghijklmnopqrstuuMFdJu9yVgmagVAIC24fOZkaFqd3s9JC";
    const BCRYPT_72: &str = "$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i";

    #[test]
    fn a_hash_is_argon2id_with_the_given_cost_and_checks_out() {
        let stored = hash("correct horse", CHEAP).expect("it can be hashed");
        assert!(
            stored.starts_with("$argon2id$v=19$m=64,t=2,p=1$"),
            "{stored}"
        );
        let parts: Vec<&str> = stored.split('$').collect();
        assert_eq!(
            (parts[4].len(), parts[5].len()),
            (22, 43),
            "16 and 32 bytes"
        );
        assert_eq!(check("correct horse", &stored, CHEAP), CURRENT);
        assert_eq!(check("correct horsf", &stored, CHEAP), Checked::Mismatch);
        assert_eq!(check("", &stored, CHEAP), Checked::Mismatch);
        assert_ne!(
            stored,
            hash("correct horse", CHEAP).expect("it can be hashed")
        );
    }

    #[test]
    fn hashes_from_elsewhere_match_and_are_outdated() {
        for stored in FOREIGN {
            assert!(is_supported(stored));
            assert_eq!(check("password", stored, CHEAP), OUTDATED, "{stored}");
            assert_eq!(
                check("Password", stored, CHEAP),
                Checked::Mismatch,
                "{stored}"
            );
        }
    }

    #[test]
    fn laravels_argon2id_is_current_only_under_its_own_cost() {
        let same = Params {
            memory_kib: 65_536,
            iterations: 4,
            parallelism: 1,
        };
        assert_eq!(check("password", LARAVEL_ARGON2ID, same), CURRENT);
        assert_eq!(
            check("password", LARAVEL_ARGON2ID, Params::default()),
            OUTDATED
        );
    }

    #[test]
    fn a_hash_of_another_cost_is_outdated_in_either_direction() {
        let stored = hash("secret", CHEAP).expect("it can be hashed");
        let others = [
            Params {
                memory_kib: 63,
                ..CHEAP
            },
            Params {
                memory_kib: 65,
                ..CHEAP
            },
            Params {
                iterations: 1,
                ..CHEAP
            },
            Params {
                iterations: 3,
                ..CHEAP
            },
            Params {
                parallelism: 2,
                ..CHEAP
            },
        ];
        for params in others {
            assert_eq!(check("secret", &stored, params), OUTDATED, "{params:?}");
        }
    }

    #[test]
    fn composed_and_decomposed_spellings_are_one_password() {
        let (composed, decomposed) = ("Cr\u{e8}me", "Cre\u{300}me");
        assert_eq!(normalize(decomposed).expose(), composed);
        for (set, typed) in [(composed, decomposed), (decomposed, composed)] {
            let stored = hash(set, CHEAP).expect("it can be hashed");
            assert_eq!(check(typed, &stored, CHEAP), CURRENT);
        }
    }

    #[test]
    fn a_hash_of_a_decomposed_spelling_still_matches_and_is_outdated() {
        let typed = "Cre\u{300}me Bru\u{302}le\u{301}e";
        assert_eq!(check(typed, DECOMPOSED, CHEAP), OUTDATED);
        // Nobody can guess which decomposition was hashed, so the other spelling cannot match.
        assert_eq!(
            check(normalize(typed).expose(), DECOMPOSED, CHEAP),
            Checked::Mismatch
        );
    }

    #[test]
    fn nul_bytes_are_part_of_a_password() {
        let stored = hash("pass\0word", CHEAP).expect("it can be hashed");
        assert_eq!(check("pass\0word", &stored, CHEAP), CURRENT);
        assert_eq!(check("pass", &stored, CHEAP), Checked::Mismatch);
        assert_eq!(check("password\0", FOREIGN[0], CHEAP), Checked::Mismatch);
        assert_eq!(check("\0", FOREIGN[2], CHEAP), Checked::Mismatch);
    }

    #[test]
    fn bcrypt_does_not_mistake_a_repeated_password_for_the_password() {
        assert_eq!(check("a", BCRYPT_A, CHEAP), OUTDATED);
        assert_eq!(check("a\0a", BCRYPT_A, CHEAP), Checked::Mismatch);
    }

    #[test]
    fn bcrypt_reads_72_bytes_as_php_does() {
        for len in [72, 73, 5000] {
            assert_eq!(check(&"x".repeat(len), BCRYPT_72, CHEAP), OUTDATED);
        }
        assert_eq!(check(&"x".repeat(71), BCRYPT_72, CHEAP), Checked::Mismatch);
    }

    #[test]
    fn the_limit_counts_normalised_bytes() {
        assert!(hash(&"x".repeat(MAX_BYTES), CHEAP).is_ok());
        assert_eq!(
            hash(&"x".repeat(MAX_BYTES + 1), CHEAP),
            Err(PasswordError::TooLong)
        );
        assert!(
            hash(&"e\u{301}".repeat(512), CHEAP).is_ok(),
            "1536 bytes become 1024"
        );
    }

    #[test]
    fn the_dummy_matches_nothing_and_costs_what_a_hash_costs() {
        let stored = dummy(CHEAP);
        assert!(Stored::parse(&stored).is_some_and(|stored| stored.is_current(CHEAP)));
        assert_eq!(check("", &stored, CHEAP), Checked::Mismatch);
        assert_eq!(check("password", &stored, CHEAP), Checked::Mismatch);
        assert_ne!(stored, dummy(CHEAP));
    }
}
