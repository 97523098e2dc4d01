//! Stored recovery codes: found, spent, damaged.

use std::time::Duration;

use super::*;

const CHEAP: Params = Params {
    memory_kib: 64,
    iterations: 2,
    parallelism: 1,
};
/// `abcd-efgh-ijkl` and `mnop-qrst-uvwx` with a salt of the bytes 0 to 15, by OpenSSL.
const VECTOR: &str = "{\"v\":1,\"salt\":\"AAECAwQFBgcICQoLDA0ODw\",\"m\":64,\"t\":2,\"p\":1,\"fold\":true,\
                      \"codes\":[\"Unhs2pmfBE7n4pAMB5DQ7IuVirENOlMRgFP7mLSwY50\",\
                      \"gpi3QXVs37cJlPfo_4-OHoBzGSYyhnd_cztFmNIXBn0\"]}";

fn hasher() -> Hasher {
    Hasher::new(CHEAP, 1, 0, Duration::from_secs(60))
}

fn shape(text: &str) -> CodeShape {
    text.parse().expect(text)
}

fn set(text: &str) -> RecoverySet {
    RecoverySet::parse(text).expect(text)
}

async fn find(candidate: &str, set: &RecoverySet) -> Option<usize> {
    let (hasher, candidate) = (hasher(), Secret::from(candidate));
    let found = hasher.find_recovery_code(candidate, set.clone()).await;
    found.expect("the pool is idle")
}

async fn stored(codes: &[Secret<String>], shape: &CodeShape) -> String {
    let text = hasher().hash_recovery_codes(codes.to_vec(), shape).await;
    text.expect("the pool is idle")
}

#[tokio::test]
async fn a_stored_set_agrees_with_an_independent_computation() {
    let set = set(VECTOR);
    assert_eq!(set.len(), 2);
    assert_eq!(find("abcd-efgh-ijkl", &set).await, Some(0));
    assert_eq!(find("MNOP QRST UVWX", &set).await, Some(1));
    assert_eq!(find("abcd-efgh-ijkm", &set).await, None);
    assert_eq!(set.text(), VECTOR);
}

#[tokio::test]
async fn every_code_of_a_set_is_found_in_its_place() {
    for text in ["XXXXXXXXXX-XXXXXXXXXX", "aaaa-aaaa-aaaa"] {
        let shape = shape(text);
        let codes = shape.generate(8);
        let stored = stored(&codes, &shape).await;
        let set = set(&stored);
        assert_eq!((set.len(), set.is_empty()), (8, false));
        for (index, code) in codes.iter().enumerate() {
            assert_eq!(find(code.expose(), &set).await, Some(index));
            assert!(!stored.contains(code.expose()));
        }
        let stranger = &shape.generate(1)[0];
        assert_eq!(find(stranger.expose(), &set).await, None);
    }
}

#[tokio::test]
async fn capitals_count_only_where_the_shape_has_them() {
    let code = [Secret::from("AbCdEfGhIj-0123456789")];
    let strict = set(&stored(&code, &CodeShape::default()).await);
    assert_eq!(find("AbCdEfGhIj0123456789", &strict).await, Some(0));
    assert_eq!(find("abcdefghij-0123456789", &strict).await, None);
    let code = [Secret::from("abcd-efgh-ijkl")];
    let folded = set(&stored(&code, &shape("aaaa-aaaa-aaaa")).await);
    assert_eq!(find(" ABCDefgh--ijkl ", &folded).await, Some(0));
}

#[tokio::test]
async fn what_can_be_no_code_matches_nothing() {
    let set = set(VECTOR);
    let long = format!("abcdefghijkl{}", " ".repeat(117));
    let endless = "a".repeat(10_000);
    let part = "abcdefghijk";
    for candidate in [
        "",
        " ",
        "---",
        "\0",
        "abcd-efgh-ijkl\0",
        &long,
        &endless,
        part,
    ] {
        assert_eq!(find(candidate, &set).await, None, "{candidate:?}");
    }
    assert_eq!(find(&long[..128], &set).await, Some(0), "just short enough");
    // Neither the hash nor the whole text is a code.
    assert_eq!(
        find("Unhs2pmfBE7n4pAMB5DQ7IuVirENOlMRgFP7mLSwY50", &set).await,
        None
    );
    assert_eq!(find(VECTOR, &set).await, None);
}

#[tokio::test]
async fn a_spent_code_is_gone_and_the_others_stay() {
    let set = set(VECTOR);
    let left = self::set(&set.without(0));
    assert_eq!(left.len(), 1);
    assert_eq!(find("abcd-efgh-ijkl", &left).await, None);
    assert_eq!(find("mnop-qrst-uvwx", &left).await, Some(0));
    let none = self::set(&left.without(0));
    assert!(none.is_empty());
    assert_eq!(find("mnop-qrst-uvwx", &none).await, None);
    assert_eq!(set.without(2), VECTOR, "there is no third");
}

#[tokio::test]
async fn a_set_is_made_at_the_pools_cost_and_checked_at_its_own() {
    let codes = [Secret::from("abcd-efgh-ijkl")];
    let stored = stored(&codes, &shape("aaaa-aaaa-aaaa")).await;
    assert!(
        stored.contains("\"m\":64,\"t\":2,\"p\":1,\"fold\":true"),
        "{stored}"
    );
    let dearer = Params {
        memory_kib: 128,
        iterations: 1,
        parallelism: 2,
    };
    let hasher = Hasher::new(dearer, 1, 0, Duration::from_secs(60));
    let found = hasher.find_recovery_code(Secret::from("abcdefghijkl"), set(&stored));
    assert_eq!(found.await, Ok(Some(0)));
    let codes = codes.to_vec();
    let made = hasher
        .hash_recovery_codes(codes, &CodeShape::default())
        .await;
    let made = made.expect("the pool is idle");
    assert!(
        made.contains("\"m\":128,\"t\":1,\"p\":2,\"fold\":false"),
        "{made}"
    );
}

#[tokio::test]
async fn no_two_sets_share_a_salt() {
    let codes = [Secret::from("abcd-efgh-ijkl")];
    let shape = shape("aaaa-aaaa-aaaa");
    let (one, other) = (stored(&codes, &shape).await, stored(&codes, &shape).await);
    assert_ne!(set(&one).salt, set(&other).salt);
    assert_ne!(set(&one).tags, set(&other).tags);
}

#[tokio::test]
async fn a_full_set_can_be_read_again() {
    let shape = CodeShape::default();
    let stored = stored(&shape.generate(MOST_CODES + 1), &shape).await;
    assert_eq!(set(&stored).len(), MOST_CODES);
}

#[test]
fn a_damaged_set_cannot_be_read() {
    for (from, to) in [
        ("\"v\":1", "\"v\":2"),
        ("\"v\":1,", ""),
        ("\"fold\":true", "\"fold\":1"),
        ("\"fold\":true,", ""),
        ("\"p\":1,", "\"p\":1,\"x\":1,"),
        ("\"p\":1,", "\"p\":1,\"p\":1,"),
        ("ODw\"", "OD\""),
        ("ODw\"", "ODx\""),
        ("ODw\"", "ODw=\""),
        ("Y50\"", "Y5\""),
        ("Y50\"", "Y50A\""),
        ("Y50\"", "Y51\""),
        ("\"codes\":[", "\"codes\":[\"\","),
        ("\"codes\":[", "\"codes\":[null,"),
        ("}", "}}"),
    ] {
        let damaged = VECTOR.replacen(from, to, 1);
        assert_ne!(damaged, VECTOR);
        assert_eq!(
            RecoverySet::parse(&damaged).err(),
            Some(UnreadableSet),
            "{damaged}"
        );
    }
    for length in 0..VECTOR.len() {
        assert!(RecoverySet::parse(&VECTOR[..length]).is_err(), "{length}");
    }
    for text in ["", "null", "[]", "{}", "0", "[\"abcd-efgh-ijkl\"]", "\0"] {
        assert!(RecoverySet::parse(text).is_err(), "{text}");
    }
}

#[test]
fn a_cost_out_of_bounds_cannot_be_read() {
    for (from, to) in [
        ("\"m\":64", "\"m\":1048577"),
        ("\"m\":64", "\"m\":4294967295"),
        ("\"m\":64", "\"m\":4294967296"),
        ("\"m\":64", "\"m\":7"),
        ("\"m\":64", "\"m\":0"),
        ("\"m\":64", "\"m\":-64"),
        ("\"m\":64", "\"m\":64.5"),
        ("\"t\":2", "\"t\":0"),
        ("\"t\":2", "\"t\":65"),
        ("\"p\":1", "\"p\":0"),
        ("\"p\":1", "\"p\":9"),
        ("\"p\":1", "\"p\":17"),
    ] {
        let costly = VECTOR.replacen(from, to, 1);
        assert_ne!(costly, VECTOR);
        assert_eq!(
            RecoverySet::parse(&costly).err(),
            Some(UnreadableSet),
            "{to}"
        );
    }
}

#[test]
fn a_set_beyond_any_we_make_cannot_be_read() {
    let tag = "\"Unhs2pmfBE7n4pAMB5DQ7IuVirENOlMRgFP7mLSwY50\",";
    let many = |count: usize| VECTOR.replacen(tag, &tag.repeat(count - 1), 1);
    assert_eq!(set(&many(MOST_CODES)).len(), MOST_CODES);
    assert!(RecoverySet::parse(&many(MOST_CODES + 1)).is_err());
    let blanks = format!("{}{VECTOR}", " ".repeat(LONGEST_TEXT));
    assert!(RecoverySet::parse(&blanks).is_err());
}
