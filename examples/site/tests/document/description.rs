//! The description that programs read, held against what is served.

use adyton_testing::HostProcess;
use serde_json::{Value as Json, json};

use crate::{assert_refused, send, token_of_operator, with_you};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// All that a token may do.
const ABILITIES: [&str; 5] = [
    "user",
    "comments:write",
    "tickets:write",
    "newsletter:manage",
    "admin",
];

/// A Site without limits: each of these tests asks all of it.
async fn unlimited() -> (HostProcess, Json) {
    let host = with_you(&[("ADYTON_THROTTLE_ENABLED", "false")]).await;
    let answer = host.client().send("GET /api/v1/openapi.json").await;
    assert_eq!(
        answer.assert_status(200).header("content-type"),
        "application/json"
    );
    let description = answer.json();
    (host, description)
}

/// A path with something in the place of each of its parameters; no row has this number.
fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| match part.starts_with('{') {
        true => "999999",
        false => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

/// Every operation: its method, its path and what is said of it.
fn operations(description: &Json) -> Vec<(String, String, &Json)> {
    let paths = description["paths"].as_object().expect("paths");
    let mut all = Vec::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("a path") {
            if METHODS.contains(&method.as_str()) {
                all.push((method.to_uppercase(), path.clone(), operation));
            }
        }
    }
    all
}

/// What the description asks of whoever calls: `None` where nothing is asked.
fn asked(operation: &Json) -> Option<Vec<&str>> {
    let scopes = operation["security"][0]["token"].as_array()?;
    Some(scopes.iter().filter_map(Json::as_str).collect())
}

/// ST-14: every operation tells its refusals, and names itself once.
#[tokio::test]
async fn the_description_is_whole() {
    let (_host, description) = unlimited().await;
    assert_eq!(description["openapi"], "3.1.0");
    let all = operations(&description);
    assert!(all.len() > 50, "{}", all.len());
    let mut names: Vec<&Json> = all
        .iter()
        .map(|(.., operation)| &operation["operationId"])
        .collect();
    names.sort_by_key(|name| name.to_string());
    names.dedup();
    assert_eq!(names.len(), all.len());
    for (method, path, operation) in &all {
        let responses = operation["responses"].as_object().expect("responses");
        let has = |status: &str| responses.contains_key(status);
        assert!(has("500") && has("503"), "{method} {path}");
        assert_eq!(
            has("401"),
            asked(operation).is_some() || path.ends_with("/login"),
            "{method} {path}"
        );
        assert!(
            has("422") || operation["requestBody"].is_null(),
            "{method} {path}"
        );
        assert_eq!(has("404"), path.contains('{'), "{method} {path}");
    }
    let throttled = &description["components"]["responses"]["Throttled"];
    assert_eq!(
        throttled["headers"]["Retry-After"]["schema"]["type"],
        "integer"
    );
    // Two types of one name would overwrite each other in it.
    let statuses = ["PostStatus", "CommentStatus", "TicketStatus"];
    let schemas = &description["components"]["schemas"];
    assert!(statuses.iter().all(|name| schemas[name]["enum"].is_array()));
}

/// What is described is served, and of its paths no method is served that is not described.
#[tokio::test]
async fn what_is_described_is_what_is_served() {
    let (host, description) = unlimited().await;
    for (path, item) in description["paths"].as_object().expect("paths") {
        for method in METHODS {
            let request = format!("{} {}", method.to_uppercase(), filled(path));
            let answer = host.client().send(&request).await;
            let is_described = item.get(method).is_some();
            // A path behind an ability says nothing to strangers, not even what it has.
            let is_served = answer.status != 405 && (is_described || answer.status != 401);
            assert_eq!(is_served, is_described, "{request}: {answer:?}");
            assert_ne!(answer.code(), "ROUTE_NOT_FOUND", "{request}");
        }
    }
}

/// ST-06, ST-08, ST-09, ST-10: every operation, with no token, with every ability but the one that
/// it asks for, and with that one alone.
#[tokio::test]
async fn every_operation_asks_for_the_ability_that_it_names() {
    let (host, description) = unlimited().await;
    let mut asking = 0;
    for (method, path, operation) in operations(&description) {
        let request = format!("{method} {}", filled(&path));
        let Some(needed) = asked(operation) else {
            let answer = host.client().send(&request).await;
            assert_ne!(answer.status, 401, "{request}");
            continue;
        };
        let stranger = host.client().send(&request).await;
        assert_refused(&stranger, 401, "UNAUTHENTICATED");
        let [needed] = needed[..] else {
            continue;
        };
        asking += 1;
        let others: Vec<&str> = ABILITIES.into_iter().filter(|one| *one != needed).collect();
        let lacking = token_of_operator(&host, &others).await;
        assert_refused(
            &send(&host, &request, &lacking, &Json::Null).await,
            403,
            "FORBIDDEN",
        );
        let alone = token_of_operator(&host, &[needed]).await;
        let answer = send(&host, &request, &alone, &Json::Null).await;
        assert!(
            ![401, 403, 405].contains(&answer.status.as_u16()),
            "{request}: {answer:?}"
        );
    }
    assert!(asking > 30, "{asking}");
}

/// Every text has a limit that is described, and is refused beyond it.
#[tokio::test]
async fn no_text_is_longer_than_described() {
    let (host, description) = unlimited().await;
    let token = token_of_operator(&host, &ABILITIES).await;
    let mut tried = 0;
    for (method, path, operation) in operations(&description) {
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        // What a page sends needs its CSRF token first.
        if body.is_null() || !path.starts_with("/api/v1/") {
            continue;
        }
        for (field, schema) in resolved(&description, body)["properties"]
            .as_object()
            .expect("fields")
        {
            let Some(longest) = schema["maxLength"].as_u64() else {
                continue;
            };
            tried += 1;
            let length = usize::try_from(longest).expect("a length") + 1;
            let request = format!("{method} {}", filled(&path));
            let answer = send(
                &host,
                &request,
                &token,
                &json!({ field: "a".repeat(length) }),
            )
            .await;
            assert_refused(&answer, 422, "VALIDATION_FAILED");
            assert!(
                answer.json()["errors"][field].is_array(),
                "{request} {field}: {answer:?}"
            );
        }
    }
    assert!(tried > 15, "{tried}");
}

/// A schema, or the one of the choices that is no null, where it stands.
fn resolved<'a>(description: &'a Json, schema: &'a Json) -> &'a Json {
    let choices = schema["oneOf"].as_array().into_iter().flatten();
    let chosen = choices.chain([schema]).find_map(|one| one["$ref"].as_str());
    match chosen.and_then(|name| name.strip_prefix('#')) {
        Some(pointer) => description.pointer(pointer).expect("it leads somewhere"),
        None => schema,
    }
}
