//! A part of a list, as every list of the Site is answered.

use adyton::db::{Listing, Row, Value};
use adyton::{Adyton, Page, Query, Reply, Result};
use serde::Serialize;
use serde_json::Value as Json;

/// The page that a query asks for, each row as `shown` makes it.
pub async fn of<T: Serialize>(
    adyton: &Adyton,
    listing: &Listing,
    order: &str,
    query: &Query,
    shown: impl Fn(&Row) -> Result<T>,
) -> Result<Reply> {
    let paging = query.paging()?;
    let (rows, total) = listing.page(adyton.db(), order, paging.bounds()).await?;
    let entries = rows.iter().map(|row| json(&shown(row)?));
    let entries = entries.collect::<Result<_>>()?;
    Ok(Reply::Page(Page::new(
        entries,
        paging.page,
        paging.per_page,
        total,
    )))
}

/// What is shown, as JSON.
pub fn json(shown: &impl Serialize) -> Result<Json> {
    serde_json::to_value(shown).map_err(adyton::Error::unexpected)
}

/// What `LIKE … ESCAPE '!'` finds a text by, wherever it stands. `%` and `_` are themselves.
pub fn containing(text: &str) -> Value {
    let mut pattern = String::from("%");
    for letter in text.to_lowercase().chars() {
        if matches!(letter, '!' | '%' | '_') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern.into()
}

/// A condition without values.
pub const NONE: [Value; 0] = [];
