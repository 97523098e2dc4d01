//! A purchase as a row: found, listed and shown.

use adyton::db::{Listing, Row};
use adyton::{Adyton, Result, UserId, timestamp};
use chrono::{DateTime, Utc};
use serde_json::{Value as Json, json};

use super::refusals;
use crate::catalog::tracks;

pub const PENDING: &str = "pending";
pub const PROCESSING: &str = "processing";
pub const PAID: &str = "paid";
pub const FAILED: &str = "failed";
pub const REFUNDED: &str = "refunded";

/// All that a purchase's status can be.
pub const STATUSES: [&str; 5] = [PENDING, PROCESSING, PAID, FAILED, REFUNDED];

const COLUMNS: &str = "purchases.id, purchases.user_id, purchases.price_cents, purchases.status, \
     purchases.failure, purchases.paid_at, purchases.created_at, purchases.track_id, tracks.title, \
     tracks.cover_key, tracks.user_id AS artist_id, \
     COALESCE(artists.name, 'Somebody who left') AS artist, \
     COALESCE(buyers.name, 'Somebody who left') AS buyer";

/// What was bought stays bought when an account goes, of whoever sold it or of whoever paid.
const FROM: &str = "purchases JOIN tracks ON tracks.id = purchases.track_id \
     LEFT JOIN users artists ON artists.id = tracks.user_id \
     LEFT JOIN users buyers ON buyers.id = purchases.user_id";

/// What somebody bought, or began to buy.
#[derive(Debug)]
pub struct Purchase {
    pub id: i64,
    pub price_cents: i64,
    pub status: String,
    buyer: (i64, String),
    artist: (i64, String),
    track: (i64, String),
    cover_url: Option<String>,
    failure: Option<String>,
    paid_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
}

impl Purchase {
    pub fn read(row: &Row) -> Result<Self> {
        let track: i64 = row.get("track_id")?;
        Ok(Self {
            id: row.get("id")?,
            price_cents: row.get("price_cents")?,
            status: row.get("status")?,
            buyer: (row.get("user_id")?, row.get("buyer")?),
            artist: (row.get("artist_id")?, row.get("artist")?),
            track: (track, row.get("title")?),
            cover_url: tracks::url(row, "cover_key", &format!("/tracks/{track}/cover"))?,
            failure: row.get("failure")?,
            paid_at: row.get("paid_at")?,
            created_at: row.get("created_at")?,
        })
    }

    /// As its buyer sees it.
    pub fn shown(&self) -> Json {
        let failure = self.failure.as_deref().and_then(refusals::kept);
        json!({
            "id": self.id,
            "track": {
                "id": self.track.0,
                "title": self.track.1,
                "cover_url": self.cover_url,
                "artist": { "id": self.artist.0, "name": self.artist.1 },
            },
            "price_cents": self.price_cents,
            "status": self.status,
            "failure": failure.map(|why| why.says),
            "paid_at": self.paid_at.map(timestamp),
            "created_at": timestamp(self.created_at),
        })
    }

    /// As the administration sees it: with who bought it.
    pub fn shown_to_admin(&self) -> Json {
        let mut shown = self.shown();
        shown["buyer"] = json!({ "id": self.buyer.0, "name": self.buyer.1 });
        shown
    }
}

/// All purchases, to be narrowed.
pub fn listing() -> Listing {
    Listing::new(COLUMNS, FROM)
}

/// A purchase by its number.
pub async fn by_id(adyton: &Adyton, id: i64) -> Result<Option<Purchase>> {
    let mut purchase = listing();
    purchase.only("purchases.id = ?", [id]);
    first(adyton, &purchase).await
}

/// A member's purchase of a track.
pub async fn of(adyton: &Adyton, member: &UserId, track: i64) -> Result<Option<Purchase>> {
    let mut purchase = listing();
    purchase.only("purchases.user_id = ?", [member]);
    purchase.only("purchases.track_id = ?", [track]);
    first(adyton, &purchase).await
}

/// A member's purchase by its number.
pub async fn own(adyton: &Adyton, member: &UserId, id: i64) -> Result<Option<Purchase>> {
    let mut purchase = listing();
    purchase.only("purchases.user_id = ?", [member]);
    purchase.only("purchases.id = ?", [id]);
    first(adyton, &purchase).await
}

async fn first(adyton: &Adyton, purchase: &Listing) -> Result<Option<Purchase>> {
    let rows = purchase.first(adyton.db(), "purchases.id", 1).await?;
    rows.first().map(Purchase::read).transpose()
}
