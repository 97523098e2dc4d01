//! All users, for an operator's program.
//!
//! | Route               | Method and path           | Gate                  | Limit   |
//! |---------------------|---------------------------|-----------------------|---------|
//! | `admin.users.index` | `GET /api/v1/admin/users` | auth, ability `admin` | `admin` |
//!
//! `?search=` looks into names and addresses, `?page=` and `?per_page=` turn pages. A session
//! never has the ability `admin`: it takes a token made on the server's command line.

use axum::extract::State;
use serde_json::Value as Json;

use crate::config::Config;
use crate::error::Result;
use crate::http::query::Query;
use crate::http::route::{Feature, Shared, get};
use crate::limit::LimitName;
use crate::user::UserQuery;
use crate::wire::{Page, Reply};

pub(super) fn feature(config: &Config) -> Feature {
    let feature = Feature::new("admin-users");
    let index = get("admin.users.index", "/api/v1/admin/users", index).ability("admin");
    if config.tokens.enabled {
        feature.route(index.limited(LimitName::Admin))
    } else {
        feature
    }
}

async fn index(State(context): State<Shared>, query: Query) -> Result<Reply> {
    let (paging, search) = (query.paging()?, query.text("search")?);
    let asked = UserQuery {
        search,
        offset: paging.offset(),
        limit: paging.per_page,
    };
    let users = &context.core.users;
    let (found, total) = users.list(&asked).await?;
    let shown = found.iter().map(|user| {
        let mut fields = users.present(user);
        fields.insert("disabled".to_owned(), user.is_disabled().into());
        Json::Object(fields)
    });
    Ok(Reply::Page(Page::new(
        shown.collect(),
        paging.page,
        paging.per_page,
        total,
    )))
}
