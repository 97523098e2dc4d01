//! `PUT`, `PATCH` and `DELETE` for senders that can only `POST`: the header
//! `X-HTTP-Method-Override` or the form field `_method`, as Laravel takes them.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context as Task, Poll};

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use http::{Method, header};
use tower::Service;

use super::input::Input;

/// The methods of one path, with their override.
#[derive(Clone)]
pub(super) struct MethodOverride {
    methods: MethodRouter,
}

impl MethodOverride {
    pub(super) fn new(methods: MethodRouter) -> Self {
        Self { methods }
    }

    /// The request with the method that it means. A form's body is read here, and kept for the
    /// gate as what it says.
    async fn meant(&self, request: Request) -> Result<Request, Response> {
        let (mut parts, mut body) = request.into_parts();
        let mut named = parts
            .headers
            .get("x-http-method-override")
            .map(|value| value.as_bytes().to_vec());
        if named.is_none() && is_form(&parts.headers) {
            let input = Input::of(&parts, std::mem::take(&mut body)).await;
            let input = input.map_err(IntoResponse::into_response)?;
            named = input.method().map(|name| name.as_bytes().to_vec());
            parts.extensions.insert(input);
        }
        let named = named.map(|name| name.to_ascii_uppercase());
        let methods = [Method::PUT, Method::PATCH, Method::DELETE];
        if let Some(method) = methods
            .into_iter()
            .find(|method| named.as_deref() == Some(method.as_str().as_bytes()))
        {
            parts.method = method;
        }
        Ok(Request::from_parts(parts, body))
    }
}

fn is_form(headers: &http::HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| {
        let kind = kind.as_bytes().to_ascii_lowercase();
        kind.starts_with(b"application/x-www-form-urlencoded")
            || kind.starts_with(b"multipart/form-data")
    })
}

impl Service<Request> for MethodOverride {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Task<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let mut this = self.clone();
        Box::pin(async move {
            let request = match request.method() {
                &Method::POST => match this.meant(request).await {
                    Ok(request) => request,
                    Err(response) => return Ok(response),
                },
                _ => request,
            };
            this.methods.call(request).await
        })
    }
}
