//! Signing with a key of one's own: ECDSA on P-256 with SHA-256, `ES256` of RFC 7518.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use zeroize::Zeroizing;

use super::secret::source;

const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";

/// A private key. Without `Debug`.
pub(crate) struct SigningKey(EcdsaKeyPair);

impl SigningKey {
    /// Whether a text means to be a key, of whatever kind, and not a password: nobody may be sent it.
    pub(crate) fn is_meant(text: &str) -> bool {
        text.trim_start().starts_with("-----BEGIN")
    }

    /// The key of a PEM text of PKCS #8 (RFC 7468), such as a `.p8` file holds. Its lines may be
    /// parted by a written `\n`, as in files that hold a variable a line.
    pub(crate) fn from_pem(text: &str) -> Option<Self> {
        let text = Zeroizing::new(text.replace("\\n", "\n"));
        let inside = text.trim().strip_prefix(BEGIN)?.strip_suffix(END)?;
        let encoded: Zeroizing<String> = inside
            .chars()
            .filter(|letter| !letter.is_ascii_whitespace())
            .collect::<String>()
            .into();
        let der = Zeroizing::new(STANDARD.decode(encoded.as_bytes()).ok()?);
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der, &source());
        pair.ok().map(Self)
    }

    /// The signature of a message, as JWS has it: both numbers, 32 bytes each.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        let signature = self.0.sign(&source(), message);
        let signature = signature.expect("the system gives random bytes");
        signature.as_ref().to_vec()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use ring::signature::{ECDSA_P256_SHA256_FIXED, KeyPair as _, UnparsedPublicKey};

    use super::*;

    /// A fresh key as a `.p8` file holds it.
    pub(crate) fn pem() -> String {
        let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &source());
        let encoded = STANDARD.encode(der.expect("a key").as_ref());
        let lines: Vec<_> = encoded.as_bytes().chunks(64).collect();
        let lines: Vec<_> = lines.into_iter().map(String::from_utf8_lossy).collect();
        format!("{BEGIN}\n{}\n{END}\n", lines.join("\n"))
    }

    /// Whether a key signed this.
    pub(crate) fn is_signed(key: &SigningKey, message: &[u8], signature: &[u8]) -> bool {
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.0.public_key());
        public.verify(message, signature).is_ok()
    }

    #[test]
    fn what_a_key_signed_its_public_half_verifies() {
        let key = SigningKey::from_pem(&pem()).expect("a key");
        let signature = key.sign(b"a message");
        assert_eq!(signature.len(), 64);
        assert!(is_signed(&key, b"a message", &signature));
        assert!(!is_signed(&key, b"another", &signature));
    }

    /// With the curve's name inside the key once more, as Apple writes its files.
    #[test]
    fn a_key_that_names_its_curve_twice_is_read() {
        let made_for_this_test = "-----BEGIN PRIVATE KEY-----\n\
            MIGTAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBHkwdwIBAQQgBktxMBrKrHm2IbCE\n\
            8TuvVCk2CaYhpmmYn89mSWG2BBigCgYIKoZIzj0DAQehRANCAAQTdmwj9k6qDrR9\n\
            mJn/StkRA3RAjOnTX0et9PuHOmB3Dxh9Gtq6pYi93NbbOO5RqCksC5szHIZICtCe\n\
            5iRcE3KM\n\
            -----END PRIVATE KEY-----\n";
        let key = SigningKey::from_pem(made_for_this_test).expect("a key");
        assert!(is_signed(&key, b"a message", &key.sign(b"a message")));
        let in_one_line = made_for_this_test.replace('\n', "\\n");
        assert!(SigningKey::from_pem(&in_one_line).is_some());
    }

    #[test]
    fn what_is_no_key_is_told_apart() {
        assert!(SigningKey::is_meant(&pem()));
        // The older form of the same key, which is to be neither read nor sent.
        let older = pem().replace("PRIVATE", "EC PRIVATE");
        assert!(SigningKey::is_meant(&older) && SigningKey::from_pem(&older).is_none());
        for text in ["", "a-secret", "-----BEGIN PRIVATE KEY-----", "MIGHAgEA"] {
            assert!(SigningKey::from_pem(text).is_none(), "{text}");
        }
        assert!(!SigningKey::is_meant("a-secret"));
    }
}
