//! How long a file and a function may be.

use super::{assert_none, sources, taken_apart, word};

#[test]
fn a_file_is_too_long() {
    let mut broken = Vec::new();
    for source in sources() {
        let lines = source.text.lines().count();
        if lines >= 400 {
            broken.push(format!("{}: {lines} lines", source.path));
        }
        if source.path != "lib.rs" && !source.text.starts_with("//! ") {
            broken.push(format!("{} does not say what it is for", source.path));
        }
    }
    assert_none(&broken, "Past 400 lines, look for the missing noun:");
}

#[test]
fn a_function_is_too_long() {
    let mut broken = Vec::new();
    for source in sources() {
        for (name, lines) in functions(&source.code) {
            if lines >= 40 {
                broken.push(format!("{}: fn {name}, {lines} lines", source.path));
            }
        }
    }
    assert_none(&broken, "Past 40 lines, look for the missing noun:");
}

/// Each function's name and how many lines its braces span.
fn functions(code: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let is_word = at == 0 || code[..at].ends_with(|c: char| c.is_whitespace() || c == '(');
        let name = word(&code[at + 3..]);
        let rest = &code[at..];
        let (Some(open), end) = (rest.find('{'), rest.find(';').unwrap_or(rest.len())) else {
            continue;
        };
        if !is_word || name.is_empty() || end < open {
            continue;
        }
        let mut depth = 0_usize;
        let close = rest[open..].find(|c| {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            c == '}' && depth == 0
        });
        let body = &rest[..open + close.unwrap_or(0)];
        found.push((name.to_owned(), body.lines().count()));
    }
    found
}

#[test]
fn a_function_is_measured_from_its_name_to_its_last_brace() {
    let code =
        "impl A {\n  fn a(&self) -> [u8; 2] {\n    if x {\n    }\n  }\n  fn b();\n}\nfn c() {}\n";
    let measured = functions(code);
    assert!(measured.contains(&("c".to_owned(), 1)), "{measured:?}");
    let (code, literals) = taken_apart("let a = \"x // \\\" {\"; // \"y\"\nlet b = '\"';");
    assert_eq!(code, "let a = \"\"; \nlet b = ;");
    assert_eq!(literals[0].0, "x // \\\" {");
}
