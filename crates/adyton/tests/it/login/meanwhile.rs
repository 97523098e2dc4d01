//! What changes while a login is on its way.

use adyton_testing::TestApp;

use super::{BCRYPT, CHEAP_BCRYPT, assert_failed, log_in, visitor};
use crate::authenticator::{enrolled, unlimited};
use crate::support::{ANA, Watched, credentials, hash_of, set_hash};

/// An operator ends everything of Ana's when the next login has read all that it checks.
fn end_all_after_the_check(app: &TestApp, users: &Watched) {
    let adyton = app.adyton.clone();
    users.after_the_next_find(move || {
        let adyton = adyton.clone();
        async move {
            let ana = adyton.find_user(ANA).await.expect("she is there");
            let changed = adyton.set_password(&ana, "another-password".into()).await;
            changed.expect("it is long enough");
        }
    });
}

#[tokio::test]
async fn who_proved_an_old_password_before_it_was_changed_is_not_let_in_after() {
    let (app, users) = Watched::app(unlimited).await;
    app.user(ANA).await;
    let browser = visitor(&app).await;
    end_all_after_the_check(&app, &users);
    assert_failed(&browser.post("/login", credentials(ANA)).await);
    assert_eq!(app.count("sessions").await, 0);
}

#[tokio::test]
async fn who_proved_an_old_password_before_it_was_changed_gets_no_token_after() {
    let (app, users) = Watched::app(unlimited).await;
    app.user(ANA).await;
    end_all_after_the_check(&app, &users);
    let program = app.anonymous();
    let answer = program.post("/api/v1/auth/login", credentials(ANA)).await;
    answer.assert_status(401);
    assert_eq!(app.count("personal_access_tokens").await, 0);
}

#[tokio::test]
async fn who_proved_an_old_password_before_it_was_changed_is_asked_nothing_after() {
    let (app, users) = Watched::app(unlimited).await;
    enrolled(&app, ANA).await;
    let browser = visitor(&app).await;
    end_all_after_the_check(&app, &users);
    assert_failed(&browser.post("/login", credentials(ANA)).await);
    assert_eq!(app.count("two_factor_challenges").await, 0);
}

#[tokio::test]
async fn a_password_that_changes_during_a_login_stays_changed_and_keeps_it_out() {
    let (app, users) = Watched::app(|config| config.throttle.enabled = false).await;
    app.user(ANA).await;
    app.user("other@example.com").await;
    let browser = visitor(&app).await;
    for old in [CHEAP_BCRYPT.to_owned(), hash_of(&app, ANA).await] {
        set_hash(&app, ANA, &old).await;
        let (adyton, other) = (app.adyton.clone(), BCRYPT.replace("92IX", "93IX"));
        users.during_the_next_login({
            let other = other.clone();
            move || {
                let (adyton, other) = (adyton.clone(), other.clone());
                async move {
                    let sql = "UPDATE users SET password = $1 WHERE email = $2";
                    let params = [other.into(), ANA.into()];
                    adyton.db().run(sql, &params).await.expect("updated");
                }
            }
        });
        let answer = browser.post("/login", credentials(ANA)).await;
        assert_eq!(hash_of(&app, ANA).await, other);
        assert_failed(&answer);
        assert_eq!(app.count("sessions").await, 0);
    }
}

#[tokio::test]
async fn a_password_that_changes_during_a_token_login_keeps_it_out() {
    let (app, users) = Watched::app(|_| {}).await;
    app.user(ANA).await;
    let adyton = app.adyton.clone();
    users.during_the_next_login(move || {
        let adyton = adyton.clone();
        async move {
            let ana = adyton.find_user(ANA).await.expect("she is there");
            let changed = adyton.set_password(&ana, "another-password".into()).await;
            changed.expect("it is long enough");
        }
    });
    let answer = app
        .anonymous()
        .post("/api/v1/auth/login", credentials(ANA))
        .await;
    answer.assert_status(401);
    assert_eq!(app.count("personal_access_tokens").await, 0);
}

#[tokio::test]
async fn a_user_who_is_disabled_during_a_login_stays_out() {
    let (app, users) = Watched::app(|_| {}).await;
    app.user(ANA).await;
    let adyton = app.adyton.clone();
    users.during_the_next_login(move || {
        let adyton = adyton.clone();
        async move {
            let ana = adyton.find_user(ANA).await.expect("she is there");
            adyton.disable_user(&ana).await.expect("disabled");
        }
    });
    assert_failed(&log_in(&app, credentials(ANA)).await);
    assert_eq!(app.count("sessions").await, 0);
}

#[tokio::test]
async fn two_first_logins_of_an_imported_user_at_once_both_succeed() {
    let (app, users) = Watched::app(|config| config.throttle.enabled = false).await;
    app.user(ANA).await;
    set_hash(&app, ANA, CHEAP_BCRYPT).await;
    let other = visitor(&app).await;
    users.during_the_next_login(move || {
        let other = other.clone();
        // The other login makes the hash anew while this one still holds the old one.
        async move {
            let answer = other.post("/login", credentials(ANA)).await;
            answer.assert_status(200);
        }
    });
    log_in(&app, credentials(ANA)).await.assert_status(200);
}
