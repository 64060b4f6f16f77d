//! The passes over progenitor's code.

use insta::assert_snapshot;

use crate::view::{View, generate};

/// One operation with a required and an optional argument of each kind, and a body.
fn update_user() -> View {
    generate(
        "
paths:
  /users/{guid}:
    put:
      operationId: updateUser
      summary: Update user
      description: See the [guide](/guide), an Array<String> in [brackets].<br></br>More.
      parameters:
        - {name: page, in: query, description: The page., schema: {type: integer}}
        - {name: X-Reason, in: header, required: true, schema: {type: string}}
        - {name: guid, in: path, required: true, description: Whose., schema: {type: string}}
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}
      responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}}
components:
  schemas:
    User:
      type: object
      required: [id]
      properties:
        id: {type: string}
        new: {type: boolean}
        tags: {type: array, items: {type: string}}
        state: {type: string, enum: [OPEN, Unknown, '']}
",
    )
}

#[test]
fn required_arguments_cannot_be_forgotten() {
    let view = update_user();
    assert_snapshot!(view.item("client.rs", "pub fn update_user("), @r#"
    /// Update user.
    ///
    /// See the [guide](https://docs.mx.com/guide), an Array\<String\> in \[brackets]. More.
    ///
    /// `PUT /users/{guid}`, operation `updateUser`.
    ///
    /// - `guid`: Whose.
    /// - `body`: The request's body.
    pub fn update_user(
        &self,
        guid: impl TryInto<String>,
        x_reason: impl TryInto<String>,
        body: impl TryInto<types::User>,
    ) -> builder::UpdateUser {
        builder::UpdateUser(
            self
                .0
                .call(&operations::UPDATE_USER)
                .path("guid", Argument::<String>::new(guid))
                .header("X-Reason", Argument::<String>::new(x_reason))
                .json(Argument::<types::User>::new(body)),
        )
    }
    "#);
    assert_snapshot!(view.item("builder.rs", "pub struct UpdateUser("), @r#"
    /// A call of [`Client::update_user`](crate::Client::update_user), ready to be sent.
    #[derive(Clone, Debug)]
    #[must_use = "a call does nothing until it is sent"]
    pub struct UpdateUser(pub(super) Call);
    "#);
}

#[test]
fn sending_passes_the_arguments_to_the_transport() {
    let view = update_user();
    assert_snapshot!(view.item("builder.rs", "pub fn page<Kind>("), @r#"
    /// The page.
    pub fn page<Kind>(self, page: impl IntoArgument<i64, Kind>) -> Self {
        Self(self.0.query("page", page.into_argument()))
    }
    "#);
    assert_snapshot!(view.item("builder.rs", "pub fn send("), @"
    /// Sends `PUT /users/{guid}`.
    ///
    /// # Errors
    ///
    /// [`Error`] says what failed: the arguments, the connection, the server, or the decoding.
    pub fn send(self) -> impl Future<Output = Result<Response<types::User>, Error>> {
        self.0.decode()
    }
    ");
}

#[test]
fn string_enums_of_responses_are_open_and_those_of_requests_closed() {
    let view = generate(
        "
paths:
  /users:
    get:
      operationId: listUsers
      parameters: [{name: sort, in: query, schema: {type: string, enum: [UP, DOWN]}}]
      responses: {'200': {description: OK, content: {application/json: {schema: {type: string, enum: [A, Unknown]}}}}}
",
    );
    assert_snapshot!(view.file("types.rs").split_once("::client_core").expect("enums").1, @r#"
    ::string_enum! {
        #[open(UnknownValue)]
        pub enum ListUsersResponse {
            /// `A`
            A = "A",
            /// `Unknown`
            Unknown = "Unknown",
        }
    }

    ::client_core::string_enum! {
        #[closed]
        pub enum Sort {
            /// `UP`
            Up = "UP",
            /// `DOWN`
            Down = "DOWN",
        }
    }
    "#);
}

#[test]
fn string_enums_have_values_of_any_text() {
    let view = generate(
        "
paths:
  /users:
    get:
      operationId: listUsers
      parameters: [{name: sort, in: query, schema: {type: string, enum: [error, Err, 'Self', '1', '', empty, 'a`b', \"c\\nd\"]}}]
      responses:
        '200': {description: OK, content: {application/json: {schema: {enum: [Unknown, unknown, Other, Unlisted, NotInSpec, ok]}}}}
",
    );
    assert_snapshot!(view.file("types.rs").split_once("::client_core").expect("enums").1, @r#"
    ::string_enum! {
        #[open(UnknownValue)]
        pub enum ListUsersResponse {
            /// `Unknown`
            Unknown = "Unknown",
            /// `unknown`
            Unknown_ = "unknown",
            /// `Other`
            Other = "Other",
            /// `Unlisted`
            Unlisted = "Unlisted",
            /// `NotInSpec`
            NotInSpec = "NotInSpec",
            /// `ok`
            Ok = "ok",
        }
    }

    ::client_core::string_enum! {
        #[closed]
        pub enum Sort {
            /// `error`
            Error = "error",
            /// `Err`
            Err = "Err",
            /// `Self`
            Self_ = "Self",
            /// `1`
            X1 = "1",
            /// ``
            Empty = "",
            /// `empty`
            Empty_ = "empty",
            /// `` a`b ``
            Ab = "a`b",
            /// `c d`
            Cd = "c\nd",
        }
    }
    "#);
}

#[test]
fn constructors_take_what_is_required() {
    let view = update_user();
    assert_snapshot!(view.item("types.rs", "impl User {"), @"
    impl User {
        /// One with what is required.
        pub fn new(id: impl Into<String>) -> Self {
            Self {
                id: id.into(),
                new: Default::default(),
                state: Default::default(),
                tags: Default::default(),
            }
        }

        pub fn new_<Kind_>(
            mut self,
            new: impl ::client_core::IntoField<bool, Kind_>,
        ) -> Self {
            self.new = new.into_field();
            self
        }

        pub fn state<Kind_>(
            mut self,
            state: impl ::client_core::IntoField<UserState, Kind_>,
        ) -> Self {
            self.state = state.into_field();
            self
        }

        pub fn tags<Kind_>(
            mut self,
            tags: impl ::client_core::IntoField<Vec<String>, Kind_>,
        ) -> Self {
            self.tags = tags.into_field();
            self
        }
    }
    ");
    assert!(!view.file("types.rs").contains("mod builder"));
}

#[test]
fn wrapper_bodies_are_made_of_what_they_hold() {
    let body = |name: &str| {
        format!(
            "
  /{name}:
    post:
      operationId: send{name}
      requestBody:
        required: true
        content: {{application/json: {{schema: {{$ref: '#/components/schemas/{name}'}}}}}}
      responses: {{'204': {{description: Done}}}}"
        )
    };
    let names = [
        "Needs",
        "Holds",
        "NeedsAndHolds",
        "HoldsTwo",
        "NeedsTwo",
        "OfText",
        "OfList",
        "OfItself",
    ];
    let paths: String = names.into_iter().map(body).collect();
    let view = generate(&format!(
        "
paths:{paths}
components:
  schemas:
    User: {{type: object, properties: {{name: {{type: string}}}}}}
    Needs: {{type: object, required: [user], properties: {{user: {{$ref: '#/components/schemas/User'}}}}}}
    Holds: {{type: object, properties: {{user: {{$ref: '#/components/schemas/User'}}}}}}
    NeedsAndHolds: {{type: object, required: [user], properties: {{user: {{$ref: '#/components/schemas/User'}}, dry: {{type: boolean}}}}}}
    HoldsTwo: {{type: object, properties: {{user: {{$ref: '#/components/schemas/User'}}, dry: {{type: boolean}}}}}}
    NeedsTwo: {{type: object, required: [user, other], properties: {{user: {{$ref: '#/components/schemas/User'}}, other: {{$ref: '#/components/schemas/User'}}}}}}
    OfText: {{type: object, required: [user], properties: {{user: {{type: string}}}}}}
    OfList: {{type: object, required: [user], properties: {{user: {{type: array, items: {{$ref: '#/components/schemas/User'}}}}}}}}
    OfItself: {{type: object, properties: {{more: {{$ref: '#/components/schemas/OfItself'}}}}}}
"
    ));
    let made: Vec<&str> = view
        .file("types.rs")
        .lines()
        .filter(|line| line.starts_with("impl From<User>"))
        .collect();
    assert_snapshot!(made.join("\n"), @"
    impl From<User> for Holds {
    impl From<User> for Needs {
    impl From<User> for NeedsAndHolds {
    ");
    assert_snapshot!(view.item("types.rs", "impl From<User> for Holds {"), @"
    impl From<User> for Holds {
        fn from(user: User) -> Self {
            Self::new().user(user)
        }
    }
    ");
}

#[test]
fn attributes_keep_schemars_optional_and_responses_extensible() {
    let view = generate(
        "
paths:
  /users:
    post:
      operationId: createUser
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Sent'}}}}
      responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Received'}}}}}
components:
  schemas:
    Sent: {type: object, properties: {id: {type: string}}}
    Received: {type: object, properties: {id: {type: string}}}
",
    );
    assert_snapshot!(view.item("types.rs", "pub struct Sent {"), @r#"
    #[derive(Clone, Default, PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    pub struct Sent {
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub id: Option<String>,
    }
    "#);
    assert_snapshot!(view.item("types.rs", "pub struct Received {"), @r#"
    #[derive(Clone, Default, PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[non_exhaustive]
    pub struct Received {
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub id: Option<String>,
    }
    "#);
}

#[test]
fn objects_have_the_fields_and_their_names_on_the_wire() {
    let view = generate(
        "
paths:
  /users:
    get:
      operationId: listUsers
      responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}}
components:
  schemas:
    User:
      type: object
      required: [guid, type, since]
      properties:
        guid: {type: string}
        type: {type: string}
        since: {type: string, nullable: true}
        tags: {type: array, items: {type: string}}
        In Words: {type: string}
",
    );
    assert_snapshot!(view.item("types.rs", "::client_core::object!"), @r#"
    ::client_core::object! {
        User { guid : required, in_words = "In Words", since : required, tags, type_ :
        required = "type" }
    }
    "#);
    assert!(
        !view
            .item("types.rs", "pub struct User {")
            .contains("Deserialize")
    );
}

#[test]
fn documentation_is_markdown_that_rustdoc_takes() {
    let method = update_user().item("client.rs", "pub fn update_user(");
    let docs = method.lines().filter(|line| line.starts_with("///"));
    assert_snapshot!(docs.collect::<Vec<_>>().join("\n"), @r"
    /// Update user.
    ///
    /// See the [guide](https://docs.mx.com/guide), an Array\<String\> in \[brackets]. More.
    ///
    /// `PUT /users/{guid}`, operation `updateUser`.
    ///
    /// - `guid`: Whose.
    /// - `body`: The request's body.
    ");
}

#[test]
fn short_paths_name_the_prelude() {
    let view = update_user();
    let long = [
        "::std::option::Option",
        "::std::string::String",
        "::std::vec::Vec",
    ];
    for file in ["types.rs", "builder.rs", "client.rs"] {
        for path in long {
            assert!(!view.file(file).contains(path), "{path} in {file}");
        }
    }
    assert_snapshot!(view.ty("User"), @r#"
    pub struct User {
        pub id: String,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub new: Option<bool>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub state: Option<UserState>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub tags: Option<Vec<String>>,
    }
    "#);
}

#[test]
fn names_on_the_wire_survive_renamed_fields() {
    let view = generate(
        "
paths:
  /user:
    get:
      operationId: readUser
      responses:
        '200':
          description: OK
          content:
            application/json:
              schema: {type: object, required: [userName], properties: {user_name: {type: string}, userName: {type: string}}}
",
    );
    assert_snapshot!(view.ty("ReadUserResponse"), @r#"
    #[non_exhaustive]
    pub struct ReadUserResponse {
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub user_name: Option<String>,
        #[cfg_attr(feature = "schemars", schemars(rename = "userName"))]
        pub user_name_2: String,
    }
    "#);
}

/// An operation that lists users, with these parameters, and a response with these properties.
fn listing(parameters: &str, properties: &str) -> View {
    generate(&format!(
        "
paths:
  /users:
    get:
      operationId: listUsers
      parameters: [{parameters}]
      responses: {{'200': {{description: OK, content: {{application/json: {{schema: {{$ref: '#/components/schemas/UsersBody'}}}}}}}}}}
components:
  schemas:
    User: {{type: object, properties: {{guid: {{type: string}}}}}}
    Pagination: {{type: object, properties: {{current_page: {{type: integer}}, total_pages: {{type: integer}}}}}}
    UsersBody: {{type: object, {properties}}}
"
    ))
}

const PAGE: &str = "{name: page, in: query, schema: {type: integer}}, {name: records_per_page, in: query, schema: {type: integer}}";

#[test]
fn pages_are_streams_of_what_the_list_holds() {
    let users = "users: {type: array, items: {$ref: '#/components/schemas/User'}}";
    let pagination = "pagination: {$ref: '#/components/schemas/Pagination'}";
    let view = listing(PAGE, &format!("properties: {{{users}, {pagination}}}"));
    assert_snapshot!(view.item("builder.rs", "pub fn pages("), @"
    /// The pages of the list, a stream that requests each page when it is polled for: from the `page` that
    /// was set, or else the first. Data may shift between pages: what is added or removed in the meantime
    /// can come twice, or not at all.
    pub fn pages(self) -> ::client_core::Pages<types::UsersBody> {
        ::client_core::Pages::new(self.0)
    }
    ");
    assert_snapshot!(view.item("builder.rs", "pub fn items("), @"
    /// The items of the list, a stream that requests each page when it is needed; see [`pages`](Self::pages).
    pub fn items(self) -> ::client_core::Items<types::UsersBody> {
        self.pages().items()
    }
    ");
    assert_snapshot!(view.item("types.rs", "impl ::client_core::Page for"), @"
    impl ::client_core::Page for UsersBody {
        type Item = User;
        fn count(&self) -> usize {
            self.users.as_ref().map_or(0, Vec::len)
        }

        fn total_pages(&self) -> Option<u64> {
            self.pagination
                .as_ref()
                .and_then(|pagination| u64::try_from(pagination.total_pages?).ok())
        }

        fn into_items(self) -> Vec<User> {
            self.users.unwrap_or_default()
        }
    }
    ");

    let bare = view_of_page(&format!(
        "required: [users, pagination], properties: {{{users}, pagination: {{type: object, required: [total_pages], properties: {{total_pages: {{type: integer}}}}}}}}"
    ));
    assert_snapshot!(bare, @"
    impl ::client_core::Page for UsersBody {
        type Item = User;
        fn count(&self) -> usize {
            self.users.len()
        }

        fn total_pages(&self) -> Option<u64> {
            Some(&self.pagination)
                .and_then(|pagination| u64::try_from(pagination.total_pages).ok())
        }

        fn into_items(self) -> Vec<User> {
            self.users
        }
    }
    ");
    let free = view_of_page(&format!(
        "properties: {{{users}, note: {{type: string}}, pagination: {{type: object}}}}"
    ));
    assert!(free.contains(r#"pagination.get("total_pages")?"#), "{free}");
}

fn view_of_page(properties: &str) -> String {
    listing(PAGE, properties).item("types.rs", "impl ::client_core::Page for")
}

#[test]
fn pages_are_only_what_the_spec_says_to_be_pages() {
    let users = "users: {type: array, items: {$ref: '#/components/schemas/User'}}";
    let pagination = "pagination: {$ref: '#/components/schemas/Pagination'}";
    let tags = "tags: {type: array, items: {type: string}}";
    for (parameters, properties) in [
        (PAGE, format!("properties: {{{users}}}")),
        (
            PAGE,
            format!("properties: {{{users}, {tags}, {pagination}}}"),
        ),
        (PAGE, format!("properties: {{{pagination}}}")),
        (
            PAGE,
            format!("properties: {{{users}, pagination: {{type: string}}}}"),
        ),
        (
            "{name: page, in: query, schema: {type: integer}}",
            format!("properties: {{{users}, {pagination}}}"),
        ),
        ("", format!("properties: {{{users}, {pagination}}}")),
    ] {
        let view = listing(parameters, &properties);
        assert!(
            !view.file("builder.rs").contains("fn pages("),
            "{properties}"
        );
        assert!(
            !view.file("types.rs").contains("client_core::Page"),
            "{properties}"
        );
    }
}

#[test]
fn the_client_has_the_facts_of_its_api() {
    let document = openapi::Document::parse(
        "openapi.yaml",
        "openapi: 3.0.0\ninfo: {title: Spec, version: '1'}\npaths: {/a: {get: {operationId: a, responses: {'204': {description: None}}}}}",
    );
    let document = document.expect("a document");
    let facts = codegen::Facts {
        variables: vec!["EXAMPLE_TOKEN".to_owned()],
        ..codegen::Facts::new("Example [API]", codegen::Authentication::Session)
    };
    let input = codegen::Input::new(&facts, &document);
    let generated = codegen::generate(&input).expect("the spec is accepted");
    let client = generated.files.iter().find(|(name, _)| name == "client.rs");
    let (_, client) = client
        .expect("the client")
        .1
        .split_once("//!")
        .expect("the header");
    assert_snapshot!(client, @r#"
     The client, with the operations as its methods.

    #[allow(unused_imports)]
    use client_core::{Argument, Request, Transport, reqwest};
    #[allow(unused_imports)]
    use super::{builder, operations, types};

    /// Builds a [`Client`].
    pub type ClientBuilder = client_core::ClientBuilder<Client>;

    /// A client of the Example \[API]: cheap to clone, safe to share between threads.
    #[derive(Clone, Debug)]
    pub struct Client(Transport);

    impl Client {
        /// Starts a client.
        ///
        /// [`session_token_from_env`](ClientBuilder::session_token_from_env) reads `EXAMPLE_TOKEN`.
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
        pub fn for_session_provider(
            &self,
            provider: impl client_core::SessionProvider,
        ) -> Self {
            Self(self.0.for_session_provider(provider))
        }
    }

    impl client_core::Api for Client {
        const NAME: &'static str = env!("CARGO_PKG_NAME");
        const VERSION: &'static str = env!("CARGO_PKG_VERSION");
        type Environment = super::Environment;
        type Authentication = client_core::auth::Session;
        const VARIABLES: &'static [&'static str] = &["EXAMPLE_TOKEN"];
        const REQUEST: &'static client_core::Operation = &operations::REQUEST;
        fn from_transport(transport: Transport) -> Self {
            Self(transport)
        }
    }

    impl Client {
        /// `GET /a`, operation `a`.
        pub fn a(&self) -> builder::A {
            builder::A(self.0.call(&operations::A))
        }
    }
    "#);
    assert!(
        generated
            .deviations
            .starts_with("# Where the Example \\[API] client deviates")
    );
}

#[test]
fn environments_are_the_servers_of_the_spec() {
    let view = generate(
        "
servers:
  - {url: 'https://int.example.com/', description: Integration}
  - {url: 'https://example.com'}
paths: {/a: {get: {operationId: a, responses: {'204': {description: None}}}}}
",
    );
    assert_snapshot!(view.item("environment.rs", "pub enum Environment {"), @"
    /// A server of this API, as its spec names it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum Environment {
        /// <https://int.example.com/>
        Integration,
        /// <https://example.com>
        ExampleCom,
    }
    ");
}

#[test]
fn safe_debug_is_that_of_every_type() {
    let view = generate(
        "
paths:
  /users:
    post:
      operationId: createUser
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}
      responses:
        '200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}
        '202': {description: Later, content: {application/json: {schema: {$ref: '#/components/schemas/Tree'}}}}
        '204': {description: None}
components:
  schemas:
    User: {type: object, required: [id], properties: {id: {type: string}, fn: {type: string}}}
    Tree: {type: array, items: {type: object, properties: {branches: {$ref: '#/components/schemas/Tree'}}}}
",
    );
    let types = view.file("types.rs");
    let debug = types.lines().filter(|line| line.contains("Debug"));
    assert_eq!(debug.count(), 0, "no type derives `Debug`:\n{types}");
    let calls: Vec<&str> = types
        .split("::client_core::safe_debug! {")
        .skip(1)
        .collect();
    let calls = calls
        .iter()
        .map(|call| call.split("\n}").next().unwrap_or_default().trim());
    assert_snapshot!(calls.collect::<Vec<_>>().join("\n"), @"
    Tree(value)
    TreeItem { branches }
    User { fn_, id }
    enum CreateUserSuccess {
            Status200(value),
            Status202(value),
            Status204,
        }
    ");
}
