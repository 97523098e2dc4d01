//! Length: code points after composing, and bytes.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{app, app_with, assert_taken, registered, said};

/// Texts of so many characters each, none of them a word of the list: letters, composed and
/// decomposed accents, pictures beyond the first plane, Han.
fn of_length(length: usize) -> [(String, &'static str); 5] {
    let cycled = |letters: &'static [&'static str]| -> String {
        letters.iter().copied().cycle().take(length).collect()
    };
    [
        (cycled(&["v", "k", "q", "z", "j"]), "ASCII"),
        (cycled(&["é", "ñ", "ü"]), "NFC"),
        (cycled(&["e\u{301}", "n\u{303}", "u\u{308}"]), "NFD"),
        (cycled(&["🦊", "🌋", "🧲", "🪐"]), "emoji"),
        (cycled(&["語", "漢", "字"]), "CJK"),
    ]
}

#[tokio::test]
async fn code_points_are_counted_up_to_the_length_that_is_set() {
    for least in [8, 15] {
        let app = app_with(|config| config.passwords.min_length = least).await;
        for (password, kind) in of_length(least - 1) {
            let expected = format!("The password field must be at least {least} characters.");
            let answer = registered(&app, &password).await;
            assert_eq!(said(&answer), [expected], "{kind}");
        }
        for length in [least, least + 1] {
            for (password, _) in of_length(length) {
                assert_taken(&app, &password).await;
            }
        }
    }
}

#[tokio::test]
async fn fifteen_is_asked_for_where_nothing_is_set() {
    let default = adyton::Config::default().passwords.min_length;
    assert_eq!(default, 15);
}

#[tokio::test]
async fn long_passwords_are_taken_and_too_long_ones_refused_at_once() {
    let app = app().await;
    for bytes in [64, 128, 1024] {
        assert_taken(&app, &"vkqzj".repeat(300)[..bytes]).await;
        // Two bytes a letter.
        assert_taken(&app, &"éñ".repeat(300)[..bytes]).await;
    }
    let begin = Instant::now();
    for password in ["v".repeat(1025), "é".repeat(513), "v".repeat(25_000)] {
        let answer = registered(&app, &password).await;
        let expected = "The password field must not be greater than 1024 characters.";
        assert_eq!(said(&answer), [expected]);
    }
    assert!(
        begin.elapsed() < Duration::from_secs(1),
        "nothing is hashed"
    );
}

#[tokio::test]
async fn a_password_is_the_same_composed_and_decomposed() {
    let app = app().await;
    let forms = [
        "contraseña de Íñigo",
        "contrasen\u{303}a de I\u{301}n\u{303}igo",
    ];
    for (email, chosen, typed) in [
        ("a@example.com", forms[0], forms[1]),
        ("b@example.com", forms[1], forms[0]),
    ] {
        let fields = json!({ "name": "Ana", "email": email, "password": chosen });
        let program = app.anonymous();
        let answer = program.post("/api/v1/auth/register", fields).await;
        answer.assert_status(201);
        for password in [chosen, typed] {
            let fields = json!({ "email": email, "password": password });
            let answer = program.post("/api/v1/auth/login", fields).await;
            answer.assert_status(200);
        }
        let fields = json!({ "email": email, "password": "contrasena de Inigo" });
        let answer = program.post("/api/v1/auth/login", fields).await;
        assert!(answer.status.is_client_error(), "{answer:#?}");
    }
}

#[tokio::test]
async fn every_character_of_a_password_counts() {
    let app = app().await;
    let password = format!("P{}", "vkqzj".repeat(20));
    let fields = json!({ "name": "Ana", "email": "a@example.com", "password": password });
    let program = app.anonymous();
    let answer = program.post("/api/v1/auth/register", fields).await;
    answer.assert_status(201);
    for other in [
        password[..72].to_owned(),
        password[..100].to_owned(),
        password.to_lowercase(),
        format!(" {password}"),
        format!("{password} "),
    ] {
        let fields = json!({ "email": "a@example.com", "password": other });
        let answer = program.post("/api/v1/auth/login", fields).await;
        assert!(answer.status.is_client_error(), "{other:?}: {answer:#?}");
    }
}
