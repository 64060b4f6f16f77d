//! The passes over the schemas.

use insta::assert_snapshot;

use crate::view::{View, generate, generate_with};

/// A spec whose only operation answers a `User` with these properties.
fn responded(properties: &str) -> View {
    with_schemas(&format!(
        "\n    User: {{type: object, properties: {{{properties}}}}}"
    ))
}

/// A spec whose only operation answers the component schema `User`.
fn with_schemas(schemas: &str) -> View {
    generate(&format!(
        "
paths:
  /user:
    get:
      operationId: readUser
      responses: {{'200': {{description: OK, content: {{application/json: {{schema: {{$ref: '#/components/schemas/User'}}}}}}}}}}
components:
  schemas: {schemas}
"
    ))
}

#[test]
fn shapes_of_schemas_are_plain_types() {
    let view = with_schemas(
        "
    User:
      allOf:
        - {$ref: '#/components/schemas/Base'}
        - {type: object, required: [guid], properties: {level: {type: integer, enum: [1, 2]}}}
      properties:
        choice: {oneOf: [{type: object, properties: {a: {type: string}}}, {type: object, properties: {b: {type: string}}}]}
        anything: {description: No type at all}
        short: {type: string, maxLength: 3, default: abc}
        counts: {type: object, additionalProperties: {type: integer, minimum: 0}}
    Base: {type: object, properties: {guid: {type: string, pattern: '^U'}}}",
    );
    assert_snapshot!(view.deviation("Shapes of schemas"), @"
    - `User`: `allOf` is merged into one schema
    - `User`: an enum of values that are not strings is its plain type
    - `User`: a choice between schemas is an untyped value
    ");
    assert_snapshot!(view.ty("User"), @r#"
    #[non_exhaustive]
    pub struct User {
        /// No type at all
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub anything: Option<::serde_json::Value>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub choice: Option<::serde_json::Value>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub counts: Option<::std::collections::HashMap<String, i64>>,
        pub guid: String,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub level: Option<i64>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub short: Option<String>,
    }
    "#);
}

#[test]
fn shapes_of_schemas_end_where_one_is_made_of_itself() {
    let view = with_schemas(
        "
    User:
      type: object
      properties:
        parent: {allOf: [{$ref: '#/components/schemas/User'}, {description: The one above.}]}
        child: {allOf: [{$ref: '#/components/schemas/User'}, {properties: {rank: {type: integer}}}]}",
    );
    assert_snapshot!(view.deviation("Shapes of schemas"), @"
    - `User`: `allOf` is merged into one schema
    - `User`: a schema that is merged into itself is an untyped value
    ");
    assert_snapshot!(view.ty("User"), @r#"
    #[non_exhaustive]
    pub struct User {
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub child: Option<UserChild>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub parent: Option<Box<User>>,
    }
    "#);
    assert_snapshot!(view.ty("UserChild"), @r#"
    #[non_exhaustive]
    pub struct UserChild {
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub child: Option<::serde_json::Value>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub parent: Option<Box<User>>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub rank: Option<i64>,
    }
    "#);
}

#[test]
fn aliases_are_what_they_name() {
    let view = with_schemas(
        "
    User: {type: object, properties: {guid: {$ref: '#/components/schemas/Guid'}, all: {$ref: '#/components/schemas/Guids'}}}
    Guid: {type: string, description: A name.}
    Guids: {type: array, items: {$ref: '#/components/schemas/Guid'}}",
    );
    assert_snapshot!(view.deviation("Aliases"), @"- `Guid`, `Guids`: is a plain value");
    assert_snapshot!(view.ty("User"), @r#"
    #[non_exhaustive]
    pub struct User {
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub all: Option<Vec<String>>,
        /// A name.
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub guid: Option<String>,
    }
    "#);
    assert!(!view.has("types.rs", "pub struct Guid"));
}

#[test]
fn aliases_that_lead_back_to_themselves_stay_types() {
    let view = with_schemas(
        "
    User: {type: object, properties: {friends: {$ref: '#/components/schemas/Users'}}}
    Users: {type: array, items: {type: object, properties: {friends: {$ref: '#/components/schemas/Users'}}}}",
    );
    assert_snapshot!(view.item("types.rs", "pub struct Users("), @r#"
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, PartialEq)]
    #[serde(transparent)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[non_exhaustive]
    pub struct Users(pub Vec<UsersItem>);
    "#);
    assert_snapshot!(view.ty("UsersItem"), @r#"
    #[non_exhaustive]
    pub struct UsersItem {
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub friends: Option<Users>,
    }
    "#);
}

#[test]
fn nullable_types_are_options_where_they_are_used() {
    let view = generate(
        "
paths:
  /user:
    put:
      operationId: updateUser
      parameters: [{name: kind, in: query, schema: {$ref: '#/components/schemas/Kind'}}]
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}
      responses:
        '200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}
        '201': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Kind'}}}}
components:
  schemas:
    Kind: {type: string, nullable: true, enum: [SAVINGS, CHECKING]}
    Listed: {enum: [A, null]}
    Address: {type: object, nullable: true, properties: {city: {type: string}}}
    Alias: {$ref: '#/components/schemas/Kind'}
    User:
      type: object
      nullable: true
      required: [needed, address]
      properties:
        needed: {$ref: '#/components/schemas/Kind'}
        address: {$ref: '#/components/schemas/Address'}
        kinds: {type: array, items: {$ref: '#/components/schemas/Kind'}}
        listed: {$ref: '#/components/schemas/Listed', description: One of the listed.}
        alias: {$ref: '#/components/schemas/Alias'}
        parent: {$ref: '#/components/schemas/User'}
",
    );
    assert_snapshot!(view.deviation("Nullable types"), @"- `Kind`, `Listed`, `Address`, `User`: is an `Option` where it is used");
    assert_snapshot!(view.ty("User"), @r#"
    pub struct User {
        pub address: Option<Address>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub alias: Option<Option<Kind>>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub kinds: Option<Vec<Option<Kind>>>,
        /// One of the listed.
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub listed: Option<Option<Listed>>,
        pub needed: Option<Kind>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub parent: Option<Option<Box<User>>>,
    }
    "#);
    assert_snapshot!(view.ty("Kind"), @r#"
    #[open(UnknownValue)]
    pub enum Kind {
        /// `SAVINGS`
        Savings = "SAVINGS",
        /// `CHECKING`
        Checking = "CHECKING",
    }
    "#);
    assert_snapshot!(view.ty("Address"), @r#"
    pub struct Address {
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub city: Option<String>,
    }
    "#);
    assert_snapshot!(view.item("types.rs", "pub enum UpdateUserSuccess {"), @"
    /// What the operation answers, by the status of the answer.
    #[derive(Clone, PartialEq, ::serde::Serialize)]
    #[serde(untagged)]
    pub enum UpdateUserSuccess {
        /// The answer had the status 200.
        Status200(Option<User>),
        /// The answer had the status 201.
        Status201(Option<Kind>),
    }
    ");
    assert_snapshot!(view.signature("update_user", "UpdateUser"), @"
    pub fn update_user(&self, body: impl TryInto<types::User>) -> builder::UpdateUser
    pub async fn send(self) -> Result<Response<types::UpdateUserSuccess>, Error>
    ");
    assert_snapshot!(view.item("builder.rs", "pub fn kind<Kind>("), @r#"
    /// Sets `kind`.
    pub fn kind<Kind>(self, kind: impl IntoArgument<types::Kind, Kind>) -> Self {
        Self(self.0.query("kind", kind.into_argument()))
    }
    "#);
}

#[test]
fn empty_lists_in_a_request_are_not_absent_ones() {
    let view = generate(
        "
paths:
  /users:
    post:
      operationId: createUser
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}
      responses: {'204': {description: None}}
components:
  schemas:
    User:
      type: object
      required: [names]
      properties:
        names: {type: array, items: {type: string}}
        tags: {type: array, items: {type: string}}
        notes: {type: object, additionalProperties: {type: string}}
",
    );
    assert_snapshot!(view.ty("User"), @r#"
    pub struct User {
        pub names: Vec<String>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub notes: Option<::std::collections::HashMap<String, String>>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub tags: Option<Vec<String>>,
    }
    "#);
    assert_snapshot!(view.deviation("Empty lists"), @"- `User.tags`, `User.notes`: also accepts null");
}

#[test]
fn lenient_responses_take_null_for_what_is_optional() {
    let view = with_schemas(
        "
    User:
      type: object
      required: [owned]
      properties:
        owned: {type: array, items: {type: string}}
        shared: {type: array, items: {type: string}}
        labels: {type: object, additionalProperties: {type: string}}
        name: {type: string}
        list: {$ref: '#/components/schemas/List'}
    List: {type: array, items: {type: string}}",
    );
    assert_snapshot!(view.deviation("Lenient responses"), @"- `User.shared`, `User.labels`, `User.list`: also accepts null");
    assert_snapshot!(view.ty("User"), @r#"
    #[non_exhaustive]
    pub struct User {
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub labels: Option<::std::collections::HashMap<String, String>>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub list: Option<Vec<String>>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub name: Option<String>,
        pub owned: Vec<String>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub shared: Option<Vec<String>>,
    }
    "#);
}

#[test]
fn secret_names_make_secrets_of_texts() {
    let view = with_schemas(
        "
    User:
      type: object
      properties:
        ssn: {type: string, nullable: true}
        access_tokens: {type: array, items: {type: string}}
        api_key: {$ref: '#/components/schemas/Key', description: The key.}
        routingNumber: {type: string, x-sensitive: false}
        account_number: {type: integer}
        token_type: {type: string, format: token, x-sensitive: false}
        pin: {type: string, enum: ['on', 'off']}
        hint: {type: string, format: secret}
        challenges: {type: array, items: {type: object, properties: {label: {type: string}, value: {type: string}}}}
        by_name: {type: object, additionalProperties: {$ref: '#/components/schemas/Password'}}
    Key: {type: string, nullable: true}
    Password: {type: string}",
    );
    assert_snapshot!(view.deviation("Secret names"), @"- `User.ssn`, `User.access_tokens`, `User.api_key`, `User.hint`, `User.challenges.value`, `Password`: is a secret by its name");
    assert_snapshot!(view.ty("User"), @r#"
    #[non_exhaustive]
    pub struct User {
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub access_tokens: Option<Vec<::client_core::Sensitive>>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub account_number: Option<i64>,
        /// The key.
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub api_key: Option<::client_core::Sensitive>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub by_name: Option<::std::collections::HashMap<String, ::client_core::Sensitive>>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub challenges: Option<Vec<UserChallengesItem>>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub hint: Option<::client_core::Sensitive>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub pin: Option<UserPin>,
        #[cfg_attr(
            feature = "schemars",
            schemars(rename = "routingNumber", skip_serializing_if = "Option::is_none")
        )]
        pub routing_number: Option<String>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub ssn: Option<::client_core::Sensitive>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub token_type: Option<String>,
    }
    "#);
    assert_snapshot!(view.ty("UserChallengesItem"), @r#"
    #[non_exhaustive]
    pub struct UserChallengesItem {
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub label: Option<String>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub value: Option<::client_core::Sensitive>,
    }
    "#);
}

#[test]
fn null_in_requests_is_not_absence() {
    let view = updated();
    assert_snapshot!(view.deviation("Null in requests"), @"- `Rule.note`, `Rule.type`, `Rule.lists`, `Rule.password`: can be sent as null: `Some(None)`, or its method that ends in `_null`");
}

#[test]
fn double_options_are_absent_null_or_a_value() {
    let view = updated();
    assert_snapshot!(view.ty("Rule"), @r#"
    pub struct Rule {
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub lists: Option<Option<Vec<String>>>,
        pub needed: Option<String>,
        /// What it is for.
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub note: Option<Option<String>>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub password: Option<Option<::client_core::Sensitive>>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub plain: Option<String>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub tags: Option<Vec<String>>,
        #[cfg_attr(
            feature = "schemars",
            schemars(rename = "type", skip_serializing_if = "Option::is_none")
        )]
        pub type_: Option<Option<Kind>>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub type_null: Option<bool>,
    }
    "#);
    assert_snapshot!(view.item("types.rs", "impl Rule {"), @"
    impl Rule {
        /// One with what is required.
        pub fn new(needed: impl Into<Option<String>>) -> Self {
            Self {
                lists: Default::default(),
                needed: needed.into(),
                note: Default::default(),
                password: Default::default(),
                plain: Default::default(),
                tags: Default::default(),
                type_: Default::default(),
                type_null: Default::default(),
            }
        }

        pub fn lists<Kind_>(
            mut self,
            lists: impl ::client_core::IntoField<Vec<String>, Kind_>,
        ) -> Self {
            self.lists = lists.into_field().map(Some);
            self
        }

        /// Sends null as `lists`.
        pub fn lists_null(mut self) -> Self {
            self.lists = Some(None);
            self
        }

        /// What it is for.
        pub fn note<Kind_>(
            mut self,
            note: impl ::client_core::IntoField<String, Kind_>,
        ) -> Self {
            self.note = note.into_field().map(Some);
            self
        }

        /// Sends null as `note`.
        pub fn note_null(mut self) -> Self {
            self.note = Some(None);
            self
        }

        pub fn password<Kind_>(
            mut self,
            password: impl ::client_core::IntoField<::client_core::Sensitive, Kind_>,
        ) -> Self {
            self.password = password.into_field().map(Some);
            self
        }

        /// Sends null as `password`.
        pub fn password_null(mut self) -> Self {
            self.password = Some(None);
            self
        }

        pub fn plain<Kind_>(
            mut self,
            plain: impl ::client_core::IntoField<String, Kind_>,
        ) -> Self {
            self.plain = plain.into_field();
            self
        }

        pub fn tags<Kind_>(
            mut self,
            tags: impl ::client_core::IntoField<Vec<String>, Kind_>,
        ) -> Self {
            self.tags = tags.into_field();
            self
        }

        pub fn type_<Kind_>(
            mut self,
            type_: impl ::client_core::IntoField<Kind, Kind_>,
        ) -> Self {
            self.type_ = type_.into_field().map(Some);
            self
        }

        /// Sends null as `type_`.
        pub fn type_null_2(mut self) -> Self {
            self.type_ = Some(None);
            self
        }

        pub fn type_null<Kind_>(
            mut self,
            type_null: impl ::client_core::IntoField<bool, Kind_>,
        ) -> Self {
            self.type_null = type_null.into_field();
            self
        }
    }
    ");
    assert_snapshot!(view.item("types.rs", "::client_core::object! {"), @r#"
    ::client_core::object! {
        Rule { lists : nullable, needed : required, note : nullable, password : nullable,
        plain, tags, type_ : nullable = "type", type_null }
    }
    "#);
}

/// A spec whose only operation changes a `Rule`, and answers another type.
fn updated() -> View {
    generate(
        "
paths:
  /rule:
    put:
      operationId: updateRule
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Rule'}}}}
      responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Shown'}}}}}
components:
  schemas:
    Rule:
      type: object
      required: [needed]
      properties:
        needed: {type: string, nullable: true}
        note: {type: string, nullable: true, description: What it is for.}
        type: {$ref: '#/components/schemas/Kind'}
        type_null: {type: boolean}
        tags: {type: array, items: {type: string}}
        lists: {type: array, nullable: true, items: {type: string}}
        password: {type: string, nullable: true}
        plain: {type: string}
    Kind: {type: string, nullable: true, enum: [A, B]}
    Shown: {type: object, properties: {note: {type: string, nullable: true}}}
",
    )
}

#[test]
fn sensitive_values_are_hidden() {
    let view = responded(
        "token: {type: string, format: password, nullable: true}, codes: {type: array, items: {type: string, format: password}}",
    );
    assert_snapshot!(view.deviation("Sensitive values"), @"- `User.token`, `User.codes`: is hidden in `Debug`");
    assert_snapshot!(view.ty("User"), @r#"
    #[non_exhaustive]
    pub struct User {
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub codes: Option<Vec<::client_core::Sensitive>>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub token: Option<::client_core::Sensitive>,
    }
    "#);
}

/// `O` and `K` make `OK`, which progenitor writes `Ok`; and that is a name of the prelude.
#[test]
fn a_type_that_the_spec_does_not_name_has_a_name_of_rust() {
    let view = with_schemas(
        "
    User: {$ref: '#/components/schemas/O'}
    O: {type: object, properties: {k: {type: string, enum: [x, y]}, iD: {type: object, properties: {a: {type: string}}}}}",
    );
    let of = view.ty("O");
    assert!(of.contains("pub k: Option<Ok2>"), "{of}");
    assert!(!view.ty("Ok2").is_empty());
}

#[test]
fn shared_enums_are_one_type() {
    let overlay = "
overlay: 1.0.0
info: {title: Test, version: '1'}
actions:
  - target: $..[?length(@.enum)==2 && @.enum[0]=='DEBIT' && @.enum[1]=='CREDIT']
    update: {x-rust-name: direction}
";
    let view = generate_with(
        "
paths:
  /transfers:
    get:
      operationId: listTransfers
      parameters:
        - {name: direction, in: query, schema: {type: string, enum: [DEBIT, CREDIT]}}
        - {name: other, in: query, schema: {type: string, enum: [DEBIT, CREDIT, NONE]}}
      responses:
        '200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Transfer'}}}}
    post:
      operationId: createTransfer
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Transfer'}}}
      responses: {'204': {description: Done}}
components:
  schemas:
    Way: {type: string, nullable: true, enum: [DEBIT, CREDIT]}
    Transfer:
      type: object
      required: [kind]
      properties:
        kind: {type: string, enum: [DEBIT, CREDIT]}
        also: {type: string, description: 'Which way.', nullable: true, enum: [DEBIT, CREDIT]}
        ways: {type: array, items: {type: string, enum: [DEBIT, CREDIT]}}
        way: {$ref: '#/components/schemas/Way'}
        by_day: {type: object, additionalProperties: {type: string, enum: [DEBIT, CREDIT]}}
",
        Some(overlay),
    );
    let view = view.expect("one set of values");
    assert_snapshot!(view.deviation("Shared enums"), @"- `Way`, `Transfer.kind`, `Transfer.also`, `Transfer.ways`, `Transfer.by_day`, `listTransfers`: is the type `Direction`");
    assert_snapshot!(view.ty("Transfer"), @r#"
    pub struct Transfer {
        /// Which way.
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub also: Option<Option<Direction>>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub by_day: Option<::std::collections::HashMap<String, Direction>>,
        pub kind: Direction,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub way: Option<Option<Direction>>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub ways: Option<Vec<Direction>>,
    }
    "#);
    assert_snapshot!(view.ty("Direction"), @r#"
    #[open(UnknownValue)]
    pub enum Direction {
        /// `DEBIT`
        Debit = "DEBIT",
        /// `CREDIT`
        Credit = "CREDIT",
    }
    "#);
    let types = view.file("types.rs");
    assert_eq!(types.matches("pub enum ").count(), 2, "{types}");
    let setters = view.item("builder.rs", "impl ListTransfers {");
    assert!(
        setters.contains("IntoArgument<types::Direction, Kind>"),
        "{setters}"
    );
}

#[test]
fn names_collide_nowhere_and_stay_on_the_wire() {
    let view = generate(
        "
paths:
  /a/{type}:
    get:
      operationId: requestOAuthWindowURI
      parameters:
        - {name: type, in: path, required: true, schema: {type: string}}
        - {name: Type, in: query, schema: {type: string}}
        - {name: send, in: query, schema: {type: string}}
        - {name: 'category_guid[]', in: query, schema: {type: array, items: {type: string}}}
      responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/option'}}}}}
  /b:
    get: {operationId: list-users, responses: {'204': {description: None}}}
    post: {operationId: listUsers, responses: {'204': {description: None}}}
components:
  schemas:
    option: {type: object, properties: {userName: {type: string}, user_name: {type: string}, self: {type: string}, '1st': {type: string}}}
",
    );
    assert_snapshot!(view.deviation("Names"), @"
    - `requestOAuthWindowURI`: is the method `request_oauth_window_uri`
    - `listUsers`: is the method `list_users_2`
    - `requestOAuthWindowURI Type`: is the argument `type_2`
    - `requestOAuthWindowURI send`: is the argument `send_2`
    - `option`: is the type `Option2`
    - `Option2.user_name`: is the field `user_name_2`
    ");
    assert_snapshot!(view.ty("Option2"), @r#"
    #[non_exhaustive]
    pub struct Option2 {
        #[cfg_attr(
            feature = "schemars",
            schemars(rename = "self", skip_serializing_if = "Option::is_none")
        )]
        pub self_: Option<String>,
        #[cfg_attr(
            feature = "schemars",
            schemars(rename = "userName", skip_serializing_if = "Option::is_none")
        )]
        pub user_name: Option<String>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        #[cfg_attr(feature = "schemars", schemars(rename = "user_name"))]
        pub user_name_2: Option<String>,
        #[cfg_attr(
            feature = "schemars",
            schemars(rename = "1st", skip_serializing_if = "Option::is_none")
        )]
        pub x1st: Option<String>,
    }
    "#);
    assert_snapshot!(view.entry("REQUEST_OAUTH_WINDOW_URI"), @r#"
    /// `GET /a/{type}`
    pub static REQUEST_OAUTH_WINDOW_URI: Operation = Operation {
        id: "requestOAuthWindowURI",
        name: "request_oauth_window_uri",
        method: Method::GET,
        path: "/a/{type}",
        tags: &[],
        parameters: &[
            Parameter::path("type", "type_"),
            Parameter::query("Type", "type_2"),
            Parameter::query("send", "send_2"),
            Parameter::query("category_guid[]", "category_guid"),
        ],
        headers: &[],
        accept: Some("application/json"),
        body: None,
        responses: &[DocumentedResponse::new("200", &["application/json"])],
        security: &[],
        idempotent: true,
    };
    "#);
    assert_snapshot!(view.signature("list_users_2", "ListUsers2"), @"
    pub fn list_users_2(&self) -> builder::ListUsers2
    pub fn send(self) -> impl Future<Output = Result<Response<()>, Error>>
    ");
}

#[test]
fn inline_schemas_get_a_name_of_their_own() {
    let view = with_schemas(
        "
    User: {type: object, properties: {address: {type: object, properties: {kind: {type: string, enum: [HOME]}}}, old: {$ref: '#/components/schemas/UserAddress'}}}
    UserAddress: {type: object, properties: {used: {type: boolean}}}",
    );
    assert_snapshot!(view.ty("User"), @r#"
    #[non_exhaustive]
    pub struct User {
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub address: Option<UserAddress2>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub old: Option<UserAddress>,
    }
    "#);
    assert_snapshot!(view.ty("UserAddress2"), @r#"
    #[non_exhaustive]
    pub struct UserAddress2 {
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub kind: Option<UserAddressKind>,
    }
    "#);
}

#[test]
fn unused_schemas_have_no_type() {
    let view = with_schemas(
        "
    User: {type: object, properties: {guid: {type: string}}}
    Orphan: {type: object, properties: {child: {$ref: '#/components/schemas/Child'}}}
    Child: {type: object, properties: {name: {type: string}}}",
    );
    assert_snapshot!(view.deviation("Unused schemas"), @"- `Orphan`, `Child`: has no type");
    assert!(
        !view.has("types.rs", "pub struct Orphan") && !view.has("types.rs", "pub struct Child")
    );
}

/// Numbers wherever a schema can have one.
fn numbers() -> View {
    generate(
        "
paths:
  /amounts/{least}:
    post:
      operationId: addAmounts
      parameters:
        - {name: least, in: path, required: true, schema: {type: number}}
        - {name: most, in: query, schema: {$ref: '#/components/schemas/Amount'}}
        - {name: X-Limit, in: header, schema: {type: number, format: double}}
      requestBody: {required: true, content: {application/json: {schema: {type: array, items: {type: number}}}}}
      responses:
        '200': {description: OK, content: {application/json: {schema: {type: object, additionalProperties: {type: number}}}}}
  /account:
    get:
      operationId: readAccount
      responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Account'}}}}}
  /total:
    get:
      operationId: readTotal
      responses:
        '200': {description: OK, content: {application/json: {schema: {type: number}}}}
        '202': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Account'}}}}
components:
  schemas:
    Amount: {type: number, description: In dollars.}
    Account:
      type: object
      required: [balance, limit]
      properties:
        balance: {$ref: '#/components/schemas/Amount'}
        limit: {type: number, nullable: true}
        rate: {type: number, format: float}
        History: {type: array, items: {type: number, nullable: true}}
        count: {type: integer}
",
    )
}

#[test]
fn exact_numbers_are_decimals_everywhere() {
    let view = numbers();
    for file in [
        "types.rs",
        "builder.rs",
        "client.rs",
        "dispatch.rs",
        "mock.rs",
    ] {
        let text = view.file(file);
        // The schemas of the feature `schemars` have no other name for a number.
        let floats = text
            .lines()
            .filter(|line| line.contains("f64") && !line.contains("with ="));
        assert_eq!(floats.count(), 0, "{text}");
    }
    assert_snapshot!(view.deviation("Exact numbers"), @"- `Amount`, `Account`, `addAmounts`, `readTotal`: has numbers that are `Decimal`");
    assert_snapshot!(view.signature("add_amounts", "AddAmounts"), @"
    pub fn add_amounts(&self, least: impl TryInto<::client_core::Decimal>, body: impl TryInto<Vec<::client_core::Decimal>>) -> builder::AddAmounts
    pub async fn send(self) -> Result< Response<::std::collections::HashMap<String, ::client_core::Decimal>>, Error, >
    ");
    assert_snapshot!(view.item("client.rs", "pub fn add_amounts("), @r#"
    /// `POST /amounts/{least}`, operation `addAmounts`.
    ///
    /// - `body`: The request's body.
    pub fn add_amounts(
        &self,
        least: impl TryInto<::client_core::Decimal>,
        body: impl TryInto<Vec<::client_core::Decimal>>,
    ) -> builder::AddAmounts {
        builder::AddAmounts(
            self
                .0
                .call(&operations::ADD_AMOUNTS)
                .path("least", Argument::<::client_core::Decimal>::new(least).exact())
                .json(Argument::<Vec<::client_core::Decimal>>::new(body).exact()),
        )
    }
    "#);
    assert_snapshot!(view.item("builder.rs", "impl AddAmounts {"), @r#"
    impl AddAmounts {
        /// Sets `most`.
        pub fn most<Kind>(
            self,
            most: impl IntoArgument<::client_core::Decimal, Kind>,
        ) -> Self {
            Self(self.0.query("most", most.into_argument().exact()))
        }

        /// Sets `x_limit`.
        pub fn x_limit<Kind>(
            self,
            x_limit: impl IntoArgument<::client_core::Decimal, Kind>,
        ) -> Self {
            Self(self.0.header("X-Limit", x_limit.into_argument().exact()))
        }

        /// Sends `POST /amounts/{least}`.
        ///
        /// # Errors
        ///
        /// [`Error`] says what failed: the arguments, the connection, the server, or the decoding.
        pub async fn send(
            self,
        ) -> Result<
            Response<::std::collections::HashMap<String, ::client_core::Decimal>>,
            Error,
        > {
            Ok(
                self
                    .0
                    .decode::<
                        ::client_core::Exactly<
                            ::std::collections::HashMap<String, ::client_core::Decimal>,
                        >,
                    >()
                    .await?
                    .into_exact(),
            )
        }
    }
    "#);
    assert_snapshot!(view.item("types.rs", "pub enum ReadTotalSuccess {"), @"
    /// What the operation answers, by the status of the answer.
    #[derive(Clone, PartialEq, ::serde::Serialize)]
    #[serde(untagged)]
    pub enum ReadTotalSuccess {
        /// The answer had the status 200.
        Status200(ReadTotalResponse200),
        /// The answer had the status 202.
        Status202(Account),
    }
    ");
}

#[test]
fn exact_fields_name_how_they_are_read_and_written() {
    let view = numbers();
    assert_snapshot!(view.ty("Account"), @r#"
    #[non_exhaustive]
    pub struct Account {
        /// In dollars.
        #[cfg_attr(feature = "schemars", schemars(with = "f64"))]
        pub balance: ::client_core::Decimal,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub count: Option<i64>,
        #[cfg_attr(
            feature = "schemars",
            schemars(rename = "History", skip_serializing_if = "Option::is_none")
        )]
        #[cfg_attr(feature = "schemars", schemars(with = "Option<Vec<Option<f64>>>"))]
        pub history: Option<Vec<Option<::client_core::Decimal>>>,
        #[cfg_attr(feature = "schemars", schemars(with = "Option<f64>"))]
        pub limit: Option<::client_core::Decimal>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        #[cfg_attr(feature = "schemars", schemars(with = "Option<f64>"))]
        pub rate: Option<::client_core::Decimal>,
    }
    "#);
    assert_snapshot!(view.item("types.rs", "::client_core::object!"), @r#"
    ::client_core::object! {
        Account { balance : required exact, count, history : exact = "History", limit :
        required exact, rate : exact }
    }
    "#);
    assert_snapshot!(view.item("types.rs", "pub struct ReadTotalResponse200("), @r#"
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, PartialEq)]
    #[serde(transparent)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[non_exhaustive]
    pub struct ReadTotalResponse200(
        #[serde(with = "::client_core::__exact")]
        #[cfg_attr(feature = "schemars", schemars(with = "f64"))]
        pub ::client_core::Decimal,
    );
    "#);
}

/// One operation that sends and receives a schema.
fn both_ways(schemas: &str) -> crate::view::View {
    generate(&format!(
        "
paths:
  /things:
    put:
      operationId: putThing
      requestBody: {{required: true, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Thing'}}}}}}}}
      responses: {{'200': {{description: OK, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Thing'}}}}}}}}}}
components:
  schemas:
{schemas}"
    ))
}

#[test]
fn read_only_and_write_only_count_in_their_direction() {
    let view = both_ways(
        "
    Thing:
      type: object
      required: [guid, name, password, pin]
      properties:
        guid: {type: string, readOnly: true}
        name: {type: string}
        password: {type: string, writeOnly: true}
        pin: {$ref: '#/components/schemas/Pin'}
        hint: {type: string, writeOnly: true}
    Pin: {type: string, writeOnly: true}
",
    );
    assert_snapshot!(view.deviation("Read-only and write-only"), @r"
    - `Thing.guid`: is required and `readOnly`, so it is optional in the type
    - `Thing.password`, `Thing.pin`: is required and `writeOnly`, so it is optional in the type
    ");
    // Requests must have what responses do not.
    assert_snapshot!(view.item("types.rs", "impl Thing {"), @"
    impl Thing {
        /// One with what is required.
        pub fn new(
            name: impl Into<String>,
            password: impl Into<::client_core::Sensitive>,
            pin: impl Into<::client_core::Sensitive>,
        ) -> Self {
            Self {
                guid: Default::default(),
                hint: Default::default(),
                name: name.into(),
                password: Some(password.into()),
                pin: Some(pin.into()),
            }
        }

        pub fn guid<Kind_>(
            mut self,
            guid: impl ::client_core::IntoField<String, Kind_>,
        ) -> Self {
            self.guid = guid.into_field();
            self
        }

        pub fn hint<Kind_>(
            mut self,
            hint: impl ::client_core::IntoField<String, Kind_>,
        ) -> Self {
            self.hint = hint.into_field();
            self
        }
    }
    ");
}

#[test]
fn other_properties_are_a_map_beside_the_named_ones() {
    let view = both_ways(
        "
    Thing:
      type: object
      required: [id]
      properties: {id: {type: string}, extra: {type: boolean}, any: {$ref: '#/components/schemas/Any'}}
      additionalProperties: {type: integer}
    Any: {type: object, properties: {id: {type: string}}, additionalProperties: true}
",
    );
    assert_snapshot!(view.ty("Thing"), @r#"
    pub struct Thing {
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub any: Option<Any>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        #[cfg_attr(feature = "schemars", schemars(rename = "extra"))]
        pub extra_2: Option<bool>,
        pub id: String,
        #[cfg_attr(feature = "schemars", schemars(flatten))]
        pub extra: ::std::collections::HashMap<String, i64>,
    }
    "#);
    assert_snapshot!(view.item("types.rs", "::client_core::object! {"), @"
    ::client_core::object! {
        Any { id } rest extra
    }
    ");
}

#[test]
fn names_that_start_with_a_digit_are_the_same_everywhere() {
    let view = both_ways(
        "
    Thing:
      type: object
      required: [3rd]
      properties:
        1st: {type: string, nullable: true}
        x1st: {type: string}
        3rd: {type: string, writeOnly: true}
        4th: {oneOf: [{$ref: '#/components/schemas/One'}, {$ref: '#/components/schemas/Two'}]}
    One: {type: object, required: [kind], properties: {kind: {type: string, enum: [1st]}}}
    Two: {type: object, required: [kind], properties: {kind: {type: string, enum: ['2 ways']}}}
",
    );
    assert_snapshot!(view.deviation("Names"), @r"- `Thing.x1st`: is the field `x1st_2`");
    assert_snapshot!(view.deviation("Null in requests"), @r"- `Thing.1st`: can be sent as null: `Some(None)`, or its method that ends in `_null`");
    assert_snapshot!(view.ty("Thing"), @r#"
    pub struct Thing {
        #[cfg_attr(
            feature = "schemars",
            schemars(rename = "1st", skip_serializing_if = "Option::is_none")
        )]
        pub x1st: Option<Option<String>>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        #[cfg_attr(feature = "schemars", schemars(rename = "x1st"))]
        pub x1st_2: Option<String>,
        #[cfg_attr(
            feature = "schemars",
            schemars(rename = "3rd", skip_serializing_if = "Option::is_none")
        )]
        pub x3rd: Option<String>,
        #[cfg_attr(
            feature = "schemars",
            schemars(rename = "4th", skip_serializing_if = "Option::is_none")
        )]
        pub x4th: Option<ThingX4th>,
    }
    "#);
    assert_snapshot!(view.ty("ThingX4th"), @r#"
    #[derive(Clone, PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[cfg_attr(feature = "schemars", schemars(untagged))]
    #[non_exhaustive]
    pub enum ThingX4th {
        X1st(One),
        X2Ways(Two),
        /// What the spec does not describe, as JSON.
        UnknownValue(::serde_json::Value),
    }
    "#);
}

#[test]
fn unions_that_only_a_discriminator_tells_of_are_listed() {
    let view = both_ways(
        "
    Thing: {type: object, properties: {pet: {$ref: '#/components/schemas/Pet'}, car: {$ref: '#/components/schemas/Car'}}}
    Pet: {type: object, required: [kind], properties: {kind: {type: string}}, discriminator: {propertyName: kind}}
    Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {lives: {type: integer}}}]}
    Kitten: {allOf: [{allOf: [{$ref: '#/components/schemas/Cat'}]}, {type: object, properties: {days: {type: integer}}}]}
    Dog: {type: object, properties: {kind: {type: string}}}
    Car: {type: object, properties: {kind: {type: string}}, discriminator: {propertyName: kind, mapping: {dog: Dog}}}
    Lone: {type: object, properties: {kind: {type: string}}, discriminator: {propertyName: kind}}
",
    );
    assert_snapshot!(view.deviation("Unions"), @r"
    - `Pet`: has a `discriminator` and no `oneOf`: it is read and sent without the properties of `Cat`, `Kitten`; a `oneOf` of them, in an overlay, makes an enum of types
    - `Car`: has a `discriminator` and no `oneOf`: it is read and sent without the properties of `Dog`; a `oneOf` of them, in an overlay, makes an enum of types
    ");
    assert_snapshot!(view.ty("Pet"), @r"
    pub struct Pet {
        pub kind: String,
    }
    ");
}

#[test]
fn unions_are_enums_scalars_or_values() {
    let view = both_ways(
        "
    Thing:
      type: object
      properties:
        pet: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind}}
        id: {oneOf: [{type: string}, {type: integer}], nullable: true}
        kind: {oneOf: [{type: string, enum: [ssd]}, {type: string, enum: [hdd]}]}
        maybe: {oneOf: [{$ref: '#/components/schemas/Cat'}, {enum: [null]}]}
        scalar: {anyOf: [{type: string, format: uuid}, {type: string, format: date}]}
        untold: {oneOf: [{type: object, properties: {a: {type: string}}}, {type: object, properties: {b: {type: string}}}]}
    Cat: {type: object, required: [kind], properties: {kind: {type: string}, lives: {type: integer, format: uint64}}}
    Dog: {type: object, required: [kind], properties: {kind: {type: string}}}
",
    );
    assert_snapshot!(view.deviation("Unions"), @r"
    - `Thing`: a choice that a property tells apart is an enum of types
    - `Thing`: a choice that JSON's types tell apart is an enum of types
    - `Thing`: a choice of enums is one enum
    - `Thing`: a choice of null and one schema is an `Option`
    - `Thing`: a choice of formats is their common type
    ");
    assert_snapshot!(view.deviation("Shapes of schemas"), @r"
    - `Thing`: a choice between schemas is an untyped value
    ");
    assert_snapshot!(view.ty("Thing"), @r#"
    pub struct Thing {
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub id: Option<Option<ThingId>>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub kind: Option<ThingKind>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub maybe: Option<Option<Cat>>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub pet: Option<ThingPet>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub scalar: Option<String>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub untold: Option<::serde_json::Value>,
    }
    "#);
}

#[test]
fn enums_of_types_keep_what_the_spec_does_not_know() {
    let view = both_ways(
        "
    Thing:
      description: A pet.
      oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
      discriminator: {propertyName: kind, mapping: {cat: Cat, tomcat: '#/components/schemas/Cat'}}
    Cat: {type: object, required: [kind], properties: {kind: {type: string}, lives: {type: integer}}}
    Dog: {type: object, required: [kind], properties: {kind: {type: string}}}
",
    );
    assert_snapshot!(view.ty("Thing"), @r#"
    /// A pet.
    #[derive(Clone, PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[cfg_attr(feature = "schemars", schemars(untagged))]
    #[non_exhaustive]
    pub enum Thing {
        Cat(Cat),
        Dog(Dog),
        /// What the spec does not describe, as JSON.
        UnknownValue(::serde_json::Value),
    }
    "#);
    assert_snapshot!(view.item("types.rs", "::client_core::tagged_union! {"), @r#"
    ::client_core::tagged_union! {
        Thing by "kind" { Cat = "cat" | "tomcat", Dog = "Dog" } else UnknownValue
    }
    "#);
}

#[test]
fn recursive_types_leave_out_what_is_not_given() {
    let view = both_ways(
        "
    Thing:
      type: object
      required: [must]
      properties:
        must: {allOf: [{$ref: '#/components/schemas/Thing'}], nullable: true}
        may: {$ref: '#/components/schemas/Thing'}
",
    );
    assert_snapshot!(view.ty("Thing"), @r#"
    pub struct Thing {
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub may: Option<Box<Thing>>,
        pub must: Option<Box<Thing>>,
    }
    "#);
    assert_snapshot!(view.item("types.rs", "::client_core::object! {"), @"
    ::client_core::object! {
        Thing { may, must : required }
    }
    ");
}
