//! The overlay of the Platform API corrects what it is for, and says so when a defect has another form.

use codegen::{Authentication, Facts, Generated, Input, generate};
use openapi::{Document, overlay};
use serde_json::{Value, json};
use xtask::workspace;

fn corrections() -> Document {
    Document::read(&workspace().join("specs/platform/overlay.yaml")).expect("the overlay")
}

fn document(spec: &Value) -> Document {
    Document::parse("defects.json", spec.to_string()).expect("a document")
}

/// The actions that have an `x-when`, by their position, with their targets.
fn conditional(overlay: &Document) -> Vec<(usize, &str)> {
    let actions = overlay.value()["actions"].as_array().expect("actions");
    let actions = actions.iter().enumerate();
    let actions = actions.filter(|(_, action)| action.get("x-when").is_some());
    actions
        .map(|(index, action)| (index, action["target"].as_str().expect("a target")))
        .collect()
}

/// The targets of the actions that are for a spec and change nothing of it.
fn stale(spec: &Value) -> Vec<String> {
    let applied = overlay::apply(&mut document(spec), &corrections()).expect("an overlay");
    let stale = applied.into_iter().filter(overlay::Applied::is_stale);
    stale.map(|action| action.target).collect()
}

#[test]
fn every_action_corrects_its_defect() {
    let corrections = corrections();
    let mut corrected = document(&synthetic::defects());
    let applied = overlay::apply(&mut corrected, &corrections).expect("an overlay");
    let conditional = conditional(&corrections);
    assert!(conditional.len() > 30, "{}", conditional.len());
    for (index, target) in conditional {
        assert!(
            applied[index].applies,
            "`x-when` of {target} matches nothing"
        );
        assert!(
            !applied[index].pointers.is_empty(),
            "{target} corrects nothing"
        );
    }
    let none = json!({ "openapi": "3.0.3", "info": {}, "paths": {} });
    let none = overlay::apply(&mut document(&none), &corrections).expect("an overlay");
    let of_none = none.iter().filter(|action| action.applies).count();
    assert!(of_none < 10, "{of_none} actions are for an empty spec");

    // The corrections reach the code.
    let Generated { files, .. } = client(&synthetic::defects(), &corrections);
    let read = |name: &str| {
        let file = files.iter().find(|(known, _)| known == name);
        file.expect("a file").1.as_str()
    };
    let types = read("types.rs");
    for (start, field) in [
        ("CredentialRequest", "value: Option<Sensitive>"),
        ("AuthorizationCodeResponse", "code: Option<Sensitive>"),
        ("WidgetResponse", "url: Option<Sensitive>"),
        ("AccountNumberResponse", "account_number: Option<Sensitive>"),
        ("UntypedResponse", "is_open: Option<bool>"),
        ("NotificationResponse", "notification_type: Option<i64>"),
        ("MemberResponse", "most_recent_job_guid: Option<String>"),
        (
            "ChoicesResponse",
            "transaction_type: Option<TransactionType>",
        ),
        (
            "ChoicesResponse",
            "connection_status: Option<ConnectionStatus>",
        ),
        (
            "ChoicesResponse",
            "connected_status: Option<ConnectionStatus>",
        ),
    ] {
        let found = types.split(&format!("pub struct {start} {{")).nth(1);
        let body = found.and_then(|rest| rest.split("\n}").next());
        let body = body.unwrap_or_else(|| panic!("no {start}"));
        let body = body.replace("client_core::", "").replace("::", "");
        assert!(body.contains(field), "{start}: {body}");
    }
    assert!(read("client.rs").contains("pub fn list_ach_returns("));
    for id in ["resumeAggregation", "updateMember", "verifyMicrodeposit"] {
        let entry = read("operations.rs").split(&format!("id: \"{id}\"")).nth(1);
        let entry = entry.and_then(|rest| rest.split("};").next());
        assert!(entry.expect(id).contains("idempotent: false"), "{id}");
    }
}

/// Where a defect has another form, the action that was for it says so.
#[test]
fn an_action_for_a_defect_of_another_form_is_stale() {
    assert_eq!(stale(&synthetic::defects()), Vec::<String>::new());
    let cases: [(&str, &str, Value); 5] = [
        (
            "/components/schemas/CredentialRequest/properties/value",
            "$..[?@.properties.guid && @.properties.value.type=='string'].properties.value",
            json!({ "type": "integer" }),
        ),
        (
            "/components/schemas/PaymentProcessorAuthorizationCodeResponse/properties/authorization_code",
            "$..[?@.properties.authorization_code.type=='string'].properties.authorization_code",
            json!({ "type": "integer" }),
        ),
        (
            "/components/schemas/AuthorizationCodeResponse/properties",
            "$.components.schemas.AuthorizationCodeResponse.properties.code",
            json!({ "another": { "type": "string" } }),
        ),
        (
            "/components/schemas/WidgetResponse/properties/url",
            "$..[?@.properties.user_id && @.properties.url.type=='string'].properties.url",
            json!({ "type": "integer" }),
        ),
        (
            "/components/schemas/MicrodepositResponseBody/properties",
            "$.components.schemas.MicrodepositResponseBody.properties.micro_deposit.items",
            json!({ "another": { "items": {}, "allOf": [{ "type": "object" }] } }),
        ),
    ];
    for (at, target, other) in cases {
        let mut spec = synthetic::defects();
        *spec.pointer_mut(at).expect(at) = other;
        assert_eq!(stale(&spec), [target], "{at}");
    }
}

fn client(spec: &Value, overlay: &Document) -> Generated {
    let document = document(spec);
    let facts = Facts::new("Defects", Authentication::None);
    let input = Input {
        overlay: Some(overlay),
        ..Input::new(&facts, &document)
    };
    generate(&input).unwrap_or_else(|failure| panic!("{failure:?}"))
}
