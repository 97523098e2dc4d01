//! By what a user gets in, as an operator sees it, and taking it away: for somebody who lost a
//! phone.

use crate::audit::{self, By};
use crate::core::Core;
use crate::db::Tx;
use crate::error::Result;
use crate::event::Event;
use crate::notices;
use crate::revocation::{self, Keep};
use crate::store::{passkeys, security, social_accounts};
use crate::user::{Changes, User};
use crate::wire::NoticeKind;

/// By what a user gets in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WaysIn {
    /// Whether there is a password.
    pub password: bool,
    /// Whether a second factor is asked for.
    pub second_factor: bool,
    /// The names of the passkeys.
    pub passkeys: Vec<String>,
    /// The providers that the user is linked with.
    pub providers: Vec<String>,
}

/// What is to be taken away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Forget {
    /// The second factor and its recovery codes.
    pub second_factor: bool,
    /// All passkeys.
    pub passkeys: bool,
    /// All links with providers.
    pub providers: bool,
}

/// By what a user gets in.
pub(crate) async fn ways_in(core: &Core, user: &User) -> Result<WaysIn> {
    let passkeys = passkeys::of_user(&core.db, &user.id).await?;
    let linked = social_accounts::of_user(&core.db, &user.id).await?;
    Ok(WaysIn {
        password: user.has_password(),
        second_factor: core.asks_second_factor(user),
        passkeys: passkeys.into_iter().map(|passkey| passkey.name).collect(),
        providers: linked.into_iter().map(|account| account.provider).collect(),
    })
}

/// Takes ways in away, and ends all that was opened before. The user is told of each. Tokens stay.
/// The last way in goes, too: a password that was forgotten can still be replaced by mail.
pub(crate) async fn forget(core: &Core, user: &User, what: Forget) -> Result<()> {
    security::epoch(&core.db, &user.id).await?;
    let passkeys = passkeys::of_user(&core.db, &user.id).await?;
    let linked = social_accounts::of_user(&core.db, &user.id).await?;
    let mut tx = core.db.begin().await?;
    let keep = Keep {
        tokens: true,
        ..Keep::default()
    };
    revocation::end(core, &mut tx, user, keep).await?;
    let mut done = Vec::new();
    if what.second_factor && user.two_factor_secret.is_some() {
        core.users
            .update(&user.id, no_second_factor(), &mut tx)
            .await?;
        let user = user.id.clone();
        done.push((
            Event::TwoFactorDisabled { user },
            NoticeKind::TwoFactorDisabled,
        ));
    }
    for passkey in passkeys.iter().filter(|_| what.passkeys) {
        if passkeys::delete(&mut tx, &user.id, passkey.id).await? {
            let (user, name) = (user.id.clone(), passkey.name.clone());
            let passkey = passkey.id;
            let event = Event::PasskeyRemoved { user, passkey };
            done.push((event, NoticeKind::PasskeyRemoved { name }));
        }
    }
    for account in linked.iter().filter(|_| what.providers) {
        if social_accounts::delete(&mut tx, &user.id, account.id).await? {
            let (user, provider) = (user.id.clone(), account.provider.clone());
            let notice = NoticeKind::ProviderUnlinked {
                provider: provider.clone(),
            };
            done.push((Event::SocialUnlinked { user, provider }, notice));
        }
    }
    conclude(core, tx, user, done).await
}

async fn conclude(
    core: &Core,
    mut tx: Tx,
    user: &User,
    done: Vec<(Event, NoticeKind)>,
) -> Result<()> {
    let mut events = vec![Event::SessionsEnded {
        user: user.id.clone(),
    }];
    for (event, notice) in done {
        notices::tell(core, &mut tx, user, notice, By::Operator).await?;
        events.push(event);
    }
    audit::conclude(core, tx, By::Operator, &events).await?;
    core.freshness.changed(&user.id);
    Ok(())
}

fn no_second_factor() -> Changes {
    Changes {
        two_factor_secret: Some(None),
        two_factor_recovery_codes: Some(None),
        two_factor_confirmed_at: Some(None),
        ..Changes::default()
    }
}
