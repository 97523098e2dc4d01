//! `docs/errors.md` against the program: what it can say for reasons of its own, and what is listed.

use adyton::Refusal;

use crate::{admin, catalog, media, money, people};

const PAGE: &str = include_str!("../docs/errors.md");
const ADYTONS: &str = include_str!("../../../docs/errors.md");

/// Every refusal of the host's own. That none is missing here, the next test sees to.
fn all() -> Vec<Refusal> {
    [
        admin::refusals::REFUSALS,
        catalog::refusals::REFUSALS,
        media::refusals::REFUSALS,
        money::refusals::REFUSALS,
        money::refusals::DECLINES,
        people::refusals::REFUSALS,
    ]
    .concat()
}

/// The cells of the page's rows: status, code, field, sentence.
fn rows() -> Vec<[String; 4]> {
    let rows = PAGE
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| Status"));
    rows.map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        [0, 1, 2, 3].map(|at| cells[at].trim_matches('`').to_owned())
    })
    .collect()
}

/// BP-11
#[test]
fn every_refusal_is_listed_as_it_is_said() {
    let rows = rows();
    for own in all() {
        let row = [
            own.status.to_string(),
            own.code.to_owned(),
            own.field.unwrap_or_default().to_owned(),
            own.says.to_owned(),
        ];
        assert!(rows.contains(&row), "docs/errors.md lacks {row:?}");
    }
}

/// BP-11
#[test]
fn nothing_is_listed_that_nobody_says() {
    let own: Vec<&str> = all().iter().map(|refusal| refusal.code).collect();
    for [_, code, ..] in rows() {
        let is_adytons = ADYTONS.contains(&format!("`{code}`")) || code == "UNAUTHENTICATED";
        assert!(
            own.contains(&code.as_str()) || is_adytons,
            "nobody says {code}"
        );
    }
}

/// BP-11
#[test]
fn every_constant_is_in_its_rooms_list() {
    let sources = [
        include_str!("admin/refusals.rs"),
        include_str!("catalog/refusals.rs"),
        include_str!("media/refusals.rs"),
        include_str!("money/refusals.rs"),
        include_str!("people/refusals.rs"),
    ];
    let declared: usize = sources
        .iter()
        .map(|text| text.matches(": Refusal =").count())
        .sum();
    assert_eq!(declared, all().len());
}
