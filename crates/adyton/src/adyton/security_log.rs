//! The security log in a host's hands: listed, exported, verified.

use super::Adyton;
use crate::audit::{self, AuditEntry, AuditHead, AuditVerdict};
use crate::error::Result;
use crate::http::query::Paging;
use crate::user::UserId;

impl Adyton {
    /// The newest events, of one user or of all, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn audit_list(&self, user: Option<&UserId>, limit: u64) -> Result<Vec<AuditEntry>> {
        audit::newest(&self.context.core, user, limit).await
    }

    /// A page of what was refused, the newest first, and how many there are in all: for a host's own
    /// administration.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn audit_refused(&self, paging: Paging) -> Result<(Vec<AuditEntry>, u64)> {
        let part = (paging.offset(), paging.per_page);
        audit::refused(&self.context.core, part).await
    }

    /// The events after a number, in their order, a thousand at most: ask again after the last of
    /// them until there are none.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn audit_after(&self, number: i64) -> Result<Vec<AuditEntry>> {
        audit::after(&self.context.core, number).await
    }

    /// Whether the log is whole, and reaches a place whose hash was kept elsewhere.
    ///
    /// # Errors
    /// When the database cannot be read; never for a log that is broken.
    pub async fn audit_verify(&self, kept: Option<&AuditHead>) -> Result<AuditVerdict> {
        audit::verify(&self.context.core, kept).await
    }
}
