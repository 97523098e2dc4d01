//! What an error tells of its cause, and to whom.

use super::{app, errors, replies};

#[tokio::test]
async fn nothing_of_a_fault_is_told() {
    for debug in [true, false] {
        let app = app(if debug {
            |_| {}
        } else {
            |config| config.debug = false
        })
        .await;
        for path in ["/laravel/unexpected", "/envelope/unexpected"] {
            for accept in ["application/json", "text/html"] {
                let answer = app.anonymous().with("accept", accept).get(path).await;
                answer.assert_status(500);
                let shown = format!("{answer:?}");
                assert!(
                    !shown.contains("fire") && !shown.contains("/var/lib"),
                    "{shown}"
                );
            }
        }
    }
}

#[tokio::test]
async fn every_refusal_has_a_code_and_in_development_a_reason() {
    let (shown, hidden) = (app(|_| {}).await, app(|config| config.debug = false).await);
    for (case, error) in errors() {
        let path = format!("/laravel/{case}");
        let (loud, quiet) = (
            shown.anonymous().get(&path).await,
            hidden.anonymous().get(&path).await,
        );
        assert_eq!(loud.code(), error.code());
        let told = if case == "unauthenticated" {
            "UNAUTHENTICATED"
        } else {
            error.code()
        };
        assert_eq!(quiet.code(), told, "which check failed would tell a thief");
        assert_eq!(quiet.header("x-adyton-reason"), "", "{case}");
        assert_eq!(loud.body, quiet.body, "{case}");
    }
    let reason = shown.anonymous().get("/laravel/ability").await;
    assert_eq!(
        reason.header("x-adyton-reason"),
        "the token has none of the abilities admin"
    );
    for (case, _) in replies() {
        let answer = shown.anonymous().get(&format!("/laravel/{case}")).await;
        assert_eq!((answer.code(), answer.header("x-adyton-reason")), ("", ""));
    }
}
