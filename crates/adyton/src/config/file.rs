//! `adyton.toml`, with the line of everything in it.

use toml::de::{DeTable, DeValue};

use super::known::{Known, Problem, dotted};
use super::setting::Given;
use super::sources::{Place, Source};

/// A file that was read.
pub(super) struct File<'a> {
    name: &'a str,
    text: &'a str,
    table: DeTable<'a>,
}

impl<'a> File<'a> {
    /// Parses the text, or tells all that is no TOML in it.
    pub(super) fn parse(name: &'a str, text: &'a str) -> Result<Self, Vec<Problem>> {
        let (table, errors) = DeTable::parse_recoverable(text);
        let file = Self {
            name,
            text,
            table: table.into_inner(),
        };
        if errors.is_empty() {
            return Ok(file);
        }
        let problem = |error: toml::de::Error| {
            let at = error.span().map_or(text.len(), |span| span.start);
            // Its message alone: its Display prints the line, which may hold a secret.
            file.problem(at, &format!("this is no TOML: {}", error.message()))
        };
        Err(errors.into_iter().map(problem).collect())
    }

    fn place(&self, at: usize) -> Place {
        let before = &self.text.as_bytes()[..at.min(self.text.len())];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        Place {
            words: format!("{}, line {line}", self.name),
            order: at,
        }
    }

    fn problem(&self, at: usize, words: &str) -> Problem {
        let Place {
            words: place,
            order,
        } = self.place(at);
        Problem {
            order,
            words: format!("{place}: {words}"),
        }
    }

    fn unknown_in(&self, table: &DeTable<'_>, path: &[String], known: &Known) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (key, value) in table {
            let path = [path, &[key.get_ref().to_string()]].concat();
            let (at, name) = (key.span().start, dotted(&path));
            if known.settings.contains(&path) {
                continue;
            }
            let is_group = known.groups.contains(&path) || known.is_table(&path);
            match value.get_ref() {
                DeValue::Table(inner) if is_group => {
                    problems.extend(self.unknown_in(inner, &path, known));
                }
                other if is_group => {
                    let came = Given::Toml(other).described();
                    let words = format!("`{name}` is {came}; expected a table: [{name}]");
                    problems.push(self.problem(at, &words));
                }
                DeValue::Table(_) => {
                    let meant = known.meant_section(&name);
                    problems.push(self.problem(at, &format!("unknown section `{name}`{meant}")));
                }
                _ => {
                    let meant = known.meant(&name, dotted);
                    problems.push(self.problem(at, &format!("unknown setting `{name}`{meant}")));
                }
            }
        }
        problems
    }
}

impl Source for File<'_> {
    fn given(&self, path: &[String]) -> Option<(Given<'_>, Place)> {
        let (last, sections) = path.split_last()?;
        let mut table = &self.table;
        for section in sections {
            match table.get(section.as_str())?.get_ref() {
                DeValue::Table(inner) => table = inner,
                _ => return None,
            }
        }
        let value = table.get(last.as_str())?;
        Some((Given::Toml(value.get_ref()), self.place(value.span().start)))
    }

    fn names(&self, path: &[String], _keys: &[&str]) -> Vec<String> {
        match self.given(path) {
            Some((Given::Toml(DeValue::Table(table)), _)) => {
                table.keys().map(|key| key.get_ref().to_string()).collect()
            }
            _ => Vec::new(),
        }
    }

    fn unknown(&self, known: &Known) -> Vec<Problem> {
        self.unknown_in(&self.table, &[], known)
    }
}

#[cfg(test)]
mod tests {
    use crate::config::load::loaded;
    use crate::config::{Field, FieldKind};

    fn problem(text: &str) -> String {
        loaded(text, &[]).expect_err("a problem")
    }

    #[test]
    fn an_unknown_key_is_told_with_its_line_and_the_nearest_right_one() {
        for (text, expected) in [
            (
                "# ours\n[stateful]\norgins = ['https://app.example.com']",
                "adyton.toml, line 3: unknown setting `stateful.orgins`; \
                 did you mean `stateful.origins`?",
            ),
            (
                "[sesion]\ncookie = 'a'",
                "adyton.toml, line 1: unknown section `sesion`; did you mean `session`?",
            ),
            (
                "max_connections = 5",
                "adyton.toml, line 1: unknown setting `max_connections`; \
                 did you mean `database.max_connections`?",
            ),
            (
                "[log]\nfile = 'a'",
                "adyton.toml, line 2: unknown setting `log.file`; \
                 in that section there are `log.format`, `log.level`",
            ),
            (
                "[tokens]\nexpires = '1h'",
                "adyton.toml, line 2: unknown setting `tokens.expires`; \
                 did you mean `tokens.expiration`?",
            ),
            (
                "session = 3",
                "adyton.toml, line 1: `session` is the number 3; expected a table: [session]",
            ),
            (
                "routes = 3",
                "adyton.toml, line 1: `routes` is the number 3; expected a table: [routes]",
            ),
        ] {
            assert_eq!(problem(text), expected);
        }
    }

    #[test]
    fn what_is_no_toml_is_told_with_its_line() {
        let problem = problem("listen = 'a:1'\n\n[session\n");
        assert!(
            problem.starts_with("adyton.toml, line 3: this is no TOML: "),
            "{problem}"
        );
    }

    #[test]
    fn fields_are_made_up_by_the_user() {
        let text = "[users.fields.phone]\nmax = 30\nrequired = true\n\
                    [users.fields.age]\ntype = 'integer'\nshown = false\n";
        let fields = loaded(text, &[]).expect("right settings").users.fields;
        let phone = Field {
            required: true,
            max: 30,
            ..Field::default()
        };
        let age = Field {
            shown: false,
            ..Field::new(FieldKind::Integer)
        };
        assert_eq!(
            fields.into_iter().collect::<Vec<_>>(),
            [("age".into(), age), ("phone".into(), phone)]
        );
    }

    #[test]
    fn a_wrong_field_is_told_as_well_as_any_setting() {
        for (text, expected) in [
            (
                "[users.fields.phone]\ntyp = 'text'",
                "line 2: unknown setting `users.fields.phone.typ`; \
                 did you mean `users.fields.phone.type`?",
            ),
            (
                "[users.fields]\nphone = { type = 'number' }",
                "line 2: `users.fields.phone.type` is \"number\"; \
                 expected text, integer or boolean",
            ),
            (
                "[users.fields]\nphone = 'text'",
                "line 2: `users.fields.phone` is \"text\"; \
                 expected a table: [users.fields.phone]",
            ),
            (
                "[users.fields.email]\nmax = 5",
                "line 1: `users.fields.email` is the name of a column or a form field that \
                 Adyton has already",
            ),
            (
                "[users.fields.'a; drop']\nmax = 5",
                "line 1: `users.fields.\"a; drop\"` is no column name; \
                 expected small letters, digits and _, not starting with a digit",
            ),
            (
                "[users.feilds.phone]\nmax = 5",
                "line 1: unknown section `users.feilds`; did you mean `users.fields`?",
            ),
        ] {
            assert_eq!(problem(text), format!("adyton.toml, {expected}"));
        }
    }

    #[test]
    fn routes_are_paths_by_name() {
        let config = loaded(
            "[routes]\n'token.login' = '/api/login'\nlogout = '/bye'",
            &[],
        );
        let routes = config.expect("right settings").routes;
        assert_eq!(routes["token.login"], "/api/login");
        assert_eq!(routes["logout"], "/bye");
        for value in ["'api/login'", "'//example.com'", "''", "3", "['/a']"] {
            let problem = problem(&format!("[routes]\n'token.login' = {value}"));
            let named = "adyton.toml, line 2: `routes.\"token.login\"` is ";
            assert!(problem.starts_with(named), "{problem}");
        }
        let problem = problem("[routes]\ntoken.login = '/api/login'");
        let expected = "`routes.token` is a table; expected a path such as /api/login, \
                        and the route's name in quotes";
        assert!(problem.ends_with(expected), "{problem}");
    }
}
