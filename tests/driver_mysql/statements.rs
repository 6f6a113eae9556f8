//! How statements run.

use guruorm::driver::{Connection as _, DriverStatement, RowSink, Shareable};
use guruorm::error::ErrorCode;
use guruorm::value::ValueRef::{Integer, Text};

use crate::rows::{Rows, Value};
use crate::server::{bindings, on_each_server, statement};

#[test]
fn a_wrong_number_of_values_is_refused_before_anything_is_sent_and_the_connection_stays() {
    on_each_server("counts", async |server| {
        let mut session = server.connect().await;
        session.script("create table t (a int)").await;
        for (sql, values) in [
            ("insert into t values (?)", &[][..]),
            ("insert into t values (?)", &[Integer(1), Integer(2)]),
            ("insert into t values ('?')", &[Integer(1)]),
        ] {
            for _ in 0..2 {
                let error = session.try_run(sql, values).await.unwrap_err();
                assert_eq!(error.code, ErrorCode::InvalidArgument, "{sql}");
                assert!(!session.0.is_dead());
            }
        }
        // The engine's count and the values disagree.
        let mut rows = Rows::default();
        let error =
            session.run_into(statement("insert into t values (?)", 1), &[], &mut rows).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidArgument);
        assert_eq!(session.run("select count(*) from t", &[]).await.first(), 0.into());
    });
}

#[test]
fn a_wrong_number_of_values_for_a_rare_statement_is_refused_as_well() {
    on_each_server("counts_once", async |server| {
        let mut session = server.connect().await;
        session.script("create table t (a int)").await;
        let rare = DriverStatement { is_cached: false, ..statement("insert into t values ('?')", 1) };
        let error = session.run_into(rare, &[Integer(1)], &mut Rows::default()).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidArgument);
        assert!(!session.0.is_dead());
        assert_eq!(session.run("select count(*) from t", &[]).await.first(), 0.into());
    });
}

/// What the server cannot take in at once, it would have to answer before we listen.
#[test]
fn only_a_statement_with_short_values_is_sent_together_with_others() {
    on_each_server("ahead", async |server| {
        let mut session = server.connect().await;
        let sql = "select ? as s";
        for _ in 0..3 {
            session.run(sql, &[Text("warm")]).await;
        }
        let Some(pipeline) = session.0.pipeline() else { return };
        let mut write = |text: &str| {
            let bindings = bindings(&[Text(text)]).into();
            pipeline.write_ahead(&Shareable { statement: statement(sql, 1), bindings })
        };
        assert!(write("short"));
        assert!(!write(&"x".repeat(20_000)));
        assert!(write("other"));
        for text in ["short", "other"] {
            assert_eq!(session.run(sql, &[]).await.first(), text.into());
        }
    });
}

#[test]
fn statements_that_are_rare_run_and_give_their_rows() {
    on_each_server("rare", async |server| {
        let mut session = server.connect().await;
        session.script("create table t (a int auto_increment primary key, b varchar(10))").await;
        let rare =
            |sql: &str, placeholders| DriverStatement { is_cached: false, ..statement(sql, placeholders) };
        let insert = rare("insert into t (b) values (?), (?)", 2);
        let mut rows = Rows::default();
        let outcome = session.run_into(insert, &[Text("x"), Text("y")], &mut rows).await.unwrap();
        assert_eq!((outcome.affected_rows, outcome.last_insert_id), (2, 1));
        assert!(rows.shape.is_none());
        let mut rows = Rows::default();
        session.run_into(rare("select a from t where b = ?", 1), &[Text("none")], &mut rows).await.unwrap();
        assert!(rows.shape.is_some() && rows.rows.is_empty());
        session.run_into(rare("drop table t", 0), &[], &mut Rows::default()).await.unwrap();
    });
}

#[test]
fn rare_statements_with_many_placeholders_do_not_pile_up_on_the_server() {
    on_each_server("pile_up", async |server| {
        let mut session = server.connect().await;
        for count in 900..1000 {
            let sql = format!("select 1 from (select 1 as n) t where n in ({})", vec!["?"; count].join(","));
            let rare = DriverStatement { is_cached: false, ..statement(&sql, count) };
            session.run_into(rare, &vec![Integer(1); count], &mut Rows::default()).await.unwrap();
        }
        let rows = session.run("show session status like 'Com_stmt_%'", &[]).await;
        let count = |name: &str| {
            let found =
                rows.rows.iter().find(|row| row[0] == name.into()).unwrap_or_else(|| panic!("{rows:?}"));
            let Value::Text(text) = &found[1] else { panic!("{found:?}") };
            text.parse::<i64>().unwrap()
        };
        let open = count("Com_stmt_prepare") - count("Com_stmt_close");
        assert!(open <= 2, "{open} of 100 statements are still open");
    });
}

#[test]
fn placeholders_may_take_values_in_another_order() {
    on_each_server("order", async |server| {
        let mut session = server.connect().await;
        let twice = DriverStatement { order: Some([1, 0, 1].into()), ..statement("select ?, ?, ?", 3) };
        let mut rows = Rows::default();
        session.run_into(twice, &[Text("a"), Text("b")], &mut rows).await.unwrap();
        assert_eq!(rows.rows[0], ["b".into(), "a".into(), "b".into()]);
    });
}

#[test]
fn an_empty_result_has_its_columns_and_a_write_has_none() {
    on_each_server("shapes", async |server| {
        let mut session = server.connect().await;
        session.script("create table t (a int, b text)").await;
        for _ in 0..2 {
            let rows = session.run("select a, b from t", &[]).await;
            let names: Vec<_> =
                rows.shape.unwrap().columns.iter().map(|(name, _)| name.to_string()).collect();
            assert_eq!(names, ["a", "b"]);
            assert_eq!(rows.shapes_announced, 1);
        }
        assert!(session.run("insert into t values (1, 'x')", &[]).await.shape.is_none());
    });
}

#[test]
fn a_table_that_changed_under_a_prepared_statement_gives_its_new_columns() {
    on_each_server("changed", async |server| {
        let mut session = server.connect().await;
        session.script("create table t (a int); insert into t values (1)").await;
        assert_eq!(session.run("select * from t", &[]).await.rows[0].len(), 1);
        // Another program: this process does not learn of it.
        let mut other = server.connect().await;
        other.script("alter table t modify a varchar(10), add b int default 7").await;
        assert_eq!(session.run("select * from t", &[]).await.rows[0], ["1".into(), 7.into()]);
    });
}

#[test]
fn affected_rows_count_what_was_found_and_keys_are_those_of_the_first_row() {
    on_each_server("affected", async |server| {
        let mut session = server.connect().await;
        session.script("create table t (a bigint unsigned auto_increment primary key, b int)").await;
        let (_, outcome) = session.try_run("insert into t (b) values (1), (1), (2)", &[]).await.unwrap();
        assert_eq!((outcome.affected_rows, outcome.last_insert_id), (3, 1));
        let (_, outcome) = session.try_run("update t set b = 1 where b = ?", &[Integer(1)]).await.unwrap();
        assert_eq!(outcome.affected_rows, 2, "rows that were found, not only changed ones");
        let (_, outcome) = session.try_run("delete from t where b = 2", &[]).await.unwrap();
        assert_eq!((outcome.affected_rows, outcome.last_insert_id), (1, 0));
        let (rows, outcome) = session.try_run("select * from t", &[]).await.unwrap();
        assert_eq!((rows.rows.len(), outcome.affected_rows), (2, 2));
        session.run("insert into t values (18446744073709551614, 1)", &[]).await;
    });
}

#[test]
fn an_insert_can_return_rows_on_mariadb() {
    on_each_server("returning", async |server| {
        let mut session = server.connect().await;
        if !session.0.is_mariadb() {
            return;
        }
        session.script("create table t (a int auto_increment primary key, b varchar(9) unique)").await;
        let (rows, outcome) = session
            .try_run("insert into t (b) values (?), ('y') returning a, b", &[Text("x")])
            .await
            .unwrap();
        assert_eq!(rows.rows, [[1.into(), "x".into()], [2.into(), "y".into()]]);
        assert_eq!(outcome.affected_rows, 2);
    });
}

#[test]
fn statements_that_cannot_be_prepared_run_as_text() {
    on_each_server("unprepared", async |server| {
        let mut session = server.connect().await;
        session.script("create table t (a int, b varchar(9), c datetime); insert into t values (5, 'x', '2024-02-29')").await;
        session.run("prepare p from 'select a, b, c from t'", &[]).await;
        for _ in 0..2 {
            let rows = session.run("execute p", &[]).await;
            assert_eq!(rows.rows[0], [5.into(), "x".into(), 1_709_164_800_000.0.into()]);
        }
        session.run("deallocate prepare p", &[]).await;
        // On MySQL a procedure cannot be prepared either, and holds semicolons of its own.
        session.run("create procedure two() begin select 1 as a; select 2 as b; end", &[]).await;
        let rows = session.run("call two()", &[]).await;
        assert_eq!((rows.rows.len(), rows.first(), rows.shapes_announced), (1, 1.into(), 1));
        session.run("lock tables t write", &[]).await;
        session.run("unlock tables", &[]).await;
        assert_eq!(session.run("select a from t", &[]).await.first(), 5.into());
    });
}

#[test]
fn a_second_statement_in_one_text_is_refused() {
    on_each_server("several", async |server| {
        let mut session = server.connect().await;
        session.script("create table t (a int)").await;
        for sql in [
            "select 1; drop table t",
            "commit; drop table t",
            "prepare p from 'select 1'; drop table t",
            "deallocate prepare p; drop table t",
            "begin /*! ; drop table t */",
            "create procedure p() begin select 1; end; drop table t",
        ] {
            let error = session.try_run(sql, &[]).await.map(|_| ()).unwrap_err();
            assert_eq!(error.code, ErrorCode::Syntax, "{sql}");
        }
        assert!(session.run("select * from t", &[]).await.shape.is_some());
    });
}

#[test]
fn a_local_file_is_never_sent() {
    on_each_server("local_infile", async |server| {
        let mut session = server.connect().await;
        session.script("create table t (a text)").await;
        for sql in
            ["load data local infile '/etc/passwd' into table t", "load data local infile ? into table t"]
        {
            let error = session.try_run(sql, &[]).await.map(|_| ()).unwrap_err();
            assert!(matches!(error.code, ErrorCode::Query | ErrorCode::Syntax), "{error:?}");
        }
        assert!(session.0.execute_script("load data local infile '/etc/passwd' into table t").await.is_err());
        assert_eq!(session.run("select count(*) from t", &[]).await.first(), 0.into());
    });
}

#[test]
fn a_hundred_thousand_rows_come_in_chunks_and_wait_for_a_slow_reader() {
    on_each_server("many_rows", async |server| {
        let mut session = server.connect().await;
        session.script("create table t (a int primary key, b varchar(20))").await;
        for start in (0..100_000).step_by(10_000) {
            let values: Vec<_> = (start..start + 10_000).map(|n| format!("({n},'row {n}')")).collect();
            session.script(&format!("insert into t values {}", values.join(","))).await;
        }
        let mut rows = Rows { is_slow: true, ..Rows::default() };
        let outcome =
            session.run_into(statement("select a, b from t order by a", 0), &[], &mut rows).await.unwrap();
        assert_eq!(outcome.affected_rows, 100_000);
        assert_eq!(rows.rows.len(), 100_000);
        assert!(
            rows.rows
                .iter()
                .zip(0..)
                .all(|(row, n)| row[..] == [Value::from(n), format!("row {n}").as_str().into()])
        );
        assert_eq!((rows.chunks, rows.waits), (196, 196));
    });
}

#[test]
fn a_statement_that_fails_after_its_first_rows_fails_and_leaves_the_connection_usable() {
    on_each_server("fails_late", async |server| {
        let mut session = server.connect().await;
        session.script("create table t (a int); insert into t values (1), (2), (3)").await;
        session.script("create function picky(n int) returns int deterministic begin if n = 3 then signal sqlstate '45000' set message_text = 'no threes'; end if; return n; end").await;
        let all = bindings(&[]);
        let mut rows = Rows::default();
        let failing = statement("select picky(a) from t", 0);
        let error = session.0.execute(&failing, &all, &mut RowSink::new(&mut rows)).await.unwrap_err();
        assert_eq!((error.code, error.message.as_str()), (ErrorCode::Query, "no threes"));
        assert_eq!(session.run("select count(*) from t", &[]).await.first(), 3.into());
    });
}

#[test]
fn a_script_runs_its_statements_and_stops_at_the_first_that_fails() {
    on_each_server("script", async |server| {
        let mut session = server.connect().await;
        let outcome = session
            .script("create table t (a int primary key); insert into t values (1), (2); select * from t")
            .await;
        assert_eq!(outcome.affected_rows, 2);
        let failing = "insert into t values (3); insert into t values (3); insert into t values (4)";
        assert_eq!(session.0.execute_script(failing).await.unwrap_err().code, ErrorCode::UniqueViolation);
        assert_eq!(session.run("select max(a) from t", &[]).await.first(), 3.into());
    });
}
