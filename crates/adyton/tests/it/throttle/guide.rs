//! The guide's table of limits is that of the settings.

use adyton::Config;

const GUIDE: &str = include_str!("../../../../../docs/guides/abuse-controls.md");

/// The default that a row of the guide tells.
fn told(setting: &str) -> &str {
    let start = format!("| `{setting}` | `");
    let row = GUIDE.lines().find_map(|line| line.strip_prefix(&*start));
    let row = row.unwrap_or_else(|| panic!("no row of {setting}"));
    row.split('`').next().expect("a default")
}

#[test]
fn every_limit_is_in_it_with_its_default() {
    let config = Config::default();
    let throttle = &config.throttle;
    let limits = [
        ("login", throttle.login),
        ("register", throttle.register),
        ("forgot_password", throttle.forgot_password),
        ("reset_password", throttle.reset_password),
        ("two_factor", throttle.two_factor),
        ("verification", throttle.verification),
        ("confirm", throttle.confirm),
        ("social", throttle.social),
        ("passkey", throttle.passkey),
        ("me", throttle.me),
        ("admin", throttle.admin),
        ("public", throttle.public),
        ("account", throttle.account),
        ("known_browser", throttle.known_browser),
    ];
    for (name, limit) in limits {
        assert_eq!(told(&format!("throttle.{name}")), limit.to_string());
    }
    let tries = config.two_factor.tries.to_string();
    assert_eq!(told("two_factor.tries"), tries);
    let rows = GUIDE
        .lines()
        .filter(|line| line.starts_with("| `throttle."));
    assert_eq!(rows.count(), limits.len(), "no row of a limit that is gone");
}
