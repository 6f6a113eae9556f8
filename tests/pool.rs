//! The pool, over real connections to PostgreSQL.

#[path = "support/executor.rs"]
mod executor;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use executor::block_on as run;
use guruorm::config::{self, PoolConfig};
use guruorm::driver::pool::{Lease, Pool};
use guruorm::driver::{DriverStatement, RowSink, postgres::PostgresDriver};
use guruorm::engine::RowSet;
use guruorm::error::ErrorCode;
use guruorm::runtime::{sleep, spawn, timeout};
use guruorm::value::Bindings;

fn pool(change: impl FnOnce(&mut PoolConfig)) -> Pool {
    let url = std::env::var("GURUORM_TEST_POSTGRES_URL")
        .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".into());
    let options = serde_json::json!({ "url": url }).to_string();
    let config = Rc::new(config::parse("pool", &options).expect("options"));
    let mut limits = PoolConfig::default();
    change(&mut limits);
    let endpoint = config.write[0].clone();
    Pool::new(Rc::new(PostgresDriver::new(config, endpoint)), limits)
}

async fn query(lease: &mut Lease, sql: &str) -> Result<RowSet, guruorm::error::Error> {
    let statement = DriverStatement::plain(sql);
    let mut rows = RowSet::default();
    let connection = lease.connection().expect("a connection");
    connection.execute(&statement, &Bindings::none(), &mut RowSink::new(&mut rows)).await?;
    Ok(rows)
}

fn backend(lease: &mut Lease) -> u64 {
    lease.connection().expect("a connection").session_id()
}

#[test]
fn callers_are_served_in_the_order_they_came() {
    run(async {
        let pool = pool(|limits| limits.max = 2);
        let order = Rc::new(RefCell::new(Vec::new()));
        let held = [pool.acquire().await.expect("one"), pool.acquire().await.expect("two")];
        for number in 0..1000 {
            let (pool, order) = (pool.clone(), Rc::clone(&order));
            spawn(async move {
                let lease = pool.acquire().await.expect("a connection");
                order.borrow_mut().push(number);
                lease.release();
            });
        }
        sleep(Duration::from_millis(20)).await;
        assert_eq!(pool.stats().waiting, 1000);
        for lease in held {
            lease.release();
        }
        while order.borrow().len() < 1000 {
            sleep(Duration::from_millis(1)).await;
        }
        assert!(order.borrow().is_sorted());
        assert_eq!(pool.stats().size, 2);
    });
}

#[test]
fn there_are_never_more_connections_than_the_maximum() {
    run(async {
        let pool = pool(|limits| limits.max = 3);
        let (peak, done) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
        for _ in 0..50 {
            let (pool, peak, done) = (pool.clone(), Rc::clone(&peak), Rc::clone(&done));
            spawn(async move {
                let mut lease = pool.acquire().await.expect("a connection");
                peak.set(peak.get().max(pool.stats().size));
                query(&mut lease, "select pg_sleep(0.002)").await.expect("a sleep");
                lease.release();
                done.set(done.get() + 1);
            });
        }
        while done.get() < 50 {
            sleep(Duration::from_millis(2)).await;
        }
        assert_eq!(peak.get(), 3);
    });
}

#[test]
fn a_caller_waits_no_longer_than_the_limit_and_is_told_why() {
    run(async {
        let pool = pool(|limits| (limits.max, limits.acquire_timeout_ms) = (1, 100));
        let held = pool.acquire().await.expect("one");
        let began = Instant::now();
        let error = pool.acquire().await.err().expect("a timeout");
        let waited = began.elapsed();
        assert_eq!(error.code, ErrorCode::PoolTimeout);
        assert!(waited >= Duration::from_millis(100) && waited < Duration::from_millis(200), "{waited:?}");
        assert!(
            error.message.contains("1 of 1 open") && error.message.contains("oldest"),
            "{}",
            error.message
        );
        held.release();
        pool.acquire().await.expect("the pool works again").release();
    });
}

#[test]
fn a_caller_who_gave_up_does_not_take_a_connection_with_him() {
    run(async {
        let pool = pool(|limits| limits.max = 1);
        let held = pool.acquire().await.expect("one");
        assert!(timeout(Duration::from_millis(10), pool.acquire()).await.is_err());
        held.release();
        assert_eq!((pool.stats().idle, pool.stats().waiting), (1, 0));
        pool.acquire().await.expect("one").release();
    });
}

#[test]
fn a_connection_in_a_transaction_is_closed_instead_of_lent_again() {
    run(async {
        let pool = pool(|limits| limits.max = 1);
        let mut lease = pool.acquire().await.expect("one");
        let first = backend(&mut lease);
        query(&mut lease, "begin").await.expect("begin");
        lease.release();
        let mut lease = pool.acquire().await.expect("another");
        assert_ne!(backend(&mut lease), first);
        lease.release();
    });
}

#[test]
fn session_state_does_not_reach_the_next_caller() {
    run(async {
        let pool = pool(|limits| limits.max = 1);
        let mut lease = pool.acquire().await.expect("one");
        query(&mut lease, "set statement_timeout = 12345").await.expect("set");
        lease.mark_for_reset();
        lease.release();
        let mut lease = pool.acquire().await.expect("the same, reset");
        let rows = query(&mut lease, "show statement_timeout").await.expect("show");
        assert_eq!(rows.rows[0][0].as_str(), Some("0"));
        lease.release();
    });
}

#[test]
fn connections_killed_while_idle_are_replaced_unseen() {
    run(async {
        let pool = pool(|limits| limits.max = 6);
        let mut held = Vec::new();
        for _ in 0..6 {
            held.push(pool.acquire().await.expect("a connection"));
        }
        let backends: Vec<String> = held.iter_mut().map(|lease| backend(lease).to_string()).collect();
        held.into_iter().for_each(Lease::release);
        let killer = self::pool(|limits| limits.max = 1);
        let mut lease = killer.acquire().await.expect("the killer");
        let sql = format!(
            "select pg_terminate_backend(pid) from pg_stat_activity where pid in ({})",
            backends.join(",")
        );
        query(&mut lease, &sql).await.expect("killed");
        lease.release();
        sleep(Duration::from_millis(50)).await;
        for _ in 0..6 {
            let mut lease = pool.acquire().await.expect("a connection");
            query(&mut lease, "select 1").await.expect("a living connection");
            lease.release();
        }
    });
}

#[test]
fn idle_connections_above_the_minimum_are_closed_after_their_time() {
    run(async {
        let pool = pool(|limits| (limits.min, limits.max, limits.idle_timeout_ms) = (1, 4, 60));
        let held: Vec<_> = [pool.acquire().await, pool.acquire().await, pool.acquire().await]
            .into_iter()
            .flatten()
            .collect();
        held.into_iter().for_each(Lease::release);
        assert_eq!(pool.stats().size, 3);
        sleep(Duration::from_millis(600)).await;
        assert_eq!(pool.stats().size, 1);
    });
}

#[test]
fn a_connection_is_replaced_at_the_end_of_its_life() {
    run(async {
        let pool = pool(|limits| (limits.max, limits.max_lifetime_ms) = (1, 100));
        let mut lease = pool.acquire().await.expect("one");
        let first = backend(&mut lease);
        lease.release();
        sleep(Duration::from_millis(150)).await;
        let mut lease = pool.acquire().await.expect("another");
        assert_ne!(backend(&mut lease), first);
        lease.release();
    });
}

#[test]
fn closing_refuses_new_work_and_waits_for_running_work_until_the_deadline() {
    run(async {
        let pool = pool(|limits| limits.max = 1);
        let mut lease = pool.acquire().await.expect("one");
        let closing = pool.clone();
        let closed = Rc::new(Cell::new(false));
        let flag = Rc::clone(&closed);
        spawn(async move {
            closing.drain(Duration::from_secs(5)).await;
            flag.set(true);
        });
        sleep(Duration::from_millis(5)).await;
        let refused = pool.acquire().await.err().expect("refused");
        assert_eq!(refused.code, ErrorCode::Closed);
        query(&mut lease, "select 1").await.expect("running work goes on");
        assert!(!closed.get());
        lease.release();
        sleep(Duration::from_millis(50)).await;
        assert!(closed.get());
        assert_eq!(pool.stats().size, 0);
    });
}

#[test]
fn closing_ends_at_the_deadline_even_when_nobody_gives_back() {
    run(async {
        let pool = pool(|limits| limits.max = 1);
        let lease = pool.acquire().await.expect("one");
        let began = Instant::now();
        let killed = lease.killed().expect("a signal");
        spawn(async move {
            std::future::poll_fn(|context| killed.poll(context)).await;
            drop(lease);
        });
        pool.drain(Duration::from_millis(100)).await;
        pool.kill(Duration::ZERO).await;
        let took = began.elapsed();
        assert!(took >= Duration::from_millis(100) && took < Duration::from_millis(300), "{took:?}");
        assert_eq!(pool.stats().size, 0);
    });
}

#[test]
fn a_failure_to_connect_reaches_the_caller_and_costs_no_place() {
    run(async {
        let options = serde_json::json!({ "url": "postgres://postgres@127.0.0.1:1/postgres" }).to_string();
        let config = Rc::new(config::parse("pool", &options).expect("options"));
        let endpoint = config.write[0].clone();
        let limits = PoolConfig { max: 2, ..PoolConfig::default() };
        let pool = Pool::new(Rc::new(PostgresDriver::new(config, endpoint)), limits);
        for _ in 0..3 {
            let error = pool.acquire().await.err().expect("refused");
            assert_eq!(error.code, ErrorCode::Connection);
        }
        assert_eq!(pool.stats().size, 0);
    });
}
