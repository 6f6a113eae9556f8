//! Reads of several callers that the server answers in one piece.

use std::future::Future;

use guruorm::driver::{DriverStatement, Shareable};
use guruorm::error::{Error, Result};
use guruorm::value::ValueRef::Integer;

use crate::client::{Client, bindings, config};
use crate::executor::block_on;
use crate::rows::Cell;

/// Fails for 0, when it runs.
const SQL: &str = "select 100 / n as n from generate_series($1::integer, $1::integer) n";

/// Runs a test on a session that has [`SQL`] prepared. Without a server it is left out, except where `CI` is set.
fn on_session<F: Future<Output = Result<()>>>(test: impl FnOnce(Client) -> F) {
    let ran = block_on(async {
        let mut client = match Client::connect(config()).await {
            Err(error) if std::env::var_os("CI").is_none() => {
                eprintln!("left out: {error}");
                return Ok(());
            }
            connected => connected?,
        };
        for _ in 0..3 {
            client.run(SQL, &[Integer(1)]).await?;
        }
        test(client).await
    });
    ran.unwrap_or_else(|error| panic!("{error:#?}"));
}

fn statement() -> DriverStatement {
    DriverStatement { sql: SQL.into(), order: None, placeholders: 1, is_cached: true, rows: None }
}

/// Sends one read for each divisor.
fn send(client: &mut Client, divisors: &[u8]) -> Result<()> {
    let pipeline = client.connection.pipeline().unwrap();
    for divisor in divisors {
        let bindings = bindings(&[Integer((*divisor).into())])?.into();
        let work = Shareable { statement: statement(), bindings };
        assert!(pipeline.write_ahead(&work));
    }
    pipeline.end_ahead();
    Ok(())
}

/// Reads the answer of the next one. `None`: it has to run again.
async fn answer(client: &mut Client, divisor: u8) -> std::result::Result<Option<Cell>, Error> {
    match client.run_statement(&statement(), &[Integer(divisor.into())]).await {
        Ok((rows, _)) => Ok(Some(rows.cell().clone())),
        Err(_) if client.connection.pipeline().unwrap().must_run_again() => Ok(None),
        Err(error) => Err(error),
    }
}

fn hundred_by(divisor: u8) -> Cell {
    Cell::Number(100.0 / f64::from(divisor))
}

#[test]
fn each_gets_its_own_answer_and_the_session_is_fit_in_between() {
    on_session(|mut client| async move {
        for _ in 0..2 {
            send(&mut client, &[1, 2, 4, 5])?;
            for divisor in [1, 2, 4, 5] {
                assert_eq!(answer(&mut client, divisor).await?, Some(hundred_by(divisor)));
                assert!(!client.connection.is_unfit());
            }
        }
        assert_eq!(client.text("select 'well'", &[]).await?, "well");
        Ok(())
    });
}

#[test]
fn those_behind_one_that_fails_are_run_again() {
    on_session(|mut client| async move {
        send(&mut client, &[1, 0, 2, 4])?;
        assert_eq!(answer(&mut client, 1).await?, Some(hundred_by(1)));
        let refused = answer(&mut client, 0).await.unwrap_err();
        assert_eq!(refused.detail.native_code.as_deref(), Some("22012"));
        for divisor in [2, 4] {
            assert_eq!(answer(&mut client, divisor).await?, None);
            assert!(!client.connection.is_unfit());
        }
        send(&mut client, &[5])?;
        assert_eq!(answer(&mut client, 5).await?, Some(hundred_by(5)));
        assert_eq!(answer(&mut client, 10).await?, Some(hundred_by(10)));
        Ok(())
    });
}

#[test]
fn answers_of_callers_who_gave_up_are_stepped_over() {
    on_session(|mut client| async move {
        for (sent, gave_up) in [([1, 2, 4, 5], 0), ([1, 2, 4, 5], 1), ([1, 2, 4, 5], 3), ([1, 0, 4, 5], 1)] {
            send(&mut client, &sent)?;
            let mut is_broken_off = false;
            for (place, divisor) in sent.into_iter().enumerate() {
                if place == gave_up {
                    client.connection.pipeline().unwrap().skip().await?;
                } else {
                    let expected = (!is_broken_off).then(|| hundred_by(divisor));
                    assert_eq!(answer(&mut client, divisor).await?, expected);
                }
                is_broken_off |= divisor == 0;
                assert!(!client.connection.is_unfit());
            }
            assert_eq!(client.text("select 'well'", &[]).await?, "well");
        }
        Ok(())
    });
}

#[test]
fn statements_that_take_long_together_are_not_sent_together() {
    on_session(|mut client| async move {
        let sql = "select 1.0::float8 as n from pg_sleep(0.004)";
        client.number(sql).await?;
        let slow = DriverStatement { sql: sql.into(), placeholders: 0, ..statement() };
        let work = Shareable { statement: slow, bindings: bindings(&[])?.into() };
        let pipeline = client.connection.pipeline().unwrap();
        let sent = (0..16).take_while(|_| pipeline.write_ahead(&work)).count();
        assert!(sent <= 2, "{sent}");
        Ok(())
    });
}
