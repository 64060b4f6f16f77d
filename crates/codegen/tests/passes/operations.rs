//! The passes over the document and its operations.

use insta::assert_snapshot;

use crate::view::{generate, generate_with};

const ONE_SCHEMA: &str = "
paths:
  /users/{guid}:
    get:
      operationId: readUser
      parameters: [{name: guid, in: path, required: true, schema: {type: string}}]
      responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}}
components:
  schemas:
    User: {type: object, properties: {state: {type: string}}}
";

#[test]
fn overlay_corrects_the_spec_and_says_why() {
    let overlay = "
overlay: 1.0.0
info: {title: Corrections, version: '1'}
actions:
  - target: $.components.schemas.User.properties.state
    description: The prose lists the states.
    update: {enum: [OPEN, CLOSED]}
";
    let view = generate_with(ONE_SCHEMA, Some(overlay)).expect("the overlay fits");
    assert_snapshot!(view.deviation("Overlay"), @"- `/components/schemas/User/properties/state`: The prose lists the states.");
    assert_snapshot!(view.ty("UserState"), @r#"
    #[open(UnknownValue)]
    pub enum UserState {
        /// `OPEN`
        Open = "OPEN",
        /// `CLOSED`
        Closed = "CLOSED",
    }
    "#);
}

#[test]
fn overlay_action_that_selects_nothing_is_an_error() {
    let overlay = "
overlay: 1.0.0
info: {title: Corrections, version: '1'}
actions:
  - target: $.components.schemas.Member
    description: Upstream renamed it.
    update: {type: object}
";
    let message = generate_with(ONE_SCHEMA, Some(overlay))
        .err()
        .expect("the action is stale");
    assert_snapshot!(message, @"
    error: this action selects nothing: the spec may have been corrected upstream
     --> overlay.yaml:5:5
      |
    5 |   - target: $.components.schemas.Member
      |     ^^^^^^
      |
      = help: compare with the spec, then delete the action or correct its target
    ");
}

#[test]
fn overlay_names_methods_and_says_what_can_be_sent_twice() {
    let spec = "
paths:
  /retruns:
    get: {operationId: listACHRetruns, responses: {'200': {description: OK, content: {application/json: {schema: {type: object, properties: {total: {type: integer}}}}}}}}
    post: {operationId: enhance, responses: {'204': {description: Enhanced}}}
    put: {operationId: resume, responses: {'204': {description: Resumed}}}
    delete: {operationId: clear, responses: {'204': {description: Cleared}}}
";
    let overlay = "
overlay: 1.0.0
info: {title: Corrections, version: '1'}
actions:
  - target: $.paths.*[?@.operationId=='listACHRetruns']
    description: The name is misspelt.
    update: {x-rust-name: listACHReturns}
  - target: $.paths.*[?@.operationId=='enhance']
    x-when: $.paths['/retruns']
    description: It stores nothing.
    update: {x-idempotent: true}
  - target: $.paths.*[?@.operationId=='resume']
    description: An answer counts once.
    update: {x-idempotent: false}
  - target: $.paths.*[?@.operationId=='elsewhere']
    x-when: $.paths['/elsewhere']
    description: Not for this spec.
    update: {x-idempotent: false}
";
    let view = generate_with(spec, Some(overlay)).expect("the overlay fits");
    assert_snapshot!(view.deviation("Overlay"), @"
    - `/paths/~1retruns/get`: The name is misspelt.
    - `/paths/~1retruns/post`: It stores nothing.
    - `/paths/~1retruns/put`: An answer counts once.
    ");
    assert_snapshot!(view.deviation("Names"), @"- `listACHRetruns`: is the method `list_ach_returns`");
    assert_snapshot!(view.signature("list_ach_returns", "ListAchReturns"), @"
    pub fn list_ach_returns(&self) -> builder::ListAchReturns
    pub fn send(self) -> impl Future<Output = Result<Response<types::ListAchReturnsResponse>, Error>>
    ");
    let entry = view.entry("LIST_ACH_RETURNS");
    assert!(entry.contains(r#"id: "listACHRetruns""#), "{entry}");
    let sent_twice = ["LIST_ACH_RETURNS", "ENHANCE", "RESUME", "CLEAR"]
        .map(|name| view.entry(name).contains("idempotent: true"));
    assert_eq!(sent_twice, [true, true, false, true]);
}

#[test]
fn schema_from_example_types_json_that_has_none() {
    let view = generate(
        "
paths:
  /user:
    get:
      operationId: readUser
      responses:
        '200': {description: OK, content: {application/json: {example: {guid: USR-1, age: 7, tags: [a]}}}}
",
    );
    assert_snapshot!(view.deviation("Schema from example"), @"- `/paths/~1user/get/responses/200/content/application~1json`: has the schema of its examples");
    assert_snapshot!(view.ty("ReadUserResponse"), @r#"
    #[non_exhaustive]
    pub struct ReadUserResponse {
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub age: Option<i64>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub guid: Option<String>,
        #[cfg_attr(feature = "schemars", schemars(skip_serializing_if = "Option::is_none"))]
        pub tags: Option<Vec<String>>,
    }
    "#);
}

#[test]
fn inlining_resolves_references_and_keeps_the_order_of_the_path() {
    let view = generate(
        "
paths:
  /users/{user}/members/{member}:
    parameters:
      - {$ref: '#/components/parameters/Member'}
      - {name: user, in: path, required: true, schema: {type: string}}
      - {name: page, in: query, schema: {type: string}}
    get:
      operationId: readMember
      parameters: [{name: page, in: query, required: true, schema: {type: integer}}]
      responses: {'204': {$ref: '#/components/responses/Empty'}}
components:
  parameters: {Member: {name: member, in: path, required: true, schema: {type: string}}}
  responses: {Empty: {description: Nothing}}
",
    );
    assert_snapshot!(view.signature("read_member", "ReadMember"), @"
    pub fn read_member(&self, user: impl TryInto<String>, member: impl TryInto<String>, page: impl TryInto<i64>) -> builder::ReadMember
    pub fn send(self) -> impl Future<Output = Result<Response<()>, Error>>
    ");
}

#[test]
fn client_level_headers_leave_the_signature() {
    let view = generate(
        "
paths:
  /users:
    get:
      operationId: listUsers
      parameters:
        - {name: Accept-Version, in: header, required: true, schema: {type: string, default: v20250224}}
        - {name: Accept, in: header, required: true, schema: {type: string}}
        - {name: API-KEY, in: header, required: true, schema: {type: string}}
        - {name: X-Trace, in: header, schema: {type: string}}
      responses: {'200': {description: OK, content: {application/json: {schema: {type: string}}}}}
      security: [{key: []}]
components:
  securitySchemes: {key: {type: apiKey, in: header, name: API-KEY}}
",
    );
    assert_snapshot!(view.deviation("Client-level headers"), @"
    - `listUsers`: `Accept-Version: v20250224` is sent with every request
    - `listUsers`: `Accept` follows from the media types of the operation
    - `listUsers`: `API-KEY` is sent with the client's credentials
    ");
    assert_snapshot!(view.signature("list_users", "ListUsers"), @"
    pub fn list_users(&self) -> builder::ListUsers
    pub fn send(self) -> impl Future<Output = Result<Response<String>, Error>>
    ");
    assert_snapshot!(view.entry("LIST_USERS"), @r#"
    /// `GET /users`
    pub static LIST_USERS: Operation = Operation {
        id: "listUsers",
        name: "list_users",
        method: Method::GET,
        path: "/users",
        tags: &[],
        parameters: &[Parameter::header("X-Trace", "x_trace")],
        headers: &[("Accept-Version", "v20250224")],
        accept: Some("application/json"),
        body: None,
        responses: &[DocumentedResponse::new("200", &["application/json"])],
        security: &[&SECURITY_KEY],
        idempotent: true,
    };
    "#);
}

#[test]
fn parameters_are_what_a_path_or_a_header_can_carry() {
    let view = generate(
        "
paths:
  /users/{guids}:
    get:
      operationId: listUsers
      parameters:
        - {name: guids, in: path, required: true, schema: {type: array, items: {type: string}}}
        - {name: X-Any, in: header, required: true, schema: {}}
        - {name: page, in: query, required: true, schema: {type: integer, nullable: true}}
      responses: {'204': {description: None}}
",
    );
    assert_snapshot!(view.deviation("Parameters"), @"
    - `listUsers`: `guids` is given as text
    - `listUsers`: `X-Any` is given as text
    ");
    assert_snapshot!(view.signature("list_users", "ListUsers"), @"
    pub fn list_users(&self, guids: impl TryInto<String>, x_any: impl TryInto<String>, page: impl TryInto<i64>) -> builder::ListUsers
    pub fn send(self) -> impl Future<Output = Result<Response<()>, Error>>
    ");
}

#[test]
fn media_types_of_vendors_are_json_and_stay_on_the_wire() {
    let view = generate(
        "
paths:
  /users:
    post:
      operationId: createUser
      requestBody:
        required: true
        content: {application/vnd.mx.api.v1+json: {schema: {type: object, properties: {id: {type: string}}}}}
      responses:
        '201': {description: OK, content: {'application/vnd.mx.api.v2beta+json; charset=utf-8': {schema: {type: string}}}}
  /statement:
    get:
      operationId: readStatement
      responses: {'200': {description: OK, content: {application/pdf: {schema: {type: string, format: binary}}}}}
",
    );
    assert_snapshot!(view.deviation("Media types"), @"
    - `createUser`: request body `application/vnd.mx.api.v1+json` is typed JSON
    - `createUser`: response body `application/vnd.mx.api.v2beta+json; charset=utf-8` is typed JSON
    ");
    assert_snapshot!(view.entry("CREATE_USER"), @r#"
    /// `POST /users`
    pub static CREATE_USER: Operation = Operation {
        id: "createUser",
        name: "create_user",
        method: Method::POST,
        path: "/users",
        tags: &[],
        parameters: &[],
        headers: &[],
        accept: Some("application/vnd.mx.api.v2beta+json; charset=utf-8"),
        body: Some(Body {
            media_type: "application/vnd.mx.api.v1+json",
            required: true,
        }),
        responses: &[
            DocumentedResponse::new(
                "201",
                &["application/vnd.mx.api.v2beta+json; charset=utf-8"],
            ),
        ],
        security: &[],
        idempotent: false,
    };
    "#);
    assert_snapshot!(view.signature("create_user", "CreateUser"), @"
    pub fn create_user(&self, body: impl TryInto<types::CreateUserBody>) -> builder::CreateUser
    pub fn send(self) -> impl Future<Output = Result<Response<String>, Error>>
    ");
    assert_snapshot!(view.entry("READ_STATEMENT"), @r#"
    /// `GET /statement`
    pub static READ_STATEMENT: Operation = Operation {
        id: "readStatement",
        name: "read_statement",
        method: Method::GET,
        path: "/statement",
        tags: &[],
        parameters: &[],
        headers: &[],
        accept: Some("application/pdf"),
        body: None,
        responses: &[DocumentedResponse::new("200", &["application/pdf"])],
        security: &[],
        idempotent: true,
    };
    "#);
    assert_snapshot!(view.signature("read_statement", "ReadStatement"), @"
    pub fn read_statement(&self) -> builder::ReadStatement
    pub fn send(self) -> impl Future<Output = Result<Response<ByteStream>, Error>>
    ");
}

/// An operation whose responses are `responses`, and what it answers.
fn answers(responses: &str) -> String {
    let view = generate(&format!(
        "
paths:
  /job:
    post:
      operationId: startJob
      responses: {{{responses}}}
"
    ));
    let deviation = view.deviation("One response type");
    format!("{deviation}\n{}", view.signature("start_job", "StartJob"))
        .trim()
        .to_owned()
}

#[test]
fn one_response_type_for_several_successes() {
    let text = "content: {application/json: {schema: {type: string}}}";
    let number = "content: {application/json: {schema: {type: integer}}}";
    let pdf = "content: {application/pdf: {schema: {type: string, format: binary}}}";
    assert_snapshot!(answers("'204': {description: a}, '202': {description: b}"), @"
    pub fn start_job(&self) -> builder::StartJob
    pub fn send(self) -> impl Future<Output = Result<Response<()>, Error>>
    ");
    assert_snapshot!(answers(&format!("'200': {{description: a, {text}}}, '201': {{description: b, {text}}}")), @"
    pub fn start_job(&self) -> builder::StartJob
    pub fn send(self) -> impl Future<Output = Result<Response<String>, Error>>
    ");
    assert_snapshot!(answers(&format!("'200': {{description: a, {text}}}, '204': {{description: b}}")), @"
    - `startJob`: a body that some success statuses lack is an `Option`
    pub fn start_job(&self) -> builder::StartJob
    pub fn send(self) -> impl Future<Output = Result<Response<Option<String>>, Error>>
    ");
    assert_snapshot!(answers(&format!("'200': {{description: a, {text}}}, '202': {{description: b, {number}}}, '204': {{description: c}}")), @"
    - `startJob`: bodies that differ by status are an enum by status
    pub fn start_job(&self) -> builder::StartJob
    pub async fn send(self) -> Result<Response<types::StartJobSuccess>, Error>
    ");
    assert_snapshot!(answers(&format!("'200': {{description: a, {text}}}, '201': {{description: b, {pdf}}}")), @"
    - `startJob`: JSON beside other bytes is passed on as a stream
    pub fn start_job(&self) -> builder::StartJob
    pub fn send(self) -> impl Future<Output = Result<Response<ByteStream>, Error>>
    ");
    assert_snapshot!(answers(&format!("default: {{description: a, {text}}}")), @"
    pub fn start_job(&self) -> builder::StartJob
    pub fn send(self) -> impl Future<Output = Result<Response<String>, Error>>
    ");
    assert_snapshot!(answers(&format!("'200': {{description: a, {text}}}, default: {{description: b, {number}}}")), @"
    pub fn start_job(&self) -> builder::StartJob
    pub fn send(self) -> impl Future<Output = Result<Response<String>, Error>>
    ");
}

#[test]
fn errors_of_different_schemas_are_one_error() {
    let view = generate(
        "
paths:
  /job:
    get:
      operationId: readJob
      responses:
        '200': {description: OK, content: {application/json: {schema: {type: string}}}}
        '400': {description: No, content: {application/json: {schema: {$ref: '#/components/schemas/Fault'}}}}
        '422': {description: No, content: {application/json: {schema: {type: integer}}}}
        '500': {description: No, content: {text/html: {schema: {type: string}}}}
        default: {description: No, content: {application/json: {schema: {type: boolean}}}}
components: {schemas: {Fault: {type: object, properties: {message: {type: string}}}}}
",
    );
    assert_snapshot!(view.signature("read_job", "ReadJob"), @"
    pub fn read_job(&self) -> builder::ReadJob
    pub fn send(self) -> impl Future<Output = Result<Response<String>, Error>>
    ");
    assert!(!view.has("types.rs", "pub struct Fault"));
    assert_snapshot!(view.deviation("Unused schemas"), @"- `Fault`: has no type");
}

#[test]
fn an_operation_without_id_is_named_after_its_method_and_path() {
    let view = generate(
        "
paths:
  /users/{user_guid}/members:
    get:
      parameters: [{name: user_guid, in: path, required: true, schema: {type: string}}]
      responses: {'204': {description: OK}}
    post:
      operationId: ''
      parameters: [{name: user_guid, in: path, required: true, schema: {type: string}}]
      responses: {'204': {description: OK}}
  /users-user_guid/members:
    get:
      operationId: get_users_user_guid_members
      responses: {'204': {description: OK}}
",
    );
    assert_snapshot!(view.deviation("Names of operations"), @r"
    - `GET /users/{user_guid}/members`: has the `operationId` `get_users_user_guid_members_2`
    - `POST /users/{user_guid}/members`: has the `operationId` `post_users_user_guid_members`
    ");
    for method in [
        "get_users_user_guid_members",
        "get_users_user_guid_members_2",
        "post_users_user_guid_members",
    ] {
        assert!(
            view.has("client.rs", &format!("pub fn {method}(")),
            "{method}"
        );
    }
    // The suite calls it by the same id.
    assert!(
        view.file("openapi.json")
            .contains("\"operationId\": \"post_users_user_guid_members\"")
    );
}

#[test]
fn responses_without_body_have_none_whatever_the_spec_says() {
    let content = "content: {application/json: {schema: {type: string}}}";
    let view = generate(&format!(
        "
paths:
  /things:
    get:
      operationId: getThing
      responses: {{'200': {{description: OK, {content}}}, '204': {{description: OK, {content}}}}}
    head: {{operationId: headThing, responses: {{'200': {{description: OK, {content}}}}}}}
    put: {{operationId: putThing, responses: {{'205': {{description: OK, {content}}}, '304': {{description: OK, {content}}}}}}}
"
    ));
    assert_snapshot!(view.deviation("Responses without body"), @r"
    - `getThing`: the content of `204` is left out
    - `putThing`: the content of `205` is left out
    - `putThing`: the content of `304` is left out
    - `headThing`: the content of `200` is left out
    ");
    assert_snapshot!(view.signature("get_thing", "GetThing"), @"
    pub fn get_thing(&self) -> builder::GetThing
    pub fn send(self) -> impl Future<Output = Result<Response<Option<String>>, Error>>
    ");
    assert_snapshot!(view.signature("head_thing", "HeadThing"), @"
    pub fn head_thing(&self) -> builder::HeadThing
    pub fn send(self) -> impl Future<Output = Result<Response<()>, Error>>
    ");
    assert_snapshot!(view.entry("PUT_THING"), @r#"
    /// `PUT /things`
    pub static PUT_THING: Operation = Operation {
        id: "putThing",
        name: "put_thing",
        method: Method::PUT,
        path: "/things",
        tags: &[],
        parameters: &[],
        headers: &[],
        accept: None,
        body: None,
        responses: &[
            DocumentedResponse::new("205", &[]),
            DocumentedResponse::new("304", &[]),
        ],
        security: &[],
        idempotent: true,
    };
    "#);
}

#[test]
fn common_headers_are_sent_with_operations_that_forget_them() {
    let operation = |id: &str, headers: &str| {
        format!(
            "  /{id}: {{get: {{operationId: {id}, parameters: [{headers}], responses: {{'204': {{description: None}}}}}}}}\n"
        )
    };
    let fixed =
        "{name: Accept-Version, in: header, required: true, schema: {type: string, default: v1}}";
    let given = "{name: Accept-Version, in: header, required: true, schema: {type: string}}";
    let two = format!("paths:\n{}{}", operation("a", fixed), operation("b", fixed));
    let view = generate(&format!("{two}{}", operation("forgetful", "")));
    assert_snapshot!(view.deviation("Common headers"), @"- `forgetful`: `Accept-Version: v1` is sent, as with all other operations");
    let sent = r#"("Accept-Version", "v1")"#;
    assert!(
        view.entry("FORGETFUL").contains(sent),
        "{}",
        view.entry("FORGETFUL")
    );
    // No agreement, or no majority.
    let view = generate(&format!(
        "{two}{}{}",
        operation("c", given),
        operation("other", "")
    ));
    assert!(!view.entry("OTHER").contains(sent));
    let rare = format!(
        "paths:\n{}{}",
        operation("a", fixed),
        operation("other", "")
    );
    assert!(!generate(&rare).entry("OTHER").contains(sent));
}

#[test]
fn methods_stand_by_tag() {
    let of = |id: &str, tags: &str| {
        format!(
            "  /{id}:\n    get:\n      operationId: {id}\n      tags: {tags}\n      responses: {{'204': {{description: Done}}}}\n"
        )
    };
    let paths = [
        of("listUsers", "[users]"),
        of("status", "[]"),
        of("readCard", "['`cards`', users]"),
        of("readUser", "[users, cards]"),
    ];
    let view = generate(&format!("paths:\n{}", paths.concat()));
    let client = view.file("client.rs");
    let docs: Vec<&str> = client
        .lines()
        .filter(|line| line.starts_with("///") && !line.ends_with("[`Client`]."))
        .collect();
    assert_snapshot!(docs.join("\n"), @"
    /// A client of the Test: cheap to clone, safe to share between threads.
    ///
    /// # Operations
    ///
    /// - `users`: [`list_users`](Self::list_users), [`read_user`](Self::read_user)
    /// - without a tag: [`status`](Self::status)
    /// - `` `cards` ``: [`read_card`](Self::read_card)
    /// # `users`
    /// # `` `cards` ``
    ");
    let place = |text: &str| client.find(text).unwrap_or_else(|| panic!("no {text}"));
    let users = place("/// # `users`");
    let cards = place("/// # `` `cards` ``");
    assert!((users..cards).contains(&place("pub fn list_users(")));
    assert!((users..cards).contains(&place("pub fn read_user(")));
    assert!(place("pub fn read_card(") > cards);
}
