//! Answers that the servers at hand do not give: of older and newer ones, and such as lie.

use guruorm::driver::{ColumnKind, Connection as _, RowSink, Shareable, TransactionStatus};
use guruorm::error::ErrorCode;
use guruorm::value::ValueRef::{Integer, Text};

use crate::executor::block_on;
use crate::rows::{Rows, Value};
use crate::scripted::{
    IN_TRANSACTION, LONG, MORE_RESULTS, Peer, Scripted, VAR_STRING, binary_row, binary_text, can, error,
    length, ok, text_row,
};
use crate::server::{Session, bindings, statement};

/// A logged-in session whose server then follows the script.
fn on<F: AsyncFnOnce(&mut Session)>(capabilities: u64, script: impl FnOnce(Peer) + Send + 'static, body: F) {
    let scripted = Scripted::start(move |mut peer| {
        peer.log_in(capabilities);
        script(peer);
    });
    block_on(async {
        let mut session = scripted.server.connect().await;
        body(&mut session).await;
        Box::new(session.0).close().await;
    });
    scripted.end();
}

/// `select n from t` is prepared, and answered by what `answer` sends; the connection is lost by that.
fn loses(capabilities: u64, answer: impl FnOnce(&mut Peer) + Send + 'static) {
    on(
        capabilities,
        move |mut peer| {
            peer.prepare(1, 0, &[("n", LONG), ("s", VAR_STRING)]);
            peer.command(0x17);
            answer(&mut peer);
            peer.expect_end();
        },
        async |session| {
            let lost = session.try_run("select n, s from t", &[]).await.map(|_| ()).unwrap_err();
            assert_eq!(lost.code, ErrorCode::LostConnection, "{lost}");
            assert!(session.0.is_dead());
        },
    );
}

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
fn a_server_that_asks_for_a_file_gets_none_and_loses_the_connection() {
    loses(can::MYSQL_8, |peer| peer.send(b"\xFB/etc/passwd"));
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
fn rows_that_are_cut_or_lie_about_their_lengths_lose_the_connection() {
    let all_of = |cells: &[&[u8]]| binary_row(cells);
    let lies: Vec<Vec<u8>> = vec![
        vec![],
        vec![0],
        vec![0, 0, 1],
        all_of(&[&[1, 0, 0, 0]]),
        // Texts of more bytes than there are.
        all_of(&[&[1, 0, 0, 0], &[5, b'a']]),
        all_of(&[&[1, 0, 0, 0], &[0xFC, 0xFF, 0xFF, b'a']]),
        all_of(&[&[1, 0, 0, 0], &[0xFD, 0xFF, 0xFF, 0xFF]]),
        all_of(&[&[1, 0, 0, 0], &[0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, b'a']]),
        all_of(&[&[1, 0, 0, 0], &[0xFB]]),
        all_of(&[&[1, 0, 0, 0], &[0xFF]]),
    ];
    for lie in lies {
        loses(can::MYSQL_8, move |peer| {
            peer.columns(&[("n", LONG), ("s", VAR_STRING)]);
            peer.send(&lie);
        });
    }
}

#[test]
fn heads_and_columns_that_lie_lose_the_connection() {
    for head in [
        &b""[..],
        b"\0",
        b"\0\0\0",
        b"\xFE",
        // 2^64 - 1 columns, none of which comes.
        b"\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF",
    ] {
        loses(can::MYSQL_8, move |peer| {
            peer.send(head);
            peer.close_writing();
        });
    }
    // Columns of which the server says that they are known, but never told.
    loses(can::MARIADB, |peer| peer.send(&[3, 0]));
    for definition in [&b""[..], b"\x03def", b"\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFFdef"] {
        loses(can::MYSQL_8, move |peer| {
            peer.send(&[1]);
            peer.send(definition);
            peer.close_writing();
        });
    }
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

#[test]
fn counts_that_do_not_fit_are_no_reason_to_stop() {
    let huge = [&[0][..], &[0xFE], &[0xFF; 8], &[0, 8, 0, 0, 0]].concat();
    let last = [&[0][..], &[0xFE], &[0xFF; 8], &[0, 0, 0, 0, 0]].concat();
    on(
        can::MYSQL_8,
        move |mut peer| {
            peer.command(0x16);
            peer.send(&[0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            peer.command(0x17);
            peer.send(&huge);
            peer.send(&last);
            peer.command(0x03);
            peer.send(&huge);
            peer.send(&last);
            peer.expect_end();
        },
        async |session| {
            let (_, outcome) = session.try_run("call p()", &[]).await.unwrap();
            assert_eq!(outcome.affected_rows, u64::MAX);
            assert_eq!(session.script("call p(); call p()").await.affected_rows, u64::MAX);
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

/// What cannot be sent any more is not answered by the answers of those in front of it.
#[test]
fn an_error_of_one_statement_is_not_told_of_the_next_when_the_server_went_away() {
    let (went, gone) = std::sync::mpsc::channel();
    on(
        can::MARIADB,
        move |mut peer| {
            peer.prepare(1, 0, &[]);
            for _ in 0..3 {
                peer.command(0x17);
                peer.restart_numbers();
                peer.send(&ok(0));
            }
            peer.send(&error(1146, "no such table"));
            peer.reset();
            went.send(()).unwrap();
        },
        async move |session| {
            let work = Shareable { statement: statement("do 1", 0), bindings: bindings(&[]).into() };
            session.run("do 1", &[]).await;
            let write = |session: &mut Session| session.0.pipeline().unwrap().write_ahead(&work);
            assert!(write(session) && write(session) && write(session));
            session.run("do 1", &[]).await;
            session.run("do 1", &[]).await;
            gone.recv().unwrap();
            assert!(write(session));
            let mut failed = Vec::new();
            for _ in 0..2 {
                failed.push(session.try_run("do 1", &[]).await.map(|_| ()).unwrap_err().code);
            }
            assert_eq!(failed, [ErrorCode::LostConnection; 2]);
            assert!(session.0.is_unfit());
        },
    );
}

/// Half of a statement is on its way: whatever else is sent, a goodbye as well, would be taken for
/// the rest of it.
#[test]
fn nothing_is_sent_behind_a_statement_that_was_cut() {
    let (closed, after) = std::sync::mpsc::channel::<()>();
    on(
        can::MYSQL_8,
        move |mut peer| {
            peer.prepare(1, 1, &[]);
            after.recv().unwrap();
            let sent = peer.everything();
            assert!(sent.len() > 30 && sent[27..].iter().all(|byte| *byte == b'x'), "{:?}", sent.len());
        },
        async move |session| {
            session.try_run("insert into t values (?)", &[]).await.map(|_| ()).unwrap_err();
            let text = "x".repeat(40_000_000);
            let insert = statement("insert into t values (?)", 1);
            let values = bindings(&[Text(&text)]);
            let mut rows = Rows::default();
            {
                let mut sink = RowSink::new(&mut rows);
                let running = std::pin::pin!(session.0.execute(&insert, &values, &mut sink));
                assert!(futures_util::poll!(running).is_pending());
            }
            closed.send(()).unwrap();
        },
    );
}
