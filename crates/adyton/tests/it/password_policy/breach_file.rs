//! Passwords that leaked, by a file.

use std::path::PathBuf;

use adyton::Config;
use adyton::config::BreachCheck;
use sha1::{Digest as _, Sha1};

use super::{LEAKED, app_with, assert_taken, registered, said};

/// A file that is gone with its test.
pub struct Kept(pub PathBuf);

impl Kept {
    fn new(text: &str) -> Self {
        let name = format!("adyton-leaked-{}", adyton::Secret::random(20).expose());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, text).expect("a file");
        Self(path)
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// SHA-1 as the lists write it.
pub fn sha1_of(password: &str) -> String {
    let digest = Sha1::digest(password.as_bytes());
    digest.iter().map(|byte| format!("{byte:02X}")).collect()
}

fn looked_up(config: &mut Config, file: &Kept) {
    config.passwords.breach_check = BreachCheck::File;
    config.passwords.breach_file = Some(file.0.display().to_string());
}

fn list(leaked: &[&str]) -> String {
    let of_others = |number: u32| format!("{}:{number}", sha1_of(&format!("other {number}")));
    let of_leaked = |password: &&str| format!("{}:7", sha1_of(password));
    let mut lines: Vec<String> = (1..2_000).map(of_others).collect();
    lines.extend(leaked.iter().map(of_leaked));
    lines.sort();
    lines.join("\r\n") + "\r\n"
}

#[tokio::test]
async fn a_password_of_the_file_is_refused_in_laravels_words() {
    let file = Kept::new(&list(&["four sad old words", "contraseña vieja"]));
    let app = app_with(|config| looked_up(config, &file)).await;
    for password in [
        "four sad old words",
        "contraseña vieja",
        "contrasen\u{303}a vieja",
    ] {
        assert_eq!(
            said(&registered(&app, password).await),
            [LEAKED],
            "{password}"
        );
    }
    for password in [
        "Four sad old words",
        "four sad old words ",
        "five sad old words",
    ] {
        assert_taken(&app, password).await;
    }
}

#[tokio::test]
async fn a_file_that_tells_nothing_keeps_nobody_out() {
    let gone = Kept(std::env::temp_dir().join("adyton-no-such-file"));
    for file in [gone, Kept::new("no list\nof hashes\n"), Kept::new("")] {
        let app = app_with(|config| looked_up(config, &file)).await;
        assert_taken(&app, "four sad old words").await;
    }
}

#[tokio::test]
async fn a_look_up_in_no_file_is_a_wrong_setting() {
    let mut config = Config::default();
    config.passwords.breach_check = BreachCheck::File;
    let problem = config.check().expect_err("no file is named").to_string();
    assert!(problem.contains("passwords.breach_file"), "{problem}");
    config.passwords.breach_file = Some("leaked.txt".to_owned());
    config.check().expect("a file is named");
}
