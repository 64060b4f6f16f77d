//! How a member's OAuth ended: what MX appends to the URL it calls back.

use std::fmt;

use reqwest::Url;

use crate::error::{Error, ErrorKind};

/// What MX reports at the end of OAuth, by redirecting to `client_redirect_url` or to `<scheme>://oauth_complete`.
///
/// Anyone can call such a URL: take it as a hint to read the member, not as proof. The member can differ from
/// the one that OAuth was started for.
///
/// ```
/// use client_core::oauth::{OAuthRedirect, Reason, Status};
///
/// let end = OAuthRedirect::parse("myapp://oauth_complete?status=error&member_guid=MBR-1&error_reason=DENIED")?;
/// assert_eq!(end.status(), &Status::Error);
/// assert_eq!(end.member_guid(), Some("MBR-1"));
/// assert_eq!(end.reason(), Some(&Reason::Denied));
/// # Ok::<(), client_core::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct OAuthRedirect {
    status: Status,
    member_guid: Option<String>,
    reason: Option<Reason>,
}

impl OAuthRedirect {
    /// Reads a redirect: a whole URL, or the target of the request that a callback listener receives
    /// (`/done?status=success&…`). Separators that were HTML-escaped on the way (`&amp;`) are understood. Where a
    /// name occurs twice the last one counts, because MX appends its own.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`] if there is no `status` in it. The error does not show the URL.
    pub fn parse(redirect: &str) -> Result<Self, Error> {
        let (mut status, mut member_guid, mut reason) = (None, None, None);
        let query = redirect.split('#').next().unwrap_or_default();
        let query = query.split_once('?').map_or("", |(_, query)| query);
        for (name, value) in pairs(query) {
            let known = match unescaped(&name) {
                "status" => &mut status,
                "member_guid" => &mut member_guid,
                "error_reason" => &mut reason,
                _ => continue,
            };
            *known = Some(value).filter(|value| !value.is_empty());
        }
        let status = status
            .ok_or_else(|| Error::new(ErrorKind::Decode, "the OAuth redirect has no status"))?;
        Ok(Self {
            status: Status::from(status),
            member_guid,
            reason: reason.map(Reason::from),
        })
    }

    /// Whether the member is connected.
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// The member that came out of OAuth.
    pub fn member_guid(&self) -> Option<&str> {
        self.member_guid.as_deref()
    }

    /// Why it failed.
    pub fn reason(&self) -> Option<&Reason> {
        self.reason.as_ref()
    }
}

impl fmt::Debug for OAuthRedirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthRedirect")
            .field("status", &self.status)
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}

/// The pairs of a query, decoded.
fn pairs(query: &str) -> Vec<(String, String)> {
    let mut url = Url::parse("https://localhost/").expect("a constant that is a URL");
    url.set_query(Some(query));
    url.query_pairs().into_owned().collect()
}

/// A name without what an HTML-escaped `&` before it has left, however often it was escaped.
fn unescaped(mut name: &str) -> &str {
    while let Some(rest) = name.strip_prefix("amp;") {
        name = rest;
    }
    name
}

crate::string_enum! {
    #[open(Other)]
    /// How OAuth ended.
    pub enum Status {
        /// The member is connected.
        Success = "success",
        /// It is not; see [`OAuthRedirect::reason`].
        Error = "error",
    }
}

crate::string_enum! {
    #[open(Other)]
    /// Why OAuth failed.
    pub enum Reason {
        /// The user cancelled it.
        Cancelled = "CANCELLED",
        /// The user or the institution denied access.
        Denied = "DENIED",
        /// The user must first do something at the institution.
        Impeded = "IMPEDED",
        /// The institution failed.
        ProviderError = "PROVIDER_ERROR",
        /// MX failed.
        ServerError = "SERVER_ERROR",
        /// The session at MX was lost.
        SessionError = "SESSION_ERROR",
    }
}
