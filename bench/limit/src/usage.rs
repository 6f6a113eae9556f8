//! What this process has used so far.

use crate::Result;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// macOS counts bytes, everybody else kilobytes.
const MAXIMUM_UNIT: f64 = if cfg!(target_os = "macos") { 1.0 } else { 1024.0 };

pub struct Usage {
    /// Of all threads.
    pub cpu_microseconds: f64,
    /// The most that was resident at once.
    pub peak_megabytes: f64,
}

impl Usage {
    pub fn now() -> Result<Self> {
        let usage = getrusage(UsageWho::RUSAGE_SELF)?;
        let cpu = usage.user_time() + usage.system_time();
        Ok(Self {
            cpu_microseconds: cpu.num_microseconds() as f64,
            peak_megabytes: usage.max_rss() as f64 * MAXIMUM_UNIT / 1e6,
        })
    }
}
