//! What an operator gives is no worse than what a user chooses.

use adyton::{Error, Rule, UserDraft};
use adyton_testing::TestApp;

use super::app;

fn rules(result: adyton::Result<impl std::fmt::Debug>) -> Vec<Rule> {
    match result {
        Err(Error::Invalid(invalid)) => {
            let of_password = |(field, rule): &(String, Rule)| {
                assert_eq!(field, "password");
                rule.clone()
            };
            invalid.problems().iter().map(of_password).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_operators_password_is_looked_at_like_any_other() {
    let app = app().await;
    let draft = |password: &str| {
        let mut draft = UserDraft::new("Ana Ruiz", "ana@example.com");
        draft.password = Some(password.into());
        draft
    };
    let long = "v".repeat(1025);
    for (password, broken) in [
        ("", Rule::Required),
        ("vkqzj", Rule::Min(8)),
        ("iloveyou1", Rule::Common),
        ("anaruiz2026", Rule::Context),
        (long.as_str(), Rule::Max(1024)),
    ] {
        let made = app.adyton.create_user(draft(password)).await;
        assert_eq!(rules(made), [broken], "{password:.20}");
    }
    assert_eq!(app.count("users").await, 0);
    let made = app.adyton.create_user(draft("four good words")).await;
    let user = made.expect("a good password");
    for (password, broken) in [
        ("iloveyou1", Rule::Common),
        ("ana@example.com", Rule::Context),
    ] {
        let set = app.adyton.set_password(&user, password.into()).await;
        assert_eq!(rules(set), [broken], "{password}");
    }
    let kept = app.adyton.is_password_of(&user, "four good words".into());
    assert!(kept.await.expect("an answer"), "nothing was set");
    let set = app.adyton.set_password(&user, "five other words".into());
    set.await.expect("a good password");
}

#[tokio::test]
async fn who_is_given_a_password_or_is_disabled_is_told_by_mail() {
    let app = TestApp::new().await;
    let ana = app.user("ana@example.com").await;
    let given = app.adyton.set_password(&ana, "four good words".into());
    given.await.expect("a good password");
    app.deliver().await;
    let told = app.last_mail(&ana.email).expect("a notice");
    assert_eq!(told.subject, "Your password for Adyton was changed");
    assert!(told.text.contains("This wasn't me:"), "{}", told.text);
    app.adyton.disable_user(&ana).await.expect("disabled");
    app.deliver().await;
    let told = app.last_mail(&ana.email).expect("a notice");
    assert_eq!(told.subject, "Your account at Adyton was disabled");
}
