//! One epoch a user: every change of what proves them ends all that was opened before, at once.

use adyton::db::Value;
use adyton_testing::{Browser, PASSWORD, TestApp};
use http::Method;
use serde_json::json;

use crate::mailbox::{PAGES, change_path, path_in_mail};
use crate::support::ANA;

/// What was opened before a change.
struct Before {
    app: TestApp,
    /// The session that makes the change, where one does.
    own: Browser,
    other: Browser,
    remembered: Browser,
    token: String,
    pending: String,
}

impl Before {
    async fn a_change(tokens_end: bool) -> Self {
        let app = TestApp::with(|config| {
            config.throttle.enabled = false;
            config.tokens.end_with_password_change = tokens_end;
            config.tokens.end_with_password_reset = tokens_end;
        })
        .await;
        let ana = app.user(ANA).await;
        let token = app.token(&ana, &["user"]).await;
        let remembered = app.browser();
        remembered
            .get("/sanctum/csrf-cookie")
            .await
            .assert_status(204);
        let login = json!({ "email": ANA, "password": PASSWORD, "remember": true });
        remembered.post("/login", login).await.assert_status(200);
        let (own, other) = (app.logged_in(ANA).await, app.logged_in(ANA).await);
        let pending = change_path(&app, &own, "new@example.com").await;
        let before = Self {
            app,
            own,
            other,
            remembered,
            token,
            pending,
        };
        before.challenge().await;
        before
    }

    /// A login that waits for its second step.
    async fn challenge(&self) {
        let sql = "INSERT INTO two_factor_challenges (id, user_id, via, wish, created_at, \
             expires_at) VALUES ($1, $2, $3, $4, $5, $6)";
        let now = self.app.clock.now();
        let params: [Value; 6] = [
            "a".repeat(64).into(),
            1_i64.into(),
            "password".into(),
            "{}".into(),
            now.into(),
            (now + chrono::TimeDelta::minutes(10)).into(),
        ];
        let db = self.app.adyton.db();
        db.run(sql, &params).await.expect("the row is new");
    }

    async fn assert_all_ended(&self, but_own: bool, tokens_end: bool) {
        let app = &self.app;
        self.other.get("/api/user").await.assert_status(401);
        self.remembered.set_cookie("adyton_session", None);
        self.remembered.get("/api/user").await.assert_status(401);
        let own = if but_own { 200 } else { 401 };
        self.own.get("/api/user").await.assert_status(own);
        assert_eq!(app.count("sessions").await, i64::from(but_own));
        assert_eq!(app.count("remembered_browsers").await, 0);
        assert_eq!(app.count("two_factor_challenges").await, 0);
        app.anonymous()
            .post_nothing(&self.pending)
            .await
            .assert_status(403);
        let status = if tokens_end { 401 } else { 200 };
        app.bearer(&self.token)
            .get("/api/user")
            .await
            .assert_status(status);
    }

    async fn user(&self) -> adyton::User {
        let found = self.app.adyton.users().find(&1.into()).await;
        found.expect("it can be read").expect("Ana")
    }
}

fn new_password() -> serde_json::Value {
    json!({
        "current_password": PASSWORD, "password": "another long one",
        "password_confirmation": "another long one",
    })
}

#[tokio::test]
async fn a_change_of_password_ends_all_but_the_session_that_asked() {
    for tokens_end in [false, true] {
        let before = Before::a_change(tokens_end).await;
        let own = &before.own;
        let answer = own
            .json(Method::PUT, "/user/password", new_password())
            .await;
        answer.assert_status(200);
        before.assert_all_ended(true, tokens_end).await;
    }
}

#[tokio::test]
async fn a_reset_of_the_password_ends_all() {
    for tokens_end in [false, true] {
        let before = Before::a_change(tokens_end).await;
        let app = &before.app;
        let visitor = app.browser();
        visitor.get("/sanctum/csrf-cookie").await.assert_status(204);
        let asked = visitor
            .post("/forgot-password", json!({ "email": ANA }))
            .await;
        asked.assert_status(200);
        app.deliver().await;
        let path = path_in_mail(app, ANA, "/reset-password/").expect("a link");
        let path = path.split('?').next().expect("a path");
        let chosen = json!({
            "token": path.rsplit('/').next(), "email": ANA, "password": "another long one",
            "password_confirmation": "another long one",
        });
        let answer = app.anonymous().post("/reset-password", chosen).await;
        answer.assert_status(200);
        before.assert_all_ended(false, tokens_end).await;
    }
}

#[tokio::test]
async fn a_disabled_user_has_nothing_left() {
    let before = Before::a_change(false).await;
    let ana = before.user().await;
    before
        .app
        .adyton
        .disable_user(&ana)
        .await
        .expect("disabled");
    before.assert_all_ended(false, true).await;
}

#[tokio::test]
async fn another_role_ends_all_sessions() {
    let before = Before::a_change(false).await;
    let ana = before.user().await;
    before.app.adyton.set_role(&ana, None).await.expect("set");
    before.assert_all_ended(false, false).await;
}

#[tokio::test]
async fn this_was_not_me_ends_all() {
    let before = Before::a_change(false).await;
    let path = path_in_mail(&before.app, ANA, PAGES[2]).expect("a link");
    let answer = before.app.anonymous().post_nothing(&path).await;
    answer.assert_status(204);
    before.assert_all_ended(false, true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_in_flight_does_not_bring_an_ended_session_back() {
    let app = TestApp::with(|config| config.throttle.enabled = false).await;
    let ana = app.user(ANA).await;
    let hash = crate::support::hash_of(&app, ANA).await;
    for round in 0..6 {
        let browser = app.logged_in(ANA).await;
        let session = browser.cookie("adyton_session").expect("a session");
        let csrf = browser.cookie("XSRF-TOKEN").expect("a token");
        let body = new_password().to_string();
        let length = body.len();
        let request = format!(
            "PUT /user/password HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\
             Origin: http://localhost:3000\r\nCookie: adyton_session={session}\r\n\
             X-XSRF-TOKEN: {csrf}\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        );
        let (answers, ended) =
            tokio::join!(app.race(vec![request; 4]), app.adyton.end_sessions(&ana));
        ended.expect("ended");
        let changed = answers.iter().filter(|answer| answer.status == 200).count();
        assert!(changed <= 1, "round {round}: {answers:#?}");
        let is_left = |status: u16| [200, 401, 419, 422].contains(&status);
        assert!(
            answers.iter().all(|answer| is_left(answer.status.as_u16())),
            "{answers:#?}"
        );
        assert_eq!(
            app.count("sessions").await,
            0,
            "round {round}: {answers:#?}"
        );
        browser.get("/api/user").await.assert_status(401);
        crate::support::set_hash(&app, ANA, &hash).await;
    }
}
