//! A walk past every sealed value but the canary, page by page.

use std::collections::HashSet;

use super::place::{Place, Sealed, is_sealed};
use crate::core::Core;
use crate::error::Result;
use crate::store::outbox;
use crate::user::{User, UserId, UserQuery};

/// Rows of a page.
const PAGE: u64 = 200;

/// How many users of a page are on the one before it too. Pages are counted off, so whoever is
/// deleted meanwhile moves the rest: as long as two pages share a user, none lies between them.
const OVERLAP: u64 = 20;

/// How far it is.
#[derive(Default)]
pub(super) struct Walk {
    offset: u64,
    last_page: HashSet<UserId>,
    is_past_users: bool,
    last_mail: i64,
}

impl Walk {
    /// The next page, perhaps an empty one; none at the end.
    pub(super) async fn next(&mut self, core: &Core) -> Result<Option<Vec<Sealed>>> {
        if self.is_past_users {
            return self.mails(core).await;
        }
        self.users(core).await.map(Some)
    }

    async fn users(&mut self, core: &Core) -> Result<Vec<Sealed>> {
        let mut query = UserQuery::first(PAGE);
        query.offset = self.offset;
        let (users, total) = core.users.list(&query).await?;
        let meets = users.iter().any(|user| self.last_page.contains(&user.id));
        if self.offset > 0 && !meets {
            // So many were deleted that the pages do not meet any more.
            self.offset = self.offset.saturating_sub(PAGE);
            return Ok(Vec::new());
        }
        let listed = u64::try_from(users.len()).unwrap_or(u64::MAX);
        let ids = users.iter().map(|user| user.id.clone()).collect();
        let last_page = std::mem::replace(&mut self.last_page, ids);
        let is_new = |user: &User| !last_page.contains(&user.id);
        let new: Vec<User> = users.into_iter().filter(is_new).collect();
        // The second for users that are listed by somebody who knows no offset.
        self.is_past_users = listed < PAGE || (new.is_empty() && self.offset >= total);
        self.offset += listed.saturating_sub(OVERLAP);
        Ok(new.into_iter().flat_map(of_user).collect())
    }

    async fn mails(&mut self, core: &Core) -> Result<Option<Vec<Sealed>>> {
        let limit = i64::try_from(PAGE).unwrap_or(i64::MAX);
        let rows = outbox::sealed_after(&core.db, self.last_mail, limit).await?;
        let Some((last, _, _)) = rows.last() else {
            return Ok(None);
        };
        self.last_mail = *last;
        let sealed = rows.into_iter().map(|(id, kind, payload)| Sealed {
            place: Place::Mail { id, kind },
            text: payload.into(),
        });
        Ok(Some(sealed.collect()))
    }
}

fn of_user(user: User) -> impl Iterator<Item = Sealed> {
    let secret = user.two_factor_secret.map(|text| Sealed {
        place: Place::Secret(user.id.clone()),
        text,
    });
    let codes = user.two_factor_recovery_codes.map(|text| Sealed {
        place: Place::RecoveryCodes(user.id),
        text,
    });
    let both = secret.into_iter().chain(codes);
    both.filter(|sealed| is_sealed(&sealed.text))
}
