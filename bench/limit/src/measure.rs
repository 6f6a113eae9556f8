//! Clocks, as in `bench/measure.mjs`.

use crate::Result;
use futures_util::future::try_join_all;
use std::cell::Cell;
use std::iter::repeat_with;
use std::time::Instant;

pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[middle] } else { f64::midpoint(sorted[middle - 1], sorted[middle]) }
}

/// Does the work one after the other; answers each one's time in microseconds, without those of the warm-up.
pub async fn every_latency(
    warm_up: usize,
    count: usize,
    mut work: impl AsyncFnMut(usize) -> Result<()>,
) -> Result<Vec<f64>> {
    for index in 0..warm_up {
        work(index).await?;
    }
    let mut latencies = Vec::with_capacity(count);
    for index in 0..count {
        let started = Instant::now();
        work(warm_up + index).await?;
        latencies.push(started.elapsed().as_secs_f64() * 1e6);
    }
    Ok(latencies)
}

/// Does the work `total` times, `width` at a time.
pub async fn in_flight(total: usize, width: usize, work: impl AsyncFn(usize) -> Result<()>) -> Result<()> {
    let next = Cell::new(0);
    let line = async || {
        while next.get() < total {
            next.set(next.get() + 1);
            work(next.get()).await?;
        }
        Ok(())
    };
    try_join_all(repeat_with(&line).take(width)).await.map(drop)
}

/// Operations a second.
pub async fn throughput(total: usize, width: usize, work: impl AsyncFn(usize) -> Result<()>) -> Result<f64> {
    let started = Instant::now();
    in_flight(total, width, work).await?;
    Ok(total as f64 / started.elapsed().as_secs_f64())
}
