//! Settings and their sources, routes, keys, tables, and how the binary is used at all.

use std::process::Stdio;

use crate::place::{Place, Ran};

#[test]
fn help_is_a_result_and_wrong_use_is_not() {
    let place = Place::empty();
    let help = place.run("--help").succeeded();
    assert!(help.out.contains("Examples:") && help.err.is_empty());
    for line in [
        "",
        "nonsense",
        "user",
        "token issue",
        "user role 7",
        "session end --user 1",
    ] {
        let ran = place.run(line);
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (Some(2), ""),
            "{line}: {ran:?}"
        );
    }
    for line in [
        "dev",
        "serve",
        "migrate",
        "routes",
        "key generate",
        "user create",
    ] {
        let help = place.run(&format!("{line} --help")).succeeded().out;
        assert!(help.contains("Example"), "{line}");
    }
}

#[test]
fn an_unknown_key_is_told_with_its_place_and_the_nearest_right_one() {
    let place = Place::empty().with_file("[session]\nlifetyme = \"2h\"\n");
    for command in [
        "config check",
        "routes",
        "user list",
        "dev",
        "serve",
        "migrate",
    ] {
        place.run(command).refused(
            2,
            "adyton.toml, line 2: unknown setting `session.lifetyme`; did you mean `session.lifetime`?",
        );
    }
    let other = place.folder.join("other.toml");
    std::fs::write(&other, "locale = \"es\"\n").expect("a file");
    place.run("config check --config other.toml").succeeded();
    place
        .run("config check --config none.toml")
        .refused(2, "none.toml: cannot be read");
}

/// A page that nothing is sent to would be noticed by a user first.
#[test]
fn a_redirect_of_nothing_and_passkeys_of_no_domain_are_refused() {
    for (file, words) in [
        (
            "[redirects]\n\"social.fail\" = \"/\"\n",
            "redirects.\"social.fail\": nothing has this name; there are ",
        ),
        (
            "[passkeys]\nrp_id = \"https://example.com\"\n",
            "passkeys.rp_id: is no domain such as example.com",
        ),
        (
            "[social.google]\nclient_id = \"an-id\"\n",
            "ADYTON_SOCIAL_GOOGLE_CLIENT_SECRET",
        ),
    ] {
        let place = Place::empty().with_file(file);
        place.run("dev").refused(2, words);
        place.run("config check").refused(2, words);
    }
    // Names of routes that other settings bring are names all the same.
    let file = "[redirects]\n\"social.callback\" = \"/in\"\n\"two-factor.login\" = \"/code\"\n";
    let place = Place::empty().with_file(&format!("features = [\"login\"]\n{file}"));
    place.run("config check").succeeded();
}

#[test]
fn a_wrong_variable_is_told_with_the_nearest_right_one() {
    let place = Place::empty().with("ADYTON_STATEFUL_ORGINS", "http://localhost");
    place
        .run("dev")
        .refused(2, "did you mean `ADYTON_STATEFUL_ORIGINS`?");
    let place = Place::empty().with("ADYTON_SESSION_LIFETIME", "soon");
    place
        .run("config check")
        .refused(2, "ADYTON_SESSION_LIFETIME: `session.lifetime` is \"soon\"");
    let place = Place::empty().with("ADYTON_STATEFUL_ORIGINS", "localhost:x");
    place.run("config check").refused(2, "stateful.origins");
    let place = Place::empty().with("ADYTON_KEY", "base64:AAEC");
    let ran = place.run("config check").refused(2, "key: ");
    assert!(!ran.err.contains("AAEC"));
}

#[test]
fn right_settings_are_told_so() {
    let place = Place::empty().with_file("locale = \"es\"\n");
    let ran = place.run("config check").succeeded();
    assert_eq!(ran.out, "OK: adyton.toml and the environment\n");
    assert!(
        ran.err.contains("key, public_url, database.url"),
        "{}",
        ran.err
    );
    let json = place.run("config check --json").succeeded().json();
    assert_eq!(
        (&json["ok"], &json["file"]),
        (&true.into(), &"adyton.toml".into())
    );
}

#[test]
fn routes_are_listed_without_a_database() {
    let place = Place::empty().with_file("[routes]\n\"login.store\" = \"/enter\"\n");
    let ran = place.run("routes").succeeded();
    let login = ran.out.lines().find(|line| line.contains("login.store"));
    let login: Vec<&str> = login.expect("a line").split_whitespace().collect();
    assert_eq!(
        login,
        ["POST", "/enter", "login.store", "csrf,", "guest", "login"]
    );
    assert!(ran.err.is_empty());
    let json = place.run("routes --json").succeeded().json();
    let list = json.as_array().expect("a list");
    let admin = list
        .iter()
        .find(|route| route["name"] == "admin.users.index");
    assert_eq!(admin.expect("a route")["gates"][1], "ability:admin");
    assert!(list.iter().any(|route| route["path"] == "/up"));
}

#[test]
fn a_path_that_cannot_be_is_refused_with_words() {
    for (path, words) in [
        ("/in{side", "routes.\"login.store\""),
        ("/*all", "routes.\"login.store\""),
        ("/{id}", "the same placeholders"),
    ] {
        let place = Place::empty().with_file(&format!("[routes]\n\"login.store\" = \"{path}\"\n"));
        place.run("dev").refused(2, words);
    }
    let place = Place::empty().with_file("[routes]\n\"login.store\" = \"/up\"\n");
    place.run("dev").refused(2, "`/up` is the server's own");
}

#[test]
fn a_reader_that_has_read_enough_is_no_failure() {
    let place = Place::empty();
    for line in [
        ["routes", "--json"],
        ["config", "reference"],
        ["help", "dev"],
    ] {
        let mut child = place.command(&line).spawn().expect("it runs");
        drop(child.stdout.take());
        let ran = Ran::from(child.wait_with_output().expect("it ends"));
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""), "{line:?}");
    }
    let mut command = place.command(&["key", "generate"]);
    let mut child = command.stderr(Stdio::piped()).spawn().expect("it runs");
    drop(child.stderr.take());
    let ran = Ran::from(child.wait_with_output().expect("it ends"));
    assert_eq!(ran.code, Some(0), "{ran:?}");
}

#[test]
fn a_key_is_printed_alone_and_is_another_each_time() {
    let place = Place::empty();
    let (first, second) = (place.run("key generate"), place.run("key generate"));
    assert!(first.out.starts_with("base64:") && first.out.lines().count() == 1);
    assert_ne!(first.out, second.out);
    let json = place.run("key generate --json").succeeded().json();
    let key = json["key"].as_str().expect("a key");
    Place::empty()
        .with("ADYTON_KEY", key)
        .run("config check")
        .succeeded();
}

#[test]
fn without_a_database_it_is_said_what_to_set() {
    let place = Place::empty();
    for line in ["user list", "token prune", "session prune", "migrate"] {
        place.run(line).refused(2, "ADYTON_DATABASE_URL");
    }
    place
        .run("user list --database sqlite://typo.db")
        .refused(1, "no database file typo.db");
    assert!(!place.folder.join("typo.db").exists());
    place
        .run("user list --database nonsense")
        .refused(2, "database.url");
    let ran = place.run("user list --database postgres://ana:hunter2@127.0.0.1:1/x");
    let ran = ran.refused(1, "postgres://…@127.0.0.1:1/x");
    assert!(!ran.err.contains("hunter2"));
}

#[test]
fn the_database_of_dev_is_taken_where_none_is_set() {
    let place = Place::empty();
    drop(crate::running::Running::dev(&place));
    let ran = place.run("user list --json").succeeded();
    assert_eq!(ran.json()["data"][0]["email"], "ada@example.com");
    assert!(ran.err.contains(".adyton/adyton.db"), "{}", ran.err);
}

#[tokio::test]
async fn tables_are_made_once_and_missing_ones_are_told() {
    let place = Place::with_database().await;
    if place.folder.exists() && std::env::var("ADYTON_TEST_DATABASE").is_ok_and(|db| db != "sqlite")
    {
        place
            .run("user list")
            .refused(1, "run `adyton migrate` first");
    }
    let pending = place.run("migrate --status --json").succeeded().json();
    assert!(
        pending["pending"]
            .as_array()
            .is_some_and(|steps| !steps.is_empty())
    );
    place
        .run("user list")
        .refused(1, "run `adyton migrate` first");
    let applied = place.run("migrate --json").succeeded().json();
    assert_eq!(applied["applied"], pending["pending"]);
    let ran = place.run("migrate").succeeded();
    assert_eq!(
        (ran.out.as_str(), ran.err.as_str()),
        ("", "The tables are up to date.\n")
    );
    assert_eq!(place.run("migrate --status").succeeded().out, "");
}
