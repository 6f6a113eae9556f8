//! A begin that is sent together with the first read of its transaction.

use guruorm::driver::{Connection as _, Frame, TransactionStatus};
use guruorm::value::ValueRef::Integer;

use crate::scripted::{IN_TRANSACTION, LONG, binary_row, can, error, ok, on};

const READ: &str = "select n from t where n = ?";
const BEGIN: Frame = Frame { begin: Some("start transaction"), commit: None };

#[test]
fn the_transaction_is_open_and_the_rows_are_those_of_the_read() {
    on(
        can::MARIADB,
        |mut peer| {
            peer.prepare(1, 1, &[("n", LONG)]);
            peer.command(0x17);
            peer.send(&[1, 0]);
            peer.send(&binary_row(&[&[1, 0, 0, 0]]));
            peer.end_rows(0);
            assert_eq!(peer.command(0x03), b"start transaction");
            // Both are there before either is answered.
            peer.command(0x17);
            peer.restart_numbers();
            peer.send(&ok(IN_TRANSACTION));
            peer.restart_numbers();
            peer.send(&[1, 0]);
            peer.send(&binary_row(&[&[2, 0, 0, 0]]));
            peer.end_rows(IN_TRANSACTION);
            peer.expect_end();
        },
        async |session| {
            session.run(READ, &[Integer(1)]).await;
            assert!(session.0.frame_next(READ, true, BEGIN));
            assert_eq!(session.run(READ, &[Integer(2)]).await.rows, [[2.into()]]);
            assert_eq!(session.0.transaction_status(), TransactionStatus::Open);
        },
    );
}

#[test]
fn what_was_read_in_spite_of_a_begin_that_failed_is_nobodys() {
    on(
        can::MARIADB,
        |mut peer| {
            peer.prepare(1, 1, &[("n", LONG)]);
            for (begun, row) in [(None, 1), (Some(error(1317, "interrupted")), 2), (None, 3)] {
                if begun.is_some() {
                    peer.command(0x03);
                }
                peer.command(0x17);
                if let Some(begun) = begun {
                    peer.restart_numbers();
                    peer.send(&begun);
                    peer.restart_numbers();
                }
                peer.send(&[1, 0]);
                peer.send(&binary_row(&[&[row, 0, 0, 0]]));
                peer.end_rows(0);
            }
            peer.expect_end();
        },
        async |session| {
            session.run(READ, &[Integer(1)]).await;
            assert!(session.0.frame_next(READ, true, BEGIN));
            let refused = session.try_run(READ, &[Integer(2)]).await.map(|_| ()).unwrap_err();
            assert_eq!(refused.detail.native_code.as_deref(), Some("1317"));
            assert_eq!(refused.detail.sql.as_deref(), BEGIN.begin);
            assert_eq!(session.0.transaction_status(), TransactionStatus::Idle);
            assert_eq!(session.run(READ, &[Integer(3)]).await.rows, [[3.into()]]);
        },
    );
}

#[test]
fn a_value_that_cannot_be_bound_leaves_the_transaction_begun() {
    on(
        can::MARIADB,
        |mut peer| {
            peer.prepare(1, 1, &[("n", LONG)]);
            peer.command(0x17);
            peer.send(&[1, 0]);
            peer.end_rows(0);
            peer.command(0x03);
            peer.send(&ok(IN_TRANSACTION));
            peer.expect_end();
        },
        async |session| {
            session.run(READ, &[Integer(1)]).await;
            assert!(session.0.frame_next(READ, true, BEGIN));
            session.try_run(READ, &[]).await.map(|_| ()).unwrap_err();
            assert_eq!(session.0.transaction_status(), TransactionStatus::Open);
        },
    );
}

#[test]
fn what_writes_what_is_not_prepared_and_what_another_kind_of_server_runs_is_not_sent_with_a_begin() {
    let script = |mut peer: crate::scripted::Peer| {
        peer.prepare(1, 1, &[("n", LONG)]);
        peer.command(0x17);
        peer.columns(&[("n", LONG)]);
        peer.end_rows(0);
        peer.expect_end();
    };
    on(can::MARIADB, script, async |session| {
        assert!(!session.0.frame_next(READ, true, BEGIN));
        session.run(READ, &[Integer(1)]).await;
        assert!(!session.0.frame_next(READ, false, BEGIN));
        assert!(!session.0.frame_next(READ, true, Frame { commit: Some("commit"), ..BEGIN }));
    });
    on(can::MYSQL_8, script, async |session| {
        session.run(READ, &[Integer(1)]).await;
        assert!(!session.0.frame_next(READ, true, BEGIN));
    });
}
