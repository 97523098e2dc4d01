//! `adyton user`.

use serde_json::json;

use crate::http::Request;
use crate::place::Place;
use crate::running::Running;

const PASSWORD: &str = "correct horse battery";

async fn place() -> Place {
    Place::migrated()
        .await
        .with("ADYTON_USERS_ROLES", "cliente,admin")
}

#[tokio::test]
async fn a_user_is_made_with_all_that_was_said() {
    let place = place().await;
    let line = "user create --name Ana --email Ana@Example.com --role cliente --verified \
                --password-stdin --json";
    let arguments: Vec<&str> = line.split_whitespace().collect();
    let ran = place
        .run_with(&arguments, Some(&format!("{PASSWORD}\n")))
        .succeeded();
    let user = ran.json();
    assert_eq!(user["email"], "ana@example.com");
    assert_eq!(user["role"], "cliente");
    assert!(user["email_verified_at"].is_string() && user["disabled_at"].is_null());
    assert!(!ran.out.contains("argon2") && !ran.err.contains(PASSWORD));
    let told = place.run("user show ana@example.com --json").succeeded();
    assert_eq!(told.json()["id"], user["id"]);
    let ways = json!({ "password": true, "second_factor": false, "passkeys": [], "providers": [] });
    assert_eq!(told.json()["ways_in"], ways);
    let shown = place
        .run(&format!("user show {}", user["id"]))
        .succeeded()
        .out;
    assert!(
        shown.contains("password       yes") && shown.contains("role           cliente"),
        "{shown}"
    );
    let running = Running::dev(&place);
    let login = Request::new("POST", "/api/v1/auth/login");
    let login = login.json(&json!({ "email": "ana@example.com", "password": PASSWORD }));
    assert_eq!(login.send(running.address).expect("an answer").status, 200);
}

#[tokio::test]
async fn what_somebody_lost_is_taken_away() {
    let place = place().await;
    place
        .run("user create --name Ana --email ana@example.com")
        .succeeded();
    let shown = place.run("user show ana@example.com").succeeded().out;
    for line in [
        "second factor  none",
        "passkeys       none",
        "providers      none",
    ] {
        assert!(shown.contains(line), "{shown}");
    }
    let ran = place
        .run("user forget ana@example.com --second-factor --json")
        .succeeded();
    assert_eq!(
        ran.json(),
        json!({ "password": false, "second_factor": false, "passkeys": [], "providers": [] })
    );
    assert!(
        ran.err.contains("Nothing is left to get in by"),
        "{}",
        ran.err
    );
    place
        .run("user forget ana@example.com")
        .refused(2, "--second-factor, --passkeys or --providers");
}

#[tokio::test]
async fn what_is_wrong_with_a_user_is_said_in_words() {
    let place = place().await;
    place
        .run("user create --name Ana --email ana@example.com")
        .succeeded();
    for (line, words) in [
        (
            "--email ana@example.com",
            "--email belongs to another user already",
        ),
        ("--email nonsense", "--email is not an e-mail address"),
        (
            "--email b@example.com --role chef",
            "there are cliente, admin",
        ),
        ("--email b@example.com --role chef", "ADYTON_USERS_ROLES="),
    ] {
        place
            .run(&format!("user create --name Bo {line}"))
            .refused(1, words);
    }
    let with_password = |password: &str| {
        let line = "user create --name Bo --email b@example.com --password-stdin";
        place.run_with(&line.split_whitespace().collect::<Vec<_>>(), Some(password))
    };
    with_password("short\n").refused(1, "the password must have at least 15 characters");
    with_password("\n").refused(2, "no password came");
    with_password("").refused(2, "no password came");
    place
        .run_with(
            &["user", "create", "--name", " ", "--email", "b@example.com"],
            None,
        )
        .refused(1, "--name must not be empty");
    let long = "x".repeat(256);
    place
        .run(&format!("user create --name {long} --email b@example.com"))
        .refused(1, "--name must have at most 255 characters");
    assert_eq!(place.run("user list --json").succeeded().json()["total"], 1);
}

#[tokio::test]
async fn users_are_listed_by_page_and_found_by_text() {
    let place = place().await;
    for name in ["ana", "bo", "cy"] {
        place
            .run(&format!(
                "user create --name {name} --email {name}@example.com"
            ))
            .succeeded();
    }
    let page = place
        .run("user list --page 2 --per-page 2 --json")
        .succeeded()
        .json();
    assert_eq!(page["data"].as_array().map(Vec::len), Some(1));
    assert_eq!((&page["total"], &page["last_page"]), (&3.into(), &2.into()));
    let found = place.run("user list --search BO@").succeeded();
    assert_eq!(found.out.lines().count(), 2, "{}", found.out);
    assert!(found.out.contains("bo@example.com") && found.err.contains("1 user in all"));
    place.run("user list --page 0").refused(2, "--page");
    assert_eq!(place.run("user list --page 99").succeeded().out, "");
}

#[tokio::test]
async fn a_name_cannot_steer_the_terminal() {
    let place = place().await;
    let arguments = [
        "user",
        "create",
        "--name",
        "A\u{1b}[2J",
        "--email",
        "a@example.com",
    ];
    let made = place.run_with(&arguments, None).succeeded();
    let listed = place.run("user list").succeeded();
    for out in [made.out, listed.out] {
        assert!(
            !out.contains('\u{1b}') && out.contains("A\\u{1b}[2J"),
            "{out:?}"
        );
    }
}

#[tokio::test]
async fn whoever_is_disabled_is_refused_until_enabled() {
    let place = place().await;
    place
        .run("user create --name Ana --email ana@example.com")
        .succeeded();
    let token = place.run("token issue --user ana@example.com --name x --ability user");
    let token = token.succeeded().out;
    let running = Running::dev(&place);
    let status = || {
        let me = Request::new("GET", "/api/v1/me").bearer(token.trim());
        me.send(running.address).expect("an answer").status
    };
    assert_eq!(status(), 200);
    let user = place
        .run("user disable ana@example.com --json")
        .succeeded()
        .json();
    assert!(user["disabled_at"].is_string());
    assert_eq!(status(), 401);
    let again = place.run("user disable ana@example.com").succeeded();
    assert!(again.err.contains("disabled already") && again.out.is_empty());
    place.run("user enable ana@example.com").succeeded();
    assert_eq!(status(), 200);
    let again = place.run("user enable ana@example.com").succeeded();
    assert!(again.err.contains("is not disabled"));
}

#[tokio::test]
async fn a_role_is_given_and_taken() {
    let place = place().await;
    place
        .run("user create --name Ana --email ana@example.com")
        .succeeded();
    let user = place
        .run("user role ana@example.com admin --json")
        .succeeded()
        .json();
    assert_eq!(user["role"], "admin");
    place
        .run("user role ana@example.com chef")
        .refused(1, "there are cliente, admin");
    let user = place
        .run("user role ana@example.com --none --json")
        .succeeded()
        .json();
    assert!(user["role"].is_null());
}

#[tokio::test]
async fn where_no_roles_are_configured_an_operator_gives_any() {
    let place = Place::migrated().await;
    let made = place.run("user create --name Ana --email ana@example.com --role cliente --json");
    assert_eq!(made.succeeded().json()["role"], "cliente");
    let long = "x".repeat(65);
    place
        .run(&format!("user role ana@example.com {long}"))
        .refused(1, "must have at most 64 characters");
}

#[tokio::test]
async fn a_password_is_set_from_standard_input() {
    let place = place().await;
    place
        .run("user create --name Ana --email ana@example.com")
        .succeeded();
    let set = |password: &str| {
        let line = ["user", "password", "ana@example.com", "--password-stdin"];
        place.run_with(&line, Some(password))
    };
    // What follows a line's end is part of it; the last line's end is not.
    set("two lines of it\r\nare one password\r\n").succeeded();
    set("short").refused(1, "the password must have at least");
    place
        .run("user password ana@example.com")
        .refused(2, "--password-stdin");
    let running = Running::dev(&place);
    let password = "two lines of it\r\nare one password";
    let login = Request::new("POST", "/api/v1/auth/login");
    let login = login.json(&json!({ "email": "ana@example.com", "password": password }));
    assert_eq!(login.send(running.address).expect("an answer").status, 200);
}

#[tokio::test]
async fn nobody_is_not_found() {
    let place = place().await;
    for line in [
        "user show nobody@example.com",
        "user show 99",
        "user show nonsense",
        "user disable 99",
        "user enable 99",
        "user role 99 admin",
        "token list --user 99",
        "token issue --user 99 --name x --ability a",
        "session list --user 99",
        "session end --user 99 --all",
    ] {
        place.run(line).refused(1, "there is no user");
    }
}

#[tokio::test]
async fn a_user_is_deleted_when_it_is_meant() {
    let place = place().await;
    place
        .run("user create --name Ana --email ana@example.com")
        .succeeded();
    place
        .run("user delete ana@example.com")
        .refused(2, "say --yes");
    place.run("user show ana@example.com").succeeded();
    let ran = place
        .run("user delete ana@example.com --yes --json")
        .succeeded();
    assert_eq!(ran.json(), json!({ "deleted": 1 }));
    assert!(
        ran.err.contains("ana@example.com is deleted"),
        "{}",
        ran.err
    );
    place
        .run("user delete ana@example.com --yes")
        .refused(1, "there is no user");
    let listed = place.run("audit list --user 1 --json").succeeded().json();
    let events: Vec<_> = listed.as_array().expect("a list").iter().collect();
    assert_eq!(events.len(), 2, "the log outlives its users");
    assert_eq!(events[0]["event"], "user_deleted");
    assert_eq!(events[0]["actor"], "operator");
}
