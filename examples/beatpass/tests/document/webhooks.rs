//! BP-15: what Stripe tells by itself is believed by its signature, once, and in any order.

use adyton_testing::{Answer, HostProcess};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value as Json, json};
use sha2::Sha256;

use crate::{BEATPASS, api, member, upload};

const SECRET: &str = "whsec_a";

/// A shop whose Stripe nobody reaches, and a purchase that waits for its payment.
struct Waiting {
    host: HostProcess,
    ben: adyton_testing::Wire,
    purchase: i64,
}

impl Waiting {
    async fn prepared() -> Self {
        let host = HostProcess::with(
            BEATPASS,
            &[
                ("BEATPASS_STRIPE_SECRET_KEY", "sk_test_a"),
                ("BEATPASS_STRIPE_PUBLISHABLE_KEY", "pk_test_a"),
                ("BEATPASS_STRIPE_WEBHOOK_SECRET", SECRET),
                ("BEATPASS_STRIPE_ADDRESS", "http://127.0.0.1:9"),
            ],
        )
        .await;
        let ana = member(&host, "Ana").await;
        let track = upload(&ana, "Night Drive").await;
        let ben = member(&host, "Ben").await;
        let begun = api(
            &ben,
            &format!("POST /tracks/{track}/purchase/initiate"),
            "{}",
        )
        .await;
        assert_eq!(begun.assert_status(503).code(), "PAYMENTS_UNREACHABLE");
        let db = host.database.connect().await;
        let known = db
            .run("UPDATE purchase_attempts SET intent = 'pi_a'", &[])
            .await
            .expect("an attempt");
        assert_eq!(known, 1);
        let list = ben.send("GET /purchases").await.json();
        let purchase = list["data"][0]["id"].as_i64().expect("a purchase");
        Self {
            host,
            ben,
            purchase,
        }
    }

    async fn post(&self, header: &str, body: &str) -> Answer {
        let request = format!(
            "POST /stripe/webhook\nContent-Type: application/json\n\
             Stripe-Signature: {header}\n\n{body}"
        );
        self.host.client().send(&request).await
    }

    async fn tell(&self, event: &Json) -> Answer {
        let body = event.to_string();
        self.post(&signed(now(), &body), &body).await
    }

    async fn status(&self) -> Json {
        let path = format!("GET /purchases/{}", self.purchase);
        self.ben.send(&path).await.assert_status(200).json()["status"].clone()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the shop reads the real time too"
)]
fn now() -> i64 {
    chrono::Utc::now().timestamp()
}

fn signed(time: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("any length");
    mac.update(format!("{time}.{body}").as_bytes());
    let bytes = mac.finalize().into_bytes();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={time},v1={hex}")
}

fn event(id: &str, kind: &str, status: &str) -> Json {
    json!({
        "id": id, "object": "event", "type": kind, "livemode": false,
        "data": { "object": {
            "id": "pi_a", "object": "payment_intent", "status": status, "amount": 2500,
            "currency": "usd", "livemode": false,
            "last_payment_error": (status == "requires_payment_method").then(|| json!({
                "code": "card_declined", "decline_code": "insufficient_funds", "message": "No."
            })),
        } },
    })
}

fn succeeded(id: &str) -> Json {
    event(id, "payment_intent.succeeded", "succeeded")
}

fn failed(id: &str) -> Json {
    event(
        id,
        "payment_intent.payment_failed",
        "requires_payment_method",
    )
}

#[tokio::test]
async fn events_that_come_twice_or_late_settle_once() {
    let waiting = Waiting::prepared().await;
    waiting.tell(&failed("evt_1")).await.assert_status(200);
    assert_eq!(waiting.status().await, "failed");
    waiting.tell(&succeeded("evt_2")).await.assert_status(200);
    assert_eq!(waiting.status().await, "paid");
    waiting.tell(&succeeded("evt_2")).await.assert_status(200);
    // The same failure again, and one that was slow on its way.
    waiting.tell(&failed("evt_1")).await.assert_status(200);
    waiting.tell(&failed("evt_3")).await.assert_status(200);
    assert_eq!(waiting.status().await, "paid");
    let db = waiting.host.database.connect().await;
    let rows = db
        .all("SELECT event FROM stripe_events", &[])
        .await
        .expect("a read");
    assert_eq!(rows.len(), 3);
}

#[tokio::test]
async fn forged_and_stale_events_are_refused() {
    let waiting = Waiting::prepared().await;
    let body = succeeded("evt_1").to_string();
    let altered = signed(now(), &body.replace("2500", "1"));
    for header in [
        &signed(now() - 400, &body),
        &altered,
        "t=1,v1=00",
        "nonsense",
        "",
    ] {
        let refused = waiting.post(header, &body).await;
        assert_eq!(refused.assert_status(400).code(), "SIGNATURE_WRONG");
    }
    assert_eq!(waiting.status().await, "pending");
    let unreadable = waiting.post(&signed(now(), "{}"), "{}").await;
    assert_eq!(unreadable.assert_status(400).code(), "EVENT_UNREADABLE");
    let huge = "a".repeat(300 * 1024);
    waiting
        .post(&signed(now(), &huge), &huge)
        .await
        .assert_status(413);
}

#[tokio::test]
async fn an_event_for_another_amount_currency_or_mode_settles_nothing() {
    let waiting = Waiting::prepared().await;
    for (field, value) in [
        ("amount", json!(1)),
        ("currency", json!("jpy")),
        ("livemode", json!(true)),
    ] {
        let mut event = succeeded("evt_1");
        event["data"]["object"][field] = value;
        let refused = waiting.tell(&event).await;
        assert_eq!(refused.assert_status(422).code(), "EVENT_MISMATCH");
    }
    assert_eq!(waiting.status().await, "pending");
    // What was refused may come again, as it should have been.
    waiting.tell(&succeeded("evt_1")).await.assert_status(200);
    assert_eq!(waiting.status().await, "paid");
}

#[tokio::test]
async fn events_that_are_not_ours_are_thanked_for() {
    let waiting = Waiting::prepared().await;
    let unknown = json!({ "id": "evt_1", "type": "invoice.paid", "data": { "object": {} } });
    waiting.tell(&unknown).await.assert_status(200);
    let mut foreign = succeeded("evt_2");
    foreign["data"]["object"]["id"] = json!("pi_foreign");
    waiting.tell(&foreign).await.assert_status(200);
    assert_eq!(waiting.status().await, "pending");
}
