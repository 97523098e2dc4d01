//! Forms, url-encoded and multipart.

use serde_json::json;

use super::{FORM, LOGIN, Senders, assert_worded};

#[tokio::test]
async fn a_form_is_read_as_php_reads_it_and_says_each_field_once() {
    let senders = Senders::new().await;
    let good = "email=ana%40example.com&password=password";
    senders.post(LOGIN, FORM, good).await.assert_status(200);
    senders
        .post(
            LOGIN,
            "Application/X-WWW-Form-Urlencoded; charset=utf-8",
            good,
        )
        .await
        .assert_status(200);
    for (twice, field) in [
        (
            "email=ana%40example.com&password=password&email=eva%40example.com",
            "email",
        ),
        (
            "email=ana%40example.com&password=password&password=x",
            "password",
        ),
        (
            "email=ana%40example.com&password=password&%70assword=x",
            "password",
        ),
        (
            "email=ana%40example.com&password=password&device_name=a&device_name=a",
            "device_name",
        ),
        (
            "email[]=ana%40example.com&password=password&email=ana%40example.com",
            "email",
        ),
        (
            "email=ana%40example.com&password=password&password[]=x",
            "password",
        ),
    ] {
        let answer = senders.post(LOGIN, FORM, twice).await;
        let errors = answer.assert_status(422).json();
        let said = format!(
            "The {} field stands more than once in the request.",
            field.replace('_', " ")
        );
        assert_eq!(errors["errors"][field][0], json!(said), "{twice}: {errors}");
    }
    for broken in [
        "email=%ff&password=password",
        "%ff=x",
        "email=a\u{0}b",
        "a=%c0%af",
    ] {
        let answer = senders.post(LOGIN, FORM, broken).await;
        assert!(answer.status.is_client_error(), "{broken}");
        assert_worded(&answer, LOGIN, broken);
    }
    let many: String = (0..6_000).map(|at| format!("f{at}=&")).collect();
    senders
        .post(LOGIN, FORM, many + good)
        .await
        .assert_status(200);
    let same = "abilities[]=x&".repeat(4_000);
    senders
        .post("/api/v1/me/tokens", FORM, same + "name=x")
        .await
        .assert_status(422);
}

#[tokio::test]
async fn multipart_is_read_or_refused_whole() {
    let senders = Senders::new().await;
    let part = |name: &str, text: &str| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
    };
    let good = part("email", "ana@example.com") + &part("password", "password") + "--x--\r\n";
    senders
        .post(LOGIN, "multipart/form-data; boundary=x", good.clone())
        .await
        .assert_status(200);
    for kind in [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=other",
    ] {
        let answer = senders.post(LOGIN, kind, good.clone()).await;
        assert_worded(answer.assert_status(400), LOGIN, kind);
    }
    let twice = part("email", "a@b.c") + &good;
    senders
        .post(LOGIN, "multipart/form-data; boundary=x", twice)
        .await
        .assert_status(422);
    let file = good.replace("name=\"password\"", "name=\"password\"; filename=\"x.txt\"");
    let answer = senders
        .post(LOGIN, "multipart/form-data; boundary=x", file)
        .await;
    assert_worded(&answer, LOGIN, "a file");
    for broken in [
        "--x",
        "--x\r\n",
        "--x\r\n\r\n",
        &good[..60],
        "--x\r\nContent-Disposition: x\r\n\r\ny\r\n--x--",
        "\0",
    ] {
        let answer = senders
            .post(LOGIN, "multipart/form-data; boundary=x", broken.to_owned())
            .await;
        assert!(answer.status.is_client_error(), "{broken}");
        assert_worded(&answer, LOGIN, broken);
    }
    let mut bytes = part("email", "").into_bytes();
    bytes.extend(
        b"--x\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n\xff\xfe\r\n--x--\r\n",
    );
    senders
        .post(LOGIN, "multipart/form-data; boundary=x", bytes)
        .await
        .assert_status(400);
}
