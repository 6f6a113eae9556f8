//! What the network may do to a session, and what a session asks of the network.

use std::sync::atomic::Ordering;

use guruorm::error::ErrorCode;
use guruorm::value::ValueRef::{Integer, Text};

use crate::client::{Client, config, on_server};
use crate::proxy::{Disturbance, Proxy};
use crate::rows::Cell;

const SQL: &str = "select i, 'row ' || i, array[i::text] from generate_series(1, $1::int) i";

#[test]
fn a_kept_statement_takes_one_round_trip_and_a_new_one_two() {
    on_server(async |_| {
        let proxy = Proxy::start(Disturbance::None).unwrap();
        let mut client = Client::connect_to(config(), proxy.endpoint.clone()).await?;
        let flights = |proxy: &Proxy| proxy.flights.swap(0, Ordering::SeqCst);
        flights(&proxy);
        client.run(SQL, &[Integer(3)]).await?;
        assert_eq!(flights(&proxy), 2);
        for _ in 0..3 {
            client.run(SQL, &[Text("600")]).await?;
            assert_eq!(flights(&proxy), 1);
        }
        client.script("begin").await?;
        assert_eq!(flights(&proxy), 1);
        assert!(!client.connection.is_dead());
        assert_eq!(flights(&proxy), 0);
        Ok(())
    });
}

#[test]
fn messages_that_arrive_byte_by_byte_are_whole() {
    on_server(async |_| {
        let proxy = Proxy::start(Disturbance::OneByOne).unwrap();
        let mut client = Client::connect_to(config(), proxy.endpoint).await?;
        let rows = client.rows(SQL, &[Integer(700)]).await?;
        assert_eq!(rows.cells.len(), 700);
        let last = [Cell::Number(700.0), Cell::Text("row 700".into()), Cell::Json("[\"700\"]".into())];
        assert_eq!(rows.cells[699], last);
        assert_eq!(client.error("select 1/0", &[]).await.code, ErrorCode::Query);
        Ok(())
    });
}

#[test]
fn a_connection_cut_at_any_byte_is_an_error_and_never_a_shorter_result() {
    on_server(async |_| {
        let whole = Proxy::start(Disturbance::None).unwrap();
        let mut client = Client::connect_to(config(), whole.endpoint).await?;
        client.run(SQL, &[Integer(5)]).await?;
        let total = whole.received.load(Ordering::SeqCst);
        assert!(total > 300, "{total}");
        for most in 0..total {
            let proxy = Proxy::start(Disturbance::CutAfter(most)).unwrap();
            match Client::connect_to(config(), proxy.endpoint).await {
                Err(error) => assert_eq!(error.code, ErrorCode::Connection, "{error}"),
                Ok(mut client) => {
                    let error = client.error(SQL, &[Integer(5)]).await;
                    assert_eq!(error.code, ErrorCode::LostConnection, "{most} of {total}: {error}");
                    assert!(error.message.contains("the server closed the connection"), "{error}");
                    assert!(client.connection.is_dead());
                }
            }
        }
        Ok(())
    });
}
