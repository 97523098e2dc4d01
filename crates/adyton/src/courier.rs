//! The courier: takes mail from the outbox to the mailer, again and again until it is taken.
//!
//! At least once: a row is deleted after the mailer has taken the mail, so a process that dies in
//! between leaves it to be sent again, with the same Message-ID.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::task::JoinSet;

use crate::clock::later;
use crate::config::Locale;
use crate::core::Core;
use crate::errands;
use crate::error::Result;
use crate::mail::{Mail, MailError};
use crate::outbox::Payload;
use crate::store::outbox::{self, ClaimedRow, Kind};
use crate::wire::Texts;

/// How long nothing is looked for after the start: the tables may still be made.
const FIRST_LOOK: Duration = Duration::from_secs(1);

/// How often the outbox is looked at unasked: for rows of other processes, and for retries.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// How many mails are on their way at once: one server that is slow to answer for one address
/// must not keep everybody's waiting.
const HANDS: usize = 4;

/// How long a row is in a process's hands past `mail.timeout`.
const GRACE: Duration = Duration::from_secs(10);

/// How long the end of a server waits for mails on their way.
const LAST: Duration = Duration::from_secs(2);

/// How long to wait after an attempt that failed; the last is for all that follow.
const PAUSES: [Duration; 6] = [
    Duration::from_secs(10),
    Duration::from_secs(30),
    Duration::from_secs(2 * 60),
    Duration::from_secs(10 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(60 * 60),
];

/// Ends when the last handle is gone.
pub(crate) async fn run(core: Weak<Core>) {
    let Some(post) = core.upgrade().map(|core| Arc::clone(&core.post)) else {
        return;
    };
    tokio::time::sleep(FIRST_LOOK).await;
    loop {
        {
            let _round = post.round.lock().await;
            let mut hands = JoinSet::new();
            for _ in 0..HANDS {
                hands.spawn(send_all(core.clone()));
            }
            let mut trouble = None;
            while let Some(outcome) = hands.join_next().await {
                // A hand that panicked has left its row, which is free again in a while.
                trouble = outcome.ok().and_then(Result::err).or(trouble);
            }
            if let Some(error) = trouble {
                tracing::warn!(%error, "the outbox cannot be read or written");
            }
        }
        if core.strong_count() == 0 {
            return;
        }
        // Nothing is held while waiting, so that the last handle can go.
        tokio::select! {
            () = post.bell.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// Sends what is due, after whoever does so already, and tells how many mails left.
pub(crate) async fn deliver(core: &Arc<Core>) -> Result<usize> {
    let _round = core.post.round.lock().await;
    send_all(Arc::downgrade(core)).await
}

/// Lets the mails that are on their way arrive, and takes no others meanwhile: a process that ends
/// in between would have them sent twice.
pub(crate) async fn finish(core: &Core) {
    core.post.is_ending.store(true, Ordering::Relaxed);
    let round = tokio::time::timeout(LAST, core.post.round.lock()).await;
    core.post.is_ending.store(false, Ordering::Relaxed);
    if round.is_err() {
        tracing::warn!("a mail was still on its way: it is sent again");
    }
}

/// One after the other, until nothing is due.
async fn send_all(core: Weak<Core>) -> Result<usize> {
    let mut sent = 0;
    while let Some(core) = core.upgrade().filter(|core| core.has_mailer()) {
        if core.post.is_ending.load(Ordering::Relaxed) {
            break;
        }
        let now = core.clock.now();
        let until = later(now, core.config.mail.timeout + GRACE);
        let name = &core.post.name;
        let Some(row) = outbox::claim(&core.db, name, (now, until)).await? else {
            break;
        };
        match row.kind {
            Kind::Letter => sent += usize::from(send(&core, &row).await?),
            Kind::Errand => run_errand(&core, &row).await?,
        }
    }
    Ok(sent)
}

/// Sends one, or lays it back; whether it left.
async fn send(core: &Core, row: &ClaimedRow) -> Result<bool> {
    let payload = match Payload::opened(core, Kind::Letter, &row.payload) {
        Ok(payload) => payload,
        Err(problem) => {
            put_off(core, row, "", &problem).await?;
            return Ok(false);
        }
    };
    let domain = payload.to.rsplit_once('@');
    let domain = domain.map_or("", |(_, domain)| domain);
    if deadline(core, row) <= core.clock.now() {
        give_up(core, row, domain, "its time is over").await?;
        return Ok(false);
    }
    match handed_over(core, mail(core, row, &payload)).await {
        Ok(()) => {
            outbox::delete(&core.db, row.id).await?;
            tracing::debug!(domain, letter = payload.letter.name(), "a mail was sent");
            return Ok(true);
        }
        Err(MailError::Final(reason)) => give_up(core, row, domain, &reason).await?,
        Err(MailError::Passing(reason)) => put_off(core, row, domain, &reason).await?,
    }
    Ok(false)
}

/// Does what a request left, or lays it back. What comes of it is a letter in its place.
async fn run_errand(core: &Core, row: &ClaimedRow) -> Result<()> {
    if deadline(core, row) <= core.clock.now() {
        return give_up(core, row, "", "its time is over").await;
    }
    match errands::run(core, row).await {
        Ok(()) => Ok(()),
        Err(problem) => put_off(core, row, "", &problem).await,
    }
}

/// Gives a mail to the mailer, which may be a host's: it may hang, and it may panic.
async fn handed_over(core: &Core, mail: Mail) -> Result<(), MailError> {
    let passing = |reason: &str| Err(MailError::Passing(reason.to_owned()));
    let Some(mailer) = core.post.mailer.clone() else {
        return passing("there is no mailer");
    };
    let mut sending = JoinSet::new();
    sending.spawn(async move { mailer.send(&mail).await });
    match tokio::time::timeout(core.config.mail.timeout, sending.join_next()).await {
        Ok(Some(Ok(outcome))) => outcome,
        Ok(_) => passing("the mailer panicked"),
        Err(_) => passing("no answer within mail.timeout"),
    }
}

fn mail(core: &Core, row: &ClaimedRow, payload: &Payload) -> Mail {
    let texts = Texts::new(match core.config.locale {
        Locale::Es => Locale::Es,
        _ => Locale::En,
    });
    let written = payload.letter.write(&texts, &core.config.app_name);
    let mut mail = Mail::new(&payload.to, written.subject, written.text);
    mail.html = written.html;
    mail.message_id.clone_from(&payload.message_id);
    mail.date = row.created_at;
    mail
}

/// From when on a row is not tried any more.
fn deadline(core: &Core, row: &ClaimedRow) -> DateTime<Utc> {
    let patience = later(row.created_at, core.config.mail.give_up_after);
    row.expires_at.map_or(patience, |end| end.min(patience))
}

async fn put_off(core: &Core, row: &ClaimedRow, domain: &str, reason: &str) -> Result<()> {
    let deadline = deadline(core, row);
    let now = core.clock.now();
    if deadline <= now {
        return give_up(core, row, domain, reason).await;
    }
    let next = later(now, pause(row.attempts)).min(deadline);
    let name = &core.post.name;
    outbox::retry(&core.db, row.id, name, reason, next).await?;
    let (id, attempts) = (row.id, row.attempts);
    tracing::warn!(id, domain, attempts, reason, %next, "a mail was not sent; it is tried again");
    Ok(())
}

async fn give_up(core: &Core, row: &ClaimedRow, domain: &str, reason: &str) -> Result<()> {
    if outbox::give_up(&core.db, row.id, &core.post.name).await? {
        let (id, attempts) = (row.id, row.attempts);
        tracing::error!(id, domain, attempts, reason, "a mail is given up");
    }
    Ok(())
}

/// After the first attempt the first pause.
fn pause(attempts: u32) -> Duration {
    let nth = usize::try_from(attempts).unwrap_or(usize::MAX);
    PAUSES[nth.saturating_sub(1).min(PAUSES.len() - 1)]
}
