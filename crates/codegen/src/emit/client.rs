//! The client, with the operations as its methods.

use quote::quote;
use syn::{Item, ItemImpl, parse_quote};

use crate::code::Call;
use crate::facts::{Authentication, Facts};
use crate::markdown::{code, doc_comment, markdown};

/// The items of the module `client`, after its `use`s.
pub(super) fn items(facts: &Facts, calls: Vec<Call<'_>>) -> Vec<Item> {
    let title = markdown(&facts.title);
    let client = doc_comment(&format!(
        "A client of the {title}: cheap to clone, safe to share between threads."
    ));
    let authentication = match facts.authentication {
        Authentication::Basic => quote!(Basic),
        Authentication::Session => quote!(Session),
    };
    let mut starts = "Starts a client.".to_owned();
    if !facts.variables.is_empty() {
        let variables: Vec<String> = facts.variables.iter().map(|name| code(name)).collect();
        starts.push_str(&format!(
            " By convention its credentials are in the environment, as {}.",
            variables.join(" and ")
        ));
    }
    let starts = doc_comment(&starts);
    let mut methods: ItemImpl = parse_quote!(impl Client {});
    methods.items = calls.into_iter().filter_map(|call| call.method).collect();
    vec![
        parse_quote! {
            /// Builds a [`Client`].
            pub type ClientBuilder = client_core::ClientBuilder<Client>;
        },
        parse_quote! {
            #(#client)*
            #[derive(Clone, Debug)]
            pub struct Client(Transport);
        },
        parse_quote! {
            impl Client {
                #(#starts)*
                pub fn builder() -> ClientBuilder {
                    ClientBuilder::new()
                }

                pub(super) fn transport(&self) -> &Transport {
                    &self.0
                }
            }
        },
        parse_quote! {
            impl client_core::Api for Client {
                const NAME: &'static str = env!("CARGO_PKG_NAME");
                const VERSION: &'static str = env!("CARGO_PKG_VERSION");
                type Environment = super::Environment;
                type Authentication = client_core::auth::#authentication;

                fn from_transport(transport: Transport) -> Self {
                    Self(transport)
                }
            }
        },
        Item::Impl(methods),
    ]
}
