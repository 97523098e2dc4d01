//! A host's own fields of a user.

use adyton::config::{Config, Field, FieldKind};
use adyton_testing::TestApp;
use serde_json::{Value as Json, json};

use super::{TOKEN, WEB, ana, registered, tried, unlimited, users};

fn with_fields(config: &mut Config) {
    unlimited(config);
    let field = |kind, change: fn(&mut Field)| {
        let mut field = Field::new(kind);
        change(&mut field);
        field
    };
    config.users.fields = [
        (
            "phone",
            field(FieldKind::Text, |field| {
                (field.required, field.max) = (true, 9)
            }),
        ),
        ("age", field(FieldKind::Integer, |_| {})),
        (
            "terms",
            field(FieldKind::Boolean, |field| field.required = true),
        ),
        ("news", field(FieldKind::Boolean, |_| {})),
        ("notes", field(FieldKind::Text, |field| field.shown = false)),
        (
            "credit",
            field(FieldKind::Integer, |field| field.registrable = false),
        ),
    ]
    .map(|(name, field)| (name.to_owned(), field))
    .into();
}

fn ana_with_fields() -> Json {
    let mut body = ana();
    for (name, value) in [
        ("phone", json!("600000000")),
        ("age", json!(42)),
        ("terms", json!(true)),
        ("notes", json!("for the host alone")),
        ("credit", json!(1_000_000)),
    ] {
        body[name] = value;
    }
    body
}

#[tokio::test]
async fn the_hosts_own_fields_are_registered_and_shown() {
    let app = TestApp::with(with_fields).await;
    for (at, path) in [WEB, TOKEN].into_iter().enumerate() {
        let mut body = ana_with_fields();
        body["email"] = json!(format!("u{at}@example.com"));
        let me = registered(&app, path, body).await;
        assert_eq!(
            [
                &me["phone"],
                &me["age"],
                &me["terms"],
                &me["news"],
                &me["credit"]
            ],
            [
                &json!("600000000"),
                &json!(42),
                &json!(true),
                &json!(false),
                &Json::Null
            ]
        );
        assert!(me.get("notes").is_none(), "it is not shown");
    }
}

/// The answer to a registration says no more of a user than every later one.
#[tokio::test]
async fn a_registration_shows_what_every_later_answer_shows() {
    let app = TestApp::with(|config| {
        with_fields(config);
        config.wire.envelope.clear();
    })
    .await;
    let answer = app.anonymous().post(TOKEN, ana_with_fields()).await;
    let answer = answer.assert_status(201).json();
    let token = answer["token"].as_str().expect("a token");
    let me = app.bearer(token).get("/api/user").await.json();
    assert_eq!(answer["user"], me);
}

#[tokio::test]
async fn the_hosts_own_fields_have_rules() {
    let app = TestApp::with(with_fields).await;
    for (name, value, said) in [
        ("phone", Json::Null, "The phone field is required."),
        ("phone", json!(600), "The phone field must be a string."),
        (
            "phone",
            json!("6000000000"),
            "The phone field must not be greater than 9 characters.",
        ),
        ("age", json!("old"), "The age field must be an integer."),
        ("age", json!(1.5), "The age field must be an integer."),
        ("age", json!(9.3e18), "The age field must be an integer."),
        ("age", json!([]), "The age field must be an integer."),
        (
            "terms",
            json!("perhaps"),
            "The terms field must be true or false.",
        ),
        ("terms", Json::Null, "The terms field is required."),
        ("terms", json!(""), "The terms field is required."),
    ] {
        let mut body = ana_with_fields();
        body[name] = value.clone();
        for path in [WEB, TOKEN] {
            let answer = tried(&app, path, body.clone()).await;
            let errors = answer.assert_status(422).json();
            assert_eq!(errors["errors"][name], json!([said]), "{name} {value}");
        }
    }
    assert!(users(&app).await.is_empty());
}

/// Names that a database keeps for itself are names of fields as good as others.
#[tokio::test]
async fn a_field_may_be_called_what_sql_calls_something() {
    let names = [
        "order", "group", "select", "key", "rank", "user", "default", "table",
    ];
    let app = TestApp::with(|config| {
        unlimited(config);
        let fields = names.map(|name| (name.to_owned(), Field::new(FieldKind::Text)));
        config.users.fields = fields.into();
    })
    .await;
    let mut body = ana();
    for name in names {
        body[name] = json!(name);
    }
    let me = registered(&app, TOKEN, body).await;
    for name in names {
        assert_eq!(me[name], name);
    }
    assert_eq!(users(&app).await[0].fields["order"], "order");
}
