//! Any server that claims the spec: what it answers is judged, and whether it refuses what breaks the spec.
//!
//! The requests are those of the real clients: each is captured first, then sent on as it is. So what a client
//! makes of an answer does not hide what the server sent.

use std::net::IpAddr;
use std::time::Duration;

use client_core::reqwest::{self, Method, Url, header};
use futures_util::stream::{self, StreamExt as _};

use crate::api::Api;
use crate::cases::{Case, Expected};
use crate::check::response as live;
use crate::contract::resolved_schema::Kind;
use crate::contract::{Contract, Operation, Place, Security};
use crate::run::clients::{self as runner, Verdict};
use crate::wire::{Reply, Request};

/// How long a server may take for an answer, unless told otherwise.
const PATIENCE: Duration = Duration::from_secs(10);

/// How much of an answer is read, in bytes.
const LARGEST_ANSWER: usize = 8 * 1024 * 1024;

/// What is expected of a call as it should be.
const ANSWERED: &str = "the answer keeps to the spec";

/// How many requests are under way at a time.
const CONCURRENCY: usize = 4;

/// What may be done to reach and to judge a server. The default allows nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Allowed {
    /// Operations that write are sent as well.
    pub writes: bool,
    /// Credentials may go over plain http to another machine.
    pub plain_http: bool,
}

/// Basic credentials that no server knows: `not-a-client:not-a-key`.
const NO_PAIR: &str = "Basic bm90LWEtY2xpZW50Om5vdC1hLWtleQ==";

/// A server to be judged.
#[derive(Clone, Debug)]
pub struct Target {
    url: Url,
    allowed: Allowed,
    patience: Duration,
    http: reqwest::Client,
}

/// One request to the target, and what is expected of its answer.
struct Try {
    operation: usize,
    name: String,
    request: Request,
    probe: Option<Probe>,
}

/// A request that must be refused.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Probe {
    /// Whatever the server holds, it must not answer this with a success.
    Refused,
    /// A server that takes any credentials of the right form, as a mock does, is told of, but has not failed.
    Doubtful,
}

impl Target {
    /// A server at a base URL: https, or http on this machine.
    ///
    /// # Errors
    ///
    /// The URL is none of http or https, or plain http to another machine where that is not allowed, or holds
    /// credentials or a query, or no HTTP client can be set up.
    pub fn new(url: &str, allowed: Allowed) -> Result<Self, String> {
        // Fails where one is installed already, which will do as well.
        #[cfg(feature = "tls")]
        let _ = rustls::crypto::ring::default_provider().install_default();
        let url = Url::parse(url.trim_end_matches('/'))
            .map_err(|_| "the target is not a URL".to_owned())?;
        match url.scheme() {
            "https" => {}
            "http" if allowed.plain_http || is_loopback(&url) => {}
            "http" => {
                let message = "the target is plain http on another machine, and anybody on the way could read the \
                               credentials: use https, or give --allow-plain-http";
                return Err(message.to_owned());
            }
            _ => return Err("the target's URL is not http or https".to_owned()),
        }
        if url.scheme() == "https" && cfg!(not(feature = "tls")) {
            return Err(
                "an https target needs TLS, and this program is built without: build it with `--features tls`"
                    .to_owned(),
            );
        }
        // Reports show the URL.
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() {
            return Err(
                "the target's URL holds credentials or a query; credentials come from the environment"
                    .to_owned(),
            );
        }
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .build()
            .map_err(|_| "no HTTP client can be set up".to_owned())?;
        Ok(Self {
            url,
            allowed,
            patience: PATIENCE,
            http,
        })
    }

    /// Sets how long the server may take for an answer, to its end.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Sends what the cases of an API call for, and judges the answers. Of the cases, those of requests are taken.
    ///
    /// # Errors
    ///
    /// The client cannot be built.
    pub async fn run(&self, api: &Api, cases: &[Case]) -> Result<Vec<Verdict>, String> {
        let (calls, mut verdicts) = self.calls(api, cases).await?;
        let mut answered = Vec::new();
        for group in self.send(&api.contract, calls).await {
            if group.0.reply.status / 100 == 2 {
                answered.push(group.1);
            }
            verdicts.push(group.0);
        }
        // What is refused says something only where the call as it should be is answered.
        let mut probes = Vec::new();
        for call in answered
            .iter()
            .filter(|call| call.name == "request: minimal")
        {
            probes.extend(self::probes(&api.contract, call));
        }
        let probed = self.send(&api.contract, probes).await;
        verdicts.extend(probed.into_iter().map(|(verdict, _)| verdict));
        Ok(verdicts)
    }

    /// The requests that the real client sends, as they are on the wire; and verdicts on what cannot be sent.
    async fn calls(&self, api: &Api, cases: &[Case]) -> Result<(Vec<Try>, Vec<Verdict>), String> {
        let mut verdicts: Vec<Verdict> = Vec::new();
        let mut sent = Vec::new();
        for case in cases
            .iter()
            .filter(|case| matches!(case.expected, Expected::Sent))
        {
            let operation = api.contract.operation(&case.operation);
            match operation.and_then(|operation| self.skips(api, operation)) {
                None => sent.push(case.clone()),
                // Told once, not for every case.
                Some(_)
                    if verdicts
                        .iter()
                        .any(|known| known.operation == case.operation) => {}
                Some(reason) => {
                    let mut verdict = Verdict::new(&case.operation, "every case", ANSWERED);
                    verdict.skipped = Some(reason);
                    verdicts.push(verdict);
                }
            }
        }
        let captured = runner::run(api, &sent, &|| {}).await;
        let mut calls = Vec::new();
        for mut verdict in captured.map_err(|error| error.to_string())? {
            let mut operations = api.contract.operations.iter();
            let operation = operations.position(|known| known.id == verdict.operation);
            match operation.zip(verdict.request.take()) {
                Some((operation, request)) => calls.push(Try {
                    operation,
                    name: verdict.case,
                    request,
                    probe: None,
                }),
                None => verdicts.push(verdict),
            }
        }
        Ok((calls, verdicts))
    }

    /// Why an operation is not tried, if it is not.
    fn skips(&self, api: &Api, operation: &Operation) -> Option<String> {
        let reads = ["GET", "HEAD"].contains(&operation.method.as_str());
        let security = &operation.security;
        if !reads && !self.allowed.writes {
            return Some("it writes, and writes are not included".to_owned());
        }
        if security.is_empty() || security.iter().any(api.holds) {
            return None;
        }
        let wanted: Vec<String> = security.iter().map(ToString::to_string).collect();
        Some(format!(
            "it takes {}, which the environment does not hold",
            wanted.join(" or ")
        ))
    }

    /// Sends requests and judges the answers, in the order of the requests.
    async fn send(&self, contract: &Contract, tries: Vec<Try>) -> Vec<(Verdict, Try)> {
        let dead = std::sync::atomic::AtomicUsize::new(0);
        stream::iter(tries)
            .map(|try_| {
                let dead = &dead;
                async move {
                    let operation = &contract.operations[try_.operation];
                    let verdict = self.judge(operation, &try_, dead).await;
                    (verdict, try_)
                }
            })
            .buffered(CONCURRENCY)
            .collect()
            .await
    }

    async fn judge(
        &self,
        operation: &Operation,
        try_: &Try,
        dead: &std::sync::atomic::AtomicUsize,
    ) -> Verdict {
        use std::sync::atomic::Ordering::Relaxed;
        let expected = match try_.probe {
            None => ANSWERED,
            Some(_) => "the server refuses what breaks the spec",
        };
        let mut verdict = Verdict::new(&operation.id, &try_.name, expected);
        verdict.request = Some(try_.request.clone());
        // A server that does not answer would hold up every case.
        if dead.load(Relaxed) >= 3 {
            verdict
                .faults
                .push("not tried: the target does not answer".to_owned());
            return verdict;
        }
        match self.exchange(&try_.request).await {
            Ok(reply) => {
                dead.store(0, Relaxed);
                match try_.probe {
                    None => live::judge(operation, &reply, &mut verdict),
                    Some(probe) => refused(probe, &reply, &mut verdict),
                }
                verdict.reply = reply;
            }
            Err(fault) => {
                dead.fetch_add(1, Relaxed);
                verdict.faults.push(fault);
            }
        }
        verdict
    }

    /// Sends a request as it is, and reads the answer, within bounds of time and size.
    async fn exchange(&self, request: &Request) -> Result<Reply, String> {
        let url = format!(
            "{}{}",
            self.url.as_str().trim_end_matches('/'),
            request.target
        );
        let url = Url::parse(&url).map_err(|_| "the request makes no URL".to_owned())?;
        let method = Method::from_bytes(request.method.as_bytes())
            .map_err(|_| "the method is none".to_owned())?;
        let mut message = self
            .http
            .request(method, url)
            .timeout(self.patience)
            .body(request.body.clone());
        for (name, value) in &request.headers {
            // These belong to the connection that the request was captured on.
            if !["host", "connection", "content-length", "transfer-encoding"]
                .contains(&name.as_str())
            {
                message = message.header(name, value);
            }
        }
        let mut response = message
            .send()
            .await
            .map_err(|error| unreachable_because(&error))?;
        let headers = response.headers().iter().map(|(name, value)| {
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        });
        let mut reply = Reply {
            status: response.status().as_u16(),
            headers: headers.collect(),
            body: Vec::new(),
        };
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| unreachable_because(&error))?
        {
            reply.body.extend_from_slice(&chunk);
            if reply.body.len() > LARGEST_ANSWER {
                return Err(format!("the answer is larger than {LARGEST_ANSWER} bytes"));
            }
        }
        Ok(reply)
    }
}

/// Whether a URL leads to this machine, by the rule of the clients.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || bare
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Why there is no answer; without the URL, whose query is nobody's business.
fn unreachable_because(error: &reqwest::Error) -> String {
    match () {
        () if error.is_timeout() => "no whole answer in time".to_owned(),
        () if error.is_connect() => "no connection to the target".to_owned(),
        () => "the target's answer broke off, or is not HTTP".to_owned(),
    }
}

fn refused(probe: Probe, reply: &Reply, verdict: &mut Verdict) {
    match reply.status {
        // 501: RFC 9110's answer to a method that is not known at all.
        400..=499 | 501 => {}
        200..=299 if probe == Probe::Doubtful => {
            verdict
                .findings
                .push("credentials of the right form are taken, whatever they hold".to_owned());
        }
        status => verdict
            .faults
            .push(format!("it must be refused, and is answered with {status}")),
    }
}

/// Requests next to one that is answered, which must be refused.
fn probes(contract: &Contract, call: &Try) -> Vec<Try> {
    let operation = &contract.operations[call.operation];
    let mut found = Vec::new();
    let mut add = |name: String, probe: Probe, change: &dyn Fn(&mut Request)| {
        let mut request = call.request.clone();
        change(&mut request);
        found.push(Try {
            operation: call.operation,
            name: format!("probe: {name}"),
            request,
            probe: Some(probe),
        });
    };
    if let Some(scheme) = operation.security.first() {
        let name = match scheme {
            Security::Header(name) => name.to_ascii_lowercase(),
            Security::Basic | Security::Bearer => header::AUTHORIZATION.as_str().to_owned(),
        };
        add("no credentials".to_owned(), Probe::Refused, &|request| {
            set(request, &name, None)
        });
        let (unfit, wrong) = match scheme {
            Security::Basic => ("Bearer not-a-token", NO_PAIR),
            Security::Bearer => (NO_PAIR, "Bearer not-a-token"),
            Security::Header(_) => ("", "not-a-token"),
        };
        add(
            "credentials of no use".to_owned(),
            Probe::Refused,
            &|request| set(request, &name, Some(unfit)),
        );
        add(
            "wrong credentials".to_owned(),
            Probe::Doubtful,
            &|request| set(request, &name, Some(wrong)),
        );
    }
    for parameter in &operation.parameters {
        let (name, shape) = (&parameter.name, parameter.schema.shape());
        let is_typed = !shape.choices.is_empty()
            || matches!(shape.kind, Kind::Boolean | Kind::Integer | Kind::Number);
        match parameter.place {
            Place::Header if parameter.fixed.is_some() => {
                if parameter.required {
                    add(format!("no `{name}`"), Probe::Refused, &|request| {
                        set(request, name, None)
                    });
                }
                add(format!("another `{name}`"), Probe::Refused, &|request| {
                    set(request, name, Some("v19000101"))
                });
            }
            Place::Query if is_typed => add(
                format!("`{name}` of another type"),
                Probe::Refused,
                &|request| {
                    let joint = if request.target.contains('?') {
                        '&'
                    } else {
                        '?'
                    };
                    request.target = format!("{}{joint}{name}=conformance", request.target);
                },
            ),
            Place::Path | Place::Query | Place::Header => {}
        }
    }
    if !operation.accepts().is_empty() {
        add("another `Accept`".to_owned(), Probe::Refused, &|request| {
            set(request, "accept", Some("application/vnd.conformance.none"));
        });
    }
    let taken = |method: &str| {
        let mut all = contract.operations.iter();
        all.any(|known| known.path == operation.path && known.method == method)
    };
    if let Some(method) = ["POST", "PUT", "PATCH"]
        .into_iter()
        .find(|method| !taken(method))
    {
        add(format!("the method {method}"), Probe::Refused, &|request| {
            request.method = method.to_owned()
        });
    }
    found
}

/// Sets a header, or takes it out.
fn set(request: &mut Request, name: &str, value: Option<&str>) {
    request
        .headers
        .retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    if let Some(value) = value {
        request
            .headers
            .push((name.to_ascii_lowercase(), value.to_owned()));
    }
}
