//! A password hash as a database holds it: which formats we read, and comparing a password with one.

use argon2::password_hash::phc::{Ident, Output, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Version};
use bcrypt::HashParts;
use zeroize::Zeroizing;

use super::memory;
use super::params::{MAX_ITERATIONS, MAX_MEMORY_KIB, MAX_PARALLELISM, Params, PasswordError};
use super::secret::equal;

/// The highest bcrypt cost we compute: about four seconds. Laravel writes 10 or 12.
const MAX_BCRYPT_COST: u32 = 16;

/// A hash in a format we can compare a password with.
pub(super) enum Stored {
    /// argon2id or argon2i, as PHP's `password_hash` and Adyton write it.
    Argon2(Box<Argon2Hash>),
    /// bcrypt, Laravel's default: the checked text, for the bcrypt crate to take apart.
    Bcrypt(String),
}

/// The fields of an argon2 hash.
pub(super) struct Argon2Hash {
    algorithm: Algorithm,
    version: Version,
    params: argon2::Params,
    salt: Salt,
    tag: Output,
}

impl Stored {
    /// Recognises a hash; `None` for everything else and for costs beyond the ceilings, which
    /// would let one row of a database stop the server.
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text.get(..4)? {
            "$2a$" | "$2b$" | "$2x$" | "$2y$" => parse_bcrypt(text).map(Self::Bcrypt),
            _ => parse_argon2(text).map(|hash| Self::Argon2(Box::new(hash))),
        }
    }

    /// Whether exactly this text was hashed.
    pub(super) fn matches(&self, password: &str) -> Result<bool, PasswordError> {
        match self {
            Self::Argon2(hash) => hash.matches(password),
            Self::Bcrypt(text) => {
                let is_match = bcrypt::verify(password, text).unwrap_or(false);
                // bcrypt repeats the password and a NUL to 72 bytes, so "a" and "a\0a" hash alike.
                // Deliberately stricter than PHP, which reads up to the first NUL.
                Ok(is_match && !password.contains('\0'))
            }
        }
    }

    /// Whether we would write this hash the same way today.
    pub(super) fn is_current(&self, params: Params) -> bool {
        match self {
            Self::Argon2(hash) => hash.is_current(params),
            Self::Bcrypt(_) => false,
        }
    }
}

impl Argon2Hash {
    fn matches(&self, password: &str) -> Result<bool, PasswordError> {
        let mut buffer = Zeroizing::new([0; Output::MAX_LENGTH]);
        let computed = &mut buffer[..self.tag.len()];
        let argon2 = Argon2::new(self.algorithm, self.version, self.params.clone());
        memory::compute(&argon2, password.as_bytes(), &self.salt, computed)?;
        Ok(equal(computed, self.tag.as_bytes()))
    }

    fn is_current(&self, params: Params) -> bool {
        self.algorithm == Algorithm::Argon2id
            && self.version == Version::V0x13
            && self.params.m_cost() == params.memory_kib
            && self.params.t_cost() == params.iterations
            && self.params.p_cost() == params.parallelism
    }
}

/// `$2?$` two digits of cost `$`, then 22 characters of salt and 31 of hash.
///
/// The four letters share one computation here. `x` marks hashes of a PHP before 5.3.7 that read
/// non-ASCII passwords wrongly: such a password does not match, an ASCII one does.
fn parse_bcrypt(text: &str) -> Option<String> {
    let parts: HashParts = text.parse().ok()?;
    // The crate reads the cost as any number, a sign included; crypt(3) wants two digits.
    let has_two_digits = text.as_bytes().get(4..6)?.iter().all(u8::is_ascii_digit);
    let is_bearable = (4..=MAX_BCRYPT_COST).contains(&parts.get_cost());
    (has_two_digits && is_bearable).then(|| text.to_owned())
}

/// `$argon2id$v=19$m=…,t=…,p=…$salt$hash` (the PHC string format).
///
/// argon2d is left out: PHP never writes it, and it is the variant that leaks through timing.
fn parse_argon2(text: &str) -> Option<Argon2Hash> {
    let parsed = PasswordHash::new(text).ok()?;
    let algorithm = match parsed.algorithm.as_str() {
        "argon2id" => Algorithm::Argon2id,
        "argon2i" => Algorithm::Argon2i,
        _ => return None,
    };
    // Without `v=` the reference decoder means 1.0, and PHP uses that decoder.
    let version = match parsed.version {
        Some(number) => Version::try_from(number).ok()?,
        None => Version::V0x10,
    };
    Some(Argon2Hash {
        algorithm,
        version,
        params: bearable_params(&parsed)?,
        salt: parsed.salt?,
        tag: parsed.hash?,
    })
}

/// The cost of a hash, unless it is beyond the ceilings.
///
/// `m`, `t` and `p` must be there once each and alone. The argon2 crate lets a repeated parameter
/// override the first and fills in a missing one, so a ceiling held against the text could be
/// held against another number than the one computed with.
fn bearable_params(parsed: &PasswordHash) -> Option<argon2::Params> {
    let names: Vec<Ident> = parsed.params.iter().map(|(name, _)| name).collect();
    let is_whole = names.len() == 3
        && ["m", "t", "p"]
            .iter()
            .all(|wanted| names.iter().any(|name| name.as_str() == *wanted));
    let params = argon2::Params::try_from(parsed).ok()?;
    let is_bearable = params.m_cost() <= MAX_MEMORY_KIB
        && params.t_cost() <= MAX_ITERATIONS
        && params.p_cost() <= MAX_PARALLELISM;
    (is_whole && is_bearable).then_some(params)
}

#[cfg(test)]
mod tests {
    use super::super::password::{Checked, check};
    use super::super::secret::{random, random_alphanumeric};
    use super::*;

    const CHEAP: Params = Params {
        memory_kib: 64,
        iterations: 1,
        parallelism: 1,
    };
    const BCRYPT: &str = "$2y$04$abcdefghijklmnopqrstuughE8Ev8uGFaUgY2cNEySvxngrb/Jzdm";
    const SALT_AND_TAG: &str =
        "$MDEyMzQ1Njc4OWFiY2RlZg$eQLWErklVq+vIb6/phVKctt1DCY0STeMTIDgEMeA7S0";

    fn refused(stored: &str) {
        assert!(Stored::parse(stored).is_none(), "{stored:?}");
        assert_eq!(check("password", stored, CHEAP), Checked::Mismatch);
        assert_eq!(check(stored, stored, CHEAP), Checked::Mismatch);
        assert_eq!(check("", stored, CHEAP), Checked::Mismatch);
    }

    #[test]
    fn what_is_no_hash_is_refused() {
        let texts = [
            "",
            " ",
            "\0",
            "0",
            "null",
            "NULL",
            "password",
            "$",
            "$$",
            "$$$$",
            "$2y$",
            "$2y$10$",
            "\u{20ac}",
            "a\u{20ac}b",
            "$2y\u{e9}",
            "$2y$10\u{20ac}",
            "$argon2id",
            "$argon2id$",
            "$argon2id$v=19",
            "$argon2id$v=19$m=64,t=1,p=1",
            "5f4dcc3b5aa765d61d8327deb882cf99",
            "$1$salt$hash",
            "$6$rounds=5000$salt$hash",
            "{SSHA}abc",
            "$2$04$abc",
            "*",
            "!",
        ];
        texts.into_iter().for_each(refused);
    }

    #[test]
    fn a_damaged_bcrypt_hash_is_refused() {
        assert!(Stored::parse(BCRYPT).is_some());
        for length in 0..BCRYPT.len() {
            refused(&BCRYPT[..length]);
        }
        refused(&format!("{BCRYPT} "));
        refused(&format!(" {BCRYPT}"));
        refused(&format!("{BCRYPT}\0"));
        for version in ["$2c$", "$2Y$", "$2z$", "$20$"] {
            refused(&BCRYPT.replacen("$2y$", version, 1));
        }
    }

    #[test]
    fn a_bcrypt_cost_out_of_bounds_is_refused() {
        for cost in [
            "00", "03", "17", "31", "32", "99", "+4", "-4", " 4", "4 ", "4$", "ab",
        ] {
            refused(&BCRYPT.replacen("$04$", &format!("${cost}$"), 1));
        }
    }

    #[test]
    fn an_argon2_cost_out_of_bounds_is_refused() {
        let costs = [
            "m=1048577,t=1,p=1",
            "m=4294967295,t=1,p=1",
            "m=4294967296,t=1,p=1",
            "m=7,t=1,p=1",
            "m=0,t=1,p=1",
            "m=64,t=0,p=1",
            "m=64,t=65,p=1",
            "m=64,t=1,p=0",
            "m=1024,t=1,p=17",
            "m=64,t=1,p=16777215",
            "m=-64,t=1,p=1",
            "m=64,t=1",
            "t=1,p=1",
            "m=64,p=1",
            "m=,t=,p=",
            "m=64,t=1,p=1,x=1",
            "m=64,m=64,t=1,p=1",
            "m=64,m=4294967295,t=1,p=1",
            "m=64,m=4294967295,p=1",
            "m=64,t=1,t=65",
            "m=064,t=1,p=1",
        ];
        for cost in costs {
            for algorithm in ["argon2id", "argon2i"] {
                refused(&format!("${algorithm}$v=19${cost}{SALT_AND_TAG}"));
            }
        }
    }

    #[test]
    fn a_damaged_or_foreign_argon2_hash_is_refused() {
        let good = format!("$argon2id$v=19$m=64,t=1,p=1{SALT_AND_TAG}");
        assert!(Stored::parse(&good).is_some());
        for algorithm in [
            "argon2d",
            "argon2",
            "Argon2id",
            "argon2ix",
            "scrypt",
            "pbkdf2-sha256",
        ] {
            refused(&good.replacen("argon2id", algorithm, 1));
        }
        for version in ["v=0", "v=17", "v=20", "v=", "v=x"] {
            refused(&good.replacen("v=19", version, 1));
        }
        refused(&format!("{good}$"));
        refused(&format!("{good}="));
        refused(&format!("{good}\n"));
        refused(&good[..good.rfind('$').expect("it has fields")]);
    }

    #[test]
    fn no_truncated_argon2_hash_matches() {
        let good = super::super::password::hash("password", CHEAP).expect("it can be hashed");
        for length in 0..good.len() {
            assert_eq!(
                check("password", &good[..length], CHEAP),
                Checked::Mismatch,
                "{length}"
            );
        }
    }

    #[test]
    fn two_hundred_random_texts_are_refused() {
        let starts = [
            "",
            "$",
            "$2y$10$",
            "$2b$04$",
            "$argon2id$",
            "$argon2id$v=19$m=64,t=1,p=1$",
        ];
        for round in 0..200 {
            let start = starts[round % starts.len()];
            let noise = match round % 3 {
                0 => random_alphanumeric(round % 70),
                1 => String::from_utf8_lossy(&random::<48>()).into_owned(),
                _ => random::<53>()
                    .iter()
                    .map(|byte| char::from(byte & 0x7f))
                    .collect(),
            };
            refused(&format!("{start}{noise}"));
        }
    }
}
