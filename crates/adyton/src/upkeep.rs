//! What an Adyton does by itself: it writes what was noted in memory, and clears away sessions
//! whose time is over.

use std::sync::Weak;
use std::time::Duration;

use crate::http::context::Context;
use crate::operator;

/// How often sessions are cleared away. Laravel does so at two requests of a hundred.
const PRUNE_EVERY: Duration = Duration::from_secs(3600);

/// Ends when the last handle is gone.
pub(crate) async fn run(context: Weak<Context>) {
    let settings = context.upgrade().map(|context| {
        let pause = context.config().guard.flush_interval;
        (pause, context.guard.many_notes())
    });
    let Some((pause, many)) = settings else {
        return;
    };
    let mut time_to_prune = tokio::time::interval(PRUNE_EVERY);
    time_to_prune.tick().await; // The first is now.
    loop {
        // Nothing is held while waiting, so that the last handle can go.
        let prunes = tokio::select! {
            () = tokio::time::sleep(pause) => false,
            () = many.notified() => false,
            _ = time_to_prune.tick() => true,
        };
        let Some(context) = context.upgrade() else {
            return;
        };
        match context.guard.flush().await {
            Ok(()) if prunes => prune(&context).await,
            Ok(()) => {}
            Err(error) => tracing::warn!(%error, "last uses could not be written; they are kept"),
        }
    }
}

async fn prune(context: &Context) {
    match operator::prune_sessions(&context.core).await {
        Ok(0) => {}
        Ok(pruned) => tracing::info!(pruned, "sessions whose time is over were cleared away"),
        Err(error) => tracing::warn!(%error, "sessions could not be cleared away"),
    }
}
