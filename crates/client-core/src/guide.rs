//! What every client does: credentials and sessions, errors and retries, what it does not show, traces.
//!
//! # Credentials
//!
//! The Platform API takes [`Credentials`]; the Nexus API takes a user's session, either a [`SessionToken`] or a
//! [`SessionProvider`] that obtains sessions and renews them: some time before thirty minutes have passed since the last
//! success, and once in a call when the server answers with code `4011`. One renewal serves all calls that wait for it.
//! While the session is valid, a renewal that fails fails no call. [`SessionExchange`] is the provider for MX's own way
//! to a session. [`Transport::for_session`], and `for_session` of a client, share everything but the session.
//!
//! They are sent to the configured server only, as the operation's security scheme says.
//!
//! # Errors and retries
//!
//! Every failure is an [`Error`]; [`ErrorKind`] names its kind, and a status is never hidden by a body that cannot be
//! read. [`RetryPolicy`] says what is sent again, after how long, and what the retry budget is; in short: an idempotent
//! operation at most twice, after failures that pass, and any operation that was not carried out.
//! [`ClientBuilder::on_attempt`] observes it. Dropping the future of a call cancels it.
//!
//! # What is not shown
//!
//! No `Debug`, `Display`, error or trace of this library shows a credential, a token, an argument, a query, a header,
//! a body, or a URL beyond the base URL. To read what the server said, call the methods of [`Error`].
//!
//! `Debug` of a generated type shows the names of the fields that are present, enums, booleans, and texts with the form
//! of a GUID or of a timestamp. Every other value prints as `…`, a [`Sensitive`] as `[hidden]`. To see values, serialize
//! them, or build with `RUSTFLAGS="--cfg mx_debug_values"`, which shows all but what is [`Sensitive`].
//!
//! # Traces
//!
//! Each call is a `tracing` span `mx_call` (level INFO) with OpenTelemetry's names:
//!
//! | field | value |
//! | --- | --- |
//! | `otel.kind`, `otel.name` | `client`, the `operationId` |
//! | `http.request.method` | the method |
//! | `url.template` | the path's template, such as `/members/{member_guid}` |
//! | `server.address`, `server.port` | the server |
//! | `http.response.status_code` | the status, if the server sent one |
//! | `http.request.resend_count` | how often it was sent again, if it was |
//! | `error.type` | the kind of the error, if the call failed; not recorded for what happens while a stream is read |
//!
//! Each attempt is an event (level DEBUG) in it, with `http.response.status_code`, `http.request.resend_count`,
//! `error.type`, `elapsed_ms`, and `retry_in_ms` if the call is sent again.
//!
//! [`ClientBuilder::on_attempt`]: crate::ClientBuilder::on_attempt
//! [`Credentials`]: crate::Credentials
//! [`Error`]: crate::Error
//! [`ErrorKind`]: crate::ErrorKind
//! [`RetryPolicy`]: crate::RetryPolicy
//! [`Sensitive`]: crate::Sensitive
//! [`SessionExchange`]: crate::SessionExchange
//! [`SessionProvider`]: crate::SessionProvider
//! [`SessionToken`]: crate::SessionToken
//! [`Transport::for_session`]: crate::Transport::for_session
