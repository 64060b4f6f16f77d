//! The mocks of operations.

use insta::assert_snapshot;

use crate::view::generate;

#[test]
fn mocks_take_what_calls_take_and_answer_what_is_documented() {
    let view = generate(
        "
paths:
  /users/{and}:
    get:
      operationId: match
      parameters:
        - {name: and, in: path, required: true, schema: {type: string}}
        - {name: 'ids[]', in: query, schema: {type: array, items: {type: integer}}}
        - {name: type, in: header, schema: {type: string, enum: [A, B]}}
      responses:
        '200': {description: OK, content: {application/vnd.mx.api.v1+json: {schema: {$ref: '#/components/schemas/User'}}}}
        '204': {description: Nothing}
        '404': {description: None, content: {application/json: {schema: {type: string}}}}
        '499': {description: Gone away, content: {text/plain: {}}}
        '5XX': {description: Broken}
        '5xx': {description: Broken}
  /users:
    post:
      operationId: createUser
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}
      responses:
        '201': {description: Made, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}
        '202': {description: Later, content: {application/json: {schema: {type: object, properties: {job: {type: string}}}}}}
  /statement:
    put:
      operationId: writeStatement
      requestBody: {content: {application/pdf: {schema: {type: string, format: binary}}}}
      responses: {'200': {description: OK, content: {application/pdf: {}}}}
    post:
      operationId: sendForm
      requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {type: string}}}}}}
      responses: {default: {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}}
    get:
      operationId: readStatement
      responses: {default: {description: Any}}
components:
  schemas:
    User: {type: object, properties: {guid: {type: string}}}
",
    );
    let (_, mocks) = view.file("mock.rs").split_once("//!").expect("the header");
    assert_snapshot!(mocks, @r#"
     Mocks of the operations, for tests of code that calls them.

    #[allow(unused_imports)]
    use super::{builder, operations, types};

    ::client_core::mock_operations! {
        match_(Match, MATCH_) {
            when {
                path and_2: String,
                query ids: Vec<i64>,
                header type_: types::Type,
            }
            then {
                typed ok(200): types::User,
                empty no_content(204),
                json not_found(404),
                bytes status_499(499),
                empty server_error(in "5XX"),
            }
        }
        create_user(CreateUser, CREATE_USER) {
            when {
                json body: types::User,
            }
            then {
                typed created(201): types::User,
                typed accepted(202): types::CreateUserResponse202,
            }
        }
        read_statement(ReadStatement, READ_STATEMENT) {
            when {}
            then {
                empty default_response(in "default"),
            }
        }
        write_statement(WriteStatement, WRITE_STATEMENT) {
            when {
                raw body: Vec<u8>,
            }
            then {
                bytes ok(200),
            }
        }
        send_form(SendForm, SEND_FORM) {
            when {
                form body: types::SendFormBody,
            }
            then {
                typed default_response(in "default"): types::User,
            }
        }
    }
    "#);
}
