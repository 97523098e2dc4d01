//! The Site's routes; the address of each tells its audience.

use adyton::Adyton;
use axum::Router;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::comments::{self, moderation};
use crate::openapi;
use crate::posts::{self, tags, writing};
use crate::tickets::{self, desk, replies};
use crate::{newsletter, profile, stats};

/// All of them, and Adyton's.
pub fn all(adyton: &Adyton) -> Router {
    let own = for_everybody(adyton)
        .merge(for_users(adyton))
        .merge(for_the_owner(adyton));
    let own = OpenApiRouter::new().nest("/api/v1", own);
    let own = openapi::described(adyton, own).with_state(adyton.clone());
    own.merge(adyton.routes())
}

fn for_everybody(adyton: &Adyton) -> OpenApiRouter<Adyton> {
    OpenApiRouter::new()
        .routes(routes!(posts::index))
        .routes(routes!(posts::show))
        .routes(routes!(comments::of_post))
        .routes(routes!(tags::index))
        .routes(routes!(openapi::show))
        .route_layer(adyton.throttle("public"))
}

fn for_users(adyton: &Adyton) -> OpenApiRouter<Adyton> {
    let account = OpenApiRouter::new()
        .routes(routes!(profile::replace, profile::update))
        .route_layer(adyton.require_ability("user"));
    let comments = OpenApiRouter::new()
        .routes(routes!(comments::index, comments::store))
        .routes(routes!(comments::update, comments::destroy))
        .route_layer(adyton.require_ability("comments:write"));
    let tickets = OpenApiRouter::new()
        .routes(routes!(tickets::index, tickets::store))
        .routes(routes!(tickets::show))
        .routes(routes!(tickets::close))
        .routes(routes!(replies::index, replies::store))
        .route_layer(adyton.require_ability("tickets:write"));
    let newsletter = OpenApiRouter::new()
        .routes(routes!(
            newsletter::show,
            newsletter::subscribe,
            newsletter::unsubscribe
        ))
        .route_layer(adyton.require_ability("newsletter:manage"));
    account
        .merge(comments)
        .merge(tickets)
        .merge(newsletter)
        .route_layer(adyton.throttle("me"))
}

fn for_the_owner(adyton: &Adyton) -> OpenApiRouter<Adyton> {
    OpenApiRouter::new()
        .routes(routes!(writing::index, writing::store))
        .routes(routes!(writing::show, writing::update, writing::destroy))
        .routes(routes!(moderation::index))
        .routes(routes!(moderation::update, moderation::destroy))
        .routes(routes!(desk::index))
        .routes(routes!(desk::show, desk::update))
        .routes(routes!(desk::replies, desk::reply))
        .routes(routes!(newsletter::subscribers))
        .routes(routes!(stats::show))
        .route_layer(adyton.require_ability("admin"))
        .route_layer(adyton.throttle("admin"))
}
