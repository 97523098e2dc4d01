//! The examples of the W3C's Web Authentication Level 3, section 16: a credential without
//! attestation, and what it signed.

use super::*;
use crate::crypto::secret::{hex, sha256};

const ATTESTATION: &str = "a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b559000000008446ccb9ab1db374750b2367ff6f3a1f0020f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4a5010203262001215820afefa16f97ca9b2d23eb86ccb64098d20db90856062eb249c33a9b672f26df61225820930a56b87a2fca66334b03458abf879717c12cc68ed73290af2e2664796b9220";
const ID: &str = "f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4";
const DATA: &str = "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b51900000000";
const CLIENT_DATA: &str = "7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a224f63446e55685158756c5455506f334a5558543049393770767a7a59425039745a63685879617630314167222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c73657d";
const SIGNATURE: &str = "3046022100f50a4e2e4409249c4a853ba361282f09841df4dd4547a13a87780218deffcd380221008480ac0f0b93538174f575bf11a1dd5d78c6e486013f937295ea13653e331e87";

fn bytes(hex: &str) -> Vec<u8> {
    let pairs = (0..hex.len()).step_by(2);
    let read = pairs.map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex"));
    read.collect()
}

/// What is kept of the example's credential.
fn kept() -> String {
    let attested = Attested::read(&bytes(ATTESTATION)).expect("it can be read");
    let key: Cbor = serde_cbor_2::from_slice(&attested.key).expect("CBOR");
    let verified = Source {
        fields: Map::new(),
        id: attested.id.clone(),
        user_handle: Vec::new(),
        key: COSEKey::try_from(&key).expect("a key"),
        counter: 0,
        is_eligible: Some(true),
        is_backed_up: true,
    };
    Source::text_of(&attested, &verified.credential(true), (&[1; 32], &[]))
}

#[test]
fn a_published_credential_is_kept_whole() {
    let source = Source::read(&kept()).expect("what we write we read");
    assert_eq!(hex(&source.id), ID);
    assert_eq!(source.user_handle, [1; 32]);
    assert_eq!(source.is_eligible, Some(true));
    assert!(source.is_backed_up);
    let aaguid = "8446ccb9-ab1d-b374-750b-2367ff6f3a1f";
    assert_eq!(source.fields["aaguid"], aaguid);
}

#[test]
fn what_is_kept_verifies_what_the_published_credential_signed() {
    let source = Source::read(&kept()).expect("what we write we read");
    let hash = sha256(&bytes(CLIENT_DATA));
    let signed = [bytes(DATA).as_slice(), &hash].concat();
    let is_good = |signed: &[u8]| source.key.verify_signature(&bytes(SIGNATURE), signed);
    assert!(is_good(&signed).expect("a signature"));
    assert!(!is_good(&signed[1..]).expect("a signature"));
}

#[test]
fn what_follows_the_key_is_not_kept_with_it() {
    let whole = Attested::read(&bytes(ATTESTATION)).expect("it can be read");
    // Extensions: an empty map, in data that are one byte longer.
    let mut longer = bytes(&ATTESTATION.replace("58a4bfab", "58a5bfab"));
    longer.push(0xa0);
    let longer = Attested::read(&longer).expect("it can be read");
    assert_eq!(longer.key, whole.key);
}

#[test]
fn no_cut_of_an_attestation_can_be_read() {
    let whole = bytes(ATTESTATION);
    for length in 0..whole.len() {
        assert!(Attested::read(&whole[..length]).is_none(), "{length}");
    }
}
