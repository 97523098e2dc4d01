//! Rows of the table: as Laravel's library writes them, and such that nobody can read.

use adyton::db::Value;
use adyton_testing::TestApp;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD as BASE64URL};
use serde_json::{Value as Json, json};

use crate::authenticator::{assert_refused, confirmed};
use crate::passkey_device::*;
use crate::support::{ANA, text};

/// Writes a row behind everybody's back.
async fn insert(app: &TestApp, device: &Device, credential: &str) {
    let user = crate::support::found(app, ANA).await.expect("a user");
    let sql = "INSERT INTO passkeys (user_id, name, credential_id, credential) \
         VALUES ($1, $2, $3, $4)";
    let id = device.id();
    let params: [Value; 4] = [
        (&user.id).into(),
        "Old".into(),
        id.into(),
        credential.into(),
    ];
    app.adyton
        .db()
        .insert(sql, &params)
        .await
        .expect("inserted");
}

/// As the library of Laravel's package has written it, over the years.
fn as_laravel_writes(device: &Device, is_of_today: bool) -> Json {
    let mut source = json!({
        "publicKeyCredentialId": BASE64URL.encode(&device.id),
        "type": "public-key",
        "transports": ["internal"],
        "attestationType": "none",
        "trustPath": [],
        "aaguid": "00000000-0000-0000-0000-000000000000",
        "credentialPublicKey": BASE64URL.encode(device.cose()),
        "userHandle": BASE64URL.encode(&device.handle),
        "counter": 4,
        "backupEligible": false,
        "backupStatus": false,
        "uvInitialized": true,
    });
    if !is_of_today {
        source["trustPath"] = json!({ "type": "Webauthn\\TrustPath\\EmptyTrustPath" });
        source["userHandle"] = URL_SAFE.encode(&device.handle).into();
        source["credentialPublicKey"] = STANDARD.encode(device.cose()).into();
        for name in ["otherUI", "backupEligible", "backupStatus", "uvInitialized"] {
            source[name] = Json::Null;
        }
    }
    source
}

#[tokio::test]
async fn a_row_of_laravels_lets_its_user_in_and_stays_one() {
    let app = app().await;
    app.user(ANA).await;
    for is_of_today in [true, false] {
        let mut device = Device::new();
        device.handle = vec![3; 32];
        device.counter = 4;
        let mut written = as_laravel_writes(&device, is_of_today);
        written["whatComesNext"] = json!({ "kept": true });
        insert(&app, &device, &written.to_string()).await;
        let browser = guest(&app).await;
        let answer = log_in(&browser, &mut device, &Wrong::default()).await;
        answer.assert_status(200);
        let sql = "SELECT credential AS value FROM passkeys WHERE credential_id = $1";
        let kept = text(&app, sql, device.id()).await.expect("a row");
        let kept: Json = serde_json::from_str(&kept).expect("JSON");
        written["counter"] = 5.into();
        written["backupEligible"] = false.into();
        written["backupStatus"] = false.into();
        written["uvInitialized"] = true.into();
        assert_eq!(kept, written);
    }
}

#[tokio::test]
async fn an_old_row_does_not_know_whether_its_passkey_is_on_several_devices() {
    let app = app().await;
    app.user(ANA).await;
    let mut device = Device::new();
    device.counter = 4;
    insert(
        &app,
        &device,
        &as_laravel_writes(&device, false).to_string(),
    )
    .await;
    let synced = Wrong {
        eligible: true,
        ..Wrong::default()
    };
    let answer = log_in(&guest(&app).await, &mut device, &synced).await;
    answer.assert_status(200);
    // From now on it is known.
    let answer = log_in(&guest(&app).await, &mut device, &Wrong::default()).await;
    assert_refused(&answer, "credential", NOT_VERIFIED);
}

#[tokio::test]
async fn what_is_kept_is_what_laravels_library_reads() {
    let app = app().await;
    app.user(ANA).await;
    let device = added(&confirmed(&app, ANA).await).await;
    let sql = "SELECT credential AS value FROM passkeys WHERE credential_id = $1";
    let kept = text(&app, sql, device.id()).await.expect("a row");
    let kept: Json = serde_json::from_str(&kept).expect("JSON");
    let mut expected = as_laravel_writes(&device, true);
    expected["counter"] = 0.into();
    expected["otherUI"] = Json::Null;
    expected["transports"] = json!(["internal", "hybrid", "a-way-to-come"]);
    assert_eq!(kept, expected);
}

#[tokio::test]
async fn a_row_that_nobody_can_read_refuses() {
    let app = app().await;
    app.user(ANA).await;
    let good = |device: &Device| as_laravel_writes(device, true);
    let with = |device: &Device, name: &str, value: Json| {
        let mut source = good(device);
        source[name] = value;
        source.to_string()
    };
    let bomb = BASE64URL.encode(vec![0x81_u8; 20_000]);
    let of: [&dyn Fn(&Device) -> String; 8] = [
        &|_| "nonsense".to_owned(),
        &|_| "{}".to_owned(),
        &|device| with(device, "credentialPublicKey", json!("AAAA")),
        &|device| with(device, "credentialPublicKey", json!(bomb)),
        &|device| with(device, "counter", json!(-1)),
        &|device| with(device, "counter", json!("4")),
        &|device| with(device, "publicKeyCredentialId", json!("AAAA")),
        &|device| with(device, "userHandle", Json::Null),
    ];
    for text in of {
        let mut device = Device::new();
        device.counter = 4;
        insert(&app, &device, &text(&device)).await;
        let answer = log_in(&guest(&app).await, &mut device, &Wrong::default()).await;
        assert_refused(&answer, "credential", NOT_VERIFIED);
    }
    // Nor does it keep its user from seeing and removing it.
    let browser = confirmed(&app, ANA).await;
    let list = browser.get(OWN).await;
    assert_eq!(
        list.assert_status(200).json()["passkeys"]
            .as_array()
            .map(Vec::len),
        Some(8)
    );
    browser.delete(&format!("{OWN}/1")).await.assert_status(200);
}
