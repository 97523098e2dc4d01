//! How long a password may be, what its hash may cost, and what can keep one from being made.

use thiserror::Error;

/// The longest password anyone may choose, in bytes of its normalised form.
///
/// NIST SP 800-63B asks for at least 64 characters. The limit is for setting a password: a check
/// takes any length, or a user brought over from Laravel with a longer one could never log in.
pub const MAX_BYTES: usize = 1024;

/// The most memory one hash may take: 1 GiB.
pub const MAX_MEMORY_KIB: u32 = 1024 * 1024;

/// The most passes one hash may make.
pub const MAX_ITERATIONS: u32 = 64;

/// The most lanes one hash may have.
pub const MAX_PARALLELISM: u32 = 16;

/// What a new argon2id hash costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Params {
    /// Memory in KiB (`m`).
    pub memory_kib: u32,
    /// Passes over the memory (`t`).
    pub iterations: u32,
    /// Lanes (`p`). They are computed one after another: one hash keeps one thread busy.
    pub parallelism: u32,
}

impl Default for Params {
    /// The floor OWASP recommends for argon2id: 19 MiB, two passes, one lane.
    fn default() -> Self {
        Self {
            memory_kib: 19_456,
            iterations: 2,
            parallelism: 1,
        }
    }
}

impl Params {
    /// Whether hashes can be made, and later checked, at this cost.
    ///
    /// # Errors
    ///
    /// [`PasswordError::UnusableParams`] below what argon2 permits (RFC 9106 §3.1) or above our
    /// ceilings.
    pub fn validate(self) -> Result<(), PasswordError> {
        let is_usable = (1..=MAX_PARALLELISM).contains(&self.parallelism)
            && (1..=MAX_ITERATIONS).contains(&self.iterations)
            && (8 * self.parallelism..=MAX_MEMORY_KIB).contains(&self.memory_kib);
        if is_usable {
            Ok(())
        } else {
            Err(PasswordError::UnusableParams)
        }
    }
}

/// Why a password could not be hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PasswordError {
    /// It is longer than [`MAX_BYTES`].
    #[error("the password is longer than {MAX_BYTES} bytes")]
    TooLong,
    /// No hash can be made with these parameters.
    #[error(
        "argon2id needs 1 to {MAX_ITERATIONS} iterations, a parallelism of 1 to {MAX_PARALLELISM}, \
         and from 8 KiB per lane to {MAX_MEMORY_KIB} KiB of memory"
    )]
    UnusableParams,
    /// The memory for one hash could not be had.
    #[error("not enough memory to hash a password")]
    OutOfMemory,
}

impl From<argon2::Error> for PasswordError {
    fn from(error: argon2::Error) -> Self {
        match error {
            argon2::Error::OutOfMemory => Self::OutOfMemory,
            argon2::Error::PwdTooLong => Self::TooLong,
            _ => Self::UnusableParams,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unusable_parameters_are_refused() {
        assert_eq!(Params::default().validate(), Ok(()));
        for (memory_kib, iterations, parallelism) in [
            (7, 1, 1),
            (0, 1, 1),
            (64, 0, 1),
            (64, 1, 0),
            (8, 1, 2),
            (MAX_MEMORY_KIB + 1, 1, 1),
            (64, MAX_ITERATIONS + 1, 1),
            (1024, 1, MAX_PARALLELISM + 1),
            (64, 1, u32::MAX),
        ] {
            let params = Params {
                memory_kib,
                iterations,
                parallelism,
            };
            assert_eq!(
                params.validate(),
                Err(PasswordError::UnusableParams),
                "{params:?}"
            );
        }
    }
}
