//! What an operation may be refused with, by what stands before it: the same rules for every one.

use adyton::RouteInfo;
use utoipa::PartialSchema as _;
use utoipa::ToSchema as _;
use utoipa::openapi::header::Header;
use utoipa::openapi::path::{Operation, ParameterIn, PathItem};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder};

use super::shapes::Refusal;

/// The status, the component's name, and what it means.
const REFUSALS: [(&str, &str, &str); 12] = [
    ("400", "Malformed", "The body cannot be read: `BAD_REQUEST`"),
    (
        "401",
        "Unauthenticated",
        "No token, or one that is not good: `UNAUTHENTICATED`",
    ),
    (
        "403",
        "Forbidden",
        "The token lacks the ability, or it is not yours: `FORBIDDEN`",
    ),
    ("404", "NotFound", "There is no such thing: `NOT_FOUND`"),
    (
        "409",
        "AlreadyAuthenticated",
        "For guests, and a session came: `ALREADY_AUTHENTICATED`",
    ),
    (
        "413",
        "TooLarge",
        "The body is too large: `PAYLOAD_TOO_LARGE`",
    ),
    (
        "415",
        "UnsupportedBody",
        "Neither JSON nor a form: `UNSUPPORTED_MEDIA_TYPE`",
    ),
    (
        "419",
        "CsrfMismatch",
        "A session without its CSRF token: `CSRF_MISMATCH`",
    ),
    (
        "422",
        "Invalid",
        "What is wrong, by field: `VALIDATION_FAILED`",
    ),
    (
        "429",
        "Throttled",
        "Too many; `Retry-After` says how long: `TOO_MANY_REQUESTS`",
    ),
    ("500", "ServerError", "Our mistake: `SERVER_ERROR`"),
    (
        "503",
        "Unavailable",
        "Busy, or mail cannot be sent: `SERVICE_UNAVAILABLE`",
    ),
];

/// What stands before an operation.
struct Before {
    /// The body is read, if only to be refused.
    reads_body: bool,
    is_safe: bool,
    is_limited: bool,
    asks_csrf: bool,
    for_guests: bool,
}

/// Adds the refusals to every operation, and tells of its limit.
pub fn add(document: &mut OpenApi, adytons: &[RouteInfo]) {
    let components = document.components.get_or_insert_default();
    let mut schemas = vec![(Refusal::name().into_owned(), Refusal::schema())];
    Refusal::schemas(&mut schemas);
    components.schemas.extend(schemas);
    for (status, name, meaning) in REFUSALS {
        let refusal = refusal(status, meaning);
        components.responses.insert(name.to_owned(), refusal.into());
    }
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            let adytons = adytons
                .iter()
                .find(|route| route.path == *path && route.method == method);
            let before = before(method, operation, adytons);
            complete(operation, &before);
        }
    }
}

fn before(method: &str, operation: &Operation, adytons: Option<&RouteInfo>) -> Before {
    let asks =
        |gate: &str| adytons.is_some_and(|route| route.gates.iter().any(|asked| asked == gate));
    let is_safe = method == "GET";
    Before {
        // Before Adyton's own routes, the gate has read the body already.
        reads_body: operation.request_body.is_some() || (adytons.is_some() && !is_safe),
        is_safe,
        is_limited: adytons.is_none_or(|route| route.limit.is_some()),
        asks_csrf: asks("csrf"),
        for_guests: asks("guest"),
    }
}

fn complete(operation: &mut Operation, before: &Before) {
    let asks_who = operation.security.is_some();
    let takes = |place: ParameterIn| {
        let mut parameters = operation.parameters.iter().flatten();
        parameters
            .any(|parameter| matches!(parameter, RefOr::T(known) if known.parameter_in == place))
    };
    let (in_path, in_query) = (takes(ParameterIn::Path), takes(ParameterIn::Query));
    for (status, name, _) in REFUSALS {
        let may_come = match status {
            "400" | "413" | "415" => before.reads_body,
            "401" => asks_who,
            "404" => in_path,
            "409" => before.for_guests,
            "419" => before.asks_csrf || (asks_who && !before.is_safe),
            "422" => before.reads_body || in_query,
            "429" => before.is_limited,
            _ => true,
        };
        let known = &mut operation.responses.responses;
        if may_come && !known.contains_key(status) {
            let response = RefOr::Ref(Ref::from_response_name(name));
            known.insert(status.to_owned(), response);
        }
    }
    if before.is_limited {
        tell_limit(operation);
    }
}

/// Every answer that is no refusal says how much is left.
fn tell_limit(operation: &mut Operation) {
    for (status, response) in &mut operation.responses.responses {
        if let (true, RefOr::T(response)) = (status.starts_with('2'), response) {
            for name in ["X-RateLimit-Limit", "X-RateLimit-Remaining"] {
                response.headers.insert(name.to_owned(), number().into());
            }
        }
    }
}

fn refusal(status: &str, meaning: &str) -> Response {
    let body = ContentBuilder::new().schema(Some(Ref::from_schema_name("Refusal")));
    let response = ResponseBuilder::new()
        .description(meaning)
        .content("application/json", body.build());
    match status {
        "429" => response.header("Retry-After", number()),
        _ => response,
    }
    .build()
}

fn number() -> Header {
    Header::new(ObjectBuilder::new().schema_type(Type::Integer).build())
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let all = [
        ("GET", &mut item.get),
        ("POST", &mut item.post),
        ("PUT", &mut item.put),
        ("PATCH", &mut item.patch),
        ("DELETE", &mut item.delete),
    ];
    all.into_iter()
        .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}
