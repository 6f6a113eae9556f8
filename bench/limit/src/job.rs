//! What `bench/run.mjs` asks for, and what it is answered.

use serde::{Deserialize, Serialize};

/// One workload by one peer.
#[derive(Deserialize)]
pub struct Job {
    pub database: String,
    pub peer: String,
    pub workload: String,
    pub url: String,
    pub sizes: Sizes,
}

/// The part of `bench/sizes.mjs` that is used here.
#[derive(Deserialize)]
pub struct Sizes {
    pub users: usize,
    pub accounts: usize,
    pub effort: f64,
}

impl Job {
    /// How often something is done: `count` for the full benchmark, less for the small one.
    pub fn times(&self, count: usize) -> usize {
        ((count as f64 * self.sizes.effort).round() as usize).max(1)
    }
}

/// The line on stdout. Without a check when the workload writes: then the harness reads what was written.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    pub value: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    pub cpu_microseconds: f64,
    pub peak_megabytes: f64,
}
