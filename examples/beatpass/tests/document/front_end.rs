//! The front end beside the API: who is given the page, and who is told that there is nothing.

use std::path::PathBuf;

use adyton_testing::{Answer, HostProcess, Wire};

use crate::BEATPASS;

/// What Chromium sends when somebody follows a link.
const NAVIGATION: &str = "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const PAGE: &str = "<!doctype html><title>BeatPass</title>";

/// A folder as `npm run build` makes it. It goes with this value.
struct Built(PathBuf);

impl Built {
    fn new(name: &str) -> Self {
        let own = format!("beatpass-web-{}-{name}", std::process::id());
        let folder = std::env::temp_dir().join(own);
        std::fs::create_dir_all(folder.join("assets"))
            .expect("the temporary folder can be written");
        for (file, text) in [
            ("index.html", PAGE),
            ("assets/index-Dk3vX9.js", "export default 1;"),
            ("favicon.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
        ] {
            std::fs::write(folder.join(file), text).expect("the file can be written");
        }
        Self(folder)
    }

    async fn host(&self) -> HostProcess {
        let folder = self.0.to_str().expect("the path is text");
        HostProcess::with(BEATPASS, &[("BEATPASS_WEB", folder)]).await
    }

    /// One that takes money at Stripe itself.
    async fn selling_host(&self) -> HostProcess {
        let folder = self.0.to_str().expect("the path is text");
        let variables = [
            ("BEATPASS_WEB", folder),
            ("BEATPASS_STRIPE_SECRET_KEY", "sk_test_of_nobody"),
            ("BEATPASS_STRIPE_PUBLISHABLE_KEY", "pk_test_of_nobody"),
            ("BEATPASS_STRIPE_WEBHOOK_SECRET", "whsec_of_nobody"),
            ("BEATPASS_PAYMENTS_TEST_MODE", "yes"),
        ];
        HostProcess::with(BEATPASS, &variables).await
    }
}

impl Drop for Built {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn open(visitor: &Wire, path: &str) -> Answer {
    visitor.send(&format!("GET {path}\n{NAVIGATION}")).await
}

#[tokio::test]
async fn every_address_that_is_not_the_apis_shows_a_person_the_page() {
    let built = Built::new("page");
    let host = built.host().await;
    let visitor = host.client();
    for path in ["/", "/beats/7", "/settings/security", "/library?page=2"] {
        let page = open(&visitor, path).await;
        assert_eq!(page.assert_status(200).body, PAGE, "{path}");
        assert_eq!(page.header("content-type"), "text/html");
        assert_eq!(page.header("cache-control"), "no-cache");
        assert!(page.set_cookies().is_empty());
    }
    let again = format!(
        "GET /beats/7\n{NAVIGATION}\nIf-Modified-Since: {}",
        open(&visitor, "/").await.header("last-modified")
    );
    visitor.send(&again).await.assert_status(304);
    // curl asks for anything, and the front page is there for it too.
    assert_eq!(visitor.send("GET /\nAccept: */*").await.body, PAGE);
}

#[tokio::test]
async fn what_the_api_does_not_have_stays_its_own_404() {
    let built = Built::new("api");
    let host = built.host().await;
    let visitor = host.client();
    for request in [
        "GET /nowhere\nAccept: application/json".to_owned(),
        "GET /nowhere\nAccept: */*".to_owned(),
        "POST /beats/7\nAccept: text/html".to_owned(),
        "GET /assets/index-gone.js\nAccept: */*".to_owned(),
        "GET /assets/..%2f..%2fCargo.toml\nAccept: */*".to_owned(),
        "GET /assets\nAccept: */*".to_owned(),
        format!("GET /api/v1/nowhere\n{NAVIGATION}"),
        format!("GET /tracks/999999\n{NAVIGATION}"),
    ] {
        let answer = visitor.send(&request).await;
        assert_ne!(answer.assert_status(404).body, PAGE, "{request}");
        assert!(
            answer.code().ends_with("NOT_FOUND"),
            "{request}: {answer:?}"
        );
    }
    let typed = open(&visitor, "/login").await;
    assert_eq!(typed.assert_status(303).header("location"), "/sign-in");
    let script = visitor.send("GET /login\nAccept: application/json").await;
    assert_eq!(script.assert_status(405).header("allow"), "POST");
}

#[tokio::test]
async fn files_with_a_digest_in_their_name_are_kept_for_ever_and_others_asked_for_again() {
    let built = Built::new("files");
    let host = built.host().await;
    let visitor = host.client();
    let script = visitor
        .send("GET /assets/index-Dk3vX9.js\nAccept: */*")
        .await;
    assert_eq!(
        script.assert_status(200).header("content-type"),
        "text/javascript"
    );
    let for_ever = "public, max-age=31536000, immutable";
    assert_eq!(script.header("cache-control"), for_ever);
    let icon = visitor.send("GET /favicon.svg\nAccept: image/*").await;
    assert_eq!(
        icon.assert_status(200).header("content-type"),
        "image/svg+xml"
    );
    assert_eq!(icon.header("cache-control"), "no-cache");
}

#[tokio::test]
async fn a_page_may_load_its_own_and_the_payment_script_only() {
    let built = Built::new("policy");
    let host = built.selling_host().await;
    let page = open(&host.client(), "/").await;
    let policy = page.header("content-security-policy");
    let allowed: Vec<&str> = policy.split("; ").collect();
    for rule in [
        "default-src 'none'",
        "script-src 'self' https://js.stripe.com",
        "style-src 'self'",
        "frame-src 'self' https://js.stripe.com https://hooks.stripe.com",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ] {
        assert!(allowed.contains(&rule), "{rule} is not in {policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(
        page.header("referrer-policy"),
        "strict-origin-when-cross-origin"
    );
}

#[tokio::test]
async fn without_a_built_page_a_person_is_told_how_to_make_it() {
    let built = Built::new("none");
    std::fs::remove_file(built.0.join("index.html")).expect("it is there");
    let host = built.host().await;
    let visitor = host.client();
    let page = open(&visitor, "/explore").await;
    assert!(
        page.assert_status(503).body.contains("cargo xtask web"),
        "{page:?}"
    );
    visitor.send("GET /tracks").await.assert_status(200);
}

#[tokio::test]
async fn turned_off_there_is_the_api_alone() {
    let host = HostProcess::with(BEATPASS, &[("BEATPASS_WEB", "off")]).await;
    open(&host.client(), "/explore").await.assert_status(404);
}
