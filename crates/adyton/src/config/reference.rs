//! The reference page, printed from the same list that reads the settings.

use super::Config;
use super::setting::{Entries, Setting, Visit};
use super::sources::variable;

/// All settings as Markdown: key, environment variable, default, meaning.
pub fn reference() -> String {
    let mut page = Page::default();
    page.heading(
        "Top level",
        "These stand before the first section of the file.",
    );
    Config::default().visit(&mut page);
    page.text
}

#[derive(Default)]
struct Page {
    text: String,
    path: Vec<&'static str>,
    /// Inside a table whose keys the user makes up, and whether variables can set what is there.
    inside_entry: Option<bool>,
}

impl Page {
    fn heading(&mut self, title: &str, help: &str) {
        let gap = if self.text.is_empty() { "" } else { "\n" };
        self.text += &format!("{gap}## {title}\n\n{help}\n\n");
        self.text += "| Key | Environment | Default | Meaning |\n|---|---|---|---|\n";
    }

    fn row(&mut self, key: &str, variable: &str, default: &str, meaning: &str) {
        let code = |text: &str| match text {
            "" => "none".to_owned(),
            _ => format!("`{}`", text.replace('|', "\\|")),
        };
        let variable = if variable.is_empty() {
            "only the file".to_owned()
        } else {
            code(variable)
        };
        let (key, default, meaning) = (code(key), code(default), meaning.replace('|', "\\|"));
        self.text += &format!("| {key} | {variable} | {default} | {meaning} |\n");
    }
}

impl Visit for Page {
    fn section(&mut self, name: &'static str, help: &'static str) {
        self.path = vec![name];
        self.heading(&format!("`[{name}]`"), help);
    }

    fn setting(&mut self, key: &'static str, setting: &mut dyn Setting, help: &'static str) {
        let path: Vec<_> = self.path.iter().copied().chain(Some(key)).collect();
        let path: Vec<_> = path.into_iter().filter(|word| !word.is_empty()).collect();
        let meaning = format!("{help} Takes {}.", setting.expects());
        let (variable, default) = match (self.inside_entry, key) {
            (Some(false), "") => (String::new(), String::new()),
            (Some(false), _) => (String::new(), setting.shown()),
            (None | Some(true), _) => (variable(&path), setting.shown()),
        };
        self.row(&path.join("."), &variable, &default, &meaning);
    }

    fn entries(&mut self, key: &'static str, entries: &mut dyn Entries, help: &'static str) {
        let outer = self.path.clone();
        self.path.extend([key, "<name>"]);
        if outer.is_empty() {
            self.heading(&format!("`[{key}]`"), help);
        } else {
            let path = self.path.join(".");
            self.row(&path, "", "", help);
        }
        self.inside_entry = Some(!entries.keys().is_empty());
        entries.visit("<name>", self);
        self.inside_entry = None;
        self.path = outer;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_has_a_row_with_its_variable_and_default() {
        let page = reference();
        for row in [
            "| `listen` | `ADYTON_LISTEN` | `127.0.0.1:8000` |",
            "| `session.lifetime` | `ADYTON_SESSION_LIFETIME` | `2h` |",
            "| `throttle.login` | `ADYTON_THROTTLE_LOGIN` | `5/1m` |",
            "| `http.body_limit` | `ADYTON_HTTP_BODY_LIMIT` | `64KiB` |",
            "| `users.fields.<name>.max` | only the file | `255` |",
            "| `routes.<name>` | only the file | none |",
            "| `social.<name>.client_id` | `ADYTON_SOCIAL_<NAME>_CLIENT_ID` | none |",
            "| `tokens.expiration` | `ADYTON_TOKENS_EXPIRATION` | none |",
        ] {
            assert!(page.contains(row), "{row}\n{page}");
        }
        assert!(page.lines().filter(|line| line.starts_with("## ")).count() == 24);
    }
}
