//! The language of an answer, where `wire.accept_language` lets the request choose it.

use std::sync::Arc;

use http::header::{ACCEPT_LANGUAGE, HeaderMap, VARY};

use super::accept::by_preference;
use super::context::Context;
use crate::config::Locale;
use crate::wire::Texts;

/// The sentences of the first language that we have of those the request names; else of the
/// configured one.
pub(super) fn chosen(context: &Context, headers: &HeaderMap) -> Arc<Texts> {
    let named = match context.config().wire.accept_language {
        true => named(headers),
        false => None,
    };
    match named {
        Some(locale) => Arc::new(Texts::new(locale)),
        None => Arc::clone(&context.speech.texts),
    }
}

/// A cache must not hand one reader's language to the next.
pub(super) fn vary(headers: &mut HeaderMap) {
    headers.append(VARY, ACCEPT_LANGUAGE.into());
}

/// `es-MX` is Spanish too: we have one of each.
fn named(headers: &HeaderMap) -> Option<Locale> {
    let wanted = by_preference(headers, &ACCEPT_LANGUAGE);
    let mut wanted = wanted.iter().filter(|range| range.quality > 0.0);
    wanted.find_map(|range| {
        let language = range.name.split('-').next().unwrap_or_default();
        match language.to_ascii_lowercase().as_str() {
            "en" => Some(Locale::En),
            "es" => Some(Locale::Es),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn the_first_language_that_we_have_is_taken() {
        let of = |value: &'static str| {
            let value = HeaderValue::from_static(value);
            named(&HeaderMap::from_iter([(ACCEPT_LANGUAGE, value)]))
        };
        assert_eq!(of("es"), Some(Locale::Es));
        assert_eq!(of("ES-mx, en;q=0.5"), Some(Locale::Es));
        assert_eq!(of("fr, en;q=0.4, es;q=0.8"), Some(Locale::Es));
        assert_eq!(of("es;q=0, en;q=0.1"), Some(Locale::En));
        for none in ["", "fr", "*", "est", "es;q=0"] {
            assert_eq!(of(none), None, "{none}");
        }
        assert_eq!(named(&HeaderMap::new()), None);
    }
}
