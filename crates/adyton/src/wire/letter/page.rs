//! How a letter looks: as plain text, and as a small HTML page without tables.

use super::Written;
use crate::wire::escaped;

/// A part of a letter.
pub(super) enum Part {
    /// A paragraph.
    Words(String),
    /// What is to be typed, on a line of its own.
    Code(String),
    /// What is what, a line each.
    Facts(Vec<(String, String)>),
    /// What the letter is for: its words, and where it leads.
    Button(String, String),
    /// Another way: its words, and where it leads.
    Link(String, String),
}

/// A letter in its parts.
pub(super) struct Page {
    pub subject: String,
    pub parts: Vec<Part>,
}

/// Colours are left to the reader's own light or dark, but for the button, which brings both of
/// its own.
const STYLE: &str = "\
body{margin:0;padding:24px 16px;font:16px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif}\
main{max-width:600px;margin:0 auto}\
p,dl{margin:0 0 16px}\
dt{float:left;clear:left;margin-right:8px;font-weight:600}\
dd{margin:0;overflow-wrap:anywhere}\
a{overflow-wrap:anywhere}\
.small{font-size:13px;opacity:.75}";

const BUTTON: &str = "display:inline-block;padding:12px 20px;border-radius:8px;\
    background:#1d4ed8;color:#ffffff;font-weight:600;text-decoration:none";

const CODE: &str = "font:600 24px/1.5 ui-monospace,Menlo,Consolas,monospace;letter-spacing:1px";

impl Page {
    pub(super) fn written(self, language: &str, footer: &str, open_link: &str) -> Written {
        Written {
            text: self.text(footer),
            html: self.html(language, footer, open_link),
            subject: self.subject,
        }
    }

    /// Links stand on lines of their own: some readers cut what is beside them.
    fn text(&self, footer: &str) -> String {
        let paragraphs = self.parts.iter().map(|part| match part {
            Part::Words(words) | Part::Code(words) => words.clone(),
            Part::Facts(facts) => {
                let lines = facts.iter().map(|(name, value)| format!("{name}: {value}"));
                lines.collect::<Vec<_>>().join("\n")
            }
            Part::Button(words, link) | Part::Link(words, link) => format!("{words}:\n{link}"),
        });
        let paragraphs: Vec<String> = paragraphs.collect();
        format!("{}\n\n--\n{footer}\n", paragraphs.join("\n\n"))
    }

    fn html(&self, language: &str, footer: &str, open_link: &str) -> String {
        let parts = self.parts.iter().map(|part| part.html(open_link));
        let parts: Vec<String> = parts.collect();
        let (subject, footer) = (escaped(&self.subject), escaped(footer));
        format!(
            "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <meta name=\"supported-color-schemes\" content=\"light dark\">\n\
             <title>{subject}</title>\n<style>:root{{color-scheme:light dark}}{STYLE}</style>\n\
             </head>\n<body>\n<main style=\"max-width:600px;margin:0 auto\">\n{}\n\
             <p class=\"small\">{footer}</p>\n</main>\n</body>\n</html>\n",
            parts.join("\n")
        )
    }
}

impl Part {
    fn html(&self, open_link: &str) -> String {
        match self {
            Part::Words(words) => format!("<p>{}</p>", escaped(words)),
            Part::Code(code) => format!("<p style=\"{CODE}\">{}</p>", escaped(code)),
            Part::Facts(facts) => {
                let lines = facts.iter().map(|(name, value)| {
                    let (name, value) = (escaped(name), escaped(value));
                    format!("<dt>{name}:</dt><dd>{value}</dd>")
                });
                format!("<dl>{}</dl>", lines.collect::<String>())
            }
            Part::Button(words, link) => {
                let (words, link, open) = (escaped(words), escaped(link), escaped(open_link));
                format!(
                    "<p><a href=\"{link}\" style=\"{BUTTON}\">{words}</a></p>\n\
                     <p class=\"small\">{open}<br><a href=\"{link}\">{link}</a></p>"
                )
            }
            Part::Link(words, link) => {
                let (words, link) = (escaped(words), escaped(link));
                format!("<p>{words}:<br><a href=\"{link}\">{link}</a></p>")
            }
        }
    }
}
