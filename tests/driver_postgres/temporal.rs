//! Instants, wall clocks and zones.

use guruorm::driver::ColumnKind;
use guruorm::value::ValueRef::{Array, Instant};
use guruorm::value::temporal::Zone;

use crate::client::{Client, config, on_server};
use crate::rows::Cell;

/// 2024-07-01 12:00:00.123 UTC.
const SUMMER: f64 = 1_719_835_200_123.0;

async fn in_zone(name: &str) -> guruorm::error::Result<Client> {
    let mut options = config();
    options.timezone = Zone::parse(name)?;
    Client::connect(options).await
}

#[test]
fn timestamps_are_milliseconds_cut_off_towards_the_past() {
    on_server(async |mut client| {
        for (sql, expected) in [
            ("timestamptz '2024-07-01 12:00:00.123999+00'", SUMMER),
            ("timestamptz '2024-07-01 14:00:00.123+02'", SUMMER),
            ("timestamp '2024-07-01 12:00:00.123'", SUMMER),
            ("timestamptz '1969-12-31 23:59:59.999999+00'", -1.0),
            ("timestamptz '0001-01-01 00:00:00+00 BC'", -62_167_219_200_000.0),
            ("timestamptz 'infinity'", f64::INFINITY),
            ("timestamp '-infinity'", f64::NEG_INFINITY),
        ] {
            let rows = client.rows(&format!("select {sql}"), &[]).await?;
            assert_eq!(
                (rows.kinds(), rows.cell()),
                (vec![ColumnKind::Instant], &Cell::Number(expected)),
                "{sql}"
            );
        }
        Ok(())
    });
}

#[test]
fn timestamps_without_zone_are_read_in_the_connections_zone() {
    on_server(async |_| {
        for (zone, hour) in [("UTC", "12"), ("+05:30", "17:30"), ("-03:00", "09"), ("Europe/Berlin", "14")] {
            let mut client = in_zone(zone).await?;
            let clock =
                if hour.contains(':') { format!("{hour}:00.123") } else { format!("{hour}:00:00.123") };
            let sql = format!("select timestamp '2024-07-01 {clock}'");
            assert_eq!(client.cell(&sql, &[]).await?, Cell::Number(SUMMER), "{zone}");
            let array = format!("select array[timestamp '2024-07-01 {clock}']");
            assert_eq!(client.text(&array, &[]).await?, "[1719835200123]", "{zone}");
            assert_eq!(
                client.text("select ($1::timestamp)::text", &[Instant(SUMMER)]).await?,
                format!("2024-07-01 {clock}")
            );
            let instant = client.cell("select $1::timestamptz", &[Instant(SUMMER)]).await?;
            assert_eq!(instant, Cell::Number(SUMMER), "{zone}");
            let offset = client
                .text("select (timestamptz '2024-07-01 12:00:00.123+00')::timestamp::text", &[])
                .await?;
            assert_eq!(offset, format!("2024-07-01 {clock}"), "the session's own zone");
        }
        Ok(())
    });
}

#[test]
fn a_date_is_bound_by_the_type_that_the_server_describes() {
    on_server(async |_| {
        let mut client = in_zone("Pacific/Auckland").await?;
        // Midnight has passed there: it is 2 July.
        for (sql, expected) in [
            ("select $1::date::text", "2024-07-02"),
            ("select $1::timestamp::text", "2024-07-02 00:00:00.123"),
            ("select $1::time::text", "00:00:00.123"),
            ("select $1::timestamptz::text", "2024-07-02 00:00:00.123+12"),
            ("select $1", "2024-07-01 12:00:00.123+00"),
            ("select $1::jsonb::text", "\"2024-07-01T12:00:00.123Z\""),
        ] {
            assert_eq!(client.text(sql, &[Instant(SUMMER)]).await?, expected, "{sql}");
        }
        let array = Array(r#"["2024-07-01T12:00:00.123Z",null]"#);
        assert_eq!(
            client.text("select ($1::timestamp[])::text", &[array]).await?,
            r#"{"2024-07-02 00:00:00.123",NULL}"#
        );
        assert_eq!(
            client.text("select ($1::timestamptz[])::text", &[array]).await?,
            r#"{"2024-07-02 00:00:00.123+12",NULL}"#
        );
        assert_eq!(client.text("select ($1::date[])::text", &[array]).await?, "{2024-07-02,NULL}");
        Ok(())
    });
}

#[test]
fn instants_far_away_come_back_unchanged() {
    on_server(async |mut client| {
        for milliseconds in
            [-62_167_219_200_000.0, -100_000_000_000_000.0, 253_402_300_800_000.0, 8.64e15, 0.0, -1.0]
        {
            let instant = client.cell("select $1::timestamptz", &[Instant(milliseconds)]).await?;
            assert_eq!(instant, Cell::Number(milliseconds));
            let wall = client.cell("select $1::timestamp", &[Instant(milliseconds)]).await?;
            assert_eq!(wall, Cell::Number(milliseconds));
        }
        let infinite = client.cell("select $1::timestamptz", &[Instant(f64::INFINITY)]).await?;
        assert_eq!(infinite, Cell::Number(f64::INFINITY));
        Ok(())
    });
}

#[test]
fn dates_may_be_read_as_the_server_writes_them() {
    on_server(async |_| {
        let mut options = config();
        options.dates_as_text = true;
        options.timezone = Zone::parse("Europe/Berlin")?;
        let mut client = Client::connect(options).await?;
        let sql = "select timestamptz '2024-07-01 12:00:00.123456+00', timestamp '2024-07-01 12:00:00', array[timestamp '2024-07-01 12:00:00.5']";
        let rows = client.rows(sql, &[]).await?;
        assert_eq!(rows.kinds(), [ColumnKind::Text, ColumnKind::Text, ColumnKind::Array]);
        let expected = [
            Cell::Text("2024-07-01 14:00:00.123456+02".into()),
            Cell::Text("2024-07-01 12:00:00".into()),
            Cell::Json("[\"2024-07-01 12:00:00.5\"]".into()),
        ];
        assert_eq!(rows.cells, [expected]);
        Ok(())
    });
}
