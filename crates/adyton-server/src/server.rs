//! Adyton's routes on a socket: what `dev` and `serve` share.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use adyton::config::Config;
use adyton::{Adyton, RouteInfo};
use anyhow::bail;
use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;

use crate::output::{Wrong, say};

/// The server's own route, at the path of Laravel's health route.
pub const UP: &str = "/up";

/// Whether a server can be made of these settings.
///
/// # Errors
/// What keeps an Adyton from being built, or puts another route in the place of the server's own.
pub fn check(config: &Config) -> anyhow::Result<()> {
    config.check()?;
    let routes = RouteInfo::all(config);
    match routes.iter().find(|route| route.path == UP) {
        Some(route) => bail!(Wrong(format!(
            "routes.\"{}\": `{UP}` is the server's own",
            route.name
        ))),
        None => Ok(()),
    }
}

/// Takes the address that is set.
///
/// # Errors
/// When it cannot be had: what is wrong, and which flag chooses another.
pub async fn bind(config: &Config, command: &str) -> anyhow::Result<TcpListener> {
    let listen = &config.listen;
    let problem = match TcpListener::bind(listen).await {
        Ok(listener) => return Ok(listener),
        Err(error) => match error.kind() {
            io::ErrorKind::AddrInUse => "another program listens there".to_owned(),
            io::ErrorKind::PermissionDenied => "the system does not allow it".to_owned(),
            _ => error.to_string(),
        },
    };
    let (host, port) = listen.rsplit_once(':').unwrap_or((listen, "8000"));
    let other = match port.parse::<u16>() {
        Ok(port) if (1024..u16::MAX).contains(&port) => port + 1,
        _ => 8001,
    };
    bail!(
        "cannot listen on {listen}: {problem}\n  \
         choose another port: adyton {command} --listen {host}:{other}"
    )
}

/// Answers until somebody asks for the end, and then what is in flight. `more` are routes beside
/// Adyton's.
pub async fn run(
    adyton: &Adyton,
    listener: TcpListener,
    more: Router,
    end: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let up = Router::new().route(UP, get(|| async { "ok" }));
    let router = up.merge(more).merge(adyton.routes());
    let router = router.layer(adyton.layer());
    adyton::serve(adyton, listener, router, end).await?;
    adyton.db().close().await;
    Ok(())
}

/// Is over when somebody asks for the end, from the call on: whoever has read that the server runs
/// can end it. The second Ctrl-C is for whoever does not want to wait.
pub fn end() -> impl Future<Output = ()> {
    let asked = adyton::ctrl_c();
    async move {
        asked.await;
        say("Ending: requests in flight are still answered. Ctrl-C again ends at once.");
        tokio::spawn(async {
            adyton::ctrl_c().await;
            std::process::exit(130);
        });
    }
}

/// An address that a program on this machine can open.
pub fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}
