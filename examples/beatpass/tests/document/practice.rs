//! BP-15, against the Stripe that the program plays: what a visitor of the demo meets.

use adyton_testing::{Answer, HostProcess, Wire};
use serde_json::{Value as Json, json};

use crate::{api, logged_in, member, upload};

/// A shop that plays Stripe itself, Ana's track for 25 dollars, and Ben, who buys.
struct Sale {
    host: HostProcess,
    ben: Wire,
    track: i64,
}

impl Sale {
    async fn prepared() -> Self {
        let (host, ana) = logged_in().await;
        let track = upload(&ana, "Night Drive").await;
        let ben = member(&host, "Ben").await;
        Self { host, ben, track }
    }

    async fn ask(&self, what: &str, body: &str) -> Answer {
        let request = format!("POST /tracks/{}/purchase/{what}", self.track);
        api(&self.ben, &request, body).await
    }

    /// What the script of the card form sends: not to the shop, and without its cookies.
    async fn enter(&self, number: &str, year: &str) -> Answer {
        let settings = self
            .host
            .client()
            .send("GET /payments/settings")
            .await
            .json();
        let key = settings["publishable_key"]
            .as_str()
            .expect("a key")
            .to_owned();
        let form = [
            ("key", key.as_str()),
            ("type", "card"),
            ("card[number]", number),
            ("card[exp_month]", "12"),
            ("card[exp_year]", year),
            ("card[cvc]", "123"),
        ];
        self.page("/practice-stripe/v1/payment_methods", &form)
            .await
    }

    async fn page(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let kind = "Content-Type: application/x-www-form-urlencoded";
        self.host
            .client()
            .send(&format!("POST {path}\n{kind}\n\n{body}"))
            .await
    }

    async fn pay(&self, number: &str) -> Answer {
        let card = self.enter(number, "34").await.assert_status(200).json()["id"].clone();
        self.ask("confirm", &json!({ "payment_method": card }).to_string())
            .await
    }

    async fn purchase(&self) -> Json {
        self.ben.send("GET /purchases").await.json()["data"][0].clone()
    }
}

/// BP-15
#[tokio::test]
async fn each_card_that_fails_says_why() {
    let sale = Sale::prepared().await;
    sale.ask("initiate", "{}").await.assert_status(201);
    for (number, code, says) in [
        (
            "4000 0000 0000 0002",
            "CARD_DECLINED",
            "Your card was declined.",
        ),
        (
            "4000 0000 0000 9995",
            "INSUFFICIENT_FUNDS",
            "Your card has insufficient funds.",
        ),
    ] {
        let refused = sale.pay(number).await;
        assert_eq!(refused.assert_status(422).code(), code);
        assert_eq!(
            refused.json()["errors"],
            json!({ "payment_method": [says] })
        );
        let purchase = sale.purchase().await;
        assert_eq!(
            (&purchase["status"], &purchase["failure"]),
            (&json!("failed"), &json!(says))
        );
    }
    let paid = sale
        .pay("4242 4242 4242 4242")
        .await
        .assert_status(200)
        .json();
    assert_eq!(paid["purchase"]["status"], "paid");
    assert_eq!(paid["purchase"]["failure"], json!(null));
    assert!(paid["purchase"]["paid_at"].is_string());
}

/// BP-15
#[tokio::test]
async fn the_settings_tell_the_mode_and_the_test_cards() {
    let sale = Sale::prepared().await;
    let settings = sale
        .host
        .client()
        .send("GET /payments/settings")
        .await
        .assert_status(200)
        .json();
    assert_eq!(
        (&settings["test_mode"], &settings["is_configured"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(settings["test_cards"].as_array().map(Vec::len), Some(3));
    let script = settings["script"].as_str().expect("an address");
    let script = sale.host.client().send(&format!("GET {script}")).await;
    script.assert_status(200);
    assert!(script.body.contains("no card is charged"));
    let unknown = sale.enter("5555555555554444", "34").await;
    assert_eq!(
        unknown.assert_status(402).json()["error"]["code"],
        "incorrect_number"
    );
    let expired = sale.enter("4242424242424242", "20").await;
    assert_eq!(
        expired.assert_status(402).json()["error"]["code"],
        "expired_card"
    );
    // A page can name a card; it cannot charge one.
    let form = [
        ("key", "pk_test_practice"),
        ("amount", "50"),
        ("currency", "usd"),
    ];
    sale.page("/practice-stripe/v1/payment_intents", &form)
        .await
        .assert_status(401);
}

/// BP-15
#[tokio::test]
async fn without_keys_nothing_can_be_bought_and_it_says_so() {
    let host = HostProcess::start(crate::BEATPASS).await;
    let settings = host.client().send("GET /payments/settings").await.json();
    assert_eq!(
        (&settings["is_configured"], &settings["script"]),
        (&json!(false), &json!(null))
    );
    let ana = member(&host, "Ana").await;
    let track = upload(&ana, "Night Drive").await;
    let ben = member(&host, "Ben").await;
    let refused = api(
        &ben,
        &format!("POST /tracks/{track}/purchase/initiate"),
        "{}",
    )
    .await;
    assert_eq!(refused.assert_status(503).code(), "PAYMENTS_NOT_CONFIGURED");
    let answer = host.client().send("GET /practice-stripe/v3/").await;
    answer.assert_status(404);
}

/// BP-15
#[tokio::test]
async fn clicks_at_the_same_time_pay_once_and_the_webhook_agrees() {
    let sale = Sale::prepared().await;
    sale.ask("initiate", "{}").await.assert_status(201);
    let card = sale.enter("4242424242424242", "34").await.json()["id"].clone();
    let body = json!({ "payment_method": card }).to_string();
    let confirm = || sale.ask("confirm", &body);
    let (a, b, c) = tokio::join!(confirm(), confirm(), confirm());
    for answer in [a, b, c] {
        assert_eq!(
            answer.assert_status(200).json()["purchase"]["status"],
            "paid"
        );
    }
    let db = sale.host.database.connect().await;
    for _ in 0..100 {
        let sql = "SELECT COUNT(*) AS events FROM stripe_events";
        let row = db.one(sql, &[]).await.expect("a read").expect("a row");
        if row.get::<i64>("events").expect("a number") == 1 {
            assert_eq!(sale.purchase().await["status"], "paid");
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("no webhook came: {}", sale.host.said());
}

/// BP-15
#[tokio::test]
async fn whoever_is_not_the_owner_is_not_charged() {
    let sale = Sale::prepared().await;
    sale.ask("initiate", "{}").await.assert_status(201);
    for (is_owner, status) in [("false", "failed"), ("true", "paid")] {
        let asked = sale.pay("4000002500003155").await.assert_status(200).json();
        assert_eq!(asked["requires_action"], true);
        let secret = asked["client_secret"]
            .as_str()
            .expect("a secret")
            .to_owned();
        let id = secret.split("_secret_").next().expect("a number");
        let path = format!("/practice-stripe/v1/payment_intents/{id}/authenticate");
        let form = [
            ("key", "pk_test_practice"),
            ("client_secret", &secret),
            ("success", is_owner),
        ];
        sale.page(&path, &form).await;
        let purchase = sale.ask("refresh", "{}").await.assert_status(200).json();
        assert_eq!(purchase["status"], status);
    }
}

/// BP-15
#[tokio::test]
async fn what_cannot_be_paid_for_is_refused() {
    let (host, ana) = logged_in().await;
    let ben = member(&host, "Ben").await;
    let priced = async |cents: i64, is_published: bool| {
        let track =
            json!({ "title": "Night Drive", "price_cents": cents, "is_published": is_published });
        let made = api(&ana, "POST /tracks", &track.to_string()).await;
        made.assert_status(201).json()["id"].clone()
    };
    let begin = async |browser: &Wire, track: &Json| {
        api(
            browser,
            &format!("POST /tracks/{track}/purchase/initiate"),
            "{}",
        )
        .await
    };
    let own = begin(&ana, &priced(2500, true).await).await;
    assert_eq!(own.assert_status(422).code(), "OWN_TRACK");
    // As one that was set before there was a least price.
    let cheap = priced(50, true).await;
    let db = host.database.connect().await;
    let sql = "UPDATE tracks SET price_cents = 49 WHERE price_cents = $1";
    db.run(sql, &[50_i64.into()]).await.expect("a cheap track");
    let cheap = begin(&ben, &cheap).await;
    assert_eq!(cheap.assert_status(422).code(), "PRICE_TOO_LOW");
    let hidden = begin(&ben, &priced(2500, false).await).await;
    assert_eq!(hidden.assert_status(422).code(), "NOT_FOR_SALE");
    let free = begin(&ben, &priced(0, true).await).await;
    assert_eq!(free.assert_status(201).json()["status"], "paid");
    let track = priced(2500, true).await;
    begin(&ben, &track).await.assert_status(201);
    let confirm = format!("POST /tracks/{track}/purchase/confirm");
    for (method, code) in [
        ("pm_nobody", "PAYMENT_METHOD_UNKNOWN"),
        ("../refunds", "VALIDATION_FAILED"),
        ("", "VALIDATION_FAILED"),
    ] {
        let body = json!({ "payment_method": method }).to_string();
        assert_eq!(
            api(&ben, &confirm, &body).await.assert_status(422).code(),
            code
        );
    }
    let stranger = member(&host, "Cleo").await;
    api(&stranger, &confirm, r#"{"payment_method": "pm_a"}"#)
        .await
        .assert_status(404);
}
