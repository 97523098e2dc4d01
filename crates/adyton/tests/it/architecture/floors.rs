//! Imports go down the floors that ARCHITECTURE.md draws.

use std::fs;

use super::{assert_none, folder, sources};

/// Rooms by floor, the highest first. An import goes down; rooms of one line do not know each
/// other, but for [`MUTUAL`]. ARCHITECTURE.md shows the same table.
const FLOORS: [&[&str]; 16] = [
    &["program"],
    &["serve"],
    &["adyton", "builder"],
    &["route_table", "upkeep", "courier"],
    &["features"],
    &["http"],
    &["guard", "admission", "operator", "access"],
    &[
        "token",
        "password_policy",
        "second_factor",
        "passkey",
        "rotation",
        "deletion",
        "errands",
    ],
    &["notices", "verification", "ways_in", "flow"],
    &["audit", "revocation", "outbox", "mailed_link"],
    &["core", "store"],
    &["wire", "event", "freshness", "mail", "social"],
    &["user"],
    &["db", "limit"],
    &["error", "config", "session"],
    &[
        "validate", "email", "clock", "crypto", "throttle", "device", "outbound",
    ],
];

/// What a handle is, and what puts one together.
const MUTUAL: [&str; 2] = ["adyton", "builder"];

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

#[test]
fn an_import_goes_up() {
    let mut broken = Vec::new();
    for source in sources().iter().filter(|source| source.path != "lib.rs") {
        let Some(own) = floor(source.room()) else {
            broken.push(format!("{} has no floor", source.path));
            continue;
        };
        for known in source.knows() {
            let is_fine = known == source.room()
                || floor(known).is_some_and(|floor| floor > own)
                || (MUTUAL.contains(&known) && MUTUAL.contains(&source.room()));
            if !is_fine {
                broken.push(format!(
                    "{} (floor {}) knows {known}",
                    source.path,
                    FLOORS.len() - 1 - own
                ));
            }
        }
    }
    assert_none(&broken, "Imports go down a floor:");
}

#[test]
fn the_map_shows_other_floors() {
    let map = fs::read_to_string(folder().join("../../ARCHITECTURE.md")).expect("the map");
    let numbered = |line: &str| {
        let (number, rooms) = line.trim().split_once(char::is_whitespace)?;
        let rooms = rooms
            .split("  ")
            .map(str::trim)
            .filter(|room| floor(room).is_some());
        Some((
            number.parse::<usize>().ok()?,
            rooms.map(str::to_owned).collect::<Vec<_>>(),
        ))
    };
    for (at, rooms) in FLOORS.iter().enumerate() {
        let mut drawn = map
            .lines()
            .filter_map(numbered)
            .filter(|(number, _)| *number == 15 - at);
        let is_drawn = drawn.any(|(_, drawn)| drawn == *rooms);
        assert!(
            is_drawn,
            "ARCHITECTURE.md draws another floor {}: {rooms:?}",
            15 - at
        );
    }
}
