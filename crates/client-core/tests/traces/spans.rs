//! One span a call, one event an attempt, with OpenTelemetry's names.

use std::{
    collections::BTreeMap,
    fmt::Debug,
    sync::{Arc, Mutex},
};

use client_core::Argument;
use tracing::{
    Event, Instrument as _, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};
use tracing_subscriber::{Layer, layer::Context, registry::LookupSpan};

use crate::{support::*, traces};

type Fields = BTreeMap<&'static str, String>;

/// The spans and events of the clients, in the order of their beginning.
#[derive(Clone, Default)]
pub struct Log {
    spans: Arc<Mutex<Vec<Traced>>>,
    events: Arc<Mutex<Vec<(Id, Fields)>>>,
}

#[derive(Clone, Debug)]
struct Traced {
    id: Id,
    parent: Option<Id>,
    fields: Fields,
}

impl Log {
    /// The traces of this work. Other tests trace, too: the span around it separates them.
    async fn of(&self, work: impl Future<Output = ()>) -> Vec<Traced> {
        let around = tracing::info_span!("around");
        work.instrument(around.clone()).await;
        let mut spans = self.spans.lock().unwrap().clone();
        spans.retain(|span| span.parent == around.id());
        spans
    }
}

struct Collect<'a>(&'a mut Fields);

impl Visit for Collect<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name(), value.to_owned());
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Log {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::new();
        attributes.record(&mut Collect(&mut fields));
        let parent = context.current_span().id().cloned();
        self.spans.lock().unwrap().push(Traced {
            id: id.clone(),
            parent,
            fields,
        });
    }

    fn on_record(&self, id: &Id, record: &Record<'_>, _: Context<'_, S>) {
        let mut spans = self.spans.lock().unwrap();
        if let Some(span) = spans.iter_mut().rev().find(|span| span.id == *id) {
            record.record(&mut Collect(&mut span.fields));
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::new();
        event.record(&mut Collect(&mut fields));
        let ours = event.metadata().target().starts_with("client_core");
        if let Some(span) = context.event_span(event).filter(|_| ours) {
            self.events.lock().unwrap().push((span.id(), fields));
        }
    }
}

#[tokio::test]
async fn a_call_is_a_span_and_an_attempt_an_event() {
    let log = &traces().log;
    let server = Server::start(|number, _| {
        if number == 0 {
            json(503, "{}")
        } else {
            json(404, "{}")
        }
    })
    .await;
    let client = platform_builder(&server).build().unwrap();
    let work = async {
        let call = client.0.call(&GET_THING).path("id", Argument::from("T-1"));
        call.decode::<Thing>().await.unwrap_err();
    };
    let spans = log.of(work).await;
    let [Traced { id, fields, .. }] = &spans[..] else {
        panic!("{spans:?}")
    };
    let port = server.port().to_string();
    let expected = [
        ("otel.kind", "client"),
        ("otel.name", "getThing"),
        ("http.request.method", "GET"),
        ("url.template", "/things/{id}"),
        ("server.address", "127.0.0.1"),
        ("server.port", &port),
        ("http.response.status_code", "404"),
        ("http.request.resend_count", "1"),
        ("error.type", "status"),
    ];
    let expected: Fields = expected
        .into_iter()
        .map(|(name, value)| (name, value.to_owned()))
        .collect();
    assert_eq!(*fields, expected);

    let events = log.events.lock().unwrap().clone();
    let field = |name: &str| -> Vec<String> {
        let own = events.iter().filter(|(span, _)| span == id);
        own.map(|(_, event)| event[name].clone()).collect()
    };
    assert_eq!(field("http.response.status_code"), ["503", "404"]);
    assert_eq!(field("http.request.resend_count"), ["0", "1"]);
}

#[tokio::test]
async fn a_failure_before_or_after_the_attempts_shows_on_the_span() {
    let log = &traces().log;
    let server = Server::always(json(200, "[]")).await;
    let client = platform_builder(&server).build().unwrap();
    let work = async {
        let get = |id| client.0.call(&GET_THING).path("id", id).decode::<Thing>();
        get(Argument::from("..")).await.unwrap_err();
        get(Argument::absent()).await.unwrap_err();
        client.0.call(&PUBLIC).decode::<Thing>().await.unwrap_err();
    };
    let spans = log.of(work).await;
    let recorded: Vec<_> = spans
        .iter()
        .map(|span| (&*span.fields["otel.name"], &*span.fields["error.type"]))
        .collect();
    let invalid = ("getThing", "invalid_request");
    assert_eq!(recorded, [invalid, invalid, ("public", "decode")]);
}
