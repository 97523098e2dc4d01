//! Codes, clocks and secrets: the vectors of RFC 6238 and Laravel, and what is no code.

use std::collections::HashSet;

use super::*;

/// Fortify's default length, and what it accepts at that second.
const LARAVEL: &str = "ADUMJO5634NPDEKW";
const THEN: i64 = 1_699_999_980;
const THEN_STEP: u64 = 56_666_666;
/// The codes of the five steps before that one, its own, and those of the five after it, by an
/// independent computation.
const CODES: [&str; 11] = [
    "922819", "270581", "395385", "197291", "595998", "053579", "362850", "174247", "190982",
    "168642", "624509",
];

fn secret(text: &str) -> TotpSecret {
    TotpSecret::parse(text).expect("a good secret")
}

#[test]
fn the_codes_are_those_of_rfc_6238() {
    // Appendix B, SHA-1, of whose eight digits these are the last six.
    let published = secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    for (unix, code) in [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ] {
        assert_eq!(
            check(&published, code, unix, 0),
            Some(unix as u64 / 30),
            "{unix}"
        );
    }
}

#[test]
fn a_code_from_a_secret_of_laravels_is_accepted() {
    assert_eq!(check(&secret(LARAVEL), "053579", THEN, 0), Some(THEN_STEP));
}

#[test]
fn a_code_is_accepted_exactly_within_its_window() {
    let secret = secret(LARAVEL);
    // The code belongs to the seconds 0 to 29; the window stretches that to both sides.
    for window in [0_u8, 1, 2] {
        let reach = i64::from(window) * 30;
        for second in -120..=120 {
            let expected = (-reach..30 + reach).contains(&second).then_some(THEN_STEP);
            let found = check(&secret, "053579", THEN + second, window);
            assert_eq!(found, expected, "window {window}, second {second}");
        }
    }
}

#[test]
fn the_step_is_the_codes_own_and_not_todays() {
    let secret = secret(LARAVEL);
    for (index, code) in CODES.iter().enumerate() {
        let step = THEN_STEP - 5 + index as u64;
        let expected = (56_666_664..=56_666_668).contains(&step).then_some(step);
        assert_eq!(check(&secret, code, THEN, 2), expected, "{code}");
    }
}

#[test]
fn blanks_in_a_code_do_not_matter() {
    let secret = secret(LARAVEL);
    for code in ["053 579", " 053579 ", "0 5 3 5 7 9", "05 35 79"] {
        assert_eq!(check(&secret, code, THEN, 0), Some(THEN_STEP), "{code}");
    }
}

#[test]
fn what_is_not_six_ascii_digits_is_no_code() {
    let secret = secret(LARAVEL);
    let (long, blanks) = ("053579".repeat(1700), " ".repeat(10_000));
    let padded = format!("{blanks}053579");
    let fullwidth = "\u{ff10}\u{ff15}\u{ff13}\u{ff15}\u{ff17}\u{ff19}";
    let arabic = "\u{660}\u{665}\u{663}\u{665}\u{667}\u{669}";
    for code in [
        "",
        " ",
        "0",
        "53579",
        "0053579",
        "05357",
        "053579\0",
        "\0",
        "053579\n",
        "\t053579",
        "+53579",
        "-53579",
        "05357a",
        "0x3579",
        "053.579",
        "053-579",
        "053\u{a0}579",
        fullwidth,
        arabic,
        "05357\u{ff19}",
        "123456789",
        &long,
        &blanks,
        &padded,
    ] {
        assert_eq!(check(&secret, code, THEN, 2), None, "{code:?}");
        assert_eq!(drift(&secret, code, THEN, 20), None, "{code:?}");
    }
}

#[test]
fn the_ends_of_time_are_survived() {
    let secret = secret(LARAVEL);
    for unix in [i64::MIN, -1, 0, 29, 30, i64::MAX] {
        let _ = check(&secret, "053579", unix, u8::MAX);
        let _ = drift(&secret, "053579", unix, u8::MAX);
    }
    assert_eq!(
        check(&secret, "053579", -THEN, 1),
        None,
        "there is no step before 1970"
    );
}

#[test]
fn of_two_steps_with_one_code_the_later_is_given() {
    // A million codes repeat soon enough: the first two that are near to each other.
    let secret = secret(LARAVEL);
    let totp = secret.totp();
    let mut seen = std::collections::HashMap::new();
    let (first, second, code) = (0_u64..)
        .find_map(|step| {
            let code = totp.generate(step * 30).to_string();
            let earlier = seen.insert(code.clone(), step)?;
            (step - earlier <= 400).then_some((earlier, step, code))
        })
        .expect("codes repeat");
    let middle = i64::try_from(first.midpoint(second) * 30).expect("soon after 1970");
    assert_eq!(check(&secret, &code, middle, 255), Some(second));
    let near_the_first = i64::try_from(first * 30).expect("soon after 1970");
    assert_eq!(drift(&secret, &code, near_the_first, 255), Some(0));
}

#[test]
fn a_wrong_clock_is_measured_in_steps() {
    let secret = secret(LARAVEL);
    for steps in -20..=20 {
        // The phone shows the code of its own time, `steps` away from ours.
        assert_eq!(drift(&secret, "053579", THEN - steps * 30, 20), Some(steps));
    }
    assert_eq!(drift(&secret, "053579", THEN - 21 * 30, 20), None);
    assert_eq!(drift(&secret, "053579", THEN + 21 * 30, 20), None);
    assert_eq!(
        drift(&secret, CODES[9], THEN, 20),
        Some(4),
        "two minutes ahead"
    );
    assert_eq!(drift(&secret, CODES[0], THEN, 4), None);
}

#[test]
fn a_fresh_secret_has_160_bits_in_32_characters() {
    let drawn: HashSet<String> = (0..50)
        .map(|_| TotpSecret::generate().to_base32().expose().clone())
        .collect();
    assert_eq!(drawn.len(), 50);
    for text in &drawn {
        assert_eq!(text.len(), 32);
        assert!(
            text.bytes()
                .all(|byte| b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".contains(&byte))
        );
        assert_eq!(secret(text).to_base32().expose(), text);
    }
}

#[test]
fn secrets_are_read_as_people_write_them() {
    for text in [
        "ADUMJO5634NPDEKW",
        "adumjo5634npdekw",
        "aduM JO56 34np dekw ",
        "ADUMJO5634NPDEKW======",
        "ADUMJO56 34NPDEKW = = =",
    ] {
        assert_eq!(secret(text).to_base32().expose(), LARAVEL, "{text}");
    }
    let padded = secret("MFRGGZDFMZTWQ2LKNM======").to_base32();
    assert_eq!(padded.expose(), "MFRGGZDFMZTWQ2LKNM", "88 bits, padded");
    let long = "ADUMJO5634NPDEKW".repeat(8);
    assert_eq!(secret(&long).to_base32().expose(), &long);
}

#[test]
fn what_is_no_secret_is_refused() {
    use TotpSecretError::{NotBase32, TooShort};
    let endless = "A".repeat(100_000);
    for (text, expected) in [
        ("", TooShort),
        ("=", TooShort),
        ("    ", TooShort),
        ("ADUMJO5634NPDE", NotBase32),
        ("ADUMJO5634NPDEK", TooShort),
        ("ADUMJO56", TooShort),
        ("ADUMJO5634NPDEKWA", NotBase32),
        ("ADUMJO5634NPDEKWABC", NotBase32),
        ("ADUMJO5634NPDEK1", NotBase32),
        ("ADUMJO5634NPDEK0", NotBase32),
        ("ADUMJO5634NPDE=W", NotBase32),
        ("=ADUMJO5634NPDEKW", NotBase32),
        ("ADUMJO5634-NPDEKW", NotBase32),
        ("ADUMJO5634NPDEKW\n", NotBase32),
        ("ADUMJO5634NPDEKW\0", NotBase32),
        ("\u{ff21}DUMJO5634NPDEKW", NotBase32),
        (&endless, NotBase32),
    ] {
        let error = TotpSecret::parse(text).expect_err(text);
        assert_eq!(error, expected, "{text:?}");
    }
}

#[test]
fn the_address_is_fortifys() {
    let url = provisioning_url("Laravel", "taylor@laravel.com", &secret(LARAVEL));
    assert_eq!(
        url.expose(),
        "otpauth://totp/Laravel:taylor%40laravel.com?secret=ADUMJO5634NPDEKW\
         &issuer=Laravel&algorithm=SHA1&digits=6&period=30"
    );
}

#[test]
fn names_in_the_address_are_encoded_as_php_does() {
    let url = provisioning_url(
        "Caf\u{e9} & Co: 50%",
        "a+b?c=d#e/f~g-h_i.j\u{0}@x",
        &secret(LARAVEL),
    );
    let url = url.expose();
    assert!(
        url.starts_with(
            "otpauth://totp/Caf%C3%A9%20%26%20Co%3A%2050%25:\
             a%2Bb%3Fc%3Dd%23e%2Ff~g-h_i.j%00%40x?secret="
        ),
        "{url}"
    );
    assert!(
        url.contains("&issuer=Caf%C3%A9%20%26%20Co%3A%2050%25&algorithm="),
        "{url}"
    );
}

#[test]
fn a_secret_prints_nothing_of_itself() {
    assert_eq!(format!("{:?}", secret(LARAVEL)), "TotpSecret([redacted])");
}
