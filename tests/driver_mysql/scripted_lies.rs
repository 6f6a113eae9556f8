//! Servers that lie, ask for what they do not get, or go away in the middle.

use guruorm::driver::{Connection as _, RowSink, Shareable};
use guruorm::error::ErrorCode;
use guruorm::value::ValueRef::Text;

use crate::rows::Rows;
use crate::scripted::{LONG, Peer, VAR_STRING, binary_row, can, error, ok, on};
use crate::server::{Session, bindings, statement};

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
fn a_server_that_asks_for_a_file_gets_none_and_loses_the_connection() {
    loses(can::MYSQL_8, |peer| peer.send(b"\xFB/etc/passwd"));
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
