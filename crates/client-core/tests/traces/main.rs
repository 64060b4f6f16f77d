//! What is printed and traced. A program of its own, because it sets the subscriber of the whole process: ones for
//! single threads come and go in a race with the first use of each trace point.

#[path = "../support/mod.rs"]
mod support;

mod secrets;
mod spans;

use std::sync::OnceLock;

use tracing_subscriber::{filter::LevelFilter, fmt::format::FmtSpan, layer::SubscriberExt as _};

/// Everything that is traced in this process, as text and as fields.
#[derive(Default)]
struct Traces {
    printed: secrets::Printed,
    log: spans::Log,
}

fn traces() -> &'static Traces {
    static TRACES: OnceLock<Traces> = OnceLock::new();
    TRACES.get_or_init(|| {
        let traces = Traces::default();
        let text = tracing_subscriber::fmt::layer()
            .with_span_events(FmtSpan::FULL)
            .with_writer(traces.printed.clone());
        let subscriber = tracing_subscriber::registry()
            .with(LevelFilter::TRACE)
            .with(text)
            .with(traces.log.clone());
        tracing::subscriber::set_global_default(subscriber).unwrap();
        traces
    })
}
