//! What comes back of each type.

use guruorm::driver::ColumnKind::{self, Any, BigInteger, Bytes, Instant, Text};
use guruorm::value::ValueRef;
use guruorm::value::temporal::Zone;

use crate::rows::Value;
use crate::server::on_each_server;

/// 2024-02-29 23:59:58.5 UTC.
const LEAP_DAY: f64 = 1_709_251_198_500.0;

#[test]
fn every_type_comes_back_as_documented() {
    on_each_server("types", async |server| {
        let mut session = server.connect().await;
        // Type, literal that is stored, kind, value.
        let cases: &[(&str, &str, ColumnKind, Value)] = &[
            ("tinyint", "-128", ColumnKind::Number, (-128).into()),
            ("tinyint(1)", "1", ColumnKind::Number, 1.into()),
            ("tinyint(1)", "127", ColumnKind::Number, 127.into()),
            ("tinyint(1) unsigned", "255", ColumnKind::Number, 255.into()),
            ("boolean", "true", ColumnKind::Number, 1.into()),
            ("tinyint unsigned", "255", ColumnKind::Number, 255.into()),
            ("smallint", "-32768", ColumnKind::Number, (-32768).into()),
            ("smallint unsigned", "65535", ColumnKind::Number, 65535.into()),
            ("mediumint", "-8388608", ColumnKind::Number, (-8_388_608).into()),
            ("mediumint unsigned", "16777215", ColumnKind::Number, 16_777_215.into()),
            ("int", "-2147483648", ColumnKind::Number, i32::MIN.into()),
            ("int unsigned", "4294967295", ColumnKind::Number, 4_294_967_295.0.into()),
            ("bigint", "9007199254740991", ColumnKind::BigInteger, 9_007_199_254_740_991.0.into()),
            ("bigint", "9007199254740993", ColumnKind::BigInteger, "9007199254740993".into()),
            ("bigint", "-9223372036854775808", ColumnKind::BigInteger, "-9223372036854775808".into()),
            (
                "bigint unsigned",
                "18446744073709551615",
                ColumnKind::BigInteger,
                "18446744073709551615".into(),
            ),
            ("float", "1.1", ColumnKind::Number, 1.1.into()),
            ("float", "16777216", ColumnKind::Number, 16_777_216.0.into()),
            ("float", "1e20", ColumnKind::Number, 1e20.into()),
            ("double", "-0.1", ColumnKind::Number, (-0.1).into()),
            ("double", "1.7976931348623157e308", ColumnKind::Number, f64::MAX.into()),
            (
                "decimal(30,10)",
                "-12345678901234567890.0123456789",
                ColumnKind::Text,
                "-12345678901234567890.0123456789".into(),
            ),
            ("decimal(4,2)", "1.10", ColumnKind::Text, "1.10".into()),
            ("char(5)", "'ab'", ColumnKind::Text, "ab".into()),
            ("varchar(50)", "''", ColumnKind::Text, "".into()),
            ("varchar(50)", "'naïve 🦀 e\u{301}'", ColumnKind::Text, "naïve 🦀 e\u{301}".into()),
            ("varchar(50)", "'a\\0b'", ColumnKind::Text, "a\0b".into()),
            ("varchar(50) character set latin1", "'größe'", ColumnKind::Text, "größe".into()),
            ("varchar(50) collate utf8mb4_bin", "'x'", ColumnKind::Text, "x".into()),
            ("tinytext", "'x'", ColumnKind::Text, "x".into()),
            ("text", "'x'", ColumnKind::Text, "x".into()),
            ("text collate utf8mb4_bin", "'x'", ColumnKind::Text, "x".into()),
            ("longtext collate utf8mb4_bin", "'5'", ColumnKind::Text, "5".into()),
            ("enum('a','b')", "'b'", ColumnKind::Text, "b".into()),
            ("enum('a','b') collate utf8mb4_bin", "'b'", ColumnKind::Text, "b".into()),
            ("set('a','b','c')", "'a,c'", ColumnKind::Text, "a,c".into()),
            ("date", "'2024-02-29'", ColumnKind::Text, "2024-02-29".into()),
            ("time", "'-838:59:59'", ColumnKind::Text, "-838:59:59".into()),
            ("time(6)", "'01:02:03.123456'", ColumnKind::Text, "01:02:03.123456".into()),
            ("time", "0", ColumnKind::Text, "00:00:00".into()),
            ("year", "2024", ColumnKind::Number, 2024.into()),
            ("datetime(6)", "'2024-02-29 23:59:58.500999'", ColumnKind::Instant, LEAP_DAY.into()),
            ("datetime", "'1000-01-01'", ColumnKind::Instant, (-30_610_224_000_000.0).into()),
            ("timestamp(3) null", "'2024-02-29 23:59:58.500'", ColumnKind::Instant, LEAP_DAY.into()),
            ("blob", "x'00ff'", ColumnKind::Bytes, [0, 255].as_slice().into()),
            ("longblob", "''", ColumnKind::Bytes, [].as_slice().into()),
            ("binary(3)", "'a'", ColumnKind::Bytes, [97, 0, 0].as_slice().into()),
            ("varbinary(3)", "'ab'", ColumnKind::Bytes, [97, 98].as_slice().into()),
            ("bit(1)", "b'1'", ColumnKind::Bytes, [1].as_slice().into()),
            ("bit(12)", "b'100000000001'", ColumnKind::Bytes, [8, 1].as_slice().into()),
            (
                "json",
                "'{\"a\": [1, null]}'",
                ColumnKind::Json,
                Value::Json(serde_json::json!({"a": [1, null]})),
            ),
        ];
        for (column, literal, kind, expected) in cases {
            let (nullable, none) = if column.contains("null") { (*column, "") } else { (*column, " null") };
            session
                .script(&format!(
                    "drop table if exists t; create table t (c {nullable}{none}); insert into t values ({literal}), (null)"
                ))
                .await;
            let rows = session.run("select c from t order by c is null", &[]).await;
            assert_eq!(rows.kinds(), [*kind], "{column}");
            assert_eq!(rows.column(), [expected.clone(), Value::Null], "{column} {literal}");
        }
    });
}

#[test]
fn geometry_is_bytes() {
    on_each_server("geometry", async |server| {
        let mut session = server.connect().await;
        let rows = session.run("select point(1, 2)", &[]).await;
        let Value::Bytes(bytes) = rows.first() else { panic!("{rows:?}") };
        assert_eq!(bytes.len(), 25);
        if session.0.is_mariadb() {
            // Rows of text.
            let rows = session.run("execute immediate 'select point(1, 2)'", &[]).await;
            assert_eq!(rows.first(), Value::Bytes(bytes));
        }
    });
}

#[test]
fn as_many_columns_as_the_servers_have_are_read_with_their_nulls() {
    on_each_server("columns", async |server| {
        let mut session = server.connect().await;
        let cell = |place: i32| if place % 3 == 0 { Value::Null } else { place.into() };
        let written = (0..4096).map(|place| match cell(place) {
            Value::Null => "null".to_owned(),
            _ => place.to_string(),
        });
        let sql = format!("select {}", written.collect::<Vec<_>>().join(", "));
        let expected: Vec<Value> = (0..4096).map(cell).collect();
        for _ in 0..2 {
            assert!(session.run(&sql, &[]).await.rows == [expected.clone()]);
        }
        if session.0.is_mariadb() {
            assert!(session.run(&format!("execute immediate '{sql}'"), &[]).await.rows == [expected]);
        }
    });
}

#[test]
fn expressions_have_the_kinds_of_their_values() {
    on_each_server("expressions", async |server| {
        let mut session = server.connect().await;
        let rows = session
            .run("select count(*), 1.50, 'a', null, now(), sum(1), cast('x' as binary), concat(1, 'a') from (select 1) t", &[])
            .await;
        assert_eq!(rows.kinds(), [BigInteger, Text, Text, Any, Instant, Text, Bytes, Text]);
        assert_eq!(rows.rows[0][..4], [1.into(), "1.50".into(), "a".into(), Value::Null]);
        assert_eq!(rows.rows[0][5..], ["1".into(), b"x".as_slice().into(), "1a".into()]);
    });
}

#[test]
fn zero_dates_are_null_and_shown_in_text_mode() {
    on_each_server("zero_dates", async |server| {
        let mut lax = server.connect_with(|config| config.strict = false).await;
        lax.script(
            "create table t (id int, d date, dt datetime, ts timestamp null); \
             insert into t values (1, '0000-00-00', '0000-00-00', '0000-00-00'), (2, '2024-00-00', '2024-00-00', null)",
        )
        .await;
        let sql = "select d, dt, ts from t order by id";
        let rows = lax.run(sql, &[]).await;
        assert_eq!(rows.rows[0], [Value::Null, Value::Null, Value::Null]);
        assert_eq!(rows.rows[1], ["2024-00-00".into(), Value::Null, Value::Null]);
        let mut text = server.connect_with(|config| config.dates_as_text = true).await;
        let rows = text.run(sql, &[]).await;
        assert_eq!(
            rows.rows[0],
            ["0000-00-00".into(), "0000-00-00 00:00:00".into(), "0000-00-00 00:00:00".into()]
        );
        assert_eq!(rows.rows[1], ["2024-00-00".into(), "2024-00-00 00:00:00".into(), Value::Null]);
    });
}

#[test]
fn text_mode_keeps_microseconds_and_the_text_finds_its_row() {
    on_each_server("dates_text", async |server| {
        let mut session = server.connect_with(|config| config.dates_as_text = true).await;
        session
            .script("create table t (dt datetime(6)); insert into t values ('2024-02-29 23:59:58.123456')")
            .await;
        let rows = session.run("select dt from t", &[]).await;
        assert_eq!(rows.first(), "2024-02-29 23:59:58.123456".into());
        assert_eq!(rows.kinds(), [ColumnKind::Text]);
        let found = session
            .run("select count(*) from t where dt = ?", &[ValueRef::Text("2024-02-29 23:59:58.123456")]);
        assert_eq!(found.await.first(), 1.into());
    });
}

#[test]
fn a_date_comes_back_as_the_same_instant_in_every_zone_from_datetime_and_timestamp() {
    on_each_server("zones", async |server| {
        for zone in [Zone::Utc, Zone::Offset(19_800), Zone::Offset(-12_600)] {
            let mut session = server.connect_with(|config| config.timezone = zone.clone()).await;
            session
                .script("drop table if exists t; create table t (dt datetime(3), ts timestamp(3) null)")
                .await;
            session
                .run(
                    "insert into t values (?, ?)",
                    &[ValueRef::Instant(LEAP_DAY), ValueRef::Instant(LEAP_DAY)],
                )
                .await;
            let rows = session.run("select dt, ts, unix_timestamp(ts) from t", &[]).await;
            assert_eq!(rows.rows[0], [LEAP_DAY.into(), LEAP_DAY.into(), "1709251198.500".into()], "{zone:?}");
            // What the server fills in by itself is on the same clock.
            let rows = session.run("select unix_timestamp(), current_timestamp", &[]).await;
            let [Value::Number(seconds), Value::Number(now)] = rows.rows[0][..] else { panic!("{rows:?}") };
            assert_eq!(now, seconds * 1000.0, "{zone:?}");
        }
    });
}

#[test]
fn json_columns_are_parsed_also_on_mariadb_and_after_the_table_changed() {
    on_each_server("json", async |server| {
        let mut session = server.connect().await;
        session
            .script("create table t (id int primary key, doc json, note longtext collate utf8mb4_bin)")
            .await;
        session
            .run("insert into t values (1, ?, ?)", &[ValueRef::Json("{\"n\":5}"), ValueRef::Text("{}")])
            .await;
        let sql = "select doc, note, doc as other from t";
        let rows = session.run(sql, &[]).await;
        assert_eq!(rows.kinds(), [ColumnKind::Json, ColumnKind::Text, ColumnKind::Json]);
        let doc = Value::Json(serde_json::json!({"n": 5}));
        assert_eq!(rows.rows[0], [doc.clone(), "{}".into(), doc]);
        // Another connection of the same process changes the table under the prepared statement.
        session.script("alter table t modify doc longtext collate utf8mb4_bin, modify note json").await;
        let rows = session.run(sql, &[]).await;
        assert_eq!(rows.kinds(), [ColumnKind::Text, ColumnKind::Json, ColumnKind::Text]);
        let mut text = server.connect_with(|config| config.json_as_text = true).await;
        assert_eq!(text.run("select note from t", &[]).await.rows[0], ["{}".into()]);
    });
}

#[test]
fn what_mariadb_calls_json_and_javascript_does_not_stays_text() {
    on_each_server("odd_json", async |server| {
        let mut session = server.connect().await;
        if !session.0.is_mariadb() {
            return;
        }
        session
            .script("create table t (id int, doc json); insert into t values (1, '\"\\\\x\"'), (2, '[1]')")
            .await;
        let rows = session.run("select doc from t order by id", &[]).await;
        assert_eq!(rows.column(), ["\"\\x\"".into(), Value::Json(serde_json::json!([1]))]);
    });
}

#[test]
fn a_megabyte_of_bytes_and_of_text_comes_back_whole() {
    on_each_server("large", async |server| {
        let mut session = server.connect().await;
        session.script("create table t (b longblob, s longtext)").await;
        let bytes: Vec<u8> = (0..1024 * 1024_u32).map(|place| (place % 251) as u8).collect();
        let text = "naïve 🦀".repeat(100_000);
        session.run("insert into t values (?, ?)", &[ValueRef::Bytes(&bytes), ValueRef::Text(&text)]).await;
        let rows = session.run("select b, s from t", &[]).await;
        assert!(rows.rows[0] == [Value::Bytes(bytes), Value::Text(text)]);
    });
}
