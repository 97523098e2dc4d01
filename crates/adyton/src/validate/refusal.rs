//! What a host refuses for reasons of its own.

use http::StatusCode;

/// A refusal of the host's own: it is worded, coded and logged as Adyton's are. A host that keeps
/// its refusals as constants has a list of all that it can say.
///
/// ```
/// use adyton::{Refusal, Result};
///
/// const SOLD_OUT: Refusal = Refusal::new(409, "SOLD_OUT", "There are no more of these.");
/// const OWN_TRACK: Refusal = Refusal::field("track", "OWN_TRACK", "This track is your own.");
///
/// fn buy(is_own: bool, left: u32) -> Result<()> {
///     if is_own {
///         return Err(OWN_TRACK.into()); // 422, {"message": …, "errors": {"track": […]}}
///     }
///     if left == 0 {
///         return Err(SOLD_OUT.into()); // 409, {"message": …}
///     }
///     Ok(())
/// }
/// # assert_eq!(buy(false, 0).unwrap_err().status(), 409);
/// # assert_eq!(buy(true, 1).unwrap_err().code(), "OWN_TRACK");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// The status; 422 for a field.
    pub status: u16,
    /// A stable name, for `X-Adyton-Code`.
    pub code: &'static str,
    /// The field that is wrong, if it is one.
    pub field: Option<&'static str>,
    /// The sentence, or its key in the texts of an [`Overlay`](crate::Overlay).
    pub says: &'static str,
}

impl Refusal {
    /// A request that is refused as a whole.
    pub const fn new(status: u16, code: &'static str, says: &'static str) -> Self {
        Self {
            status,
            code,
            field: None,
            says,
        }
    }

    /// A field whose value is refused: 422.
    pub const fn field(field: &'static str, code: &'static str, says: &'static str) -> Self {
        Self {
            status: 422,
            code,
            field: Some(field),
            says,
        }
    }

    /// The status, where it is one of a refusal: a fault for anything else.
    pub(crate) fn status_code(self) -> StatusCode {
        let status = StatusCode::from_u16(self.status).ok();
        let status = status.filter(|status| status.is_client_error() || status.is_server_error());
        status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_never_told_as_a_success() {
        let odd = [200, 99, 302].map(|status| Refusal::new(status, "ODD", "Odd."));
        assert!(odd.iter().all(|odd| odd.status_code() == 500));
        assert_eq!(Refusal::new(409, "SOLD_OUT", "").status_code(), 409);
    }
}
