//! What a refusal says.

use guruorm::driver::{DriverStatement, TransactionStatus};
use guruorm::error::ErrorCode;
use guruorm::value::ValueRef::{Integer, Null, Text};

use crate::client::{Client, config, on_server};
use crate::rows::Cell;

#[test]
fn a_violated_constraint_is_named_with_its_table_and_column() {
    on_server(async |mut client| {
        client
            .script(
                "create temporary table parent (id int primary key); \
                 create temporary table child (id int constraint child_unique unique, name text not null, \
                   age int constraint child_age check (age > 0), parent_id int constraint child_parent references parent); \
                 insert into child values (1, 'secret', 1, null)",
            )
            .await?;
        let insert = "insert into child values ($1, $2, $3, $4)";
        let good = [Integer(2), Text("secret"), Integer(1), Null];
        for (position, value, code, sqlstate, constraint, column) in [
            (0, Integer(1), ErrorCode::UniqueViolation, "23505", Some("child_unique"), None),
            (1, Null, ErrorCode::NotNullViolation, "23502", None, Some("name")),
            (2, Integer(-1), ErrorCode::CheckViolation, "23514", Some("child_age"), None),
            (3, Integer(9), ErrorCode::ForeignKeyViolation, "23503", Some("child_parent"), None),
        ] {
            let mut values = good;
            values[position] = value;
            let error = client.error(insert, &values).await;
            assert_eq!(error.code, code);
            assert_eq!(error.detail.native_code.as_deref(), Some(sqlstate));
            assert_eq!(error.detail.driver_code.as_deref(), Some(sqlstate));
            assert_eq!(error.detail.table.as_deref(), Some("child"));
            assert_eq!(error.detail.constraint.as_deref(), constraint);
            assert_eq!(error.detail.column.as_deref(), column);
            assert_eq!(error.detail.sql.as_deref(), Some(insert));
            assert!(error.detail.server_detail.is_some());
            assert!(!error.message.contains("secret"), "{}", error.message);
        }
        Ok(())
    });
}

#[test]
fn bad_data_is_explained_without_being_repeated() {
    on_server(async |mut client| {
        client.script("create type pg_temp.mood as enum ('sad')").await?;
        for (sql, secret) in [
            ("select $1::int", "secret"),
            ("select $1::int", "99999999999"),
            ("select $1::uuid", "secret"),
            ("select $1::timestamptz", "secret"),
            ("select $1::date", "2024-13-45"),
            ("select $1::jsonb", "secret"),
            ("select $1::int[]", "{secret"),
            ("select $1::pg_temp.mood", "secret"),
            ("select $1::boolean", "secret"),
            ("select $1::numeric", "secret"),
            ("select $1::inet", "secret"),
            ("select set_config('TimeZone', $1, false)", "secret"),
        ] {
            let error = client.error(sql, &[Text(secret)]).await;
            assert_eq!(error.code, ErrorCode::Query, "{sql}");
            assert!(!error.message.contains(secret), "{sql}: {}", error.message);
            assert!(error.message.len() > 10, "{sql}: {}", error.message);
            assert!(error.detail.server_detail.is_some_and(|detail| detail.contains(secret)), "{sql}");
        }
        Ok(())
    });
}

#[test]
fn a_statement_that_cannot_be_parsed_says_where() {
    on_server(async |mut client| {
        let error = client.error("select 1 fron t", &[]).await;
        assert_eq!((error.code, error.detail.position), (ErrorCode::Syntax, Some(15)));
        let error = client.error("select * from missing_table", &[]).await;
        assert_eq!((error.code, error.detail.native_code.as_deref()), (ErrorCode::Query, Some("42P01")));
        let error = client.error("select 1; select 2", &[]).await;
        assert_eq!(error.code, ErrorCode::Syntax, "one statement a call");
        assert_eq!(client.cell("select 1", &[]).await?, Cell::Number(1.0));
        Ok(())
    });
}

#[test]
fn a_wrong_number_of_values_is_refused_before_the_statement_runs() {
    on_server(async |mut client| {
        client.script("begin").await?;
        for values in [&[][..], &[Integer(1)], &[Integer(1), Integer(2), Integer(3)]] {
            for is_cached in [true, false] {
                let sql = "select $1::int + $2::int".into();
                let statement = DriverStatement { sql, order: None, placeholders: 2, is_cached, rows: None };
                let error = client.run_statement(&statement, values).await.unwrap_err();
                assert_eq!(error.code, ErrorCode::InvalidArgument);
                let expected = format!("2 parameters, but {} values", values.len());
                assert!(error.message.contains(&expected), "{}", error.message);
            }
        }
        assert_eq!(client.connection.transaction_status(), TransactionStatus::Open);
        let sql = "select $1::int + $2::int".into();
        let beyond =
            DriverStatement { sql, order: Some([0, 2].into()), placeholders: 2, is_cached: true, rows: None };
        let error = client.run_statement(&beyond, &[Integer(1), Integer(2)]).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidArgument);
        Ok(())
    });
}

#[test]
fn too_many_values_are_refused_before_they_are_sent() {
    on_server(async |mut client| {
        let many = vec![Integer(1); 65_536];
        let error = client.error("select 1", &many).await;
        assert_eq!(error.code, ErrorCode::InvalidArgument);
        assert!(error.message.contains("65535"), "{}", error.message);
        let list = (1..=65_535).map(|number| format!("${number}::int")).collect::<Vec<_>>().join(",");
        let sql = format!("select cardinality(array[{list}])");
        assert_eq!(client.cell(&sql, &many[1..]).await?, Cell::Number(65_535.0));
        Ok(())
    });
}

#[test]
fn deadlocks_serialization_failures_and_lock_timeouts_are_told_apart() {
    on_server(async |mut first| {
        let mut second = Client::connect(config()).await?;
        // Locks of transactions, which the one that the server ends gives back.
        first.script("begin; select pg_advisory_xact_lock(7301)").await?;
        second.script("set lock_timeout = '50ms'").await?;
        let waited = second.error("select pg_advisory_xact_lock(7301)", &[]).await;
        assert_eq!(waited.code, ErrorCode::LockTimeout);

        second
            .script("set lock_timeout = 0; set deadlock_timeout = '50ms'; begin; select pg_advisory_xact_lock(7302)")
            .await?;
        let (one, two) = futures_util::join!(
            first.run("select pg_advisory_xact_lock(7302)", &[]),
            second.run("select pg_advisory_xact_lock(7301)", &[]),
        );
        let failures: Vec<ErrorCode> =
            [one, two].into_iter().filter_map(|ran| ran.err().map(|error| error.code)).collect();
        assert_eq!(failures, [ErrorCode::Deadlock]);
        first.script("rollback").await?;
        let raised = first.error("do $$ begin raise sqlstate '40001'; end $$", &[]).await;
        assert_eq!(raised.code, ErrorCode::SerializationFailure);
        Ok(())
    });
}
