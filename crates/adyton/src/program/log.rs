//! The log: on standard error, as `[log]` says.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::{Log, LogFormat, LogLevel};

/// Begins to write the log. A second call changes nothing.
pub fn start_log(log: &Log) {
    let filter = Targets::new()
        .with_target("adyton", level(log.level))
        .with_default(others(log.level));
    let registry = tracing_subscriber::registry().with(filter);
    // A log that cannot be written must not end the server.
    let lines = fmt::layer()
        .with_writer(io::stderr)
        .log_internal_errors(false);
    let _ = match log.format {
        LogFormat::Json => registry.with(lines.json().flatten_event(true)).try_init(),
        _ => registry.with(lines.with_ansi(is_colourful())).try_init(),
    };
}

fn is_colourful() -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    io::stderr().is_terminal() && !refused
}

fn level(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
        _ => LevelFilter::INFO,
    }
}

/// What we stand on talks much and says little.
fn others(own: LogLevel) -> LevelFilter {
    match own {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Trace => LevelFilter::TRACE,
        _ => LevelFilter::WARN,
    }
}
