//! Prepared statements, results, scripts.

use guruorm::driver::{ColumnKind, DriverStatement, TransactionStatus};
use guruorm::error::ErrorCode;
use guruorm::value::ValueRef::{Integer, Text};

use crate::client::{Client, config, on_server};
use crate::rows::Cell;

const PREPARED: &str = "select count(*) from pg_prepared_statements";

#[test]
fn an_outcome_counts_the_rows_that_were_touched() {
    on_server(async |mut client| {
        client.script("create temporary table t (id int)").await?;
        let (_, inserted) =
            client.run("insert into t select generate_series(1, $1::int)", &[Integer(5)]).await?;
        assert_eq!(inserted.affected_rows, 5);
        let (_, updated) = client.run("update t set id = id + 10 where id > $1", &[Integer(2)]).await?;
        assert_eq!(updated.affected_rows, 3);
        let (rows, selected) = client.run("select id from t", &[]).await?;
        assert_eq!((rows.cells.len(), selected.affected_rows), (5, 5));
        let (rows, deleted) = client.run("delete from t where id > 10 returning id", &[]).await?;
        assert_eq!((rows.cells.len(), deleted.affected_rows), (3, 3));
        let (rows, nothing) = client.run("", &[]).await?;
        assert_eq!((rows.shape, nothing.affected_rows), (None, 0));
        Ok(())
    });
}

#[test]
fn the_columns_are_announced_once_even_without_rows() {
    on_server(async |mut client| {
        for _ in 0..2 {
            let rows = client
                .rows("select 1 as \"one\", 'x' as \"__proto__\", 2 as \"one\" where false", &[])
                .await?;
            assert_eq!(rows.names(), ["one", "__proto__", "one"]);
            assert_eq!(rows.kinds(), [ColumnKind::Number, ColumnKind::Text, ColumnKind::Number]);
            assert_eq!((rows.shapes, rows.chunks, rows.cells.len()), (1, 0, 0));
        }
        let none = client.rows("select", &[]).await?;
        assert_eq!((none.shapes, none.cells.len()), (1, 1), "a row without columns");
        assert_eq!(client.rows("set application_name = 'x'", &[]).await?.shapes, 0);
        Ok(())
    });
}

#[test]
fn large_results_arrive_whole_and_in_order() {
    on_server(async |mut client| {
        let sql = "select i, 'row ' || i, repeat('é', i % 50), array[i], null::int from generate_series(1, 100000) i";
        let (rows, outcome) = client.run(sql, &[]).await?;
        assert_eq!((rows.cells.len(), outcome.affected_rows), (100_000, 100_000));
        assert!(rows.chunks >= 100_000 / 512, "{} chunks", rows.chunks);
        for (index, row) in rows.cells.iter().enumerate() {
            let number = index + 1;
            let expected = [
                Cell::Number(f64::from(u32::try_from(number).unwrap())),
                Cell::Text(format!("row {number}")),
                Cell::Text("é".repeat(number % 50)),
                Cell::Json(format!("[{number}]")),
                Cell::Null,
            ];
            assert_eq!(row[..], expected);
        }
        Ok(())
    });
}

#[test]
fn one_huge_cell_goes_both_ways() {
    on_server(async |mut client| {
        let huge = "0123456789abcdef".repeat(1024 * 1024);
        assert_eq!(client.text("select $1::text", &[Text(&huge)]).await?, huge);
        assert_eq!(client.cell("select length($1::text)", &[Text(&huge)]).await?, Cell::Number(16_777_216.0));
        Ok(())
    });
}

#[test]
fn placeholders_take_the_values_that_the_order_names() {
    on_server(async |mut client| {
        let statement = DriverStatement {
            sql: "select $1::text || $2::text || $3::text".into(),
            order: Some([1, 0, 1].into()),
            placeholders: 3,
            is_cached: true,
            rows: None,
        };
        let (rows, _) = client.run_statement(&statement, &[Text("a"), Text("b")]).await?;
        assert_eq!(rows.cell(), &Cell::Text("bab".into()));
        Ok(())
    });
}

#[test]
fn a_statement_is_prepared_once_and_only_when_it_may_be_kept() {
    on_server(async |mut client| {
        let before = client.number(PREPARED).await?;
        for _ in 0..3 {
            client.run("select 'kept'", &[]).await?;
            let passing = DriverStatement {
                sql: "select 'passing'".into(),
                order: None,
                placeholders: 0,
                is_cached: false,
                rows: None,
            };
            client.run_statement(&passing, &[]).await?;
        }
        assert!((client.number(PREPARED).await? - before - 1.0).abs() < 0.1);
        Ok(())
    });
}

#[test]
fn a_session_keeps_256_statements_and_closes_the_oldest() {
    on_server(async |mut client| {
        for number in 0..600 {
            let rows = client.rows(&format!("select {number}"), &[]).await?;
            assert_eq!(rows.cell(), &Cell::Number(f64::from(number)));
        }
        // The one evicted last is closed with the next message.
        let kept = client.number(PREPARED).await?;
        assert!((256.0..=257.0).contains(&kept), "{kept}");
        assert_eq!(client.cell("select 0", &[]).await?, Cell::Number(0.0));
        Ok(())
    });
}

#[test]
fn a_kept_statement_follows_changes_of_the_schema() {
    on_server(async |mut client| {
        client.script("create temporary table t (id int); insert into t values (1)").await?;
        let all = "select * from t";
        assert_eq!(client.rows(all, &[]).await?.names(), ["id"]);
        client.script("alter table t add column name text default 'x'").await?;
        assert_eq!(client.rows(all, &[]).await?.names(), ["id", "name"]);

        let by_id = "select count(*) from t where id = $1";
        assert_eq!(client.cell(by_id, &[Text("1")]).await?, Cell::Number(1.0));
        client.script("alter table t alter column id type text").await?;
        assert_eq!(
            client.cell(by_id, &[Text("1")]).await?,
            Cell::Number(1.0),
            "the parameter's type changed, too"
        );

        client.script("deallocate all").await?;
        assert_eq!(client.cell(by_id, &[Text("1")]).await?, Cell::Number(1.0), "the server forgot it");
        Ok(())
    });
}

#[test]
fn a_kept_statement_takes_the_values_that_a_changed_column_takes() {
    on_server(async |mut client| {
        client.script("create temporary table t (id int)").await?;
        let insert = "insert into t values ($1)";
        client.run(insert, &[Text("1")]).await?;
        client.script("alter table t alter column id type bigint").await?;
        client.run(insert, &[Text("5000000000")]).await?;
        client.script("alter table t alter column id type text").await?;
        client.run(insert, &[Text("five")]).await?;
        let wrong = client.error("select $1::int", &[Text("five")]).await;
        assert_eq!(wrong.detail.native_code.as_deref(), Some("22P02"));
        let wrong = client.error("select $1::int", &[Text("five")]).await;
        assert_eq!(wrong.detail.native_code.as_deref(), Some("22P02"), "it is tried once more, not for ever");
        Ok(())
    });
}

#[test]
fn a_value_is_never_read_as_what_its_column_was_before() {
    on_server(async |mut client| {
        client.script("create temporary table t (code int)").await?;
        let insert = "insert into t values ($1)";
        client.run(insert, &[Text("1")]).await?;
        client.script("alter table t alter column code type text").await?;
        client.run(insert, &[Text("007")]).await?;
        assert_eq!(
            client.cell("select max(code) from t where code <> '1'", &[]).await?,
            Cell::Text("007".into())
        );
        client.script("begin; alter table t alter column code type int using 0").await?;
        client.run(insert, &[Text("2")]).await?;
        client.script("rollback").await?;
        client.run(insert, &[Text("008")]).await?;
        assert_eq!(
            client.cell("select max(code) from t where code < '1'", &[]).await?,
            Cell::Text("008".into())
        );
        Ok(())
    });
}

#[test]
fn in_a_transaction_a_stale_statement_is_reported_and_then_forgotten() {
    on_server(async |mut client| {
        client.script("create temporary table t (id int)").await?;
        let all = "select * from t";
        client.run(all, &[]).await?;
        // Nobody tells what a block of code has done.
        client.script("begin; do 'begin alter table t add column name text; end'").await?;
        let error = client.error(all, &[]).await;
        assert_eq!(error.detail.native_code.as_deref(), Some("0A000"));
        assert_eq!(client.connection.transaction_status(), TransactionStatus::Failed);
        client.script("rollback; begin").await?;
        assert_eq!(client.rows(all, &[]).await?.names(), ["id"]);
        Ok(())
    });
}

#[test]
fn behind_pgbouncer_no_statement_is_kept_prepared() {
    on_server(async |_| {
        let mut options = config();
        options.pgbouncer = true;
        let mut client = Client::connect(options).await?;
        client.script("create type pg_temp.mood as enum ('sad')").await?;
        for _ in 0..2 {
            assert_eq!(client.cell("select $1::int", &[Text("7")]).await?, Cell::Number(7.0));
            // Types of its own are looked up between its parsing and its running.
            assert_eq!(client.text("select array[$1]::pg_temp.mood[]", &[Text("sad")]).await?, "[\"sad\"]");
            assert_eq!(client.error("select $1::int", &[]).await.code, ErrorCode::InvalidArgument);
        }
        assert!(client.number(PREPARED).await?.abs() < 0.1);
        client.connection.reset().await?;
        Ok(())
    });
}

#[test]
fn a_script_runs_several_statements_and_its_last_one_counts() {
    on_server(async |mut client| {
        let script = "create temporary table t (id int); insert into t values (1), (2); select * from t; update t set id = 3 where id = 2";
        assert_eq!(client.script(script).await?.affected_rows, 1);
        let error = client.script("insert into t values (9); select 1/0").await.unwrap_err();
        assert_eq!(error.detail.native_code.as_deref(), Some("22012"));
        assert_eq!(client.cell("select count(*) from t", &[]).await?, Cell::Number(2.0), "one transaction");
        assert_eq!(client.script("").await?.affected_rows, 0);
        Ok(())
    });
}

#[test]
fn copy_is_refused_and_the_session_goes_on() {
    on_server(async |mut client| {
        client
            .script("create temporary table t (id int); insert into t select generate_series(1, 1000)")
            .await?;
        for sql in ["copy t from stdin", "copy t to stdout"] {
            assert_eq!(client.error(sql, &[]).await.code, ErrorCode::Unsupported, "{sql}");
            assert_eq!(client.script(sql).await.unwrap_err().code, ErrorCode::Unsupported, "{sql}");
            assert_eq!(client.cell("select count(*) from t", &[]).await?, Cell::Number(1000.0));
        }
        Ok(())
    });
}

#[test]
fn notices_and_notifications_may_come_at_any_time() {
    on_server(async |mut client| {
        client.script("listen news").await?;
        for _ in 0..2 {
            client.run("do $$ begin raise notice 'hello'; raise warning 'beware'; end $$", &[]).await?;
            client.run("select pg_notify('news', 'x')", &[]).await?;
            assert_eq!(client.cell("select 1", &[]).await?, Cell::Number(1.0));
        }
        Ok(())
    });
}
