//! One walk over the settings for each source; whatever is wrong is told at once.

use std::collections::BTreeSet;
use std::fmt;

use super::file::File;
use super::known::{Known, Problem, dotted, in_order};
use super::setting::{Entries, Misread, Setting, Visit};
use super::sources::{Environment, Flags, Source, Sources};
use super::{Config, users, ways_in};

/// Everything that is wrong with the settings, one sentence each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigErrors(Vec<String>);

impl ConfigErrors {
    /// The sentences.
    pub fn problems(&self) -> &[String] {
        &self.0
    }
}

/// One problem a line.
impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for ConfigErrors {}

impl Config {
    /// Lays the sources over the defaults that a host compiled in: the file first, then the
    /// environment, then the flags.
    ///
    /// # Errors
    /// All unknown keys and wrong values there are.
    pub fn load(base: Config, sources: &Sources) -> Result<Config, ConfigErrors> {
        let mut config = base;
        let mut problems = config.apply_file(sources);
        problems.extend(config.apply(&Environment(&sources.environment)));
        problems.extend(config.apply(&Flags(&sources.flags)));
        if problems.is_empty() {
            problems = config.contradictions();
        }
        if problems.is_empty() {
            Ok(config)
        } else {
            Err(ConfigErrors(problems))
        }
    }

    fn apply_file(&mut self, sources: &Sources) -> Vec<String> {
        let Some(path) = &sources.file else {
            return Vec::new();
        };
        let name = path.display().to_string();
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => return vec![format!("{name}: cannot be read: {error}")],
        };
        self.apply_text(&name, &text)
    }

    fn apply_text(&mut self, name: &str, text: &str) -> Vec<String> {
        match File::parse(name, text) {
            Ok(file) => self.apply(&file),
            Err(problems) => in_order(problems),
        }
    }

    fn apply(&mut self, source: &dyn Source) -> Vec<String> {
        let mut walk = Apply {
            source,
            path: Vec::new(),
            known: Known::default(),
            problems: Vec::new(),
        };
        self.visit(&mut walk);
        let mut problems = walk.problems;
        problems.extend(source.unknown(&walk.known));
        in_order(problems)
    }

    /// What no single setting shows.
    fn contradictions(&self) -> Vec<String> {
        let (users, tokens, mut problems) = (&self.users, &self.tokens, Vec::new());
        let is_unlisted = |role: &&String| !users.roles.is_empty() && !users.roles.contains(role);
        for role in users.default_role.iter().filter(is_unlisted) {
            problems.push(format!(
                "`users.default_role` is {role:?}, not one of `users.roles`"
            ));
        }
        // A host's own defaults come here unread, and these names go into SQL.
        let is_unfit = |name: &&String| !users::is_field_name(name);
        for name in users.fields.keys().filter(is_unfit) {
            let cannot = "cannot be the name of a column";
            problems.push(format!("`users.fields`: {name:?} {cannot}"));
        }
        let is_reserved = |ability: &&String| tokens.reserved.contains(ability);
        for ability in tokens.grantable.iter().filter(is_reserved) {
            let both = "is both in `tokens.grantable` and in `tokens.reserved`";
            problems.push(format!("{ability:?} {both}"));
        }
        if self.hashing.memory_kib / 8 < self.hashing.parallelism {
            let least = "`hashing.memory_kib` must be 8 for each lane of `hashing.parallelism`";
            problems.push(least.to_owned());
        }
        problems.extend(self.names_that_clash());
        for name in self.social.keys() {
            if !ways_in::is_provider_name(name) {
                problems.push(format!("`social`: {name:?} cannot be a provider's name"));
            }
        }
        if self.has_feature("two-factor") && !self.has_feature("two-factor-challenge") {
            let alone = "`features` has two-factor without two-factor-challenge: nobody is asked";
            problems.push(alone.to_owned());
        }
        problems
    }

    fn names_that_clash(&self) -> Option<String> {
        let cookies = [
            &self.session.cookie,
            &self.remember.cookie,
            &self.csrf.cookie,
        ];
        if BTreeSet::from(cookies).len() < cookies.len() {
            let differ = "`session.cookie`, `remember.cookie` and `csrf.cookie` must differ";
            return Some(differ.to_owned());
        }
        None
    }
}

struct Apply<'a> {
    source: &'a dyn Source,
    path: Vec<String>,
    known: Known,
    problems: Vec<Problem>,
}

impl Visit for Apply<'_> {
    fn section(&mut self, name: &'static str, _help: &'static str) {
        self.path = vec![name.to_owned()];
        self.known.groups.push(self.path.clone());
    }

    fn setting(&mut self, key: &'static str, setting: &mut dyn Setting, _help: &'static str) {
        let mut path = self.path.clone();
        path.extend(Some(key).filter(|key| !key.is_empty()).map(str::to_owned));
        if let Some((given, place)) = self.source.given(&path)
            && let Err(Misread(came)) = setting.set(given)
        {
            let came = if setting.is_secret() {
                "not readable (it is not shown here)"
            } else {
                &came
            };
            let (place, order, name) = (place.words, place.order, dotted(&path));
            let words = format!(
                "{place}: `{name}` is {came}; expected {}",
                setting.expects()
            );
            self.problems.push(Problem { order, words });
        }
        self.known.settings.push(path);
    }

    fn entries(&mut self, key: &'static str, entries: &mut dyn Entries, _help: &'static str) {
        let outer = self.path.clone();
        self.path.push(key.to_owned());
        self.known.tables.push((self.path.clone(), entries.keys()));
        for name in self.source.names(&self.path, entries.keys()) {
            self.path.push(name.clone());
            match entries.refusal(&name) {
                None => {
                    self.known.groups.push(self.path.clone());
                    entries.visit(&name, self);
                }
                Some(refusal) => self.refuse_entry(refusal),
            }
            self.path.pop();
        }
        self.path = outer;
    }
}

impl Apply<'_> {
    fn refuse_entry(&mut self, refusal: &str) {
        if let Some((_, place)) = self.source.given(&self.path) {
            let words = format!("{}: `{}` {refusal}", place.words, dotted(&self.path));
            self.problems.push(Problem {
                order: place.order,
                words,
            });
        }
        self.known.settings.push(self.path.clone());
    }
}

/// The settings of a file's text and variables, for tests.
#[cfg(test)]
pub(super) fn loaded(text: &str, environment: &[(&str, &str)]) -> Result<Config, String> {
    let mut base = Config::default();
    let mut problems = base.apply_text("adyton.toml", text);
    let environment = environment
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()));
    let sources = Sources {
        environment: environment.collect(),
        ..Sources::default()
    };
    let config = Config::load(base, &sources);
    problems.extend(config.as_ref().err().map(ConfigErrors::to_string));
    if problems.is_empty() {
        config.map_err(|error| error.to_string())
    } else {
        Err(problems.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn flags_win_over_the_environment_over_the_file_over_the_defaults() {
        let name = format!("adyton-config-{}.toml", std::process::id());
        let path = std::env::temp_dir().join(name);
        let text = "listen = 'file:1'\n[session]\ncookie = 'file'\nlifetime = '1h'\n";
        std::fs::write(&path, text).expect("a temporary file");
        let sources = Sources {
            file: Some(path.clone()),
            environment: variables(&[
                ("ADYTON_LISTEN", "environment:2"),
                ("ADYTON_SESSION_COOKIE", "environment"),
            ]),
            flags: vec![("listen", "flag:3".to_owned(), "--listen")],
        };
        let mut base = Config {
            listen: "base:0".to_owned(),
            ..Config::default()
        };
        base.tokens.prefix = "base_".to_owned();
        let config = Config::load(base, &sources);
        std::fs::remove_file(&path).expect("the temporary file");
        let config = config.expect("right settings");
        assert_eq!(config.listen, "flag:3");
        assert_eq!(config.session.cookie, "environment");
        assert_eq!(config.session.lifetime.as_secs(), 60 * 60);
        assert_eq!(config.tokens.prefix, "base_");
        assert_eq!(config.remember.cookie, "adyton_remember");
    }

    #[test]
    fn a_file_that_was_named_and_is_not_there_is_a_problem() {
        let sources = Sources {
            file: Some("no-such-file.toml".into()),
            ..Sources::default()
        };
        let errors = Config::load(Config::default(), &sources).expect_err("no file");
        assert!(
            errors
                .to_string()
                .starts_with("no-such-file.toml: cannot be read: "),
            "{errors}"
        );
    }

    #[test]
    fn a_wrong_flag_is_named() {
        let flags = vec![
            ("listen", "nowhere".to_owned(), "--listen"),
            ("database.ulr", "sqlite:x".to_owned(), "--database"),
        ];
        let sources = Sources {
            flags,
            ..Sources::default()
        };
        let errors = Config::load(Config::default(), &sources).expect_err("a wrong flag");
        assert_eq!(
            errors.problems(),
            [
                "--listen: `listen` is \"nowhere\"; expected an address such as 127.0.0.1:8000",
                "--database: unknown setting `database.ulr`; did you mean `database.url`?",
            ]
        );
    }

    #[test]
    fn a_link_has_a_place_for_the_secret_and_none_that_nothing_fills() {
        let page = "https://app.example.com";
        for (key, right, wrong) in [
            ("password_reset", "/{token}?email={email}", "/{token}/{id}"),
            ("password_reset", "/{token}", "/{email}"),
            (
                "email_verification",
                "/{id}/{hash}?e={expires}&s={token}",
                "/{id}/{hash}?s={tokn}",
            ),
            ("registration", "/{token}", "/{token}?email={email}"),
            ("email_change", "/#{token}", "/{token"),
        ] {
            let text = |path| format!("[links]\n{key} = '{page}{path}'\n");
            loaded(&text(right), &[]).expect("only places that are filled");
            let problem = loaded(&text(wrong), &[]).expect_err("a place that nothing fills");
            let expected = "; expected an address with {token}, such as https://app.example.com/";
            assert!(problem.contains(expected), "{problem}");
        }
    }

    #[test]
    fn all_problems_of_all_sources_are_told_at_once() {
        let text = "listn = 'a:1'\n[hashing]\nwait = 5\n[tokens]\nenabled = 'yes'\n";
        let environment = [("ADYTON_DEBUG", "maybe"), ("ADYTON_LISTEM", "a:1")];
        let problems = loaded(text, &environment).expect_err("five problems");
        let expected = "\
adyton.toml, line 1: unknown setting `listn`; did you mean `listen`?
adyton.toml, line 3: `hashing.wait` is the number 5; expected a duration such as 60m, 12h or 30d
adyton.toml, line 5: `tokens.enabled` is \"yes\"; expected true or false
ADYTON_DEBUG: `debug` is \"maybe\"; expected true or false
environment: unknown setting `ADYTON_LISTEM`; did you mean `ADYTON_LISTEN`?";
        assert_eq!(problems, expected);
    }

    #[test]
    fn settings_that_contradict_each_other_are_refused() {
        for (text, named) in [
            (
                "[users]\nroles = ['a']\ndefault_role = 'b'",
                "`users.default_role`",
            ),
            (
                "[hashing]\nmemory_kib = 8\nparallelism = 4",
                "`hashing.memory_kib`",
            ),
            ("[tokens]\ngrantable = ['admin']", "`tokens.grantable`"),
            ("[csrf]\ncookie = 'adyton_session'", "`session.cookie`"),
            ("features = ['login', 'two-factor']", "`features`"),
        ] {
            let problem = loaded(text, &[]).expect_err("a contradiction");
            assert!(problem.contains(named), "{problem}");
        }
    }

    #[test]
    fn a_secret_is_never_shown() {
        let wrong = [
            "key = 'hunter2",
            "key = ['hunter2']",
            "key.hunter = 'hunter2'",
            "previous_keys = 'hunter2'",
            "previous_keys = [['hunter2']]",
            "kee = 'hunter2'",
            "[database]\nurl = ['mysql://ana:hunter2@localhost/a']",
            "[database]\nuri = 'mysql://ana:hunter2@localhost/a'",
            "[database]\nurl = 'mysql://ana:hunter2@localhost/a' x",
        ];
        for text in wrong {
            let problem = loaded(text, &[]).expect_err("a wrong setting");
            assert!(!problem.contains("hunter2"), "{problem}");
        }
        let right = [
            ("ADYTON_KEY", "hunter2"),
            ("ADYTON_PREVIOUS_KEYS", "hunter2,hunter2"),
            ("ADYTON_DATABASE_URL", "mysql://ana:hunter2@localhost/a"),
        ];
        let config = loaded("", &right).expect("right settings");
        assert_eq!(config.previous_keys.len(), 2);
        assert!(!format!("{config:?}").contains("hunter2"), "{config:?}");
        let sources = Sources {
            environment: variables(&right),
            ..Sources::default()
        };
        assert!(!format!("{sources:?}").contains("hunter2"));
    }
}
