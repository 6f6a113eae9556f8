//! What happens to values on their way in.

use guruorm::error::ErrorCode;
use guruorm::value::ValueRef::{self, Bool, Bytes, Float, Instant, Integer, Null, Numeral, Text, Unsigned};

use crate::rows::Value;
use crate::server::{Session, on_each_server};

/// Rows on both sides of what doubles can tell apart.
const TABLE: &str = "create table t (
    id int primary key, big bigint, unsigned_big bigint unsigned, price decimal(30,2), ratio double, word varchar(50),
    bits bit(8), label enum('a','b','1'), day date, key(word), key(big));
    insert into t values
    (1, 9007199254740992, 18446744073709551614, 12345678901234567.88, 0.1, 'abc', b'101', 'a', '2024-01-01'),
    (2, 9007199254740993, 18446744073709551615, 12345678901234567.89, 0.5, '0', b'110', 'b', '2024-01-02'),
    (3, 9007199254740994, 1, 12345678901234567.90, 3, '12', b'111', '1', '2024-01-03')";

async fn ids(session: &mut Session, condition: &str, values: &[ValueRef<'_>]) -> Vec<Value> {
    session.run(&format!("select id from t where {condition} order by id"), values).await.column()
}

#[test]
fn numbers_find_the_rows_that_they_mean_in_columns_of_every_kind() {
    on_each_server("compare", async |server| {
        let mut session = server.connect().await;
        session.script(TABLE).await;
        let cases: &[(&str, &[ValueRef<'_>], &[i32])] = &[
            // Promise 55: 'abc' is not 0.
            ("word = ?", &[Integer(0)], &[2]),
            ("word = ?", &[Bool(false)], &[2]),
            ("word = ?", &[Float(0.5)], &[]),
            ("word in (?, ?)", &[Integer(0), Integer(12)], &[2, 3]),
            ("t.word between ? and ?", &[Integer(0), Integer(1)], &[2]),
            ("? = word", &[Integer(0)], &[2]),
            ("word <> ?", &[Integer(0)], &[1, 3]),
            // Exact beyond 2^53.
            ("big = ?", &[Integer(9_007_199_254_740_993)], &[2]),
            ("big > ?", &[Integer(9_007_199_254_740_993)], &[3]),
            ("big in (?, ?)", &[Integer(9_007_199_254_740_993), Integer(5)], &[2]),
            ("big between ? and ?", &[Integer(9_007_199_254_740_993), Integer(9_007_199_254_740_993)], &[2]),
            ("big <=> ?", &[Integer(9_007_199_254_740_993)], &[2]),
            ("big + 0 = ?", &[Integer(9_007_199_254_740_993)], &[2]),
            ("unsigned_big = ?", &[Unsigned(u64::MAX)], &[2]),
            ("unsigned_big < ?", &[Unsigned(u64::MAX)], &[1, 3]),
            ("price = ?", &[Text("12345678901234567.89")], &[2]),
            ("price > ?", &[Integer(12_345_678_901_234_567)], &[1, 2, 3]),
            ("ratio = ?", &[Float(0.1)], &[1]),
            ("ratio = ?", &[Integer(3)], &[3]),
            ("bits = ?", &[Integer(5)], &[1]),
            ("label = ?", &[Integer(1)], &[3]),
            ("day = ?", &[Text("2024-01-02")], &[2]),
            ("day < ?", &[Instant(1_704_153_600_000.0)], &[1]),
            // Strings go where numbers are.
            ("id = ?", &[Text("2")], &[2]),
            ("id = ? + 1", &[Integer(1)], &[2]),
            ("length(word) = ?", &[Integer(3)], &[1]),
        ];
        for (condition, values, expected) in cases {
            let found = ids(&mut session, condition, values).await;
            assert_eq!(
                found,
                expected.iter().map(|id| Value::from(*id)).collect::<Vec<_>>(),
                "{condition} {values:?}"
            );
        }
    });
}

#[test]
fn numbers_that_are_not_compared_stay_numbers() {
    on_each_server("arithmetic", async |server| {
        let mut session = server.connect().await;
        session.script(TABLE).await;
        session
            .run(
                "update t set big = big + ?, bits = ?, price = price + ? where id = ?",
                &[Integer(1), Integer(5), Integer(1), Integer(2)],
            )
            .await;
        let row = session.run("select big, bits, price from t where id = 2", &[]).await.rows.remove(0);
        assert_eq!(row, ["9007199254740994".into(), [5].as_slice().into(), "12345678901234568.89".into()]);
        let rows =
            session.run("select id from t order by id limit ? offset ?", &[Integer(1), Integer(1)]).await;
        assert_eq!(rows.column(), [2.into()]);
        let rows = session
            .run(
                "select ? as n, ? as f, json_extract(json_object('n', ?), '$.n')",
                &[Integer(5), Float(1.5), Integer(7)],
            )
            .await;
        assert_eq!(rows.rows[0][..2], [5.into(), 1.5.into()]);
        assert!(rows.rows[0][2] == "7".into() || rows.rows[0][2] == Value::Json(7.into()), "{rows:?}");
    });
}

#[test]
fn a_number_compared_with_text_uses_the_index() {
    on_each_server("index_use", async |server| {
        let mut session = server.connect().await;
        session.script(TABLE).await;
        for sql in ["explain select * from t where word = ?", "explain select * from t where big = ?"] {
            let rows = session.run(sql, &[Integer(12)]).await;
            assert!(rows.rows[0].contains(&"ref".into()), "{sql}: {rows:?}");
        }
    });
}

#[test]
fn every_kind_of_value_is_stored_as_given() {
    on_each_server("store", async |server| {
        let mut session = server.connect().await;
        session.script("create table t (c longtext, b longblob)").await;
        let cases: &[(ValueRef<'_>, Value)] = &[
            (Null, Value::Null),
            (Bool(true), "1".into()),
            (Integer(i64::MIN), "-9223372036854775808".into()),
            (Unsigned(u64::MAX), "18446744073709551615".into()),
            (Float(0.1), "0.1".into()),
            (Numeral("123456789012345678901234567890"), "123456789012345678901234567890".into()),
            (Text(""), "".into()),
            (Text("NUL \0, quote ', backslash \\, 🦀"), "NUL \0, quote ', backslash \\, 🦀".into()),
            (ValueRef::Json("{\"a\":1}"), "{\"a\":1}".into()),
            (ValueRef::Array("[1,2]"), "[1,2]".into()),
            (Instant(1_709_251_198_123.0), "2024-02-29 23:59:58.123".into()),
            (Instant(-62_135_596_800_000.0), "0001-01-01 00:00:00".into()),
        ];
        for (value, expected) in cases {
            session.run("insert into t (c) values (?)", &[*value]).await;
            assert_eq!(session.run("select c from t", &[]).await.first(), *expected, "{value:?}");
            session.script("delete from t").await;
        }
        session.run("insert into t (b) values (?)", &[Bytes(&[0, 39, 92, 255])]).await;
        assert_eq!(session.run("select b from t", &[]).await.first(), [0, 39, 92, 255].as_slice().into());
    });
}

#[test]
fn values_that_no_column_can_hold_are_refused_with_their_position_and_nothing_is_sent() {
    on_each_server("refused", async |server| {
        let mut session = server.connect().await;
        session.script("create table t (a double, b double)").await;
        for value in [Float(f64::NAN), Float(f64::INFINITY), Instant(f64::NAN), Instant(1e15), Instant(-1e15)]
        {
            let error =
                session.try_run("insert into t values (?, ?)", &[Integer(1), value]).await.unwrap_err();
            assert_eq!(error.code, ErrorCode::InvalidArgument, "{value:?}");
            assert!(error.message.starts_with("binding 2: "), "{error}");
        }
        let big = vec![0; 16 * 1024 * 1024];
        if let Err(error) = session.try_run("select length(?)", &[Bytes(&big)]).await {
            assert_eq!(error.code, ErrorCode::InvalidArgument);
            assert!(error.message.contains("max_allowed_packet"), "{error}");
        }
        assert_eq!(session.run("select count(*) from t", &[]).await.first(), 0.into());
    });
}
