//! A spec with the defects of MX's published Platform spec, one of each kind that its overlay corrects.

use serde_json::{Value, json};

/// The spec: to each action of `specs/platform/overlay.yaml` it has what that corrects. Only names are MX's.
pub fn defects() -> Value {
    let operation =
        |id: &str| json!({ "operationId": id, "responses": { "204": { "description": "Done" } } });
    let query = |name: &str| json!({ "name": name, "in": "query", "schema": { "type": "string" } });
    let text = || json!({ "type": "string" });
    let untyped = || json!({ "example": null });
    let object = |properties: Value| json!({ "type": "object", "properties": properties });
    let choice = |values: &str| {
        let values: Vec<&str> = values.split(' ').collect();
        json!({ "type": "string", "enum": values })
    };
    let mut connection = choice(
        "CREATED PREVENTED DENIED CHALLENGED REJECTED LOCKED CONNECTED IMPEDED RECONNECTED DEGRADED DISCONNECTED \
         DISCONTINUED CLOSED DELAYED FAILED UPDATED DISABLED IMPORTED RESUMED EXPIRED IMPAIRED PENDING",
    );
    let connected = connection.clone();
    connection["nullable"] = json!(true);
    if let Some(values) = connection["enum"].as_array_mut() {
        values.insert(0, Value::Null);
    }
    let mut window = operation("requestOAuthWindowURI");
    window["parameters"] = json!([query("referral_source"), query("enable_app2app")]);
    let schemas = json!({
        "OAuthWindowResponse": object(json!({ "oauth_window_uri": text() })),
        "CredentialRequest": object(json!({ "guid": text(), "value": text() })),
        "ChallengeResponse": object(json!({ "data_uri": text(), "image_data": text() })),
        "TokenResponse": object(json!({ "access_token": text() })),
        "PaymentProcessorAuthorizationCodeResponse": object(json!({ "authorization_code": text() })),
        "AuthorizationCodeResponse": object(json!({ "code": text() })),
        "ConnectWidgetResponse": object(json!({ "connect_widget_url": text() })),
        "WidgetResponse": object(json!({ "user_id": text(), "url": text() })),
        "CredentialResponse": object(json!({ "verifiableCredential": text() })),
        "AccountNumberResponse": object(json!({
            "account_number": { "type": "integer", "example": 7 },
            "routing_number": { "type": "integer", "example": 7 },
            "transit_number": untyped(),
            "loan_reference_number": untyped(),
        })),
        "UntypedResponse": object(json!({ "name": { "example": "a name" }, "is_open": { "example": true } })),
        "BalanceResponse": object(json!({ "balance": { "example": 1.5 }, "available_balance": { "example": 1 } })),
        "TotalResponse": object(json!({ "transaction_total": { "example": 1.5 } })),
        "NotificationResponse": object(json!({ "notification_type": { "example": 7 } })),
        "InvestmentHoldingsDeactivation": object(json!({ "status": { "example": 200 } })),
        "DeliveryResponse": object(json!({ "delivered_at": untyped() })),
        "OwnerResponse": object(json!({ "owner_name": text(), "country": untyped() })),
        "LoanResponse": object(json!({ "loan_guarantor": untyped(), "sequence_number": untyped() })),
        "ChoicesResponse": object(json!({
            "transaction_type": choice("CREDIT DEBIT"),
            "type": choice("DEBIT CREDIT"),
            "status": choice("POSTED PENDING"),
            "account_type": choice("ANY CASH CHECKING CHECKING_LINE_OF_CREDIT CREDIT_CARD LOAN LINE_OF_CREDIT SAVINGS \
                                    INVESTMENT MORTGAGE INSURANCE PREPAID PROPERTY"),
            "property_type": choice("APPLIANCES ART COMPUTER ELECTRONICS FURNITURE JEWELRY MISCELLANEOUS REAL_ESTATE \
                                     SPORTS_EQUIPMENT VEHICLE"),
            "use_case": choice("MONEY_MOVEMENT PFM"),
            "repeating_transaction_type": choice("BILL SUBSCRIPTION INCOME UNKNOWN"),
            "goal_type_name": choice("SAVE_AMOUNT PAYOFF"),
            "track_type_name": choice("DEBT_TRACK SAVINGS_TRACK RETIREMENT_TRACK EMERGENCY_FUND_TRACK"),
            "connection_status": connection,
            "connected_status": connected,
        })),
        "MemberResponse": object(json!({
            "most_recent_job_guid": { "type": "boolean", "example": "JOB-1" },
            "most_recent_job_detail_text": { "type": "boolean" },
        })),
        "MicrodepositElements": { "type": "object", "required": ["account_name"], "properties": { "account_name": text() } },
        "MicrodepositResponse": object(json!({ "status": text() })),
        "MicrodepositResponseBody": object(json!({
            "micro_deposit": { "items": { "allOf": [
                { "$ref": "#/components/schemas/MicrodepositElements" },
                { "$ref": "#/components/schemas/MicrodepositResponse" },
            ] } },
        })),
    });
    let names = schemas.as_object().into_iter().flatten();
    let all = names.map(|(name, _)| {
        let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
        (name.clone(), schema)
    });
    let mut enhance = operation("enhanceTransactions");
    enhance["responses"] = json!({ "200": {
        "description": "All of it",
        "content": { "application/json": { "schema": object(Value::Object(all.collect())) } },
    } });
    json!({
        "openapi": "3.0.3",
        "info": { "title": "Defects", "version": "1" },
        "servers": [{ "url": "https://int-api.mx.com" }, { "url": "https://api.mx.com" }],
        "paths": {
            "/window": { "get": window },
            "/returns": { "get": operation("listACHRetruns") },
            "/return": { "get": operation("readACHRetrun") },
            "/resume": { "put": operation("resumeAggregation") },
            "/member": { "put": operation("updateMember") },
            "/verify": { "put": operation("verifyMicrodeposit") },
            "/enhance": { "post": enhance },
        },
        "components": { "schemas": schemas },
    })
}
