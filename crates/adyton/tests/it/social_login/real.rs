//! Every kind of provider against a real server: panva's oidc-provider, started by
//! `tests/clients/provider.mjs`. `cargo xtask test` installs it.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use adyton::config::{Provider as Settings, SocialKind};
use adyton_testing::{Browser, TestApp};
use serde_json::Value as Json;

use super::hostile::{begin, script};

const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/clients");
/// What `provider.mjs` knows.
const SECRET: &str = "a-secret-between-the-two-of-them";
/// Where the application is, for a browser.
const PUBLIC: &str = "http://localhost:8000";
/// What oidc-provider runs on.
const OLDEST_NODE: u32 = 20;

/// A running server with a browser. It ends with this value.
struct RealProvider {
    issuer: String,
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Drop for RealProvider {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl RealProvider {
    /// Starts one; `None` where it is not installed.
    fn start() -> Option<Self> {
        let Some(modules) = installed().filter(|_| node_is_there()) else {
            eprintln!(
                "SKIPPED: oidc-provider is not installed, or Node {OLDEST_NODE} is not there: \
                 `cargo xtask test` installs it"
            );
            return None;
        };
        let mut child = Command::new("node")
            .arg(Path::new(SCRIPTS).join("provider.mjs"))
            .arg(format!("{PUBLIC}/auth/{{name}}/callback"))
            .env("NODE_PATH", modules)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("what npm installed, node runs");
        let input = child.stdin.take().expect("standard input is piped");
        let output = child.stdout.take().expect("standard output is piped");
        let mut provider = Self {
            issuer: String::new(),
            child,
            input,
            output: BufReader::new(output),
        };
        provider.issuer = provider.line();
        assert!(
            provider.issuer.starts_with("http://127.0.0.1:"),
            "{}",
            provider.issuer
        );
        Some(provider)
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        let read = self.output.read_line(&mut line);
        read.expect("it writes lines");
        line.trim_end().to_owned()
    }

    /// Sends its browser there, and tells where it comes back to.
    fn visit(&mut self, url: &str) -> String {
        writeln!(self.input, "{url}").expect("it reads lines");
        let back = self.line();
        let path = back.strip_prefix(PUBLIC);
        path.unwrap_or_else(|| panic!("{back}")).to_owned()
    }

    /// An application that knows it by this name.
    async fn app(&self, name: &str, settings: Settings) -> TestApp {
        TestApp::with(|config| {
            config.public_url = Some(PUBLIC.to_owned());
            config.social.insert(name.to_owned(), settings);
        })
        .await
    }

    /// Somebody goes there from an application that knows it by this name, and comes in.
    async fn enter(&mut self, name: &str, settings: Settings) -> (TestApp, Json) {
        let app = self.app(name, settings).await;
        for status in [201, 200] {
            let browser = script(&app);
            self.come(&browser, name, status).await;
        }
        assert_eq!(
            app.count("users").await,
            1,
            "the second time is the same user"
        );
        assert_eq!(app.count("social_accounts").await, 1);
        let browser = script(&app);
        self.come(&browser, name, 200).await;
        let user = browser.get("/api/user").await.assert_status(200).json();
        assert_eq!(user["email"], "ana@example.com");
        assert_eq!(user["name"], "Ana Example");
        (app, user)
    }

    async fn come(&mut self, browser: &Browser, name: &str, status: u16) {
        let url = begin(browser, name).await.expect("it is begun");
        let back = self.visit(&url);
        browser.get(&back).await.assert_status(status);
    }

    fn oidc(&self, name: &str) -> Settings {
        let mut settings = Settings::new(name, SECRET);
        settings.issuer = Some(self.issuer.clone());
        settings
    }

    fn oauth(&self, name: &str, kind: SocialKind, profile: &str) -> Settings {
        let at = |path: &str| Some(format!("{}{path}", self.issuer));
        let mut settings = Settings::new(name, SECRET);
        settings.kind = Some(kind);
        settings.authorize_url = at("/auth");
        settings.token_url = at("/token");
        settings.profile_url = at(profile);
        settings
    }
}

/// The modules that the lock file names, where `cargo xtask test` puts them.
fn installed() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("test-clients");
    let lock = |folder: &Path| std::fs::read(folder.join("package-lock.json")).ok();
    let is_current = lock(&folder).is_some_and(|of| Some(of) == lock(Path::new(SCRIPTS)));
    is_current.then(|| folder.join("node_modules"))
}

fn node_is_there() -> bool {
    let said = Command::new("node").arg("--version").output().ok();
    let said = said.and_then(|said| String::from_utf8(said.stdout).ok());
    let major = said.and_then(|text| {
        text.trim()
            .strip_prefix('v')?
            .split('.')
            .next()?
            .parse()
            .ok()
    });
    major.is_some_and(|major: u32| major >= OLDEST_NODE)
}

fn is_proved(user: &Json) -> bool {
    user["email_verified_at"].is_string()
}

#[tokio::test]
async fn google_by_another_issuer() {
    let Some(mut provider) = RealProvider::start() else {
        return;
    };
    let settings = provider.oidc("google");
    let (_, user) = provider.enter("google", settings).await;
    // Its address comes from the profile: the ID token of this server has none.
    assert!(is_proved(&user));
}

#[tokio::test]
async fn openid_connect_with_each_signature() {
    let Some(mut provider) = RealProvider::start() else {
        return;
    };
    for name in ["es256", "eddsa", "ps256"] {
        let settings = provider.oidc(name);
        let (_, user) = provider.enter(name, settings).await;
        assert!(is_proved(&user), "{name}");
    }
}

#[tokio::test]
async fn openid_connect_without_a_secret() {
    let Some(mut provider) = RealProvider::start() else {
        return;
    };
    let mut settings = provider.oidc("public");
    settings.client_secret = None;
    let (_, user) = provider.enter("public", settings).await;
    assert!(is_proved(&user));
}

#[tokio::test]
async fn facebook_x_and_github_behind_a_real_exchange() {
    let Some(mut provider) = RealProvider::start() else {
        return;
    };
    for (name, kind, profile, proves) in [
        ("facebook", SocialKind::Facebook, "/facebook/me", false),
        ("x", SocialKind::X, "/x/me", false),
        ("github", SocialKind::Github, "/github/user", true),
    ] {
        let settings = provider.oauth(name, kind, profile);
        let (_, user) = provider.enter(name, settings).await;
        assert_eq!(is_proved(&user), proves, "{name}");
    }
}

#[tokio::test]
async fn a_user_without_a_password_proves_once_more_who_they_are() {
    let Some(mut provider) = RealProvider::start() else {
        return;
    };
    let app = provider.app("google", provider.oidc("google")).await;
    let browser = script(&app);
    provider.come(&browser, "google", 201).await;
    let is_confirmed = async || {
        let answer = browser.get("/user/confirmed-password-status").await;
        answer.assert_status(200).json()["confirmed"] == true
    };
    assert!(!is_confirmed().await);
    let path = "/user/social-accounts/google/confirm";
    let begun = browser.post(path, serde_json::json!({})).await;
    let begun = begun.assert_status(200).json();
    let url = begun["redirect"].as_str().expect("an address");
    assert!(
        url.contains("max_age=0") && url.contains("prompt=login"),
        "{url}"
    );
    let back = provider.visit(url);
    browser.get(&back).await.assert_status(200);
    // The server said when, in the ID token.
    assert!(is_confirmed().await);
}

#[tokio::test]
async fn what_one_browser_brought_back_lets_no_other_in() {
    let Some(mut provider) = RealProvider::start() else {
        return;
    };
    let app = provider.app("google", provider.oidc("google")).await;
    let browser = script(&app);
    let url = begin(&browser, "google").await.expect("it is begun");
    let back = provider.visit(&url);
    browser.get(&back).await.assert_status(201);
    let copied = script(&app);
    let answer = copied.get(&back).await;
    assert_eq!(answer.assert_status(403).code(), "SOCIAL_STATE_INVALID");
}
