//! What the walk came by, what was wrong with it, and what a wrong key was meant to be.

use super::nearest::nearest;

/// Something wrong, and where it stands in its source.
pub(super) struct Problem {
    pub(super) order: usize,
    pub(super) words: String,
}

pub(super) fn in_order(mut problems: Vec<Problem>) -> Vec<String> {
    problems.sort_by_key(|problem| problem.order);
    problems.into_iter().map(|problem| problem.words).collect()
}

/// A key as TOML writes it: `routes."token.login"`.
pub(super) fn dotted(path: &[String]) -> String {
    let is_bare = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
    };
    let words = path.iter().map(|word| {
        if is_bare(word) {
            word.clone()
        } else {
            format!("{word:?}")
        }
    });
    words.collect::<Vec<_>>().join(".")
}

/// What the walk came by.
#[derive(Default)]
pub(super) struct Known {
    /// Settings.
    pub(super) settings: Vec<Vec<String>>,
    /// Sections, and the entries of tables.
    pub(super) groups: Vec<Vec<String>>,
    /// Tables whose keys the user makes up, and what variables may set of an entry.
    pub(super) tables: Vec<(Vec<String>, &'static [&'static str])>,
}

impl Known {
    /// What somebody meant by an unknown setting, as the end of the sentence. `write` writes a
    /// setting as its source does.
    pub(super) fn meant(&self, wrong: &str, write: impl Fn(&[String]) -> String) -> String {
        if let Some(path) = self.nearest(wrong) {
            return format!("; did you mean `{}`?", write(path));
        }
        let is_group = self.groups.iter().any(|path| dotted(path) == wrong);
        let section = if is_group { wrong } else { split(wrong).0 };
        let there = self
            .settings
            .iter()
            .filter(|path| split(&dotted(path)).0 == section);
        let there: Vec<_> = there.map(|path| format!("`{}`", write(path))).collect();
        if section.is_empty() || there.is_empty() {
            return String::new();
        }
        format!("; in that section there are {}", there.join(", "))
    }

    fn nearest(&self, wrong: &str) -> Option<&Vec<String>> {
        let keys: Vec<_> = self.settings.iter().map(|path| dotted(path)).collect();
        let (section, leaf) = split(wrong);
        // The right key in the wrong section, if there is but one.
        let elsewhere = || {
            let mut same = keys.iter().filter(|key| split(key).1 == leaf);
            same.next()
                .filter(|_| same.next().is_none())
                .map(String::as_str)
        };
        // `expires` for `expiration`, `listen_addr` for `listen`.
        let begins_alike = || {
            let alike = |key: &&String| split(key).0 == section && common(split(key).1, leaf) >= 4;
            keys.iter().find(alike).map(String::as_str)
        };
        let near = nearest(wrong, keys.iter().map(String::as_str));
        let key = near.or_else(elsewhere).or_else(begins_alike)?;
        self.settings.iter().find(|path| dotted(path) == key)
    }

    /// Whether a path names a table whose keys the user makes up.
    pub(super) fn is_table(&self, path: &[String]) -> bool {
        self.tables.iter().any(|(table, _)| table == path)
    }

    /// What somebody meant by an unknown section, as the end of the sentence.
    pub(super) fn meant_section(&self, wrong: &str) -> String {
        let tables = self.tables.iter().map(|(path, _)| path);
        let groups: Vec<_> = self
            .groups
            .iter()
            .chain(tables)
            .map(|path| dotted(path))
            .collect();
        let meant = nearest(wrong, groups.iter().map(String::as_str));
        meant.map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
    }
}

fn split(key: &str) -> (&str, &str) {
    key.rsplit_once('.').unwrap_or(("", key))
}

fn common(left: &str, right: &str) -> usize {
    left.bytes()
        .zip(right.bytes())
        .take_while(|(left, right)| left == right)
        .count()
}
