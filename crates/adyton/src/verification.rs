//! The link that proves an account's address, with everything that Laravel's has: the user, the
//! SHA-1 of the address, when it ends, and a signature, which here is a secret that works once.

use sha1::{Digest as _, Sha1};

use crate::clock::later;
use crate::core::Core;
use crate::crypto::secret::hex;
use crate::db::Tx;
use crate::error::Result;
use crate::mailed_link::{self, About};
use crate::outbox;
use crate::store::links::{self, Purpose};
use crate::user::User;
use crate::wire::Letter;

/// Our own page, with what Laravel's links carry.
const PATH: &str = "/email/verify/{id}/{hash}";

/// Mails a user a link that proves their address, in the transaction of what it belongs to; older
/// ones end. Nothing, where the feature is off, there is no mailer, or it is proved already.
pub(crate) async fn mail(core: &Core, tx: &mut Tx, user: &User) -> Result<()> {
    let is_on = core.config.has_feature("email-verification") && core.has_mailer();
    if !is_on || user.has_verified_email() {
        return Ok(());
    }
    links::delete_of_user(tx, &user.id, Purpose::EmailVerification).await?;
    let lifetime = core.config.links.email_verification_lifetime;
    let expires = later(core.clock.now(), lifetime).timestamp().to_string();
    let about = About {
        user: Some(&user.id),
        address: Some(&user.email),
        // As the link says it, so that a link which says otherwise is not this one.
        payload: Some(&expires),
    };
    let secret = mailed_link::make(core, tx, Purpose::EmailVerification, about, lifetime).await?;
    let (id, hash) = (user.id.to_string(), hash_of(&user.email));
    let values = [
        ("id", id.as_str()),
        ("hash", &hash),
        ("expires", &expires),
        ("token", secret.expose()),
    ];
    let template = core.config.links.email_verification.as_deref();
    let own = mailed_link::path(core, "verification.verify", PATH);
    let own = format!("{own}?expires={{expires}}&signature={{token}}");
    let letter = Letter::VerifyEmail {
        link: mailed_link::address(core, template, &own, &values),
        minutes: lifetime.as_secs().div_ceil(60),
    };
    outbox::enqueue(core, tx, &user.email, Some(&user.id), letter).await
}

/// The address as a link names it. It hides nothing and proves nothing: Laravel's links have it.
pub(crate) fn hash_of(address: &str) -> String {
    hex(&Sha1::digest(address.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_hashed_as_laravel_does() {
        // FIPS 180-4's own example.
        assert_eq!(hash_of("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
    }
}
