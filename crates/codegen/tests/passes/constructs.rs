//! Constructs that specs hold and stock progenitor refuses, or makes something else of.

use insta::assert_snapshot;

use crate::view::{View, generate};

/// A spec whose only operation takes and answers a `User` with these properties.
fn user(properties: &str) -> View {
    generate(&format!(
        "
paths:
  /user:
    put:
      operationId: updateUser
      requestBody: {{required: true, content: {{application/json: {{schema: {{$ref: '#/components/schemas/User'}}}}}}}}
      responses: {{'200': {{description: OK, content: {{application/json: {{schema: {{$ref: '#/components/schemas/User'}}}}}}}}}}
components:
  schemas:
    Account: {{type: object, properties: {{guid: {{type: string}}}}}}
    Kind: {{type: string, enum: [A, B]}}
    User:
      type: object
      required: [needed]
      properties:
{properties}
"
    ))
}

#[test]
fn several_versions_of_a_vendor_type_stand_side_by_side() {
    let operation = |id: &str, media_type: &str| {
        format!(
            "
  /{id}:
    get:
      operationId: {id}
      responses: {{'200': {{description: OK, content: {{{media_type}: {{schema: {{type: string}}}}}}}}}}"
        )
    };
    let view = generate(&format!(
        "paths:{}{}{}{}",
        operation("plain", "application/json"),
        operation("first", "application/vnd.mx.api.v1+json"),
        operation("second", "application/vnd.mx.api.v2beta+json"),
        operation("paper", "application/pdf"),
    ));
    let accepts = view
        .file("operations.rs")
        .lines()
        .filter(|line| line.contains("accept:"));
    assert_snapshot!(accepts.map(str::trim).collect::<Vec<_>>().join("\n"), @r#"
    accept: Some("application/json"),
    accept: Some("application/json"),
    accept: Some("application/vnd.mx.api.v1+json"),
    accept: Some("application/vnd.mx.api.v2beta+json"),
    accept: Some("application/pdf"),
    "#);
    assert_snapshot!(view.deviation("Media types"), @"
    - `first`: response body `application/vnd.mx.api.v1+json` is typed JSON
    - `second`: response body `application/vnd.mx.api.v2beta+json` is typed JSON
    ");
}

#[test]
fn anything_may_be_null() {
    let view = user(
        "
        needed: {type: string, nullable: true}
        text: {type: string, nullable: true}
        list: {type: array, nullable: true, items: {type: string, nullable: true}}
        map: {type: object, nullable: true, additionalProperties: {type: number, nullable: true}}
        inner: {type: object, nullable: true, properties: {a: {type: integer}}}
        account: {nullable: true, allOf: [{$ref: '#/components/schemas/Account'}]}",
    );
    assert_snapshot!(view.ty("User"), @r#"
    pub struct User {
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub account: Option<Option<Account>>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub inner: Option<Option<UserInner>>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub list: Option<Option<Vec<Option<String>>>>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        #[cfg_attr(
            feature = "schemars",
            schemars(
                with = "Option<Option<::std::collections::HashMap<String,Option<f64>>>>"
            )
        )]
        pub map: Option<
            Option<::std::collections::HashMap<String, Option<::client_core::Decimal>>>,
        >,
        pub needed: Option<String>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub text: Option<Option<String>>,
    }
    "#);
}

#[test]
fn enums_may_be_null_without_saying_so_among_their_values() {
    let view = user(
        "
        state: {type: string, nullable: true, enum: [OPEN, CLOSED]}
        with: {type: string, nullable: true, enum: [OPEN, null]}
        only: {type: string, nullable: true, enum: [null]}
        plain: {enum: [A, B]}
        numbers: {type: integer, enum: [1, 2]}",
    );
    assert_snapshot!(view.ty("User"), @r#"
    pub struct User {
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub numbers: Option<i64>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub only: Option<Option<String>>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub plain: Option<UserPlain>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub state: Option<Option<UserState>>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub with: Option<Option<UserWith>>,
    }
    "#);
    assert_snapshot!(view.ty("UserState"), @r#"
    #[open(UnknownValue)]
    pub enum UserState {
        /// `OPEN`
        Open = "OPEN",
        /// `CLOSED`
        Closed = "CLOSED",
    }
    "#);
    assert_snapshot!(view.deviation("Shapes of schemas"), @"- `User`: an enum of values that are not strings is its plain type");
}

#[test]
fn schemas_say_little() {
    let view = user(
        "
        described: {description: No type.}
        empty: {}
        bare: {type: array}
        loose: {type: array, items: {}}
        items: {items: {type: integer}}
        object: {type: object}
        free: {type: object, additionalProperties: true}
        shaped: {properties: {a: {type: string}}}",
    );
    assert_snapshot!(view.ty("User"), @r#"
    pub struct User {
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub bare: Option<Vec<::serde_json::Value>>,
        /// No type.
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub described: Option<::serde_json::Value>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub empty: Option<::serde_json::Value>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub free: Option<::serde_json::Map<String, ::serde_json::Value>>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub items: Option<Vec<i64>>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub loose: Option<Vec<::serde_json::Value>>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub object: Option<::serde_json::Map<String, ::serde_json::Value>>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub shaped: Option<UserShaped>,
    }
    "#);
}

#[test]
fn references_have_siblings() {
    let view = user(
        "
        needed: {$ref: '#/components/schemas/Account', nullable: true}
        kind: {$ref: '#/components/schemas/Kind', description: The kind of it., nullable: true}
        owner: {$ref: '#/components/schemas/Account', description: Who owns it., readOnly: true}
        items: {type: array, items: {$ref: '#/components/schemas/Kind', description: One.}}",
    );
    assert_snapshot!(view.ty("User"), @r#"
    pub struct User {
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub items: Option<Vec<Kind>>,
        /// The kind of it.
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub kind: Option<Option<Kind>>,
        pub needed: Option<Account>,
        /// Who owns it.
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub owner: Option<Account>,
    }
    "#);
}

#[test]
fn schemas_refer_to_themselves() {
    let view = user(
        "
        parent: {$ref: '#/components/schemas/User'}
        children: {type: array, items: {$ref: '#/components/schemas/User'}}",
    );
    assert_snapshot!(view.ty("User"), @r#"
    pub struct User {
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub children: Option<Vec<User>>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub parent: Option<Box<User>>,
    }
    "#);
}

#[test]
fn queries_have_brackets_arrays_and_enums() {
    let view = generate(
        "
paths:
  /transactions:
    get:
      operationId: listTransactions
      parameters:
        - {name: 'category_guid[]', in: query, schema: {type: array, items: {type: string}}}
        - {name: ids, in: query, explode: false, schema: {type: array, items: {type: integer}}}
        - {name: sort, in: query, required: true, schema: {type: string, nullable: true, enum: [asc, desc]}}
      responses: {'204': {description: None}}
",
    );
    assert_snapshot!(view.entry("LIST_TRANSACTIONS"), @r#"
    /// `GET /transactions`
    pub static LIST_TRANSACTIONS: Operation = Operation {
        id: "listTransactions",
        name: "list_transactions",
        method: Method::GET,
        path: "/transactions",
        tags: &[],
        parameters: &[
            Parameter::query("category_guid[]", "category_guid"),
            Parameter::query("ids", "ids").joined(),
            Parameter::query("sort", "sort").required(),
        ],
        headers: &[],
        accept: None,
        body: None,
        responses: &[DocumentedResponse::new("204", &[])],
        security: &[],
        idempotent: true,
    };
    "#);
    assert_snapshot!(view.signature("list_transactions", "ListTransactions"), @"
    pub fn list_transactions(&self, sort: impl TryInto<types::Sort>) -> builder::ListTransactions
    pub fn send(self) -> impl Future<Output = Result<Response<()>, Error>>
    ");
    assert_snapshot!(view.item("builder.rs", "pub fn category_guid<Kind>("), @r#"
    /// Sets `category_guid`.
    pub fn category_guid<Kind>(
        self,
        category_guid: impl IntoArgument<Vec<String>, Kind>,
    ) -> Self {
        Self(self.0.query("category_guid[]", category_guid.into_argument()))
    }
    "#);
    assert_snapshot!(view.item("client.rs", "pub fn list_transactions("), @r#"
    /// `GET /transactions`, operation `listTransactions`.
    pub fn list_transactions(
        &self,
        sort: impl TryInto<types::Sort>,
    ) -> builder::ListTransactions {
        builder::ListTransactions(
            self
                .0
                .call(&operations::LIST_TRANSACTIONS)
                .query("sort", Argument::<types::Sort>::new(sort)),
        )
    }
    "#);
}

#[test]
fn operation_ids_may_be_any_text() {
    let ids = [
        "1st", "get-a-b", "get_a_b", "op0", "x", "getX", "+1", "3D view", "größe", "OAuth",
    ];
    let paths = ids.iter().enumerate().map(|(index, id)| {
        format!(
            "
  /{index}/{{p0x0}}/{{1st}}:
    get:
      operationId: '{id}'
      parameters:
        - {{name: p0x0, in: path, required: true, schema: {{type: integer}}}}
        - {{name: 1st, in: path, required: true, schema: {{type: string}}}}
      responses: {{'204': {{description: None}}}}"
        )
    });
    let view = generate(&format!("paths:{}", paths.collect::<String>()));
    let methods = view.file("client.rs").lines().map(str::trim);
    let methods = methods.filter(|line| {
        line.starts_with("pub fn ")
            && !line.contains("fn builder(")
            && !line.contains("fn request(")
    });
    assert_snapshot!(methods.collect::<Vec<_>>().join("\n"), @"
    pub fn _1st(
    pub fn get_a_b(
    pub fn get_a_b_2(
    pub fn op0(
    pub fn x(&self, p0x0: impl TryInto<i64>, _1st: impl TryInto<String>) -> builder::X {
    pub fn get_x(
    pub fn plus1(
    pub fn _3d_view(
    pub fn größe(
    pub fn oauth(
    ");
}

#[test]
fn bodies_are_required_optional_raw_or_absent() {
    let operation = |id: &str, body: &str| {
        format!(
            "
  /{id}:
    post:
      operationId: {id}
      requestBody: {{{body}}}
      responses: {{'204': {{description: None}}}}"
        )
    };
    let json =
        "content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}";
    let form = json.replace("json", "x-www-form-urlencoded");
    let raw = "content: {application/octet-stream: {schema: {type: string, format: binary}}}";
    let view = generate(&format!(
        "paths:{}{}{}{}
  /absent: {{post: {{operationId: absent, responses: {{'204': {{description: None}}}}}}}}",
        operation("needed", &format!("required: true, {json}")),
        operation("optional", json),
        operation("form", &format!("required: true, {form}")),
        operation("raw", &format!("required: true, {raw}")),
    ));
    let sent = ["Needed", "Optional", "Form", "Raw", "Absent"].map(|builder| {
        let head = format!("pub fn {}(", builder.to_lowercase());
        let methods = view.item("builder.rs", &format!("impl {builder} {{"));
        let methods = view.item("client.rs", &head) + &methods;
        let body = methods.lines().map(str::trim).find(|line| {
            ["json(", "form(", "raw("]
                .iter()
                .any(|given| line.contains(given))
        });
        let called = view.signature(&builder.to_lowercase(), builder);
        let called = called.lines().next().unwrap_or_default();
        format!("{called}\n  {}", body.unwrap_or("no body"))
    });
    assert_snapshot!(sent.join("\n"), @"
    pub fn needed(&self, body: impl TryInto<types::NeededBody>) -> builder::Needed
      .json(Argument::<types::NeededBody>::new(body)),
    pub fn optional(&self) -> builder::Optional
      Self(self.0.json(body.into_argument()))
    pub fn form(&self, body: impl TryInto<types::FormBody>) -> builder::Form
      pub fn form(&self, body: impl TryInto<types::FormBody>) -> builder::Form {
    pub fn raw(&self, body: impl TryInto<reqwest::Body>) -> builder::Raw
      pub fn raw(&self, body: impl TryInto<reqwest::Body>) -> builder::Raw {
    pub fn absent(&self) -> builder::Absent
      no body
    ");
}

#[test]
fn keywords_and_preludes_are_names_like_any_other() {
    let view = generate(
        "
paths:
  /match/{self}:
    get:
      operationId: match
      parameters:
        - {name: self, in: path, required: true, schema: {type: string}}
        - {name: type, in: query, schema: {type: string, enum: [Self, self, type, '1', '+1', a-b, a_b, 'ü']}}
        - {name: client, in: query, schema: {type: string}}
      responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Self'}}}}}
  /new: {get: {operationId: new, responses: {'204': {description: None}}}}
  /response: {get: {operationId: response, responses: {'204': {description: None}}}}
  /option: {get: {operationId: option, responses: {'204': {description: None}}}}
components:
  schemas:
    Self: {type: object, properties: {crate: {$ref: '#/components/schemas/Vec'}, async: {type: string}, '': {type: string}, '#': {type: string}}}
    Vec: {type: object, properties: {fn: {type: array, items: {$ref: '#/components/schemas/string'}}}}
    string: {type: object, properties: {Box: {type: boolean}}}
",
    );
    assert_snapshot!(view.signature("match_", "Match"), @"
    pub fn match_(&self, self_: impl TryInto<String>) -> builder::Match
    pub fn send(self) -> impl Future<Output = Result<Response<types::Self_>, Error>>
    ");
    assert_snapshot!(view.signature("new_2", "New2"), @"
    pub fn new_2(&self) -> builder::New2
    pub fn send(self) -> impl Future<Output = Result<Response<()>, Error>>
    ");
    assert_snapshot!(view.deviation("Names"), @"
    - `new`: is the method `new_2`
    - `response`: is the method `response_2`
    - `option`: is the method `option_2`
    - `match client`: is the argument `client_2`
    - `Vec`: is the type `Vec2`
    - `string`: is the type `String2`
    - `Self_.#`: is the field `x_2`
    ");
    assert_snapshot!(view.file("types.rs").split_once("//! The types").expect("types").1, @r##"
     that requests and responses carry.

    #[derive(Clone, Default, PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[non_exhaustive]
    pub struct Self_ {
        #[cfg_attr(
            feature = "schemars",
            schemars(rename = "async", skip_serializing_if = "Option::is_none")
        )]
        pub async_: Option<String>,
        #[cfg_attr(
            feature = "schemars",
            schemars(rename = "crate", skip_serializing_if = "Option::is_none")
        )]
        pub crate_: Option<Vec2>,
        #[cfg_attr(
            feature = "schemars",
            schemars(rename = "", skip_serializing_if = "Option::is_none")
        )]
        pub x: Option<String>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        #[cfg_attr(feature = "schemars", schemars(rename = "#"))]
        pub x_2: Option<String>,
    }

    ::client_core::safe_debug! {
        Self_ { async_, crate_, x, x_2 }
    }

    ::client_core::object! {
        Self_ { async_ = "async", crate_ = "crate", x = "", x_2 = "#" }
    }

    #[derive(Clone, Default, PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[non_exhaustive]
    pub struct String2 {
        #[cfg_attr(
            feature = "schemars",
            schemars(rename = "Box", skip_serializing_if = "Option::is_none")
        )]
        pub box_: Option<bool>,
    }

    ::client_core::safe_debug! {
        String2 { box_ }
    }

    ::client_core::object! {
        String2 { box_ = "Box" }
    }

    ::client_core::string_enum! {
        #[closed]
        pub enum Type {
            /// `Self`
            Self_ = "Self",
            /// `self`
            Self__ = "self",
            /// `type`
            Type = "type",
            /// `1`
            X1 = "1",
            /// `+1`
            Plus1 = "+1",
            /// `a-b`
            Ab = "a-b",
            /// `a_b`
            Ab_ = "a_b",
            /// `ü`
            Ü = "ü",
        }
    }

    #[derive(Clone, Default, PartialEq)]
    #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))]
    #[non_exhaustive]
    pub struct Vec2 {
        #[cfg_attr(
            feature = "schemars",
            schemars(rename = "fn", skip_serializing_if = "Option::is_none")
        )]
        pub fn_: Option<Vec<String2>>,
    }

    ::client_core::safe_debug! {
        Vec2 { fn_ }
    }

    ::client_core::object! {
        Vec2 { fn_ = "fn" }
    }
    "##);
}
