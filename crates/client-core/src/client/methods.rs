//! What every call of a generated client can do.

/// Gives a type that holds a [`Call`](crate::Call) the methods that are the same for every operation.
///
/// The methods that send are not `async`. They return the future of the `Call`, since the compiler would have to
/// translate each `async fn` once for every operation.
#[macro_export]
macro_rules! call_methods {
    ($name:ident) => {
        impl $name {
            /// Sets how long the call may take as a whole, in place of the client's total timeout. One attempt may
            /// take all of it.
            pub fn timeout(self, timeout: ::std::time::Duration) -> Self {
                Self(self.0.timeout(timeout))
            }

            /// Sets how often the call is sent, in place of the client's policy.
            pub fn retry(self, policy: $crate::RetryPolicy) -> Self {
                Self(self.0.retry(policy))
            }

            /// Sets whether the call may be sent twice without harm, in place of what the operation says.
            pub fn idempotent(self, idempotent: bool) -> Self {
                Self(self.0.idempotent(idempotent))
            }

            /// Adds a header, in place of one that the client sends by that name. The headers of the connection and of
            /// the credentials are refused.
            pub fn header(
                self,
                name: impl ::std::convert::AsRef<str>,
                value: impl ::std::convert::AsRef<str>,
            ) -> Self {
                Self(self.0.extra_header(name, value))
            }

            /// Sends the call and returns any success as it comes, its body neither read nor decoded.
            ///
            /// # Errors
            ///
            /// [`Error`](crate::Error) says what failed: the arguments, the connection, or the server.
            pub fn send_raw(
                self,
            ) -> impl ::std::future::Future<
                Output = ::std::result::Result<$crate::RawResponse, $crate::Error>,
            > {
                self.0.send_raw()
            }

            /// Sends the call and decodes the JSON of any success as a type of yours, in place of the operation's.
            ///
            /// # Errors
            ///
            /// [`Error`](crate::Error) says what failed: the arguments, the connection, the server, or the decoding.
            pub fn send_as<T: $crate::__private::DeserializeOwned>(
                self,
            ) -> impl ::std::future::Future<
                Output = ::std::result::Result<$crate::Response<T>, $crate::Error>,
            > {
                self.0.send_as()
            }
        }
    };
}
