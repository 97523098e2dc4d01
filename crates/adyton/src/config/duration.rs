//! Durations as people write them: `500ms`, `60m`, `1h30m`, `30d`.

use std::time::Duration;

const UNITS: [(&str, u64); 6] = [
    ("w", 7 * 24 * 60 * 60 * 1000),
    ("d", 24 * 60 * 60 * 1000),
    ("h", 60 * 60 * 1000),
    ("m", 60 * 1000),
    ("s", 1000),
    ("ms", 1),
];

/// A hundred years. Added to a date it is still a date; nothing below needs to check again.
const LONGEST: u64 = 36_500 * 24 * 60 * 60 * 1000;

/// Reads a duration as people write it: `500ms`, `60m`, `1h30m`, `30d`. Only zero needs no unit,
/// and a hundred years are the longest.
pub fn parse(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    if rest == "0" {
        return Some(Duration::ZERO);
    }
    let mut total: u64 = 0;
    loop {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let (number, after) = rest.split_at(digits);
        let letters = after
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        let (_, factor) = UNITS.iter().find(|(name, _)| *name == unit)?;
        total = total.checked_add(number.parse::<u64>().ok()?.checked_mul(*factor)?)?;
        rest = after;
        if rest.is_empty() {
            return (total <= LONGEST).then(|| Duration::from_millis(total));
        }
    }
}

/// Reads a whole number of minutes, at most a hundred years.
pub(super) fn minutes(number: u64) -> Option<Duration> {
    let total = number.checked_mul(60 * 1000)?;
    (total <= LONGEST).then(|| Duration::from_millis(total))
}

/// Shows a duration in the largest unit that divides it; weeks stay days.
pub(super) fn shown(duration: Duration) -> String {
    let total = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let fitting = UNITS
        .iter()
        .skip(1)
        .find(|(_, factor)| total != 0 && total % factor == 0);
    fitting.map_or_else(
        || "0".to_owned(),
        |(unit, factor)| format!("{}{unit}", total / factor),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_reads_back_what_it_shows() {
        for text in ["0", "1ms", "500ms", "5s", "90s", "2h", "30d", "36500d"] {
            assert_eq!(parse(text).map(shown).as_deref(), Some(text));
        }
    }

    #[test]
    fn parts_add_up() {
        assert_eq!(parse("1h30m"), Some(Duration::from_secs(5400)));
        assert_eq!(parse(" 2w "), Some(Duration::from_secs(14 * 24 * 60 * 60)));
        assert_eq!(parse("120m").map(shown).as_deref(), Some("2h"));
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in [
            "", "5", "m", "5 m", "-5m", "1.5h", "5M", "5mm", "h1", "36501d", "5m3",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse("99999999999999999999d"), None);
        assert_eq!(parse("18446744073709551615d"), None);
    }
}
