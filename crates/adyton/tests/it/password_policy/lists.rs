//! The list of common passwords, and the rules that there are not.

use std::fs;
use std::path::Path;

use super::{COMMON, app, app_with, assert_taken, registered, said};

/// Fifty of the list from its beginning to its end, and those that everybody knows.
fn samples() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/common_passwords.txt");
    let list = fs::read_to_string(path).expect("the list");
    let lines: Vec<&str> = list.lines().collect();
    let spread = lines.iter().step_by(lines.len() / 49).copied();
    let known = [
        "password1",
        "iloveyou1",
        "qwertyuiop",
        "1234567890",
        "passwordpassword",
        "qwerty123456789",
        "manchesterunited",
    ];
    spread.chain(known).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_password_of_the_list_is_refused_with_the_reason() {
    let app = app().await;
    let samples = samples();
    assert!(samples.len() > 50);
    assert!(samples.iter().filter(|sample| sample.len() >= 15).count() > 5);
    for password in samples {
        assert_eq!(
            said(&registered(&app, &password).await),
            [COMMON],
            "{password}"
        );
    }
    assert_eq!(app.count("users").await, 0);
}

#[tokio::test]
async fn the_list_is_compared_whole_and_in_any_case() {
    let app = app().await;
    for password in ["PASSWORD1", "ILoveYou1", "QwertyUiop"] {
        assert_eq!(
            said(&registered(&app, password).await),
            [COMMON],
            "{password}"
        );
    }
    for password in ["my password1 is odd", "password1 ", "qwertyuiopz-4"] {
        assert_taken(&app, password).await;
    }
}

#[tokio::test]
async fn the_list_can_be_left_aside() {
    let app = app_with(|config| config.passwords.refuse_common = false).await;
    assert_taken(&app, "password1").await;
}

#[tokio::test]
async fn no_rule_asks_for_letters_digits_or_signs() {
    let app = app_with(|config| config.passwords.min_length = 15).await;
    for password in [
        "aaaa bbbb cccc dddd",
        "vkqzjxwmpbdgthlrnscf",
        "VKQZJXWMPBDGTHLRNSCF",
        "83920174650192837465",
        "!?&%$·/()=+*{}[]",
        "зимнийвечервдеревне",
        "雪の降る夜に山の上で星を見ていた",
        "🦊🌋🧲🪐🐙🦉🍋🪁🧵🪴🦔🧊🌵🍄🪨",
        "               ",
        "'; DROP TABLE users; --",
    ] {
        assert_taken(&app, password).await;
    }
}
