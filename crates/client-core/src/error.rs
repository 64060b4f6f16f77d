//! The one error of both clients.

use std::{borrow::Cow, error, fmt, sync::Arc, time::Duration};

use reqwest::StatusCode;

/// What went wrong in a call, or in building a client.
///
/// `Debug` and `Display` show what this crate knows to be harmless: the kind, the operation, the status, a numeric
/// code, and texts of this crate. To read what the server wrote, call [`message`](Self::message),
/// [`code`](Self::code), [`request_id`](Self::request_id) or [`body`](Self::body): it may repeat what was sent to it.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    operation: Option<&'static str>,
    detail: Cow<'static, str>,
    status: Option<StatusCode>,
    server: ServerDetails,
    request_id: Option<String>,
    body: Option<Box<[u8]>>,
    retry_after: Option<Duration>,
    retryable: bool,
    page: Option<u64>,
    source: Option<Source>,
}

/// How much of a body an error keeps.
const KEPT_BODY: usize = 64 * 1024;

/// What the body of an error response says.
#[derive(Default)]
pub(crate) struct ServerDetails {
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) session_expired: bool,
}

/// The cause of an error; shared where one failure reaches several callers.
pub(crate) type Source = Arc<dyn error::Error + Send + Sync>;

/// The kinds of [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client was built with something unusable, or lacks the credentials the operation needs.
    Configuration,
    /// An argument cannot be sent as it is; nothing was sent.
    InvalidRequest,
    /// No session could be obtained; the call was not sent, or was refused because its session had expired.
    Session,
    /// No connection was made; the call was not sent, unless a custom HTTP client followed a redirect first.
    Connect,
    /// The server's certificate cannot be trusted, or it does not trust the client's; the call was not sent. Never
    /// retried.
    Tls,
    /// An attempt, or the call as a whole, took too long.
    Timeout,
    /// The connection broke, or what came over it is not HTTP.
    Transport,
    /// The server answered with an error status (4xx or 5xx).
    Status,
    /// The server answered with a status that is not documented for the operation, and is not an error nor a success
    /// (2xx) whose body decodes.
    UnexpectedStatus,
    /// The server answered with a redirect (3xx), which is not followed.
    Redirect,
    /// The response is not of a media type that is documented for its status, and does not decode all the same.
    MediaType,
    /// The response's body is not what the operation documents.
    Decode,
    /// The response is larger than the client accepts, or decoding it needs too much memory.
    TooLarge,
}

impl ErrorKind {
    /// The name in traces.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::InvalidRequest => "invalid_request",
            Self::Session => "session",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Timeout => "timeout",
            Self::Transport => "transport",
            Self::Status => "status",
            Self::UnexpectedStatus => "unexpected_status",
            Self::Redirect => "redirect",
            Self::MediaType => "media_type",
            Self::Decode => "decode",
            Self::TooLarge => "too_large",
        }
    }
}

impl Error {
    /// What kind of error this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The HTTP status, if the server sent one.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The code in the server's error body, such as `4011`.
    pub fn code(&self) -> Option<&str> {
        self.0.server.code.as_deref()
    }

    /// The message in the server's error body, such as `Member cannot use OAuth`.
    pub fn message(&self) -> Option<&str> {
        self.0.server.message.as_deref()
    }

    /// The server's id for the request (`X-Request-Id`), for asking its support.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The body of the response, as far as it was read, cut off after 64 KiB. `None` if there was no response.
    pub fn body(&self) -> Option<&[u8]> {
        self.0.body.as_deref()
    }

    /// The `operationId` of the call.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// How long to wait before the next try: what the server asks for (`Retry-After`), or when the session provider is
    /// asked again. At most a day.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether the same call may be sent again and may then succeed: the failure is a passing one, and either
    /// the operation is idempotent or the call was not sent.
    pub fn is_retryable(&self) -> bool {
        self.0.retryable
    }

    /// The number of the page that failed, where pages of a list were read.
    pub fn page(&self) -> Option<u64> {
        self.0.page
    }

    /// An error as a test of code that handles errors needs it: of this kind, with a text that `Display` shows. The
    /// methods `with_…` add what it says.
    ///
    /// ```
    /// use client_core::reqwest::StatusCode;
    /// use client_core::{Error, ErrorKind};
    ///
    /// let error = Error::new(ErrorKind::Status, "the server refused the call")
    ///     .with_status(StatusCode::NOT_FOUND)
    ///     .with_message("No such member");
    /// assert_eq!(error.to_string(), "the server refused the call (status 404)");
    /// assert_eq!(error.message(), Some("No such member"));
    /// ```
    pub fn new(kind: ErrorKind, detail: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            operation: None,
            detail: detail.into(),
            status: None,
            server: ServerDetails::default(),
            request_id: None,
            body: None,
            retry_after: None,
            retryable: false,
            page: None,
            source: None,
        }))
    }

    pub(crate) fn configuration(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Configuration, detail)
    }

    pub(crate) fn invalid(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::InvalidRequest, detail)
    }

    /// Sets the `operationId`.
    #[must_use]
    pub fn with_operation(mut self, operation: &'static str) -> Self {
        self.0.operation = Some(operation);
        self
    }

    /// Sets the HTTP status.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.0.status = Some(status);
        self
    }

    /// Sets the server's id for the request.
    #[must_use]
    pub fn with_request_id(mut self, id: impl Into<String>) -> Self {
        self.0.request_id = Some(id.into());
        self
    }

    /// Sets the code in the server's error body.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<String>) -> Self {
        self.0.server.code = Some(code.into());
        self
    }

    /// Sets the message in the server's error body.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.0.server.message = Some(message.into());
        self
    }

    /// Keeps what the body says.
    pub(crate) fn with_details(mut self, details: ServerDetails) -> Self {
        self.0.server = details;
        self
    }

    /// Sets the body of the response, of which 64 KiB are kept.
    #[must_use]
    pub fn with_body(mut self, body: &[u8]) -> Self {
        // A copy: a part of a large buffer would keep all of it.
        self.0.body = Some(body[..body.len().min(KEPT_BODY)].into());
        self
    }

    /// Adds what else is wrong.
    pub(crate) fn and(mut self, error: &Self) -> Self {
        self.0.detail = format!("{}; {}", self.0.detail, error.0.detail).into();
        self
    }

    /// Sets how long the server asks to wait.
    #[must_use]
    pub fn with_retry_after(mut self, wait: impl Into<Option<Duration>>) -> Self {
        self.0.retry_after = wait.into();
        self
    }

    /// Sets the number of the page that failed.
    #[must_use]
    pub fn with_page(mut self, page: u64) -> Self {
        self.0.page = Some(page);
        self
    }

    /// Sets whether the same call may be sent again.
    #[must_use]
    pub fn with_retryable(mut self, retryable: bool) -> Self {
        self.0.retryable = retryable;
        self
    }

    pub(crate) fn with_source(mut self, source: Source) -> Self {
        self.0.source = Some(source);
        self
    }

    /// Whether the server refuses the session, and does not say why.
    pub(crate) fn refuses_session(&self) -> bool {
        self.0.status == Some(StatusCode::UNAUTHORIZED)
            && self
                .code()
                .is_none_or(|code| code == StatusCode::UNAUTHORIZED.as_str())
    }

    /// Whether the server says that the session has expired.
    pub(crate) fn is_session_expired(&self) -> bool {
        self.0.server.session_expired
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            operation,
            detail,
            status,
            ..
        } = &*self.0;
        if let Some(operation) = operation {
            write!(f, "{operation}: ")?;
        }
        f.write_str(detail)?;
        if let Some(status) = status {
            write!(f, " (status {}", status.as_u16())?;
            if let Some(code) = harmless_code(self.code()) {
                write!(f, ", code {code}")?;
            }
            f.write_str(")")?;
        }
        if let Some(page) = self.0.page {
            write!(f, ", on page {page}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Error");
        shown.field("kind", &self.0.kind);
        if let Some(operation) = self.0.operation {
            shown.field("operation", &operation);
        }
        if let Some(status) = self.0.status {
            shown.field("status", &status.as_u16());
        }
        if let Some(code) = harmless_code(self.code()) {
            shown.field("code", &code);
        }
        shown.field("detail", &self.0.detail);
        if let Some(page) = self.0.page {
            shown.field("page", &page);
        }
        if let Some(source) = &self.0.source {
            shown.field("source", source);
        }
        shown.finish_non_exhaustive()
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        self.0.source.as_ref().map(|source| &**source as _)
    }
}

/// A code of a few digits can hold no secret; anything else the server wrote might.
fn harmless_code(code: Option<&str>) -> Option<&str> {
    code.filter(|code| code.len() <= 6 && code.bytes().all(|byte| byte.is_ascii_digit()))
}
