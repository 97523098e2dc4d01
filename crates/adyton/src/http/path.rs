//! Paths with a star, as the settings name them: `/api/*`.

/// Whether a path is one of these: exactly, or by a star at the end that stands for the rest.
pub(crate) fn is_listed(path: &str, patterns: &[String]) -> bool {
    patterns
        .iter()
        .any(|pattern| match pattern.strip_suffix('*') {
            Some(start) => path.starts_with(start),
            None => path == pattern,
        })
}

#[cfg(test)]
mod tests {
    use super::is_listed;

    #[test]
    fn a_star_at_the_end_stands_for_the_rest() {
        let patterns = ["/api/*".to_owned(), "/health".to_owned()];
        for listed in ["/api/", "/api/user", "/health"] {
            assert!(is_listed(listed, &patterns), "{listed}");
        }
        for other in ["/api", "/apis", "/health/live", "/"] {
            assert!(!is_listed(other, &patterns), "{other}");
        }
    }
}
