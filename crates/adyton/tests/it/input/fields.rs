//! Every field of every route with every value: taken or refused by name.

use super::{FORM, JSON, Senders, assert_worded, routes};

/// Values that belong in no field, or in few, as JSON text.
fn values() -> Vec<String> {
    let long = |count: usize| format!("\"{}\"", "x".repeat(count));
    let odd = [
        "null",
        "true",
        "false",
        "0",
        "-0",
        "1.5",
        "-1",
        "1e400",
        "99999999999999999999999",
        "[]",
        "{}",
        "[[]]",
        "[null]",
        "[\"\"]",
        "[0]",
        "{\"a\":1}",
        "{\"email\":\"x\"}",
        "\"\"",
        "\" \"",
        "\"\\u0000\"",
        "\"a\\u0000b\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\u202e\"",
        "\"\\ufeff\"",
        "\"\\ufffe\"",
        "\"\\u200b\"",
        "\"\\r\\n\"",
        "\"😀\"",
        "\"a@b@c\"",
        "\"a@b\\r\\nBcc: c@d\"",
        "\"${jndi:x}\"",
        "\"%s%n\"",
        "\"' OR 1=1 --\"",
        "\"<script>\"",
        "\"../../x\"",
        "\"\\\\\"",
        "\"{{7*7}}\"",
        "\"=1+1\"",
        "\"NaN\"",
        "NaN",
        "Infinity",
        "undefined",
        "'x'",
        "0x10",
        "01",
        "+1",
        ".5",
        "\"",
        "[",
        "{",
        "",
        "nul",
    ];
    let mut all: Vec<String> = odd.map(str::to_owned).to_vec();
    all.extend([
        long(255),
        long(256),
        long(1_024),
        long(1_025),
        long(60_000),
        long(70_000),
    ]);
    all.push(format!("[{}]", vec!["\"user\""; 51].join(",")));
    all.push("[".repeat(10_000) + &"]".repeat(10_000));
    all.push("{\"a\":".repeat(5_000) + "1" + &"}".repeat(5_000));
    all
}

#[tokio::test]
async fn every_field_of_every_route_takes_any_value_calmly() {
    let senders = Senders::new().await;
    for (path, fields) in routes() {
        for name in fields.as_object().expect("fields").keys() {
            for value in values() {
                let mut others = fields.clone();
                others.as_object_mut().expect("fields").remove(name);
                let others = others.to_string();
                let body = format!("{{\"{name}\":{value},{}", &others[1..]);
                let answer = senders.post(path, JSON, body).await;
                let shown: String = value.chars().take(40).collect();
                assert_worded(&answer, path, &format!("{name}={shown}"));
                let is_needed = ["email", "password"].contains(&name.as_str());
                if is_needed && !value.starts_with("\"x") {
                    assert!(
                        answer.status.is_client_error(),
                        "{path} {name}={shown}: {answer:#?}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn every_field_of_every_form_takes_any_text_calmly() {
    let senders = Senders::new().await;
    let texts = [
        "",
        "%00",
        "%ff%fe",
        "%ed%a0%80",
        "%E2%80%AE",
        "%",
        "%zz",
        "+",
        "a=b",
        "on",
        "[]",
        "%F0%9F%98%80",
    ];
    for (path, fields) in routes() {
        for name in fields.as_object().expect("fields").keys() {
            for (text, suffix) in texts
                .iter()
                .flat_map(|text| ["", "[]", "[x]", "[0][y]"].map(|end| (text, end)))
            {
                let mut body = format!("{name}{suffix}={text}");
                for (other, value) in fields.as_object().expect("fields") {
                    if other != name
                        && let Some(value) = value.as_str()
                    {
                        body += &format!("&{other}={}", value.replace('@', "%40"));
                    }
                }
                let answer = senders.post(path, FORM, body.clone()).await;
                assert_worded(&answer, path, &body);
            }
        }
    }
}
