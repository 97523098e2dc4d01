//! Errands: what a request leaves to the courier, because doing it would tell something.
//!
//! A request that looks up an address, and then makes a link or does not, takes another time for a
//! known address than for an unknown one. So it writes down what is wanted, the same for all, and
//! the courier finds out. Running an errand puts a letter in the place of its row, in the
//! transaction of whatever the letter needs: an errand that was cut short is run once more, and
//! one that is done is gone.

mod email_change;
mod login_code;
mod password_reset;
mod registration;

use serde::{Deserialize, Serialize};

pub(crate) use self::email_change::{Asker, Wish};
pub(crate) use self::registration::Pending;
use crate::audit::{self, By};
use crate::core::Core;
use crate::db::Tx;
use crate::error::Result;
use crate::outbox::{LABEL, place};
use crate::store::Client;
use crate::store::outbox::{self, ClaimedRow, Kind, NewRow};

const KIND: Kind = Kind::Errand;

/// Something to do, as the outbox keeps it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Errand {
    /// Somebody forgot the password of this address, in canonical form.
    PasswordReset { email: String },
    /// Somebody wants a code, to log in to the account of this address, in canonical form.
    LoginCode { email: String },
    /// Somebody wants another address.
    EmailChange(Wish),
    /// Somebody wants this account.
    Registration(Pending),
}

impl Errand {
    /// A word for the log.
    fn name(&self) -> &'static str {
        match self {
            Errand::PasswordReset { .. } => "password_reset",
            Errand::LoginCode { .. } => "login_code",
            Errand::EmailChange(_) => "email_change",
            Errand::Registration(_) => "registration",
        }
    }
}

/// Leaves an errand to the courier, in a transaction that `audit::conclude` ends. Whoever does so
/// has asked [`Core::has_mailer`] first.
pub(crate) async fn leave(core: &Core, tx: &mut Tx, errand: &Errand) -> Result<()> {
    let plain = serde_json::to_vec(errand).expect("facts can always be written as JSON");
    let sealed = core.sealer(LABEL)?.seal(&plain, &place(KIND.as_str()));
    let new = NewRow {
        kind: KIND,
        user: None,
        payload: &sealed,
        expires_at: None,
        now: core.clock.now(),
    };
    outbox::insert(tx, new).await?;
    Ok(())
}

/// The same where there is nothing else to write: all that a request for a mail does, whoever asks
/// for whatever address.
///
/// # Errors
/// [`Error::MailUnconfigured`](crate::error::Error::MailUnconfigured) where nobody could be mailed.
pub(crate) async fn leave_alone(core: &Core, client: &Client, errand: Errand) -> Result<()> {
    core.require_mailer()?;
    let mut tx = core.db.begin().await?;
    leave(core, &mut tx, &errand).await?;
    audit::conclude(core, tx, By::Client(client), &[]).await
}

/// Runs the errand of a row that this process has in hand.
///
/// # Errors
/// Why it is to be tried again later, for the log.
pub(crate) async fn run(core: &Core, row: &ClaimedRow) -> Result<(), String> {
    let errand = opened(core, &row.payload)?;
    tracing::debug!(errand = errand.name(), "an errand is run");
    let done = match errand {
        Errand::PasswordReset { email } => password_reset::run(core, row, &email).await,
        Errand::LoginCode { email } => login_code::run(core, row, &email).await,
        Errand::EmailChange(wish) => email_change::run(core, row, &wish).await,
        Errand::Registration(pending) => registration::run(core, row, &pending).await,
    };
    done.map_err(|error| {
        tracing::debug!(?error, "an errand failed");
        error.to_string()
    })
}

fn opened(core: &Core, sealed: &str) -> Result<Errand, String> {
    let sealer = core.sealer(LABEL).map_err(|error| error.to_string())?;
    let opened = sealer.open(sealed, &place(KIND.as_str()));
    let opened = opened.map_err(|error| error.to_string())?;
    // The parser's own error would quote what it read.
    serde_json::from_slice(opened.plain.expose())
        .map_err(|_| "what it holds is no errand".to_owned())
}

/// There is nothing to send to anybody.
async fn nothing(core: &Core, row: &ClaimedRow) -> Result<()> {
    outbox::give_up(&core.db, row.id, &core.post.name).await?;
    Ok(())
}
