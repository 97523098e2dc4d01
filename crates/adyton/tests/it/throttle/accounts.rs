//! Guesses at one account, wherever they come from.

use adyton_testing::TestApp;
use chrono::TimeDelta;
use serde_json::json;

use super::{LOGIN, ana, limits, tried, wide_login};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_hundred_addresses_together_guess_at_one_account_ten_times() {
    let app = TestApp::new().await;
    app.user("ana@example.com").await;
    let tasks: Vec<_> = (0..200)
        .map(|number| {
            let program = app.anonymous().from(&format!("192.0.2.{number}"));
            tokio::spawn(async move { tried(&program, "wrong").await })
        })
        .collect();
    let mut checked = 0;
    for task in tasks {
        let status = task.await.expect("an answer");
        assert!([401, 429].contains(&status), "{status}");
        checked += usize::from(status == 401);
    }
    assert_eq!(checked, 10);
}

#[tokio::test]
async fn an_account_is_one_whatever_its_casing_and_whether_or_not_it_exists() {
    let app = TestApp::with(wide_login).await;
    app.user("ana@example.com").await;
    for name in ["ana", "nobody"] {
        let entered = [
            format!("{name}@example.com"),
            format!("{}@EXAMPLE.com", name.to_uppercase()),
            format!("  {name}@Example.Com "),
        ];
        let mut statuses = Vec::new();
        for at in 0..12 {
            let program = app.anonymous().from(&format!("198.51.100.{at}"));
            let body = json!({ "email": entered[at % 3], "password": "wrong" });
            statuses.push(program.post(LOGIN, body).await);
        }
        let (checked, refused) = statuses.split_at(10);
        assert!(checked.iter().all(|answer| answer.status == 401));
        assert!(refused.iter().all(|answer| answer.status == 429));
        let [limit, left, wait, _] = limits(&refused[0]);
        assert_eq!((limit, left), ("10", "0"));
        assert!(
            (895..=900).contains(&wait.parse::<i64>().expect("seconds")),
            "{wait}"
        );
    }
    assert_eq!(
        tried(&app.anonymous(), "password").await,
        429,
        "the right password as little"
    );
    app.clock.advance(TimeDelta::minutes(15));
    assert_eq!(tried(&app.anonymous(), "password").await, 200);
}

#[tokio::test]
async fn the_browsers_door_and_the_programs_count_one_account() {
    let app = TestApp::with(wide_login).await;
    app.user("ana@example.com").await;
    let browser = app.browser();
    browser.get("/sanctum/csrf-cookie").await;
    for _ in 0..5 {
        browser
            .post("/login", ana("wrong"))
            .await
            .assert_status(422);
        assert_eq!(tried(&app.anonymous(), "wrong").await, 401);
    }
    browser
        .post("/login", ana("password"))
        .await
        .assert_status(429);
}

#[tokio::test]
async fn a_success_clears_the_accounts_failures_and_nobody_elses() {
    let app = TestApp::with(wide_login).await;
    app.user("ana@example.com").await;
    app.user("eva@example.com").await;
    let program = app.anonymous();
    let eva = |password: &str| json!({ "email": "eva@example.com", "password": password });
    for _ in 0..9 {
        assert_eq!(tried(&program, "wrong").await, 401);
    }
    for _ in 0..3 {
        program
            .post(LOGIN, eva("password"))
            .await
            .assert_status(200);
    }
    assert_eq!(tried(&program, "password").await, 200, "the tenth");
    for _ in 0..10 {
        assert_eq!(tried(&program, "wrong").await, 401);
    }
    assert_eq!(tried(&program, "wrong").await, 429);
}

/// Own good logins in between once cleared an attacker's limit (django-allauth 65.8.1).
#[tokio::test]
async fn a_success_does_not_clear_the_addresss_limit() {
    let app = TestApp::new().await;
    app.user("ana@example.com").await;
    app.user("eva@example.com").await;
    let program = app.anonymous();
    let eva = json!({ "email": "eva@example.com", "password": "password" });
    for status in [200, 401, 200, 401, 200] {
        match status {
            200 => program.post(LOGIN, eva.clone()).await.assert_status(200),
            _ => program.post(LOGIN, ana("wrong")).await.assert_status(401),
        };
    }
    assert_eq!(tried(&program, "wrong").await, 429);
}
