//! The way there and back: what begins in one browser ends in it, once, soon, and with the same
//! provider; and nothing that somebody else sends along leads elsewhere.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{ANA, page};
use crate::visitor::{
    COMPANY, GOOGLE, assert_refused, brought_back, come_back, names, script, visit, visit_by,
    visited, who,
};

const FLOW: &str = "adyton_social";

#[tokio::test]
async fn the_providers_are_told_for_buttons() {
    let (app, _provider) = visited(|config| {
        let google = config.social.get_mut("google").expect("it is known");
        google.label = Some("Google".to_owned());
        let moved = "/oauth/{provider}".to_owned();
        config.routes.insert("social.redirect".to_owned(), moved);
    })
    .await;
    let told = app.anonymous().get("/auth/providers").await;
    let told = told.assert_status(200).json();
    let google = json!({ "name": "google", "label": "Google", "redirect": "/oauth/google" });
    assert_eq!(told["providers"][1], google);
    assert_eq!(told["providers"][0]["name"], "company");
    app.browser().get("/oauth/google").await.assert_status(200);
}

#[tokio::test]
async fn without_providers_there_is_nothing_but_an_empty_list() {
    let app = adyton_testing::TestApp::new().await;
    let told = app.anonymous().get("/auth/providers").await;
    assert_eq!(told.assert_status(200).json(), json!({ "providers": [] }));
    let answer = app.browser().get(GOOGLE).await;
    assert_eq!(answer.assert_status(404).code(), "ROUTE_NOT_FOUND");
}

#[tokio::test]
async fn a_provider_that_is_not_configured_is_not_there() {
    let (app, _provider) = visited(|_| {}).await;
    for path in [
        "/auth/other/redirect",
        "/auth/other/callback",
        "/auth/%ff/redirect",
    ] {
        let answer = app.browser().get(path).await;
        assert_eq!(answer.assert_status(404).code(), "NOT_FOUND", "{path}");
    }
}

#[tokio::test]
async fn whoever_is_logged_in_does_not_begin_a_login() {
    let (app, _provider) = visited(|_| {}).await;
    app.user(ANA).await;
    let browser = app.logged_in(ANA).await;
    let answer = browser.get(GOOGLE).await;
    assert_eq!(answer.assert_status(409).code(), "ALREADY_AUTHENTICATED");
    assert_eq!(browser.cookie(FLOW), None);
}

#[tokio::test]
async fn a_beginning_writes_no_row_and_tells_no_secret() {
    let (app, provider) = visited(|_| {}).await;
    let browser = page(&app);
    let begun = browser.get(GOOGLE).await;
    let url = begun.assert_status(302).header("location");
    assert!(url.starts_with(provider.issuer()), "{url}");
    let cookie = begun.set_cookie(FLOW).expect("a cookie");
    for attribute in ["HttpOnly", "SameSite=Lax", "Max-Age=600"] {
        assert!(
            cookie.to_lowercase().contains(&attribute.to_lowercase()),
            "{cookie}"
        );
    }
    assert_eq!(begun.header("cache-control"), "no-store");
    let state = url
        .split("state=")
        .nth(1)
        .and_then(|rest| rest.split('&').next());
    let state = state.expect("a state");
    assert!(!cookie.contains(state), "what is in the cookie is sealed");
    assert_eq!(
        app.count("sessions").await + app.count("spent_flows").await,
        0
    );
}

#[tokio::test]
async fn what_began_in_one_browser_ends_in_no_other() {
    let (app, provider) = visited(|_| {}).await;
    let (victim, other) = (page(&app), page(&app));
    let path = brought_back(&victim, &provider, GOOGLE).await;
    assert_refused(&come_back(&other, &path).await, "SOCIAL_STATE_INVALID");
    // The other has begun, too: it is another state.
    brought_back(&other, &provider, GOOGLE).await;
    assert_refused(&come_back(&other, &path).await, "SOCIAL_STATE_INVALID");
    assert_eq!(who(&other).await, None);
    assert_eq!(app.count("users").await, 0);
}

#[tokio::test]
async fn a_way_goes_once() {
    let (app, provider) = visited(|_| {}).await;
    let browser = page(&app);
    let path = brought_back(&browser, &provider, GOOGLE).await;
    let thief = browser.copied();
    come_back(&browser, &path).await.assert_status(302);
    assert_eq!(browser.cookie(FLOW), None);
    assert_refused(&come_back(&thief, &path).await, "SOCIAL_STATE_INVALID");
    assert_refused(&come_back(&browser, &path).await, "SOCIAL_STATE_INVALID");
    assert_eq!(app.count("sessions").await, 1);
}

#[tokio::test]
async fn a_refusal_uses_it_up_as_well() {
    let (app, provider) = visited(|_| {}).await;
    let browser = page(&app);
    let path = brought_back(&browser, &provider, GOOGLE).await;
    let copy = browser.copied();
    let answer = come_back(&browser, "/auth/google/callback?state=x&code=y").await;
    assert_refused(&answer, "SOCIAL_STATE_INVALID");
    assert_refused(&come_back(&copy, &path).await, "SOCIAL_STATE_INVALID");
    assert_eq!(app.count("users").await, 0);
}

#[tokio::test]
async fn a_way_ends_after_ten_minutes() {
    let (app, provider) = visited(|_| {}).await;
    let browser = page(&app);
    let path = brought_back(&browser, &provider, GOOGLE).await;
    app.clock.advance(TimeDelta::minutes(10));
    assert_refused(&come_back(&browser, &path).await, "SOCIAL_STATE_INVALID");
}

#[tokio::test]
async fn what_began_with_one_provider_does_not_end_with_another() {
    let (app, provider) = visited(|_| {}).await;
    let browser = page(&app);
    let path = brought_back(&browser, &provider, COMPANY).await;
    let elsewhere = path.replace("/company/", "/google/");
    assert_refused(
        &come_back(&browser, &elsewhere).await,
        "SOCIAL_STATE_INVALID",
    );
    assert_eq!(app.count("users").await, 0);
    assert_eq!(names(&app), ["social_failed"]);
}

#[tokio::test]
async fn strangers_do_not_fill_the_security_log() {
    let (app, _provider) = visited(|_| {}).await;
    for query in [
        "",
        "?state=x&code=y",
        "?error=access_denied",
        "?access_token=x&state=x",
    ] {
        let answer = come_back(&page(&app), &format!("/auth/google/callback{query}")).await;
        assert_refused(&answer, "SOCIAL_STATE_INVALID");
    }
    assert_eq!(names(&app), [""; 0]);
    assert_eq!(app.count("spent_flows").await, 0);
}

#[tokio::test]
async fn an_access_token_in_the_address_proves_nothing() {
    let (app, provider) = visited(|_| {}).await;
    let browser = page(&app);
    let path = brought_back(&browser, &provider, GOOGLE).await;
    let path = path.replace("code=", "access_token=");
    let answer = come_back(&browser, &path).await;
    assert_refused(&answer, "SOCIAL_PROVIDER_FAILED");
    assert_eq!(app.count("users").await, 0);
}

#[tokio::test]
async fn a_user_who_says_no_is_told_so_and_the_providers_word_is_cut() {
    let (app, provider) = visited(|_| {}).await;
    let browser = page(&app);
    let path = brought_back(&browser, &provider, GOOGLE).await;
    let (start, query) = path.split_once('?').expect("a query");
    let state = query.split('&').find(|pair| pair.starts_with("state="));
    let word = "a".repeat(200);
    let path = format!(
        "{start}?{}&error=%0d%0aset-cookie:x{word}",
        state.expect("a state")
    );
    let answer = come_back(&browser, &path).await;
    assert_refused(&answer, "SOCIAL_DENIED");
    let reason = answer.header("x-adyton-reason");
    assert!(
        reason.contains("error=set-cookie:xaaa") && reason.len() < 120,
        "{reason}"
    );
    assert_eq!(names(&app), ["social_failed"]);
}

#[tokio::test]
async fn a_host_that_somebody_names_is_never_in_the_redirect_address() {
    let (app, _provider) = visited(|config| {
        config.public_url = Some("http://app.example.com:8000/".to_owned());
    })
    .await;
    let browser = page(&app)
        .with("host", "evil.example")
        .with("x-forwarded-host", "evil.example")
        .with("forwarded", "host=evil.example");
    let begun = browser.get(GOOGLE).await;
    let url = begun.assert_status(302).header("location");
    let own = "redirect_uri=http%3A%2F%2Fapp.example.com%3A8000%2Fauth%2Fgoogle%2Fcallback";
    assert!(url.contains(own) && !url.contains("evil"), "{url}");
}

#[tokio::test]
async fn what_a_caller_sends_along_does_not_reach_the_provider() {
    let (app, provider) = visited(|_| {}).await;
    let sent = "login_hint=victim%40example.com&prompt=none&client_id=other&redirect_uri=x\
                &scope=admin&state=fixed&response_mode=fragment&access_type=offline";
    let begun = page(&app).get(&format!("{GOOGLE}?{sent}")).await;
    let url = begun.assert_status(302).header("location").to_owned();
    for word in [
        "victim", "none", "other", "admin", "fixed", "fragment", "offline",
    ] {
        assert!(!url.contains(word), "{word} in {url}");
    }
    provider.visit(&url).await;
}

#[tokio::test]
async fn a_browser_goes_where_it_was_to_go_and_nowhere_else() {
    let (app, provider) = visited(|config| {
        config.throttle.enabled = false;
        config.public_url = Some("http://app.example.com".to_owned());
    })
    .await;
    for good in [
        "/settings?tab=logins#google",
        "http://app.example.com/settings",
        "http://localhost:3000/",
    ] {
        let answer = visit_by(&page(&app), &provider, &to(good)).await;
        assert_eq!(answer.assert_status(302).header("location"), good);
    }
    for evil in [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example/",
        "http://app.example.com.evil.example/",
        "http://app.example.com@evil.example/",
        "http://app.example.com\\@evil.example/",
        "https://app.example.com/",
        "http://localhost:3001/",
        "/\t/evil.example",
        "/\r\nset-cookie: x",
        "javascript:alert(1)",
        "data:text/html,x",
        "app.example.com",
        "http:/evil.example",
        "settings",
    ] {
        let browser = page(&app);
        let answer = browser.get(&to(evil)).await;
        assert_eq!(
            answer.assert_status(422).code(),
            "VALIDATION_FAILED",
            "{evil}"
        );
        assert_eq!(browser.cookie(FLOW), None);
    }
}

/// Begins with a wish where to go at the end.
fn to(wish: &str) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("return_to", wish);
    format!("{GOOGLE}?{}", query.finish())
}

#[tokio::test]
async fn without_a_wish_the_settings_say_where() {
    let (app, provider) = visited(|config| {
        let mut page = |name: &str, to: &str| config.redirects.insert(name.into(), to.into());
        page("social.callback", "/welcome");
        page("social.failed", "/login?by=provider#top");
    })
    .await;
    let answer = visit(&app, &provider).await.1;
    assert_eq!(answer.assert_status(302).header("location"), "/welcome");
    let answer = come_back(&page(&app), "/auth/google/callback").await;
    let to = "/login?by=provider&error=SOCIAL_STATE_INVALID#top";
    assert_eq!(answer.assert_status(302).header("location"), to);
    assert_eq!(answer.code(), "SOCIAL_STATE_INVALID");
}

#[tokio::test]
async fn a_wish_to_be_remembered_is_kept() {
    let (app, provider) = visited(|_| {}).await;
    let browser = page(&app);
    visit_by(&browser, &provider, GOOGLE)
        .await
        .assert_status(302);
    assert_eq!(browser.cookie("adyton_remember"), None);
    let browser = page(&app);
    let path = format!("{GOOGLE}?remember=true");
    visit_by(&browser, &provider, &path)
        .await
        .assert_status(302);
    assert!(browser.cookie("adyton_remember").is_some());
}

#[tokio::test]
async fn a_script_is_answered_in_json_at_both_ends() {
    let (app, provider) = visited(|_| {}).await;
    for (status, body) in [(201, json!("")), (200, json!({ "two_factor": false }))] {
        let browser = app.browser();
        let begun = browser.get(GOOGLE).await.assert_status(200).json();
        let url = begun["redirect"].as_str().expect("an address");
        let back = provider.visit(url).await.path_and_query();
        let answer = browser.get(&back).await;
        assert_eq!(answer.assert_status(status).json(), body);
        assert!(who(&browser).await.is_some());
    }
    let refused = app.browser().get("/auth/google/callback").await;
    assert_eq!(refused.assert_status(403).code(), "SOCIAL_STATE_INVALID");
    assert!(refused.json()["message"].is_string());
}

#[tokio::test]
async fn a_session_of_before_ends_with_the_login() {
    let (app, provider) = visited(|_| {}).await;
    app.user("bo@example.com").await;
    let browser = page(&app);
    let path = brought_back(&browser, &provider, GOOGLE).await;
    // Meanwhile somebody logs in here by a password.
    let tab = script(&browser);
    tab.get("/sanctum/csrf-cookie").await.assert_status(204);
    let login = crate::support::credentials("bo@example.com");
    tab.post("/login", login).await.assert_status(200);
    let before = browser.copied();
    come_back(&browser, &path).await.assert_status(302);
    assert_eq!(who(&browser).await.expect("in")["email"], ANA);
    assert_eq!(who(&before).await, None);
    // It was a login that began, so nobody was linked.
    assert_eq!(crate::visitor::linked_to(&app, "7").await, None);
    assert_eq!(app.count("users").await, 2);
}

#[tokio::test]
async fn a_form_from_the_provider_becomes_the_same_visit() {
    let (app, provider) = visited(|_| {}).await;
    let browser = page(&app);
    let path = brought_back(&browser, &provider, GOOGLE).await;
    let (start, query) = path.split_once('?').expect("a query");
    let mut pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    pairs.push(("user".to_owned(), "{\"name\":\"Mallory\"}".to_owned()));
    pairs.push(("id_token".to_owned(), "x.y.z".to_owned()));
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(a, b)| (&**a, &**b)).collect();
    // From another site, so that no cookie of ours comes with it.
    let foreign = page(&app)
        .without_cookies()
        .with("origin", "https://provider.example");
    let foreign = foreign.with("sec-fetch-site", "cross-site");
    let answer = foreign.form(start, &pairs).await;
    let to = answer.assert_status(302).header("location");
    assert!(answer.set_cookies().is_empty(), "{answer:#?}");
    assert!(!to.contains("user") && !to.contains("id_token"), "{to}");
    assert_eq!(app.count("spent_flows").await, 0);
    let to = to
        .split_once("/auth/")
        .map(|(_, rest)| format!("/auth/{rest}"));
    let answer = come_back(&browser, &to.expect("our own address")).await;
    assert_eq!(answer.assert_status(302).header("location"), "/home");
    assert!(who(&browser).await.is_some());
}

#[tokio::test]
async fn a_form_is_not_sent_elsewhere_by_its_host() {
    let (app, _provider) = visited(|config| {
        config.public_url = Some("http://app.example.com".to_owned());
    })
    .await;
    let browser = page(&app).with("host", "evil.example");
    let answer = browser
        .form("/auth/google/callback", &[("state", "a b&c")])
        .await;
    let to = "http://app.example.com/auth/google/callback?state=a+b%26c";
    assert_eq!(answer.assert_status(302).header("location"), to);
    browser
        .form("/auth/other/callback", &[])
        .await
        .assert_status(404);
}

#[tokio::test]
async fn too_many_from_one_address_wait() {
    let (app, _provider) = visited(|config| config.throttle.social.max = 2).await;
    for _ in 0..2 {
        page(&app).get(GOOGLE).await.assert_status(302);
    }
    let answer = page(&app).get(GOOGLE).await;
    assert_eq!(answer.assert_status(429).code(), "THROTTLED");
    come_back(&page(&app), "/auth/google/callback")
        .await
        .assert_status(429);
}
