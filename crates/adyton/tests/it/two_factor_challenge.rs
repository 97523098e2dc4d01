//! The second step of a login.

mod guesses;
mod halfway;
mod races;
mod remembered;
mod tokens;
mod trusted;

use adyton::{Event, Via};
use adyton_testing::TestApp;
use chrono::TimeDelta;
use http::Method;
use serde_json::json;

use crate::authenticator::{
    CHALLENGE, WRONG, assert_refused, challenged, challenged_with, enrolled, shown_codes, unlimited,
};
use crate::support::{ANA, credentials, hash_of, set_hash};
use crate::two_factor::sealed;

const WRONG_RECOVERY: &str = "The provided two factor recovery code was invalid.";

#[tokio::test]
async fn a_right_code_opens_a_session_with_a_new_id() {
    let app = TestApp::with(unlimited).await;
    let (ana, authenticator, _) = enrolled(&app, ANA).await;
    let browser = challenged(&app, ANA).await;
    let half = browser.copied();
    let address = [127, 0, 0, 1].into();
    let asked = Event::TwoFactorChallenged {
        user: ana.id.clone(),
        via: Via::Password,
        address,
    };
    assert_eq!(app.events(), [asked]);
    let answer = browser.post(CHALLENGE, authenticator.answer()).await;
    assert_eq!(answer.assert_status(204).body, "");
    let logged_in = Event::LoggedIn {
        user: ana.id,
        via: Via::Password,
        address,
    };
    assert_eq!(app.events(), [logged_in]);
    for cookie in ["adyton_session", "XSRF-TOKEN"] {
        assert_ne!(browser.cookie(cookie), half.cookie(cookie));
    }
    let user = browser.get("/api/user").await;
    assert_eq!(user.assert_status(200).json()["email"], ANA);
    half.get("/api/user").await.assert_status(401);
    assert_eq!(app.count("two_factor_challenges").await, 0);
}

#[tokio::test]
async fn the_right_password_alone_opens_nothing() {
    let app = TestApp::with(unlimited).await;
    enrolled(&app, ANA).await;
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    let answer = browser.post("/login", credentials(ANA)).await;
    let body = answer.assert_status(200).json();
    assert_eq!(body, json!({ "two_factor": true }));
    assert_eq!(answer.set_cookie("adyton_remember"), None);
    for route in app.adyton.route_table() {
        if !route.gates.iter().any(|gate| gate == "auth") || route.path == "/logout" {
            continue;
        }
        let method: Method = route.method.parse().expect("a method");
        let path = route.path.replace("{id}", "1");
        let said = browser.json(method, &path, json!({})).await;
        assert_eq!(said.status, 401, "{} {path}", route.method);
    }
}

#[tokio::test]
async fn a_session_that_was_there_before_does_not_outlive_the_question() {
    let app = TestApp::with(unlimited).await;
    enrolled(&app, ANA).await;
    app.user("other@example.com").await;
    let browser = app.logged_in("other@example.com").await;
    let copy = browser.copied();
    // A live session is told to log out first; an idle one is replaced.
    app.clock.advance(TimeDelta::hours(3));
    browser
        .post("/login", credentials(ANA))
        .await
        .assert_status(200);
    copy.get("/api/user").await.assert_status(401);
    browser.get("/api/user").await.assert_status(401);
}

#[tokio::test]
async fn a_wrong_code_keeps_the_challenge() {
    let app = TestApp::with(unlimited).await;
    let (ana, authenticator, _) = enrolled(&app, ANA).await;
    let browser = challenged(&app, ANA).await;
    app.events();
    let wrong = json!({ "code": authenticator.wrong_code() });
    let refused = browser.post(CHALLENGE, wrong).await;
    assert_refused(&refused, "code", WRONG);
    assert_eq!(refused.code(), "TWO_FACTOR_CODE_WRONG");
    let failed = Event::TwoFactorFailed {
        user: ana.id,
        why: "wrong",
        address: [127, 0, 0, 1].into(),
    };
    assert_eq!(app.events(), [failed]);
    browser.get("/api/user").await.assert_status(401);
    let answer = browser.post(CHALLENGE, authenticator.answer()).await;
    answer.assert_status(204);
}

#[tokio::test]
async fn what_can_be_no_code_is_refused() {
    let app = TestApp::with(|config| {
        unlimited(config);
        config.two_factor.tries.max = 1000;
    })
    .await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    let browser = challenged(&app, ANA).await;
    let code = authenticator.code();
    for wrong in [
        json!({}),
        json!({ "code": "" }),
        json!({ "code": null, "recovery_code": null }),
        json!({ "code": "1" }),
        json!({ "code": "1234567" }),
        json!({ "code": "123456789" }),
        json!({ "code": "1".repeat(10_000) }),
        json!({ "code": "１２３４５６" }),
        json!({ "code": code.parse::<u32>().expect("a number") }),
        json!({ "code": [code] }),
        json!({ "code": format!("{code}\0") }),
        json!({ "code": format!("{code}0") }),
        json!({ "code": true }),
    ] {
        let refused = browser.post(CHALLENGE, wrong.clone()).await;
        let errors = refused.assert_status(422).json();
        assert!(errors["errors"]["code"].is_array(), "{wrong}: {errors}");
    }
    let number = browser.post(CHALLENGE, json!({ "code": 123_456 })).await;
    assert_refused(&number, "code", "The code field must be a string.");
    let blanks = format!(" {} {} ", &code[..3], &code[3..]);
    let answer = browser.post(CHALLENGE, json!({ "code": blanks })).await;
    answer.assert_status(204);
}

#[tokio::test]
async fn a_right_code_beside_a_wrong_recovery_code_is_enough() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, browser) = enrolled(&app, ANA).await;
    let asked = challenged(&app, ANA).await;
    let wrong = json!({ "code": authenticator.wrong_code(), "recovery_code": "wrong" });
    let refused = asked.post(CHALLENGE, wrong).await;
    assert_refused(&refused, "recovery_code", WRONG_RECOVERY);
    let both = json!({ "code": authenticator.code(), "recovery_code": "wrong" });
    asked.post(CHALLENGE, both).await.assert_status(204);
    // And a right recovery code beside a wrong code: the code is not looked at.
    let code = shown_codes(&browser).await.remove(0);
    let asked = challenged(&app, ANA).await;
    let both = json!({ "code": authenticator.wrong_code(), "recovery_code": code });
    asked.post(CHALLENGE, both).await.assert_status(204);
}

#[tokio::test]
async fn one_code_logs_in_once() {
    let app = TestApp::with(sealed::with_key).await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    let (one, other) = (challenged(&app, ANA).await, challenged(&app, ANA).await);
    let code = authenticator.answer();
    one.post(CHALLENGE, code.clone()).await.assert_status(204);
    let replayed = other.post(CHALLENGE, code.clone()).await;
    let said = format!("{WRONG} It was used already: wait for the next one.");
    assert_refused(&replayed, "code", &said);
    assert_eq!(replayed.code(), "TWO_FACTOR_CODE_REPLAYED");
    // Nor at the end of its time, in a process that knows nothing of it.
    let app = app.restarted(sealed::with_key).await;
    app.clock.advance(TimeDelta::seconds(30));
    let later = challenged(&app, ANA).await;
    later.post(CHALLENGE, code).await.assert_status(422);
}

#[tokio::test]
async fn a_code_from_before_the_last_one_is_used_up_too() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    app.clock.advance(TimeDelta::seconds(60));
    let (before, now) = (authenticator.code_at(-1), authenticator.code());
    let browser = challenged(&app, ANA).await;
    let answer = browser.post(CHALLENGE, json!({ "code": now })).await;
    answer.assert_status(204);
    let other = challenged(&app, ANA).await;
    let answer = other.post(CHALLENGE, json!({ "code": before })).await;
    assert_eq!(answer.assert_status(422).code(), "TWO_FACTOR_CODE_REPLAYED");
}

#[tokio::test]
async fn the_window_is_a_setting() {
    for (window, status) in [(0, 422), (1, 204)] {
        let app = TestApp::with(|config| {
            unlimited(config);
            config.two_factor.window = window;
        })
        .await;
        let (_, authenticator, _) = enrolled(&app, ANA).await;
        app.clock.advance(TimeDelta::seconds(60));
        let browser = challenged(&app, ANA).await;
        let before = json!({ "code": authenticator.code_at(-1) });
        let answer = browser.post(CHALLENGE, before).await;
        answer.assert_status(status);
        browser
            .post(CHALLENGE, json!({ "code": authenticator.code_at(1) }))
            .await
            .assert_status(if window == 0 { 422 } else { 409 });
    }
}

#[tokio::test]
async fn a_challenge_ends_with_its_time() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    let browser = challenged(&app, ANA).await;
    app.clock.advance(TimeDelta::minutes(11));
    app.events();
    let answer = browser.post(CHALLENGE, authenticator.answer()).await;
    assert_refused(&answer, "code", WRONG);
    assert_eq!(app.events(), [], "nobody was being asked");
    browser.get("/api/user").await.assert_status(401);
}

#[tokio::test]
async fn nobody_is_asked_without_the_first_step() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, browser) = enrolled(&app, ANA).await;
    let visitor = app.browser();
    visitor.get("/sanctum/csrf-cookie").await.assert_status(204);
    let answer = visitor.post(CHALLENGE, authenticator.answer()).await;
    assert_refused(&answer, "code", WRONG);
    let answer = visitor
        .post(CHALLENGE, json!({ "recovery_code": "x" }))
        .await;
    assert_refused(&answer, "recovery_code", WRONG_RECOVERY);
    // Who is in already is told so.
    let answer = browser.post(CHALLENGE, authenticator.answer()).await;
    assert_eq!(answer.assert_status(409).code(), "ALREADY_AUTHENTICATED");
    // And no other site answers for anybody.
    let forged = challenged(&app, ANA).await.without_csrf_header();
    let answer = forged.post(CHALLENGE, authenticator.answer()).await;
    answer.assert_status(419);
}

#[tokio::test]
async fn a_wish_to_be_remembered_waits_for_the_second_step() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    let mut body = credentials(ANA);
    body["remember"] = true.into();
    let browser = challenged_with(&app, body).await;
    assert_eq!(browser.cookie("adyton_remember"), None);
    let answer = browser.post(CHALLENGE, authenticator.answer()).await;
    assert!(
        answer
            .assert_status(204)
            .set_cookie("adyton_remember")
            .is_some()
    );
}

#[tokio::test]
async fn a_form_is_sent_to_the_question_and_then_home() {
    let app = TestApp::with(unlimited).await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    let page = app.browser().with("accept", "text/html");
    page.get("/sanctum/csrf-cookie").await.assert_status(204);
    let token = page.cookie("XSRF-TOKEN").expect("a token");
    let pairs = [
        ("_token", &*token),
        ("email", ANA),
        ("password", "password"),
    ];
    let answer = page.form("/login", &pairs).await;
    let location = answer.assert_status(302).header("location");
    assert_eq!(location, "/two-factor-challenge");
    let (token, code) = (
        page.cookie("XSRF-TOKEN").expect("a token"),
        authenticator.code(),
    );
    let pairs = [("_token", &*token), ("code", &code)];
    let answer = page.form(CHALLENGE, &pairs).await;
    let location = answer.assert_status(302).header("location").to_owned();
    assert_eq!(location, app.adyton.config().wire.home);
}

#[tokio::test]
async fn where_every_json_request_gets_json_the_second_step_says_so() {
    let app = TestApp::with(|config| {
        unlimited(config);
        config.wire.json_bodies = true;
    })
    .await;
    let (_, authenticator, _) = enrolled(&app, ANA).await;
    let browser = challenged(&app, ANA).await;
    let answer = browser.post(CHALLENGE, authenticator.answer()).await;
    let said = json!({ "message": "Logged in successfully" });
    assert_eq!(answer.assert_status(200).json(), said);
}

#[tokio::test]
async fn an_imported_password_is_rehashed_at_the_first_step() {
    let app = TestApp::with(unlimited).await;
    enrolled(&app, ANA).await;
    let laravel = "$2y$10$92IXUNpkjO0rOQ5byMi.Ye4oKoEa3Ro9llC/.og/at2.uheWG/igi";
    set_hash(&app, ANA, laravel).await;
    challenged(&app, ANA).await;
    assert!(hash_of(&app, ANA).await.starts_with("$argon2id$"));
}

#[tokio::test]
async fn where_the_feature_is_off_nobody_is_asked() {
    let app = TestApp::with(unlimited).await;
    enrolled(&app, ANA).await;
    let app = app
        .restarted(|config| {
            unlimited(config);
            config.features = ["csrf-cookie", "login", "current-user"]
                .map(str::to_owned)
                .to_vec();
        })
        .await;
    let browser = app.logged_in(ANA).await;
    browser.get("/api/user").await.assert_status(200);
}

#[tokio::test]
async fn a_user_who_is_disabled_meanwhile_does_not_get_in() {
    let app = TestApp::with(unlimited).await;
    let (ana, authenticator, _) = enrolled(&app, ANA).await;
    let browser = challenged(&app, ANA).await;
    app.adyton.disable_user(&ana).await.expect("disabled");
    app.adyton.enable_user(&ana).await.expect("enabled");
    let answer = browser.post(CHALLENGE, authenticator.answer()).await;
    answer.assert_status(422);
    browser.get("/api/user").await.assert_status(401);
}

#[tokio::test]
async fn a_product_may_have_a_sentence_beside_two_factor_and_codes_of_its_own_shape() {
    let app = TestApp::with(|config| {
        unlimited(config);
        config.two_factor.message = true;
        config.two_factor.recovery_code_shape = "aaaa-aaaa-aaaa".to_owned();
    })
    .await;
    let (_, _, settings) = enrolled(&app, ANA).await;
    let codes = shown_codes(&settings).await;
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await.assert_status(204);
    let answer = browser.post("/login", credentials(ANA)).await;
    let said = json!({ "two_factor": true, "message": "Two factor authentication required" });
    assert_eq!(answer.assert_status(200).json(), said);
    let code = json!({ "recovery_code": codes[0] });
    browser
        .post(CHALLENGE, code.clone())
        .await
        .assert_status(204);
    let again = challenged(&app, ANA).await;
    again.post(CHALLENGE, code).await.assert_status(422);
}
