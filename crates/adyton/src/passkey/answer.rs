//! What a browser sends of a credential: the JSON of `PublicKeyCredential.toJSON()`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use webauthn_rs::prelude::{PublicKeyCredential, RegisterPublicKeyCredential};

use crate::validate::PasskeyRefusal;

/// Ways to reach an authenticator that are kept of one, and letters of each.
const TRANSPORTS: (usize, usize) = (8, 32);

/// The answer to a request to sign.
pub(super) fn assertion(credential: Option<&Json>) -> Result<PublicKeyCredential, PasskeyRefusal> {
    let answer: PublicKeyCredential = read(credential, |response| {
        // Some browsers write what is absent as an empty text.
        if response.get("userHandle").and_then(Json::as_str) == Some("") {
            response["userHandle"] = Json::Null;
        }
    })?;
    has_one_id(&answer.id, &answer.raw_id)?;
    Ok(answer)
}

/// A new credential, and how it can be reached.
pub(super) fn registration(
    credential: Option<&Json>,
) -> Result<(RegisterPublicKeyCredential, Vec<String>), PasskeyRefusal> {
    let mut transports = Vec::new();
    let answer: RegisterPublicKeyCredential = read(credential, |response| {
        // A hint for browsers, and new words come up: none is a reason to refuse a credential.
        transports = words(&response["transports"]);
        response["transports"] = Json::Null;
    })?;
    has_one_id(&answer.id, &answer.raw_id)?;
    Ok((answer, transports))
}

fn read<T: DeserializeOwned>(
    credential: Option<&Json>,
    adjust: impl FnOnce(&mut Json),
) -> Result<T, PasskeyRefusal> {
    let mut credential = credential
        .filter(|credential| credential["type"] == "public-key")
        .and_then(Json::as_object)
        .ok_or(PasskeyRefusal::Format)?
        .clone();
    // What a browser says of extensions is signed by nobody, and nothing here goes by it.
    credential.remove("clientExtensionResults");
    credential.remove("extensions");
    let response = credential.get_mut("response");
    adjust(
        response
            .filter(|response| response.is_object())
            .ok_or(PasskeyRefusal::Format)?,
    );
    serde_json::from_value(Json::Object(credential)).map_err(|_| PasskeyRefusal::Format)
}

fn has_one_id(id: &str, raw_id: &[u8]) -> Result<(), PasskeyRefusal> {
    match id == BASE64URL.encode(raw_id) {
        true => Ok(()),
        false => Err(PasskeyRefusal::Format),
    }
}

fn words(sent: &Json) -> Vec<String> {
    let (most, longest) = TRANSPORTS;
    let is_word = |word: &&str| {
        word.len() <= longest
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
    };
    let sent = sent
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Json::as_str);
    sent.filter(is_word).take(most).map(str::to_owned).collect()
}
