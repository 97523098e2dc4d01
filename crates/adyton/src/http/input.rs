//! What a request's body says, by the fields' canonical names: JSON, a form, or nothing.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request};
use http::request::Parts;
use http::{HeaderMap, header};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::de::{Deserializer as _, Error as _, MapAccess, Visitor};
use serde_json::Value as Json;
use tokio::time::timeout;

use super::accept;
use super::caller::Caller;
use crate::error::{Error, Malformed, Result};
use crate::user::Fields;
use crate::wire::Dialect;

/// What a request's body says: JSON, a form, or nothing. An extractor, the handler's last; bad
/// bodies are refused in the route's dialect.
///
/// ```
/// use adyton::{Auth, Input, Reply, Result};
/// use serde_json::json;
///
/// async fn store(auth: Auth, input: Input) -> Result<Reply> {
///     let mut read = input.reader();
///     let title = read.text("title", 255);
///     let price = read.integer("price", 0..=100_000);
///     read.finish()?; // a 422 with all that is wrong
///     Ok(Reply::data(json!({ "title": title, "price": price, "by": auth.user().name })))
/// }
/// ```
#[derive(Clone)]
pub struct Input {
    fields: Arc<Fields>,
    /// Fields that stand twice in a form: what is meant is anybody's guess.
    twice: Arc<HashSet<String>>,
    dialect: Arc<dyn Dialect>,
}

impl Input {
    /// Reads a request's body, no larger and no slower than the settings let it be.
    ///
    /// # Errors
    /// [`Error::TooLarge`], [`Error::UnsupportedBody`] and [`Error::Malformed`]. An empty body is
    /// no error whatever its type says: clients send JSON's type with a `POST` without a body.
    pub(crate) async fn of(parts: &Parts, body: Body) -> Result<Self> {
        let (caller, headers) = (Caller::in_request(parts), &parts.headers);
        let config = &caller.context.config().http;
        let limit = config.body_limit;
        let dialect = Arc::clone(caller.context.speech.at(&caller.path));
        if let Some(encoding) = headers
            .get(header::CONTENT_ENCODING)
            .filter(|value| *value != "identity")
        {
            return Err(Error::UnsupportedBody(lossy(encoding)));
        }
        let collecting = Limited::new(body, limit).collect();
        let bytes = match timeout(config.body_timeout, collecting).await {
            Ok(Ok(collected)) => collected.to_bytes(),
            Ok(Err(error)) if error.is::<LengthLimitError>() => {
                return Err(Error::TooLarge { limit });
            }
            Ok(Err(_)) | Err(_) => return Err(Malformed::Body.into()),
        };
        let (fields, twice) = match bytes.is_empty() {
            true => Default::default(),
            false => fields(headers, bytes).await?,
        };
        Ok(Self {
            fields: Arc::new(fields),
            twice: Arc::new(twice),
            dialect,
        })
    }

    /// Other fields, by the same names.
    pub(crate) fn with(&self, fields: Fields) -> Self {
        Self {
            fields: Arc::new(fields),
            twice: Arc::default(),
            dialect: Arc::clone(&self.dialect),
        }
    }

    /// A field by its canonical name. Null and an empty text are as good as absent, as Laravel's
    /// `ConvertEmptyStringsToNull` has it.
    pub(crate) fn get(&self, name: &str) -> Option<&Json> {
        let value = self.fields.get(self.dialect.field(name))?;
        (!value.is_null() && value.as_str() != Some("")).then_some(value)
    }

    /// Whether a field was sent, be it null or empty.
    pub(crate) fn is_sent(&self, name: &str) -> bool {
        self.fields.contains_key(self.dialect.field(name))
    }

    /// Whether a field stands twice in a form.
    pub(crate) fn is_twice(&self, name: &str) -> bool {
        self.twice.contains(self.dialect.field(name))
    }

    /// The form's field `_token`, whatever the dialect.
    pub(crate) fn csrf_token(&self) -> Option<&str> {
        self.fields.get("_token").and_then(Json::as_str)
    }

    /// The form's field `_method`, whatever the dialect.
    pub(crate) fn method(&self) -> Option<&str> {
        self.fields.get("_method").and_then(Json::as_str)
    }
}

impl fmt::Debug for Input {
    /// The names only: a value may be a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.fields.keys()).finish()
    }
}

/// Before Adyton's own routes, the gate has read the body already.
impl<S: Send + Sync> FromRequest<S> for Input {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        let (parts, body) = request.into_parts();
        match parts.extensions.get::<Input>() {
            Some(input) => Ok(input.clone()),
            None => Input::of(&parts, body).await,
        }
    }
}

async fn fields(
    headers: &HeaderMap,
    bytes: axum::body::Bytes,
) -> Result<(Fields, HashSet<String>)> {
    if accept::sends_json(headers) {
        return Ok((json(&bytes)?, HashSet::new()));
    }
    let kind = headers
        .get(header::CONTENT_TYPE)
        .map(lossy)
        .unwrap_or_default();
    let essence = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match essence.as_str() {
        "application/x-www-form-urlencoded" => Ok(form(pairs(&bytes)?)),
        "multipart/form-data" => Ok(form(multipart(headers, bytes).await?)),
        _ => Err(Error::UnsupportedBody(kind)),
    }
}

/// A JSON object whose names stand once each: of two equal names, one part of a system may read
/// the first and another the last.
fn json(bytes: &[u8]) -> Result<Fields> {
    let text = std::str::from_utf8(bytes).map_err(|_| Malformed::Utf8)?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let fields = reader
        .deserialize_map(UniqueNames)
        .and_then(|fields| reader.end().map(|()| fields));
    fields.map_err(|error| {
        let said = error.to_string();
        match said
            .strip_prefix(TWICE)
            .and_then(|rest| rest.split('`').next())
        {
            Some(name) => Malformed::JsonDuplicate(name.to_owned()).into(),
            None if error.is_data() => Malformed::JsonNotObject.into(),
            None => Malformed::Json {
                line: error.line(),
                column: error.column(),
            }
            .into(),
        }
    })
}

const TWICE: &str = "twice `";

struct UniqueNames;

impl<'de> Visitor<'de> for UniqueNames {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> std::result::Result<Fields, M::Error> {
        let mut fields = Fields::new();
        while let Some((name, value)) = map.next_entry::<String, Json>()? {
            if fields.insert(name.clone(), value).is_some() {
                let name: String = name
                    .chars()
                    .filter(|c| !c.is_control() && *c != '`')
                    .take(64)
                    .collect();
                return Err(M::Error::custom(format!("{TWICE}{name}`")));
            }
        }
        Ok(fields)
    }
}

fn pairs(bytes: &[u8]) -> Result<Vec<(String, String)>> {
    // Percent-decoded bytes that are not UTF-8 would silently become replacement characters.
    let decoded: Vec<u8> = percent_encoding::percent_decode(bytes).collect();
    if std::str::from_utf8(&decoded).is_err() {
        return Err(Malformed::Utf8.into());
    }
    Ok(form_urlencoded::parse(bytes).into_owned().collect())
}

async fn multipart(headers: &HeaderMap, bytes: axum::body::Bytes) -> Result<Vec<(String, String)>> {
    let mut request = Request::new(Body::from(bytes));
    *request.headers_mut() = headers.clone();
    let read = Multipart::from_request(request, &()).await;
    let mut multipart = read.map_err(|_| Malformed::Multipart)?;
    let mut pairs = Vec::new();
    while let Some(field) = multipart
        .next_field()
        .await
        .map_err(|_| Malformed::Multipart)?
    {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(|_| Malformed::Multipart)?;
        let text = String::from_utf8(bytes.to_vec()).map_err(|_| Malformed::Utf8)?;
        pairs.push((name, text));
    }
    Ok(pairs)
}

/// Forms in PHP's manner: `abilities[]` and `abilities[0]` are each one entry of a list.
fn form(pairs: Vec<(String, String)>) -> (Fields, HashSet<String>) {
    let (mut fields, mut twice) = (Fields::new(), HashSet::new());
    for (name, value) in pairs {
        if let Some(list) = list_of(&name) {
            match fields
                .entry(list)
                .or_insert_with(|| Json::Array(Vec::new()))
            {
                Json::Array(entries) => entries.push(value.into()),
                _ => drop(twice.insert(list.to_owned())),
            }
        } else if fields.insert(name.clone(), value.into()).is_some() {
            twice.insert(name);
        }
    }
    (fields, twice)
}

/// The list that a field's name makes it an entry of.
fn list_of(name: &str) -> Option<&str> {
    let (list, place) = name.strip_suffix(']')?.split_once('[')?;
    place
        .bytes()
        .all(|byte| byte.is_ascii_digit())
        .then_some(list)
}

fn lossy(value: &http::HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}
