//! The calls of Stripe's API that the practice Stripe takes.

use std::collections::HashMap;

use adyton::Secret;
use axum::Json as JsonBody;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use chrono::Datelike as _;
use serde_json::{Value as Json, json};

use super::book::{Book, Refused};
use super::card::Card;
use super::intent::PracticeIntent;
use super::{NOTE, Practice, webhook};

/// What a request says, by name: `card[number]=…`.
type Form = HashMap<String, String>;

/// Any call. What happened to an intent is told to the shop by a webhook.
pub async fn answer(
    State(practice): State<Practice>,
    method: Method,
    Path(call): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut form: Form = form_urlencoded::parse(&body).into_owned().collect();
    let query = query.unwrap_or_default();
    form.extend(form_urlencoded::parse(query.as_bytes()).into_owned());
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let words: Vec<&str> = call.split('/').collect();
    let secret = format!("Bearer {}", practice.secret.expose());
    let is_shop = header("authorization") == Some(secret.as_str());
    if !is_shop && !is_for_pages(&practice, &words, &form) {
        return told(&practice, (Refused::KEY.status, Refused::KEY.shown()), None);
    }
    let key = header("idempotency-key").filter(|_| is_shop);
    let (answer, events) = {
        let mut book = practice.book();
        match key.and_then(|key| book.answered.get(key).cloned()) {
            Some(answered) => (answered, None),
            None => {
                let answered = act(&practice, &mut book, (&method, &words), &form);
                if let Some(key) = key {
                    book.answered.insert(key.to_owned(), answered.clone());
                }
                // An intent that was not touched is no news.
                let is_done = matches!(answered.0, 200 | 402);
                let event = is_done.then(|| event(&mut book, &words)).flatten();
                (answered, event)
            }
        }
    };
    told(&practice, answer, events)
}

/// A page has the publishable key: it may name a card, and say that its owner is there.
fn is_for_pages(practice: &Practice, words: &[&str], form: &Form) -> bool {
    form.get("key") == Some(&practice.publishable)
        && matches!(
            words,
            ["payment_methods"] | ["payment_intents", _, "authenticate"]
        )
}

fn told(practice: &Practice, (status, body): (u16, Json), event: Option<Json>) -> Response {
    if let Some(event) = event {
        webhook::send(practice, event);
    }
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, JsonBody(body)).into_response()
}

fn act(
    practice: &Practice,
    book: &mut Book,
    (method, words): (&Method, &[&str]),
    form: &Form,
) -> (u16, Json) {
    let done = match (method.as_str(), words) {
        ("POST", ["payment_methods"]) => make_card(practice, book, form),
        ("POST", ["customers"]) => Ok(json!({ "id": name("cus"), "practice": NOTE })),
        ("POST", ["payment_methods", card, "attach"]) => {
            let card = book.card(card).map(|_| card);
            card.map(|card| json!({ "id": card, "practice": NOTE }))
        }
        ("POST", ["payment_intents"]) => make_intent(book, form),
        ("GET", ["payment_intents", id]) => book.intent(id).map(|intent| intent.shown()),
        ("POST", ["payment_intents", id]) => take(book, id, form),
        ("POST", ["payment_intents", id, "confirm"]) => confirm(book, id),
        ("POST", ["payment_intents", id, "cancel"]) => change(book, id, PracticeIntent::cancel),
        ("POST", ["payment_intents", id, "authenticate"]) => change(book, id, |intent| {
            let is_owner = text(form, "success") == "true";
            intent.authenticate(text(form, "client_secret"), is_owner)
        }),
        ("POST", ["refunds"]) => refund(book, form),
        ("GET", ["refunds"]) => Ok(refunds(book, text(form, "payment_intent"))),
        _ => Err(Refused::UNKNOWN),
    };
    match done {
        Ok(done) => (200, done),
        Err(refused) => (refused.status, refused.shown()),
    }
}

/// Of a call that may have moved an intent: what a webhook tells of it now.
fn event(book: &mut Book, words: &[&str]) -> Option<Json> {
    let ["payment_intents", id, "confirm" | "authenticate"] = words else {
        return None;
    };
    let intent = book.intent(id).ok()?;
    let kind = match intent.status {
        "succeeded" => "payment_intent.succeeded",
        "requires_payment_method" => "payment_intent.payment_failed",
        _ => return None,
    };
    Some(json!({ "type": kind, "data": { "object": intent.shown() } }))
}

fn make_card(practice: &Practice, book: &mut Book, form: &Form) -> Result<Json, Refused> {
    let number = |name: &str| text(form, name).parse::<i32>().ok();
    // `30` is 2030, as on a card.
    let year = number("card[exp_year]").map(|year| if year < 100 { 2000 + year } else { year });
    let now = practice.clock.now();
    let now = (now.year(), i32::try_from(now.month()).unwrap_or(12));
    let card = Card::of(
        text(form, "card[number]"),
        text(form, "card[cvc]"),
        year.zip(number("card[exp_month]")),
        now,
    )?;
    let name = name("pm");
    book.keep(&name, card);
    Ok(json!({ "id": name, "object": "payment_method", "type": "card", "practice": NOTE }))
}

fn make_intent(book: &mut Book, form: &Form) -> Result<Json, Refused> {
    let amount = text(form, "amount").parse().ok();
    let amount = amount
        .filter(|amount: &i64| *amount >= 50)
        .ok_or(Refused::PARAMETER)?;
    let id = name("pi");
    let intent = PracticeIntent {
        secret: format!("{id}_secret_{}", Secret::random(16).expose()),
        id: id.clone(),
        amount,
        currency: text(form, "currency").to_owned(),
        purchase: form.get("metadata[purchase_id]").cloned(),
        method: None,
        status: "requires_payment_method",
        error: None,
    };
    let shown = intent.shown();
    book.intents.insert(id, intent);
    Ok(shown)
}

fn take(book: &mut Book, id: &str, form: &Form) -> Result<Json, Refused> {
    let card = text(form, "payment_method").to_owned();
    book.card(&card)?;
    change(book, id, |intent| intent.take(card))
}

fn confirm(book: &mut Book, id: &str) -> Result<Json, Refused> {
    let method = book.intent(id)?.method.clone().ok_or(Refused::STATE)?;
    let card = book.card(&method)?;
    change(book, id, |intent| intent.confirm(card))
}

fn change(
    book: &mut Book,
    id: &str,
    change: impl FnOnce(&mut PracticeIntent) -> Result<(), Refused>,
) -> Result<Json, Refused> {
    let intent = book.intent(id)?;
    change(intent)?;
    Ok(intent.shown())
}

fn refund(book: &mut Book, form: &Form) -> Result<Json, Refused> {
    let intent = text(form, "payment_intent").to_owned();
    let charged = book.intent(&intent)?;
    if charged.status != "succeeded" {
        return Err(Refused::STATE);
    }
    let amount = charged.amount;
    if book.refunds.contains_key(&intent) {
        return Err(Refused::REFUNDED);
    }
    let made = json!({
        "id": name("re"),
        "amount": amount,
        "payment_intent": intent,
        "status": "succeeded",
        "practice": NOTE,
    });
    book.refunds.insert(intent, made.clone());
    Ok(made)
}

fn refunds(book: &Book, intent: &str) -> Json {
    let found = Vec::from_iter(book.refunds.get(intent));
    json!({ "object": "list", "data": found, "practice": NOTE })
}

fn text<'a>(form: &'a Form, name: &str) -> &'a str {
    form.get(name).map(String::as_str).unwrap_or_default()
}

fn name(kind: &str) -> String {
    format!("{kind}_practice{}", Secret::random(20).expose())
}
