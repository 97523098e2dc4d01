//! Where settings come from, and what each source holds for a key.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};

use super::known::{Known, Problem, dotted};
use super::nearest::nearest;
use super::setting::Given;

const PREFIX: &str = "ADYTON_";
const CONFIG: &str = "ADYTON_CONFIG";
const TEST: &str = "ADYTON_TEST_";

/// The sources of settings: a file, the environment, the command line.
#[derive(Clone, Default)]
pub struct Sources {
    /// The file, if there is one.
    pub file: Option<PathBuf>,
    /// Variables by name; those that do not begin with `ADYTON_` are no settings.
    pub environment: Vec<(String, String)>,
    /// What the command line sets: the setting's key, the text, the flag's name.
    pub flags: Vec<(&'static str, String, &'static str)>,
}

impl Sources {
    /// This process's variables, and the file that `ADYTON_CONFIG` names or else `adyton.toml`
    /// where the process runs, if it is there.
    pub fn from_process() -> Self {
        let environment: Vec<(String, String)> = std::env::vars_os()
            .map(|(name, value)| {
                (
                    name.to_string_lossy().into_owned(),
                    value.to_string_lossy().into_owned(),
                )
            })
            .filter(|(name, _)| name.starts_with(PREFIX))
            .collect();
        let named = environment
            .iter()
            .find(|(name, value)| name == CONFIG && !value.is_empty());
        let file = match named {
            Some((_, path)) => Some(PathBuf::from(path)),
            None => Some(PathBuf::from("adyton.toml")).filter(|path| Path::exists(path)),
        };
        Self {
            file,
            environment,
            flags: Vec::new(),
        }
    }
}

/// Names only: variables and flags hold secrets.
impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.environment.iter().map(|(name, _)| name).collect();
        let flags: Vec<_> = self.flags.iter().map(|(_, _, flag)| flag).collect();
        f.debug_struct("Sources")
            .field("file", &self.file)
            .field("environment", &names)
            .field("flags", &flags)
            .finish()
    }
}

/// Where something stands: in words, and by number for sorting.
pub(super) struct Place {
    pub(super) words: String,
    pub(super) order: usize,
}

/// What the walk asks of a source.
pub(super) trait Source {
    /// What the source holds for a setting.
    fn given(&self, path: &[String]) -> Option<(Given<'_>, Place)>;

    /// The names in a table whose keys the user makes up. Variables hold those alone that end in
    /// one of these keys.
    fn names(&self, _path: &[String], _keys: &[&str]) -> Vec<String> {
        Vec::new()
    }

    /// What the source holds that is no setting.
    fn unknown(&self, known: &Known) -> Vec<Problem>;
}

/// The variable of a setting.
pub(super) fn variable<T: AsRef<str>>(path: &[T]) -> String {
    let words: Vec<_> = path
        .iter()
        .map(|word| word.as_ref().to_uppercase())
        .collect();
    format!("{PREFIX}{}", words.join("_"))
}

pub(super) struct Environment<'a>(pub(super) &'a [(String, String)]);

impl Source for Environment<'_> {
    fn given(&self, path: &[String]) -> Option<(Given<'_>, Place)> {
        let wanted = variable(path);
        let order = self.0.iter().position(|(name, _)| *name == wanted)?;
        Some((
            Given::Text(&self.0[order].1),
            Place {
                words: wanted,
                order,
            },
        ))
    }

    fn names(&self, path: &[String], keys: &[&str]) -> Vec<String> {
        let start = format!("{}_", variable(path));
        let name_of = |variable: &str| {
            let rest = variable.strip_prefix(&start)?;
            let end = |key: &&str| rest.strip_suffix(&format!("_{}", key.to_uppercase()));
            keys.iter().find_map(end).map(str::to_lowercase)
        };
        let names = self.0.iter().filter_map(|(variable, _)| name_of(variable));
        names.collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn unknown(&self, known: &Known) -> Vec<Problem> {
        let names: Vec<_> = known.settings.iter().map(|path| variable(path)).collect();
        let is_ours = |name: &str, value: &str| {
            name.starts_with(PREFIX)
                && name != CONFIG
                && !name.starts_with(TEST)
                && !is_from_kubernetes(name, value)
        };
        let ours = self
            .0
            .iter()
            .enumerate()
            .filter(|(_, (name, value))| is_ours(name, value));
        ours.filter(|(_, (name, _))| !names.contains(name))
            .map(|(order, (name, _))| Problem {
                order,
                words: unknown_variable(name, known),
            })
            .collect()
    }
}

/// A pod beside a service called `adyton` is given these, and nobody could take them away.
fn is_from_kubernetes(name: &str, value: &str) -> bool {
    name.starts_with("ADYTON_SERVICE_")
        || name.starts_with("ADYTON_PORT_")
        || (name == "ADYTON_PORT" && value.contains("://"))
}

fn unknown_variable(name: &str, known: &Known) -> String {
    let inside = known.tables.iter().find_map(|(table, keys)| {
        let rest = name.strip_prefix(&format!("{}_", variable(table)))?;
        Some((dotted(table), rest, keys))
    });
    match inside {
        Some((table, _, [])) => {
            return format!("environment: `{name}`: only the file can set `{table}`");
        }
        Some((table, rest, keys)) => {
            let ends = keys.iter().map(|key| key.to_uppercase());
            let ends: Vec<_> = ends.map(|end| format!("`_{end}`")).collect();
            let meant = nearest_end(rest, keys).unwrap_or_else(|| ends.join(", "));
            return format!(
                "environment: unknown setting `{name}`; a setting of `{table}` ends in {meant}"
            );
        }
        None => {}
    }
    let rest = name.strip_prefix(PREFIX).unwrap_or(name).to_lowercase();
    let in_section = |section: &Vec<String>| {
        let key = rest.strip_prefix(&section.concat())?.strip_prefix('_')?;
        Some(format!("{}.{key}", section.concat()))
    };
    let key = known
        .groups
        .iter()
        .find_map(in_section)
        .unwrap_or_else(|| rest.clone());
    let meant = match known.meant(&key, variable) {
        // The first word is a section's, or nearly.
        none if none.is_empty() => known.meant_section(rest.split('_').next().unwrap_or_default()),
        meant => meant,
    };
    format!("environment: unknown setting `{name}`{meant}")
}

/// The end that somebody meant, of a variable such as `GOOGLE_CLIENT_IDD`.
fn nearest_end(rest: &str, keys: &[&str]) -> Option<String> {
    let (_, typed) = rest.split_once('_')?;
    let meant = nearest(&typed.to_lowercase(), keys.iter().copied())?;
    Some(format!("`_{}`", meant.to_uppercase()))
}

pub(super) struct Flags<'a>(pub(super) &'a [(&'static str, String, &'static str)]);

impl Source for Flags<'_> {
    fn given(&self, path: &[String]) -> Option<(Given<'_>, Place)> {
        let wanted = dotted(path);
        let order = self.0.iter().rposition(|(key, _, _)| *key == wanted)?;
        let (_, text, flag) = &self.0[order];
        Some((
            Given::Text(text),
            Place {
                words: (*flag).to_owned(),
                order,
            },
        ))
    }

    fn unknown(&self, known: &Known) -> Vec<Problem> {
        let is_known = |key: &str| known.settings.iter().any(|path| dotted(path) == key);
        let all = self
            .0
            .iter()
            .enumerate()
            .filter(|(_, (key, _, _))| !is_known(key));
        all.map(|(order, (key, _, flag))| {
            let words = format!(
                "{flag}: unknown setting `{key}`{}",
                known.meant(key, dotted)
            );
            Problem { order, words }
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::config::load::loaded;
    use crate::config::setting::{Entries, Setting, Visit};

    /// Every setting: its path and its default as text.
    #[derive(Default)]
    struct Listed {
        section: Option<&'static str>,
        settings: Vec<(Vec<&'static str>, String)>,
    }

    impl Visit for Listed {
        fn section(&mut self, name: &'static str, _help: &'static str) {
            self.section = Some(name);
        }

        fn setting(&mut self, key: &'static str, setting: &mut dyn Setting, help: &'static str) {
            assert!(help.ends_with('.'), "{key}");
            self.settings.push((
                self.section.into_iter().chain([key]).collect(),
                setting.shown(),
            ));
        }

        fn entries(&mut self, _key: &'static str, _: &mut dyn Entries, _help: &'static str) {}
    }

    fn listed() -> Vec<(Vec<&'static str>, String)> {
        let mut listed = Listed::default();
        Config::default().visit(&mut listed);
        listed.settings
    }

    #[test]
    fn every_setting_has_a_variable_of_its_own_that_takes_its_default_back() {
        let mut environment: Vec<_> = listed()
            .into_iter()
            .map(|(path, shown)| (variable(&path), shown))
            .collect();
        let pairs: Vec<_> = environment
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let config = loaded("", &pairs).expect("the defaults");
        assert_eq!(format!("{config:?}"), format!("{:?}", Config::default()));
        let all = environment.len();
        environment.sort();
        environment.dedup_by(|left, right| left.0 == right.0);
        assert_eq!(environment.len(), all);
    }

    #[test]
    fn every_setting_refuses_a_kind_that_it_does_not_hold() {
        for (path, _) in listed() {
            let (key, section) = path.split_last().expect("a key");
            let section = section
                .first()
                .map_or(String::new(), |name| format!("[{name}]"));
            let problem =
                loaded(&format!("{section}\n{key} = 1979-05-27"), &[]).expect_err("a date");
            let named = format!("adyton.toml, line 2: `{}` is ", path.join("."));
            assert!(
                problem.starts_with(&named) && problem.contains("; expected "),
                "{problem}"
            );
        }
    }

    #[test]
    fn an_unknown_variable_is_told_with_the_nearest_right_one() {
        let problem = |name: &str| loaded("", &[(name, "1")]).expect_err("a problem");
        assert_eq!(
            problem("ADYTON_STATEFUL_ORGINS"),
            "environment: unknown setting `ADYTON_STATEFUL_ORGINS`; \
             did you mean `ADYTON_STATEFUL_ORIGINS`?"
        );
        assert_eq!(
            problem("ADYTON_USERS_FIELDS_PHONE_TYPE"),
            "environment: `ADYTON_USERS_FIELDS_PHONE_TYPE`: only the file can set `users.fields`"
        );
        for (name, meant) in [
            ("ADYTON_LISTEN_ADDR", "did you mean `ADYTON_LISTEN`?"),
            (
                "ADYTON_TOKENS_EXPIRES",
                "did you mean `ADYTON_TOKENS_EXPIRATION`?",
            ),
            (
                "ADYTON_STATEFULL_ORIGINS",
                "did you mean `ADYTON_STATEFUL_ORIGINS`?",
            ),
            (
                "ADYTON_LOG",
                "in that section there are `ADYTON_LOG_FORMAT`, `ADYTON_LOG_LEVEL`",
            ),
        ] {
            assert!(
                problem(name).ends_with(&format!("`{name}`; {meant}")),
                "{}",
                problem(name)
            );
        }
        assert_eq!(
            problem("ADYTON_XYZ"),
            "environment: unknown setting `ADYTON_XYZ`"
        );
        assert!(problem("ADYTON_SOCAL_GOOGLE_CLIENT_ID").ends_with("; did you mean `social`?"));
        let ends = "; a setting of `social` ends in `_CLIENT_SECRET`";
        assert!(problem("ADYTON_SOCIAL_GOOGLE_CLIENT_SECRTE").ends_with(ends));
    }

    #[test]
    fn a_provider_may_come_from_variables_alone_or_add_to_the_file() {
        let file = "[social.google]\nclient_id = 'from the file'\nlabel = 'Ours'";
        let variables = [
            ("ADYTON_SOCIAL_GOOGLE_CLIENT_ID", "from a variable"),
            (
                "ADYTON_SOCIAL_MY_COMPANY_ISSUER",
                "https://login.example.com",
            ),
        ];
        let config = loaded(file, &variables).expect("right settings");
        let names: Vec<_> = config.social.keys().map(String::as_str).collect();
        assert_eq!(names, ["google", "my_company"]);
        let google = &config.social["google"];
        assert_eq!(google.client_id, "from a variable");
        assert_eq!(google.label.as_deref(), Some("Ours"));
        let refused = loaded("[social.'My Company']\nclient_id = 'x'", &[]);
        let refused = refused.expect_err("no name for a path");
        assert!(refused.contains("cannot be a provider's name"), "{refused}");
    }

    #[test]
    fn variables_that_are_no_settings_are_left_alone() {
        let environment = [
            ("ADYTON_CONFIG", "elsewhere.toml"),
            ("ADYTON_TEST_POSTGRES", "postgres://localhost/test"),
            ("ADYTON_PORT", "tcp://10.0.0.7:8000"),
            ("ADYTON_PORT_8000_TCP_ADDR", "10.0.0.7"),
            ("ADYTON_SERVICE_PORT_HTTP", "8000"),
            ("PATH", "/bin"),
        ];
        assert!(loaded("", &environment).is_ok());
        assert!(loaded("", &[("ADYTON_PORT", "9000")]).is_err());
    }
}
