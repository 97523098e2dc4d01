//! The reference pages say what the binary says.

use std::path::Path;

use crate::place::Place;

fn assert_page(name: &str, command: &str) {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference");
    let page = std::fs::read_to_string(Path::new(folder).join(name)).unwrap_or_default();
    let printed = Place::empty().run(command).succeeded().out;
    assert!(
        page == printed,
        "docs/reference/{name} is not what the binary prints; run\n\n  \
         cargo run -q -- {command} > docs/reference/{name}\n"
    );
}

#[test]
fn the_page_of_settings_is_what_the_binary_prints() {
    assert_page("configuration.md", "config reference");
}

#[test]
fn the_page_of_commands_is_what_the_binary_prints() {
    assert_page("cli.md", "config cli-reference");
}
