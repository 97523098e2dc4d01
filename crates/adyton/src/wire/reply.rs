//! What a handler says when all went well: one of few shapes.

use serde_json::{Value as Json, json};

use super::Landing;
use crate::crypto::secret::Secret;
use crate::user::Fields;

/// A success, before it is put into words.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Reply {
    /// Done; there is nothing to say.
    Empty,
    /// Somebody got in: a session was opened, or a token issued.
    Admitted(Admitted),
    /// The first factor was right, and a second one is asked: of the browser, or of whoever sends
    /// this secret back.
    Challenged(Option<Secret<String>>),
    /// A sentence, by its key in the language files.
    Message(&'static str),
    /// Taken in, with a sentence by its key: a mail decides, and no answer tells what.
    Accepted(&'static str),
    /// The page that a mailed link leads to.
    Landing(Landing),
    /// Go on there: a browser is sent, a script is told the address and sends its page itself.
    Redirect(String),
    /// Something that was asked for.
    Data(Json),
    /// Something that was made, and the key of the sentence that says so.
    Created(Json, &'static str),
    /// A part of a list.
    Page(Page),
}

/// Who got in, and what they got.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Admitted {
    /// What the world may see of the user.
    pub user: Fields,
    /// The token's plain text, shown this once; `None` where a session was opened.
    pub token: Option<Secret<String>>,
    /// Whether the account was made just now.
    pub is_new: bool,
}

/// A part of a list, counted from page 1.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page {
    /// The entries on this page.
    pub items: Vec<Json>,
    /// This page's number, from 1.
    pub page: u64,
    /// Entries a page.
    pub per_page: u64,
    /// Entries in all.
    pub total: u64,
}

impl Page {
    /// A page of a list that has `total` entries.
    pub fn new(items: Vec<Json>, page: u64, per_page: u64, total: u64) -> Self {
        Self {
            items,
            page,
            per_page,
            total,
        }
    }

    /// The last page's number; 1 for an empty list, as in Laravel.
    pub fn last_page(&self) -> u64 {
        self.total.div_ceil(self.per_page.max(1)).max(1)
    }

    /// Laravel's `LengthAwarePaginator`, less its addresses: for a page that is a part of an answer.
    pub fn to_json(&self) -> Json {
        let first = self.page.saturating_sub(1) * self.per_page;
        let shown = self.items.len() as u64;
        json!({
            "current_page": self.page,
            "data": self.items,
            "from": (shown > 0).then_some(first + 1),
            "last_page": self.last_page(),
            "per_page": self.per_page,
            "to": (shown > 0).then_some(first + shown),
            "total": self.total,
        })
    }
}

impl Reply {
    /// Something that was asked for.
    pub fn data(value: impl Into<Json>) -> Self {
        Reply::Data(value.into())
    }

    /// A session was opened for this user.
    pub fn admitted(user: Fields, is_new: bool) -> Self {
        Reply::Admitted(Admitted {
            user,
            token: None,
            is_new,
        })
    }

    /// A token was issued to this user.
    pub fn issued(user: Fields, token: Secret<String>, is_new: bool) -> Self {
        Reply::Admitted(Admitted {
            user,
            token: Some(token),
            is_new,
        })
    }
}
