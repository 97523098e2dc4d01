//! Fortify's oddities, route by route: what it says to a script, and where it sends a form on.

use axum::response::Response;
use http::StatusCode;
use serde_json::json;

use super::{empty, json as json_response};
use crate::wire::{Admitted, Ask, Reply};

/// What a script is told.
#[derive(Clone, Copy)]
enum Said {
    /// `""` with this status: Fortify's way to say that something was done.
    EmptyText(u16),
    /// Nothing, 204; where `wire.json_bodies` asks for it, the message.
    Nothing,
    /// The sentence as `message`, which Fortify's clients read, and as `status`, which Breeze's
    /// do.
    Both,
    /// The sentence as `message`, as everywhere.
    Usual,
    /// 202 and Breeze's word for it; Fortify's own clients look at the status alone.
    LinkSent,
}

/// Where a form is sent on.
#[derive(Clone, Copy)]
enum To {
    /// `wire.home`.
    Home,
    /// `wire.home`, which is told that an address was proved.
    HomeVerified,
    /// The page that it came from.
    Back,
    /// This path.
    Path(&'static str),
    /// Nowhere: a page of our own says what was done.
    Told,
}

/// The routes with habits of their own. Their sources are Fortify's response classes.
const HABITS: &[(&str, Said, To)] = &[
    ("logout", Said::Nothing, To::Path("/")),
    // Whoever is let in goes home; whoever was mailed a link is told so.
    ("register.store", Said::EmptyText(201), To::Told),
    ("two-factor.login.store", Said::Nothing, To::Home),
    ("two-factor.enable", Said::EmptyText(200), To::Back),
    ("two-factor.confirm", Said::EmptyText(200), To::Back),
    ("two-factor.disable", Said::EmptyText(200), To::Back),
    (
        "two-factor.regenerate-recovery-codes",
        Said::EmptyText(200),
        To::Back,
    ),
    ("password.confirm.store", Said::EmptyText(201), To::Home),
    ("password.email", Said::Both, To::Back),
    ("login-code.store", Said::Usual, To::Back),
    // Laravel sends a form on to `/login`; whether there is such a page, `[redirects]` says.
    ("password.update", Said::Both, To::Told),
    ("verification.send", Said::LinkSent, To::Back),
    ("verification.verify", Said::Nothing, To::HomeVerified),
    ("verification.spend", Said::Nothing, To::HomeVerified),
    (
        "user-profile-information.update",
        Said::EmptyText(200),
        To::Back,
    ),
    ("user-password.update", Said::EmptyText(200), To::Back),
    ("email-change.store", Said::Nothing, To::Told),
    ("email-undo.store", Said::Nothing, To::Told),
    ("not-me.store", Said::Nothing, To::Told),
    ("registration.complete", Said::Nothing, To::Told),
    ("other-browser-sessions.destroy", Said::Nothing, To::Back),
    ("current-user.destroy", Said::Nothing, To::Path("/")),
    ("social-accounts.destroy", Said::Nothing, To::Back),
];

/// What a route says in its own way.
pub(super) fn said(reply: &Reply, ask: &Ask) -> Option<Response> {
    let (said, _) = habit(ask)?;
    let key = match reply {
        Reply::Message(key) | Reply::Accepted(key) => *key,
        // There is nothing to send: the address is proved already.
        Reply::Empty if matches!(said, Said::LinkSent) => {
            return Some(nothing("verification.verified", ask));
        }
        // A second step that let somebody in by a session.
        Reply::Admitted(Admitted { token: None, .. }) if matches!(said, Said::Nothing) => {
            return Some(nothing("auth.logged_in", ask));
        }
        _ => return None,
    };
    Some(match said {
        Said::EmptyText(status) => {
            let status = StatusCode::from_u16(status).expect("the table has statuses");
            json_response(status, &json!(""))
        }
        Said::Nothing => nothing(key, ask),
        Said::Usual => return None,
        Said::Both => {
            let sentence = ask.text(key, &[]);
            json_response(
                StatusCode::OK,
                &json!({ "message": sentence, "status": sentence }),
            )
        }
        Said::LinkSent => json_response(
            StatusCode::ACCEPTED,
            &json!({ "status": "verification-link-sent" }),
        ),
    })
}

/// A client that parses every answer stumbles over an empty one: `wire.json_bodies` is for it.
fn nothing(key: &str, ask: &Ask) -> Response {
    match ask.json_bodies {
        true => json_response(StatusCode::OK, &json!({ "message": ask.text(key, &[]) })),
        false => empty(StatusCode::NO_CONTENT),
    }
}

/// Where Fortify sends a form post on.
pub(super) fn sent_on(reply: &Reply, ask: &Ask) -> Option<String> {
    let configured = || ask.operation.and_then(|name| ask.redirects.get(name));
    let to = match (reply, habit(ask)) {
        (Reply::Challenged(None), _) => {
            // Where a code is typed: Fortify's name for that page.
            let page = ask.redirects.get("two-factor.login").cloned();
            return Some(page.unwrap_or_else(|| "/two-factor-challenge".to_owned()));
        }
        (Reply::Message(_) | Reply::Accepted(_), Some((_, to))) => to,
        (Reply::Empty, Some((Said::LinkSent, _))) => To::Home,
        (Reply::Admitted(Admitted { token: None, .. }), _) => To::Home,
        _ => return None,
    };
    if let Some(to) = configured() {
        return Some(to.clone());
    }
    Some(match to {
        To::Told => return None,
        To::Home => ask.home.to_string(),
        To::Back => ask.back.clone().unwrap_or_else(|| ask.home.to_string()),
        To::HomeVerified => format!("{}?verified=1", ask.home),
        To::Path(path) => path.to_owned(),
    })
}

/// Whether a page of our own says what was done.
pub(super) fn is_told(ask: &Ask) -> bool {
    matches!(habit(ask), Some((_, To::Told)))
}

fn habit(ask: &Ask) -> Option<(Said, To)> {
    let operation = ask.operation?;
    let found = HABITS.iter().find(|(name, ..)| *name == operation);
    found.map(|(_, said, to)| (*said, *to))
}
