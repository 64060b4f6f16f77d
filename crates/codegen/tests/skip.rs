//! Operations that are left out: by name in `api.toml`, or because they cannot be generated.

use codegen::{Facts, Failure, Generated, Input, generate};
use openapi::Document;

const SPEC: &str = "
openapi: 3.0.3
info: { title: Skips, version: '1' }
paths:
  /good:
    get: { operationId: good, responses: { '200': { description: OK } } }
  /bad/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get:
      operationId: bad
      parameters: [{ $ref: '#/components/parameters/Session' }]
      responses: { '200': { $ref: '#/components/responses/Tuple' } }
    put:
      operationId: alsoBad
      responses: { '200': { $ref: '#/components/responses/Tuple' } }
    delete: { operationId: fine, responses: { '204': { description: OK } } }
components:
  parameters:
    Session: { name: session, in: cookie, schema: { type: string } }
  responses:
    Tuple:
      description: OK
      content: { application/json: { schema: { $ref: '#/components/schemas/Holder' } } }
  schemas:
    Holder: { type: object, properties: { tuple: { $ref: '#/components/schemas/Tuple' } } }
    Tuple: { type: array, items: [{ type: string }] }
";

fn client(skip: &str, strict: bool, skip_unsupported: bool) -> Result<Generated, String> {
    let text = format!("title = 'Skips'\nauthentication = 'none'\nskip = {skip}\n");
    let facts = Facts::parse(&text, "api.toml").unwrap();
    let document = Document::parse("openapi.yaml", SPEC).unwrap();
    let input = Input {
        strict,
        skip_unsupported,
        ..Input::new(&facts, &document)
    };
    generate(&input).map_err(|failure| match failure {
        Failure::Spec(findings) => openapi::render(&findings, &document, false),
        other => panic!("{other:?}"),
    })
}

fn methods(generated: &Generated) -> Vec<&str> {
    let client = generated.files.iter().find(|(name, _)| name == "client.rs");
    let code = &client.unwrap().1;
    ["good", "bad", "also_bad", "fine"]
        .into_iter()
        .filter(|method| code.contains(&format!("pub fn {method}(")))
        .collect()
}

fn skipped(generated: &Generated) -> &str {
    let section = generated.deviations.split("## Skipped operations").nth(1);
    section.unwrap_or_default()
}

#[test]
fn what_cannot_be_generated_is_left_out_with_all_that_only_it_needs() {
    assert!(client("[]", true, false).is_err());
    let generated = client("[]", true, true).unwrap();
    assert_eq!(methods(&generated), ["good", "fine"]);
    assert_eq!(generated.skipped, ["bad", "alsoBad"]);
    let listed = skipped(&generated);
    assert!(
        listed.contains("`bad`: is left out: `session` is a cookie parameter"),
        "{listed}"
    );
    assert!(listed.contains("`alsoBad`"), "{listed}");
    // The suite must not ask for what the client does not have.
    let document = &generated
        .files
        .iter()
        .find(|(name, _)| name == "openapi.json")
        .unwrap()
        .1;
    assert!(!document.contains("alsoBad"), "{document}");
}

#[test]
fn what_api_toml_names_is_left_out() {
    // By id and by method and path; each with its reason, so that `--skip-unsupported` gives the same.
    let named = client("['bad', 'PUT /bad/{id}']", true, false).unwrap();
    let found = client("[]", true, true).unwrap();
    for (file, named) in named.files.iter().zip(&found.files) {
        assert!(file == named, "{} differs", file.0);
    }
    assert_eq!(named.deviations, found.deviations);
    let generated = client("['bad', 'alsoBad', 'good']", true, false).unwrap();
    assert_eq!(methods(&generated), ["fine"]);
    assert!(skipped(&generated).contains("`good`: is left out: `skip` of `api.toml` names it"));
}

#[test]
fn a_name_that_no_operation_has_is_an_error_for_the_spec_that_the_list_was_made_for() {
    let error = client("['bad', 'alsoBad', 'gone']", true, false).unwrap_err();
    assert!(
        error.contains("names `gone`, which is not an operation"),
        "{error}"
    );
    assert!(client("['bad', 'alsoBad', 'gone']", false, false).is_ok());
}
