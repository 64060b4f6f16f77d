//! The client, with the operations as its methods.

use quote::quote;
use syn::{Item, ItemImpl, parse_quote};

use crate::api::{Api, SchemeKind};
use crate::code::Call;
use crate::facts::{Authentication, Facts};
use crate::markdown::{code, doc_comment, markdown};

/// The items of the module `client`, after its `use`s.
pub(super) fn items(facts: &Facts, api: &Api, calls: Vec<Call<'_>>) -> Vec<Item> {
    let title = markdown(&facts.title);
    let groups = by_tag(calls);
    let client = doc_comment(&format!(
        "A client of the {title}: cheap to clone, safe to share between threads.{}",
        overview(&groups)
    ));
    let authentication = match facts.authentication {
        Authentication::None => quote!(()),
        Authentication::Basic | Authentication::Bearer => quote!(client_core::auth::Basic),
        Authentication::Session => quote!(client_core::auth::Session),
    };
    let variables = &facts.variables;
    let mut starts = "Starts a client.".to_owned();
    if !variables.is_empty() {
        let setter = match facts.authentication {
            Authentication::Session => "session_token_from_env",
            _ => "credentials_from_env",
        };
        let names: Vec<String> = variables.iter().map(|name| code(name)).collect();
        starts.push_str(&format!(
            "\n\n[`{setter}`](ClientBuilder::{setter}) reads {}.",
            names.join(" and ")
        ));
    }
    let takes =
        |wanted: fn(&SchemeKind) -> bool| api.schemes.iter().any(|scheme| wanted(&scheme.kind));
    if takes(|kind| matches!(kind, SchemeKind::Basic))
        && takes(|kind| matches!(kind, SchemeKind::Bearer))
    {
        starts.push_str(
            "\n\nSome operations take a bearer token and the others a client id and its API key: \
             [`Credentials::with_bearer`](client_core::Credentials::with_bearer) makes credentials for all of them.",
        );
    }
    let starts = doc_comment(&starts);
    let for_session = (facts.authentication == Authentication::Session).then(|| {
        quote! {
            /// The client of another user, with a session token. It shares the connections, the certificates, the
            /// settings and the retry budget, so that it costs the memory of the token.
            ///
            /// # Errors
            ///
            /// [`ErrorKind::Configuration`](client_core::ErrorKind::Configuration) if the token cannot be right: it is
            /// empty, or contains what a header cannot hold.
            pub fn for_session(
                &self,
                token: impl Into<client_core::SecretString>,
            ) -> Result<Self, client_core::Error> {
                self.0.for_session(token).map(Self)
            }

            /// The client of another user, whose sessions come from this provider; the rest is shared as by
            /// [`for_session`](Self::for_session).
            #[must_use]
            pub fn for_session_provider(&self, provider: impl client_core::SessionProvider) -> Self {
                Self(self.0.for_session_provider(provider))
            }
        }
    });
    let mut items = vec![
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

                /// Starts a request that the document does not know, with the credentials, errors and retries of the
                /// operations.
                ///
                /// The path is a template: it begins with a slash, and [`Request::path`](client_core::Request::path)
                /// gives what stands for each `{name}` in it.
                pub fn request(
                    &self,
                    method: reqwest::Method,
                    path: impl Into<std::borrow::Cow<'static, str>>,
                ) -> Request {
                    self.0.request(&operations::REQUEST, method, path)
                }

                #for_session
            }
        },
        parse_quote! {
            impl client_core::Api for Client {
                const NAME: &'static str = env!("CARGO_PKG_NAME");
                const VERSION: &'static str = env!("CARGO_PKG_VERSION");
                type Environment = super::Environment;
                type Authentication = #authentication;
                const VARIABLES: &'static [&'static str] = &[#(#variables),*];
                const REQUEST: &'static client_core::Operation = &operations::REQUEST;

                fn from_transport(transport: Transport) -> Self {
                    Self(transport)
                }
            }
        },
    ];
    items.extend(groups.into_iter().map(|group| Item::Impl(group.methods)));
    items
}

/// The operations of a tag.
struct Group {
    /// The tag, as Markdown; `None` of those without one.
    tag: Option<String>,
    /// The names of the methods.
    names: Vec<String>,
    methods: ItemImpl,
}

/// The operations by their first tag, in the order of the document.
fn by_tag(calls: Vec<Call<'_>>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for call in calls {
        let tag = call.operation.tags.first().map(|tag| code(tag));
        let known = groups.iter().position(|group| group.tag == tag);
        let place = known.unwrap_or_else(|| {
            let docs = tag.as_ref().map(|tag| doc_comment(&format!("# {tag}")));
            let docs = docs.unwrap_or_default();
            groups.push(Group {
                tag,
                names: Vec::new(),
                methods: parse_quote!(#(#docs)* impl Client {}),
            });
            groups.len() - 1
        });
        groups[place].names.push(call.operation.name.clone());
        groups[place].methods.items.extend(call.method);
    }
    groups
}

/// The operations of each tag, with links; nothing where there are no tags.
fn overview(groups: &[Group]) -> String {
    if groups.iter().all(|group| group.tag.is_none()) {
        return String::new();
    }
    let mut text = "\n\n# Operations\n".to_owned();
    for group in groups {
        let links = group.names.iter();
        let links: Vec<String> = links
            .map(|name| format!("[`{name}`](Self::{name})"))
            .collect();
        let tag = group.tag.as_deref().unwrap_or("without a tag");
        text.push_str(&format!("\n- {tag}: {}", links.join(", ")));
    }
    text
}
