//! Where a browser asks to be sent at the end of a way that leaves our pages: to one of them, and
//! nowhere else.

use http::HeaderMap;

use super::context::Context;
use super::origin::Origin;
use crate::error::Result;
use crate::validate::{Invalid, Rule};

/// The name of the field.
pub(crate) const NAME: &str = "return_to";

/// What was asked for, if it is a path of ours, or an address of our own origin or of a stateful
/// one.
///
/// # Errors
/// [`Rule::In`] for anything else: whoever follows a link must not end on a stranger's page that
/// looks like ours.
pub(crate) fn checked(
    context: &Context,
    headers: &HeaderMap,
    asked: Option<String>,
) -> Result<Option<String>> {
    match asked {
        Some(asked) if !is_ours(context, headers, &asked) => {
            Err(Invalid::field(NAME, Rule::In).into())
        }
        asked => Ok(asked),
    }
}

fn is_ours(context: &Context, headers: &HeaderMap, asked: &str) -> bool {
    // Browsers read a backslash as a slash, and leave out tabs and line breaks.
    let is_plain = asked
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if !is_plain {
        return false;
    }
    if asked.starts_with('/') {
        return !asked.starts_with("//");
    }
    let is_web = ["https://", "http://"]
        .iter()
        .any(|start| asked.starts_with(start));
    let origin = Origin::parse(asked).filter(|_| is_web);
    origin.is_some_and(|origin| context.is_ours(&origin, headers))
}
