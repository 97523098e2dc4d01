//! Which address a request is counted by.

use adyton::config::Limit;
use adyton_testing::TestApp;
use serde_json::json;

use super::{LOGIN, MINUTE};

#[tokio::test]
async fn addresses_that_one_customer_has_are_one() {
    let app = TestApp::with(|config| config.throttle.login = Limit::new(1, MINUTE)).await;
    let status = async |address: &str| {
        let program = app.anonymous().from(address);
        program.post(LOGIN, json!({})).await.status.as_u16()
    };
    assert_eq!(status("2001:db8:1:2::1").await, 422);
    for same in [
        "2001:db8:1:2::2",
        "2001:db8:1:2:ffff:ffff:ffff:ffff",
        "2001:0DB8:0001:0002::",
    ] {
        assert_eq!(status(same).await, 429, "{same}");
    }
    assert_eq!(status("2001:db8:1:3::1").await, 422);
    assert_eq!(status("192.0.2.1").await, 422);
    assert_eq!(status("::ffff:192.0.2.1").await, 429);
    assert_eq!(status("::ffff:192.0.2.2").await, 422);
    assert_eq!(status("192.0.2.2").await, 429);
}

#[tokio::test]
async fn a_stranger_does_not_choose_the_address_he_is_counted_by() {
    let app = TestApp::with(|config| config.throttle.login = Limit::new(1, MINUTE)).await;
    app.anonymous()
        .post(LOGIN, json!({}))
        .await
        .assert_status(422);
    for header in [
        "x-forwarded-for",
        "forwarded",
        "x-real-ip",
        "client-ip",
        "true-client-ip",
        "cf-connecting-ip",
        "x-client-ip",
        "x-forwarded",
        "forwarded-for",
        "x_forwarded_for",
        "x-originating-ip",
    ] {
        let program = app.anonymous().with(header, "203.0.113.7");
        program.post(LOGIN, json!({})).await.assert_status(429);
    }
}

#[tokio::test]
async fn behind_our_own_proxy_the_right_most_stranger_is_counted() {
    let app = TestApp::with(|config| {
        config.throttle.login = Limit::new(1, MINUTE);
        config.http.trusted_proxies = vec!["10.0.0.0/8".parse().expect("a network")];
    })
    .await;
    let status = async |hops: &str| {
        let program = app
            .anonymous()
            .from("10.0.0.1")
            .with("x-forwarded-for", hops);
        program.post(LOGIN, json!({})).await.status.as_u16()
    };
    assert_eq!(status("203.0.113.7").await, 422);
    for same in [
        "1.1.1.1, 203.0.113.7",
        "203.0.113.8,203.0.113.7",
        "203.0.113.7, 10.9.9.9",
    ] {
        assert_eq!(status(same).await, 429, "{same}");
    }
    assert_eq!(status("203.0.113.8").await, 422);
    assert_eq!(status("junk").await, 422, "counted as the proxy itself");
    assert_eq!(status("other junk").await, 429);
    let outside = app.anonymous().with("x-forwarded-for", "203.0.113.9");
    outside.post(LOGIN, json!({})).await.assert_status(422);
    outside.post(LOGIN, json!({})).await.assert_status(429);
}
