//! Serving a router: what axum's own `serve` leaves out, time limits for slow clients and an end
//! that answers what is in flight.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::ext::ReasonPhrase;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;

use crate::adyton::Adyton;

/// A client must send a request's head within this time; a connection that waits for its next
/// request is closed after it too, so it is longer than a slow client alone would need.
const HEAD_TIME: Duration = Duration::from_secs(30);

/// A request's head may have this many bytes.
const HEAD_BYTES: usize = 64 * 1024;

/// How long to wait after an accept that failed, such as for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves a router until `end` is over; then no new connections are taken, requests in flight are
/// answered within `http.shutdown_timeout`, what was noted in memory is written, and mails on their
/// way have two seconds to arrive.
///
/// The router is the host's whole one, with [`Adyton::layer`] around it.
///
/// # Errors
/// When the listener cannot be used at all.
pub async fn serve(
    adyton: &Adyton,
    listener: TcpListener,
    router: Router,
    end: impl Future<Output = ()>,
) -> io::Result<()> {
    listener.local_addr()?;
    let connections = GracefulShutdown::new();
    tokio::pin!(end);
    loop {
        tokio::select! {
            () = &mut end => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => converse(&connections, stream, peer, router.clone()),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
        }
    }
    drop(listener);
    let patience = adyton.config().http.shutdown_timeout;
    if tokio::time::timeout(patience, connections.shutdown())
        .await
        .is_err()
    {
        tracing::warn!(?patience, "some requests were not answered in time");
    }
    adyton.finish_mail().await;
    if let Err(error) = adyton.flush().await {
        tracing::error!(%error, "last uses could not be written");
    }
    Ok(())
}

fn converse(connections: &GracefulShutdown, stream: TcpStream, peer: SocketAddr, router: Router) {
    // Answers are small: waiting to fill a packet only delays them.
    let _ = stream.set_nodelay(true);
    let answer = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let answered = router.clone().oneshot(request);
        async move {
            let mut response = answered.await.unwrap_or_else(|never| match never {});
            if response.status().as_u16() == 419 {
                // No standard names this status; Laravel's page for it is titled so.
                response
                    .extensions_mut()
                    .insert(ReasonPhrase::from_static(b"Page Expired"));
            }
            Ok::<_, Infallible>(response)
        }
    });
    let mut builder = Builder::new(hyper_util::rt::TokioExecutor::new()).http1_only();
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(HEAD_BYTES);
    let conversation = builder
        .serve_connection(TokioIo::new(stream), answer)
        .into_owned();
    let conversation = connections.watch(conversation);
    tokio::spawn(async move {
        if let Err(error) = conversation.await {
            tracing::debug!(%error, "a connection broke");
        }
    });
}

/// Is over when somebody presses Ctrl-C or the system asks the process to end. It listens from
/// the call on, not from the first time it is awaited: inside a Tokio runtime.
pub fn ctrl_c() -> impl Future<Output = ()> + Send + 'static {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let interrupt = signal(SignalKind::interrupt());
        let terminate = signal(SignalKind::terminate());
        async move {
            match (interrupt, terminate) {
                (Ok(mut interrupt), Ok(mut terminate)) => tokio::select! {
                    _ = interrupt.recv() => {}
                    _ = terminate.recv() => {}
                },
                _ => drop(tokio::signal::ctrl_c().await),
            }
        }
    }
    #[cfg(not(unix))]
    async {
        let _ = tokio::signal::ctrl_c().await;
    }
}
