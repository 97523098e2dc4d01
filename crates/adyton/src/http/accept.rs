//! Which kind of answer a request wants, and which kind of body it sends.

use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName};

/// Types of an `Accept` that are read: browsers name fewer than ten. Each is compared with those
/// before it, so that a header full of them would keep a processor busy for seconds.
const MAX_RANGES: usize = 64;

/// Laravel's `wantsJson`: the type that `Accept` prefers contains `/json` or `+json`.
/// (`Illuminate\Http\Concerns\InteractsWithContentTypes`)
pub fn wants_json(headers: &HeaderMap) -> bool {
    by_preference(headers, &ACCEPT)
        .first()
        .is_some_and(|range| {
            let name = range.name.to_ascii_lowercase();
            name.contains("/json") || name.contains("+json")
        })
}

/// Laravel's `expectsJson`, by which errors become JSON or pages: as [`wants_json`], or a script's
/// request (`X-Requested-With`, but not `X-PJAX`) that takes anything.
pub fn expects_json(headers: &HeaderMap) -> bool {
    let is_script = headers
        .get("x-requested-with")
        .is_some_and(|by| by == "XMLHttpRequest");
    // PHP's idea of true.
    let is_pjax = headers
        .get("x-pjax")
        .is_some_and(|value| !value.is_empty() && value != "0");
    let takes_anything = || {
        by_preference(headers, &ACCEPT)
            .first()
            .is_none_or(|range| matches!(&*range.name, "*/*" | "*"))
    };
    (is_script && !is_pjax && takes_anything()) || wants_json(headers)
}

/// Whether `Accept` names a page by its type, as browsers do when somebody follows a link.
pub fn names_html(headers: &HeaderMap) -> bool {
    by_preference(headers, &ACCEPT).iter().any(|range| {
        let is_html = ["text/html", "application/xhtml+xml"]
            .iter()
            .any(|html| range.name.eq_ignore_ascii_case(html));
        is_html && range.quality > 0.0
    })
}

/// Whether a person's browser shows the answer: it takes a page, and no script asks.
pub(crate) fn shows_pages(headers: &HeaderMap) -> bool {
    names_html(headers) && !expects_json(headers) && !sends_json(headers)
}

/// Whether the body is JSON by its one `Content-Type`: `application/json`, or a type that ends with
/// `+json`. Deliberately stricter than Laravel's `isJson`, which looks for `/json` and `+json`
/// anywhere, parameters included: such types can be sent across sites without a preflight.
pub fn sends_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    let (Some(only), None) = (types.next(), types.next()) else {
        return false;
    };
    let Ok(only) = only.to_str() else {
        return false;
    };
    let name = only
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    name == "application/json"
        || name.split_once('/').is_some_and(|(_, subtype)| {
            subtype.ends_with("+json") && !subtype.contains(|c: char| c == '/' || c.is_whitespace())
        })
}

/// One type of an `Accept` header, without its parameters, or one language.
pub(super) struct Range {
    pub(super) name: String,
    pub(super) quality: f64,
}

/// The types of `Accept`, or what another header of its kind names, best first; what is equally good keeps its order. A type that is named
/// twice counts as it is named last. (`Symfony\Component\HttpFoundation\AcceptHeader`)
pub(super) fn by_preference(headers: &HeaderMap, header: &HeaderName) -> Vec<Range> {
    let mut ranges: Vec<Range> = Vec::new();
    let mut read = 0;
    for line in headers.get_all(header) {
        for entry in split(&String::from_utf8_lossy(line.as_bytes()), ',') {
            read += 1;
            if read > MAX_RANGES {
                break;
            }
            let mut parts = split(entry, ';').into_iter();
            let Some(name) = parts.next() else { continue };
            let quality = parts.filter_map(quality).next_back().unwrap_or(1.0);
            ranges.retain(|range| range.name != name);
            ranges.push(Range {
                name: name.to_owned(),
                quality,
            });
        }
    }
    ranges.sort_by(|a, b| b.quality.total_cmp(&a.quality));
    ranges
}

/// The number of a `q=` parameter. As in PHP, what is no number is zero.
fn quality(parameter: &str) -> Option<f64> {
    let (name, value) = parameter.split_once('=')?;
    let value = value.trim().trim_matches('"');
    let end = value
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(value.len());
    let number = || value[..end].parse().unwrap_or(0.0);
    name.trim().eq_ignore_ascii_case("q").then(number)
}

/// Splits outside quotes, trims, and leaves empty parts out.
fn split(text: &str, separator: char) -> Vec<&str> {
    let mut is_quoted = false;
    let mut is_escaped = false;
    text.split(|c| {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            _ => {}
        }
        c == separator && !is_quoted
    })
    .map(str::trim)
    .filter(|part| !part.is_empty())
    .collect()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn sent(headers: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_static(value));
        }
        map
    }

    fn accept(value: &'static str) -> HeaderMap {
        sent(&[("accept", value)])
    }

    #[test]
    fn json_is_wanted_if_the_preferred_type_is_json() {
        for value in [
            "application/json",
            "application/json, text/plain, */*",
            "application/vnd.api+json",
            "APPLICATION/JSON",
            "text/json-of-any-kind",
            "text/html;q=0.8, application/json",
            "text/html;Q=0.8, application/json;q=0.9",
            "text/html; q = 0.5,application/problem+json;charset=utf-8;q=0.6",
            "application/json;q=0.5, text/html;q=0.5",
            "text/html, application/json;q=0.5, text/html;q=0.1",
            "text/html;q=abc, application/json;q=.1",
            "text/html;a=\"x,application/json\";q=0.1, text/json",
            ", ,application/json",
        ] {
            assert!(wants_json(&accept(value)), "{value}");
        }
    }

    #[test]
    fn json_further_down_is_not_wanted() {
        for value in [
            "",
            "*/*",
            "text/html, application/json",
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "application/json;q=0.5, text/html;q=0.6",
            "text/html;a=\"application/json\"",
        ] {
            assert!(!wants_json(&accept(value)), "{value}");
        }
        assert!(!wants_json(&HeaderMap::new()));
        assert!(!wants_json(&sent(&[
            ("accept", "text/html"),
            ("accept", "application/json")
        ])));
    }

    #[test]
    fn of_many_types_the_first_are_read() {
        let mut line: String = (0..MAX_RANGES - 1)
            .map(|at| format!("a/b{at};q=0.1,"))
            .collect();
        line += "application/json,text/html;q=0.9";
        let value = HeaderValue::try_from(line).expect("a header value");
        let headers = HeaderMap::from_iter([(ACCEPT, value)]);
        assert!(wants_json(&headers));
        assert!(!names_html(&headers));
    }

    #[test]
    fn a_script_that_takes_anything_expects_json() {
        let by = ("x-requested-with", "XMLHttpRequest");
        assert!(expects_json(&sent(&[by])));
        assert!(expects_json(&sent(&[by, ("accept", "*/*")])));
        assert!(expects_json(&sent(&[by, ("accept", "*")])));
        assert!(expects_json(&sent(&[
            by,
            ("accept", "text/html;q=0.5, */*;q=0.9")
        ])));
        assert!(expects_json(&sent(&[by, ("x-pjax", "0")])));
        assert!(!expects_json(&sent(&[by, ("x-pjax", "true")])));
        assert!(!expects_json(&sent(&[
            by,
            ("accept", "text/html, */*;q=0.8")
        ])));
        assert!(!expects_json(&sent(&[(
            "x-requested-with",
            "xmlhttprequest"
        )])));
        assert!(!expects_json(&accept("*/*")));
        assert!(!expects_json(&HeaderMap::new()));
        assert!(expects_json(&sent(&[
            by,
            ("x-pjax", "1"),
            ("accept", "application/json")
        ])));
    }

    #[test]
    fn a_page_is_named_only_by_its_type() {
        assert!(names_html(&accept("application/json, text/HTML;q=0.1")));
        assert!(names_html(&accept("application/xhtml+xml")));
        assert!(!names_html(&accept("text/html;q=0, */*")));
        assert!(!names_html(&accept("text/*, */*")));
        assert!(!names_html(&HeaderMap::new()));
    }

    #[test]
    fn a_json_body_is_known_by_its_type_alone() {
        let sends = |value| sends_json(&sent(&[("content-type", value)]));
        assert!(sends("application/json"));
        assert!(sends("Application/JSON; charset=utf-8"));
        assert!(sends("application/vnd.api+json"));
        assert!(!sends("text/plain; application/json"));
        assert!(!sends("text/plain, application/json"));
        assert!(!sends("text/plain;a=+json"));
        assert!(!sends("application/jsonp"));
        assert!(!sends("text/plain x/y+json"));
        assert!(!sends(""));
        assert!(!sends_json(&HeaderMap::new()));
        let twice = [
            ("content-type", "text/plain"),
            ("content-type", "application/json"),
        ];
        assert!(!sends_json(&sent(&twice)));
    }
}
