//! Answers that the servers at hand do not give: of older and newer ones, and such as lie.

use guruorm::driver::{ColumnKind, Connection as _, Shareable, TransactionStatus};
use guruorm::value::ValueRef::Integer;

use crate::rows::Value;
use crate::scripted::{
    IN_TRANSACTION, LONG, MORE_RESULTS, VAR_STRING, binary_row, binary_text, can, error, length, ok, on,
    text_row,
};
use crate::server::{bindings, statement};

#[test]
fn servers_that_end_columns_and_rows_with_eof_packets_are_understood() {
    on(
        can::MYSQL_5_6,
        |mut peer| {
            peer.prepare(1, 1, &[("n", LONG)]);
            for row in 1..=2 {
                peer.command(0x17);
                peer.columns(&[("n", LONG)]);
                peer.send(&binary_row(&[&[row, 0, 0, 0]]));
                peer.end_rows(IN_TRANSACTION);
            }
            peer.command(0x03);
            peer.send(&ok(0));
            peer.expect_end();
        },
        async |session| {
            for row in 1..=2 {
                let rows = session.run("select n from t where n = ?", &[Integer(row.into())]).await;
                assert_eq!(rows.rows, [[row.into()]]);
                assert_eq!(session.0.transaction_status(), TransactionStatus::Open);
            }
            session.run("commit", &[]).await;
            assert_eq!(session.0.transaction_status(), TransactionStatus::Idle);
        },
    );
}

#[test]
fn columns_that_are_not_told_again_end_with_an_eof_packet_where_told_ones_do() {
    on(
        can::MARIADB & !can::DEPRECATE_EOF,
        |mut peer| {
            peer.prepare(1, 0, &[("n", LONG)]);
            for row in 1..=2 {
                peer.command(0x17);
                peer.send(&[1, 0]);
                peer.send(&[0xFE, 0, 0, 0, 0]);
                peer.send(&binary_row(&[&[row, 0, 0, 0]]));
                peer.end_rows(0);
            }
            peer.expect_end();
        },
        async |session| {
            for row in 1..=2 {
                assert_eq!(session.run("select n from t", &[]).await.rows, [[row.into()]]);
            }
        },
    );
}

#[test]
fn errors_are_read_wherever_they_come_and_the_connection_goes_on() {
    on(
        can::MYSQL_8,
        |mut peer| {
            peer.command(0x16);
            peer.send(&error(1146, "no such table"));
            // While the columns of a statement are told.
            peer.command(0x16);
            peer.send(&[0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0]);
            peer.send(&crate::scripted::column("n", LONG));
            peer.send(&error(1037, "out of memory"));
            peer.prepare(1, 0, &[("n", LONG), ("m", LONG)]);
            peer.command(0x17);
            peer.send(&[2]);
            peer.send(&crate::scripted::column("n", LONG));
            peer.send(&error(1037, "out of memory"));
            // While the rows are.
            peer.command(0x17);
            peer.columns(&[("n", LONG), ("m", LONG)]);
            peer.send(&binary_row(&[&[1, 0, 0, 0], &[2, 0, 0, 0]]));
            peer.send(&error(1242, "more than one row"));
            peer.command(0x17);
            peer.send(&ok(0));
            peer.expect_end();
        },
        async |session| {
            let sql = "select n, m from t";
            for number in ["1146", "1037", "1037", "1242"] {
                let refused = session.try_run(sql, &[]).await.map(|_| ()).unwrap_err();
                assert_eq!(refused.detail.native_code.as_deref(), Some(number), "{refused}");
                assert!(!session.0.is_dead());
            }
            session.run(sql, &[]).await;
        },
    );
}

#[test]
fn a_row_of_16_mib_or_more_comes_in_several_packets() {
    // The payload of a row: 2 bytes, 4 of the number, and the text after its length of 4 or 9 bytes.
    for text in [0xFF_FFFF - 10 - 1, 0xFF_FFFF - 10, 0xFF_FFFF - 10 + 1, 0xFF_FFFF, 40_000_000] {
        on(
            can::MYSQL_8,
            move |mut peer| {
                peer.prepare(1, 0, &[("n", LONG), ("s", VAR_STRING)]);
                peer.command(0x17);
                peer.columns(&[("n", LONG), ("s", VAR_STRING)]);
                peer.send(&binary_row(&[&[1, 0, 0, 0], &binary_text(&vec![b'x'; text])]));
                peer.send(&binary_row(&[&[2, 0, 0, 0], &binary_text(b"short")]));
                peer.end_rows(0);
                peer.expect_end();
            },
            async |session| {
                let rows = session.run("select n, s from t", &[]).await.rows;
                let Value::Text(long) = &rows[0][1] else { panic!("no text") };
                assert!(long.len() == text && long.bytes().all(|byte| byte == b'x'), "{text}");
                assert_eq!(rows[1], [2.into(), "short".into()]);
            },
        );
    }
}

#[test]
fn a_row_of_text_may_start_like_the_end_of_the_rows() {
    for text in [0xFF_FFFF, 0x100_0000, 0x100_0001] {
        on(
            can::MYSQL_8,
            move |mut peer| {
                // It cannot be prepared, so it comes as text.
                peer.command(0x16);
                peer.send(&error(1295, "not yet"));
                peer.command(0x03);
                peer.columns(&[("s", VAR_STRING)]);
                peer.send(&[length(text), vec![b'x'; text]].concat());
                peer.send(&text_row(&["short"]));
                peer.end_rows(0);
                peer.expect_end();
            },
            async |session| {
                let rows = session.run("show something", &[]).await.rows;
                let Value::Text(long) = &rows[0][0] else { panic!("no text") };
                assert!(long.len() == text, "{text}");
                assert_eq!(rows[1], ["short".into()]);
            },
        );
    }
}

#[test]
fn only_the_first_of_several_results_is_the_statements() {
    on(
        can::MYSQL_8,
        |mut peer| {
            peer.prepare(1, 0, &[]);
            peer.command(0x17);
            peer.send(&ok(MORE_RESULTS));
            peer.columns(&[("n", LONG)]);
            peer.send(&binary_row(&[&[1, 0, 0, 0]]));
            peer.end_rows(MORE_RESULTS);
            peer.columns(&[("other", VAR_STRING), ("more", VAR_STRING)]);
            peer.send(&binary_row(&[&binary_text(b"a"), &binary_text(b"b")]));
            peer.end_rows(MORE_RESULTS);
            peer.send(&ok(0));
            peer.command(0x17);
            peer.columns(&[("n", LONG)]);
            peer.end_rows(MORE_RESULTS);
            peer.send(&error(1644, "signalled"));
            peer.expect_end();
        },
        async |session| {
            let rows = session.run("call p()", &[]).await;
            assert_eq!((rows.rows, rows.shapes_announced), (vec![vec![1.into()]], 1));
            let signalled = session.try_run("call p()", &[]).await.map(|_| ()).unwrap_err();
            assert_eq!(signalled.detail.native_code.as_deref(), Some("1644"));
        },
    );
}

/// Whatever is behind it.
#[test]
fn nothing_is_sent_ahead_to_what_does_not_greet_as_mariadb() {
    for (capabilities, can_be_ahead) in [(can::MARIADB, true), (can::MYSQL_8, false)] {
        on(
            capabilities,
            |mut peer| peer.expect_end(),
            async |session| {
                assert_eq!(session.0.pipeline().is_some(), can_be_ahead);
            },
        );
    }
}

/// The columns that an answer tells count also when nobody takes its rows: the server does not tell
/// them again.
#[test]
fn columns_told_in_an_answer_for_nobody_are_those_of_the_next() {
    let sql = "select n from t";
    on(
        can::MARIADB,
        |mut peer| {
            peer.prepare(1, 0, &[("n", LONG)]);
            peer.command(0x17);
            peer.send(&[1, 0]);
            peer.send(&binary_row(&[&[1, 0, 0, 0]]));
            peer.end_rows(0);
            // Two that were sent together; the table has changed.
            peer.command(0x17);
            peer.command(0x17);
            peer.send(&[1, 0]);
            peer.send(&binary_row(&[&[2, 0, 0, 0]]));
            peer.end_rows(0);
            peer.restart_numbers();
            peer.columns(&[("n", VAR_STRING)]);
            peer.send(&binary_row(&[&binary_text(b"for nobody")]));
            peer.end_rows(0);
            peer.command(0x17);
            peer.send(&[1, 0]);
            peer.send(&binary_row(&[&binary_text(b"text")]));
            peer.end_rows(0);
            peer.expect_end();
        },
        async |session| {
            assert_eq!(session.run(sql, &[]).await.rows, [[1.into()]]);
            let work = Shareable { statement: statement(sql, 0), bindings: bindings(&[]).into() };
            let pipeline = session.0.pipeline().expect("a pipeline");
            assert!(pipeline.write_ahead(&work) && pipeline.write_ahead(&work));
            assert_eq!(session.run(sql, &[]).await.rows, [[2.into()]]);
            session.0.pipeline().expect("a pipeline").skip().await.unwrap();
            let rows = session.run(sql, &[]).await;
            assert_eq!((rows.kinds(), rows.first()), (vec![ColumnKind::Text], "text".into()));
        },
    );
}
