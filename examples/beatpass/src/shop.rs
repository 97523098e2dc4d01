//! What the handlers share. Each asks for its part: `State<Adyton>`, `State<Media>`, `State<Payments>`.

use adyton::Adyton;
use axum::extract::FromRef;

use crate::media::Media;
use crate::money::Payments;

/// The parts of the running shop.
#[derive(Clone)]
pub struct Shop {
    pub adyton: Adyton,
    pub media: Media,
    pub payments: Payments,
}

impl FromRef<Shop> for Adyton {
    fn from_ref(shop: &Shop) -> Self {
        shop.adyton.clone()
    }
}

impl FromRef<Shop> for Media {
    fn from_ref(shop: &Shop) -> Self {
        shop.media.clone()
    }
}

impl FromRef<Shop> for Payments {
    fn from_ref(shop: &Shop) -> Self {
        shop.payments.clone()
    }
}
