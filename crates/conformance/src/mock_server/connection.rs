//! The connections of a mock server: requests that are HTTP are answered, others are refused with the status that HTTP
//! has for them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::header::{HOST, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode, Version};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::mock_server::answers::{self, Answer, Answers};
use crate::mock_server::cors;
use crate::mock_server::fault::{Fault, FaultKind};
use crate::mock_server::log::{Entry, Log};
use crate::wire::{self, Reply};

/// The largest request body that is read, in bytes.
const LARGEST_BODY: usize = 16 * 1024 * 1024;

/// How long, and how much, is read of a request that is refused before its end, so that the caller sees the refusal.
const LINGER: (Duration, u64) = (Duration::from_secs(2), 64 * 1024 * 1024);

/// What a server needs to serve.
pub(super) struct Served {
    pub(super) answers: Answers,
    pub(super) faults: Vec<Fault>,
    pub(super) allows_pages: bool,
    pub(super) time_limit: Duration,
    pub(super) log: Log,
}

/// The connection is reset instead of a response.
#[derive(Debug)]
struct Reset;

impl std::fmt::Display for Reset {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("reset by a fault")
    }
}

impl std::error::Error for Reset {}

/// Serves a connection to its end.
pub(super) async fn serve(
    stream: TcpStream,
    served: Arc<Served>,
    mut stopped: watch::Receiver<()>,
) {
    // Responses are written at once: to wait for more data would only delay them.
    _ = stream.set_nodelay(true);
    let service = service_fn(|request| respond(request, &served));
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(served.time_limit)
        .serve_connection(TokioIo::new(stream), service);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        _ = stopped.changed() => {
            std::pin::Pin::new(&mut connection).graceful_shutdown();
            (&mut connection).await
        }
    };
    let Err(error) = ended else { return };
    let parts = connection.into_parts();
    let mut stream = parts.io.into_inner();
    if error.is_user() {
        // Closing then resets the connection.
        _ = stream.set_zero_linger();
        return;
    }
    let refusal = match () {
        // What hyper has not answered itself. A connection without a request just ends.
        () if error.is_timeout() && !parts.read_buf.is_empty() => {
            Some((408, "the request did not end in time"))
        }
        () if error.is_parse_version_h2() => Some((505, "this server speaks HTTP/1.1")),
        () => None,
    };
    let reason = match refusal {
        Some((status, reason)) => {
            let answer = answers::refusal(status, reason);
            _ = stream.write_all(&as_bytes(&answer.reply)).await;
            reason.to_owned()
        }
        None if error.is_parse() => error.to_string(),
        None => return,
    };
    served.log.add(|| Entry {
        method: "-".to_owned(),
        path: "-".to_owned(),
        status: match refusal {
            Some((status, _)) => status,
            // hyper has answered so, and does not say it in another way.
            None if reason == "URI too long" => 414,
            None if error.is_parse_too_large() => 431,
            None => 400,
        },
        reason: Some(reason),
        took: Duration::ZERO,
    });
    linger(stream).await;
}

/// Reads the rest of a request. Closing with unread data would reset the connection, and take the response away.
async fn linger(mut stream: TcpStream) {
    _ = stream.shutdown().await;
    let (time, length) = LINGER;
    let mut rest = (&mut stream).take(length);
    _ = tokio::time::timeout(time, tokio::io::copy(&mut rest, &mut tokio::io::sink())).await;
}

/// A refusal as it is on the wire.
fn as_bytes(reply: &Reply) -> Vec<u8> {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::BAD_REQUEST);
    let mut head = format!("HTTP/1.1 {status}\r\nconnection: close\r\n");
    for (name, value) in &reply.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("content-length: {}\r\n\r\n", reply.body.len()));
    [head.as_bytes(), &reply.body].concat()
}

async fn respond(
    request: Request<Incoming>,
    served: &Served,
) -> Result<Response<Full<Bytes>>, Reset> {
    let start = Instant::now();
    let (head, body) = request.into_parts();
    let is_complete = match head.version {
        // RFC 9112, section 3.2.
        Version::HTTP_11 => head.headers.get_all(HOST).iter().count() == 1,
        _ => true,
    };
    let target = head
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str());
    let headers = head.headers.iter().map(|(name, value)| {
        (
            name.as_str().to_owned(),
            String::from_utf8_lossy(value.as_bytes()).into_owned(),
        )
    });
    let mut request = wire::Request {
        method: head.method.as_str().to_owned(),
        target: target.to_owned(),
        headers: headers.collect(),
        body: Vec::new(),
    };
    let read = match is_complete {
        true => read(body, served.time_limit).await,
        false => Err(answers::refusal(400, "there must be one header `host`")),
    };
    let is_read = read.is_ok();
    let mut answer = match read {
        Ok(body) => {
            request.body = body;
            answer(&request, served)
        }
        Err(refusal) => refusal,
    };
    if !answer.delay.is_zero() {
        tokio::time::sleep(answer.delay).await;
    }
    for fault in served.faults.iter().filter_map(Fault::next) {
        match fault {
            FaultKind::Delay(delay) => tokio::time::sleep(delay).await,
            FaultKind::Reset => {
                let reason = Some("reset by a fault".to_owned());
                log(served, &request, 0, reason, start);
                return Err(Reset);
            }
            FaultKind::Throttle => answer = answers::throttled(),
            FaultKind::Fail => answer = answers::unavailable(),
            FaultKind::Expire => answer = answers::expired(),
            FaultKind::Garbage => answer.reply.body = b"\x00\xff<garbage>".to_vec(),
        }
    }
    let mut reply = answer.reply;
    if served.allows_pages {
        cors::expose(&request, &mut reply);
    }
    if !is_read {
        // The rest of the request is not read.
        reply
            .headers
            .push(("connection".to_owned(), "close".to_owned()));
    }
    log(served, &request, reply.status, answer.reason, start);
    Ok(response(reply))
}

fn answer(request: &wire::Request, served: &Served) -> Answer {
    let preflight = match served.allows_pages {
        true => cors::preflight(request),
        false => None,
    };
    match preflight {
        Some(reply) => Answer {
            reply,
            reason: None,
            delay: Duration::ZERO,
        },
        None => served.answers.answer(request),
    }
}

/// Reads a body to its end.
async fn read(body: Incoming, time_limit: Duration) -> Result<Vec<u8>, Answer> {
    if body.is_end_stream() {
        return Ok(Vec::new());
    }
    let body = Limited::new(body, LARGEST_BODY).collect();
    match tokio::time::timeout(time_limit, body).await {
        Ok(Ok(body)) => Ok(body.to_bytes().to_vec()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(answers::refusal(
            413,
            &format!("the body has more than {LARGEST_BODY} bytes"),
        )),
        Ok(Err(_)) => Err(answers::refusal(
            400,
            "the body is not what its headers say",
        )),
        Err(_) => Err(answers::refusal(408, "the body did not end in time")),
    }
}

fn log(
    served: &Served,
    request: &wire::Request,
    status: u16,
    reason: Option<String>,
    start: Instant,
) {
    served.log.add(|| Entry {
        method: request.method.clone(),
        path: request.path().to_owned(),
        status,
        reason,
        took: start.elapsed(),
    });
}

fn response(reply: Reply) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(reply.body)));
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in reply.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}
