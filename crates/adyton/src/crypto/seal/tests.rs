//! Sealing and opening: vectors, forgeries, other places, other keys.

use std::collections::HashSet;

use super::*;

/// The bytes 0 to 31.
const COUNTING: &str = "base64:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const PLACE: [&str; 3] = ["users", "two_factor_secret", "42"];
/// `ADUMJO5634NPDEKW` under the counting key, label `totp`, for that place, with a nonce of the
/// bytes 0x40 to 0x57: HKDF and ChaCha20-Poly1305 by OpenSSL, HChaCha20 checked against the
/// draft's vector (§2.2.1).
const VECTOR: &str = "v1.bfb86bc2.QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZX.\
                      z3fDnZLySLyOxYf2D3dqOxrQB4FTGf3p5Grg_wUt8RQ";

fn keys(current: &str, previous: &[&str]) -> Keys {
    let previous: Vec<String> = previous.iter().map(ToString::to_string).collect();
    Keys::parse(current, &previous).expect("good keys")
}

fn sealer() -> Sealer {
    keys(COUNTING, &[]).sealer("totp")
}

fn plain(opened: &Opened) -> &[u8] {
    opened.plain.expose()
}

#[test]
fn a_sealed_text_agrees_with_an_independent_computation() {
    let sealer = sealer();
    let nonce: [u8; 24] = std::array::from_fn(|index| 0x40 + index as u8);
    assert_eq!(sealer.seal_with(nonce, b"ADUMJO5634NPDEKW", &PLACE), VECTOR);
    let opened = sealer.open(VECTOR, &PLACE).expect("it is ours");
    assert_eq!(plain(&opened), b"ADUMJO5634NPDEKW");
    assert!(opened.is_current);
    assert_eq!(sealer.current_kid(), "bfb86bc2");
    assert_eq!(keys(COUNTING, &[]).ids(), ["bfb86bc2"]);
}

#[test]
fn what_was_sealed_is_opened_again() {
    let sealer = sealer();
    for length in [0, 1, 15, 16, 17, 64, 4096] {
        let secret = vec![0xab; length];
        let sealed = sealer.seal(&secret, &PLACE);
        assert_eq!(sealed.split('.').count(), 4, "{sealed}");
        let opened = sealer.open(&sealed, &PLACE).expect("it is ours");
        assert_eq!(plain(&opened), secret);
    }
}

#[test]
fn the_same_secret_is_never_sealed_the_same_way() {
    let sealer = sealer();
    let texts: HashSet<String> = (0..100).map(|_| sealer.seal(b"same", &PLACE)).collect();
    let nonces: HashSet<&str> = texts
        .iter()
        .filter_map(|text| text.split('.').nth(2))
        .collect();
    assert_eq!((texts.len(), nonces.len()), (100, 100));
}

#[test]
fn every_changed_byte_is_noticed() {
    let sealer = sealer();
    for index in 0..VECTOR.len() {
        for other in *b"A.b0-~" {
            let mut bytes = VECTOR.as_bytes().to_vec();
            if bytes[index] == other {
                continue;
            }
            bytes[index] = other;
            let changed = String::from_utf8(bytes).expect("ASCII");
            let error = sealer.open(&changed, &PLACE).expect_err(&changed);
            assert_eq!(format!("{error:?}{error}").matches("ADUMJO").count(), 0);
        }
    }
}

#[test]
fn nonce_ciphertext_and_tag_are_authenticated() {
    let sealer = sealer();
    let (kid, nonce, ciphertext) = ("bfb86bc2", [0x40; 24], [0x5a; 32]);
    let text = |nonce: &[u8], ciphertext: &[u8]| {
        let nonce = URL_SAFE_NO_PAD.encode(nonce);
        format!("v1.{kid}.{nonce}.{}", URL_SAFE_NO_PAD.encode(ciphertext))
    };
    let forged = sealer.open(&text(&nonce, &ciphertext), &PLACE);
    assert_eq!(forged.expect_err("nobody sealed it"), SealError::Forged);
    let sealed = Sealed::parse(VECTOR).expect("it is whole");
    for index in 0..sealed.nonce.len() {
        let mut nonce = sealed.nonce;
        nonce[index] ^= 1;
        let forged = sealer.open(&text(&nonce, &sealed.ciphertext), &PLACE);
        assert_eq!(forged.expect_err("another nonce"), SealError::Forged);
    }
    for index in 0..sealed.ciphertext.len() {
        let mut ciphertext = sealed.ciphertext.clone();
        ciphertext[index] ^= 0x80;
        let forged = sealer.open(&text(&sealed.nonce, &ciphertext), &PLACE);
        assert_eq!(forged.expect_err("another byte"), SealError::Forged);
    }
    let short = text(&sealed.nonce, &sealed.ciphertext[..31]);
    assert_eq!(
        sealer.open(&short, &PLACE).expect_err("cut"),
        SealError::Forged
    );
}

#[test]
fn what_is_no_sealed_text_is_malformed() {
    let longer = format!("{VECTOR}.");
    let texts = [
        "",
        "v1",
        "v1.",
        "v1...",
        "ADUMJO5634NPDEKW",
        "v2.bfb86bc2.QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZX.z3fDnZLySLyOxYf2D3dqOxrQB4FTGf3p5Grg_wUt8RQ",
        "v1.BFB86BC2.QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZX.z3fDnZLySLyOxYf2D3dqOxrQB4FTGf3p5Grg_wUt8RQ",
        "v1.bfb86bc.QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZX.z3fDnZLySLyOxYf2D3dqOxrQB4FTGf3p5Grg_wUt8RQ",
        "v1.bfb86bc2.QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZX",
        "v1.bfb86bc2.QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZX.",
        "v1.bfb86bc2.QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZX.z3fDnZLySLyOxYf2D3dq",
        "v1.bfb86bc2.QEFCQ0RF.z3fDnZLySLyOxYf2D3dqOxrQB4FTGf3p5Grg_wUt8RQ",
        "v1.bfb86bc2..z3fDnZLySLyOxYf2D3dqOxrQB4FTGf3p5Grg_wUt8RQ",
        "v1.bfb86bc2.QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZX.z3fDnZLySLyOxYf2D3dqOxrQB4FTGf3p5Grg_wUt8RQ=",
        "v1.bfb86bc2.QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZX.z3fDnZLySLyOxYf2D3dqOxrQB4FTGf3p5Grg_wUt8RR",
        "v1.bfb86bc2.QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZX.z3fDnZLySLyOxYf2D3dqOxrQB4FTGf3p5Grg/wUt8RQ",
        "v1.bfb86b\u{e9}.QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZX.z3fDnZLySLyOxYf2D3dqOxrQB4FTGf3p5Grg_wUt8RQ",
        &longer,
    ];
    for text in texts {
        let error = sealer().open(text, &PLACE).expect_err(text);
        assert_eq!(error, SealError::Malformed, "{text}");
    }
    for length in 0..VECTOR.len() {
        assert!(
            sealer().open(&VECTOR[..length], &PLACE).is_err(),
            "{length}"
        );
    }
}

#[test]
fn a_text_from_another_place_is_forged() {
    let sealer = sealer();
    let places: [&[&str]; 8] = [
        &[],
        &["users", "two_factor_secret", "43"],
        &["users", "two_factor_secret"],
        &["users", "two_factor_secret", "42", ""],
        &["users", "two_factor_secret4", "2"],
        &["userstwo_factor_secret", "", "42"],
        &["userstwo_factor_secret42"],
        &["two_factor_secret", "users", "42"],
    ];
    for place in places {
        let error = sealer.open(VECTOR, place).expect_err("another place");
        assert_eq!(error, SealError::Forged, "{place:?}");
    }
}

#[test]
fn a_text_for_another_purpose_is_forged() {
    let other = keys(COUNTING, &[]).sealer("mail");
    assert_eq!(
        other.current_kid(),
        sealer().current_kid(),
        "the id is the master key's"
    );
    assert_eq!(
        other.open(VECTOR, &PLACE).expect_err("not for mail"),
        SealError::Forged
    );
}

#[test]
fn a_previous_key_opens_and_is_not_current() {
    let fresh = Keys::generate();
    let rotated = keys(&fresh, &[COUNTING]).sealer("totp");
    let opened = rotated.open(VECTOR, &PLACE).expect("the key is still here");
    assert_eq!(plain(&opened), b"ADUMJO5634NPDEKW");
    assert!(!opened.is_current);
    let again = rotated.seal(plain(&opened), &PLACE);
    assert_eq!(kid_of(&again), Some(rotated.current_kid()));
    assert!(
        rotated
            .open(&again, &PLACE)
            .expect("just sealed")
            .is_current
    );
    assert!(
        sealer().open(&again, &PLACE).is_err(),
        "the old key alone is not enough"
    );
}

#[test]
fn a_key_that_is_listed_twice_is_current() {
    let twice = keys(COUNTING, &[COUNTING]).sealer("totp");
    assert!(twice.open(VECTOR, &PLACE).expect("it is ours").is_current);
}

#[test]
fn an_unknown_key_is_named() {
    let other = keys(&Keys::generate(), &[&Keys::generate()]).sealer("totp");
    let error = other.open(VECTOR, &PLACE).expect_err("another key");
    assert_eq!(
        error,
        SealError::UnknownKey {
            kid: "bfb86bc2".to_owned()
        }
    );
    assert!(error.to_string().contains("bfb86bc2"));
}

#[test]
fn a_text_under_the_id_of_another_known_key_is_forged() {
    let both = keys(&Keys::generate(), &[COUNTING]).sealer("totp");
    let swapped = VECTOR.replacen("bfb86bc2", both.current_kid(), 1);
    assert_eq!(
        both.open(&swapped, &PLACE).expect_err("swapped"),
        SealError::Forged
    );
}

#[test]
fn the_key_of_a_text_is_read_without_opening_it() {
    assert_eq!(kid_of(VECTOR), Some("bfb86bc2"));
    for text in [
        "",
        "v1",
        "v1.bfb86bc2",
        "v1.bfb86bcg.x.y",
        "v10.bfb86bc2.x.y",
        "bfb86bc2.x",
    ] {
        assert_eq!(kid_of(text), None, "{text}");
    }
}

#[test]
fn bytes_that_are_no_text_are_malformed() {
    let sealer = sealer();
    let text = |secret: &[u8]| {
        let opened = sealer.open(&sealer.seal(secret, &PLACE), &PLACE);
        opened.expect("it is ours").text()
    };
    assert_eq!(text("é".as_bytes()).expect("UTF-8").expose(), "é");
    assert_eq!(text(&[0xff]).expect_err("no UTF-8"), SealError::Malformed);
}

#[test]
fn nothing_of_a_sealer_or_of_what_it_opened_is_printed() {
    let sealer = sealer();
    assert_eq!(format!("{sealer:?}"), "Sealer { keys: [\"bfb86bc2\"] }");
    let opened = sealer.open(VECTOR, &PLACE).expect("it is ours");
    assert_eq!(
        format!("{opened:?}"),
        "Opened { plain: [redacted], is_current: true }"
    );
}
