//! The servers of the spec as an enum.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::api::Api;
use crate::markdown::{doc_comment, markdown};

/// The enum `Environment`.
pub(super) fn items(api: &Api) -> TokenStream {
    let variants = api.servers.iter().map(|server| {
        let variant = format_ident!("{}", server.variant);
        let docs = doc_comment(&markdown(&server.url));
        quote!(#(#docs)* #variant)
    });
    let arms = api.servers.iter().map(|server| {
        let (variant, url) = (format_ident!("{}", server.variant), &server.url);
        quote!(Self::#variant => #url)
    });
    quote! {
        /// A server of this API, as its spec names it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Environment { #(#variants),* }

        impl Environment {
            /// The server's URL.
            pub const fn url(self) -> &'static str {
                match self { #(#arms),* }
            }
        }

        impl AsRef<str> for Environment {
            fn as_ref(&self) -> &str {
                self.url()
            }
        }
    }
}
