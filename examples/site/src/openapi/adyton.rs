//! The routes that are Adyton's, described. They are answered elsewhere: nothing here runs, and
//! `tests/document/description.rs` holds this against what is served.

#![expect(dead_code, reason = "these describe what Adyton takes and gives")]

use utoipa::{IntoParams, OpenApi, ToSchema};

use super::shapes::{Found, Paged, Paging, Profile, Refusal, Told};

#[derive(OpenApi)]
#[openapi(paths(
    login,
    register,
    logout,
    forgot_password,
    reset_password,
    me,
    tokens,
    new_token,
    revoke_token,
    users,
    browser_register,
    completion,
    complete,
    browser_logout,
    browser_forgot_password,
    reset_page,
    reset,
    user
))]
pub struct AdytonApi;

/// Who wants in.
#[derive(ToSchema)]
struct Login {
    #[schema(format = Email, min_length = 1, max_length = 255)]
    email: String,
    #[schema(min_length = 1, max_length = 1024, pattern = "^[^\\u0000]*$")]
    password: String,
    /// What the token is called.
    #[schema(max_length = 255, pattern = "^[^\\u0000]*$")]
    device_name: Option<String>,
}

/// A new account.
#[derive(ToSchema)]
struct Registration {
    #[schema(
        min_length = 1,
        max_length = 255,
        pattern = "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$"
    )]
    name: String,
    #[schema(format = Email, min_length = 1, max_length = 255)]
    email: String,
    #[schema(min_length = 8, max_length = 1024, pattern = "^[^\\u0000]*$")]
    password: String,
    /// The same, where it is sent.
    password_confirmation: Option<String>,
    /// What the token is called.
    #[schema(max_length = 255, pattern = "^[^\\u0000]*$")]
    device_name: Option<String>,
}

/// Whose password was forgotten.
#[derive(ToSchema)]
struct Forgotten {
    #[schema(format = Email, min_length = 1, max_length = 255)]
    email: String,
}

/// A new password, with the token that was mailed.
#[derive(ToSchema)]
struct Reset {
    #[schema(
        min_length = 1,
        max_length = 255,
        pattern = "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$"
    )]
    token: String,
    #[schema(format = Email, min_length = 1, max_length = 255)]
    email: String,
    #[schema(min_length = 8, max_length = 1024, pattern = "^[^\\u0000]*$")]
    password: String,
    /// The same, where it is sent.
    password_confirmation: Option<String>,
}

/// A token to be made.
#[derive(ToSchema)]
struct TokenInput {
    #[schema(
        min_length = 1,
        max_length = 255,
        pattern = "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$"
    )]
    name: String,
    /// `user` where none are picked.
    #[schema(max_items = 50)]
    abilities: Option<Vec<Grantable>>,
    /// When it ends by itself: a moment that is yet to come.
    #[schema(max_length = 255)]
    expires_at: Option<String>,
}

/// What a user may give a token. `admin` is given on the server's command line only.
#[derive(ToSchema)]
enum Grantable {
    #[schema(rename = "user")]
    User,
    #[schema(rename = "comments:write")]
    Comments,
    #[schema(rename = "tickets:write")]
    Tickets,
    #[schema(rename = "newsletter:manage")]
    Newsletter,
}

/// Who got in, and the token that proves it from now on.
#[derive(ToSchema)]
struct Admission {
    /// `{id}|{secret}`, shown this once.
    #[schema(pattern = "^[0-9]+\\|[A-Za-z0-9]+$")]
    token: String,
    /// `Bearer`.
    token_type: String,
    user: Short,
}

/// Who got in; the session is in a cookie.
#[derive(ToSchema)]
struct SessionAdmission {
    user: Short,
}

/// A user in few words.
#[derive(ToSchema)]
struct Short {
    #[schema(minimum = 1)]
    id: i64,
    name: String,
    #[schema(format = Email)]
    email: String,
    email_verified: bool,
}

/// A token, without its text.
#[derive(ToSchema)]
struct Token {
    #[schema(minimum = 1)]
    id: i64,
    name: String,
    abilities: Vec<String>,
    #[schema(format = DateTime)]
    last_used_at: Option<String>,
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    #[schema(format = DateTime)]
    created_at: Option<String>,
}

/// A token that was just made.
#[derive(ToSchema)]
struct NewToken {
    #[serde(flatten)]
    row: Token,
    /// `{id}|{secret}`, shown this once.
    #[schema(pattern = "^[0-9]+\\|[A-Za-z0-9]+$")]
    token: String,
    /// `Bearer`.
    token_type: String,
}

/// A user, as the owner sees them.
#[derive(ToSchema)]
struct Member {
    #[serde(flatten)]
    profile: Profile,
    disabled: bool,
}

/// What a mailed link's page is about. A browser gets the page itself.
#[derive(ToSchema)]
struct LinkPage {
    email: String,
}

/// Which of the users, and which part of the list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
struct Search {
    /// Only those with this text in their name or address.
    #[param(max_length = 255)]
    search: Option<String>,
}

/// Lets somebody in by their password: the token has the ability `user`.
#[utoipa::path(post, path = "/api/v1/auth/login", tag = "auth", request_body = Login,
    responses((status = 200, description = "They are in", body = Found<Admission>),
        (status = 401, description = "Not the password: `INVALID_CREDENTIALS`", body = Refusal)))]
fn login() {}

/// Makes an account, and its first token.
#[utoipa::path(post, path = "/api/v1/auth/register", tag = "auth", request_body = Registration,
    responses((status = 201, description = "They are in", body = Found<Admission>)))]
fn register() {}

/// Ends the token that is sent.
#[utoipa::path(post, path = "/api/v1/auth/logout", tag = "auth", security(("token" = [])),
    responses((status = 200, description = "It is gone", body = Told)))]
fn logout() {}

/// Mails a link for a new password. The answer is the same whether or not there is an account.
#[utoipa::path(post, path = "/api/v1/auth/forgot-password", tag = "auth", request_body = Forgotten,
    responses((status = 200, description = "It is mailed, if there is one", body = Told)))]
fn forgot_password() {}

/// Sets a new password by the token that was mailed.
#[utoipa::path(post, path = "/api/v1/auth/reset-password", tag = "auth", request_body = Reset,
    responses((status = 200, description = "It is set", body = Told)))]
fn reset_password() {}

/// One's own profile.
#[utoipa::path(get, path = "/api/v1/me", tag = "account", security(("token" = ["user"])),
    responses((status = 200, description = "The profile", body = Found<Profile>)))]
fn me() {}

/// One's own tokens.
#[utoipa::path(get, path = "/api/v1/me/tokens", tag = "account", security(("token" = ["user"])),
    responses((status = 200, description = "All of them", body = Found<Vec<Token>>)))]
fn tokens() {}

/// Makes a token with picked abilities.
#[utoipa::path(post, path = "/api/v1/me/tokens", tag = "account", request_body = TokenInput,
    security(("token" = ["user"])),
    responses((status = 201, description = "It was made", body = Found<NewToken>)))]
fn new_token() {}

/// Ends one of one's own tokens.
#[utoipa::path(delete, path = "/api/v1/me/tokens/{token_id}", tag = "account",
    params(("token_id" = i64, Path, minimum = 1)), security(("token" = ["user"])),
    responses((status = 200, description = "It is gone", body = Told)))]
fn revoke_token() {}

/// All users.
#[utoipa::path(get, path = "/api/v1/admin/users", tag = "admin",
    params(Paging, Search), security(("token" = ["admin"])),
    responses((status = 200, description = "A page of users", body = Paged<Member>)))]
fn users() {}

/// Makes an account, for a page of the Site's own: it opens a session.
#[utoipa::path(post, path = "/register", tag = "pages", request_body = Registration,
    responses((status = 201, description = "They are in", body = Found<SessionAdmission>)))]
fn browser_register() {}

/// The page of a link that completes a registration.
#[utoipa::path(get, path = "/register/complete/{token}", tag = "pages",
    params(("token" = String, Path)),
    responses((status = 200, description = "The page", body = Found<LinkPage>)))]
fn completion() {}

/// Completes a registration.
#[utoipa::path(post, path = "/register/complete/{token}", tag = "pages",
    params(("token" = String, Path)), responses((status = 204, description = "It is made")))]
fn complete() {}

/// Ends the session, or the token, that is sent.
#[utoipa::path(post, path = "/logout", tag = "pages", security(("token" = [])),
    responses((status = 200, description = "It is gone", body = Told)))]
fn browser_logout() {}

/// Mails a link for a new password, for a page of the Site's own.
#[utoipa::path(post, path = "/forgot-password", tag = "pages", request_body = Forgotten,
    responses((status = 200, description = "It is mailed, if there is one", body = Told)))]
fn browser_forgot_password() {}

/// The page that a mailed link for a new password leads to.
#[utoipa::path(get, path = "/reset-password/{token}", tag = "pages",
    params(("token" = String, Path), ("email" = Option<String>, Query)),
    responses((status = 200, description = "The page", body = Found<LinkPage>)))]
fn reset_page() {}

/// Sets a new password by the token that was mailed.
#[utoipa::path(post, path = "/reset-password", tag = "pages", request_body = Reset,
    responses((status = 200, description = "It is set", body = Told)))]
fn reset() {}

/// Who one is.
#[utoipa::path(get, path = "/api/user", tag = "pages", security(("token" = [])),
    responses((status = 200, description = "The profile", body = Found<Profile>)))]
fn user() {}
