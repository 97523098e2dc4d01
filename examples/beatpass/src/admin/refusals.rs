//! All that is refused in this room, in words of its own.

use adyton::Refusal;

pub const OWN_ROLE: Refusal = Refusal::field(
    "role",
    "OWN_ROLE",
    "You cannot take the role from yourself.",
);
pub const OWN_ACCOUNT: Refusal =
    Refusal::field("disabled", "OWN_ACCOUNT", "You cannot disable yourself.");

#[cfg(test)]
pub const REFUSALS: &[Refusal] = &[OWN_ROLE, OWN_ACCOUNT];
