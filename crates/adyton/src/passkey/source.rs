//! A passkey as its row keeps it: the JSON of webauthn-lib's `PublicKeyCredentialSource`, so that a
//! Laravel application and Adyton can have one table.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize as _;
use serde_cbor_2::Value as Cbor;
use serde_json::{Map, Value as Json, json};
use webauthn_rs::prelude::{
    AttestationFormat, AuthenticationResult, COSEKey, Credential, ParsedAttestation,
};
use webauthn_rs_proto::{RegisteredExtensions, UserVerificationPolicy};

/// The library has written its base64 with and without padding.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What a row keeps. Fields that we do not know stay as they are.
#[derive(Clone, Debug)]
pub(super) struct Source {
    fields: Map<String, Json>,
    pub id: Vec<u8>,
    pub user_handle: Vec<u8>,
    key: COSEKey,
    counter: u32,
    /// Whether it may be on several devices; `None` in rows of before that was known.
    pub is_eligible: Option<bool>,
    pub is_backed_up: bool,
}

/// A new credential as its authenticator describes it.
pub(super) struct Attested {
    aaguid: [u8; 16],
    id: Vec<u8>,
    /// COSE, byte for byte.
    key: Vec<u8>,
}

impl Attested {
    /// Reads an attestation object, which the library has verified by then.
    pub(super) fn read(attestation: &[u8]) -> Option<Self> {
        let Cbor::Map(object) = serde_cbor_2::from_slice(attestation).ok()? else {
            return None;
        };
        let Cbor::Bytes(data) = object.get(&Cbor::Text("authData".to_owned()))? else {
            return None;
        };
        // The hash of the rp id, flags and the counter are before it.
        let rest = data.get(37..)?;
        let (aaguid, rest) = rest.split_first_chunk::<16>()?;
        let (length, rest) = rest.split_first_chunk::<2>()?;
        let (id, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        // Extensions may follow the key.
        let mut reader = serde_cbor_2::Deserializer::from_slice(rest);
        Cbor::deserialize(&mut reader).ok()?;
        Some(Self {
            aaguid: *aaguid,
            id: id.to_vec(),
            key: rest.get(..reader.byte_offset())?.to_vec(),
        })
    }
}

impl Source {
    /// Reads what a row keeps; `None` when no credential can be made of it.
    pub(super) fn read(text: &str) -> Option<Self> {
        let fields: Map<String, Json> = serde_json::from_str(text).ok()?;
        let bytes = |name: &str| decode(fields.get(name)?.as_str()?);
        let flag = |name: &str| fields.get(name).and_then(Json::as_bool);
        let key: Cbor = serde_cbor_2::from_slice(&bytes("credentialPublicKey")?).ok()?;
        let counter = fields.get("counter")?.as_u64()?;
        Some(Self {
            id: bytes("publicKeyCredentialId")?,
            user_handle: bytes("userHandle")?,
            key: COSEKey::try_from(&key).ok()?,
            counter: u32::try_from(counter).ok()?,
            is_eligible: flag("backupEligible"),
            is_backed_up: flag("backupStatus").unwrap_or_default(),
            fields,
        })
    }

    /// What is to be kept of a new credential.
    pub(super) fn text_of(
        attested: &Attested,
        verified: &Credential,
        (user_handle, transports): (&[u8], &[String]),
    ) -> String {
        let source = json!({
            "publicKeyCredentialId": BASE64URL.encode(&attested.id),
            "type": "public-key",
            "transports": transports,
            "attestationType": "none",
            "trustPath": [],
            "aaguid": uuid(&attested.aaguid),
            "credentialPublicKey": BASE64URL.encode(&attested.key),
            "userHandle": BASE64URL.encode(user_handle),
            "counter": verified.counter,
            "otherUI": null,
            "backupEligible": verified.backup_eligible,
            "backupStatus": verified.backup_state,
            "uvInitialized": verified.user_verified,
        });
        source.to_string()
    }

    /// As the library verifies it. Where the row does not tell whether it may be on several
    /// devices, what it says now is as good.
    pub(super) fn credential(&self, is_eligible_now: bool) -> Credential {
        Credential {
            cred_id: self.id.clone(),
            cred: self.key.clone(),
            counter: self.counter,
            transports: None,
            user_verified: true,
            backup_eligible: self.is_eligible.unwrap_or(is_eligible_now),
            backup_state: self.is_backed_up,
            registration_policy: UserVerificationPolicy::Required,
            extensions: RegisteredExtensions::none(),
            attestation: ParsedAttestation::default(),
            attestation_format: AttestationFormat::None,
        }
    }

    /// What is to be kept after a use.
    pub(super) fn used(&self, result: &AuthenticationResult) -> String {
        let mut fields = self.fields.clone();
        fields.insert("counter".to_owned(), result.counter().into());
        fields.insert("backupEligible".to_owned(), result.backup_eligible().into());
        fields.insert("backupStatus".to_owned(), result.backup_state().into());
        fields.insert("uvInitialized".to_owned(), true.into());
        Json::Object(fields).to_string()
    }

    /// How it can be reached.
    pub(super) fn transports(&self) -> &Json {
        self.fields.get("transports").unwrap_or(&Json::Null)
    }
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let text = text.replace('+', "-").replace('/', "_");
    LENIENT.decode(text).ok()
}

/// Sixteen bytes as a UUID is written.
fn uuid(bytes: &[u8; 16]) -> String {
    let mut text = crate::crypto::secret::hex(bytes);
    for at in [20, 16, 12, 8] {
        text.insert(at, '-');
    }
    text
}

#[cfg(test)]
mod tests;
