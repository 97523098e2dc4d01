//! The few calls of Stripe's API that the shop makes. What comes back is read as narrowly as it is
//! used, so that another version of the API, or what stands in for it, breaks nothing.

use std::collections::BTreeMap;
use std::time::Duration;

use adyton::{Refusal, Secret};
use miniserde::Deserialize;
use stripe::{Client, ClientBuilder, IdempotencyKey, RequestStrategy, StripeError};
use stripe_client_core::{RequestBuilder, StripeMethod};

use super::refusals::{self, PAYMENT_METHOD_UNKNOWN};

/// All that is sold, is sold in this.
pub const CURRENCY: &str = "usd";

/// How long an answer may take. A card's bank may take its time.
const PATIENCE: Duration = Duration::from_secs(25);

/// A PaymentIntent: one charge, whenever it succeeds, and never a second one.
#[derive(Debug, Deserialize)]
pub struct Intent {
    pub id: String,
    pub client_secret: Option<String>,
    pub status: String,
    pub amount: i64,
    pub currency: String,
    pub livemode: bool,
    pub payment_method: Option<String>,
    pub last_payment_error: Option<PaymentError>,
}

/// Why the last try of an intent failed.
#[derive(Debug, Deserialize)]
pub struct PaymentError {
    pub code: Option<String>,
    pub decline_code: Option<String>,
}

impl PaymentError {
    /// What the member is told.
    pub fn refusal(&self) -> Refusal {
        refusals::of_decline(self.code.as_deref(), self.decline_code.as_deref())
    }
}

#[derive(Deserialize)]
struct Made {
    id: String,
}

#[derive(Deserialize)]
struct Refunds {
    data: Vec<Refund>,
}

#[derive(Deserialize)]
struct Refund {
    amount: i64,
    payment_intent: Option<String>,
    status: Option<String>,
}

impl Refund {
    /// Whether the money is back, or on its way.
    fn is_good(&self) -> bool {
        matches!(self.status.as_deref(), Some("succeeded" | "pending"))
    }
}

/// What a call failed with.
#[derive(Debug)]
pub enum Trouble {
    /// The card, for this reason.
    Declined(Refusal),
    /// Stripe knows no such thing.
    Missing,
    /// Stripe did not answer, or not as we expect; what became of the call is not known.
    Unclear(String),
}

/// Stripe, spoken to with one key.
#[derive(Clone, Debug)]
pub struct Stripe {
    client: Client,
}

impl Stripe {
    /// Stripe at an address.
    ///
    /// # Errors
    /// When the key or the address cannot stand in a request.
    pub fn at(address: &str, key: &Secret<String>) -> Result<Self, String> {
        // The client adds `v1/…` to it.
        let address = format!("{}/", address.trim_end_matches('/'));
        let client = ClientBuilder::new(key.expose().as_str())
            .url(address)
            .timeout(PATIENCE)
            .app_info("beatpass", None, None)
            .build();
        Ok(Self {
            client: client.map_err(|error| error.to_string())?,
        })
    }

    /// A customer, made once for a member.
    pub async fn make_customer(&self, member: &str, key: &str) -> Result<String, Trouble> {
        let made: Made = self
            .post("/customers", &[("description", member)], Some(key))
            .await?;
        Ok(made.id)
    }

    /// Puts a card to a customer, and has its bank asked whether it is good.
    pub async fn attach(&self, method: &str, customer: &str) -> Result<(), Trouble> {
        let path = format!("/payment_methods/{method}/attach");
        let attached = self.post(&path, &[("customer", customer)], None).await;
        match attached {
            Ok(Made { .. }) => Ok(()),
            Err(Trouble::Missing) => Err(Trouble::Declined(PAYMENT_METHOD_UNKNOWN)),
            Err(other) => Err(other),
        }
    }

    /// An intent to charge so much for a purchase. It charges nothing yet.
    pub async fn make_intent(
        &self,
        cents: i64,
        purchase: i64,
        key: &str,
    ) -> Result<Intent, Trouble> {
        let (cents, purchase) = (cents.to_string(), purchase.to_string());
        let form = [
            ("amount", cents.as_str()),
            ("currency", CURRENCY),
            ("metadata[purchase_id]", purchase.as_str()),
        ];
        self.post("/payment_intents", &form, Some(key)).await
    }

    /// How an intent stands.
    pub async fn intent(&self, id: &str) -> Result<Intent, Trouble> {
        let request = RequestBuilder::new(StripeMethod::Get, format!("/payment_intents/{id}"));
        self.send(request, None).await
    }

    /// Says which card an intent is to charge, and charges it. The same try, sent twice, is one.
    pub async fn charge(
        &self,
        intent: &str,
        (customer, method): (&str, &str),
        key: &str,
    ) -> Result<Intent, Trouble> {
        let path = format!("/payment_intents/{intent}");
        let form = [("customer", customer), ("payment_method", method)];
        let _: Intent = self.post(&path, &form, None).await?;
        let key = format!("{key}-{method}");
        self.post(&format!("{path}/confirm"), &[], Some(&key)).await
    }

    /// Makes sure that an intent never charges.
    pub async fn cancel(&self, intent: &str) -> Result<Intent, Trouble> {
        self.post(&format!("/payment_intents/{intent}/cancel"), &[], None)
            .await
    }

    /// Pays back all of what an intent charged.
    pub async fn refund(&self, intent: &str, key: &str) -> Result<(), Trouble> {
        let form = [("payment_intent", intent)];
        let made: Refund = self.post("/refunds", &form, Some(key)).await?;
        match made.is_good() {
            true => Ok(()),
            false => Err(Trouble::Unclear(format!(
                "the refund is {}",
                made.status.unwrap_or_default()
            ))),
        }
    }

    /// Whether all that an intent charged was paid back, or is about to be.
    pub async fn is_refunded(&self, intent: &str, cents: i64) -> Result<bool, Trouble> {
        let query = BTreeMap::from([("payment_intent", intent)]);
        let request = RequestBuilder::new(StripeMethod::Get, "/refunds").query(&query);
        let refunds: Refunds = self.send(request, None).await?;
        let of_it = refunds
            .data
            .iter()
            .filter(|refund| refund.payment_intent.as_deref() == Some(intent) && refund.is_good());
        Ok(of_it.map(|refund| refund.amount).sum::<i64>() >= cents)
    }

    async fn post<T: Deserialize>(
        &self,
        path: &str,
        form: &[(&str, &str)],
        key: Option<&str>,
    ) -> Result<T, Trouble> {
        let form: BTreeMap<&str, &str> = form.iter().copied().collect();
        let mut request = RequestBuilder::new(StripeMethod::Post, path);
        // Nothing would be sent as a `=`, which is a field without a name.
        if !form.is_empty() {
            request = request.form(&form);
        }
        self.send(request, key).await
    }

    async fn send<T: Deserialize>(
        &self,
        request: RequestBuilder,
        key: Option<&str>,
    ) -> Result<T, Trouble> {
        let mut request = request.customize::<T>();
        if let Some(key) = key {
            let key =
                IdempotencyKey::new(key).map_err(|error| Trouble::Unclear(error.to_string()))?;
            request = request.request_strategy(RequestStrategy::Idempotent(key));
        }
        request.send(&self.client).await.map_err(trouble)
    }
}

fn trouble(error: StripeError) -> Trouble {
    let StripeError::Stripe(why, status) = &error else {
        return Trouble::Unclear(error.to_string());
    };
    let code = why.code.as_ref().map(ToString::to_string);
    match status {
        402 => Trouble::Declined(refusals::of_decline(
            code.as_deref(),
            why.decline_code.as_deref(),
        )),
        404 => Trouble::Missing,
        _ => Trouble::Unclear(format!(
            "{status} {}: {}",
            code.unwrap_or_default(),
            why.message.as_deref().unwrap_or_default()
        )),
    }
}
