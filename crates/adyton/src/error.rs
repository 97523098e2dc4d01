//! Why something was refused, as a value with facts. Words are put to it at the edge, by the
//! dialect in force.

mod build;
mod request;
mod social;

use std::sync::Arc;

use http::StatusCode;

pub use self::build::BuildError;
pub use self::request::{Malformed, Throttled};
pub use self::social::SocialRefusal;
use crate::validate::{Invalid, Refusal, Rule};

/// What Adyton's operations return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A refusal or a failure. Handlers of a host may return it: it is worded as Adyton's own are.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// 401: nobody we know is calling.
    #[error("unauthenticated: {}", .0.code())]
    Unauthenticated(Unauthenticated),
    /// The address and the password do not belong together: 422 as in Fortify, 401 in the
    /// envelope. The same for unknown, disabled and known users.
    #[error("these credentials do not match our records")]
    WrongCredentials,
    /// 403: the credential is good and may not do this.
    #[error("forbidden: {}", .0.code())]
    Forbidden(Forbidden),
    /// 403: nobody gets in, or is linked, by what came back from a provider.
    #[error("refused by way of a provider: {}", .0.code())]
    Social(SocialRefusal),
    /// 423: the caller must prove once more who they are.
    #[error("confirmation required")]
    Unconfirmed,
    /// 419: the request is not proved to come from our own front end.
    #[error("CSRF token mismatch: {}", .0.code())]
    CsrfMismatch(CsrfMismatch),
    /// 422: what was sent breaks rules, by field.
    #[error("the given data was invalid")]
    Invalid(Invalid),
    /// 429: too often.
    #[error("too many attempts: limit `{}`", .0.limit)]
    Throttled(Throttled),
    /// 429: too many wrong passwords of strangers at this account. A mailed code lets one be tried
    /// all the same.
    #[error("too many attempts; a mailed code opens another way")]
    LoginCodeRequired(Throttled),
    /// What a host refuses for reasons of its own.
    #[error("refused: {}", .0.code)]
    Refused(Refusal),
    /// 409: a route for guests was asked by somebody who is logged in.
    #[error("already authenticated")]
    AlreadyAuthenticated,
    /// 400: the request cannot be read.
    #[error("malformed request: {0}")]
    Malformed(Malformed),
    /// 413: the body is larger than the limit, in bytes.
    #[error("the body is larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// 415: a body of a kind we do not read.
    #[error("unsupported content type or encoding `{0}`")]
    UnsupportedBody(String),
    /// 404: what the path names is not there, or the caller may not know of it.
    #[error("not found")]
    NotFound,
    /// 404: the user has no second factor, not even one that is being set up.
    #[error("no second factor")]
    TwoFactorOff,
    /// 404: no route has this path.
    #[error("no such route")]
    RouteNotFound,
    /// 405: the path is there, this method is not.
    #[error("method not allowed; allowed: {allowed}")]
    MethodNotAllowed {
        /// The methods that are, as in the `Allow` header; empty where the router tells only
        /// there.
        allowed: String,
    },
    /// 503: all the hashing threads are busy and the queue is full.
    #[error("too busy to check passwords")]
    Busy,
    /// 503: it takes mail, and nothing says how to send any.
    #[error("mail is not configured")]
    MailUnconfigured,
    /// 503: it seals what is to last, and there is no key that lasts.
    #[error("no key is configured")]
    KeyUnconfigured,
    /// 503: passkeys belong to a domain, and nothing says to which.
    #[error("passkeys are not configured")]
    PasskeysUnconfigured,
    /// 503: the database cannot answer now.
    #[error("the database is not available")]
    Unavailable(#[source] Arc<dyn std::error::Error + Send + Sync>),
    /// 500: a fault. It is logged once and never shown.
    #[error("unexpected failure")]
    Unexpected(#[source] Arc<dyn std::error::Error + Send + Sync>),
}

/// Why nobody is known to be calling.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unauthenticated {
    /// Neither a session cookie nor a bearer token came with the request.
    NoCredentials,
    /// The bearer token is not of a form we issue.
    TokenMalformed,
    /// No such token: never issued, or revoked.
    TokenUnknown,
    /// The token's own date, or the configured age, has passed.
    TokenExpired,
    /// `tokens.enabled` is off.
    TokensDisabled,
    /// No such session: never opened, ended, or expired and pruned.
    SessionUnknown,
    /// The session was idle, or lived, too long.
    SessionExpired,
    /// A session cookie came from an origin that is not one of ours.
    OriginNotStateful(String),
    /// A session cookie came without `Origin` or `Referer`, on a path that asks for one.
    OriginMissing,
    /// The session cookie came twice: somebody else may have set one of them.
    CookieDuplicate,
    /// The owner of the credential is disabled or gone.
    UserDisabled,
    /// The cookie and the bearer token belong to different users.
    CredentialsDiffer,
    /// A live session came with a bearer token that is not good.
    TokenBesideSession,
    /// A remembered browser is back, and its user has a second factor: `POST
    /// /two-factor-challenge` takes it.
    TwoFactorRequired,
}

impl Unauthenticated {
    /// A stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoCredentials => "CREDENTIALS_MISSING",
            Self::TokenMalformed => "TOKEN_MALFORMED",
            Self::TokenUnknown => "TOKEN_UNKNOWN",
            Self::TokenExpired => "TOKEN_EXPIRED",
            Self::TokensDisabled => "TOKENS_DISABLED",
            Self::SessionUnknown => "SESSION_UNKNOWN",
            Self::SessionExpired => "SESSION_EXPIRED",
            Self::OriginNotStateful(_) => "ORIGIN_NOT_STATEFUL",
            Self::OriginMissing => "ORIGIN_MISSING",
            Self::CookieDuplicate => "COOKIE_DUPLICATE",
            Self::UserDisabled => "USER_DISABLED",
            Self::CredentialsDiffer => "CREDENTIALS_DIFFER",
            Self::TokenBesideSession => "TOKEN_BESIDE_SESSION",
            Self::TwoFactorRequired => "TWO_FACTOR_REQUIRED",
        }
    }
}

/// Why a known caller may not do this.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Forbidden {
    /// The token lacks an ability.
    MissingAbility {
        /// What the route asks for: one of these.
        needed: Vec<String>,
    },
    /// The route asks for an ability that no session has; it takes a token.
    SessionLacksAbility {
        /// What the route asks for: one of these.
        needed: Vec<String>,
    },
    /// The user does not have one of the roles that are asked for.
    MissingRole {
        /// One of these.
        needed: Vec<String>,
    },
    /// The route takes a session, and a token came.
    SessionRequired,
    /// The user's address is not proved to be theirs.
    EmailUnverified,
    /// A mailed link that was altered, used, or is out of time or meant for somebody else.
    LinkInvalid,
    /// It belongs to somebody else.
    NotYours,
    /// It is the user's last way in.
    LastWayIn,
    /// The user has a password, and proves by that who they are.
    PasswordRequired,
    /// `registration.mode` is `closed`.
    RegistrationClosed,
    /// The public address is HTTPS and the request did not come over it.
    HttpsRequired,
}

impl Forbidden {
    /// A stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::MissingAbility { .. } => "TOKEN_ABILITY_MISSING",
            Self::SessionLacksAbility { .. } => "SESSION_ABILITY_MISSING",
            Self::MissingRole { .. } => "ROLE_MISSING",
            Self::SessionRequired => "SESSION_REQUIRED",
            Self::EmailUnverified => "EMAIL_UNVERIFIED",
            Self::LinkInvalid => "LINK_INVALID",
            Self::NotYours => "NOT_YOURS",
            Self::LastWayIn => "LAST_WAY_IN",
            Self::PasswordRequired => "PASSWORD_REQUIRED",
            Self::RegistrationClosed => "REGISTRATION_CLOSED",
            Self::HttpsRequired => "HTTPS_REQUIRED",
        }
    }
}

/// Why a request is not taken as our own front end's.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CsrfMismatch {
    /// The browser says that another site sent it.
    CrossSite,
    /// The origin is neither our own nor a stateful one.
    ForeignOrigin(String),
    /// Another host of our site sent it and did not say which.
    OriginMissing,
    /// There is no session cookie that a token could belong to.
    NoSession,
    /// No token in a header or in the form.
    TokenMissing,
    /// A token that does not belong to this session.
    TokenWrong,
}

impl CsrfMismatch {
    /// A stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::CrossSite => "CSRF_CROSS_SITE",
            Self::ForeignOrigin(_) => "CSRF_ORIGIN_NOT_STATEFUL",
            Self::OriginMissing => "CSRF_ORIGIN_MISSING",
            Self::NoSession => "CSRF_NO_SESSION",
            Self::TokenMissing => "CSRF_TOKEN_MISSING",
            Self::TokenWrong => "CSRF_TOKEN_WRONG",
        }
    }
}

impl Error {
    /// A fault that has no better name; it is logged once, at the edge.
    pub fn unexpected(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Error::Unexpected(Arc::new(error))
    }

    /// Something that Adyton needs cannot answer now.
    pub fn unavailable(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Error::Unavailable(Arc::new(error))
    }

    /// It belongs to somebody else: 403.
    pub fn not_yours() -> Self {
        Error::Forbidden(Forbidden::NotYours)
    }

    /// A stable name of what happened, finer than the status. It is in every refusal's
    /// `X-Adyton-Code` header, except that a 401 says `UNAUTHENTICATED` outside development.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Unauthenticated(why) => why.code(),
            Error::WrongCredentials => "CREDENTIALS_WRONG",
            Error::Forbidden(why) => why.code(),
            Error::Social(why) => why.code(),
            Error::CsrfMismatch(why) => why.code(),
            Error::Unconfirmed => "CONFIRMATION_REQUIRED",
            Error::MailUnconfigured => "MAIL_NOT_CONFIGURED",
            Error::KeyUnconfigured => "KEY_NOT_CONFIGURED",
            Error::PasskeysUnconfigured => "PASSKEYS_NOT_CONFIGURED",
            Error::Invalid(invalid) => invalid.code().unwrap_or("VALIDATION_FAILED"),
            Error::Refused(refusal) => refusal.code,
            Error::Throttled(_) => "THROTTLED",
            Error::LoginCodeRequired(_) => "LOGIN_CODE_REQUIRED",
            Error::AlreadyAuthenticated => "ALREADY_AUTHENTICATED",
            Error::Malformed(_) => "MALFORMED",
            Error::TooLarge { .. } => "BODY_TOO_LARGE",
            Error::UnsupportedBody(_) => "BODY_UNSUPPORTED",
            Error::NotFound => "NOT_FOUND",
            Error::TwoFactorOff => "TWO_FACTOR_OFF",
            Error::RouteNotFound => "ROUTE_NOT_FOUND",
            Error::MethodNotAllowed { .. } => "METHOD_NOT_ALLOWED",
            Error::Busy => "BUSY",
            Error::Unavailable(_) => "UNAVAILABLE",
            Error::Unexpected(_) => "UNEXPECTED",
        }
    }

    /// The status that Laravel gives it, or the plain HTTP one where Laravel has none.
    pub fn status(&self) -> StatusCode {
        match self {
            Error::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
            Error::WrongCredentials | Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Error::Forbidden(_) | Error::Social(_) => StatusCode::FORBIDDEN,
            Error::CsrfMismatch(_) => {
                StatusCode::from_u16(419).expect("419 is between 100 and 999")
            }
            Error::Throttled(_) | Error::LoginCodeRequired(_) => StatusCode::TOO_MANY_REQUESTS,
            Error::Refused(refusal) => refusal.status_code(),
            Error::AlreadyAuthenticated => StatusCode::CONFLICT,
            Error::Malformed(_) => StatusCode::BAD_REQUEST,
            Error::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Error::UnsupportedBody(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Error::NotFound | Error::TwoFactorOff | Error::RouteNotFound => StatusCode::NOT_FOUND,
            Error::MethodNotAllowed { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Error::Unconfirmed => StatusCode::LOCKED,
            Error::Busy
            | Error::MailUnconfigured
            | Error::KeyUnconfigured
            | Error::PasskeysUnconfigured
            | Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Error::Unexpected(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        match refusal.field {
            Some(field) => Invalid::field(field, Rule::Own(refusal)).into(),
            None => Error::Refused(refusal),
        }
    }
}

impl From<Unauthenticated> for Error {
    fn from(why: Unauthenticated) -> Self {
        Error::Unauthenticated(why)
    }
}

impl From<Forbidden> for Error {
    fn from(why: Forbidden) -> Self {
        Error::Forbidden(why)
    }
}

impl From<SocialRefusal> for Error {
    fn from(why: SocialRefusal) -> Self {
        Error::Social(why)
    }
}

impl From<CsrfMismatch> for Error {
    fn from(why: CsrfMismatch) -> Self {
        Error::CsrfMismatch(why)
    }
}

impl From<Malformed> for Error {
    fn from(what: Malformed) -> Self {
        Error::Malformed(what)
    }
}

impl From<Invalid> for Error {
    fn from(invalid: Invalid) -> Self {
        Error::Invalid(invalid)
    }
}
