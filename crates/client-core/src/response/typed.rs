//! What a call returns when it succeeds.

use std::fmt;
use std::ops::{Deref, DerefMut};

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use super::request_id;
use crate::exact::Exactly;
use crate::safe_debug::SafeDebug;

/// The response of a call that succeeded: the decoded value, with the status and the headers that came with it.
///
/// It dereferences to the value. `Debug` shows of the value of an operation what [`SafeDebug`] shows, of any other
/// value nothing, and no header: any may hold a secret.
///
/// ```
/// use client_core::Response;
/// use client_core::reqwest::{StatusCode, header::HeaderMap};
///
/// // As a test makes one.
/// let mut headers = HeaderMap::new();
/// headers.insert("x-request-id", "42".parse()?);
/// let response = Response::new(vec!["a"], StatusCode::OK, headers);
/// assert_eq!(response.len(), 1);
/// assert_eq!(response.request_id(), Some("42"));
/// assert_eq!(response.into_inner(), ["a"]);
/// # Ok::<(), client_core::reqwest::header::InvalidHeaderValue>(())
/// ```
#[derive(Clone)]
pub struct Response<T> {
    value: T,
    status: StatusCode,
    headers: HeaderMap,
    show: fn(&T, &mut fmt::Formatter<'_>) -> fmt::Result,
}

impl<T> Response<T> {
    /// A response made of its parts.
    pub fn new(value: T, status: StatusCode, headers: HeaderMap) -> Self {
        Self {
            value,
            status,
            headers,
            show: |_, f| f.write_str("…"),
        }
    }

    /// The same, with the value in `Debug` as [`SafeDebug`] shows it.
    pub fn with_safe_debug(self) -> Self
    where
        T: SafeDebug,
    {
        Self {
            show: T::safe_fmt,
            ..self
        }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The server's id for the request (`X-Request-Id`), for asking its support.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// The value.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The value, the status and the headers.
    pub fn into_parts(self) -> (T, StatusCode, HeaderMap) {
        (self.value, self.status, self.headers)
    }

    /// The response with another value in place of this one.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        Response::new(change(self.value), self.status, self.headers)
    }
}

impl<T: SafeDebug> Response<Exactly<T>> {
    /// The response with the value itself.
    pub fn into_exact(self) -> Response<T> {
        self.map(|Exactly(value)| value).with_safe_debug()
    }
}

impl<T: SafeDebug> Response<Option<Exactly<T>>> {
    /// The response with the value itself, if there is one.
    pub fn into_exact(self) -> Response<Option<T>> {
        let inner = |value: Option<Exactly<T>>| value.map(|Exactly(value)| value);
        self.map(inner).with_safe_debug()
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Response<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T> AsRef<T> for Response<T> {
    fn as_ref(&self) -> &T {
        &self.value
    }
}

impl<T> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.show)(&self.value, f)
    }
}
