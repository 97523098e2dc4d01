//! Who am I?
//!
//! | Route       | Method and path   | Gate                 | Limit |
//! |-------------|-------------------|----------------------|-------|
//! | `user.show` | `GET /api/user`   | auth                 |       |
//! | `me.show`   | `GET /api/v1/me`  | auth, ability `user` | `me`  |

use axum::extract::State;

use crate::config::Config;
use crate::guard::Auth;
use crate::http::route::{Feature, Shared, get};
use crate::limit::LimitName;
use crate::wire::Reply;

pub(super) fn feature(config: &Config) -> Feature {
    let feature = Feature::new("current-user").route(get("user.show", "/api/user", show).auth());
    let me = get("me.show", "/api/v1/me", show)
        .ability("user")
        .limited(LimitName::Me);
    if config.tokens.enabled {
        feature.route(me)
    } else {
        feature
    }
}

async fn show(State(context): State<Shared>, auth: Auth) -> Reply {
    Reply::data(context.core.users.present(auth.user()))
}
