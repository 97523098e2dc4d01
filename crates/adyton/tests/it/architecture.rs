//! The house's nevers, by the numbers of ARCHITECTURE.md, read from the sources.

mod floors;
mod lengths;

use std::fs;
use std::path::{Path, PathBuf};

/// A source file without comments and tests, and with its string literals apart.
struct Source {
    /// Below `src/`, for instance `http/gate.rs`.
    path: String,
    /// As it is.
    text: String,
    /// The code; what stood in quotes is `""`.
    code: String,
    /// What stood in quotes, and the line of code before it.
    literals: Vec<(String, String)>,
}

impl Source {
    /// `http` of `http/gate.rs`, `token` of `token.rs`.
    fn room(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    fn is_in(&self, rooms: &[&str]) -> bool {
        rooms.contains(&self.room())
    }

    /// What of the crate it knows: `db` of `crate::db::Db`.
    fn knows(&self) -> Vec<&str> {
        let after = self.code.split("crate::").skip(1);
        after.map(word).collect()
    }

    fn mentions(&self, what: &str) -> bool {
        self.code.contains(what)
    }
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    &text[..end.unwrap_or(text.len())]
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn sources() -> Vec<Source> {
    let (mut folders, mut found) = (vec![folder().join("src")], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the sources can be listed") {
            let path = entry.expect("an entry").path();
            match path.extension() {
                _ if path.is_dir() => folders.push(path),
                Some(kind) if kind == "rs" => found.push(read(&path)),
                _ => {}
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(found.len() > 50, "the sources are where they were");
    found
}

fn read(path: &Path) -> Source {
    let text = fs::read_to_string(path).expect("a source can be read");
    let tests = text.find("#[cfg(test)]\nmod ").unwrap_or(text.len());
    let (code, literals) = taken_apart(&text[..tests]);
    let below = path.strip_prefix(folder().join("src")).expect("below src");
    let path = below.to_str().expect("UTF-8").replace('\\', "/");
    Source {
        path,
        text,
        code,
        literals,
    }
}

/// Code without comments, and the literals that stood in it.
fn taken_apart(text: &str) -> (String, Vec<(String, String)>) {
    let (mut code, mut literals, mut rest) = (String::new(), Vec::new(), text);
    while let Some(first) = rest.chars().next() {
        if rest.starts_with("//") {
            rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
        } else if let Some(character) = ["'\"'", "'\\''", "'\\\\'"]
            .into_iter()
            .find(|c| rest.starts_with(c))
        {
            rest = &rest[character.len()..];
        } else if first == '"' {
            let (literal, after) = until_quote(&rest[1..]);
            let line = code.rsplit('\n').find(|line| !line.trim().is_empty());
            literals.push((literal.to_owned(), line.unwrap_or_default().to_owned()));
            code.push_str("\"\"");
            rest = after;
        } else {
            code.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    (code, literals)
}

fn until_quote(text: &str) -> (&str, &str) {
    let mut is_escaped = false;
    let end = text.find(|c| {
        let is_end = c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        is_end
    });
    let end = end.expect("a literal ends");
    (&text[..end], &text[end + 1..])
}

fn features() -> Vec<Source> {
    let mut all = sources();
    all.retain(|source| source.room() == "features" && source.path != "features/mod.rs");
    all
}

#[track_caller]
fn assert_none(broken: &[String], never: &str) {
    assert!(broken.is_empty(), "{never}\n{}", broken.join("\n"));
}

#[test]
fn never_1_a_feature_imports_another_feature() {
    let mut broken = Vec::new();
    for source in features() {
        if source.mentions("super::") && source.mentions("use super")
            || source.knows().contains(&"features")
        {
            broken.push(source.path);
        }
    }
    assert_none(&broken, "What two features need goes down a floor:");
}

#[test]
fn never_2_wire_looks_for_what_it_says() {
    let told = ["error", "validate", "user", "config", "crypto", "wire"];
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| source.is_in(&["wire"])) {
        let others = source
            .knows()
            .into_iter()
            .filter(|room| !told.contains(room));
        broken.extend(others.map(|room| format!("{} knows {room}", source.path)));
        for (room, its) in [
            ("user", "Fields"),
            ("config", "Locale"),
            ("crypto", "secret"),
        ] {
            let from = format!("crate::{room}::");
            let others = source
                .code
                .split(&from)
                .skip(1)
                .map(word)
                .filter(|name| *name != its);
            broken.extend(others.map(|name| format!("{} knows {from}{name}", source.path)));
        }
    }
    assert_none(&broken, "wire is told what it says:");
}

#[test]
fn never_3_sql_stands_outside_the_store() {
    let words = [
        "SELECT ",
        "INSERT INTO",
        "UPDATE ",
        "DELETE FROM",
        "CREATE ",
        "ALTER TABLE",
        "DROP ",
    ];
    let mut broken = Vec::new();
    for source in sources()
        .iter()
        .filter(|source| !source.is_in(&["store", "db"]))
    {
        let sql =
            |(literal, _): &&(String, String)| words.iter().any(|word| literal.starts_with(word));
        broken.extend(
            source
                .literals
                .iter()
                .filter(sql)
                .map(|(sql, _)| format!("{}: {sql}", source.path)),
        );
    }
    assert_none(
        &broken,
        "SQL is in store/, migrations/ and the seam itself:",
    );
}

/// What is told to developers, in a log or a panic, is no sentence for a user.
#[test]
fn never_3_a_sentence_for_a_user_stands_outside_wire() {
    let aside = [
        "expect(",
        "tracing::",
        "warn!(",
        "panic!(",
        "error(\"",
        "#[error",
    ];
    let rooms = [
        "features",
        "guard",
        "admission",
        "token",
        "operator",
        "session",
        "validate",
        "core",
    ];
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| source.is_in(&rooms)) {
        for (literal, line) in &source.literals {
            let is_sentence = literal.contains(' ') && literal.contains(|c: char| c.is_lowercase());
            if is_sentence && !aside.iter().any(|word| line.contains(word)) {
                broken.push(format!("{}: {literal}", source.path));
            }
        }
    }
    assert_none(&broken, "Sentences are in wire/lang/:");
}

#[test]
fn never_4_anything_but_the_two_doors_says_who_is_calling_or_lets_in() {
    let doors = [
        ("sessions::insert", "admission"),
        (".renew(", "admission"),
        ("remembered::insert", "admission"),
        ("Auth::new(", "guard"),
        ("sessions::find(", "guard"),
        ("tokens::find(", "guard"),
        ("tokens::find_by_hash", "guard"),
    ];
    // An operator names a row by its key; nobody is identified by that.
    let operators = [("operator", "sessions::find("), ("token", "tokens::find(")];
    let mut broken = Vec::new();
    for source in sources() {
        for (what, door) in doors {
            let is_allowed = source.room() == door || operators.contains(&(source.room(), what));
            if source.mentions(what) && !is_allowed {
                broken.push(format!("{} has {what}, which is {door}'s", source.path));
            }
        }
    }
    assert_none(&broken, "Two doors, and no other:");
}

#[test]
fn never_5_axum_is_known_below_http_or_sqlx_outside_db() {
    let mut broken = Vec::new();
    for source in sources() {
        let may = |crates: &[&str], rooms: &[&str]| {
            let known = crates
                .iter()
                .find(|name| source.mentions(&format!("{name}::")));
            known
                .filter(|_| !source.is_in(rooms))
                .map(|name| format!("{} knows {name}", source.path))
        };
        broken.extend(may(
            &["axum", "tower"],
            &["http", "wire", "features", "serve", "adyton", "program"],
        ));
        broken.extend(may(&["hyper", "hyper_util"], &["serve"]));
        broken.extend(may(&["sqlx"], &["db"]));
        // A feature extracts; it does not route.
        let routing = [
            "axum::Router",
            "axum::routing",
            "axum::response",
            "axum::body",
        ];
        let routes =
            source.room() == "features" && routing.iter().any(|what| source.mentions(what));
        broken.extend(routes.then(|| format!("{} routes by itself", source.path)));
    }
    assert_none(&broken, "HTTP is in http/, the drivers are in db/:");
}

#[test]
fn never_6_time_and_randomness_come_from_elsewhere_than_clock_and_secret() {
    let mut broken = Vec::new();
    for source in sources() {
        for (what, home) in [
            ("Utc::now(", "clock.rs"),
            ("Local::now(", "clock.rs"),
            ("SystemTime", "clock.rs"),
            // How long a login took, for the floor under a failed one.
            ("Instant", "admission.rs"),
            ("getrandom", "crypto/secret.rs"),
            ("rand::", "crypto/secret.rs"),
        ] {
            // Not the end of a longer name, such as `Errand::`.
            let is_whole = |at: usize| !source.code[..at].ends_with(char::is_alphanumeric);
            let mut found = source.code.match_indices(what).map(|(at, _)| at);
            if found.any(is_whole) && source.path != home {
                broken.push(format!("{} has {what}", source.path));
            }
        }
    }
    assert_none(
        &broken,
        "Tests move the clock; secrets are made in one place:",
    );
}

#[test]
fn never_7_a_feature_is_without_its_test_its_page_or_its_line() {
    let list = fs::read_to_string(folder().join("src/features/mod.rs")).expect("the list");
    let (mut broken, mut tests) = (
        Vec::new(),
        fs::read_to_string(folder().join("tests/it/main.rs")).expect("tests"),
    );
    tests.push('\n');
    for feature in features() {
        let name = feature
            .path
            .trim_start_matches("features/")
            .trim_end_matches(".rs");
        let dashed = name.replace('_', "-");
        let page = folder().join(format!("../../docs/features/{dashed}.md"));
        for (is_there, what) in [
            (
                list.contains(&format!("mod {name};\n")),
                "line `mod` in features/mod.rs",
            ),
            (
                list.contains(&format!("{name}::feature(")),
                "place in features::all",
            ),
            (
                feature
                    .literals
                    .iter()
                    .any(|(literal, _)| *literal == dashed),
                "name in Feature::new",
            ),
            (
                folder().join(format!("tests/it/{name}.rs")).exists(),
                "tests of its name",
            ),
            (
                tests.contains(&format!("mod {name};\n")),
                "line in tests/it/main.rs",
            ),
            (page.exists(), "page in docs/features/"),
            (
                feature.text.starts_with("//! ") && feature.text.contains("//! | Route"),
                "table of routes",
            ),
        ] {
            if !is_there {
                broken.push(format!("{name} has no {what}"));
            }
        }
    }
    assert_none(&broken, "A feature is found by one name everywhere:");
}
