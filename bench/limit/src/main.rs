//! The limit line of the benchmarks: the workloads of `bench/workloads.mjs` by drivers of Rust, without JavaScript.
//! One workload by one peer, as `bench/worker.mjs` does it: the job is the argument, the answer is printed.

mod check;
mod job;
mod measure;
mod peer;
mod peers;
mod pool;
mod rows;
mod sql;
mod usage;
mod workloads;

use job::{Answer, Job};
use mimalloc::MiMalloc;
use peer::Peer;
use peers::{mysql_async::MysqlAsync, rusqlite::Rusqlite, sqlx::SqlxMariaDb, sqlx::SqlxPostgres};
use peers::{tokio_postgres::Sharing, tokio_postgres::TokioPostgres};
use usage::Usage;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Whatever fails ends the run: a figure without all of its answers is none.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    let argument = std::env::args().nth(1).ok_or("Which job? See bench/limit/README.md.")?;
    let job: Job = serde_json::from_str(&argument)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let answer = runtime.block_on(answer(&job))?;
    println!("{}", serde_json::to_string(&answer)?);
    Ok(())
}

async fn answer(job: &Job) -> Result<Answer> {
    let url = &job.url;
    match (job.database.as_str(), job.peer.as_str()) {
        ("postgres", "rust-tokio-postgres") => {
            measured(TokioPostgres::open(url, Sharing::One).await?, job).await
        }
        ("postgres", "rust-tokio-postgres-pipelined") => {
            measured(TokioPostgres::open(url, Sharing::Several).await?, job).await
        }
        ("postgres", "rust-sqlx") => measured(SqlxPostgres::open(url).await?, job).await,
        ("mariadb", "rust-sqlx") => measured(SqlxMariaDb::open(url).await?, job).await,
        ("mariadb", "rust-mysql-async") => measured(MysqlAsync::open(url).await?, job).await,
        ("sqlite", "rust-rusqlite") => measured(Rusqlite::open(url)?, job).await,
        (database, peer) => Err(format!("There is no {peer} on {database}.").into()),
    }
}

async fn measured(peer: impl Peer, job: &Job) -> Result<Answer> {
    peer.find_user(1).await?;
    let before = Usage::now()?;
    let outcome = workloads::run(&peer, job).await?;
    let after = Usage::now()?;
    Ok(Answer {
        value: outcome.value,
        check: outcome.check,
        cpu_microseconds: (after.cpu_microseconds - before.cpu_microseconds) / outcome.operations as f64,
        peak_megabytes: after.peak_megabytes - before.peak_megabytes,
    })
}
