//! `adyton serve`: what it refuses, and what it does when all is right.

use serde_json::Value as Json;

use crate::http::Request;
use crate::place::Place;
use crate::running::Running;

/// Settings that nothing is wrong with.
pub fn production(place: Place) -> Place {
    let key = place.run("key generate").succeeded().out;
    place
        .with("ADYTON_KEY", key.trim())
        .with("ADYTON_PUBLIC_URL", "http://localhost:8000")
}

#[test]
fn every_unsafe_setting_is_told_with_its_variable_and_its_mend() {
    let place = Place::empty().with("ADYTON_DEBUG", "true");
    let ran = place
        .run("serve")
        .refused(2, "key (ADYTON_KEY): there is no key");
    for words in [
        "adyton key generate",
        "public_url (ADYTON_PUBLIC_URL)",
        "debug (ADYTON_DEBUG)",
        "ADYTON_DEBUG=false",
        "database.url (ADYTON_DATABASE_URL)",
    ] {
        assert!(ran.err.contains(words), "{words:?} in {}", ran.err);
    }
    assert!(!place.folder.join(".adyton").exists());
}

#[tokio::test]
async fn https_needs_the_name_of_the_proxy_that_ends_it() {
    let place = production(Place::migrated().await).with("ADYTON_PUBLIC_URL", "https://a.example");
    place
        .run("serve")
        .refused(2, "http.trusted_proxies (ADYTON_HTTP_TRUSTED_PROXIES)");
    let place = place.with("ADYTON_HTTP_TRUSTED_PROXIES", "127.0.0.1/32");
    let running = Running::serve(&place, &[]);
    let status = |request: Request| request.send(running.address).expect("an answer").status;
    let me = Request::new("GET", "/api/user");
    assert_eq!(status(me.clone()), 403, "plain HTTP");
    assert_eq!(status(me.header("X-Forwarded-Proto", "https")), 401);
    assert_eq!(status(Request::new("GET", "/up")), 200);
}

#[tokio::test]
async fn a_public_address_without_https_is_refused_but_on_this_machine() {
    let place = production(Place::migrated().await).with("ADYTON_PUBLIC_URL", "http://a.example");
    place
        .run("serve")
        .refused(2, "\"http://a.example\" is not an https:// address");
}

#[tokio::test]
async fn tables_that_are_not_up_to_date_are_refused_or_migrated() {
    let place = production(Place::with_database().await);
    place.run("serve").refused(1, "adyton migrate");
    let running = Running::serve(&place, &["--migrate"]);
    let user = Request::new("GET", "/api/user").send(running.address);
    assert_eq!(user.expect("an answer").status, 401);
    running.signal("TERM");
    assert_eq!(running.ended(), Some(0));
    drop(Running::serve(&place, &[]));
    let place = place.with_file("[users.fields.phone]\n");
    place.run("serve").refused(1, "users.phone");
    place.run("migrate").succeeded();
    drop(Running::serve(&place, &[]));
}

#[tokio::test]
async fn what_may_be_meant_is_a_warning() {
    let place = production(Place::migrated().await).with("ADYTON_THROTTLE_ENABLED", "false");
    let running = Running::serve(&place, &[]);
    assert!(running.out.contains("WARN"), "{}", running.out);
    assert!(running.out.contains("throttle.enabled"), "{}", running.out);
}

#[tokio::test]
async fn the_log_is_json_where_that_is_set() {
    let place = production(Place::migrated().await).with("ADYTON_LOG_FORMAT", "json");
    let running = Running::serve(&place, &[]);
    for line in running.out.lines() {
        let line: Json = serde_json::from_str(line).expect("JSON");
        assert!(
            line["level"].is_string() && line["timestamp"].is_string(),
            "{line}"
        );
    }
}
