//! The operations of an API as methods of a mock server.

/// Defines the mocks of an API: `When` and `Then` with methods for each operation, and the trait that starts them.
///
/// An operation is written as its method, its builder, its entry in the operations table, its arguments with place
/// and type, and its responses with kind, method and status.
#[macro_export]
macro_rules! mock_operations {
    ($(
        $operation:ident($call:ident, $entry:ident) {
            when { $($place:ident $argument:ident: $given:ty,)* }
            then { $($kind:ident $answer:ident($($status:tt)+) $(: $body:ty)?,)* }
        }
    )*) => {
        pub use $crate::mock::{Under, httpmock, httpmock::MockServer};

        /// The operations as methods of a mock server, called as the client's methods are.
        ///
        /// If [`MockServer`] has a method of that name itself, call `MockServerExt::name(&server, …)`.
        pub trait MockServerExt: $crate::mock::Host {
            $(
                #[doc = concat!(
                    " Mocks [`Client::", stringify!($operation), "`](crate::Client::", stringify!($operation), ")."
                )]
                fn $operation(
                    &self,
                    configure: impl ::std::ops::FnOnce(
                        When<builder::$call>,
                        Then<builder::$call>,
                    ),
                ) -> $crate::mock::httpmock::Mock<'_> {
                    $crate::mock::add(self, &operations::$entry, |when, then| {
                        configure(
                            When(when, ::std::marker::PhantomData),
                            Then(then, ::std::marker::PhantomData),
                        )
                    })
                }
            )*
        }

        impl<H: $crate::mock::Host + ?Sized> MockServerExt for H {}

        $(
            impl When<builder::$call> {
                $($crate::mock_operations! { @when $place $argument: $given })*
            }

            impl Then<builder::$call> {
                $($crate::mock_operations! { @then $kind $answer($($status)+) $(: $body)? })*
            }
        )*

        /// Which calls of an operation a mock answers: all of them, until arguments are given. A value is compared
        /// literally, whatever characters it has.
        pub struct When<C>($crate::mock::When, ::std::marker::PhantomData<fn(C)>);

        impl<C> When<C> {
            /// The call does not have this optional argument.
            ///
            /// # Panics
            ///
            /// The operation has no such argument, or always has it.
            #[track_caller]
            pub fn without(self, argument: &str) -> Self {
                Self(self.0.without(argument), ::std::marker::PhantomData)
            }

            /// Adds request assertions of [`httpmock`].
            pub fn and(
                self,
                change: impl ::std::ops::FnOnce($crate::mock::httpmock::When) -> $crate::mock::httpmock::When,
            ) -> Self {
                Self(self.0.and(change), ::std::marker::PhantomData)
            }

            /// The underlying value of [`httpmock`].
            pub fn into_inner(self) -> $crate::mock::httpmock::When {
                self.0.into_inner()
            }
        }

        /// What a mock of an operation answers: a documented response, or any other.
        pub struct Then<C>($crate::mock::Then, ::std::marker::PhantomData<fn(C)>);

        impl<C> Then<C> {
            /// Answers with a status, documented or not, without a body so far.
            pub fn status(self, status: u16) -> Self {
                Self(self.0.status(status), ::std::marker::PhantomData)
            }

            /// Answers with any JSON, after its status was given: of the media type that is documented for it, or else
            /// `application/json`.
            #[track_caller]
            pub fn json(self, body: impl $crate::__private::Serialize) -> Self {
                Self(self.0.json(body), ::std::marker::PhantomData)
            }

            /// States the response of the next call: `then.ok(…).then().ok(…)`. The last response is given to all
            /// calls that follow. Of what [`and`](Self::and) changes, a sequence keeps only the delay.
            pub fn then(self) -> Self {
                Self(self.0.then(), ::std::marker::PhantomData)
            }

            /// Adds a header to the response, such as `Retry-After`.
            pub fn header(self, name: &str, value: &str) -> Self {
                Self(self.0.header(name, value), ::std::marker::PhantomData)
            }

            /// Answers this late. In a sequence the server answers no other call meanwhile.
            pub fn delay(self, delay: ::std::time::Duration) -> Self {
                Self(self.0.delay(delay), ::std::marker::PhantomData)
            }

            /// Answers with a body of any media type.
            pub fn content(self, media_type: &str, body: impl ::std::convert::AsRef<[u8]>) -> Self {
                Self(self.0.content(media_type, body), ::std::marker::PhantomData)
            }

            /// Changes the response with the methods of [`httpmock`], such as headers and delays.
            pub fn and(
                self,
                change: impl ::std::ops::FnOnce($crate::mock::httpmock::Then) -> $crate::mock::httpmock::Then,
            ) -> Self {
                Self(self.0.and(change), ::std::marker::PhantomData)
            }

            /// The underlying value of [`httpmock`].
            pub fn into_inner(self) -> $crate::mock::httpmock::Then {
                self.0.into_inner()
            }
        }
    };

    (@when $place:ident $argument:ident: $given:ty) => {
        #[doc = concat!(" The call has this `", stringify!($argument), "`.")]
        #[track_caller]
        pub fn $argument(self, value: impl ::std::convert::TryInto<$given>) -> Self {
            Self(self.0.$place::<$given>(stringify!($argument), value), ::std::marker::PhantomData)
        }
    };

    (@then typed $answer:ident($status:literal): $body:ty) => {
        #[doc = concat!(
            " Answers ", $status, " with a `", stringify!($body), "`, given as such or as JSON that decodes to it."
        )]
        #[track_caller]
        pub fn $answer(self, body: impl $crate::__private::Serialize) -> Self {
            Self(self.0.status($status).typed::<$body>(body), ::std::marker::PhantomData)
        }
    };
    (@then typed $answer:ident(in $range:literal): $body:ty) => {
        #[doc = concat!(
            " Answers ", $range, " with a `", stringify!($body), "`, given as such or as JSON that decodes to it."
        )]
        #[track_caller]
        pub fn $answer(self, status: u16, body: impl $crate::__private::Serialize) -> Self {
            Self(self.0.status_in($range, status).typed::<$body>(body), ::std::marker::PhantomData)
        }
    };
    (@then json $answer:ident($status:literal)) => {
        #[doc = concat!(" Answers ", $status, " with JSON.")]
        #[track_caller]
        pub fn $answer(self, body: impl $crate::__private::Serialize) -> Self {
            Self(self.0.status($status).json(body), ::std::marker::PhantomData)
        }
    };
    (@then json $answer:ident(in $range:literal)) => {
        #[doc = concat!(" Answers ", $range, " with JSON.")]
        #[track_caller]
        pub fn $answer(self, status: u16, body: impl $crate::__private::Serialize) -> Self {
            Self(self.0.status_in($range, status).json(body), ::std::marker::PhantomData)
        }
    };
    (@then bytes $answer:ident($status:literal)) => {
        #[doc = concat!(" Answers ", $status, " with bytes.")]
        pub fn $answer(self, body: impl ::std::convert::AsRef<[u8]>) -> Self {
            Self(self.0.status($status).bytes(body), ::std::marker::PhantomData)
        }
    };
    (@then bytes $answer:ident(in $range:literal)) => {
        #[doc = concat!(" Answers ", $range, " with bytes.")]
        #[track_caller]
        pub fn $answer(self, status: u16, body: impl ::std::convert::AsRef<[u8]>) -> Self {
            Self(self.0.status_in($range, status).bytes(body), ::std::marker::PhantomData)
        }
    };
    (@then empty $answer:ident($status:literal)) => {
        #[doc = concat!(" Answers ", $status, ".")]
        pub fn $answer(self) -> Self {
            Self(self.0.status($status), ::std::marker::PhantomData)
        }
    };
    (@then empty $answer:ident(in $range:literal)) => {
        #[doc = concat!(" Answers ", $range, ".")]
        #[track_caller]
        pub fn $answer(self, status: u16) -> Self {
            Self(self.0.status_in($range, status), ::std::marker::PhantomData)
        }
    };
}
