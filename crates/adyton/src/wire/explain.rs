//! Why a request was refused and which setting would change it: for the developer, in
//! development's `X-Adyton-Reason` header and in the log. Never in production's answers.

use crate::error::{CsrfMismatch, Error, Forbidden, SocialRefusal, Throttled, Unauthenticated};
use crate::validate::{Invalid, PasskeyRefusal, Rule};

const MAIL_UNCONFIGURED: &str = "mails cannot be kept or sent: set mail.url (ADYTON_MAIL_URL) or bring a Mailer, and set key (ADYTON_KEY)";
const KEY_UNCONFIGURED: &str =
    "this is kept sealed, and the key of this process ends with it: set key (ADYTON_KEY)";
const PASSKEYS_UNCONFIGURED: &str = "passkeys belong to a domain: set public_url to an address with a host name such as http://localhost:8000 (an IP address such as 127.0.0.1 cannot have passkeys), or passkeys.rp_id and passkeys.origins, where each origin's host is the rp_id or ends with it";

const RETURN_TO: &str = "return_to is neither a path nor an address of our own origin or of one in stateful.origins; scheme and port count, and localhost and 127.0.0.1 are two hosts; settings: public_url, stateful.origins";

/// One line in ASCII, or nothing where the answer's own words say it all.
pub(crate) fn explain(error: &Error) -> Option<String> {
    match error {
        Error::Unauthenticated(why) => Some(unauthenticated(why)),
        Error::Forbidden(why) => Some(forbidden(why)),
        Error::CsrfMismatch(why) => Some(csrf(why)),
        Error::Social(why) => Some(social(why)),
        Error::WrongCredentials => Some(
            "no enabled user has this address and password; see `adyton user show ADDRESS`".to_owned(),
        ),
        Error::Throttled(throttled) => Some(too_often(throttled)),
        Error::LoginCodeRequired(throttled) => Some(format!(
            "browsers that are not known have {} attempts at an account in a window, and used them up: POST /login/code mails a code, to be sent as `login_code` with the password; setting: throttle.account",
            throttled.max
        )),
        Error::AlreadyAuthenticated => {
            Some("this route is for guests and the request brought a live session; log out first".to_owned())
        }
        Error::Unconfirmed => Some(
            "the session's user has not proved of late who they are: POST /user/confirm-password or /passkeys/confirm or, of a user without a password, /user/social-accounts/{provider}/confirm; setting: confirm.lifetime"
                .to_owned(),
        ),
        Error::MailUnconfigured => Some(MAIL_UNCONFIGURED.to_owned()),
        Error::KeyUnconfigured => Some(KEY_UNCONFIGURED.to_owned()),
        Error::PasskeysUnconfigured => Some(PASSKEYS_UNCONFIGURED.to_owned()),
        Error::Invalid(invalid) => broken(invalid),
        Error::Busy => Some(
            "all hashing threads are busy and the queue is full; settings: hashing.threads, hashing.queue, hashing.wait"
                .to_owned(),
        ),
        Error::TooLarge { .. } => Some("setting: http.body_limit".to_owned()),
        Error::Unavailable(why) => Some(format!("the database cannot answer: {why}")),
        _ => None,
    }
}

fn too_often(throttled: &Throttled) -> String {
    let (limit, max) = (throttled.limit, throttled.max);
    match limit {
        // The budget of an account, and the limit of an address, go by one name.
        "two_factor" => format!(
            "the limit `two_factor` lets {max} guesses through a window; settings: two_factor.tries for an account, throttle.two_factor for an address"
        ),
        _ => format!(
            "the limit `{limit}` lets {max} requests through a window; settings: throttle.{limit} and throttle.enabled"
        ),
    }
}

fn unauthenticated(why: &Unauthenticated) -> String {
    match why {
        Unauthenticated::NoCredentials => {
            "neither a session cookie nor `Authorization: Bearer` came with the request".to_owned()
        }
        Unauthenticated::TokenMalformed => {
            "the Authorization header is not `Bearer`, one space and one token such as 1|secret".to_owned()
        }
        Unauthenticated::TokenUnknown => "no such token; it was revoked or never issued here".to_owned(),
        Unauthenticated::TokenExpired => {
            "the token is past its date or its age; setting: tokens.expiration".to_owned()
        }
        Unauthenticated::TokensDisabled => "bearer tokens are off; setting: tokens.enabled".to_owned(),
        Unauthenticated::SessionUnknown => {
            "the session cookie names no live session: nobody has logged in by it, it was ended, or the database is another one".to_owned()
        }
        Unauthenticated::SessionExpired => {
            "the session is over; settings: session.lifetime, session.absolute_lifetime".to_owned()
        }
        Unauthenticated::OriginNotStateful(origin) => format!(
            "a session cookie came from {origin}, which is not a stateful origin; add it to stateful.origins"
        ),
        Unauthenticated::OriginMissing => {
            "a session cookie counts here only with an Origin or Referer of a stateful origin; settings: stateful.origins, stateful.require_origin"
                .to_owned()
        }
        Unauthenticated::CookieDuplicate => {
            "the session cookie came twice, so neither is taken; a sibling domain or path may have set one".to_owned()
        }
        Unauthenticated::UserDisabled => "the owner is disabled or gone; see `adyton user enable`".to_owned(),
        why => two_credentials(why).to_owned(),
    }
}

/// What two credentials of one request have to do with each other, and the second factor.
fn two_credentials(why: &Unauthenticated) -> &'static str {
    match why {
        Unauthenticated::CredentialsDiffer => {
            "the session cookie and the bearer token belong to different users; send one of them"
        }
        Unauthenticated::TokenBesideSession => {
            "a bearer token that is not good came beside a live session; drop the Authorization header"
        }
        Unauthenticated::TwoFactorRequired => {
            "a remembered browser whose user has a second factor: POST /two-factor-challenge with a code; setting: two_factor.trust_remembered_browsers"
        }
        _ => "the credential is not good",
    }
}

fn forbidden(why: &Forbidden) -> String {
    match why {
        Forbidden::MissingAbility { needed } => {
            format!("the token has none of the abilities {}", needed.join(", "))
        }
        Forbidden::SessionLacksAbility { needed } => format!(
            "no session has the ability {}; it takes a token made by `adyton token issue`",
            needed.join(", ")
        ),
        Forbidden::MissingRole { needed } => {
            format!("the user has none of the roles {}; see `adyton user role`", needed.join(", "))
        }
        Forbidden::SessionRequired => {
            "this route takes a session's cookie, not a bearer token".to_owned()
        }
        Forbidden::EmailUnverified => {
            "the user's address is not proved; they follow the mailed link, or POST /email/verification-notification for another".to_owned()
        }
        Forbidden::LinkInvalid => {
            "the mailed link was altered or used, is out of time, or died with a later change of the account; settings: links.*_lifetime".to_owned()
        }
        Forbidden::LastWayIn => {
            "the user has no password and nothing else to get in by; a first password is set by PUT /user/password in a confirmed session, or by POST /forgot-password".to_owned()
        }
        Forbidden::PasswordRequired => {
            "the user has a password, so a provider does not confirm them: POST /user/confirm-password".to_owned()
        }
        Forbidden::NotYours => "it belongs to another user".to_owned(),
        Forbidden::RegistrationClosed => "setting: registration.mode".to_owned(),
        Forbidden::HttpsRequired => {
            "public_url is https and this request came over plain HTTP; if a proxy ends TLS, add its address to http.trusted_proxies and let it send X-Forwarded-Proto"
                .to_owned()
        }
    }
}

fn social(why: &SocialRefusal) -> String {
    match why {
        SocialRefusal::StateInvalid => {
            "no flow of this browser goes with the answer: it was begun in another browser or at another host name, over ten minutes ago, with another provider, or was used; begin at GET /auth/{provider}/redirect".to_owned()
        }
        SocialRefusal::Denied { error } => format!("the provider answered error={error}"),
        SocialRefusal::ProviderFailed { why } => why.clone(),
        SocialRefusal::EmailMissing => {
            "the profile has no address; settings: social.<name>.scopes, and what the app may ask for at the provider".to_owned()
        }
        SocialRefusal::EmailUnverified => {
            "the provider does not say that the address is proved, and registration.mode is not open; setting: social.<name>.trust_email, for a company's own login".to_owned()
        }
        SocialRefusal::AccountExists => {
            "an account has this address, and linking is never silent: its user logs in and links by POST /user/social-accounts/{provider}".to_owned()
        }
        SocialRefusal::LinkedElsewhere => "another user is linked to this person at the provider".to_owned(),
        SocialRefusal::UserChanged => {
            "whoever began is not logged in any more in this session, or is to be confirmed by another person; with session.same_site = strict no session comes back from a provider".to_owned()
        }
    }
}

/// Most broken rules are said in full by their own words.
fn broken(invalid: &Invalid) -> Option<String> {
    let mut rules = invalid.problems().iter();
    rules.find_map(|(field, rule)| match rule {
        Rule::Passkey(why) => passkey(*why),
        Rule::In if field == "return_to" => Some(RETURN_TO.to_owned()),
        _ => None,
    })
}

fn passkey(why: PasskeyRefusal) -> Option<String> {
    let why = match why {
        PasskeyRefusal::Format => {
            "`credential` is not PublicKeyCredential.toJSON() of what the browser gave"
        }
        PasskeyRefusal::LoginExpired | PasskeyRefusal::RegistrationExpired => {
            "no options of this kind were asked for in this browser in the last ten minutes, or they were answered already: an answer to options counts once"
        }
        PasskeyRefusal::NotVerified | PasskeyRefusal::NotRegistered => {
            "the answer is not for this challenge, origin or rp id, its user was not verified, or the signature or counter is wrong: the log has the reason at level debug; settings: passkeys.origins, passkeys.rp_id"
        }
        PasskeyRefusal::Unknown => {
            "no passkey of this id lets anybody in: it was removed, its user is disabled or is another, or the database is another one"
        }
        PasskeyRefusal::TooMany(_) => "setting: passkeys.max_per_user",
        _ => return None,
    };
    Some(why.to_owned())
}

fn csrf(why: &CsrfMismatch) -> String {
    match why {
        CsrfMismatch::CrossSite => "Sec-Fetch-Site says that another site sent it; our cookies work within one site only, and localhost and 127.0.0.1 are two"
                .to_owned(),
        CsrfMismatch::ForeignOrigin(origin) => {
            format!("{origin} is neither our own origin nor a stateful one; add it to stateful.origins")
        }
        CsrfMismatch::OriginMissing => {
            "Sec-Fetch-Site is same-site and no Origin says which host it was".to_owned()
        }
        CsrfMismatch::NoSession => {
            "no session cookie came with it; call GET /sanctum/csrf-cookie first and send cookies (credentials: 'include')"
                .to_owned()
        }
        CsrfMismatch::TokenMissing => {
            "no X-XSRF-TOKEN header: send the decoded value of the XSRF-TOKEN cookie (axios across hosts: withXSRFToken: true)"
                .to_owned()
        }
        CsrfMismatch::TokenWrong => {
            "the CSRF token does not belong to this session; call GET /sanctum/csrf-cookie again".to_owned()
        }
    }
}
