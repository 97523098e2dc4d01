//! A request that may bring files: `multipart/form-data` with its text fields, or JSON without any.

use std::time::Duration;

use adyton::{Adyton, Error, Input, Malformed, Result};
use axum::body::{Body, Bytes};
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::{HeaderValue, StatusCode, header, request};
use form_urlencoded::Serializer;
use tokio::time::timeout;

use super::kind::{HEAD, Role};
use super::length;
use super::store::{Media, trouble};
use super::upload::{Upload, fresh_key};

/// Bytes of a whole request: the largest recording, the largest cover, and words.
pub const MOST_BYTES: usize = 56 * 1024 * 1024;

/// Fields of a form at most: the words of a track or an album, its lists, and its files.
const MOST_FIELDS: usize = 200;

/// A whole request, however slowly it comes. The largest comes in time at half a megabit a second.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// Parts of a file that are on their way to the store at once.
const IN_FLIGHT: usize = 2;

/// What a request brought.
#[derive(Debug)]
pub struct Received {
    /// The text fields, as Adyton reads them.
    pub input: Input,
    pub audio: Option<Upload>,
    pub cover: Option<Upload>,
}

impl Received {
    /// Reads a request to its end; files of these roles go to the store as they come, others are
    /// left out.
    ///
    /// # Errors
    /// What Adyton's [`Input`] refuses, and files of other kinds or beyond their size.
    pub async fn read(
        adyton: &Adyton,
        media: &Media,
        request: Request,
        roles: &[Role],
    ) -> Result<Self> {
        let kind = request.headers().get(header::CONTENT_TYPE);
        if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data")) {
            return Ok(Self {
                input: Input::from_request(request, &()).await?,
                audio: None,
                cover: None,
            });
        }
        let (parts, body) = request.into_parts();
        let request = Request::from_parts(parts.clone(), body);
        let multipart = Multipart::from_request(request, &()).await;
        let mut form = Form::new(adyton, media, roles);
        let read = form.read(multipart.map_err(|_| Malformed::Multipart)?);
        let read = timeout(PATIENCE, read).await;
        read.map_err(|_| Malformed::Body)??;
        form.received(parts).await
    }

    /// Rows name the files now.
    pub fn keep(self) {
        self.audio
            .into_iter()
            .chain(self.cover)
            .for_each(Upload::keep);
    }
}

/// A form while it comes. Its first fault is told when all of it has come: a client that is still
/// sending would not read the answer.
struct Form<'a> {
    adyton: &'a Adyton,
    media: &'a Media,
    roles: &'a [Role],
    text: Vec<(String, String)>,
    text_bytes: usize,
    audio: Option<Upload>,
    cover: Option<Upload>,
    fault: Option<Error>,
}

impl<'a> Form<'a> {
    fn new(adyton: &'a Adyton, media: &'a Media, roles: &'a [Role]) -> Self {
        Self {
            adyton,
            media,
            roles,
            text: Vec::new(),
            text_bytes: 0,
            audio: None,
            cover: None,
            fault: None,
        }
    }

    async fn read(&mut self, mut multipart: Multipart) -> Result<()> {
        let mut fields = 0;
        while let Some(mut field) = self.in_time(multipart.next_field()).await? {
            let name = field.name().unwrap_or_default().to_owned();
            // Names cost room too. Nobody who fills in a form sends so many: we do not hear the rest.
            fields += 1;
            self.count(name.len())?;
            if fields > MOST_FIELDS {
                return Err(Malformed::Multipart.into());
            }
            let outcome = match Role::of_field(&name) {
                Some(role) if self.roles.contains(&role) => self.file(role, &mut field).await,
                Some(_) => Ok(()),
                None => self.words(&name, &mut field).await,
            };
            if let Err(error) = outcome {
                self.fault.get_or_insert(error);
            }
            while self.chunk(&mut field).await?.is_some() {}
        }
        Ok(())
    }

    /// The text fields as the form that they would be without files, which Adyton knows to read.
    async fn received(self, mut parts: request::Parts) -> Result<Received> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        parts.headers.insert(header::CONTENT_TYPE, kind);
        let text = Serializer::new(String::new())
            .extend_pairs(self.text)
            .finish();
        let request = Request::from_parts(parts, Body::from(text));
        Ok(Received {
            input: Input::from_request(request, &()).await?,
            audio: self.audio,
            cover: self.cover,
        })
    }

    /// Names and words together are as large as any other body.
    fn count(&mut self, bytes: usize) -> Result<()> {
        let limit = self.adyton.config().http.body_limit;
        self.text_bytes += bytes;
        match self.text_bytes > limit {
            true => Err(Error::TooLarge { limit }),
            false => Ok(()),
        }
    }

    async fn words(&mut self, name: &str, field: &mut Field<'_>) -> Result<()> {
        let mut bytes = Vec::new();
        while let Some(chunk) = self.chunk(field).await? {
            self.count(chunk.len())?;
            bytes.extend_from_slice(&chunk);
        }
        let text = String::from_utf8(bytes).map_err(|_| Malformed::Utf8)?;
        self.text.push((name.to_owned(), text));
        Ok(())
    }

    /// A file, from the form into the store. An empty one is what browsers send for none.
    async fn file(&mut self, role: Role, field: &mut Field<'_>) -> Result<()> {
        let mut head: Vec<u8> = Vec::new();
        while head.len() < HEAD {
            match self.chunk(field).await? {
                Some(chunk) => head.extend_from_slice(&chunk),
                None => break,
            }
        }
        if head.is_empty() {
            return Ok(());
        }
        let extension = role.extension(&head).ok_or(role.refusal())?;
        let key = fresh_key(role, extension);
        let size = self.keep(&key, role, &head, field).await?;
        let upload = Upload::new(self.media, key, length::seconds(&head, size));
        match role {
            Role::Audio => self.audio = Some(upload),
            Role::Cover => self.cover = Some(upload),
        }
        Ok(())
    }

    /// Writes a file to its end, or takes back what was written.
    async fn keep(&self, key: &str, role: Role, head: &[u8], field: &mut Field<'_>) -> Result<u64> {
        let mut writer = self.media.begin(key).await?;
        writer.write(head);
        let (mut size, limit) = (head.len(), role.most_bytes());
        let outcome = loop {
            match self.chunk(field).await {
                Ok(Some(chunk)) if size + chunk.len() <= limit => {
                    size += chunk.len();
                    writer.put(chunk);
                }
                Ok(Some(_)) => break Err(Error::TooLarge { limit }),
                Ok(None) => break Ok(size as u64),
                Err(error) => break Err(error),
            }
            if let Err(error) = writer.wait_for_capacity(IN_FLIGHT).await {
                break Err(trouble(error));
            }
        };
        match outcome {
            Ok(size) => writer.finish().await.map(|_| size).map_err(trouble),
            Err(error) => {
                if let Err(error) = writer.abort().await {
                    tracing::warn!(%error, "an unfinished file could not be taken back");
                }
                Err(error)
            }
        }
    }

    /// The next part of a field.
    async fn chunk(&self, field: &mut Field<'_>) -> Result<Option<Bytes>> {
        self.in_time(field.chunk()).await
    }

    /// What comes next, which must come within the time that any body has.
    async fn in_time<T>(
        &self,
        next: impl Future<Output = std::result::Result<T, MultipartError>>,
    ) -> Result<T> {
        let patience = self.adyton.config().http.body_timeout;
        match timeout(patience, next).await {
            Ok(next) => next.map_err(broken),
            Err(_) => Err(Malformed::Body.into()),
        }
    }
}

fn broken(error: MultipartError) -> Error {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge { limit: MOST_BYTES },
        _ => Malformed::Multipart.into(),
    }
}
