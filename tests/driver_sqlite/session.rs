//! What one borrower of a connection leaves for the next: nothing.

use guruorm::driver::TransactionStatus;

use crate::support::*;

#[test]
fn a_reset_ends_the_transaction_and_brings_pragmas_back() {
    let folder = Folder::new();
    let mut connection = open(&folder.file("reset.db"));
    let connection = connection.as_mut();
    run(connection, "create table t (v)", &[]);
    run(connection, "pragma foreign_keys = off", &[]);
    run(connection, "pragma synchronous = off", &[]);
    run(connection, "pragma query_only = on", &[]);
    rows(connection, "pragma busy_timeout = 3000");
    run(connection, "begin", &[]);
    block_on(connection.reset()).unwrap();
    assert_eq!(connection.transaction_status(), TransactionStatus::Idle);
    for (name, value) in [("foreign_keys", 1), ("synchronous", 1), ("query_only", 0), ("busy_timeout", 0)] {
        assert_eq!(cell(connection, &format!("pragma {name}")), Value::Integer(value), "{name}");
    }
    run(connection, "insert into t values (1)", &[]);
}

#[test]
fn a_reset_forgets_a_transaction_that_sqlite_had_rolled_back() {
    let mut connection = open(":memory:");
    let connection = connection.as_mut();
    run(connection, "create table t (v unique)", &[]);
    run(connection, "begin", &[]);
    run(connection, "insert into t values (1)", &[]);
    try_run(connection, "insert or rollback into t values (1)", &[]).unwrap_err();
    block_on(connection.reset()).unwrap();
    assert_eq!(connection.transaction_status(), TransactionStatus::Idle);
    run(connection, "insert into t values (2)", &[]);
}

#[test]
fn a_reset_that_follows_a_failed_statement_still_works() {
    let mut connection = open(":memory:");
    assert!(try_run(connection.as_mut(), "selec", &[]).is_err());
    block_on(connection.reset()).unwrap();
    assert!(!connection.is_dead());
}
