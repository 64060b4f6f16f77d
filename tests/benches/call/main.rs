//! What a call through each client costs, beside the same call written by hand with reqwest: the same headers, query
//! and decoding, against a server in a process of its own on this machine. `cargo xtask bench call` runs it.
//!
//! Many short rounds of both are interleaved, and what counts is the median of their ratios, so that a busy machine
//! disturbs both alike. Exits with 1 if a client costs more than it may.

#![deny(clippy::print_stdout)]

mod contenders;
mod server;

use std::{
    alloc::System,
    process::ExitCode,
    time::{Duration, Instant},
};

use cpu_time::ThreadTime;
use futures_util::future::join_all;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

use contenders::{Contender, NexusByHand, NexusClient, PlatformByHand, PlatformClient};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// How much is measured, and how strictly it is judged.
struct Extent {
    rounds: usize,
    /// Calls after which no more memory may be held; none are made if it is 0.
    calls_for_memory: usize,
    /// The part of a limit by which a ratio may miss it.
    slack: f64,
}

const FULL: Extent = Extent {
    rounds: 401,
    calls_for_memory: 100_000,
    slack: 0.0,
};
const QUICK: Extent = Extent {
    rounds: 31,
    calls_for_memory: 0,
    slack: 0.5,
};

const CALLS_A_ROUND: usize = 60;
const SIDE_BY_SIDE: usize = 64;
const CALLS_SIDE_BY_SIDE: usize = 64 * 5;

/// A client may take this much of the time of the call written by hand …
const MOST_TIME: f64 = 1.10;
/// … reach at least this much of its throughput …
const LEAST_THROUGHPUT: f64 = 0.95;
/// … and hold this much more memory after many calls, in bytes.
const MOST_GROWTH: isize = 64 * 1024;

fn main() -> ExitCode {
    if std::env::args().any(|argument| argument == server::FLAG) {
        server::serve();
    }
    let extent = match std::env::args().any(|argument| argument == "--quick") {
        true => QUICK,
        false => FULL,
    };
    let server = server::Process::start();
    // One thread, so that its CPU time is that of the calls.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        say(format_args!(
            "{:<10}{:>12}{:>12}{:>8}{:>22}{:>10}{:>10}",
            "", "CPU µs/call", "by hand", "ratio", "throughput at 64", "allocs", "by hand"
        ));
        let platform = compare(
            "platform",
            PlatformClient::new(server.url()),
            PlatformByHand::new(server.url()),
            &extent,
        )
        .await;
        let nexus = compare(
            "nexus",
            NexusClient::new(server.url()),
            NexusByHand::new(server.url()),
            &extent,
        )
        .await;
        let calls = extent.calls_for_memory;
        let flat = calls == 0
            || memory("platform", &PlatformClient::new(server.url()), calls).await
                & memory("nexus", &NexusClient::new(server.url()), calls).await;
        if platform && nexus && flat {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    })
}

/// Measures both and prints a line; whether the client costs no more than it may.
async fn compare(
    name: &str,
    client: impl Contender,
    by_hand: impl Contender,
    extent: &Extent,
) -> bool {
    for _ in 0..3 {
        sequential(&client).await;
        sequential(&by_hand).await;
        concurrent(&client).await;
        concurrent(&by_hand).await;
    }
    let (mut times, mut hand_times, mut ratios, mut throughputs) = (vec![], vec![], vec![], vec![]);
    for round in 0..extent.rounds {
        // Each goes first in every other round.
        let (time, hand_time) = if round % 2 == 0 {
            (sequential(&client).await, sequential(&by_hand).await)
        } else {
            let hand_time = sequential(&by_hand).await;
            (sequential(&client).await, hand_time)
        };
        times.push(micros(time));
        hand_times.push(micros(hand_time));
        ratios.push(micros(time) / micros(hand_time));
        throughputs.push(micros(concurrent(&by_hand).await) / micros(concurrent(&client).await));
    }
    let (ratio, throughput) = (median(ratios), median(throughputs));
    let (allocations, hand_allocations) = (allocations(&client).await, allocations(&by_hand).await);
    say(format_args!(
        "{name:<10}{:>12.2}{:>12.2}{ratio:>8.3}{throughput:>22.3}{allocations:>10}{hand_allocations:>10}",
        median(times),
        median(hand_times),
    ));
    let most_time = MOST_TIME * (1.0 + extent.slack);
    let least_throughput = LEAST_THROUGHPUT * (1.0 - extent.slack);
    let holds = ratio <= most_time && throughput >= least_throughput;
    if !holds {
        eprintln!(
            "{name}: at most {most_time:.2} × the time and at least {least_throughput:.2} × the throughput are allowed"
        );
    }
    holds
}

/// The CPU time of a call, when one follows the other.
async fn sequential(contender: &impl Contender) -> Duration {
    let start = ThreadTime::now();
    for _ in 0..CALLS_A_ROUND {
        contender.call().await;
    }
    start.elapsed() / CALLS_A_ROUND as u32
}

/// The wall time of a call, when many run side by side.
async fn concurrent(contender: &impl Contender) -> Duration {
    let start = Instant::now();
    join_all((0..SIDE_BY_SIDE).map(async |_| {
        for _ in 0..CALLS_SIDE_BY_SIDE / SIDE_BY_SIDE {
            contender.call().await;
        }
    }))
    .await;
    start.elapsed() / CALLS_SIDE_BY_SIDE as u32
}

/// The allocations of one call.
async fn allocations(contender: &impl Contender) -> usize {
    let before = ALLOCATOR.stats().allocations;
    for _ in 0..CALLS_A_ROUND {
        contender.call().await;
    }
    (ALLOCATOR.stats().allocations - before) / CALLS_A_ROUND
}

/// Makes many calls; whether no memory stays behind.
async fn memory(name: &str, contender: &impl Contender, calls: usize) -> bool {
    let held = || {
        let stats = ALLOCATOR.stats();
        stats.bytes_allocated as isize - stats.bytes_deallocated as isize
    };
    for _ in 0..CALLS_A_ROUND {
        contender.call().await;
    }
    let before = held();
    for _ in 0..calls {
        contender.call().await;
    }
    let growth = held() - before;
    say(format_args!(
        "{name}: memory held after {calls} calls: {growth:+} bytes"
    ));
    growth <= MOST_GROWTH
}

fn say(line: std::fmt::Arguments<'_>) {
    xtask::print(format_args!("{line}\n")).expect("the output can be written");
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
