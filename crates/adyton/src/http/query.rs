//! What a request's query asks of a list: a page, an order, and what to look for.

use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::request::Parts;
use serde_json::Value as Json;

use super::reader::LINE;
use crate::db::Value;
use crate::error::Result;
use crate::validate::{Invalid, Rule};
use crate::wire::Page;

/// Entries a page unless asked otherwise: Laravel's default.
const PER_PAGE: u64 = 15;

/// Entries a page at most.
const MOST_PER_PAGE: u64 = 100;

/// Pages at most: beyond, nobody turns pages.
const MOST_PAGES: u64 = 1_000_000;

/// The pairs of a request's query: `?search=…&page=2`. An extractor.
#[derive(Clone, Debug)]
pub struct Query(Vec<(String, String)>);

/// Which part of a list is asked for.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Paging {
    /// The page's number, from 1.
    pub page: u64,
    /// Entries a page.
    pub per_page: u64,
}

impl Paging {
    /// A page by its number, from 1, and its size.
    pub fn new(page: u64, per_page: u64) -> Self {
        Self {
            page: page.max(1),
            per_page,
        }
    }

    /// How many entries come before.
    pub fn offset(self) -> u64 {
        (self.page - 1) * self.per_page
    }

    /// These entries as this page of a list that has `total` of them.
    pub fn page_of(self, items: Vec<Json>, total: u64) -> Page {
        Page::new(items, self.page, self.per_page, total)
    }

    /// What the statement's `LIMIT` and `OFFSET` are bound to.
    pub fn bounds(self) -> [Value; 2] {
        // Both are bounded far below.
        [self.per_page, self.offset()]
            .map(|number| Value::Integer(Some(i64::try_from(number).unwrap_or(i64::MAX))))
    }
}

impl Query {
    /// `page` and `per_page`: the first 15 entries unless asked otherwise, as in Laravel.
    ///
    /// # Errors
    /// What of them is no whole number in its bounds.
    pub fn paging(&self) -> Result<Paging> {
        let mut invalid = Invalid::none();
        let mut number = |name: &str, otherwise: u64, most: u64| {
            let Some(text) = self.found(name) else {
                return otherwise;
            };
            match text.parse::<i128>() {
                Err(_) => invalid.add(name, Rule::Integer),
                Ok(number) if number < 1 => invalid.add(name, Rule::MinNumber(1)),
                Ok(number) if number > i128::from(most) => {
                    invalid.add(
                        name,
                        Rule::MaxNumber(i64::try_from(most).unwrap_or(i64::MAX)),
                    );
                }
                Ok(number) => return u64::try_from(number).unwrap_or(otherwise),
            }
            otherwise
        };
        let page = number("page", 1, MOST_PAGES);
        let per_page = number("per_page", PER_PAGE, MOST_PER_PAGE);
        invalid.into_result()?;
        Ok(Paging { page, per_page })
    }

    /// A text, such as what to look for; `None` when it is absent or blank.
    ///
    /// # Errors
    /// A text longer than 255 characters, or with a NUL.
    pub fn text(&self, name: &str) -> Result<Option<String>> {
        let Some(text) = self.found(name) else {
            return Ok(None);
        };
        if text.chars().count() > LINE {
            return Err(Invalid::field(name, Rule::Max(LINE)).into());
        }
        if text.contains('\0') {
            return Err(Invalid::field(name, Rule::String).into());
        }
        Ok(Some(text.to_owned()))
    }

    /// The order of a list, for `ORDER BY`: `?sort=-price,title`, a minus for downwards, as Laravel's
    /// query builders have it. `known` are the names that may be asked for, each with its column;
    /// `otherwise` is the order where none is asked for, and decides between equals.
    ///
    /// # Errors
    /// A name that is not known, or that stands twice.
    pub fn sort(&self, known: &[(&str, &str)], otherwise: &str) -> Result<String> {
        let Some(wanted) = self.text("sort")? else {
            return Ok(otherwise.to_owned());
        };
        let mut order: Vec<String> = Vec::new();
        let mut asked: Vec<&str> = Vec::new();
        for word in wanted.split(',') {
            let (name, direction) = match word.trim().strip_prefix('-') {
                Some(name) => (name, " DESC"),
                None => (word.trim(), ""),
            };
            let column = known.iter().find(|(known, _)| *known == name);
            let Some((_, column)) = column.filter(|_| !asked.contains(&name)) else {
                return Err(Invalid::field("sort", Rule::In).into());
            };
            asked.push(name);
            order.push(format!("{column}{direction}"));
        }
        order.push(otherwise.to_owned());
        Ok(order.join(", "))
    }

    /// What a list is narrowed to: `?filter[genre]=trap`, by name. Blank ones are as good as absent.
    ///
    /// # Errors
    /// A filter that is not `known`, or a text that [`text`](Query::text) refuses.
    pub fn filters<'k>(&self, known: &[&'k str]) -> Result<BTreeMap<&'k str, String>> {
        let named = self.0.iter().filter_map(|(key, _)| {
            let rest = key.strip_prefix("filter[")?;
            rest.strip_suffix(']')
        });
        for name in named {
            if !known.contains(&name) {
                return Err(Invalid::field("filter", Rule::In).into());
            }
        }
        let mut filters = BTreeMap::new();
        for name in known {
            if let Some(text) = self.text(&format!("filter[{name}]"))? {
                filters.insert(*name, text);
            }
        }
        Ok(filters)
    }

    /// A text that another server made, such as a code; `None` when it is absent, blank, or longer
    /// than this many bytes.
    pub(crate) fn made(&self, name: &str, most: usize) -> Option<&str> {
        self.found(name).filter(|text| text.len() <= most)
    }

    fn found(&self, name: &str) -> Option<&str> {
        let found = self
            .0
            .iter()
            .find(|(known, value)| known == name && !value.trim().is_empty());
        found.map(|(_, value)| value.trim())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(
            form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::Query;
    use crate::error::{Error, Result};

    fn query(text: &str) -> Query {
        Query(
            form_urlencoded::parse(text.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    fn order(text: &str) -> Result<String> {
        query(text).sort(&[("price", "price_cents"), ("title", "title")], "id DESC")
    }

    #[test]
    fn an_order_is_made_of_known_columns_alone() {
        assert_eq!(order("").expect("the usual"), "id DESC");
        assert_eq!(
            order("sort=-price,title").expect("known"),
            "price_cents DESC, title, id DESC"
        );
        for wrong in [
            "sort=price_cents",
            "sort=price,-price",
            "sort=price;DROP",
            "sort=,",
        ] {
            assert!(matches!(order(wrong), Err(Error::Invalid(_))), "{wrong}");
        }
    }

    #[test]
    fn a_list_is_narrowed_by_known_names_alone() {
        let filters =
            query("filter[genre]=trap&filter%5Bmood%5D=%20&page=2").filters(&["genre", "mood"]);
        let filters = filters.expect("both are known");
        assert_eq!(filters.get("genre").map(String::as_str), Some("trap"));
        assert_eq!(filters.get("mood"), None);
        let unknown = query("filter[secret]=1").filters(&["genre"]);
        assert!(matches!(unknown, Err(Error::Invalid(_))));
    }
}
