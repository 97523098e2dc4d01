//! BeanQuick's words: Laravel's, with the bodies and sentences of its document laid over them.

use adyton::{Admitted, Ask, Dialect, Error, Fields, Laravel, Overlay, Reply};
use axum::http::StatusCode;
use serde_json::{Value as Json, json};

pub fn beanquick() -> impl Dialect {
    Overlay::new(Laravel)
        .text(
            "auth.failed",
            "Las credenciales no coinciden con nuestros registros.",
        )
        .text("auth.logged_in", "Login exitoso")
        .text("auth.registered", "Registro exitoso")
        .text("auth.logged_out", "Sesión cerrada correctamente")
        // What the store itself says is Spanish, whatever language the client asks for.
        .text("errors.not_found", "No encontrado.")
        // A 422 says the first broken rule alone, without Laravel's "(and 1 more error)".
        .text("validation.summary_one", ":first")
        .text("validation.summary_many", ":first")
        .on_reply("token.login", let_in)
        .on_reply("token.register", let_in)
        .on_reply("token.logout", logged_out)
        .on_error(wrong_credentials)
}

fn let_in(reply: &Reply, ask: &Ask) -> Option<(StatusCode, Json)> {
    let Reply::Admitted(Admitted {
        user,
        token,
        is_new,
        ..
    }) = reply
    else {
        return None;
    };
    let (status, said) = match is_new {
        true => (StatusCode::CREATED, "auth.registered"),
        false => (StatusCode::OK, "auth.logged_in"),
    };
    let mut shown = user.clone();
    shown.remove("empresa");
    let body = json!({
        "status": "success",
        "user": shown,
        "token": token.as_ref()?.expose(),
        "redirectTo": start_page(user),
        "message": ask.text(said, &[]),
    });
    Some((status, body))
}

/// Where the app begins, by role.
fn start_page(user: &Fields) -> &'static str {
    let has_empresa = user
        .get("empresa")
        .is_some_and(|empresa| !empresa.is_null());
    match user.get("rol").and_then(Json::as_str) {
        Some("empresa") if has_empresa => "/empresa/panel",
        Some("empresa") => "/empresa/create",
        Some("admin") => "/admin/dashboard",
        _ => "/",
    }
}

fn logged_out(reply: &Reply, ask: &Ask) -> Option<(StatusCode, Json)> {
    let Reply::Message(key) = reply else {
        return None;
    };
    let body = json!({ "status": "success", "message": ask.text(key, &[]) });
    Some((StatusCode::OK, body))
}

/// Laravel says 422 with the field; the document 401 without.
fn wrong_credentials(error: &Error, ask: &Ask) -> Option<(StatusCode, Json)> {
    let Error::WrongCredentials = error else {
        return None;
    };
    let body = json!({ "status": "error", "message": ask.message(error) });
    Some((StatusCode::UNAUTHORIZED, body))
}
