//! A member's aggregation with a challenge, against a mock server that plays a scenario: the program polls, answers the
//! question, and polls on.
//!
//! ```console
//! cargo run -p conformance --example aggregation
//! ```

use std::error::Error;
use std::path::Path;

use client_core::reqwest::{Client, Method, StatusCode};
use conformance::SpecServer;
use conformance::mock_server::Scenario;
use serde_json::{Value, json};

/// The states that the member went through, each once.
async fn aggregate(url: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let http = client_core::http_client_builder()?.build()?;
    let members = format!("{url}/users/USR-1/members");
    let created = json!({ "member": { "institution_code": "sample_bank", "credentials": [] } });
    let member = send(&http, Method::POST, &members, Some(created)).await?;
    let member = format!("{members}/{}", member["guid"].as_str().unwrap_or_default());
    let mut states: Vec<String> = Vec::new();
    loop {
        // A real server is polled every few seconds.
        let found = send(&http, Method::GET, &format!("{member}/status"), None).await?;
        let state = found["connection_status"].as_str().unwrap_or_default();
        if states.last().is_none_or(|last| last != state) {
            println!("{state}");
            states.push(state.to_owned());
            if state == "CHALLENGED" {
                let question = &found["challenges"][0];
                println!("  {}", question["label"]);
                let answer = json!({ "guid": question["guid"], "value": "Springfield" });
                let answers = json!({ "member": { "challenges": [answer] } });
                send(
                    &http,
                    Method::PUT,
                    &format!("{member}/resume"),
                    Some(answers),
                )
                .await?;
            }
        }
        if found["is_being_aggregated"] == false {
            return Ok(states);
        }
    }
}

/// Sends a request, again after 429, and returns the member.
async fn send(
    http: &Client,
    method: Method,
    url: &str,
    body: Option<Value>,
) -> Result<Value, Box<dyn Error>> {
    loop {
        let mut request = http
            .request(method.clone(), url)
            .basic_auth("client", Some("key"));
        if let Some(body) = &body {
            request = request.json(body);
        }
        let response = request.send().await?;
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            println!("  too many requests");
            continue;
        }
        let mut body: Value = response.error_for_status()?.json().await?;
        return Ok(body["member"].take());
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/aggregation");
    let server = SpecServer::of_file(&folder.join("openapi.yaml"))?
        .scenario(Scenario::of_file(&folder.join("scenario.yaml"))?)
        .start()
        .await?;
    aggregate(&server.url()).await?;
    server.stop().await;
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_runs_to_its_end() {
        super::main().unwrap();
    }

    #[tokio::test]
    async fn the_member_goes_through_every_state() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/aggregation");
        let scenario = super::Scenario::of_file(&folder.join("scenario.yaml")).unwrap();
        let server = super::SpecServer::of_file(&folder.join("openapi.yaml")).unwrap();
        let server = server.scenario(scenario).start().await.unwrap();
        let states = super::aggregate(&server.url()).await.unwrap();
        assert_eq!(states, ["CREATED", "CHALLENGED", "RESUMED", "CONNECTED"]);
    }
}
