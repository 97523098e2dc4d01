//! A file on its way out: whole or in part, and not at all to whoever has it already.

use std::convert::Infallible;

use adyton::{Error, Result};
use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::Response;
use object_store::GetRange;

use super::kind::content_type;
use super::store::Media;

/// What a request says of the file that it asks for.
#[derive(Debug)]
pub struct Asked {
    headers: HeaderMap,
    version: Option<String>,
}

/// Who may remember a file, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Everybody, for ever where the address names the version.
    Public,
    /// Its reader alone, who asks anew each time.
    Private,
}

/// What the address of a file says of its content: another content has another.
pub fn version(key: &str) -> &str {
    let name = key.rsplit('/').next().unwrap_or(key);
    name.get(..12).unwrap_or(name)
}

impl Media {
    /// The answer to a request for a file. `named` makes it one to save, by that name.
    ///
    /// # Errors
    /// When the file is not there, or the store cannot be reached.
    pub async fn answer(
        &self,
        key: &str,
        asked: &Asked,
        freshness: Freshness,
        named: Option<&str>,
    ) -> Result<Response> {
        let tag = format!("\"{}\"", version(key));
        let mut headers: Vec<(HeaderName, String)> = vec![
            (header::ETAG, tag.clone()),
            (
                header::CACHE_CONTROL,
                asked.cache_control(key, freshness).to_owned(),
            ),
            (header::ACCEPT_RANGES, "bytes".to_owned()),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        ];
        if asked.has(&tag) {
            return built(StatusCode::NOT_MODIFIED, headers, Body::empty());
        }
        let mut part = None;
        if let Some(wanted) = asked.range(&tag) {
            let size = self.size(key).await?;
            let Some((first, last)) = within(&wanted, size) else {
                headers.push((header::CONTENT_RANGE, format!("bytes */{size}")));
                return built(StatusCode::RANGE_NOT_SATISFIABLE, headers, Body::empty());
            };
            headers.push((
                header::CONTENT_RANGE,
                format!("bytes {first}-{last}/{size}"),
            ));
            part = Some(GetRange::Bounded(first..last + 1));
        }
        if let Some(name) = named {
            headers.push((header::CONTENT_DISPOSITION, attachment(name, key)));
        }
        self.sent(key, part, headers).await
    }

    /// A file, or a part of it, under these headers.
    async fn sent(
        &self,
        key: &str,
        part: Option<GetRange>,
        mut headers: Vec<(HeaderName, String)>,
    ) -> Result<Response> {
        let status = match part {
            Some(_) => StatusCode::PARTIAL_CONTENT,
            None => StatusCode::OK,
        };
        let found = self.get(key, part).await?;
        let length = found.range.end - found.range.start;
        headers.push((header::CONTENT_LENGTH, length.to_string()));
        headers.push((header::CONTENT_TYPE, content_type(key).to_owned()));
        built(status, headers, Body::from_stream(found.into_stream()))
    }
}

impl Asked {
    /// Whether whoever asks has this content already.
    fn has(&self, tag: &str) -> bool {
        let known = self.headers.get_all(header::IF_NONE_MATCH).iter();
        known
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(|known| known.trim().trim_start_matches("W/"))
            .any(|known| known == tag || known == "*")
    }

    /// The one part that is asked for. Several at once, and a part of another content than is known,
    /// are answered with the whole, as the standard lets us.
    fn range(&self, tag: &str) -> Option<GetRange> {
        if let Some(known) = self.headers.get(header::IF_RANGE)
            && known.as_bytes() != tag.as_bytes()
        {
            return None;
        }
        let text = self.headers.get(header::RANGE)?.to_str().ok()?;
        let (first, last) = text.strip_prefix("bytes=")?.trim().split_once('-')?;
        let last: Option<u64> = match last {
            "" => None,
            digits => Some(digits.parse().ok()?),
        };
        match (first, last) {
            ("", Some(count)) => Some(GetRange::Suffix(count)),
            (first, None) => Some(GetRange::Offset(first.parse().ok()?)),
            (first, Some(last)) => {
                let first = first.parse().ok()?;
                (first <= last).then(|| GetRange::Bounded(first..last.saturating_add(1)))
            }
        }
    }

    fn cache_control(&self, key: &str, freshness: Freshness) -> &'static str {
        match freshness {
            Freshness::Private => "private, no-cache",
            Freshness::Public if self.version.as_deref() == Some(version(key)) => {
                "public, max-age=31536000, immutable"
            }
            Freshness::Public => "public, no-cache",
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        let version = pairs.find(|(name, _)| name == "v");
        Ok(Self {
            headers: parts.headers.clone(),
            version: version.map(|(_, value)| value.into_owned()),
        })
    }
}

/// The first and the last byte of a part, if the file has any of it.
fn within(range: &GetRange, size: u64) -> Option<(u64, u64)> {
    let last = size.checked_sub(1)?;
    let (first, last) = match range {
        GetRange::Bounded(range) => (range.start, last.min(range.end - 1)),
        GetRange::Offset(first) => (*first, last),
        GetRange::Suffix(0) => return None,
        GetRange::Suffix(count) => (size.saturating_sub(*count), last),
    };
    (first <= last).then_some((first, last))
}

/// A name to save by: what is no plain letter or digit is left out, so that it needs no quoting.
fn attachment(name: &str, key: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '_');
    let name: String = name.chars().filter(|c| plain(*c)).collect();
    let name = match name.trim() {
        "" => "track",
        name => name,
    };
    let extension = key.rsplit('.').next().unwrap_or_default();
    format!("attachment; filename=\"{name}.{extension}\"")
}

fn built(status: StatusCode, headers: Vec<(HeaderName, String)>, body: Body) -> Result<Response> {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    response.body(body).map_err(Error::unexpected)
}
