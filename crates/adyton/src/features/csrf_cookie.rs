//! The cookie that a front end asks for before its first unsafe request.
//!
//! | Route                 | Method and path            | Gate | Limit |
//! |-----------------------|----------------------------|------|-------|
//! | `sanctum.csrf-cookie` | `GET /sanctum/csrf-cookie` |      |       |

use crate::http::caller::Caller;
use crate::http::route::{Feature, get};
use crate::wire::Reply;

pub(super) fn feature() -> Feature {
    Feature::new("csrf-cookie")
        .route(get("sanctum.csrf-cookie", "/sanctum/csrf-cookie", show).web())
}

/// Nothing is stored for a visitor: the token is bound to the id in their cookie, by a key.
async fn show(caller: Caller) -> Reply {
    caller.session.want_csrf_cookie();
    Reply::Empty
}
