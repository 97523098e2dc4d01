//! Answers that a server needs patience, room or sense for, and the page that posts a form.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::response::{Html, IntoResponse as _, Response};
use http::StatusCode;
use http::header::{CONTENT_TYPE, LOCATION};
use http_body::Frame;

use super::{Endpoint, Fault, World};

/// What is broken of an endpoint, in the place of its answer; `None` where it answers as it should.
pub(super) async fn in_place(world: &Arc<World>, at: Endpoint, path: &str) -> Option<Response> {
    let broken = |fault| world.is_broken(fault);
    if broken(Fault::Slow(at)) {
        tokio::time::sleep(std::time::Duration::from_secs(30)).await;
    }
    if broken(Fault::Huge(at)) {
        let body = Body::new(Huge(Arc::clone(world)));
        return Some(([(CONTENT_TYPE, "application/json")], body).into_response());
    }
    if broken(Fault::Redirects(at)) {
        let to = format!("/elsewhere{path}");
        return Some((StatusCode::TEMPORARY_REDIRECT, [(LOCATION, to)]).into_response());
    }
    if broken(Fault::Html(at)) {
        return Some(Html("<!doctype html><title>Maintenance</title>").into_response());
    }
    if broken(Fault::Empty(at)) {
        return Some(([(CONTENT_TYPE, "application/json")], "{}").into_response());
    }
    if broken(Fault::Fails(at)) {
        return Some(StatusCode::INTERNAL_SERVER_ERROR.into_response());
    }
    None
}

/// Two hundred megabytes of an object that is not over.
struct Huge(Arc<World>);

const HUGE: usize = 200 * 1024 * 1024;
const CHUNK: usize = 64 * 1024;

impl http_body::Body for Huge {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let before = self.0.sent.fetch_add(CHUNK, Ordering::Relaxed);
        if before >= HUGE {
            return Poll::Ready(None);
        }
        let mut chunk = vec![b' '; CHUNK];
        if before == 0 {
            chunk[0] = b'{';
        }
        Poll::Ready(Some(Ok(Frame::data(Bytes::from(chunk)))))
    }
}

/// A page that posts what a browser brings back.
pub(super) fn form_post(url: &str, query: &str) -> Response {
    let fields: String = form_urlencoded::parse(query.as_bytes())
        .map(|(name, value)| format!("<input type=hidden name=\"{name}\" value=\"{value}\">\n"))
        .collect();
    Html(format!(
        "<form method=post action=\"{url}\">\n{fields}</form>\n<script>document.forms[0].submit()</script>"
    ))
    .into_response()
}

/// Address and fields of such a page.
pub(super) fn read_form_post(page: &str) -> Option<(String, String)> {
    let attribute = |line: &str, name: &str| {
        let (_, after) = line.split_once(&format!("{name}=\""))?;
        Some(after.split_once('"')?.0.to_owned())
    };
    let url = page.lines().find_map(|line| attribute(line, "action"))?;
    let fields = page
        .lines()
        .filter_map(|line| Some((attribute(line, "name")?, attribute(line, "value")?)));
    let mut query = form_urlencoded::Serializer::new(String::new());
    Some((url, query.extend_pairs(fields).finish()))
}
