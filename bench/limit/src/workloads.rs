//! The workloads of `bench/workloads.mjs`, by the same names and equally often: change both.

use crate::Result;
use crate::check::checksum;
use crate::job::Job;
use crate::measure::{every_latency, in_flight, median, throughput};
use crate::peer::Peer;
use crate::rows::NewRow;
use std::hint::black_box;
use std::time::Instant;

pub struct Outcome {
    pub value: f64,
    pub operations: usize,
    /// None for those that write.
    pub check: Option<String>,
}

/// Spreads over all rows, the same way for every peer.
fn spread(index: usize, rows: usize) -> i64 {
    ((index * 7919) % rows + 1) as i64
}

pub async fn run(peer: &impl Peer, job: &Job) -> Result<Outcome> {
    match job.workload.as_str() {
        "W1" => one_row(peer, job).await,
        "W2" => one_row_in_flight(peer, job).await,
        "W3" => hundred_rows(peer, job).await,
        "W3c" => hundred_rows_in_flight(peer, job).await,
        "W4" => ten_thousand_rows(peer, job).await,
        "W5" => all_rows(peer, job).await,
        "W6" => inserts(peer, job).await,
        "W6b" => bulk_inserts(peer).await,
        "W7" => transactions(peer, job).await,
        "W9" => stream(peer).await,
        other => Err(format!("There is no {other} here.").into()),
    }
}

async fn one_row(peer: &impl Peer, job: &Job) -> Result<Outcome> {
    let find = async |index| peer.find_user(spread(index, job.sizes.users)).await;
    let latencies =
        every_latency(job.times(5000), job.times(10_000), async |index| keep(find(index).await)).await?;
    let check = checksum(&[find(41).await?]);
    Ok(Outcome { value: median(&latencies), operations: latencies.len(), check: Some(check) })
}

async fn one_row_in_flight(peer: &impl Peer, job: &Job) -> Result<Outcome> {
    let find = async |index| peer.find_user(spread(index, job.sizes.users)).await;
    let work = async |index| keep(find(index).await);
    in_flight(job.times(2000), 64, work).await?;
    let operations = job.times(30_000);
    let value = throughput(operations, 64, work).await?;
    Ok(Outcome { value, operations, check: Some(checksum(&[find(42).await?])) })
}

async fn hundred_rows(peer: &impl Peer, job: &Job) -> Result<Outcome> {
    let select = async |index| peer.hundred_users_from(spread(index, job.sizes.users - 100)).await;
    let latencies =
        every_latency(job.times(100), job.times(1500), async |index| keep(select(index).await)).await?;
    let check = checksum(&select(43).await?);
    Ok(Outcome { value: median(&latencies), operations: latencies.len(), check: Some(check) })
}

async fn hundred_rows_in_flight(peer: &impl Peer, job: &Job) -> Result<Outcome> {
    let select = async |index| peer.hundred_users_from(spread(index, job.sizes.users - 100)).await;
    let work = async |index| keep(select(index).await);
    in_flight(job.times(200), 16, work).await?;
    let operations = job.times(4000);
    let value = throughput(operations, 16, work).await?;
    Ok(Outcome { value, operations, check: Some(checksum(&select(44).await?)) })
}

async fn ten_thousand_rows(peer: &impl Peer, job: &Job) -> Result<Outcome> {
    let latencies =
        every_latency(job.times(5), job.times(30), async |_| keep(peer.first_users(10_000).await)).await?;
    let check = checksum(&peer.first_users(10_000).await?);
    Ok(Outcome { value: median(&latencies) / 1000.0, operations: latencies.len(), check: Some(check) })
}

async fn all_rows(peer: &impl Peer, job: &Job) -> Result<Outcome> {
    let mut rows = Vec::new();
    let latencies = every_latency(1, 3, async |_| {
        rows = peer.first_users(job.sizes.users).await?;
        Ok(())
    });
    let latencies = latencies.await?;
    let check = checksum(&rows);
    Ok(Outcome { value: median(&latencies) / 1000.0, operations: latencies.len(), check: Some(check) })
}

async fn inserts(peer: &impl Peer, job: &Job) -> Result<Outcome> {
    peer.empty_inserts().await?;
    let insert = async |index| peer.insert_one(&NewRow::new(index)).await;
    in_flight(job.times(2000), 1, async |index| insert(index + 1_000_000).await).await?;
    let operations = job.times(5000);
    let value = throughput(operations, 1, insert).await?;
    Ok(Outcome { value, operations, check: None })
}

async fn bulk_inserts(peer: &impl Peer) -> Result<Outcome> {
    let rows: Vec<NewRow> = (1..=10_000).map(NewRow::new).collect();
    let insert = async || -> Result<f64> {
        peer.empty_inserts().await?;
        let started = Instant::now();
        peer.insert_many(&rows).await?;
        Ok(started.elapsed().as_secs_f64())
    };
    insert().await?;
    let seconds = [insert().await?, insert().await?, insert().await?];
    Ok(Outcome { value: rows.len() as f64 / median(&seconds), operations: seconds.len(), check: None })
}

async fn transactions(peer: &impl Peer, job: &Job) -> Result<Outcome> {
    let accounts = job.sizes.accounts;
    let transfer = async |index| peer.transfer(spread(index, accounts), spread(index + 1, accounts)).await;
    in_flight(job.times(1000), 1, transfer).await?;
    let operations = job.times(3000);
    let value = throughput(operations, 1, transfer).await?;
    Ok(Outcome { value, operations, check: None })
}

async fn stream(peer: &impl Peer) -> Result<Outcome> {
    let started = Instant::now();
    let (mut rows, mut ids, mut letters) = (0, 0, 0);
    peer.comments(|comment| {
        rows += 1;
        ids += comment.id * (comment.post_id % 7);
        letters += comment.body.len();
    })
    .await?;
    let value = started.elapsed().as_secs_f64() * 1000.0;
    Ok(Outcome { value, operations: 1, check: Some(format!("{rows} rows {ids} {letters}")) })
}

/// A result that nobody reads must be made all the same.
fn keep<T>(result: Result<T>) -> Result<()> {
    result.map(|value| drop(black_box(value)))
}
