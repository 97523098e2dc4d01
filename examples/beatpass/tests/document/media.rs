//! Files: how they come, how they go, and to whom.

use std::path::{Path, PathBuf};
use std::time::Duration;

use adyton_testing::{Answer, HostProcess, Wire};
use serde_json::json;
use tokio::io::AsyncWriteExt as _;

use crate::{BEATPASS, PRACTICE, api, log_in, member, user};

/// A picture of one pixel.
const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\
    \rIDATx\x9cc\xfc\xcf\xc0P\x0f\0\x04\x85\x01\x80\x84\xa9\x8c!\0\0\0\0IEND\xaeB`\x82";

/// Two seconds of a wave.
fn wav() -> Vec<u8> {
    let samples = (0..16_000_u32).map(|at| (at % 251) as u8);
    let mut file = b"RIFF".to_vec();
    file.extend((16_000_u32 + 36).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend(8_000_u32.to_le_bytes());
    file.extend(8_000_u32.to_le_bytes());
    file.extend(b"\x01\0\x08\0data");
    file.extend(16_000_u32.to_le_bytes());
    file.extend(samples);
    file
}

/// A host whose files are in a folder of its own, with Ana logged in.
struct Shop {
    host: HostProcess,
    ana: Wire,
    folder: PathBuf,
}

impl Shop {
    async fn open(name: &str) -> Self {
        let folder = format!("beatpass-media-{name}-{}", std::process::id());
        let folder = std::env::temp_dir().join(folder);
        let place = format!("file:{}", folder.display());
        let host = HostProcess::told(BEATPASS, &[], &[PRACTICE, ("BEATPASS_MEDIA", &place)]).await;
        user(&host, "Ana", "ana@example.com").await;
        let ana = host.browser();
        log_in(&ana).await;
        Self { host, ana, folder }
    }

    /// The files that are kept, once there are so many: some are removed after the answer.
    async fn assert_files(&self, expected: usize) {
        let mut found = Vec::new();
        for _ in 0..100 {
            found = files_in(&self.folder);
            if found.len() == expected {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{expected} files were expected: {found:?}");
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let paths = entries.map(|entry| entry.path());
    paths
        .flat_map(|path| match path.is_dir() {
            true => files_in(&path),
            false => vec![path],
        })
        .collect()
}

/// A field of a form: its name, and a file's name where it is one.
type Part<'a> = (&'a str, Option<&'a str>, &'a [u8]);

/// A form with files, as browsers send it.
async fn send(browser: &Wire, request: &str, parts: &[Part<'_>]) -> Answer {
    let mut body = Vec::new();
    for (name, file, content) in parts {
        let file = file.map(|file| format!("; filename=\"{file}\"\r\nContent-Type: text/plain"));
        let head = format!(
            "--xyz\r\nContent-Disposition: form-data; name=\"{name}\"{}\r\n\r\n",
            file.unwrap_or_default()
        );
        body.extend(head.bytes());
        body.extend(*content);
        body.extend(b"\r\n");
    }
    body.extend(b"--xyz--\r\n");
    let head = format!(
        "{request}\nContent-Type: multipart/form-data; boundary=xyz\nAccept: application/json\n\
         X-XSRF-TOKEN: {}",
        browser.csrf_token()
    );
    browser.deliver(&head, &body).await.0
}

/// A track with a recording and a cover, whose names say nothing of what they are.
async fn upload(ana: &Wire) -> serde_json::Value {
    let parts: [Part<'_>; 7] = [
        ("title", None, b"Night Drive"),
        ("price_cents", None, b"2500"),
        ("bpm", None, b"140"),
        ("tags[]", None, b"dark"),
        ("tags[]", None, b"808"),
        ("audio", Some("../../song.exe"), &wav()),
        ("cover", Some("cover.txt"), PNG),
    ];
    let made = send(ana, "POST /tracks", &parts).await;
    made.assert_status(201).json()
}

/// BP-09
#[tokio::test]
async fn a_recording_comes_by_form_and_is_heard_part_by_part() {
    let shop = Shop::open("heard").await;
    let track = upload(&shop.ana).await;
    assert_eq!(track["duration_seconds"], 2);
    assert_eq!(track["tags"], json!(["dark", "808"]));
    assert_eq!(track["bpm"], 140);
    let audio = track["audio_url"].as_str().expect("an address").to_owned();

    let visitor = shop.host.client();
    let (whole, heard) = visitor.deliver(&format!("GET {audio}"), b"").await;
    whole.assert_status(200);
    assert_eq!(heard, wav());
    for (name, value) in [
        ("content-type", "audio/wav"),
        ("content-length", "16044"),
        ("accept-ranges", "bytes"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "public, max-age=31536000, immutable"),
        // A page full of covers is no attack.
        ("x-ratelimit-limit", ""),
    ] {
        assert_eq!(whole.header(name), value, "{name}");
    }
    for (asked, range, part) in [
        ("bytes=0-9", "bytes 0-9/16044", 0..10),
        ("bytes=16040-", "bytes 16040-16043/16044", 16_040..16_044),
        ("bytes=-4", "bytes 16040-16043/16044", 16_040..16_044),
        (
            "bytes=16000-99999",
            "bytes 16000-16043/16044",
            16_000..16_044,
        ),
    ] {
        let request = format!("GET {audio}\nRange: {asked}");
        let (answer, heard) = visitor.deliver(&request, b"").await;
        assert_eq!(answer.assert_status(206).header("content-range"), range);
        assert_eq!(heard, wav()[part]);
    }
    let beyond = format!("GET {audio}\nRange: bytes=16044-");
    let (beyond, _) = visitor.deliver(&beyond, b"").await;
    let range = beyond.assert_status(416).header("content-range").to_owned();
    assert_eq!(range, "bytes */16044");
    let tag = whole.header("etag");
    let known = format!("GET {audio}\nIf-None-Match: \"other\", {tag}");
    let (known, nothing) = visitor.deliver(&known, b"").await;
    known.assert_status(304);
    assert!(nothing.is_empty());
    let changed = format!("GET {audio}\nRange: bytes=0-9\nIf-Range: \"other\"");
    visitor.deliver(&changed, b"").await.0.assert_status(200);

    let cover = track["cover_url"].as_str().expect("an address");
    let (cover, seen) = visitor.deliver(&format!("GET {cover}"), b"").await;
    assert_eq!(cover.assert_status(200).header("content-type"), "image/png");
    assert_eq!(seen, PNG);
    // No file has a name that somebody sent.
    let kept = files_in(&shop.folder);
    assert_eq!(kept.len(), 2);
    assert!(
        kept.iter()
            .all(|path| !path.to_string_lossy().contains("song")),
        "{kept:?}"
    );
}

/// BP-11
#[tokio::test]
async fn a_file_is_what_its_content_says_and_no_larger_than_it_may_be() {
    let shop = Shop::open("refused").await;
    let sent = |audio: &'static [u8], cover: Vec<u8>| {
        let ana = shop.ana.clone();
        async move {
            let parts: [Part<'_>; 4] = [
                ("title", None, b"Night Drive"),
                ("price_cents", None, b"2500"),
                ("cover", Some("cover.png"), &cover),
                ("audio", Some("song.wav"), audio),
            ];
            send(&ana, "POST /tracks", &parts).await
        }
    };
    let refused = sent(b"MZ\x90\0 this is a program", PNG.to_vec()).await;
    assert_eq!(refused.assert_status(422).code(), "AUDIO_KIND");
    assert_eq!(
        refused.json()["errors"],
        json!({ "audio": ["The audio must be an MP3, WAV, FLAC, OGG or M4A file."] })
    );
    let refused = sent(b"ID3\x04", b"<svg onload='alert(1)'>".to_vec()).await;
    assert_eq!(refused.assert_status(422).code(), "COVER_KIND");
    let mut large = PNG.to_vec();
    large.resize(5 * 1024 * 1024 + 1, 0);
    let refused = sent(b"ID3\x04", large).await;
    assert_eq!(refused.assert_status(413).code(), "BODY_TOO_LARGE");
    // Files that were right leave with the words that were wrong.
    let parts: [Part<'_>; 2] = [("price_cents", None, b"-1"), ("audio", Some("a"), &wav())];
    let refused = send(&shop.ana, "POST /tracks", &parts).await;
    let errors = refused.assert_status(422).json()["errors"].clone();
    assert!(
        errors.get("title").is_some() && errors.get("price_cents").is_some(),
        "{errors}"
    );
    shop.assert_files(0).await;
    let listed = shop.host.client().send("GET /tracks").await.json();
    assert_eq!(listed["data"], json!([]));
}

/// A browser that is closed while it sends leaves nothing behind.
#[tokio::test]
async fn an_upload_that_is_cut_off_leaves_nothing() {
    let shop = Shop::open("cut").await;
    let cookie = shop.ana.cookie("beatpass_session").expect("a session");
    let head = format!(
        "POST /tracks HTTP/1.1\r\nHost: localhost\r\nCookie: beatpass_session={cookie}\r\n\
         X-XSRF-TOKEN: {}\r\nContent-Type: multipart/form-data; boundary=xyz\r\n\
         Content-Length: 100000\r\n\r\n--xyz\r\nContent-Disposition: form-data; name=\"audio\"; \
         filename=\"a\"\r\n\r\n",
        shop.ana.csrf_token()
    );
    let mut stream = tokio::net::TcpStream::connect(shop.host.address)
        .await
        .expect("the server takes connections");
    let sent = [head.as_bytes(), &wav()].concat();
    stream.write_all(&sent).await.expect("the server reads");
    // It has begun to write: there is something to take back.
    shop.assert_files(1).await;
    drop(stream);
    shop.assert_files(0).await;
}

/// BP-10: a recording to take home is for its artist and its buyers.
#[tokio::test]
async fn buyers_download_and_others_do_not() {
    let shop = Shop::open("bought").await;
    let track = upload(&shop.ana).await["id"].clone();
    let ben = member(&shop.host, "Ben").await;
    let download = format!("GET /tracks/{track}/download");
    shop.host.client().send(&download).await.assert_status(401);
    let refused = ben.send(&download).await;
    assert_eq!(refused.assert_status(403).code(), "NOT_BOUGHT");
    let shown = ben.send(&format!("GET /tracks/{track}")).await.json();
    assert_eq!(
        (&shown["download_url"], &shown["is_mine"]),
        (&json!(null), &json!(false))
    );
    let own = shop.ana.send(&format!("GET /tracks/{track}")).await.json();
    assert_eq!(
        (&own["is_mine"], &own["is_published"]),
        (&json!(true), &json!(true))
    );

    let begin = format!("POST /tracks/{track}/purchase/initiate");
    api(&ben, &begin, "").await.assert_status(201);
    ben.send(&download).await.assert_status(403);
    let db = shop.host.database.connect().await;
    let paid = "UPDATE purchases SET status = 'paid', paid_at = created_at";
    db.run(paid, &[]).await.expect("it is paid");
    let (saved, file) = ben.deliver(&download, b"").await;
    let name = saved
        .assert_status(200)
        .header("content-disposition")
        .to_owned();
    assert_eq!(name, "attachment; filename=\"Night Drive.wav\"");
    assert_eq!(file, wav());
    let shown = ben.send(&format!("GET /tracks/{track}")).await.json();
    assert_eq!(shown["download_url"], format!("/tracks/{track}/download"));

    // What was sold stays its buyers': it can be taken out of the shop, not away from them.
    let kept = api(&shop.ana, &format!("DELETE /tracks/{track}"), "").await;
    assert_eq!(kept.assert_status(422).code(), "TRACK_SOLD");
    assert!(kept.json()["errors"]["track"][0].is_string());
    let hidden = r#"{"is_published": false}"#;
    let hidden = api(&shop.ana, &format!("PATCH /tracks/{track}"), hidden).await;
    assert_eq!(hidden.assert_status(200).json()["is_published"], false);
    let visitor = shop.host.client();
    for path in ["", "/audio", "/cover"] {
        let path = format!("GET /tracks/{track}{path}");
        visitor.send(&path).await.assert_status(404);
    }
    ben.deliver(&download, b"").await.0.assert_status(200);

    // It stays theirs when its artist's account is gone.
    let gone = "DELETE FROM users WHERE email = 'ana@example.com'";
    db.run(gone, &[]).await.expect("the account goes");
    ben.deliver(&download, b"").await.0.assert_status(200);
    let shown = ben.send(&format!("GET /tracks/{track}")).await;
    let artist = shown.assert_status(200).json()["artist"]["name"].clone();
    assert_eq!(artist, "Somebody who left");
}

/// An album has no recording: one that is sent with it is not kept.
#[tokio::test]
async fn an_album_keeps_its_cover_alone() {
    let shop = Shop::open("album").await;
    let parts: [Part<'_>; 3] = [
        ("title", None, b"Harbour"),
        ("audio", Some("a"), &wav()),
        ("cover", Some("c"), PNG),
    ];
    let made = send(&shop.ana, "POST /albums", &parts).await;
    made.assert_status(201);
    shop.assert_files(1).await;
    // Nobody fills in so many fields.
    let many: Vec<Part<'_>> = vec![("track_ids[]", None, b"1"); 201];
    let refused = send(&shop.ana, "POST /albums", &many).await;
    refused.assert_status(400);
}

/// A file that no row names any more is removed.
#[tokio::test]
async fn replaced_files_and_those_of_deleted_tracks_are_gone() {
    let shop = Shop::open("replaced").await;
    let track = upload(&shop.ana).await;
    let path = format!("/tracks/{}", track["id"]);
    let ben = member(&shop.host, "Ben").await;
    let stolen: [Part<'_>; 1] = [("audio", Some("a"), b"OggS")];
    let refused = send(&ben, &format!("PATCH {path}"), &stolen).await;
    assert_eq!(refused.assert_status(403).code(), "NOT_YOURS");
    api(&ben, &format!("DELETE {path}"), "")
        .await
        .assert_status(403);

    let another: [Part<'_>; 2] = [
        ("audio", Some("a"), b"OggS\0\x02"),
        ("cover", Some(""), b""),
    ];
    let changed = send(&shop.ana, &format!("PATCH {path}"), &another).await;
    let changed = changed.assert_status(200).json();
    assert_eq!(changed["cover_url"], track["cover_url"]);
    assert_ne!(changed["audio_url"], track["audio_url"]);
    assert_eq!(changed["duration_seconds"], json!(null));
    assert_eq!(changed["title"], "Night Drive");
    shop.assert_files(2).await;
    let heard = changed["audio_url"].as_str().expect("an address");
    let (heard, bytes) = shop
        .host
        .client()
        .deliver(&format!("GET {heard}"), b"")
        .await;
    assert_eq!(heard.assert_status(200).header("content-type"), "audio/ogg");
    assert_eq!(bytes, b"OggS\0\x02");

    api(&shop.ana, &format!("DELETE {path}"), "")
        .await
        .assert_status(200);
    shop.ana
        .send(&format!("GET {path}"))
        .await
        .assert_status(404);
    shop.assert_files(0).await;
}
